"""The register in PostgreSQL, by psycopg 3.

Who decides takes an exclusive advisory lock first, so that two officers never
decide on one state, and then reads at READ COMMITTED: a later isolation would
look at rows as they were before the turn came. Triggers make a console take
the same turns (`issuer.guards_postgres`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import URL, Column, Connection, Engine, Table, create_engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from issuer.errors import IssuerError

WAIT_MS = 30_000
_SILENCE_MS = 600_000
"""A machine that vanishes in the middle of its turn is waited for no longer."""
_CONNECT_SECONDS = 30
TURN_KEY = 0x4D_4F_4E_54_52_45_59
"""The advisory lock that says whose turn it is: exclusive to decide, shared to work beside others."""
ORDER_KEY = TURN_KEY + 1
"""The one that orders what is numbered without a gap in time (`issuer.guards_postgres`)."""
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
_AS_GIVEN = frozenset({"integer", "bigint", "varchar", "bytea"})
"""Types whose values are given as what they are; a day is given as text."""
_DRIVERS = ("postgresql", "postgresql+psycopg")
_BUSY = {"55P03", "40001", "40P01", "57014"}
"""SQLSTATEs: a lock was not to be had in time, a deadlock, a statement's time over."""
_OTHERS = {"42P01", "42703", "42883", "42P07", "42723", "42710"}
"""Tables, columns, functions or triggers that are not there, or are in the way: not this program's."""


def engine(url: URL) -> Engine:
    """The engine of a PostgreSQL database.

    Raises:
        IssuerError: `unsupported_database` for another driver, no database's
            name, or where psycopg is not installed.
    """
    if url.drivername not in _DRIVERS or not url.database:
        raise IssuerError("unsupported_database", "a PostgreSQL register is postgresql://USER@HOST/DATABASE")
    patience = {} if "connect_timeout" in url.query else {"connect_timeout": _CONNECT_SECONDS}
    try:
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            poolclass=NullPool,
            hide_parameters=True,
            connect_args={**patience, "client_encoding": "utf8"},
        )
    except ImportError as error:
        raise IssuerError(
            "unsupported_database", "PostgreSQL needs its driver: pip install 'montrey[postgres]'"
        ) from error


def make_place(engine: Engine) -> None:
    """Looks whether the database takes Khmer at all.

    Raises:
        IssuerError: `register_unusable`.
    """
    try:
        with engine.connect() as connection:
            encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    except DBAPIError as error:
        raise refusal(error.orig, engine.url) from error
    if encoding != "UTF8":
        raise IssuerError("register_unusable", "the database is to be made with ENCODING 'UTF8'")


def begin(connection: Connection, *, read_only: bool, shared: bool) -> None:
    """Begins to read one consistent view, or waits for a turn to write."""
    if read_only:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return
    turn = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    limits = {"lock_timeout": WAIT_MS, "idle_in_transaction_session_timeout": _SILENCE_MS}
    settings = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in limits.items())
    connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE")
    connection.exec_driver_sql(f"SELECT {settings}")
    connection.exec_driver_sql(f"SELECT {turn}({TURN_KEY})")


def forget(engine: Engine) -> None:
    """Writes anew the tables that hold personal data, without their rows' old versions."""
    import psycopg  # noqa: PLC0415  # only where it is installed

    connection = engine.raw_connection()
    try:
        connection.driver_connection.set_autocommit(True)  # type: ignore[union-attr]
        connection.cursor().execute("VACUUM FULL person, card, prepared")
    except psycopg.Error as error:
        raise refusal(error, engine.url) from error
    finally:
        connection.close()


def check(connection: Connection) -> None:
    """Nothing: the server looks after its own files."""


def append(
    connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Appends rows by COPY, which is faster than INSERT where they are many; triggers see each of them.

    In PostgreSQL's binary form where each value is of its column's type: as text, bytes are twice as long.

    Raises:
        IssuerError: as `refusal`.
    """
    import psycopg  # noqa: PLC0415  # only where it is installed

    cursor = connection.connection.cursor()
    types = [_type(table.columns[name]) for name in columns]
    binary = _AS_GIVEN.issuperset(types)
    form = " (FORMAT BINARY)" if binary else ""
    try:
        with cursor.copy(f"COPY {table.name} ({', '.join(columns)}) FROM STDIN{form}") as stream:
            if binary:
                stream.set_types(types)
            for row in rows:
                stream.write_row(row)
    except psycopg.Error as error:
        raise refusal(error, connection.engine.url) from error
    finally:
        cursor.close()


def _type(column: Column[Any]) -> str:
    """PostgreSQL's name of a column's type."""
    return str(column.type.compile(_DIALECT)).lower()


def refusal(error: BaseException | None, url: URL) -> IssuerError:
    """What an error of the driver means. Neither a password nor a value of a row is in it."""
    state = str(getattr(error, "sqlstate", None) or "")
    if state in _BUSY:
        return IssuerError("register_busy", "another command is writing to the register; try again")
    if state.startswith("23"):  # a constraint's or a trigger's own message; values stand in its DETAIL
        return IssuerError("register_refused", f"a rule of the register: {_message(error)}")
    if state.startswith("22"):  # its message quotes the value
        return IssuerError("register_refused", f"a rule of the register: a value no column holds ({state})")
    if state in _OTHERS:
        return IssuerError("register_damaged", "the database does not hold the tables of this program")
    told = _without_secrets(_message(error), url)
    return IssuerError("register_unusable", f"the register cannot be used: {told}")


def _message(error: BaseException | None) -> str:
    """The first line: PostgreSQL's own message, or why there is no connection."""
    primary = getattr(getattr(error, "diag", None), "message_primary", None)
    return str(primary or error).partition("\n")[0]


def _without_secrets(message: str, url: URL) -> str:
    for secret in (url.password, *_listed(url.query.get("password"))):
        if secret:
            message = message.replace(str(secret), "***")
    return re.sub(r"(?i)(password\s*=\s*)\S+", r"\1***", message)


def _listed(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,) if value else ()
