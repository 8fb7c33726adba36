"""Loading rows that stood in a register into an empty one, of the same version.

A register's rules say how rows come about: a card begins as an application, a
list at 0. What is loaded has come about already. So while it is loaded, the
rules of birth rest; what each row holds, and that none is there twice, is held
all the time, and the audit chain is examined afterwards (`issuer.restore`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from sqlalchemy import Connection, MetaData, Table

from issuer import database

VERSION_TABLE = "alembic_version"
_AT_ONCE = 5000
_KEPT = ("_form_insert", "_taken", "_turn")
"""Triggers on INSERT, by the ends of their names, that judge a row by itself."""
_ALSO_KEPT = ("card_number_insert",)
_POSTGRES = """
SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND c.relnamespace = quote_ident(current_schema())::regnamespace
AND (t.tgtype & 4) <> 0
"""


def tables_of(connection: Connection) -> dict[str, Table]:
    """The tables of the register that is there, in an order in which they can be filled."""
    found = MetaData()
    found.reflect(connection)
    ordered = (table for table in found.sorted_tables if table.name != VERSION_TABLE)
    return {table.name: table for table in ordered}


def load(connection: Connection, table: Table, rows: Iterable[Sequence[Any]]) -> int:
    """Appends rows; returns how many there were.

    Raises:
        IssuerError: as `database.writing`.
    """
    count, iterator = 0, iter(rows)
    while batch := list(islice(iterator, _AT_ONCE)):
        columns = " ".join(table.columns.keys())
        database.append(connection, table, columns, map(tuple, batch))
        count += len(batch)
    return count


def continue_numbers(connection: Connection, tables: Iterable[Table]) -> None:
    """In PostgreSQL, where a sequence gives out the numbers of rows, each goes on after the last one."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        key, *others = table.primary_key.columns
        if others:
            continue
        name = connection.exec_driver_sql(
            "SELECT pg_get_serial_sequence(%s, %s)", (table.name, key.name)
        ).scalar_one()
        if name is not None:
            last = f"SELECT max({key.name}) FROM {table.name}"  # noqa: S608
            connection.exec_driver_sql(
                f"SELECT setval(%s, coalesce(({last}), 1), ({last}) IS NOT NULL)",
                (name,),
            )


@contextmanager
def rules_of_birth_resting(connection: Connection) -> Iterator[None]:
    """While the block runs, rows may stand as they stood; the transaction is the caller's."""
    if connection.dialect.name == "postgresql":
        found = connection.exec_driver_sql(_POSTGRES, execution_options={"no_parameters": True}).all()
        resting = [(table, name) for table, name in found if not _is_kept(name)]
        for table, name in resting:
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
        yield
        for table, name in resting:
            connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER {name}")
        return
    triggers = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    born = (" BEFORE INSERT ON ", " AFTER INSERT ON ")
    taken = [
        (name, sql) for name, sql in triggers if any(each in sql for each in born) and not _is_kept(name)
    ]
    for name, _ in taken:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for _, sql in taken:
        connection.exec_driver_sql(sql)


def _is_kept(name: str) -> bool:
    return name.endswith(_KEPT) or name in _ALSO_KEPT
