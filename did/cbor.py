"""Deterministic CBOR (RFC 8949 §4.2.1) out, and nothing but that in.

cbor2's own `canonical=True` sorts map keys by length first (the older rule of
RFC 7049); §4.2.1 sorts by the encoded bytes. So maps are ordered here.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any, NoReturn

import cbor2

from did.errors import DidError

MAX_DEPTH = 16
"""SD-CWT §6 lets a reader refuse deeper nesting."""

REDACTED = 59
"""The simple value that is a map key in an SD-CWT (§4)."""

Tag = cbor2.CBORTag
Simple = cbor2.CBORSimpleValue


def encode(value: object) -> bytes:
    """The one deterministic encoding of ints, bytes, text, bools, None, lists, maps, tags and simple values.

    Raises:
        TypeError: for a float or any other type; no document here holds one.
    """
    return cbor2.dumps(_ordered(value))


def head(major: int, argument: int) -> bytes:
    """The initial bytes of an item: major type 0–7 and its argument (RFC 8949 §3)."""
    first = major << 5
    if argument < 24:
        return bytes((first | argument,))
    if argument < 256:
        return bytes((first | 24, argument))
    for code, size in ((25, 2), (26, 4), (27, 8)):
        if argument < 1 << (8 * size):
            return bytes((first | code,)) + argument.to_bytes(size, "big")
    raise ValueError("argument exceeds 64 bits")


def decode(data: bytes, *, max_bytes: int, max_depth: int = MAX_DEPTH) -> Any:
    """Decodes one item that is its own deterministic encoding.

    Duplicate keys, indefinite lengths, over-long integers, unsorted maps,
    trailing bytes and floats are all found by encoding again.

    Raises:
        DidError: `malformed_cbor`.
    """
    if len(data) > max_bytes:
        raise DidError("malformed_cbor", "CBOR item is larger than allowed")
    value = decode_lenient(data, max_depth=max_depth)
    try:
        same = encode(value) == data
    except (TypeError, ValueError, RecursionError) as error:
        raise DidError("malformed_cbor", "CBOR item holds a type that is not used here") from error
    if not same:
        raise DidError("malformed_cbor", "CBOR item is not deterministically encoded")
    return value


def decode_lenient(data: bytes, *, max_depth: int = MAX_DEPTH) -> Any:
    """Decodes one well-formed item, whole, in any definite-length encoding: for other issuers' tokens only.

    Raises:
        DidError: `malformed_cbor`.
    """
    stream = BytesIO(data)
    try:
        value = cbor2.load(
            stream,
            max_depth=max_depth,
            allow_indefinite=False,
            allow_duplicate_keys=False,
            semantic_decoders=_SEMANTICS,
        )
    except (cbor2.CBORDecodeError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise DidError("malformed_cbor", "not a CBOR item") from error
    if stream.tell() != len(data):
        raise DidError("malformed_cbor", "bytes follow the CBOR item")
    return value


def _refuse(_value: object, _immutable: bool) -> NoReturn:
    raise ValueError("a tag that is not used here")


def _sign1(value: object, _immutable: bool) -> Tag:
    return Tag(18, value)


# cbor2 turns these tags into dates, regular expressions, shared references and
# so on while decoding. None occurs in a token, and none may run on foreign bytes.
# Of a tag it does not know it makes what is inside immutable, which is no dict or
# list any more: so the one that wraps a COSE_Sign1 (18) is made known.
_SEMANTICS: dict[int, Callable[[Any, bool], Any]] = {
    **dict.fromkeys(
        (*range(6), 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004, 43000, 55799), _refuse
    ),
    18: _sign1,
}


def _ordered(value: object) -> object:
    kind = type(value)
    if kind in (int, bytes, str, bool, type(None), Simple):
        return value
    if kind is list or kind is tuple:
        return [_ordered(item) for item in value]  # type: ignore[attr-defined]
    if kind is dict:
        items = [(cbor2.dumps(_key(k)), k, _ordered(v)) for k, v in value.items()]  # type: ignore[attr-defined]
        return {k: v for _, k, v in sorted(items, key=lambda item: item[0])}
    if isinstance(value, Tag):
        return Tag(value.tag, _ordered(value.value))
    raise TypeError(f"no deterministic encoding for {kind.__name__}")


def _key(key: object) -> object:
    """Python takes `true` and simple(1) for the key 1; a document here has one reading."""
    if type(key) in (int, str, bytes) or (type(key) is Simple and key.value == REDACTED):
        return key
    raise TypeError(f"no map key here is of type {type(key).__name__}")
