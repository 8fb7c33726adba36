"""Personal data go when their time is over, wholly, and by one way alone; all else stays."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from issuer_databases import is_postgres
from issuer_desk import Desk, open_desk
from issuer_program import Program
from register_state import apply_with_photos, fill, rows_of
from sqlalchemy.exc import IntegrityError
from test_issuer_backup import back_up, elsewhere, restored

from examples.people import to_csv
from issuer import database, erasure, register, retention, seal_keys
from issuer.applications import ImportReport
from issuer.errors import IssuerError
from issuer.guards_keeping import ERASED, ERASED_SEAL, is_erased
from issuer.lifecycle import CardState
from issuer.order_book import Waiting

__all__ = ["elsewhere"]

pytestmark = pytest.mark.postgres

TEN_YEARS = 3653
EMPTY = ", ".join(
    f"{name} = " + ("NULL" if value is None else str(value) if isinstance(value, int) else f"'{value}'")
    for name, value in ERASED.items()
)
SALTED = EMPTY.replace("salt = NULL", "salt = x'01'")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Eight people with photos, in several states: 4 was revoked, 5 got another card, 7 rejected, 8 waits."""
    made = open_desk(tmp_path)
    fill(made, tmp_path)
    return made


def everything(folder: Path) -> bytes:
    """Every byte of every file below a folder, and of its names."""
    return b"".join(
        str(path).encode() + (path.read_bytes() if path.is_file() else b"") for path in folder.rglob("*")
    )


def test_the_rule_says_when(desk: Desk) -> None:
    """Rejected after a year, ended after ten; not a day earlier, and nobody who has a card."""

    def people() -> list[int]:
        return [each.person for each in desk.office.erasable().people]

    assert people() == []
    desk.later(days=364)
    assert people() == []
    desk.later(days=2)
    assert people() == [7]
    desk.later(days=TEN_YEARS - 366 - 2)
    assert people() == [7]
    desk.later(days=3)
    assert people() == [4, 7]
    (desk.home / retention.FILE).write_text('{"version": 1, "ended_years": 11, "rejected_days": 36000}')
    assert people() == []


def test_cards_that_expire_count_from_then(desk: Desk) -> None:
    """Ten years of a card, and ten after it."""
    desk.later(days=3660)
    desk.permit()
    with database.writing(desk.engine) as session:
        register.expire(session, now=int(desk.now.timestamp()))
    assert {each.person for each in desk.office.erasable().people} == {4, 7}
    desk.later(days=3660)
    assert {each.person for each in desk.office.erasable().people} == {1, 2, 3, 4, 5, 6, 7}


def test_nothing_is_left(desk: Desk) -> None:
    """Row, seal, photo: not in the register, its file or log, nor in the folder; the rest as it was."""
    before = rows_of(desk.engine)
    gone = [row for row in before["person"] if row["id"] in (4, 7)]
    seal = next(row["seal"] for row in before["card"] if row["person_id"] == 4)
    photos = [desk.home / "photos" / f"{row['photo_sha256'].hex()}.jpg" for row in gone]
    pictures = [path.read_bytes() for path in photos]
    desk.later(days=TEN_YEARS + 1)
    planned = desk.office.erase()
    assert [each.person for each in planned.people] == [4, 7]
    after = rows_of(desk.engine)
    assert [row["id"] for row in after["person"] if is_erased(row)] == [4, 7]
    for name, rows in before.items():
        if name in ("person", "card"):
            kept = [row for row in after[name] if row.get("person_id", row["id"]) not in (4, 7)]
            assert kept == [row for row in rows if row.get("person_id", row["id"]) not in (4, 7)]
        elif name not in ("erasure", "audit", "staff_order"):
            assert after[name] == rows, name
    cards = [row for row in after["card"] if row["person_id"] in (4, 7)]
    assert [{**row, "seal": None} for row in cards] == [
        {**row, "seal": None} for row in before["card"] if row["person_id"] in (4, 7)
    ]
    assert [row["seal"] for row in cards] == [ERASED_SEAL, None]
    assert not any(path.exists() for path in photos)
    assert len(list((desk.home / "photos").glob("*.jpg"))) == 6
    if is_postgres():
        assert not any(row["name_la"] in repr(after) for row in gone)
        return
    left = everything(desk.home)
    for row in gone:
        for value in (row["name_km"], row["name_la"], row["employee_id"]):
            assert value.encode() not in left, value
        assert row["salt"] not in left
        assert row["photo_sha256"] not in left
        assert row["photo_sha256"].hex().encode() not in left
    assert seal not in left
    assert not any(picture in left for picture in pictures)
    stays = next(row for row in after["person"] if row["id"] == 1)
    assert stays["name_km"].encode() in left  # and the search finds what is there


