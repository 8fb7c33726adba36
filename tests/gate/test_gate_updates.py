"""What sticks and deltas bring to a gate, what is told of it, and what goes wrong; the home stays whole."""

from __future__ import annotations

import errno
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from update_gate import START, UpdateGate, run_here

from trust import TrustError, TrustSnapshot, disk, sources
from trust import home as homes
from trust.messages import MESSAGES
from verifier.gate import update_words
from verifier.gate.errors import GateError
from verifier.gate.update_job import Job, Outcome, Progress
from verifier.gate.updates import UpdateNews, Updates

PATIENCE = 30.0
"""Seconds that a test waits for what has to come."""


@pytest.fixture
def gate(tmp_path: Path) -> UpdateGate:
    """A gate that has its first publication."""
    return UpdateGate(tmp_path)


def test_a_newer_stick(gate: UpdateGate) -> None:
    """Told step by step, loaded before the end is told, and said with both times in both languages."""
    stick = gate.stick("second")
    gate.updates.from_stick(stick, wait=True)
    steps = [(news.phase, news.fraction) for news in gate.news]
    fractions = [fraction for phase, fraction in steps if phase == "stick" and fraction is not None]
    assert steps[0] == ("stick", None)
    assert steps[-2:] == [("loading", None), ("done", 1.0)]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert len(fractions) > 3
    assert all(news.words.km and "stick" in news.words.en for news in gate.news if news.phase == "stick")
    end = gate.end()
    assert (end.ok, end.changed, end.code, gate.changes) == (True, True, "", 1)
    assert end.words.en == (
        "Brought up to date: trust until 2027-01-03 16:00 +07:00, status as of 2026-11-29 16:00 +07:00. "
        "The stick can be taken out."
    )
    assert "2027-01-03 16:00 +07:00" in end.words.km
    assert "2026-11-29 16:00 +07:00" in end.words.km


def test_the_same_stick_again(gate: UpdateGate) -> None:
    """Nothing is loaded anew, and the words say that the machine had it."""
    before = gate.state()
    for _ in range(3):
        end = gate.take(gate.first)
        assert (end.ok, end.changed, end.code, gate.changes) == (True, False, "", 0)
        assert end.words.en.startswith("Nothing newer, the machine had this already: trust until 2026-12-27")
    assert gate.state() == before


def test_a_delta_and_an_older_stick_after_it(gate: UpdateGate) -> None:
    """What a delta has revoked stays so, whatever stick comes then; the next one ends nothing of it."""
    assert gate.verdict() == "accepted"
    gate.now += timedelta(days=1)
    gate.town.revoke(0)
    texts = gate.town.delta()
    gate.updates.from_delta(*texts, wait=True)
    end = gate.end()
    assert (end.ok, end.changed, gate.changes) == (True, True, 1)
    assert "status as of 2026-11-23 16:00" in end.words.en
    assert "stick" not in end.words.en
    assert gate.verdict() == "revoked"
    assert not gate.take(gate.first).changed
    assert gate.verdict() == "revoked"
    gate.updates.from_delta(*texts, wait=True)
    assert gate.end().words.en.startswith("Nothing newer")
    assert gate.take(gate.stick("second")).changed
    old = gate.take(gate.first)
    assert (old.ok, old.code, old.words) == (False, "rollback", MESSAGES["rollback"])
    assert gate.verdict() == "revoked"


def test_every_code_of_a_delta_is_taken_by_itself(gate: UpdateGate) -> None:
    """Bytes or text; one for a bank's list, or an older one, is no trouble beside others, and told alone."""
    gate.now += timedelta(days=1)
    old = gate.town.delta()
    bank = next(made.data for made in gate.town.office.deltas() if made.name.startswith("sd-jwt"))
    gate.now += timedelta(days=1)
    gate.town.suspend(0)
    new = gate.town.delta_files()
    gate.updates.from_delta(bank, *new.values(), *old, wait=True)
    end = gate.end()
    assert (end.ok, end.changed, end.code) == (True, True, "")
    assert gate.verdict() == "suspended"
    for alone, code in ((bank, "unknown_list"), (old[0], "delta_old")):
        gate.updates.from_delta(alone, wait=True)
        end = gate.end()
        assert (end.ok, end.changed, end.code, end.words) == (False, False, code, MESSAGES[code])
    gate.updates.from_delta("MS1:NOTHING", b"", *new.values(), wait=True)
    assert gate.end().code == "bad_delta"


