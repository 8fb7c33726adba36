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

WHOLLY = {"staff_order": 5}
"""Of how many kinds of rows every edit is made; elsewhere of two, and of the others one in turn."""

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
        for case in ("version", "at")
    },
    "publication.a row more": _COUNT,
    "written_publication.a row gone": _COUNT,
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
        self.wholly = WHOLLY.get(name, 2)
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
        """Every edit of the first rows, of the others one of each column; each row gone, and once more."""
        for at, row in enumerate(self.chosen):
            for turn, column in enumerate(row, start=at):
                edits = [*self._edits(row, column)]
                yield from edits if at < self.wholly else [edits[turn % len(edits)]]
            yield Edit("a row gone", row, None)
            last = [key[-1] for key in self.keys if row[key[-1]] is not None]
            fresh = {column: self._another(column, row[column]) for column in last}
            yield Edit("a row more", row, row | fresh)

    def _edits(self, row: Row, column: str) -> Iterator[Edit]:
        """To another value, to that of another row, to none."""
        nulls, others = f"{column} IS NULL", self._others(row, column)
        if row[column] is None:
            yield Edit(nulls, row, row | {column: [*others, self._some(column)][0]})
            return
        for new in (self._another(column, row[column]), *others[:1]):
            yield Edit(column, row, row | {column: new})
        if self.columns[column].nullable:
            yield Edit(nulls, row, row | {column: None})

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

    def _another(self, column: str, value: Any) -> Any:
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


def _altered(value: Any) -> Any:
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


NONSENSE = {
    "a role": "UPDATE staff SET roles = 'officerx' WHERE id = 1",
    "no role": "UPDATE staff SET roles = '' WHERE ended_at IS NOT NULL",
    "a key of staff": "UPDATE staff SET public_jwk = '{}' WHERE id = 1",
    "keys of a bank": "UPDATE bank_key SET jwks = '{}' WHERE id = 1",
    "a re-issue of nobody": "UPDATE status_index SET reissue_id = 1 WHERE card_id IS NULL",
    "nobody's seal": "UPDATE status_index SET card_id = NULL WHERE reissue_id = 1 AND wallet_id IS NULL",
    "nobody's re-issue": "UPDATE status_index SET card_id = NULL WHERE reissue_id IS NOT NULL",
    "no re-issue": "DELETE FROM reissue WHERE id = 1",
    "a date of birth": "UPDATE person SET date_of_birth = 'then' WHERE id = 5",
    "a last day": "UPDATE card SET valid_until = '2036-13-40' WHERE id = 5",
    "a first day": "UPDATE card SET valid_from = '' WHERE id = 5",
    "a state": "UPDATE card SET state = 'nonsense' WHERE id = 5",
    "an order": "UPDATE staff_order SET document = 'none' WHERE id = 5",
    "an order of nothing": "UPDATE staff_order SET document = '{}', sha256 = x'' WHERE id = 5",
    "an order's act": "UPDATE staff_order SET act = 'nonsense' WHERE id = 5",
    "a decision": "UPDATE staff_order SET decision = 'nonsense' WHERE decision IS NOT NULL",
    "an act": "UPDATE act SET act = 'nonsense' WHERE id = 5",
    "a link that is a list": "UPDATE audit SET entry = '[]' WHERE seq = 5",
    "a link that is null": "UPDATE audit SET entry = 'null' WHERE seq = 5",
    "a link of nothing": "UPDATE audit SET entry = '{}' WHERE seq = 5",
    "no link": "UPDATE audit SET entry = '' WHERE seq = 5",
    "links of nothing": "UPDATE audit SET entry = '{}'",
    "a kind of key": "UPDATE holder_key SET kind = 'x'",
    "a holder's key": "UPDATE holder_key SET public_key = x'00'",
    "no ASCII": "UPDATE prepared SET sd_jwt = 'ក' WHERE card_id = 5",
    "a template": "UPDATE template SET document = '{}'",
    "a signing key": "UPDATE signing_key SET public_jwk = '{}' WHERE kind = 'live'",
    "a rejection": "UPDATE rejection SET reason = 'nonsense'",
    "a restoration": "UPDATE restoration SET links = -1",
    "a part": "UPDATE reissue_part SET indices = x'00'",
}
"""What no program writes; the columns' rules do not hold any more."""

WRONG_TYPES = {
    "a date of birth": "UPDATE person SET date_of_birth = 5 WHERE id = 5",
    "a name": "UPDATE person SET name_la = x'ff' WHERE id = 5",
    "a salt": "UPDATE person SET salt = 'x' WHERE id = 5",
    "a seal": "UPDATE card SET seal = 'x' WHERE id = 5",
    "a card of nobody": "UPDATE card SET person_id = 'x' WHERE id = 5",
    "a signature": "UPDATE staff_order SET asked_signature = 'x' WHERE id = 5",
    "an order at no time": "UPDATE staff_order SET done_at = 'x' WHERE id = 5",
    "an act's content": "UPDATE act SET content = 'x' WHERE id = 5",
    "an act at no time": "UPDATE act SET at = 'x' WHERE id = 5",
    "an act on no card": "UPDATE act SET card_id = 'x' WHERE id = 5",
    "a link": "UPDATE audit SET entry = x'ff' WHERE seq = 5",
    "a link's hash": "UPDATE audit SET sha256 = 'x' WHERE seq = 5",
    "a thumbprint": "UPDATE holder_key SET thumbprint = 'x' WHERE wallet_id = 3 AND kind = 'live'",
    "an end": "UPDATE wallet SET ended_at = 'x' WHERE id = 3",
    "an offer": "UPDATE offer SET nonce_sha256 = 'x' WHERE card_id = 5",
    "what was prepared": "UPDATE prepared SET seal = 'x'",
    "a rejection": "UPDATE rejection SET salt = 'x'",
    "a status": "UPDATE status_index SET status = 'x' WHERE card_id = 5",
    "a place": "UPDATE print_row SET sequence = 'x' WHERE card_id = 5",
    "a print order": "UPDATE print_order SET ordered_at = 'x'",
}
"""SQLite keeps a text where the column says a number or bytes."""


@pytest.mark.parametrize("statement", [pytest.param(text, id=name) for name, text in NONSENSE.items()])
def test_nonsense_is_found_and_fails_nothing(statement: str, whole: Whole) -> None:
    """Whatever somebody wrote, the examination goes on to its end and tells of it."""
    with whole.edited() as session:
        assert session.connection().exec_driver_sql(statement).rowcount > 0
        assert whole.says(session) == ""


@pytest.mark.parametrize("statement", [pytest.param(text, id=name) for name, text in WRONG_TYPES.items()])
def test_values_of_another_type_fail_nothing(statement: str, whole: Whole) -> None:
    """The same of values that the database itself should not have taken."""
    test_nonsense_is_found_and_fails_nothing(statement, whole)
