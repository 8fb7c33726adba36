"""Deterministic CBOR (RFC 8949 §4.2.1), and nothing but that."""

from __future__ import annotations

from functools import partial
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import Code, outcome

from did import cbor
from did.errors import DidError

SCALARS = st.integers(-(2**64), 2**64 - 1) | st.binary(max_size=30) | st.text(max_size=20)
VALUES = st.recursive(
    SCALARS | st.booleans() | st.none(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(SCALARS, inner, max_size=4)
        | st.builds(cbor.Tag, st.just(18), inner)
        | st.builds(cbor.Tag, st.integers(61, 99), SCALARS)
    ),
    max_leaves=20,
)

REFUSED = {
    "one-byte argument below 24": "1817",
    "two-byte argument below 256": "1900ff",
    "four-byte argument below 65,536": "1a0000ffff",
    "eight-byte argument below 2^32": "1b00000000ffffffff",
    "over-long string length": "580161",
    "over-long array length": "980101",
    "over-long map length": "b8010102",
    "over-long tag number": "d80101",
    "map keys in the order of RFC 7049": "a2 20 00 19ffff 00",
    "map keys unsorted": "a2 02 00 01 00",
    "duplicate integer key": "a2 01 02 01 03",
    "duplicate text key": "a2 6161 02 6161 03",
    "duplicate simple key": "a2 f83b 00 f83b 00",
    "true for the key 1": "a1 f5 00",
    "simple(1) for the key 1": "a1 e1 00",
    "null as a key": "a1 f6 00",
    "an array as a key": "a1 81 01 00",
    "a map as a key": "a1 a0 00",
    "indefinite array": "9f01ff",
    "indefinite map": "bf0102ff",
    "indefinite bytes": "5f4101ff",
    "indefinite text": "7f6161ff",
    "break alone": "ff",
    "break in an array": "8201ff",
    "half float": "f93c00",
    "single float": "fa3f800000",
    "double float": "fb3ff0000000000000",
    "NaN": "f97e00",
    "undefined": "f7",
    "simple value below 32 in two bytes": "f818",
    "reserved argument": "1c",
    "reserved simple": "fc",
    "invalid UTF-8": "62c328",
    "surrogate in UTF-8": "63eda080",
    "trailing byte": "0100",
    "nothing": "",
    "cut integer": "19ff",
    "cut string": "43aabb",
    "cut array": "8201",
    "cut map": "a101",
    "cut tag": "d2",
    "positive bignum": "c249010000000000000000",
    "negative bignum": "c349010000000000000000",
    "date text": "c06a323032362d31312d3031",
    "epoch": "c100",
    "shared reference": "d81c81d81d00",
    "set": "d9010280",
    "IPv4 address": "d83444c0000201",
    "IPv6 address": "d8365020010db8000000000000000000000000",
    "regular expression": "d8236161",
    "self-described": "d9d9f701",
    "array of 2^31 and no item": "9a7fffffff",
    "array of 2^64 and no item": "9bffffffffffffffff",
    "map of 2^62 and no item": "bb3fffffffffffffff",
    "bytes of 2^62 and none": "5b3fffffffffffffff",
    "text of 2^31 and none": "7a7fffffff",
    "seventeen arrays in each other": "81" * 17 + "00",
    "seventeen tags in each other": "d903e8" * 17 + "00",
    "arrays of 2^27 in each other": "9a08000000" * 16,
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_refused(data: str) -> None:
    """Whatever is not the one deterministic encoding of something we use."""
    with pytest.raises(DidError) as caught:
        cbor.decode(bytes.fromhex(data), max_bytes=1000)
    assert caught.value.code == "malformed_cbor"


@pytest.mark.parametrize(
    ("value", "data"),
    [
        ({65535: 1, -1: 2}, "a2 19ffff 01 20 02"),  # bytewise: 19.. before 20; by length it would be 20 first
        ({cbor.Simple(59): [], 65535: {}}, "a2 19ffff a0 f83b 80"),  # bytewise: 19.. before f8..
        ({"aa": 0, "b": 0, b"": 0, 100: 0, 10: 0, -1: 0}, "a6 0a00 186400 2000 4000 616200 62616100 00"[:-3]),
        ({}, "a0"),
        ([], "80"),
        (cbor.Tag(18, [b"", {}]), "d28240a0"),
        (None, "f6"),
        (2**64 - 1, "1bffffffffffffffff"),
        (-(2**64), "3bffffffffffffffff"),
    ],
)
def test_known_encodings(value: object, data: str) -> None:
    """RFC 8949 §4.2.1 orders keys by their bytes; cbor2's canonical form orders by length first."""
    assert cbor.encode(value) == bytes.fromhex(data)
    assert cbor.decode(bytes.fromhex(data), max_bytes=100) == value


@pytest.mark.parametrize("value", [{65535: 1, -1: 2}, {cbor.Simple(59): [], 65535: {}}])
def test_the_older_order_is_refused(value: dict[Any, Any]) -> None:
    """The two cases where RFC 7049 and RFC 8949 differ: what cbor2 calls canonical does not pass."""
    older = cbor2.dumps(value, canonical=True)
    assert older != cbor.encode(value)
    with pytest.raises(DidError):
        cbor.decode(older, max_bytes=100)


@given(VALUES)
def test_round_trip(value: object) -> None:
    """Whatever is encoded decodes to itself, and to the same bytes again."""
    data = cbor.encode(value)
    read = cbor.decode(data, max_bytes=len(data))
    assert read == value
    assert cbor.encode(read) == data


@given(st.binary(max_size=24))
def test_one_encoding_per_value(data: bytes) -> None:
    """Bytes that decode are the bytes that encoding gives; anything else is refused with the one code."""
    value = outcome(lambda: cbor.decode(data, max_bytes=24))
    assert value == Code("malformed_cbor") if isinstance(value, Code) else cbor.encode(value) == data


@given(st.binary(max_size=24))
def test_lenient_refuses_with_the_same_code(data: bytes) -> None:
    """The reader of foreign tokens lets nothing but `DidError` out."""
    value = outcome(lambda: cbor.decode_lenient(data))
    assert not isinstance(value, Code) or value == Code("malformed_cbor")


def test_no_tag_runs_code() -> None:
    """No tag number makes cbor2 build anything but a plain tag: a new release may know new ones."""
    bodies = (b"\x00", b"\x40", b"\x60", b"\x80", b"\x82\x00\x00", b"\xa0", b"\x44\xc0\x00\x02\x01")
    for number in (*range(1200), *range(42990, 43010), *range(55790, 55810)):
        for body in bodies:
            value = outcome(partial(cbor.decode_lenient, cbor.head(6, number) + body))
            assert type(value) in (cbor.Tag, Code), f"tag {number} is interpreted"


def test_lenient_takes_other_definite_encodings() -> None:
    """Other issuers sort otherwise or write long lengths; that is well-formed all the same."""
    assert cbor.decode_lenient(bytes.fromhex("a2 1802 00 01 00")) == {2: 0, 1: 0}


@pytest.mark.parametrize("data", ["9f01ff", "a201020103", "0100", "bf0102ff", "81" * 17 + "00"])
def test_lenient_still_refuses(data: str) -> None:
    """Indefinite lengths, duplicate keys, trailing bytes and depth are refused for everybody."""
    with pytest.raises(DidError):
        cbor.decode_lenient(bytes.fromhex(data))


def test_size_is_looked_at_first() -> None:
    """An item over the limit is not decoded."""
    assert cbor.decode(b"\x41a", max_bytes=2) == b"a"
    with pytest.raises(DidError, match="larger"):
        cbor.decode(b"\x41a", max_bytes=1)


@pytest.mark.parametrize("value", [1.5, {1: 0.0}, {1, 2}, object(), {True: 0}, {None: 0}, {(1,): 0}])
def test_what_cannot_be_encoded(value: object) -> None:
    """A type without one encoding is a programmer's mistake."""
    with pytest.raises(TypeError):
        cbor.encode(value)


@given(st.integers(0, 5), st.integers(0, 2**64 - 1))
def test_head(major: int, argument: int) -> None:
    """A head is the shortest one; cbor2 agrees on integers and tags."""
    data = cbor.head(major, argument)
    assert data[0] >> 5 == major
    assert cbor.head(0, argument) == cbor2.dumps(argument)
    assert cbor.head(1, argument) == cbor2.dumps(-1 - argument)
    assert data[1:] == cbor.head(0, argument)[1:]


def test_head_has_a_limit() -> None:
    """There is no head for 65 bits."""
    with pytest.raises(ValueError, match="64 bits"):
        cbor.head(0, 1 << 64)
