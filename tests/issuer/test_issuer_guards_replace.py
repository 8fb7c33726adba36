"""SQLite's REPLACE deletes rows without a DELETE trigger: whatever its form, the register refuses it.

The statements go to the file by a connection of their own, as a console's would.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from issuer_desk import open_desk
from print_desk import print_some

from credential import card_number
from credential.codes import Name
from issuer.models import METADATA
from issuer.rejection_reasons import RejectionReason
from trust import KeyKind

Row = dict[str, Any]


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register with rows in every table, a revoked phone and a revoked card among them."""
    desk = open_desk(tmp_path_factory.mktemp("desk"))
    desk.apply(6)
    cards = [card for _, card in desk.office.approve([1, 2, 3, 4])]
    desk.office.reject([5, 6], RejectionReason.OTHER)
    for card in cards:
        desk.enrol(card)
    for _ in range(2):
        desk.office.reissue(workers=1)
    desk.office.revoke_wallet(cards[0])
    desk.office.revoke(cards[1])
    desk.office.replace(cards[2])
    desk.office.offer(cards[3])
    for name in ("a", "b"):
        desk.office.publish(desk.home.with_name(name))
    for number in (7, 8):
        desk.office.authority.add_gate(number, Name("ច្រក", "Gate"), ["entry"])
    print_some(desk, desk.home.parent)
    desk.office.authority.report_stolen("seal-2026q4")
    desk.office.authority.renew([KeyKind.SEAL])
    with desk.raw() as connection:
        connection.exec_driver_sql("INSERT INTO erasure VALUES (5, 0), (6, 0)")
        connection.exec_driver_sql("INSERT INTO restoration VALUES (1, 0, 0, 0, 0, 0), (2, 0, 0, 0, 0, 0)")
    desk.permit()
    desk.engine.dispose()
    return desk.home / "register.sqlite"


@pytest.fixture
def console(register: Path) -> Iterator[sqlite3.Connection]:
    """A raw connection; what a test changes is taken back."""
    connection = sqlite3.connect(register, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("BEGIN")
    yield connection
    connection.execute("ROLLBACK")
    connection.close()


def content(console: sqlite3.Connection, table: str) -> set[str]:
    """Every row."""
    return {repr(tuple(row)) for row in console.execute(f"SELECT * FROM {table}")}  # noqa: S608


def is_refused(console: sqlite3.Connection, table: str, statement: str, values: Sequence[Any]) -> bool:
    """Whether it is; if it passes, every row must still be there. What it did is taken back."""
    before = content(console, table)
    console.execute("SAVEPOINT before")
    try:
        console.execute(statement, values)
    except sqlite3.IntegrityError:
        return True
    finally:
        after = content(console, table)
        console.execute("ROLLBACK TO before")
    assert before <= after
    return False


def rows_of(console: sqlite3.Connection, table: str) -> list[Row]:
    """Some rows, the hidden rowid included where there is one."""
    rowid = "" if table == "status_index" else "rowid AS rowid, "
    return [dict(row) for row in console.execute(f"SELECT {rowid}* FROM {table} LIMIT 40")]  # noqa: S608


def keys_of(console: sqlite3.Connection, table: str) -> list[list[str]]:
    """The columns of every key, as the database has them."""
    keys = [] if table == "status_index" else [["rowid"]]
    for index in console.execute(f"PRAGMA index_list({table})"):
        if index["unique"]:
            keys.append([row["name"] for row in console.execute(f"PRAGMA index_info({index['name']})")])
    return keys


def _whole_key(console: sqlite3.Connection, table: str) -> list[str]:
    """The column that the rowid is, where there is one."""
    keys = [row for row in console.execute(f"PRAGMA table_info({table})") if row["pk"]]
    return [key["name"] for key in keys if len(keys) == 1 and key["type"] == "INTEGER"]


def fresh(value: Any) -> Any:
    """Another value of the same type, that no row has."""
    match value:
        case int():
            return value + 1000
        case bytes():
            return value + b"x"
        case str():
            return card_number.draw() if value.isdigit() else value + "x"
    return None


@pytest.mark.parametrize("table", sorted(METADATA.tables))
@pytest.mark.parametrize("verb", ["REPLACE", "INSERT OR REPLACE", "INSERT"])
def test_no_key_is_taken_twice(table: str, verb: str, console: sqlite3.Connection) -> None:
    """Every row again; and for each key a new row that has only that in common with one that is there."""
    keys = keys_of(console, table)
    every = {column for key in keys for column in key} - {"state", "wallet_id"}
    for row in rows_of(console, table):
        statement = f"{verb} INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"
        assert is_refused(console, table, statement, [*row.values()])
        for key in keys:
            others = (every - {*key}) | ({"id"} & row.keys() if "rowid" not in key else set())
            values = [fresh(value) if column in others else value for column, value in row.items()]
            if "id" in others:  # of a number of its own the register would take none
                values[[*row].index("id")] = 1 + max(each["id"] for each in rows_of(console, table))
            is_refused(console, table, statement, values)


@pytest.mark.parametrize("table", sorted(METADATA.tables.keys() - {"status_index"}))
@pytest.mark.parametrize("number", [-(2**63), -1, 0])
def test_no_row_is_in_the_way_of_all(table: str, number: int, console: sqlite3.Connection) -> None:
    """Before a row is there SQLite calls its number -1, and a console could give that to one."""
    row = rows_of(console, table)[0]
    names, values = ", ".join(row), ", ".join("?" * len(row))
    every = console.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
    )
    for (name,) in every.fetchall():
        if name != f"{table}_numbered":
            console.execute(f"DROP TRIGGER IF EXISTS {name}")
    for key in keys_of(console, table):
        row[key[-1]] = fresh(row[key[-1]])
    for column in ["rowid", *_whole_key(console, table)]:
        row[column] = number
    with pytest.raises(sqlite3.IntegrityError, match="the register numbers its rows"):
        console.execute(f"INSERT INTO {table} ({names}) VALUES ({values})", [*row.values()])  # noqa: S608


