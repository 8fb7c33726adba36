"""A home and its register out of a backup: all of it, where there was nothing, or nothing.

The whole file is read and held against its manifest before anything is written.
Home and register are made beside their places, the register in one transaction;
it is kept first, and the home gets its name then. Killed between the two, the
same command knows the register again by its last link and finishes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection
from sqlmodel import Session

from issuer import (
    backup_reader,
    database,
    published_state,
    register_load,
    register_rows,
    restored_register,
    staff,
)
from issuer.backup_manifest import Manifest
from issuer.errors import IssuerError
from issuer.home import Home
from issuer.progress import Progress
from issuer.published_state import Published
from issuer.restored_register import Loading, Restored
from issuer.staff import Member
from issuer.whole_output import new_folder, put

_ROOT = "trust/1.root.json"
_TABLE = "register/"
Passphrase = Callable[[], str]
Person = Callable[[], tuple[str, str]]
Entries = Generator[tuple[str, Iterator[bytes]], None, dict[str, Any]]


def _nobody() -> tuple[str, str]:
    raise IssuerError("no_person", "somebody has to stand for this: --as NAME")


def restore(
    file: Path,
    home: Path,
    *,
    passphrase: Passphrase,
    now: datetime,
    published: Path | None = None,
    nothing_since: bool = False,
    person: Person = _nobody,
    progress: Progress | None = None,
) -> Restored:
    """Restores a backup into `home`, which is new or empty, and into an empty database.

    `passphrase` gives that of the backup, where it is sealed. `published` is the newest publication,
    or the home of a gate that has it; `nothing_since` says that the register did nothing after the backup.
    `person` gives name and passphrase of the member of staff in whose name cards are ended or
    suspended that were published so after it.

    Raises:
        IssuerError: `home_exists`, `register_exists`, `unreadable_file`, a code of
            `backup_reader.open_stream` and `backup_reader.checked`, `published_needed`,
            `published_differs`, `backup_behind`, `unwritable_file`; as `database.writing`.
        DidError: `wrong_passphrase`, `malformed_key_file`.
        TrustError: as `published_state.read`, `published_state.take_trust`.
    """
    if home.is_symlink() or (home.exists() and not (home.is_dir() and not any(home.iterdir()))):
        raise IssuerError("home_exists", "there is something at this place already")
    with _opened(file, passphrase, progress) as entries:
        manifest, root = _examined(entries)
    known = None if published is None else published_state.read(published, root, now=now)
    if known is None and manifest.rows.get("publication") and not nothing_since:
        raise IssuerError(
            "published_needed",
            "the register may have published after this backup: name the newest stick, or a gate's home "
            "(--published); or say that it did nothing after it (--nothing-since)",
        )
    with new_folder(home) as building, _opened(file, passphrase, progress, again=True) as entries:
        place = _Place(Home(building), manifest, known, lossy=not nothing_since, person=person, now=now)
        return place.fill(entries)


class _Place:
    """The home that is being built, and its database."""

    def __init__(
        self,
        home: Home,
        manifest: Manifest,
        published: Published | None,
        *,
        lossy: bool,
        person: Person,
        now: datetime,
    ) -> None:
        self._home = home
        self._manifest = manifest
        self._published = published
        self._lossy = lossy
        self._person = person
        self._now = now

    def fill(self, entries: Entries) -> Restored:
        """Writes every file and, in one transaction, every row; the files alone where these are there."""
        engine = database.connect(self._home.database_url())
        try:
            made = restored_register.already(engine, self._manifest)
            if made is not None:
                self._write(entries, lambda *_: None)
                return made
            with database.filling(engine) as connection:
                if self._manifest.schema == database.HEAD:
                    self._load(connection, entries)
                else:
                    self._load_older(connection, entries)
                with Session(connection) as session:
                    restored_register.settle(
                        session,
                        self._manifest,
                        published=self._published,
                        lossy=self._lossy,
                        sign_in=self._sign_in,
                        now=int(self._now.timestamp()),
                    )
                    restored = restored_register.told(session, self._manifest)
                    session.commit()  # of the session alone: the transaction is `filling`'s
        finally:
            engine.dispose()
        if restored is None:
            raise AssertionError("the last link is that of the restoration")
        return restored

    def _sign_in(self, session: Session) -> tuple[str, Member]:
        """Whose register it is, and who is at it."""
        member = staff.sign_in(session, self._home.staff, *self._person())
        return self._home.read_config().issuer, member

    def _load(self, connection: Connection, entries: Entries) -> None:
        loading = Loading(connection, published=self._published, lossy=self._lossy)
        with register_load.rules_of_birth_resting(connection):
            self._write(entries, loading.load)
            loading.finish(dict(self._manifest.rows))

    def _load_older(self, connection: Connection, entries: Entries) -> None:
        """By way of a register of the backup's version, which is upgraded as any is."""
        folder = self._home.path / "older"
        folder.mkdir(mode=0o700)
        older = database.connect(database.file_url(folder / "register.sqlite"))
        with database.filling(older, self._manifest.schema) as first:
            loading = Loading(first, published=None, lossy=False)
            with register_load.rules_of_birth_resting(first):
                self._write(entries, loading.load)
                loading.finish(dict(self._manifest.rows))
        database.upgrade(older)
        loading = Loading(connection, published=self._published, lossy=self._lossy)
        rows = {}
        with database.reading(older) as session, register_load.rules_of_birth_resting(connection):
            for name, table in register_load.tables_of(session.connection()).items():
                lines = list(register_rows.lines(session.connection(), table))
                loading.load(name, lines)
                rows[name] = len(lines) - 1
            loading.finish(rows)
        older.dispose()
        shutil.rmtree(folder)  # with the copy from before its upgrade

    def _write(self, entries: Entries, load: Callable[[str, Iterator[bytes]], object]) -> None:
        """Every entry to its place; at the end the file is found whole, and the one that was examined."""
        again = _each(entries, lambda name, body: self._take(name, body, load))
        if again["sha256"] != self._manifest.sha256:
            raise IssuerError(
                "backup_altered", "the backup was changed while it was read; nothing was restored"
            )
        if self._published is not None:
            published_state.take_trust(self._home, self._published, now=self._now)

    def _take(self, name: str, body: Iterator[bytes], load: Callable[[str, Iterator[bytes]], object]) -> None:
        if name.startswith(_TABLE):
            load(name.removeprefix(_TABLE), body)
            return
        try:
            put(self._home.path / name, b"".join(body))
        except OSError as error:
            raise IssuerError(
                "unwritable_file",
                f"{name}: {error.strerror}; make room, and give the same command again",
            ) from error


