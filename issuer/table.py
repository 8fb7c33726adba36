"""What every file of applications is read as: a header, and rows of cells under the numbers a person sees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from issuer.faults import FaultKind

MAX_BYTES = 100_000_000
"""Bytes of a file, as it lies on the disk."""
MAX_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a spreadsheet.

    `zeros` is how many digits its format fills up with zeros (format `0000000000`: ten),
    0 where it fills up none. `day` is the day that it counts to, if it counts to one at all.
    """

    value: float
    zeros: int = 0
    day: date | None = None


@dataclass(frozen=True, slots=True)
class NoValue:
    """Why a cell of a spreadsheet has no value that could be meant."""

    kind: FaultKind


Cell = str | Number | date | NoValue
"""A text; or what spreadsheets alone have: a number, a day or moment (`datetime`), no value."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that could not be divided into cells, and what stands there."""

    kind: FaultKind
    text: str


class Table(Protocol):
    """One table of a file that is open; its rows can be read more than once."""

    @property
    def titles(self) -> Sequence[str]:
        """The cells of the header."""

    @property
    def header_row(self) -> int:
        """The row that the header stands in; the first one of a file is 1."""

    def rows(self, *, needed: int) -> Iterator[tuple[int, Sequence[Cell] | Broken]]:
        """The rows below the header, each with its number and as many cells as there are titles.

        A row may end after `needed` cells. Empty rows are counted and left out.

        Raises:
            IssuerError: `too_many_rows`.
        """
