"""The hours of the log: whole after a kill, bounded, gone in time."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from gate_damage import DAMAGE, full_disk, kill_everywhere, make_huge
from gate_entries import DAY, HOUR, NOW, files, noted, numbers, rows
from hypothesis import given
from hypothesis import settings as run
from hypothesis import strategies as st

from verifier.gate.log import Entry, LogFolder

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def test_hours(tmp_path: Path) -> None:
    """An hour a file, for nobody else; read in the order of the hours."""
    log = LogFolder(tmp_path / "gate" / "log")
    assert list(log.read()) == []
    entries = [noted(1), noted(2), noted(3, NOW + HOUR), noted(4, NOW - DAY)]
    log.append(entries[:2])
    log.append(entries[2:])
    log.append([])
    assert files(tmp_path / "gate" / "log") == ["20261126T08.jsonl", "20261127T08.jsonl", "20261127T09.jsonl"]
    assert numbers(log) == [4, 1, 2, 3]
    assert (tmp_path / "gate" / "log").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "gate" / "log").iterdir()} == {0o600}


def test_torn(tmp_path: Path) -> None:
    """Cut at any byte, as by a power cut: what was whole is read, and what comes then stands by itself."""
    log = LogFolder(tmp_path)
    log.append([noted(number) for number in range(2)])
    file = tmp_path / "20261127T08.jsonl"
    whole = file.read_bytes()
    for cut in range(len(whole) + 1):
        file.write_bytes(whole[:cut])
        left = list(range(whole[:cut].count(b"\n")))
        assert numbers(log) == left
        log.append([noted(7)])
        # A line that lost nothing but its end is whole again once the next one begins.
        ended = [len(left)] if whole[cut : cut + 1] == b"\n" else []
        assert numbers(log) == [*left, *ended, 7]


@pytest.mark.parametrize("length", [2_047, 2_048, 2_049, 4_096, 100_000])
def test_endless_line(tmp_path: Path, length: int) -> None:
    """A line too long for an entry is skipped to its end, whatever stands in it."""
    log = LogFolder(tmp_path)
    (tmp_path / "20261127T08.jsonl").write_bytes(b"x" * length + noted(1).to_line() + noted(2).to_line())
    assert numbers(log) == [2]


@given(damage=st.lists(DAMAGE, max_size=4))
@run(max_examples=60)
def test_damaged(tmp_path_factory: pytest.TempPathFactory, damage: list[bytes]) -> None:
    """Anything between the lines is skipped, and the CSV goes on."""
    path = tmp_path_factory.mktemp("log")
    log = LogFolder(path)
    log.append([noted(1)])
    with (path / "20261127T08.jsonl").open("ab") as file:
        file.write(b"\n".join(damage))
    log.append([noted(2)])
    assert numbers(log) == [1, 2]
    assert len(rows(log, "km")) == 3


@pytest.mark.parametrize(
    "line",
    [
        b'{"at":"2026-11-27T08:30:00+00:00","what":"verdict","code":"accepted","name":"SOK"}',
        b'{"at":"2026-11-27T08:30:00","what":"verdict","code":"accepted"}',
        b'{"at":"9999-12-31T23:59:59-12:00","what":"verdict","code":"accepted"}',
        b'{"at":1764232200,"what":"verdict","code":"accepted"}',
        b'{"at":"2026-11-27T08:30:00Z","what":["verdict"],"code":"accepted"}',
        b'{"at":"2026-11-27T08:30:00Z","what":"verdict","code":true}',
        b'{"at":"2026-11-27T08:30:00Z","what":"settings","code":"changed","note":7}',
        b'{"at":"2026-11-27T08:30:00Z","what":"settings","code":"changed","note":"0123456789"}',
        b'{"what":"verdict","code":"accepted"}',
        b"[]",
        b"null",
        b"",
    ],
)
def test_damaged_line(line: bytes) -> None:
    """A line that no entry has written is none."""
    assert Entry.from_line(line) is None


def test_strange_things(tmp_path: Path) -> None:
    """Huge files, links, pipes and folders among the hours: nothing hangs, what is not ours stays."""
    log = LogFolder(tmp_path)
    log.append([noted(1)])
    make_huge(tmp_path / "20261127T07.jsonl")
    os.mkfifo(tmp_path / "20261127T06.jsonl")
    (tmp_path / "20261127T05.jsonl").mkdir()
    (tmp_path / "20261127T04.jsonl").symlink_to(tmp_path / "notes.txt")
    (tmp_path / "notes.txt").write_text("of the supervisor")
    assert numbers(log) == [1]
    log.purge(NOW, 7)
    log.append([noted(2)])
    assert numbers(log) == [1, 2]
    for hours in (2, 3, 4):  # the pipe, the folder and the link
        with pytest.raises(OSError, match=r"."):
            log.append([noted(3, NOW - hours * HOUR)])
    log.purge(NOW + 400 * DAY, 7)
    assert files(tmp_path) == ["20261127T04.jsonl", "20261127T05.jsonl", "20261127T06.jsonl", "notes.txt"]


def test_no_folder(tmp_path: Path) -> None:
    """A file where the folder should be: reading gives nothing, writing is the caller's to know."""
    (tmp_path / "log").write_bytes(b"")
    log = LogFolder(tmp_path / "log")
    assert list(log.read()) == []
    with pytest.raises(OSError, match=r"."):
        log.append([noted(1)])


