"""The live QR credential: an SD-CWT without redacted claims, and the holder's key-binding token over it.

draft-ietf-spice-sd-cwt (April 2026 text, between -07 and -08). A phone keeps
the SD-CWT and signs a fresh key-binding token for every showing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from credential import fragments as f
from credential.claims import check_code, check_text
from credential.errors import CredentialError
from credential.template import Kind, Template
from did import cbor, cose
from did.algorithm import Algorithm
from did.errors import DidError
from did.keys import PublicKey
from did.signer import Signer

MAX_TOKEN = 2860
"""Bytes that fit the largest alphanumeric QR code as Base45."""
MAX_INDEX = 0xFFFFFF
MAX_TIME = 0xFFFFFFFF

_ED25519_KEY: Final = b"\x08\xa1\x01\xa3\x01\x01\x20\x06\x21\x58\x20"
_P256_KEY: Final = b"\x08\xa1\x01\xa4\x01\x02\x20\x01\x21\x58\x20"
"""`cnf` up to the key's bytes (RFC 8747 §3.2, RFC 9053 §7)."""

Claims = dict[str, str | int]
"""A credential's claims by name; a photo digest as hexadecimal text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """The view of a civil servant that a gate sees: what stands in a live credential.

    Raises:
        CredentialError: `bad_claim`.
    """

    name_km: str
    name_la: str
    card_number: str
    ministry: int
    position: int | str

    def __post_init__(self) -> None:
        check_text("name_km", self.name_km)
        check_text("name_la", self.name_la)
        check_code("ministry", self.ministry)
        if isinstance(self.position, str):
            check_text("position", self.position)
        else:
            check_code("position", self.position)


class LiveToken(NamedTuple):
    """A parsed presentation; nothing in it is to be believed before both signatures are checked.

    Times are seconds since 1970. `issuer_signed` and
    `holder_signed` are the Sig_structures of the SD-CWT and of the
    key-binding token (RFC 9052 §4.4).
    """

    template: Template | None
    iss: str
    kid: str
    vct: str
    status_uri: str
    issuer_algorithm: int
    status_index: int
    issued_at: int
    expires_at: int
    not_before: int
    claims: Claims
    holder: PublicKey
    holder_algorithm: int
    audience: str
    signed_at: int
    challenge: bytes | None
    issuer_signed: bytes
    issuer_signature: bytes
    holder_signed: bytes
    holder_signature: bytes

    def to_cbor(self) -> bytes:
        """The key-binding token, whole."""
        _, protected, _, payload = cbor.decode(self.holder_signed, max_bytes=2 * MAX_TOKEN)
        return cbor.encode(cbor.Tag(cose.TAG, [protected, {}, payload, self.holder_signature]))


def issue_live(
    template: Template, badge: Badge, *, index: int, day: int, holder: PublicKey, signer: Signer
) -> bytes:
    """The tagged SD-CWT that binds `badge` to the `holder` key.

    `index` is the credential's place in the template's status list; `day`
    counts from 1970-01-01 UTC.

    Raises:
        CredentialError: `bad_claim` when a value does not fit the template.
        ValueError: when signer and template do not belong together.
    """
    check_issue(template, Kind.LIVE, badge.card_number, index=index, day=day, signer=signer)
    fixed, position = template.fragments, badge.position
    payload = b"".join(
        (
            f.times_and_index(fixed, index, day * 86400, _confirmation(holder)),
            f.text(badge.name_km),
            b"\x02",
            f.text(badge.name_la),
            fixed.card,
            badge.card_number.encode("ascii"),
            b"\x04",
            cbor.head(0, badge.ministry),
            b"\x05",
            f.text(position) if isinstance(position, str) else cbor.head(0, position),
        )
    )
    return f.sign(fixed, payload, signer)


def _confirmation(holder: PublicKey) -> bytes:
    if holder.algorithm is Algorithm.ED25519:
        return _ED25519_KEY + holder.raw
    return b"".join((_P256_KEY, holder.raw[:32], b"\x22\x58\x20", holder.raw[32:]))


def check_issue(
    template: Template, kind: Kind, card_number: str, *, index: int, day: int, signer: Signer
) -> None:
    """Refuses to sign what no reader could rebuild.

    Raises:
        CredentialError: `bad_claim`.
        ValueError: when signer, kind and template do not belong together.
    """
    if template.kind is not kind or signer.public_key.algorithm is not template.algorithm:
        raise ValueError("the template is for another kind of credential or key")
    if not (card_number.isascii() and card_number.isdigit()) or len(card_number) != template.card_digits:
        raise CredentialError("bad_claim", f"card_number: {template.card_digits} digits")
    if not 0 <= index <= MAX_INDEX or not 86400 <= day * 86400 <= MAX_TIME - template.fragments.lifetime:
        raise CredentialError("bad_claim", "status index or issue day out of range")


def present_live(
    credential: bytes, *, audience: str, challenge: bytes | None, now: int, signer: Signer
) -> bytes:
    """The tagged key-binding token: `credential`, shown to `audience` at `now` (seconds since 1970).

    Raises:
        CredentialError: `malformed` when `credential` is not an SD-CWT of
            deterministic CBOR.
        ValueError: for a challenge that has not 8 bytes.
    """
    if challenge is not None and len(challenge) != 8:
        raise ValueError("a challenge has 8 bytes")
    try:
        sd_cwt = cbor.decode(credential, max_bytes=MAX_TOKEN)
    except DidError as error:
        raise CredentialError("malformed", "not a credential") from error
    payload: dict[int, object] = {f.AUD: audience, f.IAT: now}
    if challenge is not None:
        payload[f.CNONCE] = challenge
    return cose.sign1({f.KCWT: sd_cwt, cose.TYP: f.KB_CWT}, cbor.encode(payload), signer)


def parse_live(token: bytes) -> LiveToken:
    """Reads a key-binding token of any issuer: the way of a token that does not fit the packed layout.

    Raises:
        CredentialError: `malformed`.
    """
    try:
        outer = cose.parse_sign1(token, max_bytes=MAX_TOKEN)
        sd_cwt = outer.protected.get(f.KCWT)
        if not isinstance(sd_cwt, cbor.Tag) or outer.unprotected:
            raise _malformed("a key-binding token holds an SD-CWT and no unprotected header")
        inner = cose.parse_sign1(cbor.encode(sd_cwt), max_bytes=MAX_TOKEN)
        claims = cbor.decode(inner.payload, max_bytes=MAX_TOKEN)
        binding = cbor.decode(outer.payload, max_bytes=MAX_TOKEN)
        _check_headers(outer, inner)
        return _read(outer, inner, claims, binding)
    except DidError as error:
        raise _malformed("not a key-binding token") from error


def _read(outer: cose.Sign1, inner: cose.Sign1, claims: Any, binding: Any) -> LiveToken:
    match binding:
        case {f.AUD: str(audience), f.IAT: int(signed_at)}:
            challenge = binding.get(f.CNONCE)
        case _:
            raise _malformed("a key-binding token names its audience and time")
    if set(binding) - {f.AUD, f.IAT, f.CTI, f.CNONCE}:
        raise _malformed("claims that a key-binding token may not hold")  # sd-cwt §8.1
    if any(claim in binding and not isinstance(binding[claim], bytes) for claim in (f.CTI, f.CNONCE)):
        raise _malformed("a claim of the key-binding token has the wrong type")
    match claims:
        case {f.CNF: {1: cose_key}} if len(claims[f.CNF]) == 1:
            holder = PublicKey.from_cose(cose_key)
        case _:
            raise _malformed("no holder key")
    common = read_common(inner, claims)
    times = (signed_at, common.issued_at, common.expires_at, common.not_before)
    if any(type(t) is not int or not 0 <= t <= MAX_TIME for t in times):
        raise _malformed("a time is out of range")
    return LiveToken(
        template=None,
        **common._asdict(),
        holder=holder,
        holder_algorithm=outer.protected[cose.ALG],
        audience=audience,
        signed_at=signed_at,
        challenge=challenge,
        issuer_signed=inner.to_be_signed(),
        issuer_signature=inner.signature,
        holder_signed=outer.to_be_signed(),
        holder_signature=outer.signature,
    )


class Common(NamedTuple):
    """What live and seal tokens have in common."""

    iss: str
    kid: str
    vct: str
    status_uri: str
    issuer_algorithm: int
    status_index: int
    issued_at: int
    expires_at: int
    not_before: int
    claims: Claims


def read_common(token: cose.Sign1, claims: Any) -> Common:
    """Reads the issuer's claims of a live or seal token.

    Raises:
        CredentialError: `malformed`.
    """
    match claims:
        case {
            f.ISS: str(iss),
            f.SUB: str(),
            f.EXP: int(expires_at),
            f.IAT: int(issued_at),
            f.VCT: str(vct),
            f.STATUS: {"status_list": {"idx": int(index), "uri": str(status_uri)}},
            f.CIVIL_SERVANT: dict(person),
        } if _is_number(index) and len(claims[f.STATUS]) == 1 and len(claims[f.STATUS]["status_list"]) == 2:
            pass
        case _:
            raise _malformed("a claim is missing or has the wrong type")
    kid = token.protected.get(cose.KID)
    if not isinstance(kid, bytes) or not kid.isascii():
        raise _malformed("no key id")
    if not _is_plain(claims):
        raise _malformed("redacted claims and tags have no place in a QR credential")
    return Common(
        iss=iss,
        kid=kid.decode("ascii"),
        vct=vct,
        status_uri=status_uri,
        issuer_algorithm=token.protected[cose.ALG],
        status_index=index,
        issued_at=issued_at,
        expires_at=expires_at,
        not_before=claims.get(f.NBF, issued_at),
        claims=_read_person(person),
    )


def _is_number(value: Any) -> bool:
    """Whether `value` is an index or code: an unsigned number of at most 32 bits."""
    return type(value) is int and 0 <= value <= 0xFFFFFFFF


def _is_plain(value: Any) -> bool:
    """Whether `value` is made of numbers, texts, byte strings, arrays and maps alone."""
    if isinstance(value, dict):
        return all(isinstance(key, int | str) and _is_plain(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return isinstance(value, int | str | bytes | None)  # bool is an int


def _read_person(person: dict[Any, Any]) -> Claims:
    match person:
        case {f.NAME_KM: str(name_km), f.NAME_LA: str(name_la), f.CARD_NUMBER: str(card_number)}:
            claims: Claims = {"name_km": name_km, "name_la": name_la, "card_number": card_number}
        case _:
            raise _malformed("a badge has two names and a card number")
    if f.MINISTRY in person:
        claims["ministry"] = ministry = person[f.MINISTRY]
        if not _is_number(ministry):
            raise _malformed("a ministry is a code")
    if f.POSITION in person:
        claims["position"] = position = person[f.POSITION]
        if not (_is_number(position) or isinstance(position, str)):
            raise _malformed("a position is a code or a text")
    if f.PHOTO_SHA256 in person:
        photo = person[f.PHOTO_SHA256]
        if not isinstance(photo, bytes) or len(photo) != 32:
            raise _malformed("a photo digest has 32 bytes")
        claims["photo_sha256"] = photo.hex()
    return claims


def _check_headers(outer: cose.Sign1, inner: cose.Sign1) -> None:
    if outer.protected.get(cose.TYP) not in (f.KB_CWT, f.KB_CWT_TYP) or len(outer.protected) != 3:
        raise _malformed("not a key-binding token")
    if inner.protected.get(cose.TYP) not in (f.SD_CWT, f.SD_CWT_TYP) or len(inner.protected) != 3:
        raise _malformed("not an SD-CWT")
    if inner.unprotected:
        raise _malformed("disclosures have no place in a QR credential")


def _malformed(message: str) -> CredentialError:
    return CredentialError("malformed", message)
