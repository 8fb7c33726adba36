"""`montrey-issuer` in a test: run in this process, with the test's clock and a home of its own."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from issuer_desk import CHEAP, Desk

from issuer import cli
from issuer.custody import KEY_FILE, PASSPHRASE_FILE

_TWO = ("officer", "approver")
PEOPLE = {
    **dict.fromkeys(("approve", "offer", "reinstate", "lost", "retire", "revoke", "replace"), _TWO),
    **dict.fromkeys(("import", "issue", "suspend", "publish", "delta"), ("officer",)),
    **dict.fromkeys(("keys", "seal-key", "gate"), ("admin-1",)),
}
"""Who gives a command, one after the other."""


def is_command(arguments: list[str], place: int) -> bool:
    """Whether the argument at `place` is the command: the first that is no option and no option's value."""
    return not arguments[place].startswith("-") and (place == 0 or arguments[place - 1] not in ("--lang",))


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
        given = [str(argument) for argument in arguments]
        command = next(given[place] for place in range(len(given)) if is_command(given, place))
        if "--help" in given or command not in PEOPLE:
            return self("--home", self.desk.home, *given)
        *asking, doing = PEOPLE[command]
        for name in asking:
            code, out, err = self.one(name, *given)
            if code != 0:
                return code, out, err
        return self.one(doing, *given)

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
