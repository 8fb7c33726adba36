"""The audit chain: what it says of honest work, and what it finds."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from issuer_desk import CHEAP, CONFIG, PASSPHRASE, START, Desk, open_desk
from issuer_program import Program

from issuer import chain, database
from issuer.audit_findings import Problem
from issuer.errors import IssuerError
from issuer.foundation import begin_staff, found
from issuer.lifecycle import CardState
from issuer.migrations import run
from trust.documents import AuditHead
from trust.errors import TrustError
from trust.sync import init_home, sync

HONEST: list[Problem] = []


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A home in which much has happened, with its publications in `stick-1` and `stick-2`."""
    desk = open_desk(tmp_path_factory.mktemp("lived"))
    desk.apply(6)
    cards = [number for _, number in desk.office.approve([1, 2, 3, 4])]
    desk.enrol(cards[0])
    desk.enrol(cards[1])
    desk.office.suspend(cards[1])
    desk.office.publish(desk.home.parent / "stick-1")
    desk.later(days=1)
    desk.office.reinstate(cards[1])
    desk.office.revoke_wallet(cards[0])
    desk.office.replace(cards[2])
    desk.office.revoke(cards[3])
    desk.office.publish(desk.home.parent / "stick-2")
    desk.office.approve([5])
    return desk


@pytest.fixture
def desk(lived: Desk, tmp_path: Path) -> Desk:
    """The same home, to be spoiled."""
    shutil.copytree(lived.home.parent, tmp_path / "copy")
    copy = Desk(tmp_path / "copy" / "ministry")
    copy.now = lived.now
    return copy


def heads(desk: Desk) -> list[AuditHead]:
    """What both sticks carry."""
    return [desk.office.published_head(desk.home.parent / f"stick-{number}") for number in (1, 2)]


def console(
    desk: Desk, *statements: str, after: Callable[[sqlite3.Connection], object] = lambda _: None
) -> None:
    """What somebody with a database console does, who takes the triggers away, and then puts them back."""
    connection = sqlite3.connect(desk.home / "register.sqlite", isolation_level=None)
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        assert connection.execute(statement).rowcount != 0, statement
    after(connection)
    for _, text in triggers:
        connection.execute(text)
    connection.close()


def codes(desk: Desk) -> set[str]:
    """What an examination finds."""
    return {problem.code for problem in desk.office.examine(heads(desk)).problems}


def test_honest_work(desk: Desk) -> None:
    """Everything fits, and everything was looked at."""
    result = desk.office.examine(heads(desk))
    assert result.problems == HONEST
    assert result.links == len(desk.rows("SELECT seq FROM audit"))
    assert result.acts == len(desk.rows("SELECT id FROM act")) > 20
    lengths = [head.length for head in heads(desk)]
    assert 0 < lengths[0] < lengths[1] < result.links


def test_a_gates_home_holds_a_head(desk: Desk, tmp_path: Path) -> None:
    """What a gate has accepted is as good as the stick."""
    gate = tmp_path / "gate"
    init_home(gate, desk.office.home.root.read_bytes())
    sync(gate, desk.home.parent / "stick-2", now=desk.now)
    assert desk.office.published_head(gate) == heads(desk)[1]


EDITS = {
    "a link": ("UPDATE audit SET entry = replace(entry, 'approve', 'import') WHERE seq = 4", "link_changed"),
    "a link's time": (
        "UPDATE audit SET entry = replace(entry, '\"at\":', '\"at\": ') WHERE seq = 3",
        "link_changed",
    ),
    "a hash": ("UPDATE audit SET sha256 = zeroblob(32) WHERE seq = 4", "link_changed"),
    "no JSON": ("UPDATE audit SET entry = 'x' WHERE seq = 4", "link_changed"),
    "a link taken out": ("DELETE FROM audit WHERE seq = 3", "link_missing"),
    "an act's time": ("UPDATE act SET at = at + 1 WHERE id = 5", "acts_changed"),
    "an act's kind": ("UPDATE act SET act = 'offer' WHERE act = 'suspend'", "acts_changed"),
    "an act taken out": ("DELETE FROM act WHERE id = 5", "acts_changed"),
    "an act behind all": ("INSERT INTO act (at, act, card_id) VALUES (0, 'suspend', 1)", "acts_uncovered"),
    "a state": ("UPDATE card SET state = 'active' WHERE state = 'revoked'", "state_differs"),
    "a card more": (
        "INSERT INTO card (person_id, state, created_at, changed_at) VALUES (4, 'applied', 0, 0)",
        "state_differs",
    ),
    "a card gone": ("DELETE FROM card WHERE id = 6", "state_differs"),
    "a name": ("UPDATE person SET name_la = 'SOMEBODY ELSE' WHERE id = 1", "person_differs"),
    "a birth date": ("UPDATE person SET date_of_birth = '1970-01-01' WHERE id = 2", "person_differs"),
    "a salt": ("UPDATE person SET salt = zeroblob(16) WHERE id = 2", "person_differs"),
    "a person gone": ("DELETE FROM person WHERE id = 6", "person_differs"),
    "a card's number": ("UPDATE card SET number = '0000000000' WHERE id = 1", "card_differs"),
    "a card's end": ("UPDATE card SET valid_until = '2099-01-01' WHERE id = 1", "card_differs"),
    "a holder's key": (
        "UPDATE holder_key SET thumbprint = zeroblob(32) WHERE kind = 'live' AND wallet_id = 1",
        "wallet_differs",
    ),
    "a status": ("UPDATE status_index SET status = 0 WHERE card_id = 4", "status_differs"),
    "a phone's end": ("UPDATE wallet SET ended_at = NULL WHERE id = 1", "wallet_differs"),
    "an index": (
        "UPDATE status_index SET idx = 262143 WHERE wallet_id = 1 AND list_id = 1",
        "wallet_differs",
    ),
}


