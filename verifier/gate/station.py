"""One gate at work: what comes in is judged, told to the pages and written down.

Threads of the service, of scanners, sticks and updates come in here; what they
share is held by one lock, under which nothing waits for a disk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path
from threading import RLock
from typing import Any

from did.errors import IdentityError
from trust import TrustSnapshot
from verifier.gate import frames, intake, notices, screen_state, settings, sticks, telling
from verifier.gate.clock_watch import boot_seconds
from verifier.gate.desk import Answer, Desk, no_trust
from verifier.gate.errors import GateError
from verifier.gate.intake import By, Item, What
from verifier.gate.keyboard import Key
from verifier.gate.log import Entry, LogFolder
from verifier.gate.log_writer import LogWriter
from verifier.gate.pages import Message, Pages
from verifier.gate.pin import Pin
from verifier.gate.recent import Recent
from verifier.gate.settings import Settings, describe_change
from verifier.gate.stick_watch import StickWatch
from verifier.gate.sticks import Found
from verifier.gate.supervisors import Supervisors
from verifier.gate.updates import UpdateNews, Updates
from verifier.gate.watchman import Watchman

MAX_MESSAGE = frames.MAX_FRAME
"""Bytes of the largest message of a page."""
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
        self.home, self.pages, self._monotonic = home, Pages(), monotonic
        self._folder, self._sticks, self._usual = home / "gate", tuple(folders), tuple(usual)
        self._lock = RLock()
        self._watch = Watchman(home, clock, monotonic)
        self._started = clock()
        kept, self._settings_whole = settings.load(self._folder)
        trust, self._broken = _load(home)
        self._desk = Desk(trust, kept, started=self._started)
        self._recent: Recent[Message] = Recent()
        self._deltas: Recent[bool] = Recent(hold=30.0)
        self._ids = count(1)
        self._standing: tuple[Message, float] | None = None
        self._news: tuple[Message, float] | None = None
        self._serial_open: bool | None = None
        self.pin, self.supervisors = Pin(self._folder), Supervisors()
        self._pin_set = self.pin.is_set()
        self.log = LogFolder(self._folder / "log")
        self._writer = LogWriter(self.log, self._watch.believed, days=kept.log_days)
        self._updates = Updates(home, self._watch.believed, self._tell_news, self._reload)
        self._stick_watch = StickWatch(self._sticks, self._on_stick, usual=self._usual)
        self._write("start", "started")

    # -- what comes in ------------------------------------------------------

    def keys(self, keys: Sequence[Key], *, ended: bool) -> bool:
        """A burst of keys as it stands; whether it was taken for something."""
        items = intake.of_keys(keys, ended=ended, is_whole=self._desk.is_whole) if keys else []
        return self._take_all(items, By.KEYS)

    def text(self, text: str, by: By) -> bool:
        """A text that somebody else has read: a scanner's line, a picture, a delta's file."""
        return self._take_all([intake.of_text(text, by)], by)

    def number(self, text: str) -> None:
        """A number that a hand has typed."""
        self._take_all([intake.of_number(text)], By.NUMBER)

    def frame(self, data: bytes) -> bool:
        """A camera's frame; whether there was a code in it.

        Raises:
            ValueError: when it is no frame.
        """
        texts = frames.read(frames.parse(data))
        codes = [text for text in texts if text.startswith(("MQ", "MS1:"))] or texts[:1]
        for text in codes:
            if not self._stays_in_view(text):
                self._take_all([intake.of_text(text, By.CAMERA)], By.CAMERA)
        return bool(texts)

    def delta(self, data: bytes | str, *, wait: bool = False) -> None:
        """A status delta that somebody brought.

        Raises:
            GateError: `busy_updating`.
        """
        self._updates.from_delta(data, wait=wait)

    def dismiss(self) -> None:
        """The guard has seen the verdict, or gives up a number that waits."""
        with self._lock:
            self._desk.forget()
            self._standing = None
        self.pages.tell({"type": "clear"})

    def _take_all(self, items: Sequence[Item], by: By) -> bool:
        taken = [self._take(item, by) for item in items]
        return any(taken)

    def _take(self, item: Item, by: By) -> bool:
        if item.what is What.NOTHING:
            return False
        if item.what is What.DELTA:
            self._take_delta(item.text)
        elif item.what is What.CODE:
            self._take_code(item.text, by)
        elif item.what is What.CARD:
            self._take_number(item.text)
        else:
            self.pages.tell(screen_state.number(item.what))
        return True

    def _take_code(self, text: str, by: By) -> None:
        with self._lock:
            known = self._recent.find(text, self._monotonic())
            if known is not None and (by is By.CAMERA or not known["asks_number"]):
                if by is not By.CAMERA:  # which has it before it twenty times a second
                    self.pages.tell(known | {"repeat": True})
                return
            now = self._look_at_clock()
            message = self._told(self._desk.judge(text, now), by, now)
            self._recent.keep(text, message, self._monotonic())
        self.tell_state()

    def _take_number(self, number: str) -> None:
        with self._lock:
            now = self._look_at_clock()
            text, answer = self._desk.held(), self._desk.number(number, now)
            if answer is not None:
                message = self._told(answer, By.NUMBER, now)
                self._recent.keep(text or "", message, self._monotonic())
        if answer is None:
            self.pages.tell(screen_state.number(What.CARD))
        self.tell_state()

    def _take_delta(self, text: str) -> None:
        if self._deltas.find(text, self._monotonic()):
            return
        try:
            self.delta(text)
        except GateError as error:
            self.pages.tell(screen_state.refused_update(error))
        else:
            self._deltas.keep(text, True, self._monotonic())

    def _stays_in_view(self, text: str) -> bool:
        """A code that the camera has had before it since its verdict: it says nothing new."""
        now = self._monotonic()
        return self._recent.find(text, now) is None and self._recent.in_view(text, now)

    def _told(self, answer: Answer, by: By, now: datetime) -> Message:
        message = telling.verdict(answer, self._desk.trust, now) | {"id": next(self._ids), "repeat": False}
        self._write(
            "verdict",
            answer.code,
            assurance=None if answer.assurance is None else answer.assurance.label,
            by=by.value,
            checked=answer.number_checked,
        )
        self._stand(message)
        return message

    def _stand(self, message: Message) -> None:
        self._standing = (message, self._monotonic())
        self.pages.tell(message)

    # -- clock, trust, updates ----------------------------------------------

    def beat(self) -> None:
        """What has to happen every second or so: floors rise, challenges change, pages hear something."""
        self._pin_set = self.pin.is_set()  # here, for it reads the disk: nobody waits for this
        with self._lock:
            trust = self._desk.trust
        raised = self._watch.raise_floor(trust) if not self._broken else trust
        with self._lock:
            if self._desk.trust is trust:  # or an update has brought another meanwhile
                self._desk.trust = raised
            self._look_at_clock()
        self.pin.keep()
        self.tell_state()

    def _look_at_clock(self) -> datetime:
        self._desk.clock_doubted = self._watch.state(self._desk.trust) in ("ahead", "back")
        return self._watch.now()

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
        trust = TrustSnapshot.load(self.home)
        with self._lock:
            self._desk.trust, self._broken = trust, ""
            self._recent.clear()

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
        with self._lock:
            old, trust = self._desk.settings, self._desk.trust
        if not self._broken:
            screen_state.check_settings(new, trust)
        settings.save(self._folder, new)
        with self._lock:
            self._desk.set(new)
            self._recent.clear()
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
        self._writer.put(entry)
        message = telling.passed(self._writer.flush()) | {"id": next(self._ids), "repeat": False}
        with self._lock:
            self._desk.forget()
            self._stand(message)

    def clock_is_right(self) -> None:
        """A supervisor says that the clock is right, though it has jumped."""
        self._watch.accept()
        self._write("clock", "right", by="person")
        self.beat()

    def lower_floor(self) -> None:
        """A supervisor lowers the local clock floor to the signed one.

        Raises:
            TrustError: `no_trust`, `no_home`, `broken_home`.
        """
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

    def tell_state(self) -> None:
        """Tells every page how the gate is."""
        if len(self.pages):
            self.pages.tell(self.state())

    def first_words(self) -> list[Message]:
        """What a page that has just come hears: the state, the verdict that stands, an update's end."""
        words: list[Message] = [self.state()]
        now = self._monotonic()
        with self._lock:
            if self._standing is not None:
                message, since = self._standing
                if now - since < message["seconds"]:
                    words.append(message | {"repeat": True, "stood": now - since})
        if self._news is not None and now - self._news[1] < NEWS_STANDS:
            words.append(self._news[0])
        return words

    def now(self) -> datetime:
        """The machine's clock."""
        return self._watch.now()

    def serial_text(self, text: str) -> None:
        """A line of a scanner; an empty one says that there was one of impossible length."""
        self.text(text or "\ufffd", By.SERIAL)

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


def _load(home: Path) -> tuple[TrustSnapshot, str]:
    """The home's trust, or none and the code that says why."""
    try:
        return TrustSnapshot.load(home), ""
    except IdentityError as error:
        if error.code == "no_home":
            raise
        return no_trust(), error.code