def test_deltas_on_a_stick(gate: UpdateGate) -> None:
    """Beside a publication or alone, as bytes or as text; what is refused beside what was taken is told."""
    gate.now += timedelta(days=1)
    gate.town.suspend(0)
    folder = gate.folder / "deltas"
    folder.mkdir()
    text, data = folder / "a.txt", folder / "b.delta"
    text.write_text(gate.town.delta()[0] + "\r\n")
    data.write_bytes([*gate.town.delta_files().values()][-1])
    end = gate.take(gate.first, text, data)
    assert (end.ok, end.changed, end.code, gate.changes) == (True, True, "", 1)
    assert gate.verdict() == "suspended"
    bad = folder / "c.delta"
    bad.write_bytes(b"\xd2" * 1000)
    gate.now += timedelta(days=1)
    gate.town.reinstate(0)
    data.write_bytes([*gate.town.delta_files().values()][-1])
    text.write_text(gate.town.delta()[0])
    end = gate.take(None, bad, text, data)
    assert (end.ok, end.changed, end.code) == (False, True, "bad_delta")
    assert end.words.en == f"{MESSAGES['bad_delta'].en} The rest was taken over."
    assert gate.verdict() == "accepted"
    data.unlink()
    assert gate.take(None, data).code == "stick_gone"
    bad.unlink()
    bad.symlink_to(text)
    assert gate.take(None, bad).code in {"unsafe_source", "stick_gone"}


def flip(stick: Path, pattern: str) -> None:
    """Changes one byte of a file."""
    (path,) = stick.rglob(pattern)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda stick: flip(stick, "*.live-*.cwt"), "tampered"),
        (lambda stick: next(stick.rglob("*.live-*.cwt")).write_bytes(b""), "torn"),
        (lambda stick: next(stick.rglob("*.live-*.cwt")).unlink(), "torn"),
        (lambda stick: (stick / "metadata" / "timestamp.json").write_bytes(b"{"), "torn"),
        (lambda stick: shutil.rmtree(stick / "targets"), "torn"),
        (lambda stick: (stick / "metadata" / "timestamp.json").unlink(), "no_publication"),
    ],
)
def test_a_bad_stick(gate: UpdateGate, spoil: Callable[[Path], object], code: str) -> None:
    """Refused by its name, with what to do; the home has what it had, and a good copy is taken."""
    before, stick = gate.state(), gate.stick("second")
    bad = gate.copy(stick, "bad")
    spoil(bad)
    end = gate.take(bad)
    assert (end.ok, end.changed, end.code, gate.changes) == (False, False, code, 0)
    assert end.words == update_words.refusal("stick", code)
    assert gate.state() == before
    assert gate.take(stick).changed


def breaking(monkeypatch: pytest.MonkeyPatch, at: int, how: Callable[[], object]) -> None:
    """Has `how` happen when the file of that number is read from a stick."""
    chunks, left = sources._chunks, [at]

    def broken(descriptor: int) -> Iterator[bytes]:
        for chunk in chunks(descriptor):
            yield chunk[:100]
            left[0] -= 1
            if left[0] == 0:
                how()
            yield chunk[100:]

    monkeypatch.setattr(sources, "_chunks", broken)


@pytest.mark.parametrize("at", range(1, 11, 2))
@pytest.mark.parametrize("how", ["error", "gone"])
def test_a_stick_pulled_out_while_it_is_read(
    gate: UpdateGate, monkeypatch: pytest.MonkeyPatch, how: str, at: int
) -> None:
    """Reads fail, or the folder is gone: said as that, nothing has changed, and put in again it is taken."""
    before, stick = gate.state(), gate.stick("second")
    pulled = gate.copy(stick, "pulled")

    def fail() -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        breaking(patch, at, fail if how == "error" else lambda: shutil.rmtree(pulled))
        end = gate.take(pulled)
    assert (end.ok, end.changed, end.code, gate.changes) == (False, False, "stick_gone", 0)
    assert "pulled out" in end.words.en
    assert "Put it in again" in end.words.en
    assert gate.state() == before
    assert gate.take(stick).changed
    assert gate.versions() == 2


