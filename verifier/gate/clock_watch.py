"""Whether the machine's clock jumped while the gate ran."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Literal

Look = Literal["ok", "jumped_ahead", "jumped_back"]
TOLERANCE = timedelta(seconds=120)


def boot_seconds() -> float:
    """Seconds since the machine's start, those it slept through included, where the system tells them."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


class ClockWatch:
    """Compares the clock with one that nobody sets, from when the watch began or was last told `accept`."""

    def __init__(self, clock: Callable[[], datetime], monotonic: Callable[[], float] = boot_seconds) -> None:
        self._clock, self._monotonic = clock, monotonic
        self._lock = Lock()
        self._from = (clock(), monotonic())

    def look(self) -> Look:
        """How the clock stands to the time that passed; a jump is told until it is accepted or undone."""
        now, believed = self._both()
        if now - believed > TOLERANCE:
            return "jumped_ahead"
        return "jumped_back" if believed - now > TOLERANCE else "ok"

    def believed(self) -> datetime:
        """The clock's time, or what it would be had it not jumped ahead: nothing ends early by a jump."""
        now, believed = self._both()
        return believed if now - believed > TOLERANCE else now

    def likely(self) -> datetime:
        """The clock's time, or what it would be had it not jumped, either way."""
        now, believed = self._both()
        return now if abs(now - believed) <= TOLERANCE else believed

    def accept(self) -> None:
        """A supervisor says that the clock is right as it is."""
        with self._lock:
            self._from = (self._clock(), self._monotonic())

    def _both(self) -> tuple[datetime, datetime]:
        with self._lock:
            began, since = self._from
            return self._clock(), began + timedelta(seconds=self._monotonic() - since)
