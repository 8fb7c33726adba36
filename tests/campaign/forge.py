"""An independent ministry and holder: raw cbor2, PyNaCl and cryptography, written from docs/qr-profile.md.

Nothing of `credential/` or `did/` is used here, so a fault in the product
cannot hide itself in what the product is judged by.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from nacl.signing import SigningKey

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
SIX_BIT = " ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-'.,()/&:+;"


class Key:
    """A signing key of either algorithm, from 32 seeded bytes."""

    def __init__(self, rng: random.Random, p256: bool) -> None:
        secret = rng.randbytes(32)
        self.p256 = p256
        if p256:
            self._ec = ec.derive_private_key(int.from_bytes(secret, "big") >> 1 | 1, ec.SECP256R1())
            numbers = self._ec.public_key().public_numbers()
            self.x, self.y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
            self.cose_key: dict[int, Any] = {1: 2, -1: 1, -2: self.x, -3: self.y}
        else:
            self._ed = SigningKey(secret)
            self.x, self.y = bytes(self._ed.verify_key), b""
            self.cose_key = {1: 1, -1: 6, -2: self.x}

    @property
    def alg(self) -> int:
        """The fully-specified COSE algorithm."""
        return -9 if self.p256 else -19

    @property
    def jwk(self) -> dict[str, str]:
        """The public JWK."""
        if self.p256:
            return {"kty": "EC", "crv": "P-256", "x": b64(self.x), "y": b64(self.y)}
        return {"kty": "OKP", "crv": "Ed25519", "x": b64(self.x)}

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        if not self.p256:
            return self._ed.sign(message).signature
        r, s = decode_dss_signature(self._ec.sign(message, ec.ECDSA(SHA256(), deterministic_signing=True)))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


@dataclass
class Live:
    """Everything that goes into a live presentation, to be bent before or after signing."""

    issuer: Key
    holder: Key
    number: int = 1
    iss: str = "https://montrey.example"
    kid: str = "live-1"
    vct: str = "urn:montrey:live:1"
    uri: str = "https://montrey.example/status/live-1"
    days: int = 365
    digits: int = 10
    idx: int = 0
    day: int = 20000
    name_km: str = "សុខ ដារ៉ា"
    name_la: str = "SOK DARA"
    card: str = "0000000000"
    ministry: int | None = 1
    position: int | str | None = 1
    aud: int | str = 0
    signed_at: int = 0
    challenge: bytes | None = None
    whole: bool = False
    issuer_alg: int | None = None
    holder_alg: int | None = None
    signing_holder: Key | None = None
    signing_issuer: Key | None = None
    extra_claims: dict[Any, Any] = field(default_factory=dict)
    extra_binding: dict[Any, Any] = field(default_factory=dict)
    drop_claims: tuple[int, ...] = ()
    after: dict[str, Any] = field(default_factory=dict)
    flip: tuple[str, int] | None = None

    def text(self) -> str:
        """The QR text, with `after` applied to the packed fields only."""
        protected, payload, issuer_signature = self._issue()
        if self.whole:
            issuer_signature = self._flipped("issuer", issuer_signature)
        sd_cwt = cbor2.CBORTag(18, [protected, {}, payload, issuer_signature])
        header = dumps({1: self.holder_alg or self.holder.alg, 13: sd_cwt, 16: 294})
        binding: dict[Any, Any] = {3: self._audience(), 6: self.signed_at, **self.extra_binding}
        if self.challenge is not None:
            binding[39] = self.challenge
        body = dumps(binding)
        holder_signature = (self.signing_holder or self.holder).sign(tbs(header, body))
        issuer_signature = self._flipped("issuer", issuer_signature)
        holder_signature = self._flipped("holder", holder_signature)
        if self.whole:
            token = dumps(cbor2.CBORTag(18, [header, {}, body, holder_signature]))
            return "MQ1:" + b45(b"\x30" + token)
        return "MQ1:" + b45(self._pack(issuer_signature, holder_signature))

    def _flipped(self, part: str, signature: bytes) -> bytes:
        if self.flip is None or self.flip[0] != part:
            return signature
        at = self.flip[1]
        return signature[:at] + bytes((signature[at] ^ 1,)) + signature[at + 1 :]

    def _audience(self) -> Any:
        if self.aud == 0:
            return "any-gate"
        return f"gate-{self.aud}" if isinstance(self.aud, int) else self.aud

    def _issue(self) -> tuple[bytes, bytes, bytes]:
        protected = dumps({1: self.issuer_alg or self.issuer.alg, 4: self.kid.encode(), 16: 293})
        person = {1: self.name_km, 2: self.name_la, 3: self.card, 4: self.ministry, 5: self.position}
        claims = {
            1: self.iss,
            2: f"{self.number}-{self.idx}",
            4: (self.day + self.days) * 86400,
            6: self.day * 86400,
            8: {1: self.holder.cose_key},
            11: self.vct,
            65535: {"status_list": {"idx": self.idx, "uri": self.uri}},
            -65537: {key: value for key, value in person.items() if value is not None},
            **self.extra_claims,
        }
        payload = dumps({key: value for key, value in claims.items() if key not in self.drop_claims})
        return protected, payload, (self.signing_issuer or self.issuer).sign(tbs(protected, payload))

    def _pack(self, issuer_signature: bytes, holder_signature: bytes) -> bytes:
        shown = Live(**{**self.__dict__, **self.after})
        flags = (
            0x10
            | (shown.holder.p256 and 1 | (shown.holder.y[-1] & 1) << 1)
            | (shown.challenge is not None) << 2
        )
        written = isinstance(shown.position, str)
        assert isinstance(shown.aud, int)
        head = struct.pack(
            ">BHBHHBIHHIH",
            flags,
            shown.number,
            shown.idx >> 16,
            shown.idx & 0xFFFF,
            shown.day,
            int(shown.card) >> 32,
            int(shown.card) & 0xFFFFFFFF,
            shown.ministry,
            0xFFFF if written else shown.position,
            shown.signed_at,
            shown.aud,
        )
        names = name(shown.name_km) + name(shown.name_la)
        if written:
            names += name(str(shown.position))
        return head + (shown.challenge or b"") + names + shown.holder.x + issuer_signature + holder_signature


@dataclass
class Seal:
    """Everything that goes into a printed seal."""

    issuer: Key
    number: int = 2
    iss: str = "https://montrey.example"
    kid: str = "seal-1"
    vct: str = "urn:montrey:seal:1"
    uri: str = "https://montrey.example/status/seal-1"
    days: int = 3652
    idx: int = 0
    day: int = 20000
    name_km: str = "សុខ ដារ៉ា"
    name_la: str = "SOK DARA"
    card: str = "0000000000"
    photo: bytes | None = bytes(32)
    whole: bool = False
    issuer_alg: int | None = None
    signing_issuer: Key | None = None
    extra_claims: dict[Any, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    flip: int | None = None

    def signed(self) -> bytes:
        """What the issuer signs."""
        return tbs(*self._parts())

    def text(self) -> str:
        """The QR text."""
        protected, payload = self._parts()
        signature = (self.signing_issuer or self.issuer).sign(tbs(protected, payload))
        if self.flip is not None:
            at = self.flip
            signature = signature[:at] + bytes((signature[at] ^ 1,)) + signature[at + 1 :]
        if self.whole:
            token = dumps(cbor2.CBORTag(18, [protected, {}, payload, signature]))
            return "MQ1:" + b45(b"\x40" + token)
        shown = Seal(**{**self.__dict__, **self.after})
        head = struct.pack(
            ">BHBHHBI",
            0x20,
            shown.number,
            shown.idx >> 16,
            shown.idx & 0xFFFF,
            shown.day,
            int(shown.card) >> 32,
            int(shown.card) & 0xFFFFFFFF,
        )
        assert shown.photo is not None
        return "MQ1:" + b45(head + shown.photo + name(shown.name_km) + name(shown.name_la) + signature)

    def _parts(self) -> tuple[bytes, bytes]:
        typ = "application/vnd.montrey.seal+cwt"
        photo = {} if self.photo is None else {6: self.photo}
        protected = dumps({1: self.issuer_alg or self.issuer.alg, 4: self.kid.encode(), 16: typ})
        claims = {
            1: self.iss,
            2: f"{self.number}-{self.idx}",
            4: (self.day + self.days) * 86400,
            6: self.day * 86400,
            11: self.vct,
            65535: {"status_list": {"idx": self.idx, "uri": self.uri}},
            -65537: {1: self.name_km, 2: self.name_la, 3: self.card, **photo},
            **self.extra_claims,
        }
        return protected, dumps(claims)


@dataclass
class Bank:
    """Everything that goes into an SD-JWT VC shown to a bank."""

    issuer: Key
    holder: Key
    iss: str = "https://montrey.example"
    kid: Any = "sd-jwt-1"
    vct: str = "https://montrey.example/types/civil-servant"
    typ: str = "dc+sd-jwt"
    uri: str = "https://montrey.example/status/sd-jwt-1"
    idx: int = 0
    issued_at: int = 0
    expires_at: int = 0
    card: str = "0000000000"
    disclose_card: bool = True
    aud: str = "https://bank.example"
    nonce: str = "n-0"
    signed_at: int = 0
    alg: str | None = None
    kb_alg: str | None = None
    kb_typ: str = "kb+jwt"
    key_binding: bool = True
    signing_holder: Key | None = None
    signing_issuer: Key | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    sd_hash: str | None = None
    flip: str = ""

    def text(self) -> str:
        """The compact presentation."""
        disclosures = [b64(json.dumps([b64(bytes(16)), "name_la", "SOK DARA"]).encode())]
        if self.disclose_card:
            disclosures.append(b64(json.dumps([b64(bytes(16)), "card_number", self.card]).encode()))
        digests = [b64(hashlib.sha256(d.encode()).digest()) for d in disclosures]
        payload = {
            "iss": self.iss,
            "vct": self.vct,
            "iat": self.issued_at,
            "exp": self.expires_at,
            "cnf": {"jwk": self.holder.jwk},
            "status": {"status_list": {"idx": self.idx, "uri": self.uri}},
            "_sd": digests,
            **self.extra,
        }
        header = {"alg": self.alg or jose(self.issuer), "typ": self.typ, "kid": self.kid}
        token = self._jws(header, payload, self.signing_issuer or self.issuer, "issuer")
        shown = "~".join([token, *disclosures, ""])
        if not self.key_binding:
            return shown
        binding = {
            "iat": self.signed_at,
            "aud": self.aud,
            "nonce": self.nonce,
            "sd_hash": self.sd_hash or b64(hashlib.sha256(shown.encode()).digest()),
        }
        kb_header = {"alg": self.kb_alg or jose(self.holder), "typ": self.kb_typ}
        return shown + self._jws(kb_header, binding, self.signing_holder or self.holder, "holder")

    def _jws(self, header: dict[str, Any], payload: dict[str, Any], key: Key, part: str) -> str:
        signing_input = f"{b64(json.dumps(header).encode())}.{b64(json.dumps(payload).encode())}"
        signature = key.sign(signing_input.encode())
        if self.flip == part:
            signature = signature[:9] + bytes((signature[9] ^ 1,)) + signature[10:]
        return f"{signing_input}.{b64(signature)}"


def jose(key: Key) -> str:
    """The JOSE algorithm of a key."""
    return "ES256" if key.p256 else "EdDSA"


def b64(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def tbs(protected: bytes, payload: bytes) -> bytes:
    """Sig_structure (RFC 9052 §4.4)."""
    return cbor2.dumps(["Signature1", protected, b"", payload])


def dumps(value: Any) -> bytes:
    """Deterministic CBOR: maps ordered by the encoded keys."""
    return cbor2.dumps(_sorted(value))


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _sorted(v) for k, v in sorted(value.items(), key=lambda item: cbor2.dumps(item[0]))}
    if isinstance(value, list):
        return [_sorted(item) for item in value]
    if isinstance(value, cbor2.CBORTag):
        return cbor2.CBORTag(value.tag, _sorted(value.value))
    return value


def b45(data: bytes) -> str:
    """RFC 9285 §4, step by step."""
    out = ""
    for at in range(0, len(data) - 1, 2):
        n = data[at] * 256 + data[at + 1]
        out += ALPHABET[n % 45] + ALPHABET[n // 45 % 45] + ALPHABET[n // 2025]
    if len(data) % 2:
        out += ALPHABET[data[-1] % 45] + ALPHABET[data[-1] // 45]
    return out


def name(text: str) -> bytes:
    """A name field (docs/qr-profile.md §3), bit by bit."""
    if len(text) <= 63 and all(c in SIX_BIT for c in text):
        bits = "".join(f"{SIX_BIT.index(c):06b}" for c in text)
        bits += "0" * (-len(bits) % 8)
        return bytes([0x40 + len(text)]) + bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))
    if len(text) <= 63 and all(" " <= c <= "~" or "\u1780" <= c <= "\u17ff" for c in text):
        return bytes([len(text)]) + bytes(ord(c) if c <= "~" else ord(c) - 0x1780 + 0x80 for c in text)
    return bytes([0x80 + len(text.encode())]) + text.encode()
