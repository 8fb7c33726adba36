"""Rows that the program never writes: a console's statements, without foreign keys, are refused too."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from issuer_desk import Desk, open_desk
from print_desk import print_some

from credential import card_number
from credential.codes import Name
from issuer.models import METADATA
from issuer.rejection_reasons import RejectionReason
from trust import KeyKind


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As `occupied` makes it."""
    desk = occupied(tmp_path_factory.mktemp("desk"))
    desk.engine.dispose()
    return desk.home / "register.sqlite"


def occupied(folder: Path) -> Desk:
    """1 has a phone, 2 a card that was revoked, 3 one that was replaced; 4 waits, 5 was rejected."""
    desk = open_desk(folder)
    desk.apply(5)
    cards = [card for _, card in desk.office.approve([1, 2, 3])]
    desk.enrol(cards[0])
    desk.office.reject([5], RejectionReason.OTHER)
    for _ in range(2):
        desk.office.reissue(workers=1)
    desk.office.publish(desk.home.with_name("out"))
    desk.office.revoke(cards[1])
    desk.office.replace(cards[2])
    desk.office.offer(cards[0])
    desk.office.authority.add_gate(7, Name("ច្រក", "Gate"), ["entry"])
    print_some(desk, folder)
    desk.office.authority.report_stolen("seal-2026q4")
    desk.office.authority.renew([KeyKind.SEAL])
    with desk.raw() as connection:
        connection.exec_driver_sql("INSERT INTO erasure VALUES (5, 0)")
        connection.exec_driver_sql("INSERT INTO restoration VALUES (1, 0, 0, 0, 0, 0)")
    desk.permit()
    return desk


FOUNDED = ("code_unordered_insert", "purpose_unordered_insert")
"""Rules that let nobody enter anything, under whatever order: they stand before those about what it is."""


@pytest.fixture
def console(register: Path) -> Iterator[sqlite3.Connection]:
    """A raw connection; what a test changes is taken back."""
    connection = sqlite3.connect(register, isolation_level=None)
    connection.execute("BEGIN")
    for rule in FOUNDED:
        connection.execute(f"DROP TRIGGER {rule}")
    yield connection
    connection.execute("ROLLBACK")
    connection.close()


def replacement(*, person: str, of: int, number: str = "0000000000") -> str:
    """The card after card `of`, sealed with the key that was not stolen."""
    return (
        f"INSERT INTO card VALUES ((SELECT 1 + max(id) FROM card), {person}, 'approved', '{number}', "  # noqa: S608
        f"'2026-11-22', '2036-11-22', x'00', 3, {of}, 0, 0)"
    )


def applied(number: str) -> str:
    """The application that waits gets this number."""
    return (
        f"UPDATE card SET state = 'approved', number = '{number}', valid_from = '2026-11-22', "  # noqa: S608
        "valid_until = '2036-11-22', seal = x'00', seal_template = 3 WHERE id = 4"
    )


