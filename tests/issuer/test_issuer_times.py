"""People read times of Phnom Penh, programs UTC: in what every command prints that shows a time."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from issuer_program import Program
from print_desk import NAMES, add_banks, approved

from verifier import cli as verifier

UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
LOCAL = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)? \+07:00")


@pytest.mark.parametrize("language", ["en", "km"])
def test_in_the_ministry(program: Program, tmp_path: Path, language: str) -> None:
    """Requests, staff, banks, keys, orders, publications."""
    add_banks(program.desk, NAMES[0])
    approved(program.desk, 1)
    assert program.home("print-order", "--bank", NAMES[0], "--out", tmp_path / "batches")[0] == 0
    number = program.desk.office.cards()[0].card_number
    assert program.one("officer", "revoke", "--card", number)[0] == 0
    for command in (
        ("requests",),
        ("staff", "list"),
        ("bank", "list"),
        ("keys", "list"),
        ("print-orders",),
        ("publish", tmp_path / "stick"),
    ):
        code, out, _ = program.home("--lang", language, *command)
        assert code == 0, command
        assert UTC.search(out) is None, (command, out)
        assert LOCAL.search(out), (command, out)
    assert UTC.search(program.home("requests", "--json")[1])
    assert UTC.search(program.home("keys", "list", "--json")[1])


@pytest.mark.parametrize("language", ["en", "km"])
def test_at_a_gate(
    program: Program, tmp_path: Path, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was synced, a challenge, a verdict, the floors of the clock."""
    card = program.desk.card()
    program.desk.office.publish(tmp_path / "stick")
    root = str(program.desk.office.home.root)
    home = ("--home", str(tmp_path / "gate"), "--lang", language)
    clock = lambda: program.desk.now  # noqa: E731
    assert verifier.run([*home, "init", "--root", root], clock=clock) == 0
    capsys.readouterr()
    seal = program.desk.printed(card)
    for command in (("sync", str(tmp_path / "stick")), ("challenge",), ("check", seal), ("clock",)):
        verifier.run([*home, *command], clock=clock)
        out = capsys.readouterr().out
        assert UTC.search(out) is None, out
        assert LOCAL.search(out), out
    verifier.run([*home, "sync", str(tmp_path / "stick"), "--json"], clock=clock)
    assert UTC.search(capsys.readouterr().out)
