"""What an order is about, as one digest: an order for anything else is none."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session, col

from issuer import contents
from issuer.models import Card, Person, Wallet

_CHUNK = 500


def digest(session: Session, cards: Collection[int], besides: bytes = b"") -> bytes:
    """The 32 bytes for cards as they stand, each with its state, number, holder and phone, and `besides`."""
    hashed = hashlib.sha256(besides)
    for row in _rows(session, sorted(cards)):
        facts = dict(row._mapping)
        holder = contents.of_person(facts, facts["salt"] or b"").hex()
        hashed.update(
            f"{facts['id']} {facts['state']} {facts['number']} {facts['wallet']} {holder}\n".encode()
        )
    return hashed.digest()


def _rows(session: Session, cards: list[int]) -> Iterator[Row[Any]]:
    person = [getattr(Person, name) for name in (*contents.PERSON, "salt")]
    columns = (col(Card.id), col(Card.state), col(Card.number), col(Wallet.id).label("wallet"), *person)
    phone = (col(Wallet.card_id) == Card.id) & col(Wallet.ended_at).is_(None)
    found = select(*columns).join(Person, col(Person.id) == Card.person_id).outerjoin(Wallet, phone)
    for start in range(0, len(cards), _CHUNK):
        chunk = col(Card.id).in_(cards[start : start + _CHUNK])
        yield from session.execute(found.where(chunk).order_by(col(Card.id)))
