"""Status list tokens (Token Status List §5): a list, signed, as a JWT or a CWT.

Reading checks form, `typ`, signature, `sub` and the list itself. It does not
judge time: `issued_at`, `expires_at` and `ttl` are handed to the caller (§8.3).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from did import base64url, cbor, cose, jws, strict_json
from did.keys import PublicKey
from did.signer import Signer
from revocation.errors import StatusError
from revocation.status_list import MAX_BYTES, StatusList

JWT_TYPE = "statuslist+jwt"
CWT_TYPE = "application/statuslist+cwt"
MAX_TOKEN = 1 << 24
"""Bytes of a token: a hundred million entries of two bits with a twentieth of them not VALID."""

PRIVATE = -65537
"""The project's one private-use CWT claim: a map. In a status list token 1 is the sequence."""

_CWT_CLAIMS = {2: "sub", 6: "iat", 4: "exp", 65534: "ttl", 65533: "status_list"}
_CWT_KEYS = {name: key for key, name in _CWT_CLAIMS.items()}
_MAX_NUMBER = 1 << 53


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedList:
    """A list whose token was authentic; times are epoch seconds, `ttl` is seconds.

    `sequence` counts every publication of this list, full or delta (0 on a
    list that is not ours). `digest` is the SHA-256 of the full list's token as
    published. `base` holds that token's statuses once a delta has changed them.
    """

    uri: str
    statuses: StatusList
    issued_at: int
    expires_at: int | None
    ttl: int | None
    sequence: int
    kid: str
    digest: bytes
    base: StatusList | None = None

    @property
    def full(self) -> StatusList:
        """The statuses as the full list has them."""
        return self.statuses if self.base is None else self.base


def sign_cwt(
    statuses: StatusList,
    *,
    uri: str,
    kid: str,
    issued_at: int,
    expires_at: int | None,
    ttl: int | None,
    sequence: int,
    signer: Signer,
) -> bytes:
    """The `statuslist+cwt` of `statuses` (§5.2): COSE_Sign1, tag 18, no tag 61."""
    status_list = {"bits": statuses.bits, "lst": statuses.compressed()}
    claims = _present(sub=uri, iat=issued_at, exp=expires_at, ttl=ttl, status_list=status_list)
    payload = {_CWT_KEYS[name]: value for name, value in claims.items()} | {PRIVATE: {1: sequence}}
    return cose.sign1({cose.KID: kid.encode(), cose.TYP: CWT_TYPE}, cbor.encode(payload), signer)


def sign_jwt(
    statuses: StatusList,
    *,
    uri: str,
    kid: str,
    issued_at: int,
    expires_at: int | None,
    ttl: int | None,
    sequence: int,
    signer: Signer,
    iss: str | None = None,
) -> str:
    """The `statuslist+jwt` of `statuses` (§5.1)."""
    status_list = {"bits": statuses.bits, "lst": base64url.encode(statuses.compressed())}
    claims = _present(
        iss=iss, sub=uri, iat=issued_at, exp=expires_at, ttl=ttl, seq=sequence, status_list=status_list
    )
    return jws.sign({"kid": kid, "typ": JWT_TYPE}, strict_json.dumps(claims), signer)


def read_cwt(
    data: bytes, *, uri: str, key: PublicKey, deterministic: bool = True, max_bytes: int = MAX_BYTES
) -> SignedList:
    """Reads a `statuslist+cwt` that must be of the list `uri` and signed by `key`.

    `deterministic` demands what `sign_cwt` writes: deterministic encoding and
    every header parameter protected. Without it other issuers' tokens are read too.

    Raises:
        StatusError: `malformed_list`, `unsupported_bits`, `list_too_large`, `list_uri_mismatch`.
        DidError: `wrong_algorithm`, `bad_signature`, `malformed_cbor`, `malformed_cose`.
    """
    token = cose.parse_sign1(data, max_bytes=MAX_TOKEN, deterministic=deterministic)
    if token.protected.get(cose.TYP) != CWT_TYPE or (deterministic and token.unprotected):
        raise StatusError("malformed_list", "the token is no status list CWT")
    cose.verify_sign1(token, key)
    if deterministic:
        payload = cbor.decode(token.payload, max_bytes=MAX_TOKEN)
    else:
        payload = cbor.decode_lenient(token.payload)
    if not isinstance(payload, dict):
        raise StatusError("malformed_list", "the token's claims are no CBOR map")
    claims = {name: payload[key] for key, name in _CWT_CLAIMS.items() if key in payload}
    private = payload.get(PRIVATE)
    if isinstance(private, dict) and 1 in private:
        claims["seq"] = private[1]
    bits, lst = _status_list(claims, uri=uri)
    if not isinstance(lst, bytes):
        raise StatusError("malformed_list", "the list is no byte string")
    return _signed_list(claims, StatusList.inflate(lst, bits, max_bytes), kid=_cwt_kid(token), token=data)


