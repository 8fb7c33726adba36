"""The next key: what is made with it, when it is used, and who is told that one ends."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from issuer_desk import CHEAP, ISSUER, Desk, open_desk
from issuer_program import Program
from sqlalchemy.exc import IntegrityError

from issuer import allotment, cli_wording, database, list_room, renewal, trust_files
from issuer.key_use import Standing
from issuer.lifecycle import ListKind
from issuer.signing import ONLINE
from revocation.allocation import LIST_SIZE
from trust import KeyKind

pytestmark = pytest.mark.postgres

ALL = tuple(kind.value for kind in KeyKind)


def standings(program: Program) -> dict[str, str]:
    """What `keys list` says of every key."""
    return {key["kid"]: key["standing"] for key in program.json("keys", "list")}


def test_keys_are_listed_with_what_they_do(program: Program, tmp_path: Path) -> None:
    """From not signed to in use, in words of both languages and as JSON."""
    old, new = "live-2026q4", "live-2026q4-2"
    assert set(standings(program).values()) == {"in_use"}
    made = program.json("keys", "renew", "live")
    assert made == {"keys": [new], "online_key": None}
    assert standings(program)[new] == "not_signed"
    program.desk.sign_trust_list()
    assert standings(program)[new] == "not_published"
    program.desk.office.publish(tmp_path / "out")
    (key,) = (key for key in program.json("keys", "list") if key["kid"] == new)
    assert (key["standing"], key["usable_from"]) == ("waiting", "2026-12-27T09:00:00Z")
    assert len(key["thumbprint"]) == 43
    assert "used from 2026-12-27 16:00 +07:00 on" in program.home("keys", "list")[1]
    assert "ប្រើតាំងពី 2026-12-27 16:00 +07:00" in program.home("--lang", "km", "keys", "list")[1]
    program.desk.later(days=35)
    assert (standings(program)[old], standings(program)[new]) == ("superseded", "in_use")
    program.desk.later(days=400)
    assert standings(program)[old] == standings(program)[new] == "ended"
    assert set(cli_wording.STANDINGS) == set(Standing)


def test_what_is_made_with_a_key(program: Program) -> None:
    """A template for a QR key, on the list there is; a list for an SD-JWT key; nothing for a status key."""
    code, out, err = program.home("keys", "renew", *ALL)
    assert code == 0
    assert [line.rpartition(" ")[2] for line in out.splitlines()] == [f"{k}-2026q4-2" for k in ALL]
    assert "trust-list export" in err
    desk = program.desk
    assert desk.rows("SELECT kid FROM template ORDER BY number")[2:] == ["seal-2026q4-2", "live-2026q4-2"]
    assert desk.rows("SELECT list_id FROM template ORDER BY number") == [1, 2, 2, 1]
    assert desk.rows("SELECT name FROM status_list ORDER BY id") == [
        "live-1",
        "seal-1",
        "sd-jwt-1",
        "sd-jwt-2",
    ]
    assert desk.rows("SELECT count(*) FROM status_index WHERE list_id = 4") > [30]
    assert program.home("keys", "renew")[0] == program.home("keys", "renew", "root")[0] == 2


def test_a_list_without_room_has_a_successor(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new template points into a new list, which is published long before its first use."""
    desk = program.desk
    card = desk.card()
    desk.office.publish(tmp_path / "out")
    monkeypatch.setattr(renewal, "_ROOM", LIST_SIZE)
    desk.office.authority.renew([KeyKind.LIVE], cost=CHEAP)
    assert desk.rows("SELECT name FROM status_list WHERE id = 4") == ["live-2"]
    assert {entry.name for entry in desk.office.deltas()} == {"live-1", "seal-1", "sd-jwt-1"}
    desk.sign_trust_list()
    desk.later(hours=1)
    desk.office.publish(tmp_path / "out")
    desk.later(days=35)
    desk.enrol(card)
    names = {entry.list_name for entry in desk.office.show(card).indices}
    assert names == {"live-2", "seal-1", "sd-jwt-1"}


