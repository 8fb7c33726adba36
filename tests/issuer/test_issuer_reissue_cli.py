"""`montrey-issuer reissue`: what it tells."""

from __future__ import annotations

from pathlib import Path

from bulk_desk import enrolled_desk
from issuer_program import Program


def test_the_command(tmp_path: Path, program: Program) -> None:
    """What it tells before, afterwards, and of a card."""
    (tmp_path / "bulk").mkdir()
    program.desk = enrolled_desk(tmp_path / "bulk", 3)
    assert program.home("reissue", "--status")[1] == "nothing was ever issued again\n"
    told = program.json("reissue", "--workers", 1, "--publish", tmp_path / "stick")
    assert told["reissue"]["people"] == told["run"]["people"] == 3
    assert told["reissue"]["closed_at"] is not None
    assert set(told["run"]["seconds"]) == {"signing", "encoding", "database", "publication"}
    assert (tmp_path / "stick" / "metadata").is_dir()
    card = str(program.desk.rows("SELECT number FROM card ORDER BY id")[0])
    assert "new credentials wait for this phone" in program.home("show", card)[1]
    assert program.json("show", card)["waits"] is True
    assert "លិខិតថ្មីកំពុងរង់ចាំ" in program("--home", program.desk.home, "--lang", "km", "show", card)[1]
    status = program.home("reissue", "--status")[1]
    assert "(seal, live, sd-jwt) was closed" in status
    assert program.home("reissue", "--workers", 0)[0] == 2
    assert program.home("reissue", "--kind", "paper")[0] == 2
    inside = program.desk.home / "out"
    assert program.home("reissue", "--publish", inside)[0] == 1
