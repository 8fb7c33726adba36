"""Rows that are none: of another type or shape than their table holds, which no rule lets in.

What reads them fails in ways of its own; so the audit looks for them first.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import CheckConstraint, Table, text
from sqlmodel import Session

from issuer import guards_postgres, guards_sqlite
from issuer.models import METADATA


def malformed(session: Session) -> Iterator[tuple[str, int]]:
    """The tables that have such rows, and how many."""
    for name, table in sorted(METADATA.tables.items()):
        wrong = " OR ".join(f"NOT ({form})" for form in _forms(table, session.connection().dialect.name))
        if wrong:
            rows = text(f"SELECT count(*) FROM {name} AS NEW WHERE {wrong}".replace(":", "\\:"))  # noqa: S608
            if count := session.connection().execute(rows).scalar_one():
                yield name, count


def _forms(table: Table, dialect: str) -> list[str]:
    forms = guards_sqlite.forms(table) if dialect == "sqlite" else guards_postgres.forms(table)
    checks = (held for held in table.constraints if isinstance(held, CheckConstraint))
    return [*forms, *sorted(str(check.sqltext) for check in checks)]
