"""A gate in this process behind a real page, set up for each visit of a crowd; and hands and eyes before it.

The gate is the product's own station and service. Three things are the test's:
both clocks, the trust and settings that each visit brings along, and that a
beat raises no floor, because one visit's year may be another's past.
"""

from __future__ import annotations

import base64
import json
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from gate_arranging import KEYS
from gate_browser import GatePage
from gate_crowd import Crowd, Number, Show, Told, Visit, Wait
from gate_house import HandClock
from layouts import US, Stroke, positions
from typist import scan, typist
from world import NOW

from credential.challenge import Challenge
from credential.qr_draw import png
from credential.qr_read import read_image
from verifier.gate.desk import Desk
from verifier.gate.recent import Recent
from verifier.gate.service import service
from verifier.gate.station import MAX_MESSAGE, Station

HANDS = Path(__file__).with_name("gate_presenting.js")
ENTER = Stroke("Enter", "Enter", False)
TORN = ("not_montrey", "unsupported_version", "malformed")
"""What a gate says of half a scan."""
SHORTEST = 8
"""Fewer keys are a slip of a hand, to a gate."""


class _Station(Station):
    """A station whose floors stay as each visit has them."""

    def beat(self) -> None:
        """Tells the pages how the gate is."""
        self.tell_state()


