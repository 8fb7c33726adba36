"""Lines of a CSV file to rows of cells, so that one broken row never swallows its neighbours.

A CSV reader that meets an unclosed quotation mark reads on to the next one,
and every row between is lost without a word. Here a row may go on to the next
line only if that makes a whole row and none of the lines is one by itself.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from issuer.errors import IssuerError
from issuer.faults import FaultKind
from issuer.table import Broken

MAX_LINE = 16_384
"""Characters of one line; a full row has about 400."""
MAX_JOINED = 6
"""Lines that one row may span."""
_SEPARATORS = ",;\t"

Cells = list[str]


def separator(header: str) -> str:
    """The character that divides the cells of this header line: the commonest of comma, semicolon and tab."""
    return max(_SEPARATORS, key=header.count)


def header_cells(line: str) -> Cells:
    """The cells of the header line.

    Raises:
        IssuerError: `malformed_header`.
    """
    if len(line) > MAX_LINE:
        raise IssuerError("malformed_header", "the first line is far too long for a header")
    try:
        return _split(line, separator(line))
    except csv.Error as error:
        raise IssuerError("malformed_header", "the header has an unpaired quotation mark") from error


def rows(
    lines: Iterable[str], *, delimiter: str, width: int, needed: int
) -> Iterator[tuple[int, Cells | Broken]]:
    """The rows below the header as (row number, `width` cells or what is wrong with the row).

    A row may end early if it has at least `needed` cells: spreadsheets drop
    empty cells at the end. Rows without any text are counted and left out.
    """
    waiting: deque[str] = deque()
    source = iter(lines)
    number = 1
    while (line := _next(waiting, source)) is not None:
        number += 1
        cells = _read(line, delimiter)
        if cells is FaultKind.BROKEN_QUOTES:
            cells = _joined(line, waiting, source, delimiter=delimiter, width=width)
        if isinstance(cells, FaultKind):
            yield number, Broken(cells, line.rstrip("\r\n"))
        elif any(cell.strip() for cell in cells):
            fitted = _fitted(cells, width, needed)
            yield number, Broken(fitted, line.rstrip("\r\n")) if isinstance(fitted, FaultKind) else fitted


def _next(waiting: deque[str], source: Iterator[str]) -> str | None:
    return waiting.popleft() if waiting else next(source, None)


def _read(line: str, delimiter: str) -> Cells | FaultKind:
    if len(line) > MAX_LINE:
        return FaultKind.LINE_TOO_LONG
    try:
        return _split(line, delimiter)
    except csv.Error:
        return FaultKind.BROKEN_QUOTES


def _split(line: str, delimiter: str) -> Cells:
    return next(csv.reader([line], delimiter=delimiter, strict=True), [])


def _joined(
    first: str, waiting: deque[str], source: Iterator[str], *, delimiter: str, width: int
) -> Cells | FaultKind:
    """The row that begins in `first` and ends some lines below; what was read in vain goes back."""
    taken: list[str] = []
    while len(taken) < MAX_JOINED - 1 and (line := _next(waiting, source)) is not None:
        taken.append(line)
        alone = _read(line, delimiter)
        if alone is FaultKind.LINE_TOO_LONG or (not isinstance(alone, FaultKind) and len(alone) >= width):
            break
        try:
            cells = _split(first + "".join(taken), delimiter)
        except csv.Error:
            continue
        if len(cells) == width:
            return cells
        break
    waiting.extendleft(reversed(taken))
    return FaultKind.BROKEN_QUOTES


def _fitted(cells: Sequence[str], width: int, needed: int) -> Cells | FaultKind:
    if any(cell.strip() for cell in cells[width:]) or len(cells) < needed:
        return FaultKind.WRONG_FIELD_COUNT
    return [*cells[:width], *[""] * (width - len(cells))]
