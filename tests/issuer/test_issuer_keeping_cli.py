"""backup, restore and what a lost register says, as people see them."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from issuer_desk import PASSPHRASE, Desk
from issuer_program import Program
from register_state import fill

from issuer.lifecycle import CardState


@pytest.fixture
def filled(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """A register with something in every table; staff have a passphrase of their own."""
    (tmp_path / "staff").write_text(PASSPHRASE)
    monkeypatch.setenv("MONTREY_STAFF_PASSPHRASE_FILE", str(tmp_path / "staff"))
    fill(program.desk, tmp_path)
    return program


def passphrase(folder: Path, text: str) -> None:
    """What the program reads from now on."""
    (folder / "passphrase").write_text(text)


@pytest.mark.parametrize("language", ["en", "km"])
def test_there_and_back(filled: Program, tmp_path: Path, language: str) -> None:
    """Both say what they did, and what is in nobody's backup."""
    code, out, err = filled.home("--lang", language, "backup", tmp_path / "backup")
    assert (code, len(out.splitlines()), len(err.splitlines())) == (
        0,
        1,
        2,
    )  # sealed; custodians' keys are not in it
    home = ("--lang", language, "--home", tmp_path / "new")
    code, out, err = filled(*home, "restore", tmp_path / "backup", "--published", tmp_path / "stick")
    assert (code, len(out.splitlines())) == (0, 1)
    assert len(err.splitlines()) == 2  # do again what was not published; keys renew
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    code, out, _ = filled(*home, "keys", "list")
    assert code == 0
    assert ("closed" in out or "បិទ" in out) is True


def test_what_was_lost_is_told(filled: Program, tmp_path: Path) -> None:
    """How many links, and each card that was ended or suspended meanwhile."""
    desk = filled.desk
    assert filled.home("backup", tmp_path / "backup")[0] == 0
    active = [card.card_number or "" for card in desk.office.cards(state=CardState.ACTIVE)]
    first, second = active[:2]
    desk.later(hours=1)
    desk.office.suspend(first)
    desk.office.revoke(second)
    desk.office.publish(tmp_path / "stick")
    arguments = (
        "--home",
        tmp_path / "new",
        "restore",
        tmp_path / "backup",
        "--published",
        tmp_path / "stick",
    )
    code, _, err = filled(*arguments)
    assert code == 0
    assert f"suspended here as well: {first}" in err
    assert f"revoked here as well: {second}" in err
    assert "At least 4 links" in err  # a revocation is asked for and confirmed
    code, out, err = filled("--home", tmp_path / "third", *arguments[2:], "--json")
    document = json.loads(out)
    assert (document["ended"], document["suspended"], document["links_lost"]) == ([second], [first], 4)
    assert document["lists_closed"] is True
    code, out, _ = filled("--home", tmp_path / "new", "audit", "--against", tmp_path / "stick")
    assert code == 0
    assert "restored at 2026-" in out


