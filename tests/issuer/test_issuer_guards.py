"""The database refuses what the register may never hold, whoever writes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from pathlib import Path

import pytest
from bulk_desk import enrolled_desk
from issuer_desk import Desk, open_desk
from print_desk import print_some
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from credential.codes import Name
from issuer.lifecycle import STATUS, TRANSITIONS, UNNUMBERED, CardState
from issuer.models import METADATA
from issuer.order_book import Waiting
from issuer.rejection_reasons import RejectionReason
from revocation.status_list import Status

pytestmark = pytest.mark.postgres

NUMBERED = (
    ", number = '0000000000', seal = x'00', seal_template = 2, "
    "valid_from = '2026-11-22', valid_until = '2036-11-22'"
)


def paths() -> dict[CardState, list[CardState]]:
    """The shortest way to every state."""
    found: dict[CardState, list[CardState]] = {CardState.APPLIED: []}
    waiting = deque([CardState.APPLIED])
    while waiting:
        state = waiting.popleft()
        for source, target in sorted(TRANSITIONS):
            if source is state and target not in found:
                found[target] = [*found[state], target]
                waiting.append(target)
    return found


def move(connection: Connection, state: CardState, *, numbered: bool) -> None:
    """Writes a state to the only card, past all of our code."""
    more = NUMBERED if numbered else ""
    more += ", changed_at = 4102444800" if state is CardState.EXPIRED else ""  # its last day is over
    connection.exec_driver_sql(f"UPDATE card SET state = '{state}'{more} WHERE id = 1")  # noqa: S608


def bring(connection: Connection, state: CardState) -> None:
    """Leads the only card to `state` by raw statements, with the one index of the list that is its own."""
    used = connection.exec_driver_sql(
        "SELECT idx FROM status_index WHERE list_id = 2 AND idx < 999"
    ).scalars()
    free = min(set(range(999)) - set(used))
    for step in paths()[state]:
        move(connection, step, numbered=step not in UNNUMBERED)
        if step is CardState.APPROVED:
            connection.exec_driver_sql("INSERT INTO status_index VALUES (2, ?, 1, NULL, 3, 0, NULL)", (free,))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A home with one application."""
    made = open_desk(tmp_path)
    made.apply(1)
    made.permit()
    yield made
    made.engine.dispose()


def refused(desk: Desk, statement: str) -> None:
    """The database raises, and nothing has changed."""
    with pytest.raises(IntegrityError), desk.engine.begin() as connection:
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize("state", list(CardState))
def test_exactly_the_transitions_of_the_table_pass(state: CardState, desk: Desk) -> None:
    """A raw UPDATE from one state to another passes if the table has it, and is refused if not."""
    for target in set(CardState) - {state}:
        with desk.engine.connect() as connection, connection.begin() as transaction:
            bring(connection, state)
            if (state, target) in TRANSITIONS:
                move(connection, target, numbered=target not in UNNUMBERED)
            else:
                with pytest.raises(IntegrityError, match=r"illegal transition|CHECK|nobody has ordered this"):
                    move(connection, target, numbered=target not in UNNUMBERED)
            transaction.rollback()


@pytest.mark.parametrize("state", sorted(STATUS))
def test_an_index_follows_its_card(state: CardState, desk: Desk) -> None:
    """Even a raw UPDATE of the card writes the status that the state demands."""
    with desk.engine.connect() as connection, connection.begin() as transaction:
        bring(connection, state)
        status = connection.exec_driver_sql("SELECT status FROM status_index WHERE card_id = 1")
        assert status.scalar_one() == STATUS[state]
        transaction.rollback()


@pytest.mark.parametrize("state", sorted(STATUS))
def test_an_index_never_contradicts_its_card(state: CardState, desk: Desk) -> None:
    """A raw UPDATE of an index passes for INVALID and for what the card says, and for nothing else."""
    for status in Status:
        with desk.engine.connect() as connection, connection.begin() as transaction:
            bring(connection, state)
            statement = f"UPDATE status_index SET status = {int(status)} WHERE card_id = 1"  # noqa: S608
            if status in (Status.INVALID, STATUS[state]):
                connection.exec_driver_sql(statement)
            else:
                with pytest.raises(IntegrityError):
                    connection.exec_driver_sql(statement)
            transaction.rollback()


def test_invalid_is_final(tmp_path: Path) -> None:
    """The index of a revoked wallet stays INVALID when the card is suspended and reinstated."""
    desk = open_desk(tmp_path)
    card = desk.card()
    desk.enrol(card)
    desk.office.revoke_wallet(card)
    desk.office.suspend(card)
    desk.office.reinstate(card)
    desk.permit()
    refused(desk, "UPDATE status_index SET status = 0 WHERE wallet_id IS NOT NULL")
    assert desk.rows("SELECT DISTINCT status FROM status_index WHERE wallet_id IS NOT NULL") == [1]


