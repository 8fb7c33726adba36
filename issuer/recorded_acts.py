"""The acts that the register holds, as the audit chain has them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import BigInteger, bindparam
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from issuer.chain import ActFacts
from issuer.models import ActRow

_COLUMNS = (ActRow.id, ActRow.at, ActRow.act, ActRow.card_id, ActRow.wallet_id, ActRow.content)
_ACTS = (  # made once: an audit asks for every link
    select_columns(*map(col, _COLUMNS))
    .where(col(ActRow.id).between(bindparam("first", type_=BigInteger), bindparam("last", type_=BigInteger)))
    .order_by(col(ActRow.id))
    .execution_options(yield_per=5000)
)
_NO_LAST = (1 << 63) - 1
"""The highest number that a database has."""


def acts_from(session: Session, first: int, last: int = _NO_LAST) -> Iterator[ActFacts]:
    """Acts by their numbers, from `first` on."""
    yield from (ActFacts(*row) for row in session.execute(_ACTS, {"first": first, "last": last}))
