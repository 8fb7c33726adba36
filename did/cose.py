"""COSE_Sign1 (RFC 9052 §4.2) and nothing else of COSE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from did import cbor
from did.errors import DidError
from did.keys import PublicKey
from did.signer import Signer

TAG = 18
ALG, CRIT, KID, TYP = 1, 2, 4, 16
"""Header parameters: RFC 9052 §3.1 and RFC 9596."""

_SIGNATURE1 = b"\x84\x6aSignature1"
_NO_EXTERNAL_AAD = b"\x40"


@dataclass(frozen=True, slots=True)
class Sign1:
    """A parsed COSE_Sign1: decoded headers beside the very bytes that were signed."""

    protected: Mapping[Any, Any]
    protected_bytes: bytes
    unprotected: Mapping[Any, Any]
    payload: bytes
    signature: bytes

    def to_be_signed(self, external_aad: bytes = b"") -> bytes:
        """The Sig_structure of this token (RFC 9052 §4.4)."""
        return to_be_signed(self.protected_bytes, self.payload, external_aad)


def to_be_signed(protected: bytes, payload: bytes, external_aad: bytes = b"") -> bytes:
    """Sig_structure: ["Signature1", protected, external_aad, payload] (RFC 9052 §4.4)."""
    aad = cbor.head(2, len(external_aad)) + external_aad if external_aad else _NO_EXTERNAL_AAD
    return b"".join(
        (_SIGNATURE1, cbor.head(2, len(protected)), protected, aad, cbor.head(2, len(payload)), payload)
    )


def sign1(
    headers: Mapping[int, object],
    payload: bytes,
    signer: Signer,
    *,
    unprotected: Mapping[int, object] | None = None,
) -> bytes:
    """A tagged COSE_Sign1 over `payload`; the signer's algorithm is added to the protected `headers`."""
    protected = cbor.encode({ALG: signer.public_key.algorithm.cose, **headers})
    signature = signer.sign(to_be_signed(protected, payload))
    return cbor.encode(cbor.Tag(TAG, [protected, dict(unprotected or {}), payload, signature]))


def parse_sign1(data: bytes, *, max_bytes: int, deterministic: bool = True) -> Sign1:
    """Reads a tagged COSE_Sign1 with an algorithm in its protected header.

    With `deterministic` (our own tokens) the token and its protected header
    must be deterministically encoded; without it any definite-length CBOR is
    taken (other issuers' tokens). An empty protected header is refused either
    way: without a protected `alg` nothing says what was signed with.

    Raises:
        DidError: `malformed_cbor`, `malformed_cose`.
    """
    if len(data) > max_bytes:
        raise DidError("malformed_cose", "token is larger than allowed")
    decode = _decode if deterministic else cbor.decode_lenient
    token = decode(data)
    if not isinstance(token, cbor.Tag) or token.tag != TAG:
        raise DidError("malformed_cose", "not a tagged COSE_Sign1")
    match token.value:
        case [bytes(protected_bytes), dict(unprotected), bytes(payload), bytes(signature)]:
            pass
        case _:
            raise DidError("malformed_cose", "a COSE_Sign1 has four members")
    protected = decode(protected_bytes)
    if not isinstance(protected, dict) or type(protected.get(ALG)) is not int or ALG in unprotected:
        raise DidError("malformed_cose", "the algorithm must stand in the protected header, and only there")
    if CRIT in protected or CRIT in unprotected or not protected.keys().isdisjoint(unprotected):
        raise DidError("malformed_cose", "critical or repeated header parameters")  # RFC 9052 §3.1, §3
    if any(type(label) not in (int, str) for label in (*protected, *unprotected)):
        raise DidError("malformed_cose", "a header label is an integer or a text")  # RFC 9052 §1.4
    return Sign1(protected, protected_bytes, unprotected, payload, signature)


def verify_sign1(token: Sign1, key: PublicKey, external_aad: bytes = b"") -> None:
    """Checks algorithm and signature of `token` against the key it must be signed with.

    Raises:
        DidError: `wrong_algorithm`, `bad_signature`.
    """
    if token.protected[ALG] not in key.algorithm.cose_ids:
        raise DidError("wrong_algorithm", "the token's algorithm is not the key's")
    if not key.verify(token.to_be_signed(external_aad), token.signature):
        raise DidError("bad_signature", "the signature is not this key's")


def _decode(data: bytes) -> Any:
    return cbor.decode(data, max_bytes=len(data))
