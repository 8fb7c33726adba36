"""Where every application stands, agency by agency: the picture of a day, as PNG and SVG.

Numbers in, a picture out: a table whose cells are the darker the more stand
there, and beside each agency a bar of its stages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from io import BytesIO
from operator import mul

from PIL import Image, ImageDraw

from credential.codes import Name
from issuer.card_fonts import CardFonts
from issuer.card_text import Box, Colour, Style, write


class DayStage(StrEnum):
    """Where an application can stand, in the order of its way."""

    APPLIED = "applied"
    REJECTED = "rejected"
    APPROVED = "approved"
    IN_BATCH = "in_batch"
    PRINTED = "printed"
    ACTIVE = "active"
    OTHER = "other"


STAGES: Mapping[DayStage, tuple[Name, Colour]] = {
    DayStage.APPLIED: (Name("បានដាក់ពាក្យ", "applied"), (109, 127, 153)),
    DayStage.REJECTED: (Name("មិនអនុម័ត", "rejected"), (179, 62, 52)),
    DayStage.APPROVED: (Name("បានអនុម័ត", "approved"), (58, 110, 181)),
    DayStage.IN_BATCH: (Name("ក្នុងបាច់", "in a batch"), (98, 82, 164)),
    DayStage.PRINTED: (Name("បានបោះពុម្ព", "printed"), (186, 132, 40)),
    DayStage.ACTIVE: (Name("បានប្រគល់", "handed over"), (38, 128, 84)),
    DayStage.OTHER: (Name("ផ្សេងៗ", "other"), (120, 116, 110)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyCounts:
    """One agency and how many of its applications stand where."""

    agency: Name
    counts: Mapping[DayStage, int]

    def of(self, stage: DayStage) -> int:
        """How many stand at `stage`."""
        return self.counts.get(stage, 0)

    @property
    def total(self) -> int:
        """All its applications."""
        return sum(map(self.of, DayStage))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """A filled box with text in it, which both drawings are made of."""

    box: Box
    fill: Colour | None = None
    text: str = ""
    size: int = 20
    colour: Colour = (24, 33, 47)
    bold: bool = False
    align: str = "left"


WIDTH = 1280
_EDGE, _HEAD, _ROW, _NAMES, _STAGE, _TOTAL = 28, 178, 52, 410, 84, 74
_BAR = _EDGE + _NAMES + len(DayStage) * _STAGE + _TOTAL + 14
_PAPER, _INK, _PALE, _RULE = (255, 255, 255), (24, 33, 47), (92, 104, 122), (222, 227, 235)
_BRIGHTNESS = (0.299, 0.587, 0.114)
"""How much red, green and blue count for the eye (ITU-R BT.601)."""
MAX_AGENCIES = 200
ALL = Name("សរុប", "All")


def draw_png(rows: Sequence[AgencyCounts], *, title: Name, fonts: CardFonts) -> bytes:
    """The chart as a PNG, 1280 dots wide; the same input gives the same bytes.

    Raises:
        ValueError: for no agency, more than 200, or a number below 0.
        IssuerError: `no_card_fonts`.
    """
    cells = _cells(rows, title)
    image = Image.new("RGB", (WIDTH, _height(rows)), _PAPER)
    pen = ImageDraw.Draw(image)
    for cell in cells:
        left, top, right, bottom = cell.box
        if cell.fill:
            pen.rectangle((left, top, right - 1, bottom - 1), cell.fill)
        typeface = fonts.bold if cell.bold else fonts.plain
        style = Style(typeface=typeface, size=cell.size, colour=cell.colour, align=cell.align)
        if cell.text:
            write(image, cell.text, cell.box, style)
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def draw_svg(rows: Sequence[AgencyCounts], *, title: Name) -> str:
    """The same chart as an SVG, in whatever Khmer font its reader has; text stays text.

    Raises:
        ValueError: like `draw_png`.
    """
    height = _height(rows)
    parts = "".join(_svg_cell(cell) for cell in _cells(rows, title))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}"'
        f' viewBox="0 0 {WIDTH} {height}"'
        " font-family=\"'Noto Sans','Noto Sans Khmer','Khmer OS Battambang',sans-serif\">"
        f"<title>{escape(title.km)} · {escape(title.en)}</title>"
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>{parts}</svg>\n'
    )


def _cells(rows: Sequence[AgencyCounts], title: Name) -> list[_Cell]:
    if not 1 <= len(rows) <= MAX_AGENCIES or any(row.of(stage) < 0 for row in rows for stage in DayStage):
        raise ValueError("a chart has 1 to 200 agencies, and numbers from 0")
    whole = AgencyCounts(agency=ALL, counts={stage: sum(row.of(stage) for row in rows) for stage in DayStage})
    most = max(1, *(row.of(stage) for row in rows for stage in DayStage))
    longest = max(1, *(row.total for row in rows))
    cells = _head(title)
    for number, row in enumerate(rows):
        cells += _row(row, _HEAD + number * _ROW, most, longest, bold=False)
    bottom = _HEAD + len(rows) * _ROW
    cells.append(_Cell(box=Box(_EDGE, bottom + 4, WIDTH - _EDGE, bottom + 6), fill=_INK))
    cells += _row(whole, bottom + 10, 0, whole.total, bold=True)
    return cells


def _head(title: Name) -> list[_Cell]:
    """The title, and the stages over their columns."""
    cells = [
        _Cell(box=Box(_EDGE, 18, WIDTH - _EDGE, 66), text=title.km, size=30, bold=True),
        _Cell(box=Box(_EDGE, 64, WIDTH - _EDGE, 98), text=title.en, size=22, colour=_PALE),
    ]
    names = [(name, colour, _STAGE) for name, colour in STAGES.values()]
    left = _EDGE + _NAMES
    for name, colour, width in (*names, (Name("សរុប", "total"), _INK, _TOTAL)):
        right = left + width
        cells += [
            _Cell(box=Box(left + 2, 116, right - 2, 121), fill=colour),
            _Cell(box=Box(left, 124, right, 150), text=name.km, size=16, align="centre", bold=True),
            _Cell(box=Box(left, 148, right, 170), text=name.en, size=14, align="centre", colour=_PALE),
        ]
        left = right
    return cells


def _row(row: AgencyCounts, top: int, most: int, longest: int, *, bold: bool) -> list[_Cell]:
    """An agency: its names, its numbers, and its bar, as long as its share of `longest`."""
    bottom, left = top + _ROW, _EDGE + _NAMES
    second = row.agency.en if row.agency.en != row.agency.km else ""  # one name is said once
    cells = [
        _Cell(box=Box(_EDGE, bottom - 1, WIDTH - _EDGE, bottom), fill=_RULE),
        _Cell(box=Box(_EDGE, top + 1, left - 12, top + 33), text=row.agency.km, size=18, bold=bold),
        _Cell(box=Box(_EDGE, top + 30, left - 12, bottom - 2), text=second, size=13, colour=_PALE),
    ]
    for stage, (_, colour) in STAGES.items():
        cells.append(_number(row.of(stage), Box(left, top, left + _STAGE, bottom), colour, most, bold=bold))
        left += _STAGE
    total = Box(left, top, left + _TOTAL, bottom)
    cells.append(_Cell(box=total, text=f"{row.total:,}", size=20, bold=True, align="centre"))
    return cells + _bar(row, top, longest)


def _number(count: int, box: Box, colour: Colour, most: int, *, bold: bool) -> _Cell:
    """A number on its stage's colour, the darker the more; nothing on white for none."""
    inside = Box(box.left + 2, box.top + 2, box.right - 2, box.bottom - 3)
    if not count:
        return _Cell(box=inside, text="·", size=20, colour=(178, 186, 198), align="centre")
    part = 0.14 + 0.80 * (count / most) ** 0.6 if most else 0.0
    fill = _mixed(colour, part) if most else None
    text = _PAPER if fill and sum(map(mul, fill, _BRIGHTNESS)) < 140 else _INK
    return _Cell(box=inside, fill=fill, text=f"{count:,}", size=20, colour=text, bold=bold, align="centre")


