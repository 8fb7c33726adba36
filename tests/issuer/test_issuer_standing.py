"""Where every application stands: counted by agency, told and drawn."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from issuer_faces import look
from issuer_program import Program
from PIL import Image

from examples.people import COLUMNS
from examples.people import rows as people


@pytest.fixture
def filled(program: Program) -> Program:
    """Forty applications, twelve of them approved, one of those suspended and one revoked."""
    desk = program.desk
    desk.apply(40)
    cards = [number for _, number in desk.office.approve(range(1, 13))]
    desk.office.suspend(cards[0])
    desk.office.revoke(cards[1])
    return program


def test_counts(filled: Program) -> None:
    """Every application is counted once, with its agency."""
    document = filled.json("standing")
    assert document["total"] == 40
    for state, expected in (("applied", 28), ("active", 10), ("suspended", 1), ("revoked", 1)):
        assert sum(agency.get(state, 0) for agency in document["agencies"]) == expected
    names = {agency["agency"] for agency in document["agencies"]}
    assert names == set(filled.desk.rows("SELECT agency FROM person"))


@pytest.mark.parametrize("language", ["en", "km"])
def test_table(filled: Program, language: str) -> None:
    """One line an agency between the heads and the total; each with all its applications at the end."""
    code, out, _ = filled.home("--lang", language, "standing")
    lines = out.splitlines()
    agencies = len(filled.desk.office.standing())
    assert (code, len(lines)) == (0, agencies + 2)
    assert lines[-1].split()[1:] == ["28", "0", "0", "0", "0", "10", "2", "40"]
    assert lines[0].split()[-1] == {"en": "total", "km": "សរុប"}[language]
    for line in lines[1:]:
        *counts, total = map(int, re.findall(r"\d+", line)[-8:])
        assert sum(counts) == total


def test_pictures(filled: Program, tmp_path: Path) -> None:
    """A PNG and an SVG, by the name of the file; another name is wrong usage."""
    look()  # skips where there are no fonts
    assert filled.home("standing", "--out", tmp_path / "day.png")[0] == 0
    with Image.open(tmp_path / "day.png") as picture:
        assert picture.width >= 1000
    assert filled.home("standing", "--out", tmp_path / "day.svg")[0] == 0
    drawn = (tmp_path / "day.svg").read_text("utf-8")
    assert drawn.startswith("<svg")
    assert "22 Nov 2026" in drawn
    assert "២២ វិច្ឆិកា ២០២៦" in drawn
    assert filled.home("standing", "--out", tmp_path / "day.pdf")[0] == 2


def test_nothing_yet(program: Program) -> None:
    """An empty register has a table without agencies."""
    code, out, _ = program.home("standing")
    assert (code, len(out.splitlines())) == (0, 2)
    assert program.desk.office.standing() == {}
    at = "2026-11-22T09:00:00Z"
    assert program.json("standing") == {"at": at, "agencies": [], "total": 0, "rejected": {}}


@pytest.mark.parametrize("count", [0, 250])
def test_a_picture_of_none_and_of_very_many(count: int, program: Program, tmp_path: Path) -> None:
    """There is room for two hundred agencies: of more the smallest stand together."""
    if count:
        file = tmp_path / "many.csv"
        rows = [{**row, "agency": f"Agency {number:03d}"} for number, row in enumerate(people(count))]
        with file.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.DictWriter(stream, list(COLUMNS), extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        assert program.home("import", file)[0] == 0
    assert program.home("standing", "--out", tmp_path / "all.svg")[0] == 0
    assert ("other agencies" in (tmp_path / "all.svg").read_text("utf-8")) is (count > 0)
