"""The gate's whole browser test in a network namespace of its own; `test_gate_offline` starts it there.

    unshare --net --mount python offline_day.py FOLDER [leak]

Prints one JSON object: what was done, and how many packets were sent beyond
loopback. With `leak` something is sent on purpose, and counted.
"""

from __future__ import annotations

import json
import os
import random
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "gate")]

from gate_browser import GatePage, gate_browser  # noqa: E402 (this is a program)
from gate_client import PIN, Client, Gate, Page  # noqa: E402
from gate_town import Town  # noqa: E402
from layouts import US, positions  # noqa: E402
from typist import Typist, scan, typist  # noqa: E402
from way_out import listen, open_way_out, sent  # noqa: E402

from verifier.gate.pin import Pin  # noqa: E402

AHEAD = timedelta(seconds=60)
BANK_CARD = "4111111111111111"
NOBODY_ELSES = ("--host-resolver-rules=MAP *.google.com ~NOTFOUND , MAP *.googleapis.com ~NOTFOUND",)
"""Chromium asks its maker by itself for accounts and updates. Every other name and address may be tried."""
_DROP = """
([name, bytes]) => {
  const dropped = new DataTransfer();
  dropped.items.add(new File([new Uint8Array(bytes)], name));
  window.dispatchEvent(new DragEvent("drop", {dataTransfer: dropped, cancelable: true}));
}
"""


class Day:
    """A guard's day at one gate, in which everything is done that a gate does."""

    def __init__(self, town: Town, gate: Gate, page: GatePage, scanner: Typist, stick: Path) -> None:
        self.town, self.gate, self.page, self.scanner, self.stick = town, gate, page, scanner, stick
        self.done: list[str] = []
        self._rng = random.Random(1)

    def live(self, person: int, challenge: str | None = None) -> str:
        """What a phone shows, new enough for a gate that has just started."""
        return self.town.live(person, self.town.now + AHEAD, challenge=challenge)

    def scan(self, text: str) -> bool:
        """Types a text as a scanner does; False when this machine was too slow for one."""
        return not self.scanner.type(scan(positions(text, US), self._rng, end="Enter")).slow

    def see(self, expected: tuple[str, str], scanned: Callable[[], str]) -> None:
        """Scans until the page shows what is expected; before that only what came too early or in parts."""
        while True:
            self.page.forget()
            whole = self.scan(scanned())
            assert self.page.until(self.page.verdicts), f"no verdict where {expected} is expected"
            seen = self.page.verdicts()[-1]
            self.clear()
            if (seen["verdict"], seen["code"]) == expected:
                break
            assert seen["code"] == "show_again" or not whole, seen
        self.done.append(expected[1])

    def clear(self) -> None:
        """The guard has seen what stands there."""
        self.page.page.wait_for_timeout(800)  # what has only just come cannot be meant
        self.page.page.keyboard.press("Escape")
        assert self.page.until(lambda: self.page.shown() == ("", ""))

    def wait(self, selector: str, word: str) -> None:
        """Waits for a word at some place of the page."""
        place = self.page.page.locator(selector)
        assert self.page.until(lambda: word in place.inner_text(), seconds=30), place.inner_text()

    def plain(self) -> None:
        """A phone passes, and no second time; another's code is none of ours."""
        text = self.live(0)
        self.see(("accepted", "accepted"), lambda: text)
        with Client(self.gate.address) as client:
            assert client.get("/health").status_code == 200
        self.see(("refused", "not_montrey"), lambda: "HTTPS://EVIL.EXAMPLE/")

    def bank_card(self) -> None:
        """Its number is refused in words, and stands nowhere on the page, typed by a scanner or by a hand."""
        page = self.page.page
        self.scan(BANK_CARD)
        self.wait("#entry-says", "bank card")
        page.click("#entry-close")
        page.click("#number-open")
        page.keyboard.type(BANK_CARD, delay=90)
        assert BANK_CARD not in page.content()
        page.keyboard.press("Enter")
        self.wait("#entry-says", "bank card")
        assert BANK_CARD not in page.content()
        page.click("#entry-close")
        self.done.append("bank_card")

    def printed(self) -> None:
        """A print asks for the number on its card, and passes with it in its own look."""
        page = self.page.page
        text, number = self.town.seal(0)
        while self.page.shown()[1] != "card_number_needed":
            self.scan(text)
            assert self.page.until(lambda: self.page.shown()[1] != "")
        page.keyboard.type(number, delay=90)
        page.keyboard.press("Enter")
        assert self.page.until(lambda: self.page.shown() == ("accepted", "accepted"))
        assert self.page.ask("document.body.dataset.look") == "compare"
        self.clear()
        self.done.append("printed")

    def stick_is_put_in(self) -> None:
        """What was suspended is refused once the stick is read."""
        self.town.suspend(1)
        self.town.publish(self.stick)
        self.page.until(lambda: self.page.ask("document.body.dataset.update") == "shown", seconds=30)
        assert self.page.until(
            lambda: "good" in self.page.ask("document.getElementById('update').className"), seconds=60
        )
        self.see(("refused", "suspended"), lambda: self.live(1))
        self.done.append("stick")

    def delta_is_dropped(self) -> None:
        """What was suspended since is refused once the delta lies on the page."""
        self.town.suspend(2)
        for name, data in self.town.delta_files().items():
            self.page.page.evaluate(_DROP, [f"{name}.delta", list(data)])
        self.wait("#says", "read")
        with Page(self.gate.address) as other:
            while other.hear("state")["updating"]:
                pass
        self.see(("refused", "suspended"), lambda: self.live(2))
        self.done.append("delta")

    def supervisor(self) -> None:
        """A wrong PIN, the right one, another way of checking, and one person who is let in."""
        page = self.page.page
        page.click("#supervisor-open")
        for pin in ("918273", PIN):
            page.fill("#pin", pin)
            page.locator("#pin").press("Enter")
            if pin != PIN:
                self.wait("#supervisor-says", "wrong")
        page.click('label:has(input[value="checks"])')
        page.select_option('select[name="mode"]', "challenge")
        page.click("#settings-save")
        assert self.page.until(lambda: self.page.ask("document.body.dataset.mode") == "challenge")
        page.click('label:has(input[value="pass"])')
        page.fill("#reason", "forgot the phone")
        page.locator('form[data-path="pass"] button').click()
        assert self.page.until(lambda: self.page.shown() == ("pass", "pass"))
        self.clear()
        self.done.append("supervisor")

    def challenge(self) -> str:
        """The question on the screen is answered; returns the answer."""
        with Page(self.gate.address) as other:
            asked = other.hear("state")["challenge"]["text"]
        answer = self.live(3, asked)
        self.see(("accepted", "accepted"), lambda: answer)
        return answer

    def power_cut(self, answer: str) -> None:
        """Killed and started again, the page finds it; an answer that was given counts for nothing."""
        self.gate.kill()
        assert self.page.until(lambda: self.page.page.locator("#gone").is_visible(), seconds=20)
        self.gate.start()
        assert self.page.until(lambda: not self.page.page.locator("#gone").is_visible(), seconds=20)
        assert self.page.until(lambda: self.page.ask("document.body.dataset.mode") == "challenge")
        self.page.forget()
        self.scan(answer)
        assert self.page.until(self.page.verdicts)
        assert self.page.verdicts()[-1]["verdict"] != "accepted"
        self.clear()
        self.challenge()
        self.done.append("restart")