@pytest.mark.parametrize("table", sorted(METADATA.tables))
def test_no_update_takes_another_rows_place(table: str, console: sqlite3.Connection) -> None:
    """UPDATE OR REPLACE of each key column, the rowid included, to what another row has there."""
    rows = rows_of(console, table)
    assert len(rows) > 1 or table == "stolen_key"
    for key in keys_of(console, table):
        for row, other in pairwise(rows):
            values = [other[column] for column in key]
            if None in values or values == [row[column] for column in key]:
                continue
            place = [column for column in row if row[column] is not None]
            changes = ", ".join(f"{column} = ?" for column in key)
            where = " AND ".join(f"{column} = ?" for column in place)
            statement = f"UPDATE OR REPLACE {table} SET {changes} WHERE {where}"  # noqa: S608
            assert is_refused(console, table, statement, [*values, *(row[column] for column in place)])


REBORN = {
    "a phone": "REPLACE INTO status_index SELECT list_id, idx, card_id, wallet_id, 0, drawn_at, reissue_id "
    "FROM status_index WHERE card_id = 1 AND status = 1",
    "a card": "REPLACE INTO card SELECT id, person_id, 'approved', number, valid_from, valid_until, seal, "
    "1, 3, created_at, changed_at FROM card WHERE state = 'revoked'",
    "an index": "REPLACE INTO status_index SELECT list_id, idx, NULL, NULL, 0, drawn_at, NULL "
    "FROM status_index WHERE status = 1 AND card_id IS NOT NULL",
    "a version": "REPLACE INTO publication SELECT version, 0 FROM publication",
    "an upsert": "INSERT INTO status_index SELECT list_id, idx, NULL, NULL, 0, drawn_at, NULL "
    "FROM status_index WHERE status = 1 AND card_id IS NOT NULL ON CONFLICT DO UPDATE SET status = 0",
    "a purpose": "UPDATE OR REPLACE purpose SET name = 'national-id' WHERE name = 'entry'",
    "an offer": "UPDATE OR REPLACE offer SET rowid = 1 WHERE rowid = 2",
    "a number": "UPDATE OR REPLACE card SET number = (SELECT number FROM card WHERE state = 'revoked'), "
    "seal = x'00', seal_template = 1, valid_from = '2026-11-22', valid_until = '2036-11-22', "
    "state = 'approved' WHERE state = 'applied'",
}


@pytest.mark.parametrize("statement", REBORN.values(), ids=REBORN)
def test_nothing_comes_back(statement: str, console: sqlite3.Connection) -> None:
    """What would make a revoked phone valid again, or a revoked card living, is refused."""
    console.execute(
        "INSERT INTO person SELECT 1 + (SELECT max(id) FROM person), 'x', name_km, name_la, date_of_birth, "
        "ministry, position_code, position_text, grade, agency, employment_status, NULL, 0, NULL "
        "FROM person WHERE id = 1"
    )
    console.execute(
        "INSERT INTO card (person_id, state, created_at, changed_at) "
        "SELECT max(id), 'applied', 0, 0 FROM person"
    )
    with pytest.raises(sqlite3.IntegrityError):
        console.execute(statement)


@pytest.mark.parametrize("what", ["a version", "an index", "a purpose", "an offer", "a number"])
def test_it_is_these_triggers_that_refuse(what: str, console: sqlite3.Connection) -> None:
    """Without them the statement passes: so the tests above see something."""
    test_nothing_comes_back(REBORN[what], console)
    found = console.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    ours = ("_taken", "_moved", "publication_version", "purpose_fixed")
    for name in [row["name"] for row in found if row["name"].endswith(ours)]:
        console.execute(f"DROP TRIGGER {name}")
    console.execute(REBORN[what])
