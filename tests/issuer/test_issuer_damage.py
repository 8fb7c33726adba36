"""A register whose file was damaged, input that is no file, numbers that are none: clear words, at once."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from issuer_desk import CHEAP, Desk, new_keys, open_desk, request
from issuer_program import Program

from issuer import proofs
from issuer.errors import IssuerError

PAGE = 4096


@pytest.mark.parametrize("seed", range(6))
def test_a_destroyed_page_is_found(seed: int, tmp_path: Path) -> None:
    """By audit and by backup, wherever it lies: in a table that no act covers, or in an index."""
    desk = open_desk(tmp_path)
    desk.card()
    desk.office.publish(tmp_path / "stick")
    desk.engine.dispose()
    file = desk.home / "register.sqlite"
    connection = desk.engine.raw_connection()
    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    desk.engine.dispose()
    pages = file.stat().st_size // PAGE
    draw = random.Random(seed)
    with file.open("r+b") as raw:
        raw.seek(PAGE * draw.randrange(pages // 4, pages))
        raw.write(draw.randbytes(PAGE))
    with pytest.raises(IssuerError) as caught:
        Desk(desk.home).office.examine()
    assert caught.value.code == "register_damaged"
    with pytest.raises(IssuerError) as caught:
        Desk(desk.home).office.backup(tmp_path / "backup", passphrase=None, cost=CHEAP)
    assert caught.value.code == "register_damaged"
    assert not (tmp_path / "backup").exists()


def test_a_pipe_is_no_file_of_applications(tmp_path: Path) -> None:
    """Nobody waits for its end."""
    desk = open_desk(tmp_path)
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(IssuerError) as caught:
        desk.office.import_file(tmp_path / "pipe.csv")
    assert caught.value.code == "unreadable_file"


@pytest.mark.parametrize("command", ["confirm", "decline", "withdraw", "requests"])
def test_a_number_that_no_request_has(command: str, program: Program) -> None:
    """Too long for any database: the usage says so, not a traceback."""
    code, _, err = program.one("approver", command, "9" * 21)
    assert code == 2
    assert "Traceback" not in err


@pytest.mark.parametrize("version", [b"true", b"1.0", b"2", b'"1"'])
def test_another_version_of_a_request(version: bytes, tmp_path: Path) -> None:
    """What only looks like 1 is none."""
    desk = open_desk(tmp_path)
    asked = request(desk.office.offer(desk.card()), new_keys(), now=desk.now)
    text = asked if isinstance(asked, bytes) else asked.encode()
    assert text.count(b'"version":1') == 1
    with pytest.raises(IssuerError) as caught:
        proofs.read(text.replace(b'"version":1', b'"version":' + version), issuer=desk.office.config.issuer)
    assert caught.value.code == "malformed_request"
