"""The rules of `issuer.guards` as PostgreSQL's triggers, and what only PostgreSQL needs.

Several write there at once. So every statement that writes first takes part in
the turn-taking of `issuer.database_postgres`, console or program; and where a
rule speaks of a row of another table, that row is locked (`Refusal.settle`).

Functions name their search path: else a temporary table of the same name would
be asked in the place of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Column, Table

from issuer.database_postgres import ORDER_KEY, TURN_KEY
from issuer.guard_kinds import Follower, Form, Refusal
from issuer.guards import ALWAYS, MAX_WHOLE, NOT_DELETED, NOT_GIVEN, SHAPES, rules
from issuer.guards_number import POSTGRES_FUNCTION, Spelt
from issuer.models import METADATA

_IN_ORDER = ("act", "audit")
"""Tables whose numbers are given out by one transaction at a time, until its end.

So an act never appears below one that the audit chain covers already. Workers
that share a turn write these last.
"""

_WHOLE_ROWS = "ALTER TABLE prepared SET (toast_tuple_target = 8160)"
"""Credentials are random: PostgreSQL would try in vain to make them smaller, and then keep them elsewhere."""

_ADDED = (re.compile(r"= NEW\.(\w+)"), r"IN (SELECT \1 FROM added)")

_TYPES = {
    int: f"{{0}} BETWEEN 0 AND {MAX_WHOLE}",
    bytes: "octet_length({0}) > 0",
    date: "{0} BETWEEN '0001-01-01' AND '9999-12-31'",
}
"""What a column of this Python type holds beyond what PostgreSQL's own type says."""


def statements(schema: str = "public") -> list[str]:
    """Functions and triggers, in the order they can be made in.

    `schema` is where the tables are and the functions look for them: an SQL
    identifier, quoted if need be.
    """
    return [
        POSTGRES_FUNCTION.strip(),
        *_shared_functions(),
        _WHOLE_ROWS,
        *(statement for rule in rules() for statement in _made(rule, schema)),
        *(statement for table in sorted(METADATA.tables) for statement in _of_every_table(table)),
        *(statement for rule in _numbered() for statement in _refusal(rule, schema)),
    ]


def _numbered() -> Iterator[Refusal]:
    """A sequence gives out the numbers of rows: one of somebody's own would be in its way, or end it."""
    for name, table in sorted(METADATA.tables.items()):
        if table.autoincrement_column is not None and table.autoincrement_column.name == "id":
            yield Refusal(
                name=f"{name}_numbered",
                event="INSERT",
                table=name,
                when=f"NEW.id NOT BETWEEN 1 AND (SELECT last_value FROM {name}_id_seq)",  # noqa: S608
                message=NOT_GIVEN,
                together=True,
            )


def _shared_functions() -> Iterator[str]:
    yield (
        "CREATE FUNCTION register_refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS "
        f"$$ BEGIN {_raise('TG_ARGV[0]')} END $$"
    )
    # A snapshot from before the turn would let a rule look at rows that are no more so.
    yield (
        "CREATE FUNCTION register_turn() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS "
        "$$ BEGIN IF current_setting('transaction_isolation') <> 'read committed' THEN "
        f"{_raise(_quoted('the register is written at READ COMMITTED'))} END IF; "
        f"PERFORM pg_advisory_xact_lock_shared({TURN_KEY}); "
        f"IF TG_NARGS > 0 THEN PERFORM pg_advisory_xact_lock({ORDER_KEY}); END IF; RETURN NULL; END $$"
    )


def _of_every_table(table: str) -> Iterator[str]:
    """The turn of whoever writes, and TRUNCATE, which no row trigger sees."""
    order = "'in order'" if table in _IN_ORDER else ""
    yield (
        f"CREATE TRIGGER {table}_turn BEFORE INSERT OR UPDATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION register_turn({order})"
    )
    yield (
        f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION register_refuse({_quoted(NOT_DELETED)})"
    )


def _made(rule: Refusal | Follower | Form, schema: str) -> list[str]:
    match rule:
        case Refusal():
            return _refusal(rule, schema)
        case Follower():
            body = f"{rule.update}; RETURN NULL;"
            return [
                _function(rule.name, body, schema),
                (
                    f"CREATE TRIGGER {rule.name} AFTER UPDATE OF {rule.column} ON {rule.table} "
                    f"FOR EACH ROW WHEN ({rule.when}) EXECUTE FUNCTION {rule.name}()"
                ),
            ]
        case Form():
            held = forms(METADATA.tables[rule.table])
            wrong = f"NOT ({' AND '.join(held)})"
            return [_plain(rule.name, rule.event, rule.table, wrong, rule.message)] if held else []


def _refusal(rule: Refusal, schema: str) -> list[str]:
    when = rule.when.postgresql if isinstance(rule.when, Spelt) else rule.when
    if "SELECT" not in when:
        return [_plain(rule.name, rule.event, rule.table, when, rule.message)]
    if rule.together:
        return _together(rule, when, schema)
    # A trigger's own WHEN asks no other table; a function does, each of its statements as things stand then.
    settle = f"PERFORM{rule.settle.removeprefix('SELECT')}; " if rule.settle else ""
    body = f"{settle}IF {when} THEN {_raise(_quoted(rule.message))} END IF; RETURN NEW;"
    given = f"WHEN ({rule.given}) " if rule.given else ""
    return [
        _function(rule.name, body, schema),
        (
            f"CREATE TRIGGER {rule.name} BEFORE {rule.event} ON {rule.table} "
            f"FOR EACH ROW {given}EXECUTE FUNCTION {rule.name}()"
        ),
    ]


def _together(rule: Refusal, when: str, schema: str) -> list[str]:
    """After a statement, over all of its rows: a trigger called for each takes longer than the row does."""
    settle = f"PERFORM{_ADDED[0].sub(_ADDED[1], rule.settle).removeprefix('SELECT')}; "
    given = f"{rule.given} AND " if rule.given else ""
    wrong = f"{given}({when})".replace("NEW.", "added.")
    body = f"IF EXISTS (SELECT 1 FROM added WHERE {wrong}) THEN {_raise(_quoted(rule.message))} END IF; "  # noqa: S608
    return [
        _function(rule.name, (settle if rule.settle else "") + body + "RETURN NULL;", schema),
        (
            f"CREATE TRIGGER {rule.name} AFTER {rule.event} ON {rule.table} REFERENCING NEW TABLE AS added "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {rule.name}()"
        ),
    ]


def _plain(name: str, event: str, table: str, when: str, message: str) -> str:
    condition = "" if when == ALWAYS else f"WHEN ({when}) "
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {condition}"
        f"EXECUTE FUNCTION register_refuse({_quoted(message)})"
    )


def _function(name: str, body: str, schema: str) -> str:
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql "
        f"SET search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN {body} END $$"
    )


def _raise(message: str) -> str:
    return (
        "RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', "
        f"MESSAGE = {message}, TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME;"
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def forms(table: Table) -> list[str]:
    """What is so of each row NEW of a table beyond PostgreSQL's own types, and its shapes."""
    columns = (column for column in table.columns if column is not table.autoincrement_column)
    found = [form for column in columns for form in _typed(column)]
    shapes = SHAPES.get(table.name, ())
    return [*found, *(shape.postgresql if isinstance(shape, Spelt) else shape for shape in shapes)]


def _typed(column: Column[Any]) -> list[str]:
    form = _TYPES.get(column.type.python_type, "").format(f"NEW.{column.name}")
    return [f"(NEW.{column.name} IS NULL OR {form})" if column.nullable else form] if form else []
