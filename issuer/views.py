"""What the register shows of a card, with as little of the person as serves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import Select

from issuer.lifecycle import CardState
from issuer.models import Card, Person, StatusIndex, StatusList, Wallet
from revocation.status_list import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """One line of a list: names to recognise by, and where the card stands."""

    application: int
    state: CardState
    card_number: str | None
    name_km: str
    name_la: str
    ministry: int
    agency: str
    valid_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexView:
    """One status index of a card."""

    list_name: str
    index: int
    status: Status
    wallet: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardDetail:
    """All the register shows of one card. Birth date, grade and photo stay in it."""

    card: CardView
    valid_from: date | None
    replaces: str | None
    replaced_by: str | None
    wallets: int
    has_wallet: bool
    indices: tuple[IndexView, ...]


def listing(session: Session, *, state: CardState | None, limit: int | None) -> Iterator[CardView]:
    """Cards and applications in the order they came, all or those in one state."""
    statement = _cards().order_by(col(Card.id))
    if state is not None:
        statement = statement.where(col(Card.state) == state.value)
    for card, person in session.exec(statement.limit(limit)):
        yield _view(card, person)


def counts(session: Session) -> dict[CardState, int]:
    """How many cards stand in each state."""
    rows = session.exec(select(Card.state, func.count()).group_by(Card.state)).all()
    return {CardState(state): number for state, number in sorted(rows)}


def detail(session: Session, card: Card) -> CardDetail:
    """Everything about one card."""
    row, person = session.exec(_cards().where(col(Card.id) == card.id)).one()
    wallets = session.exec(select(Wallet).where(Wallet.card_id == card.id)).all()
    indices = session.exec(
        select(StatusIndex, StatusList.name)
        .join(StatusList, col(StatusList.id) == StatusIndex.list_id)
        .where(StatusIndex.card_id == card.id)
        .order_by(col(StatusIndex.list_id), col(StatusIndex.wallet_id))
    ).all()
    return CardDetail(
        card=_view(row, person),
        valid_from=card.valid_from,
        replaces=_number(session, card.replaces_id),
        replaced_by=session.exec(select(Card.number).where(Card.replaces_id == card.id)).first(),
        wallets=len(wallets),
        has_wallet=any(wallet.ended_at is None for wallet in wallets),
        indices=tuple(
            IndexView(list_name=name, index=entry.idx, status=Status(entry.status), wallet=entry.wallet_id)
            for entry, name in indices
        ),
    )


def _cards() -> Select[Card, Person]:
    return select(Card, Person).join(Person, col(Person.id) == Card.person_id)


def _view(card: Card, person: Person) -> CardView:
    return CardView(
        application=card.id or 0,
        state=CardState(card.state),
        card_number=card.number,
        name_km=person.name_km,
        name_la=person.name_la,
        ministry=person.ministry,
        agency=person.agency,
        valid_until=card.valid_until,
    )


def _number(session: Session, card_id: int | None) -> str | None:
    return None if card_id is None else session.get_one(Card, card_id).number
