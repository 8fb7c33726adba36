"""`report.csv` as a clerk sends it back from a spreadsheet: every row read, or named with what is wrong.

Spreadsheets take the zeros off a number's front, change the separator and
write whole numbers with a point; what can be put right without guessing is.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from credential import card_number
from credential.claims import is_hidden
from credential.codes import Name
from issuer import csv_lines, sheet_cells
from issuer.batch import MAX_CARDS
from issuer.errors import IssuerError
from issuer.print_report import COLUMNS, MAX_NOTE, MAX_NUMBER, MAX_ROWS, MAX_SPOILED, ReportRow
from issuer.table import Broken

MAX_TABLE = 16 << 20
"""Bytes of a filled-in `report.csv`."""
YES = frozenset({"yes", "y", "true", "1", "x", "បាទ", "ចាស", "បាទ/ចាស", "រួច", "បានបោះពុម្ព"})
NO = frozenset({"no", "n", "false", "0", "-", "ទេ", "មិនទាន់"})
_WHOLE = re.compile(r"([0-9]+)(?:[.,]0*)?")


class TableFault(StrEnum):
    """What a filled-in table can be refused for."""

    NOT_ANSWERED = "not_answered"
    UNKNOWN_ANSWER = "unknown_answer"
    BAD_NUMBER = "bad_number"
    BAD_SEQUENCE = "bad_sequence"
    BAD_COUNT = "bad_count"
    BAD_NOTE = "bad_note"
    BANK_CARD_NUMBER = "bank_card_number"
    BROKEN_ROW = "broken_row"


ADVICE = {
    TableFault.NOT_ANSWERED: Name(
        "សូមឆ្លើយ printed៖ yes ឬ no។", "Answer whether the card was printed: yes or no."
    ),
    TableFault.UNKNOWN_ANSWER: Name("printed ត្រូវជា yes ឬ no។", "Printed is answered by yes or no."),
    TableFault.BAD_NUMBER: Name(
        "លេខកាតខូច។ សូមកំណត់ជួរឈរជាអត្ថបទ ហើយវាយលេខដែលមានលើកាត។",
        "The card number is damaged. Set the column to text, and type the number on the card.",
    ),
    TableFault.BAD_SEQUENCE: Name(
        "លេខរៀងខូច។ សូមយកតាម cards.csv។", "The sequence number is damaged. Take it from cards.csv."
    ),
    TableFault.BAD_COUNT: Name(
        f"spoiled ជាចំនួនកាតខូច ពី 0 ដល់ {MAX_SPOILED}។", f"Spoiled is a number of cards, 0 to {MAX_SPOILED}."
    ),
    TableFault.BAD_NOTE: Name(
        f"កំណត់សម្គាល់វែងពេក (លើស {MAX_NOTE} តួ) ឬមានតួអក្សរមើលមិនឃើញ។",
        f"The note is longer than {MAX_NOTE} characters, or holds invisible ones.",
    ),
    TableFault.BANK_CARD_NUMBER: Name(
        "នេះជាលេខកាតធនាគារ។ សូមលុបវាចេញ។", "This is the number of a bank card. Take it out."
    ),
    TableFault.BROKEN_ROW: Name(
        'ជួរនេះខូច៖ សញ្ញា " ឬចំនួនក្រឡា។', "The row is broken: a quotation mark, or the number of cells."
    ),
}


@dataclass(frozen=True, slots=True)
class RowFault:
    """One thing wrong: the row as a spreadsheet counts (the header is 1), the column or nothing, what."""

    row: int
    column: str
    kind: TableFault

    @property
    def advice(self) -> Name:
        """What is wrong and what to do."""
        return ADVICE[self.kind]


def read(data: bytes) -> tuple[dict[int, ReportRow], list[RowFault]]:
    """The rows of a filled-in table, and everything that is wrong with it; sign only where nothing is.

    Each row by its number as a spreadsheet counts (the header is 1), in their order.

    Raises:
        IssuerError: `file_too_large`, `not_utf8`, `spreadsheet_file`, `malformed_header`,
            `bad_report_header`, `no_rows`, `too_many_rows`.
    """
    lines = io.StringIO(_text(data), newline="")
    header = next(lines, "")
    titles = [cell.strip().lower() for cell in csv_lines.header_cells(header)]
    missing = [name for name in COLUMNS if titles.count(name) != 1]
    if missing:
        raise IssuerError("bad_report_header", f"the header has to name each once: {', '.join(missing)}")
    places = [titles.index(name) for name in COLUMNS]
    rows: dict[int, ReportRow] = {}
    faults: list[RowFault] = []
    found = csv_lines.rows(
        lines, delimiter=csv_lines.separator(header), width=len(titles), needed=1 + max(places[:3])
    )
    for number, cells in found:
        if isinstance(cells, Broken):
            faults.append(RowFault(number, "", TableFault.BROKEN_ROW))
        else:
            _take(number, [cells[place] for place in places], rows, faults)
        if len(rows) + len(faults) > MAX_ROWS:
            raise IssuerError("too_many_rows", f"a report has at most {MAX_ROWS:,} rows")
    if not rows and not faults:
        raise IssuerError("no_rows", "there are no rows below the header")
    return rows, faults


def _text(data: bytes) -> str:
    if len(data) > MAX_TABLE:
        raise IssuerError("file_too_large", f"a report has at most {MAX_TABLE} bytes")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise IssuerError("spreadsheet_file", "this is a spreadsheet file: save it as CSV UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise IssuerError("not_utf8", "save the report as CSV UTF-8") from error


class _CellFault(Exception):
    """What is wrong with one cell."""

    def __init__(self, kind: TableFault) -> None:
        super().__init__(kind)
        self.kind = kind


def _take(number: int, cells: Sequence[str], rows: dict[int, ReportRow], faults: list[RowFault]) -> None:
    """Adds a row, or all that is wrong with it."""
    readers: tuple[Callable[[str], object], ...] = (_sequence, _number, _printed, _spoiled, _note)
    values: list[object] = []
    wrong: list[RowFault] = []
    for column, cell, reader in zip(COLUMNS, cells, readers, strict=True):
        try:
            values.append(reader(sheet_cells.digits(cell.strip().removeprefix("'"))))
        except _CellFault as fault:
            wrong.append(RowFault(number, column, fault.kind))
    if wrong:
        faults += wrong
    else:
        rows[number] = ReportRow(*values)  # type: ignore[arg-type]  # each reader returns its field's type


def _sequence(text: str) -> int:
    whole = _whole(text or "0", TableFault.BAD_SEQUENCE)
    if whole > MAX_CARDS:
        raise _CellFault(TableFault.BAD_SEQUENCE)
    return whole


def _number(text: str) -> str:
    """The digits; zeros a spreadsheet took off the front come back (they change no check digit)."""
    if sheet_cells.holds_bank_number(text):
        raise _CellFault(TableFault.BANK_CARD_NUMBER)
    found = _WHOLE.fullmatch("".join(text.split()).replace("-", ""))
    if not found or len(found[1]) > MAX_NUMBER:
        raise _CellFault(TableFault.BAD_NUMBER)
    return found[1].zfill(card_number.DIGITS)


def _printed(text: str) -> bool:
    answer = "".join(text.lower().split())
    if not answer:
        raise _CellFault(TableFault.NOT_ANSWERED)
    if answer not in YES | NO:
        raise _CellFault(TableFault.UNKNOWN_ANSWER)
    return answer in YES


def _spoiled(text: str) -> int:
    count = _whole(text or "0", TableFault.BAD_COUNT)
    if count > MAX_SPOILED:
        raise _CellFault(TableFault.BAD_COUNT)
    return count


def _note(text: str) -> str:
    if sheet_cells.holds_bank_number(text):
        raise _CellFault(TableFault.BANK_CARD_NUMBER)
    text = " ".join(text.split())
    if len(text) > MAX_NOTE or any(map(is_hidden, text)):
        raise _CellFault(TableFault.BAD_NOTE)
    return text


def _whole(text: str, otherwise: TableFault) -> int:
    found = _WHOLE.fullmatch(text)
    if not found or len(found[1]) > 9:
        raise _CellFault(otherwise)
    return int(found[1])
