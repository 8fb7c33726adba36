"""From approval to the hand of its holder: only then does a card count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest
from issuer_desk import Desk, open_desk
from issuer_program import Program

from credential import card_number
from did import IdentityError
from issuer import civil_days, handing_over
from issuer.handing_over import HandingFault, NotHanded
from issuer.lifecycle import CardState, ListKind
from revocation.status_list import Status

pytestmark = pytest.mark.postgres
SEAL = ListKind.SEAL


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk whose home nobody has used."""
    return open_desk(tmp_path)


def printed(desk: Desk, count: int) -> list[str]:
    """Cards that were printed and lie at the counter."""
    desk.apply(count)
    desk.plain.approve()
    return desk.plain.print_cards()


def refused(work: object, *given: object) -> str:
    """The code of a refusal."""
    assert callable(work)
    with pytest.raises(IdentityError) as caught:
        work(*given)
    return caught.value.code


def test_an_approved_card_does_not_count(desk: Desk) -> None:
    """It has its number and its seal, and nobody passes with it, has a phone for it, or hands it over."""
    desk.apply(1)
    ((_, card),) = desk.plain.approve()
    assert desk.plain.show(card).card.state is CardState.APPROVED
    assert desk.statuses(card) == {SEAL: [Status.NOT_ACTIVE]}
    assert refused(desk.plain.offer, card) == "wrong_state"
    assert refused(desk.plain.activate, [card]) == "wrong_state"
    assert desk.plain.seal(card)


def test_handing_over(desk: Desk) -> None:
    """All or none; each once."""
    first, second, third = printed(desk, 3)
    assert desk.statuses(first) == {SEAL: [Status.NOT_ACTIVE]}
    desk.office.activate([first, first])
    assert desk.statuses(first) == {SEAL: [Status.VALID]}
    assert refused(desk.office.activate, [second, first]) == "wrong_state"
    assert refused(desk.office.activate, [second, card_number.draw()]) == "unknown_card"
    assert desk.statuses(second) == {SEAL: [Status.NOT_ACTIVE]}
    desk.office.revoke(third)
    assert refused(desk.office.activate, [third]) == "wrong_state"
    desk.enrol(first)
    assert desk.office.examine().problems == []


def test_a_replaced_cards_successor_is_handed_over_in_its_turn(desk: Desk) -> None:
    """The old one has ended meanwhile, phone and all; one that is printed wrong is replaced too."""
    card = desk.card()
    desk.enrol(card)
    new = desk.plain.replace(card)
    assert {status for kind in desk.statuses(card).values() for status in kind} == {Status.INVALID}
    assert desk.statuses(new) == {SEAL: [Status.NOT_ACTIVE]}
    assert refused(desk.plain.offer, new) == "wrong_state"
    newer = desk.plain.replace(new)
    assert desk.statuses(new) == {SEAL: [Status.INVALID]}
    desk.plain.hand_over([newer])
    assert desk.statuses(newer) == {SEAL: [Status.VALID]}
    assert desk.office.examine().problems == []


def test_a_list(desk: Desk) -> None:
    """Every card that can be is active; the others are named; again nothing is new."""
    first, second, third, _ = printed(desk, 4)
    desk.office.revoke(third)
    unknown = card_number.draw()
    spaced = f"{second[:5]} {second[5:]}"
    text = f"Card;Name\n{first};X\n\n{spaced}\n{first}\n{third}\n{unknown}\n4111111111111111\n"
    rows = handing_over.read_list(text)
    report, _ = desk.office.activate_list(rows)
    assert (report.activated, report.already_active, report.repeated) == (2, 0, 1)
    faults = [
        NotHanded(6, HandingFault.WRONG_STATE, CardState.REVOKED),
        NotHanded(7, HandingFault.UNKNOWN),
        NotHanded(8, HandingFault.NO_NUMBER),
    ]
    assert report.faults == faults
    again, _ = desk.office.activate_list(rows)
    assert (again.activated, again.already_active, again.faults) == (0, 2, faults)
    assert desk.office.examine().problems == []


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("0000000000", [(1, "0000000000")]),
        ("\ufeffលេខកាត\r\n0000000000\r\n", [(2, "0000000000")]),
        ("\n\n;;0000000000\n", [(3, "0000000000")]),
        ('"0000000000",x\nno number\n', [(1, "0000000000"), (2, "no number")]),
        ("a\n" + '"' * 7 + "\n1", [(2, '"""'), (3, "1")]),
    ],
)
def test_reading_a_list(text: str, rows: Sequence[tuple[int, str]]) -> None:
    """Whatever programs write; a first line of words is a title."""
    assert handing_over.read_list(text) == rows


def test_an_empty_list() -> None:
    """Is refused."""
    assert refused(handing_over.read_list, "card\n\n") == "no_rows"


@pytest.mark.parametrize("language", ["en", "km"])
def test_the_command(program: Program, tmp_path: Path, language: str) -> None:
    """By numbers and by a list; the bad ones are named and end it with 1."""
    first, second = printed(program.desk, 2)
    told = partial(program.home, "--lang", language)
    assert told("activate")[0] == 2
    assert told("activate", "--card", first)[0] == 0
    (tmp_path / "list.csv").write_text(f"{first}\n{second}\nx1\n")
    asked = program.one("officer", "activate", tmp_path / "list.csv")
    assert (asked[0], "waits for another person" in asked[1]) == (1, True)
    code, out, err = program.one("approver", "--lang", language, "activate", tmp_path / "list.csv")
    assert (code, "[bad_card_number]" in out, "bad_rows" in err) == (1, True, True)
    assert program.desk.office.counts() == {CardState.ACTIVE: 2}
    (tmp_path / "list.csv").write_text(f"{first}\n")
    shown = program.json("activate", tmp_path / "list.csv")
    assert shown == {"activated": 0, "already_active": 1, "repeated": 0, "faults": [], "waits": None}


def test_days_are_phnom_penhs() -> None:
    """They begin at 17:00 UTC of the day before."""
    last, first = datetime(2026, 11, 24, 16, 59, 59, tzinfo=UTC), datetime(2026, 11, 24, 17, tzinfo=UTC)
    assert civil_days.day_of(last.timestamp()) == date(2026, 11, 24)
    assert civil_days.day_of(first.timestamp()) == date(2026, 11, 25)
    assert civil_days.end_of(date(2026, 11, 24)) == first
    assert civil_days.last_day(civil_days.end_of(date(2026, 11, 24))) == date(2026, 11, 24)
    assert civil_days.clock_time(first.timestamp()) == "2026-11-25 00:00 +07:00"
