"""The commands of docs/keys-hsm.md, typed as they stand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from softhsm import SoftHsm

from did import key_reference

DOCS = (Path(__file__).parents[2] / "docs" / "keys-hsm.md").read_text(encoding="utf-8")


@pytest.mark.hsm
def test_transcript(tmp_path: Path, hsm: SoftHsm) -> None:
    """They make a home, and its next keys in a token."""
    (block,) = re.findall(r"```console\n(.*?)```", DOCS, re.DOTALL)
    commands = "\n".join(line.removeprefix("$ ") for line in block.splitlines())
    assert "/usr/lib/softhsm/libsofthsm2.so" in commands
    commands = commands.replace("/usr/lib/softhsm/libsofthsm2.so", str(hsm.module))
    place = tmp_path / "typed"
    place.mkdir()
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-ec", commands], cwd=place, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    references = [key_reference.load(path) for path in (place / "ministry" / "keys").glob("*.json")]
    assert len([each for each in references if each is not None and each.token == "ministry"]) == 5


def test_every_code_is_explained() -> None:
    """What a token can lead to stands in the table."""
    sources = [*Path(__file__).parents[2].glob("did/pkcs11*.py")]
    sources.append(Path(__file__).parents[2] / "issuer" / "token_keys.py")
    codes = {
        code
        for path in sources
        for code in re.findall(r'Error\(\s*"(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert len(codes) > 8
    assert [code for code in codes if f"`{code}`" not in DOCS] == []
