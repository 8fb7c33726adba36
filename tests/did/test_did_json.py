"""JSON as other people's bytes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import Code, outcome

from did import strict_json
from did.errors import DidError

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)

REFUSED = {
    "duplicate name": b'{"a":1,"a":2}',
    "duplicate name by escape": b'{"a":1,"\\u0061":2}',
    "duplicate name inside": b'[{"b":{"a":1,"a":1}}]',
    "5,000 digits": b"1" * 5000,
    "21 digits": b"1" * 21,
    "5,000 digits in a name's value": b'{"iat":' + b"9" * 5000 + b"}",
    "a long fraction": b"1." + b"1" * 60,
    "NaN": b'{"a":NaN}',
    "Infinity": b"[Infinity]",
    "negative Infinity": b"-Infinity",
    "a float that overflows": b"1e999",
    "lone surrogate": b'"\\ud800"',
    "lone low surrogate": b'"\\uDC00"',
    "swapped surrogates": b'"\\udc00\\ud800"',
    "surrogate as a name": b'{"\\ud83d":1}',
    "surrogate in UTF-8": b'"\xed\xa0\x80"',
    "invalid UTF-8": b'"\xff"',
    "over-long UTF-8": b'"\xc0\xaf"',
    "byte order mark": b"\xef\xbb\xbf1",
    "UTF-16": "1".encode("utf-16"),
    "control character": b'"\x01"',
    "single quotes": b"{'a':1}",
    "trailing comma": b"[1,]",
    "leading zero": b"01",
    "comment": b"1//",
    "something behind": b"[1]x",
    "empty": b"",
    "nesting of 33": b"[" * 33 + b"]" * 33,
    "objects nested 33 deep": b'{"a":' * 33 + b"1" + b"}" * 33,
    "nesting of 100,000": b"[" * 100_000,
    "an open string behind brackets": b"[" * 40 + b'"' + b'\\"' * 1000,
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_refused(data: bytes) -> None:
    """What RFC 7493 forbids, and what no document of ours needs."""
    with pytest.raises(DidError) as caught:
        strict_json.loads(data, max_bytes=1 << 20)
    assert caught.value.code == "malformed_json"


def test_a_surrogate_in_text() -> None:
    """A str may hold a lone surrogate without any escape; it is refused too."""
    with pytest.raises(DidError):
        strict_json.loads('"\ud800"', max_bytes=100)


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        (b'"\\u1798"', "ម"),
        (b'["' + b"[" * 100 + b'"]', ["[" * 100]),
        (b'["' + b'\\"[' * 100 + b'"]', ['"[' * 100]),
        (b"[" * 32 + b"]" * 32, json.loads("[" * 32 + "]" * 32)),
        (b"[" + b"{}," * 100 + b"[]]", [{}] * 100 + [[]]),
        (b"18446744073709551615", 2**64 - 1),
        (b"1.5", 1.5),
        (b" \r\n\t1 ", 1),
    ],
)
def test_accepted(data: bytes, value: object) -> None:
    """What only looks like one of those."""
    assert strict_json.loads(data, max_bytes=1000) == value
    assert strict_json.loads(data.decode(), max_bytes=1000) == value


def test_size_is_looked_at_first() -> None:
    """A text over the limit is not parsed."""
    assert strict_json.loads(b"[1]", max_bytes=3) == [1]
    with pytest.raises(DidError, match="larger"):
        strict_json.loads(b"[1]", max_bytes=2)


@given(VALUES)
def test_round_trip(value: object) -> None:
    """What is written is read back, and has one text."""
    text = strict_json.dumps(value)
    read = strict_json.loads(text, max_bytes=len(text))
    assert read == value
    assert strict_json.dumps(read) == text


@given(VALUES | st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.booleans())
def test_both_ways_agree(value: object, ascii_only: bool, spaced: bool) -> None:
    """However a text is written, quick or exact, it is read as the standard library reads it."""
    text = json.dumps(value, ensure_ascii=ascii_only, separators=(", ", ": ") if spaced else (",", ":"))
    read = strict_json.loads(text, max_bytes=len(text))
    assert read == json.loads(text)
    assert type(read) is type(value)


@given(st.binary(max_size=60) | st.text('[]{}",:\\u0d8 1', max_size=60).map(str.encode))
def test_nothing_else_leaves(data: bytes) -> None:
    """Any bytes are read, or refused with the one code."""
    value = outcome(lambda: strict_json.loads(data, max_bytes=100))
    assert not isinstance(value, Code) or value == Code("malformed_json")


def test_names_are_sorted() -> None:
    """Order of insertion does not show, and Khmer is not escaped."""
    assert strict_json.dumps({"b": 1, "a": "ក"}) == '{"a":"ក","b":1}'.encode()


def test_nan_is_not_written() -> None:
    """What could not be read is not written."""
    with pytest.raises(ValueError, match="JSON"):
        strict_json.dumps(float("nan"))
