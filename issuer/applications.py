"""Taking in an agency's file: every good row once, every bad row named, all in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from sqlalchemy import insert, update
from sqlmodel import Session, col, select

from credential.claims import EmploymentStatus
from issuer import agencies, contents, qr_length, sheet_rows
from issuer.errors import IssuerError
from issuer.faults import Fault, FaultKind
from issuer.lifecycle import ENDED, Act, CardState
from issuer.models import ActRow, Card, Person, Rejection
from issuer.photo_folder import COLUMN, PhotoFolder, Stray
from issuer.progress import Progress
from issuer.rejection_reasons import MENDABLE, RejectionReason
from issuer.same_person import Alike
from issuer.sheet_rows import Header, Reading, Row
from issuer.table import Table

_CHUNK = 500
"""Rows looked up and written at a time; SQLite takes 999 parameters everywhere."""


@dataclass(slots=True)
class ImportReport:
    """What became of every row: imported, already there, repeated in the file, or at fault.

    `there` holds the rows that are already there. `repeated` holds (row, first row)
    of rows that say the same thing twice.
    `changed` names the columns that differ, for a fault `changed_data` and for every row that amends.
    `warnings` are of rows that were imported all the same. `ignored` holds the
    columns that are not ours, each with the one of ours it resembles, or nothing.
    A file of amendments has a report that `amends`: its rows are amended, unchanged (`there`) or at fault.
    `reasons` says, for a fault `rejected_before`, why.
    `without_photo` counts those imported of whom the register has no photo.
    `strays` is what the folder of photos holds beside photos of these people.
    """

    rows: int = 0
    imported: int = 0
    already_there: int = 0
    repeated: list[tuple[int, int]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    changed: dict[int, list[str]] = field(default_factory=dict)
    warnings: list[Fault] = field(default_factory=list)
    ignored: dict[str, str] = field(default_factory=dict)
    there: list[int] = field(default_factory=list)
    strays: list[Stray] = field(default_factory=list)
    reasons: dict[int, RejectionReason] = field(default_factory=dict)
    without_photo: int = 0
    amends: bool = False


@dataclass(frozen=True, slots=True)
class Survey:
    """A file that was read through once: which rows are good, and what is wrong with the others.

    `photos` holds the SHA-256 of each person's photo, by employee number; it is
    None where no folder was given, and then nobody needs one.
    """

    table: Table
    reading: Reading
    header: Header
    report: ImportReport
    left_out: set[int]
    alike: Alike
    photos: Mapping[str, bytes] | None


def survey(
    table: Table, reading: Reading, *, photos: PhotoFolder | None = None, progress: Progress | None = None
) -> Survey:
    """Reads a file through, names what is wrong with it, and takes in the photos of its good rows.

    Nobody has to wait for that: the register is needed only afterwards, when
    the file is read once more. Which of two rows with one employee number is
    right cannot be told, so neither is taken, and that shows only at the end.

    Raises:
        IssuerError: `missing_columns`, `repeated_column`, `misspelt_column`, `missing_header`,
            `too_many_rows`, `no_rows`; a code of `PhotoFolder.take`.
    """
    header = sheet_rows.read_header(table.titles)
    report = ImportReport(ignored=dict(header.ignored))
    seen: dict[str, list[tuple[int, int]]] = {}
    stated: dict[str, bytes | None] = {}
    alike, numbers = Alike(), set[str]()
    for number, row in sheet_rows.read(table, header, reading, numbers=numbers if photos else None):
        report.rows += 1
        if isinstance(row, Row):
            seen.setdefault(row.employee_id, []).append((number, hash(row)))
            alike.add(number, row)
            if photos:
                stated[row.employee_id] = row.photo_sha256
        else:
            report.faults += row
    if not report.rows:
        raise IssuerError("no_rows", "there are no rows below the header")
    left_out = conflicts(seen, report)
    if photos is None:
        return Survey(table, reading, header, report, left_out, alike, None)
    wanted = {
        employee_id: (rows[0][0], stated[employee_id])
        for employee_id, rows in seen.items()
        if rows[0][0] not in left_out
    }
    taken, faults = photos.take(wanted, progress=progress)
    report.faults += faults
    left_out.update(fault.row for fault in faults)
    report.strays = photos.strays(known=numbers)
    return Survey(table, reading, header, report, left_out, alike, taken)


def import_file(
    session: Session,
    surveyed: Survey,
    *,
    now: int,
    rejected_too: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Files an application for every good row that the register does not know yet.

    A row without a photo says nothing of the photo that the register has.
    Whoever was rejected is filed again with other data; with the same only when `rejected_too`.

    Raises:
        IssuerError: as `survey`.
    """
    report = surveyed.report
    surveyed.alike.look_in(session, surveyed.photos or {})
    done, rows = 0, _good(surveyed)
    while chunk := list(islice(rows, _CHUNK)):
        _file_chunk(session, chunk, surveyed, now, rejected_too=rejected_too)
        done += len(chunk)
        if progress:
            progress(done, report.rows)
    agencies.enter_new(session)
    report.faults.sort(key=lambda fault: fault.row)
    report.warnings.sort(key=lambda fault: fault.row)
    return report


def conflicts(seen: Mapping[str, list[tuple[int, int]]], report: ImportReport) -> set[int]:
    """Names rows of one employee number that differ; returns the rows that are not to be filed."""
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