def test_a_list_that_fills_is_told_of_in_time(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From half full on, by `publish` and `keys list`, until a later key with a new list is signed."""
    desk = program.desk
    desk.enrol(desk.card())
    assert program.json("publish", tmp_path / "out")["warnings"] == []
    for module, name in ((list_room, "HALF"), (renewal, "_ROOM")):
        monkeypatch.setattr(module, name, LIST_SIZE)
    warned = program.json("publish", tmp_path / "out")["warnings"]
    assert [(w["role"], w["kind"]) for w in warned] == [
        ("seal-1", "seal"),
        ("live-1", "live"),
        ("sd-jwt-1", "sd-jwt"),
    ]
    (drawn,) = desk.rows("SELECT count(*) FROM status_index WHERE list_id = 2")
    assert warned[0]["left"] == LIST_SIZE - drawn
    err = program.home("keys", "list")[2]
    assert "the status list live-1 has" in err
    assert "keys renew live" in err
    assert "បញ្ជីស្ថានភាព live-1" in err
    program.json("keys", "renew", "live", "seal", "sd-jwt")
    assert len(program.json("publish", tmp_path / "out")["warnings"]) == 3
    desk.sign_trust_list()
    assert program.json("publish", tmp_path / "out")["warnings"] == []


def test_a_list_without_templates_is_published_no_more(tmp_path: Path) -> None:
    """A list into which no template leads, because all of its credentials have expired."""
    desk = open_desk(tmp_path)
    out = tmp_path / "out"
    with database.writing(desk.engine) as session:
        allotment.add_list(session, ListKind.LIVE, ISSUER, kid="status-cwt-2026q4", now=0)
    desk.office.publish(out)
    assert {path.name.partition(".")[2] for path in (out / "targets" / "status").iterdir()} == {
        "live-1.cwt",
        "seal-1.cwt",
        "sd-jwt-1.jwt",
    }


def test_a_wrong_clock_takes_no_key_out_of_the_list(tmp_path: Path) -> None:
    """Ten years ahead nothing would be needed any more; only what was stolen is left out."""
    desk = open_desk(tmp_path)
    desk.card()
    desk.office.publish(tmp_path / "out")
    desk.office.authority.report_stolen("live-2026q4")
    desk.office.authority.report_stolen("seal-2026q4")
    desk.later(days=4000)
    drawn = trust_files.kids_of(desk.office.authority.draw_up_trust_list())
    assert set(drawn) == {"seal-2026q4", "sd-jwt-2026q4", "status-cwt-2026q4"}


def test_a_key_of_a_kind_that_ended_is_used_at_once(tmp_path: Path) -> None:
    """Too late is better than never: gates that have not heard of it yet need the next stick."""
    desk = open_desk(tmp_path)
    desk.apply(1)
    desk.later(days=366)
    desk.office.authority.renew([KeyKind.SEAL], cost=CHEAP)
    desk.sign_trust_list()
    assert len(desk.office.approve()) == 1


def test_nothing_is_made_by_halves(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the second key cannot be made, the register holds neither."""
    desk = program.desk
    before = desk.rows("SELECT count(*) FROM signing_key")
    made = allotment.add_list

    def fails(*arguments: Any, **named: Any) -> None:
        made(*arguments, **named)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(allotment, "add_list", fails)
    code, _, err = program.home("keys", "renew", "live", "sd-jwt")
    assert code == 1
    assert err.startswith("io_error: ")
    assert desk.rows("SELECT count(*) FROM signing_key") == before


def test_publish_warns_of_what_ends(program: Program, tmp_path: Path) -> None:
    """A list 45 days before, a key 60, in both languages, and as JSON; no more once the next is signed."""
    desk = program.desk
    assert program.json("publish", tmp_path / "out")["warnings"] == []
    desk.later(days=31)
    assert program.json("publish", tmp_path / "out")["warnings"] == []
    desk.later(days=15)
    code, _, err = program.home("publish", tmp_path / "out")
    assert code == 0
    assert "the trust list (targets) ends on 2027-02-20 16:00 +07:00, in 44 days" in err
    assert "បញ្ជីទំនុកចិត្ត (targets)" in err
    desk.later(days=265)
    desk.sign_trust_list()
    warned = program.json("publish", tmp_path / "out", "--clock-is-right")["warnings"]
    assert [warning["role"] for warning in warned] == ["seal-2026q4", "live-2026q4", "sd-jwt-2026q4"]
    assert {warning["expires"] for warning in warned} == {"2027-11-23T00:00:00Z"}
    err = program.home("publish", tmp_path / "out")[2]
    assert "the key live-2026q4 ends on" in err
    assert "keys renew" in err
    assert "កូនសោ live-2026q4" in err
    program.json("keys", "renew", "live", "seal", "sd-jwt")
    assert len(program.json("publish", tmp_path / "out")["warnings"]) == 3
    desk.sign_trust_list()
    assert program.json("publish", tmp_path / "out")["warnings"] == []
    desk.later(days=360)
    program.home("keys", "renew", "live", "seal", "sd-jwt")
    desk.sign_trust_list()
    made = program.json("publish", tmp_path / "out", "--clock-is-right")
    roles = {warning["role"] for warning in made["warnings"]}
    assert roles == {"root"}


def test_an_online_key_is_made_beside_the_old_one(program: Program, tmp_path: Path) -> None:
    """Its public half is what custodians are brought; publishing goes on with the old one."""
    home = program.desk.office.home
    before = home.online_key.read_bytes()
    code, _, err = program.home("keys", "renew", "online")
    assert code == 0
    assert "root renew --online-key" in err
    assert home.online_key.read_bytes() != before
    assert json.loads(home.online_key.read_bytes())["kty"] == "OKP"
    assert (home.keys / f"{ONLINE}-2.json").is_file()
    (home.keys / f"{ONLINE}-3.json").write_text("half")  # what a killed command leaves
    assert program.home("publish", tmp_path / "out")[0] == 0


@pytest.mark.parametrize("statement", ["UPDATE published_key SET at = 0", "DELETE FROM published_key"])
def test_when_a_key_was_published_stays(statement: str, tmp_path: Path) -> None:
    """Nobody makes a key look older than it is."""
    desk = Desk(open_desk(tmp_path).home)
    desk.office.publish(tmp_path / "out")
    first = desk.rows("SELECT at FROM published_key")
    assert len(first) == 4
    desk.now += timedelta(days=1)
    desk.office.publish(tmp_path / "out")
    assert desk.rows("SELECT at FROM published_key") == first
    with pytest.raises(IntegrityError), desk.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_a_key_counts_as_published_from_its_own_time_on(tmp_path: Path) -> None:
    """One that was made under a clock ahead stops no publication, and waits from its day on."""
    desk = open_desk(tmp_path)
    desk.later(days=3)
    (kid,) = desk.office.authority.renew([KeyKind.SEAL], cost=CHEAP)
    desk.sign_trust_list()
    desk.later(days=-2)
    entered = f"SELECT count(*) FROM published_key WHERE kid = '{kid}'"  # noqa: S608
    for days, count in ((0, 0), (2, 1)):
        desk.later(days=days)
        desk.office.publish(tmp_path / "out", clock_is_right=True)
        assert desk.rows(entered) == [count]


@pytest.mark.parametrize("stolen", [False, True])
@pytest.mark.parametrize("kind", ["live", "seal", "status-cwt"])
def test_when_a_new_key_is_used_is_told_as_it_is(
    program: Program, tmp_path: Path, kind: str, stolen: bool
) -> None:
    """35 days after its first publication, while another goes on; at once, where none may be used."""
    old, new = f"{kind}-2026q4", f"{kind}-2026q4-2"
    if stolen:
        assert program.home("keys", "stolen", old)[0] == 0
    err = program.home("keys", "renew", kind)[2]
    assert ("35 days" in err, "no other key of its kind" in err) == (not stolen, stolen)
    assert f"{new}: used" in err
    program.desk.sign_trust_list()
    program.desk.office.publish(tmp_path / "out")
    assert standings(program)[new] == ("in_use" if stolen else "waiting")
