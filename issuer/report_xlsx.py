"""An agency's own rows, written back as XLSX with what is wrong beside each. The door to XlsxWriter.

Every row stands where it stood in what was sent, so that row numbers mean the
same; every cell is a text, so that zeros stay and nothing is a formula. A
report whose rows were mended can be sent as it is.
"""

from __future__ import annotations

import errno
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from credential.codes import TABLES, CodeTables
from issuer import report_wording, sheet_rows
from issuer.applications import ImportReport
from issuer.errors import IssuerError
from issuer.faults import UNKNOWN, WARNINGS
from issuer.report_wording import RESULT, WRONG, Outcome, RowWords, both
from issuer.sheet_cells import holds_bank_number
from issuer.sheet_rows import Header
from issuer.table import Broken, Cell, Table
from issuer.typed_cells import LEFT_OUT, plain

LONGEST = 32_000
"""Characters that are written into one cell; Excel takes 32,767."""
_OURS = 2
"""Columns before the agency's own."""
_SAMPLED, _NARROWEST, _BROADEST = 1000, 9, 40
_BROAD = 70
_UNWRITABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
_RED, _YELLOW, _GREEN, _GREY = "#F8CBAD", "#FFE699", "#C6E0B4", "#D9D9D9"
_COLOURS = {
    Outcome.IMPORTED: _GREEN,
    Outcome.ALREADY_THERE: _GREY,
    Outcome.AMENDED: _GREEN,
    Outcome.UNCHANGED: _GREY,
    Outcome.REPEATED: _GREY,
    Outcome.AT_FAULT: _RED,
}


def check_place(path: Path, *, sent: Path) -> None:
    """Refuses a place where no report can be, before anything is imported.

    Raises:
        IssuerError: `unwritable_file`; `unsafe_out` where what was `sent` would be replaced.
    """
    if os.path.realpath(path) == os.path.realpath(sent):
        raise IssuerError("unsafe_out", "the report would replace what was sent: choose another name")
    with _named(path):
        if not path.name or path.is_symlink() or (path.exists() and not path.is_file()):
            raise OSError(errno.EINVAL, "no place for a file")
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            pass


def write(path: Path, table: Table, header: Header, report: ImportReport, codes: CodeTables) -> None:
    """Puts the report in the place of `path`, whole or not at all, for its owner's eyes only.

    Where a code or a name was in no table, the tables come with it: an agency has no other place to look.

    Raises:
        IssuerError: `unwritable_file`.
    """
    with (
        _named(path),
        # Its drafts hold the same people: they lie beside it, not where all programs' drafts do.
        tempfile.TemporaryDirectory(prefix=".montrey-report-", dir=path.parent) as folder,
    ):
        draft = Path(folder) / "report.xlsx"
        _draw_up(draft, table, header, report, codes)
        draft.chmod(0o600)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(path)


