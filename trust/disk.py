"""Files that survive a power cut: written, flushed to disk, and only then named."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from trust.errors import TrustError


def write_atomically(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Replaces `path` by a new file: after a crash it holds the old bytes or the new ones, whole."""
    _replace(path, data, mode)
    sync_folder(path.parent)


def write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes these files below `folder`, each atomically, in order; all are on disk at the end."""
    parents = {folder}
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, data)
        parents.update(parent for parent in path.parents if parent.is_relative_to(folder))
    for parent in sorted(parents):
        sync_folder(parent)


@contextmanager
def room(folder: Path, sizes: Mapping[str, int]) -> Iterator[None]:
    """Holds room for files of these sizes below `folder`, to be written while the block runs.

    Blank files stand where writing begins, so that a full disk is found before
    anything is done that cannot be undone.
    """
    blanks = {_temporary(folder / name): size for name, size in sizes.items()}
    try:
        for blank, size in blanks.items():
            blank.parent.mkdir(parents=True, exist_ok=True)
            _write_new(blank, bytes(size))
        yield
    finally:
        for blank in blanks:
            blank.unlink(missing_ok=True)


def read(path: Path, *, max_bytes: int) -> bytes:
    """The content of a regular file on a stranger's file system, at most one byte more than `max_bytes`.

    A pipe never blocks it, no link is followed, and an endless file ends.

    Raises:
        TrustError: `unsafe_source` for anything but a regular file.
        OSError: it cannot be read.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise TrustError("unsafe_source", "something other than a file stands where a file should be")
        return file.read(max_bytes + 1)


def sync_folder(folder: Path) -> None:
    """Flushes the names in `folder` to disk."""
    _sync(folder, os.O_RDONLY | os.O_DIRECTORY)


def sync_tree(folder: Path) -> None:
    """Flushes every file below `folder`, and then the names, to disk."""
    for parent, _, files in os.walk(folder):
        for name in files:
            path = Path(parent, name)
            if not path.is_symlink():  # python-tuf keeps a `root.json` symlink
                _sync(path, os.O_RDONLY)
        sync_folder(Path(parent))


def _replace(path: Path, data: bytes, mode: int = 0o644) -> None:
    temporary = _temporary(path)
    _write_new(temporary, data, mode)
    temporary.replace(path)


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")


def _write_new(path: Path, data: bytes, mode: int = 0o644) -> None:
    # A stick has been in other hands: a link of this name must not lead the write elsewhere.
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
