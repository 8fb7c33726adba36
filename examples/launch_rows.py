"""What 17 agencies send: their people, with a few rows spoilt by a seeded hand, and the same mended."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import xlsxwriter

from examples import people
from examples.launch_plan import APPLICATIONS, LAUNCH, TWINS, Agency
from examples.portraits import portrait
from issuer.faults import FaultKind
from issuer.photo_folder import COLUMN as PHOTO

_SEED = 2022
_HEADER = 1
"""Rows above the first person, as a spreadsheet counts."""
_SAME = ("name_km", "name_la", "date_of_birth")
_TWIN_AT = 6
_FIRST_SPOILT, _NEXT_SPOILT = 3, 7
_K = FaultKind

Cells = Mapping[str, str]
Seed = tuple[int, str, FaultKind]
"""Row as a spreadsheet counts, column, what is wrong with it."""

SPOILT: tuple[tuple[FaultKind, str, str], ...] = (
    (_K.MISSING_VALUE, "name_km", ""),
    (_K.IMPOSSIBLE_DATE, "date_of_birth", "1979-02-30"),
    (_K.IMPLAUSIBLE_DATE, "date_of_birth", "2523-04-12"),  # the Buddhist year
    (_K.UNKNOWN_MINISTRY, "ministry", "ក្រសួងដែលគ្មាន"),
    (_K.SPREADSHEET_NUMBER, "employee_id", "1.2E+07"),
    (_K.NOT_LATIN, "name_la", "សុខ ដារ៉ា"),
    (_K.NOT_KHMER, "name_km", "SOK DARA"),
    (_K.LOST_ZEROS, "employee_id", "1234567"),
    (_K.AMBIGUOUS_DATE, "date_of_birth", "04/05/1981"),
    (_K.DAY_FIRST_DATE, "date_of_birth", "23/04/1980"),
    (_K.DATE_WITH_TIME, "date_of_birth", "1980-04-23 00:00:00"),
    (_K.SPREADSHEET_DATE, "date_of_birth", "29334"),
    (_K.UNKNOWN_GRADE, "grade", "ហ.៩"),
    (_K.UNKNOWN_STATUS, "employment_status", "gone"),
    (_K.LEADING_APOSTROPHE, "employee_id", "'0012345678"),
)
"""What spreadsheets and people do to a cell."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """An agency's file: `sent` at first, `mended` afterwards, and the rows that were spoilt in between."""

    agency: Agency
    sent: Sequence[Cells]
    mended: Sequence[Cells]
    seeds: frozenset[Seed]

    @property
    def bad_rows(self) -> int:
        """How many rows are spoilt."""
        return len({row for row, _, _ in self.seeds})


def sheets() -> list[Sheet]:
    """All 17; the same ones each time."""
    everybody = iter(list(people.rows(APPLICATIONS, seed=_SEED)))
    good = [[_of(agency, row) for row in islice(everybody, agency.people)] for agency in LAUNCH]
    for one, other in TWINS:
        first, second = good[one - 1], good[other - 1]
        place = _TWIN_AT + 2 * other  # apart from what is spoilt, whichever agency it is
        second[-place] |= {name: first[-place][name] for name in _SAME}
    hands = cycle(SPOILT)
    return [_spoil(agency, rows, hands) for agency, rows in zip(LAUNCH, good, strict=True)]


def write(sheet: Sheet, rows: Sequence[Cells], path: Path) -> None:
    """Writes the rows as the agency does, with a header."""
    cells = [list(people.COLUMNS), *([row[name] for name in people.COLUMNS] for row in rows)]
    if sheet.agency.is_spreadsheet:
        with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False}) as book:
            page = book.add_worksheet("Applications")
            text = book.add_format({"num_format": "@"})
            for place, line in enumerate(cells):
                for column, cell in enumerate(line):
                    page.write_string(place, column, cell, text)
    else:
        made = io.StringIO()
        csv.writer(made).writerows(cells)
        path.write_text(made.getvalue(), "utf-8-sig")


def write_photos(sheet: Sheet, folder: Path) -> None:
    """A portrait for everybody; but the third last has none, and the last two have the same."""
    folder.mkdir()
    *most, _, one, other = enumerate(sheet.mended)
    for place, row in (*most, one):
        (folder / _photo(row)).write_bytes(_portrait(place))
    (folder / _photo(other[1])).write_bytes(_portrait(one[0]))


def mend_photos(sheet: Sheet, folder: Path) -> None:
    """The one that lacked, and the one that was another's."""
    for place in (-3, -1):
        (folder / _photo(sheet.mended[place])).write_bytes(_portrait(len(sheet.mended) + place))


def _photo(row: Cells) -> str:
    return f"{row['employee_id']}.jpg"


def _portrait(seed: int) -> bytes:
    return portrait(seed, width=300, height=400)


def _of(agency: Agency, row: dict[str, str]) -> dict[str, str]:
    return row | {
        "ministry": str(agency.number),
        "agency": agency.name.km,
        "employment_status": "active",
    }


def _spoil(agency: Agency, good: Sequence[Cells], hands: Iterator[tuple[FaultKind, str, str]]) -> Sheet:
    """One to three rows with something wrong, in every third file two people under one number."""
    sent, seeds = list(good), set[Seed]()
    for place in range(_FIRST_SPOILT, _FIRST_SPOILT + _NEXT_SPOILT * (1 + agency.number % 3), _NEXT_SPOILT):
        kind, column, text = next(hands)
        sent[place] = {**sent[place], column: text}
        seeds.add((place + _HEADER + 1, column, kind))
    if agency.number % 3 == 0:
        one, other = 0, 1
        sent[other] = {**sent[other], "employee_id": sent[one]["employee_id"]}
        seeds |= {(at + _HEADER + 1, "employee_id", _K.CONFLICT_IN_FILE) for at in (one, other)}
    if agency.photos:
        last = len(sent) + _HEADER
        seeds.add((last - 2, PHOTO, _K.PHOTO_MISSING))
        seeds |= {(row, PHOTO, _K.PHOTO_SHARED) for row in (last - 1, last)}
    return Sheet(agency, sent, good, frozenset(seeds))
