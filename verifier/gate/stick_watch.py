"""Waits for sticks: tells once of each that is put in, and again when what is on it has changed."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from verifier.gate import sticks
from verifier.gate.errors import GateError
from verifier.gate.sticks import Found

POLL, SETTLE = 2.0, 0.5
"""Seconds between two looks, and between the first sight of a change and the second."""
_CLOSING = 2.0


class StickWatch:
    """Looks at `folders` and where sticks usually are, in a thread, and calls `on_found` in it.

    A stick is told when it looks the same twice, half a second apart: files
    that are still being copied are waited for. One that was away and came back
    is told again. Where `on_found` raises `busy_updating`, it is told again at
    the next look. A folder that hangs holds up this thread alone.
    """

    def __init__(
        self,
        folders: Sequence[Path],
        on_found: Callable[[Found], object],
        *,
        usual: Sequence[str] = sticks.USUAL,
        poll: float = POLL,
        settle: float = SETTLE,
    ) -> None:
        self._folders, self._usual, self._on_found = tuple(folders), tuple(usual), on_found
        self._poll, self._settle = poll, settle
        self._seen: dict[Path, Found] = {}
        self._told: dict[Path, object] = {}
        self._missing: tuple[Path, ...] = ()  # nothing is touched here: a folder may hang
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="montrey-sticks", daemon=True)

    def start(self) -> None:
        """Begins to look."""
        self._thread.start()

    def close(self) -> None:
        """Looks no more."""
        self._stop.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(_CLOSING)

    def missing(self) -> tuple[Path, ...]:
        """Which of the given folders were not there at the last look; they may be mounted later."""
        return self._missing

    def found(self) -> tuple[Found, ...]:
        """What was there at the last look, the given folders first: nothing is touched to answer."""
        return tuple(self._seen.values())

    def look(self) -> bool:
        """One look; whether something has changed since the last one and is not told yet."""
        places = sticks.places(self._folders, self._usual)
        seen = {place: found for place in places if (found := sticks.look(place))}
        seen = _each_once(seen)
        before, self._seen = self._seen, seen
        self._missing = tuple(folder for folder in self._folders if not _is_there(folder))
        self._told = {place: mark for place, mark in self._told.items() if place in seen}
        unsettled = False
        for place, found in seen.items():
            if self._told.get(place) == found.mark:
                continue
            if place in before and before[place].mark == found.mark:
                self._tell(place, found)
            else:
                unsettled = True
        return unsettled

    def _tell(self, place: Path, found: Found) -> None:
        try:
            self._on_found(found)
        except GateError as error:
            if error.code == "busy_updating":
                return
        except Exception:  # noqa: BLE001 (the next stick is waited for all the same)
            traceback.print_exc(file=sys.stderr)
        self._told[place] = found.mark

    def _watch(self) -> None:
        while not self._stop.is_set():
            try:
                unsettled = self.look()
            except Exception:  # noqa: BLE001 (nor does a file system end it)
                traceback.print_exc(file=sys.stderr)
                unsettled = False
            self._stop.wait(self._settle if unsettled else self._poll)


def _each_once(seen: dict[Path, Found]) -> dict[Path, Found]:
    """A stick in /media/guard/STICK is seen from /media/guard too: once is enough."""
    marks: set[tuple[object, ...]] = set()
    once = {}
    for place, found in seen.items():
        if found.mark not in marks:
            marks.add(found.mark)
            once[place] = found
    return once


def _is_there(folder: Path) -> bool:
    try:
        return folder.is_dir()
    except OSError:
        return False