def day(folder: Path) -> list[str]:
    """Lives through a day; returns what was done."""
    town = Town(folder, people=4)
    home, stick = town.home(folder / "gate"), folder / "sticks" / "stick"
    stick.parent.mkdir()
    Pin(home / "gate").set(PIN)
    asked: list[str] = []
    with Gate(home, sticks=[stick.parent]) as gate, gate_browser(args=NOBODY_ELSES) as page:
        page.page.on("request", lambda request: asked.append(request.url))
        page.page.on("websocket", lambda line: asked.append(line.url))
        page.open(f"{gate.address}/?lang=en")
        with typist(page.devtools) as scanner:
            today = Day(town, gate, page, scanner, stick)
            assert page.until(lambda: page.ask("document.body.dataset.mode") == "plain")
            today.plain()
            today.bank_card()
            today.printed()
            today.stick_is_put_in()
            today.delta_is_dropped()
            today.supervisor()
            today.power_cut(today.challenge())
        gate.assert_calm(PIN, BANK_CARD, *(town.number(person) for person in range(4)))
        allowed = tuple(f"{kind}://127.0.0.1:{gate.port}/" for kind in ("http", "ws"))
        foreign = [url for url in asked if not url.startswith((*allowed, "data:", "blob:"))]
        assert not foreign, foreign
        known = ("ERR_CONNECTION_REFUSED", "status of 403")  # while the gate is away, and the wrong PIN
        page.errors = [error for error in page.errors if not any(words in error for words in known)]
    return today.done


def leak() -> dict[str, int]:
    """Sends something beyond loopback in four ways; how much each was counted for."""

    def datagram() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.sendto(b"x", ("198.51.100.7", 9))

    def connection(family: int, address: str) -> None:
        with socket.socket(family, socket.SOCK_STREAM) as line, suppress(OSError):
            line.settimeout(0.5)
            line.connect((address, 443))

    def name() -> None:
        with suppress(OSError):
            socket.getaddrinfo("montrey.example", 443)

    counted = {}
    for way, send in (
        ("datagram", datagram),
        ("connection", lambda: connection(socket.AF_INET, "198.51.100.7")),
        ("connection 6", lambda: connection(socket.AF_INET6, "2001:db8:1::7")),
        ("name", name),
        ("browser", browse),
    ):
        before = sent()
        send()
        counted[way] = sent() - before
    return counted


def browse() -> None:
    """Chromium, as it is started for the day, goes to another address."""
    with gate_browser(args=NOBODY_ELSES) as page:
        for address in ("http://198.51.100.7/", "http://montrey.example/"):
            before = sent()
            with suppress(Exception):
                page.page.goto(address, timeout=2000)
            assert sent() > before, address
        page.errors = []


def main() -> None:
    """Does it, and tells."""
    folder = Path(sys.argv[1])
    open_way_out(folder)
    before = sent()
    if sys.argv[2:] == ["leak"]:
        told: dict[str, object] = {"counted": leak()}
    else:
        heard = listen()
        told = {"done": day(folder), "sent": sent() - before, "heard": heard}
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    os.environ["CI"] = "true"  # what is missing here is no reason to skip
    main()
