"""Base45 (RFC 9285), strict: one byte string has one text.

A QR code in alphanumeric mode carries 5.5 bits a character, and Base45 fills
them. Decoding stands on the path of every verdict. So it does not loop: all
groups of three characters are the lanes of one large integer, which are
multiplied and added at once.
"""

from __future__ import annotations

from did.errors import DidError

ALPHABET = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = bytes(ALPHABET.index(c) if c in ALPHABET else 255 for c in range(256))
_NOT_BASE45 = bytes(c for c in range(256) if c not in ALPHABET)
_DIGITS = [ALPHABET[i : i + 1].decode() for i in range(45)]
_TRIPLES: list[str] = []


def _low_bytes(lanes: int) -> int:
    return int.from_bytes(b"\xff\0\0" * lanes, "little")


_LANES = 1432
"""Groups in 4,296 characters, the most an alphanumeric QR code holds."""
_LOW = _low_bytes(_LANES)


def encode(data: bytes) -> str:
    """The Base45 text of `data`: three characters for two bytes, two for a last odd one."""
    if not _TRIPLES:  # 65,536 strings, made on first use: a gate never encodes
        _TRIPLES.extend(_DIGITS[n % 45] + _DIGITS[n // 45 % 45] + _DIGITS[n // 2025] for n in range(1 << 16))
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
    whole, rest = divmod(len(text), 3)
    values = text.translate(_VALUES, _NOT_BASE45)
    if rest == 1 or len(values) != len(text):
        raise DidError("malformed_base45", "text is not Base45")
    lanes = int.from_bytes(values[: 3 * whole], "little")  # 24 bits a group, its first character lowest
    mask = _LOW if whole <= _LANES else _low_bytes(whole)
    total = (lanes & mask) + 45 * (lanes >> 8 & mask) + 2025 * (lanes >> 16 & mask)
    sums = total.to_bytes(3 * whole, "little")
    if sums[2::3].count(0) != whole:  # a sum above 65,535; the largest is 91,124
        raise DidError("malformed_base45", "a Base45 group is out of range")
    data = bytearray(2 * whole)
    data[0::2] = sums[1::3]
    data[1::2] = sums[0::3]
    if rest:
        last = values[-2] + 45 * values[-1]
        if last > 255:
            raise DidError("malformed_base45", "a Base45 group is out of range")
        data.append(last)
    return bytes(data)