def test_a_stick_that_was_pulled_before(gate: UpdateGate) -> None:
    """Nothing is there any more when the thread begins."""
    end = gate.take(gate.folder / "none")
    assert (end.ok, end.code) == (False, "stick_gone")
    (gate.folder / "none").mkdir()
    assert gate.take(gate.folder / "none").code == "no_publication"
    with pytest.raises(GateError) as refusal:
        gate.updates.from_stick(None)
    assert refusal.value.code == "no_stick"
    with pytest.raises(GateError) as refusal:
        gate.updates.from_delta()
    assert refusal.value.code == "not_readable"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk_full"),
        (errno.EDQUOT, "disk_full"),
        (errno.EROFS, "disk_full"),
        (errno.EIO, "home_unwritable"),
        (errno.EACCES, "home_unwritable"),
    ],
)
@pytest.mark.parametrize("where", ["stage", "commit", "sync_tree", "write_atomically"])
def test_the_gates_own_disk(
    gate: UpdateGate, monkeypatch: pytest.MonkeyPatch, where: str, number: int, code: str
) -> None:
    """Full, read-only or broken: told apart from the stick's faults, of a delta too; the home is whole."""
    before, stick = gate.state(), gate.stick("second")
    gate.town.suspend(0)

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(homes, where, fail)
        end = gate.take(stick)
        assert (end.ok, end.changed, end.code, gate.changes) == (False, False, code, 0)
        assert "own disk" in end.words.en
        assert gate.state() == before
    assert gate.take(stick).changed
    with monkeypatch.context() as patch:
        patch.setattr(homes, where, fail)
        gate.updates.from_delta(*gate.town.delta(), wait=True)
        assert gate.end().code == code
    assert gate.verdict() == "accepted"


def test_a_wrong_clock(gate: UpdateGate) -> None:
    """Named, with what to do."""
    stick = gate.stick("second")
    gate.now = START - timedelta(days=400)
    end = gate.take(stick)
    assert (end.ok, end.code, end.words) == (False, "clock_untrusted", MESSAGES["clock_untrusted"])


def test_one_at_a_time(gate: UpdateGate) -> None:
    """A second one is refused, of whatever kind; when the end is told the next may begin."""
    begun, go_on = threading.Event(), threading.Event()

    def run(job: Job, progress: Progress, stop: Callable[[], bool], seconds: float) -> Outcome:
        begun.set()
        assert go_on.wait(PATIENCE)
        return run_here(job, progress, stop, seconds)

    busy_at_the_end = []
    updates = Updates(
        gate.home,
        lambda: gate.now,
        lambda news: busy_at_the_end.append(updates.busy) if news.done else None,
        run=run,
    )
    updates.from_stick(gate.first)
    assert begun.wait(PATIENCE)
    assert updates.busy
    starts: list[Callable[[], object]] = [
        lambda: updates.from_stick(gate.first),
        lambda: updates.from_network("https://example.org"),
        lambda: updates.from_delta("MS1:"),
    ]
    for start in starts:
        with pytest.raises(GateError) as refusal:
            start()
        assert refusal.value.code == "busy_updating"
    go_on.set()
    updates.close()
    assert busy_at_the_end == [False]
    with pytest.raises(GateError):
        updates.from_stick(gate.first)


def test_a_delta_that_comes_while_another_is_taken(gate: UpdateGate) -> None:
    """A picture with several codes: each has its turn and its own end, and a stick is refused meanwhile."""
    gate.now += timedelta(days=1)
    gate.town.suspend(0)
    first, *others = gate.town.delta_files().values()
    ends: list[str] = []
    over = threading.Event()

    def hear(news: UpdateNews) -> None:
        if news.phase == "delta" and not ends and not news.done:  # the first one begins
            for delta in (*others, b"no delta"):
                updates.from_delta(delta)
            with pytest.raises(GateError):
                updates.from_stick(gate.first)
        if news.done:
            ends.append(news.code)
        if len(ends) == len(others) + 2:
            over.set()

    updates = Updates(gate.home, lambda: gate.now, hear, run=run_here)
    updates.from_delta(first, wait=True)
    assert over.is_set()
    assert ends == ["", *("" for _ in others), "bad_delta"]
    assert gate.verdict() == "suspended"
    assert not updates.busy


