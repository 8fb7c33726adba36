"""What every command of `montrey-issuer` shares: home, language, clock, passphrase, files, progress."""

from __future__ import annotations

import errno
import getpass
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress as Bar

from did.keyfile import Cost
from issuer import cli_wording
from issuer.cli_output import tell
from issuer.cli_program import (
    NEW_PASSPHRASE_FILE,
    PASSPHRASE_FILE,
    PERSON,
    PIN_FILE,
    STAFF_PASSPHRASE_FILE,
    UsageError,
)
from issuer.duties import DUTIES, Order
from issuer.errors import IssuerError
from issuer.home import Home
from issuer.office import Issuer
from issuer.progress import Progress
from issuer.signing import names_token
from issuer.staff import FIRST

_MAX_PASSPHRASE = 1024
YES = ("yes", "បាទ", "ចាស", "យល់ព្រម")
"""What a person may type to go on, in either language."""


@dataclass(frozen=True, slots=True)
class Session:
    """One run of the program; `clock` gives aware datetimes, `cost` is that of new key files.

    `person` is who is at it, as `--as` says.
    """

    home: Path
    language: str
    clock: Callable[[], datetime]
    cost: Cost
    person: str | None = None

    def open(
        self,
        *,
        order: Order | None = None,
        confirming: bool = False,
        signing: bool = False,
        in_token: bool = False,
        pin: bool = True,
    ) -> Issuer:
        """Opens the home: to read, or to give `order` in the name of who is at it.

        For one that signs, with the home's passphrase, and with the PIN of its tokens, where it
        names keys in one or is to make some (`in_token`), unless it needs none (`pin`). Who may
        only ask for it needs neither. All are asked for here, before a transaction makes others wait.

        Raises:
            UsageError: nobody is named.
            IssuerError: `unknown_person`, `no_staff`, of `--as` also where nobody in particular is needed.
        """
        if order is None:
            office = self._open()
            if name := self._named():
                office.check_person(name)
            return office
        name = self.somebody(order, confirming=confirming)
        person = (name, self.person_passphrase(name))
        office = self._open(person=person)
        if not signing or (DUTIES[order].confirm and not office.may_confirm(order)):
            return office
        passphrase = self.passphrase()
        if passphrase == person[1] and not os.environ.get(PASSPHRASE_FILE):
            self.note("same_passphrase", name=name)
        wanted = pin and (in_token or names_token(Home(self.home).keys))
        return self._open(passphrase, person=person, pin=self.pin() if wanted else None)

    def look(self) -> Issuer:
        """Opens the home to read: as the member of staff whom `--as` names, or as nobody in particular."""
        name = self.person or os.environ.get(PERSON)
        return self._open(person=None if name is None else (name, self.person_passphrase(name)))

    def _open(
        self, passphrase: str | None = None, *, person: tuple[str, str] | None = None, pin: str | None = None
    ) -> Issuer:
        return Issuer.open(
            self.home,
            passphrase,
            person=person,
            pin=pin,
            clock=self.clock,
            copied=lambda path: self.note("upgraded", path=path),
        )

    def somebody(self, order: Order | None = None, *, confirming: bool = False) -> str:
        """The name of who is at it: as `--as` says.

        Where nobody was added to the staff that a home begins with, roles and names
        are one, and without `--as` it is the one whose duty `order` is.

        Raises:
            UsageError: nobody is named.
            IssuerError: `no_staff`.
        """
        name = self._named()
        if name is None and order is not None:
            duty = DUTIES[order]
            roles = duty.confirm if confirming else duty.ask
            staff = self._open().staff()
            if [(one.name, one.ended_at) for one in staff] == [(first, None) for first in FIRST]:
                name = next(first for first, role in FIRST.items() if role in roles)
        if name is None:
            self._open().check_person(None)
            raise UsageError("say_who")
        return name

    def _named(self) -> str | None:
        return self.person or os.environ.get(PERSON) or None

    def person_passphrase(self, name: str) -> str:
        """The passphrase of somebody's key: from the file that is named, or typed.

        Without a file of their own, it is looked for where the home's is: the first staff has that.
        """
        file = os.environ.get(STAFF_PASSPHRASE_FILE) or os.environ.get(PASSPHRASE_FILE)
        if file:
            return _first_line(file)
        if not sys.stdin.isatty():
            raise UsageError("no_terminal", variable=f"{STAFF_PASSPHRASE_FILE} / {PASSPHRASE_FILE}")
        return getpass.getpass(self.say("ask_person", name=name))

    def new_passphrase(self, question: str, **values: object) -> str:
        """A passphrase that nothing has yet: from a file of its own, never the home's, or typed twice.

        `question` is the phrase that asks for it.
        """
        if file := os.environ.get(NEW_PASSPHRASE_FILE):
            return _first_line(file)
        if not sys.stdin.isatty():
            raise UsageError("no_terminal", variable=NEW_PASSPHRASE_FILE)
        return self._typed_twice(question, **values)

    def say(self, phrase: str, **values: object) -> str:
        """A phrase in the session's language."""
        return cli_wording.say(self.language, phrase, **values)

    def note(self, phrase: str, **values: object) -> None:
        """Tells the person something, beside the output that another program may read."""
        tell(self.say(phrase, **values), file=sys.stderr)

    def passphrase(self, *, new: bool = False) -> str:
        """The passphrase of a home or key file: from the file that is named, or typed (a new one's twice)."""
        file = os.environ.get(PASSPHRASE_FILE)
        if file:
            return _first_line(file)
        if not sys.stdin.isatty():
            raise UsageError("no_terminal", variable=PASSPHRASE_FILE)
        return self._typed_twice("ask_new") if new else getpass.getpass(self.say("ask_passphrase"))

    def _typed_twice(self, question: str, **values: object) -> str:
        typed = getpass.getpass(self.say(question, **values))
        if typed != getpass.getpass(self.say("ask_again")):
            raise UsageError("not_the_same")
        return typed

    def pin(self) -> str:
        """The PIN of a token: from the file that is named, or typed."""
        file = os.environ.get(PIN_FILE)
        if file:
            return _first_line(file)
        if not sys.stdin.isatty():
            raise UsageError("no_terminal_for_pin", variable=PIN_FILE)
        return getpass.getpass(self.say("ask_pin"))

    def confirm(self, question: str, *, yes: bool) -> None:
        """Goes on only when the person at the terminal types a word of `YES`, or said so beforehand (`yes`).

        Raises:
            UsageError: without a terminal nobody has read what is asked.
            IssuerError: `not_confirmed`.
        """
        if yes:
            return
        if not sys.stdin.isatty():
            raise UsageError("no_terminal_to_confirm")
        print(self.say(question), end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip() not in YES:
            raise IssuerError("not_confirmed", "it was not confirmed with yes; nothing was signed")

    @contextmanager
    def progress(self, phrase: str) -> Iterator[Progress | None]:
        """A bar while something long is done, where a terminal is there to show it."""
        if not sys.stderr.isatty():
            yield None
            return
        with Bar(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(self.say(phrase), total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)


def _first_line(file: str) -> str:
    return read_text(Path(file), max_bytes=_MAX_PASSPHRASE).removesuffix("\n").removesuffix("\r")


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
    with _new_file(path, mode=mode) as write:
        write(data)


@contextmanager
def delivery(out: str | None) -> Iterator[Callable[[bytes], None]]:
    """Takes an answer, for the file `out` or to be printed, and hands it over when the block ends well.

    The place is made ready first, and when an answer for a file is taken, room
    for it is held on the disk: whoever keeps a transaction open meanwhile loses
    nothing, and nothing is handed over that was not kept.

    Raises:
        IssuerError: `unwritable_file`.
    """
    answers: list[bytes] = []
    if out is not None:
        with _new_file(Path(out), mode=0o600) as write:

            def take(text: bytes) -> None:
                answers.append(text + b"\n")
                write(bytes(len(answers[-1])))

            yield take
            if answers:
                write(answers[-1])
        return
    with _named("standard output"):
        if sys.stdout is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    yield answers.append
    with _named("standard output"):
        for text in answers:
            tell(text.decode("utf-8"))
        flush_output()


def flush_output() -> None:
    """Sends off what was printed.

    Raises:
        OSError: it has nowhere to go; it is dropped then, or Python would fail on it once more at its end.
    """
    try:
        sys.stdout.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        raise


@contextmanager
def _new_file(path: Path, *, mode: int) -> Iterator[Callable[[bytes], None]]:
    """What is written last takes the place of `path` when the block ends well, and else nothing does.

    Where nothing is written, nothing takes its place.
    """
    new = path.with_name(f".{path.name}.new") if path.name else path
    with _named(path):
        if not path.name or path.is_symlink() or (path.exists() and not path.is_file()):
            raise OSError(errno.EINVAL, "no place for a file")
        path.parent.mkdir(parents=True, exist_ok=True)
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    written = False
    try:

        def write(data: bytes) -> None:
            nonlocal written
            written = True
            with _named(path):
                if os.pwrite(descriptor, data, 0) < len(data):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(descriptor)

        yield write
        if written:
            with _named(path):
                new.replace(path)
    finally:
        os.close(descriptor)
        new.unlink(missing_ok=True)


@contextmanager
def _named(place: Path | str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise IssuerError(
            "unwritable_file",
            f"{place}: {error.strerror}; choose another place or make room, and give the same command again",
        ) from error


def rfc3339(seconds: int) -> str:
    """An epoch second as people and programs write it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
