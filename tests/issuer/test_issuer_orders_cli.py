"""What people are told about orders that wait: what counts meanwhile, and what is next."""

from __future__ import annotations

import json

import pytest
from issuer_program import Program


@pytest.fixture
def card(program: Program) -> str:
    """An active card with a phone."""
    number = program.desk.card()
    program.desk.enrol(number)
    return number


def test_a_lost_card_is_suspended_while_the_report_waits(program: Program, card: str) -> None:
    """The first person is told so, in both languages; the second one ends it."""
    code, out, err = program.one("officer", "lost", "--card", card)
    assert (code, "confirm" in out) == (0, True)
    assert "is suspended" in err
    assert program.json("show", card)["state"] == "suspended"
    assert (
        "ផ្អាក"
        in program("--home", program.desk.home, "--as", "officer", "--lang", "km", "lost", "--card", card)[2]
    )
    told = json.loads(program.one("officer", "lost", "--card", card, "--json")[1])
    assert (told["waits_for"], told["state"]) == ("confirm", "suspended")
    code, out, _ = program.one("approver", "lost", "--card", card)
    assert (code, out) == (0, "lost\n")


@pytest.mark.parametrize(
    ("command", "what"), [(("revoke",), "card"), (("revoke", "--wallet"), "phone"), (("retire",), "card")]
)
def test_what_waits_still_counts(program: Program, card: str, command: tuple[str, ...], what: str) -> None:
    """And what stops it now; of a card that is suspended already nothing is said."""
    err = program.one("officer", command[0], "--card", card, *command[1:])[2]
    assert f"the {what} still counts" in err
    assert f"suspend --card {card}" in err
    assert program.home("suspend", "--card", card)[0] == 0
    assert program.one("officer", command[0], "--card", card, *command[1:])[2] == ""
