"""Base45 (RFC 9285), strict: one byte string has one text.

A QR code in alphanumeric mode carries 5.5 bits a character, and Base45 fills
them. Decoding stands on the path of every verdict. So it does not loop: all
groups of three characters are the lanes of one large integer, which are
multiplied and added at once.
"""

from __future__ import annotations

from typing import Final

from did.errors import DidError

ALPHABET: Final = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_FOREIGN: Final = 255
_VALUES: Final = bytes(ALPHABET.index(c) if c in ALPHABET else _FOREIGN for c in range(256))
_DIGITS: Final = [ALPHABET[i : i + 1].decode() for i in range(45)]
_TRIPLES: Final[list[str]] = []


def _ones(lanes: int) -> int:
    """1 in each of so many lanes of 24 bits."""
    return int.from_bytes(b"\0\0\1" * lanes)


_LANES: Final = 1432
"""Groups in 4,296 characters, the most an alphanumeric QR code holds."""
_ONES: Final = _ones(_LANES)
_LOW: Final = 0xFF * _ONES
_HIGH: Final = 0xFF0000 * _ONES


def encode(data: bytes) -> str:
    """The Base45 text of `data`: three characters for two bytes, two for a last odd one."""
    if not _TRIPLES:  # 65,536 strings, made on first use: few gates encode
        # All at once: a thread that comes meanwhile finds none of them, or every one.
        _TRIPLES[:] = [_DIGITS[n % 45] + _DIGITS[n // 45 % 45] + _DIGITS[n // 2025] for n in range(1 << 16)]
    text = "".join([_TRIPLES[data[i] << 8 | data[i + 1]] for i in range(0, len(data) - 1, 2)])
    if len(data) % 2:
        text += _TRIPLES[data[-1]][:2]
    return text


def decode(text: bytes) -> bytes:
    """The bytes that the ASCII bytes `text` stand for.

    Raises:
        DidError: `malformed_base45` for a foreign character, an impossible
            length, or a group beyond its range (RFC 9285 §6).
    """
    values = text.translate(_VALUES)
    rest = len(text) % 3
    if rest == 1 or _FOREIGN in values:
        raise DidError("malformed_base45", "text is not Base45")
    whole = len(text) - rest
    low, high = _LOW, _HIGH
    if whole > 3 * _LANES:
        ones = _ones(whole // 3)
        low, high = 0xFF * ones, 0xFF0000 * ones
    lanes = int.from_bytes(values[:whole])  # 24 bits a group, its first character highest
    sums = (lanes >> 16 & low) + 45 * (lanes >> 8 & low) + 2025 * (lanes & low)
    if sums & high:  # one above 65,535; the largest is 91,124
        raise DidError("malformed_base45", "a Base45 group is out of range")
    data = bytearray(sums.to_bytes(whole))
    del data[::3]
    if rest:
        last = values[-2] + 45 * values[-1]
        if last > 255:
            raise DidError("malformed_base45", "a Base45 group is out of range")
        data.append(last)
    return bytes(data)
