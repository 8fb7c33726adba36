"""The machine's time, watched: floors that rise with it, jumps that are doubted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from did.errors import IdentityError
from trust import TrustSnapshot, touch_clock
from trust.floors import lower_clock
from verifier.checks import CLOCK_TOLERANCE
from verifier.gate.clock_watch import ClockWatch, boot_seconds

_UNWRITTEN = timedelta(seconds=5)
"""What the local floor may lack of the last time seen: it rises about once a second."""


class Watchman:
    """Whether the clock may be believed, over restarts by the floors and between them by `ClockWatch`.

    A clock that starts out behind and is then set right has jumped, too, but
    into what the floors allow: nobody need confirm that. `kept` says whether
    the local floor could be written last time.
    """

    def __init__(
        self, home: Path, clock: Callable[[], datetime], monotonic: Callable[[], float] = boot_seconds
    ) -> None:
        self._home = home
        self._clock = clock
        self._watch = ClockWatch(clock, monotonic)
        self._monotonic, self._began, self._seen_before = monotonic, monotonic(), 0
        self.kept = True

    def now(self) -> datetime:
        """The machine's clock."""
        return self._clock()

    def has_seen(self, floor: int) -> None:
        """The local floor (epoch seconds) that was found at the start: the time was that before it."""
        self._seen_before = floor

    def started(self) -> datetime:
        """When this gate was started, as its clock says now; never before what was seen before the start."""
        start = self._clock() - timedelta(seconds=self._monotonic() - self._began)
        seen = datetime.fromtimestamp(self._seen_before, UTC)
        return start if start >= seen else seen + _UNWRITTEN

    def believed(self) -> datetime:
        """The time by which things end: a clock that jumped ahead ends nothing early."""
        return self._watch.believed()

    def dated(self, trust: TrustSnapshot) -> datetime:
        """The time that is written down: of a wrong clock, an entry would go early, or stay for years."""
        floor = datetime.fromtimestamp(trust.clock_floor, UTC)
        return max(self._watch.likely(), floor)

    def state(self, trust: TrustSnapshot) -> str:
        """`ok`, `behind` a time that was signed or seen, or by a jump `ahead` or `back`."""
        if _is_behind(self._clock(), trust):
            return "behind"
        look = self._watch.look()
        if look == "jumped_ahead" and self._is_repair(trust):
            self._watch.accept()
            look = "ok"
        return {"jumped_ahead": "ahead", "jumped_back": "back"}.get(look, "ok")

    def raise_floor(self, trust: TrustSnapshot) -> TrustSnapshot:
        """The trust with the local floor at the machine's time, which is kept on disk as well."""
        now = self._clock()
        if self.state(trust) != "ok":
            return trust
        floor = int(now.timestamp())
        try:
            floor = touch_clock(self._home, now)
            self.kept = True
        except (IdentityError, OSError):
            self.kept = False
        return replace(trust, local_floor=max(floor, trust.local_floor))

    def lower_floor(self) -> int:
        """Lowers the local floor to the signed one; what the clock says now is believed. Returns the floor.

        Raises:
            TrustError: as `trust.floors.lower_clock`.
        """
        floor = lower_clock(self._home)
        self._seen_before = 0  # it was no time that has been
        self._watch.accept()
        return floor

    def accept(self) -> None:
        """Somebody says that the clock is right as it stands."""
        self._watch.accept()

    def _is_repair(self, trust: TrustSnapshot) -> bool:
        """Whether the watch began under a clock that was behind, and the time now is one that can be.

        It lies between the floors and the end of the trust data; more nobody here can know.
        """
        return _is_behind(self._watch.likely(), trust) and self._clock() < trust.expires_at


def _is_behind(moment: datetime, trust: TrustSnapshot) -> bool:
    return moment.timestamp() + CLOCK_TOLERANCE < trust.clock_floor
