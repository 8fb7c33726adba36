"""Every state of the guard's page, in Khmer and English, on a small and a large screen.

MONTREY_SCREENS=docs/pictures/gate keeps what is seen as pictures.
"""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest
from film import FPS, Camera, Film, Light, Pose
from gate_browser import GatePage
from gate_house import HandClock, House, house
from gate_screens import end, screens
from gate_town import Town

from credential.challenge import Challenge
from examples.demo_forger import forge
from examples.people import to_csv
from trust.sync import init_home
from verifier.gate.intake import By
from verifier.gate.pin import Pin
from verifier.gate.update_words import RUNNING
from verifier.gate.updates import UpdateNews

pytestmark = pytest.mark.browser

PIN = "271828"
BANK_CARD = "4111111111111111"
ACCEPTED = {"verdict": "accepted", "look": "yes", "code": "accepted"}


@pytest.fixture
def time() -> HandClock:
    """The clock of town and gate."""
    return HandClock()


@pytest.fixture
def town(tmp_path: Path, time: HandClock) -> Town:
    """A ministry and its people."""
    return Town(tmp_path, people=4, clock=lambda: time.now)


def show(gate: House, text: str) -> None:
    """Somebody shows a code, to a gate that has forgotten what stood before it."""
    gate.station.reception.dismiss()
    gate.station.reception.text(text, By.SERIAL)


def refused(code: str) -> dict[str, str]:
    """What the page's body says of a refusal."""
    return {"verdict": "refused", "look": "no", "code": code}


def doubt(code: str) -> dict[str, str]:
    """What it says where the gate cannot tell."""
    return {"verdict": "cannot_tell", "look": "unsure", "code": code}


def test_verdicts(town: Town, time: HandClock, tmp_path: Path) -> None:
    """Accepted, to be compared, refused, in doubt, let in: each with its own look."""
    with house(_home(town, tmp_path), time=time) as gate, screens(gate) as seen:
        show(gate, town.live(3))
        seen.look("18-show-again", "verdict", "just_started", **doubt("show_again"))
        gate.station.reception.dismiss()
        time.pass_(150)
        seen.look("01-waiting", mode="plain")
        show(gate, first := town.live(0))
        seen.look("04-accepted", "verdict", **ACCEPTED)
        gate.station.reception.text(first, By.SERIAL)
        seen.look("05-accepted-again", "verdict", **ACCEPTED)
        time.pass_(20)
        show(gate, first)
        seen.look("11-replayed", "verdict", **refused("replayed"))
        gate.station.reception.number(town.number(1))
        gate.station.reception.text(town.live(1), By.SERIAL)
        seen.look("06-accepted-number", "verdict", **ACCEPTED)
        text, number = town.seal(1)
        show(gate, text)
        seen.look("08-number-needed", "verdict", **doubt("card_number_needed"), entry="open")
        gate.station.reception.number(number)
        seen.look("09-compare", "verdict", verdict="accepted", look="compare", code="accepted")
        show(gate, town.seal(2)[0])
        gate.station.reception.number(number)
        seen.look("15-number-differs", "verdict", **refused("card_mismatch"))
        show(gate, forge(town.number(2), town.trust(gate.station.home).templates[1], time.now))
        seen.look("10-forged", "verdict", **refused("bad_signature"))
        show(gate, town.live(2, time.now - timedelta(seconds=150)))
        seen.look("13-screenshot", "verdict", **refused("too_old"))
        show(gate, "https://www.example.org/menu")
        seen.look("14-other-code", "verdict", **refused("not_montrey"))
        town.suspend(3)
        unborn = _not_handed_over(town)
        _update(gate, town, tmp_path / "stick")
        show(gate, town.live(3))
        seen.look("12-suspended", "verdict", **refused("suspended"))
        show(gate, unborn[0])
        gate.station.reception.number(unborn[1])
        seen.look("17-not-active", "verdict", **doubt("not_active"))
        gate.station.let_in("The minister's guest, announced by telephone")
        seen.look("22-pass", "verdict", verdict="pass", look="pass", code="pass")


