"""The list: packing, reading, changing, and inflating what anybody may have sent."""

from __future__ import annotations

import time
import tracemalloc
import zlib
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import Code, outcome
from published import SMALL, big_statuses

from revocation import Status, StatusError, StatusList

BITS = st.sampled_from((1, 2, 4, 8))


@st.composite
def lists(draw: st.DrawFn) -> tuple[StatusList, dict[int, int]]:
    """A list of any width, and the entries it was built from."""
    bits = draw(BITS)
    size = draw(st.integers(1, 40)) * 8
    entries = draw(st.dictionaries(st.integers(0, size - 1), st.integers(0, (1 << bits) - 1), max_size=30))
    return StatusList.build(size, bits, entries), entries


def test_low_bits_come_first() -> None:
    """Index 0 stands in the least significant bits of the first byte (§4.1)."""
    assert StatusList.build(8, 2, {0: 1, 1: 2, 3: 3}).data == bytes((0b11_00_10_01, 0))
    assert StatusList.build(8, 1, {0: 1, 7: 1}).data == bytes((0b1000_0001,))


def test_status_values() -> None:
    """The values of §7.1, and the application's own one."""
    assert [status.value for status in Status] == [0, 1, 2, 3]
    assert [status.name for status in Status] == ["VALID", "INVALID", "SUSPENDED", "NOT_ACTIVE"]


@given(lists())
def test_get_what_was_built(built: tuple[StatusList, dict[int, int]]) -> None:
    """Every index answers with its entry, or VALID."""
    statuses, entries = built
    assert [statuses.get(i) for i in range(statuses.size)] == [
        entries.get(i, 0) for i in range(statuses.size)
    ]


@given(lists(), st.data())
def test_changes_overwrite_and_nothing_else(
    built: tuple[StatusList, dict[int, int]], data: st.DataObject
) -> None:
    """A changed list is the list built from the merged entries; the old one is as it was."""
    statuses, entries = built
    index, status = st.integers(0, statuses.size - 1), st.integers(0, (1 << statuses.bits) - 1)
    changes = data.draw(st.dictionaries(index, status))
    before = statuses.data
    assert statuses.with_changes(changes) == StatusList.build(statuses.size, statuses.bits, entries | changes)
    assert statuses.data == before


@given(lists())
def test_compressed_lists_inflate(built: tuple[StatusList, dict[int, int]]) -> None:
    """What was compressed is read back."""
    statuses, _ = built
    assert StatusList.inflate(statuses.compressed(), statuses.bits) == statuses


def test_get_answers_with_a_plain_integer() -> None:
    """Statuses are ints whatever was written: an unknown value is not an error of the list."""
    statuses = StatusList.build(4, 2, {1: Status.SUSPENDED})
    assert type(statuses.get(1)) is int
    assert StatusList(8, b"\x0c").get(0) == 12


@pytest.mark.parametrize("index", [-1, -16, 16, 17, 1 << 70, -(1 << 70)])
def test_no_index_beyond_the_list(index: int) -> None:
    """§8.3: an index out of bounds is refused, on either side, reading and writing."""
    refusal = Code("index_out_of_range")
    assert outcome(lambda: SMALL.get(index)) == refusal
    assert outcome(lambda: SMALL.with_changes({index: 1})) == refusal
    assert outcome(lambda: StatusList.build(16, 2, {index: 1})) == refusal


@pytest.mark.parametrize(
    ("size", "bits", "entries"),
    [
        (16, 3, {}),
        (16, 0, {}),
        (16, 16, {}),
        (3, 2, {}),
        (-4, 2, {}),
        (16, 2, {1: 4}),
        (16, 2, {1: -1}),
        (16, 1, {1: 2}),
    ],
)
def test_impossible_lists_are_the_programmers_mistake(
    size: int, bits: int, entries: Mapping[int, int]
) -> None:
    """Widths, sizes and statuses that do not go together are no StatusError."""
    with pytest.raises(ValueError, match=r"bits|whole bytes"):
        StatusList.build(size, bits, entries)


def test_changing_to_a_status_that_does_not_fit() -> None:
    """`with_changes` holds what `build` holds."""
    with pytest.raises(ValueError, match="bits"):
        SMALL.with_changes({1: 4})


def test_a_list_does_not_print_itself() -> None:
    """A log line does not carry 64 kilobytes."""
    assert repr(SMALL) == "StatusList(bits=2)"


