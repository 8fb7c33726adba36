"""The migrations lead to exactly the tables and triggers that the code speaks of."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from issuer_desk import Desk, open_desk
from sqlalchemy import Engine

from issuer import database, database_sqlite, guards_sqlite
from issuer.errors import IssuerError
from issuer.migrations import run
from issuer.models import METADATA


def schema(engine: Engine) -> dict[str, list[str]]:
    """Every table, index and trigger, in words whose order does not matter inside a table."""
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'alembic_version'"
        ).all()
    return {
        name: sorted(re.split(r", (?=CONSTRAINT|\w+ [A-Z])", " ".join(sql.replace(chr(34), "").split())))
        for name, sql in rows
    }


def test_upgrade_head_equals_the_models(tmp_path: Path) -> None:
    """Tables, constraints, indexes and triggers are the same by migration and by metadata."""
    migrated = database.connect(database.file_url(tmp_path / "migrated"))
    database.create(migrated)
    made = database.connect(database.file_url(tmp_path / "made"))
    with made.begin() as connection:
        METADATA.create_all(connection)
        for trigger in guards_sqlite.statements():
            connection.exec_driver_sql(trigger)
    by_migration, by_models = schema(migrated), schema(made)
    assert by_migration.keys() == by_models.keys()
    for name, words in by_models.items():
        assert [w.rstrip(" )") for w in by_migration[name]] == [w.rstrip(" )") for w in words], name
    with migrated.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_head_is_the_newest_migration(tmp_path: Path) -> None:
    """The constant that spares every command a look into the folder is right."""
    engine = database.connect(database.file_url(tmp_path / "register"))
    with engine.connect() as connection:
        script = ScriptDirectory.from_config(run.config(connection))
    assert script.get_heads() == [database.HEAD]


def test_a_register_of_every_version_is_brought_up_to_date(tmp_path: Path) -> None:
    """From each revision there ever was, with what stands in it."""
    head = database.connect(database.file_url(tmp_path / "head"))
    database.create(head)
    with head.connect() as connection:
        revisions = [
            revision.revision
            for revision in ScriptDirectory.from_config(run.config(connection)).walk_revisions()
        ]
    assert revisions[0] == database.HEAD
    for revision in revisions:
        old = database.connect(database.file_url(tmp_path / revision))
        with old.begin() as connection:
            command.upgrade(run.config(connection), revision)
            connection.exec_driver_sql("INSERT INTO purpose VALUES ('entry', 1, 'x', 'y')")
        database.upgrade(old)
        assert schema(old) == schema(head)
        with old.connect() as connection:
            assert connection.exec_driver_sql("SELECT name FROM purpose").scalars().all() == ["entry"]


def test_what_was_published_before_counts_as_written(tmp_path: Path) -> None:
    """So that deltas go on after an upgrade."""
    old = database.connect(database.file_url(tmp_path / "register"))
    with old.begin() as connection:
        command.upgrade(run.config(connection), "0004")
        connection.exec_driver_sql("INSERT INTO publication VALUES (7, 5)")
    database.upgrade(old)
    with old.connect() as connection:
        assert connection.exec_driver_sql("SELECT version, at FROM written_publication").all() == [(7, 5)]


def test_agencies_that_applied_before_get_their_codes(tmp_path: Path) -> None:
    """In the order of their names."""
    old = database.connect(database.file_url(tmp_path / "register"))
    with old.begin() as connection:
        command.upgrade(run.config(connection), "0007")
        for number, agency in enumerate(("មន្ទីរ", "", "Audit", "Audit")):
            connection.exec_driver_sql(
                "INSERT INTO person (employee_id, name_km, name_la, date_of_birth, ministry, position_code, "
                "grade, agency, employment_status, created_at) VALUES (?, 'ក', 'A', '1980-01-01', 1, 1, 1, "
                "?, 'active', 0)",
                (str(number), agency),
            )
    database.upgrade(old)
    with old.connect() as connection:
        found = connection.exec_driver_sql("SELECT name, code FROM agency ORDER BY code").all()
    assert found == [("Audit", "A01"), ("មន្ទីរ", "A02")]


def test_an_upgrade_twice_changes_nothing(tmp_path: Path) -> None:
    """The second one only looks."""
    engine = database.connect(database.file_url(tmp_path / "register"))
    database.create(engine)
    before = (tmp_path / "register").read_bytes()
    database.upgrade(engine)
    assert (tmp_path / "register").read_bytes() == before


def test_a_failed_upgrade_leaves_nothing(tmp_path: Path) -> None:
    """All of it is one transaction: a table that is in the way stops it as a whole."""
    engine = database.connect(database.file_url(tmp_path / "register"))
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE wallet (id INTEGER)")
    with pytest.raises(IssuerError):
        database.create(engine)
    assert schema(engine).keys() == {"wallet"}


def test_a_later_register_is_refused(tmp_path: Path) -> None:
    """A program never writes to tables it does not know."""
    desk = open_desk(tmp_path)
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(IssuerError) as caught:
        database.upgrade(desk.engine)
    assert caught.value.code == "newer_register"


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "nonsense", "sqlite:///:memory:"])
def test_other_databases_are_refused(url: str) -> None:
    """The register is in an SQLite file or in PostgreSQL, and the refusal says so."""
    with pytest.raises(IssuerError) as caught:
        database.connect(url)
    assert caught.value.code == "unsupported_database"


def test_a_register_is_its_owners_alone(tmp_path: Path) -> None:
    """Wherever it lies, and also what SQLite puts beside it."""
    engine = database.connect(database.file_url(tmp_path / "register"))
    database.create(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("UPDATE code SET en = en")
        assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_a_register_that_is_gone_is_missed(tmp_path: Path) -> None:
    """An empty one in its place would look as if nobody had ever applied."""
    desk = open_desk(tmp_path)
    register = desk.home / "register.sqlite"
    for spoil in (register.unlink, register.touch):
        spoil()
        with pytest.raises(IssuerError) as caught:
            Desk(desk.home)
        assert caught.value.code == "register_missing"


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    """A damaged register is refused by name."""
    path = tmp_path / "register"
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(IssuerError) as caught:
        database.upgrade(database.connect(database.file_url(path)))
    assert caught.value.code == "register_damaged"


def test_a_writer_waits_for_its_turn_and_then_gives_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two writers never decide on the same state."""
    monkeypatch.setattr(database_sqlite, "WAIT_MS", 50)
    engine = database.connect(database.file_url(tmp_path / "register"))
    database.create(engine)
    with database.writing(engine) as first:
        first.connection()
        for shared in (False, True):
            with pytest.raises(IssuerError) as caught, database.writing(engine, shared=shared) as second:
                second.connection()
            assert caught.value.code == "register_busy"
