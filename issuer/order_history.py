"""What became of orders, and which of them each act on a card stands under: who asked, who confirmed.

The audit chain says under which order an act was done: each of its links
covers acts, and names its order by digest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session, col, select

from did import strict_json
from did.errors import DidError
from issuer import order_book
from issuer.audit_links import MAX_ENTRY
from issuer.duties import ALONE
from issuer.errors import IssuerError
from issuer.lifecycle import Act
from issuer.models import ActRow, AuditRow, Card, Staff, StaffOrder
from issuer.order_book import LIFETIME, Waiting
from issuer.orders import Written

_CHUNK = 500


class Outcome(StrEnum):
    """What became of an order; `done` was carried out at once, for one person was enough."""

    WAITING = "waiting"
    EXPIRED = "expired"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Past:
    """An order with what became of it: `by` whom and `at` which epoch second, None while nobody decided."""

    asked: Waiting
    written: Written
    outcome: Outcome
    by: str | None
    at: int | None


@dataclass(frozen=True, slots=True)
class Deed:
    """One act on a card, in epoch seconds, and the order it stands under, if there was staff already."""

    at: int
    act: Act
    order: Past | None


def every(session: Session, *, undecided: bool, now: int) -> Iterator[Past]:
    """Every order that takes two people, oldest first, or those on which nobody has decided.

    A row that is none is left out: an audit tells of it.
    """
    alone = [order.value for order in ALONE]
    rows = select(StaffOrder).where(col(StaffOrder.act).not_in(alone)).order_by(col(StaffOrder.id))
    if undecided:
        rows = rows.where(col(StaffOrder.decision).is_(None))
    names = _names(session)
    for row in session.exec(rows).all():
        with suppress(IssuerError):
            yield _past(row, names, now)


def find(session: Session, number: int, *, now: int) -> Past:
    """The order of this number, whatever became of it.

    Raises:
        IssuerError: `unknown_order`, `malformed_order`.
    """
    row = session.get(StaffOrder, number)
    if row is None:
        raise IssuerError(
            "unknown_order", "the register has no request of this number: requests lists them", number=number
        )
    return _past(row, _names(session), now)


def of_card(session: Session, card: Card, *, now: int) -> list[Deed]:
    """Every act on a card, oldest first.

    Raises:
        IssuerError: `malformed_order`.
    """
    acts = session.exec(select(ActRow).where(ActRow.card_id == card.id).order_by(col(ActRow.id))).all()
    links = list(_links(session, sorted({act.at for act in acts})))
    names, told = _names(session), dict[bytes, Past | None]()
    deeds = []
    for act in acts:
        digest = next((order for first, last, order in links if first <= (act.id or 0) <= last), b"")
        if digest not in told:
            row = session.exec(select(StaffOrder).where(StaffOrder.sha256 == digest)).first()
            told[digest] = None if row is None else _past(row, names, now)
        deeds.append(Deed(act.at, Act(act.act), told[digest]))
    return deeds


def _links(session: Session, times: list[int]) -> Iterator[tuple[int, int, bytes]]:
    """Of the links of these times the first and last act that each covers, and the digest of its order.

    A command's acts and its link have one time.
    """
    for start in range(0, len(times), _CHUNK):
        chunk = col(AuditRow.at).in_(times[start : start + _CHUNK])
        for entry in session.exec(select(AuditRow.entry).where(chunk)):
            try:
                match strict_json.loads(entry, max_bytes=MAX_ENTRY):
                    case {"acts": [int(first), int(last)], "order": {"sha256": str(digest)}}:
                        yield first, last, bytes.fromhex(digest)
            except (DidError, ValueError) as error:
                raise IssuerError("malformed_order", "a link of the audit chain cannot be read") from error


def _names(session: Session) -> dict[int | None, str]:
    return {person.id: person.name for person in session.exec(select(Staff))}


def _past(row: StaffOrder, names: Mapping[int | None, str], now: int) -> Past:
    asked = order_book.parse(row)
    told = order_book.describe(asked)
    if row.decision is not None:
        return Past(told, asked.written, Outcome(row.decision), names.get(row.decided_by), row.decided_at)
    if row.act in ALONE:
        return Past(told, asked.written, Outcome.DONE, told.asked_by, row.done_at)
    expired = now > row.asked_at + LIFETIME
    return Past(told, asked.written, Outcome.EXPIRED if expired else Outcome.WAITING, None, None)
