"""Phones, cards and supervisors at a gate that may be killed at any moment, and a book of what they did.

The book is written before the gate is asked, and from what it answers: what
may never pass again, which verdicts were told, which settings were sent.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event
from typing import Any

import httpx
from gate_client import PIN, Client, Page, problem
from gate_house import typed
from gate_town import Town

from verifier.gate.log import Entry
from verifier.gate.pin import TRIES
from verifier.gate.settings import Settings

AHEAD = 60
"""Seconds by which a phone's clock may be ahead: just enough to pass right after a start."""
WRONG = "918273"
MOST_GUESSES = 4
"""Wrong PINs after which the next one would begin a pause, and no supervisor could come any more."""
AGAIN = 40
"""Codes of earlier lives of the gate that are shown once more to each later one, beside all of the last."""


@dataclass
class Book:
    """What was shown over all lives of a gate: each code by what may pass once, its challenge or itself."""

    shown: dict[str, str] = field(default_factory=dict)
    passed: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    verdicts: list[tuple[str, str | None]] = field(default_factory=list)
    """Code and assurance of each verdict of this life that was told and is no repetition."""
    before: int = 0
    """How many codes were shown before this life."""
    challenge: str = ""
    """The one that stood on the screen last."""


class Phones:
    """Everybody who comes with a code. `town` has them, `rng` says who comes when."""

    def __init__(self, town: Town, rng: random.Random) -> None:
        self.book = Book()
        self._town, self._rng = town, rng

    def come(self, page: Page, *, until: str = "") -> None:
        """People come until the gate is gone, or until it tells somebody `until`.

        Raises:
            websockets.exceptions.ConnectionClosed: when it is gone.
        """
        before = self.book.told[until]
        try:
            while not until or self.book.told[until] == before:
                self._one(page)
        finally:
            self.book.challenge = self._challenge(page)

    def come_again(self, page: Page) -> int:
        """A new life: everything of the last one is shown again, some of what came before, and a late answer.

        The late one is the first answer to the challenge that stood there when the gate was killed. Returns
        how many it were.
        """
        book = self.book
        book.verdicts.clear()
        codes, last = list(book.shown.items()), book.before
        again = [*self._rng.sample(codes[:last], min(AGAIN, last)), *codes[last:]]
        book.before = len(codes)
        self._rng.shuffle(again)
        if book.challenge:
            again.append((self._answer(book.challenge), book.challenge))
        for text, key in again:
            assert not self._show(page, text, key), "a code of an earlier life was accepted"
        return len(again)

    def _one(self, page: Page) -> None:
        rng, book, draw = self._rng, self.book, self._rng.random()
        challenge = self._challenge(page)
        if draw < 0.15:
            self._card(page)
        elif draw < 0.2:  # a number that is taken back
            page.say({"dismiss": True})
            page.say({"number": self._town.number(rng.randrange(self._town.people))})
            page.hear("number")
            page.say({"dismiss": True})
        elif draw < 0.35 and book.shown:
            text, key = rng.choice(list(book.shown.items())[-30:])
            self._show(page, text, key)
        elif challenge and draw < 0.9:
            if self._show(page, self._answer(challenge), challenge):
                page.hear("state")  # which has another challenge
        else:
            moment = self._town.now + timedelta(seconds=AHEAD - rng.randrange(4))
            text = self._town.live(rng.randrange(self._town.people), moment)
            self._show(page, text, text)

    def _challenge(self, page: Page) -> str:
        """The one that stands on the screen; empty in plain mode."""
        state = next(message for message in reversed(page.heard) if message["type"] == "state")
        return state["challenge"]["text"] if state["challenge"] else ""

    def _answer(self, challenge: str) -> str:
        return self._town.live(self._rng.randrange(self._town.people), challenge=challenge)

    def _show(self, page: Page, text: str, key: str) -> bool:
        """A live code; it may pass if nothing has passed by the same challenge, or by the same code."""
        book = self.book
        book.shown.setdefault(text, key)
        page.say({"keys": _burst(text), "enter": True, "final": False})
        told = self._told(page)
        passes = told["verdict"] == "accepted" and not told["repeat"]
        if passes:
            assert book.passed[key] == 0, f"accepted twice ({told['assurance']})"
            book.passed[key] += 1
        return bool(passes)

    def _card(self, page: Page) -> None:
        """Plastic, whose number is typed when it is asked for."""
        text, number = self._town.seal(self._rng.randrange(self._town.people))
        page.say({"keys": _burst(text), "enter": True, "final": False})
        if self._told(page)["asks_number"]:
            page.say({"number": number})
            if self._told(page)["type"] == "number":  # a supervisor was quicker: nobody is asked any more
                page.say({"dismiss": True})

    def _told(self, page: Page) -> dict[str, Any]:
        """The next verdict, or what became of a number that belongs to no code."""
        told = _hear(page, "verdict", "number")
        if told["type"] == "verdict" and not told["repeat"]:
            self.book.verdicts.append((told["code"], told["assurance"]))
            self.book.told[f"{told['code']} {told['assurance'] or ''}".strip()] += 1
        return told

    def check_log(self, entries: list[Entry]) -> tuple[int, int]:
        """The verdicts of this life in the log are those that were told, in order; the last may be missing.

        One more may have been written than was told. Returns how many were told, and how many are missing.
        """
        told = self.book.verdicts
        kept = [(entry.code, entry.assurance) for entry in entries if entry.what == "verdict"]
        assert len(kept) <= len(told) + 1
        assert kept[: len(told)] == told[: len(kept)]
        return len(told), max(0, len(told) - len(kept))


