"""Orders in the register: entered with the batches that were sealed for them, listed, and taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from issuer import banks, contents, orders, printing_keys
from issuer.banks import Bank
from issuer.batch_letter import BatchHeader
from issuer.errors import IssuerError
from issuer.lifecycle import RULES, Act, CardState
from issuer.models import ActRow, Card
from issuer.print_cards import CardToPrint
from issuer.print_models import PrintBatch, PrintOrderRow, PrintReportRow, PrintRow
from issuer.reconciliation import PrintOrder

_CHUNK = 500


class ChangedMeanwhileError(Exception):
    """What an order was drawn up for is not so any more: it has to be drawn up anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A batch that was sealed and is not in the register yet; `kid` is the ministry's key."""

    bank: Bank
    kid: str
    header: BatchHeader
    cards: tuple[CardToPrint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """An order as people see it; times are epoch seconds.

    Of its `cards` each is `printed`, still in the `batch`, `returned`, or `ended`
    before it was printed. `reported_at` is when the last report was taken, `batches` how
    often it was sealed.
    """

    number: str
    bank: str
    ordered_at: int
    cards: int
    printed: int
    in_batch: int
    returned: int
    ended: int
    reported_at: int | None
    batches: int


def next_number(session: Session, year: int) -> int:
    """The counter of the year's next order: none is ever taken away."""
    of_year = col(PrintOrderRow.number).startswith(f"{year}-", autoescape=True)
    return session.exec(select(func.count()).where(of_year)).one() + 1


def number_of(year: int, counter: int) -> str:
    """How an order is called: its year, and a counter."""
    return f"{year}-{counter:04d}"


def enter(session: Session, sealed: Sequence[Sealed], *, now: int) -> None:
    """Enters new orders: their cards go from approved into the batch.

    Raises:
        ChangedMeanwhileError: a card is not approved any more, a number was given, a key changed.
    """
    for each in sealed:
        _check_keys(session, each)
        if session.exec(select(PrintOrderRow).where(PrintOrderRow.number == each.header.number)).first():
            raise ChangedMeanwhileError
        _check_states(session, [card.id for card in each.cards], CardState.APPROVED)
        row = PrintOrderRow(number=each.header.number, bank=each.bank.name, ordered_at=now)
        session.add(row)
        session.flush()
        order = order_id(row)
        acts = {
            card.id: contents.of_print_row(row.model_dump(), sequence)
            for sequence, card in enumerate(each.cards, 1)
        }
        enact(session, acts, Act.ORDER_PRINT, now=now)
        rows = [
            {"order_id": order, "sequence": sequence, "card_id": card}
            for sequence, card in enumerate(acts, 1)
        ]
        session.execute(insert(PrintRow), rows)
        session.add(_batch_row(each, order, range(1, len(each.cards) + 1)))
        session.flush()


def enter_again(session: Session, sealed: Sealed) -> None:
    """Enters that the open part of an order was sealed once more; its cards stay as they are.

    Raises:
        ChangedMeanwhileError: other cards are open now, or a key changed.
    """
    _check_keys(session, sealed)
    row = find(session, sealed.header.number)
    open_rows = waiting(session, row)
    if list(open_rows.values()) != [card.id for card in sealed.cards]:
        raise ChangedMeanwhileError
    session.add(_batch_row(sealed, order_id(row), open_rows))
    session.flush()


def find(session: Session, number: str) -> PrintOrderRow:
    """The order of this number.

    Raises:
        IssuerError: `unknown_order`.
    """
    row = session.exec(select(PrintOrderRow).where(PrintOrderRow.number == number)).first()
    if row is None:
        raise IssuerError(
            "unknown_order", "the register has no print order of this number: see print-orders", number=number
        )
    return row


def waiting(session: Session, order: PrintOrderRow) -> dict[int, int]:
    """The rows of an order whose cards are still to be printed for it: card by place."""
    rows = (
        select(PrintRow.sequence, PrintRow.card_id)
        .join(Card, col(Card.id) == PrintRow.card_id)
        .where(PrintRow.order_id == order.id, col(PrintRow.returned_at).is_(None))
        .where(Card.state == CardState.IN_BATCH.value)
        .order_by(col(PrintRow.sequence))
    )
    return dict(session.exec(rows).all())


def give_back(session: Session, number: str, cards: Collection[str] | None, *, now: int) -> list[str]:
    """Takes cards of an order back from its bank, all that wait or those of these numbers: approved again.

    Returns their numbers.

    Raises:
        IssuerError: `unknown_order`; `not_in_order` for a card that does not wait in it.
    """
    order = find(session, number)
    open_rows = waiting(session, order)
    names = _numbers(session, list(open_rows.values()))
    if cards is not None and not set(cards) <= set(names.values()):
        raise IssuerError(
            "not_in_order",
            "a card does not wait in this order: it is printed, returned, ended, or of another",
        )
    back = {place: card for place, card in open_rows.items() if cards is None or names[card] in cards}
    if back:
        enact(session, dict.fromkeys(back.values()), Act.RETURN_PRINT, now=now)
        statement = update(PrintRow).where(
            col(PrintRow.order_id) == order.id, col(PrintRow.sequence) == bindparam("place")
        )
        session.connection().execute(statement.values(returned_at=now), [{"place": place} for place in back])
    return [names[card] for card in back.values()]


def listing(session: Session) -> list[OrderView]:
    """Every order, oldest first."""
    places = session.execute(
        select_columns(
            *map(col, (PrintRow.order_id, PrintRow.returned_at, Card.state)),
            func.count(),
            func.count(col(ActRow.id)),
        )
        .join(Card, col(Card.id) == PrintRow.card_id)
        .join(ActRow, (col(ActRow.card_id) == Card.id) & (col(ActRow.act) == Act.PRINT.value), isouter=True)
        .group_by(*map(col, (PrintRow.order_id, PrintRow.returned_at, Card.state)))
    )
    counts: dict[int, Counter[str]] = {}
    for order, returned_at, state, count, printed in places:
        of_order = counts.setdefault(order, Counter())
        if returned_at is not None:
            of_order["returned"] += count
        elif state == CardState.IN_BATCH.value:
            of_order["in_batch"] += count
        else:
            of_order += Counter(printed=printed, ended=count - printed)
    reported = dict(
        session.exec(
            select(PrintReportRow.order_id, func.max(PrintReportRow.taken_at)).group_by(
                col(PrintReportRow.order_id)
            )
        ).all()
    )
    batches = dict(
        session.exec(select(PrintBatch.order_id, func.count()).group_by(col(PrintBatch.order_id))).all()
    )
    return [
        _view(
            row,
            counts.get(order_id(row), Counter()),
            reported.get(order_id(row)),
            batches.get(order_id(row), 0),
        )
        for row in session.exec(select(PrintOrderRow).order_by(col(PrintOrderRow.id)))
    ]


def batches_of(session: Session, order: PrintOrderRow) -> list[tuple[PrintOrder, Bank]]:
    """What was given to the bank for an order, oldest first, and the bank with the keys of that time."""
    cards = (
        select(PrintRow.sequence, Card.number)
        .join(Card, col(Card.id) == PrintRow.card_id)
        .where(PrintRow.order_id == order.id)
    )
    numbers = dict(session.exec(cards).all())
    found = session.exec(
        select(PrintBatch).where(PrintBatch.order_id == order.id).order_by(col(PrintBatch.made_at))
    )
    return [
        (
            PrintOrder(
                number=order.number,
                bank=order.bank,
                sha256=batch.sha256,
                made_at=datetime.fromtimestamp(batch.made_at, UTC),
                cards=tuple(str(numbers[place]) for place in orders.read_ranges(batch.rows)),
            ),
            banks.get(session, batch.bank_key_id),
        )
        for batch in found
    ]


def enact(session: Session, cards: Mapping[int, bytes | None], act: Act, *, now: int) -> None:
    """Does `act` to many cards, each of which allows it, and records it with the digest beside each."""
    target = RULES[act].target
    if not cards or target is None:
        return
    statement = update(Card).where(col(Card.id) == bindparam("card"))
    session.connection().execute(
        statement.values(state=target.value, changed_at=now), [{"card": card} for card in cards]
    )
    acts: list[dict[str, Any]] = [
        {"at": now, "act": act.value, "card_id": card, "content": content} for card, content in cards.items()
    ]
    session.execute(insert(ActRow), acts)
    session.expire_all()


def order_id(row: PrintOrderRow) -> int:
    """The number of a row that has been written."""
    if row.id is None:
        raise ValueError("the row has not been written yet")
    return row.id


def _check_keys(session: Session, sealed: Sealed) -> None:
    bank, key = banks.current(session).get(sealed.bank.name), printing_keys.current(session)
    if bank is None or bank.id != sealed.bank.id or key is None or key.kid != sealed.kid:
        raise ChangedMeanwhileError


def _check_states(session: Session, cards: Sequence[int], state: CardState) -> None:
    for start in range(0, len(cards), _CHUNK):
        part = cards[start : start + _CHUNK]
        rows = session.exec(select(Card.state).where(col(Card.id).in_(part))).all()
        if rows != [state.value] * len(part):
            raise ChangedMeanwhileError


def _batch_row(sealed: Sealed, order: int, rows: Collection[int]) -> PrintBatch:
    return PrintBatch(
        sha256=sealed.header.sha256,
        order_id=order,
        bank_key_id=sealed.bank.id,
        kid=sealed.kid,
        rows=orders.write_ranges(rows),
        made_at=int(sealed.header.made_at.timestamp()),
    )


def _numbers(session: Session, cards: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(cards), _CHUNK):
        part = select(Card.id, Card.number).where(col(Card.id).in_(cards[start : start + _CHUNK]))
        found |= {id_: number for id_, number in session.exec(part) if id_ is not None and number is not None}
    return found


def _view(row: PrintOrderRow, counts: Counter[str], reported_at: int | None, batches: int) -> OrderView:
    return OrderView(
        number=row.number,
        bank=row.bank,
        ordered_at=row.ordered_at,
        cards=counts.total(),
        printed=counts["printed"],
        in_batch=counts["in_batch"],
        returned=counts["returned"],
        ended=counts["ended"],
        reported_at=reported_at,
        batches=batches,
    )
