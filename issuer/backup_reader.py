"""Reading a backup (`issuer.backup_file`): nothing in it is believed before it was looked at."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any

from did import keyfile, sealing, strict_json
from did.errors import DidError
from did.sealing import Source
from issuer.backup_file import FRAME, MAGIC, MANIFEST, MAX_MANIFEST, Contents, is_name, limit, malformed
from issuer.errors import IssuerError

_BEGINS = b"montrey-backup "
_MAX_HEAD = 2048


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
        body = _body(frames, limit(name))
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
        manifest = strict_json.loads(text, max_bytes=MAX_MANIFEST)
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
    if name != MANIFEST and not is_name(name):
        raise malformed("has an entry that no home has")
    return name


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
