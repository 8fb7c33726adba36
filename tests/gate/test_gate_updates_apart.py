"""Updates as a gate runs them, in a process of their own: ended anywhere, killed, and over the network."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest
from update_gate import UpdateGate, run_here

from trust import http_source
from verifier.gate import update_job, updates
from verifier.gate.errors import GateError
from verifier.gate.setting_rules import is_address
from verifier.gate.update_job import Job
from verifier.gate.update_process import run_apart
from verifier.gate.updates import UpdateNews, Updates

PATIENCE = 30.0
"""Seconds that a test waits for what has to come."""
ROOT = Path(__file__).parents[2]


@pytest.fixture
def gate(tmp_path: Path) -> UpdateGate:
    """A gate that has its first publication, and updates in a process of their own."""
    return UpdateGate(tmp_path).apart()


def test_a_stick_in_a_process_of_its_own(gate: UpdateGate) -> None:
    """The same news as in this one; nothing of it is left open or running."""
    open_before = len([*Path("/proc/self/fd").iterdir()])
    end = gate.take(gate.stick("second"))
    assert (end.ok, end.changed, end.code, gate.changes) == (True, True, "", 1)
    assert "status as of 2026-11-29 16:00 +07:00" in end.words.en
    assert len([*Path("/proc/self/fd").iterdir()]) == open_before
    assert not gate.take(gate.folder / "second").changed
    (gate.folder / "second" / "metadata" / "timestamp.json").write_bytes(b"{")
    assert gate.take(gate.folder / "second").code == "torn"


def test_a_folder_of_any_name(gate: UpdateGate) -> None:
    """Khmer, spaces, a line's end, and bytes that are no UTF-8: as sticks have them."""
    stick = gate.stick("second")
    name = os.fsdecode("ឧបករណ៍ \u200b\n\\".encode() + b"\xff")
    assert gate.take(gate.copy(stick, name)).changed


