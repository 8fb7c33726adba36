"""Any edit of any row past the program is found by an audit that knows what was published."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest
import whole_register
from sqlalchemy import Boolean, Connection, Date, Engine, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from credential.codes import TABLES
from issuer import audit, database
from issuer.duties import Order, Role
from issuer.lifecycle import Act, CardState, ListKind
from issuer.models import KEY_KINDS, METADATA
from issuer.orders import Decision
from issuer.rejection_reasons import RejectionReason
from revocation.status_list import Status
from trust.documents import AuditHead

Row = dict[str, Any]
NOTHING = "found nothing"

PLACES = {name: (name, "true") for name in METADATA.tables} | {
    "status_index": ("status_index", "card_id IS NOT NULL"),
    "decoy": ("status_index", "card_id IS NULL"),
}
"""What is swept: a table, and which of its rows."""

KINDS = {
    "audit": "seq > {length}",
    "card": "state",
    "holder_key": "kind || (wallet_id IN (SELECT id FROM wallet WHERE ended_at IS NULL))",
    "person": "id IN (SELECT person_id FROM card WHERE state = 'active')",
    "prepared": "reissue_id",
    "published_list": "form",
    "reissue_part": "reissue_id",
    "staff_order": "decision",
    "status_index": "status",
    "wallet": "id IN (SELECT wallet_id FROM prepared)",
}
"""In what rows of a table differ, beside which columns have a value at all."""

CHOICES: dict[str, list[str]] = {
    "act.act": [*Act],
    "card.state": [*CardState],
    "code.kind": [*TABLES],
    "holder_key.kind": ["live", "sd-jwt"],
    "published_list.form": ["cwt", "jwt", "delta"],
    "rejection.reason": [*RejectionReason],
    "signing_key.kind": [*KEY_KINDS],
    "staff.roles": [*Role],
    "staff_order.act": [*Order],
    "staff_order.decision": [*Decision],
    "status_list.kind": [*ListKind],
}
"""Columns that hold one of these."""

_TIME = "a time that people are shown; nothing is decided by it, and acts say when"
_COUNT = "numbers that publications count up, which gates hold against those before"
_DECOY = "of an index that nobody has; an edit can say nothing of anybody"
KNOWN: dict[str, str] = {
    "card.changed_at": _TIME,
    "card.created_at": _TIME,
    "person.created_at": _TIME,
    "status_index.drawn_at": _TIME,
    "wallet.ended_at": _TIME + "; whether it has one is held against them",
    "status_list.sequence": _COUNT,
    **{
        f"{table}.{case}": _COUNT
        for table in ("publication", "written_publication")
        for case in ("version", "at", "a row gone", "a row more")
    },
    **{
        f"decoy.{case}": _DECOY
        for case in ("list_id", "idx", "status", "drawn_at", "a row gone", "a row more")
    },
}
"""What the audit holds against nothing, and why."""


class Whole(NamedTuple):
    """A register that nothing guards any more, and the head that was published."""

    engine: Engine
    head: AuditHead

    @contextmanager
    def edited(self) -> Iterator[Session]:
        """A transaction in which everything may be written; nothing of it is kept."""
        with Session(self.engine, autoflush=False) as session:
            connection = session.connection()
            for pragma in ("defer_foreign_keys", "ignore_check_constraints"):
                connection.exec_driver_sql(f"PRAGMA {pragma} = ON")
            yield session
            session.rollback()

    def says(self, session: Session) -> str:
        """What an examination finds, or that it fails: it never may, whatever it reads."""
        try:
            problems = audit.examine(session, [self.head]).problems
        except Exception as error:  # noqa: BLE001
            return f"raised {error!r}"
        return "" if problems else NOTHING


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """`whole_register`, in a file without triggers, nor the indices that are rules."""
    desk, head = whole_register.build(tmp_path_factory.mktemp("whole"))
    with desk.engine.connect() as connection:
        assert not [name for name in METADATA.tables if not _count(connection, name)]
    desk.engine.dispose()
    file = desk.home / "register.sqlite"
    with sqlite3.connect(file) as console:
        rules = "type = 'trigger' OR type = 'index' AND sql LIKE 'CREATE UNIQUE%'"
        found = console.execute(f"SELECT type, name FROM sqlite_master WHERE {rules}").fetchall()  # noqa: S608
        for kind, name in found:
            console.execute(f"DROP {kind} {name}")
    console.close()
    made = Whole(database.connect(database.file_url(file)), head)
    with made.edited() as session:
        assert audit.examine(session, [head]).problems == []
    return made


def _count(connection: Connection, table: str) -> int:
    return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())  # noqa: S608


class Edit(NamedTuple):
    """What is edited (as `KNOWN` has it), of which row, and the values that it has then: None is no row."""

    case: str
    row: Row
    new: Row | None


class Place:
    """The rows of one place of `PLACES`, and every edit of them."""

    def __init__(self, name: str, connection: Connection, head: AuditHead) -> None:
        self.table, which = PLACES[name]
        table = METADATA.tables[self.table]
        self.columns = table.columns
        self.keys = [
            [column.name for column in each.columns]
            for each in sorted(table.constraints, key=lambda each: isinstance(each, UniqueConstraint))
            if isinstance(each, PrimaryKeyConstraint | UniqueConstraint)
        ]
        self.rows: list[Row] = []
        kinds: dict[object, Row] = {}
        kind = KINDS.get(name, "0").format(length=head.length)
        statement = f"SELECT *, {which}, {kind} FROM {self.table} ORDER BY {', '.join(self.keys[0])}"  # noqa: S608
        for *values, within, extra in connection.exec_driver_sql(statement):
            self.rows.append(dict(zip(self.columns.keys(), values, strict=True)))
            if within:
                kinds.setdefault((extra, *(value is None for value in values)), self.rows[-1])
        self.chosen = [*kinds.values()]

    def edits(self) -> Iterator[Edit]:
        """Every column of a row of each kind, and the row; every second row has fewer, to save time."""
        for at, row in enumerate(self.chosen):
            for column, value in row.items():
                nulls = f"{column} IS NULL"
                others = self._others(row, column)
                if value is None:
                    yield Edit(nulls, row, row | {column: [*others, self._some(column)][0]})
                    continue
                news = [self._another(column, value), *others[:1]]
                yield from (Edit(column, row, row | {column: new}) for new in news[at % len(news) :])
                if self.columns[column].nullable:
                    yield Edit(nulls, row, row | {column: None})
            yield Edit("a row gone", row, None)
            fresh = {name: self._another(name, row[name]) for key in self.keys for name in key if row[name]}
            yield Edit("a row more", row, row | fresh)

    def carry_out(self, edit: Edit, connection: Connection) -> None:
        """Makes an edit; where a row is in its way, both change places."""
        row, new = edit.row, edit.new
        if new is None:
            self._on(connection, row, f"DELETE FROM {self.table}")  # noqa: S608
        elif edit.case == "a row more":
            marks = ", ".join("?" * len(new))
            statement = f"INSERT INTO {self.table} ({', '.join(new)}) VALUES ({marks})"  # noqa: S608
            connection.exec_driver_sql(statement, tuple(new.values()))
        else:
            (column,) = (name for name in row if row[name] != new[name])
            try:
                self._set(connection, row, column, new[column])
            except IntegrityError:
                other = self._in_the_way(row, new)
                between = new[column] + {int: 1 << 20, str: "x", bytes: b"x"}[type(new[column])]
                self._set(connection, other, column, between)
                self._set(connection, row, column, new[column])
                self._set(connection, other | {column: between}, column, row[column])

    def told(self, edit: Edit) -> str:
        """An edit in few words."""
        changed = {name: value for name, value in (edit.new or {}).items() if value != edit.row[name]}
        return f"row {[edit.row[key] for key in self.keys[0]]} {changed}"

    def _in_the_way(self, row: Row, new: Row) -> Row:
        return next(
            each
            for key in self.keys
            for each in self.rows
            if each is not row and all(each[name] == new[name] is not None for name in key)
        )

    def _set(self, connection: Connection, row: Row, column: str, value: object) -> None:
        self._on(connection, row, f"UPDATE {self.table} SET {column} = ?", value)  # noqa: S608

    def _on(self, connection: Connection, row: Row, statement: str, *values: object) -> None:
        where = " AND ".join(f"{key} = ?" for key in self.keys[0])
        done = connection.exec_driver_sql(
            f"{statement} WHERE {where}", (*values, *(row[key] for key in self.keys[0]))
        )
        assert done.rowcount == 1

    def _others(self, row: Row, column: str) -> list[Any]:
        """What rows have there that differ in more than that, the nearest after it first."""
        at = self.rows.index(row)
        return [
            each[column]
            for each in self.rows[at:] + self.rows[:at]
            if each[column] not in (None, row[column]) and each | {column: row[column]} != row
        ]

    def _some(self, column: str) -> object:
        return {int: 1, bytes: bytes(32)}.get(self.columns[column].type.python_type, "x")

    def _another(self, column: str, value: Any) -> object:
        """A value like it; of a key, one that is free."""
        if choices := CHOICES.get(f"{self.table}.{column}"):
            return choices[choices.index(value) - 1] if value in choices else choices[0]
        if isinstance(self.columns[column].type, Date):
            return (date.fromisoformat(value) + timedelta(days=1)).isoformat()
        if isinstance(self.columns[column].type, Boolean):
            return 1 - value
        if column == "status":
            return (value + 1) % len(Status)
        taken = {row[column] for row in self.rows} if any(column in key for key in self.keys) else set()
        new = _altered(value)
        return new if new not in taken else value + "x" if isinstance(value, str) else max(taken - {None}) + 1


def _altered(value: Any) -> object:
    """The next number, a bit of bytes, another last letter or digit of a text."""
    match value:
        case int():
            return value + 1
        case bytes():
            return bytes([value[0] ^ 1]) + value[1:]
    text = str(value)
    at = max((at for at, sign in enumerate(text) if sign.isascii() and sign.isalnum()), default=len(text))
    was = text[at : at + 1]
    new = str((int(was) + 1) % 10) if was.isdigit() else "b" if was == "a" else "a"
    return text[:at] + new + text[at + 1 :]


@pytest.mark.parametrize("place", sorted(PLACES))
def test_any_edit_is_found(place: str, whole: Whole) -> None:
    """But for those that are `KNOWN`; one of those that is found now is known no more."""
    with whole.edited() as session:
        swept = Place(place, session.connection(), whole.head)
    missed: dict[str, list[str]] = defaultdict(list)
    for edit in swept.edits():
        with whole.edited() as session:
            swept.carry_out(edit, session.connection())
            if said := whole.says(session):
                case = f"{place}.{edit.case}"
                bad = case not in KNOWN or said != NOTHING
                missed[case] += [f"{case}, {swept.told(edit)}: {said}"] if bad else []
    assert [case for case in KNOWN if case.startswith(f"{place}.") and case not in missed] == []
    told = [line for lines in missed.values() for line in lines]
    assert not told, "\n".join(told)
