"""A re-issue on several processes, killed at any moment, in flat memory: nothing lost, nothing doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import tracemalloc
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from bulk_desk import enrolled_desk, nothing_wrong
from issuer_desk import PASSPHRASE, Desk

from issuer import reissue, reissue_part, reissue_run
from issuer.reissue_part import Timed
from issuer.signing import Keyring

pytestmark = pytest.mark.postgres
PEOPLE = 120
KILLS = int(os.environ.get("MONTREY_TEST_KILLS", "3"))
"""How often a re-issue is killed in a test; 20 in a campaign."""
SEED = int(os.environ.get("MONTREY_TEST_SEED", str(random.SystemRandom().randrange(1 << 32))))
RUN = """
import sys
from datetime import datetime
from issuer import cli, reissue
reissue.PART = 10
if __name__ == "__main__":
    moment = datetime.fromisoformat(sys.argv[1])
    sys.exit(cli.run(sys.argv[2:], clock=lambda: moment))
"""


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many parts of few people."""
    monkeypatch.setattr(reissue, "PART", 10)


def command(desk: Desk, folder: Path, workers: int) -> list[str]:
    """The program, in a process of its own, at the desk's time."""
    script = folder / "run.py"
    script.write_text(RUN)
    arguments = ["--home", str(desk.home), "--as", "approver", "reissue", "--workers", str(workers)]
    return [sys.executable, str(script), desk.now.isoformat(), *arguments]


def environment(folder: Path) -> dict[str, str]:
    """With the passphrase in a file."""
    (folder / "passphrase").write_text(PASSPHRASE)
    place = {"MONTREY_PASSPHRASE_FILE": str(folder / "passphrase"), "PYTHONPATH": str(Path.cwd())}
    return {**os.environ, **place}


def ordered(desk: Desk) -> None:
    """An officer asks for it, where none is open."""
    standing = desk.office.reissued()
    if standing is None or standing.closed_at is not None:
        desk.office.officer.reissue()


def parts_done(desk: Desk) -> int:
    """How many parts there are of all re-issues that are done."""
    return int(desk.rows("SELECT count(*) FROM reissue_part WHERE done_at IS NOT NULL")[0])


@pytest.mark.parametrize("workers", [1, 2])
def test_killed_at_random(workers: int, tmp_path: Path) -> None:
    """And each time the same command goes on; the last one ends it."""
    desk = enrolled_desk(tmp_path, PEOPLE)
    draw = random.Random(SEED + workers)
    print("MONTREY_TEST_SEED =", SEED)
    call, with_ = command(desk, tmp_path, workers), environment(tmp_path)
    for _ in range(KILLS):
        ordered(desk)
        before = parts_done(desk)
        process = subprocess.Popen(call, env=with_, start_new_session=True, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 60
        wanted = before + draw.randrange(4)  # somewhere behind the start, which takes longest
        while time.monotonic() < until and process.poll() is None and parts_done(desk) < wanted:
            time.sleep(0.002)
        time.sleep(draw.uniform(0, 0.05))
        with suppress(ProcessLookupError):  # it was quicker
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        nothing_wrong(desk)
    ordered(desk)
    subprocess.run(call, env=with_, check=True, timeout=120)
    nothing_wrong(desk)
    closed = desk.rows("SELECT count(*) FROM reissue WHERE closed_at IS NULL")
    assert closed == [0]
    made = desk.rows("SELECT count(*) FROM prepared")[0]
    assert made % PEOPLE == 0
    assert made >= PEOPLE


def test_several_processes_do_every_part_once(tmp_path: Path) -> None:
    """Two of them in one command."""
    desk = enrolled_desk(tmp_path, PEOPLE)
    report = desk.office.reissue(workers=2)
    assert (report.people, report.workers) == (PEOPLE, 2)
    assert desk.rows("SELECT count(*) FROM prepared") == [PEOPLE]
    assert desk.rows("SELECT count(DISTINCT number) FROM reissue_part WHERE done_at IS NOT NULL") == [12]
    nothing_wrong(desk)


def test_two_commands_at_once(tmp_path: Path) -> None:
    """Whoever is first with a part has it; both end well."""
    desk = enrolled_desk(tmp_path, PEOPLE)
    call, with_ = command(desk, tmp_path, 1), environment(tmp_path)
    ordered(desk)
    both = [subprocess.Popen(call, env=with_, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait(timeout=120) for process in both] == [0, 0]
    made = desk.rows("SELECT count(*) FROM prepared")[0]
    assert made in (PEOPLE, 2 * PEOPLE)  # the second may have come when the first was over
    nothing_wrong(desk)


def test_memory_is_flat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve parts take no more than three."""
    desk = enrolled_desk(tmp_path, PEOPLE)
    peaks: list[int] = []
    keep = reissue_part.keep

    def watched(*given: Any) -> None:
        keep(*given)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.reset_peak()

    monkeypatch.setattr(reissue_part, "keep", watched)
    monkeypatch.setattr(reissue_run, "_TOGETHER", 1)
    tracemalloc.start()
    try:
        desk.office.reissue(workers=1)
    finally:
        tracemalloc.stop()
    assert len(peaks) == PEOPLE / 10
    assert max(peaks[6:]) < 1.25 * max(peaks[1:6])


def test_keys_that_do_not_leave_their_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They sign in one process, whatever number was asked for."""
    desk = enrolled_desk(tmp_path, 30)
    signer = Keyring.signer
    monkeypatch.setattr(Keyring, "signer", lambda *given: Timed(signer(*given)))
    report = desk.office.reissue(workers=2)
    assert (report.people, report.workers) == (30, 1)
    nothing_wrong(desk)
