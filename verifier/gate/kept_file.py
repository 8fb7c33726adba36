"""The gate's small files: whole after a power cut, private, and read without trust in what stands there."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from did.errors import DidError
from did.strict_json import dumps, loads
from trust.disk import read, sync_folder, write_atomically
from trust.errors import TrustError
from verifier.gate.errors import GateError

MAX_BYTES = 1 << 14
"""Far more than any of these files has."""


def make_folder(folder: Path) -> None:
    """Makes a folder that nobody else may look into; its name is on disk at the end.

    Raises:
        OSError: the disk is full or read-only.
    """
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync_folder(folder.parent)


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Keeps other threads and processes out, as far as the folder exists or can be made."""
    with suppress(OSError):
        make_folder(folder)
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        yield  # nothing can be written there either
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def read_bytes(path: Path) -> bytes | None:
    """What stands in a file, or None where there is no such file; at most one byte more than `MAX_BYTES`.

    What cannot be read, a link or a folder say, is as damaged as an empty file.
    """
    try:
        return read(path, max_bytes=MAX_BYTES)
    except FileNotFoundError:
        return None
    except (OSError, TrustError):
        return b""


def parse(data: bytes) -> dict[str, object] | None:
    """The JSON object in these bytes, or None when they are damaged."""
    try:
        value = loads(data, max_bytes=MAX_BYTES)
    except DidError:
        return None
    return value if isinstance(value, dict) else None


def replace(path: Path, value: dict[str, object]) -> None:
    """Writes a JSON object in the place of the old one, for the owner's eyes; on disk at the end.

    To be called under `one_at_a_time`: two writers share one temporary name.

    Raises:
        GateError: `disk_full`, also for a disk that is read-only or broken; the old file stands.
    """
    try:
        make_folder(path.parent)
        write_atomically(path, dumps(value) + b"\n", mode=0o600)
    except OSError as error:
        with suppress(OSError):
            path.with_name(f".{path.name}.new").unlink()
        raise GateError("disk_full", "the disk takes nothing: it is full, read-only or broken") from error
