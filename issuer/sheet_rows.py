"""A file of applications, row by row: checked and frozen, or named with everything that is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from types import MappingProxyType

from credential.claims import MAX_NAME, EmploymentStatus
from credential.codes import CodeTables
from issuer import sheet_cells, typed_cells
from issuer import table as tables
from issuer.errors import IssuerError
from issuer.faults import EMPLOYEE_ID_DIGITS, Fault, FaultKind
from issuer.sheet_cells import CellError, CodeReader, clean
from issuer.table import Broken, Cell, Table

COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "employee_id": "អត្តលេខ",
        "name_km": "ឈ្មោះខ្មែរ",
        "name_la": "ឈ្មោះឡាតាំង",
        "date_of_birth": "ថ្ងៃខែឆ្នាំកំណើត",
        "ministry": "ក្រសួង",
        "position": "មុខតំណែង",
        "grade": "ឋានន្តរស័ក្តិ",
        "agency": "អង្គភាព",
        "employment_status": "ស្ថានភាព",
        "photo_sha256": "កូដរូបថត",
    }
)
"""The columns, in any order, under either of their names."""
OPTIONAL = frozenset({"agency", "employment_status", "photo_sha256"})
NEEDED = COLUMNS.keys() - OPTIONAL
REPORT_TITLES = frozenset({"កំហុស_·_what_is_wrong", "លទ្ធផល_·_result"})
"""What a report puts before an agency's columns, as `title_of` has it: a mended report comes back."""
MISSPELT = 0.75
"""From this likeness on, a column that is not ours is taken for a misspelt optional one, and refused."""
LIKE = 0.5
"""From this likeness on, the column that it resembles is named in the report."""
_MAX_TITLE = 40

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One application as an agency sent it, checked."""

    employee_id: str
    name_km: str
    name_la: str
    date_of_birth: date
    ministry: int
    position: int | str
    grade: int
    agency: str
    employment_status: EmploymentStatus
    photo_sha256: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How rows are read: the register's tables and settings, and the day of reading."""

    codes: CodeTables
    today: date
    day_first: bool = False
    employee_id_digits: int = EMPLOYEE_ID_DIGITS


@dataclass(frozen=True, slots=True)
class Header:
    """Where which column stands.

    `ignored` names the columns that are not ours, each with the one of ours
    that it resembles most, or an empty text.
    """

    places: Mapping[str, int]
    ignored: Mapping[str, str]


def title_of(cell: str) -> str:
    """A cell of a header as titles are compared."""
    return clean(cell).casefold().replace(" ", "_")


def read_header(cells: Sequence[str], *, needed: Collection[str] = NEEDED) -> Header:
    """The header of a table, in which the columns `needed` must be.

    Raises:
        IssuerError: `missing_columns`, `repeated_column` and `misspelt_column`, naming them;
            `missing_header` when this is a row.
    """
    titles = [title_of(cell) for cell in cells]
    places = {}
    for name, khmer in COLUMNS.items():
        found = [place for place, title in enumerate(titles) if title in (name, khmer)]
        if len(found) > 1:
            said = f"{name} ({khmer})"
            raise IssuerError("repeated_column", f"the header names a column twice: {said}", column=said)
        if found:
            places[name] = found[0]
    missing = [name for name in COLUMNS if name in needed and name not in places]
    if not places and any(sheet_cells.digits(title).isdigit() for title in titles):
        above = ",".join(COLUMNS)
        raise IssuerError("missing_header", f"the first line is a row: put this line above it: {above}")
    if missing:
        names = ", ".join(f"{name} ({COLUMNS[name]})" for name in missing)
        raise IssuerError("missing_columns", f"the header lacks: {names}", columns=names)
    taken = {*places.values(), *(place for place, title in enumerate(titles) if title in REPORT_TITLES)}
    others = [title for place, title in enumerate(titles) if title and place not in taken]
    ignored = {shown(title): _nearest(title, COLUMNS, LIKE) for title in others}
    for title in others:
        if meant := _nearest(title, COLUMNS.keys() - needed - places.keys(), MISSPELT):
            said = f"{meant} ({COLUMNS[meant]})"
            refusal = f"a column of the header is nearly {said}: write it so, or rename it"
            raise IssuerError("misspelt_column", refusal, column=said)
    return Header(places, ignored)


def shown(title: str) -> str:
    """A title or file name for a report: short, no bank card's number, nothing that a terminal would obey."""
    if sheet_cells.holds_bank_number(title.replace("_", " ")):
        return "…"
    return "".join(c if c.isprintable() else "\ufffd" for c in title[:_MAX_TITLE])


