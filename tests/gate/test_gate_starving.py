"""What hangs holds nothing but itself: a stick, a disk, a clock's look; a scan still gets its verdict."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from gate_client import PIN, Client, Page, problem, served
from gate_house import HandClock, House, house, typed
from gate_town import Town

from verifier.gate.pin import Pin

CROWD = 60
"""More than there are threads in the pool that Starlette shares out."""
PATIENCE = 20


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A ministry and one person."""
    return Town(tmp_path_factory.mktemp("starving"), people=1)


@pytest.fixture
def gate(tmp_path: Path, town: Town) -> Iterator[House]:
    """A gate with a PIN."""
    home = town.home(tmp_path / "gate")
    Pin(home / "gate").set(PIN)
    with house(home, time=HandClock(town.now)) as made:
        yield made


@pytest.fixture
def address(gate: House) -> Iterator[str]:
    """The gate at work."""
    with served(gate) as made:
        yield made


class Hanging:
    """In the place of what a broken device holds up, until `let_go`."""

    def __init__(self) -> None:
        self.reached, self.let_go, self.calls = Event(), Event(), 0

    def __call__(self, *_: object) -> None:
        self.calls += 1
        self.reached.set()
        assert self.let_go.wait(60)


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    """Whatever becomes of the test, it is let go."""
    made = Hanging()
    yield made
    made.let_go.set()


def crowd(address: str, ask: Callable[[Client], Any], pool: ThreadPoolExecutor) -> list[Future[str]]:
    """Everybody asks at once; what each is told."""

    def one() -> str:
        with Client(address) as client:
            answer = ask(client)
            return "ok" if answer.is_success else problem(answer)

    return [pool.submit(one) for _ in range(CROWD)]


def until(condition: Callable[[], bool]) -> None:
    """Waits for other threads; a condition that never comes fails the test."""
    for _ in range(PATIENCE * 100):
        if condition():
            return
        time.sleep(0.01)
    pytest.fail("it never happened")


def assert_judges(address: str, town: Town) -> None:
    """A page is given, hears the beat, and a scan its verdict; the gate says how it is."""
    with Client(address) as client:
        for path in ("/", "/page/gate.css", "/health"):
            assert client.get(path).status_code == 200
    with Page(address) as page:
        page.scan(typed("MQ1:" + "0" * 40))
        assert (page.verdicts() or [page.hear("verdict")])[0]["verdict"] in ("refused", "cannot_tell")
        page.scan(typed(town.live(0)))
        page.say({"dismiss": True})
        page.hear("clear")
        for _ in range(2):
            page.hear("state")


def test_a_stick_that_hangs(
    gate: House, address: str, town: Town, hanging: Hanging, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many ask for the update: one waits for the stick, the others hear at once that it is busy."""
    monkeypatch.setattr(gate.station, "update", hanging)
    with ThreadPoolExecutor(CROWD) as pool:
        told = crowd(address, lambda client: client.post("/update", json={"from": "stick"}), pool)
        until(lambda: sum(one.done() for one in told) == CROWD - 1)
        assert_judges(address, town)
        with Client(address) as client:
            assert client.enter().status_code == 200
            assert client.get("/supervisor/log.csv").status_code == 200
        hanging.let_go.set()
        codes = [one.result(PATIENCE) for one in told]
    assert (codes.count("ok"), codes.count("busy_updating")) == (1, CROWD - 1)
    assert hanging.calls == 1
    with Client(address) as client:
        assert client.post("/update", json={"from": "stick"}).status_code == 202


def test_a_disk_that_hangs(
    gate: House, address: str, town: Town, hanging: Hanging, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many guess: two wait for the disk, eight for them, the others go away; then it goes on."""
    with monkeypatch.context() as patch, ThreadPoolExecutor(CROWD) as pool:
        patch.setattr(gate.station.pin, "check", hanging)
        told = crowd(address, lambda client: client.enter("918273"), pool)
        until(lambda: sum(one.done() for one in told) == CROWD - 10)
        assert hanging.calls == 2
        assert {one.result() for one in told if one.done()} == {"gate_busy"}
        assert_judges(address, town)
        hanging.let_go.set()
        codes = [one.result(PATIENCE) for one in told]
        assert codes.count("ok") == 10
    with Client(address) as client:
        assert client.enter().status_code == 200


def test_a_log_that_hangs(
    gate: House, address: str, town: Town, hanging: Hanging, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two wait for their table, which stand in nobody's way; whoever comes then is told so."""

    def lines(_language: str) -> Iterator[str]:
        hanging()
        yield "end"

    monkeypatch.setattr(gate.station.log, "csv", lines)
    with ThreadPoolExecutor(2) as pool, ExitStack() as stack:
        client = stack.enter_context(Client(address))
        client.enter()
        readers = [pool.submit(client.get, "/supervisor/log.csv") for _ in range(2)]
        until(lambda: hanging.calls == 2)
        assert problem(client.get("/supervisor/log.csv")) == "gate_busy"
        assert_judges(address, town)
        hanging.let_go.set()
        assert [reader.result(PATIENCE).text for reader in readers] == ["end", "end"]
        assert client.get("/supervisor/log.csv").text == "end"


def test_a_beat_that_hangs(
    gate: House, address: str, hanging: Hanging, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next one waits for it; scans do not, and pages hear how the gate is."""
    monkeypatch.setattr(gate.station, "_catch_up", hanging)
    assert hanging.reached.wait(PATIENCE)
    with Page(address) as page:
        for _ in range(20):
            page.scan(typed("MQ1:" + "0" * 40))
        assert page.verdicts() or page.hear("verdict")
        for _ in range(2):
            page.hear("state")
    assert hanging.calls == 1


def test_a_fault_over_a_frame_is_answered(
    gate: House, address: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The camera goes on; where it happened stands on the terminal, and what was read does not."""
    faults: list[Exception] = [RuntimeError("SECRET"), KeyError("SECRET"), OSError("SECRET")]

    def frame(_data: bytes) -> bool:
        if faults:
            raise faults.pop()
        return True

    monkeypatch.setattr(gate.station.reception, "frame", frame)
    with Page(address) as page:
        for found in (False, False, False, True):
            page.socket.send(b"\x08")
            assert page.hear("frame")["found"] is found
    said = capfd.readouterr().err
    assert "SECRET" not in said
    for name in ("RuntimeError", "KeyError", "OSError"):
        assert f"{name}: a frame was not judged" in said


def test_a_gate_ends_beside_what_hangs(
    gate: House, hanging: Hanging, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service comes to its end although a request waits for a device."""
    monkeypatch.setattr(gate.station, "update", hanging)
    with ExitStack() as stack:
        address = stack.enter_context(served(gate))
        client = stack.enter_context(Client(address))
        asking = Thread(target=lambda: _ask(client))
        asking.start()
        assert hanging.reached.wait(PATIENCE)
    asking.join(PATIENCE)
    assert not asking.is_alive()


def _ask(client: Client) -> None:
    try:
        client.post("/update", json={"from": "stick"})
    except Exception:  # noqa: BLE001 (the gate is gone before it has an answer)
        return
