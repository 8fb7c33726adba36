"""Thousands of random steps through the lives of cards: none is done that may not be, none is lost.

MONTREY_STEPS says how many (default 3,000; PostgreSQL a tenth), MONTREY_SEED which.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from issuer_desk import Desk, gone, open_desk
from life_model import ACTS, LEADS, STANDS, STATES
from life_walk import Walk

from issuer import chain, guards_sqlite
from issuer.audit_findings import Problem
from issuer.lifecycle import RULES, STATUS, UNNUMBERED
from trust.documents import AuditHead

STEPS = int(os.environ.get("MONTREY_STEPS", "3000"))
SEED = int(os.environ.get("MONTREY_SEED", "20261228"))


def walked(desk: Desk, steps: int) -> Walk:
    """So many steps, with a raw UPDATE after every tenth and a race after every hundredth."""
    walk = Walk(desk, SEED)
    for done, step in enumerate(walk.steps(steps), start=1):
        walk.take(step)
        if done % 10 == 0:
            walk.try_raw()
        if done % 100 == 0:
            walk.race()
        if done % 1000 == 0:
            for card in walk.cards:
                walk.check(card)
    for card in walk.cards:
        walk.check(card)
    walk.close()
    return walk


@pytest.mark.postgres
def test_a_walk(tmp_path: Path, register_kind: str) -> None:
    """Every act was done and was refused, every state was reached, and the audit finds nothing."""
    steps = STEPS if register_kind == "sqlite" else STEPS // 10
    walk = walked(open_desk(tmp_path), steps)
    assert walk.office.examine().problems == []
    if steps >= 3000:
        assert {act for act, outcome in walk.counts if outcome == "done"} == set(ACTS)
        assert {act for act, outcome in walk.counts if outcome == "refused"} == set(ACTS) - {"apply"}
        assert walk.states == STATES


def test_the_model_and_the_table_say_the_same() -> None:
    """Two ways to write the life cycle down, by two hands."""
    changing = {act: rule for act, rule in RULES.items() if rule.target}
    assert {
        act.value: dict.fromkeys(map(str, rule.sources), str(rule.target)) for act, rule in changing.items()
    } == LEADS
    assert {state.value: int(status) for state, status in STATUS.items()} == {
        state: STANDS.get(state, 1) for state in STATES - {state.value for state in UNNUMBERED}
    }


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, AuditHead]:
    """A register in which much has happened, and the head of its chain that was published."""
    desk = open_desk(tmp_path_factory.mktemp("walk"))
    walked(desk, 300)
    desk.apply(1, seed=SEED + 1)  # and a phone that was lost, whatever was drawn
    ((_, card),) = desk.office.approve([desk.office.cards()[-1].application])
    desk.enrol(card)
    desk.office.revoke_wallet(card)
    for _ in range(2):  # the first of keys, which the register then notes; the last changes no table
        desk.office.publish(desk.home.parent / "stick")
    head = desk.office.published_head(desk.home.parent / "stick")
    desk.engine.dispose()
    return desk, head


@pytest.fixture
def spoilt(lived: tuple[Desk, AuditHead], tmp_path: Path) -> Iterator[tuple[Desk, sqlite3.Connection]]:
    """A copy of it, without its triggers, and a console."""
    shutil.copytree(lived[0].home, tmp_path / "ministry")
    console = sqlite3.connect(tmp_path / "ministry" / "register.sqlite", isolation_level=None)
    for (name,) in console.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        console.execute(f"DROP TRIGGER {name}")
    console.execute("DROP INDEX uq_card_living")
    console.execute("PRAGMA ignore_check_constraints = ON")
    desk = Desk(tmp_path / "ministry")
    desk.now = lived[0].now
    yield desk, console
    console.close()


EDITED = {
    "act": ("at", "act", "card_id", "content"),
    "audit": ("entry", "sha256"),
    "card": ("state", "number", "valid_until", "seal", "person_id"),
    "person": (
        "name_km",
        "name_la",
        "date_of_birth",
        "ministry",
        "grade",
        "agency",
        "employment_status",
        "salt",
    ),
    "rejection": ("reason", "note", "salt"),
    "status_index": ("status",),
    "wallet": ("ended_at",),
}


NEW = {"number": "0000000000", "valid_until": "2037-01-01", "ended_at": None}
"""Where another row's value is none that could be written."""


def beside_the_rules(desk: Desk, *heads: AuditHead) -> list[Problem]:
    """What an audit finds, behind every rule, which are all gone."""
    problems = desk.office.examine(heads).problems
    rules = gone(*(text.split()[2] for text in guards_sqlite.statements()))
    assert problems[: len(rules)] == rules
    return problems[len(rules) :]


@pytest.mark.parametrize(("table", "column"), [(t, c) for t, columns in EDITED.items() for c in columns])
def test_any_edit_is_found(
    table: str, column: str, lived: tuple[Desk, AuditHead], spoilt: tuple[Desk, sqlite3.Connection]
) -> None:
    """A random row's value becomes that of another row, or one that nothing has."""
    desk, console = spoilt
    draw = random.Random(f"{SEED} {table} {column}")
    owned = " WHERE card_id IS NOT NULL" if table == "status_index" else ""
    found = console.execute(f"SELECT rowid_, {column} FROM {_numbered(table)}{owned}").fetchall()  # noqa: S608
    row, value = draw.choice([entry for entry in found if entry[1] is not None])
    others = [other for _, other in found if other not in (value, None)]
    new = NEW[column] if column in NEW else draw.choice(others) if others else _another(value)
    where = "list_id || ' ' || idx" if table == "status_index" else "rowid"
    console.execute(f"UPDATE {table} SET {column} = ? WHERE {where} = ?", (new, row))  # noqa: S608
    assert beside_the_rules(desk, lived[1])


def _numbered(table: str) -> str:
    key = "list_id || ' ' || idx" if table == "status_index" else "rowid"
    return f"(SELECT {key} AS rowid_, * FROM {table})"  # noqa: S608


def _another(value: object) -> object:
    return value + 1 if isinstance(value, int) else f"{value}x"


def test_a_recomputed_chain_is_found(
    lived: tuple[Desk, AuditHead], spoilt: tuple[Desk, sqlite3.Connection]
) -> None:
    """An entry changed and every later link made to fit it: it is not what was published."""
    desk, console = spoilt
    console.execute("UPDATE audit SET entry = replace(entry, '\"lists\":', '\"l\":')")
    before = chain.BEGINNING
    for seq, text in console.execute("SELECT seq, entry FROM audit ORDER BY seq").fetchall():
        before = chain.link(before, text)
        console.execute("UPDATE audit SET sha256 = ? WHERE seq = ?", (before, seq))
    assert beside_the_rules(desk) == []
    problems = beside_the_rules(desk, lived[1])
    assert problems == [Problem("chain_recomputed", "link", lived[1].length)]


def test_a_cut_tail_is_found(lived: tuple[Desk, AuditHead], spoilt: tuple[Desk, sqlite3.Connection]) -> None:
    """The last link taken off, with its order, which covers no act: the published length is missed."""
    desk, console = spoilt
    console.execute("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)")
    console.execute("DELETE FROM staff_order WHERE id = (SELECT max(id) FROM staff_order)")
    left = {problem.code for problem in beside_the_rules(desk)}
    assert left == {"list_differs"}  # what it signed stands there still
    assert Problem("tail_cut", "link", lived[1].length) in beside_the_rules(desk, lived[1])
