"""A guard's day: one gate, its clocks, every way in, and the model that knows each answer beforehand."""

from __future__ import annotations

import json
import queue
import random
import time as machine
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from gate_cable import Cable
from gate_folk import Folk
from gate_house import NOW, HandClock, typed
from gate_model import Line, Model, Moment, Shown, Told
from gate_town import Town

from credential import qr_draw
from credential.challenge import Challenge
from verifier.gate import drop
from verifier.gate.pages import Message, Pages
from verifier.gate.scanner import SerialScanner
from verifier.gate.settings import Settings
from verifier.gate.station import Station

PATIENCE = 60.0
"""Seconds of this machine for what another thread has to do."""
WAYS = ("keys", "keys", "keys", "serial", "serial", "camera", "file")
_ORIGIN = HandClock().seconds


class Screen(Pages):
    """A page that keeps what it is told, apart from the state, of which the last counts."""

    def __init__(self) -> None:
        super().__init__()
        self.verdicts: queue.Queue[Message] = queue.Queue()
        self.numbers: queue.Queue[Message] = queue.Queue()
        self.ends: queue.Queue[Message] = queue.Queue()

    def __len__(self) -> int:
        return 1

    def tell(self, message: Message) -> None:
        """Sorts a message in."""
        if message["type"] == "verdict":
            self.verdicts.put(message)
        elif message["type"] == "number":
            self.numbers.put(message)
        elif message["type"] == "update" and message["done"]:
            self.ends.put(message)


