"""A whole file into the register: good rows once, bad rows named, safe to send again."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from issuer_desk import Desk, new_keys, open_desk, request
from python_calamine import load_workbook

from credential.live import present_live
from credential.packed import pack
from credential.template import Template
from did import Algorithm, base64url, strict_json
from examples.people import rows as people
from examples.people import to_csv
from issuer import qr_length, table
from issuer.applications import ImportReport
from issuer.errors import IssuerError
from issuer.faults import FaultKind
from issuer.lifecycle import CardState, ListKind
from revocation.status_list import Status

pytestmark = pytest.mark.postgres


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


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"'])
def test_excels_separator_line(desk: Desk, first: str) -> None:
    """It is passed over, and rows are counted as Excel shows them."""
    lines = to_csv(3).replace(",", ";").splitlines()
    lines[2] = lines[2][3:]
    report = send(desk, "\r\n".join([first, *lines]))
    assert (report.imported, [fault.row for fault in report.faults]) == (2, [3])


@pytest.mark.parametrize("title", ["4111111111111111", "៤១១១ ១១១១ ១១១១ ១១១១", "4111-1111-1111-1111 x"])
def test_a_title_that_is_a_bank_card_number_is_not_repeated(desk: Desk, title: str) -> None:
    """Somebody's number in the wrong line is not in the report."""
    header, *rows = to_csv(1).splitlines()
    report = send(desk, "\n".join([f"{header},{title}", *(f"{row},x" for row in rows)]))
    assert report.ignored == {"…": ""}


def test_ignored_columns_are_reported(desk: Desk) -> None:
    """What is not ours is left alone, but not without a word."""
    lines = to_csv(2).splitlines()
    text = "\n".join(line + (",remark" if place == 0 else ",x") for place, line in enumerate(lines))
    assert send(desk, text).ignored == {"remark": ""}


@pytest.mark.parametrize("digits", [10, 12])
def test_the_number_of_digits_is_told(desk: Desk, digits: int) -> None:
    """That of this register; an agency is not sent to the ministry's settings."""
    config = json.loads((desk.home / "config.json").read_text())
    (desk.home / "config.json").write_text(json.dumps(config | {"employee_id_digits": digits}))
    office = Desk(desk.home).office
    for number, kind in (("12", FaultKind.LOST_ZEROS), ("12x", FaultKind.BAD_EMPLOYEE_ID)):
        file = desk.home.parent / "file.csv"
        file.write_text(to_csv(1).replace(f"\n{next(people(1))['employee_id']}", f"\n{number}"), "utf-8")
        report = desk.home.parent / "report.xlsx"
        (fault,) = office.import_file(file, report=report).faults
        assert fault.kind is kind
        shown = [str(cell) for sheet in (0, 1) for row in read(report, sheet) for cell in row]
        for text in (fault.advice.en, fault.advice.km):
            assert str(digits) in text
            assert "config" not in text
            assert any(text in cell for cell in shown)


def read(report: Path, sheet: int) -> list[list[Any]]:
    """One sheet of a report."""
    return load_workbook(report).get_sheet_by_index(sheet).to_python()


@pytest.fixture
def signing(tmp_path: Path) -> Desk:
    """An office that can make cards."""
    return open_desk(tmp_path)


@pytest.mark.parametrize("changed", [False, True])
def test_after_a_card_ended_its_holder_may_apply_again(signing: Desk, changed: bool) -> None:
    """As the same person, with new data if there is any; and only once."""
    desk = signing
    text = to_csv(2)
    send(desk, text)
    (_, first), (_, other) = desk.office.approve()
    desk.office.revoke(first)
    if changed:
        text = text.replace(next(people(2))["name_la"], "SOMEBODY ELSE")
    report = send(desk, text)
    assert (report.imported, report.already_there, report.faults) == (1, 1, [])
    assert [(w.row, w.kind) for w in report.warnings] == [(2, FaultKind.HAD_CARD)]
    report = send(desk, text)
    assert (report.imported, report.already_there, report.faults) == (0, 2, [])
    assert desk.rows("SELECT count(*) FROM person") == [2]
    assert desk.office.approve() == []
    (waiting,) = desk.office.cards(state=CardState.APPLIED)
    ((_, again),) = desk.office.approve([waiting.application])
    assert again not in (first, other)
    assert (desk.office.show(again).card.name_la == "SOMEBODY ELSE") is changed
    assert desk.statuses(first)[ListKind.SEAL] == [Status.INVALID]


