"""The layout tables and the typing of scanners: what the rigs of the gate's tests do is what keyboards do."""

from __future__ import annotations

import itertools
import random

import pytest
from layouts import (
    BASE45,
    DVORAK,
    FRENCH,
    GERMAN,
    JAPANESE,
    JAPANESE_IME,
    KHMER,
    LAYOUTS,
    RUSSIAN,
    THAI,
    UK,
    US,
    Layout,
    country,
    positions,
    settings,
)
from typist import hand, scan, together

from verifier.gate.keyboard import Key, by_position, readings

TEXT = "MQ1:" + BASE45[::-1] + BASE45


def test_every_layout_has_every_key() -> None:
    """48 keys each, every one with something for both planes."""
    for layout in LAYOUTS:
        assert layout.keys.keys() >= US.keys.keys()
        assert len(US.keys) == 48
        assert all(plain and shifted for plain, shifted in layout.keys.values()), layout.name


@pytest.mark.parametrize(
    ("layout", "code", "keys"),
    [
        (UK, "Digit3", ("3", "£")),
        (FRENCH, "KeyQ", ("a", "A")),
        (FRENCH, "Digit1", ("&", "1")),
        (FRENCH, "BracketLeft", ("Dead", "Dead")),
        (GERMAN, "KeyY", ("z", "Z")),
        (GERMAN, "Slash", ("-", "_")),
        (KHMER, "KeyK", ("ក", "គ")),
        (KHMER, "KeyV", ("វ", "េះ")),
        (KHMER, "Space", ("\u200b", " ")),
        (THAI, "KeyD", ("ก", "ฏ")),
        (RUSSIAN, "KeyF", ("а", "А")),
        (JAPANESE, "Quote", (":", "*")),
        (JAPANESE_IME, "KeyA", ("Process", "Process")),
        (DVORAK, "Semicolon", ("s", "S")),
    ],
)
def test_known_keys(layout: Layout, code: str, keys: tuple[str, str]) -> None:
    """Keys by which each layout is known."""
    assert layout.keys[code] == keys


def test_countries_that_have_our_characters() -> None:
    """A scanner can be set to the country where its keys have all of Base45."""
    assert {layout.name for layout, own in settings() if own} == {
        *("UK", "French", "German", "Japanese", "Dvorak")
    }
    for layout, own in settings():
        if own:
            assert "".join(stroke.key for stroke in country(TEXT, layout)) == TEXT


def test_caps_lock() -> None:
    """It turns letters over everywhere, and on some layouts every key."""
    assert "".join(stroke.key for stroke in positions("MQ1:$", US, caps=True)) == "mq1:$"
    assert "".join(stroke.key for stroke in positions("AB1", US, caps=True, shifted=False)) == "AB1"
    assert "".join(stroke.key for stroke in country("A1:$", FRENCH, caps=True)) == "a&/£"
    assert RUSSIAN.key("KeyF", caps=True) == "А"
    assert RUSSIAN.key("Digit2", caps=True) == "2"
    assert KHMER.key("KeyK", caps=True) == "ក"


def test_scans_are_as_fast_as_scanners() -> None:
    """A key each 2 to 10 ms, held 1 to 3; what goes down comes up; Shift stands as each key says."""
    rng = random.Random(4)
    for _ in range(50):
        events = scan(positions(TEXT, US), rng, start=7, end=rng.choice([None, "Enter", "Tab"]))
        assert events == sorted(events, key=lambda event: event.at)
        downs = [event for event in events if event.down and event.code != "ShiftLeft"]
        gaps = [later.at - sooner.at for sooner, later in itertools.pairwise(downs)]
        assert min(gaps) > 1.2
        assert max(gaps) <= 12
        held: dict[str, float] = {}
        for event in events:
            if event.down:
                assert held.setdefault(event.code, event.at) == event.at
            else:
                dwell = event.at - held.pop(event.code)
                assert event.code == "ShiftLeft" or 0.9 < dwell < 3.1
            if event.code != "ShiftLeft":
                assert event.shift == ("ShiftLeft" in held)
        assert not held


def test_a_hand_beside_it() -> None:
    """Its keys are held 60 to 120 ms; while a scanner holds Shift they are shifted like any."""
    rng = random.Random(5)
    events = together(US, scan(positions(TEXT, US), rng), hand(US, rng, start=3, keys=4))
    by_hand = [event for event in events if event.hand]
    assert len(by_hand) == 8
    assert len({event.at for event in by_hand}) == 8
    ups = {event.code: event.at for event in by_hand if not event.down}
    assert all(ups[event.code] - event.at > 59 for event in by_hand if event.down)
    shift = False
    for event in events:
        shift = event.down if event.code == "ShiftLeft" else shift
        assert not event.hand or event.key == US.key(event.code, shift=shift)


@pytest.mark.parametrize("shifted", [True, False])
@pytest.mark.parametrize("caps", [False, True])
def test_the_gate_reads_every_layout(caps: bool, shifted: bool) -> None:
    """Whatever the computer's layout makes of a scanner's keys, the text is among the gate's readings.

    All but one: CapsLock where it turns every key, under a scanner set to that country.
    """
    for layout, own in settings():
        if own and caps and layout.lock_all:
            continue
        strokes = (country if own else positions)(TEXT, layout, caps=caps, shifted=shifted)
        keys = [Key(*stroke, down=4.0 * at, up=4.0 * at + 2) for at, stroke in enumerate(strokes)]
        assert TEXT in readings(keys), (layout.name, own)
        if not own:
            assert "".join(map(by_position, keys)) == TEXT
