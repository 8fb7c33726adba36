"""Writing a backup: entries into one file, sealed or as they are (`issuer.backup_file`)."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterable

from did import keyfile, sealing, strict_json
from did.keyfile import Cost
from did.sealing import Sink
from issuer.backup_file import FRAME, MAGIC, MANIFEST, Contents, limit
from issuer.errors import IssuerError


class BackupWriter:
    """A backup being written to `out`: sealed with `passphrase`, or as it is where that is None."""

    def __init__(self, out: Sink, passphrase: str | None, *, cost: Cost) -> None:
        out.write(MAGIC)
        self._sealer = None
        if passphrase is None:
            out.write(strict_json.dumps({"sealed": None}) + b"\n")
            self._write: Callable[[bytes], object] = out.write
        else:
            key = sealing.new_key()
            out.write(strict_json.dumps({"sealed": keyfile.seal(key, passphrase, cost=cost)}) + b"\n")
            self._sealer = sealing.Sealer(out, key)
            self._write = self._sealer.write
        self.contents = Contents()

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """An entry of these bytes.

        Raises:
            IssuerError: `file_too_large` for one that nobody would read again.
        """
        digest, size = self._entry(name, chunks)
        self.contents.add(name, size, digest)

    def finish(self, manifest: dict[str, object]) -> bytes:
        """Writes the manifest, completed with what was added, and ends the file; returns its SHA-256."""
        text = strict_json.dumps({**manifest, **self.contents.to_json()})
        digest, _ = self._entry(MANIFEST, [text])
        if self._sealer:
            self._sealer.close()
        return digest

    def _entry(self, name: str, chunks: Iterable[bytes]) -> tuple[bytes, int]:
        hashed, size, waiting = hashlib.sha256(), 0, bytearray()
        self._frame(name.encode())
        for chunk in chunks:
            hashed.update(chunk)
            size += len(chunk)
            if size > limit(name):
                raise IssuerError("file_too_large", f"{name}: larger than any that a home has")
            waiting += chunk
            while len(waiting) >= FRAME:
                self._frame(bytes(waiting[:FRAME]))
                del waiting[:FRAME]
        if waiting:
            self._frame(bytes(waiting))
        self._frame(b"")
        return hashed.digest(), size

    def _frame(self, data: bytes) -> None:
        self._write(struct.pack(">I", len(data)) + data)
