"""One gate at work: its reception and all that stands behind it: clock, trust, updates, settings, log.

Threads of the service, of scanners, sticks and updates come in here; what they
share is held by the reception's lock, under which nothing waits for a disk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from did.errors import IdentityError
from trust import TrustSnapshot
from verifier.gate import frames, notices, screen_state, settings, sticks, telling
from verifier.gate.clock_watch import boot_seconds
from verifier.gate.desk import Desk, no_trust
from verifier.gate.errors import GateError
from verifier.gate.intake import By
from verifier.gate.log import Entry, LogFolder
from verifier.gate.log_writer import LogWriter
from verifier.gate.pages import Message, Pages
from verifier.gate.pin import Pin
from verifier.gate.reception import Reception
from verifier.gate.settings import Settings, describe_change
from verifier.gate.stick_watch import StickWatch
from verifier.gate.sticks import Found
from verifier.gate.supervisors import Supervisors
from verifier.gate.updates import UpdateNews, Updates, version_in
from verifier.gate.watchman import Watchman

MAX_MESSAGE = frames.MAX_FRAME
"""Bytes of the largest message of a page."""
_LAST = datetime(9999, 12, 1, tzinfo=UTC)
NEWS_STANDS = 15.0
"""Seconds for which the end of an update is told."""


class Station:
    """A gate over a verifier's home. `clock` gives aware datetimes, `monotonic` seconds that nobody sets.

    Raises:
        IdentityError: `no_home`; a home without trust, or with a broken one, is judged with and told of.
    """

    def __init__(
        self,
        home: Path,
        *,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = boot_seconds,
        folders: Sequence[Path] = (),
        usual: Sequence[str] = sticks.USUAL,
    ) -> None:
        clock = _within_years(clock)
        self.home, self.pages, self._monotonic = home, Pages(), monotonic
        self._folder, self._sticks, self._usual = home / "gate", tuple(folders), tuple(usual)
        self._watch = Watchman(home, clock, monotonic)
        self._started = clock()
        kept, self._settings_whole = settings.load(self._folder)
        self._version = version_in(home)
        trust, self._broken = _load(home)
        self._watch.has_seen(trust.local_floor)
        self._desk = Desk(trust, kept, started=self._watch.started())
        self._setting, self._loading = Lock(), Lock()
        self._news: tuple[Message, float] | None = None
        self._serial_open: bool | None = None
        self.pin, self.supervisors = Pin(self._folder), Supervisors()
        self._pin_set = self.pin.is_set()
        self.log = LogFolder(self._folder / "log")
        self._writer = LogWriter(self.log, self._watch.believed, days=kept.log_days)
        self._updates = Updates(home, self._watch.believed, self._tell_news, self._reload)
        self._stick_watch = StickWatch(self._sticks, self._on_stick, usual=self._usual)
        self.reception = Reception(
            self._desk,
            self._watch,
            monotonic=monotonic,
            tell=self.tell,
            tell_state=self.tell_state,
            write=self._write,
            give_delta=self.delta,
        )
        self._lock = self.reception.lock
        self._write("start", "started")

    # -- clock, trust, updates ----------------------------------------------

    def beat(self) -> None:
        """What has to happen every second or so: floors rise, challenges change, pages hear something."""
        self._pin_set = self.pin.is_set()  # here, for it reads the disk: nobody waits for this
        self._catch_up()
        with self._lock:
            trust = self._desk.trust
        raised = self._watch.raise_floor(trust) if not self._broken else trust
        with self._lock:
            if self._desk.trust is trust:  # or an update has brought another meanwhile
                self._desk.trust = raised
            self.reception.look_at_clock()
        self.pin.keep()
        self.tell_state()

    def delta(self, data: bytes | str, *, wait: bool = False) -> None:
        """A status delta that somebody brought.

        Raises:
            GateError: `busy_updating`.
        """
        self._updates.from_delta(data, wait=wait)

    def update(self, source: str) -> None:
        """Begins an update from `stick` or `network`.

        Raises:
            GateError: `no_stick`, `no_source`, `busy_updating`.
        """
        if source == "network":
            self._updates.from_network(self._desk.settings.source)
            return
        found = next(iter(self._stick_watch.found()), None) or sticks.find(self._sticks, self._usual)
        if found is None:
            raise GateError("no_stick", "there is no stick with anything to take over")
        self._updates.from_stick(found.publication, found.deltas)

    def _on_stick(self, found: Found) -> None:
        self._updates.from_stick(found.publication, found.deltas)

    def _tell_news(self, news: UpdateNews) -> None:
        if news.done:
            self._catch_up()
        message = screen_state.news(news)
        self._news = (message, self._monotonic())
        self.pages.tell(message)
        if news.done:
            self._write("update", news.code or ("changed" if news.changed else "same"))
            self.tell_state()

    def _reload(self) -> None:
        """Takes the home's newest trust into use.

        Raises:
            TrustError: it cannot be read; the gate goes on with what it had.
        """
        with self._loading:  # whoever loads last has the newest
            version, trust = version_in(self.home), TrustSnapshot.load(self.home)
            with self._lock:
                self._desk.trust, self._broken, self._version = trust, "", version
                self.reception.begin_anew()

    def _catch_up(self) -> None:
        """Takes into use what anybody has brought into the home, and says so where it cannot be read."""
        try:
            if version_in(self.home) != self._version:
                self._reload()
        except IdentityError as error:
            self._broken = error.code

    # -- the supervisor's ---------------------------------------------------

    @property
    def settings(self) -> Settings:
        """What is set."""
        return self._desk.settings

    def set(self, new: Settings) -> None:
        """Keeps other settings and uses them from now on.

        Raises:
            GateError: `settings_invalid`, `unknown_gate`, `disk_full`; the old ones stand.
        """
        with self._setting:  # two at once would leave one on disk and the other in use
            with self._lock:
                old, trust = self._desk.settings, self._desk.trust
            if not self._broken:
                screen_state.check_settings(new, trust)
            settings.save(self._folder, new)
            with self._lock:
                self._desk.set(new)
                self.reception.begin_anew()
                self._settings_whole = True
        self._writer.days = new.log_days
        self._write("settings", "changed", by="person", note=describe_change(old, new))
        self.tell_state()

    def let_in(self, reason: str) -> None:
        """A supervisor lets somebody in without a code; it is written down before it is shown.

        Raises:
            GateError: `reason_needed`.
        """
        entry = Entry(
            at=self._watch.dated(self._desk.trust), what="pass", code="pass", by="person", note=reason
        )
        taken = self._writer.put(entry)
        message = telling.passed(kept=self._writer.flush() and taken)
        with self._lock:
            self._desk.forget()
            self.reception.stand(message)

    def clock_is_right(self) -> None:
        """A supervisor says that the clock is right, though it has jumped.

        Raises:
            GateError: `clock_not_doubted`: it has not, or it is behind a floor, which this does not lower.
        """
        if self._watch.state(self._desk.trust) not in ("ahead", "back"):
            raise GateError("clock_not_doubted", "the clock has not jumped")
        self._watch.accept()
        self._write("clock", "right", by="person")
        self.beat()

    def lower_floor(self) -> None:
        """A supervisor lowers the local clock floor to the signed one; the clock is behind, or was set back.

        Raises:
            GateError: `clock_not_behind`.
            TrustError: `no_trust`, `no_home`, `broken_home`.
        """
        if self._watch.state(self._desk.trust) not in ("behind", "back"):
            raise GateError("clock_not_behind", "the clock is behind no time that was seen")
        self._watch.lower_floor()
        self._write("clock", "lowered", by="person")
        self._reload()
        self.beat()

    def note_supervisor(self, code: str) -> None:
        """Writes down that a supervisor came, failed or left."""
        self._write("supervisor", code, by="person")

    # -- what is told -------------------------------------------------------

    def state(self) -> Message:
        """How the gate is, for a page."""
        with self._lock:
            now, trust, clock = self._watch.now(), self._desk.trust, self._watch.state(self._desk.trust)
            condition = notices.Condition(
                now=now,
                started=self._started,
                trust=trust,
                settings=self._desk.settings,
                broken=self._broken,
                clock=clock,
                settings_whole=self._settings_whole,
                log_failing=self._writer.failing or self.pin.failing,
                clock_kept=self._watch.kept,
                pin_set=self._pin_set,
                serial_off=self._serial_open is False,
                folders_missing=len(self._stick_watch.missing()),
            )
            challenge, ends = self._desk.challenge(now), self._desk.challenge_ends()
            number_waits = self._desk.waiting_number(now) is not None
        return screen_state.state(
            condition,
            challenge=None if challenge is None else challenge.to_text(),
            ends=ends,
            supervisor=len(self.supervisors) > 0,
            updating=self._updates.busy,
            number_waits=number_waits,
        )

    def tell(self, message: Message) -> None:
        """Tells every page something."""
        self.pages.tell(message)

    def tell_state(self) -> None:
        """Tells every page how the gate is."""
        if len(self.pages):
            self.pages.tell(self.state())

    def first_words(self) -> list[Message]:
        """What a page that has just come hears: the state, the verdict that stands, an update's end."""
        words: list[Message] = [self.state()]
        with self._lock:
            standing = self.reception.standing()
        if standing is not None:
            words.append(standing)
        if self._news is not None and self._monotonic() - self._news[1] < NEWS_STANDS:
            words.append(self._news[0])
        return words

    def now(self) -> datetime:
        """The machine's clock."""
        return self._watch.now()

    def serial_text(self, text: str) -> None:
        """A line of a scanner; an empty one says that there was one of impossible length."""
        self.reception.text(text or "\ufffd", By.SERIAL)

    def serial_state(self, is_open: bool) -> None:
        """A scanner on a line was plugged in or pulled out."""
        self._serial_open = is_open
        self.tell_state()

    def start(self) -> None:
        """Begins to look for sticks."""
        self._stick_watch.start()

    def close(self) -> None:
        """Ends every thread; what waits for the log is written."""
        self._stick_watch.close()
        self._updates.close()
        self._writer.close()

    def _write(self, what: str, code: str, **more: Any) -> None:
        with suppress(ValueError, GateError):  # a clock beyond all years is no reason to stop
            at = self._watch.dated(self._desk.trust)
            self._writer.put(Entry(at=at, what=what, code=code, **more))


def _within_years(clock: Callable[[], datetime]) -> Callable[[], datetime]:
    """The clock, of which a few days more can be reckoned with: the last year has an end."""
    return lambda: min(clock(), _LAST)


def _load(home: Path) -> tuple[TrustSnapshot, str]:
    """The home's trust, or none and the code that says why."""
    try:
        return TrustSnapshot.load(home), ""
    except IdentityError as error:
        if error.code == "no_home":
            raise
        return no_trust(), error.code
