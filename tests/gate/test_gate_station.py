"""A gate from what comes in to what its screen is told, with a real ministry and a clock in hand."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from gate_house import NOW, HandClock, House, house, typed
from gate_town import Town

from credential.challenge import Challenge
from credential.qr_draw import png
from trust import TrustError, TrustSnapshot
from trust.deltas import apply_delta
from verifier.gate import drop, frames
from verifier.gate.errors import GateError
from verifier.gate.intake import By

BANK_CARD = "4111111111111111"


@pytest.fixture
def time() -> HandClock:
    """The clock of town and gate."""
    return HandClock()


@pytest.fixture
def town(tmp_path: Path, time: HandClock) -> Town:
    """A ministry and its people."""
    return Town(tmp_path, people=4, clock=lambda: time.now)


@pytest.fixture
def gate(tmp_path: Path, town: Town, time: HandClock) -> Iterator[House]:
    """A gate two minutes after its start."""
    with house(town.home(tmp_path / "gate"), time=time) as made:
        time.pass_(120)
        yield made


def test_a_live_code_passes_once(gate: House, town: Town) -> None:
    """Green with the person's names; the same within five seconds repeats, later it is a replay."""
    text = town.live(0)
    told = gate.show(text)
    assert (told["verdict"], told["look"], told["code"], told["repeat"]) == (
        "accepted",
        "yes",
        "accepted",
        False,
    )
    assert told["person"]["card_number"] == town.number(0)
    assert told["person"]["agency"]["km"]
    gate.time.pass_(4)
    again = gate.show(text)
    assert again == told | {"repeat": True}
    gate.time.pass_(2)
    assert gate.show(text)["code"] == "replayed"


def test_right_after_a_start(tmp_path: Path, town: Town, time: HandClock) -> None:
    """What was signed before start + 60 s has to be shown again: it may have been shown before."""
    with house(town.home(tmp_path / "gate"), time=time) as gate:
        time.pass_(1)
        assert gate.show(town.live(0))["code"] == "show_again"
        assert "just_started" in gate.notices()
        time.pass_(60)
        assert gate.show(town.live(0))["code"] == "accepted"


def test_a_print_never_looks_like_a_phone(gate: House, town: Town) -> None:
    """It asks for the number on the card, then for the face; its picture is not the green one."""
    text, number = town.seal(1)
    told = gate.show(text)
    assert (told["code"], told["look"], told["asks_number"]) == ("card_number_needed", "unsure", True)
    answer = gate.number(number)
    assert answer is not None
    assert (answer["verdict"], answer["look"], answer["assurance"]) == ("accepted", "compare", "printed")
    assert gate.show(text)["repeat"] is True


def test_a_print_in_view_does_not_ask_again(gate: House, town: Town) -> None:
    """The camera still has the code before it when the number is typed: the answer stands."""
    text, number = town.seal(1)
    assert gate.show(text, By.CAMERA)["code"] == "card_number_needed"
    assert gate.number(number) is not None
    before = len(gate.verdicts())
    for _ in range(100):
        gate.time.pass_(0.1)
        gate.station.reception.see(text)
    assert len(gate.verdicts()) == before


def test_number_first(gate: House, town: Town) -> None:
    """A number that was typed first waits for its code, for thirty seconds, and is used once."""
    assert gate.number(town.number(0)) is None
    assert gate.state()["number_waits"]
    told = gate.show(town.live(0))
    assert told["code"] == "accepted"
    assert told["number_checked"]
    assert not gate.state()["number_waits"]
    gate.station.reception.dismiss()
    assert gate.number(town.number(1)) is None
    assert gate.show(town.live(2))["code"] == "card_mismatch"
    gate.station.reception.dismiss()
    gate.number(town.number(1))
    gate.time.pass_(31)
    assert not gate.state()["number_waits"]


