"""The coding of changed entries, against a slow second writing of it from docs/status.md."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import Code, outcome

from revocation import golomb_rice

BITS = st.sampled_from((1, 2, 4, 8))


@st.composite
def coded(draw: st.DrawFn) -> tuple[int, dict[int, int]]:
    """A width, and changes that fit it."""
    bits = draw(BITS)
    index = st.one_of(st.integers(0, 40), st.integers(0, 1 << 18), st.integers(0, 1 << 27))
    return bits, draw(st.dictionaries(index, st.integers(0, (1 << bits) - 1), max_size=40))


def slow(changes: dict[int, int], bits: int, k: int) -> bytes:
    """The layout of docs/status.md, bit by bit."""
    stream: list[int] = []
    previous = -1
    for index in sorted(changes):
        quotient, remainder = divmod(index - previous - 1, 2**k)
        stream += [1] * quotient + [0]
        stream += [remainder >> at & 1 for at in reversed(range(k))]
        stream += [changes[index] >> at & 1 for at in reversed(range(bits))]
        previous = index
    stream += [1] * (-len(stream) % 8)
    body = [sum(stream[at + i] << 7 - i for i in range(8)) for at in range(0, len(stream), 8)]
    return bytes([{1: 0, 2: 32, 4: 64, 8: 96}[bits] + k, *body])


def test_worked_example() -> None:
    """The example that docs/status.md prints."""
    assert golomb_rice.encode({3: 1, 10: 2}, bits=2).hex() == "226d5f"
    assert golomb_rice.decode(bytes.fromhex("226d5f")) == (2, {3: 1, 10: 2})


@given(coded())
def test_round_trip(case: tuple[int, dict[int, int]]) -> None:
    """Any changes come back; an empty set of them is one byte."""
    bits, changes = case
    data = golomb_rice.encode(changes, bits=bits)
    assert golomb_rice.decode(data) == (bits, changes)
    assert (len(data) == 1) == (not changes)


@given(st.dictionaries(st.integers(0, 1 << 11), st.integers(0, 3), max_size=40))
def test_the_shortest_parameter_is_taken(changes: dict[int, int]) -> None:
    """No other k makes the same changes shorter, and the bytes are those of the documented layout."""
    data = golomb_rice.encode(changes, bits=2)
    assert data == slow(changes, 2, data[0] & 31)
    assert len(data) == min(len(slow(changes, 2, k)) for k in range(32))


@given(st.binary(max_size=60), st.integers(0, 31), st.sampled_from((0, 32, 64, 96)))
def test_accepted_bytes_are_canonical(body: bytes, k: int, width: int) -> None:
    """Whatever is accepted is what writing it again with its own k gives, and no more than its bytes hold."""
    data = bytes([width + k]) + body
    result = outcome(lambda: golomb_rice.decode(data))
    if isinstance(result, Code):
        assert result == Code("malformed_delta")
    else:
        bits, changes = result
        assert slow(changes, bits, k) == data
        assert len(changes) <= 8 * len(body) // (1 + k + bits)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80",  # a status of 16 bits
        b"\xff",
        b"\x22\xff",  # nothing but padding, a byte of it
        b"\x22\x6d\x5f\xff",  # a byte of padding too many
        b"\x22\x6d",  # an entry cut short
        b"\x22\x6d\x5e",  # padding of 0
        b"\x22\x00",  # one entry, and one that was begun
    ],
)
def test_refused(data: bytes) -> None:
    """Wrong parameters, wrong padding, or an entry without its end."""
    assert outcome(lambda: golomb_rice.decode(data)) == Code("malformed_delta")


def test_reading_is_linear() -> None:
    """A quarter of a megabyte of the densest entries, or of one endless quotient, is read in a moment."""
    start = time.perf_counter()
    bits, changes = golomb_rice.decode(b"\x00" + bytes(1 << 18))
    assert (bits, len(changes)) == (1, 1 << 20)
    assert outcome(lambda: golomb_rice.decode(b"\x1f" + b"\xff" * (1 << 18))) == Code("malformed_delta")
    assert time.perf_counter() - start < 5
