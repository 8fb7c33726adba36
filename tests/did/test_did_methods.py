"""did:key and did:jwk: identifiers that are their own keys."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vectors import load_vector

from did import base64url, did_jwk, did_key
from did.algorithm import Algorithm
from did.errors import DidError
from did.keys import PublicKey
from did.signer import SoftwareSigner

ED25519 = SoftwareSigner(Algorithm.ED25519, bytes(range(32))).public_key
P256 = SoftwareSigner(Algorithm.P256, bytes(range(1, 33))).public_key


def multibase(data: bytes) -> str:
    """base58btc written another way: digit by digit from the left."""
    digits = [0]
    for byte in data:
        carry = byte
        for i, digit in enumerate(digits):
            carry += digit << 8
            digits[i] = carry % 58
            carry //= 58
        while carry:
            digits.append(carry % 58)
            carry //= 58
    alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    return "z" + "".join(alphabet[digit] for digit in reversed(digits))


def test_decoded_vectors() -> None:
    """Every did:key of the registry's vectors: ours both ways, P-384 and P-521 refused."""
    seen = set()
    for case in load_vector("did-key/did_key_decoded.json"):
        seen.add(case["curve"])
        raw = bytes.fromhex(case["key_hex"])
        if case["curve"] == "Ed25519":
            key = PublicKey(Algorithm.ED25519, raw)
        elif case["curve"] == "P-256":
            key = PublicKey.from_p256_x(raw[1:], odd=raw[0] == 3)
        else:
            with pytest.raises(DidError) as caught:
                did_key.decode(case["did"])
            assert caught.value.code == "unsupported_key"
            continue
        assert did_key.decode(case["did"]) == key
        assert did_key.encode(key) == case["did"]
    assert seen == {"Ed25519", "P-256", "P-384", "P-521"}


def test_nist_vectors() -> None:
    """The JWK beside each P-256 identifier is the key inside it."""
    for did, case in load_vector("did-key/nist-curves.json").items():
        jwk = case["verificationMethod"].get("publicKeyJwk")
        if jwk is not None and jwk["crv"] == "P-256":
            assert did_key.encode(PublicKey.from_jwk(jwk)) == did


def test_ed25519_vectors() -> None:
    """The identifier of a key pair made from the stated seed."""
    for did, case in load_vector("did-key/ed25519-x25519.json").items():
        signer = SoftwareSigner(Algorithm.ED25519, bytes.fromhex(case["seed"]))
        assert did_key.encode(signer.public_key) == did


@given(st.binary(min_size=32, max_size=32))
def test_base58(raw: bytes) -> None:
    """Our base58 agrees with the schoolbook one, and decodes."""
    key = PublicKey(Algorithm.ED25519, raw)
    assert did_key.to_multibase(key) == multibase(b"\xed\x01" + raw)
    assert did_key.from_multibase(did_key.to_multibase(key)) == key


@pytest.mark.parametrize("key", [ED25519, P256], ids=["Ed25519", "P-256"])
def test_round_trip(key: PublicKey) -> None:
    """Both methods give the key back."""
    assert did_key.decode(did_key.encode(key)) == key
    assert did_jwk.decode(did_jwk.encode(key)) == key


