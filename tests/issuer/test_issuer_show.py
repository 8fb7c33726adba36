"""What a desk sees of an application before it signs, how it finds a card, and what was done to it."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from issuer_program import Program
from print_desk import keys_of, photograph

from examples.people import COLUMNS, rows
from issuer import bank_keys
from issuer.default_codes import DEFAULT_CODES

pytestmark = pytest.mark.postgres


@pytest.fixture
def people(program: Program, tmp_path: Path) -> list[dict[str, str]]:
    """Three applications, the first two with photographs, of two agencies."""
    made = [dict(row) for row in rows(3, seed=11)]
    made[0] |= {"name_km": "សុខ ច័ន្ទតារា", "name_la": "SOK CHANTARA", "agency": "North", "position": "15"}
    made[1] |= {"name_km": "កែវ បុប្ផា", "name_la": "KEO BOPHA", "agency": "North", "position": "Diver"}
    made[2] |= {"name_km": "ឈឹម សុវណ្ណ", "name_la": "CHHIM SOVANN", "agency": "South"}
    made[2]["employment_status"] = "retired"
    (tmp_path / "photos").mkdir()
    for at, row in enumerate(made[:2]):
        (tmp_path / "photos" / f"{row['employee_id']}.jpg").write_bytes(photograph(at))
    write(tmp_path / "with.csv", made[:2])
    write(tmp_path / "without.csv", made[2:])
    program.home("import", tmp_path / "with.csv", "--photos", tmp_path / "photos")
    program.home("import", tmp_path / "without.csv")
    return made


def write(path: Path, people: list[dict[str, str]]) -> None:
    """A file of applications."""
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS)
    table.writeheader()
    table.writerows(people)
    path.write_text(text.getvalue(), encoding="utf-8-sig")


def test_whoever_decides_sees_what_an_application_says(
    program: Program, people: list[dict[str, str]], tmp_path: Path
) -> None:
    """Everything an agency sent, in words, in both languages; the photograph as a file."""
    person = people[0]
    code, out, err = program.one("approver", "show", "--application", 1)
    assert (code, "add --as" in err) == (0, False)
    shown = dict(re.findall(r"^  (\w[\w ]+\w)  +(\S.*)$", out, re.MULTILINE))
    assert shown["employee number"] == person["employee_id"]
    assert shown["date of birth"] == person["date_of_birth"]
    assert (shown["name in Khmer"], shown["name in Latin letters"]) == (person["name_km"], person["name_la"])
    assert shown["position"] == f"{DEFAULT_CODES.positions[15].en} (15)"
    assert shown["ministry"].endswith(f"({person['ministry']})")
    assert shown["agency"] == "North"
    assert shown["photograph"].startswith("there")
    out = program("--home", program.desk.home, "--as", "officer", "--lang", "km", "show", "--application", 1)[
        1
    ]
    assert DEFAULT_CODES.positions[15].km in out
    assert person["date_of_birth"] in out

    said = json.loads(program.one("officer", "show", "--application", 1, "--json")[1])["person"]
    assert (said["employee_id"], said["position"]["code"]) == (person["employee_id"], 15)
    assert (said["photo"], said["warnings"]) == ("held", [])
    kept = tmp_path / "look" / "photo.jpg"
    assert program.one("approver", "show", "--application", 1, "--photo", kept)[0] == 0
    assert kept.read_bytes() == program.desk.office.photo(1)
    assert kept.stat().st_mode & 0o777 == 0o600
    assert program.one("approver", "show", "--application", 3, "--photo", kept)[2].startswith("no_photo: ")


def test_others_see_what_a_list_shows(program: Program, people: list[dict[str, str]], tmp_path: Path) -> None:
    """Nobody in particular, and an administrator: no birth date, no photograph, and how to see them."""
    for arguments in (("--home", program.desk.home), ("--home", program.desk.home, "--as", "admin-1")):
        code, out, err = program(*arguments, "show", "--application", 1)
        assert (code, "add --as NAME" in err) == (0, True)
        shown = program(*arguments, "show", "--application", 1, "--json")[1]
        assert people[0]["date_of_birth"] not in out + err + shown
        assert "person" not in json.loads(shown)
    photo = ("show", "--application", 1, "--photo", tmp_path / "photo.jpg")
    assert program("--home", program.desk.home, *photo)[2].startswith("no_person: ")
    assert program.one("admin-1", *photo)[2].startswith("not_their_duty: ")
    assert not (tmp_path / "photo.jpg").exists()


def test_warnings_that_hold_are_shown(program: Program, people: list[dict[str, str]], tmp_path: Path) -> None:
    """Who is retired, and who is perhaps another; until it is mended."""
    twin = {**people[0], "employee_id": "9999999999"}
    write(tmp_path / "twin.csv", [twin])
    program.home("import", tmp_path / "twin.csv")
    out = program.one("approver", "show", "--application", 4)[1]
    assert "warning: the same names and birth date as application 1 [perhaps_same_person]" in out
    said = json.loads(program.one("approver", "show", "--application", 3, "--json")[1])["person"]
    assert [warning["kind"] for warning in said["warnings"]] == ["retired"]
    assert (
        program.home("amend", "--employee", people[2]["employee_id"], "--employment-status", "active")[0] == 0
    )
    assert program.home("reject", 4, "--reason", "duplicate")[0] == 0
    for number in (1, 3):
        said = json.loads(program.one("approver", "show", "--application", number, "--json")[1])["person"]
        assert said["warnings"] == []


def test_an_approver_sees_whom_a_request_is_about(program: Program, people: list[dict[str, str]]) -> None:
    """Employee number, both names, position and agency of each, and how many have no photograph."""
    code, _, err = program.one("officer", "approve", "--all")
    assert (code, "without a photograph: 1;" in err) == (0, True)
    number = program.desk.office.waiting()[0][0].number
    code, out, err = program.home("requests", number)
    assert (code, "without a photograph: 1;" in err) == (0, True)
    for person in people:
        (line,) = [line for line in out.splitlines() if person["employee_id"] in line]
        assert all(person[name] in line for name in ("name_km", "name_la", "agency"))
    assert f"{DEFAULT_CODES.positions[15].en} (15)" in out
    assert "Diver" in out
    listed = program.json("requests", number)[0]["applications"]
    assert [card["employee_id"] for card in listed] == [person["employee_id"] for person in people]
    assert [card["has_photo"] for card in listed] == [True, True, False]


def test_a_missing_photograph_is_told_of_and_can_be_mended(
    program: Program, people: list[dict[str, str]], tmp_path: Path
) -> None:
    """At the import already; what is advised there leads to a photograph."""
    (tmp_path / "photos" / f"{people[2]['employee_id']}.jpg").write_bytes(photograph(3))
    code, _, err = program.home("reject", 3, "--reason", "photo_unfit")
    assert (code, err) == (0, "")
    told = program.home("import", tmp_path / "without.csv")
    assert told[0] == 1  # the same again is at fault
    code, out, _ = program.home("import", tmp_path / "without.csv", "--photos", tmp_path / "photos")
    assert (code, "1 imported" in out, "without a photograph" in out) == (0, True, False)
    more = list(rows(3, seed=77))
    write(tmp_path / "more.csv", more[:2])
    assert "without a photograph: 2;" in program.home("import", tmp_path / "more.csv")[1]
    write(tmp_path / "again.csv", more)
    assert program.json("import", tmp_path / "again.csv")["without_photo"] == 1


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (("--name", "chantara"), [1]),
        (("--name", "SOKCHAN"), [1]),
        (("--name", "  ច័ន្ទ\u200bតារា"), [1]),
        (("--name", "ផា"), [2]),
        (("--name", "%"), []),
        (("--name", "_"), []),
        (("--name", "SO"), [1, 3]),
        (("--agency", "A01"), [1, 2]),
        (("--agency", "A02", "--name", "sok"), []),
        (("--state", "applied", "--agency", "A02"), [3]),
    ],
    ids=str,
)
def test_a_desk_finds_people(
    arguments: tuple[str, ...], found: list[int], program: Program, people: list[dict[str, str]]
) -> None:
    """By part of a name in either script, however it is typed; by agency; by both."""
    assert [card["application"] for card in program.json("list", *arguments)] == found
    code, out, err = program.home("list", *arguments)
    assert (code, len(out.splitlines())) == (0, len(found))
    assert ("nobody was found" in err) is not bool(found)


def test_a_desk_finds_an_employee_number(program: Program, people: list[dict[str, str]]) -> None:
    """With the digits of either script; no agency is guessed."""
    number = people[1]["employee_id"]
    khmer = number.translate({ord(str(digit)): 0x17E0 + digit for digit in range(10)})
    for typed in (number, f" {number} ", khmer):
        assert [card["application"] for card in program.json("list", "--employee", typed)] == [2]
    assert program.json("list", "--employee", number[1:]) == []
    assert program.home("list", "--agency", "Z99")[2].startswith("unknown_agency: ")


def test_everything_done_to_a_card_by_whom(program: Program, people: list[dict[str, str]]) -> None:
    """From the import to the new card, each with who asked and who confirmed; and the new card's number."""
    desk = program.desk
    first = desk.plain.approve([1])[0][1]
    desk.later(hours=1)
    desk.plain.hand_over()
    desk.later(hours=1)
    assert program.home("suspend", "--card", first)[0] == 0
    assert program.one("officer", "reinstate", "--card", first)[0] == 0
    desk.later(hours=1)
    assert program.one("approver", "reinstate", "--card", first)[0] == 0
    second = program.json("replace", "--card", first)["card_number"]

    told = program.json("show", first, "--history")["history"]
    assert [(deed["act"], deed["asked_by"], deed["confirmed_by"]) for deed in told] == [
        ("apply", "officer", None),
        ("approve", "officer", "approver"),
        ("order_print", "officer", None),
        ("print", "officer", None),
        ("activate", "officer", "approver"),
        ("suspend", "officer", None),
        ("reinstate", "officer", "approver"),
        ("replace", "officer", "approver"),
    ]
    assert told[6]["asked_at"] < told[6]["at"]
    code, out, _ = program.home("show", first, "--history")
    assert (code, f"its new card: {second}" in out) == (0, True)
    assert "suspended by officer" in out
    assert "reinstated: asked by officer 2026-11-22 18:00 +07:00, confirmed by approver" in out
    code, out, _ = program.home("--lang", "km", "show", second, "--history")
    assert (code, f"ជំនួសកាត {first}" in out, "ស្នើដោយ officer" in out) == (0, True, True)
    assert [deed["act"] for deed in program.json("show", second, "--history")["history"]] == ["approve"]
    assert desk.office.examine().problems == []