class Supervisors:
    """Somebody with the PIN who changes settings, or without it who guesses; what must be in the files."""

    def __init__(self, rng: random.Random, kept: Settings) -> None:
        self._rng = rng
        self.kept = [kept]
        """The settings that were acknowledged last, and those that were sent since."""
        self.guesses = (0, 0)
        """How many wrong PINs the file holds at least, and at most."""
        self.changes = self.wrong = 0

    def change(self, address: str, gone: Event) -> None:
        """Enters once, then changes settings until the gate is gone."""
        try:
            with Client(address) as client:
                self.guesses = (0, self.guesses[1] + 1)  # counted before it is compared
                if (answer := client.enter(PIN)).status_code != 200:
                    # A kill between counting a PIN and comparing it leaves one wrong PIN more.
                    assert problem(answer) == "pin_locked"
                    assert self.guesses[1] > TRIES
                    return
                self.guesses = (0, 0)
                while not gone.wait(self._rng.uniform(0, 0.6)):
                    wanted = self._settings()
                    self.kept.append(wanted)
                    if client.put("/supervisor/settings", json=wanted.to_json()).status_code == 200:
                        self.kept = [wanted]
                        self.changes += 1
        except httpx.TransportError:
            return

    def guess(self, address: str, gone: Event) -> None:
        """Gives wrong PINs, as long as they begin no pause."""
        try:
            with Client(address) as client:
                while self.guesses[1] < MOST_GUESSES and not gone.wait(self._rng.uniform(0, 0.3)):
                    least, most = self.guesses
                    self.guesses = (least, most + 1)
                    assert problem(client.enter(WRONG)) == "pin_wrong"
                    self.guesses = (least + 1, most + 1)
                    self.wrong += 1
        except httpx.TransportError:
            return

    def check_files(self, settings: Settings, wrong: int) -> None:
        """What is in the files after a kill: settings that were set, no fewer wrong PINs than were told."""
        assert settings in self.kept, "settings that nobody has set"
        least, most = self.guesses
        assert least <= wrong <= most, f"{wrong} wrong PINs where it must be {least} to {most}"
        self.kept, self.guesses = [settings], (wrong, wrong)

    def _settings(self) -> Settings:
        rng = self._rng
        return Settings(
            mode="plain" if self.kept[-1].mode == "challenge" else "challenge",
            purpose=rng.choice(["entry", "identity-at-agency"]),
            status_days=rng.randrange(3, 36),
            log_days=rng.randrange(2, 32),
            camera=rng.random() < 0.5,
        )


def _burst(text: str) -> list[list[object]]:
    return [[key.code, key.key, int(key.shift), key.down, key.up] for key in typed(text)]


def _hear(page: Page, *kinds: str) -> dict[str, Any]:
    """The next message of one of these kinds."""
    while True:
        message: dict[str, Any] = json.loads(page.socket.recv(timeout=20))
        page.heard.append(message)
        if message["type"] in kinds:
            return message
