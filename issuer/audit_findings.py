"""What an examination of the audit chain finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

_MAX_PROBLEMS = 1000


@dataclass(frozen=True, slots=True)
class Problem:
    """What an examination found: a stable code, and the link, act, card, person or wallet it is about.

    A rule of the database has a name instead, which `about` is.
    """

    code: str
    about: str
    number: int


class Loss(NamedTuple):
    """A restoration that the chain tells of: the links after `kept`, up to `lost`, are gone.

    `at` is its time in epoch seconds; `lost` is `kept` where the backup was the last thing done.
    """

    at: int
    kept: int
    lost: int


@dataclass(slots=True)
class Examination:
    """How many links and acts were examined, and every problem (the first thousand).

    No problem, but to be told: restorations from a backup, and how many people were erased.
    """

    links: int = 0
    acts: int = 0
    problems: list[Problem] = field(default_factory=list)
    restored: list[Loss] = field(default_factory=list)
    erased: set[int] = field(default_factory=set)

    def found(self, code: str, about: str, number: int) -> None:
        """Takes down a problem."""
        if len(self.problems) < _MAX_PROBLEMS:
            self.problems.append(Problem(code, about, number))

    def is_lost(self, length: int) -> bool:
        """Whether the link of this number went with a register that a backup took the place of."""
        return any(loss.kept < length <= loss.lost for loss in self.restored)