Z = SMALL.compressed()
FLATE = zlib.compressobj(9, zlib.DEFLATED, -15)
GZIP = zlib.compressobj(9, zlib.DEFLATED, 31)
DICTIONARY = zlib.compressobj(9, zlib.DEFLATED, 15, 8, 0, b"\x00\x00\x00\x00")


@pytest.mark.parametrize(
    ("compressed", "bits", "code"),
    [
        (b"", 2, "malformed_list"),
        (b"\x00" * 20, 2, "malformed_list"),
        (Z[:-1], 2, "malformed_list"),
        (Z[:-4], 2, "malformed_list"),
        (Z[:2], 2, "malformed_list"),
        (Z + b"\x00", 2, "malformed_list"),
        (Z + Z, 2, "malformed_list"),
        (Z[:-1] + bytes((Z[-1] ^ 1,)), 2, "malformed_list"),
        (FLATE.compress(SMALL.data) + FLATE.flush(), 2, "malformed_list"),
        (GZIP.compress(SMALL.data) + GZIP.flush(), 2, "malformed_list"),
        (DICTIONARY.compress(SMALL.data) + DICTIONARY.flush(), 2, "malformed_list"),
        (Z, 3, "unsupported_bits"),
        (Z, 0, "unsupported_bits"),
        (Z, 16, "unsupported_bits"),
        (Z, True, "unsupported_bits"),
        (Z, 2.0, "unsupported_bits"),
        (Z, "2", "unsupported_bits"),
        (Z, None, "unsupported_bits"),
    ],
)
def test_streams_that_are_refused(compressed: bytes, bits: int, code: str) -> None:
    """Only one whole ZLIB stream in an allowed width is a list."""
    assert outcome(lambda: StatusList.inflate(compressed, bits)) == Code(code)


@given(st.integers(0, 300))
def test_the_bound_is_exact(max_bytes: int) -> None:
    """A list of 100 bytes passes from 100 on."""
    result = outcome(lambda: StatusList.inflate(zlib.compress(bytes(100)), 2, max_bytes))
    assert result == (StatusList(2, bytes(100)) if max_bytes >= 100 else Code("list_too_large"))


@given(st.binary(max_size=200))
def test_any_bytes_are_a_list_or_a_refusal(data: bytes) -> None:
    """Nothing but StatusError leaves `inflate`."""
    assert isinstance(outcome(lambda: StatusList.inflate(data, 2, 1 << 16)), StatusList | Code)


def test_sixteen_million_entries_pass() -> None:
    """2^24 entries of two bits are within the default bound."""
    statuses = StatusList.build(1 << 24, 2, {(1 << 24) - 1: 3})
    assert StatusList.inflate(statuses.compressed(), 2).get((1 << 24) - 1) == 3


def test_a_bomb_is_answered_in_bounded_time_and_memory() -> None:
    """A gigabyte of zeros in a megabyte is refused after the bound, not after the gigabyte."""
    stream = zlib.compressobj(9)
    bomb = b"".join([stream.compress(bytes(1 << 24)) for _ in range(64)]) + stream.flush()
    tracemalloc.start()
    start = time.perf_counter()
    with pytest.raises(StatusError, match="more than is allowed"):
        StatusList.inflate(bomb, 2)
    assert time.perf_counter() - start < 3
    assert tracemalloc.get_traced_memory()[1] < 100_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_two_percent_of_a_full_list_fit_the_budget(seed: int) -> None:
    """2^18 entries, 2% not VALID, at random indices: at most 7.5 KB compressed."""
    statuses = big_statuses(seed)
    assert len(statuses.data) == 65_536
    assert len(statuses.compressed()) <= 7_500


def test_lookup_and_build_are_quick() -> None:
    """A lookup is far below the 50 µs of one that inflates, a build far below the 7 ms of one that loops."""
    statuses = big_statuses(4)
    entries = {i: s for i in range(statuses.size) if (s := statuses.get(i))}
    rounds = []
    for _ in range(5):
        start = time.perf_counter()
        assert StatusList.build(statuses.size, 2, entries) == statuses
        built = time.perf_counter()
        for index in range(0, 100_000, 10):
            statuses.get(index)
        rounds.append((built - start, (time.perf_counter() - built) / 10_000))
    assert min(build for build, _ in rounds) < 0.005
    assert min(lookup for _, lookup in rounds) < 0.000_002
