"""A register's rows as lines of JSON, the same for SQLite and for PostgreSQL.

One table is one stream of lines: first its columns' names, then one array a
row, in the order of the primary key. Bytes are base64url, days are RFC 3339.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Date, Integer, LargeBinary, Table, select
from sqlalchemy.sql.type_api import TypeEngine

from did import base64url, strict_json
from did.errors import DidError
from issuer.errors import IssuerError

MAX_LINE = 1 << 25
"""Bytes of one row: the longest are links of the audit chain (`audit_links.MAX_ENTRY` characters)."""
_AT_ONCE = 2000
_LARGEST = (1 << 63) - 1


def lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """Every row of a table, each line with its end."""
    yield strict_json.dumps(table.columns.keys()) + b"\n"
    writers = [_writer(column.type) for column in table.columns]
    found = connection.execute(
        select(*table.columns).order_by(*table.primary_key.columns).execution_options(yield_per=_AT_ONCE)
    )
    for row in found:
        yield (
            strict_json.dumps(
                [None if value is None else write(value) for write, value in zip(writers, row, strict=True)]
            )
            + b"\n"
        )


def rows(table: Table, given: Iterable[bytes]) -> Iterator[tuple[Any, ...]]:
    """The rows in `given` lines, with a value for every column of `table` in its order.

    Raises:
        IssuerError: `malformed_backup`.
    """
    iterator = iter(given)
    if _array(next(iterator, b"")) != table.columns.keys():
        raise _malformed(table, "has other columns")
    columns = list(table.columns)
    readers = [_reader(column) for column in columns]
    for line in iterator:
        values = _array(line)
        if len(values) != len(columns):
            raise _malformed(table, "has a row of another length")
        try:
            yield tuple(read(value) for read, value in zip(readers, values, strict=True))
        except (ValueError, TypeError, DidError) as error:
            raise _malformed(table, "has a value that its column does not hold") from error


def split(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines in chunks of a stream.

    Raises:
        IssuerError: `malformed_backup` for a line longer than `MAX_LINE`, or one without an end.
    """
    rest = bytearray()
    for chunk in chunks:
        first, *more = chunk.split(b"\n")
        rest += first
        if len(rest) > MAX_LINE:
            raise IssuerError("malformed_backup", "a row of the backup is longer than any of a register")
        if more:
            yield bytes(rest)
            yield from more[:-1]
            rest[:] = more[-1]
    if rest:
        raise IssuerError("malformed_backup", "the last row of a table of the backup has no end")


def _array(line: bytes) -> list[Any]:
    try:
        value = strict_json.loads(line, max_bytes=MAX_LINE)
    except DidError as error:
        raise IssuerError("malformed_backup", "a row of the backup is no JSON text") from error
    if not isinstance(value, list):
        raise IssuerError("malformed_backup", "a row of the backup is no array")
    return value


def _writer(kind: TypeEngine[Any]) -> Callable[[Any], Any]:
    if isinstance(kind, LargeBinary):
        return base64url.encode
    if isinstance(kind, Date):
        return date.isoformat
    return bool if isinstance(kind, Boolean) else _itself


def _itself(value: Any) -> Any:
    return value


def _reader(column: Column[Any]) -> Callable[[Any], Any]:
    kind = column.type
    if isinstance(kind, LargeBinary):
        read: Callable[[Any], Any] = base64url.decode
    elif isinstance(kind, Date):
        read = _day
    elif isinstance(kind, Boolean):
        read = _truth
    else:
        read = _whole if isinstance(kind, Integer) else _text
    return (lambda value: None if value is None else read(value)) if column.nullable else read


def _day(value: Any) -> str:
    """As the drivers of both databases take it."""
    return date.fromisoformat(value).isoformat()


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("no truth value")
    return value


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= _LARGEST:
        raise ValueError("no number of a register")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("no text of a register")
    return value


def _malformed(table: Table, what: str) -> IssuerError:
    return IssuerError("malformed_backup", f"the table {table.name} of the backup {what}")
