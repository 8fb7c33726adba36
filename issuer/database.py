"""The database file: opened, brought up to date, and written in one transaction at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from issuer.errors import IssuerError

HEAD = "0006"
"""The newest migration; a test holds it against the folder."""
_READ_ONLY = "montrey_read_only"
_WAIT_MS = 30_000


def connect(url: URL | str) -> Engine:
    """The engine of a database URL; nothing is opened yet.

    Raises:
        IssuerError: `unsupported_database` for anything but SQLite in a file.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise IssuerError("unsupported_database", "MONTREY_DATABASE_URL is not a database URL") from error
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise IssuerError("unsupported_database", "this version keeps the register in an SQLite file only")
    engine = create_engine(parsed, poolclass=NullPool)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def file_url(path: Path) -> URL:
    """The URL of an SQLite file, whatever characters its name has."""
    return URL.create("sqlite", database=str(path))


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """One writing transaction, from the first statement on the only one: all of it is kept, or nothing.

    Raises:
        IssuerError: `register_busy`, `register_damaged`.
    """
    with _named(), Session(engine, autoflush=False) as session, session.begin():
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """One consistent view, beside whoever writes.

    Raises:
        IssuerError: `register_busy`, `register_damaged`.
    """
    with _named(), Session(engine.execution_options(**{_READ_ONLY: True})) as session:
        yield session


def create(engine: Engine) -> None:
    """Makes the tables, in a file that only its owner can read.

    Raises:
        IssuerError: as `upgrade`; `register_unusable` when there is no place for the file.
    """
    try:
        Path(str(engine.url.database)).touch(mode=0o600)
    except OSError as error:
        raise IssuerError("register_unusable", f"the register cannot be made: {error.strerror}") from error
    _migrate(engine)


def upgrade(engine: Engine) -> None:
    """Brings the tables up to date, in one transaction; a register that is up to date is only looked at.

    Raises:
        IssuerError: `register_missing`; `newer_register` when a later version of
            this program wrote it; `register_busy`, `register_damaged`.
    """
    missing = IssuerError("register_missing", "the register is not where it should be; nothing was made")
    if not Path(str(engine.url.database)).is_file():
        raise missing
    with _named(), engine.execution_options(**{_READ_ONLY: True}).connect() as connection:
        version = _version(connection)
    if version is None:
        raise missing
    if version != HEAD:
        _migrate(engine)


def _migrate(engine: Engine) -> None:
    from alembic.util import CommandError  # noqa: PLC0415  # alembic costs 0.2 s and is seldom needed

    from issuer.migrations import run  # noqa: PLC0415

    try:
        with _named(), engine.begin() as connection:
            run.to_head(connection)
    except CommandError as error:
        raise IssuerError("newer_register", "a later version of this program wrote the register") from error


def _version(connection: Connection) -> str | None:
    with_table = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
    if connection.exec_driver_sql(with_table).first() is None:
        return None
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return str(row[0]) if row else None


@contextmanager
def _named() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        if "locked" in str(error.orig) or "busy" in str(error.orig):
            raise IssuerError(
                "register_busy", "another command is writing to the register; try again"
            ) from error
        raise IssuerError("register_unusable", f"the register cannot be used: {error.orig}") from error
    except DatabaseError as error:
        if isinstance(error.orig, sqlite3.IntegrityError):
            raise IssuerError("register_refused", f"a rule of the register: {error.orig}") from error
        raise IssuerError(
            "register_damaged", "the register file is not a database of this program"
        ) from error


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # BEGIN is ours, see `_begin`
    for pragma in (
        f"busy_timeout = {_WAIT_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "trusted_schema = OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # IMMEDIATE: a transaction that will write takes the lock before it reads,
    # so two commands never decide on the same state.
    read_only = connection.get_execution_options().get(_READ_ONLY)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
