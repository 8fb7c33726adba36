"""Taking in an agency's file: every good row once, every bad row named, all in one transaction."""

from __future__ import annotations

import io
import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import insert, update
from sqlmodel import Session, col, select

from credential.claims import EmploymentStatus
from issuer import contents, csv_rows, qr_length
from issuer.csv_lines import MAX_LINE
from issuer.csv_rows import Header, Reading, Row
from issuer.errors import IssuerError
from issuer.faults import Fault, FaultKind
from issuer.lifecycle import ENDED, Act, CardState
from issuer.models import ActRow, Card, Person

MAX_BYTES = 100_000_000
MAX_ROWS = 200_000
_CHUNK = 500
"""Rows looked up and written at a time; SQLite takes 999 parameters everywhere."""

Progress = Callable[[int, int], None]
"""Told how much is done, of how much."""

_SEPARATOR_LINE = re.compile(r"\"?sep=.?\"?", re.IGNORECASE)
_FOREIGN = {
    b"PK\x03\x04": ("spreadsheet_file", "this is a spreadsheet (XLSX): save it as CSV UTF-8"),
    b"\xd0\xcf\x11\xe0": ("spreadsheet_file", "this is a spreadsheet (XLS): save it as CSV UTF-8"),
    b"\xff\xfe": ("not_utf8", "the file is in UTF-16: save it as CSV UTF-8"),
    b"\xfe\xff": ("not_utf8", "the file is in UTF-16: save it as CSV UTF-8"),
}


