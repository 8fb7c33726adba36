"""Proof sheets: pages of A4 with every card on them, and the PDF they make."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from issuer_faces import LONGEST, NAMES, face, look, photograph
from PIL import Image, ImageChops
from PIL.PdfParser import PdfParser

from issuer import proof_sheet as sheets
from issuer.card_face import CardFace
from issuer.errors import IssuerError
from issuer.pdf_pages import jpeg_size, write_pdf
from issuer.proof_sheet import PER_PAGE, proof_sheet

DAY = date(2026, 11, 26)
LOOK = look()


def cards(count: int) -> list[CardFace]:
    """Cards with numbers of their own."""
    names, photo = (NAMES, LONGEST), photograph()
    return [
        replace(face(names[i % 2], photo=photo if i % 3 else None), card_number=f"{i:010d}")
        for i in range(count)
    ]


def pages(count: int, processes: int = 1) -> list[bytes]:
    """The sheet of so many cards."""
    return list(proof_sheet(cards(count), look=LOOK, batch="Batch 7", day=DAY, processes=processes))


@pytest.mark.parametrize(("count", "expected"), [(0, 0), (1, 1), (PER_PAGE, 1), (PER_PAGE + 1, 2)])
def test_pages(count: int, expected: int) -> None:
    """A4 at 150 dots an inch."""
    drawn = pages(count)
    assert len(drawn) == expected
    for page in drawn:
        image = Image.open(BytesIO(page))
        assert (image.format, image.size, image.info["dpi"]) == ("JPEG", (1240, 1754), (150, 150))


def test_every_card_has_its_place() -> None:
    """Each further card changes its own place on the page, and only that and the foot."""
    lines: set[tuple[int, int]] = set()
    before = Image.open(BytesIO(pages(1)[0])).convert("L")
    for count in range(2, PER_PAGE + 1):
        after = Image.open(BytesIO(pages(count)[0])).convert("L")
        changed = ImageChops.difference(before, after).crop((0, 0, 1240, sheets._BOTTOM))
        left, top, right, bottom = changed.point(lambda value: 255 if value > 60 else 0).getbbox() or (
            0,
            0,
            0,
            0,
        )
        assert right - left <= sheets._COLUMN + 4
        assert 150 < bottom - top <= sheets._ROW
        lines.add((left > 600, top // sheets._ROW))
        before = after
    assert len(lines) >= PER_PAGE - 2


def test_same_from_any_process() -> None:
    """Two processes or one: the same bytes; three pages."""
    assert pages(2 * PER_PAGE + 1, processes=2) == pages(2 * PER_PAGE + 1)


def test_a_bad_photograph_is_named_not_skipped() -> None:
    """A sheet without one of its cards would be a lie."""
    with pytest.raises(IssuerError) as refused:
        list(proof_sheet([*cards(2), face(photo=b"no photo")], look=LOOK, batch="", day=DAY))
    assert refused.value.code == "unusable_photo"


def test_pdf_has_the_pages() -> None:
    """Read by Pillow's parser: A4 in points, every picture as it was written, every offset right."""
    drawn, file = pages(PER_PAGE + 1), BytesIO()
    assert write_pdf(drawn, file, dpi=150) == 2
    data = file.getvalue()
    parser = PdfParser(buf=data)
    assert len(parser.pages) == 2
    for reference, page in zip(parser.pages, drawn, strict=True):
        leaf = parser.read_indirect(reference)
        width, height = leaf[b"MediaBox"][2:]
        assert (round(width), round(height)) == (595, 842)
        picture = parser.read_indirect(leaf[b"Resources"][b"XObject"][b"P"])
        assert picture.buf == page
        assert (picture.dictionary[b"Width"], picture.dictionary[b"Height"]) == (1240, 1754)
    start = int(data.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    assert data[start : start + 4] == b"xref"
    for number, place in enumerate(re.findall(rb"(\d{10}) 00000 n ", data[start:]), 1):
        assert data[int(place) :].startswith(b"%d 0 obj" % number)


def test_pdf_says_no_time() -> None:
    """The same pages make the same file on any day."""
    page = photograph(size=(30, 40))
    first, second = BytesIO(), BytesIO()
    for file in (first, second):
        write_pdf(iter([page]), file, dpi=150)
    assert first.getvalue() == second.getvalue()
    assert b"Date" not in first.getvalue()


@pytest.mark.parametrize(
    "page", [b"", b"\xff\xd8", photograph("PNG"), photograph(mode="L"), photograph(mode="CMYK")]
)
def test_no_rgb_jpeg_is_no_page(page: bytes) -> None:
    """A programmer's mistake, not a file that no reader opens."""
    with pytest.raises(ValueError, match="JPEG"):
        jpeg_size(page)


def test_a_pdf_has_a_page() -> None:
    """None would be no PDF."""
    with pytest.raises(ValueError, match="page"):
        write_pdf([], BytesIO(), dpi=150)
