"""Amendments and transfers: what the register says of a person changes, with an act that says so.

An application that waits may change in everything but its employee number. With
a card, what stands on the plastic or tells whose it is (`ON_CARD`) changes only
with the card: when that was lost, or by replacing it in the same deed. All else
(a transfer) changes freely; a phone shows it once it has been served again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sqlalchemy import insert, update
from sqlmodel import Session, col, select

from credential.claims import EmploymentStatus
from credential.codes import Name
from issuer import agencies, amendment_rows, applications, contents, qr_length, register, sheet_rows
from issuer.amendment_rows import Change
from issuer.applications import ImportReport
from issuer.credentials import Making
from issuer.errors import IssuerError
from issuer.faults import Fault, FaultKind
from issuer.lifecycle import NEXT, OPEN, RULES, Act, CardState, next_step
from issuer.models import ActRow, Card, Person, Wallet
from issuer.progress import Progress
from issuer.sheet_rows import Header, Reading, Row
from issuer.table import Table

ON_CARD = frozenset({"name_km", "name_la", "date_of_birth", "photo_sha256"})
"""What is signed in a seal, printed on plastic, or tells one person from another."""
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Amended:
    """What became of one person: the columns that changed, and the number of the new card, if one was made.

    `phone_shows_old`: the card's phone has to be served again before it shows what changed.
    """

    columns: tuple[str, ...]
    phone_shows_old: bool
    card_number: str | None = None


@dataclass(frozen=True, slots=True)
class Survey:
    """A file of amendments that was read through once."""

    table: Table
    reading: Reading
    header: Header
    report: ImportReport
    left_out: set[int]


@dataclass(frozen=True, slots=True)
class _Known:
    """A person as the register has them, with the newest card."""

    person_id: int
    salt: bytes
    row: Row
    card: int
    state: CardState
    phone: bool


def survey(table: Table, reading: Reading) -> Survey:
    """Reads a file through and names what is wrong with it by itself.

    Raises:
        IssuerError: `missing_columns`, `repeated_column`, `misspelt_column`, `missing_header`,
            `too_many_rows`, `no_rows`.
    """
    header = amendment_rows.read_header(table)
    report = ImportReport(ignored=dict(header.ignored), amends=True)
    seen: dict[str, list[tuple[int, int]]] = {}
    for number, change in amendment_rows.read(table, header, reading):
        report.rows += 1
        if isinstance(change, Change):
            seen.setdefault(change.employee_id, []).append((number, hash(change)))
        else:
            report.faults += change
    if not report.rows:
        raise IssuerError("no_rows", "there are no rows below the header")
    return Survey(table, reading, header, report, applications.conflicts(seen, report))


def amend_file(
    session: Session, surveyed: Survey, *, now: int, progress: Progress | None = None
) -> ImportReport:
    """Takes in every row that may be; one that says what the register says is unchanged.

    Raises:
        IssuerError: as `survey`.
    """
    report, done, rows = surveyed.report, 0, _good(surveyed)
    while chunk := list(islice(rows, _CHUNK)):
        known = _look_up(session, [change.employee_id for _, change in chunk])
        accepted = [
            (before, after)
            for number, change in chunk
            for before, after in _accepted(number, change, known.get(change.employee_id), report)
        ]
        _write(session, accepted, now=now)
        done += len(chunk)
        if progress:
            progress(done, report.rows)
    report.faults.sort(key=lambda fault: fault.row)
    report.warnings.sort(key=lambda fault: fault.row)
    return report


def amend(session: Session, change: Change, *, now: int) -> Amended:
    """Takes in one person's change.

    Raises:
        IssuerError: `unknown_employee`, `no_card`, `nothing_changed`; `on_the_card` when it
            takes a new card.
    """
    before, after, columns = _one(session, change)
    if fault := _refusal(before, columns):
        raise _refused(fault, before.state)
    _write(session, [(before, after)], now=now)
    return Amended(columns, before.phone and before.state in RULES[Act.REVOKE_WALLET].sources)


def amend_and_replace(session: Session, change: Change, making: Making, *, now: int) -> Amended:
    """The same with whatever stands on the card, which ends, phone and all, for a new one.

    Raises:
        IssuerError: `unknown_employee`, `no_card`, `nothing_changed`, `wrong_state`.
        StatusError: `list_full`.
    """
    before, after, columns = _one(session, change)
    number = session.get_one(Card, before.card).number
    if number is None:
        refusal = "this person has no card that could be replaced" + next_step(before.state)
        raise IssuerError("no_card", refusal, state=before.state, next=NEXT[before.state])
    _write(session, [(before, after)], now=now)
    return Amended(columns, False, register.replace(session, number, making, now=now))


def card_of(session: Session, change: Change) -> int:
    """The card of the person whom a change is about, by its row number.

    Raises:
        IssuerError: `unknown_employee`, `no_card`, `nothing_changed`.
    """
    before, _, _ = _one(session, change)
    return before.card


def digest(session: Session, change: Change) -> bytes:
    """32 bytes for what a person would be after a change, under their salt: an order is bound to it.

    Raises:
        IssuerError: as `card_of`.
    """
    before, after, _ = _one(session, change)
    return hashlib.sha256(before.salt + repr(after).encode()).digest()


def _changed(row: Row, change: Change) -> Row:
    # Each value is of its field's type.
    return replace(row, **change.values)  # type: ignore[arg-type]


def _good(surveyed: Survey) -> Iterator[tuple[int, Change]]:
    for number, change in amendment_rows.read(surveyed.table, surveyed.header, surveyed.reading):
        if isinstance(change, Change) and number not in surveyed.left_out:
            yield number, change


def _accepted(
    number: int, change: Change, before: _Known | None, report: ImportReport
) -> Iterator[tuple[_Known, Row]]:
    """The row if it changes something that may change; what else is to be said of it is in `report`."""
    if before is None:
        report.faults.append(Fault(number, "employee_id", FaultKind.UNKNOWN_EMPLOYEE))
        return
    after = _changed(before.row, change)
    columns = sheet_rows.differing(after, before.row)
    if not columns:
        report.already_there += 1
        report.there.append(number)
    elif fault := _refusal(before, columns):
        column = next((name for name in columns if name in ON_CARD), "employee_id")
        report.faults.append(Fault(number, column, fault))
        report.changed[number] = columns
    else:
        report.imported += 1
        report.changed[number] = columns
        report.warnings += _warnings(number, before, after, columns)
        yield before, after


def _refusal(before: _Known, columns: Sequence[str]) -> FaultKind | None:
    if before.state not in RULES[Act.AMEND].sources:
        return FaultKind.NO_CARD
    return FaultKind.ON_THE_CARD if ON_CARD.intersection(columns) and before.state not in OPEN else None


def _warnings(number: int, before: _Known, after: Row, columns: Sequence[str]) -> Iterator[Fault]:
    if before.phone:
        yield Fault(number, columns[0], FaultKind.PHONE_SHOWS_OLD)
    if "employment_status" in columns and after.employment_status is EmploymentStatus.RETIRED:
        waits = before.state is CardState.APPLIED
        yield Fault(number, "employment_status", FaultKind.RETIRED if waits else FaultKind.RETIRED_WITH_CARD)
    yield from (fault for fault in qr_length.long_codes(number, after) if fault.column in columns)


def _one(session: Session, change: Change) -> tuple[_Known, Row, tuple[str, ...]]:
    before = _look_up(session, [change.employee_id]).get(change.employee_id)
    if before is None:
        raise IssuerError("unknown_employee", "the register does not have this employee number")
    if before.state not in RULES[Act.AMEND].sources:
        raise _refused(FaultKind.NO_CARD, before.state)
    after = _changed(before.row, change)
    columns = tuple(sheet_rows.differing(after, before.row))
    if not columns:
        raise IssuerError("nothing_changed", "the register says this already")
    return before, after, columns


_ANEW = Name("ពាក្យបញ្ជាដដែល ជាមួយ --replace", "the same command with --replace")


def _refused(fault: FaultKind, state: CardState) -> IssuerError:
    if fault is FaultKind.NO_CARD:
        refusal = "this person has no card and no application that waits" + next_step(state)
        return IssuerError("no_card", refusal, state=state, next=NEXT[state])
    step = NEXT[state] if state is CardState.SUSPENDED else _ANEW
    refusal = f"this stands on the card, or tells whose it is; next: {step.en}"
    return IssuerError("on_the_card", refusal, next=step)


def _look_up(session: Session, employee_ids: Sequence[str]) -> dict[str, _Known]:
    people = session.exec(select(Person).where(col(Person.employee_id).in_(employee_ids))).all()
    numbers = [person.id for person in people]
    cards: dict[int, tuple[int, CardState]] = {}
    rows = session.exec(
        select(Card.person_id, Card.id, Card.state)
        .where(col(Card.person_id).in_(numbers))
        .order_by(col(Card.id))
    )
    for person, card, state in rows:
        cards[person] = (card or 0, CardState(state))
    newest = [card for card, _ in cards.values()]
    phones = set(
        session.exec(
            select(Wallet.card_id).where(col(Wallet.card_id).in_(newest), col(Wallet.ended_at).is_(None))
        )
    )
    found = {
        person.employee_id: _Known(
            person.id or 0, person.salt or b"", applications.row_of(person), *cards[person.id or 0],
            cards[person.id or 0][0] in phones,
        )
        for person in people
    }  # fmt: skip
    session.expunge_all()
    return found


def _write(session: Session, accepted: Sequence[tuple[_Known, Row]], *, now: int) -> None:
    if not accepted:
        return
    people: list[Mapping[str, Any]] = [
        {"id": before.person_id, **applications.columns_of(after)} for before, after in accepted
    ]
    session.execute(update(Person), people)
    acts = [
        {
            "at": now,
            "act": Act.AMEND.value,
            "card_id": before.card,
            "content": contents.of_whole_person(columns, before.salt),
        }
        for (before, _), columns in zip(accepted, people, strict=True)
    ]
    session.execute(insert(ActRow), acts)
    agencies.enter_new(session)