def test_the_two_other_ways_of_waiting(town: Town, time: HandClock, tmp_path: Path) -> None:
    """For live codes alone, and for answers to the question on the screen."""
    with house(_home(town, tmp_path), time=time) as gate, screens(gate) as seen:
        time.pass_(150)
        gate.set(printed=False)
        seen.look("02-waiting-live-only", printed="false")
        gate.set(mode="challenge")
        seen.look("03-waiting-question", mode="challenge")
        challenge = Challenge.from_text(gate.state()["challenge"]["text"])
        show(gate, town.live(0, challenge=challenge))
        seen.look("07-accepted-answer", "verdict", **ACCEPTED)
        show(gate, town.live(1))
        seen.look("16-no-answer", "verdict", **refused("challenge_mismatch"))


def test_numbers_and_updates(town: Town, time: HandClock, tmp_path: Path) -> None:
    """What is said of numbers that are typed, and of updates."""
    with house(_home(town, tmp_path), time=time) as gate, screens(gate) as seen:
        time.pass_(150)
        seen.click("#number-open")
        for digit in town.number(0)[:6]:
            seen.click(f".pad[data-pad=number] [value='{digit}']")
        seen.look("23-number-typed", entry="open")
        for _ in range(6):
            seen.click(".pad[data-pad=number] [value=Backspace]")
        gate.station.reception.number(town.number(0))
        seen.look("24-number-waits", entry="open", number="waiting")
        gate.station.reception.number(BANK_CARD)
        seen.look("25-bank-card", entry="open", number="bank_card")
        gate.station.reception.dismiss()
        gate.station._tell_news(UpdateNews("stick", 0.4, False, False, False, "", RUNNING["stick"]))
        seen.look("26-update-runs")
        _update(gate, town, tmp_path / "stick")
        seen.look("27-update-done")
        cut = town.publish(tmp_path / "cut")
        for path in cut.rglob("*.cwt"):
            path.write_bytes(path.read_bytes()[:40])
        gate.station._updates.from_stick(cut, wait=True)
        seen.look("28-update-refused")


def test_time_and_disk(town: Town, time: HandClock, tmp_path: Path) -> None:
    """What is said when data run out, clocks are wrong and nothing can be written; and by a page alone."""
    with house(_home(town, tmp_path), time=time) as gate, screens(gate) as seen:
        time.pass_(150)
        gate.station.beat()
        time.jump(-2 * 86400)
        show(gate, town.live(1, time.now + timedelta(days=2)))
        seen.look("21-clock-wrong", "verdict", "clock_behind", **doubt("clock_untrusted"))
        gate.station.reception.dismiss()
        seen.look("31-clock-behind", "waiting", "clock_behind")
        time.jump(2 * 86400)
        gate.station.beat()
        time.jump(10 * 3600)
        gate.station.beat()
        seen.look("32-clock-ahead", "waiting", "clock_ahead")
        time.jump(-10 * 3600)
        log = tmp_path / "gate" / "gate" / "log"
        log.rename(log.with_name("away"))
        log.write_bytes(b"")
        gate.station.note_supervisor("left")
        seen.wait(lambda _: gate.notices())
        seen.look("33-cannot-keep", "waiting", "cannot_keep")
        log.unlink()
        seen.wait(lambda _: not gate.notices())
        time.pass_(9 * 86400)
        show(gate, town.live(1))
        seen.look("19-status-old", "verdict", "status_stale", **doubt("status_stale"))
        gate.station.reception.dismiss()
        left = town.trust(gate.station.home).expires_at - time.now
        time.pass_(left.total_seconds() - 5 * 86400)
        seen.look("29-trust-ends", "waiting", "trust_ends", "status_stale")
        time.pass_(6 * 86400)
        show(gate, town.live(1))
        seen.look("20-trust-over", "verdict", "trust_expired", **doubt("trust_expired"))
        gate.station.reception.dismiss()
        seen.look("30-waiting-trust-over", "waiting", "trust_expired")
        end(gate)
        seen.look("36-gone", "gone", "trust_expired")


