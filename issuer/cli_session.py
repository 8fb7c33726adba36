"""What every command of `montrey-issuer` shares: home, language, clock, passphrase, files, progress."""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress as Bar

from did.keyfile import Cost
from issuer import cli_wording
from issuer.applications import Progress
from issuer.cli_program import UsageError
from issuer.errors import IssuerError
from issuer.office import Issuer
from trust.disk import write_atomically

PASSPHRASE_FILE = "MONTREY_PASSPHRASE_FILE"  # noqa: S105 (the name of a variable)
_MAX_PASSPHRASE = 1024


@dataclass(frozen=True, slots=True)
class Session:
    """One run of the program; `clock` gives aware datetimes, `cost` is that of new key files."""

    home: Path
    language: str
    clock: Callable[[], datetime]
    cost: Cost

    def open(self, *, signing: bool = False) -> Issuer:
        """Opens the home; for a command that signs, with its passphrase."""
        return Issuer.open(self.home, self.passphrase() if signing else None, clock=self.clock)

    def say(self, phrase: str, **values: object) -> str:
        """A phrase in the session's language."""
        return cli_wording.say(self.language, phrase, **values)

    def note(self, phrase: str, **values: object) -> None:
        """Tells the person something, beside the output that another program may read."""
        print(self.say(phrase, **values), file=sys.stderr)

    def passphrase(self, *, new: bool = False) -> str:
        """The passphrase of a home or key file: from the file that is named, or typed (a new one twice)."""
        file = os.environ.get(PASSPHRASE_FILE)
        if file:
            return read_text(Path(file), max_bytes=_MAX_PASSPHRASE).removesuffix("\n").removesuffix("\r")
        if not sys.stdin.isatty():
            raise UsageError("no_terminal", variable=PASSPHRASE_FILE)
        typed = getpass.getpass(self.say("ask_new" if new else "ask_passphrase"))
        if new and typed != getpass.getpass(self.say("ask_again")):
            raise UsageError("not_the_same")
        return typed

    @contextmanager
    def progress(self, phrase: str) -> Iterator[Progress | None]:
        """A bar while something long is done, where a terminal is there to show it."""
        if not sys.stderr.isatty():
            yield None
            return
        with Bar(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(self.say(phrase), total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)


def read_file(path: Path, *, max_bytes: int) -> bytes:
    """The content of a file, if it is no longer than `max_bytes`.

    Raises:
        IssuerError: `unreadable_file`, `file_too_large`.
    """
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        raise IssuerError("unreadable_file", f"{path}: {error.strerror}") from error
    if len(data) > max_bytes:
        raise IssuerError("file_too_large", f"{path}: more than {max_bytes} bytes")
    return data


def read_text(path: Path, *, max_bytes: int) -> str:
    """The text in a UTF-8 file.

    Raises:
        IssuerError: `unreadable_file`, `file_too_large`.
    """
    try:
        return read_file(path, max_bytes=max_bytes).decode("utf-8")
    except UnicodeDecodeError as error:
        raise IssuerError("unreadable_file", f"{path}: not UTF-8") from error


def write_file(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Puts a new file of this mode in the place of `path`: after a crash the old one or the new one is there.

    Raises:
        IssuerError: `unwritable_file`, also where a link or a device stands.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise IssuerError("unwritable_file", f"{path}: there is something other than a file")
        write_atomically(path, data, mode=mode)
    except OSError as error:
        raise IssuerError("unwritable_file", f"{path}: {error.strerror}") from error


def deliver(text: bytes, out: str | None) -> None:
    """Writes an answer to a file, or prints it."""
    if out is None:
        print(text.decode("utf-8"))
    else:
        write_file(Path(out), text + b"\n")


def print_json(document: object) -> None:
    """Prints one JSON object."""
    print(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def print_json_rows(rows: Iterable[Mapping[str, object]]) -> None:
    """Prints a JSON array, one object a line: it may have a hundred thousand."""
    encode = json.JSONEncoder(ensure_ascii=False, default=str).encode
    separator = "[\n"
    for row in rows:
        print(separator + encode(row), end="")
        separator = ",\n"
    print("[]" if separator == "[\n" else "\n]")


def rfc3339(seconds: int) -> str:
    """An epoch second as people and programs write it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