def _each(entries: Entries, take: Callable[[str, Iterator[bytes]], object]) -> dict[str, Any]:
    """Hands every entry to `take`; returns the manifest."""
    while True:
        try:
            name, body = next(entries)
        except StopIteration as end:
            return dict(end.value)
        take(name, body)


def _examined(entries: Entries) -> tuple[Manifest, bytes]:
    """The manifest of a file that was read as a whole, and the ministry's first root."""
    roots: list[bytes] = []

    def take(name: str, body: Iterator[bytes]) -> None:
        if name == _ROOT:
            roots.append(b"".join(body))

    manifest = Manifest.read(_each(entries, take))
    return manifest, b"".join(roots)


@contextmanager
def _opened(
    file: Path, passphrase: Passphrase, progress: Progress | None, *, again: bool = False
) -> Iterator[Entries]:
    """The entries in a file, which is read twice in all: that moves the bar."""
    try:
        if not file.is_file():  # a pipe might never end
            raise IssuerError("unreadable_file", f"{file}: not a file")
        with file.open("rb") as opened:
            yield backup_reader.checked(
                backup_reader.open_stream(_Told(opened, progress, again=again), passphrase)
            )
    except OSError as error:
        raise IssuerError("unreadable_file", f"{file}: {error.strerror}") from error


class _Told:
    """A file to be read; how far it is read is told."""

    def __init__(self, file: BinaryIO, progress: Progress | None, *, again: bool) -> None:
        self._file = file
        self._size = os.fstat(file.fileno()).st_size
        self._before = self._size if again else 0
        self._progress = progress

    def read(self, size: int, /) -> bytes:
        data = self._file.read(size)
        if self._progress:
            self._progress(self._before + self._file.tell(), 2 * self._size)
        return data
