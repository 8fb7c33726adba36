"""Whose personal data may go, and when: the ministry's rule, and the people it is about now.

HOME/retention.json says it, where it is not the default:

    {"version": 1, "ended_years": 10, "rejected_days": 365, "photo_days": 90}
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import case
from sqlmodel import Session, col, func, select

from did import strict_json
from did.errors import DidError
from issuer.errors import IssuerError
from issuer.lifecycle import FINAL, CardState
from issuer.models import Card, Erasure

FILE = "retention.json"
_MAX_FILE = 4096
_DAY = 86_400
_YEAR = 31_556_952
"""Seconds of a year of the Gregorian calendar, on average."""
_MOST = {"ended_years": 100, "rejected_days": 36_500, "photo_days": 36_500}


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long after all cards of a person ended, an application was rejected, a photo served nobody.

    Raises:
        IssuerError: `bad_retention`.
    """

    ended_years: int = 10
    rejected_days: int = 365
    photo_days: int = 90

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if type(value) is not int or not 1 <= value <= _MOST[name]:
                raise IssuerError(
                    "bad_retention", f"{FILE}: {name} is a whole number from 1 to {_MOST[name]}"
                )

    @classmethod
    def read(cls, home: Path) -> Retention:
        """The rule of a home.

        Raises:
            IssuerError: `bad_retention`.
        """
        try:
            with (home / FILE).open("rb") as file:
                document = strict_json.loads(file.read(_MAX_FILE + 1), max_bytes=_MAX_FILE)
        except FileNotFoundError:
            return cls()
        except (OSError, DidError) as error:
            raise IssuerError("bad_retention", f"{FILE} cannot be read, or is no JSON text") from error
        if not isinstance(document, dict) or document.pop("version", None) != 1 or document.keys() - _MOST:
            raise IssuerError("bad_retention", f"{FILE} does not hold what it should")
        return cls(**document)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A person whose data may go: the last of their cards ended then; `rejected`: they never had one."""

    person: int
    ended_at: int
    rejected: bool


def due(session: Session, rule: Retention, *, now: int) -> list[Due]:
    """Everybody whose time is over, in the order they came."""
    final = [state.value for state in FINAL]
    had_card = func.max(case((col(Card.state) == CardState.REJECTED.value, 0), else_=1))
    living = func.max(case((col(Card.state).in_(final), 0), else_=1))
    last = func.max(Card.changed_at)
    found = session.exec(
        select(Card.person_id, last, had_card)
        .where(col(Card.person_id).not_in(select(Erasure.person_id)))
        .group_by(col(Card.person_id))
        .having(living == 0)
        .order_by(col(Card.person_id))
    )
    people = [Due(person=person, ended_at=at, rejected=not had) for person, at, had in found]
    kept = {True: rule.rejected_days * _DAY, False: rule.ended_years * _YEAR}
    return [each for each in people if each.ended_at + kept[each.rejected] <= now]
