"""Writes the log beside the judging: nothing on a disk stands between a scan and its verdict."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime
from itertools import groupby, islice
from threading import Event, Lock, Thread

from verifier.gate.log import Entry, LogFolder, file_name

PAUSE = 0.5
"""Seconds between two writes; so much of the log may be lost when the power is cut."""
MOST = 10_000
"""Entries that wait for a disk that takes nothing; what comes then is not kept."""
_AT_ONCE = 500
"""Entries of one write: a disk that takes nothing is not tried with all that waits, which would take long."""


class LogWriter:
    """A thread that adds to the log, and empties it at the start and with every new hour.

    `clock` says when an hour's days are over: give it `ClockWatch.believed`,
    so that a clock that runs ahead does not empty the log early. `days` may be
    changed at any time. Whatever the disk does, nothing is raised: `failing`
    says that it took nothing last time; what waits is tried again.
    """

    def __init__(self, folder: LogFolder, clock: Callable[[], datetime], *, days: int = 7) -> None:
        self._folder = folder
        self._clock = clock
        self.days = days
        """How many days an hour of the log lives."""
        self._waiting: deque[Entry] = deque()
        self._purged: tuple[datetime, int] | None = None
        self._disk = Lock()
        self._closing = Event()
        self._write_failed = self._purge_failed = False
        self.lost = 0
        """Entries that found no room to wait."""
        self._thread = Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    @property
    def failing(self) -> bool:
        """Whether the disk did not take, or not let go, what it should have."""
        return self._write_failed or self._purge_failed

    def put(self, entry: Entry) -> bool:
        """Leaves an entry to be written soon; never waits. False: there was no room, and it is lost."""
        if len(self._waiting) >= MOST:
            self.lost += 1
            return False
        self._waiting.append(entry)
        return True

    def flush(self) -> bool:
        """Writes now what waits; whether all of it is on disk."""
        with self._disk:
            self._write_failed = not self._write()
            return not self._write_failed

    def close(self) -> None:
        """Writes what waits, if the disk lets it, and ends the thread."""
        self._closing.set()
        self._thread.join()
        self.flush()

    def _run(self) -> None:
        while True:
            self._purge()
            self.flush()
            if self._closing.wait(PAUSE):
                return

    def _write(self) -> bool:
        """Hour by hour; an entry waits until it is on disk."""
        while self._waiting:
            _, of_hour = next(groupby(self._waiting.copy(), key=file_name))
            batch = list(islice(of_hour, _AT_ONCE))
            try:
                self._folder.append(batch)
            except OSError:
                return False
            for _ in batch:
                self._waiting.popleft()
        return True

    def _purge(self) -> None:
        now = self._clock()
        hour = (now.replace(minute=0, second=0, microsecond=0), self.days)
        if hour == self._purged:
            return
        try:
            with self._disk:
                self._folder.purge(now, hour[1])
        except OSError:
            self._purge_failed = True
        else:
            self._purged, self._purge_failed = hour, False
