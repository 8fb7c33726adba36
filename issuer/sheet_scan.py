"""A workbook's XML, looked through as it streams by: held to bounds, and what its values do not tell noted.

The parser that comes after keeps a whole sheet in memory, a place for every
cell between its first and last, and says of a formula only what came out of it.
So everything that costs memory there is counted here first (ECMA-376 part 1, 18.3).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from issuer import table
from issuer.errors import IssuerError
from issuer.faults import FaultKind

TITLE_ROWS = 20
"""Rows within which the header stands."""
MAX_COLUMNS = 200
MAX_AREA = 4_000_000
"""Cells from the first to the last corner of a sheet: 200,000 rows of 20."""
MAX_ELEMENTS = 16_000_000
MAX_DEPTH = 64
MAX_TEXT = 60_000_000
"""Characters of all cells' shared texts, each counted wherever it stands."""
MAX_MARKS = 1_000_000
"""Cells that something is noted of."""
_MAX_TOKEN = 4_000_000
"""Bytes of one tag or text: the parser keeps it whole."""
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_SHEET, _STRINGS = "worksheet", "sst"


@dataclass(slots=True)
class SheetMarks:
    """What was noted in one sheet; rows and columns count from 0."""

    kinds: dict[tuple[int, int], FaultKind] = field(default_factory=dict)
    styles: dict[tuple[int, int], int] = field(default_factory=dict)
    merged: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    """First and last column of what is merged, by row."""
    last_row: int = -1
    last_column: int = -1


