"""Erasing personal data for good: rows, credentials, photos, and what a database keeps of old rows.

A person's row stays, empty; so do the numbers of their cards, every status
index, act and link of the audit chain. With the salt goes what the digests in
`act.content` could be tried out against. The link of an erasure names the rows:
what was emptied without one is found by an audit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, bindparam, insert, update
from sqlmodel import Session, col, select

from issuer import database, retention
from issuer.database_sqlite import SAFETY_COPIES
from issuer.errors import IssuerError
from issuer.guards_keeping import ERASED, ERASED_NUMBER, ERASED_SEAL
from issuer.home import Home
from issuer.models import Card, Erasure, Person, Prepared
from issuer.orders import Written
from issuer.photo_store import PhotoStore
from issuer.progress import Progress
from issuer.retention import Due, Retention

_CHUNK = 500
_DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What may go: people, files of photos, copies of the register from before upgrades."""

    people: tuple[Due, ...]
    files: tuple[Path, ...]
    copies: tuple[Path, ...]


def plan(home: Home, engine: Engine, *, now: int) -> Plan:
    """What an erasure would do now; nothing is changed.

    Raises:
        IssuerError: `bad_retention`; as `database.reading`.
        OSError: the photos cannot be listed.
    """
    rule = Retention.read(home.path)
    with database.reading(engine) as session:
        return _plan(session, home, rule, retention.due(session, rule, now=now), now=now)


def carry_out(
    session: Session, home: Home, written: Written, now: int, *, progress: Progress | None = None
) -> Plan:
    """Empties the rows of the people that an order names, who all have to be due.

    Returns what is to be finished when the rows are: photos of nobody else than them.

    Raises:
        IssuerError: `bad_retention`, `order_outdated`.
    """
    people = sorted({int(person) for person in written.details["people"]})
    rule = Retention.read(home.path)
    due = {each.person: each for each in retention.due(session, rule, now=now)}
    if not due.keys() >= set(people):
        raise IssuerError(
            "order_outdated", "what this request is about has changed since: decline it, and ask anew"
        )
    planned = _plan(session, home, rule, [due[person] for person in people], now=now)
    empty(session, people, now=now, progress=progress)
    return planned


def finish(engine: Engine, planned: Plan) -> None:
    """Takes away files, and what lies on of emptied rows; the same again finishes what was cut short.

    Raises:
        IssuerError: `unwritable_file` where a file cannot be taken away.
    """
    # A row that changed lies on in the file, or its old version in the table, until it is written anew.
    database.forget(engine)
    for path in (*planned.files, *planned.copies):
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise IssuerError("unwritable_file", f"{path}: {error.strerror}; erase again") from error


def empty(session: Session, people: Sequence[int], *, now: int, progress: Progress | None = None) -> None:
    """Empties the rows of people whose cards have all ended; the database refuses any other.

    Raises:
        IssuerError: `register_refused`.
    """
    for start in range(0, len(people), _CHUNK):
        part = people[start : start + _CHUNK]
        session.execute(insert(Erasure), [{"person_id": person, "at": now} for person in part])
        seals = update(Card).where(col(Card.person_id).in_(part), col(Card.seal).is_not(None))
        session.execute(seals.values(seal=ERASED_SEAL), execution_options={"synchronize_session": False})
        made = update(Prepared).where(
            col(Prepared.card_id).in_(select(Card.id).where(col(Card.person_id).in_(part)))
        )
        session.execute(
            made.values(seal=None, live=None, sd_jwt=None), execution_options={"synchronize_session": False}
        )
        rows = update(Person).where(col(Person.id) == bindparam("person"))
        emptied = rows.values(employee_id=bindparam("number"), **ERASED)
        numbers = [{"person": person, "number": f"{ERASED_NUMBER}{person}"} for person in part]
        session.connection().execute(emptied, numbers)
        if progress:
            progress(start + len(part), len(people))


def _plan(session: Session, home: Home, rule: Retention, people: Sequence[Due], *, now: int) -> Plan:
    going = {each.person for each in people}
    photos = session.exec(select(Person.id, Person.photo_sha256)).all()
    needed = {digest for person, digest in photos if digest and person not in going}
    gone = {digest for person, digest in photos if digest and person in going} - needed
    before = now - rule.photo_days * _DAY
    files = PhotoStore(home.photos).served(needed=needed, gone=gone, before=before)
    return Plan(people=tuple(people), files=tuple(files), copies=tuple(_copies(session.connection().engine)))


def _copies(engine: Engine) -> Iterator[Path]:
    file = database.file_of(engine)
    if file is not None:
        yield from sorted(file.parent.glob(SAFETY_COPIES))
