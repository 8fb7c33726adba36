"""The PIN: five guesses and a pause, whatever is killed, restarted, set back, full or damaged."""

from __future__ import annotations

import hashlib
import json
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from gate_damage import DAMAGE, WRONG_VALUES, full_disk, kill_everywhere, make_huge
from hypothesis import given
from hypothesis import settings as run
from hypothesis import strategies as st

from verifier.gate import pin as pin_module
from verifier.gate.errors import GateError
from verifier.gate.pin import Pin
from verifier.gate.supervisors import Supervisors

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
NOW = datetime(2026, 11, 27, 8, tzinfo=UTC)
RIGHT, WRONG = "271828", "314159"


@dataclass
class Machine:
    """A gate's machine: its folder, its clocks, its starts."""

    folder: Path
    passed: float = 1_000.0
    boots: int = 0
    wall: datetime = NOW

    def start(self) -> Pin:
        """The service starts, without the machine having been off."""
        return Pin(self.folder, monotonic=lambda: self.passed)

    def reboot(self, monkeypatch: pytest.MonkeyPatch, passed: float) -> Pin:
        """The machine starts anew, and its monotonic clock with it; the service some time later."""
        self.boots += 1
        self.passed = passed
        monkeypatch.setattr(pin_module, "_boot", lambda: f"boot {self.boots}")
        return self.start()

    def answer(self, pin: Pin, typed: str) -> tuple[str, int]:
        """The code and the seconds of what `check` says."""
        try:
            pin.check(typed, self.wall)
        except GateError as error:
            return error.code, error.seconds
        return "right", 0


def quick(digits: str, salt: bytes) -> bytes:
    """In the place of scrypt, where thousands of guesses are made."""
    return hashlib.sha256(salt + digits.encode()).digest()


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine with the PIN set."""
    monkeypatch.setattr(pin_module, "_boot", lambda: "boot 0")
    made = Machine(tmp_path / "gate")
    made.start().set(RIGHT)
    return made


def wrong_on_disk(folder: Path) -> int:
    """The count in the file."""
    return int(json.loads((folder / "pin.json").read_bytes())["wrong"])


def test_set_and_checked(machine: Machine) -> None:
    """The right PIN passes, in any script; the file holds no PIN and is for nobody else."""
    pin = machine.start()
    assert pin.is_set()
    assert machine.answer(pin, RIGHT) == machine.answer(pin, "២៧១៨២៨") == ("right", 0)
    assert machine.answer(pin, WRONG) == ("pin_wrong", 0)
    path = machine.folder / "pin.json"
    assert RIGHT not in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert machine.folder.stat().st_mode & 0o777 == 0o700


def test_unset(tmp_path: Path) -> None:
    """Where no PIN was set none opens anything."""
    pin = Pin(tmp_path / "gate")
    assert not pin.is_set()
    for typed in ("", "0", RIGHT):
        with pytest.raises(GateError) as caught:
            pin.check(typed, NOW)
        assert caught.value.code == "pin_unset"


@pytest.mark.parametrize(
    "weak",
    [
        "",
        "27182",
        "2718281828459",
        "111111",
        "១១១១១១",
        "123456",
        "654321",
        "890123",
        "321098",
        "27182a",
        " 271828",
        "2718²8",
        "27 18 28",
        "\ud800" * 6,
    ],
)
def test_weak(machine: Machine, weak: str) -> None:
    """Too short, too long, all alike, in a row, not digits: refused, and the old PIN stands."""
    pin = machine.start()
    with pytest.raises(GateError) as caught:
        pin.set(weak)
    assert caught.value.code == "pin_weak"
    assert machine.answer(pin, RIGHT) == ("right", 0)


@pytest.mark.parametrize("good", ["271828", "112233", "000001", "271828182845"])
def test_strong_enough(machine: Machine, good: str) -> None:
    """Six to twelve digits that are no run; the new PIN counts at once, the old one no more."""
    pin = machine.start()
    pin.set(good)
    assert machine.answer(pin, good) == ("right", 0)
    if good != RIGHT:
        assert machine.answer(pin, RIGHT) == ("pin_wrong", 0)


def test_any_text(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is typed in the PIN's place is a wrong try, and counts."""
    monkeypatch.setattr(pin_module, "TRIES", 100)
    pin = machine.start()
    typed = ["", "x", RIGHT + "0", RIGHT + "\n", RIGHT[:-1], "\ud800", "\0", "9" * 1_000_000, "២៧១៨២៨8"]
    assert {machine.answer(pin, text) for text in typed} == {("pin_wrong", 0)}
    assert wrong_on_disk(machine.folder) == len(typed)


