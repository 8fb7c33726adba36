"""PNG and JPEG files, cut down to what their pixels need.

What else a file may carry (EXIF, profiles, texts, further frames) is where a
few bytes become hundreds of megabytes in a decoder, and none of it helps to
read a QR code.
"""

from __future__ import annotations

import re
import struct
from io import BytesIO

DAMAGED = (
    ArithmeticError,
    AssertionError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)
"""What Pillow raises for damaged files, each seen in its source or by fuzzing; and where memory is short."""
MAX_CHUNKS = 20_000
"""Chunks of a PNG, segments of a JPEG: a writer puts thousands of bytes into one, each takes its time."""
_PNG_KEPT = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_MARKER = re.compile(rb"\xff+")
"""All but the last are fill bytes (T.81 §B.1.1.2)."""
_JFIF, _ADOBE, _COMMENT = 0xE0, 0xEE, 0xFE
START_OF_SCAN, END_OF_IMAGE = b"\xff\xda", b"\xff\xd9"
"""Inside coded data no such pair occurs (T.81 §B.1.1.5)."""


def strip_png(data: bytes) -> BytesIO:
    """The file with its critical chunks and transparency alone (PNG §5.3).

    Raises:
        ValueError: for a file of more than `MAX_CHUNKS`.
    """
    file, place = BytesIO(), 8
    file.write(data[:place])
    for _ in range(MAX_CHUNKS):
        if place >= len(data):
            break
        end = place + 12 + int.from_bytes(data[place : place + 4], "big")
        if data[place + 4 : place + 8] in _PNG_KEPT:
            file.write(data[place:end])
        place = end
    else:
        raise ValueError("more chunks than allowed")
    file.seek(0)
    return file


def strip_jpeg(data: bytes) -> BytesIO:
    """The first image alone, of its application segments only those that tell its colours (T.81 §B.2).

    Raises:
        ValueError: where the segments cannot be followed to the first scan, or
            there are more than `MAX_CHUNKS`.
    """
    file, place = BytesIO(), 2
    file.write(data[:place])
    for _ in range(MAX_CHUNKS):
        if not (marks := _MARKER.match(data, place)):
            raise ValueError("no marker where one has to be")
        place = marks.end() - 1
        marker, size = data[place + 1], int.from_bytes(data[place + 2 : place + 4], "big")
        if marker < 0xC0 or 0xD0 <= marker <= 0xD9 or size < 2:
            raise ValueError("a marker that has no place before a scan")
        if data[place : place + 2] == START_OF_SCAN:
            break
        end = place + 2 + size
        if not (_JFIF < marker < 0xF0 and marker != _ADOBE) and marker != _COMMENT:
            file.write(data[place:end])
        place = end
    else:
        raise ValueError("more segments than allowed")
    end = data.find(END_OF_IMAGE, place)
    file.write(data[place:] if end < 0 else data[place : end + 2])
    file.seek(0)
    return file
