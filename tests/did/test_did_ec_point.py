"""Public keys as tokens give them."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from did import Algorithm, DidError, PublicKey, SoftwareSigner
from did.ec_point import ED25519_NAME, ED25519_PARAMS, P256_PARAMS, read_point

CURVES = [
    (Algorithm.P256, P256_PARAMS),
    (Algorithm.ED25519, ED25519_PARAMS),
    (Algorithm.ED25519, ED25519_NAME),
]
ED25519 = SoftwareSigner(Algorithm.ED25519, bytes(32)).public_key
P256 = SoftwareSigner(Algorithm.P256, bytes(31) + b"\1").public_key


@pytest.mark.parametrize(("algorithm", "params"), CURVES)
@given(seed=st.binary(min_size=31, max_size=31))
def test_every_form(algorithm: Algorithm, params: bytes, seed: bytes) -> None:
    """Raw, as an OCTET STRING, and as a BIT STRING it is the same key."""
    key = SoftwareSigner(algorithm, b"\1" + seed).public_key
    raw = key.raw if algorithm is Algorithm.ED25519 else b"\4" + key.raw
    for point in (raw, bytes((4, len(raw))) + raw, bytes((3, len(raw) + 1, 0)) + raw):
        assert read_point(params, point) == key


@given(params=st.sampled_from([params for _, params in CURVES]), point=st.binary(max_size=80))
def test_anything_else_is_refused(params: bytes, point: bytes) -> None:
    """Whatever a token gives is a key or a refusal."""
    with suppress(DidError):
        assert isinstance(read_point(params, point), PublicKey)


@pytest.mark.parametrize(
    ("params", "point", "code"),
    [
        (b"", ED25519.raw, "unsupported_key"),
        (bytes.fromhex("06052b81040022"), b"\4" + bytes(96), "unsupported_key"),  # P-384
        (P256_PARAMS, b"\4" + bytes(64), "malformed_key"),
        (P256_PARAMS, b"\2" + P256.raw, "malformed_key"),
        (P256_PARAMS, b"\2" + P256.raw[:32], "malformed_key"),
        (P256_PARAMS, b"\4\x42\4" + P256.raw, "malformed_key"),
        (ED25519_PARAMS, ED25519.raw + b"\0", "malformed_key"),
    ],
)
def test_refusals(params: bytes, point: bytes, code: str) -> None:
    """Another curve, no point of it, a compressed one, a wrong length."""
    with pytest.raises(DidError) as refusal:
        read_point(params, point)
    assert refusal.value.code == code
