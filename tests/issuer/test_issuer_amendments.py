"""Amendments: what may change where, what it takes, and that a raw edit is still found."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest
from issuer_desk import Desk, gone, new_keys, open_desk, request
from issuer_program import Program
from python_calamine import CalamineWorkbook

from credential import sd_jwt_vc
from did import IdentityError, strict_json
from examples.people import rows, to_csv
from issuer.applications import ImportReport
from issuer.audit_findings import Problem
from issuer.faults import FaultKind
from issuer.lifecycle import CardState, ListKind
from revocation.status_list import Status

pytestmark = pytest.mark.postgres
PEOPLE = list(rows(3))
NUMBERS = [person["employee_id"] for person in PEOPLE]
K = FaultKind


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk with three applications."""
    made = open_desk(tmp_path)
    made.apply(3)
    return made


def send(desk: Desk, text: str, report: Path | None = None) -> ImportReport:
    """What became of a file of amendments."""
    (desk.home.parent / "amend.csv").write_text(text, "utf-8-sig")
    return desk.office.amend_file(desk.home.parent / "amend.csv", report=report)


def refused(
    desk: Desk, changes: Mapping[str, str], *, replace: bool = False, number: str = NUMBERS[0]
) -> str:
    """The code that one person's change is refused with; nothing has changed then."""
    before = desk.rows("SELECT name_km || name_la || agency FROM person ORDER BY id")
    with pytest.raises(IdentityError) as caught:
        (desk.office.amend_and_replace if replace else desk.office.amend)(number, changes)
    assert desk.rows("SELECT name_km || name_la || agency FROM person ORDER BY id") == before
    assert not any(text in str(caught.value) for text in changes.values() if text)
    return caught.value.code


def test_an_application_changes_in_everything(desk: Desk) -> None:
    """Before it is approved; the card says what stands then."""
    made = desk.office.amend(NUMBERS[0], {"name_la": "sok dara", "date_of_birth": "1980-02-03", "agency": ""})
    assert made.columns == ("name_la", "date_of_birth", "agency")
    ((_, card), *_) = desk.office.approve()
    assert desk.office.show(card).card.name_la == "SOK DARA"
    assert desk.rows("SELECT act FROM act WHERE card_id = 1")[:3] == ["apply", "amend", "approve"]
    assert desk.office.examine().problems == []


def test_a_transfer_keeps_the_card_and_reaches_the_phone_when_it_is_served_again(desk: Desk) -> None:
    """Statuses stay; what is issued next has the new values."""
    card = desk.office.approve()[0][1]
    desk.enrol(card)
    before = desk.statuses(card)
    made = desk.office.amend(NUMBERS[0], {"ministry": "3", "position": "Keeper", "agency": "Elsewhere"})
    assert (made.phone_shows_old, made.card_number) == (True, None)
    assert desk.statuses(card) == before
    answer = desk.office.issue(request(desk.office.offer(card), new_keys(), now=desk.now))
    vc = strict_json.loads(answer, max_bytes=1 << 20)["credentials"][1]["credential"]
    claims = sd_jwt_vc.read_sd_jwt_vc(vc).claims
    assert (claims["agency"], claims["ministry_en"]) == ("Elsewhere", desk.office.codes().ministries[3].en)
    assert desk.office.examine().problems == []


@pytest.mark.parametrize(
    "changes", [{"name_km": "សុខ ដារ៉ា"}, {"name_la": "SOK"}, {"date_of_birth": "1980-02-03"}]
)
def test_what_stands_on_a_card_takes_a_new_card(desk: Desk, changes: dict[str, str]) -> None:
    """In one deed: the old card and its phone end, the new one is to be printed."""
    card = desk.office.approve([1])[0][1]
    desk.enrol(card)
    assert refused(desk, changes) == "on_the_card"
    number = desk.plain.amend_and_replace(NUMBERS[0], changes).card_number
    assert number
    assert {status for kind in desk.statuses(card).values() for status in kind} == {Status.INVALID}
    assert desk.statuses(number) == {ListKind.SEAL: [Status.NOT_ACTIVE]}
    assert desk.office.show(number).card.state is CardState.APPROVED
    assert desk.office.show(number).replaces == card
    assert desk.office.examine().problems == []


