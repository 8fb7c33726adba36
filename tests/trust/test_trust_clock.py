"""The two clock floors: what moves them, what does not, and who may lower one."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from trust_simulator import START, WEEK, Ministry, at

from trust import TrustError, TrustSnapshot
from trust.deltas import apply_delta
from trust.floors import check_clock, local_floor, lower_clock, touch_clock
from trust.sync import init_home, sync


def test_the_local_floor_only_rises(home: Path) -> None:
    """Later times raise it, earlier ones leave it; it survives on disk."""
    later = START + timedelta(hours=5)
    assert touch_clock(home, later) == at(later)
    assert touch_clock(home, START) == at(later)
    assert local_floor(home) == TrustSnapshot.load(home).local_floor == at(later)
    assert TrustSnapshot.load(home).clock_floor == at(later)
    assert TrustSnapshot.load(home).signed_floor == at(START)


def test_a_clock_a_minute_behind_is_tolerated() -> None:
    """Sixty seconds pass, sixty-one do not."""
    check_clock(1000, 1060)
    with pytest.raises(TrustError) as refusal:
        check_clock(1000, 1061)
    assert refusal.value.code == "clock_untrusted"


def test_a_clock_turned_back_makes_nothing_good_again(ministry: Ministry, home: Path) -> None:
    """An expired stick is not accepted by turning the clock back: sync looks at the floors first."""
    ministry.publish(WEEK)
    old = ministry.stick("old")
    touch_clock(home, START + timedelta(days=60))
    with pytest.raises(TrustError) as refusal:
        sync(home, old, now=START + timedelta(days=60))
    assert refusal.value.code == "expired"
    with pytest.raises(TrustError) as refusal:
        sync(home, old, now=START + WEEK)
    assert refusal.value.code == "clock_untrusted"
    with pytest.raises(TrustError) as refusal:
        apply_delta(home, ministry.delta(ministry.signed_list("live-1"), {}, sequence=9), now=START + WEEK)
    assert refusal.value.code == "clock_untrusted"


def test_the_signed_floor_holds_without_the_local_one(ministry: Ministry, home: Path) -> None:
    """The newest status `iat` is a floor of its own, for a machine whose clock file is gone."""
    ministry.publish(WEEK)
    sync(home, ministry.out, now=ministry.now)
    (home / "trust/clock").unlink()
    assert TrustSnapshot.load(home).clock_floor == at(START + WEEK)
    with pytest.raises(TrustError) as refusal:
        sync(home, ministry.out, now=START)
    assert refusal.value.code == "clock_untrusted"


def test_a_supervisor_may_lower_the_local_floor_to_the_signed_one(ministry: Ministry, home: Path) -> None:
    """A clock that once ran to 2099 shuts the gate until the supervisor acts."""
    touch_clock(home, datetime(2099, 1, 1, tzinfo=UTC))
    with pytest.raises(TrustError) as refusal:
        sync(home, ministry.out, now=START)
    assert refusal.value.code == "clock_untrusted"
    assert lower_clock(home) == at(START) == local_floor(home)
    assert not sync(home, ministry.out, now=START).changed


def test_a_refused_stick_does_not_move_the_local_floor(ministry: Ministry, home: Path) -> None:
    """Only an accepted sync, or the shell that owns the clock, moves it."""
    with pytest.raises(TrustError):
        sync(home, ministry.out.with_name("nothing"), now=START + WEEK)
    assert local_floor(home) == at(START)


def test_a_new_home_has_no_floor(tmp_path: Path, ministry: Ministry) -> None:
    """Before the first time seen the floor is 0; before a home there is none."""
    path = tmp_path / "new"
    with pytest.raises(TrustError) as refusal:
        touch_clock(path, START)
    assert refusal.value.code == "no_home"
    init_home(path, ministry.roots[0])
    assert local_floor(path) == 0
    touch_clock(path, START)
    assert local_floor(path) == at(START)


@pytest.mark.parametrize("damage", [b"12", b"-00000000001\n", b"x" * 13, b"0" * 40])
def test_a_damaged_clock_file_is_found_out(damage: bytes, home: Path) -> None:
    """It never counts as 0; a supervisor repairs it."""
    (home / "trust/clock").write_bytes(damage)
    for act in (local_floor, TrustSnapshot.load, lambda path: touch_clock(path, START)):
        with pytest.raises(TrustError) as refusal:
            act(home)
        assert refusal.value.code == "broken_home"
    lower_clock(home)
    assert local_floor(home) == at(START)


def test_many_writers_keep_the_highest_time(home: Path) -> None:
    """Several programs of one gate touch the clock at once."""

    def touch(offset: int) -> None:
        for second in range(50):
            touch_clock(home, START + timedelta(seconds=second * 7 + offset))

    threads = [threading.Thread(target=touch, args=(offset,)) for offset in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert local_floor(home) == at(START) + 49 * 7 + 5