def test_nothing_is_deleted(tmp_path: Path) -> None:
    """No table lets a row go; each has one."""
    desk = open_desk(tmp_path)
    card = desk.card()
    desk.enrol(card)
    desk.office.reissue(workers=1)
    desk.office.publish(tmp_path / "out")
    desk.office.authority.add_gate(7, Name("ច្រក", "Gate"), ["entry"])
    print_some(desk, tmp_path)
    desk.office.authority.report_stolen("seal-2026q4")
    desk.apply(1, seed=2)
    desk.office.reject([desk.office.cards()[-1].application], RejectionReason.OTHER)
    with desk.raw() as connection:
        connection.exec_driver_sql("INSERT INTO restoration VALUES (1, 0, 0, 0, 0, 0)")
    desk.office.revoke(card)
    desk.later(days=4000)
    desk.office.erase()
    for table in sorted(METADATA.tables):
        assert desk.rows(f"SELECT count(*) FROM {table}") != [0], table  # noqa: S608
        refused(desk, f"DELETE FROM {table}")  # noqa: S608


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE card SET number = '1111111111'",
        "UPDATE card SET seal = x'01'",
        "UPDATE card SET valid_until = '2099-01-01'",
        "UPDATE card SET person_id = 2",
        "UPDATE card SET state = 'nonsense'",
        "UPDATE person SET employee_id = '1'",
        "UPDATE person SET position_text = 'x'",
        "UPDATE offer SET closed_at = NULL",
        "UPDATE offer SET expires_at = 9999999999",
        "UPDATE wallet SET card_id = 2",
        "UPDATE holder_key SET wallet_id = 2",
        "UPDATE status_index SET idx = idx + 1",
        "UPDATE status_index SET card_id = NULL WHERE card_id IS NOT NULL",
        "UPDATE status_list SET sequence = sequence - 1",
        "UPDATE status_list SET uri = 'x'",
        "UPDATE signing_key SET kind = 'live'",
        "UPDATE template SET document = '{}'",
        "UPDATE code SET en = 'x'",
        "UPDATE act SET at = 0",
        "INSERT INTO rejection VALUES (1, 'other', '', x'00')",
        "UPDATE published_list SET token = x'00'",
        "UPDATE publication SET at = 0",
        "INSERT INTO card (person_id, state, created_at, changed_at) VALUES (1, 'applied', 0, 0)",
        "INSERT INTO card (person_id, state, created_at, changed_at) VALUES (9, 'applied', 0, 0)",
        "INSERT INTO card VALUES (9, 1, 'active', '0000000000', '2026-11-22', '2027-11-22', x'', 2, 1, 0, 0)",
        "INSERT INTO wallet (card_id, created_at) VALUES (1, 0)",
        "INSERT INTO status_index SELECT * FROM status_index WHERE card_id IS NOT NULL",
        "INSERT INTO status_index SELECT list_id, idx, NULL, NULL, 0, 0, NULL FROM status_index LIMIT 1",
        "INSERT INTO status_index VALUES (2, 262144, NULL, NULL, 0, 0, NULL)",
        "INSERT INTO status_index VALUES (2, -1, NULL, NULL, 0, 0, NULL)",
        (
            "INSERT INTO status_index SELECT 1, max(idx) + 1, 1, NULL, 0, 0, NULL FROM status_index "
            "WHERE list_id = 1"
        ),
    ],
)
def test_what_is_fixed_stays_fixed(statement: str, tmp_path: Path) -> None:
    """A raw statement that would rewrite history, reuse an index or double a card is refused."""
    desk = open_desk(tmp_path)
    card = desk.card()
    desk.enrol(card)
    desk.office.publish(tmp_path / "out")
    desk.permit()
    refused(desk, statement)


