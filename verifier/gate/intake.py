"""What has come in, from whichever side: a code to be judged, a number, an update, or nothing at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import NamedTuple

from revocation.delta import PREFIX as DELTA
from verifier.gate import card_entry, keyboard
from verifier.gate.keyboard import Key

_CODE, _FIRST = "MQ", "MQ1:"
_PREFIXES = (_CODE, DELTA, "MC1:")
_TOGETHER = 4
"""Scans that may come without a pause between them; a text with more beginnings in it is one, and damaged."""
_SHORTEST = 8
"""Characters below which what a scanner typed is no code of anybody's, but a slip of a hand."""


class By(StrEnum):
    """How something came in."""

    KEYS = "keys"
    CAMERA = "camera"
    SERIAL = "serial"
    FILE = "file"
    NUMBER = "number"
    PERSON = "person"


class What(StrEnum):
    """What it is."""

    CODE = "code"
    DELTA = "delta"
    CARD = "card"
    BANK_CARD = "bank_card"
    WRONG_NUMBER = "wrong"
    NOTHING = "nothing"


class Item(NamedTuple):
    """One thing that came in; `text` is empty where nothing of it may be kept."""

    what: What
    text: str = ""


NOTHING = Item(What.NOTHING)
IsWhole = Callable[[str], bool]


def of_text(text: str, by: By) -> Item:
    """What a text is that was read as one: from a picture, a frame, or a scanner's line.

    Digits that stand before a camera are no number of a plastic card: that is
    read by eyes, or with a scanner in the hand.
    """
    text = text.rstrip("\r\n\t")
    if not text:
        return NOTHING
    if text.startswith(DELTA):
        return Item(What.DELTA, text)
    if card_entry.is_digits(text):
        return of_number(text) if by in (By.SERIAL, By.KEYS) else NOTHING
    return Item(What.CODE, text)


def of_number(text: str) -> Item:
    """What a number is that a hand has typed."""
    kind, number = card_entry.classify(text)
    return Item(What(kind), number or "")


def of_keys(keys: Sequence[Key], *, ended: bool, is_whole: IsWhole) -> list[Item]:
    """What a burst of keys holds, or an empty list: it may still be growing.

    `ended` says that no more comes: the scanner pressed Enter, or was quiet
    for long. `is_whole` tells a complete code from one that is cut off.
    """
    texts = [text.rstrip("\ufffd") for text in keyboard.readings(keys)]
    parts = next(([text] for text in texts if is_whole(text)), [])
    parts = parts or next(filter(None, (_several(text, is_whole) for text in texts)), [])
    if parts or not ended:
        return [of_text(part, By.KEYS) for part in parts]
    return _of_rest(texts, is_whole, quick=keyboard.is_quick(keys))


def _of_rest(texts: Sequence[str], is_whole: IsWhole, *, quick: bool) -> list[Item]:
    """What has ended and is not whole: damaged codes, a number, some other code, a slip of a hand."""
    for text in texts:
        if len(text) >= _SHORTEST and text.startswith(_PREFIXES):
            parts = _split(text)
            if not text.startswith(_FIRST) and not any(map(is_whole, parts)):
                parts = [text]  # of a newer version, with what looks like a beginning inside
            return [of_text(part, By.KEYS) for part in parts]
    for text in texts:
        if card_entry.is_digits(text) and len(text) >= _SHORTEST:
            return [of_number(text)]
    if len(texts[0]) >= _SHORTEST and quick:
        return [Item(What.CODE, texts[0])]
    return [NOTHING]


def _several(text: str, is_whole: IsWhole) -> list[str]:
    """The codes that came without a pause between them; none unless each is whole.

    A few keys before the first are a hand's that did not hold them long.
    """
    parts = _split(text)
    if len(parts) > 1 and len(parts[0]) < _SHORTEST:
        del parts[0]
    elif len(parts) == 1:
        return []
    return parts if all(map(is_whole, parts)) else []


def _split(text: str) -> list[str]:
    """Cuts before each `MQ1:`, which one code in thousands has inside of it: so this is tried second."""
    first, *others = text.split(_FIRST)
    parts = [part for part in (first, *(f"{_FIRST}{other}" for other in others)) if part]
    return parts if len(parts) <= _TOGETHER else [text]
