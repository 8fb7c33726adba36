"""What the register shows of a card, with as little of the person as serves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from issuer import prepared
from issuer.card_search import Sought
from issuer.lifecycle import CardState
from issuer.models import Card, Offer, Person, Rejection, StatusIndex, StatusList, Wallet
from issuer.rejection_reasons import RejectionReason
from revocation.status_list import Status

_CHUNK = 500
_EVERYBODY = Sought()


class CardView(NamedTuple):
    """One line of a list: whom to recognise, and where the card stands; `reason` of a rejection.

    `position` is a code, or written out. `has_photo` tells of the application, not of the file.
    """

    application: int
    state: CardState
    card_number: str | None
    name_km: str
    name_la: str
    ministry: int
    agency: str
    valid_until: date | None
    reason: RejectionReason | None
    employee_id: str
    position: int | str
    has_photo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexView:
    """One status index of a card."""

    list_name: str
    index: int
    status: Status
    wallet: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardDetail:
    """All the register shows of one card. Birth date, grade and photo stay in it.

    `note` stands beside the reason of a rejection.
    """

    card: CardView
    valid_from: date | None
    replaces: str | None
    replaced_by: str | None
    wallets: int
    has_wallet: bool
    waits: bool
    has_offer: bool
    note: str
    indices: tuple[IndexView, ...]


def listing(
    session: Session,
    *,
    state: CardState | None,
    sought: Sought = _EVERYBODY,
    among: Collection[int] | None = None,
    limit: int | None,
) -> Iterator[CardView]:
    """Cards and applications in the order they came: all, or those in one state, `sought`, `among` these.

    Only the columns that are shown are read: a register has a hundred thousand rows.

    Raises:
        IssuerError: `unknown_agency`.
    """
    statement = sought.narrow(session, _cards()).order_by(col(Card.id)).limit(limit)
    if state is not None:
        statement = statement.where(col(Card.state) == state.value)
    if among is None:
        yield from map(_view, session.execute(statement))
        return
    wanted = sorted(among)
    for start in range(0, len(wanted), _CHUNK):
        chunk = col(Card.id).in_(wanted[start : start + _CHUNK])
        yield from map(_view, session.execute(statement.where(chunk)))


def without_photo(session: Session, among: Sequence[int]) -> int:
    """How many of these applications have no photograph."""
    count = 0
    for start in range(0, len(among), _CHUNK):
        chunk = col(Card.id).in_(among[start : start + _CHUNK])
        people = select(func.count()).select_from(Card).join(Person, col(Person.id) == Card.person_id)
        count += session.exec(people.where(chunk, col(Person.photo_sha256).is_(None))).one()
    return count


def counts(session: Session) -> dict[CardState, int]:
    """How many cards stand in each state."""
    rows = session.exec(select(Card.state, func.count()).group_by(Card.state)).all()
    return {CardState(state): number for state, number in sorted(rows)}


def by_agency(session: Session) -> dict[str, dict[CardState, int]]:
    """How many applications of each agency stand in each state; agencies in the order of their names.

    An agency whose rows say nothing of it has an empty name.
    """
    rows = session.execute(
        select_columns(col(Person.agency), col(Card.state), func.count())
        .join(Person, col(Person.id) == Card.person_id)
        .group_by(col(Person.agency), col(Card.state))
    )
    found: dict[str, dict[CardState, int]] = {}
    for agency, state, count in sorted(rows):
        found.setdefault(agency, {})[CardState(state)] = count
    return found


def detail(session: Session, card: Card) -> CardDetail:
    """Everything about one card."""
    row = session.execute(_cards().where(col(Card.id) == card.id)).one()
    open_offer = select(Offer.card_id).where(Offer.card_id == card.id, col(Offer.closed_at).is_(None))
    wallets = session.exec(select(Wallet).where(Wallet.card_id == card.id)).all()
    indices = session.exec(
        select(StatusIndex, StatusList.name)
        .join(StatusList, col(StatusList.id) == StatusIndex.list_id)
        .where(StatusIndex.card_id == card.id)
        .order_by(col(StatusIndex.list_id), col(StatusIndex.wallet_id))
    ).all()
    return CardDetail(
        card=_view(row),
        valid_from=card.valid_from,
        replaces=_number(session, card.replaces_id),
        replaced_by=session.exec(select(Card.number).where(Card.replaces_id == card.id)).first(),
        wallets=len(wallets),
        has_wallet=any(wallet.ended_at is None for wallet in wallets),
        note=session.exec(select(Rejection.note).where(Rejection.card_id == card.id)).first() or "",
        waits=prepared.waits(session, card),
        has_offer=session.exec(open_offer).first() is not None,
        indices=tuple(
            IndexView(list_name=name, index=entry.idx, status=Status(entry.status), wallet=entry.wallet_id)
            for entry, name in indices
        ),
    )


def _cards() -> Select[*tuple[Any, ...]]:
    """The columns of `CardView`, in its order, the position in two."""
    statement = select_columns(
        col(Card.id),
        col(Card.state),
        col(Card.number),
        col(Person.name_km),
        col(Person.name_la),
        col(Person.ministry),
        col(Person.agency),
        col(Card.valid_until),
        col(Rejection.reason),
        col(Person.employee_id),
        col(Person.position_code),
        col(Person.position_text),
        col(Person.photo_sha256).is_not(None),
    ).join(Person, col(Person.id) == Card.person_id)
    return statement.join(Rejection, col(Rejection.card_id) == Card.id, isouter=True)


def _view(row: Sequence[Any]) -> CardView:
    reason = RejectionReason(row[8]) if row[8] else None
    position = row[11] if row[10] is None else row[10]
    return CardView._make([row[0], CardState(row[1]), *row[2:8], reason, row[9], position, row[12]])


def _number(session: Session, card_id: int | None) -> str | None:
    return None if card_id is None else session.get_one(Card, card_id).number
