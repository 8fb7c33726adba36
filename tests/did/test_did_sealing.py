"""A stream sealed in chunks."""

from __future__ import annotations

import random
import tracemalloc
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl import bindings as sodium

from did import sealing
from did.errors import DidError
from did.sealing import CHUNK, HEAD, OVERHEAD, Sealer, open_chunks, sealed_size

KEY = bytes(range(32))
FULL = CHUNK + OVERHEAD
MESSAGE = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
FINAL = sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
REKEY = sodium.crypto_secretstream_xchacha20poly1305_TAG_REKEY
EDGES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7]


def seal(data: bytes, *, key: bytes = KEY, parts: int = 1 << 30) -> bytes:
    """`data` sealed, written `parts` bytes at a time."""
    out = BytesIO()
    sealer = Sealer(out, key)
    for start in range(0, len(data), parts):
        sealer.write(data[start : start + parts])
    sealer.close()
    return out.getvalue()


def unseal(sealed: bytes, *, key: bytes = KEY, max_bytes: int = 1 << 24) -> bytes:
    """What a sealed stream holds."""
    return b"".join(open_chunks(BytesIO(sealed), key, max_bytes=max_bytes))


def refusal(sealed: bytes, *, key: bytes = KEY, max_bytes: int = 1 << 24) -> str:
    """The code a stream is refused with."""
    with pytest.raises(DidError) as caught:
        unseal(sealed, key=key, max_bytes=max_bytes)
    return caught.value.code


def hand_made(*chunks: tuple[bytes, int], ad: bytes | None = b"montrey") -> bytes:
    """A stream whose chunks and tags are chosen freely, by whoever has the key."""
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    head = sodium.crypto_secretstream_xchacha20poly1305_init_push(state, KEY)
    return head + b"".join(
        sodium.crypto_secretstream_xchacha20poly1305_push(state, chunk, ad, tag) for chunk, tag in chunks
    )


@given(st.sampled_from(EDGES) | st.integers(0, 4 * CHUNK), st.sampled_from([977, CHUNK, CHUNK + 1, 1 << 30]))
def test_round_trip(size: int, parts: int) -> None:
    """What went in comes out, however it was written, and the size is known beforehand."""
    data = random.Random(size).randbytes(size)
    sealed = seal(data, parts=parts)
    assert len(sealed) == sealed_size(size)
    assert unseal(sealed) == data


def test_a_source_that_gives_little_at_a_time() -> None:
    """A pipe's short reads are no end."""

    class Pipe(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 0, 1000))

    data = random.Random(1).randbytes(2 * CHUNK + 5)
    assert b"".join(open_chunks(Pipe(seal(data)), KEY, max_bytes=len(data))) == data


def test_the_same_bytes_are_never_sealed_the_same() -> None:
    """Each stream has a head of its own, and a new key is new."""
    assert seal(b"card") != seal(b"card")
    assert len({sealing.new_key() for _ in range(20)}) == 20


@given(st.data())
def test_every_changed_byte_is_refused(data: st.DataObject) -> None:
    """Wherever it stands."""
    sealed = bytearray(SEALED)
    place = data.draw(st.integers(0, len(sealed) - 1) | st.sampled_from(_BORDERS))
    sealed[place] ^= data.draw(st.integers(1, 255))
    assert refusal(bytes(sealed)) == "sealed_damaged"


SEALED = seal(random.Random(5).randbytes(3 * CHUNK + 100))
_BORDERS = [
    place
    for chunk in range(4)
    for place in (HEAD + chunk * FULL - 1, HEAD + chunk * FULL, HEAD + chunk * FULL + 1)
]


@pytest.mark.parametrize("length", range(HEAD))
def test_cut_within_the_head(length: int) -> None:
    """It is cut, and not taken for another stream."""
    assert refusal(SEALED[:length]) == "sealed_truncated"


@pytest.mark.parametrize("chunks", range(4))
def test_cut_between_chunks(chunks: int) -> None:
    """Every chunk that is there holds, and still the stream is not whole."""
    assert refusal(SEALED[: HEAD + chunks * FULL]) == "sealed_truncated"


@given(st.integers(HEAD + 1, len(SEALED) - 1))
def test_cut_anywhere(length: int) -> None:
    """No beginning of a stream passes for one."""
    assert refusal(SEALED[:length]) in {"sealed_truncated", "sealed_damaged"}


