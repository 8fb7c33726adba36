"""Lines to rows: one broken row never swallows its neighbours."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.csv_lines import MAX_LINE, header_cells, rows, separator
from issuer.errors import IssuerError
from issuer.faults import FaultKind
from issuer.table import Broken

CELL = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=12)


def split(text: str, *, width: int = 3, needed: int | None = None) -> list[tuple[int, object]]:
    """The rows of a text without a header; of a broken one what is wrong with it."""
    found = rows(io.StringIO(text), delimiter=",", width=width, needed=width if needed is None else needed)
    return [(number, row.kind if isinstance(row, Broken) else row) for number, row in found]


@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3).filter(lambda r: any(c.strip() for c in r)), max_size=8)
)
def test_what_a_csv_writer_wrote_is_read_back(table: list[list[str]]) -> None:
    """Commas, quotes and semicolons inside cells survive."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(table)
    assert split(text.getvalue()) == list(enumerate(table, start=2))


@given(st.integers(0, 6), st.sampled_from(['"', 'a"b",c,"', 'a,"b,c', '"a"x,b,c']))
def test_an_unclosed_quote_harms_only_its_own_row(place: int, broken: str) -> None:
    """Every other row is read, under its own number."""
    lines = [f"{n},b,c" for n in range(7)]
    lines[place] = broken
    found = dict(split("\n".join(lines)))
    assert found.pop(place + 2) is FaultKind.BROKEN_QUOTES
    assert found == {n + 2: [str(n), "b", "c"] for n in range(7) if n != place}


def test_a_cell_may_hold_a_line_break() -> None:
    """Spreadsheets write them; the row counts once, as the spreadsheet counts it."""
    assert split('1,"a\nb",c\n2,b,c\n') == [(2, ["1", "a\nb", "c"]), (3, ["2", "b", "c"])]


def test_two_broken_rows_do_not_join_over_a_good_one() -> None:
    """Two stray quotes would make one long cell of all that stands between."""
    found = split('1,"a,c\n2,b,c\n3,a",c\n')
    assert found == [(2, FaultKind.BROKEN_QUOTES), (3, ["2", "b", "c"]), (4, ["3", 'a"', "c"])]


def test_rows_of_other_widths() -> None:
    """Empty cells beyond the header are nothing; text there, or a missing needed cell, is a fault."""
    assert split("1,2,3,,\n") == [(2, ["1", "2", "3"])]
    assert split("1,2,3,4\n") == [(2, FaultKind.WRONG_FIELD_COUNT)]
    assert split("1,2\n") == [(2, FaultKind.WRONG_FIELD_COUNT)]
    assert split("1,2\n", needed=2) == [(2, ["1", "2", ""])]


def test_empty_rows_are_counted_and_left_out() -> None:
    """The number of a row is that of the spreadsheet."""
    assert split("\n,,\n1,2,3\n   \n") == [(4, ["1", "2", "3"])]


def test_a_line_without_end_is_one_fault() -> None:
    """Whatever its length, and its neighbours are read."""
    found = split(f"{'x' * (MAX_LINE + 1)}\n1,2,3\n")
    assert found == [(2, FaultKind.LINE_TOO_LONG), (3, ["1", "2", "3"])]


@pytest.mark.parametrize(
    ("header", "delimiter"), [("a,b;c,d", ","), ("a;b;c,d", ";"), ("a\tb\tc", "\t"), ("a", ",")]
)
def test_the_separator_is_the_commonest(header: str, delimiter: str) -> None:
    """Comma, semicolon or tab."""
    assert separator(header) == delimiter


@pytest.mark.parametrize("header", ['"a,b', "x" * (MAX_LINE + 1)])
def test_a_broken_header_is_refused(header: str) -> None:
    """Without a header no row can be read."""
    with pytest.raises(IssuerError) as caught:
        header_cells(header)
    assert caught.value.code == "malformed_header"


@pytest.mark.parametrize("line", ["1,2", '1,"2,3', "x" * (MAX_LINE + 1)])
def test_a_broken_row_keeps_its_text(line: str) -> None:
    """For the report: whoever mends the row has to see it."""
    ((_, row),) = rows([line + "\r\n"], delimiter=",", width=3, needed=3)
    assert isinstance(row, Broken)
    assert row.text == line
