"""Rejections, and the applications that wait until somebody has looked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest
from issuer_desk import Desk, gone, open_desk
from issuer_program import Program

from did import IdentityError
from examples.people import rows, to_csv
from issuer.audit_findings import Problem
from issuer.doubts import Doubt
from issuer.faults import FaultKind
from issuer.lifecycle import CardState
from issuer.rejection_reasons import MENDABLE, REASONS, RejectionReason

pytestmark = pytest.mark.postgres
R = RejectionReason
PEOPLE = list(rows(3))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk with three applications."""
    made = open_desk(tmp_path)
    made.apply(3)
    return made


def send(desk: Desk, text: str, *, rejected_too: bool = False) -> tuple[int, int, list[FaultKind]]:
    """What became of a file's rows."""
    (desk.home / "file.csv").write_text(text, "utf-8-sig")
    made = desk.office.import_file(desk.home / "file.csv", rejected_too=rejected_too)
    return made.imported, made.already_there, [fault.kind for fault in made.faults]


def twin(of: Mapping[str, str], number: str) -> str:
    """A file with somebody of the same names and birth date under another employee number."""
    person = {**of, "employee_id": number}
    return to_csv(0) + ",".join(person.values()) + "\n"


def test_all_or_none_are_rejected(desk: Desk) -> None:
    """And each has its reason and note."""
    assert desk.office.reject([1, 3], R.PHOTO_UNFIT, note="no  face ") == 2
    assert desk.office.counts() == {CardState.APPLIED: 1, CardState.REJECTED: 2}
    for applications, code in (([1, 2], "wrong_state"), ([2, 99], "unknown_application")):
        with pytest.raises(IdentityError) as caught:
            desk.office.reject(applications, R.OTHER)
        assert caught.value.code == code
    shown = desk.office.show_application(3)
    assert (shown.card.reason, shown.note) == (R.PHOTO_UNFIT, "no face")
    assert desk.office.show_application(2).card.reason is None
    assert desk.office.rejected() == {R.PHOTO_UNFIT: 2}
    assert [number for number, _ in desk.office.approve()] == [2]
    assert desk.office.examine().problems == []


@pytest.mark.parametrize("note", ["x" * 81, "card 4111 1111 1111 1111", "a\u202eb"])
def test_a_note_that_is_not_kept(desk: Desk, note: str) -> None:
    """Too long, a bank card's number, a character that nobody sees; and it is not repeated."""
    with pytest.raises(IdentityError) as caught:
        desk.office.reject([1], R.OTHER, note=note)
    assert caught.value.code == "bad_note"
    assert note not in str(caught.value)
    assert desk.office.counts() == {CardState.APPLIED: 3}


@pytest.mark.parametrize("reason", list(R))
def test_who_was_rejected_applies_again_with_other_data(desk: Desk, reason: R) -> None:
    """The same data are none, unless somebody says so; a birth date may be mended where there was no card."""
    desk.office.reject([1], reason)
    assert send(desk, to_csv(3)) == (0, 2, [FaultKind.REJECTED_BEFORE])
    born = PEOPLE[0]["date_of_birth"]
    mended = to_csv(3).replace(born, "1979-03-04")
    assert send(desk, mended) == (1, 2, [])
    assert (4 in desk.office.doubtful()) is (reason not in MENDABLE)
    desk.office.reject([4], reason)
    assert send(desk, mended, rejected_too=True) == (1, 2, [])
    assert desk.office.examine().problems == []


def test_perhaps_the_same_person_waits(desk: Desk) -> None:
    """Both of them, until one is named or rejected as the other's duplicate."""
    assert send(desk, twin(PEOPLE[0], "0000000099"))[0] == 1
    found = desk.office.doubtful()
    assert {number: one.others for number, one in found.items()} == {1: [4], 4: [1]}
    assert all(one.doubts == {Doubt.PERHAPS_SAME_PERSON} for one in found.values())
    assert [number for number, _ in desk.office.approve()] == [2, 3]
    desk.office.reject([4], R.DUPLICATE)
    assert desk.office.doubtful() == {}
    assert [number for number, _ in desk.office.approve()] == [1]


def test_a_twin_of_who_has_a_card(desk: Desk) -> None:
    """Also after the first card was made, and when spaces differ."""
    desk.office.approve()
    family, given = PEOPLE[0]["name_la"].split(" ", 1)
    spaced = f"{family} {given.replace(' ', '')}" if " " in given else f"{family} {given[:3]} {given[3:]}"
    text = twin({**PEOPLE[0], "name_la": spaced}, "0000000099")
    assert send(desk, text)[0] == 1
    assert desk.office.doubtful()[4].others == [1]
    assert desk.office.approve() == []
    assert [number for number, _ in desk.office.approve([4])] == [4]


def test_a_changed_reason_is_found(desk: Desk) -> None:
    """By the digest in the act, whatever the triggers."""
    desk.office.reject([1], R.OTHER, note="seen")
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER rejection_append_only")
        connection.exec_driver_sql("UPDATE rejection SET reason = 'duplicate'")
    assert desk.office.examine().problems == [
        *gone("rejection_append_only"),
        Problem("rejection_differs", "card", 1),
    ]


def test_every_reason_has_words() -> None:
    """In both languages."""
    assert set(REASONS) == set(R)
    assert all(name.en.isascii() and not name.km.isascii() for name in REASONS.values())


@pytest.mark.parametrize("language", ["en", "km"])
def test_the_commands(program: Program, language: str) -> None:
    """`reject`, and where it is shown: list, show, standing; the report of who sends the same again."""
    program.desk.apply(2)
    told = partial(program.home, "--lang", language)
    assert told("reject", "1", "--reason", "nonsense")[0] == 2
    assert told("reject", "1", "--reason", "data_wrong", "--note", "see letter 7")[0] == 0
    words = REASONS[R.DATA_WRONG].en if language == "en" else REASONS[R.DATA_WRONG].km
    assert words in told("list")[1]
    assert words in told("standing")[1]
    shown = told("show", "--application", "1")[1]
    assert words in shown
    assert "see letter 7" in shown
    assert told("show")[0] == 2
    code, out, _ = told("import", program.desk.home / "people.csv")
    assert (code, "[rejected_before]" in out, words in out) == (1, True, True)
    assert program.json("list", "--state", "rejected")[0]["reason"] == "data_wrong"
    assert program.json("standing")["rejected"] == {"data_wrong": 1}


def test_the_command_list_doubtful(program: Program) -> None:
    """Names who waits and whom they resemble; `approve --all` counts them."""
    program.desk.apply(1)
    send(program.desk, twin(next(rows(1)), "0000000099"))
    assert "as application 2" in program.home("list", "--doubtful")[1]
    (first, _) = program.json("list", "--doubtful")
    assert (first["doubts"], first["others"]) == (["perhaps_same_person"], [2])
    _, _, err = program.home("approve", "--all")
    assert "not approved: 2" in err
    assert "perhaps the same person" in err
