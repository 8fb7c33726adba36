"""Files with faults that are known: what a seeded hand spoils in good rows, as CSV and as XLSX.

Every kind of fault has at least one way to come about, whatever the form of the file.
"""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import xlsxwriter

from examples.people import rows as people
from issuer.faults import FaultKind
from issuer.sheet_rows import COLUMNS

K = FaultKind
Spoil = Callable[[str], Any]
Entry = tuple[FaultKind, str, Spoil]
NAMES = list(COLUMNS)

# How each fault comes about: the column it is found in, and what a person did to the cell.
TEXTS: list[tuple[FaultKind, str, Callable[[str], str]]] = [
    *[(K.MISSING_VALUE, column, lambda _: " ") for column in NAMES[:7]],
    (K.MISSING_VALUE, "name_km", lambda _: "\u200b"),
    (K.TOO_LONG, "name_la", lambda _: "A" * 81),
    (K.TOO_LONG, "agency", lambda _: "x" * 900),
    (K.BAD_CHARACTERS, "agency", lambda _: "a\x07b"),
    (K.BAD_CHARACTERS, "name_la", lambda text: text + "\u202e"),
    (K.NOT_KHMER, "name_km", lambda _: "SOK DARA"),
    (K.NOT_KHMER, "name_km", lambda text: text + " ១២"),
    (K.NOT_LATIN, "name_la", lambda _: "សុខ ដារ៉ា"),
    (K.NOT_LATIN, "name_la", lambda text: text + "1"),
    (K.NOT_LATIN, "name_la", lambda text: f"={text}"),
    (K.NOT_LATIN, "name_la", lambda _: "-"),
    (K.BAD_EMPLOYEE_ID, "employee_id", lambda text: text[:-1] + "O"),
    (K.BAD_EMPLOYEE_ID, "employee_id", lambda text: text + "1"),
    (K.LOST_ZEROS, "employee_id", lambda text: str(int(text))),
    (K.SPREADSHEET_NUMBER, "employee_id", lambda _: "1.85E+09"),
    (K.SPREADSHEET_NUMBER, "employee_id", lambda text: f"{int(text)}.0"),
    (K.BAD_DATE, "date_of_birth", lambda _: "April 1980"),
    (K.BAD_DATE, "date_of_birth", lambda text: text.replace("-", "/", 1)),
    (K.AMBIGUOUS_DATE, "date_of_birth", lambda _: "03/04/1980"),
    (K.DAY_FIRST_DATE, "date_of_birth", lambda _: "23/04/1980"),
    (K.IMPOSSIBLE_DATE, "date_of_birth", lambda _: "30/02/1980"),
    (K.BAD_DATE, "date_of_birth", lambda _: "1980"),
    (K.DATE_WITH_TIME, "date_of_birth", lambda _: "1980-04-23 00:00:00"),
    (K.LEADING_APOSTROPHE, "date_of_birth", lambda text: f"'{text}"),
    (K.LEADING_APOSTROPHE, "employee_id", lambda text: f"'{text}"),
    (K.SPREADSHEET_DATE, "date_of_birth", lambda _: "29334"),
    (K.IMPOSSIBLE_DATE, "date_of_birth", lambda _: "1981-02-29"),
    (K.IMPLAUSIBLE_DATE, "date_of_birth", lambda _: "2523-04-23"),
    (K.IMPLAUSIBLE_DATE, "date_of_birth", lambda _: "2026-01-01"),
    (K.UNKNOWN_MINISTRY, "ministry", lambda _: "99"),
    (K.UNKNOWN_MINISTRY, "ministry", lambda _: "Ministry of Magic"),
    (K.UNKNOWN_POSITION, "position", lambda _: "999"),
    (K.UNKNOWN_GRADE, "grade", lambda _: "Z.9"),
    (K.UNKNOWN_STATUS, "employment_status", lambda _: "working"),
    (K.BAD_DIGEST, "photo_sha256", lambda _: "abc"),
    (K.BANK_CARD_NUMBER, "agency", lambda _: "Office 4111 1111 1111 1111"),
    (K.BANK_CARD_NUMBER, "position", lambda _: "Nurse ៤១១១-១១១១-១១១១-១១១១"),
    (K.BANK_CARD_NUMBER, "position", lambda _: "No. 4222222222222"),
    (K.BANK_CARD_NUMBER, "agency", lambda _: "1" * 20),
    (K.BANK_CARD_NUMBER, "name_la", lambda text: f"{text} 4111.1111.1111.1111"),
    (K.BANK_CARD_NUMBER, "agency", lambda _: "0 4111\u20131111\u20131111\u20131111 7"),
]
DAMAGED = (K.BAD_ENCODING, "name_km", lambda text: text + "\udce1")
"""A byte that is not UTF-8, which an XLSX file cannot hold."""


