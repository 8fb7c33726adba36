"""Where the registers of the desks are: in SQLite files, or in the tests' own PostgreSQL server."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import postgres_server
from sqlalchemy import Engine, event

from issuer.guards import rules
from issuer.home import DATABASE_VARIABLE

_TABLES = {rule.name: rule.table for rule in rules()}
_made: list[str] | None = None
"""The databases of this test, where it runs on PostgreSQL."""


@contextmanager
def on_postgres() -> Iterator[None]:
    """Every desk that is opened meanwhile has a PostgreSQL database of its own.

    Raises:
        NoServerError: where there is no server.
    """
    global _made  # noqa: PLW0603
    postgres_server.start()
    _made = []
    try:
        yield
    finally:
        made, _made = _made, None
        os.environ.pop(DATABASE_VARIABLE, None)
        for name in made:
            postgres_server.drop_database(name)


def is_postgres() -> bool:
    """Whether this test runs on PostgreSQL."""
    return _made is not None


def copy_of(template: str) -> None:
    """Gives the next desk a copy of a database; MONTREY_DATABASE_URL says so."""
    assert _made is not None
    _made.append(postgres_server.new_database(template))
    os.environ[DATABASE_VARIABLE] = postgres_server.url(_made[-1])


def speak(engine: Engine) -> Engine:
    """Has raw statements, which tests write for SQLite, said in PostgreSQL's words where they run there."""
    if is_postgres():

        @event.listens_for(engine, "before_cursor_execute", retval=True)
        def translate(*call: Any) -> tuple[str, Any]:
            _, _, statement, parameters, _, _ = call
            return spell(statement), parameters

    return engine


def spell(statement: str) -> str:
    """A statement that was written for SQLite, in PostgreSQL's words."""
    if found := re.fullmatch(r"DROP TRIGGER (\w+)", statement):
        return f"{statement} ON {_TABLES[found[1]]}"
    statement = re.sub(r"\bx'([0-9a-f]*)'", r"'\\x\1'::bytea", statement)
    statement = re.sub(r"printf\('%(\d+)c', '(.)'\)", r"repeat('\2', \1)", statement)
    statement = re.sub(r"group_concat\(([^()]*)\)", r"string_agg((\1)::text, ',')", statement)
    statement = re.sub(r"(INSERT INTO act VALUES \()NULL", r"\1DEFAULT", statement)
    statement = re.sub(r"(INSERT INTO purpose VALUES \('\w+', )1,", r"\1true,", statement)
    return statement.replace("(?", "(%s").replace(" ?", " %s")
