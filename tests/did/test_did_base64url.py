"""base64url: one byte string, one text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import Code, outcome

from did import base64url
from did.errors import DidError

REFUSED = {
    "padding": "AA==",
    "more padding": "AAAA=",
    "padding alone": "=",
    "padding inside": "AA=A",
    "plus": "A+AA",
    "slash": "A/AA",
    "space": "A AA",
    "line end": "AAAA\n",
    "NUL": "A\0AA",
    "one character": "A",
    "five characters": "AAAAA",
    "trailing bits of one byte": "AB",
    "trailing bits of two bytes": "AAB",
    "not ASCII": "é",
    "surrogate": "\ud800",
    "full width": "ＡＡ",
}


@given(st.binary(max_size=300))
def test_round_trip(data: bytes) -> None:
    """Whatever is encoded decodes to itself, as one text."""
    text = base64url.encode(data)
    assert base64url.decode(text) == data


@given(st.text("ABab01-_+/= \n\0é", max_size=9))
def test_one_text_per_bytes(text: str) -> None:
    """A text that decodes is the text that encoding gives."""
    data = outcome(lambda: base64url.decode(text))
    assert base64url.encode(data) == text if isinstance(data, bytes) else data == Code("malformed_base64url")


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_refused(text: str) -> None:
    """Padding, the standard alphabet, white space and non-zero trailing bits have no place."""
    with pytest.raises(DidError) as caught:
        base64url.decode(text)
    assert caught.value.code == "malformed_base64url"


def test_bytes_that_are_not_ascii() -> None:
    """Bytes above 127 are refused, not skipped."""
    with pytest.raises(DidError):
        base64url.decode("éAAA")
