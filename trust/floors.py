"""The two clock floors, below which a machine's clock is not believed.

TUF needs a clock and does not give one. A clock turned back would make expired
trust good again, so a home keeps the highest time it has reason to believe in:

- the signed floor, the newest `iat` of an accepted status list: nobody but the
  issuer can raise it, and never beyond the real time (+ 60 s);
- the local floor, the last local time seen: a clock that once ran ahead leaves
  it too high, so a supervisor may lower it to the signed one.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from trust.errors import TrustError
from trust.home import read_version, trust_folder
from trust.lists import TOLERANCE

_DIGITS = 12
_SIZE = _DIGITS + 1


def check_clock(now: int, floor: int) -> None:
    """Refuses a clock that stands more than a minute behind the floor.

    Raises:
        TrustError: `clock_untrusted`.
    """
    if now < floor - TOLERANCE:
        raise TrustError("clock_untrusted", "the clock is behind a time this machine has already seen")


def local_floor(home: Path | str) -> int:
    """The last local time seen in epoch seconds, 0 when none was.

    Raises:
        TrustError: `broken_home`.
    """
    try:
        with _path(home).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            return _parse(file.read(_SIZE + 1))
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise TrustError("broken_home", "the local clock floor cannot be read") from error


def touch_clock(home: Path | str, now: datetime) -> int:
    """Raises the local floor to `now`, the machine's own clock; never lowers it. Returns the floor.

    Twelve digits are overwritten in place under a lock: some microseconds, one
    disk sector, no moment at which the file is empty. It is not flushed to
    disk; after a power cut the floor may be some seconds lower.

    Raises:
        TrustError: `no_home`, `broken_home`.
        ValueError: `now` has no time zone.
    """
    seconds = epoch(now)
    with _opened(home) as descriptor:
        floor = _parse(os.pread(descriptor, _SIZE + 1, 0))
        if seconds > floor:
            os.pwrite(descriptor, b"%0*d\n" % (_DIGITS, seconds), 0)
    return max(seconds, floor)


def lower_clock(home: Path | str) -> int:
    """Lowers the local floor to the signed one, for a supervisor; the caller logs it. Returns the floor.

    Raises:
        TrustError: `no_home`, `no_trust`, `broken_home`.
    """
    signed_floor = read_version(home)[0].signed_floor
    with _opened(home) as descriptor:
        os.ftruncate(descriptor, _SIZE)
        os.pwrite(descriptor, b"%0*d\n" % (_DIGITS, signed_floor), 0)
        os.fsync(descriptor)
    return signed_floor


def epoch(moment: datetime) -> int:
    """The whole epoch seconds of an aware datetime."""
    if moment.tzinfo is None:
        raise ValueError("a time needs its time zone")
    return int(moment.timestamp())


@contextmanager
def _opened(home: Path | str) -> Iterator[int]:
    try:
        descriptor = os.open(_path(home), os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise TrustError("no_home", "this is not a home: it has no trust folder") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _parse(text: bytes) -> int:
    if not text:
        return 0
    if len(text) != _SIZE or not text[:_DIGITS].isdigit() or text[_DIGITS:] != b"\n":
        raise TrustError("broken_home", "the local clock floor is damaged")
    return int(text)


def _path(home: Path | str) -> Path:
    return trust_folder(home) / "clock"
