"""Keys and signers: wycheproof, RFC 8037, and keys that are none."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import example, given
from hypothesis import strategies as st
from vectors import load_vector

from did import base64url
from did.algorithm import Algorithm
from did.errors import DidError
from did.keys import PublicKey, _der
from did.signer import Signer, SoftwareSigner

ED25519 = SoftwareSigner(Algorithm.ED25519, bytes(range(32)))
P256 = SoftwareSigner(Algorithm.P256, bytes(range(1, 33)))
BOTH = pytest.mark.parametrize("signer", [ED25519, P256], ids=["Ed25519", "P-256"])

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def test_wycheproof_ed25519() -> None:
    """All 151 cases: valid ones verify; invalid, malleable and garbled ones do not."""
    verdicts = []
    for group in load_vector("wycheproof/ed25519_test.json")["testGroups"]:
        key = PublicKey(Algorithm.ED25519, bytes.fromhex(group["publicKey"]["pk"]))
        for case in group["tests"]:
            good = key.verify(bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
            assert case["result"] in {"valid", "invalid"}, "an acceptable case needs a decision"
            assert good is (case["result"] == "valid"), (case["tcId"], case["comment"])
            verdicts.append(good)
    assert (verdicts.count(True), verdicts.count(False)) == (88, 63)


def test_rfc8037_key() -> None:
    """RFC 8037 A.1 to A.3: the private key's public half and its thumbprint."""
    case = load_vector("rfc8037/rfc8037_appendix_a.json")
    private = case["A.1_private_jwk"]
    key = SoftwareSigner(Algorithm.ED25519, base64url.decode(private["d"])).public_key
    assert key.to_jwk() == {name: private[name] for name in ("kty", "crv", "x")}
    assert base64url.encode(key.thumbprint()) == case["A.3_thumbprint_b64u"]


@BOTH
@given(message=st.binary(max_size=300), other=st.binary(max_size=300))
def test_sign_and_verify(signer: SoftwareSigner, message: bytes, other: bytes) -> None:
    """A signature has 64 bytes and is good for its message alone."""
    signature = signer.sign(message)
    assert len(signature) == 64
    assert signer.public_key.verify(message, signature)
    assert signer.public_key.verify(other, signature) is (other == message)


@BOTH
@pytest.mark.parametrize("length", [0, 1, 63, 65, 128])
def test_length_of_a_signature(signer: SoftwareSigner, length: int) -> None:
    """Only 64 bytes are a signature; a cut or prolonged one is not."""
    signature = (signer.sign(b"m") * 3)[:length]
    assert not signer.public_key.verify(b"m", signature)


