"""A camera's frame as the page sends it: a head of six bytes, then grey pixels row by row."""

from __future__ import annotations

import struct
from typing import NamedTuple

from credential.qr_read import read_frame

MAX_FRAME = 2_500_000
"""Bytes: 1920 × 1080 pixels of 8 bits, and room."""
ENLARGED = 400_000
"""Pixels up to which a second look at twice the size is worth its time."""
_HEAD = struct.Struct("<BBHH")
_SIDES = range(16, 4097)
_HIGH = bytes((value >> 4) * 17 for value in range(256))
_LOW = bytes((value & 15) * 17 for value in range(256))


class Frame(NamedTuple):
    """One frame: 8 bits a pixel. `second` asks for the enlarged second look where the first finds nothing."""

    width: int
    height: int
    grey: bytes
    second: bool


def parse(data: bytes) -> Frame:
    """Reads what the page sent.

    Raises:
        ValueError: when it is no frame.
    """
    if not _HEAD.size < len(data) <= MAX_FRAME:
        raise ValueError("not a frame")
    bits, flags, width, height = _HEAD.unpack_from(data)
    if width not in _SIDES or height not in _SIDES or bits not in (4, 8):
        raise ValueError("not a frame")
    pixels = data[_HEAD.size :]
    if len(pixels) * 8 != width * height * bits:
        raise ValueError("a frame of another size")
    return Frame(width, height, pixels if bits == 8 else _widened(pixels), bool(flags & 1))


def read(frame: Frame) -> list[str]:
    """The texts of the QR codes in a frame, Montrey's first."""
    texts = read_frame(frame.grey, width=frame.width, height=frame.height)
    if not texts and frame.second and frame.width * frame.height <= ENLARGED:
        texts = read_frame(frame.grey, width=frame.width, height=frame.height, enlarged=True)
    return texts


def _widened(pixels: bytes) -> bytes:
    """Sixteen shades as 8 bits a pixel."""
    grey = bytearray(2 * len(pixels))
    grey[0::2] = pixels.translate(_HIGH)
    grey[1::2] = pixels.translate(_LOW)
    return bytes(grey)
