"""Who has given the PIN and not left: in memory, so that a restart sends everybody away."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from threading import Lock

from verifier.gate.clock_watch import boot_seconds

IDLE = 300
"""Seconds without an act, after which a supervisor has left."""
IN_ALL = 1800
MOST = 4


class Supervisors:
    """The supervisors at work, each with a token that only their browser knows; sleep counts."""

    def __init__(self, monotonic: Callable[[], float] = boot_seconds) -> None:
        self._monotonic = monotonic
        self._lock = Lock()
        self._since: dict[str, tuple[float, float]] = {}

    def __len__(self) -> int:
        with self._lock:
            self._send_away()
            return len(self._since)

    def open(self) -> str:
        """A token for somebody who has just given the PIN; where there are too many, the first one leaves."""
        token, now = secrets.token_urlsafe(32), self._monotonic()
        with self._lock:
            self._send_away()
            while len(self._since) >= MOST:
                del self._since[next(iter(self._since))]
            self._since[token] = (now, now)
        return token

    def holds(self, token: str) -> bool:
        """Whether this is the token of somebody at work; asking is an act."""
        with self._lock:
            self._send_away()
            found = self._find(token)
            if found is None:
                return False
            self._since[found] = (self._since[found][0], self._monotonic())
            return True

    def close(self, token: str) -> None:
        """Somebody leaves."""
        with self._lock:
            found = self._find(token)
            if found is not None:
                del self._since[found]

    def close_all(self) -> None:
        """Everybody leaves: the PIN is another."""
        with self._lock:
            self._since.clear()

    def _find(self, token: str) -> str | None:
        """All are compared, each in constant time."""
        asked, found = token.encode(errors="replace"), None
        for own in self._since:
            if hmac.compare_digest(own.encode(), asked):
                found = own
        return found

    def _send_away(self) -> None:
        now = self._monotonic()
        over = [
            token
            for token, (opened, acted) in self._since.items()
            if now - acted >= IDLE or now - opened >= IN_ALL
        ]
        for token in over:
            del self._since[token]
