"""The log as a table for a spreadsheet, in Khmer or English."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import timedelta, timezone
from typing import TYPE_CHECKING, Literal

from credential.codes import Name

if TYPE_CHECKING:
    from verifier.gate.log import Entry

_PHNOM_PENH = timezone(timedelta(hours=7))
_MARK = "\ufeff"
"""By this a spreadsheet knows the file as UTF-8; without it Khmer is unreadable there."""
_FORMULA = tuple("=+-@\t\r=＋－＠")
_CUTS = str.maketrans({";": ",", "\t": " "})
"""Where a line could be cut that is separated by commas; line breaks do not stand in a note."""
_HEADER = (
    Name("ពេលវេលា (ភ្នំពេញ)", "Time (Phnom Penh)"),
    Name("អ្វី", "What"),
    Name("លទ្ធផល", "Result"),
    Name("កម្រិតធានា", "Assurance"),
    Name("តាមរយៈ", "By"),
    Name("លេខកាតត្រូវគ្នា", "Number the same"),
    Name("កំណត់សម្គាល់", "Note"),
)
_WHAT = {
    "verdict": Name("ការពិនិត្យ", "check"),
    "pass": Name("អ្នកគ្រប់គ្រងអនុញ្ញាត", "let in by a supervisor"),
    "update": Name("បច្ចុប្បន្នភាព", "update"),
    "clock": Name("នាឡិកា", "clock"),
    "settings": Name("ការកំណត់", "settings"),
    "start": Name("ចាប់ផ្តើម", "start"),
    "supervisor": Name("អ្នកគ្រប់គ្រង", "supervisor"),
}
_YES, _NO = Name("បាទ/ចាស", "yes"), Name("ទេ", "no")


def lines(entries: Iterable[Entry], language: str) -> Iterator[str]:
    """The header and a line for each entry, in `km` or else in English; no cell is a formula."""

    def say(name: Name) -> str:
        return name.km if language == "km" else name.en

    yield _MARK + _line([say(name) for name in _HEADER], csv.QUOTE_MINIMAL)  # no quote behind a mark
    for entry in entries:
        yield _line(
            [
                entry.at.astimezone(_PHNOM_PENH).strftime("%Y-%m-%d %H:%M:%S"),
                say(_WHAT[entry.what]),
                entry.code,
                entry.assurance or "",
                entry.by,
                say(_YES if entry.checked else _NO),
                entry.note,
            ]
        )


def _line(cells: list[str], quoting: Literal[0, 1] = csv.QUOTE_ALL) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=quoting).writerow([_harmless(cell) for cell in cells])
    return text.getvalue()


def _harmless(cell: str) -> str:
    """No formula, wherever a spreadsheet cuts the line: many countries' cut it at `;`, inside quotes too."""
    plain = cell.translate(_CUTS)
    return f"'{plain}" if plain.startswith(_FORMULA) else plain
