"""The one free text of the log: what a supervisor writes as the reason of a pass."""

from __future__ import annotations

import re
import unicodedata

from verifier.gate.errors import GateError

MAX_CHARS = 200
_MOST_DIGITS = 9
"""Card numbers have ten digits or more, bank cards twelve or more."""
_JOINERS = "\u200b\u200c\u200d"
"""Khmer is broken into words, and its letters are joined, by these; nothing else unseen is kept."""
_SPACES = re.compile(r" {2,}")


def clean_note(text: str) -> str:
    """The note on one line, without control characters.

    Raises:
        GateError: `reason_needed` when it is too long or may hold the number of
            a card: ten digits of any script with no letter between them.
    """
    if len(text) > 4 * MAX_CHARS:
        raise GateError("reason_needed", "the note is too long")
    plain = "".join(" " if _is_unseen(char) else char for char in text)
    note = _SPACES.sub(" ", plain).strip(" ")
    if len(note) > MAX_CHARS:
        raise GateError("reason_needed", "the note is too long")
    if _holds_number(note):
        raise GateError("reason_needed", "the note may hold the number of a card")
    return note


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"} and char not in _JOINERS


def _holds_number(note: str) -> bool:
    digits = 0
    for char in note:
        if unicodedata.numeric(char, None) is not None:
            digits += 1
            if digits > _MOST_DIGITS:
                return True
        elif char.isalpha():
            digits = 0
    return False
