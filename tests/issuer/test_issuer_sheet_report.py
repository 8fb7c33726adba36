"""The report that goes back: an agency's own rows, each with what is wrong with it."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest
import seeded_rows
from issuer_desk import PASSPHRASE, Desk, open_desk
from python_calamine import load_workbook
from seeded_rows import seeded
from test_issuer_sheet_xlsx import filled, workbook

from credential.codes import TABLES
from examples.people import rows as people
from examples.people import to_csv
from issuer.cli import run
from issuer.errors import IssuerError
from issuer.faults import ADVICE, UNKNOWN, Fault, FaultKind
from issuer.report_wording import CODES, RESULT, WRONG, both
from issuer.sheet_rows import COLUMNS, REPORT_TITLES, title_of

NAMES = list(COLUMNS)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty register."""
    return open_desk(tmp_path, passphrase=None)


def reported(desk: Desk, data: bytes) -> tuple[Any, list[list[Any]], list[list[Any]]]:
    """Imports a file; what the import says, and the two sheets of the report."""
    file, out = desk.home.parent / "file", desk.home.parent / "out.xlsx"
    file.write_bytes(data)
    report = desk.office.import_file(file, report=out)
    book = load_workbook(out)
    unknown = any(fault.kind in UNKNOWN for fault in report.faults)
    assert book.sheet_names == ["Applications", "Totals", *(["Codes"] if unknown else [])]
    rows, totals = (
        book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names[:2]
    )
    return report, rows, totals


@pytest.mark.parametrize("typed", [False, True], ids=["csv", "xlsx"])
def test_every_row_comes_back_in_its_place(desk: Desk, typed: bool) -> None:
    """With its own cells, its faults in two languages, and what became of it."""
    made = seeded(1, typed=typed)
    data = seeded_rows.as_xlsx(made) if typed else seeded_rows.as_csv(made)
    report, rows, _ = reported(desk, data)
    assert rows[0][:3] == [both(WRONG), both(RESULT), "employee_id"]
    assert len(rows) == len(made.rows) + 1
    faults: dict[int, list[Fault]] = {}
    for fault in (*report.faults, *report.warnings):
        faults.setdefault(fault.row, []).append(fault)
    bad = {fault.row for fault in report.faults}
    for number, cells in enumerate(rows[1:], start=2):
        assert ("at fault" in cells[1], "imported" in cells[1]) == (number in bad, number not in bad)
        for fault in faults.get(number, []):
            assert fault.advice.km in cells[0]
            assert fault.advice.en in cells[0]
        if number not in faults:
            sent = [made.rows[number - 2].get(name, "") for name in NAMES]
            assert (cells[0], cells[2 : 2 + len(NAMES)]) == ("", sent)


def test_a_report_that_was_mended_can_be_sent(desk: Desk) -> None:
    """Its rows are found, its own columns are not taken for ours, and zeros have stayed."""
    header, first, second = to_csv(2).splitlines()
    _, _, _ = reported(desk, f"{header}\n{first}\n{second.replace(second[:10], '12')}\n".encode())
    sent = (desk.home.parent / "out.xlsx").read_bytes()
    report, rows, _ = reported(desk, sent)
    assert (report.already_there, len(report.faults), report.ignored) == (1, 1, {})
    assert title_of(rows[0][0]) in REPORT_TITLES
    assert [row[4] for row in rows[1:]] == [next(people(2))["employee_id"], "12"]


def test_titles_of_a_report_are_known() -> None:
    """To the reader of headers."""
    assert {title_of(both(WRONG)), title_of(both(RESULT))} == REPORT_TITLES


def test_rows_keep_their_numbers(desk: Desk) -> None:
    """Below titles and between empty rows they stand where they stood."""

    def write(book: Any, sheet: Any) -> None:
        filled(count=1, top=4)(book, sheet)
        sheet.write_row(9, 0, ["12"])

    report, rows, _ = reported(desk, workbook(("Sheet1", write)))
    assert {fault.row for fault in report.faults} == {10}
    assert (rows[4][2], rows[9][2]) == ("employee_id", "12")


