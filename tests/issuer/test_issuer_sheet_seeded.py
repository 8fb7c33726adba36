"""Of files with known faults every one is found and named, and none is invented (issue: done when, 2)."""

from __future__ import annotations

from pathlib import Path

import pytest
import seeded_rows
from issuer_desk import Desk, open_desk
from seeded_rows import Named, seeded

from issuer.applications import ImportReport
from issuer.faults import Fault, FaultKind

OF_PHOTOS = {kind for kind in FaultKind if kind.value.startswith("photo_")}
"""Seeded with a folder, in the tests on photos."""
OF_XLSX = {FaultKind.FORMULA_ERROR, FaultKind.FORMULA_WITHOUT_VALUE, FaultKind.MERGED_CELLS}
OF_CSV = {
    FaultKind.BAD_ENCODING,
    FaultKind.WRONG_FIELD_COUNT,
    FaultKind.BROKEN_QUOTES,
    FaultKind.LINE_TOO_LONG,
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty register."""
    return open_desk(tmp_path, passphrase=None)


def named(faults: list[Fault]) -> Named:
    """Row, column and kind of each."""
    return {(fault.row, fault.column, fault.kind) for fault in faults}


def send(desk: Desk, folder: Path, *, seed: int, typed: bool) -> tuple[seeded_rows.Seeded, ImportReport]:
    """A seeded file into a register that knows some of its people with other data."""
    made = seeded(seed, typed=typed)
    (folder / "known.csv").write_bytes(seeded_rows.as_csv(seeded_rows.Seeded(rows=[*made.known])))
    desk.office.import_file(folder / "known.csv")
    file = folder / "file"
    file.write_bytes(seeded_rows.as_xlsx(made) if typed else seeded_rows.as_csv(made))
    return made, desk.office.import_file(file)


@pytest.mark.parametrize("typed", [False, True], ids=["csv", "xlsx"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_seeded_row_is_named_and_none_invented(
    desk: Desk, tmp_path: Path, seed: int, typed: bool
) -> None:
    """Rows, columns and kinds; all others are imported."""
    made, report = send(desk, tmp_path, seed=seed, typed=typed)
    assert named(report.faults) == made.faults
    assert named(report.warnings) == made.warnings
    assert (report.rows, report.imported) == (len(made.rows), made.good)


def test_every_kind_is_seeded() -> None:
    """Whoever adds a kind adds a way in which it comes about."""
    in_csv, in_xlsx = (
        {kind for _, _, kind in made.faults | made.warnings}
        for made in (seeded(1, typed=False), seeded(1, typed=True))
    )
    # Had a card, was rejected: these need a life that went before; the others are of amendments.
    elsewhere = OF_PHOTOS | {
        *(FaultKind.HAD_CARD, FaultKind.WAS_REJECTED, FaultKind.REJECTED_BEFORE),
        *(FaultKind.UNKNOWN_EMPLOYEE, FaultKind.NO_CARD, FaultKind.ON_THE_CARD),
        *(FaultKind.PHONE_SHOWS_OLD, FaultKind.RETIRED_WITH_CARD),
    }
    assert in_csv == set(FaultKind) - elsewhere - OF_XLSX
    assert in_xlsx == set(FaultKind) - elsewhere - OF_CSV
