"""The gate as the program that a ministry starts, on a port of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
READY = 30
"""Seconds to become ready, on a machine that is busy with other tests."""


@contextmanager
def gate_program(home: Path, *args: str, stick: Sequence[Path] = ()) -> Iterator[str]:
    """`montrey-verifier gate` over `home`, until the block ends; gives its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
    sticks = [part for folder in stick for part in ("--stick", str(folder))]
    command = [sys.executable, "-m", "verifier", "--home", str(home), "gate", "--port", str(port)]
    address = f"http://127.0.0.1:{port}/"
    with (home.parent / "gate.txt").open("wb") as said:
        program = subprocess.Popen(
            [*command, *sticks, *args], cwd=ROOT, env=dict(os.environ), stdout=said, stderr=said
        )
        try:
            _wait(f"{address}health", program)
            yield address
            assert program.poll() is None, "the gate ended by itself"
        finally:
            program.terminate()
            program.wait(20)


def _wait(address: str, program: subprocess.Popen[bytes]) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + READY
    while True:
        try:
            with opener.open(address, timeout=2):
                return
        except OSError:
            assert program.poll() is None, "the gate did not start"
            assert time.monotonic() < end, "the gate is not ready"
            time.sleep(0.05)