@given(
    ages=st.lists(st.integers(-40 * 24 * 60, 40 * 24 * 60), min_size=1, max_size=12),
    days=st.integers(1, 31),
)
@run(max_examples=60)
def test_purge(tmp_path_factory: pytest.TempPathFactory, ages: list[int], days: int) -> None:
    """Nothing younger than its days goes, nothing older than its days and an hour stays."""
    path = tmp_path_factory.mktemp("log")
    log = LogFolder(path)
    for age in ages:
        log.append([noted(age, NOW - timedelta(minutes=age))])
    log.purge(NOW, days)
    found = set(numbers(log))
    assert {age for age in ages if age < days * 24 * 60} <= found
    assert all(age <= (days * 24 + 1) * 60 for age in found)
    log.purge(NOW + 100 * DAY, days)
    assert files(path) == []


@pytest.mark.parametrize("days", [1, 7, 31])
def test_purge_to_the_minute(tmp_path: Path, days: int) -> None:
    """An hour goes when its youngest entry may be of its full age, and not a second before."""
    log = LogFolder(tmp_path)
    hour = NOW.replace(minute=0)
    log.append([noted(1, hour), noted(2, hour + HOUR - timedelta(milliseconds=1))])
    log.purge(hour + HOUR + days * DAY - timedelta(microseconds=1), days)
    assert numbers(log) == [1, 2]
    log.purge(hour + HOUR + days * DAY, days)
    assert files(tmp_path) == []


def test_clock_ahead_and_back(tmp_path: Path) -> None:
    """Hours of a clock that ran ahead, or was set back since: each ends when its own days are over."""
    log = LogFolder(tmp_path)
    log.append([noted(1), noted(2, NOW + 30 * DAY)])
    log.purge(NOW - 30 * DAY, 7)
    log.purge(NOW, 7)
    assert numbers(log) == [1, 2]
    log.purge(NOW + 8 * DAY, 7)
    assert numbers(log) == [2]
    log.purge(NOW + 38 * DAY, 7)
    assert numbers(log) == []


def test_bounded(tmp_path: Path) -> None:
    """The log is never larger than it may be: the oldest hour goes first, the current one last of all."""
    log = LogFolder(tmp_path, max_total=10_000)
    for number in range(400):
        log.append([noted(number, NOW + number * timedelta(minutes=5))])
        assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 10_000
    found = numbers(log)
    assert found == list(range(found[0], 400))
    assert len(found) > 40
    for number in range(400, 600):
        log.append([noted(number, NOW + 40 * HOUR)])
        assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 10_000
    assert numbers(log)[-1] == 599


def test_full_disk(tmp_path: Path) -> None:
    """A disk that takes a part of a write: the caller is told, and nothing half stands there."""
    log = LogFolder(tmp_path)
    log.append([noted(1)])
    before = (tmp_path / "20261127T08.jsonl").read_bytes()
    with full_disk(len(before) + 50), pytest.raises(OSError, match=r"."):
        log.append([noted(2)])
    assert (tmp_path / "20261127T08.jsonl").read_bytes() == before
    log.append([noted(2)])
    assert numbers(log) == [1, 2]


def test_killed(tmp_path: Path) -> None:
    """Killed at any point of adding: what stood there stands, and what was told as written is there."""
    path = tmp_path / "log"

    def prepare() -> None:
        for file in path.iterdir() if path.is_dir() else ():
            file.unlink()
        LogFolder(path).append([noted(0)])

    def work(tell: Callable[[str], object]) -> None:
        for number in (1, 2):
            LogFolder(path).append([noted(number, NOW + number * HOUR)])
            tell(str(number))

    def check(words: list[str]) -> None:
        found = numbers(LogFolder(path))
        assert found == list(range(len(found)))
        assert len(words) + 1 <= len(found) <= len(words) + 2
        LogFolder(path).append([noted(3, NOW + 3 * HOUR)])
        assert numbers(LogFolder(path)) == [*found, 3]

    assert kill_everywhere(prepare, work, check) >= 5
