"""What somebody looks into before an application is approved; `approve --all` leaves such a one out.

Nothing of it is stored: it is asked of the register as it stands, so that what
was amended, rejected or filed since counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from issuer.lifecycle import ENDED, CardState
from issuer.models import Card, Person, Rejection
from issuer.rejection_reasons import MENDABLE


class Doubt(StrEnum):
    """Why somebody should look."""

    PERHAPS_SAME_PERSON = "perhaps_same_person"
    HAD_CARD = "had_card"
    WAS_REJECTED = "was_rejected"


@dataclass(slots=True)
class Doubtful:
    """What is doubtful about one application; `others` are those of whoever is perhaps the same."""

    doubts: set[Doubt] = field(default_factory=set)
    others: list[int] = field(default_factory=list)


def doubtful(session: Session) -> dict[int, Doubtful]:
    """The waiting applications that somebody should look into, by their numbers."""
    found: dict[int, Doubtful] = {}
    _add_twins(session, found)
    ended = select(Card.person_id).where(col(Card.state).in_(ENDED))
    _add(found, Doubt.HAD_CARD, _waiting(session, ended))
    hopeless = select(Card.person_id).join(Rejection, col(Rejection.card_id) == Card.id)
    hopeless = hopeless.where(col(Rejection.reason).not_in(MENDABLE))
    _add(found, Doubt.WAS_REJECTED, _waiting(session, hopeless))
    return dict(sorted(found.items()))


def _add_twins(session: Session, found: dict[int, Doubtful]) -> None:
    """Names, without spaces, and birth date that people with different employee numbers share.

    Whoever was rejected, and has nothing else, is nobody's twin.
    """
    name_km, name_la = (func.replace(col(name), " ", "") for name in (Person.name_km, Person.name_la))
    key = (name_km, name_la, col(Person.date_of_birth))
    stands = col(Card.state) != CardState.REJECTED.value
    shared = (
        select_columns(name_km.label("km"), name_la.label("la"), col(Person.date_of_birth).label("born"))
        .join(Card, col(Card.person_id) == Person.id)
        .where(stands)
        .group_by(*key)
        .having(func.count(func.distinct(col(Person.id))) > 1)
        .subquery()
    )
    rows = session.execute(
        select_columns(*key, col(Person.id), col(Card.id), col(Card.state))
        .join(Card, col(Card.person_id) == Person.id)
        .join(
            shared,
            (name_km == shared.c.km)
            & (name_la == shared.c.la)
            & (col(Person.date_of_birth) == shared.c.born),
        )
        .where(stands)
        .order_by(col(Card.id))
    )
    alike: dict[tuple[object, ...], list[tuple[int, int, str]]] = {}
    for km, la, born, person, card, state in rows:
        alike.setdefault((km, la, born), []).append((person, card, state))
    for group in alike.values():
        for person, card, state in group:
            if state == CardState.APPLIED:
                others = [other for owner, other, _ in group if owner != person]
                found[card] = Doubtful({Doubt.PERHAPS_SAME_PERSON}, others)


def _waiting(session: Session, people: object) -> Iterable[int | None]:
    waiting = select(Card.id).where(Card.state == CardState.APPLIED.value)
    return session.exec(waiting.where(col(Card.person_id).in_(people)))  # type: ignore[arg-type]


def _add(found: dict[int, Doubtful], doubt: Doubt, applications: Iterable[int | None]) -> None:
    for number in applications:
        if number is not None:
            found.setdefault(number, Doubtful()).doubts.add(doubt)
