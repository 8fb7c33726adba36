"""`montrey-issuer` in a test: run in this process, with the test's clock and a home of its own."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from issuer_desk import CHEAP, Desk

from issuer import cli
from issuer.custody import KEY_FILE, PASSPHRASE_FILE


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
        """One run on the desk's home."""
        return self("--home", self.desk.home, *arguments)

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
