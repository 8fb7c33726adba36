"""What is found on a stick, by names alone, whatever else lies there; a watch that tells of each once."""

from __future__ import annotations

import os
import queue
import shutil
import threading
from pathlib import Path

import pytest

from revocation.delta import MAX_BYTES, MAX_TEXT
from trust import disk
from verifier.gate import stick_watch, sticks
from verifier.gate.errors import GateError
from verifier.gate.stick_watch import StickWatch
from verifier.gate.sticks import MAX_DELTAS, MAX_ENTRIES, Found

PATIENCE = 10.0
"""Seconds that a test waits for what has to come."""
_written = iter(range(1, 1000))


def publication(folder: Path) -> Path:
    """What looks like a publication, each later than the one before."""
    for name in ("metadata/1.root.json", "targets/status/0.live-1.cwt", "metadata/timestamp.json"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"{}")
    second = next(_written)
    os.utime(folder / "metadata" / "timestamp.json", (second, second))
    return folder


def look(place: Path) -> tuple[Path | None, list[str]]:
    """What is found there, deltas by their names."""
    found = sticks.look(place)
    return found.publication, [path.relative_to(place).as_posix() for path in found.deltas]


@pytest.mark.parametrize("where", [".", "montrey", "2026-11-22", "ឧបករណ៍"])
def test_a_publication_is_found(tmp_path: Path, where: str) -> None:
    """At the top of a stick, or in a folder of any name."""
    made = publication(tmp_path / where)
    assert look(tmp_path) == (made, [])


def test_the_last_of_several_publications_counts(tmp_path: Path) -> None:
    """Whatever their folders' names: a ministry may keep one for each week."""
    for week in ("2", "10", "1"):
        last = publication(tmp_path / week)
    assert look(tmp_path) == (last, [])


def test_deltas_are_found_beside_it(tmp_path: Path) -> None:
    """As files of bytes, or as text where there are no bytes of the same name; at the top and in folders."""
    made = publication(tmp_path)
    (tmp_path / "deltas").mkdir()
    for name in ("live-1.delta", "live-1.txt", "deltas/seal-1.txt", "deltas/other.delta"):
        (tmp_path / name).write_bytes(b"MS1:ABC\n")
    (tmp_path / "live-1.png").write_bytes(b"MS1:")
    assert look(tmp_path) == (made, ["live-1.delta", "deltas/other.delta", "deltas/seal-1.txt"])


def test_what_is_no_delta(tmp_path: Path) -> None:
    """Other texts, empty and too large files, what a Mac leaves, links, pipes, folders: nothing blocks."""
    (tmp_path / "read me.txt").write_text("MS2:")
    (tmp_path / "short.txt").write_text("MS")
    (tmp_path / "empty.delta").touch()
    (tmp_path / "large.delta").write_bytes(bytes(MAX_BYTES + 1))
    (tmp_path / "long.txt").write_text("MS1:" + "0" * MAX_TEXT)
    (tmp_path / "._live-1.delta").write_bytes(b"MS1:")
    (tmp_path / "folder.delta").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    os.mkfifo(tmp_path / "pipe.delta")
    (tmp_path / "outside").write_bytes(b"MS1:")
    (tmp_path / "link.delta").symlink_to(tmp_path / "outside")
    (tmp_path / "link.txt").symlink_to(tmp_path / "outside")
    assert look(tmp_path) == (None, [])
    assert not sticks.look(tmp_path)


def test_no_link_leads_out(tmp_path: Path) -> None:
    """A linked publication, folder, metadata or timestamp is none."""
    other = publication(tmp_path / "other")
    (other / "live-1.delta").write_bytes(b"MS1:")
    stick = tmp_path / "stick"
    (stick / "a" / "metadata").mkdir(parents=True)
    (stick / "a" / "metadata" / "timestamp.json").symlink_to(other / "metadata" / "timestamp.json")
    (stick / "b").mkdir()
    (stick / "b" / "metadata").symlink_to(other / "metadata")
    (stick / "montrey").symlink_to(other)
    assert look(stick) == (None, [])


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_a_timestamp_that_is_no_file(tmp_path: Path, kind: str) -> None:
    """Makes no publication."""
    (tmp_path / "metadata").mkdir()
    path = tmp_path / "metadata" / "timestamp.json"
    path.mkdir() if kind == "folder" else os.mkfifo(path)
    assert look(tmp_path) == (None, [])


