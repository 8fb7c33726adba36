"""What a spreadsheet holds beside texts, as the text that a person would have typed into a CSV file."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, time

from issuer.faults import FaultKind
from issuer.sheet_cells import CellError
from issuer.table import Cell, NoValue, Number

LEFT_OUT = "…"
"""What a report has in the place of what may be a bank card's number."""
_MARKS = (
    FaultKind.MERGED_CELLS,
    FaultKind.FORMULA_ERROR,
    FaultKind.FORMULA_WITHOUT_VALUE,
    FaultKind.SPREADSHEET_NUMBER,
)
_MARK = re.compile(f"#({'|'.join(kind.value for kind in _MARKS)})( .*)?")
_EXACT = 10**15
"""Spreadsheets keep fifteen digits of a number; what has more is not what was typed."""
_SERIALS = range(10_000, 100_000)
"""Day numbers that cannot be meant as a year: from 1927 on, or 1931 in files that count from 1904."""


def text(cell: Cell, column: str, *, digits: int) -> str:
    """The text of a typed cell of this column, where numbers of employees have that many digits.

    A day is only taken for a birth date: anywhere else a spreadsheet made it out
    of something else. A number of an employee is filled up with zeros only where
    the cell's own format fills it up to `digits`, so that everybody saw it so.

    Raises:
        CellError: what is wrong with the cell.
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, NoValue):
        raise CellError(cell.kind)
    if isinstance(cell, Number):
        return _number(cell, column, digits)
    return _day(cell, column)


def plain(cell: Cell, column: str = "") -> str:
    """A cell as a report gives it back: a text that is taken as the cell was, and refused where it was.

    `column` is empty where the column is none of ours, and is passed over.
    """
    if isinstance(cell, NoValue):
        return f"#{cell.kind.value}" if column else ""
    if column == "date_of_birth":
        with suppress(CellError):  # a day number means another day in another file
            return text(cell, column, digits=0)
    elif isinstance(cell, date) and column:
        return f"#{FaultKind.SPREADSHEET_NUMBER.value} {cell.isoformat()}"
    if isinstance(cell, Number):
        whole = cell.value.is_integer() and abs(cell.value) < _EXACT
        return str(int(cell.value)).zfill(cell.zeros) if whole else repr(cell.value)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return cell if isinstance(cell, str) else cell.isoformat()


def refused(text: str) -> FaultKind | None:
    """Why a report had this text in the place of a cell, if nobody has typed over it since."""
    if text == LEFT_OUT:
        return FaultKind.BANK_CARD_NUMBER
    found = _MARK.fullmatch(text)
    return FaultKind(found[1]) if found else None


def _number(cell: Number, column: str, digits: int) -> str:
    whole = cell.value.is_integer() and abs(cell.value) < _EXACT
    if column == "date_of_birth" and int(cell.value) in _SERIALS and cell.day is not None:
        if not whole:
            raise CellError(FaultKind.DATE_WITH_TIME)
        return cell.day.isoformat()
    if not whole:
        if column == "employee_id":
            raise CellError(FaultKind.SPREADSHEET_NUMBER)
        return repr(cell.value)
    number = str(int(cell.value))
    return number.zfill(digits) if column == "employee_id" and cell.zeros == digits else number


def _day(cell: date, column: str) -> str:
    if column != "date_of_birth":
        raise CellError(FaultKind.SPREADSHEET_NUMBER)
    if isinstance(cell, datetime):
        if cell.time() != time():
            raise CellError(FaultKind.DATE_WITH_TIME)
        return cell.date().isoformat()
    return cell.isoformat()
