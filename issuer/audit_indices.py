"""Status indices held against their cards, their phones and the seals that name them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from credential.seal import parse_seal
from did.errors import IdentityError
from issuer.audit_findings import Examination
from issuer.guards_keeping import ERASED_SEAL
from issuer.lifecycle import STATUS
from issuer.models import Card, StatusIndex, StatusList, TemplateRow, Wallet
from revocation.status_list import Status


def examine(session: Session, result: Examination) -> None:
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
    for card in _misplaced(session):
        result.found("status_differs", "card", card)


def _misplaced(session: Session) -> Iterator[int]:
    """The cards whose index is not the one in their seal; where that was erased, not of its list."""
    lists = dict(session.exec(select(StatusList.uri, StatusList.id)).all())
    made_for = dict(session.exec(select(TemplateRow.number, TemplateRow.list_id)).all())
    first = (
        (col(StatusIndex.card_id) == Card.id)
        & col(StatusIndex.wallet_id).is_(None)
        & col(StatusIndex.reissue_id).is_(None)
    )
    columns = (Card.id, Card.seal, Card.seal_template, StatusIndex.list_id, StatusIndex.idx)
    rows = select_columns(*map(col, columns)).join(StatusIndex, first, isouter=True)
    for card, seal, template, list_id, index in session.execute(rows.execution_options(yield_per=5000)):
        if seal is None or seal == ERASED_SEAL:
            fits = list_id == (None if seal is None else made_for.get(template))
        else:
            try:
                told = parse_seal(seal)
            except IdentityError:
                fits = False
            else:
                fits = (list_id, index) == (lists.get(told.status_uri), told.status_index)
        if not fits:
            yield card