@pytest.mark.parametrize("state", ["approved", "suspended", "lost", "revoked", "rejected"])
def test_a_name_by_state(desk: Desk, state: str) -> None:
    """Not printed yet: replaced all the same, for its seal is signed. Lost: amended, then replaced."""
    name = {"name_la": "SOK DARA"}
    if state == "rejected":
        from issuer.rejection_reasons import RejectionReason

        desk.office.reject([1], RejectionReason.DATA_WRONG)
        assert refused(desk, name) == "no_card"
        return
    ((_, card),) = (desk.plain if state == "approved" else desk.office).approve([1])
    acts = {"suspended": desk.office.suspend, "lost": desk.office.report_lost, "revoked": desk.office.revoke}
    if state in acts:
        acts[state](card)
    if state == "revoked":
        assert refused(desk, name) == "no_card"
        assert refused(desk, name, replace=True) == "no_card"
    elif state == "suspended":
        assert refused(desk, name) == "on_the_card"
        assert refused(desk, name, replace=True) == "wrong_state"
        desk.office.amend(NUMBERS[0], {"agency": "Elsewhere"})
    elif state == "lost":
        desk.office.amend(NUMBERS[0], name)
        assert desk.office.show(desk.office.replace(card)).card.name_la == "SOK DARA"
    else:
        assert refused(desk, name) == "on_the_card"
        assert desk.plain.amend_and_replace(NUMBERS[0], name).card_number
    assert desk.office.examine().problems == []


@pytest.mark.parametrize(
    ("changes", "number", "code"),
    [
        ({"grade": "Z.9"}, NUMBERS[0], "bad_amendment"),
        ({"name_la": ""}, NUMBERS[0], "bad_amendment"),
        ({"agency": "4111 1111 1111 1111"}, NUMBERS[0], "bad_amendment"),
        ({"agency": "X"}, "12", "bad_amendment"),
        ({"agency": "X"}, "9999999999", "unknown_employee"),
        ({"name_la": PEOPLE[0]["name_la"]}, NUMBERS[0], "nothing_changed"),
    ],
)
def test_what_is_refused_of_one_person(desk: Desk, changes: dict[str, str], number: str, code: str) -> None:
    """Without a value in the refusal."""
    assert refused(desk, changes, number=number) == code


def test_a_file_of_transfers(desk: Desk) -> None:
    """Every row is amended, unchanged or named; again it is unchanged."""
    card = desk.office.approve([1])[0][1]
    desk.enrol(card)
    desk.office.revoke(desk.office.approve([3])[0][1])
    text = (
        "employee_id,agency,name_la\n"
        f"{NUMBERS[0]},Elsewhere,\n"
        f"{NUMBERS[1]},Elsewhere,SOK DARA\n"
        f"{NUMBERS[2]},Elsewhere,\n"
        "9999999999,Elsewhere,\n"
        "12,Elsewhere,\n"
    )
    report = send(desk, text)
    assert (report.rows, report.imported, report.already_there) == (5, 2, 0)
    assert [(f.row, f.column, f.kind) for f in report.faults] == [
        (4, "employee_id", K.NO_CARD),
        (5, "employee_id", K.UNKNOWN_EMPLOYEE),
        (6, "employee_id", K.LOST_ZEROS),
    ]
    assert report.changed == {2: ["agency"], 3: ["name_la", "agency"], 4: ["agency"]}
    assert [(w.row, w.kind) for w in report.warnings] == [(2, K.PHONE_SHOWS_OLD)]
    again = send(desk, text)
    assert (again.imported, again.already_there, len(again.faults)) == (0, 2, 3)
    assert desk.rows("SELECT count(*) FROM act WHERE act = 'amend'") == [2]
    assert desk.office.examine().problems == []


def test_a_file_of_applications_is_one_of_amendments(desk: Desk) -> None:
    """What import names as changed, amend takes in; a printed name is named with what it takes."""
    desk.office.approve([2])
    first, second = (person["name_la"] for person in PEOPLE[:2])
    text = to_csv(3).replace(first, "SOK DARA").replace(second, "KEO DARA")
    (desk.home / "people.csv").write_text(text, "utf-8-sig")
    assert [f.kind for f in desk.office.import_file(desk.home / "people.csv").faults] == [K.CHANGED_DATA] * 2
    report = send(desk, text)
    assert (report.imported, report.already_there) == (1, 1)
    assert [(f.row, f.column, f.kind) for f in report.faults] == [(3, "name_la", K.ON_THE_CARD)]


