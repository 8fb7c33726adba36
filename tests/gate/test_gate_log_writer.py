"""The log's writer: never in the way, whatever the disk does."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from gate_entries import DAY, HOUR, NOW, noted, numbers, rows

from verifier.gate import log_writer
from verifier.gate.clock_watch import ClockWatch
from verifier.gate.log import LogFolder
from verifier.gate.log_writer import MOST, LogWriter


class Stubborn(LogFolder):
    """A folder on a disk that takes nothing while it is `full`."""

    full = False

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.purges: list[tuple[datetime, int]] = []

    def append(self, entries: object) -> None:
        """Fails or writes."""
        if self.full:
            raise OSError(28, "no space left")
        super().append(entries)  # type: ignore[arg-type]

    def purge(self, now: datetime, days: int) -> None:
        """Fails or purges, and is remembered."""
        if self.full:
            raise OSError(30, "read-only")
        self.purges.append((now, days))
        super().purge(now, days)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The writer looks every millisecond."""
    monkeypatch.setattr(log_writer, "PAUSE", 0.001)


def until(condition: Callable[[], bool]) -> None:
    """Waits for a thread; a condition that never comes fails the test."""
    pause = Event()
    for _ in range(20_000):
        if condition():
            return
        pause.wait(0.001)
    pytest.fail("it never happened")


def test_writer(tmp_path: Path, quick: None) -> None:
    """What is put is soon on disk, in order, over hours; closing writes the rest."""
    log = LogFolder(tmp_path / "log")
    writer = LogWriter(log, lambda: NOW)
    for number in range(1_200):
        writer.put(noted(number, NOW + number * timedelta(seconds=6)))
    until(lambda: len(numbers(log)) == 1_200)
    writer.put(noted(1_200, NOW + 2 * HOUR))
    writer.close()
    assert numbers(log) == list(range(1_201))
    assert not writer.failing
    assert writer.lost == 0
    assert writer.flush()


def test_writer_full_disk(tmp_path: Path, quick: None) -> None:
    """A full disk: it says so, keeps what it has up to a bound, and writes it once when there is room."""
    log = Stubborn(tmp_path / "log")
    log.full = True
    writer = LogWriter(log, lambda: NOW)
    taken = [writer.put(noted(number)) for number in range(MOST + 5)]
    assert taken == [True] * MOST + [False] * 5
    assert not writer.flush()
    assert writer.failing
    assert writer.lost == 5
    log.full = False
    until(lambda: not writer.failing)
    writer.close()
    assert numbers(log) == list(range(MOST))
    assert writer.flush()


def test_writer_closed_on_a_full_disk(tmp_path: Path, quick: None) -> None:
    """The service ends although the disk takes nothing."""
    log = Stubborn(tmp_path / "log")
    log.full = True
    writer = LogWriter(log, lambda: NOW)
    writer.put(noted(1))
    writer.close()
    assert writer.failing


def test_writer_purges(tmp_path: Path, quick: None) -> None:
    """Emptied at the start, with each new hour, when the days change, and when the disk lets it again."""
    log = Stubborn(tmp_path / "log")
    log.append([noted(1, NOW - 9 * DAY), noted(2, NOW - 5 * DAY), noted(3)])
    now = [NOW]
    writer = LogWriter(log, lambda: now[0])
    until(lambda: numbers(log) == [2, 3])
    writer.days = 3
    until(lambda: numbers(log) == [3])
    log.full = True
    now[0] = NOW + 4 * DAY
    until(lambda: writer.failing)
    log.full = False
    until(lambda: not writer.failing)
    assert numbers(log) == []
    for minutes in range(0, 300, 7):
        now[0] = NOW + 5 * DAY + timedelta(minutes=minutes)
        until(lambda: f"{log.purges[-1][0]:%dT%H}" == f"{now[0]:%dT%H}")
    writer.close()
    assert writer.days == 3
    assert len(log.purges) == 3 + 6


def test_writer_clock_ahead(tmp_path: Path, quick: None) -> None:
    """A clock that jumps a year ahead empties nothing, unless a supervisor says that it is right."""
    log = Stubborn(tmp_path / "log")
    wall, passed = [NOW], [0.0]
    watch = ClockWatch(lambda: wall[0], lambda: passed[0])
    log.append([noted(1)])
    writer = LogWriter(log, watch.believed)
    until(lambda: len(log.purges) == 1)
    wall[0] += 365 * DAY
    passed[0] += 3_600
    until(lambda: len(log.purges) == 2)
    assert numbers(log) == [1]
    watch.accept()
    until(lambda: numbers(log) == [])
    writer.close()


def test_writer_many_threads(tmp_path: Path, quick: None) -> None:
    """Scanners put at once while somebody exports: every entry is there once, each thread's in its order."""
    log = LogFolder(tmp_path / "log")
    writer = LogWriter(log, lambda: NOW)

    def put(first: int) -> None:
        for number in range(first, first + 1_000):
            writer.put(noted(number))

    threads = [Thread(target=put, args=(first,)) for first in (0, 1_000, 2_000, 3_000)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert len(rows(log, "en")) >= 1
        writer.flush()
    for thread in threads:
        thread.join()
    writer.close()
    found = numbers(log)
    assert sorted(found) == list(range(4_000))
    for first in (0, 1_000, 2_000, 3_000):
        assert [number for number in found if number - number % 1_000 == first] == list(
            range(first, first + 1_000)
        )


PROGRAM = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from verifier.gate.log import Entry, LogFolder
from verifier.gate.log_writer import LogWriter

now = datetime(2026, 11, 27, 8, 30, tzinfo=UTC)
writer = LogWriter(LogFolder(Path(sys.argv[1])), lambda: now)
number = int(sys.argv[2])
while True:
    for _ in range(7):
        writer.put(Entry(at=now, what="settings", code="changed", note=f"gate {number}"))
        number += 1
    if writer.flush():
        print(number, flush=True)
"""


def test_writer_killed(tmp_path: Path) -> None:
    """kill -9 while a service writes, then another one goes on: nothing on disk is lost, or there twice."""
    log = LogFolder(tmp_path)
    done = 0
    for lines in (1, 5, 20, 60):
        command = [sys.executable, "-c", PROGRAM, str(tmp_path), str(done)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            for _ in range(lines):
                done = int(child.stdout.readline())
            child.send_signal(signal.SIGKILL)
            for line in child.stdout:
                done = int(line)
        found = numbers(log)
        assert found == list(range(len(found)))
        assert len(found) >= done
        done = len(found)
