"""The file of a backup: entries one after another, sealed as a whole, with a manifest at the end.

    montrey-backup 1
    {"sealed": …}            how the key of the stream is wrapped (`did.keyfile.seal`), or null
    the stream               sealed (`did.sealing`), or as it is

The stream is frames, each 4 bytes of length and so many bytes. An entry is a
frame with its name, frames with its bytes, and an empty frame. Nothing in it is
compressed, so what is read is never longer than the file. The last entry is the
manifest: it names every other entry with size and SHA-256.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from did import keyfile, sealing, strict_json
from did.errors import DidError
from did.keyfile import Cost
from did.sealing import Sink, Source
from issuer.errors import IssuerError

MAGIC = b"montrey-backup 1\n"
_BEGINS = b"montrey-backup "
MANIFEST = "manifest.json"
_MAX_HEAD = 2048
_MAX_MANIFEST = 1 << 24
FRAME = 1 << 16
"""Bytes of a frame at most."""
_NAME = re.compile(
    r"config\.json|retention\.json|online-key\.jwk|keys/[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.json"
    r"|trust/[A-Za-z0-9][A-Za-z0-9._-]{0,99}|register/[a-z][a-z_]{0,49}"
    r"|photos/[0-9a-f]{64}\.jpg|photos/sent/[0-9a-f]{64}"
)
"""Every entry there can be: no other place is ever written to."""
_SIZES = (("register/", 1 << 50), ("trust/", 1 << 24), ("photos/", 1 << 24), ("", 1 << 16))
"""The most bytes of an entry, by how its name begins."""


@dataclass(slots=True)
class Contents:
    """What the entries so far were: size and SHA-256 by name; of the photos together, for they are many."""

    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    photos: int = 0
    _names: set[str] = field(default_factory=set)
    _photos: Any = field(default_factory=hashlib.sha256)

    def add(self, name: str, size: int, digest: bytes) -> None:
        """Takes down an entry.

        Raises:
            IssuerError: `malformed_backup` for a second one of its name.
        """
        if name in self._names:
            raise malformed("has two entries of one name")
        self._names.add(name)
        if name.startswith("photos/"):
            self.photos += 1
            self._photos.update(name.encode() + digest)
        else:
            self.files[name] = (size, digest.hex())

    def to_json(self) -> dict[str, object]:
        """As it stands in the manifest."""
        return {
            "files": {name: [size, digest] for name, (size, digest) in self.files.items()},
            "photos": [self.photos, self._photos.hexdigest()],
        }


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
        """An entry of these bytes."""
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


def open_stream(file: Source, passphrase: Callable[[], str]) -> Iterator[bytes]:
    """The chunks of the stream in a backup; `passphrase` is asked for where it is sealed.

    Raises:
        IssuerError: `not_a_backup`, `newer_backup`, `backup_cut`, `backup_altered`.
        DidError: `wrong_passphrase`, `malformed_key_file`.
    """
    begin = file.read(len(MAGIC))
    if begin != MAGIC:
        if begin.startswith(_BEGINS):
            raise IssuerError("newer_backup", "a later version of this program made this backup")
        raise IssuerError("not_a_backup", "this file is no backup of a ministry's home")
    sealed = _head(file)
    if sealed is None:
        return iter(lambda: file.read(FRAME), b"")
    return _opened(file, _key(sealed, passphrase()))


def entries(stream: Iterable[bytes]) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Every entry in a stream, its name and its bytes, the manifest last; each is read before the next.

    Raises:
        IssuerError: `backup_cut`, `malformed_backup`.
    """
    frames = _Frames(stream)
    name = ""
    while name != MANIFEST:
        name = _name(frames.next())
        body = _body(frames, _limit(name))
        yield name, body
    if frames.more():
        raise malformed("goes on behind its manifest")


