"""Names in a packed QR: the shortest of three encodings, chosen by the text alone.

A length byte comes first. 0x01–0x3F: that many characters of the Khmer page,
a byte each (0x20–0x7E ASCII, 0x80–0xFF U+1780–U+17FF). 0x41–0x7F: 1 to 63
characters of 6 bits, most significant bit first, zero-filled to whole bytes.
0x81–0xFF: 1 to 127 bytes of UTF-8, for a text that neither of the others can
hold. So one text has one encoding.
"""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from codecs import charmap_build, charmap_decode, charmap_encode
from typing import Final

from credential.errors import CredentialError

SIX_BIT: Final = " ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-'.,()/&:+;"
"""The 64 characters of the 6-bit encoding, by value."""

_BASE64: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_TO_SIX_BIT: Final = bytes.maketrans(_BASE64 + b"=", SIX_BIT.encode("ascii") + b" ")  # padding is zero too
_TO_BASE64: Final = bytes.maketrans(SIX_BIT.encode("ascii"), _BASE64)
_SIX_BIT_SET: Final = frozenset(SIX_BIT)

_UNDEFINED: Final = "\ufffe"  # what codecs takes for "no such byte"
KHMER_PAGE: Final = "".join(
    chr(b) if 0x20 <= b <= 0x7E else chr(0x1780 + b - 0x80) if b >= 0x80 else _UNDEFINED for b in range(256)
)
_KHMER_BYTES: Final = charmap_build(KHMER_PAGE)


def encode(text: str) -> bytes | None:
    """The field for `text`, or None when no encoding holds it."""
    if 1 <= len(text) <= 63:
        if _SIX_BIT_SET.issuperset(text):
            symbols = text.encode("ascii").translate(_TO_BASE64)
            packed = a2b_base64(symbols + b"A" * (-len(text) % 4))
            return bytes((0x40 | len(text),)) + packed[: (6 * len(text) + 7) // 8]
        try:
            return bytes((len(text),)) + charmap_encode(text, "strict", _KHMER_BYTES)[0]
        except UnicodeEncodeError:
            pass
    data = text.encode("utf-8")
    return bytes((0x80 | len(data),)) + data if 1 <= len(data) <= 127 else None


def decode(data: bytes, at: int) -> tuple[str, int]:
    """The text of the field that begins at offset `at`, and the offset behind it.

    That offset may lie behind the end of `data`: the caller knows where its
    fields have to end.

    Raises:
        CredentialError: `malformed` for anything `encode` would not have written.
    """
    try:
        length = data[at]
        at += 1
        if length < 0x40:
            end = at + length
            field = data[at:end]
            text = charmap_decode(field, "strict", KHMER_PAGE)[0]
            canonical = not field.isascii() or (length > 0 and not _SIX_BIT_SET.issuperset(text))
        elif length < 0x80:
            length &= 0x3F
            end = at + (6 * length + 7) // 8
            symbols = b2a_base64(data[at:end], newline=False).translate(_TO_SIX_BIT).decode("ascii")
            text = symbols[:length]
            canonical = length > 0 and not symbols[length:].strip(" ")  # a space is value 0
        else:
            end = at + (length & 0x7F)
            text = data[at:end].decode("utf-8")
            canonical = encode(text) == data[at - 1 : end]
    except (IndexError, UnicodeDecodeError) as error:
        raise CredentialError("malformed", "a name field cannot be read") from error
    if not canonical:
        raise CredentialError("malformed", "a name field is not in its shortest form")
    return text, end
