"""Files that are there whole or not at all, and reads that end."""

from __future__ import annotations

import os
from pathlib import Path

from wallet_sdk.errors import WalletError


def read(path: Path, *, max_bytes: int) -> bytes:
    """The content of `path`, if it is no longer than `max_bytes`.

    Raises:
        WalletError: `unreadable_file`, `file_too_large`.
    """
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        raise WalletError("unreadable_file", f"{path}: {error.strerror}") from error
    if len(data) > max_bytes:
        raise WalletError("file_too_large", f"{path}: more than {max_bytes} bytes")
    return data


def write(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Puts a new file of this mode in the place of `path`: after a crash the old one or the new one is there.

    Raises:
        WalletError: `unwritable_file`, also where a link or a device stands.
    """
    # One fixed name: what a killed process left is removed, not collected. Somebody
    # else's file of that name must not receive what is secret, nor lend it its mode.
    new = path.with_name(f".{path.name}.new")
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise WalletError("unwritable_file", f"{path}: there is something other than a file")
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise WalletError("unwritable_file", f"{path}: {error.strerror}") from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
