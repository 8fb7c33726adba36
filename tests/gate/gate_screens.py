"""Four pages before one gate, in both languages and two sizes: each is looked at, and kept as a picture."""

from __future__ import annotations

import io
import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn
from gate_browser import GatePage, gate_browser
from gate_house import House
from PIL import Image

from verifier.gate.pages import Pages
from verifier.gate.service import service

LANGUAGES, SIZES = ("km", "en"), ((1024, 768), (1920, 1080))
PICTURES = os.environ.get("MONTREY_SCREENS")
"""The folder in which pictures are kept, where they are wanted."""
_COLOURS = 28
_REFUSED = "Failed to load resource"
"""What Chromium itself says on the console of each answer that is a refusal."""

_SHOWN = "({...document.body.dataset, li: document.querySelectorAll('#notices li').length})"
_FAULTS = """
() => {
  const faults = [], wide = innerWidth + 1, high = innerHeight + 1;
  if (document.documentElement.scrollWidth > wide) faults.push("the page is wider than the screen");
  const seen = {visibilityProperty: true, opacityProperty: true};
  const shown = (e) => e.checkVisibility(seen) && !e.matches("option");
  const says = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  for (const e of document.body.querySelectorAll("*")) {
    if (!shown(e)) continue;
    const {left, top, right, bottom, width} = e.getBoundingClientRect();
    const name = `${e.tagName}#${e.id} ${e.textContent.trim().slice(0, 30)}`;
    if (says(e) && width) {
      if (left < -1 || top < -1 || right > wide || bottom > high) faults.push(`beyond the screen: ${name}`);
      if (getComputedStyle(e).display !== "inline" && e.scrollWidth > e.clientWidth + 1)
        faults.push(`cut: ${name}`);
    }
    if (/auto|scroll|hidden/.test(getComputedStyle(e).overflowY) && e.scrollHeight > e.clientHeight + 2)
      if (e !== document.body) faults.push(`must be scrolled by ${e.scrollHeight - e.clientHeight}: ${name}`);
  }
  return faults;
}
"""
"""What a reader would miss: text that is cut or beyond the screen, a place that has to be scrolled."""


@dataclass
class Screens:
    """The pages of a gate; `look` holds each against what it has to show, and collects what is wrong."""

    gate: House
    pages: dict[tuple[str, int], GatePage]
    wrong: list[str] = field(default_factory=list)

    def each(self, act: Callable[[GatePage], object]) -> None:
        """Does something on every page."""
        for page in self.pages.values():
            act(page)

    def wait(self, holds: Callable[[GatePage], object]) -> None:
        """Waits until something holds on every page."""
        for (language, width), page in self.pages.items():
            assert page.until(partial(holds, page), seconds=30), (language, width)

    def click(self, place: str) -> None:
        """Clicks on every page."""
        self.each(lambda page: page.page.evaluate("(at) => document.querySelector(at).click()", place))

    def look(self, name: str, state: str = "waiting", *notices: str, **data: str) -> None:
        """Every page comes to show this, in words that are whole.

        `notices` are those that the gate has to have now, the page's band shows
        as many; `data` is more of what the page's body says.
        """
        wanted = {"state": state, "verdict": "", "look": "", "code": "", **data}
        if state != "gone":
            self.gate.station.tell_state()
        if self.gate.notices() != set(notices):
            self.wrong.append(f"{name}: the gate has {self.gate.notices()} to say")
        for (language, width), page in self.pages.items():
            told = [f"{name} {language} {width}: {fault}" for fault in _look(page, wanted, len(notices))]
            self.wrong += told
            if PICTURES:
                _keep(page.page.screenshot(), Path(PICTURES) / f"{name}.{language}.{width}.png")


def _look(page: GatePage, wanted: Mapping[str, str], notices: int) -> list[str]:
    """What is wrong on a page that is to show this."""
    seen: dict[str, Any] = {}

    def shows() -> bool:
        seen.update(
            page.ask("({...document.body.dataset, li: document.querySelectorAll('#notices li').length})")
        )
        return seen["li"] == notices and all(seen.get(key, "") == value for key, value in wanted.items())

    faults = [] if page.until(shows) else [f"shows {seen}"]
    page.page.wait_for_timeout(40)  # so that what is new is painted
    faults += page.ask(f"({_FAULTS})()")
    faults += [error for error in page.errors if not (_REFUSED in error or wanted["state"] == "gone")]
    page.errors.clear()
    return faults


@contextmanager
def screens(gate: House, *, film: Path | None = None) -> Iterator[Screens]:
    """A gate's service and its pages, for a while; what was wrong on them is the test's failure."""
    gate.station.pages = Pages()
    sound = "--autoplay-policy=no-user-gesture-required"  # as somebody had touched it
    with serving(gate) as address, gate_browser(film=film, args=[sound]) as first:
        made = Screens(
            gate, {(language, w): _page(first, (w, h)) for language in LANGUAGES for w, h in SIZES}
        )
        for (language, _), page in made.pages.items():
            page.open(f"{address}?lang={language}")
        made.each(lambda page: page.until(lambda: page.ask("document.body.dataset.mode")))
        made.each(lambda page: page.page.evaluate("document.fonts.ready"))
        yield made
        assert not made.wrong, "\n".join(made.wrong)


def _page(first: GatePage, size: tuple[int, int]) -> GatePage:
    """Another page of this browser, of its own cookies."""
    browser = first.page.context.browser
    assert browser is not None
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    context.grant_permissions(["camera"])
    return GatePage(context.new_page(), int(first.devtools.split("/")[2].split(":")[1]))


@contextmanager
def serving(gate: House) -> Iterator[str]:
    """The gate's service in a thread of this process; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
        config = uvicorn.Config(
            service(gate.station, port=port),
            log_config=None,
            lifespan="on",
            ws="websockets-sansio",
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        gate_ends[id(gate)] = partial(_stop, server, thread)
        try:
            yield f"http://127.0.0.1:{port}/"
        finally:
            end(gate)


gate_ends: dict[int, Callable[[], object]] = {}


def end(gate: House) -> None:
    """Ends the service of a gate; its pages stay where they are."""
    if stop := gate_ends.pop(id(gate), None):
        stop()


def _stop(server: uvicorn.Server, thread: threading.Thread) -> None:
    server.should_exit = True
    thread.join(10)


def _keep(picture: bytes, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(io.BytesIO(picture)) as image:
        few = image.convert("RGB").quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(path, optimize=True)
