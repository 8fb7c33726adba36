"""What an application says of a person, for the staff who decide on it: all that they put their names to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session

from credential.claims import EmploymentStatus
from issuer import applications, doubts, qr_length
from issuer.doubts import Doubtful
from issuer.faults import Fault, FaultKind
from issuer.lifecycle import FINAL, CardState
from issuer.models import Card, Erasure, Person
from issuer.photo_store import PhotoStore
from issuer.sheet_rows import Row


class Photo(StrEnum):
    """Whether there is a photograph to print."""

    NONE = "none"
    HELD = "held"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Applicant:
    """A person as the register has them now, and what an import would still warn of.

    `doubtful` is what `approve --all` leaves an application out for.
    """

    row: Row
    photo: Photo
    warnings: tuple[Fault, ...]
    doubtful: Doubtful


def read(session: Session, card: Card, photos: PhotoStore) -> Applicant | None:
    """Whom this card or application is of; None where their data were erased."""
    if session.get(Erasure, card.person_id) is not None:
        return None
    row = applications.row_of(session.get_one(Person, card.person_id))
    state = CardState(card.state)
    found = doubts.doubtful(session) if state is CardState.APPLIED else {}
    return Applicant(
        row, _photo(row, photos), tuple(_warnings(row, state)), found.get(card.id or 0, Doubtful())
    )


def _photo(row: Row, photos: PhotoStore) -> Photo:
    if row.photo_sha256 is None:
        return Photo.NONE
    return Photo.HELD if photos.holds(row.photo_sha256) else Photo.LOST


def _warnings(row: Row, state: CardState) -> Iterator[Fault]:
    """Of an application that waits, as `import` warns; of a card that stands, as `amend` does."""
    waits = state is CardState.APPLIED
    if row.employment_status is EmploymentStatus.RETIRED and state not in FINAL:
        yield Fault(0, "employment_status", FaultKind.RETIRED if waits else FaultKind.RETIRED_WITH_CARD)
    if waits:
        yield from qr_length.long_codes(0, row)
