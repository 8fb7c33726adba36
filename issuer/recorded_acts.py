"""The acts that the register holds, as the audit chain has them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from issuer.chain import ActFacts
from issuer.models import ActRow


def acts_from(session: Session, first: int, last: int | None = None) -> Iterator[ActFacts]:
    """Acts by their numbers, from `first` on."""
    columns = (ActRow.id, ActRow.at, ActRow.act, ActRow.card_id, ActRow.wallet_id, ActRow.content)
    statement = select_columns(*map(col, columns)).where(col(ActRow.id) >= first).order_by(col(ActRow.id))
    if last is not None:
        statement = statement.where(col(ActRow.id) <= last)
    yield from (ActFacts(*row) for row in session.execute(statement.execution_options(yield_per=5000)))