def test_pauses(machine: Machine) -> None:
    """Five wrong ones, then a pause of 5 min that doubles to an hour; the right PIN waits too."""
    pin = machine.start()
    assert [machine.answer(pin, WRONG) for _ in range(5)] == [("pin_wrong", 0)] * 4 + [("pin_wrong", 300)]
    for pause, longer in ((300, 600), (600, 1200), (1200, 2400), (2400, 3600), (3600, 3600), (3600, 3600)):
        assert machine.answer(pin, RIGHT) == ("pin_locked", pause)
        machine.passed += pause - 1
        assert machine.answer(pin, RIGHT) == ("pin_locked", 1)
        machine.passed += 1
        assert machine.answer(pin, WRONG) == ("pin_wrong", longer)
    machine.passed += 3600
    assert machine.answer(pin, RIGHT) == ("right", 0)
    assert wrong_on_disk(machine.folder) == 0
    assert machine.answer(pin, WRONG) == ("pin_wrong", 0)


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=-400), timedelta(seconds=301)])
def test_clock_set(machine: Machine, jump: timedelta) -> None:
    """A clock that is set, in either direction, neither ends a pause nor makes it longer."""
    pin = machine.start()
    for _ in range(5):
        machine.answer(pin, WRONG)
    machine.wall += jump
    assert machine.answer(pin, RIGHT) == ("pin_locked", 300)
    pin = machine.start()
    assert machine.answer(pin, RIGHT) == ("pin_locked", 300)
    machine.passed += 300
    assert machine.answer(pin, RIGHT) == ("right", 0)


