"""A foreign page in the guard's own browser, where a supervisor is at work: nothing that it tries is done."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from gate_browser import GatePage, gate_browser
from gate_client import PIN, Client, Gate, Page
from gate_town import Town

from verifier.gate.pages import MOST
from verifier.gate.pin import Pin

pytestmark = pytest.mark.browser
PAGE = Path(__file__).with_name("foreign.html")
REBOUND = "--host-resolver-rules=MAP evil.example 127.0.0.1"
"""A name of somebody else's that leads to this machine, as DNS rebinding has it."""


class _Foreign(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """The one page, whatever is asked for."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGE.read_bytes())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name of the base class)
        """Nothing is told."""


@pytest.fixture
def foreign() -> Iterator[int]:
    """The port of a server of foreign pages."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Foreign) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def test_nothing_is_done_for_a_foreign_page(tmp_path: Path, foreign: int) -> None:
    """Of another port, another name, a name that leads here: no act, no socket, no frame, not a word read."""
    home = Town(tmp_path, people=1).home(tmp_path / "gate")
    Pin(home / "gate").set(PIN)
    with Gate(home) as gate, Client(gate.address) as client, gate_browser(args=[REBOUND]) as browser:
        client.enter()
        settings = client.get("/supervisor/settings").json()
        supervisor_sits_down(browser, gate)
        with Page(gate.address) as own:
            for host in ("127.0.0.1", "localhost", "evil.example"):
                browser.open(f"http://{host}:{foreign}/?gate={gate.address}")
                assert browser.until(lambda: browser.ask("window.finished === true"), seconds=30)
                results = browser.ask("window.results")
                assert len(results) == 31
                assert set(results.values()) <= {"failed", "opaque", "error"}, results
                assert not browser.ask(
                    "document.getElementById('framed').contentDocument?.body.dataset?.state ?? ''"
                )
                frames = browser.page.frames[1:]
                assert not any(frame.locator("#waiting").count() for frame in frames)
            assert own.is_there()
            assert own.verdicts() == []
            assert not [message for message in own.heard if message["type"] == "update"]
        browser.page.goto(f"http://evil.example:{gate.port}/")
        assert "wrong_host" in browser.page.content()
        assert browser.page.locator("#waiting").count() == 0
        browser.open(f"{gate.address}/?lang=en")
        entered = "fetch('/supervisor/settings').then(answer => answer.status)"
        assert browser.ask(entered) == 200  # nobody was sent away either
        with ExitStack() as stack:
            for _ in range(MOST - 1):
                assert stack.enter_context(Page(gate.address)).is_there()
        assert client.get("/supervisor/settings").json() == settings
        log = client.get("/supervisor/log.csv?lang=en").text
        assert "foreign page" not in log
        assert len(log.splitlines()) == 4  # its head, the start, and two who gave the PIN
        browser.errors = []  # the foreign page's
        gate.assert_calm(PIN)


def supervisor_sits_down(browser: GatePage, gate: Gate) -> None:
    """Gives the PIN in the browser, which has the cookie from now on."""
    browser.open(f"{gate.address}/?lang=en")
    browser.page.click("#supervisor-open")
    browser.page.fill("#pin", PIN)
    browser.page.locator("#pin").press("Enter")
    assert browser.until(
        lambda: browser.ask("document.getElementById('supervisor').dataset.inside") == "true"
    )