def _bar(row: AgencyCounts, top: int, longest: int) -> list[_Cell]:
    """The stages side by side; edges are rounded sums, so that no stage's rounding moves the next."""
    room, before, cells = WIDTH - _EDGE - _BAR, 0, []
    for stage, (_, colour) in STAGES.items():
        after = before + row.of(stage)
        start, end = (_BAR + round(room * count / max(1, longest)) for count in (before, after))
        if end > start:
            cells.append(_Cell(box=Box(start, top + 14, end, top + _ROW - 14), fill=colour))
        before = after
    return cells


def _mixed(colour: Colour, part: float) -> Colour:
    red, green, blue = (round(255 + (c - 255) * part) for c in colour)
    return red, green, blue


def _height(rows: Sequence[AgencyCounts]) -> int:
    return _HEAD + (len(rows) + 1) * _ROW + 10 + 24


def _svg_cell(cell: _Cell) -> str:
    left, top, right, bottom = cell.box
    box = ""
    if cell.fill:
        size = f'width="{right - left}" height="{bottom - top}"'
        box = f'<rect x="{left}" y="{top}" {size} fill="{_hex(cell.fill)}"/>'
    if not cell.text:
        return box
    anchor, x = ("middle", (left + right) / 2) if cell.align == "centre" else ("start", float(left))
    base = (top + bottom) / 2 + cell.size * 0.34
    weight = ' font-weight="bold"' if cell.bold else ""
    text = "".join(c for c in cell.text if c >= " ")
    return (
        f'{box}<text x="{x:g}" y="{base:g}" font-size="{cell.size}" text-anchor="{anchor}"{weight}'
        f' fill="{_hex(cell.colour)}">{escape(text)}</text>'
    )


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
