"""How a gate starts: how long it takes until it answers (shown with -s), and its page in a browser."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import pytest
from gate_program import gate_program
from gate_town import Town

STARTS = 5


def test_from_start_to_ready(tmp_path: Path) -> None:
    """It comes up over a synced home, each time; the seconds from exec to the answer of /health are shown."""
    home = Town(tmp_path).home(tmp_path / "gate")
    took = []
    for _ in range(STARTS):
        began = time.perf_counter()
        with gate_program(home):
            took.append(time.perf_counter() - began)
    shown = ", ".join(f"{seconds:.2f}" for seconds in took)
    print(f"\nstart to ready: median {statistics.median(took):.2f} s of {shown}")


def test_it_opens_its_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--open` shows the page in a browser; the gate waits for none that returns only at its own end."""
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\necho "$1" >{opened}\nexec sleep 15\n')
    browser.chmod(0o700)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    with gate_program(Town(tmp_path).home(tmp_path / "gate"), "--open") as address:
        until = time.monotonic() + 10
        while not opened.exists() or not opened.read_text().endswith("\n"):
            assert time.monotonic() < until
            time.sleep(0.02)
    assert opened.read_text() == f"{address}?lang=en\n"
