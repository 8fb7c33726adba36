"""The replay cache of a command-line gate: each check is its own process, so it is kept on disk."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from verifier.checks import refuse
from verifier.replay import KEEP
from verifier.verdict import Assurance, Verified

_FILE = "replay.sqlite3"


class ReplayStore:
    """What one home has accepted. Several processes may use it at once; a kill loses nothing accepted."""

    def __init__(self, home: Path | str) -> None:
        self._path = Path(home) / _FILE

    def admit(self, verified: Verified, now: datetime, *, remember: bool = True) -> None:
        """Remembers `verified`, if it may pass; with `remember` false it only looks.

        Raises:
            Refused: `replayed`.
            sqlite3.Error: when the disk does not let it remember.
        """
        if verified.assurance is Assurance.PRINTED:
            return
        moment = int(now.timestamp())
        until = max(moment, verified.fresh_until_epoch or moment) + KEEP
        with closing(sqlite3.connect(self._path, timeout=5, isolation_level=None)) as db:
            db.execute("CREATE TABLE IF NOT EXISTS seen (key BLOB PRIMARY KEY, until INTEGER) WITHOUT ROWID")
            db.execute("BEGIN IMMEDIATE")
            seen = db.execute("SELECT 1 FROM seen WHERE key = ?", (verified.replay_key,)).fetchone()
            if seen is None and remember:
                db.execute("DELETE FROM seen WHERE until < ?", (moment,))
                db.execute("INSERT INTO seen VALUES (?, ?)", (verified.replay_key, until))
            db.execute("COMMIT")
        if seen is not None:
            refuse("replayed")
