"""The picture of a day: every number is there, in both drawings."""

from __future__ import annotations

import re
from io import BytesIO
from xml.etree import ElementTree

import pytest
from issuer_faces import look
from PIL import Image

from credential.codes import Name
from issuer.day_chart import STAGES, AgencyCounts, DayStage, draw_png, draw_svg
from issuer.default_codes import DEFAULT_CODES

TITLE = Name("ពាក្យសុំនៅទីណា", "Where every application stands")
FONTS = look().fonts
ROWS = [
    AgencyCounts(
        agency=name,
        counts={stage: (code * 7 + place * 13) % 41 for place, stage in enumerate(DayStage)},
    )
    for code, name in DEFAULT_CODES.ministries.items()
]


def texts(drawing: str) -> list[str]:
    """All texts of an SVG."""
    root = ElementTree.fromstring(drawing)  # noqa: S314 (our own)
    return [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text")]


def test_every_number_is_told() -> None:
    """The row of each agency in the order of the stages, its sum, and the sums below."""
    told = texts(draw_svg(ROWS, title=TITLE))
    for row in ROWS:
        start = told.index(row.agency.km)
        numbers = [f"{row.of(stage)}" if row.of(stage) else "·" for stage in DayStage]
        assert told[start : start + 10] == [row.agency.km, row.agency.en, *numbers, f"{row.total}"]
    sums = [sum(row.of(stage) for row in ROWS) for stage in DayStage]
    assert told[-8:] == [f"{number:,}" for number in (*sums, sum(sums))]
    assert told[:2] == [TITLE.km, TITLE.en]


def test_bars_add_up() -> None:
    """The parts of the longest agency's bar fill it, without a gap."""
    drawing = draw_svg([ROWS[0]], title=TITLE)
    bars = re.findall(r'<rect x="(\d+)" y="192" width="(\d+)" height="24"', drawing)
    assert len(bars) == sum(1 for stage in DayStage if ROWS[0].of(stage))
    ends = [int(x) + int(width) for x, width in bars]
    assert [int(x) for x, _ in bars][1:] == ends[:-1]
    assert ends[-1] == 1280 - 28


def test_png_of_seventeen_agencies() -> None:
    """1280 dots wide, the same every time, with every stage's colour in it."""
    file = draw_png(ROWS, title=TITLE, fonts=FONTS)
    assert file == draw_png(ROWS, title=TITLE, fonts=FONTS)
    image = Image.open(BytesIO(file))
    assert image.size == (1280, 178 + 18 * 52 + 34)
    found = {colour for _, colour in image.convert("RGB").getcolors(1 << 24) or ()}
    assert {colour for _, colour in STAGES.values()} <= found


@pytest.mark.parametrize("count", [0, 1, 999, 220_000])
def test_extremes(count: int) -> None:
    """Nothing at all, and the whole civil service in one cell."""
    rows = [AgencyCounts(agency=Name("ក" * 100, "W" * 120), counts={DayStage.ACTIVE: count})]
    assert draw_png(rows, title=TITLE, fonts=FONTS)
    assert texts(draw_svg(rows, title=TITLE))[-1] == f"{count:,}"


def test_names_are_escaped() -> None:
    """Agencies name themselves."""
    rows = [AgencyCounts(agency=Name("<script>", 'A & "B"\x00\x1b'), counts={})]
    drawing = draw_svg(rows, title=Name("<", "&"))
    assert "<script>" in texts(drawing)
    assert 'A & "B"' in texts(drawing)
    assert draw_png(rows, title=TITLE, fonts=FONTS)


@pytest.mark.parametrize(
    "rows",
    [[], ROWS * 12, [AgencyCounts(agency=TITLE, counts={DayStage.ACTIVE: -1})]],
    ids=["none", "204", "negative"],
)
def test_what_is_no_chart(rows: list[AgencyCounts]) -> None:
    """A programmer's mistake."""
    with pytest.raises(ValueError, match="chart"):
        draw_png(rows, title=TITLE, fonts=FONTS)
