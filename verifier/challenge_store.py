"""The challenges of a command-line gate: each command is its own process, so they are kept on disk."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from credential.challenge import Challenge
from verifier.challenges import check_open
from verifier.checks import epoch
from verifier.replay import CAPACITY
from verifier.verdict import Verified

_FILE = "challenges.sqlite3"
_TABLE = (
    "CREATE TABLE IF NOT EXISTS shown (number INTEGER PRIMARY KEY, nonce BLOB NOT NULL UNIQUE, moment REAL)"
)
"""`moment` is null once the challenge was answered."""


class ChallengeStore:
    """The challenges that one home has shown; each ends as in `Challenges`.

    Several processes may use it at once; a kill loses nothing answered. Every
    method raises `sqlite3.Error` when the disk does not let it.
    """

    def __init__(self, home: Path | str) -> None:
        self._path = Path(home) / _FILE

    def add(self, challenge: Challenge, now: datetime) -> None:
        """Remembers a challenge that is shown from now on.

        Many are kept: one that is forgotten counts as a challenge of the caller's own.
        """
        with closing(self._open()) as db:
            db.execute(_TABLE)
            row = (challenge.nonce, epoch(now))
            number = db.execute("INSERT INTO shown (nonce, moment) VALUES (?, ?)", row).lastrowid or 0
            db.execute("DELETE FROM shown WHERE number <= ?", (number - CAPACITY,))

    def admit(self, verified: Verified, now: datetime, *, remember: bool = True) -> bool:
        """Takes the challenge that `verified` answers; False when this home has shown none such.

        With `remember` false it only looks.

        Raises:
            Refused: `replayed`, `challenge_mismatch`.
        """
        if verified.answered is None or not self._path.exists():
            return False
        with closing(self._open()) as db:
            db.execute("BEGIN IMMEDIATE")
            db.execute(_TABLE)  # a kill may have come between the file and its table
            row = db.execute(
                "SELECT number, moment FROM shown WHERE nonce = ?", (verified.answered,)
            ).fetchone()
            if row is None:
                return False
            number, shown = row
            check_open(shown, epoch(now))
            if remember:
                db.execute("UPDATE shown SET moment = NULL WHERE number = ?", (number,))
                db.execute("COMMIT")
        return True

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=5, isolation_level=None)
