"""Compact JWS (RFC 7515 §3.1), strict and small: the hot path of SD-JWT.

Other people's JOSE objects go through joserfc (`did.jose`); these two formats
are the project's own business and cost 1.2 raw checks instead of 1.6 to 2.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from did import base64url, strict_json
from did.errors import DidError
from did.keys import PublicKey
from did.signer import Signer

_NEW: Final = tuple.__new__  # what Jws(...) comes to, less half of its time
MAX_HEADER: Final = 4096
"""Bytes of a decoded header: room for an `x5c` chain of two."""


class Jws(NamedTuple):
    """A parsed compact JWS; nothing in it is to be believed before `verify`."""

    header: Mapping[str, Any]
    payload: bytes
    signature: bytes
    signing_input: bytes


def sign(header: Mapping[str, object], payload: bytes, signer: Signer) -> str:
    """The compact JWS of `payload`; the signer's `alg` is put into the header."""
    protected = strict_json.dumps({"alg": signer.public_key.algorithm.jose, **header})
    signing_input = f"{base64url.encode(protected)}.{base64url.encode(payload)}"
    return f"{signing_input}.{base64url.encode(signer.sign(signing_input.encode('ascii')))}"


def parse(token: str, *, max_bytes: int) -> Jws:
    """Reads a compact JWS of at most `max_bytes` characters.

    Raises:
        DidError: `malformed_jws`, or the code of its broken part.
    """
    if len(token) > max_bytes:
        raise DidError("malformed_jws", "token is larger than allowed")
    signing_input, _, signature = token.rpartition(".")
    header, dot, payload = signing_input.partition(".")
    if not dot or not token.isascii():
        raise DidError("malformed_jws", "a compact JWS has three parts")
    decode = base64url.decode
    return _NEW(Jws, (_header(header), decode(payload), decode(signature), signing_input.encode("ascii")))


def verify(token: Jws, key: PublicKey) -> None:
    """Checks algorithm and signature of `token` against the key it must be signed with.

    Raises:
        DidError: `wrong_algorithm` (`none` among them), `bad_signature`.
    """
    if token.header["alg"] not in key.algorithm.jose_names:
        raise DidError("wrong_algorithm", "the token's algorithm is not the key's")
    if not key.verify(token.signing_input, token.signature):
        raise DidError("bad_signature", "the signature is not this key's")


@lru_cache(maxsize=64)  # every token of an issuer has the same header, and so has every key binding
def _header(text: str) -> Mapping[str, Any]:
    header = strict_json.loads(base64url.decode(text), max_bytes=MAX_HEADER)
    if not isinstance(header, dict) or not isinstance(header.get("alg"), str):
        raise DidError("malformed_jws", "a JWS header names its algorithm")
    if "crit" in header or "b64" in header:
        raise DidError("malformed_jws", "critical header parameters are not supported")  # RFC 7515 §4.1.11
    return MappingProxyType(header)
