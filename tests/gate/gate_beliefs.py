"""What a gate knows of cards, and whether it believes its clock: the design's two floors, and jumps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from gate_showing import Moment

MINUTE = 60
JUMP = 120
"""Seconds by which a clock has to leave the time that passed for somebody to be asked about it."""


@dataclass
class Data:
    """What the ministry's newest stick or delta that came here says of each kind of code."""

    stopped: dict[str, Mapping[int, str]] = field(default_factory=dict)
    as_of: dict[str, int] = field(default_factory=dict)
    trust_ends: int = 0
    signed_floor: int = 0

    def take(self, kind: str, at: int, stopped: Mapping[int, str]) -> None:
        """A list's state of `at`; one that is older than what is known changes nothing."""
        if at >= self.as_of.get(kind, 0):
            self.stopped[kind], self.as_of[kind] = dict(stopped), at
            self.signed_floor = max(self.signed_floor, at)


class Clock:
    """Whether the machine's clock is to be believed."""

    def __init__(self, moment: Moment, data: Data) -> None:
        self._data = data
        self.base = moment
        self.local_floor = 0
        self.state = "ok"

    def look(self, moment: Moment) -> None:
        """Behind what was signed or seen, or jumped; what comes right from behind need not be confirmed."""
        if moment.epoch + MINUTE < self.floor:
            self.state = "behind"
            return
        jump = moment.epoch - self.base.epoch - (moment.seconds - self.base.seconds)
        if jump > JUMP and self.state == "behind":
            self.base, jump = moment, 0
        self.state = "ahead" if jump > JUMP else "back" if jump < -JUMP else "ok"

    def date(self, moment: Moment) -> datetime:
        """What is written down: the time that passed, where the clock left it; none that is over for sure."""
        passed = self._passed(moment)
        likely = moment.wall if abs(moment.wall - passed) <= timedelta(seconds=JUMP) else passed
        return max(likely, datetime.fromtimestamp(self.floor, UTC))

    def not_ahead(self, moment: Moment) -> datetime:
        """The clock's time, or that which passed where the clock jumped ahead: no floor rises by a jump."""
        passed = self._passed(moment)
        return passed if moment.wall - passed > timedelta(seconds=JUMP) else moment.wall

    def _passed(self, moment: Moment) -> datetime:
        return self.base.wall + timedelta(seconds=moment.seconds - self.base.seconds)

    @property
    def floor(self) -> int:
        """The newest time that was signed or seen."""
        return max(self.local_floor, self._data.signed_floor)

    def seen(self, moment: Moment) -> None:
        """The gate notes the time, unless it has reason to doubt it."""
        self.look(moment)
        if self.state == "ok":
            self.local_floor = max(self.local_floor, int(moment.epoch))
