"""A gate over weeks: its log is emptied on time and no earlier, whatever the clock does, and its data age."""

from __future__ import annotations

import time as machine
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from gate_day import Day, day
from gate_guard import PATIENCE
from gate_habits import People
from gate_showing import Line

from verifier.gate import log_writer, scanner

HOUR, DAY = 3600, 86_400


@pytest.fixture(autouse=True)
def _in_no_hurry_but_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanner, "AGAIN", 0.05)
    monkeypatch.setattr(log_writer, "PAUSE", 0.02)


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Day]:
    """The gate after its first minutes."""
    with day(tmp_path, people=30, seed=3, own=6) as made:
        made.pass_(300)
        yield made


def test_the_log_is_emptied_on_time(gate: Day) -> None:
    """Nothing goes before its seven days are over, everything within the two hours after, for good."""
    people = People(gate)
    for step in range(1, 40):
        gate.pass_(6 * HOUR - 120 + gate.rng.uniform(-900, 900), step=1200)
        people.rush(0)
        if step in (9, 14):  # somebody sets the clock, and sets it right again
            far = (10 if step == 9 else -8) * DAY
            gate.jump(far)
            people.rush(0)
            _holds(gate, days=7)
            gate.pass_(2 * HOUR, step=1200)
            people.rush(0)
            _holds(gate, days=7)
            gate.jump(-far)
        _holds(gate, days=7)
    assert len(gate.log()) < len(gate.model.log)
    gate.set(log_days=2)
    gate.pass_(10)
    _holds(gate, days=2)
    gate.set(log_days=31)
    people.rush(0)
    gate.pass_(20 * DAY, step=2 * HOUR)
    lasting = gate.log()
    assert lasting, "what was kept for two days, and then for a month"
    gate.set(log_days=7)
    gate.station.close()
    gate.pass_(9 * DAY, step=9 * DAY)
    gate.restart()
    _holds(gate, days=7)
    gate.station._writer.flush()
    assert not gate.log()


def test_data_age_until_a_stick_comes(gate: Day) -> None:
    """After eight days a status is too old, but INVALID; a delta helps until trust ends, then a stick."""
    gate.pass_(100)
    gate.town.revoke(1)
    gate.stopped[1] = "revoked"
    gate.delta("file")
    assert _codes(gate, 0, 1) == ["accepted", "revoked"]
    gate.pass_(8 * DAY + HOUR, step=HOUR)
    assert _codes(gate, 0, 1) == ["status_stale", "revoked"]
    assert "status_stale" in _notices(gate)
    assert "trust_ends" not in _notices(gate)
    gate.town.suspend(2)
    gate.stopped[2] = "suspended"
    gate.delta("keys")
    assert _codes(gate, 0, 1, 2) == ["accepted", "revoked", "suspended"]
    gate.until((gate.model.data.trust_ends - gate.folk.founded) / HOUR - 6 * 24, step=HOUR)
    assert "trust_ends" in _notices(gate)
    gate.town.reinstate(2)
    del gate.stopped[2]
    gate.delta("camera")
    assert _codes(gate, 0, 1, 2) == ["accepted", "revoked", "accepted"]
    gate.until((gate.model.data.trust_ends - gate.folk.founded) / HOUR + 1, step=HOUR)
    assert "trust_expired" in _notices(gate)
    assert _codes(gate, 0, 1) == ["trust_expired", "revoked"]
    assert gate.show(gate.folk.forged(3, gate.now)) is not None
    gate.pass_(60)
    gate.new_stick()
    gate.pass_(10)
    assert _codes(gate, 0, 1, 2) == ["accepted", "revoked", "accepted"]
    assert not _notices(gate) & {"trust_expired", "trust_ends", "status_stale", "status_ages"}


def _codes(gate: Day, *people: int) -> list[str]:
    """What is said of each one's phone, and, the number told, of their plastic."""
    codes = []
    for who in people:
        told = gate.show(gate.folk.live(who, gate.now))
        assert told is not None
        codes.append(told.code)
        gate.pass_(40)
        gate.number(gate.folk.number(who))
        gate.show(gate.folk.seal(who))
        gate.pass_(40)
    return codes


def _notices(gate: Day) -> set[str]:
    return {notice["code"] for notice in gate.station.state()["notices"]}


def _holds(gate: Day, *, days: int) -> None:
    """What is on disk is what the model noted, but for what had its time."""
    _until_purged(gate)
    kept = gate.log()
    ages = [(gate.now - line[0]).total_seconds() for line in kept]
    assert all(age < days * DAY + 2 * HOUR for age in ages), gate.why(f"kept too long: {max(ages) / HOUR} h")
    young = [line for line in gate.model.log if gate.now - line[0] < timedelta(days=days)]
    gone = [line for line in _sorted(young) if line not in kept]
    assert not gone, gate.why(f"gone early: {gone}")
    assert kept == [line for line in _sorted(gate.model.log) if line in kept]


def _sorted(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: f"{line[0]:%Y%m%dT%H}")


def _until_purged(gate: Day) -> None:
    """Waits for the log's own thread to have looked at this hour."""
    end = machine.monotonic() + PATIENCE
    writer = gate.station._writer
    while True:
        hour = gate.station._watch.believed().replace(minute=0, second=0, microsecond=0)
        if writer._purged == (hour, writer.days):
            return
        assert machine.monotonic() < end, gate.why("the log's thread looks no more")
        machine.sleep(0.005)
