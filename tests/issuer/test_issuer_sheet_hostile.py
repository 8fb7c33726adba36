"""XLSX files made to harm: each is refused in bounded memory and time, and nothing is kept of it."""

from __future__ import annotations

import io
import os
import random
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest
from issuer_desk import Desk, open_desk
from test_issuer_sheet_xlsx import filled, refused, send, workbook

from issuer import sheet_zip
from issuer.errors import IssuerError

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
GOOD = workbook(("Sheet1", filled()))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty register."""
    return open_desk(tmp_path, passphrase=None)


def repack(
    changed: dict[str, bytes | None], *, data: bytes = GOOD, method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """The good workbook with some parts changed, added, or (None) taken out."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", method) as new:
        parts: dict[str, Any] = {name: old.read(name) for name in old.namelist()} | changed
        for name, part in parts.items():
            if part is not None:
                new.writestr(name, part)
    return made.getvalue()


def part(name: str) -> bytes:
    """A part of the good workbook."""
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        return archive.read(name)


LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"lol") for n in range(9))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (
            {STRINGS: b"<!DOCTYPE sst [" + LAUGHS + b"]><sst><si><t>&l8;</t></si></sst>"},
            "damaged_spreadsheet",
        ),
        (
            {SHEET: b'<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet>&x;</worksheet>'},
            "damaged_spreadsheet",
        ),
        ({STRINGS: b"<sst><si><t>" + b"x" * 300_000_000 + b"</t></si></sst>"}, "file_too_large"),
        ({"/etc/cron.d/x": b""}, "damaged_spreadsheet"),
        ({"xl/../../x.xml": b""}, "damaged_spreadsheet"),
        ({"xl\\..\\..\\x.xml": b""}, "damaged_spreadsheet"),
        ({"XL/WORKBOOK.XML": b"<x/>"}, "damaged_spreadsheet"),
        ({SHEET: b"<worksheet>"}, "damaged_spreadsheet"),
        ({SHEET: b"<a>" * 200_000}, "file_too_large"),
        ({SHEET: b"<worksheet " + b"x" * 9_000_000}, "damaged_spreadsheet"),
        ({SHEET: part(SHEET).decode().encode("utf-16")}, "damaged_spreadsheet"),
        ({SHEET: b"no XML"}, "damaged_spreadsheet"),
        ({SHEET: None}, "damaged_spreadsheet"),
        ({"xl/workbook.xml": b"<workbook/>"}, "no_header_sheet"),
        ({"xl/workbook.xml": None}, "damaged_spreadsheet"),
        ({"xl/workbook.xml": None, "xl/workbook.bin": b""}, "spreadsheet_file"),
        ({"xl/workbook.xml": None, "mimetype": b"application/vnd.oasis"}, "spreadsheet_file"),
        ({"xl/other.xml": part(SHEET).replace(b"worksheet", b"other")}, "damaged_spreadsheet"),
        ({"xl/other.xml": b"<sst><si><t>x</t></si></sst>"}, "damaged_spreadsheet"),
        ({SHEET: part(SHEET).replace(b'r="A2"', b'r="ZZZZZ2"')}, "damaged_spreadsheet"),
        ({SHEET: part(SHEET).replace(b'r="A2"', b'r="XFD1048576"')}, "too_many_rows"),
        ({SHEET: part(SHEET).replace(b'r="A2"', b'r="A' + b"9" * 5000 + b'"')}, "damaged_spreadsheet"),
    ],
)
def test_hostile_parts_are_refused(desk: Desk, changed: dict[str, bytes | None], code: str) -> None:
    """Entities, paths, depth, sizes, parts that are not what they are named."""
    data = repack(changed)
    tracemalloc.start()
    try:
        assert refused(desk, data).code == code
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()


def test_a_short_text_repeated_is_no_bomb_but_a_long_one_is(desk: Desk) -> None:
    """Forty bytes a cell, each of them a text of a megabyte once it is unfolded."""
    cells = b"".join(b'<row><c r="A%d" t="s"><v>0</v></c></row>' % row for row in range(1, 400))
    sheet = b"<worksheet><sheetData>%s</sheetData></worksheet>" % cells
    strings = b"<sst><si><t>%s</t></si></sst>"
    assert (
        refused(desk, repack({SHEET: sheet, STRINGS: strings % (b"x" * 1_000_000)})).code == "file_too_large"
    )
    assert refused(desk, repack({SHEET: sheet, STRINGS: strings % b"x"})).code == "no_header_sheet"


