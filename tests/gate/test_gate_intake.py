"""What comes in is told apart: keys, texts, numbers, frames; whatever is typed is at worst refused."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from gate_house import typed
from hypothesis import given
from hypothesis import strategies as st

from credential import card_number
from credential.qr_draw import modules
from verifier.gate import card_entry, frames, intake, keyboard
from verifier.gate.intake import By, What
from verifier.gate.keyboard import Key

BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
codes = st.text(BASE45, min_size=8, max_size=80).map(lambda text: f"MQ1:{text}")


def nothing_whole(_text: str) -> bool:
    """No text is a code."""
    return False


@given(st.text(BASE45, max_size=200))
def test_keys_give_back_what_was_scanned(text: str) -> None:
    """Every character of a code has its place on a US keyboard."""
    assert next(keyboard.readings(typed(text))) == text


@given(codes, st.booleans())
def test_position_wins_over_the_layout(text: str, caps: bool) -> None:
    """Whatever the layout makes of the keys, Caps Lock included, their places tell the text."""
    keys = [
        Key(
            key.code,
            "ក" if index % 2 else key.key.swapcase() if caps else "Dead",
            key.shift,
            key.down,
            key.up,
        )
        for index, key in enumerate(typed(text))
    ]
    assert next(keyboard.readings(keys)) == text


@given(codes)
def test_a_scanner_with_the_machines_layout(text: str) -> None:
    """Where places say nothing, the characters do."""
    keys = [Key("Unidentified", key.key, key.shift, key.down, key.up) for key in typed(text)]
    assert text in list(keyboard.readings(keys))
    assert intake.of_keys(keys, ended=False, is_whole=text.__eq__) == [(What.CODE, text)]


@given(codes, codes, st.booleans())
def test_two_scans_stay_two(first: str, second: str, known: bool) -> None:
    """Without a pause between them they are cut where the second begins."""
    whole = {first, second} if known else set()
    items = intake.of_keys(typed(first + second), ended=True, is_whole=whole.__contains__)
    assert [item.text for item in items] == [first, second]


@given(st.lists(st.tuples(codes, st.integers(0, 200)), min_size=1, max_size=3))
def test_fingers_between(scans: list[tuple[str, int]]) -> None:
    """Keys that a finger holds are left out where the text is whole without them."""
    text = "".join(scan for scan, _ in scans)
    keys = typed(text)
    for _, place in scans:
        at = 5.0 * min(place, len(keys))
        keys.append(Key("KeyX", "x", False, at + 1, at + 90))
    keys.sort(key=lambda key: key.down)
    whole = {scan for scan, _ in scans}
    items = intake.of_keys(keys, ended=True, is_whole=lambda t: t == text or t in whole)
    assert "".join(item.text for item in items) == text


def test_a_newer_version_with_a_beginning_inside() -> None:
    """It is one code; behind it a whole one is told apart."""
    newer, whole = "MQ2:ABCDEFMQ1:GHIJKL", "MQ1:WHOLE ONE"
    assert intake.of_keys(typed(newer), ended=True, is_whole=nothing_whole) == [(What.CODE, newer)]
    taken = intake.of_keys(typed("MQ2:ABCDEF" + whole), ended=True, is_whole=lambda text: text == whole)
    assert taken == [(What.CODE, "MQ2:ABCDEF"), (What.CODE, whole)]


def test_half_a_scan() -> None:
    """It may be growing; once it has ended it is a code, and a damaged one."""
    assert intake.of_keys(typed("MQ1:ABCDEF"), ended=False, is_whole=nothing_whole) == []
    assert intake.of_keys(typed("MQ1:ABCDEF"), ended=True, is_whole=nothing_whole) == [
        (What.CODE, "MQ1:ABCDEF")
    ]


@pytest.mark.parametrize("text", ["", "X", "ABC", "HELLO", "12", "1234567"])
def test_a_slip_of_a_hand(text: str) -> None:
    """A few keys are nothing."""
    items = intake.of_keys(typed(text), ended=True, is_whole=nothing_whole) if text else [intake.NOTHING]
    assert items == [intake.NOTHING]


def test_slow_typing_is_no_scan() -> None:
    """Somebody who types words on the gate's keyboard gets no verdict."""
    assert intake.of_keys(typed("HELLO WORLD", pace=55), ended=True, is_whole=nothing_whole) == [
        intake.NOTHING
    ]
    assert intake.of_keys(typed("HELLO WORLD"), ended=True, is_whole=nothing_whole)[0].what is What.CODE


@given(st.integers(0, 10**9 - 1))
def test_a_number_by_scanner_or_hand(number: int) -> None:
    """Ten digits with their check digit are a card's; before a camera digits are nothing."""
    digits = f"{number:09d}"
    digits += card_number.check_digit(digits)
    assert intake.of_keys(typed(digits), ended=True, is_whole=nothing_whole) == [(What.CARD, digits)]
    assert intake.of_number(digits) == (What.CARD, digits)
    assert intake.of_text(digits, By.SERIAL) == (What.CARD, digits)
    assert intake.of_text(digits, By.CAMERA) == intake.NOTHING
    assert intake.of_text(digits, By.FILE) == intake.NOTHING


@given(st.text("0123456789០១២៣៤៥៦៧៨៩ -", min_size=1, max_size=100))
def test_of_a_number_that_is_none_nothing_is_kept(text: str) -> None:
    """A bank card's number is told apart by its length, and nothing of it stays."""
    kind, number = card_entry.classify(text)
    assert (number is not None) is (kind == "card")
    if kind == "card":
        assert number is not None
        assert card_number.is_valid(number)
    elif len(text) <= 64:
        digits = sum(character.isdigit() for character in text)
        assert kind == ("bank_card" if 12 <= digits <= 19 else "wrong")


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=40), st.lists, max_leaves=30))
def test_what_a_page_sends_is_read_or_refused(data: Any) -> None:
    """Keys of any shape end in a ValueError, or in keys."""
    try:
        keys = keyboard.read_keys(data)
    except ValueError:
        return
    for text in keyboard.readings(keys) if keys else ():
        assert isinstance(text, str)


@given(st.binary(max_size=400))
def test_noise_is_no_frame(data: bytes) -> None:
    """A frame says its size, and has it."""
    with pytest.raises(ValueError, match="frame"):
        frames.parse(data[:60])
    if len(data) > 6:
        with pytest.raises(ValueError, match="frame"):
            frames.parse(struct.pack("<BBHH", 8, 0, 640, 480) + data)


@pytest.mark.parametrize("bits", [8, 4])
def test_a_frame_is_read(bits: int) -> None:
    """In 256 shades and in sixteen; a small code at the second, enlarged look if not at the first."""
    text = "MQ1:HELLO"
    rows = [
        bytes(255 if not dark else 0 for dark in row for _ in range(4)) for row in modules(text, border=4)
    ]
    side = len(rows) * 4
    grey = b"".join(row.ljust(320, b"\xff") for row in rows for _ in range(4)).ljust(320 * 240, b"\xff")
    assert side <= 240
    pixels = (
        grey if bits == 8 else bytes((a & 0xF0) | b >> 4 for a, b in zip(grey[::2], grey[1::2], strict=True))
    )
    frame = frames.parse(struct.pack("<BBHH", bits, 1, 320, 240) + pixels)
    assert frame.grey == grey
    assert frames.read(frame) == [text]
    blank = frames.parse(struct.pack("<BBHH", 8, 1, 320, 240) + bytes(320 * 240))
    assert frames.read(blank) == []