@dataclass(slots=True)
class ImportReport:
    """What became of every row: imported, already there, repeated in the file, or at fault.

    `repeated` holds (row, first row) of rows that say the same thing twice.
    `changed` names, for a fault `changed_data`, the columns that differ.
    `warnings` are of rows that were imported all the same. `ignored` holds the
    columns that are not ours, each with the one of ours it resembles, or nothing.
    """

    rows: int = 0
    imported: int = 0
    already_there: int = 0
    repeated: list[tuple[int, int]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    changed: dict[int, list[str]] = field(default_factory=dict)
    warnings: list[Fault] = field(default_factory=list)
    ignored: dict[str, str] = field(default_factory=dict)


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """The file as text, if it can be one of ours at all.

    Bytes that are not UTF-8 come out as lone surrogates, so that their row can be named.

    Raises:
        IssuerError: `unreadable_file`, `file_too_large`, `empty_file`,
            `spreadsheet_file`, `not_utf8`, `not_text`.
    """
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size > MAX_BYTES:
                raise IssuerError("file_too_large", f"the file has more than {MAX_BYTES:,} bytes: divide it")
            head = file.read(4096)
            if not head.strip():
                raise IssuerError("empty_file", "the file is empty")
            for magic, refusal in _FOREIGN.items():
                if head.startswith(magic):
                    raise IssuerError(*refusal)
            if b"\0" in head:
                raise IssuerError("not_text", "this is no text file: save the applications as CSV UTF-8")
            yield io.TextIOWrapper(file, "utf-8-sig", errors="surrogateescape")
    except OSError as error:
        raise IssuerError("unreadable_file", f"{path}: {error.strerror}") from error


def import_file(
    session: Session, file: TextIO, reading: Reading, *, now: int, progress: Progress | None = None
) -> ImportReport:
    """Files an application for every good row of `file` that the register does not know yet.

    The file is read twice: which of two rows with one employee number is right
    cannot be told, so neither is taken, and that shows only at the end.

    Raises:
        IssuerError: `missing_columns`, `repeated_column`, `misspelt_column`, `missing_header`,
            `malformed_header`, `too_many_rows`, `no_rows`.
    """
    report = ImportReport(ignored=dict(_header(_lines(file)).ignored))
    left_out = _survey(file, reading, report)
    if not report.rows:
        raise IssuerError("no_rows", "there are no rows below the header")
    good = (
        (number, row)
        for number, row in _rows(file, reading)
        if isinstance(row, Row) and number not in left_out
    )
    done = 0
    while chunk := list(islice(good, _CHUNK)):
        _file_chunk(session, chunk, report, now)
        done += len(chunk)
        if progress:
            progress(done, report.rows)
    report.faults.sort(key=lambda fault: fault.row)
    return report


def _survey(file: TextIO, reading: Reading, report: ImportReport) -> set[int]:
    """Counts the rows and names their faults; returns the good rows that are not to be filed."""
    seen: dict[str, list[tuple[int, int]]] = {}
    for number, row in _rows(file, reading):
        report.rows += 1
        if report.rows > MAX_ROWS:
            raise IssuerError("too_many_rows", f"the file has more than {MAX_ROWS:,} rows: divide it")
        if isinstance(row, Row):
            seen.setdefault(row.employee_id, []).append((number, hash(row)))
        else:
            report.faults += row
    left_out: set[int] = set()
    for rows in seen.values():
        (first, data), *others = rows
        if any(other != data for _, other in others):
            clash = next(number for number, other in others if other != data)
            for number, _ in rows:
                fault = FaultKind.CONFLICT_IN_FILE
                report.faults.append(Fault(number, "employee_id", fault, clash if number == first else first))
                left_out.add(number)
        else:
            report.repeated += [(number, first) for number, _ in others]
            left_out.update(number for number, _ in others)
    return left_out


def _rows(file: TextIO, reading: Reading) -> Iterator[tuple[int, Row | list[Fault]]]:
    lines = _lines(file)
    return csv_rows.read(lines, _header(lines), reading)


def _header(lines: Iterator[str]) -> Header:
    line = next(lines, "")
    if _SEPARATOR_LINE.fullmatch(line.strip()):  # Excel's own; it shows no row for it
        line = next(lines, "")
    return csv_rows.read_header(line)


def _lines(file: TextIO) -> Iterator[str]:
    """The lines of `file` from its beginning, at most one character longer than a line may be."""
    file.seek(0)
    for _ in range(2 * MAX_ROWS):
        line = file.readline(MAX_LINE + 1)
        if not line:
            return
        rest = line
        while len(rest) > MAX_LINE and not rest.endswith("\n"):
            rest = file.readline(MAX_LINE + 1)
        yield line
    raise IssuerError("too_many_rows", f"the file has more than {MAX_ROWS:,} rows: divide it")


def _file_chunk(session: Session, chunk: list[tuple[int, Row]], report: ImportReport, now: int) -> None:
    ids = [row.employee_id for _, row in chunk]
    people = session.exec(select(Person).where(col(Person.employee_id).in_(ids))).all()
    known = {person.employee_id: (person, row_of(person)) for person in people}
    free = _without_card(session, [person.id for person in people])
    fresh, again = [], []
    for number, row in chunk:
        person, there = known.get(row.employee_id, (None, None))
        if person is None or there is None:
            fresh.append(_person(row, now))
        elif person.id in free and row.date_of_birth == there.date_of_birth:
            again.append({**_person(row, person.created_at), "id": person.id})
            report.warnings.append(Fault(number, "employee_id", FaultKind.HAD_CARD))
        elif there == row:
            report.already_there += 1
            continue
        else:
            report.faults.append(Fault(number, "employee_id", FaultKind.CHANGED_DATA))
            report.changed[number] = csv_rows.differing(row, there)
            continue
        if row.employment_status is EmploymentStatus.RETIRED:
            report.warnings.append(Fault(number, "employment_status", FaultKind.RETIRED))
        report.warnings += qr_length.long_codes(number, row)
    session.expunge_all()
    report.imported += len(fresh) + len(again)
    if again:
        session.execute(update(Person), again)
    numbers = [int(str(person["id"])) for person in again]
    numbers += _ids(session, Person, fresh) if fresh else []
    if numbers:
        _apply(session, dict(zip(numbers, [*again, *fresh], strict=True)), now)


def _without_card(session: Session, people: list[int | None]) -> set[int | None]:
    """Those of `people` whose last card has ended, so that they may apply again."""
    cards = session.exec(
        select(Card.person_id, Card.state).where(col(Card.person_id).in_(people)).order_by(col(Card.id))
    )
    return {person for person, state in dict(cards.all()).items() if state in ENDED}


def _apply(session: Session, people: Mapping[int, Mapping[str, Any]], now: int) -> None:
    cards = _ids(
        session,
        Card,
        [
            {"person_id": person, "state": CardState.APPLIED.value, "created_at": now, "changed_at": now}
            for person in people
        ],
    )
    acts = [
        {
            "at": now,
            "act": Act.APPLY.value,
            "card_id": card,
            "content": contents.of_person(person, person["salt"]),
        }
        for card, person in zip(cards, people.values(), strict=True)
    ]
    session.execute(insert(ActRow), acts)


def _ids(session: Session, table: type[Person] | type[Card], rows: list[dict[str, Any]]) -> list[int]:
    statement = insert(table).returning(col(table.id), sort_by_parameter_order=True)
    return [number for number in session.scalars(statement, rows) if number is not None]


def _person(row: Row, now: int) -> dict[str, Any]:
    position = row.position
    return {
        "employee_id": row.employee_id,
        "name_km": row.name_km,
        "name_la": row.name_la,
        "date_of_birth": row.date_of_birth,
        "ministry": row.ministry,
        "position_code": position if isinstance(position, int) else None,
        "position_text": position if isinstance(position, str) else None,
        "grade": row.grade,
        "agency": row.agency,
        "employment_status": row.employment_status.value,
        "photo_sha256": row.photo_sha256,
        "created_at": now,
        "salt": secrets.token_bytes(contents.SALT_BYTES),
    }


def row_of(person: Person) -> Row:
    """The application that `person` was made from."""
    return Row(
        employee_id=person.employee_id,
        name_km=person.name_km,
        name_la=person.name_la,
        date_of_birth=person.date_of_birth,
        ministry=person.ministry,
        position=position_of(person),
        grade=person.grade,
        agency=person.agency,
        employment_status=EmploymentStatus(person.employment_status),
        photo_sha256=person.photo_sha256,
    )


def position_of(person: Person) -> int | str:
    """The position's code, or the position written out."""
    return person.position_code if person.position_code is not None else str(person.position_text)