def test_the_audit_chain_stays_whole(desk: Desk) -> None:
    """An erasure is a link, after that of who asked for it; examined, it is told and no problem."""
    desk.later(days=TEN_YEARS + 1)
    links = desk.office.examine().links
    desk.office.erase()
    result = desk.office.examine()
    assert (result.problems, result.links, result.erased) == ([], links + 2, {4, 7})
    entry = json.loads(desk.rows("SELECT entry FROM audit ORDER BY seq DESC LIMIT 1")[0])
    assert (entry["event"], entry["people"]) == ("erase", [4, 7])
    desk.office.erase()  # nothing more
    assert desk.office.examine().links == links + 2


def test_an_order_takes_nobody_but_whom_it_names(desk: Desk) -> None:
    """Who has become due before it is confirmed stays, with the photo."""
    photos = {row["id"]: row["photo_sha256"].hex() for row in rows_of(desk.engine)["person"]}
    rule = {"version": 1, "ended_years": 1, "rejected_days": 360}
    (desk.home / retention.FILE).write_text(json.dumps(rule))
    desk.later(days=362)
    asked = desk.office.officer.erase()
    assert isinstance(asked, Waiting)
    desk.later(days=10)
    assert [each.person for each in desk.office.erasable().people] == [4, 7]
    desk.office.confirm(asked.number, clock_is_right=True)
    assert desk.office.examine().erased == {7}
    left = {person for person, digest in photos.items() if (desk.home / "photos" / f"{digest}.jpg").exists()}
    assert left == photos.keys() - {7}


def test_a_silent_erasure_is_found(desk: Desk) -> None:
    """Somebody who empties a row past the program is found, and who fills one again as well."""
    with desk.raw() as connection:
        connection.exec_driver_sql("INSERT INTO erasure VALUES (4, 0)")
    with desk.engine.begin() as connection:
        for rule in ("update", "shown"):
            connection.exec_driver_sql(f"DROP TRIGGER person_unordered_{rule}")
        connection.exec_driver_sql("UPDATE card SET seal = x'00' WHERE person_id = 4")
        connection.exec_driver_sql(f"UPDATE person SET employee_id = 'erased-4', {EMPTY} WHERE id = 4")  # noqa: S608
    result = desk.office.examine()
    assert {(problem.code, problem.number) for problem in result.problems} >= {
        ("card_differs", 4),
        ("person_differs", 4),
    }
    assert result.erased == set()


REFUSED = {
    "somebody who has a card": "INSERT INTO erasure VALUES (1, 0)",
    "somebody who waits": "INSERT INTO erasure VALUES (8, 0)",
    "nobody": "INSERT INTO erasure VALUES (99, 0)",
    "twice": "INSERT INTO erasure VALUES (7, 0)",
    "a seal of a living card": "UPDATE card SET seal = x'00' WHERE id = 1",
    "a seal of an ended card": "UPDATE card SET seal = x'00' WHERE id = 4",
    "another seal": "UPDATE card SET seal = x'01' WHERE id = 4",
    "the number of an erased card": "UPDATE card SET number = NULL WHERE id = 7 OR id = 4",
    "an employee number": "UPDATE person SET employee_id = 'erased-4' WHERE id = 4",
    "a row without an erasure": f"UPDATE person SET employee_id = 'erased-4', {EMPTY} WHERE id = 4",  # noqa: S608
    "half a row": "UPDATE person SET name_km = '' WHERE id = 7",
    "another's mark": f"UPDATE person SET employee_id = 'erased-8', {EMPTY} WHERE id = 7",  # noqa: S608
    "a salt that stays": f"UPDATE person SET employee_id = 'erased-7', {SALTED} WHERE id = 7",  # noqa: S608
    "a card for them": "INSERT INTO card (person_id, state, created_at, changed_at) "
    "VALUES (7, 'applied', 0, 0)",
    "an erasure undone": "DELETE FROM erasure",
    "an erasure moved": "UPDATE erasure SET person_id = 4",
}