def test_among_thousands_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stick full of pictures is looked at within bounds; a folder of a known name is found all the same."""
    for number in range(2000):
        (tmp_path / f"{number}.txt").write_bytes(b"MS1:")
    for number in range(300):
        (tmp_path / f"folder {number}").mkdir()
        (tmp_path / f"folder {number}" / "x.txt").write_bytes(b"MS1:")
    made = publication(tmp_path / "montrey")
    opened: list[Path] = []
    read = disk.read

    def counted(path: Path, *, max_bytes: int) -> bytes:
        opened.append(path)
        return read(path, max_bytes=max_bytes)

    monkeypatch.setattr(disk, "read", counted)
    found = sticks.look(tmp_path)
    assert found.publication == made
    assert len(found.deltas) <= MAX_DELTAS
    assert len(opened) <= 2 * MAX_ENTRIES


def test_what_cannot_be_looked_at_is_nothing(tmp_path: Path) -> None:
    """A folder that is not there, a file, a name that no file system has."""
    (tmp_path / "file").touch()
    for place in (tmp_path / "none", tmp_path / "file", tmp_path / "nul\0", tmp_path / ("x" * 300)):
        assert not sticks.look(place)


def test_where_sticks_are_looked_for(tmp_path: Path) -> None:
    """The given folders first, in their order; then where they are mounted, the last one written first."""
    usual = [f"{tmp_path}/media/*/*", f"{tmp_path}/media/*", f"{tmp_path}/none/*"]
    given = [tmp_path / "given", tmp_path / "second"]
    assert sticks.find(given, usual) is None
    older = publication(tmp_path / "media" / "guard" / "OLD")
    newer = publication(tmp_path / "media" / "guard" / "NEW")
    (tmp_path / "media" / "link").symlink_to(older)
    found = sticks.find(given, usual)
    assert found is not None
    assert found.publication == newer
    second = publication(given[1])
    found = sticks.find(given, usual)
    assert found is not None
    assert found.publication == second
    first = publication(given[0])
    found = sticks.find(given, usual)
    assert found is not None
    assert found.publication == first
    assert sticks.places(given, usual)[:2] == given


class Watched:
    """A watch over folders, looked at by hand, and what it told."""

    def __init__(self, *folders: Path, usual: tuple[str, ...] = ()) -> None:
        self.told: list[Found] = []
        self.raises: list[Exception] = []
        self.watch = StickWatch(folders, self.on_found, usual=usual, poll=0.01, settle=0.01)

    def on_found(self, found: Found) -> None:
        """Keeps it, or fails as a test wants."""
        if self.raises:
            raise self.raises.pop()
        self.told.append(found)

    def looks(self, times: int = 3) -> list[Path | None]:
        """The publications that so many looks told."""
        self.told.clear()
        for _ in range(times):
            self.watch.look()
        return [found.publication for found in self.told]


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """Where a stick will be."""
    return tmp_path / "stick"


def test_a_stick_is_told_once(stick: Path) -> None:
    """When it is put in, however long it stays."""
    watched = Watched(stick)
    assert watched.looks() == []
    assert watched.watch.missing() == (stick,)
    assert watched.watch.found() == ()
    publication(stick)
    assert watched.looks() == [stick]
    assert watched.looks() == []
    assert watched.watch.missing() == ()
    assert [found.publication for found in watched.watch.found()] == [stick]


def test_a_stick_is_told_again_when_it_is_news(stick: Path) -> None:
    """A newer timestamp, another delta, or away and back."""
    watched = Watched(stick)
    publication(stick)
    assert watched.looks() == [stick]
    publication(stick)
    assert watched.looks() == [stick]
    (stick / "live-1.delta").write_bytes(b"x")
    assert watched.looks() == [stick]
    assert watched.told[0].deltas == (stick / "live-1.delta",)
    aside = stick.with_name("aside")
    stick.rename(aside)
    assert watched.looks() == []
    aside.rename(stick)
    assert watched.looks() == [stick]


def test_a_stick_that_is_being_written_is_waited_for(stick: Path) -> None:
    """Files that come one by one, the timestamp among the first: told once, when nothing comes any more."""
    watched = Watched(stick)
    publication(stick)
    for number in range(5):
        (stick / "targets" / "status" / f"{number}").write_bytes(b"x")
        second = next(_written)
        os.utime(stick / "targets" / "status", (second, second))
        assert watched.looks(1) == []
    assert watched.looks() == [stick]


def test_while_an_update_runs_a_stick_waits(stick: Path) -> None:
    """`busy_updating` is tried again; whatever else goes wrong is not, and ends nothing."""
    watched = Watched(stick)
    publication(stick)
    busy = GateError("busy_updating", "busy")
    watched.raises = [busy, busy]
    assert watched.looks(5) == [stick]
    publication(stick)
    watched.raises = [ValueError("a mistake")]
    assert watched.looks(5) == []
    publication(stick)
    assert watched.looks(5) == [stick]


def test_a_file_where_a_stick_should_be(stick: Path) -> None:
    """Is missing, and nothing else happens."""
    watched = Watched(stick)
    stick.touch()
    assert watched.looks() == []
    assert watched.watch.missing() == (stick,)


def test_two_sticks_are_two_and_one_seen_twice_is_one(tmp_path: Path) -> None:
    """Each is told; a stick that is seen by way of two places is told once."""
    usual = (f"{tmp_path}/media/*/*", f"{tmp_path}/media/*")
    watched = Watched(tmp_path / "media" / "guard" / "A", usual=usual)
    one = publication(tmp_path / "media" / "guard" / "A")
    assert watched.looks() == [one]
    two = publication(tmp_path / "media" / "guard" / "B")
    assert watched.looks() == [two]
    shutil.rmtree(two)
    assert watched.looks() == []


def test_the_thread_tells(stick: Path) -> None:
    """Started before there is a stick, and ended at once."""
    told: queue.Queue[Found] = queue.Queue()
    watch = StickWatch([stick], told.put, usual=(), poll=0.01, settle=0.01)
    watch.start()
    publication(stick)
    assert told.get(timeout=PATIENCE).publication == stick
    watch.close()
    assert not watch._thread.is_alive()


def test_a_stick_that_hangs_holds_up_its_own_thread_alone(
    stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the last look found is still told, and the gate closes."""
    monkeypatch.setattr(stick_watch, "_CLOSING", 0.01)
    publication(stick)
    told: queue.Queue[Found] = queue.Queue()
    watch = StickWatch([stick], told.put, usual=(), poll=0.01, settle=0.01)
    watch.start()
    told.get(timeout=PATIENCE)
    hangs, goes_on = threading.Event(), threading.Event()

    def hanging(_: Path) -> Found:
        hangs.set()
        goes_on.wait(PATIENCE)
        return Found(None, ())

    monkeypatch.setattr(sticks, "look", hanging)
    assert hangs.wait(PATIENCE)
    assert [found.publication for found in watch.found()] == [stick]
    watch.close()
    goes_on.set()
    watch._thread.join(PATIENCE)
