"""Where passphrases come from: a new one never out of the home's file, a wrong one named by its own."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from issuer_desk import PASSPHRASE
from issuer_program import Program

from did import keyfile

MINE = "a passphrase of one's own"
OTHER = "quite another passphrase"


class Terminal(io.StringIO):
    """Standard input with somebody at it."""

    def isatty(self) -> bool:
        """Yes."""
        return True


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Somebody at the terminal who types these passphrases; returns what they were asked."""

    def at_it(*texts: str) -> list[str]:
        typed, asked = iter(texts), list[str]()

        def answer(question: str) -> str:
            asked.append(question)
            return next(typed)

        monkeypatch.setattr("sys.stdin", Terminal())
        monkeypatch.setattr("getpass.getpass", answer)
        return asked

    return at_it


def named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, text: str) -> Path:
    """A passphrase in a file that `variable` names."""
    path = tmp_path / variable.lower()
    path.write_text(text + "\n")
    monkeypatch.setenv(variable, str(path))
    return path


def opens(program: Program, text: str) -> bool:
    """Whether this is the officer's passphrase."""
    try:
        keyfile.load(program.desk.home / "staff" / "officer.json", text)
    except Exception:  # noqa: BLE001 (whatever it is)
        return False
    return True


def test_a_new_passphrase_is_typed_beside_the_homes_file(
    program: Program, typing: Callable[..., list[str]]
) -> None:
    """The home's file says what the key has, never what it gets."""
    asked = typing(MINE, MINE)
    code, out, err = program.one("officer", "staff", "passphrase")
    assert (code, err) == (0, "")
    assert "officer" in out
    assert len(asked) == 2
    assert opens(program, MINE)


def test_without_a_terminal_a_new_one_needs_its_own_file(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing changes until that file is named; then it does, and back to the home's it does not go."""
    monkeypatch.setattr("sys.stdin", io.StringIO())
    code, _, err = program.one("officer", "staff", "passphrase")
    assert (code, "MONTREY_NEW_PASSPHRASE_FILE" in err) == (2, True)
    assert opens(program, PASSPHRASE)
    named(tmp_path, monkeypatch, "MONTREY_NEW_PASSPHRASE_FILE", MINE)
    assert program.one("officer", "staff", "passphrase")[0] == 0
    assert opens(program, MINE)
    named(tmp_path, monkeypatch, "MONTREY_STAFF_PASSPHRASE_FILE", MINE)
    for text in (PASSPHRASE, MINE):
        named(tmp_path, monkeypatch, "MONTREY_NEW_PASSPHRASE_FILE", text)
        code, _, err = program.one("officer", "staff", "passphrase")
        assert (code, err.partition(":")[0]) == (1, "same_passphrase")
    assert opens(program, MINE)


@pytest.mark.parametrize(("text", "code"), [(PASSPHRASE, "same_passphrase"), ("short", "weak_passphrase")])
def test_nobody_is_added_with_the_homes_passphrase(
    text: str, code: str, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No key is made, nothing is asked for; with one of their own both are."""
    command = ("staff", "add", "dara", "--role", "officer")
    named(tmp_path, monkeypatch, "MONTREY_NEW_PASSPHRASE_FILE", text)
    assert program.one("admin-1", *command)[2].partition(":")[0] == code
    assert not (program.desk.home / "staff" / "dara.json").exists()
    assert program.desk.office.waiting() == []
    named(tmp_path, monkeypatch, "MONTREY_NEW_PASSPHRASE_FILE", OTHER)
    assert program.one("admin-1", *command)[0] == 0
    monkeypatch.delenv("MONTREY_NEW_PASSPHRASE_FILE")
    assert program.one("admin-2", *command)[0] == 0  # the key is there
    assert program.desk.office.staff()[-1].name == "dara"


def test_a_backup_of_its_own_is_never_the_homes(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It opens with what the file says, and not with the home's passphrase."""
    out = tmp_path / "backup"
    monkeypatch.setattr("sys.stdin", io.StringIO())
    code, _, err = program.home("backup", out, "--own-passphrase")
    assert (code, "MONTREY_NEW_PASSPHRASE_FILE" in err) == (2, True)
    named(tmp_path, monkeypatch, "MONTREY_NEW_PASSPHRASE_FILE", PASSPHRASE)
    assert program.home("backup", out, "--own-passphrase")[2].startswith("same_passphrase: ")
    assert not out.exists()
    named(tmp_path, monkeypatch, "MONTREY_NEW_PASSPHRASE_FILE", MINE)
    assert program.home("backup", out, "--own-passphrase")[0] == 0
    restore = ("--home", tmp_path / "again", "restore", out, "--nothing-since")
    code, _, err = program(*restore)
    assert (code, err.partition(":")[0]) == (1, "wrong_passphrase")
    named(tmp_path, monkeypatch, "MONTREY_STAFF_PASSPHRASE_FILE", PASSPHRASE)
    named(tmp_path, monkeypatch, "MONTREY_PASSPHRASE_FILE", MINE)
    assert program(*restore)[0] == 0


@pytest.mark.parametrize("language", ["en", "km"])
def test_a_wrong_passphrase_names_the_file_it_came_from(
    language: str, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The home's, where a member of staff has one of their own; theirs, once it is named; else neither."""
    named(tmp_path, monkeypatch, "MONTREY_NEW_PASSPHRASE_FILE", MINE)
    assert program.one("officer", "staff", "passphrase")[0] == 0
    command = (
        "--home",
        program.desk.home,
        "--as",
        "officer",
        "--lang",
        language,
        "publish",
        tmp_path / "out",
    )
    code, _, err = program(*command)
    assert (code, err.partition(":")[0]) == (1, "wrong_passphrase")
    assert "which MONTREY_PASSPHRASE_FILE names" in err or "ដែល MONTREY_PASSPHRASE_FILE" in err
    assert "MONTREY_STAFF_PASSPHRASE_FILE" in err
    assert "officer" in err
    staff = named(tmp_path, monkeypatch, "MONTREY_STAFF_PASSPHRASE_FILE", OTHER)
    err = program(*command)[2]
    assert str(staff) in err
    assert "MONTREY_PASSPHRASE_FILE" not in err
    if language == "en":
        assert "the key of officer. The passphrase was read from" in err
    named(tmp_path, monkeypatch, "MONTREY_STAFF_PASSPHRASE_FILE", MINE)
    home = named(tmp_path, monkeypatch, "MONTREY_PASSPHRASE_FILE", OTHER)
    err = program(*command)[2]
    assert str(home) in err
    assert "STAFF" not in err
    assert err.partition(":")[0] == "wrong_passphrase"
