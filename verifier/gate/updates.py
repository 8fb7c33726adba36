"""News for the gate: a stick, the network or a delta, one at a time, and in words what came of it."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from credential.codes import Name
from did.errors import IdentityError
from trust import home as homes
from verifier.gate import update_job, update_words
from verifier.gate.errors import GateError
from verifier.gate.setting_rules import is_address
from verifier.gate.update_job import Job, Outcome, Progress
from verifier.gate.update_process import run_apart

STICK_SECONDS, NETWORK_SECONDS = 300.0, 60.0
"""How long a stick and a server may take, in all."""
_CLOSING = 10.0
"""Seconds that `close` waits for a job that it has stopped."""
_MAX_WAITING = 32
Run = Callable[[Job, Progress, Callable[[], bool], float], Outcome]


@dataclass(frozen=True, slots=True)
class UpdateNews:
    """How far an update is, or how it ended.

    `phase` is `stick`, `network` or `delta` while something is taken over,
    `loading` while it is put to use, `done` at the end. `ok` and `changed`
    count at the end: what was brought is in the machine (now, or already);
    something is new. `code` is a refusal's, or "".
    """

    phase: str
    fraction: float | None
    done: bool
    ok: bool
    changed: bool
    code: str
    words: Name


class Updates:
    """Takes over what sticks, the network and deltas bring, each in a thread, one at a time.

    `tell` hears of every step, in that thread; `on_changed` is called when the
    home has changed, before the end is told. What either raises ends nothing
    but the update.
    """

    def __init__(
        self,
        home: Path,
        clock: Callable[[], datetime],
        tell: Callable[[UpdateNews], object],
        on_changed: Callable[[], object] = lambda: None,
        *,
        run: Run = run_apart,
    ) -> None:
        self._home, self._clock, self._tell, self._on_changed, self._run = home, clock, tell, on_changed, run
        self._turn = threading.Lock()
        self._stop = threading.Event()
        self._beginning = threading.Lock()
        self._closed = False
        self._phase = ""
        self._waiting: list[tuple[bytes | str, ...]] = []
        self._thread: threading.Thread | None = None

    @property
    def busy(self) -> bool:
        """Whether an update is under way; not any more when its end is told."""
        return self._turn.locked()

    def from_stick(self, stick: Path | None, deltas: Sequence[Path] = (), *, wait: bool = False) -> None:
        """Takes over the publication in the folder `stick` and the deltas in files, which may stand alone.

        Raises:
            GateError: `no_stick` when nothing is given, `busy_updating`.
        """
        if stick is None and not deltas:
            raise GateError("no_stick", "there is no stick with anything to take over")
        self._start("stick", STICK_SECONDS, wait, stick=stick, deltas=tuple(deltas))

    def from_network(self, url: str, *, wait: bool = False) -> None:
        """Takes over the publication at an address.

        Raises:
            GateError: `no_source` for no address or one that is not https:// (or http:// to this
                machine), `busy_updating`.
        """
        if not is_address(url):
            raise GateError("no_source", "there is no https:// address to fetch from")
        self._start("network", NETWORK_SECONDS, wait, url=url)

    def from_delta(self, *deltas: bytes | str, wait: bool = False) -> None:
        """Takes over deltas, as bytes or as `MS1:` text, each by itself: one that is refused stops no other.

        What comes while another delta is taken over, the next code of several, has its turn after it.

        Raises:
            GateError: `not_readable` for none, `busy_updating`.
        """
        if not deltas:
            raise GateError("not_readable", "there is no delta here")
        with self._beginning:
            queued = self._turn.locked() and self._phase == "delta" and len(self._waiting) < _MAX_WAITING
            if queued and not self._closed:
                self._waiting.append(deltas)
                return
        self._start("delta", NETWORK_SECONDS, wait, deltas=deltas)

    def cancel(self) -> None:
        """Stops what is under way, if anything is; the home keeps what it had, and the end is told."""
        self._stop.set()

    def close(self) -> None:
        """Stops what is under way and takes nothing any more."""
        with self._beginning:
            self._closed = True
            self._waiting.clear()
            self.cancel()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(_CLOSING)

    def _start(
        self,
        phase: str,
        seconds: float,
        wait: bool,
        *,
        stick: Path | None = None,
        url: str = "",
        deltas: tuple[Path | bytes | str, ...] = (),
    ) -> None:
        with self._beginning:
            if self._closed or not self._turn.acquire(blocking=False):
                raise GateError("busy_updating", "another update is under way")
            try:
                self._phase = phase
                self._stop.clear()
                job = Job(self._home, self._clock(), stick, url, deltas)
                work = threading.Thread(
                    target=self._work, args=(job, phase, seconds), name="montrey-update", daemon=True
                )
                work.start()
                self._thread = work
            except BaseException:
                self._turn.release()
                raise
        if wait:
            work.join()

    def _work(self, job: Job, phase: str, seconds: float) -> None:
        following: Job | None = job
        while following is not None:
            job = following
            try:
                outcome = self._take(job, phase, seconds)
            except Exception:  # noqa: BLE001 (a gate goes on, whatever happens here)
                traceback.print_exc(file=sys.stderr)
                outcome = Outcome(code="update_failed")
            following = self._following(job)
            words = update_words.ended(phase, outcome)
            self._say(UpdateNews("done", 1.0, True, not outcome.code, outcome.changed, outcome.code, words))

    def _following(self, job: Job) -> Job | None:
        """The job for the deltas that came meanwhile; without any the turn is over."""
        with self._beginning:
            if self._waiting:
                return replace(job, deltas=self._waiting.pop(0))
            self._turn.release()
            return None

    def _take(self, job: Job, phase: str, seconds: float) -> Outcome:
        before = version_in(self._home)
        self._step(phase, None)

        def progress(done: int, whole: int) -> None:
            self._step(phase, done / whole)

        if phase == "delta":  # some milliseconds, and nothing that could hang
            outcome = update_job.run(job, progress)
        else:
            outcome = self._run(job, progress, self._stop.is_set, seconds)
        if not outcome.changed and version_in(self._home) != before:  # it was stopped behind the change
            outcome = replace(update_job.run(Job(job.home, job.now), progress), changed=True)
        if outcome.changed:
            self._step("loading", None)
            try:
                self._on_changed()
            except IdentityError as error:
                return replace(outcome, code=error.code)
        return outcome

    def _step(self, phase: str, fraction: float | None) -> None:
        self._say(UpdateNews(phase, fraction, False, False, False, "", update_words.RUNNING[phase]))

    def _say(self, news: UpdateNews) -> None:
        try:
            self._tell(news)
        except Exception:  # noqa: BLE001 (whoever listens is no reason to stop)
            traceback.print_exc(file=sys.stderr)


def version_in(home: Path) -> Path | None:
    """The version of the home's trust that counts; None before the first, or where that cannot be read."""
    try:
        return homes.current_version(home)
    except IdentityError:
        return None