def test_the_database_allows_one_way_alone(desk: Desk) -> None:
    """7 is entered as erased; nobody else, and nothing but all of it."""
    desk.permit()
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO erasure VALUES (7, 0)")
    for name, statement in REFUSED.items():
        try:
            with desk.engine.begin() as connection:
                connection.exec_driver_sql(statement)
        except IntegrityError:
            continue
        pytest.fail(name)


def test_an_erased_row_never_changes_again(desk: Desk) -> None:
    """No column of it."""
    desk.later(days=TEN_YEARS + 1)
    desk.office.erase()
    for change in ("name_km = 'x'", "employee_id = '1'", "salt = x'01'", "grade = 3", "id = 99"):
        with pytest.raises(IntegrityError), desk.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE person SET {change} WHERE id = 4")  # noqa: S608


def test_the_desk_goes_on(
    desk: Desk, tmp_path: Path, elsewhere: Callable[[str], None], register_kind: str
) -> None:
    """Lists, publications, thefts, backups; and who was erased may apply again like anybody."""
    employee = rows_of(desk.engine)["person"][3]["employee_id"]
    desk.later(days=TEN_YEARS + 1)
    desk.office.erase()
    assert len(desk.office.cards()) == 9
    assert sum(map(sum, (states.values() for states in desk.office.standing().values()))) == 9
    assert desk.office.show(desk.office.cards(state=CardState.REVOKED)[0].card_number or "")
    apply_with_photos(desk, tmp_path, 3, seed=77)
    again = apply_again(desk, tmp_path, employee)
    assert again.imported == 1
    assert desk.office.examine().problems == []
    before = rows_of(desk.engine)
    file = back_up(desk, tmp_path / "backup")
    elsewhere(register_kind)
    restored(file, tmp_path / "new", desk.now)
    after = rows_of(Desk(tmp_path / "new").engine)
    assert (after["person"], after["card"], after["erasure"]) == (
        before["person"],
        before["card"],
        before["erasure"],
    )
    assert Desk(tmp_path / "new").office.examine().erased == {4, 7}


def apply_again(desk: Desk, folder: Path, employee: str) -> ImportReport:
    """An application under an employee number that was somebody's before."""
    head, row = to_csv(1, seed=123).splitlines()[:2]
    first = head.lstrip("\ufeff").split(",").index("employee_id")
    cells = row.split(",")
    cells[first] = employee
    (folder / "again.csv").write_text(f"{head}\n{','.join(cells)}\n", "utf-8")
    return desk.office.import_file(folder / "again.csv")


def test_a_stolen_seal_key(desk: Desk) -> None:
    """The list of genuine seals is made without the seals that are gone."""
    desk.office.authority.report_stolen("seal-2026q4")

    def genuine() -> bytes:
        with database.reading(desk.engine) as session:
            return seal_keys.genuine_lists(session, ["seal-2026q4"])["genuine/seal-2026q4"]

    before = genuine()
    desk.later(days=TEN_YEARS + 1)
    desk.office.erase()
    assert len(genuine()) == len(before) - 16


