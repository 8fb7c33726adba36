"""A backup: the register and the home in one file, whole or not at all, while the desk works.

It holds what a ministry needs to go on elsewhere: settings, encrypted keys, what
custodians signed, photos, and every row of the register, in a form that SQLite
and PostgreSQL both take. Not the keys of custodians that still lie in the home
(`HOME/offline`), with their passphrases beside them: copies of those are made by nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, func, select

from did.keyfile import Cost
from did.version import VERSION
from issuer import audit, database, register_rows
from issuer.backup_file import is_name
from issuer.backup_writer import BackupWriter
from issuer.errors import IssuerError
from issuer.home import Home
from issuer.models import METADATA
from issuer.progress import Progress
from issuer.whole_output import new_file
from trust.documents import AuditHead

_SINGLE = ("config.json", "retention.json", "online-key.jwk")
_READ = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a backup holds: its size in bytes, rows, photos, the head of the audit chain.

    `problems` is how many things an examination of the register found;
    `custodians` tells that keys of custodians lie in the home and are not in it.
    """

    size: int
    rows: int
    photos: int
    head: AuditHead
    problems: int
    custodians: bool


def make(
    home: Home,
    engine: Engine,
    out: Path,
    *,
    passphrase: str | None,
    cost: Cost,
    now: int,
    progress: Progress | None = None,
) -> Backup:
    """Writes a backup to `out`, sealed with `passphrase`, or as it is where that is None.

    Raises:
        IssuerError: `backup_exists`, `unwritable_file`; as `database.reading`.
        OSError: a file of the home cannot be read.
    """
    if out.is_file() and not out.is_symlink():
        raise IssuerError(
            "backup_exists",
            f"{out}: a file of this name is there already: choose another name, or remove it",
            path=out,
        )
    with new_file(out) as file:
        writer = BackupWriter(_Named(out, file.write), passphrase, cost=cost)
        # The trust first: the register, read later, has every key and template that it names.
        for name in (*_SINGLE, *_files(home, home.trust)):
            if (home.path / name).is_file():
                writer.add(name, _bytes_of(home.path / name))
        rows, head, problems = _add_register(writer, engine, progress)
        # Keys and photos are written before the rows that speak of them: so none is missing.
        for name in (*_files(home, home.keys), *_files(home, home.staff)):
            writer.add(name, _bytes_of(home.path / name))
        for name in (*_files(home, home.photos), *_files(home, home.photos / "sent")):
            with suppress(FileNotFoundError):  # erased meanwhile
                writer.add(name, [(home.path / name).read_bytes()])
        manifest: dict[str, Any] = {
            "montrey": "backup",
            "program": VERSION,
            "schema": database.HEAD,
            "at": now,
            "rows": rows,
            "head": [head.length, head.head],
            "problems": problems,
        }
        writer.finish(manifest)
        size = file.tell()
    return Backup(
        size=size,
        rows=sum(rows.values()),
        photos=writer.contents.photos,
        head=head,
        problems=problems,
        custodians=home.offline.is_dir() and any(home.offline.iterdir()),
    )


def tables() -> list[Table]:
    """The tables of a register, each after those that its rows point to."""
    return METADATA.sorted_tables


def _add_register(
    writer: BackupWriter, engine: Engine, progress: Progress | None
) -> tuple[dict[str, int], AuditHead, int]:
    """Every row as of one moment: how many by table, the chain's head, and what does not fit."""
    with database.reading(engine) as session:
        database.check(session)
        connection = session.connection()
        total = sum(
            connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables()
        )
        rows: dict[str, int] = {}

        def counted(lines: Iterator[bytes], name: str) -> Iterator[bytes]:
            before = sum(rows.values())
            for number, line in enumerate(lines):
                rows[name] = number  # the first line names the columns
                if progress and number % 1000 == 0:
                    progress(before + number, total)
                yield line

        for table in tables():
            lines = register_rows.lines(connection, table)
            writer.add(f"register/{table.name}", counted(lines, table.name))
        return rows, audit.head(session), len(audit.examine(session).problems)


def _files(home: Home, folder: Path) -> list[str]:
    """The files in a folder of the home that a backup holds; none that is being written, nor a stranger's."""
    names = (path.relative_to(home.path).as_posix() for path in folder.glob("*") if path.is_file())
    return sorted(name for name in names if is_name(name))


def _bytes_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while data := file.read(_READ):
            yield data


class _Named:
    """A file to be written to; what it refuses is told with its name."""

    def __init__(self, path: Path, write: Callable[[bytes], int]) -> None:
        self._path = path
        self._write = write

    def write(self, data: bytes, /) -> None:
        try:
            self._write(data)
        except OSError as error:
            raise IssuerError(
                "unwritable_file",
                f"{self._path}: {error.strerror}; choose another place or make room, and give the same "
                "command again",
            ) from error