@dataclass(frozen=True)
class Formula:
    """A formula, and what was saved of its result."""

    result: str | float | None


TYPED: list[Entry] = [
    (K.LOST_ZEROS, "employee_id", int),
    (K.SPREADSHEET_NUMBER, "employee_id", lambda text: int(text) + 0.5),
    (K.SPREADSHEET_NUMBER, "grade", lambda _: date(2026, 1, 2)),
    (K.BAD_EMPLOYEE_ID, "employee_id", lambda _: 12_345_678_901),
    (K.DATE_WITH_TIME, "date_of_birth", lambda _: datetime(1980, 4, 23, 5, 6)),  # noqa: DTZ001
    (K.BAD_DATE, "date_of_birth", lambda _: 1980),
    (K.IMPLAUSIBLE_DATE, "date_of_birth", lambda _: date(2026, 1, 1)),
    (K.BAD_DATE, "date_of_birth", lambda _: True),
    (K.UNKNOWN_MINISTRY, "ministry", lambda _: 99),
    (K.UNKNOWN_GRADE, "grade", lambda _: 1.5),
    (K.BANK_CARD_NUMBER, "agency", lambda _: 4_111_111_111_111_111),
    (K.FORMULA_ERROR, "ministry", lambda _: Formula("#N/A")),
    (K.FORMULA_ERROR, "agency", lambda _: Formula("#REF!")),
    (K.FORMULA_WITHOUT_VALUE, "grade", lambda _: Formula(None)),
    (K.MERGED_CELLS, "photo_sha256", lambda _: K.MERGED_CELLS),
]
LINES: list[tuple[FaultKind, Callable[[str], str]]] = [
    (K.WRONG_FIELD_COUNT, lambda line: line + ",more"),
    (K.WRONG_FIELD_COUNT, lambda line: line.split(",")[0]),
    (K.BROKEN_QUOTES, lambda line: '"' + line),
    (K.LINE_TOO_LONG, lambda line: line + "x" * 20_000),
]
DOUBTS: list[Entry] = [
    (K.RETIRED, "employment_status", lambda _: "retired"),
    (K.LONG_POSITION, "position", lambda _: "K" * 80),
    (K.LONG_NAME, "name_la", lambda _: "A" * 79 + "B"),
]

Named = set[tuple[int, str, FaultKind]]