def test_requests_say_what_became_of_them(program: Program, people: list[dict[str, str]]) -> None:
    """Confirmed, declined, withdrawn, lapsed, waiting: by whom and when, in a list and one by one."""
    desk = program.desk
    for number, then in ((1, "confirm"), (2, "decline"), (3, "withdraw")):
        assert program.one("officer", "approve", number)[0] == 0
        (waiting,) = json.loads(program.home("requests", "--json")[1])
        who = "officer" if then == "withdraw" else "approver"
        assert program.one(who, then, waiting["request"])[0] == 0
    assert program.one("officer", "approve", 2)[0] == 0
    desk.later(days=31)
    assert program.one("officer", "approve", 3)[0] == 0
    told = program.json("requests", "--all")
    assert [(each["outcome"], each["decided_by"]) for each in told] == [
        ("confirmed", "approver"),
        ("declined", "approver"),
        ("withdrawn", "officer"),
        ("expired", None),
        ("waiting", None),
    ]
    assert [each["outcome"] for each in program.json("requests")] == ["expired", "waiting"]
    numbers = [each["request"] for each in told]
    words = ("confirmed by approver 2026-11-22", "declined by approver", "withdrawn by officer", "lapsed")
    out = program.home("requests", "--all")[1]
    for number, word in zip(numbers, words, strict=False):
        code, one, _ = program.home("requests", number)
        assert (code, word in one, word in out) == (0, True, True)
    assert "បានបដិសេធដោយ approver" in program.home("--lang", "km", "requests", numbers[1])[1]
    alone = program.home("requests", 1)  # the first import: one person was enough
    assert (alone[0], "done at once" in alone[1]) == (0, True)
    assert program.home("requests", 999)[2].startswith("unknown_order: ")


