"""What the log has room for, and its table: codes, a reason, and nothing that a card says."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from gate_entries import ENTRIES, NOW, rows, verdict
from hypothesis import given
from hypothesis import settings as run
from hypothesis import strategies as st

from verifier.gate.errors import GateError
from verifier.gate.log import Entry, LogFolder


@given(ENTRIES)
def test_line(entry: Entry) -> None:
    """What is written is read, on one line."""
    line = entry.to_line()
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert len(line) < 2_048
    assert Entry.from_line(line) == entry
    assert entry.at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": datetime(2026, 11, 27)},  # noqa: DTZ001 (that is what is wrong)
        {"at": datetime.max.replace(tzinfo=UTC)},
        {"at": datetime.min.replace(tzinfo=UTC)},
        {"what": "person"},
        {"code": ""},
        {"code": "SOK CHANTARA"},
        {"code": "0123456789"},
        {"code": "a0123456789"},
        {"code": "a\n"},
        {"assurance": "sure"},
        {"by": "ear"},
        {"checked": 1},
        {"note": "of a verdict"},
    ],
)
def test_entry_bounds(wrong: dict[str, object]) -> None:
    """An entry has room for codes, and for nothing that a card says."""
    right: dict[str, object] = {"at": NOW, "what": "verdict", "code": "accepted"}
    with pytest.raises(ValueError, match=r"."):
        Entry(**right | wrong)  # type: ignore[arg-type]


NUMBERS = [
    "0123456789",
    "card 4111 1111 1111 1111 shown",
    "០១២៣៤៥៦៧៨៩",
    "០១២ ៣៤៥-៦៧៨ ៩",
    "٠١٢٣٤٥٦٧٨٩",
    "０１２３４５６７８９",
    "①②③④⑤⑥⑦⑧⑨⑩",
    "01\u200b23\u200c45\u200d67\u00ad89",
    "0-1-2-3-4-5-6-7-8-9",
    "01.23/45:67_89",
    "0\t1\n2\r3\x004 5\u00a06\u20287\u202e8 9",
    "លេខ០១២៣៤៥៦៧៨៩",
    "x0123456789x",
    "123 456 789 0",
]


@pytest.mark.parametrize("note", NUMBERS)
def test_numbers_refused(note: str) -> None:
    """Ten digits of any script, however they are set apart, may be a card's: not logged, not repeated."""
    for what in ("pass", "settings"):
        with pytest.raises(GateError) as caught:
            Entry(at=NOW, what=what, code="passed", note=note)
        assert caught.value.code == "reason_needed"
        assert "4" not in str(caught.value)


@given(
    digits=st.lists(st.sampled_from("0123456789០១២៣៤៥៦៧៨៩"), min_size=10, max_size=19),
    gaps=st.lists(st.sampled_from(["", " ", "-", "–", "\u200b", " - "]), min_size=19, max_size=19),
    around=st.tuples(st.text("abកខ ", max_size=20), st.text("abកខ ", max_size=20)),
)
def test_any_number_refused(digits: list[str], gaps: list[str], around: tuple[str, str]) -> None:
    """So for every number, every way of setting it apart, and whatever stands around it."""
    number = "".join(digit + gap for digit, gap in zip(digits, gaps, strict=False))
    with pytest.raises(GateError):
        Entry(at=NOW, what="pass", code="passed", note=around[0] + number + around[1])


@pytest.mark.parametrize("note", ["", " ", "\n\t\u200b", "...", "a" * 201, "a" * 1_000_000])
def test_reason_needed(note: str) -> None:
    """A pass without a reason, or with a book, is not logged."""
    with pytest.raises(GateError) as caught:
        Entry(at=NOW, what="pass", code="passed", note=note)
    assert caught.value.code == "reason_needed"


@pytest.mark.parametrize(
    ("note", "kept"),
    [
        ("ភ្លេច\u200bកាតនៅផ្ទះ", "ភ្លេច\u200bកាតនៅផ្ទះ"),
        ("  phone\r\n\tbroken \ud800 ", "phone broken"),
        ("room 12345 for 6789 days", "room 12345 for 6789 days"),
        ("\u202egnp.exe", "gnp.exe"),
        ("a" * 200, "a" * 200),
    ],
)
def test_note(note: str, kept: str) -> None:
    """A reason stays as it was written, on one line, without what cannot be seen."""
    assert Entry(at=NOW, what="pass", code="passed", note=note).note == kept


@given(st.lists(ENTRIES, max_size=5), st.sampled_from(["km", "en", "fr"]))
@run(max_examples=60)
def test_csv(tmp_path_factory: pytest.TempPathFactory, entries: list[Entry], language: str) -> None:
    """A row an entry, a mark that says UTF-8, and no cell that a spreadsheet would calculate."""
    log = LogFolder(tmp_path_factory.mktemp("log"))
    for entry in entries:
        log.append([entry])
    text = "".join(log.csv(language))
    assert text.startswith("\ufeff")
    assert text.count("\r\n") == len(entries) + 1
    table = rows(log, language)
    assert {len(row) for row in table} == {7}
    assert not [cell for row in table for cell in row if cell[:1] in tuple("=+-@\t\r")]
    assert sorted(row[6].removeprefix("'") for row in table[1:]) == sorted(
        entry.note.replace(";", ",").removeprefix("'") for entry in entries
    )
    for cut in ";\t":  # as a spreadsheet elsewhere cuts it
        cells = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=cut) for cell in row]
        assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r")]
        assert len(cells) == len(entries) + 1


@pytest.mark.parametrize("note", ["x;=HYPERLINK(1)", ";;@a", "a;+1", "=1;=1", "x,=1", 'x";=1'])
def test_csv_cut_at_semicolons(tmp_path: Path, note: str) -> None:
    """Where `;` separates cells, a reason that holds one makes no cell of its own; every cell is quoted."""
    log = LogFolder(tmp_path)
    log.append([Entry(at=NOW, what="pass", code="passed", by="person", note=note)])
    text = "".join(log.csv("en"))
    assert ";" not in text
    assert "\t" not in text
    line = text.splitlines()[1]
    assert line.startswith('"2026')
    assert line.endswith('"')
    note_cell = rows(log, "en")[1][6]
    assert note_cell[0] not in "=+-@"
    assert note_cell.removeprefix("'") == note.replace(";", ",")


def test_csv_words(tmp_path: Path) -> None:
    """The header and the words are in the language, the times those of Phnom Penh."""
    log = LogFolder(tmp_path)
    log.append([verdict(), Entry(at=NOW, what="pass", code="passed", by="person", note="=HYPERLINK(1)")])
    english, khmer = rows(log, "en"), rows(log, "km")
    assert english[1] == ["2026-11-27 15:30:00", "check", "accepted", "live", "keys", "no", ""]
    assert english[2][1:] == ["let in by a supervisor", "passed", "", "person", "no", "'=HYPERLINK(1)"]
    assert english[0][0] == "\ufeffTime (Phnom Penh)"
    assert [row[2] for row in khmer[1:]] == ["accepted", "passed"]
    assert not set(khmer[0]) & set(english[0])
