"""The supervisor's PIN and how often it was guessed: HOME/gate/pin.json."""

from __future__ import annotations

import hashlib
import hmac
import math
import re
import secrets
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from threading import Lock

from verifier.gate import kept_file
from verifier.gate.errors import GateError

TRIES = 5
"""Wrong PINs in a row, after which there is a pause."""
PAUSE = 300
LONGEST_PAUSE = 3600
UNCOUNTED_PAUSE = 30
"""Seconds after each wrong PIN that the disk did not count: a restart forgets it."""
_FILE = "pin.json"
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_HEX = re.compile(r"[0-9a-f]*")
_MOST_WRONG = 1 << 31
_MOST = 1 << 53
_LEAST_DIGITS, _MOST_DIGITS = 6, 12


@dataclass(frozen=True, kw_only=True, repr=False)
class _Kept:
    """What stands in the file. `until` is when the pause ends on the monotonic clock of that `boot`."""

    salt: str
    hash: str
    wrong: int = 0
    boot: str = ""
    until: int = 0

    @property
    def pause(self) -> int:
        """Seconds that were to be waited after the last wrong PIN."""
        if self.wrong < TRIES:
            return 0
        return min(PAUSE << min(self.wrong - TRIES, 16), LONGEST_PAUSE)


class Pin:
    """A PIN of 6 to 12 digits, guessed five times before a pause, which grows from 5 minutes to an hour.

    A wrong PIN is counted on disk before it is compared, so that neither a kill
    nor a restart gives another try; where the disk takes nothing it is counted
    in memory (`failing`), and each wrong one costs half a minute at once, while
    the right one still passes. Threads and processes wait for each other. No clock
    that is set can end a pause: it is measured by the monotonic clock, and
    begins anew when the machine was started anew. A damaged file opens nothing.
    """

    def __init__(self, folder: Path, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._monotonic = monotonic
        self._boot = _boot()
        self._lock = Lock()
        self._unwritten: tuple[bytes, _Kept] | None = None
        self._uncounted = ("", 0.0)  # the salt of the PIN for which there is a pause, and its end
        with suppress(GateError), self._alone():
            self._check_pause(self._read())  # a pause that begins anew begins here

    @property
    def failing(self) -> bool:
        """Whether the disk did not take the last count."""
        return self._unwritten is not None

    def is_set(self) -> bool:
        """Whether there is a PIN; a damaged file holds none."""
        return _parse(kept_file.read_bytes(self._folder / _FILE) or b"") is not None

    def set(self, pin: str) -> None:
        """Makes this the PIN, and ends a pause. Who may do this is for the caller to know.

        Raises:
            GateError: `pin_weak`; `disk_full`, and the old one stands.
        """
        digits = _digits(pin)
        if digits is None or not _LEAST_DIGITS <= len(digits) <= _MOST_DIGITS or _is_run(digits):
            raise GateError("pin_weak", "a PIN has 6 to 12 digits, not all alike and not in a row")
        salt = secrets.token_bytes(16)
        kept = _Kept(salt=salt.hex(), hash=_hash(digits, salt).hex())
        with self._alone():
            kept_file.replace(self._folder / _FILE, asdict(kept))
            self._unwritten = None

    def check(self, pin: str, now: datetime) -> None:  # noqa: ARG002 (the contract; no clock that is set decides)
        """Returns when this is the PIN; takes a tenth of a second, and its turn.

        Raises:
            GateError: `pin_wrong`; `pin_locked` during a pause; `pin_unset` also
                for a damaged file. `seconds` says how long the pause still is.
        """
        digits = _digits(pin)
        with self._alone():
            kept = self._read()
            self._check_pause(kept)
            counted = self._pausing(replace(kept, wrong=min(kept.wrong + 1, _MOST_WRONG)))
            self._write(counted)
            salt, right = bytes.fromhex(kept.salt), bytes.fromhex(kept.hash)
            if digits is None or not hmac.compare_digest(_hash(digits, salt), right):
                raise GateError("pin_wrong", "this is not the PIN", seconds=self._cost(counted))
            self._write(replace(kept, wrong=0, boot="", until=0))

    def keep(self) -> None:
        """Tries again to write what the disk did not take; to be called now and then."""
        if not self.failing:
            return
        with suppress(GateError), self._alone():
            kept = self._read()
            if self.failing:
                self._write(kept)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._lock, kept_file.one_at_a_time(self._folder):
            yield

    def _check_pause(self, kept: _Kept) -> None:
        salt, end = self._uncounted
        uncounted = end - self._monotonic() if salt == kept.salt else 0
        left = kept.until - self._monotonic() if kept.pause else 0
        if kept.pause and (kept.boot != self._boot or left > kept.pause + 1):
            kept = self._pausing(kept)
            self._write(kept)
            left = kept.pause
        if max(left, uncounted) > 0:
            raise GateError("pin_locked", "wait after a wrong PIN", seconds=math.ceil(max(left, uncounted)))

    def _cost(self, counted: _Kept) -> int:
        """Seconds of the pause after a wrong PIN, which begins now."""
        if not self.failing:
            return counted.pause
        self._uncounted = (counted.salt, self._monotonic() + UNCOUNTED_PAUSE)
        return max(counted.pause, UNCOUNTED_PAUSE)

    def _pausing(self, kept: _Kept) -> _Kept:
        """With a pause that begins now."""
        return replace(kept, boot=self._boot, until=math.ceil(self._monotonic() + kept.pause))

    def _read(self) -> _Kept:
        data = kept_file.read_bytes(self._folder / _FILE) or b""
        kept = _parse(data)
        if kept is None:
            raise GateError("pin_unset", "there is no PIN, or its file is damaged: set it by --set-pin")
        if self._unwritten and self._unwritten[0] == data:
            return self._unwritten[1]
        self._unwritten = None
        return kept

    def _write(self, kept: _Kept) -> None:
        path = self._folder / _FILE
        try:
            kept_file.replace(path, asdict(kept))
        except GateError:
            # What is in memory counts until something else stands on the disk.
            self._unwritten = (kept_file.read_bytes(path) or b"", kept)
        else:
            self._unwritten = None


def _parse(data: bytes) -> _Kept | None:
    value = kept_file.parse(data)
    try:
        kept = _Kept(**value or {})  # type: ignore[arg-type]  # checked below
    except TypeError:
        return None
    whole = all(type(number) is int and 0 <= number <= _MOST for number in (kept.wrong, kept.until))
    texts = isinstance(kept.boot, str) and _is_hex(kept.salt, 16) and _is_hex(kept.hash, 32)
    return kept if whole and texts else None


def _is_hex(text: object, size: int) -> bool:
    return isinstance(text, str) and len(text) == 2 * size and _HEX.fullmatch(text) is not None


def _digits(pin: str) -> str | None:
    """The digits in ASCII, whatever script they were typed in; None for anything else."""
    numbers = [unicodedata.decimal(char, None) for char in pin[: _MOST_DIGITS + 1]]
    return None if None in numbers or not numbers else "".join(map(str, numbers))


def _is_run(digits: str) -> bool:
    """All alike, or each one more, or one less, than the one before."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(digits)}
    return steps in ({0}, {1}, {9})


def _hash(digits: str, salt: bytes) -> bytes:
    return hashlib.scrypt(digits.encode(), salt=salt, n=1 << 15, r=8, p=1, maxmem=1 << 26, dklen=32)


def _boot() -> str:
    """A name for the time since the machine's start; where the system gives none, for this process."""
    try:
        return _BOOT.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return secrets.token_hex(16)
