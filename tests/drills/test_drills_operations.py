"""The drills of docs/operations.md, command for command as they stand there."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from drill import Drill, Gate

from issuer import trust_files
from trust import ceremony
from trust.tuf_keys import key_id

DOCUMENT = Path(__file__).parents[2] / "docs/operations.md"
SECTION = DOCUMENT.read_text(encoding="utf-8").partition("## When a key is stolen")[2]
DRILLS = {
    title: [shlex.split(line) for line in re.findall("^    montrey-issuer (.+)$", text, re.MULTILINE)]
    for title, _, text in (part.partition("\n") for part in SECTION.split("\n### ")[1:])
}
PLAYED = {title: commands for title, commands in DRILLS.items() if commands}


def test_every_kind_of_key_has_its_drill() -> None:
    """Seven of them, and each reports the theft, and ends with what a gate can fetch."""
    assert list(PLAYED) == [
        "Live key",
        "SD-JWT key",
        "Seal key",
        "Status key",
        "Online key (snapshot and timestamp)",
        "One targets custodian's key",
        "One root custodian's key",
    ]
    for commands in PLAYED.values():
        assert commands[0][2:4] == ["keys", "stolen"]
        assert ["--home", "ministry", "publish", "stick"] in commands[-2:]


@pytest.mark.parametrize("title", PLAYED)
def test_a_drill_as_it_stands(title: str, drill: Drill, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command succeeds; the stolen key is gone from what gates believe, and honest cards go on."""
    drill.gate.take(drill.stick("before"))
    place = drill.folder
    shutil.copytree(drill.custodians, place / "vault")
    shutil.copy(drill.desk.office.home.root, place / "root.json")
    shutil.copy(drill.desk.office.home.trust / "trust-list.json", place / "list.json")
    role = "root" if "root" in title else "targets"
    stolen = key_id(drill.custodian(f"{role}-1").public_key)
    monkeypatch.chdir(place)
    for command in PLAYED[title]:
        drill.desk.later(minutes=1)
        arguments = [stolen if argument == "KEYID" else argument for argument in command]
        with monkeypatch.context() as patch:
            if "--key" in arguments:  # the custodian types passphrase and yes
                folder = Path(arguments[arguments.index("--key") + 1]).parent
                patch.setenv("MONTREY_PASSPHRASE_FILE", str(folder / "passphrase.txt"))
                arguments.append("--yes")
            assert drill.program(*arguments) == 0, arguments
    for gate in (drill.gate, Gate(place / "fresh", drill.desk)):
        gate.take(place / "stick")
        kid = PLAYED[title][0][4]
        assert (kid in gate.trust.keys) is (title == "Seal key")
        assert (kid in gate.trust.genuine) is (title == "Seal key")
        assert {gate.card(card) for card in drill.cards} == {"accepted"}
    newest = trust_files.read_roots(drill.desk.office.home)[-1]
    assert (stolen in map(key_id, ceremony.role_keys(newest).all)) is ("custodian" not in title)