def test_a_camera(town: Town, time: HandClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it sees stands beside the words; a code that stays before it is judged once."""
    text, camera = town.live(0, time.now + timedelta(seconds=150)), Camera((640, 480), random.Random(4))
    film = Film(tmp_path / "film.y4m", camera.size)
    for _ in range(FPS):
        film.add(camera.take(text, Pose(tilt_x=6, turn=-7, x=3), Light()))
    film.close()
    with house(_home(town, tmp_path), time=time) as gate, screens(gate, film=tmp_path / "film.y4m") as seen:
        time.pass_(150)
        seen.look("45-camera-accepted", "verdict", **ACCEPTED)
        look, found = gate.station.reception.frame, list[bytes]()

        def looked(data: bytes) -> bool:
            found.extend([data[:6]] if (is_found := look(data)) else [])
            return is_found

        monkeypatch.setattr(gate.station.reception, "frame", looked)
        for _ in range(8):  # time stands still until the code was seen, by frames that were not on their way
            found.clear()
            seen.wait(lambda _: len(found) > 2 * len(seen.pages))
            time.pass_(0.9)
        gate.station.reception.dismiss()
        seen.look("46-camera-in-view")


def test_a_new_machine(town: Town, time: HandClock, tmp_path: Path) -> None:
    """Before its first stick, and without a PIN."""
    init_home(tmp_path / "gate", town.root)
    with house(tmp_path / "gate", time=time) as gate, screens(gate) as seen:
        seen.look("34-no-trust", "waiting", "no_trust", "pin_unset")


def test_damaged_settings(town: Town, time: HandClock, tmp_path: Path) -> None:
    """They are said to be damaged, and printed codes are not taken."""
    home = _home(town, tmp_path)
    (home / "gate" / "settings.json").write_bytes(b'{"mode": "pla')
    with house(home, time=time) as gate, screens(gate) as seen:
        time.pass_(150)
        seen.look("35-settings-damaged", "waiting", "settings_damaged", printed="false")


def test_the_supervisor(town: Town, time: HandClock, tmp_path: Path) -> None:
    """The PIN, what is behind it, and what is refused there."""
    with house(_home(town, tmp_path), time=time) as gate, screens(gate) as seen:
        time.pass_(150)
        seen.click("#supervisor-open")
        seen.look("37-pin", "supervisor")
        seen.each(lambda page: enter(page, "314159"))
        seen.wait(lambda page: says(page) and not page.page.input_value("#pin"))
        seen.look("38-pin-wrong", "supervisor")
        seen.each(lambda page: enter(page, PIN))
        seen.wait(is_inside)
        for number, tab in enumerate(("pass", "checks", "data", "clock", "change"), start=39):
            seen.click(f"dialog [name=tab][value={tab}]")
            seen.look(f"{number}-supervisor-{tab}", "supervisor")
        seen.click("dialog [name=tab][value=checks]")
        seen.each(lambda page: page.page.fill("[name=gate]", "999"))
        seen.click("#settings-save")
        seen.wait(says)
        seen.look("44-setting-refused", "supervisor")
        assert gate.station.settings.gate == 0


def enter(page: GatePage, pin: str) -> None:
    """Types a PIN into the dialog, and Enter on its pad."""
    page.page.fill("#pin", pin)
    page.page.evaluate("document.querySelector('.pad[data-pad=pin] [value=Enter]').click()")


def is_inside(page: GatePage) -> bool:
    """Whether the dialog shows what the PIN opens."""
    return bool(page.ask("document.getElementById('supervisor').dataset.inside === 'true'"))


def says(page: GatePage) -> str:
    """What the dialog says."""
    return str(page.ask("document.getElementById('supervisor-says').textContent"))


def _home(town: Town, folder: Path) -> Path:
    """A gate's home that is up to date and has a supervisor."""
    home = town.home(folder / "gate")
    Pin(home / "gate").set(PIN)
    return home


def _update(gate: House, town: Town, stick: Path) -> None:
    """Brings the gate up to date."""
    gate.station._updates.from_stick(town.publish(stick), wait=True)


def _not_handed_over(town: Town) -> tuple[str, str]:
    """The printed code, and the number, of a card that lies with the ministry still."""
    file = town._home.parent / "five.csv"
    file.write_text(to_csv(5), encoding="utf-8-sig")
    town.office.import_file(file)
    ((_, number),) = town.office.approve()
    town.office.print_cards()
    return town.office.seal(number), number
