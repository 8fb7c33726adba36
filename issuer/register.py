"""What is done to cards: each function is a part of one writing transaction.

What a change of a card does to its status indices is done by the database
itself (`issuer.guards`), from the same table that is asked here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from credential import card_number
from issuer import allotment, contents, database
from issuer.credentials import Making
from issuer.errors import IssuerError
from issuer.lifecycle import ENDED, RULES, STATUS, Act, CardState, after
from issuer.models import METADATA, ActRow, Card, Offer, Person, Wallet
from issuer.progress import Progress

_CHUNK = 500


def find(session: Session, number: str) -> Card:
    """The card with this number, as a person types it.

    Raises:
        CredentialError: `bad_card_number`.
        IssuerError: `unknown_card`.
    """
    card = session.exec(select(Card).where(Card.number == card_number.parse(number))).first()
    if card is None:
        raise IssuerError("unknown_card", "the register has no card of this number")
    return card


def enact(
    session: Session,
    card: Card,
    act: Act,
    *,
    now: int,
    wallet_id: int | None = None,
    content: bytes | None = None,
) -> None:
    """Does `act` to `card` and records it, with the digest of what it wrote.

    Raises:
        IssuerError: `wrong_state`.
    """
    card.state = after(CardState(card.state), act).value
    card.changed_at = now
    session.add(ActRow(at=now, act=act.value, card_id=key_of(card), wallet_id=wallet_id, content=content))
    session.flush()


def approve(
    session: Session,
    applications: Collection[int] | None,
    making: Making,
    *,
    now: int,
    progress: Progress | None = None,
) -> list[tuple[int, str]]:
    """Approves these applications, or all that wait: each gets a number, a seal and a status index.

    All are not those of people who had a card that ended: somebody has to look into each.
    Until cards are printed and handed over, an approved card is active at once.
    Returns (application, card number) of each.

    Raises:
        IssuerError: `unknown_application`, `wrong_state`.
        StatusError: `list_full`.
    """
    ids = _applied(session, applications)
    numbers = allotment.draw_numbers(session, len(ids))
    indices = allotment.draw_indices(session, making.list_id, len(ids))
    drawn = list(zip(ids, numbers, indices, strict=True))
    for start in range(0, len(drawn), _CHUNK):
        _approve(session, drawn[start : start + _CHUNK], making, now)
        if progress:
            progress(min(start + _CHUNK, len(drawn)), len(drawn))
    return list(zip(ids, numbers, strict=True))


def replace(session: Session, number: str, making: Making, *, now: int) -> str:
    """Ends a card and everything issued for it, and makes its holder a new one; returns the new number.

    Raises:
        CredentialError: `bad_card_number`.
        IssuerError: `unknown_card`, `wrong_state`.
        StatusError: `list_full`.
    """
    old = find(session, number)
    enact(session, old, Act.REPLACE, now=now)
    end_wallet(session, old, now=now)
    close_offer(session, old, now=now)
    person = session.get_one(Person, old.person_id)
    (new_number,) = allotment.draw_numbers(session, 1)
    (index,) = allotment.draw_indices(session, making.list_id, 1)
    made = _made(person, new_number, index, making, now)
    card = Card(person_id=old.person_id, replaces_id=old.id, created_at=now, **made)
    session.add(card)
    session.flush()
    allotment.record(
        session, making.list_id, [(index, key_of(card), None)], status=STATUS[CardState.APPROVED], now=now
    )
    content = contents.of_card({**made, "replaces_id": old.id})
    session.add(ActRow(at=now, act=Act.APPROVE.value, card_id=key_of(card), content=content))
    enact(session, card, Act.ACTIVATE, now=now)
    return new_number


def revoke_wallet(session: Session, number: str, *, now: int) -> None:
    """Ends the phone's credentials, and an offer that is open, and leaves the plastic valid.

    Raises:
        CredentialError: `bad_card_number`.
        IssuerError: `unknown_card`, `wrong_state`, `no_wallet`.
    """
    card = find(session, number)
    after(CardState(card.state), Act.REVOKE_WALLET)
    wallet, offered = end_wallet(session, card, now=now), close_offer(session, card, now=now)
    if wallet is None and not offered:
        raise IssuerError("no_wallet", "no phone holds, or was offered, credentials for this card")
    enact(session, card, Act.REVOKE_WALLET, now=now, wallet_id=wallet)


def end_wallet(session: Session, card: Card, *, now: int) -> int | None:
    """Ends the wallet that a card has, if it has one, and with it both of its status indices."""
    wallet = session.exec(
        select(Wallet).where(Wallet.card_id == card.id, col(Wallet.ended_at).is_(None))
    ).first()
    if wallet is None:
        return None
    wallet.ended_at = now
    session.flush()
    return wallet.id


def close_offer(session: Session, card: Card, *, now: int) -> bool:
    """Closes the offer that is open for a card; whether there was one."""
    offer = session.exec(
        select(Offer).where(Offer.card_id == card.id, col(Offer.closed_at).is_(None))
    ).first()
    if offer is None:
        return False
    offer.closed_at = now
    session.flush()
    return True


def expire(session: Session, *, now: int) -> int:
    """Ends every card whose validity is over; returns how many."""
    today = datetime.fromtimestamp(now, UTC).date()
    states = [state.value for state in RULES[Act.EXPIRE].sources]
    over = select(Card).where(col(Card.valid_until) <= today, col(Card.state).in_(states))
    cards = session.exec(over).all()
    for card in cards:
        enact(session, card, Act.EXPIRE, now=now)
    return len(cards)


def key_of(row: Card | Wallet) -> int:
    """The number of a row that has been written."""
    if row.id is None:
        raise ValueError("the row has not been written yet")
    return row.id


def _applied(session: Session, applications: Collection[int] | None) -> list[int]:
    statement = select(Card.id, Card.state).order_by(col(Card.id))
    if applications is None:
        ended = select(Card.person_id).where(col(Card.state).in_(ENDED))
        waiting = statement.where(Card.state == CardState.APPLIED.value)
        rows = list(session.exec(waiting.where(col(Card.person_id).not_in(ended))))
    else:
        wanted = sorted(set(applications))
        parts = (wanted[start : start + _CHUNK] for start in range(0, len(wanted), _CHUNK))
        rows = [row for part in parts for row in session.exec(statement.where(col(Card.id).in_(part)))]
        if len(rows) != len(wanted):
            raise IssuerError("unknown_application", "the register has no application of such a number")
    for _, state in rows:
        after(CardState(state), Act.APPROVE)
    return [number for number, _ in rows if number is not None]


def _approve(session: Session, drawn: Sequence[tuple[int, str, int]], making: Making, now: int) -> None:
    ids = [card for card, _, _ in drawn]
    people = dict(
        session.exec(
            select(Card.id, Person)
            .join(Person, col(Person.id) == Card.person_id)
            .where(col(Card.id).in_(ids))
        ).all()
    )
    made = [
        {"card": card, **_made(people[card], number, index, making, now)} for card, number, index in drawn
    ]
    columns: dict[str, Any] = {name: bindparam(name) for name in made[0] if name != "card"}
    connection = session.connection()
    connection.execute(update(Card).where(col(Card.id) == bindparam("card")).values(**columns), made)
    connection.execute(update(Card).where(col(Card.id).in_(ids)).values(state=CardState.ACTIVE.value))
    seals = [(index, card, None) for card, _, index in drawn]
    allotment.record(session, making.list_id, seals, status=STATUS[CardState.ACTIVE], now=now)
    acts = [
        (now, act.value, card["card"], content)
        for card in made
        for act, content in (
            (Act.APPROVE, contents.of_card({**card, "replaces_id": None})),
            (Act.ACTIVATE, None),
        )
    ]
    database.append(connection, METADATA.tables["act"], "at act card_id content", acts)
    session.expunge_all()


def _made(person: Person, number: str, index: int, making: Making, now: int) -> dict[str, Any]:
    """The columns of a card that gets its number."""
    valid_from, valid_until = making.validity(now)
    return {
        "state": CardState.APPROVED.value,
        "number": number,
        "valid_from": valid_from,
        "valid_until": valid_until,
        "seal": making.seal(person, number, index=index, now=now),
        "seal_template": making.template.number,
        "changed_at": now,
    }
