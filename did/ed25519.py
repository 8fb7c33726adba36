"""Checking an Ed25519 signature (RFC 8032 §5.1.7), by libsodium.

PyNaCl's `crypto_sign_open` allocates and copies out the message that its
caller already has, which costs about 2 of 60 µs at every check. libsodium
takes a null pointer for it. Where a later PyNaCl keeps its binding elsewhere,
the public function does the same.
"""

from __future__ import annotations

from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

try:
    from nacl._sodium import ffi, lib  # type: ignore[import-not-found]
except ImportError:  # pragma: no cover (another build of PyNaCl)
    lib = None


def opens(signed: bytes, key: bytes) -> bool:
    """Whether `signed`, a 64-byte signature and the message behind it, is by the 32-byte `key`."""
    return _open(_NOWHERE, _NOWHERE, signed, len(signed), key) == 0  # type: ignore[no-any-return]


def opens_publicly(signed: bytes, key: bytes) -> bool:
    """The same by PyNaCl's public interface; a test holds the two together."""
    try:
        crypto_sign_open(signed, key)
    except BadSignatureError:
        return False
    return True


if lib is None:  # pragma: no cover
    opens = opens_publicly
else:
    _open, _NOWHERE = lib.crypto_sign_open, ffi.NULL
