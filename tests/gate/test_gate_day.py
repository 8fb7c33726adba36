"""A day in the life of a gate, accelerated: every verdict is the one that the model gave before it was shown.

MONTREY_PEOPLE=2000 for the campaign, MONTREY_SEED for another day.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from gate_day import Day, day
from gate_folk import BEYOND
from gate_habits import People
from gate_house import NOW
from gate_showing import Line

from verifier.gate import scanner

PEOPLE = int(os.environ.get("MONTREY_PEOPLE", "150"))
SEED = int(os.environ.get("MONTREY_SEED", "20261228"))


@pytest.fixture(autouse=True)
def _soon_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanner, "AGAIN", 0.05)


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Day]:
    """The gate in the minute after its start."""
    with day(tmp_path, people=PEOPLE, seed=SEED) as made:
        yield made


def test_a_day(gate: Day, tmp_path: Path) -> None:
    """Thirty hours with all that happens in them; the log tells of each showing, once, and of nobody."""
    people = People(gate)
    _morning(gate, people, tmp_path)
    _noon(gate, people, tmp_path)
    _afternoon(gate, people)
    _evening(gate, people)
    _night(gate, people)
    assert people.have_come == gate.folk.count
    codes = Counter(code for _, code, *_ in gate.model.log)
    print(f"\n{gate.folk.count} people, {gate.shown} showings: {dict(codes.most_common())}")
    assert len(codes) >= 20, sorted(codes)
    assert gate.log() == sorted(gate.model.log, key=hour)
    everything = b"".join(path.read_bytes() for path in (gate.home / "gate" / "log").iterdir())
    assert not [who for who in range(gate.folk.count) if gate.folk.number(who).encode() in everything]


def _morning(gate: Day, people: People, folder: Path) -> None:
    """Yesterday's data, a first minute, the morning's stick, and the rush."""
    gate.beat()
    for who in range(3):
        gate.show(gate.folk.live(who, gate.now))  # show it again
        gate.pass_(7)
        gate.show(gate.folk.live(who, gate.now + timedelta(seconds=55)))  # new enough
        gate.dismiss()
    gate.until(0.05)
    gate.town.suspend(4)
    people.comes_by(4)  # nobody here knows yet
    gate.stopped[4] = "suspended"
    gate.pass_(20)
    gate.new_stick()
    gate.pass_(30)
    people.comes_by(4)
    shutil.copytree(gate.stick, folder / "older")
    for hours in (0.2, 0.5, 0.9, 1.3):
        gate.until(hours)
        people.rush(0.12)


def _noon(gate: Day, people: People, folder: Path) -> None:
    """Suspensions by delta, a revocation by stick, and last morning's stick once more."""
    for who, way in ((5, "file"), (6, "keys"), (7, "serial"), (8, "camera")):
        people.comes_by(who)
        gate.pass_(20)
        gate.town.suspend(who)
        gate.stopped[who] = "suspended"
        gate.delta(way)
        gate.pass_(31)
        people.comes_by(who)
        people.rush(0.02)
    gate.until(4)
    for who in (9, 10):
        gate.town.revoke(who)
        gate.stopped[who] = "revoked"
    gate.new_stick(button=False)
    gate.pass_(10)
    for who in (9, 10, 5):
        people.comes_by(who)
    gate.update(lambda: gate.station._updates.from_stick(folder / "older"), ok=False)
    gate.model.clock.seen(gate.moment())
    gate.pass_(10)
    for who in (9, 10, 5, 4, 11):
        people.comes_by(who)
    gate.town.reinstate(5)
    del gate.stopped[5]
    gate.delta("file")
    gate.pass_(31)
    people.comes_by(5)
    people.rush(0.06)


def _afternoon(gate: Day, people: People) -> None:
    """Other settings for a while, and a scanner that somebody pulls out."""
    gate.until(5)
    gate.set(mode="challenge")
    for who in range(12, 24):
        people.does(who, "strange_answer")
    people.rush(0.12)
    gate.set(least="live-challenge", printed=False)
    people.rush(0.03)
    gate.set(mode="plain", least="live", printed=True)
    gate.pass_(10)
    people.rush(0.03)
    gate.set(least="printed", printed=False)
    people.rush(0.03)
    gate.set(printed=True, number_always=True)
    people.rush(0.03)
    gate.set(number_always=False)
    gate.unplug()
    assert not gate.cable.scan(gate.folk.live(12, gate.now).text)
    people.ways = ("keys", "camera", "file")
    people.rush(0.03)
    gate.plug()
    people.ways = ("serial",)
    people.rush(0.04)
    people.ways = ()
    gate.let_in("a visitor of the minister")
    gate.pass_(30)


def _evening(gate: Day, people: People) -> None:
    """Clocks that are set, and restarts."""
    gate.until(9)
    people.rush(0.03)
    for seconds in (-3600, 3 * 3600, -300, 90, -90, 400 * 86400, -10 * 86400):
        gate.jump(seconds)
        people.rush(0.015)
        if seconds == 3 * 3600:
            gate.new_stick()
            gate.pass_(10)
            people.rush(0.015)
        gate.jump(-seconds)
        gate.pass_(20)
        people.rush(0.015)
    gate.pass_(200)
    gate.restart()
    people.rush(0.03)
    gate.jump(-3600)
    gate.restart()  # with a clock that is behind, and comes right by itself
    gate.pass_(20)
    people.rush(0.02)
    gate.jump(3600)
    gate.pass_(130)
    people.rush(0.03)
    gate.set(mode="challenge")
    before = gate.challenge()
    gate.restart()
    gate.pass_(5)
    gate.show(gate.folk.live(13, gate.now, before))
    gate.set(mode="plain")
    gate.jump(-250)  # and the supervisor says what is right
    people.rush(0.015)
    gate.station.lower_floor()
    gate.model.clock.local_floor = gate.model.data.signed_floor
    gate.model.clock.base, gate.model.clock.state = gate.moment(), "ok"
    gate.model.news()
    gate.beat()
    people.rush(0.015)
    gate.jump(250)
    gate.station.clock_is_right()
    gate.model.clock.base = gate.moment()
    gate.beat()
    people.rush(0.015)


def _night(gate: Day, people: People) -> None:
    """Midnight of the credentials, which is seven in Phnom Penh: who is new passes from then on."""
    midnight, day_ = gate.folk.midnight, gate.folk._day
    for minutes in (-90, -1.5, 1.5, 90):
        gate.until((midnight - NOW).total_seconds() / 3600 + minutes / 60)
        gate.show(gate.folk.newcomer(gate.now, day_ + 1))
        gate.pass_(8)
        gate.show(gate.folk.newcomer(gate.now, day_ + 2))
        gate.pass_(8)
        gate.show(gate.folk.newcomer(gate.now, day_, index=BEYOND + 5))
        gate.pass_(8)
        people.rush(0.03)
    gate.until(30)


def hour(line: Line) -> str:
    """The file that a line of the log stands in; within one, lines stand as they came."""
    return f"{line[0]:%Y%m%dT%H}"
