"""`montrey-issuer` in a test: run in this process, with the test's clock and a home of its own."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from issuer_desk import CHEAP, Desk

from issuer import cli
from issuer.custody import KEY_FILE, PASSPHRASE_FILE

_TWO = ("officer", "approver")
PEOPLE = {
    **dict.fromkeys(
        ("approve", "offer", "reinstate", "lost", "retire", "revoke", "replace", "activate", "reissue"), _TWO
    ),
    **dict.fromkeys(("import", "issue", "suspend", "publish", "delta", "reject", "amend"), ("officer",)),
    **dict.fromkeys(("agency", "print-order", "printed", "print-return", "backup"), ("officer",)),
    **dict.fromkeys(("keys", "seal-key", "gate"), ("admin-1",)),
    "bank": ("admin-1", "admin-2"),
    "erase": _TWO,
}
"""Who gives a command, one after the other."""


def people_of(arguments: list[str]) -> tuple[str, ...]:
    """By whom a command is given, one after the other; nobody in particular is an empty name."""
    rest = arguments[2:] if arguments[:1] == ["--lang"] else arguments
    if rest[:1] == ["amend"] and "--replace" in rest:
        return _TWO
    return PEOPLE.get(rest[0] if rest else "", ("",))


class Program:
    """`montrey-issuer` in this process, with the test's clock; answers exit code, output and complaints."""

    def __init__(self, desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
        self.desk = desk
        self._capsys = capsys

    def __call__(self, *arguments: object) -> tuple[int, str, str]:
        """One run."""
        texts = [str(argument) for argument in arguments]
        try:
            code = cli.run(texts, clock=lambda: self.desk.now, cost=CHEAP)
        except SystemExit as exit_:
            code = int(exit_.code or 0)
        captured = self._capsys.readouterr()
        return code, captured.out, captured.err

    def home(self, *arguments: object) -> tuple[int, str, str]:
        """One run on the desk's home, by whom it takes: what takes two is asked for before by an officer."""
        return self.of(self.desk.home, *arguments)

    def of(self, home: Path, *arguments: object) -> tuple[int, str, str]:
        """The same on another home."""
        given = [str(argument) for argument in arguments]
        for name in people_of(given):
            person = ("--as", name) if name else ()
            code, out, err = self("--home", home, *person, *given)
            if code != 0:
                break
        return code, out, err

    def one(self, name: str, *arguments: object) -> tuple[int, str, str]:
        """One run on the desk's home by one member of staff."""
        return self("--home", self.desk.home, "--as", name, *arguments)

    def json(self, *arguments: object) -> Any:
        """What a successful run on the home prints with --json."""
        code, out, err = self.home(*arguments, "--json")
        assert code == 0, err
        return json.loads(out)

    def custodian(self, name: str, *arguments: object) -> tuple[int, str, str]:
        """One run with the passphrase of the custodian whose folder below the home's `offline/` is `name`."""
        folder = self.desk.office.home.offline / name
        ministry = os.environ["MONTREY_PASSPHRASE_FILE"]
        os.environ["MONTREY_PASSPHRASE_FILE"] = str(folder / PASSPHRASE_FILE)
        try:
            return self(*arguments, "--key", folder / KEY_FILE)
        finally:
            os.environ["MONTREY_PASSPHRASE_FILE"] = ministry
