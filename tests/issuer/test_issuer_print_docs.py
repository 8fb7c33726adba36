"""docs/printing.md: the ministry's transcript, typed as it stands, and the words it has to have."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from issuer_program import Program

from examples.people import to_csv
from issuer.reconciliation import DifferenceKind

PAGE = (Path(__file__).parents[2] / "docs" / "printing.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)


def steps() -> list[tuple[list[str], list[str]]]:
    """Each command behind a `$`, with the lines shown below it."""
    found: list[tuple[list[str], list[str]]] = []
    for line in "\n".join(BLOCKS).splitlines():
        text = line.strip()
        if text.startswith("$ montrey-issuer "):
            found.append((shlex.split(text)[2:], []))
        elif text:
            found[-1][1].append(text)
    return found


def fill_in(table: Path) -> None:
    """The clerk's answers: all but the second were printed."""
    head, *lines = table.read_text("utf-8-sig").splitlines()
    rows = [f"{line.removesuffix(',,,')},{'no' if at == 2 else 'yes'},," for at, line in enumerate(lines, 1)]
    table.write_text("\n".join([head, *rows, ""]), encoding="utf-8")


def test_transcript(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command does what the page says, and prints what it shows: three approved cards."""
    monkeypatch.chdir(tmp_path)
    Path("people.csv").write_text(to_csv(3), encoding="utf-8-sig")
    assert program.home("import", "people.csv")[0] == 0
    assert program.home("approve", "--all")[0] == 0
    assert len(steps()) == 11
    for command, lines in steps():
        if command[0] == "batch-report":
            fill_in(Path(command[3]) / "report.csv")
        code, out, err = program(*command)
        assert code == 0, (command, err)
        shown = [line.strip() for line in (out + err).splitlines()]
        for line in lines:
            start, _, end = line.partition("...")
            assert any(each.startswith(start) and end.strip() in each for each in shown), (
                command,
                line,
                shown,
            )


def test_every_difference_is_explained() -> None:
    """With what it means and what to do."""
    for kind in DifferenceKind:
        assert re.search(rf"^\| `{kind}` \| [^|]+ \| [^|]+ \|$", PAGE, re.MULTILINE), kind
