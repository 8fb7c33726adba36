"""The database that a test's registers are in, and the program over a fresh home."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import postgres_server
import pytest
from issuer_databases import on_postgres
from issuer_desk import PASSPHRASE, open_desk
from issuer_program import Program


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What is marked `postgres` runs on both databases; `postgres_only` on the one."""
    for mark, kinds in (("postgres", ["sqlite", "postgres"]), ("postgres_only", ["postgres"])):
        if metafunc.definition.get_closest_marker(mark):
            metafunc.parametrize("register_kind", kinds, indirect=True)


@pytest.fixture(autouse=True)
def register_kind(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where every desk of a test has its register."""
    kind = getattr(request, "param", "sqlite")
    if kind == "sqlite":
        yield kind
        return
    try:
        postgres_server.start()
    except postgres_server.NoServerError as error:
        pytest.skip(str(error))
    with on_postgres():
        yield kind


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    """The program over a fresh home, its passphrase in a file."""
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    monkeypatch.setenv("MONTREY_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    monkeypatch.delenv("MONTREY_DATABASE_URL", raising=False)
    return Program(open_desk(tmp_path), capsys)
