"""Where the register's photos lie: each file named by what is in it, and written whole or not at all.

HOME/photos/SHA-256.jpg    a photo as it is kept
HOME/photos/sent/SHA-256   of a file as it was sent: the SHA-256 of the photo that was made of it

The second tells a photo that is sent again without decoding it, and under the
same name, whatever a later JPEG encoder would make of it.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from issuer.errors import IssuerError

_DIGEST = re.compile(rb"[0-9a-f]{64}")


class PhotoStore:
    """The photos of one home; the folders are made with the first photo."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sent = folder / "sent"

    def path(self, digest: bytes) -> Path:
        """Where the photo with this SHA-256 lies."""
        return self._folder / f"{digest.hex()}.jpg"

    def holds(self, digest: bytes) -> bool:
        """Whether the photo is there, whole."""
        return self.read(digest) is not None

    def read(self, digest: bytes) -> bytes | None:
        """The photo with this SHA-256, or None where it is not there, or not whole."""
        try:
            photo = self.path(digest).read_bytes()
        except OSError:
            return None
        return photo if hashlib.sha256(photo).digest() == digest else None

    def made_of(self, sent: bytes) -> bytes | None:
        """The SHA-256 of the photo that was made of the file with the SHA-256 `sent`, if it is there."""
        try:
            with (self._sent / sent.hex()).open("rb") as file:
                text = file.read(65)
        except OSError:
            return None
        digest = bytes.fromhex(text.decode()) if _DIGEST.fullmatch(text) else None
        return digest if digest and self.holds(digest) else None

    def keep(self, photo: bytes, *, sent: bytes) -> bytes:
        """Writes a photo that was made of the file with the SHA-256 `sent`; returns its own SHA-256.

        Raises:
            IssuerError: `unwritable_file`.
        """
        digest = hashlib.sha256(photo).digest()
        try:
            self._sent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(self.path(digest), photo)
            _write(self._sent / sent.hex(), digest.hex().encode())
        except OSError as error:
            raise self._unwritable(error) from error
        return digest

    def served(self, *, needed: Collection[bytes], gone: Collection[bytes], before: int) -> Iterator[Path]:
        """The files that may be taken away, a note of a file that was sent after its photo.

        Photos (by SHA-256) that are `gone`, and those that nobody `needed` and
        that were written `before` (epoch seconds): somebody may be importing them.
        So may notes of that age, and what a killed import left.
        """
        taken = set()
        for path in sorted(self._folder.glob("*.jpg")):
            digest = bytes.fromhex(path.stem) if _DIGEST.fullmatch(path.stem.encode()) else None
            if digest in gone or (digest not in needed and path.stat().st_mtime < before):
                taken.add(path.stem)
                yield path
        for path in sorted(self._sent.glob("*")):
            if path.stat().st_mtime < before or path.read_bytes()[:64].decode("ascii", "replace") in taken:
                yield path
        for path in (*self._folder.glob(".*.new"), *self._sent.glob(".*.new")):
            if path.stat().st_mtime < before:
                yield path

    def settle(self) -> None:
        """Sees to it that the names of all photos so far outlast a power cut.

        Raises:
            IssuerError: `unwritable_file`.
        """
        try:
            for folder in (self._sent, self._folder):
                if folder.is_dir():
                    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
                    try:
                        os.fsync(descriptor)
                    finally:
                        os.close(descriptor)
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> IssuerError:
        return IssuerError(
            "unwritable_file",
            f"{self._folder}: {error.strerror}; nothing was imported: make room and try again",
        )


def _write(path: Path, data: bytes) -> None:
    """A file that is there whole or not at all; two who write the same one write the same bytes."""
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