@pytest.mark.parametrize("order", [(1, 0, 2, 3), (0, 2, 1, 3), (0, 0, 1, 2, 3), (0, 2, 3), (3,), (0, 1, 3)])
def test_chunks_in_another_order(order: tuple[int, ...]) -> None:
    """Moved, repeated or left out."""
    chunks = [SEALED[HEAD + n * FULL : HEAD + (n + 1) * FULL] for n in range(4)]
    assert refusal(SEALED[:HEAD] + b"".join(chunks[n] for n in order)) == "sealed_damaged"


def test_a_chunk_of_another_stream_of_the_same_key() -> None:
    """It does not fit."""
    other = seal(random.Random(6).randbytes(3 * CHUNK + 100))
    place = slice(HEAD + FULL, HEAD + 2 * FULL)
    assert refusal(SEALED[: place.start] + other[place] + SEALED[place.stop :]) == "sealed_damaged"


@pytest.mark.parametrize("added", [b"\0", b"x" * FULL, SEALED[-117:]])
def test_something_added(added: bytes) -> None:
    """Nothing may follow the last chunk; where that is full, what follows it is seen as well."""
    assert refusal(SEALED + added) in {"sealed_trailing", "sealed_damaged"}
    assert refusal(seal(bytes(CHUNK)) + added) == "sealed_trailing"


def test_another_key() -> None:
    """It opens nothing."""
    assert refusal(SEALED, key=bytes(32)) == "sealed_damaged"


@pytest.mark.parametrize(
    ("chunks", "code"),
    [
        ([(bytes(CHUNK), FINAL), (b"more", FINAL)], "sealed_trailing"),
        ([(b"a", MESSAGE), (b"b", FINAL)], "sealed_damaged"),
        ([(b"a", MESSAGE)], "sealed_damaged"),
        ([(bytes(CHUNK), MESSAGE)], "sealed_truncated"),
        ([(bytes(CHUNK), REKEY), (b"b", FINAL)], "sealed_damaged"),
        ([(bytes(CHUNK), MESSAGE), (b"", REKEY)], "sealed_damaged"),
        ([(bytes(CHUNK), MESSAGE), (b"", FINAL)], "sealed_damaged"),
        ([(bytes(CHUNK + 1), FINAL)], "sealed_damaged"),
        ([], "sealed_truncated"),
    ],
)
def test_streams_of_somebody_who_has_the_key(chunks: list[tuple[bytes, int]], code: str) -> None:
    """Two last chunks, short ones between, other tags: one stream has one form."""
    assert refusal(hand_made(*chunks)) == code


def test_another_use_of_the_key() -> None:
    """A stream that was not sealed as one of ours."""
    assert refusal(hand_made((b"a", FINAL), ad=None)) == "sealed_damaged"


@pytest.mark.parametrize("size", EDGES[1:])
def test_too_large(size: int) -> None:
    """At most what is allowed is given out."""
    sealed = seal(bytes(size))
    assert unseal(sealed, max_bytes=size) == bytes(size)
    assert refusal(sealed, max_bytes=size - 1) == "sealed_too_large"


def test_a_writer_that_was_not_closed() -> None:
    """It leaves a stream without an end; a closed one takes nothing more, and is closed once."""
    out = BytesIO()
    sealer = Sealer(out, KEY)
    sealer.write(bytes(CHUNK + 1))
    assert refusal(out.getvalue()) == "sealed_truncated"
    sealer.close()
    sealer.close()
    assert unseal(out.getvalue()) == bytes(CHUNK + 1)
    with pytest.raises(ValueError, match="ended"):
        sealer.write(b"more")


def test_memory() -> None:
    """32 MB pass through a few chunks, in both directions."""

    class Loop:
        """Opens what is sealed while it is written: a file that keeps only what was not read yet."""

        def __init__(self) -> None:
            self.kept = bytearray()

        def write(self, data: bytes) -> int:
            self.kept += data
            return len(data)

        def read(self, size: int) -> bytes:
            taken = bytes(self.kept[:size])
            del self.kept[:size]
            return taken

    loop, piece, read = Loop(), bytes(1 << 20), 0
    sealer = Sealer(loop, KEY)
    tracemalloc.start()
    sealer.write(piece)
    chunks = open_chunks(loop, KEY, max_bytes=1 << 30)
    for _ in range(31):
        sealer.write(piece)
        while len(loop.kept) > 2 * FULL:
            read += len(next(chunks))
    sealer.close()
    read += sum(map(len, chunks))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert read == 32 << 20
    assert peak < 8 << 20
