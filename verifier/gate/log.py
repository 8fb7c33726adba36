"""What a gate did, kept for some days with the least data: HOME/gate/log/YYYYMMDDTHH.jsonl, hours of UTC.

Nobody's name and no number of a card is in it. A file is added to and flushed
to disk; a kill may tear its last line, which is then skipped. Files go as
wholes: when their days are over, or, the oldest first, when all are too large.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path

from did.errors import DidError
from did.strict_json import dumps, loads
from trust.disk import sync_folder
from verifier.gate import log_csv
from verifier.gate.errors import GateError
from verifier.gate.kept_file import make_folder
from verifier.gate.log_note import clean_note

MAX_TOTAL = 50_000_000
"""Bytes of all hours together; some 300,000 entries."""
_MAX_LINE = 2048
_NAME = re.compile(r"[0-9]{8}T[0-9]{2}\.jsonl")
_CODE = re.compile(r"(?=.{1,40}$)[a-z][a-z_-]*[0-9]{0,3}[a-z_-]*")
"""Few digits: no number that was scanned fits in here by mistake."""
_WHAT = frozenset({"verdict", "pass", "update", "clock", "settings", "start", "supervisor"})
_BY = frozenset({"", "keys", "camera", "serial", "file", "number", "person"})
_ASSURANCE = frozenset({None, "printed", "live", "live-challenge"})
_NOTED = frozenset({"pass", "settings"})
_ADD = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK
_LOOK = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the log.

    `by` is the way by which it came, `checked` says that the plastic's number
    was typed and is the same. A `note` stands only with a pass (there it must) or with
    changed settings; it is cleaned as `clean_note` says.

    Raises:
        GateError: `reason_needed` for a note that is missing, too long or may hold the number of a card.
        ValueError: for anything else that is out of its bounds.
    """

    at: datetime
    what: str
    code: str
    assurance: str | None = None
    by: str = ""
    checked: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a time needs its time zone")
        if not (self.what in _WHAT and self.by in _BY and self.assurance in _ASSURANCE):
            raise ValueError("not a thing, a way or an assurance that is logged")
        if not _CODE.fullmatch(self.code) or not isinstance(self.checked, bool):
            raise ValueError("not a code or not a yes or no")
        note = clean_note(self.note)
        if note and self.what not in _NOTED:
            raise ValueError("nothing is noted there")
        if self.what == "pass" and not any(char.isalnum() for char in note):
            raise GateError("reason_needed", "a pass needs a reason")
        at = self.at.astimezone(UTC)
        if not 1970 <= at.year < 9999:
            raise ValueError("no clock shows this")
        object.__setattr__(self, "at", at.replace(microsecond=at.microsecond // 1000 * 1000))
        object.__setattr__(self, "note", note)

    def to_line(self) -> bytes:
        """The entry as one line of JSON."""
        return dumps(asdict(self) | {"at": self.at.isoformat(timespec="milliseconds")}) + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Entry | None:
        """The entry that `to_line` wrote, or None for any other line."""
        try:
            value = loads(line, max_bytes=_MAX_LINE)
            return cls(**value | {"at": datetime.fromisoformat(value["at"])})
        except (DidError, GateError, TypeError, ValueError, KeyError, OverflowError):
            return None


class LogFolder:
    """The hours of the log. One thread adds to it and purges it; any may read."""

    def __init__(self, folder: Path, *, max_total: int = MAX_TOTAL) -> None:
        self._folder = folder
        self._max_total = max_total

    def append(self, entries: Iterable[Entry]) -> None:
        """Adds entries, on disk at the end: one write for each hour of their times.

        Raises:
            OSError: the disk takes nothing; of the hour that failed nothing is left behind.
        """
        make_folder(self._folder)
        for name, of_hour in groupby(entries, key=file_name):
            data = b"".join(entry.to_line() for entry in of_hour)
            self._shrink(self._max_total - len(data) - 1)
            self._add(self._folder / name, data)

    def purge(self, now: datetime, days: int) -> None:
        """Removes, for good, every hour that ended `days` or longer before `now`.

        An hour of a time yet to come, as a clock that ran ahead leaves one, ends like any other: in time.

        Raises:
            OSError: a file cannot be removed.
        """
        for path, _ in self._hours():
            hour = _hour(path.name)
            if hour is None or now - hour >= timedelta(days=days, hours=1):
                path.unlink(missing_ok=True)
        self._shrink(self._max_total)
        if self._folder.is_dir():
            sync_folder(self._folder)

    def read(self) -> Iterator[Entry]:
        """Every entry, the hours in their order; what is damaged is skipped."""
        hours: list[tuple[Path, int]] = []
        with suppress(OSError):
            hours = self._hours()
        for path, _ in hours:
            with suppress(OSError):  # it may have been purged meanwhile
                yield from self._read_hour(path)

    def csv(self, language: str) -> Iterator[str]:
        """The log as lines of CSV, in `km` or `en`."""
        return log_csv.lines(self.read(), language)

    def _read_hour(self, path: Path) -> Iterator[Entry]:
        with os.fdopen(os.open(path, _LOOK), "rb") as file:
            whole, left = True, self._max_total
            while left > 0 and (line := file.readline(_MAX_LINE)):
                left -= len(line)
                ends = line.endswith(b"\n")
                if whole and ends and (entry := Entry.from_line(line)):
                    yield entry
                whole = ends

    def _hours(self) -> list[tuple[Path, int]]:
        """The files of the log with their sizes, the oldest hour first; anything else there is not ours."""
        files = []
        with suppress(FileNotFoundError), os.scandir(self._folder) as found:
            for entry in found:
                if _NAME.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                    with suppress(FileNotFoundError):
                        files.append((Path(entry.path), entry.stat(follow_symlinks=False).st_size))
        return sorted(files)

    def _shrink(self, most: int) -> None:
        hours = self._hours()
        total = sum(size for _, size in hours)
        for path, size in hours:
            if total <= most:
                break
            path.unlink(missing_ok=True)
            total -= size

    def _add(self, path: Path, data: bytes) -> None:
        descriptor = os.open(path, _ADD, 0o600)
        try:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                raise FileExistsError("something other than a file stands where the log should be")
            torn = found.st_size > 0 and os.pread(descriptor, 1, found.st_size - 1) != b"\n"
            _write(descriptor, b"\n" + data if torn else data, found.st_size)
            if found.st_size == 0:
                sync_folder(path.parent)
        finally:
            os.close(descriptor)


def _write(descriptor: int, data: bytes, size: int) -> None:
    """Adds all of `data` to a file of `size` bytes, or nothing."""
    try:
        if os.write(descriptor, data) != len(data):
            raise OSError(errno.ENOSPC, "the disk took a part only")
        os.fsync(descriptor)
    except OSError:
        with suppress(OSError):
            os.ftruncate(descriptor, size)
        raise


def file_name(entry: Entry) -> str:
    """The file of the hour that an entry belongs to."""
    return f"{entry.at:%Y%m%dT%H}.jsonl"


def _hour(name: str) -> datetime | None:
    """When the hour of a file began; None for a name that is no hour."""
    try:
        return datetime.strptime(name, "%Y%m%dT%H.jsonl").replace(tzinfo=UTC)
    except ValueError:
        return None
