"""The civil servant's claims: the one frozen model that credentials are made from."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from credential.card_number import MAX_DIGITS
from credential.codes import MAX_CODE
from credential.errors import CredentialError

MAX_NAME = 80
"""Characters of a name or a written-out position."""

_FORBIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"  # they carry meaning inside a word of some scripts; U+200B and the rest do not
_BLANK = frozenset(
    # What is left of Default_Ignorable_Code_Point (Unicode, DerivedCoreProperties.txt): joiners and fillers,
    # Khmer's inherent vowels, which nobody writes, variation selectors.
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
    # Letters and symbols that are drawn as nothing.
    + "\u2800\U00013441\U00013442\U00016fe4\U0001d159"
)


class EmploymentStatus(StrEnum):
    """Where a person stands in service; whether a card holds follows from status lists alone."""

    ACTIVE = "active"
    PROBATION = "probation"
    SECONDED = "seconded"
    ON_LEAVE = "on_leave"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class CivilServant:
    """One person as the ministry vouches for them.

    `ministry`, `position` and `grade` are codes of the code tables; a position
    without a code is written out. `photo_sha256` is the 32-byte SHA-256 of the
    photo file printed on the card.

    Raises:
        CredentialError: `bad_claim`, naming the claim but not its value.
    """

    name_km: str
    name_la: str
    date_of_birth: date
    ministry: int
    position: int | str
    grade: int
    employment_status: EmploymentStatus
    card_number: str
    valid_from: date
    valid_until: date
    agency: str = ""
    photo_sha256: bytes | None = None

    def __post_init__(self) -> None:
        check_text("name_km", self.name_km)
        check_text("name_la", self.name_la)
        if self.agency:
            check_text("agency", self.agency)
        check_code("ministry", self.ministry)
        check_code("grade", self.grade)
        if isinstance(self.position, str):
            check_text("position", self.position)
        else:
            check_code("position", self.position)
        number = self.card_number
        if not (number.isascii() and number.isdigit() and 4 <= len(number) <= MAX_DIGITS):
            raise CredentialError("bad_claim", "card_number: 4 to 12 digits")
        if self.valid_until <= self.valid_from or self.date_of_birth >= self.valid_from:
            raise CredentialError(
                "bad_claim", "dates: birth, begin and end of validity must follow each other"
            )
        if self.photo_sha256 is not None and len(self.photo_sha256) != 32:
            raise CredentialError("bad_claim", "photo_sha256: 32 bytes")


@lru_cache(maxsize=1024)
def is_hidden(character: str) -> bool:
    """Whether a character shows nothing, or changes how others show.

    Control and format characters (terminal escapes, bidi overrides, zero width),
    line separators, surrogates, private use, unassigned; fillers and variation
    selectors, which are letters and marks by their category.
    """
    if character in _JOINERS:
        return False
    return character in _BLANK or unicodedata.category(character) in _FORBIDDEN


def check_text(claim: str, text: str) -> None:
    """Refuses a text that could not be shown, signed and read back as the same text.

    Raises:
        CredentialError: `bad_claim` when `text` is empty, longer than
            `MAX_NAME`, not NFC, padded, or holds invisible characters; joiners
            may stand inside a word alone.
    """
    fault = _fault(text) if 0 < len(text) <= MAX_NAME else f"1 to {MAX_NAME} characters"
    if fault:
        raise CredentialError("bad_claim", f"{claim}: {fault}")


@lru_cache(maxsize=64)  # one person's names stand in three credentials, an agency in many people's
def _fault(text: str) -> str:
    if any(map(is_hidden, text)):
        return "invisible or unassigned characters"
    words = (word.strip(_JOINERS) for word in text.split())
    if text != unicodedata.normalize("NFC", text) or text != " ".join(words):
        return "not in normal form"
    return ""


def check_code(claim: str, code: int) -> None:
    """Refuses a number that no code table can hold.

    Raises:
        CredentialError: `bad_claim`.
    """
    if not 0 <= code <= MAX_CODE:
        raise CredentialError("bad_claim", f"{claim}: a code from 0 to {MAX_CODE}")
