"""A day at a gate: what the ministry and the supervisor do, and what happens to the machine."""

from __future__ import annotations

import json
import random
import time as machine
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from gate_cable import Cable
from gate_folk import Folk
from gate_guard import ORIGIN, PATIENCE, Guard
from gate_house import NOW, HandClock, typed
from gate_listener import picture
from gate_showing import Line
from gate_town import Town

from verifier.gate import drop
from verifier.gate.pages import Message
from verifier.gate.scanner import SerialScanner
from verifier.gate.settings import Settings
from verifier.gate.station import Station


@dataclass
class Day(Guard):
    """A guard's gate, which the world does not leave alone."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.took_stick()  # which `home` was made from
        self._open()

    # -- the ministry's news, and the supervisor's ---------------------------------

    def update(self, bring: Callable[[], object], *, ok: bool = True) -> Message:
        """Brings news to the gate and waits for their end."""
        bring()
        end = self.screen.ends.get(timeout=PATIENCE)
        with self.station._lock:
            pass
        self.same(end["ok"], ok, f"an update's end ({end['code']})")
        return end

    def new_stick(self, *, button: bool = True) -> None:
        """The ministry publishes, and somebody puts the stick in; without the button it is found."""
        self.town.publish(self.stick)
        watch = self.station._stick_watch
        self.update(lambda: self.station.update("stick") if button else (watch.look(), watch.look()))
        self.took_stick()
        self.tell(f"a stick: {self.stopped}")

    def took_stick(self) -> None:
        """The model learns what stands on the stick that was made just now."""
        at = int(self.now.timestamp())
        for kind in ("live", "seal"):
            self.model.data.take(kind, at, self.stopped)
        timestamp = json.loads((self.stick / "metadata" / "timestamp.json").read_bytes())
        self.model.data.trust_ends = int(datetime.fromisoformat(timestamp["signed"]["expires"]).timestamp())
        clock = self.model.clock
        clock.local_floor = max(clock.local_floor, int(clock.not_ahead(self.moment()).timestamp()))
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
                self.update(lambda text=text: self.station.reception.keys(typed(text), ended=True))  # type: ignore[misc]
            elif way == "serial":
                self.update(lambda text=text: self.cable.scan(text))  # type: ignore[misc]
            else:
                self.update(lambda text=text: self.station.reception.frame(picture(text)))  # type: ignore[misc]
        for kind in ("live", "seal"):
            self.model.data.take(kind, at, self.stopped)
        self.model.news()

    def set(self, **changes: Any) -> None:
        """The supervisor sets something."""
        self.tell(f"settings: {changes}")
        self.station.set(Settings.from_json(self.station.settings.to_json() | changes))
        self.model.change(**changes)
        self._look_at_challenge()

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


@contextmanager
def day(folder: Path, *, people: int, seed: int, own: int = 24) -> Iterator[Day]:
    """A ministry, `own` of whose people the register knows, and a gate that has its first stick."""
    time = HandClock()
    true = lambda: NOW + timedelta(seconds=time.seconds - ORIGIN)  # noqa: E731
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