def test_a_mistyped_passphrase_seals_nothing(
    filled: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup that nobody could open is worse than none."""
    passphrase(tmp_path, "something else")
    code, _, err = filled.home("backup", tmp_path / "backup")
    assert (code, err.partition(":")[0]) == (1, "wrong_passphrase")
    assert not (tmp_path / "backup").exists()
    monkeypatch.setenv("MONTREY_NEW_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    code, _, err = filled.home("backup", tmp_path / "backup", "--own-passphrase")
    assert code == 0, err
    assert filled("--home", tmp_path / "new", "restore", tmp_path / "backup", "--nothing-since")[0] == 0
    passphrase(tmp_path, "short")
    code, _, err = filled.home("backup", tmp_path / "other", "--own-passphrase")
    assert (code, err.partition(":")[0]) == (1, "weak_passphrase")
    assert filled.home("backup", tmp_path / "backup", "--own-passphrase", "--unencrypted")[0] == 2


def test_a_home_whose_keys_are_all_in_a_token(
    filled: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Has no passphrase of its own that could be checked: the backup gets a new one, typed twice."""
    (filled.desk.home / "keys").rename(tmp_path / "in-a-token")
    (filled.desk.home / "keys").mkdir()
    passphrase(tmp_path, "for this backup alone")
    monkeypatch.setenv("MONTREY_NEW_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    assert filled.home("backup", tmp_path / "backup")[0] == 0
    assert filled("--home", tmp_path / "new", "restore", tmp_path / "backup", "--nothing-since")[0] == 0


@pytest.mark.parametrize("place", [".", "keys/backup", "register.sqlite"])
def test_no_backup_into_the_home(filled: Program, place: str) -> None:
    """It would be lost with it, or replace what it is of."""
    code, _, err = filled.home("backup", filled.desk.home / place)
    assert (code, err.partition(":")[0]) == (1, "unsafe_out")


def test_nowhere_to_write(filled: Program, tmp_path: Path) -> None:
    """A link, a folder, a device: refused by name, and nothing is there."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for place in (tmp_path / "folder", tmp_path / "link", "/dev/full"):
        code, _, err = filled.home("backup", place)
        assert (code, err.partition(":")[0]) == (1, "unwritable_file")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("what", ["gone", "empty", "garbage", "text"])
def test_a_lost_register_says_what_to_do(filled: Program, what: str) -> None:
    """In both languages: restore; and nothing is made in its place."""
    register = filled.desk.home / "register.sqlite"
    for path in filled.desk.home.glob("register.sqlite*"):
        path.unlink()
    if what != "gone":
        register.write_bytes(
            {"empty": b"", "garbage": os.urandom(9000), "text": b"SQLite format 3\0" * 400}[what]
        )
    before = sorted(filled.desk.home.iterdir())
    for language, word in (("en", "restore"), ("km", "ស្ដារ")):
        for command in ("list", "audit", "approve"):
            more = ["--all"] if command == "approve" else []
            code, out, err = filled.home("--lang", language, command, *more)
            assert (code, out) == (1, "")
            assert err.partition(":")[0] in ("register_missing", "register_damaged", "register_unusable")
            assert word in err, err
    assert sorted(filled.desk.home.iterdir()) == before


def test_the_new_home_is_a_home(filled: Program, tmp_path: Path) -> None:
    """Its keys are under the passphrase that they were."""
    assert filled.home("backup", tmp_path / "backup", "--unencrypted")[0] == 0
    assert filled("--home", tmp_path / "new", "restore", tmp_path / "backup", "--nothing-since")[0] == 0
    again = Desk(tmp_path / "new")
    again.now = filled.desk.now
    again.apply(1, seed=8)
    assert len(again.office.approve()) == 2


def test_keys_after_a_restoration_are_used_at_once(filled: Program, tmp_path: Path) -> None:
    """Its lists are closed, so no key that draws from them goes on; a status key does. Each is told so."""
    assert filled.home("backup", tmp_path / "backup")[0] == 0
    restore = ("restore", tmp_path / "backup", "--published", tmp_path / "stick")
    assert filled("--home", tmp_path / "new", *restore)[0] == 0
    renew = ("--as", "admin-1", "keys", "renew", "seal", "live", "status-cwt")
    err = filled("--home", tmp_path / "new", *renew)[2]
    (waits,) = (line for line in err.splitlines() if "35 days" in line)
    (at_once,) = (line for line in err.splitlines() if "no other key of its kind" in line)
    assert re.findall(r"[a-z-]+(?=-20)", waits) == ["status-cwt"]
    assert re.findall(r"[a-z-]+(?=-20)", at_once) == ["seal", "live"]


def test_no_backup_takes_the_place_of_another(filled: Program, tmp_path: Path) -> None:
    """A file of that name stays as it is; what a killed run left beside it is no obstacle."""
    out = tmp_path / "backup"
    (tmp_path / ".backup.new").write_bytes(b"half of one")
    assert filled.home("backup", out)[0] == 0
    before = out.read_bytes()
    code, _, err = filled.home("backup", out)
    assert (code, err.partition(":")[0]) == (1, "backup_exists")
    assert "choose another name" in err
    assert "ឈ្មោះផ្សេង" in filled.home("--lang", "km", "backup", out)[2]
    assert out.read_bytes() == before
