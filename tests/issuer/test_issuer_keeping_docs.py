"""The commands of docs/keeping.md, as they stand there."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import postgres_server
import pytest
from issuer_desk import Desk, without_staff
from issuer_program import Program
from register_state import fill

from issuer import restoration
from issuer.custody import PASSPHRASE_FILE
from issuer.home import DATABASE_VARIABLE, Home
from issuer.retention import Retention

PAGE = (Path(__file__).parents[2] / "docs/keeping.md").read_text("utf-8")
SECTIONS = {
    title: re.findall(r"^    ((?:montrey-issuer|export) .+)$", text, re.MULTILINE)
    for title, _, text in (part.partition("\n") for part in PAGE.split("\n## ")[1:])
}
PLAYED = {title: commands for title, commands in SECTIONS.items() if commands}


def test_what_is_played() -> None:
    """Every section that has commands."""
    assert {title: len(commands) for title, commands in PLAYED.items()} == {
        "Backup": 2,
        "The register is lost": 8,
        "Another machine, or PostgreSQL": 5,
        "Upgrade": 3,
        "How long personal data stay": 3,
    }


@pytest.mark.parametrize("title", PLAYED)
def test_as_it_stands(title: str, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command succeeds, on a register with something in every table."""
    desk = program.desk
    fill(desk, tmp_path)
    shutil.move(desk.home / "offline", tmp_path / "vault")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "new").write_text("a passphrase of this backup's own")
    monkeypatch.setenv("MONTREY_NEW_PASSPHRASE_FILE", str(tmp_path / "new"))
    made: list[str] = []
    if title == "The register is lost":
        assert program(*shlex.split(PLAYED["Backup"][0])[1:])[0] == 0
        desk.later(hours=1)
        desk.office.suspend(desk.office.cards()[0].card_number or "")
        assert program("--home", "ministry", "publish", "stick")[0] == 0
    elif title == "Upgrade":
        without_staff(desk.home)
    elif title.startswith("How long"):
        desk.later(days=3700)
    try:
        for command in PLAYED[title]:
            desk.later(minutes=1)
            word, *arguments = shlex.split(command)
            if word == "export":
                made.append(_database(monkeypatch, arguments[0]))
                continue
            with monkeypatch.context() as patch:
                if "--key" in arguments:  # the custodian types passphrase and yes
                    folder = Path(arguments[arguments.index("--key") + 1]).parent
                    patch.setenv("MONTREY_PASSPHRASE_FILE", str(folder / PASSPHRASE_FILE))
                    arguments.append("--yes")
                code, _, err = program(*arguments)
                assert code == 0, (command, err)
        if title in ("The register is lost", "Another machine, or PostgreSQL"):
            home = Path("again" if "lost" in title else "moved")
            again = Desk(home)
            again.now = desk.now
            assert len(again.office.approve()) == 1
            assert again.office.examine().problems == []
            assert (Home(home).path / "register.sqlite").exists() is ("lost" in title)
    finally:
        monkeypatch.delenv(DATABASE_VARIABLE, raising=False)
        for name in made:
            postgres_server.drop_database(name)


def _database(monkeypatch: pytest.MonkeyPatch, setting: str) -> str:
    """An empty database in the place of the one that the page names."""
    name, _, url = setting.partition("=")
    assert (name, url[:13]) == (DATABASE_VARIABLE, "postgresql://")
    try:
        made = postgres_server.new_database()
    except postgres_server.NoServerError as error:
        pytest.skip(str(error))
    monkeypatch.setenv(name, postgres_server.url(made))
    return made


def test_the_figures_are_those_of_the_code() -> None:
    """Whoever changes one changes it there too."""
    assert f"{restoration.VERSIONS_SKIPPED:,} above" in PAGE
    assert f"{restoration.SEQUENCES_SKIPPED:,} above" in PAGE
    assert restoration.LISTS_SKIPPED == restoration.TEMPLATES_SKIPPED
    assert f"skip {restoration.LISTS_SKIPPED} numbers" in PAGE
    rule = json.loads(re.findall(r'^    (\{"version".+\})$', PAGE, re.MULTILINE)[0])
    assert rule == {"version": 1, **{name: getattr(Retention(), name) for name in rule if name != "version"}}