@pytest.mark.parametrize("r", [0, 1, N - 1, N, N + 1, P, 2**256 - 1])
@pytest.mark.parametrize("s", [0, 1, N - 1, N, N + 1, P, 2**256 - 1])
def test_ecdsa_edges(r: int, s: int) -> None:
    """Edge values of r and s are answered with False, whatever the message (FIPS 186-5 §6.4.2)."""
    assert not P256.public_key.verify(b"m", r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def test_ecdsa_twin() -> None:
    """A signature (r, s) has the twin (r, n - s): so no signature is ever used as an identity."""
    signature = P256.sign(b"m")
    s = int.from_bytes(signature[32:], "big")
    assert P256.public_key.verify(b"m", signature[:32] + (N - s).to_bytes(32, "big"))


@pytest.mark.parametrize(
    "raw",
    [
        bytes(32),
        b"\1" + bytes(31),
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        (2**255 - 19).to_bytes(32, "little"),
        b"\xec" + b"\xff" * 30 + b"\x7f",
    ],
    ids=["y=0", "identity", "order 8", "not canonical", "order 2"],
)
def test_small_order_keys_verify_nothing(raw: bytes) -> None:
    """A key of small order would accept R = identity, S = 0 for many messages; libsodium refuses it."""
    key = PublicKey(Algorithm.ED25519, raw)
    for point in (b"\1" + bytes(31), raw):
        assert not any(key.verify(bytes((n,)), point + bytes(32)) for n in range(64))


@BOTH
def test_jwk_round_trip(signer: SoftwareSigner) -> None:
    """The public JWK and the COSE_Key read back as the same key, equal and hashable."""
    key = signer.public_key
    again = {PublicKey.from_jwk(key.to_jwk()), PublicKey.from_cose(key.to_cose()), key}
    assert again == {key}
    assert PublicKey.from_jwk({**key.to_jwk(), "kid": "k", "use": "sig", "x5c": []}) == key


X, Y = P256.public_key.to_jwk()["x"], P256.public_key.to_jwk()["y"]
JWKS: dict[str, Any] = {
    "not an object": [],
    "no members": {},
    "private": {**P256.public_key.to_jwk(), "d": "x"},
    "private and empty": {**ED25519.public_key.to_jwk(), "d": None},
    "symmetric": {"kty": "oct", "k": "AAAA"},
    "RSA": {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
    "P-384": {"kty": "EC", "crv": "P-384", "x": X, "y": Y},
    "secp256k1": {"kty": "EC", "crv": "secp256k1", "x": X, "y": Y},
    "X25519": {"kty": "OKP", "crv": "X25519", "x": X},
    "Ed448": {"kty": "OKP", "crv": "Ed448", "x": X},
    "curve of the other type": {"kty": "EC", "crv": "Ed25519", "x": X},
    "type is a list": {"kty": ["EC"], "crv": "P-256", "x": X, "y": Y},
    "no y": {"kty": "EC", "crv": "P-256", "x": X},
    "off the curve": {"kty": "EC", "crv": "P-256", "x": Y, "y": X},
    "the point at infinity": {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43},
    "x beyond the field": {"kty": "EC", "crv": "P-256", "x": "_" * 42 + "8", "y": Y},
    "short": {"kty": "OKP", "crv": "Ed25519", "x": X[:-1]},
    "long": {"kty": "OKP", "crv": "Ed25519", "x": X + "A"},
    "trailing bits": {"kty": "OKP", "crv": "Ed25519", "x": "A" * 42 + "B"},
    "padding": {"kty": "OKP", "crv": "Ed25519", "x": "A" * 42 + "="},
    "foreign characters": {"kty": "OKP", "crv": "Ed25519", "x": "ក" * 43},
    "a number": {"kty": "OKP", "crv": "Ed25519", "x": 1},
}


@pytest.mark.parametrize("jwk", JWKS.values(), ids=JWKS)
def test_refused_jwks(jwk: object) -> None:
    """A JWK that is private, foreign, off the curve or in another spelling."""
    with pytest.raises(DidError) as caught:
        PublicKey.from_jwk(jwk)
    assert caught.value.code in {"malformed_key", "unsupported_key", "private_key", "malformed_base64url"}


COSE_KEYS: dict[str, Any] = {
    "not a map": [1],
    "empty": {},
    "private": {**ED25519.public_key.to_cose(), -4: bytes(32)},
    "compressed": {1: 2, -1: 1, -2: P256.public_key.raw[:32], -3: True},
    "y moved into x": {1: 2, -1: 1, -2: P256.public_key.raw[:33], -3: P256.public_key.raw[33:]},
    "off the curve": {1: 2, -1: 1, -2: bytes(32), -3: bytes(32)},
    "X25519": {1: 1, -1: 4, -2: bytes(32)},
    "P-384": {1: 2, -1: 2, -2: bytes(48), -3: bytes(48)},
    "symmetric": {1: 4, -1: bytes(32)},
    "short": {1: 1, -1: 6, -2: bytes(31)},
    "text": {1: "OKP", -1: "Ed25519", -2: bytes(32)},
    "true for one": {1: True, -1: 6, -2: bytes(32)},
}


@pytest.mark.parametrize("key", COSE_KEYS.values(), ids=COSE_KEYS)
def test_refused_cose_keys(key: object) -> None:
    """Anything but the members that we write."""
    with pytest.raises(DidError) as caught:
        PublicKey.from_cose(key)
    assert caught.value.code in {"malformed_key", "unsupported_key"}


@pytest.mark.parametrize("raw", [b"", bytes(63), bytes(64), bytes(65), b"\xff" * 64])
def test_no_point(raw: bytes) -> None:
    """Raw bytes that are no point make no P-256 key."""
    with pytest.raises(DidError):
        PublicKey(Algorithm.P256, raw)


@pytest.mark.parametrize("x", [P.to_bytes(32, "big"), b"\xff" * 32, bytes(31), bytes(33), b""])
def test_no_compressed_point(x: bytes) -> None:
    """x at or beyond the field's prime, or of another length, is no point."""
    with pytest.raises(DidError):
        PublicKey.from_p256_x(x, odd=False)


@given(st.binary(min_size=32, max_size=32))
def test_compressed_points(secret: bytes) -> None:
    """x and the parity of y give the key back."""
    if 0 < int.from_bytes(secret, "big") < N:
        key = SoftwareSigner(Algorithm.P256, secret).public_key
        assert PublicKey.from_p256_x(key.raw[:32], odd=bool(key.raw[63] % 2)) == key


@pytest.mark.parametrize("secret", [bytes(32), N.to_bytes(32, "big"), b"\xff" * 32, bytes(31), b""])
def test_no_private_key(secret: bytes) -> None:
    """A scalar of 0, of n or beyond, or of another length is no P-256 private key."""
    with pytest.raises(DidError):
        SoftwareSigner(Algorithm.P256, secret)


@BOTH
def test_a_signer_does_not_show_its_secret(signer: SoftwareSigner) -> None:
    """A signer satisfies the protocol, and its repr holds no key."""
    assert isinstance(signer, Signer)
    assert repr(signer) == f"SoftwareSigner({signer.public_key.algorithm.name})"


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_generated_keys_differ(algorithm: Algorithm) -> None:
    """Two fresh keys are two keys of the kind that was asked for."""
    keys = {SoftwareSigner.generate(algorithm).public_key for _ in range(4)}
    assert len(keys) == 4
    assert {key.algorithm for key in keys} == {algorithm}


@given(r=st.integers(0, 2**256 - 1), s=st.integers(0, 2**256 - 1))
@example(r=0, s=0)
@example(r=127, s=128)
@example(r=2**255, s=2**248 - 1)
def test_der(r: int, s: int) -> None:
    """r ‖ s becomes the DER that the library makes of the two numbers."""
    assert _der(r.to_bytes(32, "big") + s.to_bytes(32, "big")) == encode_dss_signature(r, s)


@BOTH
def test_copies(signer: SoftwareSigner) -> None:
    """A key can be copied, and sent to another process."""
    key = signer.public_key
    for same in (copy.copy(key), copy.deepcopy(key), pickle.loads(pickle.dumps(key))):  # noqa: S301 (our own bytes)
        assert same == key
        assert same.verify(b"m", signer.sign(b"m"))