@dataclass
class Seeded:
    """Rows from 2 on, and what a report has to name: nothing less and nothing more."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    lines: dict[int, Callable[[str], str]] = field(default_factory=dict)
    faults: Named = field(default_factory=set)
    warnings: Named = field(default_factory=set)
    known: list[dict[str, str]] = field(default_factory=list)
    """People whom the register has with other data."""

    @property
    def good(self) -> int:
        """How many rows are to be imported."""
        return len(self.rows) - len({row for row, _, _ in self.faults})


def seeded(seed: int, *, typed: bool) -> Seeded:
    """A file in which every way to go wrong occurs, between good rows; `typed` for XLSX."""
    draw = random.Random(seed)
    cells: list[Entry] = [*TEXTS, *(TYPED if typed else [DAMAGED]), *DOUBTS]
    ways: list[Any] = [
        *cells,
        *cells,
        *([] if typed else LINES),
        K.CHANGED_DATA,
        K.CONFLICT_IN_FILE,
        K.PERHAPS_SAME_PERSON,
    ]
    draw.shuffle(ways)
    made, source = Seeded(), people(10 * len(ways), seed=seed)
    for way in ways:
        for _ in range(draw.randrange(3)):
            made.rows.append({**next(source)})
        if isinstance(way, FaultKind):
            _spoil_pair(made, way, next(source))
        elif len(way) == 2:
            made.rows.append({**next(source)})
            made.lines[len(made.rows) + 1] = way[1]
            made.faults.add((len(made.rows) + 1, "", way[0]))
        else:
            _spoil_cells(made, [way, draw.choice(cells)], next(source))
    return made


def _spoil_cells(made: Seeded, ways: list[Entry], person: Mapping[str, str]) -> None:
    """One spoilt cell, and perhaps a second one in another column."""
    row: dict[str, Any] = dict(person)
    number = len(made.rows) + 2
    doubts = {kind for kind, _, _ in DOUBTS}
    if ways[0][0] in doubts or ways[1][0] in doubts or ways[0][1] == ways[1][1]:
        ways = ways[:1]  # a row at fault is not warned of
    for kind, column, spoil in ways:
        row[column] = spoil(row.get(column, ""))
        (made.warnings if kind in doubts else made.faults).add((number, column, kind))
    made.rows.append(row)


def _spoil_pair(made: Seeded, kind: FaultKind, person: dict[str, str]) -> None:
    """What is wrong only beside another row, or beside the register."""
    number = len(made.rows) + 2
    if kind is K.CHANGED_DATA:
        made.known.append(person)
        made.rows.append({**person, "agency": "Another agency"})
        made.faults.add((number, "employee_id", kind))
        return
    other = (
        {"agency": "Another agency"}
        if kind is K.CONFLICT_IN_FILE
        else {"employee_id": "9" + person["employee_id"][1:]}
    )
    made.rows += [{**person}, {**person, **other}]
    for place in (number, number + 1):
        if kind is K.CONFLICT_IN_FILE:
            made.faults.add((place, "employee_id", kind))
        else:
            made.warnings.add((place, "", kind))


def as_csv(made: Seeded) -> bytes:
    """The file as spreadsheets write it."""
    text = io.StringIO()
    csv.writer(text).writerow(NAMES)
    for number, row in enumerate(made.rows, start=2):
        line = io.StringIO()
        csv.writer(line).writerow([row.get(name, "") for name in NAMES])
        written = line.getvalue().rstrip("\r\n")
        text.write((made.lines[number](written) if number in made.lines else written) + "\r\n")
    return text.getvalue().encode("utf-8-sig", errors="surrogateescape")


def as_xlsx(made: Seeded) -> bytes:
    """The same rows with cells of every type."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Applications")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, NAMES)
        for number, row in enumerate(made.rows, start=1):
            for place, name in enumerate(NAMES):
                write_cell(sheet, number, place, row.get(name, ""), day)
    return without_value(file.getvalue())


def write_cell(sheet: Any, row: int, column: int, value: Any, day: Any) -> None:
    """One cell of the type that `value` has."""
    if value is K.MERGED_CELLS:
        sheet.merge_range(row, column, row, column + 1, "merged")
        return
    if isinstance(value, Formula):
        sheet.write_formula(row, column, "=1+1", None, _NO_VALUE if value.result is None else value.result)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    elif value:
        sheet.write_string(row, column, value)


_NO_VALUE = 987654321


def without_value(data: bytes) -> bytes:
    """Takes the results away that stand for none, as programs write that do not calculate."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(f"<v>{_NO_VALUE}</v>".encode(), b""))
    return made.getvalue()
