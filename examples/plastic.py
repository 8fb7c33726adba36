"""What happens to cards outside of the register: a bank prints them, a counter hands them over.

Stands in for the print order and the bank's report, which have no commands yet.
`python -m examples.plastic HOME` does it to every card that was approved.
"""

from __future__ import annotations

import sys
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session, col, select

from issuer import audit, database, register
from issuer.home import Home
from issuer.lifecycle import Act, CardState
from issuer.models import Card


def hand_over(home: Home, *, now: datetime, numbers: Collection[str] | None = None) -> int:
    """Has approved cards, all or those of these numbers, printed and handed over; returns how many."""
    engine = database.connect(home.database_url())
    try:
        with database.writing(engine) as session:
            cards = _approved(session, numbers)
            for act in (Act.ORDER_PRINT, Act.PRINT, Act.ACTIVATE):
                register.enact_all(session, cards, act, now=int(now.timestamp()))
            audit.append(session, "hand_over", now=int(now.timestamp()))
    finally:
        engine.dispose()
    return len(cards)


def _approved(session: Session, numbers: Collection[str] | None) -> list[int]:
    rows = session.exec(
        select(Card.id, Card.number).where(Card.state == CardState.APPROVED.value).order_by(col(Card.id))
    )
    return [card for card, number in rows if card is not None and (numbers is None or number in numbers)]


if __name__ == "__main__":
    hand_over(Home(Path(sys.argv[1])), now=datetime.now(UTC))
