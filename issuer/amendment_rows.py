"""A file of amendments, row by row: an employee number, and the cells that say something else now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from credential.codes import Name
from issuer import sheet_rows
from issuer import table as tables
from issuer.errors import IssuerError
from issuer.faults import Fault
from issuer.sheet_cells import CellError, clean
from issuer.sheet_rows import COLUMNS, Header, Reading
from issuer.table import Broken, Cell, Table

KEY = "employee_id"
NEEDED = frozenset({KEY})
COLUMNS_THAT_CHANGE = tuple(name for name in COLUMNS if name != KEY)


@dataclass(frozen=True, slots=True)
class Change:
    """Whose data change, and what each column that is named says from now on: fields of `sheet_rows.Row`."""

    employee_id: str
    values: Mapping[str, object]

    def __hash__(self) -> int:
        """Equal for two rows that say the same."""
        return hash((self.employee_id, tuple(self.values.items())))


def read_header(table: Table) -> Header:
    """The header: the employee number, and at least one column besides.

    Raises:
        IssuerError: as `sheet_rows.read_header`.
    """
    header = sheet_rows.read_header(table.titles, needed=NEEDED)
    if len(header.places) == 1:
        names = ", ".join(f"{name} ({COLUMNS[name]})" for name in COLUMNS_THAT_CHANGE)
        refusal = f"the header names no column that could change: {names}"
        raise IssuerError("missing_columns", refusal, columns=names)
    return header


def read(table: Table, header: Header, reading: Reading) -> Iterator[tuple[int, Change | list[Fault]]]:
    """The rows below the header: each with its number, and checked or with all its faults.

    An empty cell changes nothing, so that an application's file can be one of amendments too.

    Raises:
        IssuerError: `too_many_rows`.
    """
    readers = sheet_rows.readers(reading)
    needed = sheet_rows.needed(header)
    for counted, (number, cells) in enumerate(table.rows(needed=needed), start=1):
        if counted > tables.MAX_ROWS:
            raise IssuerError("too_many_rows", f"the file has more than {tables.MAX_ROWS:,} rows: divide it")
        if isinstance(cells, Broken):
            yield number, [Fault(number, "", cells.kind)]
            continue
        said = {name: cells[place] for name, place in header.places.items() if _says_something(cells[place])}
        said[KEY] = cells[header.places[KEY]]
        values, faults = _values(number, said, readers, reading)
        yield number, faults or Change(str(values.pop(KEY)), values)


def of_texts(employee_id: str, texts: Mapping[str, str], reading: Reading) -> Change:
    """The change that a person has typed; an empty text empties what may be empty.

    Raises:
        IssuerError: `bad_amendment`, naming column and fault, and no value.
    """
    values, faults = _values(0, {KEY: employee_id, **texts}, sheet_rows.readers(reading), reading)
    if faults:
        told = [(f"{fault.column} ({COLUMNS[fault.column]})", fault.advice, fault.kind) for fault in faults]
        found = Name(
            " ".join(f"{column}៖ {advice.km} [{kind}]" for column, advice, kind in told),
            " ".join(f"{column}: {advice.en} [{kind}]" for column, advice, kind in told),
        )
        raise IssuerError("bad_amendment", f"this cannot be taken in: {found.en}", faults=found)
    return Change(str(values.pop(KEY)), values)


def _says_something(cell: Cell) -> bool:
    return not isinstance(cell, str) or bool(clean(cell))


def _values(
    number: int, cells: Mapping[str, Cell], readers: Mapping[str, sheet_rows.Reader], reading: Reading
) -> tuple[dict[str, object], list[Fault]]:
    values, faults = dict[str, object](), []
    for name in (name for name in COLUMNS if name in cells):
        try:
            values[name] = sheet_rows.value_of(
                cells[name], name, readers[name], digits=reading.employee_id_digits
            )
        except CellError as error:
            faults.append(Fault(number, name, error.kind))
    return values, faults
