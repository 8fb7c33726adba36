"""What is shown to a gate, when, and what its screen and its log have to say of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from world import ORDER

Line = tuple[datetime, str, str | None, str, bool]
"""A line of the log: when by the clock, code, assurance, way, whether the number was compared."""


@dataclass(frozen=True)
class Moment:
    """What the machine's clock says, and the seconds that nobody sets."""

    wall: datetime
    seconds: float

    @property
    def epoch(self) -> float:
        """The clock's time in seconds since 1970."""
        return self.wall.timestamp()


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Something that is held up; `wrong` is the code that its making leads to, if it is no honest one."""

    text: str
    kind: str = "live"
    who: int = -1
    number: str = ""
    signed_at: int = 0
    challenge: bytes | None = None
    gate: int = 0
    """Whom an answer is for; 0 stands for any gate."""
    begins: int = 0
    wrong: str = ""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the screen has to say."""

    code: str
    assurance: str | None = None
    checked: bool = False
    asks: bool = False
    repeat: bool = False

    @property
    def verdict(self) -> str:
        """The one of three answers."""
        if self.code == "accepted":
            return "accepted"
        return "refused" if self.code in ORDER or self.code == "replayed" else "cannot_tell"

    @property
    def look(self) -> str:
        """The picture: a print never that of a phone."""
        if self.code == "accepted":
            return "compare" if self.assurance == "printed" else "yes"
        return "no" if self.verdict == "refused" else "unsure"
