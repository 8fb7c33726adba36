"""Holder keys as the register keeps them: the key itself beside its thumbprint.

A credential is bound to a key that was proven once, at a desk. So a kept key
counts only with the thumbprint of that day, which the audit chain covers.
"""

from __future__ import annotations

from did import Algorithm, DidError, PublicKey

_ED25519_BYTES = 32


def read(raw: bytes, thumbprint: bytes) -> PublicKey:
    """The key whose `PublicKey.raw` was kept.

    Raises:
        DidError: `malformed_key`, also where the thumbprint is another key's.
    """
    key = PublicKey(Algorithm.ED25519 if len(raw) == _ED25519_BYTES else Algorithm.P256, raw)
    if key.thumbprint() != thumbprint:
        raise DidError("malformed_key", "a kept holder key is not the one that was proven")
    return key


def belongs(raw: bytes, thumbprint: bytes) -> bool:
    """Whether these bytes are the key of this thumbprint."""
    try:
        read(raw, thumbprint)
    except DidError:
        return False
    return True
