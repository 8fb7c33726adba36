"""JPEG pages as one PDF, written page by page: neither time nor the number of pages needs memory.

Pillow writes PDFs, too, but encodes every picture anew, holds all of them, and
puts the clock's time into the file.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import BinaryIO

_POINTS = 72
"""Units an inch (ISO 32000-1 §8.3.2.3)."""
_CATALOG, _TREE = 1, 2
_PER_PAGE = 3
"""Objects a page: itself, what it draws, its picture."""


def write_pdf(pages: Iterable[bytes], file: BinaryIO, *, dpi: int) -> int:
    """Writes RGB JPEGs as a PDF (ISO 32000-1), each a whole page of its size at `dpi`; returns how many.

    `file` is only written to, from its present place, which is the PDF's beginning.

    Raises:
        ValueError: for a page that is no RGB JPEG, and for no pages.
    """
    places: dict[int, int] = {}
    end = _put(file, 0, b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    count = 0
    for count, jpeg in enumerate(pages, 1):
        for number, body in enumerate(
            _objects(jpeg, 3 + _PER_PAGE * (count - 1), dpi), 3 + _PER_PAGE * (count - 1)
        ):
            places[number] = end
            end = _put(file, end, b"%d 0 obj\n%b\nendobj\n" % (number, body))
    if not count:
        raise ValueError("a PDF has a page")
    kids = b" ".join(b"%d 0 R" % (3 + _PER_PAGE * page) for page in range(count))
    for number, body in (
        (_CATALOG, b"<< /Type /Catalog /Pages %d 0 R >>" % _TREE),
        (_TREE, b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, count)),
    ):
        places[number] = end
        end = _put(file, end, b"%d 0 obj\n%b\nendobj\n" % (number, body))
    _put(file, end, _trailer(places, end))
    return count


def jpeg_size(jpeg: bytes) -> tuple[int, int]:
    """Width and height of a three-colour JPEG, by its frame header (T.81 §B.2.2).

    Raises:
        ValueError: for anything else.
    """
    place = 2
    while jpeg[:2] == b"\xff\xd8" and place + 10 <= len(jpeg) and jpeg[place] == 0xFF:
        marker, length = jpeg[place + 1], int.from_bytes(jpeg[place + 2 : place + 4], "big")
        if marker in (0xC0, 0xC1, 0xC2):
            bits, height, width, colours = struct.unpack(">BHHB", jpeg[place + 4 : place + 10])
            if (bits, colours) == (8, 3) and width and height:
                return width, height
            break
        place += 2 + length
    raise ValueError("a page is an RGB JPEG")


def _objects(jpeg: bytes, number: int, dpi: int) -> tuple[bytes, bytes, bytes]:
    """A page, its content stream, its picture (§7.7.3.3, §8.9.5, §7.4.8)."""
    width, height = jpeg_size(jpeg)
    across, down = width * _POINTS / dpi, height * _POINTS / dpi
    draw = b"q %.2f 0 0 %.2f 0 0 cm /P Do Q" % (across, down)
    page = (
        b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %.2f %.2f] /Contents %d 0 R"
        b" /Resources << /XObject << /P %d 0 R >> >> >>" % (_TREE, across, down, number + 1, number + 2)
    )
    picture = (
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB"
        b" /BitsPerComponent 8 /Filter /DCTDecode /Length %d >>\nstream\n%b\nendstream"
        % (width, height, len(jpeg), jpeg)
    )
    return page, b"<< /Length %d >>\nstream\n%b\nendstream" % (len(draw), draw), picture


def _trailer(places: dict[int, int], start: int) -> bytes:
    """The table of where every object begins (§7.5.4), and where it is itself."""
    rows = b"".join(b"%010d 00000 n \n" % places[number] for number in sorted(places))
    size = len(places) + 1
    return (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (size, rows, size, _CATALOG, start)
    )


def _put(file: BinaryIO, place: int, data: bytes) -> int:
    file.write(data)
    return place + len(data)
