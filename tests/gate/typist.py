"""A scanner that types, and a hand beside it: key events at their real pace, sent to Chromium by DevTools.

Nothing waits for an answer while it types: a round trip takes longer than a
scanner takes for a key. The times at which the events went out are kept, and a
scan that this machine could not send at its pace is told as such (`Typed.slow`).
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from layouts import Layout, Stroke
from websockets.sync.client import ClientConnection, connect

SLOW = 60
"""Milliseconds between two events of one scan: no scanner pauses that long."""
_SHIFT = 8
_HAND_KEYS = (*(f"Key{letter}" for letter in "ASDFJKLEIONT"), "Digit1", "Digit7", "Space", "Comma")
_VIRTUAL = {"ShiftLeft": 16, "Enter": 13, "Tab": 9, "Space": 32}


class Event(NamedTuple):
    """A key that goes down or up `at` milliseconds after the beginning; `hand`: not the scanner's."""

    at: float
    down: bool
    code: str
    key: str
    shift: bool
    hand: bool = False


@dataclass(frozen=True)
class Typed:
    """What became of typing: how long it took, and the largest gap between events of the scanner (ms)."""

    milliseconds: float
    gap: float

    @property
    def slow(self) -> bool:
        """Whether this machine was too slow to be a scanner."""
        return self.gap > SLOW


def scan(
    strokes: Sequence[Stroke],
    rng: random.Random,
    *,
    start: float = 0,
    pace: float | None = None,
    end: str | None = None,
) -> list[Event]:
    """What a scanner sends: a key each 2 to 10 ms, held 1 to 3, Shift around each or around a run.

    `end` is `Enter`, `Tab` or None.
    """
    pace, runs = pace or rng.triangular(2, 10, 3), rng.random() < 0.5
    events, at, held = [], start, False
    last = [Stroke(end, end, False)] if end else []
    for stroke in (*strokes, *last):
        if stroke.shift != held:
            events.append(Event(at, stroke.shift, "ShiftLeft", "Shift", stroke.shift))
            held = stroke.shift
        up = at + min(rng.uniform(1, 3), 0.8 * pace)
        events += [Event(at, True, *stroke), Event(up, False, *stroke)]
        if held and not runs:
            events.append(Event(up, False, "ShiftLeft", "Shift", False))
            held = False
        at = max(up + 0.2, at + rng.uniform(0.8, 1.2) * pace)
    if held:
        events.append(Event(at, False, "ShiftLeft", "Shift", False))
    return events


def hand(layout: Layout, rng: random.Random, *, start: float, keys: int, caps: bool = False) -> list[Event]:
    """What a hand types beside it from `start` on: each key held 60 to 120 ms, 80 to 250 ms apart."""
    events, at = [], start
    for _ in range(keys):
        stroke = layout.stroke(rng.choice(_HAND_KEYS), caps=caps)
        events += [
            Event(at, True, *stroke, hand=True),
            Event(at + rng.uniform(60, 120), False, *stroke, hand=True),
        ]
        at += rng.uniform(80, 250)
    return events


def together(layout: Layout, *events: Iterable[Event], caps: bool = False) -> list[Event]:
    """Several at one computer, in order: one Shift is everybody's."""
    merged, shift = [], False
    for event in sorted((event for each in events for event in each), key=lambda event: event.at):
        if event.code == "ShiftLeft":
            shift = event.down
        elif event.hand:
            key = layout.key(event.code, shift=shift, caps=caps)
            event = event._replace(key=key, shift=shift)  # noqa: PLW2901
        merged.append(event)
    return merged


class Typist:
    """Types into one page of Chromium by its DevTools; made by `typist`."""

    def __init__(self, line: ClientConnection) -> None:
        self._line = line
        self._sent = 0

    def type(self, events: Sequence[Event]) -> Typed:
        """Sends the events at their times, then waits until Chromium has taken them all."""
        messages = [(event, _message(event)) for event in events]
        begun, gap = time.perf_counter(), 0.0
        last: float | None = None
        before: Event | None = None
        for event, message in messages:
            if event.down and before and before.down and before.code == event.code:
                message["autoRepeat"] = True  # Chromium takes the key of another keyboard for the same one
            before = event
            while (left := begun + event.at / 1000 - time.perf_counter()) > 0:
                time.sleep(left if left < 0.002 else left - 0.001)
            self._send(message | {"timestamp": time.time()})
            if not event.hand:
                now = time.perf_counter()
                gap, last = max(gap, now - (last or now)), now
        took = time.perf_counter() - begun
        while json.loads(self._line.recv(timeout=20)).get("id") != self._sent:
            pass
        return Typed(1000 * took, 1000 * gap)

    def _send(self, params: dict[str, object]) -> None:
        self._sent += 1
        message = {"id": self._sent, "method": "Input.dispatchKeyEvent", "params": params}
        self._line.send(json.dumps(message))


@contextmanager
def typist(devtools: str) -> Iterator[Typist]:
    """Somebody who types into the page whose DevTools are at this address."""
    with connect(devtools, compression=None, max_size=None, open_timeout=20, proxy=None) as line:
        yield Typist(line)


def _message(event: Event) -> dict[str, object]:
    """An event as DevTools take it; a key that prints brings its text, so that buttons and fields get it."""
    text = "\r" if event.key == "Enter" else event.key if len(event.key) == 1 else ""
    params: dict[str, object] = {
        "type": ("keyDown" if text else "rawKeyDown") if event.down else "keyUp",
        "code": event.code,
        "key": event.key,
        "modifiers": _SHIFT if event.shift else 0,
        "windowsVirtualKeyCode": 229 if event.key == "Process" else _virtual(event.code),
    }
    if event.down and text:
        params["text"] = text
    return params


def _virtual(code: str) -> int:
    if code.startswith(("Key", "Digit")):
        return ord(code[-1])
    return _VIRTUAL.get(code, 0)
