"""The bulk figures, on a small register."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import bulk


def test_a_small_register(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every part of the time is there beside a floor, everybody was issued to, and an audit finds nothing."""
    place = tmp_path / "figures.json"
    assert bulk.main(["--people", "200", "--workers", "1", "--examine", "--json", str(place)]) == 0
    figures = json.loads(place.read_text())
    assert figures["people"] == 200
    assert figures["problems"] == 0
    for part in ("signing", "encoding", "database_seconds", "publication"):
        measured, floor = figures[part]
        assert floor > 0
        assert 0 < measured <= figures["processor"] + figures["elapsed"]
    assert "floor" in capsys.readouterr().out
