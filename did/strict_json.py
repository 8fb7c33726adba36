"""JSON as other people's bytes: bounded, without duplicates, NaN or surrogates (RFC 8259, RFC 7493)."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from did.errors import DidError

MAX_DEPTH = 32
"""Nesting no document of this project comes near."""
_MAX_DIGITS = 20
"""Enough for every 64-bit integer."""


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
        if _deeper_than(text, MAX_DEPTH):
            raise DidError("malformed_json", "JSON text is nested too deeply")
        value = json.loads(
            text, object_pairs_hook=_unique, parse_int=_integer, parse_float=_number, parse_constant=_constant
        )
        if "\\u" in text or isinstance(data, str):
            dumps(value)  # the only way a lone surrogate shows
    except DidError:
        raise
    except (ValueError, RecursionError) as error:
        raise DidError("malformed_json", "not acceptable JSON text") from error
    return value


def dumps(value: object) -> bytes:
    """The compact UTF-8 text of `value`, names sorted: one value has one text."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def _deeper_than(text: str, limit: int) -> bool:
    """An upper bound found by brackets alone, strings included; exact where it matters."""
    if text.count("[") + text.count("{") <= limit:
        return False
    depth = deepest = 0
    in_string = escaped = False
    for character in text:
        if in_string:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                in_string = False
        elif character == '"':
            in_string = True
        elif character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest > limit


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