KEY = did_key.encode(ED25519)
X = P256.raw[:32]
REFUSED_KEYS = {
    "nothing": ("", "malformed_did"),
    "another method": ("did:web:example.com", "malformed_did"),
    "upper case": ("DID:KEY:" + KEY[8:], "malformed_did"),
    "no multibase": ("did:key:", "malformed_did"),
    "z alone": ("did:key:z", "unsupported_key"),
    "another base": ("did:key:m7QE", "malformed_did"),
    "a DID URL": (f"{KEY}#{KEY[8:]}", "malformed_did"),
    "version": ("did:key:1.1:" + KEY[8:], "malformed_did"),
    "a zero": (KEY[:-1] + "0", "malformed_did"),
    "a capital O": (KEY[:-1] + "O", "malformed_did"),
    "space": (KEY + " ", "malformed_did"),
    "Khmer": (KEY + "ក", "malformed_did"),
    "long": ("did:key:z" + "6" * 128, "malformed_did"),
    "very long": ("did:key:z" + "6" * 10_000_000, "malformed_did"),
    "leading zero byte": ("did:key:z1" + KEY[9:], "unsupported_key"),
    "secp256k1": ("did:key:" + multibase(b"\xe7\x01\x02" + X), "unsupported_key"),
    "X25519": ("did:key:" + multibase(b"\xec\x01" + bytes(32)), "unsupported_key"),
    "P-384": ("did:key:" + multibase(b"\x81\x24\x02" + bytes(48)), "unsupported_key"),
    "RSA": ("did:key:" + multibase(b"\x85\x24" + bytes(80)), "unsupported_key"),
    "Ed25519 of 31 bytes": ("did:key:" + multibase(b"\xed\x01" + bytes(31)), "malformed_key"),
    "Ed25519 of 33 bytes": ("did:key:" + multibase(b"\xed\x01" + bytes(33)), "malformed_key"),
    "long form of the codec": ("did:key:" + multibase(b"\xed\x81\x00" + bytes(32)), "unsupported_key"),
    "P-256 uncompressed": ("did:key:" + multibase(b"\x80\x24\x04" + P256.raw), "malformed_key"),
    "P-256 bare x": ("did:key:" + multibase(b"\x80\x24" + X), "malformed_key"),
    "P-256 short": ("did:key:" + multibase(b"\x80\x24\x02" + X[:31]), "malformed_key"),
    "P-256 off the curve": ("did:key:" + multibase(b"\x80\x24\x02" + b"\xff" * 32), "malformed_key"),
}


@pytest.mark.parametrize(("did", "code"), REFUSED_KEYS.values(), ids=REFUSED_KEYS)
def test_refused_did_key(did: str, code: str) -> None:
    """Other curves, other encodings and whatever is no did:key."""
    with pytest.raises(DidError) as caught:
        did_key.decode(did)
    assert caught.value.code == code


def jwk_did(jwk: object) -> str:
    """The did:jwk of any JSON value."""
    return "did:jwk:" + base64url.encode(json.dumps(jwk).encode())


def test_did_jwk_of_the_specification() -> None:
    """The method's own example is a P-256 key, also with members beside the key."""
    did = (
        "did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgy"
        "VjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9"
    )
    key = did_jwk.decode(did)
    assert key.to_jwk()["x"] == "acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0"
    assert did_jwk.encode(key) == did
    assert did_jwk.decode(jwk_did({**key.to_jwk(), "use": "sig", "alg": "ES256", "kid": "1"})) == key


@pytest.mark.parametrize(
    "did",
    [
        "did:jwk:",
        "did:jwk:!!!",
        "did:jwk:e30",
        "did:jwk:e30=",
        jwk_did([]),
        jwk_did({**P256.to_jwk(), "d": "AAAA"}),
        jwk_did({**P256.to_jwk(), "use": "enc"}),
        jwk_did({**P256.to_jwk(), "use": None}),
        jwk_did({**P256.to_jwk(), "crv": "P-384"}),
        jwk_did({"kty": "oct", "k": "AAAA"}),
        did_jwk.encode(P256) + "#0",
        did_jwk.encode(P256) + "A" * 2000,
        did_key.encode(P256),
        "did:jwk:" + base64url.encode(b'{"kty":"OKP","kty":"OKP","crv":"Ed25519","x":"' + b"A" * 43 + b'"}'),
    ],
)
def test_refused_did_jwk(did: str) -> None:
    """Private, foreign, encryption-only and broken keys, and DID URLs."""
    with pytest.raises(DidError):
        did_jwk.decode(did)
