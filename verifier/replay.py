"""Remembering what was shown: a live code passes once at a gate."""

from __future__ import annotations

from datetime import datetime

from verifier.checks import cannot_tell, refuse
from verifier.verdict import Assurance, Verified

KEEP = 180
"""Seconds for which a presentation is remembered beyond its own freshness.

More than the tolerance of the clock floor: a clock that steps back a minute
must not make a forgotten presentation fresh again.
"""


class ReplayCache:
    """What one gate has accepted, in memory.

    After a start nothing is remembered. So, given `started`, everything that
    could have been shown before is answered `show_again`, and nothing durable
    has to be written before a verdict.
    """

    def __init__(self, *, started: datetime | None = None) -> None:
        self._seen: dict[bytes, float] = {}
        self._started = None if started is None else started.timestamp()
        self._sweep_at = 0.0

    def __len__(self) -> int:
        return len(self._seen)

    def admit(self, verified: Verified, now: datetime) -> None:
        """Remembers `verified`, if it may pass. A printed seal always may: it has no freshness.

        Raises:
            Refused: `replayed`.
            CannotTell: `show_again`.
        """
        if verified.assurance is Assurance.PRINTED:
            return
        moment = now.timestamp()
        self._sweep(moment)
        if verified.replay_key in self._seen:
            refuse("replayed")
        signed, fresh_until = verified.signed_epoch, verified.fresh_until_epoch
        if signed is None or fresh_until is None:
            until = moment
        else:
            if self._started is not None and signed < self._started + (fresh_until - signed):
                cannot_tell("show_again")
            until = max(moment, fresh_until)
        self._seen[verified.replay_key] = until + KEEP

    def _sweep(self, moment: float) -> None:
        if moment < self._sweep_at:
            return
        self._seen = {key: until for key, until in self._seen.items() if until > moment}
        self._sweep_at = moment + KEEP