def _nearest(title: str, names: Iterable[str], cutoff: float) -> str:
    """The column among `names` whose English or Khmer title resembles `title` most, if one does."""
    spelt = {text: name for name in names for text in (name, COLUMNS[name])}
    found = get_close_matches(title[:_MAX_TITLE], spelt, 1, cutoff)
    return spelt[found[0]] if found else ""


def needed(header: Header) -> int:
    """How many cells a row has at least: up to the last one that may not be empty."""
    return 1 + max(place for name, place in header.places.items() if name not in OPTIONAL)


def read(
    table: Table, header: Header, reading: Reading, *, numbers: set[str] | None = None
) -> Iterator[tuple[int, Row | list[Fault]]]:
    """The rows below the header: each with its number, and checked or with all its faults.

    Employee numbers are added to `numbers`, those of faulty rows too.

    Raises:
        IssuerError: `too_many_rows`.
    """
    by_column = readers(reading)
    for counted, (number, cells) in enumerate(table.rows(needed=needed(header)), start=1):
        if counted > tables.MAX_ROWS:
            raise IssuerError("too_many_rows", f"the file has more than {tables.MAX_ROWS:,} rows: divide it")
        if isinstance(cells, Broken):
            yield number, [Fault(number, "", cells.kind)]
        else:
            values, faults = _read_row(number, cells, header.places, by_column, reading.employee_id_digits)
            if numbers is not None and "employee_id" in values:
                numbers.add(str(values["employee_id"]))
            # Each reader returns its field's type.
            yield number, faults or Row(**values)  # type: ignore[arg-type]


def differing(row: Row, other: Row) -> list[str]:
    """The columns in which two applications differ."""
    return [name for name in COLUMNS if getattr(row, name) != getattr(other, name)]


Reader = Callable[[str], object]


def readers(reading: Reading) -> dict[str, Reader]:
    """What makes the value of each column of a text."""
    ministries, positions, grades = (
        CodeReader(table)
        for table in (reading.codes.ministries, reading.codes.positions, reading.codes.grades)
    )
    return {
        "employee_id": lambda text: sheet_cells.employee_id(text, length=reading.employee_id_digits),
        "name_km": sheet_cells.name_km,
        "name_la": sheet_cells.name_la,
        "date_of_birth": lambda text: sheet_cells.birth_date(
            text, today=reading.today, day_first=reading.day_first
        ),
        "ministry": lambda text: ministries.code(text, otherwise=FaultKind.UNKNOWN_MINISTRY),
        "position": lambda text: positions.code_or_text(text, otherwise=FaultKind.UNKNOWN_POSITION),
        "grade": lambda text: grades.code(text, otherwise=FaultKind.UNKNOWN_GRADE),
        "agency": lambda text: sheet_cells.printable(text) if text else "",
        "employment_status": sheet_cells.employment_status,
        "photo_sha256": sheet_cells.digest,
    }


def _read_row(
    number: int,
    cells: Sequence[Cell],
    places: Mapping[str, int],
    by_column: Mapping[str, Reader],
    digits: int,
) -> tuple[dict[str, object], list[Fault]]:
    values: dict[str, object] = {}
    faults = []
    for name, reader in by_column.items():
        cell = cells[places[name]] if name in places else ""
        try:
            values[name] = value_of(cell, name, reader, digits=digits)
        except CellError as error:
            faults.append(Fault(number, name, error.kind, digits=digits))
    return values, faults


def value_of(cell: Cell, name: str, reader: Reader, *, digits: int) -> object:
    """The value in a cell of the column `name`.

    Raises:
        CellError: what is wrong with it.
    """
    return reader(
        _cleaned(cell if isinstance(cell, str) else typed_cells.text(cell, name, digits=digits), name)
    )


def _cleaned(raw: str, name: str) -> str:
    if not raw.isascii() and _SURROGATE.search(raw):
        raise CellError(FaultKind.BAD_ENCODING)  # bytes that were not UTF-8 (surrogateescape)
    if len(raw) > 10 * MAX_NAME:
        raise CellError(FaultKind.TOO_LONG)
    if "\ufffd" in raw:
        raise CellError(FaultKind.BAD_ENCODING)  # what was damaged before, or stands for it in a report
    text = clean(raw)
    if kind := typed_cells.refused(text):
        raise CellError(kind)
    if not text and name not in OPTIONAL:
        raise CellError(FaultKind.MISSING_VALUE)
    return text