def test_number_after_an_acceptance(gate: House, town: Town) -> None:
    """The number on the card is compared with the code that has just passed, not with the next one."""
    gate.show(town.live(0))
    same = gate.number(town.number(0))
    assert same is not None
    assert same["number_checked"]
    assert gate.number(town.number(0)) is None  # once
    gate.station.reception.dismiss()
    gate.show(town.live(1))
    other = gate.number(town.number(0))
    assert other is not None
    assert (other["verdict"], other["code"]) == ("refused", "card_mismatch")
    gate.time.pass_(9)
    gate.show(town.live(1, gate.time.now))
    gate.time.pass_(9)
    assert gate.number(town.number(1)) is None


def test_a_bank_cards_number(gate: House, tmp_path: Path) -> None:
    """It is refused, whoever types it, and stands nowhere: not in what is told, not in the log."""
    gate.station.reception.number(BANK_CARD)
    gate.type_keys(BANK_CARD)
    gate.station.reception.text("4111 1111 1111 1111", By.SERIAL)
    told = [message for message in gate.ears.heard if message["type"] == "number"]
    assert [message["state"] for message in told] == ["bank_card"] * 3
    assert "4111" not in str(gate.ears.heard)
    assert not gate.verdicts()
    gate.station.close()
    assert not [f for f in (tmp_path / "gate").rglob("*") if f.is_file() and b"4111" in f.read_bytes()]


def test_challenge_mode(gate: House, town: Town) -> None:
    """Only an answer to a challenge of this screen passes, once, and within its minute."""
    gate.set(mode="challenge")
    shown = gate.state()["challenge"]
    assert shown["svg"].startswith("<svg")
    assert gate.show(town.live(0))["code"] == "challenge_mismatch"
    first = Challenge.from_text(shown["text"])
    text = town.live(0, challenge=first)
    told = gate.show(text)
    assert (told["code"], told["assurance"]) == ("accepted", "live-challenge")
    second = Challenge.from_text(gate.state()["challenge"]["text"])
    assert second != first, "an answered challenge is not shown any longer"
    assert gate.show(town.live(1, challenge=first))["code"] == "replayed"
    gate.time.pass_(31)
    third = Challenge.from_text(gate.state()["challenge"]["text"])
    assert third != second
    assert gate.show(town.live(1, challenge=second))["code"] == "accepted", "its minute is not over"
    gate.time.pass_(61)
    assert gate.show(town.live(2, challenge=third))["code"] == "challenge_mismatch"
    assert gate.show(town.live(3, challenge=Challenge.new(0)))["code"] == "challenge_mismatch"


def test_no_challenge_passes_a_restart(gate: House, town: Town, tmp_path: Path) -> None:
    """After a start no challenge is open."""
    gate.set(mode="challenge")
    challenge = Challenge.from_text(gate.state()["challenge"]["text"])
    gate.station.close()
    with house(tmp_path / "gate", time=gate.time) as later:
        assert later.station.settings.mode == "challenge"
        assert later.show(town.live(0, challenge=challenge))["code"] == "challenge_mismatch"


def test_modes_are_the_supervisors(gate: House, town: Town) -> None:
    """Without printed codes a print is refused; where more is demanded, it is told so."""
    gate.set(printed=False)
    assert gate.show(town.seal(0)[0])["code"] == "kind_not_accepted"
    gate.set(printed=True, least="live")
    text, number = town.seal(1)
    gate.number(number)
    assert gate.show(text)["code"] == "assurance_too_low"
    gate.set(number_always=True, least="printed")
    told = gate.show(town.live(2))
    assert (told["code"], told["asks_number"]) == ("card_number_needed", True)
    answer = gate.number(town.number(2))
    assert answer is not None
    assert answer["code"] == "accepted"
    with pytest.raises(GateError, match="number"):
        gate.set(gate=17)


