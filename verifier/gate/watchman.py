"""The machine's time, watched: floors that rise with it, jumps that are doubted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from did.errors import IdentityError
from trust import TrustSnapshot, touch_clock
from trust.floors import lower_clock
from verifier.checks import CLOCK_TOLERANCE
from verifier.gate.clock_watch import ClockWatch, boot_seconds


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
        self.kept = True

    def now(self) -> datetime:
        """The machine's clock."""
        return self._clock()

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
        if look == "jumped_ahead" and _is_behind(self._watch.likely(), trust):
            self._watch.accept()  # the watch began under a clock that was behind, and now it is not
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
        self._watch.accept()
        return floor

    def accept(self) -> None:
        """Somebody says that the clock is right as it stands."""
        self._watch.accept()


def _is_behind(moment: datetime, trust: TrustSnapshot) -> bool:
    return moment.timestamp() + CLOCK_TOLERANCE < trust.clock_floor
