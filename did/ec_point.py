"""An elliptic-curve public key as a PKCS #11 token gives it: its curve, and its point."""

from __future__ import annotations

from typing import Final

from did.algorithm import Algorithm
from did.errors import DidError
from did.keys import PublicKey

P256_PARAMS: Final = bytes.fromhex("06082a8648ce3d030107")
"""CKA_EC_PARAMS of P-256: the object identifier of RFC 5480 §2.1.1.1, in DER."""
ED25519_PARAMS: Final = bytes.fromhex("06032b6570")
"""CKA_EC_PARAMS of Ed25519: the object identifier of RFC 8410 §3, in DER."""
ED25519_NAME: Final = b"\x13\x0cedwards25519"
"""The same as a PrintableString, which PKCS #11 v3.0 §2.3.5 allows and some tokens want."""

_CURVES: Final = {
    P256_PARAMS: Algorithm.P256,
    ED25519_PARAMS: Algorithm.ED25519,
    ED25519_NAME: Algorithm.ED25519,
}
_RAW: Final = {Algorithm.P256: 65, Algorithm.ED25519: 32}
"""Bytes of a point without a wrapping; the wrapped ones are two or three longer, so that none is another."""


def read_point(params: bytes, point: bytes) -> PublicKey:
    """The key of CKA_EC_PARAMS and CKA_EC_POINT.

    The point is a DER OCTET STRING (PKCS #11 v2.40 §2.3.3); tokens also give it
    raw, and Ed25519's as the BIT STRING of early drafts of v3.0.

    Raises:
        DidError: `unsupported_key` for another curve, `malformed_key` for another form or no point.
    """
    algorithm = _CURVES.get(params)
    if algorithm is None:
        raise DidError("unsupported_key", "only Ed25519 and P-256 keys are supported")
    length = _RAW[algorithm]
    for head in (b"", bytes((0x04, length)), bytes((0x03, length + 1, 0))):
        if len(point) == len(head) + length and point.startswith(head):
            raw = point[len(head) :]
            break
    else:
        raise DidError("malformed_key", "the token gives a public key in an unknown form")
    if algorithm is Algorithm.ED25519:
        return PublicKey(algorithm, raw)
    if raw[0] != 0x04:
        raise DidError("malformed_key", "the token gives a P-256 point in an unknown form")
    return PublicKey(algorithm, raw[1:])
