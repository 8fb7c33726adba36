"""A backup, restored: every row and file is what it was, from either database into either."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import postgres_server
import pytest
from issuer_databases import is_postgres
from issuer_desk import CHEAP, PASSPHRASE, Desk, open_desk
from print_desk import print_some
from register_state import Rows, fill, rows_of
from test_issuer_kill import run_child

from did.errors import DidError
from issuer import backup_reader, database, restore
from issuer.errors import IssuerError
from issuer.home import DATABASE_VARIABLE
from issuer.restored_register import Restored

pytestmark = pytest.mark.postgres

KINDS = ("sqlite", "postgres")


def back_up(desk: Desk, out: Path, *, passphrase: str | None = PASSPHRASE) -> Path:
    """A backup of a desk."""
    desk.office.backup(out, passphrase=passphrase, cost=CHEAP)
    return out


def restored(file: Path, home: Path, now: datetime, *, passphrase: str = PASSPHRASE) -> Restored:
    """A backup that was the last thing its register did, restored."""
    return restore.restore(file, home, passphrase=lambda: passphrase, now=now, nothing_since=True)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Says which database what is opened from now on has its register in: an empty one."""
    made: list[str] = []

    def choose(kind: str) -> None:
        monkeypatch.delenv(DATABASE_VARIABLE, raising=False)
        if kind == "postgres":
            made.append(postgres_server.new_database())
            monkeypatch.setenv(DATABASE_VARIABLE, postgres_server.url(made[-1]))

    yield choose
    for name in made:
        postgres_server.drop_database(name)


def with_server(kind: str) -> None:
    """Skips what needs a server where there is none."""
    if kind == "postgres":
        try:
            postgres_server.start()
        except postgres_server.NoServerError as error:
            pytest.skip(str(error))


def without_restoration(rows: Rows) -> Rows:
    """What a restoration adds: one link, and one row of its own."""
    return {**rows, "audit": rows["audit"][:-1], "restoration": rows["restoration"][:-1]}


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_and_file_comes_back(kind: str, tmp_path: Path, elsewhere: Callable[[str], None]) -> None:
    """Into the same database as before and into the other one; and the desk goes on."""
    with_server(kind)
    desk = open_desk(tmp_path)
    cards = fill(desk, tmp_path)
    print_some(desk, tmp_path)
    desk.office.reissue(workers=1)
    file = back_up(desk, tmp_path / "backup")
    before = rows_of(desk.engine)
    assert all(before[name] for name in before.keys() - {"erasure", "restoration", "stolen_key"})
    elsewhere(kind)
    made = restored(file, tmp_path / "new", desk.now)
    again = Desk(tmp_path / "new")
    again.now = desk.now
    after = rows_of(again.engine)
    assert len(after["restoration"]) == 1
    assert without_restoration(after) == before
    assert (made.rows, made.lost, made.closed) == (sum(map(len, before.values())), 0, False)
    kept = {"config.json", "online-key.jwk", "keys", "staff", "trust", "photos"}
    files = {
        path.relative_to(desk.home): path.read_bytes()
        for path in desk.home.rglob("*")
        if path.is_file() and path.relative_to(desk.home).parts[0] in kept
    }
    assert len(files) > 20
    assert {path: (again.home / path).read_bytes() for path in files} == files
    assert not (again.home / "offline").exists()
    assert {path.stat().st_mode & 0o077 for path in again.home.rglob("*") if path.is_file()} == {0}
    result = again.office.examine([again.office.published_head(tmp_path / "stick")])
    assert (result.problems, result.links) == ([], len(before["audit"]) + 1)
    again.apply(2, seed=5)
    assert len(again.office.approve()) == 3
    again.enrol(cards[0])
    again.office.publish(tmp_path / "stick")
    assert again.office.examine().problems == []


def test_two_backups_and_a_restoration_of_a_restoration(
    tmp_path: Path, elsewhere: Callable[[str], None], register_kind: str
) -> None:
    """What was restored is backed up like any other."""
    desk = open_desk(tmp_path)
    fill(desk, tmp_path)
    back_up(desk, tmp_path / "first")
    elsewhere(register_kind)
    restored(tmp_path / "first", tmp_path / "b", desk.now)
    second = Desk(tmp_path / "b")
    before = rows_of(second.engine)
    back_up(second, tmp_path / "third")
    elsewhere(register_kind)
    restored(tmp_path / "third", tmp_path / "c", desk.now)
    after = without_restoration(rows_of(Desk(tmp_path / "c").engine))
    taken = {name: after[name][:-1] for name in ("audit", "staff_order")}  # the backup is one more of both
    assert {**after, **taken} == before


