"""A drill in a folder of its own, the home's passphrase in a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from drill import Drill
from issuer_desk import PASSPHRASE


@pytest.fixture
def drill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drill:
    """A ministry with three cards, and a gate."""
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    monkeypatch.setenv("MONTREY_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    monkeypatch.delenv("MONTREY_DATABASE_URL", raising=False)
    return Drill(tmp_path)
