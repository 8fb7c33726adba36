"""A gate in this process, with a clock that the test moves, and ears in the place of its pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from verifier.gate.intake import By
from verifier.gate.keyboard import Key
from verifier.gate.pages import Message, Pages
from verifier.gate.settings import Settings
from verifier.gate.station import Station

NOW = datetime(2026, 12, 28, 1, 0, tzinfo=UTC)
"""Eight in the morning in Phnom Penh, the day the cards came."""

_SHIFTED = {"$": "Digit4", "%": "Digit5", "*": "Digit8", "+": "Equal", ":": "Semicolon"}
_PLAIN = {" ": "Space", "-": "Minus", ".": "Period", "/": "Slash", "=": "Equal", ";": "Semicolon"}


@dataclass
class HandClock:
    """The machine's clock and the one that nobody sets; `pass_` moves both, `jump` the first alone."""

    now: datetime = NOW
    seconds: float = 1000.0

    def clock(self) -> datetime:
        """What the machine's clock says."""
        return self.now

    def monotonic(self) -> float:
        """Seconds since the machine's start."""
        return self.seconds

    def pass_(self, seconds: float) -> None:
        """Time goes by."""
        self.now += timedelta(seconds=seconds)
        self.seconds += seconds

    def jump(self, seconds: float) -> None:
        """Somebody sets the clock."""
        self.now += timedelta(seconds=seconds)


class Ears(Pages):
    """Pages that keep everything they are told."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Message] = []

    def __len__(self) -> int:
        return 1

    def tell(self, message: Message) -> None:
        """Keeps a message."""
        self.heard.append(message)


@dataclass
class House:
    """A station over `home`, and what it said."""

    station: Station
    time: HandClock
    ears: Ears = field(default_factory=Ears)

    def verdicts(self) -> list[Message]:
        """Every verdict that was told, repeats included, oldest first."""
        return [message for message in self.ears.heard if message["type"] == "verdict"]

    def show(self, text: str, by: By = By.KEYS) -> Message:
        """Shows a code; returns the verdict that was told for it."""
        before = len(self.verdicts())
        self.station.reception.text(text, by)
        (verdict,) = self.verdicts()[before:]
        return verdict

    def number(self, digits: str) -> Message | None:
        """Types a number; returns the verdict that came of it, if any."""
        before = len(self.verdicts())
        self.station.reception.number(digits)
        told = self.verdicts()[before:]
        return told[0] if told else None

    def type_keys(self, text: str, *, enter: bool = True) -> bool:
        """Types a text as a scanner does; whether it was taken."""
        return self.station.reception.keys(typed(text), ended=enter)

    def state(self) -> dict[str, Any]:
        """How the gate is."""
        return self.station.state()

    def notices(self) -> set[str]:
        """The codes of what the screen says besides verdicts."""
        return {notice["code"] for notice in self.state()["notices"]}

    def set(self, **changes: Any) -> None:
        """Changes settings as a supervisor does."""
        self.station.set(Settings.from_json(self.station.settings.to_json() | changes))


@contextmanager
def house(home: Path, *, time: HandClock | None = None, folders: Sequence[Path] = ()) -> Iterator[House]:
    """A gate over a home made before, in its first second; it looks for no sticks but those in `folders`."""
    time = time or HandClock()
    station = Station(home, clock=time.clock, monotonic=time.monotonic, folders=folders, usual=())
    made = House(station, time)
    station.pages = made.ears
    try:
        yield made
    finally:
        station.close()


def typed(text: str, *, start: float = 0.0, pace: float = 5.0, dwell: float = 2.0) -> list[Key]:
    """The keys of a scanner set to US, on a machine with a US keyboard."""
    return [_key(character, start + pace * i, dwell) for i, character in enumerate(text)]


def _key(character: str, down: float, dwell: float) -> Key:
    shift = character in _SHIFTED or (character.isalpha() and character.isupper())
    if character.isalpha():
        code = f"Key{character.upper()}"
    elif character.isdigit():
        code = f"Digit{character}"
    else:
        code = _SHIFTED.get(character) or _PLAIN.get(character, "Unidentified")
    return Key(code, character, shift, down, down + dwell)