def test_a_suspension_by_delta(gate: House, town: Town) -> None:
    """A delta that is scanned is taken over; from then on the card is refused."""
    assert gate.show(town.live(0))["code"] == "accepted"
    town.suspend(0)
    for text in town.delta():
        gate.station.reception.text(text, By.KEYS)
        gate.station._updates.close()
        gate.station._updates._closed = False
    gate.time.pass_(6)
    assert gate.show(town.live(0))["code"] == "suspended"
    done = [message for message in gate.ears.heard if message["type"] == "update" and message["done"]]
    assert done
    assert all(message["ok"] for message in done)


def test_a_clock_that_is_set_back(gate: House, town: Town) -> None:
    """Nothing passes by it, the screen says what to do, and a supervisor can lower the floor."""
    gate.station.beat()
    gate.time.jump(-3600)
    told = gate.show(town.live(0))
    assert (told["verdict"], told["code"]) == ("cannot_tell", "clock_untrusted")
    assert "clock_behind" in gate.notices()
    gate.time.jump(3600)
    assert gate.show(town.live(1))["code"] == "accepted"
    assert "clock_behind" not in gate.notices()
    gate.time.pass_(600)
    gate.station.beat()
    gate.time.jump(-300)
    assert gate.show(town.live(2))["code"] == "clock_untrusted"
    gate.station.lower_floor()
    gate.time.pass_(1)
    assert gate.show(town.live(3))["code"] == "accepted"


def test_a_clock_that_jumps_ahead(gate: House, town: Town, tmp_path: Path) -> None:
    """Nothing is refused for its time and no floor rises by it, until a supervisor says that it is right."""
    gate.station.beat()
    gate.time.jump(7200)
    assert gate.show(town.live(0, NOW + timedelta(seconds=120)))["code"] == "clock_untrusted"
    gate.station.beat()
    assert "clock_ahead" in gate.notices()
    gate.time.jump(-7200)
    assert gate.show(town.live(1))["code"] == "accepted"
    gate.time.jump(7200)
    gate.station.clock_is_right()
    assert gate.show(town.live(2))["code"] == "accepted"


def test_a_clock_that_is_set_back_and_then_ahead(gate: House, town: Town) -> None:
    """A jump ahead does not become right by a jump back before it; nor does it raise the floor."""
    gate.station.beat()
    gate.time.jump(-7200)
    gate.station.beat()
    gate.time.jump(36000 + 7200)
    gate.station.beat()
    assert "clock_ahead" in gate.notices()
    assert gate.show(town.live(0))["code"] == "clock_untrusted"
    gate.time.jump(-36000)
    gate.station.beat()
    assert gate.show(town.live(1))["code"] == "accepted"


def test_a_clock_that_starts_behind(tmp_path: Path, town: Town, time: HandClock) -> None:
    """A machine without a battery begins in 1970; once its clock is set right nobody need confirm it."""
    home = town.home(tmp_path / "gate")
    time.jump(-50 * 365 * 86400)
    with house(home, time=time) as gate:
        gate.station.beat()
        assert "clock_behind" in gate.notices()
        time.jump(50 * 365 * 86400)
        time.pass_(5)
        gate.station.beat()
        assert not gate.notices() & {"clock_behind", "clock_ahead"}
        assert gate.show(town.live(0, time.now + timedelta(seconds=50)))["code"] == "show_again"
        time.pass_(60)
        assert gate.show(town.live(0))["code"] == "accepted"


def test_trust_runs_out(gate: House, town: Town) -> None:
    """It is told a week before; afterwards nothing is accepted and nothing is called forged."""
    expires = town.trust(gate.station.home).expires_at
    gate.time.pass_((expires - gate.time.now).total_seconds() - 6 * 86400)
    assert "trust_ends" in gate.notices()
    gate.time.pass_(6 * 86400)
    assert "trust_expired" in gate.notices()
    told = gate.show(town.live(0))
    assert (told["verdict"], told["code"]) == ("cannot_tell", "trust_expired")
    assert "run out" in told["title"]["en"]


