"""People who come to a gate with the campaign's presentations, and what must stand on its screen for each.

Bank presentations are not a gate's. Of the rest some are left out, and
counted, because no gate can be set up for them (gate_arranging.py).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from campaign import CLASHES, FAULTS
from world import DOUBTS, ORDER, Case, Fault, World

from credential.card_number import check_digit
from credential.challenge import Challenge
from verifier.gate.settings import Settings

CODES = ("accepted", *ORDER, "replayed", *DOUBTS, "show_again")
"""The whole code table. A gate adds two to what the verify functions say: it knows what was shown before."""
ASSURANCES = ("printed", "live", "live-challenge")
Person = tuple[str, str, str]


class LeftOutError(Exception):
    """A gate cannot be set up for this case."""


@dataclass(frozen=True)
class Told:
    """What has to stand on the screen; `person` is card number, Khmer and Latin name, or None: none may."""

    code: str
    look: str
    person: Person | None

    @property
    def verdict(self) -> str:
        """The word that belongs to the look."""
        return {"no": "refused", "unsure": "cannot_tell"}.get(self.look, "accepted")


@dataclass(frozen=True)
class Wait:
    """Time goes by: on the machine's clock, and on the one that nobody sets."""

    wall: float
    steady: float


@dataclass(frozen=True)
class Number:
    """Somebody enters the number on the plastic; `told` is None where it waits for its code."""

    digits: str
    told: Told | None


@dataclass(frozen=True)
class Show:
    """A code is shown; where a challenge stands on the screen it may depend on that."""

    text: Callable[[Challenge | None], str]
    told: Told


Step = Wait | Number | Show


@dataclass
class Visit:
    """A gate as it is set up, and what happens at it.

    `since` is how long before the visit the gate was started; None: long ago,
    and it is the gate of the other visits. `text` is what was shown last.
    """

    case: Case
    settings: Settings
    how: str
    assurance: str
    steps: list[Step] = field(default_factory=list)
    since: timedelta | None = None
    text: str = ""


class GateWorld(World):
    """A ministry whose card numbers have their check digit, so that they can be typed."""

    def person(self, rng: random.Random) -> dict[str, Any]:
        """Somebody with such a number."""
        return super().person(rng) | {"card": valid_number(rng)}


class Crowd:
    """Draws visits from a seed; `left_out` counts the cases that no gate can be set up for, by the reason.

    Visits must happen in their order, each before the next is drawn.
    """

    def __init__(self, seed: int) -> None:
        self.world = GateWorld(seed)
        self.left_out: Counter[str] = Counter()
        self._rng = random.Random(seed + 1)
        self._before: list[Visit] = []

    def visits(self, count: int) -> Iterator[Visit]:
        """`count` visits: each fault alone, then in turn, some with none or three; some who come again."""
        singles = [(kind, fault) for kind in ("live", "seal") for fault in FAULTS[kind]]
        turn = made = 0
        while made < count:
            if self._before and self._rng.random() < 0.04:
                visit = self._once_more()
            else:
                kind, fault = singles[turn % len(singles)]
                turn += 1
                try:
                    visit = self._visit(kind, fault, alone=turn <= len(singles))
                except LeftOutError as reason:
                    self.left_out[str(reason)] += 1
                    continue
            made += 1
            yield visit

    def _visit(self, kind: str, fault: Fault, *, alone: bool) -> Visit:
        from gate_arranging import Arranging  # which needs this module

        rng, draw = self._rng, self._rng.random()
        chosen = [fault]
        if not alone and (draw < 0.2 or draw > 0.75):
            chosen = [] if draw < 0.2 else _together(fault, FAULTS[kind], rng)
        case = self.world.live(rng) if kind == "live" else self.world.seal(rng)
        for each in chosen:
            each.make(case, rng, self.world)
        visit = Arranging(case, chosen, rng, self.world).visit()
        shows = [step.told.code for step in visit.steps if isinstance(step, Show)]
        if kind == "live" and shows == ["accepted"] and visit.since is None:
            self._before = [*self._before[-50:], visit]
        return visit

    def _once_more(self) -> Visit:
        """Who was let in comes again with the same code: the gate remembers, or its challenge is over."""
        before = self._rng.choice(self._before)
        code = "challenge_mismatch" if before.settings.mode == "challenge" else "replayed"
        visit = Visit(before.case, before.settings, f"{before.how}, once more", before.assurance)
        if before.settings.number_always:
            visit.steps.append(Number(before.case.spec.card, None))
        visit.steps.append(Show(lambda _: before.text, Told(code, "no", person(before.case))))
        return visit


def person(case: Case) -> Person:
    """Whom a case is about, as the screen names them."""
    spec = case.spec
    return spec.card, spec.name_km, spec.name_la


def valid_number(rng: random.Random) -> str:
    """A card number with its check digit."""
    digits = f"{rng.randrange(10**9):09d}"
    return digits + check_digit(digits)


def _together(first: Fault, others: list[Fault], rng: random.Random) -> list[Fault]:
    """One fault and up to two that can be made besides; as `campaign.draw` does it."""
    chosen = [first]
    rest = [] if first.touches == "alone" else [fault for fault in others if fault.touches != "alone"]
    for fault in rng.sample(rest, min(4, len(rest))):
        touched = {each.touches for each in chosen}
        if fault.touches not in touched and not touched & CLASHES.get(fault.touches, set()):
            chosen.append(fault)
    return chosen[:3]
