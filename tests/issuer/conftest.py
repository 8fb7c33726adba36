"""The program over a fresh home."""

from __future__ import annotations

from pathlib import Path

import pytest
from issuer_desk import PASSPHRASE, open_desk
from issuer_program import Program


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    """The program over a fresh home, its passphrase in a file."""
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    monkeypatch.setenv("MONTREY_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    monkeypatch.delenv("MONTREY_DATABASE_URL", raising=False)
    return Program(open_desk(tmp_path), capsys)