def checked(stream: Iterable[bytes]) -> Generator[tuple[str, Iterator[bytes]], None, dict[str, Any]]:
    """Every entry but the manifest; when all were read they are held against it, and it is returned.

    Raises:
        IssuerError: `backup_cut`, `backup_altered`, `malformed_backup`.
    """
    contents, text = Contents(), b""
    for name, body in entries(stream):
        if name == MANIFEST:
            text = b"".join(body)
            continue
        hashed = _Hashed(body)
        yield name, iter(hashed)
        for _ in hashed:  # what the caller did not read
            pass
        contents.add(name, hashed.size, hashed.sha256.digest())
    try:
        manifest = strict_json.loads(text, max_bytes=_MAX_MANIFEST)
    except DidError as error:
        raise malformed("has no manifest") from error
    if not isinstance(manifest, dict):
        raise malformed("has no manifest")
    for part, found in contents.to_json().items():
        if manifest.get(part) != found:
            raise IssuerError(
                "backup_altered", "the backup does not hold what its manifest says; take another copy"
            )
    return {**manifest, "sha256": hashlib.sha256(text).hexdigest()}


class _Hashed:
    """The chunks of an entry, once; what went by is counted and hashed."""

    def __init__(self, body: Iterator[bytes]) -> None:
        self._body = body
        self.size = 0
        self.sha256 = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._body:
            self.size += len(chunk)
            self.sha256.update(chunk)
            yield chunk


def malformed(what: str) -> IssuerError:
    """A backup that this program never writes."""
    return IssuerError("malformed_backup", f"the backup {what}; nothing was restored")


class _Frames:
    """The frames in a stream of chunks."""

    def __init__(self, stream: Iterable[bytes]) -> None:
        self._chunks = iter(stream)
        self._waiting = bytearray()

    def next(self) -> bytes:
        (length,) = struct.unpack(">I", self._take(4))
        if length > FRAME:
            raise malformed("has a part that is longer than any")
        return self._take(length)

    def more(self) -> bool:
        """Whether anything is left; a sealed stream is only now known to be whole."""
        return bool(self._waiting) or any(self._chunks)

    def _take(self, size: int) -> bytes:
        while len(self._waiting) < size:
            chunk = next(self._chunks, None)
            if chunk is None:
                raise _cut()
            self._waiting += chunk
        taken = bytes(self._waiting[:size])
        del self._waiting[:size]
        return taken


def _body(frames: _Frames, limit: int) -> Iterator[bytes]:
    while frame := frames.next():
        limit -= len(frame)
        if limit < 0:
            raise malformed("has an entry that is longer than any")
        yield frame


def _name(frame: bytes) -> str:
    name = frame.decode("ascii", "replace")
    if name != MANIFEST and not _NAME.fullmatch(name):
        raise malformed("has an entry that no home has")
    return name


def _limit(name: str) -> int:
    if name == MANIFEST:
        return _MAX_MANIFEST
    return next(size for begin, size in _SIZES if name.startswith(begin))


def _head(file: Source) -> object:
    line = b""
    while not line.endswith(b"\n") and len(line) < _MAX_HEAD:
        byte = file.read(1)
        if not byte:
            raise _cut()
        line += byte
    try:
        head = strict_json.loads(line, max_bytes=_MAX_HEAD)
    except DidError as error:
        raise IssuerError("not_a_backup", "the head of the backup is damaged") from error
    if not isinstance(head, dict) or head.keys() != {"sealed"}:
        raise IssuerError("not_a_backup", "the head of the backup is damaged")
    return head["sealed"]


def _key(sealed: object, passphrase: str) -> bytes:
    key = keyfile.unseal(sealed, passphrase)
    if len(key) != sealing.KEY_SIZE:
        raise IssuerError("not_a_backup", "the head of the backup is damaged")
    return key


def _opened(file: Source, key: bytes) -> Iterator[bytes]:
    try:
        yield from sealing.open_chunks(file, key, max_bytes=1 << 60)
    except DidError as error:
        if error.code == "sealed_truncated":
            raise _cut() from error
        raise IssuerError(
            "backup_altered", "the backup was altered, damaged or cut short; take another copy of it"
        ) from error


def _cut() -> IssuerError:
    return IssuerError("backup_cut", "the backup is not whole: it ends too early; take another copy of it")
