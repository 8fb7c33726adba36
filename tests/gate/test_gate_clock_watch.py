"""A clock that jumps while the gate runs is named, until it is accepted or undone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.gate.clock_watch import ClockWatch, boot_seconds

START = datetime(2026, 11, 27, 8, tzinfo=UTC)


class Clocks:
    """A wall clock that somebody sets, and one that nobody does."""

    def __init__(self) -> None:
        self.wall, self.passed = START, 5_000.0
        self.watch = ClockWatch(lambda: self.wall, lambda: self.passed)

    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.passed += seconds
        self.wall += timedelta(seconds=seconds)

    def set(self, seconds: float) -> None:
        """Somebody moves the wall clock."""
        self.wall += timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("jump", "seen"),
    [
        (0, "ok"),
        (120, "ok"),
        (-120, "ok"),
        (121, "jumped_ahead"),
        (-121, "jumped_back"),
        (3e9, "jumped_ahead"),
        (-1.7e9, "jumped_back"),
    ],
)
def test_jump(jump: float, seen: str) -> None:
    """More than two minutes are named, for as long as it stands; a week without a jump is not one."""
    clocks = Clocks()
    clocks.wait(7 * 86_400)
    assert clocks.watch.look() == "ok"
    clocks.set(jump)
    assert clocks.watch.look() == seen
    clocks.wait(86_400)
    assert clocks.watch.look() == seen
    clocks.set(-jump)
    assert clocks.watch.look() == "ok"


def test_accepted() -> None:
    """A supervisor says that the clock is right: from then on it is measured anew."""
    clocks = Clocks()
    clocks.set(86_400)
    clocks.watch.accept()
    assert clocks.watch.look() == "ok"
    clocks.set(-86_400)
    assert clocks.watch.look() == "jumped_back"


def test_small_steps() -> None:
    """A clock pushed ahead minute by minute is named too."""
    clocks = Clocks()
    for _ in range(3):
        clocks.set(60)
    assert clocks.watch.look() == "jumped_ahead"


@given(st.lists(st.tuples(st.booleans(), st.integers(-(10**6), 10**6)), max_size=20))
def test_believed(acts: list[tuple[bool, int]]) -> None:
    """What is believed is never later than the clock, nor, but for two minutes, than the time that passed."""
    clocks = Clocks()
    true = START
    for waits, seconds in acts:
        if waits:
            clocks.wait(abs(seconds))
            true += timedelta(seconds=abs(seconds))
        else:
            clocks.set(seconds)
        believed = clocks.watch.believed()
        assert believed <= clocks.wall
        assert believed <= true + timedelta(seconds=120)
        if clocks.watch.look() == "ok":
            assert believed == clocks.wall


def test_boot_seconds() -> None:
    """The clock that nobody sets goes forward."""
    first = boot_seconds()
    assert 0 < first <= boot_seconds()
