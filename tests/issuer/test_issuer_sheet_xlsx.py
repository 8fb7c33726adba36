"""What Excel does to applications, and which of its sheets is read."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from issuer_desk import Desk, open_desk

from examples.people import rows as people
from issuer import sheet_scan, table
from issuer.applications import ImportReport
from issuer.errors import IssuerError
from issuer.faults import FaultKind
from issuer.sheet_rows import COLUMNS

NAMES = list(COLUMNS)
K = FaultKind
Write = Callable[[Any, Any], None]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty register."""
    return open_desk(tmp_path, passphrase=None)


def workbook(*sheets: tuple[str, Write], **options: Any) -> bytes:
    """A workbook whose sheets are filled in by a function each."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, options) as book:
        for name, write in sheets:
            write(book, book.add_worksheet(name))
    return file.getvalue()


def filled(*, count: int = 2, top: int = 0, left: int = 0) -> Write:
    """The header and some people, from a corner on."""

    def write(_book: Any, sheet: Any) -> None:
        sheet.write_row(top, left, NAMES)
        for row, person in enumerate(people(count), start=top + 1):
            sheet.write_row(row, left, [person.get(name, "") for name in NAMES])

    return write


def one(column: str, value: Any, number_format: str = "General", **options: Any) -> bytes:
    """One person, one of whose cells holds a number, a day or a formula's result."""

    def write(book: Any, sheet: Any) -> None:
        filled(count=1)(book, sheet)
        look = book.add_format({"num_format": number_format})
        if isinstance(value, date):
            sheet.write_datetime(1, NAMES.index(column), value, look)
        else:
            sheet.write(1, NAMES.index(column), value, look)

    return workbook(("Sheet1", write), **options)


def send(desk: Desk, data: bytes) -> ImportReport:
    """Imports a file with this content."""
    path = desk.home.parent / "file.xlsx"
    path.write_bytes(data)
    return desk.office.import_file(path)


def refused(desk: Desk, data: bytes) -> IssuerError:
    """Why a whole file is refused; nothing of it is in the register."""
    with pytest.raises(IssuerError) as caught:
        send(desk, data)
    assert desk.office.cards() == []
    return caught.value


@pytest.mark.parametrize("epoch", [False, True], ids=["1900", "1904"])
@pytest.mark.parametrize(
    ("value", "look"),
    [
        (date(1980, 4, 23), "dd/mm/yyyy"),
        (date(1980, 4, 23), "[$-453]d mmmm yyyy;@"),
        (datetime(1980, 4, 23), "m/d/yy h:mm"),  # noqa: DTZ001
        (date(1980, 4, 23), "General"),  # the number alone
    ],
)
def test_real_dates_are_read(desk: Desk, value: date, look: str, epoch: bool) -> None:
    """However they are shown, and from whichever year the file counts."""
    assert send(desk, one("date_of_birth", value, look, date_1904=epoch)).imported == 1
    assert desk.rows("SELECT date_of_birth FROM person") == ["1980-04-23"]


@pytest.mark.parametrize(
    ("column", "value", "look", "stored"),
    [
        ("employee_id", 12345678, "0000000000", "0012345678"),  # everybody saw ten digits
        ("employee_id", 1234567890, "General", "1234567890"),
        ("employee_id", 1234567890, "0.00E+00", "1234567890"),  # shown so, but kept whole
        ("employee_id", "００１２３４５６７８", "@", "0012345678"),
        ("employee_id", "០០១២៣៤៥៦៧៨", "@", "0012345678"),
        ("employee_id", "\u200b0012345678\u00a0", "@", "0012345678"),
        ("ministry", 5, "General", 5),
        ("ministry", "=2+3", "General", 0),
        ("grade", 21.0, "0.00", 21),
        ("agency", 12, "General", "12"),
    ],
)
def test_what_a_spreadsheet_keeps_is_read(
    desk: Desk, column: str, value: Any, look: str, stored: Any
) -> None:
    """As it is kept, where nothing was lost; a formula is its result (here: 0, which is no ministry)."""
    report = send(desk, one(column, value, look))
    if stored == 0:
        assert [fault.kind for fault in report.faults] == [K.UNKNOWN_MINISTRY]
        return
    assert report.faults == []
    assert desk.rows(f"SELECT {column} FROM person") == [stored]  # noqa: S608  # a name of ours


@pytest.mark.parametrize(
    ("value", "look", "kind"),
    [
        (12345678, "General", K.LOST_ZEROS),
        (12345678, "00000000", K.LOST_ZEROS),  # eight zeros make no ten digits
        (12345678.5, "General", K.SPREADSHEET_NUMBER),
        (1e300, "General", K.SPREADSHEET_NUMBER),
        (12345678901, "General", K.BAD_EMPLOYEE_ID),
        (-5, "General", K.BAD_EMPLOYEE_ID),
        (date(2001, 2, 3), "dd/mm/yyyy", K.SPREADSHEET_NUMBER),
        (True, "General", K.BAD_EMPLOYEE_ID),
    ],
)
def test_what_a_spreadsheet_lost_is_named(desk: Desk, value: Any, look: str, kind: FaultKind) -> None:
    """No number is completed by guessing."""
    report = send(desk, one("employee_id", value, look))
    assert [(f.row, f.column, f.kind) for f in report.faults] == [(2, "employee_id", kind)]


