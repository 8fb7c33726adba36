"""The page on applications says what the code says, word for word."""

from __future__ import annotations

import re
from pathlib import Path

from issuer import photo, photo_folder, sheet_scan, sheet_zip, table
from issuer.cli_columns import MEANINGS
from issuer.faults import WARNINGS, Fault, FaultKind
from issuer.rejection_reasons import REASONS
from issuer.report_wording import OUTCOMES, RESULT, WRONG, both
from issuer.sheet_rows import COLUMNS, OPTIONAL

PAGE = (Path(__file__).parents[2] / "docs" / "applications.md").read_text("utf-8")


def columns() -> str:
    """The table of columns."""
    lines = ["| column | in Khmer | needed | what it holds |", "|---|---|---|---|"]
    for name, khmer in COLUMNS.items():
        lines.append(f"| `{name}` | {khmer} | {'no' if name in OPTIONAL else 'yes'} | {MEANINGS[name].en} |")
    return "\n".join(lines)


def faults(*, warnings: bool) -> str:
    """The table of faults, or of warnings."""
    lines = ["| kind | what it says | in Khmer |", "|---|---|---|"]
    for kind in FaultKind:
        if (kind in WARNINGS) is warnings:
            advice = Fault(0, "", kind).advice
            lines.append(f"| `{kind.value}` | {advice.en} | {advice.km} |")
    return "\n".join(lines)


def test_the_tables_are_those_of_the_code() -> None:
    """Columns, faults and warnings; whoever changes a word changes it there too."""
    for expected in (columns(), faults(warnings=False), faults(warnings=True)):
        assert expected in PAGE


def test_the_bounds_are_those_of_the_code() -> None:
    """Every figure on the page that stands for a bound."""
    for bound in (
        f"{table.MAX_BYTES // 10**6} MB",
        f"{table.MAX_ROWS:,} rows",
        f"{sheet_zip.MAX_UNZIPPED // 10**6} MB",
        f"{sheet_scan.MAX_COLUMNS} columns",
        f"{sheet_scan.MAX_AREA:,} cells",
        f"first {sheet_scan.TITLE_ROWS} rows",
        f"{photo.MAX_BYTES // 10**6} MB",
        f"{photo.MIN_SIDE} to {photo.MAX_SIDE} pixels",
        f"{photo.MAX_PIXELS // 10**6} million pixels",
        f"{photo.SLIMMEST} to {photo.WIDEST}",
        f"{photo.SIZE[0]} × {photo.SIZE[1]}",
        f"{photo.MAX_KEPT // 1000} KB",
        f"{photo_folder.MAX_ENTRIES:,} files",
    ):
        assert bound in PAGE, bound


def test_the_report_is_described_in_its_own_words() -> None:
    """Its titles and every outcome."""
    for name in (WRONG, RESULT, *OUTCOMES.values()):
        assert both(name) in PAGE


def test_every_reason_is_on_the_page() -> None:
    """In both languages."""
    for reason, name in REASONS.items():
        assert f"| `{reason.value}` | {name.km} | {name.en} |" in PAGE


def test_every_refusal_on_the_page_exists() -> None:
    """A code that was renamed is noticed."""
    from issuer.errors import IssuerError

    codes = re.findall(r"^\| `([a-z_]+)` \| refused", PAGE, re.MULTILINE)
    assert len(codes) >= 8
    assert {code for code in codes if f"`{code}`" not in str(IssuerError.__doc__)} == set()
