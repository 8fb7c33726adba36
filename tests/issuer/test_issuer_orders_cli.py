"""What people are told about orders that wait: what counts meanwhile, and what is next."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from issuer_desk import without_staff
from issuer_program import Program

from examples.people import rows
from issuer.bank_keys import BankKeys
from issuer.cli_staff_wording import ORDERS
from issuer.duties import Order, called


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


def test_what_is_repeated_is_not_confirmed_by_number(program: Program, card: str) -> None:
    """The one who asks is told that the other gives the same command; so are those who look."""
    employee = next(iter(rows(1, seed=1)))["employee_id"]
    command = ("amend", "--employee", employee, "--name-la", "DARA SOK", "--replace")
    out = program.one("officer", *command)[1]
    assert "this same command" in out
    assert "confirm 1" not in out
    assert "1 card)" in out
    assert "the same command" in program.home("requests")[1]
    (told,) = program.json("requests")
    assert told["waits_for"] == "same_command"
    code, out, _ = program.one("approver", *command)
    assert (code, "new card" in out) == (0, True)


def test_what_waits_in_vain_is_flagged(program: Program, card: str) -> None:
    """Cards that have changed since; thirty days; each says to decline it, and confirming is refused so."""
    assert program.one("officer", "revoke", "--card", card)[0] == 0
    (told,) = program.json("requests")
    assert told["lapsed"] is None
    assert "outdated" not in program.home("requests")[1]
    assert program.one("officer", "suspend", "--card", card)[0] == 0
    (told,) = program.json("requests")
    number = told["request"]
    assert told["lapsed"] == "order_outdated"
    out = program.home("requests")[1]
    assert f"decline {number}" in out
    assert "outdated" in out
    assert "ហួសសម័យ" in program.home("--lang", "km", "requests")[1]
    assert program.one("approver", "confirm", number)[2].startswith("order_outdated: ")
    program.desk.later(days=31)
    (told,) = program.json("requests")
    assert told["lapsed"] == "order_expired"
    assert "expired" in program.home("requests", number)[1]
    assert program.one("approver", "confirm", number)[2].startswith("order_expired: ")


def test_a_bank_that_is_confirmed_by_number(program: Program, tmp_path: Path) -> None:
    """No cards are counted where there are none, and the next step is the ministry's key."""
    (tmp_path / "bank.jwks").write_bytes(BankKeys.generate().public.to_jwks())
    out = program.one("admin-1", "bank", "add", "ACLEDA", tmp_path / "bank.jwks")[1]
    assert "(bank add)" in out
    assert "card" not in program.home("requests")[1]
    (told,) = program.json("requests")
    code, out, err = program.one("admin-2", "confirm", told["request"])
    assert code == 0
    assert "ACLEDA" in out
    assert "bank ministry --out DIR" in err


@pytest.mark.parametrize("language", ["en", "km"])
def test_a_home_from_before_staff_says_how_it_gets_some(
    language: str, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is named, or nobody; and it does get some."""
    without_staff(program.desk.home)
    home = ("--lang", language, "--home", program.desk.home)
    for person in ((), ("--as", "officer")):
        for command in (("suspend", "--card", "0000000000"), ("staff", "passphrase")):
            code, _, err = program(*home, *person, *command)
            assert (code, err.splitlines()[-1].partition(":")[0]) == (1, "no_staff"), command
            assert "staff begin" in err
    assert "staff begin" in program(*home, "staff", "list")[1]
    assert program(*home, "staff", "begin")[0] == 0
    assert "admin-2" in program(*home, "staff", "list")[1]


def test_nobody_looks_in_a_name_that_there_is_not(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistyped --as is told at once, not only when something is done."""
    assert program.one("officer", "list")[0] == 0
    for command in ("list", "requests", "audit"):
        assert program.one("nobody", command)[2].startswith("unknown_person: ")
    monkeypatch.setenv("MONTREY_AS", "nobody")
    assert program("--home", program.desk.home, "list")[2].startswith("unknown_person: ")


def test_refusals_use_the_words_that_people_type(program: Program, card: str) -> None:
    """The commands' names, not the register's; the number, the option, that was wrong."""
    assert {order: name.en for order, name in ORDERS.items()} == {order: called(order) for order in Order}
    assert program.home("lost", "--card", card)[0] == 0
    assert "does not allow: lost" in program.one("officer", "lost", "--card", card)[2]
    asked = program.one("admin-1", "staff", "end", "officer", "--json")[1]
    err = program.one("officer", "decline", json.loads(asked)["request"])[2]
    assert err.startswith("not_their_duty: to confirm or decline staff end is for")
    assert "no request of this number" in program.one("approver", "confirm", "999")[2]
    assert "of this number: 98, 99;" in program.one("officer", "approve", "98", "1", "99")[2]
    assert "of this number: 99;" in program.home("show", "--application", "99")[2]


@pytest.mark.parametrize("language", ["en", "km"])
def test_an_option_that_there_is_not_is_named(program: Program, language: str) -> None:
    """Its letters alone: what else was typed may be somebody's."""
    home = ("--lang", language, "--home", program.desk.home)
    for arguments in (("--fast", "Dara Sok"), ("--fast=Dara",), ("Dara", "--fast")):
        code, _, err = program(*home, "list", *arguments)
        assert (code, "--fast" in err, "Dara" in err) == (2, True, False)
    code, _, err = program(*home, "list", "Dara")
    assert (code, "Dara" in err) == (2, False)