def test_what_is_declared_is_held_against_what_is_there(desk: Desk) -> None:
    """A part that says it is small is not unpacked beyond what it says."""
    data = bytearray(repack({STRINGS: b"<sst>" + b" " * 1_000_000 + b"</sst>"}))
    size = (1_000_011).to_bytes(4, "little")
    assert data.count(size) >= 1
    assert refused(desk, bytes(data).replace(size, (100).to_bytes(4, "little"))).code == "damaged_spreadsheet"


def test_entries_without_end_are_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the table of entries, before Python makes an object of each; also where ZIP64 hides its size."""
    many = repack({f"xl/media/{n}.png": b"" for n in range(20_000)})
    assert refused(desk, many).code == "damaged_spreadsheet"
    end = GOOD.rfind(b"PK\x05\x06")
    hidden = GOOD[: end + 12] + b"\xff" * 8 + GOOD[end + 20 :]
    assert refused(desk, hidden).code == "damaged_spreadsheet"
    some = repack({f"xl/media/{n}.png": b"a picture" for n in range(50)})
    assert send(desk, some).imported == 2


def test_two_entries_of_one_name_are_refused(desk: Desk) -> None:
    """Two programs could see two different workbooks."""
    made = io.BytesIO(GOOD)
    with zipfile.ZipFile(made, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, part(SHEET))
    assert refused(desk, made.getvalue()).code == "damaged_spreadsheet"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_packings_are_refused(desk: Desk, method: int) -> None:
    """No spreadsheet uses them, and they unfold further."""
    assert refused(desk, repack({}, method=method)).code == "damaged_spreadsheet"


def test_an_encrypted_entry_is_refused(desk: Desk) -> None:
    """The flag alone is enough."""
    data = bytearray(GOOD)
    place = data.find(b"PK\x01\x02")
    data[place + 8] |= 1
    assert refused(desk, bytes(data)).code == "damaged_spreadsheet"


@pytest.mark.parametrize(
    ("stream", "code"), [("EncryptedPackage", "encrypted_file"), ("Workbook", "spreadsheet_file")]
)
def test_a_password_is_told_from_an_old_file(desk: Desk, stream: str, code: str) -> None:
    """Both are OLE files; the directory of streams tells, wherever it lies."""
    data = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes((1 << 20) - 20) + stream.encode("utf-16-le") + bytes(512)
    )
    assert refused(desk, data).code == code


def test_macros_and_links_are_never_looked_at(desk: Desk) -> None:
    """An .xlsm is read for its values."""
    types = part("[Content_Types].xml").replace(
        b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml"
    )
    extra = {
        "[Content_Types].xml": types,
        "xl/vbaProject.bin": os.urandom(1000),
        "xl/externalLinks/x.xml": b"<",
    }
    assert send(desk, repack({**extra})).imported == 2


@pytest.mark.parametrize("seed", range(3))
def test_a_file_cut_or_altered_anywhere_is_refused_or_read(desk: Desk, seed: int) -> None:
    """Never another error than ours."""
    draw = random.Random(seed)
    for _ in range(60):
        data = bytearray(GOOD)
        if draw.random() < 0.4:
            data = data[: draw.randrange(4, len(data))]
        for _ in range(draw.randrange(4)):
            data[draw.randrange(2, len(data))] = draw.randrange(256)
        try:
            send(desk, bytes(data))
        except IssuerError as error:
            assert error.code  # noqa: PT017


@pytest.mark.parametrize("seed", range(3))
def test_altered_xml_is_refused_or_read(desk: Desk, seed: int) -> None:
    """The same inside, where checksums are right again."""
    draw = random.Random(seed)
    for _ in range(60):
        name = draw.choice([SHEET, STRINGS, "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"])
        text = bytearray(part(name))
        for _ in range(draw.randrange(1, 4)):
            place = draw.randrange(len(text))
            text[place : place + draw.randrange(3)] = draw.choice(
                [b"", b"<", b'"', b"9", b"/>", b"<c/>", b"A1"]
            )
        try:
            send(desk, repack({name: bytes(text)}))
        except IssuerError as error:
            assert error.code  # noqa: PT017


def test_the_bound_of_what_is_unpacked_leaves_room() -> None:
    """200,000 rows are some 80 million bytes."""
    assert sheet_zip.MAX_UNZIPPED >= 160_000_000
