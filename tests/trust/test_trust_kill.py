"""kill -9 at any point: a home has the old trust or the new, a folder the old publication or the new.

A child process counts what it asks of the file system and kills itself at the
n-th request; another one is killed from outside after some milliseconds.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from trust_simulator import LIVE_URI, START, WEEK, Ministry

from trust import TrustSnapshot
from trust.deltas import apply_delta
from trust.home import trust_folder
from trust.sync import init_home, sync

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
"""Python 3.12 warns wherever a thread runs beside; the children here use none."""

Work = Callable[[], object]
POINTS = 12
_FILE_EVENTS = ("open", "os.", "shutil.", "pathlib.", "tempfile.")


def run_child(work: Work, *, kill_at: int = 0) -> int:
    """Runs `work` in a child; returns how many file requests it made, or -1 if it killed itself."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        requests = 0

        def hook(event: str, _: object) -> None:
            nonlocal requests
            if event.startswith(_FILE_EVENTS):
                requests += 1
                if requests == kill_at:
                    os.kill(os.getpid(), signal.SIGKILL)

        try:
            sys.addaudithook(hook)
            work()
            os.write(writer, str(requests).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        text = pipe.read()
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or text, "the child failed"
    return int(text) if text else -1


def points(work: Work, seed: int, restore: Work) -> list[int]:
    """A dozen points at which to kill `work`, the first and the last among them."""
    total = run_child(work)
    restore()
    assert total > POINTS
    return sorted({1, total, *random.Random(seed).sample(range(1, total + 1), POINTS)})


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("carrier", ["stick", "delta"])
def test_a_killed_writer_of_a_home_leaves_old_or_new(
    carrier: str, seed: int, tmp_path: Path, ministry: Ministry, home: Path
) -> None:
    """The snapshot loads and is one of the two; the same command then finishes the work."""
    base = ministry.signed_list("live-1")
    delta = ministry.delta(base, {5: 1}, sequence=2, now=START)
    ministry.statuses["live-1"] = {5: 1}
    ministry.publish(WEEK)
    shutil.copytree(home, tmp_path / "saved", symlinks=True)

    def restore() -> None:
        shutil.rmtree(home)
        shutil.copytree(tmp_path / "saved", home, symlinks=True)

    def work() -> None:
        if carrier == "stick":
            sync(home, ministry.out, now=ministry.now)
        else:
            apply_delta(home, delta, now=START)

    old = TrustSnapshot.load(home)
    for point in points(work, seed, restore):
        run_child(work, kill_at=point)
        trust = TrustSnapshot.load(home)
        assert trust.lists[LIVE_URI].statuses.get(5) in {0, 1}
        assert trust.lists == old.lists or trust.lists[LIVE_URI].statuses.get(5) == 1
        work()
        assert TrustSnapshot.load(home).lists[LIVE_URI].statuses.get(5) == 1
        assert len(list((trust_folder(home) / "versions").iterdir())) <= 2
        restore()


@pytest.mark.parametrize("seed", range(2))
def test_a_killed_first_sync_leaves_an_empty_home(seed: int, tmp_path: Path, ministry: Ministry) -> None:
    """No trust, or the new one; the same command then finishes."""
    home = tmp_path / "first"

    def restore() -> None:
        shutil.rmtree(home, ignore_errors=True)
        init_home(home, ministry.roots[0])

    def work() -> None:
        sync(home, ministry.out, now=START)

    restore()
    for point in points(work, seed, restore):
        run_child(work, kill_at=point)
        work()
        assert TrustSnapshot.load(home).keys == ministry.keys
        restore()


@pytest.mark.parametrize("seed", range(3))
def test_a_killed_publisher_leaves_a_usable_publication(
    seed: int, tmp_path: Path, ministry: Ministry
) -> None:
    """A new gate can sync from what is there; the same command then finishes the new publication."""
    shutil.copytree(ministry.out, tmp_path / "saved")
    before = dict(vars(ministry))
    ministry_out = ministry.out

    def restore() -> None:
        shutil.rmtree(ministry_out)
        shutil.copytree(tmp_path / "saved", ministry_out)
        vars(ministry).update(before)

    def work() -> None:
        vars(ministry).update(before)
        ministry.statuses = {**ministry.statuses, "live-1": {5: 1}}
        ministry.publish(WEEK)

    gates = count()

    def newest() -> int:
        gate = tmp_path / f"gate-{next(gates)}"
        init_home(gate, ministry.roots[0])
        sync(gate, ministry_out, now=START + WEEK)
        return TrustSnapshot.load(gate).lists[LIVE_URI].statuses.get(5)

    for point in points(work, seed, restore):
        run_child(work, kill_at=point)
        assert newest() in {0, 1}
        work()
        assert newest() == 1
        names = [path.name for path in ministry_out.rglob("*.*")]
        assert len([name for name in names if name.endswith(".snapshot.json")]) == 1
        assert not [name for name in names if name.endswith(".new")]
        restore()


@pytest.mark.parametrize("seed", range(3))
def test_a_home_survives_being_killed_again_and_again(seed: int, ministry: Ministry, home: Path) -> None:
    """Killed from outside at random moments, ten times over, with a reader beside it."""
    draw = random.Random(seed)
    for week in range(5):
        ministry.statuses["live-1"] = {week: 1}
        ministry.publish(WEEK)
        child = os.fork()
        if child == 0:
            try:
                sync(home, ministry.out, now=ministry.now)
            finally:
                os._exit(0)
        end = time.monotonic() + draw.uniform(0, 0.08)
        while time.monotonic() < end:
            assert TrustSnapshot.load(home).keys == ministry.keys
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert TrustSnapshot.load(home).keys == ministry.keys
    sync(home, ministry.out, now=ministry.now)
    assert TrustSnapshot.load(home).lists[LIVE_URI].statuses.get(4) == 1


def test_a_reader_never_sees_half_a_change(ministry: Ministry, home: Path) -> None:
    """A child syncs week after week; every snapshot read meanwhile is whole: one sequence in all lists."""
    sticks = []
    for week in range(12):
        ministry.publish(WEEK)
        sticks.append((ministry.stick(f"week-{week}"), ministry.now))
    child = os.fork()
    if child == 0:
        try:
            for stick, now in sticks:
                sync(home, stick, now=now)
        finally:
            os._exit(0)
    seen = set()
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        sequences = {signed.sequence for signed in TrustSnapshot.load(home).lists.values()}
        assert len(sequences) == 1
        seen |= sequences
    assert len(seen) > 1
    assert {s.sequence for s in TrustSnapshot.load(home).lists.values()} == {13}
