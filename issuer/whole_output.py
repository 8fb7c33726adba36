"""Large files and folders that are there whole or not at all, whatever happens while they are made."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from issuer.errors import IssuerError
from trust.disk import sync_folder


@contextmanager
def new_file(path: Path, *, mode: int = 0o600) -> Iterator[BinaryIO]:
    """A file to be written to and read, which takes the place of `path` when the block ends well.

    Raises:
        IssuerError: `unwritable_file`, also where a link or a device stands.
    """
    new = path.with_name(f".{path.name}.new") if path.name else path
    with _named(path):
        if not path.name or path.is_symlink() or (path.exists() and not path.is_file()):
            raise OSError(errno.EINVAL, "no place for a file")
        path.parent.mkdir(parents=True, exist_ok=True)
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            with _named(path):
                file.flush()
                os.fsync(file.fileno())
        with _named(path):
            new.replace(path)
            sync_folder(path.parent)
    finally:
        new.unlink(missing_ok=True)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A folder (0700) to be filled, which becomes `path` when the block ends well; else nothing of it stays.

    Raises:
        IssuerError: `unwritable_file`; `out_exists` where something stands already but an empty folder.
    """
    whole = path.absolute()
    building = whole.parent / f".{whole.name}.new"
    with _named(path):
        if whole.is_symlink() or (whole.exists() and not (whole.is_dir() and not any(whole.iterdir()))):
            raise IssuerError(
                "out_exists", f"{path}: there is something already; choose a new folder", path=path
            )
        whole.parent.mkdir(parents=True, exist_ok=True)
        if building.is_symlink() or building.is_file():
            building.unlink()
        elif building.is_dir():  # what a killed run left
            shutil.rmtree(building)
        building.mkdir(mode=0o700)
    try:
        yield building
        with _named(path):
            os.sync()  # one journey for thousands of small files; what failed is told by the calls below
            for each in [building, *building.rglob("*")]:
                sync_folder(each) if each.is_dir() else _sync_file(each)
            building.replace(whole)
            sync_folder(whole.parent)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def put(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Writes a new file of a `new_folder`, which sees to it that all are on the disk before it gets its name.

    Folders on the way to it are made for their owner alone.

    Raises:
        OSError: also when there is a file of this name.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


def _sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _named(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise IssuerError(
            "unwritable_file",
            f"{place}: {error.strerror}; choose another place or make room, and give the same command again",
        ) from error
