"""Entries of the gate's log, and ways to look at what stands there."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from hypothesis import strategies as st

from verifier.gate.log import Entry, LogFolder

NOW = datetime(2026, 11, 27, 8, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def verdict(at: datetime = NOW, code: str = "accepted") -> Entry:
    """One scan."""
    return Entry(at=at, what="verdict", code=code, assurance="live", by="keys")


def noted(number: int, at: datetime = NOW) -> Entry:
    """An entry that can be told from others."""
    return Entry(at=at, what="settings", code="changed", note=f"gate {number}")


def numbers(folder: LogFolder) -> list[int]:
    """The numbers of the noted entries that can be read."""
    return [int(entry.note.split()[1]) for entry in folder.read() if entry.note]


def files(path: Path) -> list[str]:
    """The names in the folder of the log."""
    return sorted(file.name for file in path.iterdir())


def rows(log: LogFolder, language: str) -> list[list[str]]:
    """The CSV as a spreadsheet reads it."""
    return list(csv.reader(io.StringIO("".join(log.csv(language)), newline="")))


TIMES = st.datetimes(datetime(1970, 1, 2), datetime(9998, 12, 30)).flatmap(  # noqa: DTZ001 (made aware below)
    lambda at: st.integers(-14, 14).map(lambda hours: at.replace(tzinfo=timezone(timedelta(hours=hours))))
)
ENTRIES = st.one_of(
    st.builds(
        Entry,
        at=TIMES,
        what=st.sampled_from(["verdict", "update", "clock", "start", "supervisor"]),
        code=st.sampled_from(["accepted", "too_old", "malformed_base45", "a-b"]),
        assurance=st.sampled_from([None, "printed", "live", "live-challenge"]),
        by=st.sampled_from(["", "keys", "camera", "serial", "file", "number", "person"]),
        checked=st.booleans(),
    ),
    st.builds(
        Entry,
        at=TIMES,
        what=st.sampled_from(["pass", "settings"]),
        code=st.just("changed"),
        note=st.text(st.characters(categories=["L", "M", "P", "S", "Zs", "Cc", "Cf"]), max_size=190).map(
            lambda text: text + "ok"
        ),
    ),
)
