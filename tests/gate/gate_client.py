"""Whoever speaks to a running gate: HTTP, its socket, and plain bytes on a connection.

The gate is a program of its own (`Gate`), or runs in a thread of the test where
the test holds its clock (`served`).
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
from gate_house import House
from websockets.sync.client import ClientConnection, connect

from verifier.gate.keyboard import Key
from verifier.gate.pages import Pages
from verifier.gate.service import service
from verifier.gate.service_connections import server
from verifier.gate.station import MAX_MESSAGE

ROOT = Path(__file__).parents[2]
READY = 30
"""Seconds to become ready, on a machine that is busy with other tests."""
PIN = "402815"


class Gate:
    """The gate as a program over `home`, on one port over restarts; what it says is kept, beside the home."""

    def __init__(self, home: Path, *, sticks: Sequence[Path] = (), said: Path | None = None) -> None:
        self.home, self.port = home, free_port()
        self._file = said or home.with_name(f"{home.name}.said.txt")
        folders = [part for folder in sticks for part in ("--stick", str(folder))]
        options = ["--home", str(home), "gate", "--port", str(self.port), *folders]
        self._command = [sys.executable, "-m", "verifier", *options]
        self._program: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        """Starts it."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends it, which it must not have done by itself."""
        assert self._program is not None
        ended = self._program.poll()
        self._program.terminate()
        assert self._program.wait(20) is not None
        assert ended is None, f"the gate ended by itself: {self.said()}"

    def start(self) -> None:
        """Starts it and waits until it answers."""
        with self._file.open("ab") as said:
            self._program = subprocess.Popen(
                self._command, cwd=ROOT, env=dict(os.environ), stdout=said, stderr=said
            )
        end = time.monotonic() + READY
        while True:
            with suppress(httpx.TransportError), Client(self.address) as client:
                if client.get("/health").status_code == 200:
                    return
            assert self._program.poll() is None, f"the gate did not start: {self.said()}"
            assert time.monotonic() < end, "the gate is not ready"
            time.sleep(0.05)

    def kill(self) -> None:
        """As a power cut does."""
        assert self._program is not None
        self._program.kill()
        self._program.wait(20)

    def said(self) -> str:
        """Everything it wrote to the terminal, over all restarts."""
        return self._file.read_text(encoding="utf-8", errors="replace")

    def assert_calm(self, *secrets: str) -> None:
        """It runs, has told of no fault, and of none of these on the terminal or in any file."""
        with Client(self.address) as client:
            assert client.get("/health").status_code == 200
        said = self.said()
        assert "Traceback" not in said, said[-3000:]
        assert "Exception" not in said, said[-3000:]
        for secret in secrets:
            assert secret not in said
        assert not holding(self.home, *secrets)


class Client(httpx.Client):
    """A program, or a page of the gate's own, that sends requests."""

    def __init__(self, address: str, *, timeout: float = 30) -> None:
        super().__init__(base_url=address, trust_env=False, timeout=timeout, verify=False)

    def enter(self, pin: str = PIN) -> httpx.Response:
        """Gives the supervisor's PIN; the cookie is kept."""
        return self.post("/supervisor/enter", json={"pin": pin})

    def act(self, what: str, **members: object) -> httpx.Response:
        """One of the supervisor's acts."""
        return self.post(f"/supervisor/{what}", json=members)


class Page:
    """What a page of the gate is to the service: one socket. Use it as a context."""

    def __init__(self, address: str, **options: Any) -> None:
        self._address, self._options, self._stack = address, options, ExitStack()
        self.heard: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        """Connects."""
        own = {"origin": self._address, "compression": None, "proxy": None, "max_queue": None}
        address = f"{self._address.replace('http', 'ws', 1)}/ws"
        self.socket: ClientConnection = self._stack.enter_context(connect(address, **own | self._options))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hangs up."""
        self._stack.close()

    def say(self, message: object) -> None:
        """Sends a message as JSON."""
        self.socket.send(json.dumps(message))

    def hear(self, kind: str, *, seconds: float = 20) -> dict[str, Any]:
        """The next message of a kind; what comes before it is kept in `heard`."""
        end = time.monotonic() + seconds
        while True:
            message: dict[str, Any] = json.loads(self.socket.recv(timeout=max(0, end - time.monotonic())))
            self.heard.append(message)
            if message["type"] == kind:
                return message

    def scan(self, keys: Sequence[Key], *, final: bool = True) -> bool:
        """Sends the keys of a scan; whether they were taken."""
        burst = [[key.code, key.key, int(key.shift), key.down, key.up] for key in keys]
        self.say({"keys": burst, "enter": True, "final": final})
        return bool(self.hear("keys")["taken"])

    def verdicts(self) -> list[dict[str, Any]]:
        """The verdicts heard so far."""
        return [message for message in self.heard if message["type"] == "verdict"]

    def is_there(self) -> bool:
        """Whether the service still answers this page."""
        return self.scan([Key("KeyA", "a", False, 0.0, 90.0)]) is False


def problem(answer: httpx.Response) -> str:
    """The code of an answer that says no, which is a problem document in both languages (RFC 9457)."""
    document = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert document["status"] == answer.status_code
    assert 400 <= answer.status_code < 500 or answer.status_code == 507
    assert document["type"] == f"urn:montrey:problem:{document['code']}"
    for words in (document["title"], document["detail_km"], document["detail_en"]):
        assert words
        assert "{" not in words
    assert any("\u1780" <= char <= "\u17ff" for char in document["detail_km"])
    return str(document["code"])


def speak(port: int, data: bytes, *, seconds: float = 20, part: int = 1 << 16) -> bytes:
    """What comes back for plain bytes, until the other side closes or is silent for long."""
    heard = b""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        with suppress(ConnectionError):
            for at in range(0, len(data), part):
                connection.sendall(data[at : at + part])
        with suppress(ConnectionError):
            while chunk := connection.recv(1 << 16):
                heard += chunk
    return heard


def holding(folder: Path, *texts: str) -> list[str]:
    """The files below a folder that hold one of the texts, whatever separates its characters."""
    wanted = [text.encode() for text in texts]
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and any(text in path.read_bytes() for text in wanted)
    ]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def served(gate: House) -> Iterator[str]:
    """Serves a gate from a thread of this process; gives its address."""
    gate.station.pages = Pages()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        port = int(listener.getsockname()[1])
        serving = server(service(gate.station, port=port), max_message=MAX_MESSAGE)
        thread = threading.Thread(target=serving.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            end = time.monotonic() + READY
            while not serving.started:
                assert time.monotonic() < end
                time.sleep(0.01)
            yield f"http://127.0.0.1:{port}"
        finally:
            serving.should_exit = True
            thread.join()
