"""The number on the plastic: nine random digits and a check digit (Damm 2004).

Damm's quasigroup finds every wrong digit and every swap of two neighbours,
the two mistakes people make. Ten digits cannot be taken for a bank card
number, which has twelve to nineteen.
"""

from __future__ import annotations

import secrets

from credential.errors import CredentialError

DIGITS = 10
MAX_DIGITS = 12
"""An existing numbering may have up to 12 digits: five bytes in a QR."""

# H. M. Damm, "Total anti-symmetrische Quasigruppen" (2004), p. 111: order 10.
QUASIGROUP = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)


def check_digit(digits: str) -> str:
    """The digit that makes `digits` pass `is_valid`."""
    interim = 0
    for digit in digits:
        interim = int(QUASIGROUP[interim][int(digit)])
    return str(interim)


def is_valid(number: str) -> bool:
    """Whether `number` is ten ASCII digits with their check digit."""
    return len(number) == DIGITS and number.isascii() and number.isdigit() and check_digit(number) == "0"


def draw() -> str:
    """A random card number; the register sees to it that none is given twice."""
    digits = f"{secrets.randbelow(10 ** (DIGITS - 1)):0{DIGITS - 1}d}"
    return digits + check_digit(digits)


def parse(text: str) -> str:
    """The card number a person typed or scanned: spaces and hyphens dropped, Khmer digits read.

    Raises:
        CredentialError: `bad_card_number`; the message does not repeat the text,
            which may be a bank card number.
    """
    number = text.translate(_READ_LENIENTLY)
    if len(text) > 64 or not is_valid(number):
        raise CredentialError(
            "bad_card_number", "this is not a card number: ten digits, the last a check digit"
        )
    return number


_READ_LENIENTLY = {ord(c): None for c in " -\u200b\u00a0\t\r\n"} | {0x17E0 + d: str(d) for d in range(10)}
