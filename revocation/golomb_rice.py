"""Golomb–Rice coding of changed entries: the few indices of a large list that changed, and to what.

One byte of parameters, then a bit string, most significant bit first:

    byte 0        bits 7–5: log2 of the bits a status has (0 to 3); bits 4–0: the Rice parameter k
    each entry    the gap to the previous index (0 for its neighbour), divided by 2^k:
                  the quotient as so many 1 bits and a 0, the remainder in k bits;
                  then the new status in its 1, 2, 4 or 8 bits
    padding       0 to 7 bits of 1: every entry has a 0, so they are none

Indices ascend, so changes have one encoding for each k, and the k travels.
"""

from __future__ import annotations

from collections.abc import Mapping

from revocation.errors import StatusError
from revocation.status_list import BITS

_MAX_K = 31


def encode(changes: Mapping[int, int], *, bits: int) -> bytes:
    """The shortest coding of `changes` (index → status of `bits` bits)."""
    indices = sorted(changes)
    gaps = [index - before - 1 for before, index in zip([-1, *indices], indices, strict=False)]
    k = min(range(_MAX_K + 1), key=lambda k: sum(gap >> k for gap in gaps) + k * len(gaps))
    width = k + bits
    text = "".join(
        f"{'1' * (gap >> k)}0{(gap & (1 << k) - 1) << bits | changes[index]:0{width}b}"
        for gap, index in zip(gaps, indices, strict=True)
    )
    text += "1" * (-len(text) % 8)
    body = int(text, 2).to_bytes(len(text) // 8) if text else b""
    return bytes((BITS.index(bits) << 5 | k,)) + body


def decode(data: bytes) -> tuple[int, dict[int, int]]:
    """The bits of a status, and the changes, that `encode` was given.

    Raises:
        StatusError: `malformed_delta`.
    """
    if not data or data[0] >> 5 >= len(BITS):
        raise StatusError("malformed_delta", "the changes do not begin with their parameters")
    bits, k = BITS[data[0] >> 5], data[0] & 31
    text = f"{int.from_bytes(data[1:]):0{8 * len(data) - 8}b}" if len(data) > 1 else ""
    width = k + bits
    changes: dict[int, int] = {}
    index, start = -1, 0
    while (zero := text.find("0", start)) >= 0:
        end = zero + 1 + width
        if end > len(text):
            raise StatusError("malformed_delta", "the last change is cut short")
        low = int(text[zero + 1 : end], 2)
        index += ((zero - start) << k | low >> bits) + 1
        changes[index] = low & (1 << bits) - 1
        start = end
    if len(text) - start > 7:
        raise StatusError("malformed_delta", "more than padding follows the last change")
    return bits, changes
