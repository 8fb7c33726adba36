"""A guard at a gate: every way in, both clocks, and the model that knows each answer beforehand."""

from __future__ import annotations

import queue
import random
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from gate_cable import Cable
from gate_folk import Folk
from gate_house import NOW, HandClock, typed
from gate_listener import Screen, picture
from gate_model import Model
from gate_showing import Moment, Shown, Told
from gate_town import Town

from credential import qr_draw
from credential.challenge import Challenge
from verifier.gate import drop
from verifier.gate.station import Station

PATIENCE = 60.0
"""Seconds of this machine for what another thread has to do."""
WAYS = ("keys", "keys", "keys", "serial", "serial", "camera", "file")
ORIGIN = HandClock().seconds


@dataclass
class Guard:
    """A gate over `home` and everybody around it.

    `now` is the true time, which phones and the ministry have; `time` the gate's.
    """

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
    station: Station = field(init=False)

    def __post_init__(self) -> None:
        self.model = Model(self.moment())

    # -- time -----------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """The true time."""
        return NOW + timedelta(seconds=self.time.seconds - ORIGIN)

    def moment(self) -> Moment:
        """The gate's clocks."""
        return Moment(self.time.now, self.time.seconds)

    def pass_(self, seconds: float, *, step: float = 60.0) -> None:
        """Time goes by, and the gate's heart beats."""
        while seconds > 0:
            self.time.pass_(min(step, seconds))
            seconds -= step
            self.beat()

    def until(self, hours: float, *, step: float = 60.0) -> None:
        """Nothing happens until so many hours after the beginning."""
        self.pass_((NOW + timedelta(hours=hours) - self.now).total_seconds(), step=step)

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
            assert self.station.reception.frame(frame)
            self._heard(None)

    def stray(self, text: str) -> None:
        """A hand types something, slowly."""
        assert not self.station.reception.keys(typed(text, pace=140, dwell=90), ended=True), self.why(
            "stray keys"
        )
        self._heard(None)

    def number(self, number: str, way: str = "number") -> Told | None:
        """Somebody types a number, or scans it."""
        expected = self.model.number(number, self.moment())
        self.tell(f"a number by {way}: {expected}")
        self.station.reception.number(number) if way == "number" else self._present(number, way)
        if expected is not None:
            self._heard(expected)
        else:
            self.same(self.screen.numbers.get(timeout=PATIENCE)["state"], "waiting", "what became of it")
        self._look_at_challenge()
        return expected

    def no_number(self, digits: str, way: str, state: str) -> None:
        """Digits that are no card's number: the screen says so, and judges nothing."""
        self.tell(f"{len(digits)} digits by {way}: {state}")
        self.station.reception.number(digits) if way == "number" else self._present(digits, way)
        self.same(self.screen.numbers.get(timeout=PATIENCE)["state"], state, "what became of them")
        self._heard(None)

    def dismiss(self) -> None:
        """The guard presses Escape."""
        self.model.dismiss()
        self.station.reception.dismiss()

    def _present(self, text: str, way: str) -> None:
        if way == "keys":
            assert self.station.reception.keys(typed(text), ended=True), self.why("the keys were not taken")
        elif way == "serial":
            assert self.cable.scan(text)
        elif way == "camera":
            assert self.station.reception.frame(picture(text)), self.why("no code was found in the frame")
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
        names = ("code", "verdict", "look", "assurance", "number_checked", "asks_number", "repeat")
        got = tuple(told[name] for name in names)
        wanted = (
            *(expected.code, expected.verdict, expected.look, expected.assurance),
            *(expected.checked, expected.asks, expected.repeat),
        )
        self.same(got, wanted, "the verdict")

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
