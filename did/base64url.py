"""Strict base64url without padding (RFC 4648 §5, RFC 7515 §2)."""

from __future__ import annotations

import binascii

from did.errors import DidError

_TO_URL = bytes.maketrans(b"+/", b"-_")
_PLUS, _SLASH = b"+/"  # a number is looked for in half a microsecond less than a byte string
_PADDING = (b"", b"===", b"==", b"=")
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_LAST = tuple({bytes((c,)) for c in last} for last in (_ALPHABET, b"", b"AQgw", b"AEIMQUYcgkosw048"))
"""By length modulo 4: the last characters whose unused bits are zero. One left over is never base64."""


def encode(data: bytes) -> str:
    """`data` as base64url text without padding."""
    return binascii.b2a_base64(data, newline=False).translate(_TO_URL, b"=").decode("ascii")


def decode(text: str | bytes) -> bytes:
    """The bytes that `text` stands for.

    One byte string has one text: padding, white space, the standard alphabet
    and non-zero trailing bits are refused.

    Raises:
        DidError: `malformed_base64url`.
    """
    try:
        raw = text.encode("ascii") if isinstance(text, str) else text
        rest = len(raw) & 3
        if _PLUS in raw or _SLASH in raw or (raw[-1:] not in _LAST[rest] and raw):
            raise ValueError
        raw = raw.replace(b"-", b"+").replace(b"_", b"/")  # quicker than translate
        return binascii.a2b_base64(raw + _PADDING[rest], strict_mode=True)
    except ValueError as error:
        raise DidError("malformed_base64url", "text is not canonical base64url without padding") from error
