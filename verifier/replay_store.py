"""The replay cache of a command-line gate: each check is its own process, so it is kept on disk."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from verifier.checks import cannot_tell, refuse
from verifier.replay import CAPACITY
from verifier.verdict import Assurance, Verified

_FILE = "replay.sqlite3"
_TABLES = (
    "CREATE TABLE IF NOT EXISTS shown (number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, signed INTEGER)",
    "CREATE INDEX IF NOT EXISTS by_signed ON shown (signed)",
    "CREATE TABLE IF NOT EXISTS forgotten (one INTEGER PRIMARY KEY CHECK (one = 1), signed INTEGER NOT NULL)",
)
"""`signed` is null for an answer to a challenge; `forgotten` holds when what gave way last was signed."""


class ReplayStore:
    """What one home has accepted, which gives way as in `ReplayCache`.

    Several processes and threads may use it at once; a kill loses nothing accepted.
    """

    def __init__(self, home: Path | str, *, capacity: int = CAPACITY) -> None:
        self._path = Path(home) / _FILE
        self._capacity = capacity

    def admit(self, verified: Verified, now: datetime, *, remember: bool = True) -> bool:
        """Remembers `verified`, if it may pass; with `remember` false it only looks.

        A disk that takes nothing does not stop a gate: False says that a second
        showing will not be known. A file that is damaged is set aside, and as
        nobody knows what stood in it, what was signed until `now` is asked for again.

        Raises:
            Refused: `replayed`.
            CannotTell: `show_again`; also while another program holds the file.
        """
        if verified.assurance is Assurance.PRINTED:
            return True
        try:
            self._admit(verified, remember=remember)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                cannot_tell("show_again")
            return self._admit_unwritten(verified)
        except sqlite3.DatabaseError:
            self._begin_anew(now)
            cannot_tell("show_again")
        return True

    def _admit_unwritten(self, verified: Verified) -> bool:
        """Looks in a file that cannot be written; False, for nothing is remembered."""
        try:
            with closing(sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True)) as db:
                found = db.execute("SELECT 1 FROM shown WHERE key = ?", (verified.replay_key,)).fetchone()
        except sqlite3.Error:
            return False
        if found:
            refuse("replayed")
        return False

    def _begin_anew(self, now: datetime) -> None:
        with suppress(OSError):
            self._path.replace(self._path.with_name(f"{_FILE}.damaged"))
        with suppress(sqlite3.Error), closing(self._open()) as db:
            db.execute("BEGIN IMMEDIATE")
            for table in _TABLES:
                db.execute(table)
            db.execute("INSERT INTO forgotten VALUES (1, ?)", (int(now.timestamp()),))
            db.execute("COMMIT")

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=5, isolation_level=None)

    def _admit(self, verified: Verified, *, remember: bool) -> None:
        key, signed = verified.replay_key, verified.signed_epoch
        with closing(self._open()) as db:
            db.execute("BEGIN IMMEDIATE")
            for table in _TABLES:
                db.execute(table)
            if db.execute("SELECT 1 FROM shown WHERE key = ?", (key,)).fetchone():
                refuse("replayed")
            if db.execute("SELECT 1 FROM forgotten WHERE signed >= ?", (signed,)).fetchone():
                cannot_tell("show_again")
            if remember:
                db.execute("INSERT INTO shown (key, signed) VALUES (?, ?)", (key, signed))
                self._make_room(db, signed)
                db.execute("COMMIT")

    def _make_room(self, db: sqlite3.Connection, signed: int | None) -> None:
        """Lets the first of its kind go, where there is one more than fits."""
        row = db.execute(
            "SELECT number, signed FROM shown WHERE (signed IS NULL) = ? "
            "ORDER BY signed DESC, number DESC LIMIT 1 OFFSET ?",
            (signed is None, self._capacity),
        ).fetchone()
        if row is not None:
            number, gone = row
            db.execute("DELETE FROM shown WHERE number = ?", (number,))
            if gone is not None:
                db.execute("INSERT OR REPLACE INTO forgotten VALUES (1, ?)", (gone,))
