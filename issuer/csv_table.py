"""A CSV file as a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TextIO

from issuer import csv_lines, table
from issuer.csv_lines import MAX_LINE
from issuer.errors import IssuerError
from issuer.table import Broken, Cell

_SEPARATOR_LINE = re.compile(r"\"?sep=.?\"?", re.IGNORECASE)


class CsvTable:
    """A table over an open text file.

    Raises:
        IssuerError: `malformed_header`.
    """

    header_row = 1

    def __init__(self, file: TextIO) -> None:
        self._file = file
        line = _header(self._lines())
        self._delimiter = csv_lines.separator(line)
        self.titles = csv_lines.header_cells(line)

    def rows(self, *, needed: int) -> Iterator[tuple[int, Sequence[Cell] | Broken]]:
        """The rows below the header, from the first one on."""
        lines = self._lines()
        _header(lines)
        return iter(csv_lines.rows(lines, delimiter=self._delimiter, width=len(self.titles), needed=needed))

    def _lines(self) -> Iterator[str]:
        """The lines of the file from its beginning, at most one character longer than a line may be."""
        self._file.seek(0)
        for _ in range(2 * table.MAX_ROWS):
            line = self._file.readline(MAX_LINE + 1)
            if not line:
                return
            rest = line
            while len(rest) > MAX_LINE and not rest.endswith("\n"):
                rest = self._file.readline(MAX_LINE + 1)
            yield line
        raise IssuerError("too_many_rows", f"the file has more than {table.MAX_ROWS:,} rows: divide it")


def _header(lines: Iterator[str]) -> str:
    line = next(lines, "")
    if _SEPARATOR_LINE.fullmatch(line.strip()):  # Excel's own; it shows no row for it
        line = next(lines, "")
    return line
