"""One cell of an application to one checked value: nothing is guessed, whatever is wrong has a name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from itertools import combinations

from credential.claims import MAX_NAME, EmploymentStatus, check_text
from credential.codes import Name
from credential.errors import CredentialError
from issuer.faults import FaultKind

YOUNGEST, OLDEST = 16, 100
"""Years of age between which a birth date is believed."""

_INVISIBLE = {ord(c): None for c in "\u200b\u200e\u200f\u2060\ufeff\u00ad\u17b4\u17b5"}
_DIGITS = {zero + d: str(d) for zero in (0x17E0, 0xFF10) for d in range(10)}
"""Khmer ones, and the wide ones of East Asian keyboards."""
_NUMBER = re.compile(r"[0-9]+(\.0*|(\.[0-9]+)?[eE]\+?[0-9]+)")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_SERIAL = re.compile(r"(?!(19|20)[0-9]{2}$)[0-9]{4,5}(\.0*)?")  # a bare year is none
_WITH_TIME = re.compile(r"[0-9]{1,4}([-/.])[0-9]{1,2}\1[0-9]{1,4}[ T][0-9]{1,2}:.*")
_APOSTROPHES = ("'", "’")
# Letters of one script, at least one, and what may stand between the parts of a name.
_KHMER = re.compile("(?=.*[\u1780-\u17b3])[\u1780-\u17d3\u17d7\u17dc\u17dd '’.\u200c\u200d-]+")
_LATIN = re.compile("(?=.*[A-Z\u00c0-\u024f])[A-Z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff '’.-]+")
_STATUS = {status.value: status for status in EmploymentStatus} | {
    "": EmploymentStatus.ACTIVE,
    "សកម្ម": EmploymentStatus.ACTIVE,
    "សាកល្បង": EmploymentStatus.PROBATION,
    "ផ្ទេរបណ្តោះអាសន្ន": EmploymentStatus.SECONDED,
    "ឈប់សម្រាក": EmploymentStatus.ON_LEAVE,
    "ចូលនិវត្តន៍": EmploymentStatus.RETIRED,
}


_DIGIT_RUN = re.compile(r"\d(?:[ .\-\u2010-\u2015]{0,3}\d){12,}")
"""Thirteen digits or more, of whatever script, as people group them."""
_BANK_LENGTHS = range(13, 20)


class CellError(Exception):
    """What is wrong with a cell; the reader of the row knows which."""

    def __init__(self, kind: FaultKind) -> None:
        super().__init__(kind.value)
        self.kind = kind


def clean(text: str) -> str:
    """`text` in NFC, without zero-width and direction marks, with single inner spaces.

    The joiners U+200C and U+200D stay inside a word, where they change how it is written.
    """
    if text.isascii():
        return " ".join(text.split())
    text = unicodedata.normalize("NFC", text.translate(_INVISIBLE))
    return " ".join(text.split()).strip("\u200c\u200d")


def digits(text: str) -> str:
    """`text` with Khmer and full-width digits read as the ASCII ones."""
    return text if text.isascii() else text.translate(_DIGITS)


def employee_id(text: str, *, length: int) -> str:
    """An employee number of exactly `length` digits."""
    number = digits(text)
    if number.startswith(_APOSTROPHES):
        raise CellError(FaultKind.LEADING_APOSTROPHE)
    if _NUMBER.fullmatch(number):
        raise CellError(FaultKind.SPREADSHEET_NUMBER)
    if not (number.isascii() and number.isdigit()) or len(number) > length:
        raise CellError(FaultKind.BAD_EMPLOYEE_ID)
    if len(number) < length:
        raise CellError(FaultKind.LOST_ZEROS)
    return number


def name_km(text: str) -> str:
    """A name with Khmer letters in it, and no other script's."""
    text = printable(text)
    if not _KHMER.fullmatch(text):
        raise CellError(FaultKind.NOT_KHMER)
    return text


def name_la(text: str) -> str:
    """A name in Latin letters, in capitals as on the card (six bits each in a QR code)."""
    text = printable(printable(text).upper())
    if not _LATIN.fullmatch(text):
        raise CellError(FaultKind.NOT_LATIN)
    return text


