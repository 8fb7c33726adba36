"""A report that is sent back as it came: what was taken is there already, what was refused is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import seeded_rows
from issuer_desk import Desk, open_desk
from seeded_rows import seeded
from test_issuer_sheet_xlsx import filled, workbook

from examples.people import rows as people
from examples.people import to_csv
from issuer.applications import ImportReport
from issuer.faults import FaultKind
from issuer.sheet_rows import COLUMNS

NAMES = list(COLUMNS)
K = FaultKind


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty register."""
    return open_desk(tmp_path, passphrase=None)


def there_and_back(desk: Desk, data: bytes) -> tuple[ImportReport, ImportReport]:
    """Imports a file, and then the report on it."""
    file, first, second = (desk.home.parent / name for name in ("file", "first.xlsx", "second.xlsx"))
    file.write_bytes(data)
    sent = desk.office.import_file(file, report=first)
    return sent, desk.office.import_file(first, report=second)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("typed", [False, True], ids=["csv", "xlsx"])
def test_nothing_more_is_taken(desk: Desk, seed: int, typed: bool) -> None:
    """Of files with every fault that there is."""
    made = seeded(seed, typed=typed)
    sent, returned = there_and_back(desk, seeded_rows.as_xlsx(made) if typed else seeded_rows.as_csv(made))
    assert {fault.row for fault in returned.faults} == {fault.row for fault in sent.faults}
    assert returned.imported == 0
    assert returned.already_there == sent.imported + sent.already_there


@pytest.mark.parametrize("epoch", [False, True], ids=["1900", "1904"])
@pytest.mark.parametrize(
    ("value", "look"),
    [
        (date(1982, 2, 21), "General"),
        (date(1982, 2, 21), "dd/mm/yyyy"),
        (datetime(1982, 2, 21), "m/d/yy h:mm"),  # noqa: DTZ001
    ],
    ids=["a number", "a day", "a moment"],
)
def test_a_birth_date_stays_one(desk: Desk, value: date, look: str, epoch: bool) -> None:
    """Whatever the spreadsheet had it as, and whichever year it counts from."""

    def write(book: Any, sheet: Any) -> None:
        filled(count=1)(book, sheet)
        sheet.write_datetime(1, NAMES.index("date_of_birth"), value, book.add_format({"num_format": look}))

    sent, returned = there_and_back(desk, workbook(("Sheet1", write), date_1904=epoch))
    assert (sent.imported, sent.faults) == (1, [])
    assert (returned.already_there, returned.faults) == (1, [])
    assert desk.rows("SELECT date_of_birth FROM person") == ["1982-02-21"]


def merged(book: Any, sheet: Any) -> None:
    """Two rows under one merged cell."""
    sheet.merge_range(1, NAMES.index("agency"), 2, NAMES.index("agency"), "North", book.add_format())


def in_error(_: Any, sheet: Any) -> None:
    """A formula that came to nothing."""
    sheet.write_formula(1, NAMES.index("agency"), "=1/0", None, "#DIV/0!")


def unfinished(_: Any, sheet: Any) -> None:
    """A formula that was never worked out."""
    sheet.write_formula(1, NAMES.index("agency"), "=A2", None, "")


def dated(book: Any, sheet: Any) -> None:
    """A text that the spreadsheet made a day of."""
    look = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_datetime(1, NAMES.index("agency"), date(2001, 2, 3), look)


def numbered(_: Any, sheet: Any) -> None:
    """A bank card's number."""
    sheet.write_string(1, NAMES.index("agency"), "4111 1111 1111 1111")


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (merged, K.MERGED_CELLS),
        (in_error, K.FORMULA_ERROR),
        (unfinished, K.FORMULA_WITHOUT_VALUE),
        (dated, K.SPREADSHEET_NUMBER),
        (numbered, K.BANK_CARD_NUMBER),
    ],
)
def test_a_column_that_may_be_empty_is_not_emptied(
    desk: Desk, spoil: Callable[[Any, Any], None], kind: FaultKind
) -> None:
    """The rows stay at fault, for the same reason, until somebody types over the cell."""

    def write(book: Any, sheet: Any) -> None:
        filled(count=2)(book, sheet)
        spoil(book, sheet)

    sent, returned = there_and_back(desk, workbook(("Sheet1", write)))
    found = [(fault.row, fault.column, fault.kind) for fault in sent.faults]
    assert {(column, fault) for _, column, fault in found} == {("agency", kind)}
    assert [(fault.row, fault.column, fault.kind) for fault in returned.faults] == found
    (again,) = desk.office.import_file(
        desk.home.parent / "second.xlsx", report=desk.home.parent / "third.xlsx"
    ).faults[:1]
    assert (again.column, again.kind) == ("agency", kind)
    assert len(desk.office.cards()) == 2 - len(found)


def test_damaged_letters_stay_refused(desk: Desk) -> None:
    """What stands for them in the report is no agency's name."""
    person = {**next(people(1)), "agency": "North"}
    line = ",".join(person.get(name, "") for name in NAMES)
    data = f"{to_csv(1).splitlines()[0]}\n{line}\n".encode().replace(b"North", b"N\xffrth")
    sent, returned = there_and_back(desk, data)
    for report in (sent, returned):
        assert [(fault.column, fault.kind) for fault in report.faults] == [("agency", K.BAD_ENCODING)]