def test_a_backup_while_others_write(
    tmp_path: Path, elsewhere: Callable[[str], None], register_kind: str
) -> None:
    """Each backup is one moment of the register, and nobody waits for it to end."""
    desk = open_desk(tmp_path)
    desk.apply(400)
    stop = threading.Event()
    written: list[int] = []

    def write() -> None:
        other = Desk(desk.home)
        for seed in range(100, 160):
            if stop.is_set():
                return
            other.apply(3, seed=seed)
            other.office.approve()
            written.append(seed)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            back_up(Desk(desk.home), tmp_path / f"backup-{number}")
    finally:
        stop.set()
        writer.join()
    assert written
    for number in range(3):
        elsewhere(register_kind)
        home = tmp_path / f"new-{number}"
        restored(tmp_path / f"backup-{number}", home, desk.now)
        again = Desk(home)
        assert again.office.examine().problems == []
        states = again.office.counts()
        assert (sum(states.values()) - 400) % 3 == 0


def test_strangers_files_stay_outside(
    tmp_path: Path, elsewhere: Callable[[str], None], register_kind: str
) -> None:
    """What a killed command or a person left in the home: no backup has it, and each is restored."""
    desk = open_desk(tmp_path)
    (desk.home / "photos" / "sent").mkdir(parents=True)
    left = ("trust/.trust-list.json.new", "keys/.DS_Store", "keys/old key.json", "photos/me.jpg", "notes.txt")
    for name in (*left, "photos/sent/Thumbs.db", "photos/.x.1.new"):
        (desk.home / name).write_bytes(b"left")
    (desk.home / "trust" / "folder").mkdir()
    (desk.home / "retention.json").write_text('{"version": 1, "ended_years": 12}')
    file = back_up(desk, tmp_path / "backup")
    elsewhere(register_kind)
    restored(file, tmp_path / "new", desk.now)
    assert b"left" not in {path.read_bytes() for path in (tmp_path / "new").rglob("*") if path.is_file()}
    assert (tmp_path / "new" / "retention.json").exists()


def test_nothing_can_be_read_in_it(tmp_path: Path) -> None:
    """Sealed: no name, no number, no key file's text; and only its passphrase opens it."""
    desk = open_desk(tmp_path)
    desk.apply(3)
    name = desk.rows("SELECT name_la FROM person")[0]
    data = back_up(desk, tmp_path / "sealed").read_bytes()
    assert name.encode() not in data
    assert (tmp_path / "sealed").stat().st_mode & 0o777 == 0o600
    assert name.encode() in back_up(desk, tmp_path / "open", passphrase=None).read_bytes()
    with pytest.raises(DidError) as caught:
        restored(tmp_path / "sealed", tmp_path / "new", desk.now, passphrase="another passphrase")
    assert caught.value.code == "wrong_passphrase"
    assert not (tmp_path / "new").exists()


def test_a_place_that_is_not_empty(
    tmp_path: Path, elsewhere: Callable[[str], None], register_kind: str
) -> None:
    """Neither a home nor a database is written over."""
    desk = open_desk(tmp_path)
    file = back_up(desk, tmp_path / "backup")
    before = rows_of(desk.engine)
    with pytest.raises(IssuerError) as caught:
        restored(file, desk.home, desk.now)
    assert caught.value.code == "home_exists"
    if not is_postgres():
        os.environ[DATABASE_VARIABLE] = f"sqlite:///{desk.home / 'register.sqlite'}"
    try:
        with pytest.raises(IssuerError) as caught:
            restored(file, tmp_path / "new", desk.now)
    finally:
        if not is_postgres():
            del os.environ[DATABASE_VARIABLE]
    assert caught.value.code == "register_exists"
    assert not (tmp_path / "new").exists()
    assert rows_of(desk.engine) == before


@pytest.mark.parametrize("seed", range(3))
def test_killed_while_backing_up(seed: int, tmp_path: Path) -> None:
    """The file is there, whole, or it is not, and then the same command again makes it."""
    desk = open_desk(tmp_path)
    desk.apply(300)
    whole = run_child(lambda: back_up(Desk(desk.home), tmp_path / "other"))
    print("seed", seed)
    run_child(lambda: back_up(Desk(desk.home), tmp_path / "backup"), kill_after=whole * (seed + 1) / 4)
    if not (tmp_path / "backup").exists():
        back_up(desk, tmp_path / "backup")
    with (tmp_path / "backup").open("rb") as file:
        for _, body in backup_reader.checked(backup_reader.open_stream(file, lambda: PASSPHRASE)):
            list(body)
    assert not list(tmp_path.glob(".*.new"))