def _draw_up(draft: Path, table: Table, header: Header, report: ImportReport, codes: CodeTables) -> None:
    options = {
        "constant_memory": True,
        "tmpdir": str(draft.parent),
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with Workbook(str(draft), options) as book:
        formats = _Formats(book)
        rows = book.add_worksheet("Applications")
        outcomes = _write_rows(rows, table, header, RowWords(report), formats)
        _write_totals(book.add_worksheet("Totals"), report, outcomes, formats)
        if any(fault.kind in UNKNOWN for fault in report.faults):
            _write_codes(book.add_worksheet("Codes"), codes, formats)


class _Formats:
    """How cells look."""

    def __init__(self, book: Workbook) -> None:
        text = {"num_format": "@", "valign": "top"}
        wrapped = {**text, "text_wrap": True}
        self.text = book.add_format(text)
        self.title = book.add_format({**wrapped, "bold": True, "bottom": 1, "bg_color": "#DDEBF7"})
        self.bold = book.add_format({"bold": True})
        self.wrong = book.add_format(wrapped)
        self.faulty = book.add_format({**text, "bg_color": _RED})
        self.doubtful = book.add_format({**text, "bg_color": _YELLOW})
        self.outcomes = {
            outcome: book.add_format({**wrapped, "bg_color": colour}) for outcome, colour in _COLOURS.items()
        }


def _write_rows(
    sheet: Worksheet, table: Table, header: Header, words: RowWords, formats: _Formats
) -> Counter[Outcome]:
    """The first sheet; returns how many rows came out how."""
    needed = sheet_rows.needed(header)
    _set_widths(sheet, table, needed, formats)
    top = table.header_row
    sheet.freeze_panes(top, _OURS)
    for place, title in enumerate([both(WRONG), both(RESULT), *table.titles]):
        sheet.write_string(top - 1, place, _safe(title), formats.title)
    last, outcomes = top, Counter[Outcome]()
    columns = {place: name for name, place in header.places.items()}
    for number, cells in table.rows(needed=needed):
        last = number
        outcome = words.outcome(number)
        outcomes[outcome] += 1
        sheet.write_string(number - 1, 0, _safe(words.wrong(number)), formats.wrong)
        result = both(report_wording.OUTCOMES[outcome])
        sheet.write_string(number - 1, 1, result, formats.outcomes[outcome])
        marked = _marked(words, number, header, formats)
        if isinstance(cells, Broken):
            sheet.write_string(number - 1, _OURS, _shown(cells.text), formats.faulty)
        else:
            _write_cells(sheet, number, cells, marked=marked, columns=columns, formats=formats)
    sheet.autofilter(top - 1, 0, last - 1, _OURS - 1 + len(table.titles))
    return outcomes


def _marked(words: RowWords, number: int, header: Header, formats: _Formats) -> dict[int, Format]:
    """The agency's columns that are coloured in a row; what is wrong goes before what is doubtful."""
    marked: dict[int, Format] = {}
    for fault in words.faults(number):
        place = header.places.get(fault.column)
        if place is not None and marked.get(place) is not formats.faulty:
            marked[place] = formats.doubtful if fault.kind in WARNINGS else formats.faulty
    return marked


def _write_cells(
    sheet: Worksheet,
    number: int,
    cells: Sequence[Cell],
    *,
    marked: dict[int, Format],
    columns: Mapping[int, str],
    formats: _Formats,
) -> None:
    """The agency's own cells; those of our `columns` that were found good are repeated as they were read."""
    for place, cell in enumerate(cells):
        look, said = marked.get(place, formats.text), plain(cell, columns.get(place, ""))
        text = _safe(said) if place in columns.keys() - marked.keys() else _shown(said)
        if text:
            sheet.write_string(number - 1, _OURS + place, text, look)
        elif place in marked:
            sheet.write_blank(number - 1, _OURS + place, None, look)


def _set_widths(sheet: Worksheet, table: Table, needed: int, formats: _Formats) -> None:
    widths = [len(title) for title in table.titles]
    for _, cells in islice(table.rows(needed=needed), _SAMPLED):
        if not isinstance(cells, Broken):
            widths = [max(width, len(plain(cell))) for width, cell in zip(widths, cells, strict=True)]
    sheet.set_column(0, 0, _BROAD, formats.wrong)
    sheet.set_column(1, 1, 2 * _NARROWEST + 4, formats.text)
    for place, width in enumerate(widths, start=_OURS):
        sheet.set_column(place, place, min(_BROADEST, max(_NARROWEST, width + 2)), formats.text)


def _write_totals(
    sheet: Worksheet, report: ImportReport, outcomes: Counter[Outcome], formats: _Formats
) -> None:
    sheet.set_column(0, 0, _BROAD, formats.wrong)
    sheet.set_column(1, 1, _NARROWEST + 3)
    sheet.set_column(2, 3, _BROAD, formats.wrong)
    for place, line in enumerate(_totals(report, outcomes, formats)):
        for column, (value, look) in enumerate(line):
            if isinstance(value, int):
                sheet.write_number(place, column, value, look)
            else:
                sheet.write_string(place, column, _safe(value), look)


def _write_codes(sheet: Worksheet, codes: CodeTables, formats: _Formats) -> None:
    """The third sheet: what may be written for ministry, position and grade."""
    sheet.set_column(0, 1, 2 * _NARROWEST, formats.text)
    sheet.set_column(2, 3, _BROADEST, formats.text)
    for place, title in enumerate(map(both, report_wording.CODES)):
        sheet.write_string(0, place, title, formats.title)
    sheet.freeze_panes(1, 0)
    rows = [(table, code, name) for table in TABLES for code, name in sorted(getattr(codes, table).items())]
    for row, (table, code, name) in enumerate(rows, start=1):
        for place, text in enumerate((table, str(code), name.km, name.en)):
            sheet.write_string(row, place, _safe(text), formats.text)


_Line = list[tuple[str | int, Format | None]]


def _totals(report: ImportReport, outcomes: Counter[Outcome], formats: _Formats) -> Iterator[_Line]:
    """The second sheet, line by line."""
    yield [(both(report_wording.TOTALS), formats.title)]
    yield [(both(report_wording.ROWS), None), (report.rows, None)]
    for outcome in report_wording.outcomes(amends=report.amends):
        result = both(report_wording.OUTCOMES[outcome])
        yield [(result, formats.outcomes[outcome]), (outcomes[outcome], None)]
    yield [(report_wording.NEXT.km, formats.wrong)]
    yield [(report_wording.NEXT.en, formats.wrong)]
    yield []
    found = {(fault.kind, fault.column): fault.advice for fault in (*report.faults, *report.warnings)}
    counts = Counter((fault.kind, fault.column) for fault in (*report.faults, *report.warnings))
    for (kind, column), count in sorted(counts.items()):
        look = formats.doubtful if kind in WARNINGS else formats.faulty
        advice = found[kind, column]
        yield [(f"{kind.value} {column}".strip(), look), (count, None), (advice.km, None), (advice.en, None)]
    yield []
    yield [(both(report_wording.LEGEND), formats.title)]
    yield [(both(report_wording.FAULTY_CELL), formats.faulty)]
    yield [(both(report_wording.DOUBTFUL_CELL), formats.doubtful)]
    if report.ignored:
        yield []
        yield [(both(report_wording.IGNORED), formats.title)]
        for title, like in report.ignored.items():
            yield [(f"{title} ({like}?)" if like else title, None)]
    if report.strays:
        yield []
        yield [(both(report_wording.STRAY_PHOTOS), formats.title)]
        for stray in report.strays:
            name = report_wording.STRAYS[stray.reason]
            yield [(stray.name, None), ("", None), (name.km, None), (name.en, None)]


def _shown(text: str) -> str:
    """What was not checked, or found at fault: a bank card's number in it is not sent on."""
    return LEFT_OUT if holds_bank_number(text) else _safe(text)


def _safe(text: str) -> str:
    """A text that a cell can hold: damaged bytes and what XML forbids become U+FFFD."""
    return _UNWRITABLE.sub("\ufffd", text if len(text) <= LONGEST else f"{text[:LONGEST]}…")


@contextmanager
def _named(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, XlsxWriterException) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise IssuerError(
            "unwritable_file",
            f"{path}: {reason}; choose another place or make room, and give the same command again",
        ) from error
