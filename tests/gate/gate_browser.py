"""Debian's Chromium without a network, for the tests that look at the gate's page.

Where it is missing they are skipped with that reason, and fail where the
environment variable CI is set.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page

CHROMIUM = Path("/usr/bin/chromium")
_ALONE = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
_FAKE_CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")

_WATCH = """
(() => {
  const seen = globalThis.gateSeen = {keys: [], verdicts: []};
  addEventListener("keydown", event => {
    if (event.key !== "Shift") seen.keys.push(event.timeStamp);
  }, true);
  const look = () => {
    const {verdict, code, look} = document.body.dataset;
    if (!verdict) return;
    const number = document.getElementById("card-number")?.textContent.replaceAll(" ", "");
    const told = {verdict, code, look, number, changedAt: performance.now()};
    requestAnimationFrame(() => seen.verdicts.push({...told, shownAt: performance.now()}));
  };
  addEventListener("DOMContentLoaded", () => new MutationObserver(look).observe(
    document.body, {attributes: true, attributeFilter: ["data-verdict"]}));
})();
"""
"""Notes every key, and every verdict at the frame that shows it."""


class GatePage:
    """A page of the gate. Whatever it says on its console as an error is kept in `errors`."""

    def __init__(self, page: Page, port: int) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.add_init_script(_WATCH)
        session = page.context.new_cdp_session(page)
        target = session.send("Target.getTargetInfo")["targetInfo"]["targetId"]
        session.detach()
        self.devtools = f"ws://127.0.0.1:{port}/devtools/page/{target}"
        """Where this page's DevTools are spoken to."""

    def open(self, url: str) -> None:
        """Goes to an address and waits until the page is there."""
        self.page.goto(url, wait_until="load")

    def ask(self, expression: str) -> Any:
        """The value of a JavaScript expression. The page's policy of content does not bind DevTools."""
        return self.page.evaluate(expression)

    def until(self, holds: Callable[[], object], *, seconds: float = 10, every: float = 0.02) -> bool:
        """Looks again and again whether something holds; False when it did not in time."""
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                return False
            self.page.wait_for_timeout(1000 * every)
        return True

    def shown(self) -> tuple[str, str]:
        """Verdict and code that stand on the page; empty where none does."""
        verdict, code = self.ask("[document.body.dataset.verdict ?? '', document.body.dataset.code ?? '']")
        return verdict, code

    def verdicts(self) -> list[dict[str, Any]]:
        """Every verdict that came up since the page was opened or `forget`, oldest first.

        Each has `verdict`, `code`, `look`, `number`, and in milliseconds of the
        page's clock `changedAt` and `shownAt`, the frame that shows it.
        """
        return list(self.ask("gateSeen.verdicts"))

    def keys(self) -> list[float]:
        """When keys went down, in milliseconds of the same clock, Shift left out."""
        return list(self.ask("gateSeen.keys"))

    def forget(self) -> None:
        """Empties what `verdicts` and `keys` tell."""
        self.ask("void (gateSeen.verdicts.length = 0, gateSeen.keys.length = 0)")

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)


@contextmanager
def gate_browser(
    *, film: Path | None = None, size: tuple[int, int] = (1024, 768), args: Sequence[str] = ()
) -> Iterator[GatePage]:
    """A fresh Chromium with one page, before whose camera `film` runs (a .y4m or .mjpeg) if there is one.

    When it is over, a page that had errors fails the test.
    """
    if not CHROMIUM.exists():
        missing("no chromium: apt-get install chromium")
    from playwright.sync_api import sync_playwright  # an extra, which other tests do without

    port = _free_port()
    camera = () if film is None else (*_FAKE_CAMERA, f"--use-file-for-fake-video-capture={film}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*_ALONE, *camera, *args, f"--remote-debugging-port={port}"]
        )
        try:
            context = browser.new_context(viewport={"width": size[0], "height": size[1]})
            if film is not None:
                context.grant_permissions(["camera"])
            page = GatePage(context.new_page(), port)
            yield page
            assert not page.errors, page.errors
        finally:
            browser.close()


def missing(reason: str) -> None:
    """Skips the test, or fails it where everything has to be there."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