def test_a_home_without_trust(tmp_path: Path, town: Town, time: HandClock) -> None:
    """Before its first stick a gate stands, says so, and can tell nothing."""
    from trust.sync import init_home

    init_home(tmp_path / "new", town.root)
    with house(tmp_path / "new", time=time) as gate:
        time.pass_(120)
        assert gate.notices() >= {"no_trust"}
        assert gate.show(town.live(0))["code"] == "trust_expired"
        assert gate.show("hello, this is some other code")["code"] == "not_montrey"
        gate.station._updates.from_stick(town.publish(tmp_path / "stick"), wait=True)
        assert "no_trust" not in gate.notices()
        assert gate.show(town.live(0))["code"] == "accepted"


def test_a_pass(gate: House) -> None:
    """A supervisor's pass needs a reason, has a look of its own, and is in the log before it is shown."""
    with pytest.raises(GateError):
        gate.station.let_in("  ")
    gate.station.let_in("visitor of the minister")
    (told,) = gate.verdicts()
    assert (told["look"], told["code"], told["person"]) == ("pass", "pass", None)
    assert "minister" not in str(gate.ears.heard)
    assert [entry.note for entry in gate.station.log.read() if entry.what == "pass"] == [
        "visitor of the minister"
    ]


def test_two_scans_without_a_pause(gate: House, town: Town) -> None:
    """They stay two, with an Enter between them or not."""
    first, second = town.live(0), town.live(1)
    assert gate.type_keys(first + second)
    assert [told["person"]["card_number"] for told in gate.verdicts()] == [town.number(0), town.number(1)]


def test_a_scan_that_grows(gate: House, town: Town) -> None:
    """Half a code is waited for; once nothing more comes it is damaged."""
    text = town.live(0)
    assert not gate.station.reception.keys(typed(text[:100]), ended=False)
    assert not gate.verdicts()
    assert gate.station.reception.keys(typed(text), ended=False)
    assert gate.verdicts()[-1]["code"] == "accepted"
    assert gate.station.reception.keys(typed(town.live(1)[:100]), ended=True)
    assert gate.verdicts()[-1]["code"] == "malformed"


def test_a_hand_beside_the_scanner(gate: House, town: Town) -> None:
    """Keys that a finger holds, before, within and after the scan, change nothing."""
    from dataclasses import replace

    keys = typed(town.live(0))
    held = [replace(typed("X", start=start)[0], up=start + 80) for start in (-10.0, 333.0, 5 * len(keys) + 1)]
    mixed = sorted([*keys, *held], key=lambda key: key.down)
    assert gate.station.reception.keys(mixed, ended=True)
    assert gate.verdicts()[-1]["code"] == "accepted"


def test_what_stands_is_told_to_a_page_that_comes(gate: House, town: Town) -> None:
    """A reload, or a change of language, keeps the verdict; when its time is over it is gone."""
    gate.show(town.live(0))
    gate.time.pass_(3)
    words = gate.station.first_words()
    assert [word["type"] for word in words] == ["state", "verdict"]
    assert words[1]["repeat"]
    assert words[1]["stood"] == pytest.approx(3)
    gate.time.pass_(60)
    assert [word["type"] for word in gate.station.first_words()] == ["state"]


def test_no_replay_over_a_restart_with_a_wrong_clock(tmp_path: Path, town: Town, time: HandClock) -> None:
    """A machine that starts in 1970, or a minute behind, knows when it started once its clock is set."""
    home = town.home(tmp_path / "gate")
    with house(home, time=time) as gate:
        time.pass_(120)
        gate.station.beat()
        shown = town.live(0, time.now + timedelta(seconds=55))
        assert gate.show(shown)["code"] == "accepted"
        gate.station.beat()
    time.jump(-50 * 365 * 86400)
    with house(home, time=time) as gate:
        time.pass_(20)
        gate.station.beat()
        time.jump(50 * 365 * 86400)
        assert gate.show(shown)["code"] == "show_again"
    time.jump(-58)
    with house(home, time=time) as gate:
        assert gate.show(shown)["code"] in ("too_new", "show_again")
        time.pass_(40)
        assert gate.show(shown)["code"] == "show_again"


