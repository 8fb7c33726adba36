"""Base45 against RFC 9285 and against a naive reading of it."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from outcomes import Code, outcome
from vectors import load_vector

from did import base45
from did.errors import DidError


def naive_encode(data: bytes) -> str:
    """RFC 9285 §4.2 to the letter."""
    text = ""
    for i in range(0, len(data), 2):
        group = data[i : i + 2]
        n = int.from_bytes(group, "big")
        for _ in range(len(group) + 1):
            text += chr(base45.ALPHABET[n % 45])
            n //= 45
    return text


def test_examples_of_the_rfc() -> None:
    """The examples of RFC 9285 §4.3 and §4.4, both ways."""
    for case in load_vector("base45/rfc9285.json")["examples"]:
        assert base45.encode(case["plain"].encode()) == case["base45"]
        assert base45.decode(case["base45"].encode()) == case["plain"].encode()


def test_negatives_of_the_rfc() -> None:
    """What RFC 9285 §6 forbids is refused."""
    for text in load_vector("base45/rfc9285.json")["negatives"]:
        with pytest.raises(DidError) as caught:
            base45.decode(text.encode())
        assert caught.value.code == "malformed_base45"


@given(st.binary(max_size=400))
@example(b"")
@example(b"\xff" * 401)
def test_round_trip(data: bytes) -> None:
    """Encoding agrees with the naive one, and decoding undoes it."""
    text = base45.encode(data)
    assert text == naive_encode(data)
    assert base45.decode(text.encode()) == data


@given(st.text("0129AZ $%*+-./:a_\n", max_size=12))
def test_one_text_per_bytes(text: str) -> None:
    """A text that decodes is the text that encoding gives."""
    data = outcome(lambda: base45.decode(text.encode()))
    assert base45.encode(data) == text if isinstance(data, bytes) else data == Code("malformed_base45")


@pytest.mark.parametrize("text", [b"bb8", b"BB8\n", b"BB\0", b"B", b"BB8A", "BB８".encode()])
def test_refused(text: bytes) -> None:
    """Lower case, foreign characters and impossible lengths."""
    with pytest.raises(DidError):
        base45.decode(text)


@pytest.mark.parametrize(
    ("last", "data", "beyond"),
    [(b"FGW", b"\xff\xff", b"GGW"), (b"U5", b"\xff", b"V5"), (b"U5", b"\xff", b"::")],
)
def test_edges_of_a_group(last: bytes, data: bytes, beyond: bytes) -> None:
    """65,535 is the last value of a group of three, 255 that of a group of two."""
    assert base45.decode(last) == data
    with pytest.raises(DidError):
        base45.decode(beyond)


@given(st.integers(0, 1500), st.integers(0, 1500))
def test_a_bad_group_is_found_anywhere(before: int, after: int) -> None:
    """A group beyond its range is found at every place, also past the precomputed length."""
    with pytest.raises(DidError):
        base45.decode(b"FGW" * before + b"GGW" + b"FGW" * after)


def test_first_use_by_several_threads() -> None:
    """Whichever thread makes the table, no other finds a part of it."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            for _ in range(5):
                base45._TRIPLES.clear()
                assert set(pool.map(base45.encode, [b"\xff\xff"] * 8)) == {naive_encode(b"\xff\xff")}
    finally:
        sys.setswitchinterval(interval)
