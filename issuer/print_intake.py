"""A bank's report taken into the register: what it vouches for is printed, everything else is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from issuer import print_orders, print_report
from issuer.lifecycle import Act, CardState
from issuer.models import ActRow, Card
from issuer.print_models import PrintOrderRow, PrintReportRow, PrintRow
from issuer.reconciliation import Difference, DifferenceKind, PrintOrder, Reconciliation, reconcile


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What became of a report: whether it counts, how many cards became printed by it, and what differs.

    `vouched` counts the cards it says were printed, those of an earlier report included.
    """

    order: str
    bank: str
    digest: bytes
    counts: bool
    cards: int
    vouched: int
    printed: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a card of an order stands: it waits in it, was returned, or an earlier report printed it."""

    card: int
    waits: bool
    returned: bool
    printed: bool


_ABOUT_PLASTIC = (DifferenceKind.MISSING, DifferenceKind.NOT_PRINTED)


def take(session: Session, token: str, *, now: int) -> Intake:
    """Takes the signed report `token`. One that counts for nothing, or was taken before, changes nothing.

    Raises:
        IssuerError: `malformed_report`, `newer_report`, `unknown_order`.
    """
    report = print_report.parse(token)
    row = print_orders.find(session, report.batch)
    batches = print_orders.batches_of(session, row)
    order, bank = next((each for each in batches if each[0].sha256 == report.batch_sha256), batches[-1])
    places = _places(session, row)
    result = reconcile(
        order,
        token,
        bank_key=bank.public.signing,
        now=datetime.fromtimestamp(now, UTC),
        seen=[report.digest] if session.get(PrintReportRow, report.digest) else (),
        latest=_latest(session, row),
        closed=_closed(session, row),
    )
    fresh = [places[number].card for number in result.printed if places[number].waits]
    differences = result.differences
    if result.counts:
        print_orders.enact(session, dict.fromkeys(fresh, report.digest), Act.PRINT, now=now)
        at, order_id = int(report.at.timestamp()), print_orders.order_id(row)
        session.add(PrintReportRow(sha256=report.digest, order_id=order_id, at=at, taken_at=now))
        session.flush()
        differences = tuple(_with_lives(order, result, places))
    return Intake(
        order=row.number,
        bank=row.bank,
        digest=report.digest,
        counts=result.counts,
        cards=len(order.cards),
        vouched=len(result.printed),
        printed=len(fresh),
        differences=differences,
    )


def _with_lives(order: PrintOrder, result: Reconciliation, places: dict[str, _Place]) -> Iterator[Difference]:
    """The differences, as what became of the cards since they were ordered makes them."""
    for difference in result.differences:
        place = places.get(difference.number)
        gone = place is not None and not place.waits and not place.printed
        if not (gone and difference.kind in _ABOUT_PLASTIC):  # nobody waits for that card
            yield difference
    vouched = set(result.printed)
    for sequence, number in enumerate(order.cards, 1):
        place = places[number]
        if number in vouched and place.returned:
            yield Difference(DifferenceKind.RETURNED, sequence, number)
        elif number in vouched and not place.waits and not place.printed:
            yield Difference(DifferenceKind.ENDED, sequence, number)
        elif number not in vouched and place.printed:
            yield Difference(DifferenceKind.RETRACTED, sequence, number)


def _places(session: Session, order: PrintOrderRow) -> dict[str, _Place]:
    """The cards of an order by their numbers."""
    rows = session.execute(
        select_columns(*map(col, (Card.number, Card.id, Card.state, PrintRow.returned_at, ActRow.id)))
        .join(PrintRow, col(PrintRow.card_id) == Card.id)
        .join(ActRow, (col(ActRow.card_id) == Card.id) & (col(ActRow.act) == Act.PRINT.value), isouter=True)
        .where(col(PrintRow.order_id) == order.id)
    )
    return {
        number: _Place(
            card=card,
            waits=returned_at is None and state == CardState.IN_BATCH.value,
            returned=returned_at is not None,
            printed=returned_at is None and printed is not None,
        )
        for number, card, state, returned_at, printed in rows
    }


def _latest(session: Session, order: PrintOrderRow) -> datetime | None:
    """The time of the newest report of an order that was taken."""
    at = session.exec(select(func.max(PrintReportRow.at)).where(PrintReportRow.order_id == order.id)).one()
    return None if at is None else datetime.fromtimestamp(at, UTC)


def _closed(session: Session, order: PrintOrderRow) -> datetime | None:
    """When the last card of an order was returned, where all were."""
    returned = list(session.exec(select(PrintRow.returned_at).where(PrintRow.order_id == order.id)))
    times = [at for at in returned if at is not None]
    return datetime.fromtimestamp(max(times), UTC) if times and len(times) == len(returned) else None