class Gate:
    """A station over `home`, which was started a day before the campaign's time."""

    def __init__(self, home: Path) -> None:
        self.time = HandClock(datetime.fromtimestamp(NOW, UTC) - timedelta(days=1))
        self.station = _Station(home, clock=self.time.clock, monotonic=self.time.monotonic, usual=())
        self._desk = self.station._desk
        self.station._broken = ""  # each visit brings its trust

    def arrange(self, visit: Visit) -> None:
        """Nobody is there, the clock is right, and trust and settings are the visit's."""
        station = self.station
        station.reception.dismiss()
        with station._lock:
            self.time.now = visit.case.moment
            station._watch.accept()
            station.reception._recent = Recent()
            since = timedelta(days=1) if visit.since is None else visit.since
            station._watch._began = self.time.seconds - since.total_seconds()
            desk = self._desk
            if visit.since is not None:
                desk = Desk(visit.case.trust, visit.settings, started=self.time.now - visit.since)
            desk.trust = visit.case.trust
            desk.set(visit.settings)
            station._desk = station.reception._desk = desk
        station.tell_state()

    def wait(self, step: Wait) -> None:
        """Time goes by, after what the gate is still at: it tells a verdict before it notes when that was."""
        with self.station._lock:
            self.time.jump(step.wall)
            self.time.seconds += step.steady

    @contextmanager
    def served(self) -> Iterator[str]:
        """Its address, as long as the block runs."""
        listener = socket.create_server(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        config = uvicorn.Config(
            service(self.station, port=port),
            log_config=None,
            ws="websockets-sansio",
            ws_max_size=MAX_MESSAGE,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=2,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.should_exit = True
            thread.join()
            self.station.close()
            listener.close()


class Presenter:
    """Plays visits on a page, and keeps what was wrong."""

    def __init__(self, gate: Gate, page: GatePage, url: str, *, seed: int) -> None:
        self._gate, self._page, self._rng = gate, page, random.Random(f"ways {seed}")
        self.seen: Counter[str] = Counter()
        self.ways: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._way = ""
        page.open(f"{url}?lang=en")
        page.ask(HANDS.read_text(encoding="utf-8"))
        assert page.until(lambda: page.ask("document.body.dataset.mode")), "the page has heard nothing"

    def play(self, crowd: Crowd, count: int) -> float:
        """So many visits; seconds for each."""
        begun = time.perf_counter()
        for visit in crowd.visits(count):
            self._play(visit)
        return (time.perf_counter() - begun) / count

    def _play(self, visit: Visit) -> None:
        self._gate.arrange(visit)
        challenge = self._challenge() if visit.settings.mode == "challenge" else None
        for step in visit.steps:
            if isinstance(step, Wait):
                self._gate.wait(step)
                continue
            told = self._number(step) if isinstance(step, Number) else self._show(step, challenge)
            if step.told is None:
                continue
            self.seen[step.told.code] += 1
            self.seen[f"accepted {visit.assurance}"] += step.told.code == "accepted"
            if told != _expected(step.told):
                self.wrong.append(
                    f"{visit.how}, by {self._way}: expected {step.told}, got {told}; {visit.settings}"
                )
                return

    def _challenge(self) -> Challenge:
        """What a phone's camera reads from the screen, once the page has drawn the gate's newest."""
        challenge = self._gate.station.state()["challenge"]["text"]
        assert self._page.until(lambda: self._drawn() == [challenge], every=0.005), (
            "another challenge is shown"
        )
        return Challenge.from_text(challenge)

    def _drawn(self) -> list[str]:
        picture = self._page.ask("crowd.challenge()")
        return read_image(base64.b64decode(picture)) if picture else []

    def _number(self, step: Number) -> Any:
        way = self._rng.choice(["press", "press", "type", "scan"])
        self._way = f"number: {way}"
        self.ways[self._way] += 1
        strokes = [*positions(step.digits, US), ENTER]
        act = f"press({_js(step.digits)})" if way == "press" else f"{way}({_js(strokes)})"
        if step.told is None:
            assert self._page.ask(f"(crowd.{act}, crowd.waiting())"), f"a number was not taken: {self._way}"
            return None
        return self._page.ask(f"(crowd.expect(), crowd.{act}, crowd.next)")

    def _show(self, step: Show, challenge: Challenge | None) -> Any:
        text = step.text(challenge)
        ways = _ways(text)
        way = self._rng.choices(list(ways), list(ways.values()))[0]
        self.ways[way] += 1
        self._way = way
        if way == "keys":
            return self._scanned(text)
        if way == "keys by DevTools":
            return self._typed(text, step.told)
        if way == "choose a picture":
            self._page.ask("void crowd.expect()")
            chosen: Any = {"name": "code.png", "mimeType": "image/png", "buffer": png(text, scale=4)}
            self._page.page.set_input_files("#file", chosen)
            return self._page.ask("crowd.next")
        data = png(text, scale=4) if way == "drop a picture" else text.encode()
        dropped = _js(base64.b64encode(data).decode())
        return self._page.ask(f"(crowd.expect(), crowd.drop({dropped}), crowd.next)")

    def _scanned(self, text: str) -> Any:
        return self._page.ask(
            f"(crowd.expect(), crowd.scan({_js([*positions(text, US), ENTER])}), crowd.next)"
        )

    def _typed(self, text: str, expected: Told) -> Any:
        """Typed by DevTools. Where a busy machine pauses amid a scan, half of it is named as damaged."""
        self._page.ask("void crowd.expect()")
        with typist(self._page.devtools) as hands:
            hands.type(scan(positions(text, US), self._rng, pace=0.01, end="Enter"))
        told = self._page.ask("crowd.next")
        if told == _expected(expected) or (told and told["code"] not in TORN):
            return told
        self.ways["torn, and shown again"] += 1
        self._page.page.wait_for_timeout(500)
        self._gate.station.reception.dismiss()
        return self._scanned(text)


def _ways(text: str) -> dict[str, float]:
    """How a text may come in, and how often."""
    ways = {"drop a picture": 3.0, "choose a picture": 1.0}
    if KEYS.issuperset(text) and len(text) >= SHORTEST:
        ways |= {"keys": 8.0, "keys by DevTools": 0.3}
    if text.startswith("MQ") and text.isascii() and text == text.strip():
        ways["drop a text"] = 1.0
    return ways


def _expected(told: Told) -> dict[str, Any]:
    """What the page must show; a number that is asked for is not on it, but on the plastic."""
    person = None if told.person is None else list(told.person)
    if person and told.code == "card_number_needed":
        person[0] = ""
    return {
        "verdict": told.verdict,
        "look": told.look,
        "code": told.code,
        "person": person,
        "visible": True,
    }


def _js(value: Any) -> str:
    return json.dumps(value)
