"""What every command of `montrey-wallet` shares: the language, the clock, the passphrase, the wallet."""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from wallet_sdk import atomic_file, vault, wording
from wallet_sdk.cli_program import PASSPHRASE_FILE, UsageError
from wallet_sdk.errors import WalletError
from wallet_sdk.holding import Credential, Standing
from wallet_sdk.wallet import Wallet

_MAX_PASSPHRASE = 1024
YES = ("yes", "បាទ", "ចាស", "យល់ព្រម")
"""What a person may type to go on, in either language."""


@dataclass(frozen=True, slots=True)
class Session:
    """One run of the program; `clock` gives aware datetimes, `sleep` waits for seconds."""

    home: Path
    language: str
    clock: Callable[[], datetime]
    sleep: Callable[[float], None]

    def say(self, phrase: str, **values: object) -> str:
        """A phrase in the session's language."""
        return wording.say(self.language, phrase, **values)

    def note(self, phrase: str, **values: object) -> None:
        """Tells the person something, beside the output that another program may read."""
        print(self.say(phrase, **values), file=sys.stderr)

    def open(self) -> Wallet:
        """Opens the wallet, asking for its passphrase."""
        if not vault.exists(self.home):
            raise WalletError("no_wallet", "there is no wallet in this folder")
        return Wallet.open(self.home, self._passphrase("ask_passphrase"))

    def open_or_create(self) -> Wallet:
        """Opens the wallet, or makes one with a new passphrase where there is none."""
        if vault.exists(self.home):
            return self.open()
        passphrase = self._passphrase("ask_new")
        if PASSPHRASE_FILE not in os.environ and passphrase != self._passphrase("ask_again"):
            raise UsageError("not_the_same")
        wallet = Wallet.create(self.home, passphrase)
        self.note("wallet_made", home=self.home)
        return wallet

    def confirm(self, question: str, *, yes: bool, **values: object) -> None:
        """Goes on only when the person at the terminal types a word of `YES`, or said so beforehand (`yes`).

        Raises:
            UsageError: without a terminal nobody has read what is asked.
            WalletError: `not_confirmed`.
        """
        if yes:
            return
        if not sys.stdin.isatty():
            raise UsageError("no_terminal_to_confirm")
        print(self.say(question, **values), end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip() not in YES:
            raise WalletError("not_confirmed", "it was not confirmed; nothing was done")

    def warn_of_end(self, credential: Credential) -> None:
        """Says so when `credential` has to be renewed soon."""
        if credential.standing(self.clock()) is Standing.EXPIRES_SOON:
            self.note("renew", date=f"{credential.expires_at:%Y-%m-%d}")

    def _passphrase(self, phrase: str) -> str:
        file = os.environ.get(PASSPHRASE_FILE)
        if file:
            try:
                text = atomic_file.read(Path(file), max_bytes=_MAX_PASSPHRASE).decode("utf-8")
            except UnicodeDecodeError as error:
                raise WalletError("unreadable_file", f"{file}: not UTF-8") from error
            return text.removesuffix("\n").removesuffix("\r")
        if not sys.stdin.isatty():
            raise UsageError("no_terminal", variable=PASSPHRASE_FILE)
        return getpass.getpass(self.say(phrase))


def read_input(text: str, *, max_bytes: int) -> bytes | str:
    """A file's content, or `text` itself when it is the JSON rather than a path."""
    return text if text.lstrip().startswith("{") else atomic_file.read(Path(text), max_bytes=max_bytes)


def print_json(document: object) -> None:
    """Prints JSON for programs that is also safe on a terminal: what one would obey is escaped."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    print("".join(c if c == "\n" or wording.printable(c) == c else json.dumps(c)[1:-1] for c in text))
