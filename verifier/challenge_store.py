"""The challenges that a command-line gate has made: each is good for one answer, within its 60 seconds."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from credential.challenge import LIFETIME

_FILE = "challenges.sqlite3"
_KEEP = 400 * 86_400
"""Seconds: one that is forgotten would count as a challenge of the caller's own."""


class ChallengeStore:
    """The nonces one home has made. Several processes may use it at once; a kill loses nothing used up.

    Every method raises `sqlite3.Error` when the disk does not let it.
    """

    def __init__(self, home: Path | str) -> None:
        self._path = Path(home) / _FILE

    def add(self, nonce: bytes, now: datetime) -> None:
        """Remembers a challenge that is shown from now on."""
        made = int(now.timestamp())
        with closing(self._open()) as db:
            db.execute(
                "CREATE TABLE IF NOT EXISTS made"
                " (nonce BLOB PRIMARY KEY, made INTEGER, used INTEGER) WITHOUT ROWID"
            )
            db.execute("DELETE FROM made WHERE made < ?", (made - _KEEP,))
            db.execute("INSERT INTO made VALUES (?, ?, 0)", (nonce, made))

    def is_good(self, nonce: bytes, now: datetime) -> bool:
        """Whether an answer may be accepted now. One that this home did not make is its caller's to keep."""
        if not self._path.exists():
            return True
        with closing(self._open()) as db:
            row = db.execute("SELECT made, used FROM made WHERE nonce = ?", (nonce,)).fetchone()
        return row is None or (not row[1] and abs(now.timestamp() - row[0]) <= LIFETIME)

    def use_up(self, nonce: bytes) -> bool:
        """Takes the one answer; False when another process was faster."""
        if not self._path.exists():
            return True
        with closing(self._open()) as db:
            done = db.execute("UPDATE made SET used = 1 WHERE nonce = ? AND used = 0", (nonce,)).rowcount
            return done == 1 or db.execute("SELECT 1 FROM made WHERE nonce = ?", (nonce,)).fetchone() is None

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=5, isolation_level=None)
