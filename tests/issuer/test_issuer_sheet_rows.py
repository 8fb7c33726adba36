"""Every fault of a row is named, and none is invented."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seeded_rows import DAMAGED, TEXTS

from credential.codes import Name
from examples.people import rows as people
from issuer import sheet_cells, sheet_rows
from issuer.csv_lines import header_cells
from issuer.csv_table import CsvTable
from issuer.default_codes import DEFAULT_CODES
from issuer.errors import IssuerError
from issuer.faults import ADVICE, Fault, FaultKind
from issuer.sheet_cells import CellError, CodeReader
from issuer.sheet_rows import COLUMNS, Reading, Row

TODAY = date(2026, 11, 22)
READING = Reading(codes=DEFAULT_CODES, today=TODAY)
Cells = dict[str, str]
K = FaultKind

FAULTS = [*TEXTS, DAMAGED]


def line(cells: Cells) -> str:
    """One row as a line, its cells as they are."""
    return ",".join(cells.get(column, "") for column in COLUMNS) + "\n"


def read(lines: list[str], *, reading: Reading = READING) -> list[Row | list[Fault]]:
    """What stands in rows under a header of all columns."""
    table = CsvTable(io.StringIO("".join([",".join(COLUMNS) + "\n", *lines])))
    return [row for _, row in sheet_rows.read(table, sheet_rows.read_header(table.titles), reading)]


def one(*, day_first: bool = False, **changed: str) -> Row | list[Fault]:
    """One good row with some cells changed."""
    reading = Reading(codes=DEFAULT_CODES, today=TODAY, day_first=day_first)
    (row,) = read([line({**next(people(1)), **changed})], reading=reading)
    return row


@pytest.mark.parametrize("seed", range(4))
def test_every_fault_is_named_and_none_invented(seed: int) -> None:
    """A seeded hand spoils cells of a good file; the report names exactly those cells."""
    draw = random.Random(seed)
    lines: list[str] = []
    expected: set[tuple[int, str, FaultKind]] = set()
    for number, person in enumerate(people(300, seed=seed), start=2):
        cells = dict(person)
        for kind, column, spoil in draw.sample(FAULTS, draw.choice((0, 0, 0, 1, 2))):
            if (number, column) not in {(row, name) for row, name, _ in expected}:
                cells[column] = spoil(cells.get(column, ""))
                expected.add((number, column, kind))
        lines.append(line(cells))
    found = [row for row in read(lines) if isinstance(row, list)]
    assert {(f.row, f.column, f.kind) for faults in found for f in faults} == expected


@pytest.mark.parametrize(("kind", "column", "spoil"), FAULTS)
def test_each_fault(kind: FaultKind, column: str, spoil: Callable[[str], str]) -> None:
    """One spoilt cell is one fault, in its column."""
    good = next(people(1))
    spoilt = {**good, column: spoil(good.get(column, ""))}
    assert read([line(spoilt)]) == [[Fault(2, column, kind)]]


def test_every_fault_has_advice_in_two_languages() -> None:
    """A person who has to mend a row is told how."""
    assert set(ADVICE) == set(FaultKind)
    for name in ADVICE.values():
        assert name.en.isascii()
        assert any("\u1780" <= c <= "\u17ff" for c in name.km)


def test_no_fault_repeats_what_a_cell_holds() -> None:
    """A report may be sent by mail: it names rows and columns, never a person."""
    faults = one(name_km="JANE DOE SECRET", employee_id="123")
    assert isinstance(faults, list)
    assert "SECRET" not in repr(faults)


@pytest.mark.parametrize(
    "text", ["Office 12", "4111 1111 1111 1112", "tel. 023 722 222", "1234567890123", "Room 4111; 1111-1111"]
)
def test_other_numbers_are_no_bank_card(text: str) -> None:
    """Too short, or without the check digit."""
    row = one(agency=text)
    assert isinstance(row, Row)
    assert row.agency == text


def test_khmer_digits_are_read() -> None:
    """In numbers, dates and codes."""
    row = one(employee_id="០០១២៣៤៥៦៧៨", date_of_birth="១៩៨០-០៤-២៣", ministry="៥", grade="២១")
    assert isinstance(row, Row)
    assert (row.employee_id, row.date_of_birth, row.ministry, row.grade) == (
        "0012345678",
        date(1980, 4, 23),
        5,
        21,
    )


def test_names_are_brought_into_normal_form() -> None:
    """Zero-width characters, doubled spaces and case are the sender's, not the person's."""
    row = one(name_km="\ufeffសុខ\u200b  ដារ៉ា\u00a0", name_la="sok  dar\u0061\u0301")
    assert isinstance(row, Row)
    assert (row.name_km, row.name_la) == ("សុខ ដារ៉ា", "SOK DARÁ")


def test_names_of_codes_are_read() -> None:
    """In both languages; a position without a code stays as it was written."""
    row = one(ministry="ministry of HEALTH", position="គិលានុបដ្ឋាក", grade="ក.១")
    assert isinstance(row, Row)
    assert (row.ministry, row.position, row.grade) == (5, 25, 11)
    written = one(position="Keeper of the Seal")
    assert isinstance(written, Row)
    assert written.position == "Keeper of the Seal"


@pytest.mark.parametrize(
    "text", ["23/04/1980", "23-4-1980", "23.04.1980", "1980/4/23", "1980-04-23", "1980.04.23"]
)
def test_day_first_is_said_by_the_person(text: str) -> None:
    """With --day-first, and only then, 03/04 is the third of April."""
    row = one(day_first=True, date_of_birth=text)
    assert isinstance(row, Row)
    assert row.date_of_birth == date(1980, 4, 23)


@given(st.text(max_size=40))
def test_any_text_in_any_cell_is_a_value_or_a_fault(text: str) -> None:
    """Nothing else comes out of a cell."""
    codes = CodeReader({1: Name("មួយ", "One")})
    for reader in (
        lambda t: sheet_cells.employee_id(t, length=10),
        sheet_cells.name_km,
        sheet_cells.name_la,
        lambda t: sheet_cells.birth_date(t, today=TODAY, day_first=True),
        lambda t: codes.code(t, otherwise=K.UNKNOWN_GRADE),
        lambda t: codes.code_or_text(t, otherwise=K.UNKNOWN_POSITION),
        sheet_cells.employment_status,
        sheet_cells.digest,
    ):
        try:
            reader(sheet_cells.clean(text))
        except CellError as error:
            assert error.kind in ADVICE  # noqa: PT017


@given(st.text(max_size=60))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    """So that a row that was imported is found again."""
    assert sheet_cells.clean(sheet_cells.clean(text)) == sheet_cells.clean(text)


def test_the_header_in_any_order_and_language() -> None:
    """Khmer titles, other columns between, spaces for underscores."""
    titles = ["Remark", *COLUMNS.values()][::-1]
    header = sheet_rows.read_header(titles)
    assert set(header.places) == set(COLUMNS)
    spaced = [name.replace("_", " ").title() for name in COLUMNS]
    assert sheet_rows.read_header(spaced).places.keys() == set(COLUMNS)


NEEDED = [name for name in COLUMNS if name not in sheet_rows.OPTIONAL]


@pytest.mark.parametrize(
    ("title", "meant"),
    [
        ("employment_staus", "employment_status"),
        ("Employment", ""),
        ("Agancy", "agency"),
        ("ស្ថានភាា", "employment_status"),
    ],
)
def test_a_misspelt_optional_column_is_refused(title: str, meant: str) -> None:
    """Left alone, every value below it would be lost without a word."""
    header = [*NEEDED, title]
    if not meant:
        assert sheet_rows.read_header(header).ignored == {"employment": "employment_status"}
        return
    with pytest.raises(IssuerError, match=meant) as caught:
        sheet_rows.read_header(header)
    assert caught.value.code == "misspelt_column"


def test_columns_that_are_not_ours_are_named() -> None:
    """With the one they resemble; also beside the right one; harmless on a terminal."""
    titles = [*COLUMNS, "agency_2", "Remark", "photo_sh\x1b", "x" * 99]
    assert sheet_rows.read_header(titles).ignored == {
        "agency_2": "agency",
        "remark": "",
        "photo_sh\ufffd": "photo_sha256",
        "x" * 40: "",
    }


@pytest.mark.parametrize("first", ["0012345678,សុខ", "០០១២៣៤៥៦៧៨;សុខ"])
def test_a_file_without_a_header_is_told_so(first: str) -> None:
    """With the line to put above, and nothing of the row."""
    with pytest.raises(IssuerError, match="employee_id,name_km") as caught:
        sheet_rows.read_header(header_cells(first))
    assert caught.value.code == "missing_header"
    assert "12345678" not in str(caught.value)


def test_a_header_that_lacks_columns_names_them() -> None:
    """Those that are missing, not what stands there instead."""
    with pytest.raises(IssuerError, match=r"name_km .*grade") as caught:
        sheet_rows.read_header(
            ["employee_id", "name_la", "date_of_birth", "ministry", "position", "secret name"]
        )
    assert caught.value.code == "missing_columns"
    assert "secret" not in str(caught.value)


def test_a_header_that_repeats_a_column_is_refused() -> None:
    """Also when the two have different languages."""
    with pytest.raises(IssuerError, match="grade") as caught:
        sheet_rows.read_header([*COLUMNS, COLUMNS["grade"]])
    assert caught.value.code == "repeated_column"
