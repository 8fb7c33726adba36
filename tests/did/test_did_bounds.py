"""Ten megabytes of anything cost neither time nor memory."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

import pytest
from outcomes import Code, outcome

from did import base45, base64url, cbor, cose, did_jwk, did_key, did_web, jose, jws, strict_json
from did.document import read_document

MB10 = 10_000_000
LIMIT = 1 << 16
RECIPIENT = jose.generate_recipient()

# Readers that are told a limit, or have one: refused unread.
BOUNDED: dict[str, Callable[[], object]] = {
    "JSON": lambda: strict_json.loads(b"[" * MB10, max_bytes=LIMIT),
    "CBOR": lambda: cbor.decode(b"\x81" * MB10, max_bytes=LIMIT),
    "COSE": lambda: cose.parse_sign1(b"\xd2" * MB10, max_bytes=LIMIT),
    "COSE, lenient": lambda: cose.parse_sign1(b"\xd2" * MB10, max_bytes=LIMIT, deterministic=False),
    "JWS": lambda: jws.parse("." * MB10, max_bytes=LIMIT),
    "JWE": lambda: jose.decrypt_jwe("." * MB10, RECIPIENT),
    "did:key": lambda: did_key.decode("did:key:z" + "6" * MB10),
    "did:jwk": lambda: did_jwk.decode("did:jwk:" + "A" * MB10),
    "did:web": lambda: did_web.document_url("did:web:" + "a" * MB10),
    "DID document": lambda: read_document(b" " * MB10, did="did:web:a.example"),
}

# Bombs inside the limit: a few bytes that claim to be many.
BOMBS: dict[str, Callable[[], object]] = {
    "CBOR array of 2^32": lambda: cbor.decode_lenient(b"\x9a\xff\xff\xff\xff" + bytes(100)),
    "CBOR arrays of 2^27, nested": lambda: cbor.decode_lenient(b"\x9a\x08\x00\x00\x00" * 15),
    "CBOR bytes of 2^40": lambda: cbor.decode_lenient(b"\x5b\x00\x00\x01" + bytes(5)),
    "CBOR text of 2^31": lambda: cbor.decode_lenient(b"\x7a\x7f\xff\xff\xff" + b"a" * 100),
    "CBOR map of 2^30": lambda: cbor.decode_lenient(b"\xba\x40\x00\x00\x00" + bytes(100)),
    "CBOR tags, nested": lambda: cbor.decode_lenient(b"\xc6" * LIMIT),
    "JSON arrays, nested": lambda: strict_json.loads(b"[" * LIMIT, max_bytes=LIMIT),
    "JSON integer": lambda: strict_json.loads(b"9" * LIMIT, max_bytes=LIMIT),
    "JSON float": lambda: strict_json.loads(b"9." + b"9" * (LIMIT - 2), max_bytes=LIMIT),
    "JSON open string": lambda: strict_json.loads(b"[" * 40 + b'"\\"' * 20_000, max_bytes=LIMIT),
    "JWS header": lambda: jws.parse(base64url.encode(b"[" * 30_000) + "..", max_bytes=LIMIT),
}


def peak_of(call: Callable[[], object]) -> tuple[object, float, int]:
    """The outcome of `call`, the seconds it took, and the bytes it held at its peak."""
    call_outcome, seconds = outcome(call), time.perf_counter()
    outcome(call)
    seconds = time.perf_counter() - seconds
    tracemalloc.start()
    outcome(call)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return call_outcome, seconds, peak


@pytest.mark.parametrize("call", BOUNDED.values(), ids=BOUNDED)
def test_too_large_is_refused_unread(call: Callable[[], object]) -> None:
    """A text or item over the limit is refused in milliseconds and not copied."""
    refusal, seconds, peak = peak_of(call)
    assert isinstance(refusal, Code)
    assert seconds < 0.5
    assert peak < 2.2 * MB10  # the argument itself, once or twice


@pytest.mark.parametrize("call", BOMBS.values(), ids=BOMBS)
def test_bombs(call: Callable[[], object]) -> None:
    """A claim to be large is not believed, and nesting is not followed."""
    refusal, seconds, peak = peak_of(call)
    assert isinstance(refusal, Code)
    assert seconds < 0.5
    assert peak < 1_000_000


@pytest.mark.parametrize(
    "call",
    [
        lambda: base64url.decode("A" * MB10),
        lambda: base64url.decode("A" * (MB10 + 1)),
        lambda: base64url.decode("=" * MB10),
        lambda: base45.decode(b"0" * (MB10 - 1)),
        lambda: base45.decode(b":" * (MB10 - 1)),
        lambda: strict_json.loads(b"[{}," * 250_000, max_bytes=MB10),
        lambda: cbor.decode(cbor.head(2, MB10) + bytes(MB10), max_bytes=2 * MB10),
    ],
    ids=[
        "base64url",
        "base64url length",
        "base64url padding",
        "Base45",
        "Base45 range",
        "JSON brackets",
        "CBOR",
    ],
)
def test_readers_without_a_limit_are_linear(call: Callable[[], object]) -> None:
    """Where the caller sets no limit, ten megabytes take a moment and a few times their size."""
    _, seconds, peak = peak_of(call)
    assert seconds < 3
    assert peak < 12 * MB10
