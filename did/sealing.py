"""A stream of bytes sealed in chunks with one key: libsodium's secretstream, and the one door to it.

A sealed stream is a random head of 24 bytes and chunks of exactly 64 KiB, each
17 bytes longer when sealed; the last alone may be shorter, and is marked as
the last. Each chunk's seal depends on all before it, so none can be changed,
moved, left out or repeated, and nothing can be cut off or added at the end
(https://doc.libsodium.org/secret-key_cryptography/secretstream). Whatever the
length of the stream, writing and reading hold a few chunks in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Protocol

from nacl import bindings as sodium
from nacl.exceptions import CryptoError

from did.errors import DidError

KEY_SIZE: Final = sodium.crypto_secretstream_xchacha20poly1305_KEYBYTES
HEAD: Final = sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES
CHUNK: Final = 64 << 10
"""Bytes of every chunk but the last."""
OVERHEAD: Final = sodium.crypto_secretstream_xchacha20poly1305_ABYTES
_MESSAGE: Final = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_FINAL: Final = sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL


class Sink(Protocol):
    """What takes bytes: a file opened for writing, without buffers that take only a part."""

    def write(self, data: bytes, /) -> object:
        """Takes all of `data`."""


class Source(Protocol):
    """What gives bytes: a file opened for reading."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; fewer or none at the end, or where a pipe has no more yet."""


def new_key() -> bytes:
    """32 random bytes, for one stream and no second one."""
    return sodium.crypto_secretstream_xchacha20poly1305_keygen()


def sealed_size(size: int) -> int:
    """How many bytes a stream of `size` bytes has when it is sealed."""
    return HEAD + size + OVERHEAD * max(1, -(-size // CHUNK))


class Sealer:
    """A file to be written to, from whose `write` the sealed stream goes to `out`; `close` ends it.

    `key` is 32 bytes. Without `close` the stream has no end, and no one opens it.
    """

    def __init__(self, out: Sink, key: bytes) -> None:
        self._out = out
        self._state = sodium.crypto_secretstream_xchacha20poly1305_state()
        self._waiting = bytearray()
        self._closed = False
        out.write(sodium.crypto_secretstream_xchacha20poly1305_init_push(self._state, key))

    def write(self, data: bytes) -> int:
        """Takes `data`; whole chunks go on, save one that may turn out to be the last."""
        if self._closed:
            raise ValueError("the stream has ended")
        view = memoryview(data)
        for start in range(0, len(view), CHUNK):  # what waits stays below two chunks
            self._waiting += view[start : start + CHUNK]
            if len(self._waiting) > CHUNK:
                self._push(bytes(self._waiting[:CHUNK]), _MESSAGE)
                del self._waiting[:CHUNK]
        return len(view)

    def flush(self) -> None:
        """Nothing: a chunk goes on when it is full."""

    def close(self) -> None:
        """Seals what is left as the last chunk, once."""
        if not self._closed:
            self._closed = True
            self._push(bytes(self._waiting), _FINAL)

    def _push(self, chunk: bytes, tag: int) -> None:
        self._out.write(
            sodium.crypto_secretstream_xchacha20poly1305_push(self._state, chunk, b"montrey", tag)
        )


def open_chunks(source: Source, key: bytes, *, max_bytes: int) -> Iterator[bytes]:
    """The chunks of a sealed stream, each as soon as its seal has held; at most `max_bytes` in all.

    Only when the iterator has ended without an error was the stream whole:
    what was received before is then to be used, and otherwise to be dropped.

    Raises:
        DidError: `sealed_damaged` (changed, moved or repeated chunks, or another key),
            `sealed_truncated`, `sealed_trailing` (something follows the last
            chunk), `sealed_too_large`.
        OSError: from `source`.
    """
    head = _exactly(source, HEAD)
    if len(head) < HEAD:
        raise DidError("sealed_truncated", "the sealed stream ends within its head")
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, head, key)
    total = 0
    while True:
        sealed = _exactly(source, CHUNK + OVERHEAD)
        if not sealed:
            raise DidError("sealed_truncated", "the sealed stream ends before its last chunk")
        total += len(sealed) - OVERHEAD
        if total > max_bytes:
            raise DidError("sealed_too_large", "the sealed stream is longer than allowed")
        chunk, tag = _pull(state, sealed)
        if tag == _FINAL and (chunk or not total):  # an empty one has no place after full ones
            break
        if tag != _MESSAGE or len(chunk) != CHUNK:
            raise DidError("sealed_damaged", "the sealed stream is not divided as it has to be")
        yield chunk
    if source.read(1):
        raise DidError("sealed_trailing", "something follows the last chunk of the sealed stream")
    yield chunk


def _pull(state: sodium.crypto_secretstream_xchacha20poly1305_state, sealed: bytes) -> tuple[bytes, int]:
    try:
        return sodium.crypto_secretstream_xchacha20poly1305_pull(state, sealed, b"montrey")
    except (CryptoError, ValueError) as error:  # its own ValueError: shorter than a seal
        raise DidError("sealed_damaged", "a chunk was changed or moved, or the key is another") from error


def _exactly(source: Source, size: int) -> bytes:
    """`size` bytes, fewer only at the end of `source`."""
    data = source.read(size)
    while len(data) < size and (more := source.read(size - len(data))):
        data += more
    return data
