"""A ministry, and a gate's home that has synced with it once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from trust_simulator import Ministry

from trust.sync import init_home, sync


@pytest.fixture
def ministry(tmp_path: Path) -> Ministry:
    """A ministry that has published once."""
    made = Ministry(tmp_path / "out")
    made.publish()
    return made


@pytest.fixture
def home(tmp_path: Path, ministry: Ministry) -> Path:
    """A home that has accepted the first publication."""
    path = tmp_path / "home"
    init_home(path, ministry.roots[0])
    sync(path, ministry.out, now=ministry.now)
    return path


@pytest.fixture(autouse=True)
def _no_flushing(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Flushing to disk is most of the time of these tests and shows only when the power fails."""
    if "flushing" not in request.fixturenames:
        monkeypatch.setattr(os, "fsync", lambda _: None)