def test_nothing_is_imported_from_where_the_gate_was_started(
    gate: UpdateGate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not from a stick either, on which somebody has put a `json.py`."""
    stick = gate.stick("second")
    (stick / "json.py").write_text("raise SystemExit(1)")
    monkeypatch.chdir(stick)
    assert gate.take(stick).changed


@pytest.mark.parametrize("step", [1, 2, 5, 8])
def test_cancelled_at_any_step(gate: UpdateGate, step: int) -> None:
    """Told as stopped, or as done if it was; the home loads, and the stick is taken afterwards."""
    stick = gate.stick("second")

    def hear(news: UpdateNews) -> None:
        gate.hear(news)
        if len(gate.news) == step:
            gate.updates.cancel()

    gate.updates = Updates(gate.home, lambda: gate.now, hear, gate.change)
    end = gate.take(stick)
    assert (end.code, end.ok, end.changed) in {("cancelled", False, False), ("", True, True)}
    assert gate.verdict() == "accepted"
    assert not gate.updates.busy
    assert gate.apart().take(stick).ok
    assert gate.versions() <= 2


@pytest.mark.parametrize("seed", range(2))
def test_killed_while_it_writes(gate: UpdateGate, seed: int) -> None:
    """kill -9 of the process at random moments: the home is the old one or the new one, and is finished."""
    draw = random.Random(seed)
    old, stick = gate.state(), gate.stick("second")
    shutil.copytree(gate.home, gate.folder / "saved", symlinks=True)
    states = set()
    for _ in range(6):
        process = subprocess.Popen(
            [sys.executable, "-m", update_job.__name__],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(update_job.to_line(Job(gate.home, gate.now, stick)))
        process.stdin.close()
        for _ in range(draw.randrange(8)):  # lines: files that it has read
            process.stdout.readline()
        time.sleep(draw.uniform(0, 0.03))
        process.kill()
        process.wait()
        process.stdout.close()
        states.add(gate.state() == old)
        assert gate.verdict() == "accepted"
        assert gate.take(stick).ok
        assert gate.state() != old
        assert gate.versions() <= 2
        shutil.rmtree(gate.home)
        shutil.copytree(gate.folder / "saved", gate.home, symlinks=True)
    assert True in states


def test_the_gate_is_killed_while_it_updates(gate: UpdateGate) -> None:
    """kill -9 of the gate itself: what it had begun ends by itself, and the home is whole."""
    old, stick = gate.state(), gate.stick("second")
    program = (
        "import sys, pathlib, datetime\n"
        "from verifier.gate.updates import Updates\n"
        "home, stick, now = sys.argv[1:]\n"
        "clock = lambda: datetime.datetime.fromisoformat(now)\n"
        "tell = lambda news: print(news.phase, flush=True)\n"
        "Updates(pathlib.Path(home), clock, tell).from_stick(pathlib.Path(stick), wait=True)\n"
    )
    for lines in (1, 2, 4, 6):
        process = subprocess.Popen(
            [sys.executable, "-c", program, str(gate.home), str(stick), gate.now.isoformat()],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        for _ in range(lines):
            assert process.stdout.readline() == b"stick\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert gate.verdict() == "accepted"
        until = time.monotonic() + PATIENCE
        while (end := gate.take(stick)).code == "home_busy":
            assert time.monotonic() < until
        assert end.ok
        assert gate.state() != old


def test_closed_while_it_updates(gate: UpdateGate, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that says nothing holds no gate up that is being closed, and the home is free at once."""
    with served(_Silent) as port:
        gate.updates.from_network(f"http://127.0.0.1:{port}")
        assert _Silent.asked.wait(PATIENCE)
        gate.updates.close()
        end = gate.end()
    assert (end.ok, end.code) == (False, "cancelled")
    for start in (partial(gate.updates.from_stick, gate.first), partial(gate.updates.from_delta, "MS1:")):
        with pytest.raises(GateError):
            start()
    assert gate.apart().take(gate.stick("second")).changed


def test_over_the_network(gate: UpdateGate) -> None:
    """From a server on this machine: progress, news, and nothing newer the second time."""
    gate.stick("second")
    with served(partial(_Folder, directory=str(gate.folder / "second"))) as port:
        for changed in (True, False):
            gate.updates.from_network(f"http://127.0.0.1:{port}/", wait=True)
            assert {news.phase for news in gate.news} - {"loading"} == {"network", "done"}
            end = gate.end()
            assert (end.ok, end.changed, end.code, gate.changes) == (True, changed, "", 1)
            assert "stick" not in end.words.en
        gate.updates.from_network(f"http://127.0.0.1:{port}/nothing/here", wait=True)
        end = gate.end()
    assert (end.code, "address" in end.words.en) == ("no_publication", True)
    gate.updates.from_network(f"http://127.0.0.1:{port}", wait=True)  # which is closed by now
    end = gate.end()
    assert (end.code, end.words.en[:26]) == ("source_unreadable", "The server does not answer")


def test_a_server_that_drips_is_left(gate: UpdateGate, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the whole time that it may take; the home has what it had, and is free."""
    monkeypatch.setattr(updates, "NETWORK_SECONDS", 1.0)
    before = gate.state()
    with served(_Dripping) as port:
        gate.updates.from_network(f"http://127.0.0.1:{port}", wait=True)
        end = gate.end()
    assert (end.ok, end.code) == (False, "too_slow")
    assert gate.state() == before
    assert gate.take(gate.stick("second")).changed


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (socket.gaierror(-3, "Temporary failure in name resolution"), "no_network"),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "no_network"),
        (OSError(errno.EHOSTUNREACH, "No route to host"), "no_network"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), "source_unreadable"),
        (TimeoutError(), "source_unreadable"),
        (ssl.SSLCertVerificationError(1, "certificate verify failed"), "bad_certificate"),
    ],
)
def test_no_network_is_said_plainly(
    gate: UpdateGate, monkeypatch: pytest.MonkeyPatch, error: Exception, code: str
) -> None:
    """A cable that is out, an unknown name, a server that is down or a stranger's: each in its words."""

    def fail(*_: object, **__: object) -> None:
        raise URLError(error)

    monkeypatch.setattr(http_source.request.OpenerDirector, "open", fail)  # type: ignore[attr-defined]
    here = Updates(gate.home, lambda: gate.now, gate.hear, gate.change, run=run_here)
    here.from_network("https://trust.example", wait=True)
    end = gate.end()
    assert (end.ok, end.changed, end.code, gate.changes) == (False, False, code, 0)
    assert "The machine keeps what it had." in end.words.en


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://trust.example/",
        "http://192.0.2.1/",
        "http://127.0.0.1.example/",
        "http://localhost.example/",
        "ftp://127.0.0.1/",
        "file:///media/stick",
        "/media/stick",
        "https://",
        "https:///x",
        "https://somebody:secret@trust.example/",
        "https://trust.example/\nx",
        "https://trust.example/ x",
        "https://trust.example:port/",
        "https://trust.example/?a=b",
        "https://ក្រសួង.example/",
        "https://[::1/",
    ],
)
def test_an_address_that_is_not_asked(gate: UpdateGate, url: str) -> None:
    """Only HTTPS, or HTTP to this machine, without anybody's name in it."""
    with pytest.raises(GateError) as refusal:
        gate.updates.from_network(url)
    assert refusal.value.code == "no_source"
    assert not gate.updates.busy
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    "url",
    [
        "https://trust.example",
        "https://trust.example:8443/gate/",
        "http://127.0.0.1:80/",
        "http://[::1]:1/a",
        "http://localhost",
    ],
)
def test_an_address_that_is_asked(url: str) -> None:
    """These are."""
    assert is_address(url)


def test_a_process_that_talks_nonsense(gate: UpdateGate, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that cannot begin, says nothing, or too much: a failed update, and no more."""
    job = Job(gate.home, gate.now, gate.first)
    for program in (
        "import nothing_of_that_name",
        "",
        "print('x' * 10**6)",
        "import os; os.kill(os.getpid(), 9)",
    ):
        folder = gate.folder / "fake"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / "fake_job.py").write_text(program)
        monkeypatch.setenv("PYTHONPATH", str(folder))
        monkeypatch.setattr(update_job, "__name__", "fake_job")
        assert run_apart(job, lambda *_: None, lambda: False, PATIENCE).code == "update_failed"


class _Quiet(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Says nothing."""


class _Silent(_Quiet):
    asked = threading.Event()
    done = threading.Event()

    def do_GET(self) -> None:
        """Nothing, until the test is over."""
        self.asked.set()
        self.done.wait(PATIENCE)


class _Dripping(_Quiet):
    def do_GET(self) -> None:
        """A byte now and then, for as long as anybody listens."""
        try:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while True:
                self.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            self.close_connection = True


class _Folder(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Says nothing."""


@contextmanager
def served(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[int]:
    """A server on this machine, on the port that is given."""
    _Silent.asked.clear()
    _Silent.done.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_port
    finally:
        _Silent.done.set()
        server.shutdown()
        thread.join()
        server.server_close()
