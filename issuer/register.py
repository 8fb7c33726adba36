"""What is done to cards: each function is a part of one writing transaction.

What a change of a card does to its status indices is done by the database
itself (`issuer.guards`), from the same table that is asked here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from credential import card_number
from issuer import allotment, civil_days, contents, database, doubts
from issuer.credentials import Making
from issuer.errors import IssuerError
from issuer.lifecycle import RULES, STATUS, Act, CardState, after
from issuer.models import METADATA, ActRow, Card, Offer, Person, Wallet
from issuer.progress import Progress

_CHUNK = 500
_NAMED = 20
"""Applications that a refusal names."""


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


def find_application(session: Session, number: int) -> Card:
    """The application of this number.

    Raises:
        IssuerError: `unknown_application`.
    """
    card = session.get(Card, number)
    if card is None:
        raise _unknown([number])
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


def enact_all(
    session: Session, cards: Sequence[int], act: Act, *, now: int, content: Mapping[int, bytes] | None = None
) -> None:
    """Does `act`, which changes the state, to many cards by their row numbers, all or none.

    `content` are the digests of what it wrote, by card.

    Raises:
        IssuerError: `wrong_state`.
    """
    target, digests = RULES[act].target, content or {}
    if target is None:
        raise ValueError("an act that changes no state is done by enact")
    for part in _parts(cards):
        rows = session.execute(select(Card.id, Card.state).where(col(Card.id).in_(part)).with_for_update())
        for _, state in rows.all():
            after(CardState(state), act)
        changed = {"state": target.value, "changed_at": now}
        session.execute(update(Card).where(col(Card.id).in_(part)).values(**changed))
        acts = [(now, act.value, card, digests.get(card)) for card in part]
        database.append(session.connection(), METADATA.tables["act"], "at act card_id content", acts)


def approve(
    session: Session,
    applications: Collection[int] | None,
    making: Making,
    *,
    now: int,
    progress: Progress | None = None,
) -> list[tuple[int, str]]:
    """Approves these applications, or all that wait: each gets a number, a seal and a status index.

    All are not those that somebody has to look into first (`issuer.doubts`).
    A card is active once it was printed and handed over.
    Returns (application, card number) of each.

    Raises:
        IssuerError: `unknown_application`, `wrong_state`.
        StatusError: `list_full`.
    """
    ids = applied(session, applications, Act.APPROVE)
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

    The new card is printed and handed over in its turn: until then nobody passes with either.

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
    columns = {**made, "replaces_id": old.id, "person_id": old.person_id}
    content = contents.of_whole_card(columns, making.list_id, index)
    session.add(ActRow(at=now, act=Act.APPROVE.value, card_id=key_of(card), content=content))
    session.flush()
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
    """Ends every card whose last day is over in Phnom Penh; returns how many.

    Every publication and every delta begins with it.
    """
    states = [state.value for state in RULES[Act.EXPIRE].sources]
    over = select(Card.id).where(col(Card.valid_until) < civil_days.day_of(now), col(Card.state).in_(states))
    cards = [card for card in session.exec(over) if card is not None]
    enact_all(session, cards, Act.EXPIRE, now=now)
    return len(cards)


def key_of(row: Card | Wallet) -> int:
    """The number of a row that has been written."""
    if row.id is None:
        raise ValueError("the row has not been written yet")
    return row.id


def holders(session: Session, cards: Sequence[int]) -> dict[int, int]:
    """The person of each card."""
    found: dict[int, int] = {}
    for part in _parts(cards):
        rows = session.execute(select(Card.id, Card.person_id).where(col(Card.id).in_(part)))
        found.update((card, person) for card, person in rows if card is not None)
    return found


def _parts(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """Few enough at a time for one statement."""
    return (numbers[start : start + _CHUNK] for start in range(0, len(numbers), _CHUNK))


def _unknown(numbers: Sequence[int]) -> IssuerError:
    named = ", ".join(map(str, numbers[:_NAMED])) + (", …" if len(numbers) > _NAMED else "")
    message = f"the register has no application of this number: {named}; list shows them"
    return IssuerError("unknown_application", message, numbers=named)


def applied(session: Session, applications: Collection[int] | None, act: Act) -> list[int]:
    """These applications, if all of them allow `act`; or all that wait and nobody has to look into first.

    Raises:
        IssuerError: `unknown_application`, `wrong_state`.
    """
    if applications is None:
        waiting = select(Card.id).where(Card.state == CardState.APPLIED.value).order_by(col(Card.id))
        left_out = doubts.doubtful(session)
        return [number for number in session.exec(waiting) if number is not None and number not in left_out]
    wanted, states = sorted(set(applications)), dict[int | None, str]()
    for part in _parts(wanted):
        states.update(session.exec(select(Card.id, Card.state).where(col(Card.id).in_(part))).all())
    if unknown := [number for number in wanted if number not in states]:
        raise _unknown(unknown)
    for state in states.values():
        after(CardState(state), act)
    return wanted


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
    seals = [(index, card, None) for card, _, index in drawn]
    allotment.record(session, making.list_id, seals, status=STATUS[CardState.APPROVED], now=now)
    acts = []
    for card, (_, _, index) in zip(made, drawn, strict=True):
        whole = {**card, "replaces_id": None, "person_id": people[card["card"]].id}
        content = contents.of_whole_card(whole, making.list_id, index)
        acts.append((now, Act.APPROVE.value, card["card"], content))
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
