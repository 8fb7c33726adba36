"""Strict base64url without padding (RFC 4648 §5, RFC 7515 §2)."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64encode

from did.errors import DidError

_TO_STANDARD = bytes.maketrans(b"-_+/=", b"+/\xff\xff\xff")  # "+", "/" and padding become undecodable


def encode(data: bytes) -> str:
    """`data` as base64url text without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str | bytes) -> bytes:
    """The bytes that `text` stands for.

    One byte string has one text: padding, white space, the standard alphabet
    and non-zero trailing bits are refused.

    Raises:
        DidError: `malformed_base64url`.
    """
    try:
        raw = (text.encode("ascii") if isinstance(text, str) else text).translate(_TO_STANDARD)
        data = binascii.a2b_base64(raw + b"==="[: -len(raw) % 4], strict_mode=True)
    except (ValueError, UnicodeEncodeError) as error:
        raise DidError("malformed_base64url", "text is not base64url without padding") from error
    odd = len(data) % 3  # the last one or two bytes leave four or two bits over, which must be zero
    if len(raw) % 4 == 1 or (odd and binascii.b2a_base64(data[-odd:])[: odd + 1] != raw[-odd - 1 :]):
        raise DidError("malformed_base64url", "text is not canonical base64url")
    return data
