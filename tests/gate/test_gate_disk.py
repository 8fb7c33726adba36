"""A disk that is full, or only to be read: the gate goes on judging, says so, and recovers."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from gate_browser import missing
from gate_client import PIN, Client, Gate, Page, problem
from gate_house import typed
from gate_town import Town

from verifier.gate.pin import Pin

pytestmark = pytest.mark.namespace
GUESS = "918273"
LATER = timedelta(seconds=60)
"""A gate that has just started asks for codes that are newer than its start and a minute."""


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """A ministry and its people."""
    return Town(tmp_path, people=4)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, of a megabyte and a half."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0:
        missing("a disk is mounted by root")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1536k", "gate-test", folder], check=False, capture_output=True
    )
    if mounted.returncode:
        missing(f"no disk can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@pytest.fixture
def home(disk: Path, town: Town) -> Path:
    """A gate's home on that disk, with a PIN."""
    made = town.home(disk / "home")
    Pin(made / "gate").set(PIN)
    return made


@pytest.fixture
def said(tmp_path: Path) -> Path:
    """Where the gate's words go, on another disk."""
    return tmp_path / "said.txt"


def fill(disk: Path) -> Path:
    """Takes all room that is left; returns the file that has it."""
    file = disk / "full"
    with file.open("wb", buffering=0) as filling:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while filling.write(b"\xff" * size):
                    pass
            except OSError:
                continue
    assert shutil.disk_usage(disk).free == 0
    return file


def remount(disk: Path, how: str) -> None:
    """Makes the disk one that is only to be read, or again one that takes something."""
    subprocess.run(["mount", "-o", f"remount,{how}", disk], check=True)


def notices(client: Client) -> set[str]:
    """The codes of what the screen says."""
    return set(client.get("/health").json()["notices"])


def until(holds: Callable[[], bool], *, seconds: float = 20) -> bool:
    """Whether something comes to hold within that time."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def shown(page: Page, town: Town, person: int) -> str:
    """The code of the verdict over a live code, made new enough for a gate that has just started."""
    code = "show_again"
    while code == "show_again":  # in the second of the start
        assert page.scan(typed(town.live(person, town.now + LATER)))
        code = str(page.verdicts()[-1]["code"])
    return code


def judges(page: Page) -> bool:
    """Whether twenty codes get their verdicts; a full disk has still some room in the log's last block."""
    before = len(page.verdicts())
    return all(page.scan(typed(f"HTTPS://EVIL.EXAMPLE/{before + i}")) for i in range(20))


@pytest.mark.parametrize("how", ["full", "read-only"])
def test_it_goes_on_judging(home: Path, disk: Path, said: Path, town: Town, how: str) -> None:
    """Verdicts come, the state says what cannot be kept, the old settings stand; then all is kept again."""
    with Gate(home, said=said) as gate, Client(gate.address) as client, Page(gate.address) as page:
        assert shown(page, town, 0) == "accepted"
        assert client.enter().status_code == 200
        old = client.get("/supervisor/settings").json()
        assert not notices(client) & {"cannot_keep", "cannot_keep_time"}
        with ExitStack() as stack:
            if how == "full":
                file = fill(disk)
                stack.callback(file.unlink)
            else:
                remount(disk, "ro")
                stack.callback(remount, disk, "rw")
            assert shown(page, town, 1) == "accepted"
            assert until(lambda: judges(page) and "cannot_keep" in notices(client))
            answer = client.put("/supervisor/settings", json=old | {"log_days": 3})
            assert (answer.status_code, problem(answer)) == (507, "disk_full")
            assert client.get("/supervisor/settings").json() == old
            assert problem(client.act("pin", pin=PIN, new="730164")) == "disk_full"
            assert client.act("pass", reason="forgot the phone").status_code == 200
            assert "could not be written down" in page.hear("verdict")["advice"]["en"]
            assert page.hear("state")["remembers"] is False
            assert shown(page, town, 2) == "accepted"
            assert client.enter().status_code == 200
        assert until(lambda: not notices(client) & {"cannot_keep", "cannot_keep_time"})
        assert client.put("/supervisor/settings", json=old | {"log_days": 3}).status_code == 200
        assert shown(page, town, 3) == "accepted"
        assert until(lambda: client.get("/supervisor/log.csv?lang=en").text.count("forgot the phone") == 1)
        gate.assert_calm(PIN)


@pytest.mark.parametrize("how", ["full", "read-only"])
def test_a_restart(home: Path, disk: Path, said: Path, town: Town, how: str) -> None:
    """It starts over such a disk as well, with the settings and the PIN that stand there."""
    if how == "full":
        fill(disk)
    else:
        remount(disk, "ro")
    with Gate(home, said=said) as gate, Client(gate.address) as client, Page(gate.address) as page:
        assert shown(page, town, 0) == "accepted"
        assert until(lambda: "cannot_keep" in notices(client))
        assert client.enter().status_code == 200
        assert client.get("/supervisor/settings").json()["log_days"] == 7
        gate.kill()
        gate.start()
        client.cookies.clear()
        with Client(gate.address) as again:
            assert again.enter().status_code == 200
        gate.assert_calm(PIN)


def test_a_first_start(disk: Path, said: Path, town: Town, tmp_path: Path) -> None:
    """A home that no gate has run over, on a disk that is only to be read: there is a gate all the same."""
    shutil.copytree(town.home(tmp_path / "other"), disk / "home")
    remount(disk, "ro")
    with Gate(disk / "home", said=said) as gate, Page(gate.address) as page, Client(gate.address) as client:
        assert shown(page, town, 0) == "accepted"
        assert until(lambda: {"cannot_keep", "cannot_keep_time", "pin_unset"} <= notices(client))
        assert problem(client.enter()) == "pin_unset"
        gate.assert_calm()


def test_the_pin_is_locked_all_the_same(home: Path, disk: Path, said: Path) -> None:
    """A guess that cannot be counted on the disk costs half a minute."""
    with Gate(home, said=said) as gate, Client(gate.address) as client:
        fill(disk)
        assert problem(client.enter(GUESS)) == "pin_wrong"
        assert problem(client.enter(GUESS)) == "pin_locked"
        assert problem(client.enter()) == "pin_locked"
        gate.assert_calm(PIN, GUESS)
