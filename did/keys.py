"""Public keys: one frozen value that knows its algorithm and checks signatures."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from did import base64url
from did.algorithm import Algorithm
from did.ed25519 import opens
from did.errors import DidError

_ECDSA: Final = ec.ECDSA(SHA256())
_P256: Final = ec.SECP256R1()
_ED25519: Final = Algorithm.ED25519
_P256_KEY: Final = Algorithm.P256
_SEQUENCE: Final = [bytes((0x30, 4 + length)) for length in range(67)]
_INTEGER: Final = [bytes((0x02, length)) for length in range(34)]
"""The heads of a DER sequence of two integers, and of an integer, by length."""
_set: Final = object.__setattr__


@dataclass(frozen=True, slots=True, init=False)
class PublicKey:
    """A public key pinned to its algorithm.

    `raw` is 32 bytes for Ed25519 and the 64 bytes x ‖ y for P-256. A P-256
    point is checked to lie on the curve when the value is made.

    Raises:
        DidError: `malformed_key` for a wrong length or a point off the curve.
    """

    algorithm: Algorithm
    raw: bytes
    _point: ec.EllipticCurvePublicKey | None = field(default=None, repr=False, compare=False)

    def __init__(
        self, algorithm: Algorithm, raw: bytes, _point: ec.EllipticCurvePublicKey | None = None
    ) -> None:
        # By hand: a generated one with __post_init__ takes half as long again, at every scan.
        if algorithm is _ED25519:
            if len(raw) != 32:
                raise DidError("malformed_key", "an Ed25519 public key has 32 bytes")
        elif _point is None:
            _point = _load_point(b"\x04" + raw, 65)
        _set(self, "algorithm", algorithm)
        _set(self, "raw", raw)
        _set(self, "_point", _point)

    def __reduce__(self) -> tuple[type[PublicKey], tuple[Algorithm, bytes]]:
        """A copy is made anew, so that its point is checked again."""
        return PublicKey, (self.algorithm, self.raw)

    @classmethod
    def from_p256_x(cls, x: bytes, *, odd: bool) -> PublicKey:
        """The P-256 key with this 32-byte x coordinate and parity of y (SEC 1 §2.3.4).

        Raises:
            DidError: `malformed_key` when no such point exists.
        """
        point = _load_point((b"\x03" if odd else b"\x02") + x, 33)
        raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)[1:]
        return cls(Algorithm.P256, raw, point)

    @classmethod
    def recalled(cls, raw: bytes, thumbprint: bytes) -> PublicKey:
        """The key of this RFC 7638 thumbprint, which was taken of it when it was first read.

        Its point was checked then, and is loaded again where something is verified with it.

        Raises:
            DidError: `malformed_key` for another key's bytes.
        """
        point: Any = _Unloaded(raw)
        key = cls(_ED25519, raw) if len(raw) == 32 else cls(_P256_KEY, raw, point)
        if key.thumbprint() != thumbprint:
            raise DidError("malformed_key", "the thumbprint is another key's")
        return key

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether the 64-byte `signature` (P-256: r ‖ s) over `message` is this key's."""
        if len(signature) != 64:
            return False
        if self._point is None:
            return opens(signature + message, self.raw)
        try:
            self._point.verify(_der(signature), message, _ECDSA)
        except InvalidSignature:
            return False
        return True

    def to_jwk(self) -> dict[str, str]:
        """The JWK of this key (RFC 7517, RFC 8037), required members only."""
        if self.algorithm is Algorithm.ED25519:
            return {"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(self.raw)}
        x, y = self.raw[:32], self.raw[32:]
        return {"kty": "EC", "crv": "P-256", "x": base64url.encode(x), "y": base64url.encode(y)}

    def jwk_text(self) -> str:
        """The JSON of `to_jwk`, its members in the order of their names (RFC 7638 §3.2)."""
        x = base64url.encode(self.raw[:32])
        if self.algorithm is Algorithm.ED25519:
            return f'{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'
        return f'{{"crv":"P-256","kty":"EC","x":"{x}","y":"{base64url.encode(self.raw[32:])}"}}'

    @classmethod
    def from_jwk(cls, jwk: object) -> PublicKey:
        """Reads a public JWK; members beyond the key itself are ignored, a private one is refused.

        Raises:
            DidError: `malformed_key`, `malformed_base64url`, `unsupported_key`, `private_key`.
        """
        if not isinstance(jwk, dict):
            raise DidError("malformed_key", "a JWK is a JSON object")
        if "d" in jwk:
            raise DidError("private_key", "a private key stands where a public one is expected")
        kty, crv = jwk.get("kty"), jwk.get("crv")
        if kty == "EC" and crv == "P-256":
            return cls(_P256_KEY, _coordinate(jwk, "x") + _coordinate(jwk, "y"))
        if kty == "OKP" and crv == "Ed25519":
            return cls(_ED25519, _coordinate(jwk, "x"))
        raise DidError("unsupported_key", "only Ed25519 and P-256 keys are supported")

    def to_cose(self) -> dict[int, int | bytes]:
        """The COSE_Key map (RFC 9052 §7, RFC 9053 §7); y is always written out."""
        if self.algorithm is Algorithm.ED25519:
            return {1: 1, -1: 6, -2: self.raw}
        return {1: 2, -1: 1, -2: self.raw[:32], -3: self.raw[32:]}

    @classmethod
    def from_cose(cls, key: object) -> PublicKey:
        """Reads a COSE_Key map with exactly the members that `to_cose` writes.

        Raises:
            DidError: `malformed_key`, `unsupported_key`.
        """
        if not isinstance(key, dict) or any(type(n) is bool for n in (*key, *key.values())):
            raise DidError("malformed_key", "a COSE_Key is a map")  # true would match 1
        match key:
            case {1: 1, -1: 6, -2: bytes(x)} if len(key) == 3:
                return cls(Algorithm.ED25519, x)
            case {1: 2, -1: 1, -2: bytes(x), -3: bytes(y)} if len(key) == 4 and len(x) == 32:
                return cls(Algorithm.P256, x + y)
            case {1: int(), -1: int()}:
                raise DidError("unsupported_key", "only Ed25519 and P-256 keys are supported")
        raise DidError("malformed_key", "not a COSE_Key")

    def thumbprint(self) -> bytes:
        """The 32-byte SHA-256 JWK thumbprint (RFC 7638 §3)."""
        return hashlib.sha256(self.jwk_text().encode("ascii")).digest()


class _Unloaded:
    """A point on P-256 that is loaded when it is used."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    def verify(self, signature: bytes, message: bytes, algorithm: ec.ECDSA) -> None:
        """As the point does."""
        _load_point(b"\x04" + self.raw, 65).verify(signature, message, algorithm)


def _load_point(encoded: bytes, length: int) -> ec.EllipticCurvePublicKey:
    if len(encoded) != length:
        raise DidError("malformed_key", "a P-256 coordinate has 32 bytes")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(_P256, encoded)
    except ValueError as error:
        raise DidError("malformed_key", "not a point on P-256") from error


def _der(signature: bytes) -> bytes:
    """r ‖ s as the library takes it: two integers in DER (RFC 3279 §2.2.3)."""
    r, s = signature[:32].lstrip(b"\0") or b"\0", signature[32:].lstrip(b"\0") or b"\0"
    if r[0] > 127:
        r = b"\0" + r
    if s[0] > 127:
        s = b"\0" + s
    return b"".join((_SEQUENCE[len(r) + len(s)], _INTEGER[len(r)], r, _INTEGER[len(s)], s))


def _coordinate(jwk: dict[str, Any], name: str) -> bytes:
    value = jwk.get(name)
    if not isinstance(value, str) or len(value) != 43:
        raise DidError("malformed_key", "a JWK coordinate is 32 bytes in base64url")
    return base64url.decode(value)
