"""An audit tells of every rule that does not stand in the database as it should."""

from __future__ import annotations

from pathlib import Path

import pytest
from issuer_desk import Desk, gone, open_desk

from issuer import standing_rules

CARD_STEP = "CREATE TRIGGER card_step BEFORE UPDATE OF state ON card FOR EACH ROW "
SQLITE = {
    "taken away": ("DROP TRIGGER card_step",),
    "in name only": ("DROP TRIGGER card_step", CARD_STEP + "WHEN 0 BEGIN SELECT 1; END"),
    "of another table": (
        "DROP TRIGGER card_step",
        CARD_STEP.replace("state ON card", "at ON act") + "BEGIN SELECT 1; END",
    ),
    "added": (CARD_STEP.replace("card_step", "mine") + "BEGIN SELECT RAISE(IGNORE); END",),
}
ROW = "EXECUTE FUNCTION register_refuse('illegal transition')"
ASK = "CREATE OR REPLACE FUNCTION act_card() RETURNS trigger LANGUAGE plpgsql "
POSTGRES = {
    "taken away": ("DROP TRIGGER card_step ON card",),
    "switched off": ("ALTER TABLE card DISABLE TRIGGER card_step",),
    "for replicas only": ("ALTER TABLE card ENABLE REPLICA TRIGGER card_step",),
    "without a condition": ("DROP TRIGGER card_step ON card", CARD_STEP + ROW),
    "with another condition": ("DROP TRIGGER card_step ON card", CARD_STEP + "WHEN (OLD.state = 'x') " + ROW),
    "of another table": (
        "DROP TRIGGER card_step ON card",
        CARD_STEP.replace("state ON card", "at ON act") + ROW,
    ),
    "saying something else": (
        "DROP TRIGGER card_step ON card",
        CARD_STEP + "WHEN (OLD.state = 'x') EXECUTE FUNCTION register_refuse('no')",
    ),
    "with a function that asks nothing": (ASK + "AS $$ BEGIN RETURN NULL; END $$",),
    "that looks elsewhere": ("ALTER FUNCTION act_card() SET search_path = pg_temp",),
    "with a namesake": (
        "CREATE FUNCTION card_number_is_valid(number varchar) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    ),
    "added": (CARD_STEP.replace("card_step", "mine") + ROW,),
    "around the table": ("CREATE RULE mine AS ON INSERT TO act DO INSTEAD NOTHING",),
}
NAMES = {
    "with a function that asks nothing": "act_card",
    "that looks elsewhere": "act_card",
    "with a namesake": "card_number_is_valid",
    "added": "mine",
    "around the table": "mine",
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A home with one card."""
    made = open_desk(tmp_path)
    made.card()
    return made


@pytest.mark.postgres
def test_they_stand_as_they_should(desk: Desk) -> None:
    """Nothing is told of a register that nobody touched."""
    assert desk.office.examine().problems == []


def differing(desk: Desk, statements: tuple[str, ...]) -> list[str]:
    """The names of the rules that differ after these statements, which are taken back."""
    with desk.engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
        return standing_rules.differing(connection)


@pytest.mark.parametrize("what", SQLITE)
def test_what_was_done_to_one_in_a_file(what: str, desk: Desk) -> None:
    """It is named, and no other."""
    assert differing(desk, SQLITE[what]) == [NAMES.get(what, "card_step")]
    assert differing(desk, ()) == []


@pytest.mark.postgres_only
def test_what_was_done_to_one_in_postgresql(desk: Desk) -> None:
    """It is named, and no other, whether trigger or function."""
    for what, statements in POSTGRES.items():
        assert differing(desk, statements) == [NAMES.get(what, "card_step")], what
    assert differing(desk, ()) == []


@pytest.mark.postgres
def test_they_are_told_before_all_else(desk: Desk) -> None:
    """With what was written while they were away; and no more once they are back."""
    with desk.engine.begin() as connection:
        for rule in ("card_step", "act_append_only"):
            connection.exec_driver_sql(f"DROP TRIGGER {rule}")
        connection.exec_driver_sql("UPDATE act SET at = 0")
    problems = desk.office.examine().problems
    assert problems[:2] == gone("card_step", "act_append_only")
    assert "acts_changed" in {problem.code for problem in problems[2:]}
