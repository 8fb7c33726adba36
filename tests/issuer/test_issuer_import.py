"""A whole file into the register: good rows once, bad rows named, safe to send again."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from issuer_desk import Desk, open_desk

from examples.people import rows as people
from examples.people import to_csv
from issuer import applications
from issuer.applications import ImportReport
from issuer.errors import IssuerError
from issuer.faults import FaultKind


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty register, of an officer who cannot sign."""
    return open_desk(tmp_path, passphrase=None)


def send(desk: Desk, data: bytes | str) -> ImportReport:
    """Imports a file with this content."""
    path = desk.home.parent / "file.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return desk.office.import_file(path)


def refused(desk: Desk, data: bytes | str) -> str:
    """The code that a whole file is refused with; nothing of it is in the register."""
    with pytest.raises(IssuerError) as caught:
        send(desk, data)
    assert desk.office.cards() == []
    return caught.value.code


def test_good_rows_are_filed_and_bad_ones_named(desk: Desk) -> None:
    """Both in one go."""
    lines = to_csv(50).splitlines()
    lines[10] = lines[10].replace(lines[10][:10], "12")
    report = send(desk, "\n".join(lines))
    assert (report.rows, report.imported) == (50, 49)
    assert [(f.row, f.column, f.kind) for f in report.faults] == [(11, "employee_id", FaultKind.LOST_ZEROS)]
    assert len(desk.office.cards()) == 49


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_files_as_spreadsheets_write_them(desk: Desk, encoding: str, delimiter: str, newline: str) -> None:
    """With and without a byte order mark, any of three separators, any line end."""
    text = to_csv(5).replace("\r\n", newline).replace(",", delimiter)
    assert send(desk, text.encode(encoding)).imported == 5


def test_a_file_sent_again_changes_nothing(desk: Desk) -> None:
    """However often, and in whatever order its rows stand."""
    text = to_csv(40)
    send(desk, text)
    before = desk.rows("SELECT count(*) FROM act")
    header, *lines = text.splitlines()
    random.Random(1).shuffle(lines)
    report = send(desk, "\n".join([header, *lines]))
    assert (report.imported, report.already_there, report.faults) == (0, 40, [])
    assert desk.rows("SELECT count(*) FROM act") == before


def test_changed_data_is_told_from_a_repetition(desk: Desk) -> None:
    """The register keeps what it had and names the columns that differ."""
    send(desk, to_csv(3))
    (_, first, *_) = to_csv(3).splitlines()
    changed = first.replace(next(people(3))["name_la"], "SOMEBODY ELSE")
    report = send(desk, f"{to_csv(0)}{changed}\n")
    (fault,) = report.faults
    assert (fault.kind, report.changed) == (FaultKind.CHANGED_DATA, {2: ["name_la"]})
    assert "SOMEBODY ELSE" not in [card.name_la for card in desk.office.cards()]


def test_a_row_twice_in_a_file_is_filed_once(desk: Desk) -> None:
    """It is named with the row that it repeats."""
    header, first, second = to_csv(2).splitlines()
    report = send(desk, "\n".join([header, first, second, first, first]))
    assert (report.imported, report.repeated, report.faults) == (2, [(4, 2), (5, 2)], [])


def test_of_two_rows_that_differ_neither_is_filed(desk: Desk) -> None:
    """Which one is right cannot be told; each names the other."""
    header, first, second = to_csv(2).splitlines()
    clash = first.replace(",", ",ក", 1)
    report = send(desk, "\n".join([header, first, second, clash]))
    assert report.imported == 1
    assert [(f.row, f.kind, f.other_row) for f in report.faults] == [
        (2, FaultKind.CONFLICT_IN_FILE, 4),
        (4, FaultKind.CONFLICT_IN_FILE, 2),
    ]


def test_bytes_that_are_not_utf_8_are_named_in_their_row(desk: Desk) -> None:
    """One damaged cell does not refuse the file."""
    header, first, second = to_csv(2).encode().splitlines()
    report = send(desk, b"\n".join([header, first.replace("ា".encode(), b"\xe1\x9e"), second]))
    assert report.imported == 1
    assert {(f.row, f.kind) for f in report.faults} == {(2, FaultKind.BAD_ENCODING)}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b" \r\n\r\n", "empty_file"),
        (to_csv(0), "no_rows"),
        (b"PK\x03\x04rest of an xlsx", "spreadsheet_file"),
        (bytes.fromhex("d0cf11e0a1b11ae1"), "spreadsheet_file"),
        (to_csv(2).encode("utf-16"), "not_utf8"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not_text"),
        (b"name;age\nx;1\n", "missing_columns"),
        (b"\xff" * 100, "missing_columns"),
        (b'"employee_id,name', "malformed_header"),
        (b"x" * 20_000, "malformed_header"),
    ],
)
def test_a_file_of_another_kind_is_refused_as_a_whole(desk: Desk, data: bytes | str, code: str) -> None:
    """With a name for what it is."""
    assert refused(desk, data) == code


def test_a_file_that_cannot_be_read_is_named(desk: Desk) -> None:
    """A folder, or nothing."""
    for path in (desk.home, desk.home / "nothing"):
        with pytest.raises(IssuerError) as caught:
            desk.office.import_file(path)
        assert caught.value.code == "unreadable_file"


def test_a_file_is_bounded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """In bytes, rows and empty lines; nothing of it is kept."""
    monkeypatch.setattr(applications, "MAX_ROWS", 20)
    assert refused(desk, to_csv(21)) == "too_many_rows"
    assert refused(desk, to_csv(1) + "\n" * 100) == "too_many_rows"
    monkeypatch.setattr(applications, "MAX_BYTES", 1000)
    assert refused(desk, "x" * 1001) == "file_too_large"


def test_an_endless_line_is_one_fault(desk: Desk) -> None:
    """Ten megabytes without a line end harm only their own row."""
    header, first, second = to_csv(2).splitlines()
    report = send(desk, f"{header}\n{first}\n{'x' * 10_000_000}\n{second}\n")
    assert report.imported == 2
    assert [(f.row, f.kind) for f in report.faults] == [(3, FaultKind.LINE_TOO_LONG)]


def test_a_number_of_other_length_is_a_setting(desk: Desk) -> None:
    """Six digits where the register says six."""
    config = (desk.home / "config.json").read_text()
    (desk.home / "config.json").write_text(
        config.replace('"employee_id_digits":10', '"employee_id_digits":6')
    )
    other = Desk(desk.home, passphrase=None)
    report = send(other, to_csv(3).replace("\n00", "\n"))
    assert {f.kind for f in report.faults} <= {FaultKind.BAD_EMPLOYEE_ID}
    header, first = to_csv(1).splitlines()
    assert send(other, f"{header}\n{first[4:]}\n").imported == 1
