"""Scanners that type into the gate's page, over every layout that a computer may have: right, or named.

Five scans a layout here; MONTREY_SCANS=1000 is the campaign. The figures are
printed (pytest -s): a test that fails because a machine was busy helps nobody.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from statistics import quantiles
from typing import Any

import pytest
from gate_browser import GatePage, gate_browser
from gate_program import gate_program
from gate_town import Town
from layouts import LAYOUTS, Layout, country, positions
from typist import Event, Typist, hand, scan, together, typist

pytestmark = [pytest.mark.browser, pytest.mark.long]

SCANS = int(os.environ.get("MONTREY_SCANS", "5"))
SEED = int(os.environ.get("MONTREY_SEED", "1"))
PEOPLE = 12
SUSPENDED = 0
AHEAD = timedelta(seconds=59)
"""A gate asks again for what was signed before its start and a minute; a phone may be that far ahead."""
NAMED = {"malformed", "not_montrey", "unsupported_version"}
"""What a gate says of a scan that it could not read."""


@dataclass(frozen=True)
class Shown:
    """A text for the scanner, and what has to stand on the page for it: verdict, code, look, number."""

    text: str
    expected: tuple[str, str, str, str]


@dataclass(frozen=True)
class Attempt:
    """What is typed at once: one or two scans and a hand beside them; `clear`: nothing spoils the keys."""

    shown: list[Shown]
    events: list[Event]
    clear: bool
    about: str


@dataclass
class Guard:
    """A gate that is open, with people who come to it."""

    town: Town
    page: GatePage
    typist: Typist
    turn: Iterator[int] = field(default_factory=count)
    live: set[str] = field(default_factory=set)

    def next(self, rng: random.Random) -> Shown:
        """Somebody with a code: mostly one that passes, else one that is stopped, or plastic alone."""
        person = 1 + next(self.turn) % (PEOPLE - 1)
        draw = rng.random()
        if draw < 0.1:
            return Shown(
                self.town.seal(person)[0], ("cannot_tell", "card_number_needed", "unsure", "")
            )  # the number is what the guard has to type
        stopped = self.town.live(SUSPENDED, self.town.now + AHEAD)
        if draw < 0.2 and stopped not in self.live:
            self.live.add(stopped)
            return Shown(stopped, ("refused", "suspended", "no", self.town.number(SUSPENDED)))
        text = self.town.live(person, self.town.now + AHEAD)
        return Shown(text, ("accepted", "accepted", "yes", self.town.number(person)))

    def attempt(self, layout: Layout, rng: random.Random) -> Attempt:
        """One or two scans as this computer gets them, with or without a hand beside."""
        own, caps, shifted = layout.has_base45 and rng.random() < 0.4, rng.random() < 0.2, rng.random() < 0.8
        end, beside = rng.choice([None, None, "Enter", "Enter", "Tab"]), rng.random()
        shown, events, at = [], [], 0.0
        if 0.3 < beside < 0.7:  # a hand before the scan, and not at the same moment
            events += hand(layout, rng, start=0, keys=rng.randint(1, 3), caps=caps)
            at = max(event.at for event in events) + rng.uniform(1, 200)
        begun = at
        for _ in range(2 if rng.random() < 0.2 else 1):
            shown.append(self.next(rng))
            strokes = (country if own else positions)(shown[-1].text, layout, caps=caps, shifted=shifted)
            events += scan(strokes, rng, start=at, end=end)
            at = events[-1].at + 1
        if beside > 0.85:
            start = rng.uniform(begun, at)
            events += hand(layout, rng, start=start, keys=rng.randint(1, 3), caps=caps)
        elif beside > 0.5:
            events += hand(layout, rng, start=at + rng.uniform(70, 300), keys=rng.randint(1, 3), caps=caps)
        clear = beside <= 0.85 and not (own and caps and layout.lock_all)
        about = f"own={own} caps={caps} shifted={shifted} end={end} beside={beside:.2f}"
        return Attempt(shown, together(layout, events, caps=caps), clear, about)


@dataclass
class Figures:
    """What came of a layout's scans."""

    tally: Counter[str] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        """One line for the note."""
        told = " ".join(f"{self.tally[name]} {name}," for name in ("right", "named", "wrong"))
        cut = quantiles(self.times, n=20) if len(self.times) > 1 else [0.0] * 19
        return f"{told} {self.tally['retyped']} retyped; key to verdict {cut[9]:.0f} ms, p95 {cut[18]:.0f}"


@pytest.fixture(scope="module")
def guard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guard]:
    """A gate in plain mode, open for all layouts."""
    place = tmp_path_factory.mktemp("scanner")
    town = Town(place, people=PEOPLE)
    town.suspend(SUSPENDED)
    with gate_program(town.home(place / "gate")) as address, gate_browser() as page:
        page.open(f"{address}?lang=en")
        page.page.wait_for_timeout(2000)  # what is signed so far AHEAD is then after the start and a minute
        with typist(page.devtools) as types:
            yield Guard(town, page, types)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_scans_are_right_or_named(layout: Layout, guard: Guard) -> None:
    """Every scan leads to the verdict that it must; one that a hand was in is right, or named."""
    figures, wrong = Figures(), []
    rng = random.Random(f"{SEED} {layout.name}")
    while figures.tally["right"] + figures.tally["named"] + figures.tally["wrong"] < SCANS:
        attempt = guard.attempt(layout, rng)
        guard.page.forget()
        if guard.typist.type(attempt.events).slow:
            figures.tally["retyped"] += len(attempt.shown)
            guard.page.page.wait_for_timeout(400)
            continue
        told = _told(guard.page, len(attempt.shown))
        # One that a hand was in may be called damaged before it is whole, or in two pieces.
        damaged = {verdict["code"] for verdict in told[: -len(attempt.shown)]}
        told = told[-len(attempt.shown) :]
        judged = [_judged(told, at, shown) for at, shown in enumerate(attempt.shown)]
        if not damaged <= NAMED or (attempt.clear and (damaged or "named" in judged)):
            judged = ["wrong"] * len(judged)
        figures.tally.update(judged)
        if "wrong" in judged:
            wrong.append((attempt.about, [shown.expected for shown in attempt.shown], told))
        elif judged[-1] == "right":
            figures.times.append(_key_to_verdict(guard.page, attempt.events, told[-1]))
    print(f"\n{layout.name}: {figures}")
    assert not wrong, wrong[:5]


def _told(page: GatePage, wanted: int) -> list[dict[str, Any]]:
    """The verdicts that came, all that were `wanted` and what comes a moment later."""
    page.until(lambda: len(page.verdicts()) >= wanted, seconds=3)
    page.page.wait_for_timeout(250)
    return page.verdicts()


def _judged(told: list[dict[str, Any]], at: int, shown: Shown) -> str:
    """What became of one scan: `right`, `named` as one that could not be read, or `wrong`."""
    if at >= len(told):
        return "named" if told and told[-1]["code"] in NAMED else "wrong"
    verdict = told[at]
    if tuple(verdict[name] for name in ("verdict", "code", "look", "number")) == shown.expected:
        return "right"
    return "named" if verdict["code"] in NAMED else "wrong"


def _key_to_verdict(page: GatePage, events: list[Event], told: dict[str, Any]) -> float:
    """Milliseconds from the scanner's last key to the frame that showed its verdict."""
    downs = [event.hand for event in events if event.down and event.code != "ShiftLeft"]
    last = max(at for at, by_hand in enumerate(downs) if not by_hand)
    return float(told["shownAt"]) - page.keys()[last]
