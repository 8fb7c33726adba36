"""Remembering what was shown: a live code passes once at a gate."""

from __future__ import annotations

from collections import deque
from datetime import datetime
from heapq import heappushpop
from threading import Lock

from verifier.checks import cannot_tell, refuse
from verifier.verdict import Assurance, Verified

CAPACITY = 1 << 16
"""Presentations that are remembered: some 10 MB, and more than a gate sees in many windows."""


class ReplayCache:
    """What one gate has accepted, in memory; any number of threads may ask it.

    No clock makes it forget, so no clock that jumps can make it accept twice.
    When it is full the presentations signed first give way, and from then on
    what was signed no later than they were is answered `show_again`. Answers
    to a challenge give way in the order in which they came: that a challenge
    ends is for `Challenges` to hold.

    After a start nothing is remembered. So, given `started`, everything that
    could have been shown before is answered `show_again` too, and nothing
    durable has to be written before a verdict.
    """

    def __init__(self, *, started: datetime | None = None, capacity: int = CAPACITY) -> None:
        self._started = None if started is None else started.timestamp()
        self._seen: set[bytes] = set()
        self._signed = [(0, b"")] * capacity  # a heap: what was signed first comes first
        self._answers = deque([b""] * capacity)
        self._forgotten = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._seen)

    def begin(self, started: datetime) -> None:
        """The start was then: a clock that was wrong at the start has been set since."""
        self._started = started.timestamp()

    def admit(self, verified: Verified, now: datetime) -> None:  # noqa: ARG002 (the contract; no clock decides)
        """Remembers `verified`, if it may pass. A printed seal always may: it has no freshness.

        Raises:
            Refused: `replayed`.
            CannotTell: `show_again`.
        """
        if verified.assurance is Assurance.PRINTED:
            return
        key, signed = verified.replay_key, verified.signed_epoch
        with self._lock:
            if key in self._seen:
                refuse("replayed")
            if signed is not None:
                self._check_after_start(verified, signed)
                if signed <= self._forgotten:
                    cannot_tell("show_again")
            self._seen.add(key)
            self._seen.discard(self._make_room(key, signed))

    def _check_after_start(self, verified: Verified, signed: int) -> None:
        until = verified.fresh_until_epoch
        if self._started is not None and until is not None and signed < self._started + until - signed:
            cannot_tell("show_again")

    def _make_room(self, key: bytes, signed: int | None) -> bytes:
        """Queues `key` and returns the one that gives way to it."""
        if signed is None:
            self._answers.append(key)
            return self._answers.popleft()
        self._forgotten, gone = heappushpop(self._signed, (signed, key))
        return gone