SEQUENCE = "UPDATE status_list SET sequence = "
PARTY = "INSERT INTO relying_party VALUES "
KEY = "INSERT INTO published_key SELECT kid, "
UNPUBLISHED = " FROM signing_key WHERE kid NOT IN (SELECT kid FROM published_key)"
BAD = {
    "a card in the place of a revoked one": replacement(person="2", of=2),
    "a card in the place of none": replacement(person="2", of=77),
    "a number with letters": applied("12345678x4"),
    "a short number": applied("572"),
    "a long number": applied("05724000000"),
    "a wrong check digit": applied("0000000001"),
    "a day that is none": "UPDATE card SET state = 'approved', number = '0000000000', valid_from = 'a', "
    "valid_until = '2036-11-22', seal = x'00', seal_template = 3 WHERE id = 4",
    "a version in the sky": "INSERT INTO publication VALUES (9007199254740992, 0)",
    "a version far ahead": "INSERT INTO publication VALUES (10003, 0)",
    "a version before the last": "INSERT INTO publication VALUES (0, 0)",
    "a version that nobody began": "INSERT INTO written_publication VALUES (2, 0)",
    "a sequence in the sky": SEQUENCE + "9007199254740992",
    "a sequence that leaps": SEQUENCE + "sequence + 2",
    "a sequence that is text": SEQUENCE + "'x'",
    "a sequence that is none": SEQUENCE + "1.5",
    "a list under another key": "UPDATE status_list SET kid = 'live-2026q4'",
    "a list that begins high": "INSERT INTO status_list VALUES (9, 'x', 'x', 'seal', 'status-cwt-2026q4', 7)",
    "a token of a sequence to come": "INSERT INTO published_list "
    "SELECT list_id, 9, form, kid, token, issued_at, expires_at FROM published_list WHERE list_id = 1",
    "no token": "INSERT INTO published_list "
    "SELECT list_id, 2, form, kid, x'', issued_at, expires_at FROM published_list WHERE list_id = 1",
    "a code too large": "INSERT INTO code VALUES ('grades', 65535, 'ក', 'x')",
    "a code below 0": "INSERT INTO code VALUES ('grades', -1, 'ក', 'x')",
    "a code that is text": "INSERT INTO code VALUES ('grades', 'x', 'ក', 'x')",
    "a code without a name": "INSERT INTO code VALUES ('grades', 999, 'ក', '')",
    "a purpose in capitals": "INSERT INTO purpose VALUES ('Entry', 1, 'ក', 'x')",
    "a purpose that is half permitted": "INSERT INTO purpose VALUES ('x', 2, 'ក', 'x')",
    "a purpose that loses its name": "UPDATE purpose SET en = ''",
    "a gate 0": PARTY + "(0, 'ក', 'x', 'entry', '')",
    "a gate too large": PARTY + "(65536, 'ក', 'x', 'entry', '')",
    "a gate with a purpose in Khmer": PARTY + "(9, 'ក', 'x', 'ក', '')",
    "a gate whose name is too long": PARTY + "(9, 'ក', printf('%201c', 'x'), 'entry', '')",
    "a second index for a phone": "INSERT INTO status_index SELECT list_id, "
    "(SELECT max(idx) - 1 FROM status_index AS i WHERE i.list_id = s.list_id), card_id, wallet_id, "
    "0, 0, NULL FROM status_index AS s WHERE wallet_id IS NOT NULL LIMIT 1",
    "a rejection of who was not rejected": "INSERT INTO rejection VALUES (4, 'other', '', x'00')",
    "a long note": "INSERT INTO rejection VALUES (5, 'other', printf('%201c', 'x'), x'00')",
    "a time after all times": "INSERT INTO act VALUES (NULL, 253402300800, 'offer', 1, NULL, NULL)",
    "an act on no card": "INSERT INTO act VALUES (NULL, 0, 'offer', 99, NULL, NULL)",
    "an application of nobody": "INSERT INTO card (person_id, state, created_at, changed_at) "
    "VALUES (99, 'applied', 0, 0)",
    "a key published before it was made": KEY + "not_before - 1" + UNPUBLISHED,
}


@pytest.mark.parametrize("statement", BAD.values(), ids=BAD)
def test_no_such_row(statement: str, console: sqlite3.Connection) -> None:
    """Refused, whoever writes."""
    with pytest.raises(sqlite3.IntegrityError):
        console.execute(statement)


def test_a_card_never_takes_the_place_of_another_persons(console: sqlite3.Connection) -> None:
    """Neither of one that was replaced and has no successor yet; its holder's own card may."""
    console.execute("UPDATE card SET state = 'replaced' WHERE id = 1")
    with pytest.raises(sqlite3.IntegrityError, match="of the same person"):
        console.execute(replacement(person="2", of=1))
    console.execute(replacement(person="1", of=1))


GOOD = {
    "a number": applied(card_number.draw()),
    "a version after a restored register": "INSERT INTO publication VALUES (10002, 0)",
    "the next sequence": SEQUENCE + "sequence + 1",
    "a code": "INSERT INTO code VALUES ('grades', 65534, 'ក', 'x')",
    "a gate": PARTY + "(65535, 'ក', 'x', 'entry salary', '')",
    "a key from its first day": KEY + "not_before" + UNPUBLISHED,
}


@pytest.mark.parametrize("statement", GOOD.values(), ids=GOOD)
def test_what_is_right_passes(statement: str, console: sqlite3.Connection) -> None:
    """Beside a rule stands a row that keeps it."""
    console.execute(statement)


@pytest.mark.parametrize("table", sorted(METADATA.tables))
def test_a_column_holds_its_own_type(table: str, console: sqlite3.Connection) -> None:
    """No column takes a blob for a number or a text, nor a text for a blob."""
    found = console.execute(f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'")  # noqa: S608
    for (trigger,) in found.fetchall():
        if not trigger.endswith("_form_insert"):
            console.execute(f"DROP TRIGGER {trigger}")
    columns = METADATA.tables[table].columns
    names = ", ".join(columns.keys())
    for column in columns:
        if column is METADATA.tables[table].autoincrement_column:
            continue
        other = "'x'" if column.type.python_type is bytes else "x'00'"
        values = ", ".join(other if name == column.name else name for name in columns.keys())  # noqa: SIM118
        with pytest.raises(sqlite3.IntegrityError, match=r"no row of the table|datatype"):
            console.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} LIMIT 1")  # noqa: S608