def test_two_rows_of_one_person(desk: Desk) -> None:
    """Differing ones are both at fault, equal ones count once."""
    head = "employee_id,agency\n"
    report = send(desk, f"{head}{NUMBERS[0]},A\n{NUMBERS[0]},B\n{NUMBERS[1]},C\n{NUMBERS[1]},C\n")
    assert [(f.row, f.kind, f.other_row) for f in report.faults] == [
        (2, K.CONFLICT_IN_FILE, 3),
        (3, K.CONFLICT_IN_FILE, 2),
    ]
    assert (report.imported, report.repeated) == (1, [(5, 4)])


def test_who_retires_is_told_of(desk: Desk) -> None:
    """With a card, and without one yet."""
    desk.office.approve([1])
    report = send(desk, f"employee_id,employment_status\n{NUMBERS[0]},retired\n{NUMBERS[1]},retired\n")
    assert [(w.row, w.kind) for w in report.warnings] == [(2, K.RETIRED_WITH_CARD), (3, K.RETIRED)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("employee_id\n1\n", "missing_columns"),
        ("agency\nX\n", "missing_columns"),
        ("employee_id,agencyy\n1,X\n", "misspelt_column"),
        ("employee_id,agency,agency\n1,X,Y\n", "repeated_column"),
        ("employee_id,agency\n", "no_rows"),
    ],
)
def test_files_that_are_refused(desk: Desk, text: str, code: str) -> None:
    """As a whole."""
    with pytest.raises(IdentityError) as caught:
        send(desk, text)
    assert caught.value.code == code


def test_the_report_goes_back(desk: Desk, tmp_path: Path) -> None:
    """With what became of each row, and can be sent again."""
    report = tmp_path / "back.xlsx"
    send(desk, f"employee_id,agency\n{NUMBERS[0]},A\n{NUMBERS[1]},\n9999999999,B\n", report)
    rows_back = CalamineWorkbook.from_path(report).get_sheet_by_index(0).to_python()
    assert [str(row[1]).rpartition(" · ")[2] for row in rows_back[1:]] == ["amended", "unchanged", "at fault"]
    again = desk.office.amend_file(report)
    assert (again.imported, again.already_there, len(again.faults)) == (0, 2, 1)


RULES = ("person_unordered_shown", "person_unordered_update")


@pytest.mark.parametrize("column", ["name_la", "agency"])
def test_a_raw_edit_of_an_amended_person_is_found(desk: Desk, column: str) -> None:
    """To any other value, and back to the one before the amendment as well."""
    (before,) = desk.rows(f"SELECT {column} FROM person WHERE id = 1")  # noqa: S608
    desk.office.amend(NUMBERS[0], {column: "ELSEWHERE"})
    with desk.engine.begin() as connection:
        for rule in RULES:
            connection.exec_driver_sql(f"DROP TRIGGER {rule}")
    for value in ("X", before):
        with desk.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE person SET {column} = ? WHERE id = 1", (value,))  # noqa: S608
        assert desk.office.examine().problems == [*gone(*RULES), Problem("person_differs", "person", 1)]


@pytest.mark.parametrize("language", ["en", "km"])
def test_the_command(program: Program, language: str, tmp_path: Path) -> None:
    """One person, with and without a new card, and a file."""
    desk = program.desk
    told = partial(program.home, "--lang", language)
    card = desk.card()
    desk.enrol(card)
    one = ("amend", "--employee", next(rows(1))["employee_id"])
    code, out, err = told(*one, "--agency", "Elsewhere")
    assert (code, "agency" in out, bool(err)) == (0, True, True)
    code, _, err = told(*one, "--name-la", "SOK DARA")
    assert (code, err.startswith("on_the_card: "), "--replace" in err) == (1, True, True)
    code, out, _ = told(*one, "--name-la", "SOK DARA", "--replace")
    assert (code, len(out.splitlines())) == (0, 2)
    assert program.json("show", card)["state"] == "replaced"
    (tmp_path / "a.csv").write_text(f"employee_id,agency\n{one[2]},There\n9999999999,There\n")
    code, out, err = told("amend", tmp_path / "a.csv", "--report", tmp_path / "back.xlsx")
    assert (code, "[unknown_employee]" in out, "bad_rows" in err) == (1, True, True)
    assert (tmp_path / "back.xlsx").exists()
    for wrong in ((), one, (*one, "--replace"), ("amend", tmp_path / "a.csv", "--agency", "X")):
        assert told("amend", *wrong[1:])[0] == 2