@pytest.mark.parametrize(("statement", "code"), EDITS.values(), ids=EDITS)
def test_an_edit_is_found(desk: Desk, statement: str, code: str) -> None:
    """Whatever is changed past the program, by whoever has the file."""
    console(desk, statement)
    assert code in codes(desk)


def recompute(connection: sqlite3.Connection) -> None:
    """Makes the chain fit the acts again, as somebody would who knows how."""
    before = chain.BEGINNING
    for seq, text in connection.execute("SELECT seq, entry FROM audit ORDER BY seq").fetchall():
        before = chain.link(before, text)
        connection.execute("UPDATE audit SET sha256 = ? WHERE seq = ?", (before, seq))


def test_a_recomputed_chain_is_found(desk: Desk) -> None:
    """It fits in itself, but not what was published."""
    console(desk, "UPDATE audit SET entry = replace(entry, '\"lists\":', '\"l\":')", after=recompute)
    assert desk.office.examine().problems == HONEST
    assert codes(desk) == {"chain_recomputed"}


def test_a_cut_tail_is_found(desk: Desk) -> None:
    """Links and acts taken off the end, and the states put back: the published length is missed."""
    length = heads(desk)[1].length
    console(desk, f"DELETE FROM audit WHERE seq >= {length}")  # noqa: S608
    assert "tail_cut" in codes(desk)


def test_an_older_register_in_its_place_is_found(desk: Desk) -> None:
    """A backup put back is behind what was published since."""
    backup = shutil.copytree(desk.home, desk.home.with_name("backup"))
    desk.later(days=1)
    desk.office.publish(desk.home.parent / "stick-2")
    shutil.rmtree(desk.home)
    backup.replace(desk.home)
    assert codes(desk) == {"tail_cut"}


def test_a_register_from_before_the_chain(desk: Desk) -> None:
    """An upgrade begins the chain with all that stood there; whatever is changed later is found."""
    register = desk.home / "register.sqlite"
    old = register.with_name("old.sqlite")
    engine = database.connect(database.file_url(old))
    with engine.begin() as connection:
        command.upgrade(run.config(connection), "0005")
    engine.dispose()
    pour(register, old)
    for file in desk.home.glob("register.sqlite*"):
        file.unlink()
    old.replace(register)
    begin_staff(desk.home, PASSPHRASE, now=desk.now, cost=CHEAP)
    upgraded = Desk(desk.home)
    upgraded.now = desk.now
    assert upgraded.rows("SELECT entry FROM audit")[0].count('"upgrade"') == 1
    assert upgraded.office.examine().problems == HONEST
    upgraded.office.suspend(upgraded.office.cards(state=CardState.ACTIVE)[0].card_number or "")
    assert upgraded.office.examine().problems == HONEST
    console(upgraded, "UPDATE person SET name_km = 'X' WHERE id = 3")
    assert upgraded.office.examine().problems == [Problem("person_differs", "person", 3)]


def pour(source: Path, into: Path) -> None:
    """Copies the rows that an older register can hold, past its triggers, which it has again afterwards."""
    connection = sqlite3.connect(into, isolation_level=None)
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("ATTACH ? AS newer", (str(source),))
    tables = connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall()
    for (table,) in tables:
        if table != "alembic_version":
            columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
            connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM newer.{table}")  # noqa: S608
    for _, statement in triggers:
        connection.execute(statement)
    connection.close()


def test_the_command(program: Program) -> None:
    """It tells what it examined, and names what does not fit, in both languages."""
    desk = program.desk
    desk.card()
    stick = desk.home.parent / "stick"
    assert program.home("publish", stick)[0] == 0
    assert program.json("audit", "--against", stick)["problems"] == []
    code, out, _ = program.home("audit")
    assert (code, out.startswith("examined: "), "Everything fits" in out) == (0, True, True)
    console(desk, "UPDATE person SET agency = 'X' WHERE id = 1")
    code, out, err = program.home("audit")
    assert (code, out.splitlines()[0], "audit_failed" in err) == (
        1,
        "person_differs: the data of person 1 were changed",
        True,
    )
    assert "fits" not in out
    code, out, err = program.home("--lang", "km", "audit")
    assert (code, "ទិន្នន័យមនុស្សទី 1" in out, "ខ្សែសវនកម្ម" in err) == (1, True, True)


def test_a_publication_of_another_ministry(desk: Desk, tmp_path: Path) -> None:
    """A stick, and a gate's home, are known by their root; nothing is said of this register for it."""
    found(tmp_path / "other", config=CONFIG, passphrase=PASSPHRASE, now=START, cost=CHEAP)
    other = Desk(tmp_path / "other")
    other.office.publish(tmp_path / "stick")
    init_home(tmp_path / "gate", other.office.home.root.read_bytes())
    sync(tmp_path / "gate", tmp_path / "stick", now=START)
    for place in ("stick", "gate"):
        with pytest.raises(IssuerError, match="another ministry") as caught:
            desk.office.published_head(tmp_path / place)
        assert caught.value.code == "other_trust"
    root = tmp_path / "stick" / "metadata" / "1.root.json"
    root.write_bytes(desk.office.home.root.read_bytes())
    with pytest.raises(TrustError):  # its signatures are not this ministry's, whatever root lies there
        desk.office.published_head(tmp_path / "stick")
    root.unlink()
    with pytest.raises(TrustError):
        desk.office.published_head(tmp_path / "stick")
