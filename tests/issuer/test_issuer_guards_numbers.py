"""The register alone numbers its rows, and what a console enters is of keys and phones as they stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from issuer_desk import Desk, open_desk
from sqlalchemy.exc import DBAPIError, IntegrityError

pytestmark = pytest.mark.postgres

ROWS = {
    "act": "INSERT INTO act (id, at, act, card_id) VALUES ({id}, 0, 'suspend', 1)",
    "card": "INSERT INTO card (id, person_id, state, created_at, changed_at) "
    "VALUES ({id}, 2, 'applied', 0, 0)",
    "person": "INSERT INTO person (id, employee_id, name_km, name_la, date_of_birth, ministry, grade, "
    "agency, employment_status, created_at, position_text) SELECT {id}, '9' || employee_id, name_km, 'X', "
    "date_of_birth, ministry, grade, agency, employment_status, 0, 'x' FROM person WHERE id = 1",
    "status_list": "INSERT INTO status_list (id, name, uri, kind, kid, sequence) "
    "SELECT {id}, 'x', 'https://x', kind, kid, 0 FROM status_list WHERE id = 1",
    "wallet": "INSERT INTO wallet (id, card_id, created_at) VALUES ({id}, 3, 0)",
}
"""A row of a number of one's own, that nothing else has anything against."""

TEMPLATE = "(SELECT max(number) FROM template JOIN status_list ON id = list_id WHERE kind = '{}')"
LIST = "(SELECT max(id) FROM status_list WHERE kind = '{}')"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """1 is active and has a phone, 2 was revoked, 3 is active."""
    made = open_desk(tmp_path)
    made.apply(3)
    cards = [card for _, card in made.office.approve()]
    made.enrol(cards[0])
    made.office.revoke(cards[1])
    return made


def reason(desk: Desk, statement: str) -> str:
    """What the database says to a statement that it refuses."""
    with pytest.raises(DBAPIError) as caught, desk.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert isinstance(caught.value, IntegrityError)
    return str(caught.value)


@pytest.mark.parametrize("number", [-(2**31) + 1, -1, 0, 99, 2**31 - 1])
@pytest.mark.parametrize("table", sorted(ROWS))
def test_nobody_numbers_a_row(table: str, number: int, desk: Desk) -> None:
    """A row that had -1 would be in the way of every later one in SQLite, and the highest be the last."""
    desk.permit()
    offered = "INSERT INTO offer VALUES (x'00', 3, 0, 1, 0)"
    with desk.engine.begin() as connection:
        connection.exec_driver_sql(offered)
    assert "the register numbers its rows" in reason(desk, ROWS[table].format(id=number))
    with desk.engine.connect() as connection:  # it is the number alone
        own = ROWS[table].replace("(id, ", "(").replace("{id}, ", "")
        connection.exec_driver_sql(own)
        connection.rollback()
    desk.apply(1, seed=5)


def test_an_ended_phone_has_no_valid_index(desk: Desk) -> None:
    """Not in a re-issue either, which gives phones a second one."""
    asked = desk.office.officer.reissue()
    desk.office.confirm(asked.number)  # type: ignore[union-attr]
    index = "INSERT INTO status_index VALUES ({list}, {idx}, 1, 1, {status}, 0, 1)"
    with desk.engine.connect() as connection:
        lists = connection.exec_driver_sql("SELECT id FROM status_list WHERE kind = 'live'").scalars().all()
        used = set(
            connection.exec_driver_sql(
                "SELECT idx FROM status_index WHERE list_id = ?", (lists[-1],)
            ).scalars()
        )
        free = min(set(range(2000)) - used)
        statement = index.format(list=lists[-1], idx=free, status=0)
        connection.exec_driver_sql(statement)
        connection.rollback()
    desk.office.revoke_wallet(str(desk.office.cards()[0].card_number))
    assert "an index says what its phone says" in reason(desk, statement)
    with desk.engine.connect() as connection:
        connection.exec_driver_sql(index.format(list=lists[-1], idx=free, status=1))
        connection.rollback()


@pytest.mark.parametrize(
    ("seal", "live", "sd_jwt"),
    [("live", "NULL", "NULL"), ("NULL", "seal", "NULL"), ("NULL", "NULL", "seal"), ("seal", "live", "live")],
)
def test_a_reissue_makes_each_kind_with_its_own(seal: str, live: str, sd_jwt: str, desk: Desk) -> None:
    """Whatever order stands open."""
    desk.permit()
    chosen = [kind if kind == "NULL" else TEMPLATE.format(kind) for kind in (seal, live)]
    listed = sd_jwt if sd_jwt == "NULL" else LIST.format(sd_jwt)
    row = "INSERT INTO reissue (opened_at, seal_template, live_template, sd_jwt_list, last_wallet, people, "
    row += "left_out)"
    statement = f"{row} VALUES (0, {', '.join(chosen)}, {listed}, 1, 1, 0)"
    assert "each kind with its own" in reason(desk, statement)
    with desk.engine.connect() as connection:
        right = [TEMPLATE.format("seal"), TEMPLATE.format("live")]
        own = LIST.format("sd-jwt")
        connection.exec_driver_sql(f"{row} VALUES (0, {', '.join(right)}, {own}, 1, 1, 0)")
        connection.rollback()
