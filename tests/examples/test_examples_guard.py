"""The guard's screen on the demo's trust, opened as the demo says at its end."""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from examples_played import ROOT, copied, play
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from examples.demo_guard import PIN


def test_the_guards_screen(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> None:
    """The command that the demo ends with opens a gate, which judges what the demo says to drop on it."""
    played = play(tmp_path_factory.getbasetemp())
    guard = played.report["guard"]
    end = played.printed[played.printed.rindex(guard["opens"]) :]
    for words in guard["words"].values():
        assert PIN in words
        assert all(line in end for line in words.splitlines())
    copy = copied(played, tmp_path / "copy")
    opens, presents, seal = (
        guard[name].replace(str(played.out), str(copy)) for name in ("opens", "presents", "seal")
    )
    with opened(opens.replace(" --open", " --port 0")) as (address, page):
        drop(address, Path(seal))
        assert verdict(page)["code"] == "card_number_needed"
        page.send(json.dumps({"number": guard["number"]}))
        printed = verdict(page)
        assert (printed["code"], printed["look"]) == ("accepted", "compare")
        assert subprocess.run(["bash", "-c", presents], cwd=ROOT, check=False).returncode == 0
        drop(address, copy / "me.png")
        live = verdict(page)
        assert live["code"] in {"accepted", "show_again"}, "the gate began a moment ago"
        assert live["person"]["card_number"] == guard["number"]
        post(f"{address}supervisor/enter", json.dumps({"pin": PIN}).encode(), "json")


@contextmanager
def opened(command: str) -> Iterator[tuple[str, ClientConnection]]:
    """Runs a gate as somebody types it; gives its address and a page's socket, and ends it by Ctrl-C."""
    with subprocess.Popen(shlex.split(command), cwd=ROOT, stdout=subprocess.PIPE, text=True) as gate:
        try:
            assert gate.stdout is not None
            said = re.search(r"http://127\.0\.0\.1:\d+", gate.stdout.readline())
            assert said is not None
            origin = said.group()
            with connect(f"{origin.replace('http', 'ws')}/ws", origin=Origin(origin), proxy=None) as page:
                yield f"{origin}/", page
        finally:
            gate.send_signal(signal.SIGINT)
            gate.wait(30)


def verdict(page: ClientConnection) -> dict[str, Any]:
    """The next verdict that a gate tells its page."""
    while (message := json.loads(page.recv(timeout=30)))["type"] != "verdict":
        pass
    return dict(message)


def drop(address: str, picture: Path) -> None:
    """Drops a picture on a gate's page."""
    post(f"{address}drop", picture.read_bytes(), "octet-stream")


def post(url: str, body: bytes, kind: str) -> None:
    """Posts to a gate, as its page does."""
    assert url.startswith("http://127.0.0.1:")
    asked = urllib.request.Request(url, body, {"Content-Type": f"application/{kind}"})  # noqa: S310
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked, timeout=30) as answer:
        assert answer.status == 200