def test_a_sync_beside_the_gate(gate: House, town: Town, tmp_path: Path) -> None:
    """What another program brings into the home counts at the next beat, and at the end of any update."""
    town.suspend(0)
    town.sync(gate.station.home, town.publish(tmp_path / "stick"))
    gate.station._updates.from_stick(tmp_path / "stick", wait=True)
    assert gate.show(town.live(0))["code"] == "suspended"
    town.suspend(1)
    town.sync(gate.station.home, town.publish(tmp_path / "stick"))
    gate.station.beat()
    assert gate.show(town.live(1))["code"] == "suspended"


def test_trust_that_cannot_be_read(gate: House, town: Town, tmp_path: Path, monkeypatch: Any) -> None:
    """The screen says so, and it is tried again until it can."""
    town.suspend(0)
    town.sync(gate.station.home, town.publish(tmp_path / "stick"))

    def broken(_home: object) -> None:
        raise TrustError("broken_home", "a disk that errs")

    with monkeypatch.context() as patch:
        patch.setattr(TrustSnapshot, "load", broken)
        gate.station.beat()
        assert "broken_home" in gate.notices()
    gate.station.beat()
    assert "broken_home" not in gate.notices()
    assert gate.show(town.live(0))["code"] == "suspended"


def test_an_update_ends_what_rests_on_older_trust(gate: House, town: Town) -> None:
    """An acceptance that stands goes, and its number is compared no more; who is in view is no replay."""
    text = town.live(0)
    gate.show(text, By.CAMERA)
    town.suspend(0)
    for delta in town.delta():
        apply_delta(gate.station.home, delta, now=gate.time.now)
    gate.station.beat()
    assert gate.ears.heard[-2]["type"] == "clear"
    assert [word["type"] for word in gate.station.first_words()] == ["state"]
    assert gate.number(town.number(0)) is None
    before = len(gate.verdicts())
    gate.station.reception.see(text)
    assert len(gate.verdicts()) == before


def test_a_repeat_is_whose_it_is(gate: House, town: Town) -> None:
    """After a repeat a page that comes is told that verdict, and a number is compared with that code."""
    town.suspend(1)
    for delta in town.delta():
        apply_delta(gate.station.home, delta, now=gate.time.now)
    gate.station.beat()
    stopped, green = town.live(1), town.live(0)
    assert gate.show(stopped)["code"] == "suspended"
    assert gate.show(green)["code"] == "accepted"
    assert gate.show(stopped)["repeat"]
    assert gate.station.first_words()[1]["code"] == "suspended"
    assert gate.number(town.number(0)) is None, "the green one has gone"
    gate.station.reception.dismiss()
    gate.time.pass_(6)
    first, second = town.live(2), town.live(3)
    gate.show(first)
    gate.show(second)
    gate.show(first)
    answer = gate.number(town.number(2))
    assert answer is not None
    assert (answer["code"], answer["number_checked"]) == ("accepted", True)


@pytest.mark.parametrize("what", ["HELLO", "1234567", "12345678", BANK_CARD, "9999999999"])
def test_whatever_comes_takes_an_acceptance_down(gate: House, town: Town, what: str) -> None:
    """The last guest's green does not stand before the next one, who shows something else."""
    gate.show(town.live(0))
    gate.type_keys(what)
    assert len([word for word in gate.station.first_words() if word.get("verdict") == "accepted"]) == 0
    assert any(
        message["type"] == "clear" or message.get("code") == "not_montrey" for message in gate.ears.heard
    )


JUNK = "MS1:AAAAAAAAAAAA"


