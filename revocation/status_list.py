"""The list itself (Token Status List §4): one small number for each index, packed from the low bits up."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from revocation.errors import StatusError

BITS = (1, 2, 4, 8)
MAX_BYTES = 1 << 25
"""An inflated list may hold 2^27 entries of two bits, a hundred million and more."""


class Status(IntEnum):
    """The values this project writes (§7.1); 3 is left to the application there.

    INVALID is final. NOT_ACTIVE is a card printed but not yet handed over.
    """

    VALID = 0
    INVALID = 1
    SUSPENDED = 2
    NOT_ACTIVE = 3


@dataclass(frozen=True, slots=True)
class StatusList:
    """Statuses of `bits` bits each; `data` is the uncompressed byte array of §4.1.

    Raises:
        ValueError: `bits` is not 1, 2, 4 or 8.
    """

    bits: int
    data: bytes = field(repr=False)
    _mask: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.bits not in BITS:
            raise ValueError("a status has 1, 2, 4 or 8 bits")
        object.__setattr__(self, "_mask", (1 << self.bits) - 1)

    @property
    def size(self) -> int:
        """How many indices there are."""
        return len(self.data) * 8 // self.bits

    def get(self, index: int) -> int:
        """The status at `index`.

        Raises:
            StatusError: `index_out_of_range` (§8.3).
        """
        bit = index * self.bits
        if bit < 0:
            raise StatusError("index_out_of_range", "the list has no such index")
        try:
            return self.data[bit >> 3] >> (bit & 7) & self._mask
        except IndexError:
            raise StatusError("index_out_of_range", "the list has no such index") from None

    @classmethod
    def build(cls, size: int, bits: int = 2, entries: Mapping[int, int] | None = None) -> StatusList:
        """A list of `size` indices, VALID but for `entries` (index → status).

        Raises:
            StatusError: `index_out_of_range`.
            ValueError: `bits` is not allowed, the list does not fill whole
                bytes, or a status does not fit `bits`.
        """
        if size < 0 or size * bits % 8:
            raise ValueError("a list fills whole bytes")
        entries = entries or {}
        if not set(entries.values()) <= set(range(1 << bits)):
            raise ValueError("a status does not fit the list's bits")
        if min(entries, default=0) < 0:
            raise StatusError("index_out_of_range", "the list has no such index")
        data = bytearray(size * bits // 8)
        try:
            for index, status in entries.items():
                bit = index * bits
                data[bit >> 3] |= status << (bit & 7)
        except IndexError:
            raise StatusError("index_out_of_range", "the list has no such index") from None
        return cls(bits, bytes(data))

    def with_changes(self, entries: Mapping[int, int]) -> StatusList:
        """This list with `entries` (index → status) written over it.

        Raises:
            StatusError: `index_out_of_range`.
            ValueError: a status does not fit `bits`.
        """
        flips = StatusList.build(self.size, self.bits, {i: self.get(i) ^ s for i, s in entries.items()})
        data = int.from_bytes(self.data) ^ int.from_bytes(flips.data)
        return StatusList(self.bits, data.to_bytes(len(self.data)))

    def compressed(self) -> bytes:
        """The ZLIB stream of the byte array, at the level §4.1 recommends."""
        return zlib.compress(self.data, 9)

    @classmethod
    def inflate(cls, compressed: bytes, bits: int, max_bytes: int = MAX_BYTES) -> StatusList:
        """Reads what `compressed` wrote; never makes more than `max_bytes` + 1 bytes of it.

        Raises:
            StatusError: `unsupported_bits`, `list_too_large`, or `malformed_list`
                for anything but exactly one whole ZLIB stream.
        """
        if type(bits) is not int or bits not in BITS:
            raise StatusError("unsupported_bits", "a status has 1, 2, 4 or 8 bits")
        stream = zlib.decompressobj()
        try:
            data = stream.decompress(compressed, max_bytes + 1)
        except zlib.error as error:
            raise StatusError("malformed_list", "the list is not a ZLIB stream") from error
        if len(data) > max_bytes:
            raise StatusError("list_too_large", "the list inflates to more than is allowed")
        if not stream.eof or stream.unused_data:
            raise StatusError("malformed_list", "the list is not one whole ZLIB stream")
        return cls(bits, data)
