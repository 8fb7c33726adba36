"""Status indices held against their cards, their phones and the seals that name them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from credential.seal import parse_seal
from did.errors import IdentityError
from issuer.audit_findings import Examination
from issuer.guards_keeping import ERASED_SEAL
from issuer.lifecycle import STATUS
from issuer.models import Card, StatusIndex, StatusList, TemplateRow, Wallet
from revocation.status_list import Status

_NOWHERE = (0, 0)


def examine(session: Session, result: Examination, places: Mapping[int, tuple[int, int]]) -> None:
    """Every index says what its card and phone say, and stands where its seal says; else `status_differs`.

    That a re-issue's and a phone's stand where they were drawn, their acts say (`audit_rows`).
    """
    invalid = int(Status.INVALID)
    stands = {state.value: int(status) for state, status in STATUS.items()}
    rows = session.execute(
        select_columns(
            *map(col, (StatusIndex.card_id, StatusIndex.status, Card.state, StatusIndex.wallet_id)),
            *map(col, (Wallet.card_id, Wallet.ended_at)),
        )
        .join(Card, col(Card.id) == StatusIndex.card_id, isouter=True)
        .join(Wallet, col(Wallet.id) == StatusIndex.wallet_id, isouter=True)
        .where(col(StatusIndex.card_id).is_not(None))
        .execution_options(yield_per=5000)
    )
    for card, status, state, wallet, owner, ended_at in rows:
        says = invalid if ended_at is not None else stands.get(state)
        if status != says or (wallet is not None and owner != card):
            result.found("status_differs", "card", card)
    for card in _misplaced(session, places):
        result.found("status_differs", "card", card)
    nobodys = col(StatusIndex.card_id).is_(None) & col(StatusIndex.reissue_id).is_not(None)
    if session.exec(select(StatusIndex.list_id).where(nobodys)).first() is not None:
        result.found("status_differs", "card", 0)


def of_seals(session: Session) -> dict[int, tuple[int, int]]:
    """Where the first seal of each card has its index: list and index, by card; nowhere, if it has two."""
    first = (
        col(StatusIndex.card_id).is_not(None),
        col(StatusIndex.wallet_id).is_(None),
        col(StatusIndex.reissue_id).is_(None),
    )
    columns = map(col, (StatusIndex.card_id, StatusIndex.list_id, StatusIndex.idx))
    places: dict[int, tuple[int, int]] = {}
    for card, *place in session.execute(select_columns(*columns).where(*first)):
        places[card] = _NOWHERE if card in places else (place[0], place[1])
    return places


def _misplaced(session: Session, places: Mapping[int, tuple[int, int]]) -> Iterator[int]:
    """The cards whose index is not the one in their seal; where that was erased, not of its list."""
    lists = dict(session.exec(select(StatusList.uri, StatusList.id)).all())
    made_for = dict(session.exec(select(TemplateRow.number, TemplateRow.list_id)).all())
    columns = map(col, (Card.id, Card.seal, Card.seal_template))
    rows = session.execute(select_columns(*columns).execution_options(yield_per=5000))
    for card, seal, template in rows:
        place = places.get(card)
        if seal is None:
            fits = place is None
        elif seal == ERASED_SEAL:
            fits = place is not None and place[0] == made_for.get(template)
        else:
            try:
                told = parse_seal(seal)
            except IdentityError:
                fits = False
            else:
                fits = place == (lists.get(told.status_uri), told.status_index)
        if not fits:
            yield card
