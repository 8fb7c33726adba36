"""JSON as other people's bytes: bounded, without duplicates, NaN or surrogates (RFC 8259, RFC 7493)."""

from __future__ import annotations

import json
import re
from itertools import accumulate
from typing import Any, NoReturn

from did.errors import DidError

MAX_DEPTH = 32
"""Nesting no document of this project comes near."""
_MAX_DIGITS = 20
"""Enough for every 64-bit integer."""
_NO_BRACKETS = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[^][{}"]++', re.DOTALL)
"""Strings whole, and whatever else is no bracket."""
_STEP = {"[": 1, "{": 1, "]": -1, "}": -1}
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def loads(data: bytes | str, *, max_bytes: int) -> Any:
    """Parses one JSON text of at most `max_bytes` bytes (or characters).

    Raises:
        DidError: `malformed_json` for anything RFC 7493 (I-JSON) forbids:
            duplicate names, NaN and Infinity, lone surrogates, invalid UTF-8;
            also for integers beyond 20 digits and nesting deeper than 32.
    """
    if len(data) > max_bytes:
        raise DidError("malformed_json", "JSON text is larger than allowed")
    try:
        text = data.decode("utf-8") if isinstance(data, bytes) else data
        if text.count("[") + text.count("{") > MAX_DEPTH < _depth(text):
            raise DidError("malformed_json", "JSON text is nested too deeply")
        value, end = _DECODER.raw_decode(text) if text[:1] in ("{", "[") else (None, -1)
        if end != len(text):
            value = _DECODER.decode(text)  # white space around it, or a fault
        if text is data:
            text.encode("utf-8")  # a lone surrogate as it stands
        if "\\" in text and _ESCAPED_SURROGATE.search(text):
            dumps(value)  # one that was written as an escape, or a whole pair
    except DidError:
        raise
    except (ValueError, RecursionError) as error:
        raise DidError("malformed_json", "not acceptable JSON text") from error
    return value


def dumps(value: object) -> bytes:
    """The compact UTF-8 text of `value`, names sorted: one value has one text."""
    return _ENCODER.encode(value).encode("utf-8")


def _depth(text: str) -> int:
    """How deeply `text` nests, if it is JSON at all."""
    steps = map(_STEP.__getitem__, _NO_BRACKETS.sub("", text))
    return max(accumulate(steps), default=0)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise DidError("malformed_json", "a name occurs twice in a JSON object")
    return value


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise DidError("malformed_json", "a number has too many digits")
    return int(digits)


def _number(digits: str) -> float:
    if len(digits) > 2 * _MAX_DIGITS:
        raise DidError("malformed_json", "a number has too many digits")
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise DidError("malformed_json", "a number is out of range")
    return value


def _constant(name: str) -> NoReturn:
    raise DidError("malformed_json", f"{name} is not JSON")


# Made once: json.loads and json.dumps make new ones at every call with options.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_int=_integer, parse_float=_number, parse_constant=_constant
)
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