@pytest.mark.parametrize("seed", range(6))
def test_killed_while_restoring(
    seed: int, tmp_path: Path, elsewhere: Callable[[str], None], register_kind: str
) -> None:
    """The same command again restores the same, wherever it was killed."""
    desk = open_desk(tmp_path)
    desk.apply(300)
    desk.office.approve()
    file = back_up(desk, tmp_path / "backup")
    before = rows_of(desk.engine)
    elsewhere(register_kind)
    whole = run_child(lambda: restored(file, tmp_path / "timed", desk.now))
    elsewhere(register_kind)
    print("seed", seed)
    run_child(lambda: restored(file, tmp_path / "new", desk.now), kill_after=whole * (0.4 + 0.1 * seed))
    if not (tmp_path / "new").exists():
        restored(file, tmp_path / "new", desk.now)
    assert without_restoration(rows_of(Desk(tmp_path / "new").engine)) == before
    assert {path.name for path in tmp_path.glob(".*")} == set()


def test_killed_between_register_and_home(
    tmp_path: Path, elsewhere: Callable[[str], None], register_kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The register is kept first; the command again knows it and makes the home."""
    desk = open_desk(tmp_path)
    desk.apply(20)
    file = back_up(desk, tmp_path / "backup")
    before = rows_of(desk.engine)
    elsewhere(register_kind)
    if register_kind == "sqlite":
        monkeypatch.setenv(DATABASE_VARIABLE, f"sqlite:///{tmp_path / 'elsewhere.sqlite'}")

    def work() -> None:
        Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[method-assign,assignment]
        restored(file, tmp_path / "new", desk.now)

    _killed(work)
    assert not (tmp_path / "new").exists()
    made = restored(file, tmp_path / "new", desk.now)
    assert made.rows == sum(map(len, before.values()))
    assert without_restoration(rows_of(Desk(tmp_path / "new").engine)) == before


def _killed(work: Callable[[], object]) -> None:
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)


@pytest.mark.parametrize("what", ["backup", "restore"])
def test_a_full_disk(what: str, tmp_path: Path) -> None:
    """A refusal with its code, and nothing is left that looks like one."""
    desk = open_desk(tmp_path)
    desk.apply(300)
    file = back_up(desk, tmp_path / "backup")
    size = file.stat().st_size

    def attempt() -> None:
        if what == "backup":
            back_up(Desk(desk.home), tmp_path / "second")
        else:
            os.environ.pop(DATABASE_VARIABLE, None)
            restored(file, tmp_path / "new", desk.now)

    def work() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, size // 2))
        with pytest.raises(IssuerError) as caught:
            attempt()
        assert caught.value.code in ("unwritable_file", "register_unusable")

    run_child(work)
    assert not (tmp_path / "second").exists()
    assert not (tmp_path / "new").exists()
    assert not list(tmp_path.glob(".*"))


def test_the_version_is_the_programs_own(tmp_path: Path) -> None:
    """A later version's backup is refused by name."""
    desk = open_desk(tmp_path)
    file = tmp_path / "backup"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "HEAD", "9998")
        back_up(desk, file)
    with pytest.raises(IssuerError) as caught:
        restored(file, tmp_path / "new", desk.now)
    assert caught.value.code == "newer_backup"
    file.write_bytes(file.read_bytes().replace(b"montrey-backup 1", b"montrey-backup 2", 1))
    with pytest.raises(IssuerError) as caught:
        restored(file, tmp_path / "new", desk.now)
    assert caught.value.code == "newer_backup"


def test_by_the_program(tmp_path: Path) -> None:
    """Started as people start it, without a terminal."""
    desk = open_desk(tmp_path)
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    environment = {**os.environ, "MONTREY_PASSPHRASE_FILE": str(tmp_path / "passphrase")}

    def program(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "issuer", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)

    done = program("--home", desk.home, "backup", tmp_path / "backup", "--unencrypted")
    assert done.returncode == 0, done.stderr
    assert "not encrypted" in done.stderr
    environment.pop(DATABASE_VARIABLE, None)
    done = program("--home", tmp_path / "new", "restore", tmp_path / "backup")
    assert done.returncode == 0, done.stderr
    done = program("--home", tmp_path / "new", "audit", "--json")
    assert done.returncode == 0, done.stderr
