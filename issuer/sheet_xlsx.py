"""An XLSX workbook as a table: the one sheet that has our header. The door to python-calamine."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence, Set
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import islice
from typing import IO

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from issuer import sheet_zip
from issuer.errors import IssuerError
from issuer.faults import FaultKind
from issuer.sheet_rows import COLUMNS, NEEDED, shown, title_of
from issuer.sheet_scan import TITLE_ROWS, Scan, SheetMarks
from issuer.table import Broken, Cell, NoValue, Number

_FEWEST = 3
"""Titles of ours that make a row a header, if perhaps an incomplete one."""
_TITLES = {text: name for name, khmer in COLUMNS.items() for text in (name, khmer)}
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
"""Day 0, true from 1 March 1900 on: before it a spreadsheet counts a day that never was."""
_LONGEST_LIST = 5
_MERGED = NoValue(FaultKind.MERGED_CELLS)
_Found = tuple[str, CalamineSheet, SheetMarks, int, bool]
"""A sheet with our header: title, cells, marks, the header's row, whether all that is needed stands there."""
_Value = int | float | str | bool | time | date | datetime | timedelta


class SheetTable:
    """The applications of one workbook, or what else has a header of ours with the columns `needed`.

    Raises:
        IssuerError: a code of `sheet_zip.repacked`; `no_header_sheet`, `several_sheets`,
            `hidden_sheet`, `malformed_header` where its cells are merged.
    """

    def __init__(self, file: IO[bytes], *, needed: Set[str] = NEEDED) -> None:
        packed, scan = sheet_zip.repacked(file)
        self._sheet, self._marks, header = _chosen(_loaded(packed), scan, needed)
        self._epoch = _EPOCH_1904 if scan.counts_from_1904 else _EPOCH
        self.header_row = header + 1
        cells = [_title(cell) for cell in _row(self._sheet, header)]
        while cells and not cells[-1].strip():
            cells.pop()
        self.titles: Sequence[str] = cells
        for left, right in self._marks.merged.get(header, ()):
            if left < len(cells) and right > left:
                raise IssuerError("malformed_header", "cells of the header are merged: unmerge them")

    def rows(self, *, needed: int) -> Iterator[tuple[int, Sequence[Cell] | Broken]]:  # noqa: ARG002
        """The rows below the header, with as many cells as there are titles; `needed` means nothing here."""
        width, left = len(self.titles), (self._sheet.start or (0, 0))[1]
        below = islice(enumerate(self._sheet.iter_rows()), self.header_row, None)
        for row, values in below:
            cells: list[Cell] = [""] * width
            for column, value in enumerate(values[: max(0, width - left)], start=left):
                cells[column] = self._cell(value, row, column)
            if not any(not isinstance(cell, str) or cell.strip() for cell in cells):
                continue
            for first, last in self._marks.merged.get(row, ()):
                cells[first : last + 1] = [_MERGED] * len(cells[first : last + 1])
            yield row + 1, cells

    def _cell(self, value: _Value, row: int, column: int) -> Cell:
        if value == "":
            kind = self._marks.kinds.get((row, column))
            return NoValue(kind) if kind else ""
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return str(value).upper()
        if isinstance(value, int | float):
            return self._number(float(value), row, column)
        if isinstance(value, date):
            return value
        # A time without a day: it is no date, and no text that was typed.
        return str(value)

    def _number(self, value: float, row: int, column: int) -> Cell:
        if not math.isfinite(value):
            return NoValue(FaultKind.FORMULA_ERROR)
        try:
            day = self._epoch + timedelta(days=math.floor(value))
        except OverflowError:
            day = None
        return Number(value, self._marks.styles.get((row, column), 0), day)


def _loaded(packed: BytesIO) -> CalamineWorkbook:
    try:
        return load_workbook(packed)
    except (CalamineError, ValueError, OSError) as error:
        raise _unreadable() from error


def _chosen(
    workbook: CalamineWorkbook, scan: Scan, needed: Set[str]
) -> tuple[CalamineSheet, SheetMarks, int]:
    """The sheet with our header, what was noted of it, and the row of the header, from 0 on."""
    found: list[_Found] = []
    hidden: list[_Found] = []
    names = []
    sheets = workbook.sheets_metadata
    if len(sheets) != len(scan.relations):
        raise _unreadable()
    for place, about in enumerate(sheets):
        if about.typ is not SheetTypeEnum.WorkSheet:
            continue
        try:
            sheet = workbook.get_sheet_by_index(place)
        except (CalamineError, ValueError, OSError) as error:
            raise _unreadable() from error
        marks = scan.sheets.get(scan.targets.get(scan.relations[place], ""))
        if marks is None:
            raise _unreadable()
        visible = about.visible is SheetVisibleEnum.Visible
        if visible:
            names.append(about.name)
        if (header := _header(sheet, needed)) is not None:
            (found if visible else hidden).append((about.name, sheet, marks, *header))
    whole = [entry for entry in found if entry[4]]
    if len(whole or found) == 1:
        _, sheet, marks, row, _ = (whole or found)[0]
        return sheet, marks, row
    raise _which([entry[0] for entry in whole or found], [entry[0] for entry in hidden], names)


def _header(sheet: CalamineSheet, needed: Set[str]) -> tuple[int, bool] | None:
    """The row among the first ones that has most of our titles, and whether it has all that are needed."""
    best, place = set[str](), -1
    for number, cells in enumerate(islice(sheet.iter_rows(), TITLE_ROWS)):
        names = {_TITLES[title] for cell in cells if (title := title_of(_title(cell))) in _TITLES}
        if len(names) > len(best):
            best, place = names, number
    return (place, best >= needed) if len(best) >= min(_FEWEST, len(needed) + 1) else None


def _row(sheet: CalamineSheet, number: int) -> list[_Value]:
    left = (sheet.start or (0, 0))[1]
    return [*[""] * left, *next(islice(sheet.iter_rows(), number, None), [])]


def _title(cell: _Value) -> str:
    return cell[:1000] if isinstance(cell, str) else ""


def _which(several: list[str], hidden: list[str], names: list[str]) -> IssuerError:
    """Why no sheet is taken; titles are shown short, and without what may be a bank card's number."""
    if several:
        return IssuerError(
            "several_sheets",
            f"more than one sheet has our header: keep one of {_listed(several)}",
            sheets=_listed(several),
        )
    if hidden:
        return IssuerError(
            "hidden_sheet",
            f"the sheet with the applications is hidden: show it: {_listed(hidden)}",
            sheets=_listed(hidden),
        )
    return IssuerError(
        "no_header_sheet",
        f"no sheet has our header within its first {TITLE_ROWS} rows (sheets: {_listed(names)}); "
        "see import --columns and --example",
        sheets=_listed(names),
    )


def _listed(names: list[str]) -> str:
    more = "" if len(names) <= _LONGEST_LIST else f" and {len(names) - _LONGEST_LIST} more"
    return ", ".join(f'"{shown(name)}"' for name in names[:_LONGEST_LIST]) + more


def _unreadable() -> IssuerError:
    return IssuerError(
        "damaged_spreadsheet", "the spreadsheet is damaged: it cannot be read; save it again as XLSX"
    )