def test_the_header_may_stand_below_titles(desk: Desk) -> None:
    """And away from the left; rows keep the numbers that a person sees, empty ones between them too."""

    def write(book: Any, sheet: Any) -> None:
        sheet.merge_range(0, 0, 1, 8, "Ministry of Health — applications")
        filled(count=3, top=6, left=2)(book, sheet)
        sheet.write_row(12, 2, ["1", *[next(people(1))[name] for name in NAMES[1:-1]]])

    report = send(desk, workbook(("Applications", write)))
    assert (report.rows, report.imported) == (4, 3)
    assert [(f.row, f.kind) for f in report.faults] == [(13, K.LOST_ZEROS)]


def test_one_of_several_sheets_is_read(desk: Desk) -> None:
    """The one with our header, wherever it stands; hidden ones are left alone."""

    def notes(_book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["Remember", "to", "send"])

    def hidden(book: Any, sheet: Any) -> None:
        filled()(book, sheet)
        sheet.hide()

    data = workbook(("Notes", notes), ("Old", hidden), ("Names", filled(count=3)))
    assert send(desk, data).imported == 3


@pytest.mark.parametrize("very", [False, True])
def test_a_hidden_sheet_is_not_read(desk: Desk, very: bool) -> None:
    """What nobody sees, nobody has checked."""

    def hidden(book: Any, sheet: Any) -> None:
        filled()(book, sheet)
        (sheet.very_hidden if very else sheet.hide)()

    data = workbook(("Front", lambda _book, sheet: sheet.write(0, 0, "x")), ("Back", hidden))
    error = refused(desk, data)
    assert (error.code, '"Back"' in str(error)) == ("hidden_sheet", True)


def test_two_sheets_with_our_header_are_refused(desk: Desk) -> None:
    """With their titles, but no number that may be a bank card's."""
    error = refused(desk, workbook(("A", filled()), ("4111111111111111", filled())))
    assert error.code == "several_sheets"
    assert '"A"' in str(error)
    assert "4111" not in str(error)


def test_without_our_header_the_sheets_are_named(desk: Desk) -> None:
    """Also where it stands too far down."""
    error = refused(desk, workbook(("Deep", filled(top=sheet_scan.TITLE_ROWS)), ("Empty", lambda *_: None)))
    assert error.code == "no_header_sheet"
    assert '"Deep", "Empty"' in str(error)


def test_an_incomplete_header_names_what_it_lacks(desk: Desk) -> None:
    """As in a CSV file."""

    def write(_book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, [name for name in NAMES if name != "grade"])

    error = refused(desk, workbook(("Sheet1", write)))
    assert (error.code, "grade" in str(error)) == ("missing_columns", True)


def test_a_merged_header_is_refused(desk: Desk) -> None:
    """Below it nobody knows which column is which."""

    def write(book: Any, sheet: Any) -> None:
        filled()(book, sheet)
        sheet.merge_range(0, len(NAMES) - 1, 0, len(NAMES), NAMES[-1])

    assert refused(desk, workbook(("Sheet1", write))).code == "malformed_header"


def test_merged_cells_are_named_in_every_row(desk: Desk) -> None:
    """One ministry over three people is the value of the first alone, and meant for all."""

    def write(book: Any, sheet: Any) -> None:
        filled(count=4)(book, sheet)
        sheet.merge_range(1, 4, 3, 4, "5")

    report = send(desk, workbook(("Sheet1", write)))
    assert {(f.row, f.column, f.kind) for f in report.faults} == {
        (row, "ministry", K.MERGED_CELLS) for row in (2, 3, 4)
    }
    assert report.imported == 1


def test_text_in_several_fonts_is_one_text(desk: Desk) -> None:
    """Rich text comes in runs."""

    def write(book: Any, sheet: Any) -> None:
        filled(count=1)(book, sheet)
        sheet.write_rich_string(
            1, NAMES.index("agency"), "Depart", book.add_format({"bold": True}), "ment", " 1"
        )

    send(desk, workbook(("Sheet1", write)))
    assert desk.rows("SELECT agency FROM person") == ["Department 1"]


def test_a_file_sent_again_in_the_other_form_changes_nothing(desk: Desk) -> None:
    """What was filed from XLSX is there already when it comes as CSV."""
    send(desk, workbook(("Sheet1", filled(count=20))))
    lines = [NAMES, *([person.get(name, "") for name in NAMES] for person in people(20))]
    report = send(desk, "\n".join(",".join(line) for line in lines).encode())
    assert (report.imported, report.already_there, report.faults) == (0, 20, [])


def test_sizes_are_bounded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows, columns, cells, texts, elements: each before a parser keeps them."""

    def wide(book: Any, sheet: Any) -> None:
        filled()(book, sheet)
        sheet.write(1, sheet_scan.MAX_COLUMNS, "x")

    assert refused(desk, workbook(("Sheet1", wide))).code == "too_many_columns"

    def deep(book: Any, sheet: Any) -> None:
        filled()(book, sheet)
        sheet.write(1_048_575, 0, "x")

    assert refused(desk, workbook(("Sheet1", deep))).code == "too_many_rows"
    for name, value in (("MAX_AREA", 10), ("MAX_TEXT", 10), ("MAX_ELEMENTS", 50), ("MAX_MARKS", 0)):
        with monkeypatch.context() as patched:
            patched.setattr(sheet_scan, name, value)
            data = one("employee_id", 12345678, "0000000000")
            assert refused(desk, data).code == "file_too_large", name
    monkeypatch.setattr(table, "MAX_ROWS", 3)
    assert refused(desk, workbook(("Sheet1", filled(count=4)))).code == "too_many_rows"


def test_a_long_text_is_a_fault_of_its_cell(desk: Desk) -> None:
    """As long as Excel lets it be."""
    report = send(desk, one("agency", "x" * 32_767))
    assert [(f.column, f.kind) for f in report.faults] == [("agency", K.TOO_LONG)]