REPLACEMENT = (
    "INSERT INTO card SELECT 99, person_id, 'approved', '0000000000', valid_from, valid_until, seal, 2, id, "
    "0, 0 FROM card WHERE state = 'replaced'"
)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE stolen_key SET at = 0", "append only"),
        ("INSERT INTO stolen_key VALUES ('seal-2026q4', 0)", "there already|duplicate key"),
        ("INSERT INTO stolen_key VALUES ('nobody', 0)", "no |foreign key"),
        ("UPDATE card SET state = 'approved'" + NUMBERED + " WHERE state = 'applied'", "was stolen"),  # noqa: S608
        (REPLACEMENT, "was stolen"),
    ],
)
def test_a_stolen_seal_key_stays_stolen(statement: str, reason: str, tmp_path: Path) -> None:
    """Nobody takes it back, and no raw statement seals a card with it."""
    desk = open_desk(tmp_path)
    card = desk.card()
    desk.apply(1, seed=2)
    desk.office.revoke(desk.office.replace(card))
    with desk.engine.begin() as connection:  # as if the new card replaced nothing, so that another may
        connection.exec_driver_sql("DROP TRIGGER card_fixed")
        connection.exec_driver_sql("UPDATE card SET replaces_id = NULL")
    desk.office.authority.report_stolen("seal-2026q4")
    desk.permit()
    with pytest.raises(IntegrityError, match=reason), desk.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_wallets_and_offers_are_for_active_cards(tmp_path: Path) -> None:
    """Not even a raw INSERT gives a suspended card a phone."""
    desk = open_desk(tmp_path)
    card = desk.card()
    desk.office.suspend(card)
    desk.permit()
    refused(desk, "INSERT INTO wallet (card_id, created_at) VALUES (1, 0)")
    refused(desk, "INSERT INTO offer VALUES (x'00', 1, 0, 1, NULL)")


UNORDERED = {
    "a key": "INSERT INTO signing_key VALUES ('seal-2', 'seal', 'x', '{}', 0, 1, 1)",
    "a list": "INSERT INTO status_list (name, uri, kind, kid, sequence) "
    "SELECT 'x', 'https://x', kind, kid, 0 FROM status_list WHERE id = 1",
    "a template": "INSERT INTO template SELECT 99, kid, list_id, '{}' FROM template WHERE number = 1",
    "a printing key": "INSERT INTO printing_key VALUES ('printing-2', '{}', 1, NULL)",
    "a stolen printing key": "UPDATE printing_key SET stolen_at = 1",
    "a batch": "INSERT INTO print_batch SELECT x'01', order_id, bank_key_id, kid, rows, 1 "
    "FROM print_batch LIMIT 1",
    "a card that its bank gave back": "UPDATE print_row SET returned_at = 1 WHERE returned_at IS NULL",
    "an agency": "INSERT INTO agency VALUES ('x', 'X1')",
    "a token": "INSERT INTO published_list SELECT id, sequence, 'cwt', kid, x'00', 1, 2 FROM status_list "
    "WHERE id = 1",
    "a part": "INSERT INTO reissue_part VALUES (1, 7, 1, 9, x'00000000', NULL)",
    "a credential": "INSERT INTO prepared VALUES (1, 1, 1, NULL, NULL, NULL)",
}
FOUNDED = {
    "a code": "INSERT INTO code VALUES ('grades', 65534, 'ក', 'x')",
    "a purpose": "INSERT INTO purpose VALUES ('x', 1, 'ក', 'x')",
}


def test_a_row_comes_only_under_an_order_for_it(tmp_path: Path) -> None:
    """Nothing else is the matter with it; and codes and purposes come with a founding alone."""
    desk = enrolled_desk(tmp_path, 2)
    print_some(desk, tmp_path)
    asked = desk.office.officer.reissue()
    assert isinstance(asked, Waiting)
    desk.office.confirm(asked.number)
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE status_list SET sequence = sequence + 1")
    for statement in (UNORDERED | FOUNDED).values():
        unordered(desk, statement)
    desk.permit()
    for statement in UNORDERED.values():
        with desk.engine.connect() as connection:
            connection.exec_driver_sql(statement)
    for statement in FOUNDED.values():
        unordered(desk, statement)


def unordered(desk: Desk, statement: str) -> None:
    """The database says that there is no order for it."""
    with pytest.raises(IntegrityError, match="nobody has ordered this"), desk.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_a_purpose_never_changes(desk: Desk) -> None:
    """What custodians signed of one is what the register has."""
    refused(desk, "UPDATE purpose SET permitted = NOT permitted")
    refused(desk, "UPDATE purpose SET en = 'x'")


def test_a_seal_has_one_index(tmp_path: Path) -> None:
    """And an application, which has no seal, none."""
    desk = open_desk(tmp_path)
    desk.apply(2)
    desk.office.approve([1])
    desk.permit()
    statement = (
        "INSERT INTO status_index SELECT 2, min(idx) + 1, {}, NULL, 1, 0, NULL FROM status_index "
        "WHERE list_id = 2 AND idx + 1 NOT IN (SELECT idx FROM status_index WHERE list_id = 2)"
    )
    for card, reason in ((1, "uq_status_index_seal|there already"), (2, "an index belongs to")):
        with pytest.raises(IntegrityError, match=reason), desk.engine.begin() as connection:
            connection.exec_driver_sql(statement.format(card))