class Scan:
    """Reads parts one after another: `start`, `feed` chunk by chunk, `finish`; shared strings first.

    `sheets` holds what was noted, by part; `targets` the part that each relation of
    the workbook leads to; `relations` the relation of each sheet by its place;
    `zeros` how many zeros a cell style fills up a number to.
    """

    def __init__(self) -> None:
        self.sheets: dict[str, SheetMarks] = {}
        self.targets: dict[str, str] = {}
        self.relations: list[str] = []
        self.counts_from_1904 = False
        self.zeros: dict[int | None, int] = {}
        self._formats: dict[str, int] = {}
        self._lengths: list[int] = []
        self._elements = self._text = self._marks = 0

    def start(self, part: str) -> None:
        """Begins with another part."""
        self._part, self._root, self._path, self._fed = part, "", list[str](), 0
        self._sheet = SheetMarks()
        self._row = self._column = -1
        self._pending: tuple[int, int] | None = None
        self._shared = self._is_text = self._in_styles = False
        self._value: list[str] = []
        self._styles = 0
        self._parser = expat.ParserCreate("UTF-8")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._open
        self._parser.EndElementHandler = self._close
        self._parser.StartDoctypeDeclHandler = _refuse_doctype

    def feed(self, chunk: bytes) -> None:
        """Takes the next bytes of the part.

        Raises:
            IssuerError: `damaged_spreadsheet`, `too_many_rows`, `too_many_columns`, `file_too_large`.
        """
        if b"\0" in chunk:  # UTF-16, which one of two parsers may take for something else
            raise _damaged("it is not in UTF-8")
        self._parse(chunk, last=False)
        self._fed += len(chunk)
        if self._fed - max(0, self._parser.CurrentByteIndex) > _MAX_TOKEN:
            raise _damaged("one piece of it is far too long")

    def finish(self) -> None:
        """Ends the part; raises as `feed`."""
        self._parse(b"", last=True)
        if self._root == _SHEET:
            self._settle()
            self.sheets[self._part] = self._sheet

    def _parse(self, chunk: bytes, *, last: bool) -> None:
        try:
            self._parser.Parse(chunk, last)
        except expat.ExpatError as error:
            raise _damaged("its XML is broken") from error

    def _open(self, name: str, attributes: Mapping[str, str]) -> None:
        name = name.rpartition(":")[2]
        self._elements += 1
        if self._elements > MAX_ELEMENTS or len(self._path) >= MAX_DEPTH:
            raise IssuerError("file_too_large", "the spreadsheet has too many cells and parts: divide it")
        if not self._root:
            self._begin(name)
        self._path.append(name)
        if self._root == _SHEET:
            if handler := _IN_SHEET.get(name):
                handler(self, attributes)
        elif name == "sheetData":
            raise _damaged("cells stand where none belong")
        elif self._root == _STRINGS:
            if name == "si":
                self._lengths.append(0)
            elif name == "t":
                self._parser.CharacterDataHandler = self._measure
        elif handler := _ELSEWHERE.get(name):
            handler(self, attributes)

    def _begin(self, root: str) -> None:
        self._root = root
        if root == _STRINGS and (self._lengths or self.sheets):
            raise _damaged("its shared texts are not where they belong")

    def _close(self, _name: str) -> None:
        name = self._path.pop()
        if name in ("t", "v"):
            self._parser.CharacterDataHandler = None
            if name == "v" and self._root == _SHEET:
                self._end_value()
        elif name == "cellXfs":
            self._in_styles = False

    def _measure(self, text: str) -> None:
        if self._lengths:
            self._lengths[-1] += len(text)

    # Of a worksheet.

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        number = _whole(attributes.get("r", ""))
        self._row = self._row + 1 if number is None else number - 1
        self._column = -1

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        self._settle()
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            self._row, self._column = _place(reference)
        kind = attributes.get("t", "n")
        self._shared, self._is_text = kind == "s", kind == "str"
        if kind == "e":
            self._mark(FaultKind.FORMULA_ERROR)
            self._reach()
        style = _whole(attributes.get("s", "0"))
        if kind == "n" and style in self.zeros:
            self._count_mark()
            self._sheet.styles[self._row, self._column] = self.zeros[style]

    def _start_formula(self, _attributes: Mapping[str, str]) -> None:
        self._pending = self._row, self._column

    def _start_value(self, _attributes: Mapping[str, str]) -> None:
        self._reach()
        if self._shared or self._pending:
            self._value = []
            self._parser.CharacterDataHandler = self._value.append

    def _start_inline(self, _attributes: Mapping[str, str]) -> None:
        self._reach()
        self._pending = None

    def _end_value(self) -> None:
        value = "".join(self._value).strip()
        if self._pending and (value or self._is_text):
            self._pending = None
        number = _whole(value) if self._shared else None
        if number is not None and number < len(self._lengths):
            self._text += self._lengths[number]
            if self._text > MAX_TEXT:
                raise IssuerError("file_too_large", "the spreadsheet repeats long texts too often: divide it")
        self._value = []

    def _settle(self) -> None:
        """A formula that ends without a value is noted."""
        if self._pending:
            place, self._pending = self._pending, None
            if place not in self._sheet.kinds:
                self._count_mark()
                self._sheet.kinds[place] = FaultKind.FORMULA_WITHOUT_VALUE
            self._reach(*place)

    def _mark(self, kind: FaultKind) -> None:
        self._count_mark()
        self._sheet.kinds[self._row, self._column] = kind

    def _count_mark(self) -> None:
        self._marks += 1
        if self._marks > MAX_MARKS:
            raise IssuerError("file_too_large", "too many cells are merged, formatted or in error: divide it")

    def _reach(self, row: int | None = None, column: int | None = None) -> None:
        """Counts a cell that holds something."""
        sheet = self._sheet
        sheet.last_row = max(sheet.last_row, self._row if row is None else row)
        sheet.last_column = max(sheet.last_column, self._column if column is None else column)
        if sheet.last_row >= table.MAX_ROWS + TITLE_ROWS:
            raise IssuerError("too_many_rows", f"the file has more than {table.MAX_ROWS:,} rows: divide it")
        if sheet.last_column >= MAX_COLUMNS:
            raise IssuerError(
                "too_many_columns", f"a sheet has more than {MAX_COLUMNS} columns: leave out what is not ours"
            )
        if (sheet.last_row + 1) * (sheet.last_column + 1) > MAX_AREA:
            raise IssuerError("file_too_large", f"a sheet has more than {MAX_AREA:,} cells: divide it")

    def _merge(self, attributes: Mapping[str, str]) -> None:
        first, _, last = attributes.get("ref", "").partition(":")
        (top, left), (bottom, right) = _place(first), _place(last or first)
        for row in range(top, min(bottom, self._sheet.last_row) + 1):
            self._count_mark()
            self._sheet.merged.setdefault(row, []).append((left, right))

    # Of the workbook, its relations and its styles.

    def _add_sheet(self, attributes: Mapping[str, str]) -> None:
        if self._path[-2:-1] == ["sheets"]:
            self.relations += [value for name, value in attributes.items() if name.endswith(":id")][:1]

    def _read_properties(self, attributes: Mapping[str, str]) -> None:
        self.counts_from_1904 = attributes.get("date1904") in ("1", "true", "on")

    def _add_relation(self, attributes: Mapping[str, str]) -> None:
        if self._part.casefold() == "xl/_rels/workbook.xml.rels":
            target = attributes.get("Target", "").replace("\\", "/")
            whole = target.lstrip("/") if target.startswith(("/", "xl/")) else f"xl/{target}"
            self.targets[attributes.get("Id", "")] = whole

    def _add_format(self, attributes: Mapping[str, str]) -> None:
        code = attributes.get("formatCode", "")
        if re.fullmatch("0{1,20}", code):
            self._formats[attributes.get("numFmtId", "")] = len(code)

    def _start_styles(self, _attributes: Mapping[str, str]) -> None:
        self._in_styles = True

    def _add_style(self, attributes: Mapping[str, str]) -> None:
        if self._in_styles:
            if digits := self._formats.get(attributes.get("numFmtId", "")):
                self.zeros[self._styles] = digits
            self._styles += 1


_Handler = Callable[[Scan, Mapping[str, str]], None]
_IN_SHEET: dict[str, _Handler] = {
    "row": Scan._start_row,
    "c": Scan._start_cell,
    "f": Scan._start_formula,
    "v": Scan._start_value,
    "is": Scan._start_inline,
    "mergeCell": Scan._merge,
}
_ELSEWHERE: dict[str, _Handler] = {
    "sheet": Scan._add_sheet,
    "workbookPr": Scan._read_properties,
    "Relationship": Scan._add_relation,
    "numFmt": Scan._add_format,
    "cellXfs": Scan._start_styles,
    "xf": Scan._add_style,
}


def _place(reference: str) -> tuple[int, int]:
    """Row and column of a cell, such as B3, from 0 on."""
    found = _REFERENCE.fullmatch(reference)
    if not found:
        raise _damaged("a cell has no place")
    column = 0
    for letter in found[1]:
        column = 26 * column + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def _whole(digits: str) -> int | None:
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 10 else None


def _refuse_doctype(*_: object) -> None:
    raise _damaged("it brings a document type, which spreadsheets do not have")


def _damaged(why: str) -> IssuerError:
    return IssuerError("damaged_spreadsheet", f"the spreadsheet is damaged: {why}; save it again as XLSX")
