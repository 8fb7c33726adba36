"""What was judged just now: shown again, it repeats its verdict instead of turning into a replay."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")
_MOST = 64
"""Texts that are remembered; no gate judges more within `hold`."""


@dataclass(repr=False)
class _Kept(Generic[T]):
    value: T
    judged: float
    seen: float


class Recent(Generic[T]):
    """The texts judged within `hold` seconds, and those that have not left the camera since.

    All times are of a monotonic clock. What is judged by the camera is asked for
    at every frame: `find` first, then `in_view`, and is judged only when both say no.
    """

    def __init__(self, hold: float = 5.0, away: float = 1.5) -> None:
        self._hold, self._away = hold, away
        self._kept: dict[str, _Kept[T]] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, text: str, now: float) -> T | None:
        """What `text` was judged to be, for `hold` seconds from its verdict; repeats do not prolong it."""
        with self._lock:
            kept = self._kept.get(text)
            if kept is None or now - kept.judged > self._hold:
                return None
            kept.seen = now
            return kept.value

    def keep(self, text: str, value: T, now: float) -> None:
        """Remembers a verdict that was given now."""
        with self._lock:
            self._kept.pop(text, None)
            self._kept[text] = _Kept(value, now, now)
            for other in [other for other, kept in self._kept.items() if self._is_over(kept, now)]:
                del self._kept[other]
            while len(self._kept) > _MOST:
                del self._kept[next(iter(self._kept))]

    def in_view(self, text: str, now: float) -> bool:
        """Whether `text` has been before the camera ever since its verdict, never gone for `away` seconds."""
        with self._lock:
            kept = self._kept.get(text)
            if kept is None or now - kept.seen >= self._away:
                return False
            kept.seen = now
            return True

    def repeat_none(self) -> None:
        """Forgets the verdicts, which may be others now, but not what stands before the camera."""
        with self._lock:
            for kept in self._kept.values():
                kept.judged = float("-inf")

    def _is_over(self, kept: _Kept[T], now: float) -> bool:
        return now - kept.judged > self._hold and now - kept.seen >= self._away
