"""The one file that goes to a bank (`.mbatch`): a letter in a block of fixed size, then the sealed ZIP.

    8 bytes     MBATCH01
    4 bytes     length of the letter, big-endian
    8,180 bytes the letter (a compact JWE, ASCII), then zeros
    the rest    the sealed stream (`did.sealing`)

The letter names the digest of the stream behind it, so it is written last,
into the room kept for it: a batch of any length passes once, in few chunks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import IO

from did import DidError, PublicKey, Signer, SoftwareSigner, sealing
from did.sealing import Sealer, Source
from issuer import batch_archive, batch_letter
from issuer.batch import Batch, BatchCard, Pictures
from issuer.batch_archive import Place, Progress
from issuer.batch_letter import BatchHeader, Letter
from issuer.errors import IssuerError

MAGIC = b"MBATCH01"
BLOCK = 8192
"""Bytes before the sealed stream."""
_START = len(MAGIC) + 4
_CUT = "the file is not whole: copy it again, and if that does not help ask the ministry for it"


def seal(
    out: IO[bytes],
    batch: Batch,
    pictures: Pictures,
    *,
    signer: Signer,
    bank: PublicKey,
    progress: Progress | None = None,
) -> BatchHeader:
    """Writes `batch` for the bank's encryption key `bank` to the empty, seekable file `out`.

    Until this has returned, `out` holds nothing that could be opened.

    Raises:
        IssuerError: `bad_batch`, `bad_picture`, or what `pictures` raises.
        OSError: from `out`.
    """
    out.write(bytes(BLOCK))
    counted = _Counted(out)
    key = sealing.new_key()
    sealer = Sealer(counted, key)
    batch_archive.write(sealer, batch, pictures, progress=progress)
    sealer.close()
    header = batch_letter.header_of(
        batch, bank=bank, ministry=signer.public_key, sha256=counted.digest(), size=counted.size
    )
    letter = batch_letter.write(header, key, signer=signer, bank=bank).encode("ascii")
    if len(letter) > BLOCK - _START:
        raise IssuerError("bad_batch", "the batch's names are too long for its letter")
    out.seek(0)
    out.write(MAGIC + len(letter).to_bytes(4, "big") + letter)
    out.flush()
    return header


def read_letter(source: Source, *, bank: SoftwareSigner, ministry: Sequence[PublicKey]) -> Letter:
    """Reads the block before the sealed stream; `source` then stands at the stream.

    Raises:
        IssuerError: `not_a_batch`, `batch_cut`, or those of `batch_letter.read`.
        OSError: from `source`.
    """
    block = source.read(BLOCK)
    if not block.startswith(MAGIC):
        raise IssuerError("not_a_batch", "this file is no print batch (.mbatch)")
    end = _START + int.from_bytes(block[len(MAGIC) : _START], "big")
    if len(block) < BLOCK:
        raise IssuerError("batch_cut", _CUT)
    if end > BLOCK or any(block[end:]) or not block[_START:end].isascii():
        raise IssuerError("batch_altered", "the batch's letter was changed: ask for it again")
    return batch_letter.read(block[_START:end].decode("ascii"), bank=bank, ministry=ministry)


def open_stream(
    source: Source,
    letter: Letter,
    *,
    scratch: IO[bytes],
    place: Place,
    opening: Progress | None = None,
    progress: Progress | None = None,
) -> tuple[BatchCard, ...]:
    """Unseals the stream into the empty file `scratch`, checks all of it, and hands each file to `place`.

    `opening` is told of bytes, `progress` of files. What `place` was given is to be
    kept only when this has returned.

    Raises:
        IssuerError: `batch_altered`, `batch_cut`, `malformed_batch`, `bad_batch`, `bad_picture`.
        OSError: from the files.
    """
    size = _unseal(source, letter, scratch, opening)
    scratch.seek(0)
    cards, _ = batch_archive.read(scratch, size=size, place=place, progress=progress)
    if len(cards) != letter.header.count or [c.sequence for c in cards] != list(range(1, len(cards) + 1)):
        raise IssuerError("malformed_batch", "the batch does not hold the cards that its letter counts")
    if len({card.number for card in cards}) != len(cards):
        raise IssuerError("malformed_batch", "a card number stands twice in the batch")
    return cards


def _unseal(source: Source, letter: Letter, scratch: IO[bytes], told: Progress | None) -> int:
    """Bytes of the plain stream, every one of which was sealed with the letter's key under its digest."""
    header, size = letter.header, 0
    counted = _Counted(source)
    try:
        for chunk in sealing.open_chunks(counted, letter.key, max_bytes=header.size):
            scratch.write(chunk)
            size += len(chunk)
            if told is not None:
                told(min(counted.size, header.size), header.size)
    except DidError as error:
        # A stream that ends within a chunk has a seal that does not hold, like one that was changed.
        if error.code == "sealed_truncated" or (counted.size < header.size and not source.read(1)):
            raise IssuerError("batch_cut", _CUT) from error
        raise IssuerError("batch_altered", f"the sealed batch was changed: {error.code}") from error
    if (counted.digest(), counted.size) != (header.sha256, header.size):
        raise IssuerError("batch_altered", "the sealed batch is not the one that its letter names")
    return size


class _Counted:
    """A file whose bytes are counted and digested as they pass."""

    def __init__(self, file: Source | IO[bytes]) -> None:
        self._file = file
        self._sha256 = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes, /) -> int:
        """Passes on `data`."""
        self._file.write(data)  # type: ignore[union-attr]
        return self._count(data)

    def read(self, size: int, /) -> bytes:
        """Passes on what the file gives."""
        data = self._file.read(size)
        self._count(data)
        return data

    def digest(self) -> bytes:
        """SHA-256 of what has passed."""
        return self._sha256.digest()

    def _count(self, data: bytes) -> int:
        self._sha256.update(data)
        self.size += len(data)
        return len(data)