def test_restarts(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A restart keeps count and pause; after the machine's own start the pause begins anew."""
    codes = [machine.answer(machine.start(), WRONG)[0] for _ in range(7)]
    assert codes == ["pin_wrong"] * 5 + ["pin_locked"] * 2
    machine.passed += 200
    assert machine.answer(machine.start(), RIGHT) == ("pin_locked", 100)
    machine.wall += timedelta(days=1)
    for passed in (5, 1_200, 1e6):
        pin = machine.reboot(monkeypatch, passed)
        assert machine.answer(pin, RIGHT) == ("pin_locked", 300)
    machine.passed += 100
    assert machine.answer(machine.start(), RIGHT) == ("pin_locked", 200)
    machine.passed += 200
    assert machine.answer(pin, RIGHT) == ("right", 0)


ACTS = st.one_of(
    st.sampled_from(["right", "wrong", "wrong", "wrong", "restart", "reboot", "full", "room"]),
    st.integers(1, 4_000),
    st.timedeltas(min_value=timedelta(days=-900), max_value=timedelta(days=900)),
)


@given(st.lists(ACTS, max_size=40))
@run(max_examples=60)
def test_against_a_plain_account(tmp_path_factory: pytest.TempPathFactory, acts: list[object]) -> None:
    """Any order of guesses, waits, restarts, clock changes and full disks: never a guess too many.

    A restart while the disk is full may forget what only memory knew; it is left out here.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pin_module, "_hash", quick)
        patch.setattr(pin_module, "_boot", lambda: "boot 0")
        machine = Machine(tmp_path_factory.mktemp("gate"))
        pin = machine.start()
        pin.set(RIGHT)
        wrong, left, full = 0, 0.0, False
        for act in acts:
            if isinstance(act, int):
                machine.passed += act
                left = max(0, left - act)
            elif isinstance(act, timedelta):
                machine.wall = NOW + act
            elif act in ("full", "room"):
                full = act == "full"
            elif act == "restart" and not pin.failing:
                pin = machine.start()
            elif act == "reboot" and not pin.failing and not full:
                pin = machine.reboot(patch, len(acts) * 500.0)
                left = min(300 << (wrong - 5), 3600) if wrong >= 5 else 0
            elif act in ("right", "wrong"):
                with full_disk(10 if full else 1 << 30):
                    code, seconds = machine.answer(pin, RIGHT if act == "right" else WRONG)
                if left > 0:
                    assert (code, seconds) == ("pin_locked", left)
                elif act == "right":
                    assert code == "right"
                    wrong = 0
                else:
                    wrong += 1
                    left = min(300 << (wrong - 5), 3600) if wrong >= 5 else 30 if full else 0
                    assert (code, seconds) == ("pin_wrong", left)


@pytest.mark.parametrize("gates", [1, 3])
def test_many_at_once(machine: Machine, gates: int) -> None:
    """Twenty-four threads guess at once, also through several services: five tries, and not one more."""
    pins = [machine.start() for _ in range(gates)]
    codes: list[str] = []
    ready = Barrier(24)

    def guess(pin: Pin) -> None:
        ready.wait()
        codes.append(machine.answer(pin, WRONG)[0])

    threads = [Thread(target=guess, args=(pins[number % gates],)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["pin_locked"] * 19 + ["pin_wrong"] * 5
    assert wrong_on_disk(machine.folder) == 5
    assert machine.answer(machine.start(), RIGHT)[0] == "pin_locked"


def test_killed(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed at any point of a wrong guess: the file is whole, and who was answered was counted."""
    monkeypatch.setattr(pin_module, "_hash", quick)
    machine.start().set(RIGHT)

    def work(tell: Callable[[str], object]) -> None:
        tell(machine.answer(machine.start(), WRONG)[0])

    def check(words: list[str]) -> None:
        assert machine.start().is_set()
        assert wrong_on_disk(machine.folder) == 1 if words else wrong_on_disk(machine.folder) in (0, 1)

    assert kill_everywhere(lambda: machine.start().set(RIGHT), work, check) >= 5


def test_counted_before_compared(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed while the PIN is compared, right or wrong, the guess has been counted: no sixth try by kills."""
    for guess, typed in enumerate([WRONG, RIGHT, WRONG, WRONG, RIGHT], 1):
        child = os.fork()
        if child == 0:
            monkeypatch.setattr(pin_module, "_hash", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
            machine.answer(machine.start(), typed)
            os._exit(0)
        assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
        assert wrong_on_disk(machine.folder) == guess
    assert machine.answer(machine.start(), RIGHT) == ("pin_locked", 300)


def test_full_disk(machine: Machine) -> None:
    """A disk that takes nothing: it says so, five tries hold all the same, and later it has the count."""
    pin = machine.start()
    told = [pin.failing]
    with full_disk(10):
        assert guessed(machine, pin) == [("pin_wrong", 30)] * 4 + [("pin_wrong", 300)]
        assert machine.answer(pin, RIGHT) == ("pin_locked", 270)
        told.append(pin.failing)
        assert wrong_on_disk(machine.folder) == 0
        machine.passed += 270
        assert machine.answer(pin, RIGHT) == ("right", 0)
        assert guessed(machine, pin) == [("pin_wrong", 30)] * 4 + [("pin_wrong", 300)]
        machine.passed -= 30
        with pytest.raises(GateError) as caught:
            pin.set("161803")
        assert caught.value.code == "disk_full"
    machine.passed += 300
    assert machine.answer(pin, WRONG) == ("pin_wrong", 600)
    assert [*told, pin.failing] == [False, True, False]
    assert wrong_on_disk(machine.folder) == 6
    assert machine.answer(machine.start(), RIGHT) == ("pin_locked", 600)


def guessed(machine: Machine, pin: Pin) -> list[tuple[str, int]]:
    """Five wrong ones, half a minute after each other."""
    answers = []
    for _ in range(5):
        answers.append(machine.answer(pin, WRONG))
        machine.passed += 30
    return answers


def test_uncounted(machine: Machine) -> None:
    """What the disk does not count costs half a minute at once, so that restarts are the only quick tries."""
    pin = machine.start()
    with full_disk(10):
        assert machine.answer(pin, WRONG) == ("pin_wrong", 30)
        machine.wall += timedelta(days=1)
        for typed in (WRONG, RIGHT):
            assert machine.answer(pin, typed) == ("pin_locked", 30)
        machine.passed += 29
        assert machine.answer(pin, RIGHT) == ("pin_locked", 1)
        machine.passed += 1
        assert machine.answer(pin, RIGHT) == ("right", 0)  # a supervisor acts on a full disk
        assert machine.answer(pin, RIGHT) == ("right", 0)
        pin = machine.start()
        assert machine.answer(pin, WRONG) == ("pin_wrong", 30)
    pin.keep()
    assert wrong_on_disk(machine.folder) == 1
    assert machine.answer(pin, RIGHT) == ("pin_locked", 30)
    machine.passed += 30
    assert machine.answer(pin, WRONG) == ("pin_wrong", 0)


def test_set_elsewhere(machine: Machine) -> None:
    """`--set-pin` beside a running service: the new PIN counts there at once, and its pause is over."""
    pin = machine.start()
    with full_disk(10):
        guessed(machine, pin)
    machine.start().set("161803")
    assert machine.answer(pin, "161803") == ("right", 0)


@given(damage=DAMAGE)
def test_damaged(tmp_path_factory: pytest.TempPathFactory, damage: bytes) -> None:
    """A damaged file is no PIN, and opens to none."""
    folder = tmp_path_factory.mktemp("gate")
    (folder / "pin.json").write_bytes(damage)
    pin = Pin(folder)
    assert not pin.is_set()
    for typed in ("", RIGHT):
        with pytest.raises(GateError) as caught:
            pin.check(typed, NOW)
        assert caught.value.code == "pin_unset"


@given(st.sampled_from(["salt", "hash", "wrong", "boot", "until", "more"]), WRONG_VALUES)
def test_damaged_member(tmp_path_factory: pytest.TempPathFactory, name: str, value: object) -> None:
    """One member is another value: it is no PIN, or the wrong PIN stays wrong; nothing else is raised."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pin_module, "_hash", quick)
        machine = Machine(tmp_path_factory.mktemp("gate"))
        machine.start().set(RIGHT)
        path = machine.folder / "pin.json"
        path.write_text(json.dumps(json.loads(path.read_bytes()) | {name: value}))
        pin = machine.start()
        code, seconds = machine.answer(pin, WRONG)
        assert code in {"pin_unset", "pin_wrong", "pin_locked"}
        assert 0 <= seconds <= 3_601
        assert name != "more" or code == "pin_unset"


def test_not_a_file(machine: Machine) -> None:
    """A huge file, a link, a pipe, a folder in its place: no PIN, and nothing hangs."""
    path = machine.folder / "pin.json"
    path.rename(machine.folder / "kept")
    for make in (make_huge, lambda path: path.symlink_to(machine.folder / "kept"), os.mkfifo, Path.mkdir):
        make(path)
        assert not machine.start().is_set()
        assert machine.answer(machine.start(), RIGHT) == ("pin_unset", 0)
        path.rmdir() if path.is_dir() else path.unlink()


def test_supervisors() -> None:
    """A token holds for 5 idle minutes, 30 in all, and only as it was given."""
    passed = 0.0
    supervisors = Supervisors(lambda: passed)
    token = supervisors.open()
    for typed in ("", "x", token[:-1], token + "x", "\ud800", "ក" * 43):
        assert not supervisors.holds(typed)
    for passed in range(0, 1_800, 299):  # noqa: B007 (what the clock shows)
        assert supervisors.holds(token)
    passed = 1_800
    assert not supervisors.holds(token)
    token = supervisors.open()
    passed += 300
    assert not supervisors.holds(token)
    assert len(supervisors) == 0


def test_supervisors_leave() -> None:
    """One leaves, or all; the fifth sends the first away."""
    supervisors = Supervisors(lambda: 0)
    tokens = [supervisors.open() for _ in range(5)]
    assert [supervisors.holds(token) for token in tokens] == [False, True, True, True, True]
    supervisors.close(tokens[1])
    supervisors.close("unknown")
    assert [supervisors.holds(token) for token in tokens] == [False, False, True, True, True]
    supervisors.close_all()
    assert not any(map(supervisors.holds, tokens))
    assert len(set(tokens)) == 5


def test_supervisors_at_once() -> None:
    """Threads come, ask and leave at once: never more than four, and nothing raises."""
    supervisors, most = Supervisors(), []

    def work() -> None:
        for _ in range(300):
            token = supervisors.open()
            supervisors.holds(token)
            most.append(len(supervisors))
            supervisors.close(token)

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 2_400
    assert max(most) <= 4