@pytest.mark.parametrize("state", ["suspended", "lost", "replaced", "rejected"])
def test_nobody_else_applies_again(signing: Desk, state: str) -> None:
    """A card that lives, in whatever way, or an application that was rejected, keeps its place."""
    desk = signing
    send(desk, to_csv(1))
    if state != "rejected":
        ((_, number),) = desk.office.approve()
    if state in ("rejected", "lost"):  # no command leads there yet
        desk.permit()
        with desk.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE card SET state = ?", (state,))
    else:
        acts: dict[str, Callable[[str], object]]
        acts = {"suspended": desk.office.suspend, "replaced": desk.office.replace}
        acts[state](number)
    report = send(desk, to_csv(1))
    assert (report.imported, report.already_there) == (0, 1)


def test_another_birth_date_is_another_person(signing: Desk) -> None:
    """An employee number that was typed wrong does not turn one person into another."""
    desk = signing
    send(desk, to_csv(1))
    desk.office.revoke(desk.office.approve()[0][1])
    born = next(people(1))["date_of_birth"]
    report = send(desk, to_csv(1).replace(born, "1979-01-02"))
    assert [fault.kind for fault in report.faults] == [FaultKind.CHANGED_DATA]
    assert report.changed == {2: ["date_of_birth"]}


@pytest.mark.parametrize(
    ("changed", "column", "kind"),
    [
        ({"position": "Keeper of the Seal"}, "", None),
        ({"position": "ប្រធាននាយកដ្ឋាន" * 5}, "position", FaultKind.LONG_POSITION),
        ({"position": "K" * 80}, "position", FaultKind.LONG_POSITION),
        ({"name_la": "A" * 63, "name_km": "ក" * 63}, "name_km", FaultKind.LONG_NAME),
        ({"name_la": "A" * 80}, "name_la", FaultKind.LONG_NAME),
        ({"name_km": "ក" * 80, "position": "K" * 80}, "name_km", FaultKind.LONG_NAME),
        ({"name_la": "A" * 40, "name_km": "ក" * 40}, "", None),
    ],
)
def test_long_qr_codes_are_warned_of(
    signing: Desk, changed: dict[str, str], column: str, kind: FaultKind | None
) -> None:
    """Imported all the same; and the warning is true of the codes that are made then."""
    desk = signing
    person = {**next(people(1)), **changed}
    header = to_csv(0).strip()
    report = send(desk, f"{header}\n" + ",".join(person.get(name, "") for name in header.split(",")))
    assert report.imported == 1
    assert [(w.row, w.column, w.kind) for w in report.warnings] == ([(2, column, kind)] if kind else [])
    ((_, number),) = desk.office.approve()
    keys = new_keys(Algorithm.P256)
    result = desk.office.issue(request(desk.office.offer(number), keys, now=desk.now))
    live = strict_json.loads(result, max_bytes=1 << 20)["credentials"][0]
    shown = present_live(
        base64url.decode(live["credential"]),
        audience="gate-9",
        challenge=bytes(8),
        now=int(desk.now.timestamp()),
        signer=keys[ListKind.LIVE],
    )
    text = pack(shown, Template.from_json(live["template"]))
    seal = desk.office.seal(number)
    assert (len(text) > qr_length.MAX_LIVE or len(seal) > qr_length.MAX_SEAL) is (kind is not None)


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
        (b"PK\x03\x04rest of an xlsx", "damaged_spreadsheet"),
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
    monkeypatch.setattr(table, "MAX_ROWS", 20)
    assert refused(desk, to_csv(21)) == "too_many_rows"
    assert refused(desk, to_csv(1) + "\n" * 100) == "too_many_rows"
    monkeypatch.setattr(table, "MAX_BYTES", 1000)
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
