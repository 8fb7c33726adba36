"""The challenges that one gate shows: each is answered once, within its minute."""

from __future__ import annotations

from datetime import datetime
from threading import Lock

from credential.challenge import LIFETIME, Challenge
from verifier.checks import epoch, refuse
from verifier.verdict import Verified

CAPACITY = 256
"""Challenges that may be open at once; a gate with one screen needs a few."""


class Challenges:
    """A gate's open challenges, in memory; any number of threads may ask it.

        challenge = challenges.show(now)              # draw challenge.to_text()
        verified = verify(text, ..., policy=Policy(audience=challenge.audience), challenge=challenge.nonce)
        challenges.admit(verified, now)               # where a gate without challenges asks its ReplayCache

    `number` is the gate's registered number (0: none). After a start there are
    no open challenges, so nothing shown before it passes. Beyond `capacity`
    the oldest challenge ends early.
    """

    def __init__(self, number: int = 0, *, capacity: int = CAPACITY) -> None:
        self._number = number
        self._capacity = capacity
        self._shown: dict[bytes, float | None] = {}  # None: answered
        self._lock = Lock()

    def show(self, now: datetime) -> Challenge:
        """A new challenge, which is accepted from `now` on.

        Raises:
            ValueError: for a naive datetime.
        """
        challenge, moment = Challenge.new(self._number), epoch(now)
        with self._lock:
            while len(self._shown) >= self._capacity:
                del self._shown[next(iter(self._shown))]
            self._shown[challenge.nonce] = moment
        return challenge

    def admit(self, verified: Verified, now: datetime) -> None:
        """Takes the challenge that `verified` answers: nothing else that answers it passes.

        Raises:
            Refused: `replayed` when it was answered before, `challenge_mismatch`
                when it is none of this gate's, or was not shown in the last 60 seconds.
        """
        moment, nonce = epoch(now), verified.answered or b""
        with self._lock:
            check_open(self._shown.get(nonce, float("-inf")), moment)
            self._shown[nonce] = None


def check_open(shown: float | None, moment: float) -> None:
    """Whether a challenge that was shown then (None: and answered) takes an answer now, in epoch seconds.

    Raises:
        Refused: `replayed`, `challenge_mismatch`.
    """
    if shown is None:
        refuse("replayed")
    if not 0 <= moment - shown <= LIFETIME:
        refuse("challenge_mismatch")
