"""A number that was typed or scanned at the gate: a card's, a bank card's, or neither."""

from __future__ import annotations

import re

from credential import card_number
from credential.errors import CredentialError

_BANK_CARD = range(12, 20)
"""Digits of a bank card's number (ISO/IEC 7812-1); a card of ours has ten."""
_KEPT = 64
_DIGITS = re.compile(r"[0-9\u17e0-\u17e9][0-9\u17e0-\u17e9 \u00a0\u200b-]*")


def is_digits(text: str) -> bool:
    """Whether there is nothing in `text` but digits, and what people put between them."""
    return _DIGITS.fullmatch(text[: _KEPT + 1]) is not None and len(text) <= _KEPT


def classify(text: str) -> tuple[str, str | None]:
    """What was entered: `card` with its ten digits, `bank_card` or `wrong`, of which nothing is kept."""
    try:
        return "card", card_number.parse(text)
    except CredentialError:
        digits = sum(map(str.isdigit, text[: _KEPT + 1]))
        return ("bank_card" if digits in _BANK_CARD else "wrong"), None
