"""Upgrading a register of every version there was: every row is what it was, and what is added is named."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import postgres_server
import pytest
from alembic import command
from issuer_desk import CHEAP, PASSPHRASE, open_desk
from issuer_program import Program
from register_state import Rows, content_hash, rows_of
from sqlalchemy import Engine
from test_issuer_kill import run_child
from test_issuer_postgres_schema import FIRST

from issuer import audit, audit_findings, contents, database, database_sqlite, register_load
from issuer.errors import IssuerError
from issuer.migrations import audit_0006, run

FILES = {path.stem: path for path in sorted(Path(__file__).with_name("old_registers").glob("*.sql"))}
OLDEST, NEWEST = "0001", "0015"
ALONE = {"0009", "0010", "0012", "0013"}
"""Versions that no register stopped at: they came together with the next."""
NEW_TABLES = {
    "stolen_key": "0002",
    "published_key": "0003",
    "written_publication": "0005",
    "audit": "0006",
    "rejection": "0009",
    **dict.fromkeys(
        ("agency", "bank_key", "print_batch", "print_order", "print_report", "print_row", "printing_key"),
        "0010",
    ),
    "erasure": "0012",
    "restoration": "0012",
    "staff": "0013",
    "staff_order": "0013",
    **dict.fromkeys(("reissue", "reissue_part", "prepared"), "0014"),
}
"""Tables that an upgrade adds, and the version they came with."""
NEW_COLUMNS = {
    ("person", "salt"): "0006",
    ("act", "content"): "0006",
    ("holder_key", "public_key"): "0014",
    ("status_index", "reissue_id"): "0014",
}
PEOPLE = 8


def old_register(version: str, place: Path) -> Path:
    """A register of that version, as its file has it."""
    connection = sqlite3.connect(place)
    connection.executescript(FILES[version].read_text("utf-8"))
    connection.close()
    return place


def check(before: Rows, after: Rows, version: str) -> None:
    """Table by table: rows and content hashes as before, and beside them what the migrations add alone."""
    assert after.keys() - before.keys() == {name for name, since in NEW_TABLES.items() if since > version}
    for name, rows in before.items():
        columns = {column for row in rows for column in row}
        added = {
            column for (table, column), since in NEW_COLUMNS.items() if table == name and since > version
        }
        kept = [{key: row[key] for key in columns} for row in after[name][: len(rows)]]
        assert content_hash(kept) == content_hash(rows), name
        assert kept == rows, name
        assert {key for row in after[name] for key in row} - columns == (added if rows else set()), name
        if name == "act" and version < "0006":
            assert [row["act"] for row in after[name][len(rows) :]] == ["record"] * PEOPLE
        else:
            assert len(after[name]) == len(rows), name
    for name in after.keys() - before.keys():
        agencies = len({row["agency"] for row in before["person"]} - {""})
        expected = {"written_publication": len(before["publication"]), "audit": 1, "agency": agencies}.get(
            name, 0
        )
        assert len(after[name]) == expected, name
    if version < "0006":
        assert all(row["salt"] for row in after["person"])


def test_every_version_there_was_has_its_file() -> None:
    """A migration comes with the register of the version before it; `make_old_registers` says how."""
    versions = sorted(path.name[1:5] for path in (Path(run.__file__).parent / "versions").glob("v*.py"))
    assert versions[-1] == database.HEAD
    assert list(FILES) == [version for version in versions[:-1] if version not in ALONE]


@pytest.mark.parametrize("version", FILES)
def test_rows_survive(version: str, tmp_path: Path) -> None:
    """From each version to the newest; the copy of before is the register as it was."""
    file = old_register(version, tmp_path / "register.sqlite")
    engine = database.connect(database.file_url(file))
    before = rows_of(engine)
    assert all(before[name] for name in before.keys() - {"stolen_key", "restoration"})
    copy = database.upgrade(engine)
    check(before, rows_of(engine), version)
    assert copy == tmp_path / f"before-upgrade-{version}.sqlite"
    assert copy.stat().st_mode & 0o777 == 0o600
    assert rows_of(database.connect(database.file_url(copy))) == before
    with database.reading(engine) as session:
        result = audit.examine(session)
    assert (result.problems, result.acts > 20) == ([], True)
    assert database.upgrade(engine) is None


@pytest.fixture
def empty(register_kind: str) -> Iterator[Engine]:
    """An empty PostgreSQL database."""
    name = postgres_server.new_database()
    yield database.connect(postgres_server.url(name))
    postgres_server.drop_database(name)


@pytest.mark.postgres_only
@pytest.mark.parametrize("version", [version for version in FILES if version >= run.FIRST_OF_POSTGRES])
def test_rows_survive_in_postgres(version: str, empty: Engine, tmp_path: Path) -> None:
    """The same rows, in the shape that PostgreSQL registers of that version have."""
    rows = rows_of(database.connect(database.file_url(old_register(version, tmp_path / "old"))))
    with empty.begin() as connection:
        connection.exec_driver_sql(FIRST.read_text("utf-8"), execution_options={"no_parameters": True})
    with empty.begin() as connection:
        command.upgrade(run.config(connection), version)
        with register_load.rules_of_birth_resting(connection):
            for name, table in register_load.tables_of(connection).items():
                names = table.columns.keys()
                register_load.load(connection, table, ([row[each] for each in names] for row in rows[name]))
        register_load.continue_numbers(connection, register_load.tables_of(connection).values())
    before = rows_of(empty)
    assert before == rows
    assert database.upgrade(empty) is None
    check(before, rows_of(empty), version)
    with database.reading(empty) as session:
        assert audit.examine(session).problems == []


@pytest.mark.parametrize("version", [OLDEST, "0005", NEWEST])
@pytest.mark.parametrize("seed", range(2))
def test_killed_while_upgrading(version: str, seed: int, tmp_path: Path) -> None:
    """The old register, whole, or the new one; the same command goes on."""
    file = old_register(version, tmp_path / "register.sqlite")
    engine = database.connect(database.file_url(file))
    before = rows_of(engine)
    shutil.copytree(tmp_path, tmp_path / "timed", ignore=shutil.ignore_patterns("timed"))

    def upgrade(place: Path) -> None:
        database.upgrade(database.connect(database.file_url(place)))

    whole = run_child(lambda: upgrade(tmp_path / "timed/register.sqlite"))
    moment = random.Random(f"{version}{seed}").uniform(0.2, 1.0)
    print("seed", seed, "killed at", moment)
    run_child(lambda: upgrade(file), kill_after=moment * whole)
    rows = rows_of(engine)
    if rows.keys() == before.keys():
        assert rows == before
    database.upgrade(engine)
    check(before, rows_of(engine), version)
    assert {path.name for path in tmp_path.glob(".*")} == set()


def test_killed_in_the_middle_of_a_migration(tmp_path: Path) -> None:
    """Half of the statements done: the register is as old as it was, for the old program as well."""
    file = old_register("0003", tmp_path / "register.sqlite")
    engine = database.connect(database.file_url(file))
    before = rows_of(engine)
    child = os.fork()
    if child == 0:
        try:
            made = database.connect(database.file_url(file))
            with made.begin() as connection:
                command.upgrade(run.config(connection), "0006")
                (tmp_path / "half").touch()
                time.sleep(60)
        finally:
            os._exit(1)
    while not (tmp_path / "half").exists():
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert rows_of(engine) == before
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one() == "0003"
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    database.upgrade(engine)
    check(before, rows_of(engine), "0003")


def test_no_place_for_the_copy(tmp_path: Path) -> None:
    """Then nothing is upgraded, and the refusal says what to do."""
    file = old_register(NEWEST, tmp_path / "register.sqlite")
    engine = database.connect(database.file_url(file))
    before = rows_of(engine)
    (tmp_path / f".before-upgrade-{NEWEST}.sqlite.new").mkdir()  # stands where the copy would be made
    with pytest.raises(IssuerError) as caught:
        database.upgrade(engine)
    assert caught.value.code == "unwritable_file"
    assert "not upgraded" in str(caught.value)
    assert rows_of(engine) == before


def test_a_full_disk(tmp_path: Path) -> None:
    """A copy that has no room is not left half made."""
    file = old_register(NEWEST, tmp_path / "register.sqlite")
    engine = database.connect(database.file_url(file))
    before = rows_of(engine)

    def upgrade() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, 1 << 16))
        with pytest.raises(IssuerError) as caught:
            database.upgrade(engine)
        assert caught.value.code == "unwritable_file"

    run_child(upgrade)
    assert {path.name for path in tmp_path.iterdir()} <= {
        f"register.sqlite{end}" for end in ("", "-shm", "-wal")
    }
    assert rows_of(engine) == before
    database.upgrade(engine)
    check(before, rows_of(engine), NEWEST)


def test_the_program_says_where_the_copy_is(program: Program) -> None:
    """Beside whatever the command prints."""
    register = program.desk.home / "register.sqlite"
    for path in program.desk.home.glob("register.sqlite*"):
        path.unlink()
    old_register("0006", register)
    code, out, err = program.home("list", "--count", "--json")
    assert (code, out[:1]) == (0, "{")
    assert "before-upgrade-0006.sqlite" in err
    code, _, err = program.home("list", "--count")
    assert (code, err) == (0, "")
    code, _, err = program.home("--lang", "km", "audit")
    assert (code, err) == (0, "")


def test_migration_0006_computes_what_is_examined_now(tmp_path: Path) -> None:
    """Its own copy of the digests, which never changes, agrees with ours."""
    desk = open_desk(tmp_path)
    desk.apply(5)
    for row in rows_of(desk.engine)["person"]:
        assert audit_0006.of_person(row, b"salt") == contents.of_person(row, b"salt")


def test_a_backup_of_an_older_version(tmp_path: Path) -> None:
    """Is restored by way of that version, and upgraded as a register is."""
    from issuer import backup, restore

    file = old_register(NEWEST, tmp_path / "register.sqlite")
    engine = database.connect(database.file_url(file))
    before = rows_of(engine)
    desk = open_desk(tmp_path)
    with pytest.MonkeyPatch.context() as patch, engine.connect() as connection:
        tables = register_load.tables_of(connection)
        patch.setattr(database, "HEAD", NEWEST)
        patch.setattr(backup, "tables", lambda: list(tables.values()))
        patch.setattr(audit, "examine", lambda _: audit_findings.Examination())
        backup.make(desk.office.home, engine, tmp_path / "backup", passphrase=PASSPHRASE, cost=CHEAP, now=0)
    restore.restore(
        tmp_path / "backup", tmp_path / "new", passphrase=lambda: PASSPHRASE, now=desk.now, nothing_since=True
    )
    after = rows_of(database.connect(database.file_url(tmp_path / "new" / "register.sqlite")))
    check(before, {**after, "audit": after["audit"][:-1], "restoration": []}, NEWEST)
    assert [path.name for path in (tmp_path / "new").glob("*.sqlite")] == ["register.sqlite"]


def test_the_copy_is_of_the_log_as_well(tmp_path: Path) -> None:
    """What was written last stands in SQLite's log, and not in its file yet."""
    desk = open_desk(tmp_path)
    reader = sqlite3.connect(desk.home / "register.sqlite")  # keeps the log
    reader.execute("SELECT count(*) FROM card").fetchone()
    desk.apply(4)
    copy = database_sqlite.copy(desk.home / "register.sqlite", "x")
    reader.close()
    assert rows_of(database.connect(database.file_url(copy))) == rows_of(desk.engine)
