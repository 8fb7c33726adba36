"""The ceremony of docs/trust.md, run as it stands there."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from issuer_program import Program

from trust import TrustSnapshot
from trust.sync import init_home, sync

DOCUMENT = Path(__file__).parents[2] / "docs/trust.md"


def commands() -> list[list[str]]:
    """The command lines of the section, in order."""
    text = DOCUMENT.read_text(encoding="utf-8")
    section = text.partition("## The ceremony")[2].partition("\n## ")[0]
    return [shlex.split(line) for line in re.findall("^    montrey-issuer (.+)$", section, re.MULTILINE)]


def test_the_ceremony(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From an empty machine to stolen online keys; a gate of the first root follows to the end."""
    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.chdir(place)
    gate = tmp_path / "gate"
    for arguments in commands():
        program.desk.later(minutes=1)
        with monkeypatch.context() as patch:
            if "--key" in arguments:  # the custodian types passphrase and yes
                folder = Path(arguments[arguments.index("--key") + 1]).parent
                patch.setenv("MONTREY_PASSPHRASE_FILE", str(folder / "passphrase.txt"))
                arguments.append("--yes")
            code, _, err = program(*arguments)
        assert code == 0, (arguments, err)
        if "create" in arguments:
            shown = json.loads(program("root", "show", "vault/root.json", "--json")[1])
            init_home(gate, Path("vault/root.json").read_bytes(), shown["fingerprint"])
        if "publish" in arguments:
            assert sync(gate, place / "stick", now=program.desk.now).changed
    trust = TrustSnapshot.load(gate)
    assert len(trust.keys) == 8
    assert len([*(place / "stick" / "metadata").glob("*.root.json")]) == 2
    assert len(commands()) > 20
