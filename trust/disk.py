"""Files that survive a power cut: written, flushed to disk, and only then named."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


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
    temporary = path.with_name(f".{path.name}.new")
    # A stick has been in other hands: a link of this name must not lead the write elsewhere.
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
