"""Proofs of a batch on A4, for the person who looks at every card before it is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from io import BytesIO

from PIL import Image, ImageDraw

from issuer import card_days
from issuer.card_face import CardFace, Side, grouped, picture
from issuer.card_look import HEIGHT, WIDTH, CardLook
from issuer.card_pool import in_parallel
from issuer.card_text import Box, Style, write

DPI = 150
PAGE = (1240, 1754)
"""A4 at 150 dots an inch."""
COLUMNS, ROWS = 2, 7
PER_PAGE = COLUMNS * ROWS
_MARGIN, _TOP, _BOTTOM, _BETWEEN, _SEAM = 48, 148, 1664, 36, 8
_COLUMN = (PAGE[0] - 2 * _MARGIN - _BETWEEN) // COLUMNS
_ROW = (_BOTTOM - _TOP) // ROWS
_CARD = ((_COLUMN - _SEAM) // 2, (_COLUMN - _SEAM) // 2 * HEIGHT // WIDTH)
_CAPTION = 32
_QUALITY = 45
"""JPEG: 497 cards with photographs stay below 10 MB, and a name is still easy to read."""
_LINE = (120, 130, 148)


@dataclass(frozen=True, slots=True)
class _Page:
    """One page: which, of how many, and its cards, the first of them the `first`th of the batch."""

    number: int
    count: int
    first: int
    faces: Sequence[CardFace]


def proof_sheet(
    faces: Sequence[CardFace],
    *,
    look: CardLook,
    batch: str,
    day: date,
    processes: int | None = None,
    progress: Callable[[int], object] | None = None,
) -> Iterator[bytes]:
    """The pages as JPEGs of 1240 × 1754 dots (A4, 150 an inch), fourteen cards on each.

    Every card has its place in the batch, its number, front and back, and two
    boxes to tick. `batch` is its name, `day` the day in Phnom Penh; `progress` is
    told how many pages are done. See `in_parallel` for what a program needs.

    Raises:
        IssuerError: `unusable_photo`, `no_card_fonts`.
        CredentialError: `qr_too_long`, `qr_too_dense`.
    """
    starts = range(0, len(faces), PER_PAGE)
    pages = [
        _Page(number, len(starts), start + 1, faces[start : start + PER_PAGE])
        for number, start in enumerate(starts, 1)
    ]
    work = partial(_draw_page, look=_calm(look), batch=batch, day=day)
    yield from in_parallel(work, pages, at_a_time=1, processes=processes, progress=progress)


def _calm(look: CardLook) -> CardLook:
    """The look without its fine lines, which at this size are a third of the file and no help."""
    ground = look.colours.ground
    return replace(look, colours=replace(look.colours, wave=ground, gilt=ground))


def _draw_page(page: _Page, *, look: CardLook, batch: str, day: date) -> bytes:
    image = Image.new("RGB", PAGE, "white")
    _draw_head(image, page, look, batch, day)
    for place, face in enumerate(page.faces):
        column, row = place % COLUMNS, place // COLUMNS
        left, top = _MARGIN + column * (_COLUMN + _BETWEEN), _TOP + row * _ROW
        _draw_pair(image, (left, top), page.first + place, face, look)
    _draw_foot(image, page, look)
    file = BytesIO()
    image.save(file, "JPEG", quality=_QUALITY, optimize=True, progressive=True, dpi=(DPI, DPI))
    return file.getvalue()


def _draw_pair(image: Image.Image, at: tuple[int, int], place: int, face: CardFace, look: CardLook) -> None:
    """A card's caption and its two sides."""
    left, top = at
    caption = Style(typeface=look.fonts.bold, size=20, colour=look.colours.ink)
    write(image, f"{place}.", Box(left, top, left + 58, top + _CAPTION), caption)
    write(image, grouped(face.card_number), Box(left + 58, top, left + 232, top + _CAPTION), caption)
    _draw_box(image, (left + 246, top), "ត្រឹមត្រូវ  Right", look)
    _draw_box(image, (left + 416, top), "ខុស  Wrong", look)
    for number, side in enumerate(Side):
        x, y = left + number * (_CARD[0] + _SEAM), top + _CAPTION + 2
        small = picture(face, look=look, side=side).resize(_CARD, Image.Resampling.LANCZOS, reducing_gap=1.8)
        image.paste(small, (x, y))
        ImageDraw.Draw(image).rectangle((x - 1, y - 1, x + _CARD[0], y + _CARD[1]), None, _LINE)


def _draw_box(image: Image.Image, at: tuple[int, int], text: str, look: CardLook) -> None:
    left, top = at
    ImageDraw.Draw(image).rectangle((left, top + 6, left + 20, top + 26), None, look.colours.ink, 2)
    style = Style(typeface=look.fonts.plain, size=17, colour=look.colours.pale)
    write(image, text, Box(left + 28, top, left + 164, top + _CAPTION), style)


def _draw_head(image: Image.Image, page: _Page, look: CardLook, batch: str, day: date) -> None:
    fonts, colours, right = look.fonts, look.colours, PAGE[0] - _MARGIN
    title = Style(typeface=fonts.title, size=26, colour=colours.deep)
    write(image, "សន្លឹកពិនិត្យកាតមុនបោះពុម្ព", Box(_MARGIN, 28, 700, 80), title)
    plain = Style(typeface=fonts.plain, size=21, colour=colours.ink)
    write(image, "Proof sheet: look at every card before it is printed", Box(_MARGIN, 80, 700, 110), plain)
    edge = Style(typeface=fonts.bold, size=21, colour=colours.ink, align="right")
    write(image, batch, Box(710, 30, right, 64), edge)
    days = f"{card_days.khmer(day)}  ·  {card_days.english(day)}"
    write(
        image,
        days,
        Box(710, 62, right, 92),
        Style(typeface=fonts.plain, size=18, colour=colours.pale, align="right"),
    )
    count = f"{page.number}/{page.count}"
    pages = f"ទំព័រ {card_days.khmer_digits(count)}  ·  page {count}"
    write(
        image,
        pages,
        Box(710, 90, right, 120),
        Style(typeface=fonts.plain, size=18, colour=colours.pale, align="right"),
    )
    ImageDraw.Draw(image).line((_MARGIN, 128, right, 128), colours.accent, 3)


def _draw_foot(image: Image.Image, page: _Page, look: CardLook) -> None:
    """Where the checker signs for the page."""
    last, right = page.first + len(page.faces) - 1, PAGE[0] - _MARGIN
    style = Style(typeface=look.fonts.plain, size=19, colour=look.colours.ink)
    pen = ImageDraw.Draw(image)
    pen.line((_MARGIN, 1676, right, 1676), look.colours.accent, 2)
    write(image, f"កាត / Cards {page.first}-{last}", Box(_MARGIN, 1684, 330, 1724), style)
    write(image, "អ្នកពិនិត្យ / Checked by:", Box(340, 1684, 590, 1724), style)
    pen.line((592, 1716, 880, 1716), _LINE, 2)
    write(image, "ថ្ងៃ / Day:", Box(900, 1684, 1010, 1724), style)
    pen.line((1012, 1716, right, 1716), _LINE, 2)
