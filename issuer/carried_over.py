"""What gates were told of cards after a backup, carried over into the register that was restored from it.

INVALID is final: a card that was published as ended is ended, whichever way;
one that was published as suspended is suspended. Nobody is given back what was
taken from them. An index that the register does not know, and that was not
VALID, is a lost card's or phone's: nobody can ever activate or reinstate it, so it is ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import insert
from sqlmodel import Session, col, select

from issuer import register
from issuer.lifecycle import STATUS, Act, CardState
from issuer.models import Card, StatusIndex, StatusList, Wallet
from issuer.published_state import Published
from revocation.status_list import Status
from revocation.status_list import StatusList as Statuses


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOver:
    """The numbers of the cards that were ended, suspended, or lost their phone; `unknown` indices."""

    ended: tuple[str, ...] = ()
    suspended: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    unknown: int = 0


def carry_over(session: Session, published: Published, *, now: int) -> CarriedOver:
    """Brings every card to what was published of it, if that is worse."""
    stands: dict[int, Status] = {}
    wallets: dict[int, int] = {}
    unknown = 0
    for row in session.exec(select(StatusList).order_by(col(StatusList.id))):
        signed = published.lists.get(row.uri)
        if signed is None:
            continue
        owners = _owners(session, row.id or 0)
        strangers = []
        for index, status in _told(signed.statuses):
            if index not in owners:
                strangers.append(index)
                continue
            card, wallet = owners[index]
            if card is None:
                _stir(session.get_one(StatusIndex, (row.id, index)), status)
            elif wallet is None:
                stands[card] = status
            elif status is Status.INVALID:
                wallets[wallet] = card
        invalid = {"list_id": row.id, "status": int(Status.INVALID), "drawn_at": now}
        if strangers:
            session.execute(insert(StatusIndex), [{**invalid, "idx": index} for index in strangers])
        unknown += len(strangers)
    return _enact(session, stands, wallets, unknown, now)


def _enact(
    session: Session, stands: dict[int, Status], wallets: dict[int, int], unknown: int, now: int
) -> CarriedOver:
    ended, suspended, phones = [], [], []
    for number, status in sorted(stands.items()):
        card = session.get_one(Card, number)
        state = CardState(card.state)
        if status is Status.INVALID and STATUS.get(state, Status.INVALID) is not Status.INVALID:
            register.enact(session, card, Act.REVOKE, now=now)
            ended.append(str(card.number))
        elif status is Status.SUSPENDED and state is CardState.ACTIVE:
            register.enact(session, card, Act.SUSPEND, now=now)
            suspended.append(str(card.number))
    for wallet, number in sorted(wallets.items()):
        card = session.get_one(Card, number)
        held = session.get_one(Wallet, wallet)
        if held.ended_at is None and CardState(card.state) in (CardState.ACTIVE, CardState.SUSPENDED):
            register.end_wallet(session, card, now=now)
            register.enact(session, card, Act.REVOKE_WALLET, now=now, wallet_id=wallet)
            phones.append(str(card.number))
    return CarriedOver(ended=tuple(ended), suspended=tuple(suspended), phones=tuple(phones), unknown=unknown)


def _stir(decoy: StatusIndex, status: Status) -> None:
    """A decoy that took back what was published of it could be told by that."""
    if status is Status.INVALID or (status is Status.SUSPENDED and decoy.status == Status.VALID):
        decoy.status = int(status)


def _owners(session: Session, list_id: int) -> dict[int, tuple[int | None, int | None]]:
    columns = select(StatusIndex.idx, StatusIndex.card_id, StatusIndex.wallet_id)
    rows = session.exec(columns.where(StatusIndex.list_id == list_id))
    return {index: (card, wallet) for index, card, wallet in rows}


def _told(statuses: Statuses) -> Iterator[tuple[int, Status]]:
    """Every index that does not stand at VALID."""
    for index in range(statuses.size):
        if status := statuses.get(index):
            yield index, Status(status)
