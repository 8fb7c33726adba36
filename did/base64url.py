"""Strict base64url without padding (RFC 4648 §5, RFC 7515 §2)."""

from __future__ import annotations

import binascii

from did.errors import DidError

_TO_URL = bytes.maketrans(b"+/", b"-_")
_PADDING = ("", "===", "==", "=")
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_LAST = tuple(map(frozenset, ([*_ALPHABET, ""], "", "AQgw", "AEIMQUYcgkosw048")))
"""By length modulo 4: the last characters whose unused bits are zero. One left over is never base64."""


def encode(data: bytes) -> str:
    """`data` as base64url text without padding."""
    return binascii.b2a_base64(data, newline=False).translate(_TO_URL, b"=").decode("ascii")


def decode(text: str) -> bytes:
    """The bytes that `text` stands for.

    One byte string has one text: padding, white space, the standard alphabet
    and non-zero trailing bits are refused.

    Raises:
        DidError: `malformed_base64url`.
    """
    rest = len(text) & 3
    if text[-1:] in _LAST[rest] and "+" not in text and "/" not in text:
        try:
            # Replacing is quicker than a translation.
            return binascii.a2b_base64(
                text.replace("-", "+").replace("_", "/") + _PADDING[rest], strict_mode=True
            )
        except ValueError:
            pass
    raise DidError("malformed_base64url", "text is not canonical base64url without padding")
