"""Presentations in which one value is of another type than it must be, signed as if nothing were wrong."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import cbor2
import forge
import pytest
from campaign import judge
from world import World

JSON = [None, True, False, 0, -1, 7, 1.5, 2**53, 2**63, "", "x", "gate-1", [], [None], ["x"], {}, {"x": 1}]
CBOR = [*(value for value in JSON if value != 1.5), b"", b"x" * 8, b"x" * 32, cbor2.CBORTag(18, []), {1: 2}]


def outcomes(count: int, seed: int) -> Iterator[str]:
    """What became of so many of them, with how each was made; whatever but a verdict left is named."""
    world, rng = World(seed), random.Random(seed + 1)
    swap = _Swap(rng)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forge, "dumps", swap.cbor)
        patch.setattr(forge, "json", SimpleNamespace(dumps=swap.json))
        for number in range(count):
            case = (world.live, world.seal, world.bank)[number % 3](rng)
            if case.kind != "bank":
                case.spec.whole = True  # a packed form has no types
                case.spec.extra_claims = {99: "later"}  # what has a packed form may not come whole
            swap.arm()
            case.text = case.spec.text()
            yield f"{case.kind} {swap.made}: {judge(case)}"


class _Swap:
    """An encoder that puts a foreign value somewhere into one of the next structures."""

    def __init__(self, rng: random.Random) -> None:
        self.rng, self.made, self.left = rng, "", 0

    def arm(self) -> None:
        """The next token gets one."""
        self.made, self.left = "", self.rng.randint(1, 4)

    def cbor(self, value: Any) -> bytes:
        return cbor2.dumps(forge._sorted(self._bent(value, CBOR)))

    def json(self, value: Any) -> str:
        compact = self.rng.random() < 0.7  # as issuers write it; the other is read in another way
        return json.dumps(
            self._bent(value, JSON), separators=(",", ":") if compact else None, ensure_ascii=not compact
        )

    def _bent(self, value: Any, foreign: list[Any]) -> Any:
        self.left -= 1
        return value if self.left else self._replaced(value, foreign, "")

    def _replaced(self, value: Any, foreign: list[Any], path: str) -> Any:
        """A copy of `value` with one of its parts, or the whole, replaced."""
        inside: Any = value.value if isinstance(value, cbor2.CBORTag) else value
        if not isinstance(inside, dict | list) or not inside or self.rng.random() < 0.1:
            chosen = self.rng.choice(foreign)
            self.made = f"{path} = {chosen!r}"
            return chosen
        at = self.rng.choice([*inside] if isinstance(inside, dict) else range(len(inside)))
        part = self._replaced(inside[at], foreign, f"{path}/{at}")
        if isinstance(inside, dict):
            bent: Any = {**inside, at: part}
        else:
            bent = [*inside[:at], part, *inside[at + 1 :]]
        return cbor2.CBORTag(value.tag, bent) if isinstance(value, cbor2.CBORTag) else bent