def printable(text: str) -> str:
    """A text that can be shown, signed and read back, and holds no bank card's number."""
    if len(text) > MAX_NAME:
        raise CellError(FaultKind.TOO_LONG)
    if holds_bank_number(text):
        raise CellError(FaultKind.BANK_CARD_NUMBER)
    try:
        check_text("text", text)
    except CredentialError as error:
        raise CellError(FaultKind.BAD_CHARACTERS) from error
    return text


def holds_bank_number(text: str) -> bool:
    """Whether a bank card's number may stand in `text`, in digits of any script, grouped or not."""
    return any(_may_hold_bank_number(run) for run in _DIGIT_RUN.findall(text))


def _may_hold_bank_number(run: str) -> bool:
    """Whether some of these groups of digits, one after another, make a number as bank cards have them.

    A group that is longer than any such number may hold one anywhere.
    """
    groups = re.findall(r"\d+", run)
    joined = ("".join(groups[a:b]) for a, b in combinations(range(len(groups) + 1), 2))
    return any(len(group) > _BANK_LENGTHS[-1] for group in groups) or any(
        len(number) in _BANK_LENGTHS and _luhn(number) for number in joined
    )


def _luhn(number: str) -> bool:
    """ISO/IEC 7812-1 annex B."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return (sum(map(int, number[::-2])) + sum(doubled)) % 10 == 0


def birth_date(text: str, *, today: date, day_first: bool) -> date:
    """A date of birth: year-month-day, or with `day_first` also day-month-year."""
    text = digits(text)
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = match.group(1, 3, 4)
    elif match := _DAY_FIRST.fullmatch(text):
        day, month, year = match.group(1, 3, 4)
        if not day_first and int(day) <= 12 and int(month) <= 12:
            raise CellError(FaultKind.AMBIGUOUS_DATE)
    else:
        raise CellError(_no_date(text))
    try:
        born = date(int(year), int(month), int(day))
    except ValueError as error:
        raise CellError(FaultKind.IMPOSSIBLE_DATE) from error
    if match.re is _DAY_FIRST and not day_first:
        raise CellError(FaultKind.DAY_FIRST_DATE)
    if not YOUNGEST <= today.year - born.year <= OLDEST:
        raise CellError(FaultKind.IMPLAUSIBLE_DATE)
    return born


def _no_date(text: str) -> FaultKind:
    """What a text is that is no date."""
    if text.startswith(_APOSTROPHES):
        return FaultKind.LEADING_APOSTROPHE
    if _WITH_TIME.fullmatch(text):
        return FaultKind.DATE_WITH_TIME
    return FaultKind.SPREADSHEET_DATE if _SERIAL.fullmatch(text) else FaultKind.BAD_DATE


def employment_status(text: str) -> EmploymentStatus:
    """A status word, in English or Khmer; an empty cell is `active`."""
    status = _STATUS.get(text.casefold())
    if status is None:
        raise CellError(FaultKind.UNKNOWN_STATUS)
    return status


def digest(text: str) -> bytes | None:
    """A SHA-256 in 64 hexadecimal digits; an empty cell is none."""
    if not text:
        return None
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise CellError(FaultKind.BAD_DIGEST)
    return bytes.fromhex(text)


class CodeReader:
    """Codes of one table by number or by either of their names."""

    def __init__(self, table: Mapping[int, Name]) -> None:
        self._codes = {str(code): code for code in table}
        for code, name in table.items():
            for text in (name.km, name.en):
                self._codes.setdefault(clean(text).casefold(), code)

    def code(self, text: str, *, otherwise: FaultKind) -> int:
        """The code that `text` names."""
        number = digits(text)
        key = str(int(number)) if number.isascii() and number.isdigit() else text.casefold()
        code = self._codes.get(key)
        if code is None:
            raise CellError(otherwise)
        return code

    def code_or_text(self, text: str, *, otherwise: FaultKind) -> int | str:
        """The code that `text` names, or a written-out `text`; a number must be a code."""
        if digits(text).isdigit() or text.casefold() in self._codes:
            return self.code(text, otherwise=otherwise)
        return printable(text)