def test_a_request_for_a_bank_has_no_escapes_in_it(program: Program, tmp_path: Path) -> None:
    """Its name, and each fingerprint on a line of its own, as it is compared."""
    keys = keys_of("ACLEDA").public
    (tmp_path / "bank.jwks").write_bytes(keys.to_jwks())
    asked = program.one("admin-1", "bank", "add", "ACLEDA", tmp_path / "bank.jwks")
    assert asked[0] == 0, asked
    for language in ("en", "km"):
        code, out, _ = program.home("--lang", language, "requests")
        assert (code, "\\n" in out, "ACLEDA" in out) == (0, False, True)
        for key in (keys.encryption, keys.signing):
            assert sum(line.endswith(bank_keys.spoken(key)) for line in out.splitlines()) == 1


@pytest.mark.usefixtures("people")
def test_an_erased_person_has_nothing_to_show(program: Program) -> None:
    """What is gone is said to be gone; what was done stays."""
    desk = program.desk
    card = desk.plain.approve([1])[0][1]
    assert program.home("revoke", "--card", card)[0] == 0
    desk.later(days=366 * 11)
    assert [each.person for each in desk.office.erase().people] == [1]
    code, out, _ = program.one("approver", "show", card, "--history")
    assert (code, "this person's data were erased" in out) == (0, True)
    assert "revoked: asked by officer" in out
    assert json.loads(program.one("approver", "show", card, "--json")[1])["person"] is None
    assert program.one("approver", "show", card, "--photo", desk.home.parent / "p")[2].startswith(
        "no_photo: "
    )
