"""Which cards can be printed now, with all that is printed of them, and why another cannot be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from credential.codes import Name
from credential.errors import CredentialError
from credential.packed import pack
from credential.seal import parse_seal
from credential.seal_picture import seal_png
from credential.template import Template
from issuer import civil_days, credentials
from issuer.agencies import UNNAMED
from issuer.batch import BatchCard
from issuer.errors import IssuerError
from issuer.lifecycle import CardState
from issuer.models import Card, Person, TemplateRow
from issuer.photo_store import PhotoStore
from issuer.qr_length import MAX_SEAL

_TOLD_EVERY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class CardToPrint:
    """A card of the register as it is printed; `id` is its row's, `agency` a code,
    `valid_until` its last day.

    `photo` is the SHA-256 of the photograph, None where its holder's application had none.
    """

    id: int
    number: str
    agency: str
    name_km: str
    name_la: str
    valid_until: date
    seal: str
    photo: bytes | None

    def in_batch(self, sequence: int) -> BatchCard:
        """Its row in a batch, in this place.

        Raises:
            IssuerError: `bad_batch`.
        """
        return BatchCard(
            sequence=sequence,
            number=self.number,
            name_km=self.name_km,
            name_la=self.name_la,
            valid_until=self.valid_until,
            agency=self.agency,
            seal=self.seal,
        )


class Obstacle(StrEnum):
    """Why an approved card is left out of an order."""

    PHOTO_LOST = "photo_lost"
    UNPRINTABLE = "unprintable"

    @property
    def words(self) -> Name:
        """What it is and what to do, in Khmer and English."""
        return _WORDS[self]


_WORDS = {
    Obstacle.PHOTO_LOST: Name(
        "រូបថតបាត់ពីថត photos ឬខូច។ សូមស្ដារវាពីច្បាប់ចម្លង រួចបញ្ជាម្ដងទៀត។",
        "Its photograph is gone from the home, or damaged. Restore the folder photos from a backup.",
    ),
    Obstacle.UNPRINTABLE: Name(
        "ឈ្មោះ ឬកូដរបស់វា មិនអាចបោះពុម្ពបានទេ។ សូម revoke វា កែពាក្យសុំ រួច import ម្ដងទៀត។",
        "Its names or its code cannot be printed. Revoke it, mend the application, and import it again.",
    ),
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A card that waits on, by its number, and why."""

    number: str
    obstacle: Obstacle


def approved(session: Session, codes: Mapping[str, str], wanted: Collection[str] | None) -> list[CardToPrint]:
    """The approved cards, the first approved first, of all agencies or of those with the `wanted` codes.

    `codes` holds the code of each agency by its name (`agencies.codes`).
    """
    statement = _cards().where(col(Card.state) == CardState.APPROVED.value).order_by(col(Card.id))
    found = _read(session, statement, codes)
    return [card for card in found if wanted is None or card.agency in wanted]


def numbered(session: Session, cards: Sequence[int], codes: Mapping[str, str]) -> list[CardToPrint]:
    """The cards of these rows, in their order."""
    found: dict[int, CardToPrint] = {}
    for start in range(0, len(cards), 500):
        part = _cards().where(col(Card.id).in_(cards[start : start + 500]))
        found |= {card.id: card for card in _read(session, part, codes)}
    return [found[card] for card in cards]


def sift(
    cards: Sequence[CardToPrint],
    photos: PhotoStore,
    *,
    limit: int | None,
    progress: Callable[[int, int], None] | None,
) -> tuple[list[CardToPrint], list[LeftOut]]:
    """The first `limit` cards that can be printed, and those before them that cannot."""
    good: list[CardToPrint] = []
    left: list[LeftOut] = []
    for done, card in enumerate(cards):
        if limit is not None and len(good) >= limit:
            break
        if card.photo is not None and not photos.holds(card.photo):
            left.append(LeftOut(card.number, Obstacle.PHOTO_LOST))
        elif not _is_printable(card):
            left.append(LeftOut(card.number, Obstacle.UNPRINTABLE))
        else:
            good.append(card)
        if progress and done % _TOLD_EVERY == 0:
            progress(done, len(cards))
    return good, left


def _is_printable(card: CardToPrint) -> bool:
    try:
        card.in_batch(1)
        if len(card.seal) > MAX_SEAL:  # it may still fit
            seal_png(card.seal)
    except (IssuerError, CredentialError):
        return False
    return True


def _cards() -> Select[*tuple[Any, ...]]:
    columns = (
        *(Card.id, Card.number, Card.seal, Card.seal_template),
        *(Person.name_km, Person.name_la, Person.agency, Person.photo_sha256),
    )
    return select_columns(*map(col, columns)).join(Person, col(Person.id) == Card.person_id)


def _read(
    session: Session, statement: Select[*tuple[Any, ...]], codes: Mapping[str, str]
) -> Iterator[CardToPrint]:
    templates: dict[int, Template] = {
        row.number: credentials.read_template(row) for row in session.exec(select(TemplateRow))
    }
    for id_, number, seal, template, name_km, name_la, agency, photo in session.execute(statement):
        yield CardToPrint(
            id=id_,
            number=number,
            agency=codes.get(agency, UNNAMED),
            name_km=name_km,
            name_la=name_la,
            valid_until=_last_day(seal),
            seal=pack(seal, templates[template]),
            photo=photo,
        )


def _last_day(seal: bytes) -> date:
    """That of what was signed: of a card that an earlier version approved, the register says a day more."""
    return civil_days.last_day(datetime.fromtimestamp(parse_seal(seal).expires_at, UTC))