def read_jwt(text: str, *, uri: str, key: PublicKey, max_bytes: int = MAX_BYTES) -> SignedList:
    """Reads a `statuslist+jwt` that must be of the list `uri` and signed by `key`.

    Raises:
        StatusError: `malformed_list`, `unsupported_bits`, `list_too_large`, `list_uri_mismatch`.
        DidError: `wrong_algorithm`, `bad_signature`, `malformed_jws`, `malformed_json`,
            `malformed_base64url`.
    """
    token = jws.parse(text, max_bytes=MAX_TOKEN)
    if token.header.get("typ") != JWT_TYPE:
        raise StatusError("malformed_list", "the token is no status list JWT")
    jws.verify(token, key)
    claims = strict_json.loads(token.payload, max_bytes=MAX_TOKEN)
    if not isinstance(claims, dict):
        raise StatusError("malformed_list", "the token's claims are no JSON object")
    bits, lst = _status_list(claims, uri=uri)
    if not isinstance(lst, str):
        raise StatusError("malformed_list", "the list is no text")
    statuses = StatusList.inflate(base64url.decode(lst), bits, max_bytes)
    return _signed_list(claims, statuses, kid=_jwt_kid(token), token=text.encode("ascii"))


def peek_kid(token: bytes | str) -> str:
    """The key id, unchecked, of a CWT (bytes) or a JWT (text, or its bytes): to find the key by.

    Raises:
        StatusError: `malformed_list`.
        DidError: the code of what is broken.
    """
    if isinstance(token, str):
        return _jwt_kid(jws.parse(token, max_bytes=MAX_TOKEN))
    if token[:1] == b"\xd2":  # tag 18
        return _cwt_kid(cose.parse_sign1(token, max_bytes=MAX_TOKEN, deterministic=False))
    # latin-1 never fails: `parse` refuses what is not ASCII.
    return _jwt_kid(jws.parse(token[: MAX_TOKEN + 1].decode("latin-1"), max_bytes=MAX_TOKEN))


def is_number(value: object) -> bool:
    """Whether `value` is a whole number of 0 to 2^53: no `true`, no 1.0."""
    return type(value) is int and 0 <= value <= _MAX_NUMBER


def _present(**claims: object) -> dict[str, object]:
    return {name: value for name, value in claims.items() if value is not None}


def _cwt_kid(token: cose.Sign1) -> str:
    kid = token.protected.get(cose.KID, token.unprotected.get(cose.KID))  # other issuers leave it unprotected
    try:
        if isinstance(kid, bytes) and kid:
            return kid.decode()
    except UnicodeDecodeError:
        pass
    raise StatusError("malformed_list", "the token names no key")


def _jwt_kid(token: jws.Jws) -> str:
    kid = token.header.get("kid")
    if isinstance(kid, str) and kid:
        return kid
    raise StatusError("malformed_list", "the token names no key")


def _status_list(claims: Mapping[str, Any], *, uri: str) -> tuple[Any, Any]:
    """`bits` and `lst` of claims that are otherwise in order."""
    if claims.get("sub") != uri:
        raise StatusError("list_uri_mismatch", "the token is of another list")  # §8.3
    if not all(is_number(claims[name]) for name in ("iat", "exp", "ttl", "seq") if name in claims):
        raise StatusError("malformed_list", "a time or a count in the token is no whole number")
    if "iat" not in claims or claims.get("ttl") == 0:  # §5.1
        raise StatusError("malformed_list", "a list says when it was issued, and its ttl is positive")
    status_list = claims.get("status_list")
    if not isinstance(status_list, dict):
        raise StatusError("malformed_list", "the token holds no status list")
    return status_list.get("bits"), status_list.get("lst")


def _signed_list(claims: Mapping[str, Any], statuses: StatusList, *, kid: str, token: bytes) -> SignedList:
    return SignedList(
        uri=claims["sub"],
        statuses=statuses,
        issued_at=claims["iat"],
        expires_at=claims.get("exp"),
        ttl=claims.get("ttl"),
        sequence=claims.get("seq", 0),
        kid=kid,
        digest=hashlib.sha256(token).digest(),
    )