@dataclass
class Day:
    """A gate over `home`; `now` is the true time, which phones and the ministry have, `time` the gate's."""

    folder: Path
    seed: int
    time: HandClock
    town: Town
    folk: Folk
    home: Path
    stick: Path
    rng: random.Random
    cable: Cable
    screen: Screen = field(default_factory=Screen)
    story: deque[str] = field(default_factory=lambda: deque(maxlen=40))
    stopped: dict[int, str] = field(default_factory=dict)
    shown: int = 0

    def __post_init__(self) -> None:
        self.model = Model(self.moment())
        self.took_stick()  # which `home` was made from
        self._open()

    # -- time -----------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """The true time."""
        return NOW + timedelta(seconds=self.time.seconds - _ORIGIN)

    def moment(self) -> Moment:
        """The gate's clocks."""
        return Moment(self.time.now, self.time.seconds)

    def pass_(self, seconds: float, *, step: float = 60.0) -> None:
        """Time goes by, and the gate's heart beats."""
        while seconds > 0:
            self.time.pass_(min(step, seconds))
            seconds -= step
            self.beat()

    def until(self, hours: float) -> None:
        """Nothing happens until so many hours after the beginning."""
        self.pass_(max(0.0, (NOW + timedelta(hours=hours) - self.now).total_seconds()))

    def beat(self) -> None:
        """What the service does every second or so."""
        self.model.clock.seen(self.moment())
        self.station.beat()
        self._look_at_challenge()
        codes = {notice["code"] for notice in self.station.state()["notices"]}
        clock = {"ok": set(), "behind": {"clock_behind"}, "ahead": {"clock_ahead"}, "back": {"clock_back"}}
        found = codes & {"clock_behind", "clock_ahead", "clock_back"}
        self.same(found, clock[self.model.clock.state], "what is said of the clock")

    def jump(self, seconds: float) -> None:
        """Somebody sets the gate's clock."""
        self.tell(f"the clock is set by {seconds} s")
        self.time.jump(seconds)
        self.beat()

    # -- what comes in ----------------------------------------------------------

    def show(self, shown: Shown, way: str = "") -> Told | None:
        """Somebody shows something; what the gate says has to be what the model said before."""
        way = way or self.rng.choice(WAYS)
        self.shown += 1
        expected = self.model.show(shown, self.moment(), way)
        story = f"{shown.kind} of {shown.who} by {way}, wrong: {shown.wrong or '-'}, signed {shown.signed_at}"
        self.tell(f"{story}, challenge {shown.challenge and shown.challenge.hex()}: {expected}")
        self._present(shown.text, way)
        self._heard(expected)
        self._look_at_challenge()
        return expected

    def show_both(self, first: Shown, second: Shown) -> None:
        """Two codes in one burst of keys, without an end between them."""
        expected = [self.model.show(shown, self.moment(), "keys") for shown in (first, second)]
        self.shown += 2
        self.tell(f"{first.kind} of {first.who} and {second.kind} of {second.who} at once: {expected}")
        self._present(first.text + second.text, "keys")
        for told in expected:
            assert told is not None
            self._heard(told, more=told is expected[0])
        self._look_at_challenge()

    def stays(self, shown: Shown, *, seconds: int) -> None:
        """The camera sees for some time what was judged just now: it says nothing."""
        self.tell(f"that of {shown.who} stays before the camera")
        frame = picture(shown.text)
        for _ in range(seconds):
            self.pass_(1)
            assert self.station.frame(frame)
            self._heard(None)

    def stray(self, text: str) -> None:
        """A hand types something, slowly."""
        assert not self.station.keys(typed(text, pace=140, dwell=90), ended=True), self.why("stray keys")
        self._heard(None)

    def number(self, number: str, way: str = "number") -> Told | None:
        """Somebody types a number, or scans it."""
        expected = self.model.number(number, self.moment())
        self.tell(f"a number by {way}: {expected}")
        self.station.number(number) if way == "number" else self._present(number, way)
        if expected is not None:
            self._heard(expected)
        else:
            self.same(self.screen.numbers.get(timeout=PATIENCE)["state"], "waiting", "what became of it")
        self._look_at_challenge()
        return expected

    def no_number(self, digits: str, way: str, state: str) -> None:
        """Digits that are no card's number: the screen says so, and judges nothing."""
        self.tell(f"{len(digits)} digits by {way}: {state}")
        self.station.number(digits) if way == "number" else self._present(digits, way)
        self.same(self.screen.numbers.get(timeout=PATIENCE)["state"], state, "what became of them")
        self._heard(None)

    def dismiss(self) -> None:
        """The guard presses Escape."""
        self.model.dismiss()
        self.station.dismiss()

    def _present(self, text: str, way: str) -> None:
        if way == "keys":
            assert self.station.keys(typed(text), ended=True), self.why("the keys were not taken")
        elif way == "serial":
            assert self.cable.scan(text)
        elif way == "camera":
            assert self.station.frame(picture(text)), self.why("no code was found in the frame")
        else:
            assert drop.take(self.station, qr_draw.png(text, scale=3))["what"] == "code"

    def _heard(self, expected: Told | None, *, more: bool = False) -> None:
        if expected is None:
            assert self.screen.verdicts.empty(), self.why("a verdict where none was to be")
            return
        try:
            told = self.screen.verdicts.get(timeout=PATIENCE)
        except queue.Empty:
            raise AssertionError(self.why("no verdict came")) from None
        with self.station._lock:  # a scanner's thread has noted it, too
            assert more or self.screen.verdicts.empty(), self.why("two verdicts for one showing")
        got = tuple(told[name] for name in ("code", "verdict", "look", "assurance"))
        got += (told["number_checked"], told["asks_number"], told["repeat"])
        wanted = (expected.code, expected.verdict, expected.look, expected.assurance)
        wanted += (expected.checked, expected.asks, expected.repeat)
        self.same(got, wanted, "the verdict")

    # -- the ministry's news, and the supervisor's ---------------------------------

    def update(self, bring: Callable[[], object], *, ok: bool = True) -> Message:
        """Brings news to the gate and waits for their end."""
        bring()
        end = self.screen.ends.get(timeout=PATIENCE)
        with self.station._lock:
            pass
        self.same(end["ok"], ok, f"an update's end ({end['code']})")
        return end

    def new_stick(self) -> None:
        """The ministry publishes, somebody puts the stick in and presses the button."""
        self.town.publish(self.stick)
        self.update(lambda: self.station.update("stick"))
        self.took_stick()
        self.tell(f"a stick: {self.stopped}")

    def took_stick(self) -> None:
        """The model learns what stands on the stick that was made just now."""
        at = int(self.now.timestamp())
        for kind in ("live", "seal"):
            self.model.data.take(kind, at, self.stopped)
        timestamp = json.loads((self.stick / "metadata" / "timestamp.json").read_bytes())
        self.model.data.trust_ends = int(datetime.fromisoformat(timestamp["signed"]["expires"]).timestamp())
        floor = self.model.clock.local_floor
        self.model.clock.local_floor = max(floor, int(self.time.now.timestamp()))
        self.model.news()

    def delta(self, way: str) -> None:
        """What changed since the last stick comes as a file, or as codes that are scanned."""
        texts, files = self.town.delta(), self.town.delta_files()
        at = int(self.now.timestamp())
        self.tell(f"a delta by {way}: {self.stopped}")
        for text, data in zip(texts, files.values(), strict=True):
            if way == "file":
                self.update(lambda data=data: drop.take(self.station, data))  # type: ignore[misc]
            elif way == "keys":
                self.update(lambda text=text: self.station.keys(typed(text), ended=True))  # type: ignore[misc]
            elif way == "serial":
                self.update(lambda text=text: self.cable.scan(text))  # type: ignore[misc]
            else:
                self.update(lambda text=text: self.station.frame(picture(text)))  # type: ignore[misc]
        for kind in ("live", "seal"):
            self.model.data.take(kind, at, self.stopped)
        self.model.news()

    def set(self, **changes: Any) -> None:
        """The supervisor sets something."""
        self.tell(f"settings: {changes}")
        self.station.set(Settings.from_json(self.station.settings.to_json() | changes))
        self.model.set(**changes)
        self._look_at_challenge()

    def challenge(self) -> Challenge:
        """What the screen shows now."""
        self._look_at_challenge()
        challenge = self.station.state()["challenge"]
        assert challenge is not None, self.why("no challenge is shown")
        return Challenge.from_text(challenge["text"])

    def _look_at_challenge(self) -> None:
        shown = self.station.state()["challenge"]
        if shown is not None:
            self.model.challenge(Challenge.from_text(shown["text"]).nonce, self.moment())

    def let_in(self, reason: str) -> None:
        """The supervisor lets somebody in; nothing half-way stays."""
        self.model.dismiss()
        self.model.note(self.moment(), "pass", None, "person")
        self.station.let_in(reason)
        self.same(self.screen.verdicts.get(timeout=PATIENCE)["look"], "pass", "a pass")

    # -- the machine -----------------------------------------------------------------

    def restart(self) -> None:
        """The power goes, and comes again."""
        self.tell("a restart")
        self.close()
        self.model.restart(self.moment())
        self._open()

    def unplug(self) -> None:
        """Somebody stumbles over the scanner's cable."""
        self.tell("the scanner is pulled out")
        self.cable.pull()
        self._until_scanner(off=True)

    def plug(self) -> None:
        """And puts it in again."""
        self.tell("the scanner is plugged in")
        self.cable.plug()
        self._until_scanner(off=False)

    def log(self) -> list[Line]:
        """What the log on disk tells of verdicts and passes."""
        self.station._writer.flush()
        return [
            (entry.at, entry.code, entry.assurance, entry.by, entry.checked)
            for entry in self.station.log.read()
            if entry.what in ("verdict", "pass")
        ]

    def _until_scanner(self, *, off: bool) -> None:
        end = machine.monotonic() + PATIENCE
        while ("scanner_off" in {n["code"] for n in self.station.state()["notices"]}) is not off:
            assert machine.monotonic() < end, self.why("the screen says nothing of the scanner")
            machine.sleep(0.01)

    def _open(self) -> None:
        self.station = Station(
            self.home,
            clock=self.time.clock,
            monotonic=self.time.monotonic,
            folders=(self.stick,),
            usual=(),
        )
        self.station.pages = self.screen
        self.scanner = SerialScanner(
            str(self.cable.link), self.station.serial_text, self.station.serial_state
        )
        self.scanner.start()
        end = machine.monotonic() + PATIENCE
        while self.station._serial_open is None:
            assert machine.monotonic() < end
            machine.sleep(0.001)

    def close(self) -> None:
        """The gate ends."""
        self.scanner.close()
        self.station.close()

    # -- what is found -----------------------------------------------------------------

    def tell(self, what: str) -> None:
        """Keeps what happened, for whoever reads a failure."""
        self.story.append(f"{self.now:%d %H:%M:%S} (clock {self.time.now:%d %H:%M:%S}) {what}")

    def same(self, got: object, wanted: object, what: str) -> None:
        """Fails with the story of the last things that happened."""
        assert got == wanted, self.why(f"{what}: got {got}, expected {wanted}")

    def why(self, what: str) -> str:
        """A failure in words."""
        return "\n".join([*self.story, f"{what} (seed {self.seed})"])


def picture(text: str) -> bytes:
    """A camera's frame with a code in it, as the page sends it."""
    rows = qr_draw.modules(text)
    scale = 4
    side = scale * len(rows)
    grey = b"".join(bytes(60 if dark else 200 for dark in row for _ in range(scale)) * scale for row in rows)
    return bytes((8, 0)) + side.to_bytes(2, "little") * 2 + grey


@contextmanager
def day(folder: Path, *, people: int, seed: int, own: int = 24) -> Iterator[Day]:
    """A ministry whose first stick the gate has since this moment, and the gate; `own` people are the town's."""
    time = HandClock()
    true = lambda: NOW + timedelta(seconds=time.seconds - _ORIGIN)  # noqa: E731
    town = Town(folder, people=own, clock=true)
    rng = random.Random(seed)
    folk = Folk(town, people, rng)
    stick = town.publish(folder / "stick")
    home = town.home(folder / "gate", stick=stick)
    made = Day(folder, seed, time, town, folk, home, stick, rng, Cable(folder / "scanner"))
    try:
        yield made
    finally:
        made.close()
        made.cable.close()
