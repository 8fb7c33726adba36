"""The register's database: opened, brought up to date, and written by one who decides at a time.

An SQLite file, or PostgreSQL: what differs is in `database_sqlite` and `database_postgres`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, event, inspect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlmodel import Session

from issuer import database_postgres, database_sqlite
from issuer.errors import IssuerError

HEAD = "0016"
"""The newest migration; a test holds it against the folder."""
_READ_ONLY = "montrey_read_only"
_SHARED = "montrey_shared"
_DIALECTS: dict[str, ModuleType] = {"sqlite": database_sqlite, "postgresql": database_postgres}


def connect(url: URL | str) -> Engine:
    """The engine of a database URL; nothing is opened yet.

    Raises:
        IssuerError: `unsupported_database` for anything but SQLite in a file and
            PostgreSQL, and for PostgreSQL without its driver.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # its text has the URL, and the password with it
        raise IssuerError("unsupported_database", "MONTREY_DATABASE_URL is not a database URL") from None
    dialect = _DIALECTS.get(parsed.get_backend_name())
    if dialect is None:
        raise IssuerError(
            "unsupported_database",
            "the register is kept in an SQLite file (sqlite:///PATH) or in PostgreSQL "
            "(postgresql://USER@HOST/DATABASE)",
        )
    engine: Engine = dialect.engine(parsed)
    event.listen(engine, "begin", _begin)
    return engine


def file_url(path: Path) -> URL:
    """The URL of an SQLite file, whatever characters its name has."""
    return URL.create("sqlite", database=str(path))


def file_of(engine: Engine) -> Path | None:
    """The file of the register, where it is one."""
    return Path(str(engine.url.database)) if engine.dialect.name == "sqlite" else None


@contextmanager
def writing(engine: Engine, *, shared: bool = False) -> Iterator[Session]:
    """One writing transaction: all of it is kept, or nothing. Nobody else decides on anything meanwhile.

    With `shared` others that are shared write at the same time, and each row is
    to be locked before it is decided on (SELECT … FOR UPDATE SKIP LOCKED): for
    workers that each do a part of a long work. SQLite has one writer all the same.

    Raises:
        IssuerError: `register_busy`, `register_refused`, `register_unusable`, `register_damaged`.
    """
    chosen = engine.execution_options(**{_SHARED: True}) if shared else engine
    with _named(engine), Session(chosen, autoflush=False) as session, session.begin():
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """One consistent view, beside whoever writes.

    Raises:
        IssuerError: as `writing`.
    """
    with _named(engine), Session(engine.execution_options(**{_READ_ONLY: True})) as session:
        yield session


def append(connection: Connection, table: Table, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Appends rows, each with a value (a number, text, bytes or None) for the named columns; many are cheap.

    `columns` are names of `table` with spaces between.

    Raises:
        IssuerError: as `writing`.
    """
    _DIALECTS[connection.dialect.name].append(connection, table, columns.split(), list(rows))


def check(session: Session) -> None:
    """Finds out whether the database is whole, as far as it can tell itself.

    Raises:
        IssuerError: `register_damaged`.
    """
    connection = session.connection()
    _DIALECTS[connection.dialect.name].check(connection)


def forget(engine: Engine) -> None:
    """Takes out of the database what rows held before they were changed; others wait meanwhile.

    Raises:
        IssuerError: as `writing`.
    """
    _dialect(engine).forget(engine)


def create(engine: Engine) -> None:
    """Makes the tables; a file is one that only its owner can read. Of tables that are there, as `upgrade`.

    Raises:
        IssuerError: as `upgrade`; `register_unusable` when there is no place for them.
    """
    _dialect(engine).make_place(engine)
    _migrate(engine)


@contextmanager
def filling(engine: Engine, version: str = HEAD) -> Iterator[Connection]:
    """A transaction that makes the empty tables of a version, to be filled in it: all is kept, or nothing.

    An older version is made in an SQLite file alone.

    Raises:
        IssuerError: `register_exists` where there are tables already; `newer_register`
            for a version that is not here; as `create`.
    """
    from alembic.util import CommandError  # noqa: PLC0415

    from issuer.migrations import run  # noqa: PLC0415

    _dialect(engine).make_place(engine)
    with _named(engine), engine.begin() as connection:
        if inspect(connection).get_table_names():
            raise IssuerError("register_exists", "the database holds a register already")
        try:
            run.to_version(connection, version)
        except CommandError as error:
            raise IssuerError(
                "newer_register", f"this program knows no register of version {version}"
            ) from error
        yield connection


def upgrade(engine: Engine) -> Path | None:
    """Brings the tables up to date, in one transaction; a register that is up to date is only looked at.

    An SQLite register is copied first; returns where the copy is.

    Raises:
        IssuerError: `unwritable_file` where there is no room for the copy;
            `register_missing`; `newer_register` when a later version of
            this program wrote it; `register_busy`, `register_unusable`, `register_damaged`.
    """
    missing = IssuerError(
        "register_missing",
        "the register is not where it should be; nothing was made. If it is lost, restore the last backup "
        "into a new home: --home NEW restore FILE",
    )
    file = file_of(engine)
    if file is not None and not file.is_file():
        raise missing
    with _named(engine), engine.execution_options(**{_READ_ONLY: True}).connect() as connection:
        version = _version(connection)
    if version is None:
        raise missing
    copy = None
    if version != HEAD:
        if file is not None and version < HEAD:
            copy = database_sqlite.copy(file, version)
        _migrate(engine)
    return copy


def _migrate(engine: Engine) -> None:
    from alembic.util import CommandError  # noqa: PLC0415  # alembic costs 0.2 s and is seldom needed

    from issuer.migrations import run  # noqa: PLC0415

    try:
        with _named(engine), engine.begin() as connection:
            run.to_head(connection, is_new=_version(connection) is None)
    except CommandError as error:
        raise IssuerError("newer_register", "a later version of this program wrote the register") from error


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return str(row[0]) if row else None


@contextmanager
def _named(engine: Engine) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise _dialect(engine).refusal(error.orig, engine.url) from error


def _dialect(engine: Engine) -> ModuleType:
    return _DIALECTS[engine.dialect.name]


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    begin = _DIALECTS[connection.dialect.name].begin
    begin(connection, read_only=bool(options.get(_READ_ONLY)), shared=bool(options.get(_SHARED)))
