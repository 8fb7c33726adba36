"""The register in an SQLite file."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event
from sqlalchemy.pool import NullPool

from issuer.errors import IssuerError
from trust.disk import sync_folder

WAIT_MS = 30_000
SAFETY_COPIES = "before-upgrade-*.sqlite"
"""What a register is copied to before an upgrade; its version takes the place of the star."""


def engine(url: URL) -> Engine:
    """The engine of a file.

    Raises:
        IssuerError: `unsupported_database` for a database in memory.
    """
    if not url.database or url.database == ":memory:":
        raise IssuerError("unsupported_database", "an SQLite register is a file: sqlite:///PATH")
    made = create_engine(url, poolclass=NullPool, hide_parameters=True)
    event.listen(made, "connect", _prepare)
    return made


def make_place(engine: Engine) -> None:
    """Makes the file, which only its owner can read.

    Raises:
        IssuerError: `register_unusable`.
    """
    try:
        Path(str(engine.url.database)).touch(mode=0o600)
    except OSError as error:
        raise IssuerError("register_unusable", f"the register cannot be made: {error.strerror}") from error


def begin(connection: Connection, *, read_only: bool, shared: bool) -> None:  # noqa: ARG001
    """IMMEDIATE: who will write takes the lock before reading, so two commands never decide on one state.

    A shared turn is a turn like any other: SQLite has one writer.
    """
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def append(connection: Connection, table: Table, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    """Appends rows, each with a value for every named column."""
    if rows:
        places = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({places})", rows)  # noqa: S608


def forget(engine: Engine) -> None:
    """Writes the file anew, without what rows held before, and empties the log beside it."""
    connection = engine.raw_connection()
    try:
        for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            connection.cursor().execute(statement)
    except sqlite3.Error as error:
        raise refusal(error, engine.url) from error
    finally:
        connection.close()


def check(connection: Connection) -> None:
    """Looks at every page of the file; what somebody wrote there is an audit's matter.

    Raises:
        IssuerError: `register_damaged`.
    """
    found = connection.exec_driver_sql("PRAGMA integrity_check").scalars()
    if any(line != "ok" and not line.startswith("CHECK constraint failed") for line in found):
        raise refusal(None, connection.engine.url)


def copy(file: Path, version: str) -> Path:
    """A copy of a register as it stands, beside it; it is whole, or it is not there.

    Raises:
        IssuerError: `unwritable_file`.
    """
    made = file.with_name(SAFETY_COPIES.replace("*", version))
    new = made.with_name(f".{made.name}.new")
    try:
        new.unlink(missing_ok=True)
        new.touch(mode=0o600)
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(new)) as target:
            source.backup(target)
        descriptor = os.open(new, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        new.replace(made)
        sync_folder(made.parent)
    except (OSError, sqlite3.Error) as error:
        raise IssuerError(
            "unwritable_file",
            f"{made}: {getattr(error, 'strerror', None) or error}; the register was not upgraded: make room, "
            "and give the same command again",
        ) from error
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)
    return made


def refusal(error: BaseException | None, url: URL) -> IssuerError:  # noqa: ARG001
    """What an error of the driver means."""
    if isinstance(error, sqlite3.OperationalError):
        if "locked" in str(error) or "busy" in str(error):
            return IssuerError("register_busy", "another command is writing to the register; try again")
        room = "its folder has to be writable, even to read, and its disk has to have room"
        return IssuerError("register_unusable", f"the register cannot be used: {error}; {room}")
    if isinstance(error, sqlite3.IntegrityError):
        return IssuerError("register_refused", f"a rule of the register: {error}")
    return IssuerError(
        "register_damaged",
        "the register file is not a database of this program: keep it as it is, and restore the last backup "
        "into a new home: --home NEW restore FILE",
    )


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # BEGIN is ours, see `begin`
    for pragma in (
        f"busy_timeout = {WAIT_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "trusted_schema = OFF",
        "cache_size = -65536",
    ):
        connection.execute(f"PRAGMA {pragma}")
