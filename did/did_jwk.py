"""did:jwk: an identifier that is a JWK in base64url."""

from __future__ import annotations

from did import base64url, strict_json
from did.errors import DidError
from did.keys import PublicKey

PREFIX = "did:jwk:"
_MAX_TEXT = 2048
"""Characters: a key has about 130, and a JWK may carry more members."""


def encode(key: PublicKey) -> str:
    """The did:jwk of `key`, with the required members in sorted order."""
    return PREFIX + base64url.encode(strict_json.dumps(key.to_jwk()))


def decode(did: str) -> PublicKey:
    """The signature key that `did` is.

    Raises:
        DidError: `malformed_did`, or what the JWK inside is refused for;
            `unsupported_key` also for a key that is for encryption only.
    """
    if not did.startswith(PREFIX) or len(did) > _MAX_TEXT:
        raise DidError("malformed_did", "not a did:jwk")
    jwk = strict_json.loads(base64url.decode(did[len(PREFIX) :]), max_bytes=_MAX_TEXT)
    key = PublicKey.from_jwk(jwk)
    if jwk.get("use", "sig") != "sig":
        raise DidError("unsupported_key", "the key of this did:jwk is not for signatures")
    return key
