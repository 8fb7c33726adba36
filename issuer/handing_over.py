"""Handing cards over: which of a list are active now, and what is wrong with each of the others."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlmodel import Session, col, select

from credential import card_number
from credential.errors import CredentialError
from issuer import register
from issuer.errors import IssuerError
from issuer.lifecycle import RULES, Act, CardState, after
from issuer.models import Card

MAX_BYTES = 8_000_000
"""Bytes of a list: more cards than the civil service has."""
_CHUNK = 500


class HandingFault(StrEnum):
    """Why a card of a list is not active now."""

    NO_NUMBER = "bad_card_number"
    UNKNOWN = "unknown_card"
    WRONG_STATE = "wrong_state"


@dataclass(frozen=True, slots=True)
class NotHanded:
    """A row of a list whose card stays as it is; `state` where it has one that does not allow it."""

    row: int
    fault: HandingFault
    state: CardState | None = None


@dataclass(slots=True)
class HandingReport:
    """What became of a list: cards made active, active before, named twice, and rows at fault."""

    activated: int = 0
    already_active: int = 0
    repeated: int = 0
    faults: list[NotHanded] = field(default_factory=list)


def printed(session: Session, numbers: Sequence[str]) -> list[int]:
    """The ids of these cards, if all of them were printed; one named twice counts once.

    Raises:
        CredentialError: `bad_card_number`.
        IssuerError: `unknown_card`, `wrong_state`.
    """
    cards = [register.find(session, number) for number in numbers]
    for card in cards:
        after(CardState(card.state), Act.ACTIVATE)
    return list(dict.fromkeys(map(register.key_of, cards)))


def survey(session: Session, rows: Sequence[tuple[int, str]]) -> tuple[HandingReport, list[int]]:
    """What a list comes to, and the ids of the cards that were printed and are not active yet."""
    report, wanted = HandingReport(), dict[str, int]()
    for row, text in rows:
        try:
            number = card_number.parse(text)
        except CredentialError:
            report.faults.append(NotHanded(row, HandingFault.NO_NUMBER))
            continue
        report.repeated += number in wanted
        wanted.setdefault(number, row)
    ready = list(_ready(session, wanted, report))
    report.activated = len(ready)
    report.faults.sort(key=lambda fault: fault.row)
    return report, ready


def _ready(session: Session, wanted: dict[str, int], report: HandingReport) -> Iterator[int]:
    """The cards to be activated; what is to be said of the others is in `report`."""
    numbers = list(wanted)
    for start in range(0, len(numbers), _CHUNK):
        part = numbers[start : start + _CHUNK]
        rows = session.exec(select(Card.number, Card.id, Card.state).where(col(Card.number).in_(part)))
        found = {number: (card, CardState(state)) for number, card, state in rows}
        for number in part:
            card, state = found.get(number, (None, None))
            if card is None or state is None:
                report.faults.append(NotHanded(wanted[number], HandingFault.UNKNOWN))
            elif state is CardState.ACTIVE:
                report.already_active += 1
            elif state in RULES[Act.ACTIVATE].sources:
                yield card
            else:
                report.faults.append(NotHanded(wanted[number], HandingFault.WRONG_STATE, state))


def read_list(text: str) -> list[tuple[int, str]]:
    """The rows of a list, each with the first of its cells that is not empty; a first line of words is none.

    Raises:
        IssuerError: `no_rows`.
    """
    rows = []
    for row, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        try:
            cells = next(csv.reader([line.replace(";", ",").replace("\t", ",")]), [])
        except csv.Error:
            cells = [line]
        first = next((cell.strip() for cell in cells if cell.strip()), "")
        if first and not (row == 1 and not any(letter.isdigit() for letter in first)):
            rows.append((row, first))
    if not rows:
        raise IssuerError("no_rows", "the list names no card")
    return rows
