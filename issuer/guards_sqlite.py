"""The rules of `issuer.guards` as SQLite's triggers, and what only SQLite needs against itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Column, Table, UniqueConstraint

from issuer.guard_kinds import Follower, Form, Refusal
from issuer.guards import APPEND_ONLY, MAX_WHOLE, NOT_GIVEN, SHAPES, rules
from issuer.guards_number import Spelt
from issuer.models import METADATA

_TYPES = {
    int: f"typeof({{0}}) = 'integer' AND {{0}} BETWEEN 0 AND {MAX_WHOLE}",
    bool: "{0} IN (0, 1)",
    object: "typeof({0}) = 'text'",  # SQLModel's texts name no type
    bytes: "typeof({0}) = 'blob' AND length({0}) > 0",
    date: "date({0}) IS {0} AND substr({0}, 1, 4) > '0000'",
}
"""What a column of this Python type holds, which SQLite by itself does not ask."""


def statements() -> list[str]:
    """One `CREATE TRIGGER` each."""
    return [*(_trigger(rule) for rule in rules()), *_irreplaceable()]


def _trigger(rule: Refusal | Follower | Form) -> str:
    match rule:
        case Refusal():
            return _refuse(rule.name, rule.event, rule.table, _spelt(rule.when), rule.message)
        case Follower():
            return (
                f"CREATE TRIGGER {rule.name} AFTER UPDATE OF {rule.column} ON {rule.table} FOR EACH ROW "
                f"WHEN {rule.when} BEGIN {rule.update}; END"
            )
        case Form():
            wrong = f"NOT ({' AND '.join(forms(METADATA.tables[rule.table]))})"
            return _refuse(rule.name, rule.event, rule.table, wrong, rule.message)


def _refuse(name: str, event: str, table: str, when: str, message: str) -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _spelt(condition: str | Spelt) -> str:
    if isinstance(condition, Spelt):
        return condition.sqlite
    return condition.replace(" IS DISTINCT FROM ", " IS NOT ")


def forms(table: Table) -> list[str]:
    """What is so of each row NEW of a table: its columns' types, what they point to, and its shapes."""
    found = [_typed(column) for column in table.columns if column is not table.autoincrement_column]
    found += [
        f"(NEW.{key.parent.name} IS NULL OR EXISTS (SELECT 1 FROM {key.column.table.name} "  # noqa: S608
        f"WHERE {key.column.name} = NEW.{key.parent.name}))"
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)
    ]
    return [*found, *(_spelt(shape) for shape in SHAPES.get(table.name, ()))]


def _typed(column: Column[Any]) -> str:
    form = _TYPES[column.type.python_type].format(f"NEW.{column.name}")
    return f"(NEW.{column.name} IS NULL OR {form})" if column.nullable else form


def _irreplaceable() -> Iterator[str]:
    """REPLACE deletes the rows that are in its way, and SQLite fires no DELETE trigger for them.

    So a key that is there is refused before that, whatever the conflict clause says.
    """
    for name, table in sorted(METADATA.tables.items()):
        rowid = table.dialect_options["sqlite"]["with_rowid"]
        if rowid:
            yield _numbered(table)
        keys = [*([("rowid", "")] if rowid else ()), *_keys(table)]
        taken = " OR ".join(_taken(table, columns, where) for columns, where in keys)
        yield _refuse(f"{name}_taken", "INSERT", name, taken, "it is there already")
        if rowid and name not in APPEND_ONLY:  # elsewhere every column of a key is fixed
            others = " OR ".join(
                _taken(table, columns, where, but="OLD.rowid") for columns, where in keys[1:]
            )
            yield _refuse(
                f"{name}_moved", "UPDATE", name, f"OLD.rowid <> NEW.rowid OR {others}", "it is there already"
            )


def _numbered(table: Table) -> str:
    """The register numbers its rows, one after the other: before a row is there, SQLite calls its number -1.

    So a row that had that number would be in the way of all, and the highest would be the last.
    """
    wrong = "NEW.rowid < 1"
    if table.autoincrement_column is not None and table.autoincrement_column.name == "id":
        wrong += f" OR NEW.id > 1 AND NOT EXISTS (SELECT 1 FROM {table.name} WHERE id = NEW.id - 1)"  # noqa: S608
    return (
        f"CREATE TRIGGER {table.name}_numbered AFTER INSERT ON {table.name} FOR EACH ROW WHEN {wrong} "
        f"BEGIN SELECT RAISE(ABORT, '{NOT_GIVEN}'); END"
    )


def _keys(table: Table) -> list[tuple[str, str]]:
    """Every key of a table: its columns, with spaces between, and the condition under which it is one."""
    constraints = (table.primary_key, *(c for c in table.constraints if isinstance(c, UniqueConstraint)))
    keys = [(" ".join(constraint.columns.keys()), "") for constraint in constraints]
    for index in table.indexes:
        if index.unique:
            where = index.dialect_options["sqlite"]["where"]
            keys.append((" ".join(index.columns.keys()), "" if where is None else str(where)))
    return sorted(keys)


def _taken(table: Table, columns: str, where: str, *, but: str | None = None) -> str:
    """The condition that a row (other than `but`) has the key of the new one."""
    same = [f"{column} = NEW.{column}" for column in columns.split()]
    other = [f"rowid <> {but}"] if but else []
    stands = [where, re.sub(rf"\b({'|'.join(table.columns.keys())})\b", r"NEW.\1", where)] if where else []
    return f"EXISTS (SELECT 1 FROM {table.name} WHERE {' AND '.join([*same, *other, *stands])})"  # noqa: S608