@pytest.mark.parametrize("by", list(By))
@pytest.mark.parametrize("what", [JUNK, "HELLO", "1234567890"])
def test_whatever_way_it_comes(gate: House, town: Town, what: str, by: By) -> None:
    """A green stands before nobody else: not by a delta, some other code or digits, however they come."""
    gate.show(town.live(0))
    if by is By.CAMERA:
        gate.station.reception.see(what)
    elif by is By.NUMBER:
        gate.number(what)
    elif by is By.KEYS:
        gate.type_keys(what)
    elif by is By.FILE:
        drop.take(gate.station, png(what))
    else:
        gate.station.reception.text(what, by)
        gate.station.reception.number(what)
    assert not [word for word in gate.station.first_words() if word.get("verdict") == "accepted"]


@pytest.mark.parametrize("data", [b"\xd2junk", b"\x89PNG junk", b"junk", JUNK.encode()])
def test_whatever_file_is_dropped(gate: House, town: Town, data: bytes) -> None:
    """One that cannot be read is somebody else's, too."""
    gate.show(town.live(0))
    with suppress(GateError):
        drop.take(gate.station, data)
    assert not [word for word in gate.station.first_words() if word.get("verdict") == "accepted"]


def test_who_was_refused_stands_under_nobodys_green(gate: House, town: Town) -> None:
    """Somebody comes back before the camera: their own verdict is told again, and the green goes at once."""
    town.suspend(1)
    for delta in town.delta():
        apply_delta(gate.station.home, delta, now=gate.time.now)
    gate.station.beat()
    stopped, see = town.live(1), gate.station.reception.see
    see(stopped)
    gate.time.pass_(2)
    see(town.live(0))
    assert gate.verdicts()[-1]["code"] == "accepted"
    gate.time.pass_(2)
    see(stopped)
    told = gate.verdicts()[-1]
    assert (told["code"], told["repeat"]) == ("suspended", True)
    see(town.live(2))
    gate.time.pass_(1)
    see(stopped)  # never away
    assert [word["type"] for word in gate.station.first_words()] == ["state"]


def test_a_copy_that_comes_later(gate: House, town: Town) -> None:
    """A code that was away is told as shown again, and after five seconds as a replay."""
    text, see = town.live(0), gate.station.reception.see
    see(text)
    gate.time.pass_(4)
    see(text)
    assert gate.verdicts()[-1]["repeat"]
    gate.time.pass_(2)
    see(text)
    assert gate.verdicts()[-1]["code"] == "replayed"


def test_a_delta_that_was_refused_is_taken_when_it_fits(gate: House, town: Town) -> None:
    """It is no news to a scanner, whatever became of it a moment ago."""
    begun: list[str] = []
    gate.station.reception._give_delta = begun.append
    for by in (By.KEYS, By.SERIAL, By.KEYS):
        gate.station.reception.text(JUNK, by)
    assert len(begun) == 3
    for _ in range(3):
        gate.station.reception.see(JUNK)
    assert len(begun) == 3, "it stays before the camera"
    gate.station.reception.begin_anew()
    gate.station.reception.see(JUNK)
    assert len(begun) == 4


def test_two_codes_in_a_frame(gate: House, town: Town, monkeypatch: Any) -> None:
    """Nobody is judged: whose verdict would it be?"""
    monkeypatch.setattr(frames, "read", lambda _frame: [town.live(0), town.live(1)])
    grey = struct.pack("<BBHH", 8, 0, 16, 16) + bytes(256)
    for _ in range(3):
        assert gate.station.reception.frame(grey)
    assert not gate.verdicts()
    told = [message for message in gate.ears.heard if message["type"] == "update"]
    assert [message["code"] for message in told] == ["several_codes"]


def test_many_beginnings_are_one_damaged_code(gate: House) -> None:
    """One scan leads to no hundred verdicts."""
    gate.type_keys("MQ1:" * 100)
    assert [told["code"] for told in gate.verdicts()] == ["malformed"]


def test_the_end_of_time(gate: House, town: Town) -> None:
    """A clock at the last second of all years is doubted, not stumbled over."""
    gate.time.now = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert gate.show(town.seal(0)[0])["code"] in ("trust_expired", "clock_untrusted", "card_number_needed")
