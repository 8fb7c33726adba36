"""What a scanner that types has typed, whatever layout the machine believes its keyboard to have.

A scanner in keyboard mode presses keys. Which characters come of them depends
on the layout that somebody has chosen for this machine; which keys they are
does not. So a burst is read by position first, as a scanner set to US types
(nearly all are, from the factory), and by character second, for a scanner
that was set to the machine's own layout.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

MAX_KEYS = 5000
"""The largest QR code has 4,296 characters."""
HELD = 35
"""Milliseconds: a scanner lets a key go after some; a finger takes sixty and more."""
QUICK = 25
"""Milliseconds a key, on average: what comes slower was typed by a hand."""

_DIGITS = frozenset(f"{row}{digit}" for row in ("Digit", "Numpad") for digit in range(10))
_SHIFTED = {"Digit4": "$", "Digit5": "%", "Digit8": "*", "Equal": "+", "Semicolon": ":"}
_PLAIN = {
    "Space": " ",
    "Minus": "-",
    "Period": ".",
    "Slash": "/",
    "Equal": "=",
    "Semicolon": ";",
    "Comma": ",",
    "NumpadAdd": "+",
    "NumpadSubtract": "-",
    "NumpadMultiply": "*",
    "NumpadDivide": "/",
    "NumpadDecimal": ".",
}


@dataclass(frozen=True, slots=True)
class Key:
    """One key that went down: where it is, what came of it, and when it went down and up (milliseconds)."""

    code: str
    key: str
    shift: bool
    down: float
    up: float | None


def read_keys(data: Any) -> list[Key]:
    """The keys in what a page sent.

    Raises:
        ValueError: when it is not a list of at most `MAX_KEYS` keys; the message repeats nothing.
    """
    if not isinstance(data, list) or len(data) > MAX_KEYS:
        raise ValueError("not a list of keys")
    return [_key(entry) for entry in data]


def _key(entry: Any) -> Key:
    match entry:
        case [str(code), str(key), int(shift), int() | float() as down, None | int() | float() as up] if (
            len(code) <= 32 and len(key) <= 32
        ):
            return Key(code, key, bool(shift), float(down), None if up is None else float(up))
    raise ValueError("not a key")


def readings(keys: Sequence[Key]) -> Iterator[str]:
    """The texts that a burst may stand for, the likeliest first, none twice.

    Without the keys that were held as long as a finger holds them, too: a
    hand may rest on the keyboard while the scanner types.
    """
    machine = [key for key in keys if not _is_hand(key, keys)]
    seen = set()
    for chosen in (keys, machine):
        for text in ("".join(map(by_position, chosen)), "".join(map(by_character, chosen))):
            if text not in seen:
                seen.add(text)
                yield text


def by_position(key: Key) -> str:
    """The character of a key on a US keyboard; letters are capitals whatever Caps Lock does."""
    code = key.code
    if len(code) == 4 and code.startswith("Key"):
        return code[3]
    if key.shift and code in _SHIFTED:
        return _SHIFTED[code]
    if code in _DIGITS and not (key.shift and code.startswith("Digit")):
        return code[-1]
    return _PLAIN.get(code, "\ufffd")


def by_character(key: Key) -> str:
    """The character that the machine's layout makes of it; Caps Lock may have turned it."""
    return key.key.upper() if len(key.key) == 1 else "\ufffd"


def is_quick(keys: Sequence[Key]) -> bool:
    """Whether a machine typed this: hands do not keep it up."""
    return len(keys) > 1 and (keys[-1].down - keys[0].down) / (len(keys) - 1) <= QUICK


def _is_hand(key: Key, keys: Sequence[Key]) -> bool:
    end = keys[-1].down if key.up is None else key.up
    return end - key.down > HELD