def test_nothing_is_a_formula(desk: Desk) -> None:
    """What an agency wrote comes back as a text, whatever Excel would make of it."""
    lines = to_csv(1).splitlines()
    cells = ['=HYPERLINK("http://x")', "@SUM(1)", "+1", "-1", "=cmd|' /C calc'!A0", "http://x.example"]
    lines += [
        ",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in [cell, *[""] * 8]) for cell in cells
    ]
    _, rows, _ = reported(desk, "\n".join(lines).encode())
    assert [row[2] for row in rows[2:]] == cells
    with zipfile.ZipFile(desk.home.parent / "out.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
        assert not any("externalLink" in name for name in archive.namelist())
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet


def test_faulty_cells_are_coloured_and_the_header_is_frozen(desk: Desk) -> None:
    """Only those; the row keeps its other cells plain."""
    header, first = to_csv(1).splitlines()
    reported(desk, f"{header}\n{first.replace(first[:10], '12')}".encode())
    with zipfile.ZipFile(desk.home.parent / "out.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    styles = {place: sheet.split(f'<c r="{place}2" s="')[1].split('"')[0] for place in "CDE"}
    assert styles["C"] != styles["D"]
    assert styles["D"] == styles["E"]
    assert 'ySplit="1"' in sheet
    assert 'state="frozen"' in sheet
    assert "<cols>" in sheet


def test_a_broken_line_comes_back_too(desk: Desk) -> None:
    """Whoever mends it has to see it; damaged bytes do not harm the file."""
    data = to_csv(1).encode() + b'"broken,row\xff\x00'.replace(b"\0", b"\x01") + b"\n"
    _, rows, _ = reported(desk, data)
    assert rows[2][2].startswith('"broken,row\ufffd')
    assert ADVICE[FaultKind.BROKEN_QUOTES].km in rows[2][0]


def test_totals(desk: Desk, tmp_path: Path) -> None:
    """The second sheet counts, and names what was left aside."""
    header, first, second = to_csv(2).splitlines()
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "list.txt").write_text("x")
    lines = [f"{header},remark", f"{first},x", f"{first},x", f"{second.replace(second[:10], '12')},x"]
    (tmp_path / "f.csv").write_text("\n".join(lines), "utf-8")
    report = desk.office.import_file(tmp_path / "f.csv", report=tmp_path / "o.xlsx", photos=folder)
    assert len(report.strays) == 1
    totals = load_workbook(tmp_path / "o.xlsx").get_sheet_by_name("Totals").to_python()
    found = {str(row[0]): row[1] for row in totals if row[1] != ""}
    assert found["ជួរ · rows"] == 3
    assert found["lost_zeros employee_id"] == 1
    shown = [str(row[0]) for row in totals]
    assert "remark" in shown
    assert "list.txt" in shown


def test_where_no_report_can_be_nothing_is_imported(desk: Desk, tmp_path: Path) -> None:
    """A folder, a link, what was sent itself, and the home."""
    file = tmp_path / "file.csv"
    file.write_text(to_csv(1), "utf-8")
    (tmp_path / "link.xlsx").symlink_to(tmp_path / "elsewhere.xlsx")
    (tmp_path / "other.csv").symlink_to(file)
    for place, code in (
        (tmp_path, "unwritable_file"),
        (tmp_path / "link.xlsx", "unwritable_file"),
        (file / "x.xlsx", "unwritable_file"),
        (file, "unsafe_out"),
        (tmp_path / "other.csv", "unsafe_out"),
    ):
        with pytest.raises(IssuerError) as caught:
            desk.office.import_file(file, report=place)
        assert caught.value.code == code
    assert (
        run(["--home", str(desk.home), "import", str(file), "--report", str(desk.home / "register.sqlite")])
        == 1
    )
    assert desk.office.cards() == []


def test_a_report_is_whole_and_its_owners(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that could not be written leaves the one before, and no draft."""
    (tmp_path / "file.csv").write_text(to_csv(3), "utf-8")
    out = tmp_path / "out.xlsx"
    desk.office.import_file(tmp_path / "file.csv", report=out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    before = out.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("issuer.report_xlsx.os.fsync", full)
        with pytest.raises(IssuerError) as caught:
            desk.office.import_file(tmp_path / "file.csv", report=out)
    assert caught.value.code == "unwritable_file"
    assert out.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("language", ["en", "km"])
def test_the_command_writes_it(
    desk: Desk,
    tmp_path: Path,
    language: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And says where; strays and faults are told in the language asked for."""
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "list.txt").write_text("x")
    (tmp_path / "file.xlsx").write_bytes(workbook(("Sheet1", filled(count=1))))
    out = tmp_path / "out.xlsx"
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    monkeypatch.setenv("MONTREY_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    arguments = ["import", str(tmp_path / "file.xlsx"), "--photos", str(photos), "--report", str(out)]
    assert run(["--home", str(desk.home), "--as", "officer", "--lang", language, *arguments]) == 1
    said = capsys.readouterr()
    assert str(out) in said.err
    assert "list.txt" in said.out
    assert getattr(ADVICE[FaultKind.PHOTO_MISSING], language) in said.out
    assert load_workbook(io.BytesIO(out.read_bytes())).sheet_names == ["Applications", "Totals"]


def test_the_tables_come_with_it(desk: Desk) -> None:
    """Where a grade was in none of them: an agency mends its file by what it holds in its hands."""
    (row,) = people(1)
    row["grade"] = "nothing of the kind"
    reported(desk, (to_csv(0) + ",".join(row.values()) + "\n").encode("utf-8-sig"))
    book = load_workbook(desk.home.parent / "out.xlsx")
    titles, *codes = book.get_sheet_by_name("Codes").to_python()
    assert titles[1] == both(CODES[1])
    tables = desk.office.codes()
    wanted = {(table, str(code)) for table in TABLES for code in getattr(tables, table)}
    assert {(str(table), str(code)) for table, code, _, _ in codes} == wanted
    code, name = next(iter(tables.grades.items()))
    assert ["grades", str(code), name.km, name.en] in codes


def test_a_bank_cards_number_does_not_come_back(desk: Desk) -> None:
    """Neither from a column of ours, nor from another one, nor from a broken row."""
    number = "4111 1111 1111 1111"
    header, first, second = to_csv(2).splitlines()
    lines = [
        f"{header},remark",
        f"{first},{number}",
        f'"{number}',
        f"{second.replace(second[:10], number)},x",
    ]
    _, rows, _ = reported(desk, "\n".join(lines).encode())
    assert "4111" not in str(rows)
    assert (rows[1][-1], rows[2][2], rows[3][2]) == ("…", "…", "…")


def test_a_repetition_of_a_row_at_fault_is_at_fault(desk: Desk, tmp_path: Path) -> None:
    """And counted so: nobody is to think that the first one was filed."""
    header, first = to_csv(1).splitlines()
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / f"{first[:10]}.jpg").write_text("no photo")
    (tmp_path / "f.csv").write_text("\n".join([header, first, first]), "utf-8")
    desk.office.import_file(tmp_path / "f.csv", report=tmp_path / "o.xlsx", photos=tmp_path / "photos")
    book = load_workbook(tmp_path / "o.xlsx")
    rows = book.get_sheet_by_index(0).to_python()
    assert ["at fault" in str(row[1]) for row in rows[1:]] == [True, True]
    totals = {str(row[0]).split(" · ")[-1]: row[1] for row in book.get_sheet_by_index(1).to_python()}
    assert (totals["at fault"], totals["repeated"], totals["imported"]) == (2, 0, 0)
