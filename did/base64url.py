"""Strict base64url without padding (RFC 4648 §5, RFC 7515 §2)."""

from __future__ import annotations

from typing import Final

from pybase64 import b64decode, b64encode_as_string

from did.errors import DidError

_PADDING: Final = ("", "===", "==", "=")
_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_LAST: Final = tuple(map(frozenset, ([*_ALPHABET, ""], "", "AQgw", "AEIMQUYcgkosw048")))
"""By length modulo 4: the last characters whose unused bits are zero. One left over is never base64."""


def encode(data: bytes) -> str:
    """`data` as base64url text without padding."""
    return b64encode_as_string(data, b"-_").rstrip("=")


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
            return b64decode(text + _PADDING[rest], b"-_", True)
        except ValueError:
            pass
    raise DidError("malformed_base64url", "text is not canonical base64url without padding")
