"""A register in PostgreSQL has the tables, constraints, indexes and rules that the code speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import postgres_server
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from issuer_desk import open_desk
from sqlalchemy import Engine

from issuer import database, guards, guards_postgres, guards_sqlite
from issuer.errors import IssuerError
from issuer.migrations import both, run
from issuer.models import METADATA

pytestmark = pytest.mark.postgres_only

HELD_BY_A_RULE = {
    f"fk_{table}_{column}"
    for table, columns in {
        "act": ("card_id", "wallet_id"),
        "prepared": ("card_id", "reissue_id"),
        "status_index": ("list_id", "card_id", "wallet_id"),
    }.items()
    for column in columns
}
"""Foreign keys that PostgreSQL does not ask about row by row: rules look at a statement's rows together."""
FIRST = Path(__file__).with_name("postgres_first.sql")
_SCHEMA = """
SELECT 'column ' || table_name || '.' || column_name,
       concat_ws(' ', data_type, is_nullable, column_default) FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name <> 'alembic_version'
UNION ALL SELECT 'constraint ' || conname, conrelid::regclass || ' ' || pg_get_constraintdef(oid)
       FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'index ' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'trigger ' || tgname, pg_get_triggerdef(oid) || ' ' || tgenabled::text
       FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'function ' || proname, pg_get_functiondef(oid)
       FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


def schema(engine: Engine) -> dict[str, str]:
    """Everything a register is made of, by name."""
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(_SCHEMA, execution_options={"no_parameters": True})
        return dict(rows.all())


@pytest.fixture
def empty(register_kind: str) -> Iterator[Engine]:
    """An empty database."""
    assert register_kind == "postgres"
    name = postgres_server.new_database()
    yield database.connect(postgres_server.url(name))
    postgres_server.drop_database(name)


@pytest.fixture
def made(empty: Engine) -> Engine:
    """A database with the tables of a register, and no rows."""
    database.create(empty)
    return empty


def test_a_new_register_equals_the_models(made: Engine) -> None:
    """Tables, columns, keys and indexes by Alembic's own comparison; conditions and rules by name."""
    with made.connect() as connection:
        options: dict[str, Any] = {"compare_type": True}
        options["include_object"] = lambda _object, name, *_: name not in HELD_BY_A_RULE
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []
        version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
    assert version == [database.HEAD]
    found = schema(made)
    for table in METADATA.tables.values():
        constraints = {str(constraint.name) for constraint in table.constraints} - HELD_BY_A_RULE
        assert {f"constraint {name}" for name in constraints} <= found.keys()
        assert {f"index {index.name}" for index in table.indexes} <= found.keys()
    triggers = {name.removeprefix("trigger ") for name in found if name.startswith("trigger ")}
    written = {text.split()[2] for text in guards_postgres.statements() if text.startswith("CREATE TRIGGER")}
    assert triggers == written


def test_every_rule_is_in_both_databases(made: Engine) -> None:
    """But for SQLite's answers to REPLACE and to -1, and forms that PostgreSQL's types are already."""
    names = {text.split()[2] for text in guards_sqlite.statements()}
    written = {text.split()[2] for text in guards_postgres.statements() if text.startswith("CREATE TRIGGER")}
    assert len({rule.name for rule in guards.rules()}) == len(guards.rules())
    missing = {name for name in names - written if not name.endswith(("_taken", "_moved", "_numbered"))}
    assert missing == {name for name in missing if "_form_" in name}
    for name in missing:
        assert not set(METADATA.tables[name.partition("_form_")[0]].columns) - _held_by_their_types(name)


def _held_by_their_types(name: str) -> set[object]:
    """Columns of text and truth, and keys that number themselves."""
    table = METADATA.tables[name.partition("_form_")[0]]
    return {
        column
        for column in table.columns
        if column is table.autoincrement_column or column.type.python_type in (object, str, bool)
    }


def test_the_first_register_is_brought_up_to_date(empty: Engine) -> None:
    """By the migrations after it: what comes of them is what a new register has."""
    with empty.begin() as connection:
        connection.exec_driver_sql(FIRST.read_text("utf-8"), execution_options={"no_parameters": True})
    database.upgrade(empty)
    name = postgres_server.new_database()
    new = database.connect(postgres_server.url(name))
    database.create(new)
    assert schema(empty) == schema(new)
    postgres_server.drop_database(name)


def test_an_upgrade_twice_changes_nothing(made: Engine) -> None:
    """Nor does making what is there."""
    before = schema(made)
    database.upgrade(made)
    database.create(made)
    assert schema(made) == before


def test_a_schema_of_ones_own(empty: Engine) -> None:
    """The rules look where the tables are, whatever the schema's name."""
    with empty.begin() as connection:
        connection.exec_driver_sql('CREATE SCHEMA "The Ministry"')
        name = empty.url.database
        connection.exec_driver_sql(f'ALTER DATABASE {name} SET search_path = "The Ministry"')
    database.create(empty)
    with empty.connect() as connection:
        tables = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'The Ministry'"
        )
        assert tables.scalar_one() == len(METADATA.tables) + 1
        insert = "INSERT INTO wallet (card_id, created_at) VALUES (1, 0)"
        with pytest.raises(Exception, match="only an active card"):
            connection.exec_driver_sql(insert)


def test_tables_that_are_in_the_way(empty: Engine) -> None:
    """Are named; nothing is made beside them."""
    with empty.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE wallet (id integer)")
    with pytest.raises(IssuerError) as caught:
        database.create(empty)
    assert caught.value.code == "register_damaged"
    with empty.connect() as connection:
        assert connection.exec_driver_sql(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).all() == [("wallet",)]


def test_a_migration_speaks_to_both(tmp_path: Path, made: Engine) -> None:
    """A rule taken away and given back by a migration's own means is the rule that was there."""
    names = {"card_step": "card", "wallet_card": "wallet"}
    wanted = [*guards_sqlite.statements(), *guards_postgres.statements("{schema}")]
    texts = [text for text in wanted if any(f" {name} " in text or f" {name}()" in text for name in names)]
    ours = [text for text in texts if "RAISE(" not in text]
    file = database.connect(database.file_url(tmp_path / "register"))
    database.create(file)
    for engine in (file, made):
        before = _triggers(engine)
        with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
            both.drop_triggers(names)
            both.execute(sqlite=[text for text in texts if text not in ours], postgresql=ours)
        assert _triggers(engine) == before
    assert run.FIRST_OF_POSTGRES <= database.HEAD


def _triggers(engine: Engine) -> dict[str, str]:
    if engine.dialect.name == "postgresql":
        return schema(engine)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return dict(rows.all())


def test_a_later_register_is_refused(tmp_path: Path, register_kind: str) -> None:
    """A program never writes to tables it does not know."""
    desk = open_desk(tmp_path)
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(IssuerError) as caught:
        database.upgrade(desk.engine)
    assert caught.value.code == "newer_register"
