"""One register killed (kill -9) at random points of imports, re-issues, publications, again and again.

A point is a statement to the database or a file that is opened, renamed or made,
of the many that the work has; which one is drawn, so every kill is inside the
work. After each the invariants hold, and the same command finishes:

- the database is whole, every reference leads somewhere, and the audit finds nothing, also against
  what was published;
- of an import all rows came in, each once, or none yet;
- no index was drawn twice; each part of a re-issue is done as a whole or not at all, each person once;
- what is published can be taken by a gate, and is no older than what it has.

`MONTREY_TEST_KILLS` says how often (20 in a campaign), `MONTREY_TEST_SEED` which.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from bulk_desk import enrolled_desk, nothing_wrong, publication
from issuer_desk import Desk
from sqlalchemy import Engine, event
from test_issuer_kill import consistent

from examples.people import to_csv
from issuer import reissue
from trust.sync import init_home, sync

PEOPLE, NEWCOMERS = 40, 25
KILLS = int(os.environ.get("MONTREY_TEST_KILLS", "6"))
SEED = int(os.environ.get("MONTREY_TEST_SEED", str(random.SystemRandom().randrange(1 << 32))))
_FILES = frozenset({"open", "os.rename", "os.mkdir", "os.link", "os.remove", "shutil.move"})
Work = Callable[[], Callable[[], object]]
"""Opens a home, and returns what is done then: only that has points."""


def run(work: Work, *, kill_at: int = 0) -> int:
    """Runs `work` in a process that kills itself at a point; how many there were, 0 if it was killed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        count = 0

        def point(*_: object) -> None:
            nonlocal count
            count += 1
            if count == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            do = work()
            event.listen(Engine, "before_cursor_execute", point)
            sys.addaudithook(lambda name, _: point() if name in _FILES else None)
            do()
            os.write(writer, str(count).encode())
            os._exit(0)
        finally:
            os._exit(1)
    os.close(writer)
    _, status = os.waitpid(child, 0)
    told = os.read(reader, 20)
    os.close(reader)
    if os.WIFSIGNALED(status):
        return 0
    assert os.WEXITSTATUS(status) == 0
    return int(told)


class World:
    """A register at work, its publication, and a gate that follows it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.desk = enrolled_desk(folder, PEOPLE)
        self.gate = folder / "gate"
        self.gate.mkdir()
        init_home(self.gate, self.desk.office.home.root.read_bytes())
        self.files = 0
        self.version = 0

    def works(self, home: Path, kind: str) -> Work:
        """One command at a home: this one's, or a copy's."""

        def work() -> Callable[[], object]:
            desk = Desk(home)
            desk.now = self.desk.now
            officer, approver = desk.one("officer"), desk.one("approver")
            done: dict[str, Callable[[], object]] = {
                "import": lambda: officer.import_file(self.file()),
                "re-issue": lambda: approver.reissue(workers=1),
                "publication": lambda: officer.publish(home.with_name("stick")),
            }
            return done[kind]

        return work

    def file(self) -> Path:
        """The newest file of applications."""
        path = self.folder / f"people-{self.files}.csv"
        if not path.exists():
            path.write_text(to_csv(NEWCOMERS, seed=1000 + self.files), encoding="utf-8-sig")
        return path

    def prepare(self, kind: str) -> None:
        """What comes before: another file, or an officer who asks for a re-issue."""
        self.desk.later(minutes=10)
        if kind == "import":
            self.files += 1
            self.file()
        elif kind == "re-issue":
            self.desk.one("officer").reissue(workers=1)

    def points(self, kind: str) -> int:
        """How many points the work has, on a copy."""
        copy = self.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        shutil.copytree(self.desk.home, copy / "ministry")
        if publication(self.desk).exists():
            shutil.copytree(publication(self.desk), copy / "stick")
        return run(self.works(copy / "ministry", kind))

    def check(self) -> None:
        """The invariants."""
        consistent(self.desk)
        nothing_wrong(self.desk)
        pairs = self.desk.rows("SELECT list_id || '/' || idx FROM status_index")
        assert len(pairs) == len(set(pairs))
        (cards,) = self.desk.rows("SELECT count(*) FROM card")
        assert cards in {PEOPLE + NEWCOMERS * files for files in (self.files - 1, self.files)}
        sync(self.gate, publication(self.desk), now=self.desk.now)
        head = self.desk.office.published_head(self.gate)
        assert self.desk.office.examine([head]).problems == []

    def finished(self, kind: str) -> None:
        """What the command was to do is done, once."""
        if kind == "import":
            names = len(
                {line.partition(",")[0] for line in self.file().read_text("utf-8-sig").splitlines()[1:]}
            )
            assert names == NEWCOMERS
            assert self.desk.rows("SELECT count(*) FROM card") == [PEOPLE + NEWCOMERS * self.files]
        elif kind == "re-issue":
            standing = self.desk.office.reissued()
            assert standing is not None
            assert standing.closed_at is not None
            assert standing.parts == standing.parts_done == PEOPLE // 10
            made = f"SELECT count(*) FROM prepared WHERE reissue_id = {standing.number}"  # noqa: S608
            assert self.desk.rows(made) == [PEOPLE]
        else:
            (version,) = self.desk.rows("SELECT max(version) FROM publication")
            assert int(version) > self.version
            self.version = int(version)


def test_killed_again_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing lost, nothing doubled, and the same command finishes."""
    monkeypatch.setattr(reissue, "PART", 10)
    world, draw = World(tmp_path), random.Random(SEED)
    print("MONTREY_TEST_SEED =", SEED)
    for turn in range(KILLS):
        kind = ("import", "re-issue", "publication")[turn % 3]
        world.prepare(kind)
        total = world.points(kind)
        at = draw.randint(1, total)
        killed = run(world.works(world.desk.home, kind), kill_at=at) == 0
        print(f"{turn + 1}: {kind}, point {at} of {total}, {'killed' if killed else 'not killed'}")
        world.check()
        assert killed
        run(world.works(world.desk.home, kind))
        world.check()
        world.finished(kind)
