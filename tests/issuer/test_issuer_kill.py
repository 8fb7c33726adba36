"""kill -9 at any moment: a command was done or was not, and the same command again finishes the work."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from issuer_desk import CHEAP, CONFIG, ISSUER, PASSPHRASE, START, Desk, founding, new_keys, open_desk, request

from examples.people import to_csv
from issuer.foundation import found
from issuer.lifecycle import CardState
from trust import TrustSnapshot
from trust.sync import init_home, sync

PEOPLE = 1500
SEEDS = range(4)
Work = Callable[[], object]


def run_child(work: Work, *, kill_after: float | None = None) -> float:
    """Runs `work` in a process of its own, killed after so many seconds; returns how long it took."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    began = time.monotonic()
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return time.monotonic() - began


def kill_somewhere(work: Work, again: Work, seed: int) -> None:
    """Times `work` on a copy of the world (`again` makes it), then kills it at a random moment."""
    whole = run_child(work)
    again()
    run_child(work, kill_after=random.Random(seed).uniform(0.2, 1.0) * whole)


def consistent(desk: Desk) -> None:
    """What holds in every register, at every time."""
    assert desk.rows("PRAGMA integrity_check") == ["ok"]
    assert desk.rows("PRAGMA foreign_key_check") == []
    wrong = (
        "SELECT count(*) FROM card LEFT JOIN status_index i ON i.card_id = card.id AND i.wallet_id IS NULL "
        "WHERE (state = 'active') <> (i.status IS NOT NULL AND i.status = 0)"
    )
    assert desk.rows(wrong) == [0]
    assert desk.rows("SELECT count(*) FROM card WHERE id NOT IN (SELECT card_id FROM act)") == [0]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_import(seed: int, tmp_path: Path) -> None:
    """Every application of the file, or none."""
    home, file = open_desk(tmp_path).home, tmp_path / "people.csv"
    file.write_text(to_csv(PEOPLE), encoding="utf-8-sig")
    shutil.copytree(home, tmp_path / "saved")

    def again() -> None:
        shutil.rmtree(home)
        shutil.copytree(tmp_path / "saved", home)

    kill_somewhere(lambda: Desk(home).office.import_file(file), again, seed)
    desk = Desk(home)
    consistent(desk)
    assert desk.office.counts().get(CardState.APPLIED, 0) in (0, PEOPLE)
    report = desk.office.import_file(file)
    assert report.imported + report.already_there == PEOPLE
    assert desk.office.counts() == {CardState.APPLIED: PEOPLE}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_approval(seed: int, tmp_path: Path) -> None:
    """Every card with number, seal and index, or none."""
    desk = open_desk(tmp_path)
    desk.apply(PEOPLE)
    shutil.copytree(desk.home, tmp_path / "saved")

    def again() -> None:
        shutil.rmtree(desk.home)
        shutil.copytree(tmp_path / "saved", desk.home)

    def approve() -> None:
        Desk(desk.home).plain.approve()

    kill_somewhere(approve, again, seed)
    after = Desk(desk.home)
    consistent(after)
    approved = after.office.counts().get(CardState.APPROVED, 0)
    assert approved in (0, PEOPLE)
    assert len(after.plain.approve()) == PEOPLE - approved
    consistent(after)
    assert after.office.counts() == {CardState.APPROVED: PEOPLE}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_issue(seed: int, tmp_path: Path) -> None:
    """The offer is used and the wallet is there, or neither; the same request again is answered."""
    desk = open_desk(tmp_path)
    card = desk.card()
    asked = request(desk.office.offer(card), new_keys(), now=desk.now)
    shutil.copytree(desk.home, tmp_path / "saved")

    def again() -> None:
        shutil.rmtree(desk.home)
        shutil.copytree(tmp_path / "saved", desk.home)

    kill_somewhere(lambda: Desk(desk.home).office.issue(asked), again, seed)
    after = Desk(desk.home)
    consistent(after)
    wallets = after.office.show(card).wallets
    assert after.rows("SELECT closed_at IS NOT NULL FROM offer") == [wallets]
    assert after.rows("SELECT count(*) FROM status_index WHERE wallet_id IS NOT NULL") == [2 * wallets]
    after.office.issue(asked)
    assert after.office.show(card).wallets == 1
    after.enrol(card)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_publication(seed: int, tmp_path: Path) -> None:
    """A gate finds the old publication or the new one, and accepts the one that follows."""
    desk = open_desk(tmp_path)
    card = desk.card()
    out, gate = tmp_path / "out", tmp_path / "gate"
    desk.office.publish(out)
    init_home(gate, founding().home.root.read_bytes())
    sync(gate, out, now=START)
    desk.office.suspend(card)
    desk.later(hours=1)

    def publish() -> None:
        other = Desk(desk.home)
        other.now = desk.now
        other.office.publish(out)

    kill_somewhere(publish, lambda: None, seed)
    sync(gate, out, now=desk.now)
    desk.later(hours=1)
    last = desk.rows("SELECT max(version) FROM publication")[0]
    assert desk.office.publish(out).version == last + 1
    sync(gate, out, now=desk.now)
    (entry,) = desk.office.show(card).indices
    assert TrustSnapshot.load(gate).lists[f"{ISSUER}/status/seal-1"].statuses.get(entry.index) == 2
    assert len(set(desk.rows("SELECT list_id * 1000 + sequence FROM published_list"))) == len(
        desk.rows("SELECT sequence FROM published_list")
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_init(seed: int, tmp_path: Path) -> None:
    """A whole home, or none, and the same command then makes it."""

    def make() -> None:
        found(tmp_path / "home", config=CONFIG, passphrase=PASSPHRASE, now=START, cost=CHEAP)

    kill_somewhere(make, lambda: shutil.rmtree(tmp_path / "home"), seed)
    if not (tmp_path / "home").exists():
        make()
    desk = Desk(tmp_path / "home")
    desk.card()
    desk.office.publish(tmp_path / "out")
    init_home(tmp_path / "gate", desk.office.home.root.read_bytes())
    sync(tmp_path / "gate", tmp_path / "out", now=START)
