"""The supervisor's window when its time is over, and what stays on the page of a verdict that has gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from gate_browser import GatePage, gate_browser
from gate_house import HandClock, House, house
from gate_screens import serving
from gate_town import Town

from credential.qr_draw import png
from trust.sync import init_home
from verifier.gate.pages import Pages

pytestmark = pytest.mark.browser

PIN = "271828"
REFUSED = "Failed to load resource"
"""What Chromium itself says on the console of each answer that is a refusal."""


@pytest.fixture
def time() -> HandClock:
    """Everybody's clock."""
    return HandClock()


@pytest.fixture
def town(tmp_path: Path, time: HandClock) -> Town:
    """A ministry, and people."""
    return Town(tmp_path, people=2, clock=time.clock)


@pytest.fixture
def gate(town: Town, tmp_path: Path, time: HandClock) -> Iterator[House]:
    """A gate two minutes after its start, with a supervisor."""
    with house(town.home(tmp_path / "gate"), time=time) as made:
        made.station.pages = Pages()
        made.station.pin.set(PIN)
        time.pass_(120)
        yield made


@pytest.fixture
def page(gate: House) -> Iterator[GatePage]:
    """Its page."""
    with serving(gate) as address, gate_browser() as made:
        made.open(f"{address}?lang=en")
        assert made.until(lambda: made.ask("document.body.dataset.mode"))
        yield made
        made.errors[:] = [error for error in made.errors if not error.startswith(REFUSED)]


def enter(page: GatePage) -> None:
    """Opens the window, or goes on in it, with the PIN."""
    if not page.ask("document.getElementById('supervisor').open"):
        page.page.click("#supervisor-open")
    page.page.fill("#pin", PIN)
    page.page.press("#pin", "Enter")
    assert page.until(lambda: page.page.is_visible(".tabs"))


def test_whose_time_is_over_gives_the_pin_again(page: GatePage, gate: House) -> None:
    """What was typed stays; the log is given to whoever is inside, and else the reason is said."""
    enter(page)
    page.page.fill("#reason", "the reader of cards is broken")
    page.page.click("input[value=data]")
    with page.page.expect_download() as download:
        page.page.click("#log")
    assert download.value.suggested_filename == "gate-log.csv"
    for press in ("#log", "#settings-save"):
        gate.station.supervisors.close_all()
        page.page.click(press)
        assert page.until(lambda: page.page.is_visible("#pin"))
        assert "PIN" in page.page.inner_text("#supervisor-says")
        enter(page)
    assert page.ask("document.getElementById('reason').value") == "the reader of cards is broken"
    page.page.fill("[name=log_days]", "")
    page.page.click("#settings-save")
    assert page.until(lambda: page.ask("document.getElementById('supervisor-says').className") == "bad")
    page.page.click("#supervisor-close")
    assert page.until(lambda: not len(gate.station.supervisors))


def test_nobodys_name_stays_behind_the_screen(page: GatePage, town: Town, tmp_path: Path) -> None:
    """A picture's verdict stands alone, and when it goes the page holds nothing of it."""
    (tmp_path / "me.png").write_bytes(png(town.live(0)))
    page.page.set_input_files("#file", tmp_path / "me.png")
    assert page.until(lambda: page.shown() == ("accepted", "accepted"))
    name = page.page.inner_text("#name-la")
    assert name in page.page.content()
    page.page.wait_for_timeout(800)
    assert not page.page.inner_text("#says")
    page.page.keyboard.press("Escape")
    assert page.until(lambda: page.shown() == ("", ""))
    assert name not in page.page.content()
    assert town.number(0) not in page.page.content().replace(" ", "")


def test_a_machine_without_data_says_that(town: Town, tmp_path: Path, time: HandClock) -> None:
    """Data that never came have not run out."""
    init_home(tmp_path / "new", town.root)
    with house(tmp_path / "new", time=time) as made:
        told = made.show(town.live(1))
        assert (told["code"], told["title"]["en"]) == ("trust_expired", "This machine has no data yet")


def test_codes_on_cards_are_not_asked_for_where_none_passes(gate: House) -> None:
    """The screen invites what the settings let in."""
    assert gate.state()["printed"]
    gate.set(least="live")
    assert not gate.state()["printed"]
