"""What an order is about, as one digest: an order for anything else is none."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Row, func, select
from sqlmodel import Session, col

from issuer import contents
from issuer.models import ActRow, Card, Person, Wallet

_CHUNK = 500


def digest(session: Session, cards: Collection[int], besides: bytes = b"") -> bytes:
    """The 32 bytes for cards as they stand, each with its last act, number, holder and phone, and `besides`.

    The last act, not only the state: what is asked of one suspension is not for the next.
    """
    hashed = hashlib.sha256(besides)
    for row in _rows(session, sorted(cards)):
        facts = dict(row._mapping)
        holder = contents.of_person(facts, facts["salt"] or b"").hex()
        stands = " ".join(str(facts[name]) for name in ("id", "state", "act", "number", "wallet"))
        hashed.update(f"{stands} {holder}\n".encode())
    return hashed.digest()


def _rows(session: Session, cards: list[int]) -> Iterator[Row[Any]]:
    person = [getattr(Person, name) for name in (*contents.PERSON, "salt")]
    columns = (col(Card.id), col(Card.state), col(Card.number), col(Wallet.id).label("wallet"), *person)
    acts = select(func.max(ActRow.id)).where(col(ActRow.card_id) == Card.id)
    columns = (*columns, acts.scalar_subquery().label("act"))
    phone = (col(Wallet.card_id) == Card.id) & col(Wallet.ended_at).is_(None)
    found = select(*columns).join(Person, col(Person.id) == Card.person_id).outerjoin(Wallet, phone)
    for start in range(0, len(cards), _CHUNK):
        chunk = col(Card.id).in_(cards[start : start + _CHUNK])
        yield from session.execute(found.where(chunk).order_by(col(Card.id)))
