"""JSON as other people's bytes: bounded, without duplicates, NaN or surrogates (RFC 8259, RFC 7493).

orjson parses it, three times as fast as the standard library, but takes the
last of two equal names and rounds large integers. So its answer counts only
where writing it again gives the very same text, which shows that nothing was
dropped or changed. Any other text, spaced or escaped in another way, takes
the slow and exact way.
"""

from __future__ import annotations

import json
import re
from itertools import accumulate
from typing import Any, Final, NoReturn

import orjson

from did.errors import DidError

MAX_DEPTH: Final = 32
"""Nesting no document of this project comes near."""
_SHORT: Final = 2 * MAX_DEPTH
"""Bytes in which nothing can nest deeper than that."""
_MAX_DIGITS: Final = 20
"""Enough for every 64-bit integer."""
_NO_BRACKETS: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[^][{}"]++', re.DOTALL)
"""Strings whole, and whatever else is no bracket."""
_STEP: Final = {"[": 1, "{": 1, "]": -1, "}": -1}
_ESCAPED_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")


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
        raw = data.encode("utf-8") if isinstance(data, str) else data
        try:
            value = orjson.loads(raw)
            if orjson.dumps(value) == raw and (len(raw) < _SHORT or _openings(raw) <= MAX_DEPTH):
                return value
        except (TypeError, ValueError):
            pass  # let the exact way find out what it is
        return _exact(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise DidError("malformed_json", "not acceptable JSON text") from error


def dumps(value: object) -> bytes:
    """The compact UTF-8 text of `value`, names sorted: one value has one text."""
    return _ENCODER.encode(value).encode("utf-8")


def _exact(text: str) -> Any:
    """The standard library's answer, with every liberty it takes checked by a hook."""
    if text.count("[") + text.count("{") > MAX_DEPTH < _depth(text):
        raise DidError("malformed_json", "JSON text is nested too deeply")
    value = _DECODER.decode(text)
    if "\\" in text and _ESCAPED_SURROGATE.search(text):
        dumps(value)  # fails for a lone one, not for a pair
    return value


def _openings(raw: bytes) -> int:
    """How many brackets open; `replace` finds them several times as fast as `count`."""
    return 2 * len(raw) - len(raw.replace(b"[", b"")) - len(raw.replace(b"{", b""))


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
_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_unique, parse_int=_integer, parse_float=_number, parse_constant=_constant
)
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