def _good(surveyed: Survey) -> Iterator[tuple[int, Row]]:
    """The rows that may be filed, each with its photo."""
    photos = surveyed.photos or {}
    for number, row in sheet_rows.read(surveyed.table, surveyed.header, surveyed.reading):
        if not isinstance(row, Row) or number in surveyed.left_out:
            continue
        if row.employee_id in surveyed.alike.shared:
            surveyed.report.faults.append(Fault(number, COLUMN, FaultKind.PHOTO_SHARED))
            continue
        digest = photos.get(row.employee_id, row.photo_sha256 if surveyed.photos is None else None)
        yield number, replace(row, photo_sha256=digest)


def _file_chunk(
    session: Session, chunk: list[tuple[int, Row]], surveyed: Survey, now: int, *, rejected_too: bool
) -> None:
    report = surveyed.report
    ids = [row.employee_id for _, row in chunk]
    people = session.exec(select(Person).where(col(Person.employee_id).in_(ids))).all()
    known = {person.employee_id: (person, row_of(person)) for person in people}
    free = _may_apply(session, [person.id for person in people])
    fresh, again = [], []
    for number, sent in chunk:
        person, there = known.get(sent.employee_id, (None, None))
        row = replace(sent, photo_sha256=there.photo_sha256) if there and not sent.photo_sha256 else sent
        if surveyed.photos is not None and row.photo_sha256 is None:
            report.faults.append(Fault(number, COLUMN, FaultKind.PHOTO_MISSING))
            continue
        if person is None or there is None:
            fresh.append(_person(row, now))
        elif (past := free.get(person.id)) and past.allows(row, there, rejected_too=rejected_too):
            again.append({**_person(row, person.created_at), "id": person.id})
            report.warnings += [Fault(number, "employee_id", kind) for kind in past.warnings()]
        elif past and past.rejected and there == row:
            report.faults.append(Fault(number, "employee_id", FaultKind.REJECTED_BEFORE))
            report.reasons[number] = past.rejected
        elif there == row:
            report.already_there += 1
            report.there.append(number)
            continue
        else:
            report.faults.append(Fault(number, "employee_id", FaultKind.CHANGED_DATA))
            report.changed[number] = sheet_rows.differing(row, there)
            continue
        report.warnings += _warnings(number, row, surveyed.alike)
    session.expunge_all()
    report.imported += len(fresh) + len(again)
    report.without_photo += sum(person["photo_sha256"] is None for person in (*fresh, *again))
    if again:
        session.execute(update(Person), again)
    numbers = [int(str(person["id"])) for person in again]
    numbers += _ids(session, Person, fresh) if fresh else []
    if numbers:
        _apply(session, dict(zip(numbers, [*again, *fresh], strict=True)), now)


def _warnings(number: int, row: Row, alike: Alike) -> Iterator[Fault]:
    """What to look into before the application in this row is approved."""
    if row.employment_status is EmploymentStatus.RETIRED:
        yield Fault(number, "employment_status", FaultKind.RETIRED)
    if (warning := alike.warning(number)) is not None:
        yield warning
    yield from qr_length.long_codes(number, row)


@dataclass(frozen=True, slots=True)
class _Past:
    """What somebody without a card and without an application that waits has behind them."""

    had_card: bool
    rejected: RejectionReason | None

    def allows(self, row: Row, there: Row, *, rejected_too: bool) -> bool:
        """Whether they apply anew by this row. Who had a card is known by the birth date as well."""
        if self.had_card and row.date_of_birth != there.date_of_birth:
            return False
        return self.rejected is None or row != there or rejected_too

    def warnings(self) -> Iterator[FaultKind]:
        """What to look into."""
        if self.had_card:
            yield FaultKind.HAD_CARD
        if self.rejected and self.rejected not in MENDABLE:
            yield FaultKind.WAS_REJECTED


def _may_apply(session: Session, people: list[int | None]) -> dict[int | None, _Past]:
    """Those of `people` whose last card has ended, or whose last application was rejected."""
    rows = session.exec(
        select(Card.person_id, Card.state, Card.number, Rejection.reason)
        .join(Rejection, col(Rejection.card_id) == Card.id, isouter=True)
        .where(col(Card.person_id).in_(people))
        .order_by(col(Card.id))
    )
    found: dict[int | None, _Past] = {}
    had_card: set[int] = set()
    for person, state, number, reason in rows:
        found.pop(person, None)
        if number is not None:
            had_card.add(person)
        if state in ENDED or reason is not None:
            found[person] = _Past(person in had_card, RejectionReason(reason) if reason else None)
    return found


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
            "content": contents.of_whole_person(person, person["salt"]),
        }
        for card, person in zip(cards, people.values(), strict=True)
    ]
    session.execute(insert(ActRow), acts)


def _ids(session: Session, table: type[Person] | type[Card], rows: list[dict[str, Any]]) -> list[int]:
    statement = insert(table).returning(col(table.id), sort_by_parameter_order=True)
    return [number for number in session.scalars(statement, rows) if number is not None]


def _person(row: Row, now: int) -> dict[str, Any]:
    return {**columns_of(row), "created_at": now, "salt": secrets.token_bytes(contents.SALT_BYTES)}


def columns_of(row: Row) -> dict[str, Any]:
    """The columns of a person that an application says."""
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