def test_killed_between_rows_and_photos(desk: Desk) -> None:
    """The rows are gone and their link is there; the same command again takes the files."""
    photos = {row["id"]: row["photo_sha256"].hex() for row in rows_of(desk.engine)["person"]}
    desk.later(days=TEN_YEARS + 1)
    child = os.fork()
    if child == 0:
        erasure.database.forget = lambda _: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[attr-defined]
        try:
            other = Desk(desk.home)
            other.now = desk.now
            other.office.erase()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert desk.office.examine().erased == {4, 7}
    assert (desk.home / "photos" / f"{photos[4]}.jpg").exists()
    finished = desk.office.officer.erase()  # no rows are left that two have to stand for
    assert isinstance(finished, erasure.Plan)
    assert [path.stem for path in finished.files if path.suffix] == sorted([photos[4], photos[7]])
    assert not (desk.home / "photos" / f"{photos[4]}.jpg").exists()


def test_photos_that_serve_nobody(desk: Desk, tmp_path: Path) -> None:
    """Of nobody in the register, and old; notes of what was sent; copies of before upgrades."""
    photos = desk.home / "photos"
    real = datetime.now(UTC)
    desk.now = real
    old = real.timestamp() - 91 * 86_400
    for name in (f"{'ab' * 32}.jpg", f"{'cd' * 32}.jpg", ".x.new"):
        (photos / name).write_bytes(b"a photo")
    os.utime(photos / f"{'ab' * 32}.jpg", (old, old))
    os.utime(photos / ".x.new", (old, old))
    notes = sorted((photos / "sent").iterdir())
    os.utime(notes[0], (old, old))
    expected = {photos / f"{'ab' * 32}.jpg", photos / ".x.new", notes[0]}
    if not is_postgres():
        (desk.home / "before-upgrade-0001.sqlite").write_bytes(b"a register")
        assert desk.office.erasable().copies == (desk.home / "before-upgrade-0001.sqlite",)
    assert set(desk.office.erasable().files) == expected
    assert all(path.exists() for path in expected)
    desk.office.erase()
    assert not any(path.exists() for path in expected)
    assert (photos / f"{'cd' * 32}.jpg").exists()
    assert not list(desk.home.glob("before-upgrade*"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"version": 2}',
        '{"version": 1, "ended_years": 0}',
        '{"version": 1, "ended_years": true}',
        '{"version": 1, "ended_years": 1.5}',
        '{"version": 1, "rejected_days": 99999}',
        '{"version": 1, "photo_days": "90"}',
        '{"version": 1, "years": 10}',
        '{"version": 1, "ended_years": ' + "9" * 5000 + "}",
    ],
)
def test_a_rule_that_says_nothing(text: str, tmp_path: Path) -> None:
    """Is refused, before anybody is looked at."""
    (tmp_path / retention.FILE).write_text(text)
    with pytest.raises(IssuerError) as caught:
        retention.Retention.read(tmp_path)
    assert caught.value.code == "bad_retention"


def test_by_the_program(program: Program, tmp_path: Path) -> None:
    """Shown first, and done when it is said; no name is printed."""
    desk = program.desk
    fill(desk, tmp_path)
    name = rows_of(desk.engine)["person"][3]["name_la"]
    desk.later(days=TEN_YEARS + 1)
    document = program.json("erase")
    assert ([each["person"] for each in document["people"]], document["erased"]) == ([4, 7], False)
    before = rows_of(desk.engine)
    for language in ("en", "km"):
        code, out, err = program.home("--lang", language, "erase")
        assert (code, err) == (0, "")
        assert name not in out
    assert rows_of(desk.engine) == before
    code, out, err = program.home("erase", "--yes")
    assert (code, err) == (0, "")
    assert "Erased for good" in out
    for options in ((), ("--yes",)):
        out = program.home("erase", *options)[1]
        assert ("Nobody's data are due" in out, "Erased" in out) == (True, False)
    assert "គ្មាននរណា" in program.home("--lang", "km", "erase", "--yes")[1]
    note = desk.home / "photos" / "sent" / ("0" * 64)
    note.parent.mkdir(parents=True, exist_ok=True)
    note.touch()
    os.utime(note, (0, 0))
    assert "photos: 0; notes of photos that were sent: 1" in program.home("erase")[1]
    assert program.json("erase")["people"] == []
    audited = program.json("audit")
    assert (audited["erased"], audited["problems"]) == (2, [])
