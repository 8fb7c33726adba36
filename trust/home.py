"""A home's trust on disk: versioned folders, and one pointer that says which of them counts.

    HOME/trust/root.json       the root this home was made with, never changed
    HOME/trust/current         the number of the version that counts, replaced atomically
    HOME/trust/clock           the local clock floor (`floors`)
    HOME/trust/versions/7/     metadata/ is python-tuf's; files/ what a snapshot is made of; state.json

A version is written whole and to disk before the pointer names it, and is never
changed afterwards: whatever kills a writer, a reader sees the old one or the new one.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from trust.disk import sync_folder, sync_tree, write_atomically
from trust.errors import TrustError
from trust.state import State, digest

MAX_FILE = 1 << 24
"""Bytes of one file of a home; also what a sync accepts at most."""
_POINTER, _VERSIONS, _ROOT = "current", "versions", "root.json"
_READS = 5


def trust_folder(home: Path | str) -> Path:
    """Where a home keeps its trust."""
    return Path(home) / "trust"


def create(home: Path | str, root: bytes) -> None:
    """Makes the folder of a home that believes in `root` and holds nothing yet.

    Raises:
        TrustError: `home_exists` when the home was made with another root.
    """
    folder = trust_folder(home)
    (folder / _VERSIONS).mkdir(parents=True, exist_ok=True)
    path = folder / _ROOT
    if path.exists() and path.read_bytes() != root:
        raise TrustError("home_exists", "this home was made with another root")
    write_atomically(path, root)


def forget(home: Path | str) -> None:
    """Throws away all that a home believes, its root included; what is damaged need not be readable.

    Raises:
        TrustError: `home_busy`.
    """
    folder, gone = trust_folder(home), Path(home) / ".trust.gone"
    shutil.rmtree(gone, ignore_errors=True)
    if folder.is_dir():
        with locked(home):
            folder.replace(gone)
        shutil.rmtree(gone)


def pinned_root(home: Path | str) -> bytes:
    """The root metadata this home was made with.

    Raises:
        TrustError: `no_home`.
    """
    try:
        return (trust_folder(home) / _ROOT).read_bytes()
    except OSError as error:
        raise TrustError("no_home", "this is not a home: it holds no root") from error


@contextmanager
def locked(home: Path | str) -> Iterator[None]:
    """Keeps other writers of this home out; readers need no lock.

    Raises:
        TrustError: `no_home`, `home_busy`.
    """
    try:
        descriptor = os.open(trust_folder(home), os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise TrustError("no_home", "this is not a home: it has no trust folder") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise TrustError("home_busy", "another program is changing this home; try again") from error
    finally:
        os.close(descriptor)


def current_version(home: Path | str) -> Path | None:
    """The folder of the version that counts, or None before the first sync.

    Raises:
        TrustError: `no_home`, `broken_home`.
    """
    folder = trust_folder(home)
    try:
        text = (folder / _POINTER).read_text(encoding="ascii")
    except (OSError, ValueError) as error:
        pinned_root(home)  # a place that is no home at all is not a broken one
        if isinstance(error, FileNotFoundError):
            return None
        raise TrustError("broken_home", "the pointer to the current version cannot be read") from error
    number = text.removesuffix("\n")
    if not (number.isdigit() and len(number) < 20):
        raise TrustError("broken_home", "the pointer to the current version is damaged")
    return folder / _VERSIONS / number


def read_version(home: Path | str) -> tuple[State, Mapping[str, bytes]]:
    """The state and the files of the version that counts.

    A writer may remove a version while it is being read; then the pointer has
    moved, and the new one is read.

    Raises:
        TrustError: `no_trust` before the first sync; `broken_home` when the
            disk does not hold what was once written.
    """
    for _ in range(_READS):
        folder = current_version(home)
        if folder is None:
            raise TrustError("no_trust", "this home has not been synced yet")
        try:
            return _read_folder(folder)
        except TrustError:
            if current_version(home) == folder:
                raise
    raise TrustError("home_busy", "this home changes faster than it can be read")


def _read_folder(folder: Path) -> tuple[State, Mapping[str, bytes]]:
    try:
        state = State.from_json((folder / "state.json").read_bytes())
        files = {name: (folder / "files" / name).read_bytes() for name in state.files}
    except OSError as error:
        raise TrustError("broken_home", "a file of the current version cannot be read") from error
    if any(digest(data) != state.files[name] for name, data in files.items()):
        raise TrustError("broken_home", "a file of the current version was changed after it was written")
    return state, files


def stage(home: Path | str) -> Path:
    """An empty folder for the next version; what a killed writer left is removed first.

    The version that counts and its python-tuf metadata stay: the metadata is
    copied, because an update that fails half-way has changed it.
    """
    versions = trust_folder(home) / _VERSIONS
    current = current_version(home)
    for leftover in versions.iterdir():
        if leftover.is_symlink() or not leftover.is_dir():
            leftover.unlink()
        elif leftover != current:
            shutil.rmtree(leftover)
    folder = versions / str(int(current.name) + 1 if current else 1)
    folder.mkdir()
    if current:
        shutil.copytree(current / "metadata", folder / "metadata", symlinks=True)
    else:
        (folder / "metadata").mkdir()
    return folder


def commit(home: Path | str, folder: Path, state: State, files: Mapping[str, bytes]) -> None:
    """Writes a staged version to disk, whole, and then makes it the one that counts."""
    for name, data in files.items():
        path = folder / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (folder / "state.json").write_bytes(state.to_json())
    sync_tree(folder)
    sync_folder(folder.parent)
    write_atomically(trust_folder(home) / _POINTER, f"{folder.name}\n".encode("ascii"))