def test_another_program_at_the_home(gate: UpdateGate) -> None:
    """`montrey-verifier sync` in a terminal beside the gate: said, and tried again later."""
    stick = gate.stick("second")
    with homes.locked(gate.home):
        end = gate.take(stick)
    assert (end.ok, end.code) == (False, "home_busy")
    assert gate.take(stick).changed


def test_what_goes_wrong_in_the_station(gate: UpdateGate) -> None:
    """Trust that cannot be loaded is told by its code; a listener that fails ends nothing."""

    def fail() -> None:
        raise TrustError("broken_home", "damaged")

    def mistake() -> None:
        raise RuntimeError

    for change, code in ((fail, "broken_home"), (mistake, "update_failed")):
        updates = Updates(gate.home, lambda: gate.now, gate.hear, change, run=run_here)
        updates.from_stick(gate.stick(code), wait=True)
        end = gate.end()
        assert (end.ok, end.code) == (False, code)
        assert not updates.busy

    def deaf(_: object) -> None:
        raise RuntimeError

    updates = Updates(gate.home, lambda: gate.now, deaf, gate.change, run=run_here)
    updates.from_stick(gate.stick("third"), wait=True)
    assert gate.changes == 1
    assert not updates.busy


def test_a_mistake_while_updating(gate: UpdateGate, capfd: pytest.CaptureFixture[str]) -> None:
    """Is told as a failure, the home is whole, and the next one is taken."""

    def run(*_: object) -> Outcome:
        raise RuntimeError

    updates = Updates(gate.home, lambda: gate.now, gate.hear, gate.change, run=run)
    for _ in range(2):
        updates.from_stick(gate.first, wait=True)
        assert gate.end().code == "update_failed"
    assert "RuntimeError" in capfd.readouterr().err


def test_stopped_behind_the_change(gate: UpdateGate) -> None:
    """The home has changed, though the process could not say so any more: it is loaded, and told as done."""

    def run(job: Job, progress: Progress, stop: Callable[[], bool], seconds: float) -> Outcome:
        run_here(job, progress, stop, seconds)
        return Outcome(code="too_slow")

    updates = Updates(gate.home, lambda: gate.now, gate.hear, gate.change, run=run)
    updates.from_stick(gate.stick("second"), wait=True)
    end = gate.end()
    assert (end.ok, end.changed, end.code, gate.changes) == (True, True, "", 1)
    assert "status as of 2026-11-29" in end.words.en


def test_every_refusal_has_words(gate: UpdateGate) -> None:
    """In Khmer and in English, for a stick and for a server, also for a code that nobody knows."""
    codes = {*MESSAGES, *update_words._REFUSED, "something_new"}
    for phase in ("stick", "network", "delta"):
        for code in codes:
            words = update_words.refusal(phase, code)
            assert any("\u1780" <= letter <= "\u17ff" for letter in words.km)
            assert words.en.isascii()
            assert "{" not in words.km + words.en
    assert update_words.refusal("stick", "something_new") == update_words.refusal("stick", "update_failed")


def test_a_large_file_of_a_delta_is_not_read_whole(gate: UpdateGate, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has grown since it was found: no more than a delta's length of it is read."""
    path = gate.folder / "x.delta"
    path.write_bytes(b"MS1:" + bytes(1 << 20))
    sizes = []
    read = disk.read

    def counted(file: Path, *, max_bytes: int) -> bytes:
        data = read(file, max_bytes=max_bytes)
        sizes.append(len(data))
        return data

    monkeypatch.setattr(disk, "read", counted)
    assert gate.take(None, path).code == "bad_delta"
    assert sizes == [(1 << 18) + 1]
    assert TrustSnapshot.load(gate.home)
