"""Print orders that are killed, or made twice at once: no card is lost, and none is in two batches."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path

import pytest
from issuer_databases import is_postgres
from issuer_desk import Desk, open_desk
from print_desk import NAMES, add_banks, all_printed, approved, open_at_bank, order, report
from test_issuer_kill import kill_somewhere, run_child

from issuer.home import DATABASE_VARIABLE
from issuer.lifecycle import CardState

CARDS = 60
SEEDS = range(4)


def in_batches(desk: Desk, outs: list[Path], folder: Path) -> Counter[str]:
    """How often each card stands in a batch that the register knows and its bank opens."""
    found: Counter[str] = Counter()
    known = {view.number: view for view in desk.office.printing.orders()}
    for file in (file for out in outs for file in out.iterdir()):
        view = known.pop(file.stem)
        batch = open_at_bank(desk, file, folder / file.stem, bank=view.bank)
        assert desk.rows(f"SELECT 1 FROM print_batch WHERE sha256 = x'{batch.sha256.hex()}'") == [1]  # noqa: S608
        found.update(card.number for card in batch.cards)
    assert not known
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_order(seed: int, tmp_path: Path) -> None:
    """Everything is ordered, with its files, or nothing; the same command then does what is left."""
    desk = open_desk(tmp_path)
    add_banks(desk)
    numbers = approved(desk, CARDS)
    out = tmp_path / "out"
    shutil.copytree(desk.home, tmp_path / "saved")

    def again() -> None:
        shutil.rmtree(desk.home)
        shutil.rmtree(out)
        shutil.copytree(tmp_path / "saved", desk.home)

    kill_somewhere(lambda: order(Desk(desk.home), out), again, seed)
    after = Desk(desk.home)
    ordered = after.office.counts().get(CardState.IN_BATCH, 0)
    assert ordered in (0, CARDS)
    assert after.office.examine().problems == []
    assert sum(each.cards for each in order(after, out).orders) == CARDS - ordered
    assert in_batches(after, [out], tmp_path) == Counter(numbers)
    assert after.office.examine().problems == []
    print(f"seed {seed}: killed with {ordered} of {CARDS} ordered")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_report(seed: int, tmp_path: Path) -> None:
    """Every card of the report is printed, or none; the same report again finishes."""
    desk = open_desk(tmp_path)
    add_banks(desk)
    approved(desk, CARDS)
    (made,) = order(desk, tmp_path / "out", bank=NAMES[0]).orders
    batch = open_at_bank(desk, made.file, tmp_path / "opened", bank=NAMES[0])
    token = report(batch, all_printed(batch), at=desk.now)
    shutil.copytree(desk.home, tmp_path / "saved")

    def again() -> None:
        shutil.rmtree(desk.home)
        shutil.copytree(tmp_path / "saved", desk.home)

    kill_somewhere(lambda: Desk(desk.home).office.printing.take_report(token), again, seed)
    after = Desk(desk.home)
    printed = after.office.counts().get(CardState.PRINTED, 0)
    assert printed in (0, CARDS)
    assert after.office.printing.take_report(token).printed == CARDS - printed
    assert after.office.counts() == {CardState.PRINTED: CARDS}
    assert after.rows("SELECT count(*) FROM act WHERE act = 'print'") == [CARDS]
    assert after.office.examine().problems == []
    print(f"seed {seed}: killed with {printed} of {CARDS} printed")


def at_once(*works: object) -> None:
    """Runs each in a process of its own, all together."""
    children = []
    for work in works:
        child = os.fork()
        if child == 0:
            try:
                work()  # type: ignore[operator]
                os._exit(0)
            finally:
                os._exit(1)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * len(works)


@pytest.mark.postgres
def test_two_officers_at_once(tmp_path: Path) -> None:
    """In one home the second waits for the first, and finds what is left."""
    desk = open_desk(tmp_path)
    add_banks(desk)
    numbers, out = approved(desk, CARDS), tmp_path / "out"
    at_once(
        lambda: order(Desk(desk.home), out, limit=CARDS - 7, bank=NAMES[0]),
        lambda: order(Desk(desk.home), out, limit=CARDS - 7, bank=NAMES[1]),
    )
    assert sorted(view.cards for view in desk.office.printing.orders()) == [7, CARDS - 7]
    assert in_batches(desk, [out], tmp_path) == Counter(numbers)
    assert desk.office.examine().problems == []


@pytest.mark.postgres
def test_two_machines_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With one database: whoever is second draws up the order anew, with what is left."""
    desk = open_desk(tmp_path)
    add_banks(desk)
    numbers = approved(desk, CARDS)
    if not is_postgres():
        monkeypatch.setenv(DATABASE_VARIABLE, f"sqlite:///{desk.home / 'register.sqlite'}")
    other, outs = tmp_path / "other", [tmp_path / "out-1", tmp_path / "out-2"]
    shutil.copytree(desk.home, other)
    at_once(
        lambda: order(Desk(desk.home), outs[0], limit=CARDS - 7, bank=NAMES[0]),
        lambda: order(Desk(other), outs[1], limit=CARDS - 7, bank=NAMES[1]),
    )
    assert sorted(view.cards for view in desk.office.printing.orders()) == [7, CARDS - 7]
    assert in_batches(desk, outs, tmp_path) == Counter(numbers)
    assert desk.office.examine().problems == []


def test_a_killed_order_leaves_no_process(tmp_path: Path) -> None:
    """Those that draw end with the one that they draw for."""
    desk = open_desk(tmp_path)
    add_banks(desk)
    approved(desk, CARDS)
    before = _drawing()
    run_child(lambda: order(Desk(desk.home), tmp_path / "out"), kill_after=1.5)
    for _ in range(100):
        if _drawing() <= before:
            return
        run_child(lambda: None, kill_after=0.1)
    raise AssertionError(_drawing() - before)


def _drawing() -> set[int]:
    """The processes of this user that were spawned to work and still live."""
    found = set()
    for place in Path("/proc").iterdir():
        try:
            if place.name.isdigit() and b"multiprocessing-fork" in (place / "cmdline").read_bytes():
                found.add(int(place.name))
        except OSError:
            continue
    return found
