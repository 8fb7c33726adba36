"""COSE_Sign1: ours round trip, and the refusals that the examples do not show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from did import cbor, cose
from did.algorithm import Algorithm
from did.errors import DidError
from did.signer import SoftwareSigner

ED25519 = SoftwareSigner(Algorithm.ED25519, bytes(range(32)))
P256 = SoftwareSigner(Algorithm.P256, bytes(range(1, 33)))
BOTH = pytest.mark.parametrize("signer", [ED25519, P256], ids=["Ed25519", "P-256"])


def token_with(protected: object, unprotected: object = None, *, payload: object = b"p") -> bytes:
    """A token whose protected header is anything, properly signed by Ed25519."""
    header = protected if isinstance(protected, bytes) else cbor.encode(protected)
    body = payload if isinstance(payload, bytes) else b""
    signature = ED25519.sign(cose.to_be_signed(header, body))
    return cbor.encode(cbor.Tag(18, [header, unprotected or {}, payload, signature]))


REFUSED = {
    "no protected header": token_with(b"", {1: -19}),
    "empty protected map": token_with({}, {1: -19}),
    "alg beside the protected one": token_with({1: -19}, {1: -19}),
    "alg as text": token_with({1: "EdDSA"}),
    "alg as true": token_with({1: True}),
    "crit": token_with({1: -19, 2: [4], 4: b"k"}),
    "crit in the unprotected header": token_with({1: -19}, {2: [4]}),
    "kid in both headers": token_with({1: -19, 4: b"k"}, {4: b"k"}),
    "a simple value as a label": token_with({1: -19, cbor.Simple(59): []}),
    "a byte string as a label": token_with({1: -19, b"k": 0}),
    "protected header not a map": token_with([1, -19]),
    "detached payload": token_with({1: -19}, payload=None),
    "payload a map": token_with({1: -19}, payload={}),
    "COSE_Sign": cbor.encode(cbor.Tag(98, [b"", {}, b"", []])),
    "COSE_Mac0": cbor.encode(cbor.Tag(17, [b"\xa1\x01\x05", {}, b"", b""])),
    "untagged": cbor.encode([b"\xa1\x01\x32", {}, b"", b""]),
    "tagged twice": cbor.encode(cbor.Tag(18, cbor.Tag(18, [b"\xa1\x01\x32", {}, b"", b""]))),
    "CWT tag around it": cbor.encode(cbor.Tag(61, cbor.Tag(18, 0))),
    "three members": cbor.encode(cbor.Tag(18, [b"\xa1\x01\x32", {}, b""])),
    "five members": cbor.encode(cbor.Tag(18, [b"\xa1\x01\x32", {}, b"", b"", b""])),
    "a text for the payload": cbor.encode(cbor.Tag(18, [b"\xa1\x01\x32", {}, "", b""])),
    "a list for the header": cbor.encode(cbor.Tag(18, [b"\xa1\x01\x32", [], b"", b""])),
    "a number": b"\x00",
}


@BOTH
@given(payload=st.binary(max_size=600), kid=st.binary(max_size=30), aad=st.binary(max_size=300))
def test_round_trip(signer: SoftwareSigner, payload: bytes, kid: bytes, aad: bytes) -> None:
    """What is signed is read and verifies, with and without an unprotected header."""
    data = cose.sign1({cose.KID: kid, cose.TYP: "x"}, payload, signer, unprotected={17: [payload]})
    token = cose.parse_sign1(data, max_bytes=len(data))
    cose.verify_sign1(token, signer.public_key)
    assert (token.payload, token.protected[cose.KID], token.unprotected) == (payload, kid, {17: [payload]})
    structure = ["Signature1", token.protected_bytes, aad, payload]
    assert token.to_be_signed(aad) == cbor.encode(structure)  # RFC 9052 §4.4


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("deterministic", [True, False])
def test_refused(data: bytes, deterministic: bool) -> None:
    """No other COSE type, no second place for the algorithm, no critical parameters."""
    with pytest.raises(DidError) as caught:
        cose.parse_sign1(data, max_bytes=1000, deterministic=deterministic)
    assert caught.value.code in {"malformed_cose", "malformed_cbor"}


@pytest.mark.parametrize(
    "header", ["a1 01 3812 00", "a1 1801 32", "bf 01 32 ff", "a2 04 40 01 32", "a2 01 32 01 32"]
)
def test_protected_header_is_strict(header: str) -> None:
    """The protected header is deterministic CBOR of its own."""
    with pytest.raises(DidError) as caught:
        cose.parse_sign1(token_with(bytes.fromhex(header)), max_bytes=1000)
    assert caught.value.code == "malformed_cbor"


def test_true_is_no_label() -> None:
    """In Python true equals 1; a header that says true does not name an algorithm."""
    data = bytes.fromhex("d284 43 a1f532 a0 40 40")
    for deterministic in (True, False):
        with pytest.raises(DidError):
            cose.parse_sign1(data, max_bytes=100, deterministic=deterministic)


def test_other_issuers_tokens() -> None:
    """Over-long lengths pass the lenient reader only, and are verified over the bytes that were signed."""
    header = bytes.fromhex("a1 01 32")
    longer = bytes.fromhex("b801 01 3812")
    for protected, deterministic in ((header, True), (header, False), (longer, False)):
        token = cose.parse_sign1(token_with(protected), max_bytes=1000, deterministic=deterministic)
        cose.verify_sign1(token, ED25519.public_key)
    with pytest.raises(DidError):
        cose.parse_sign1(token_with(longer), max_bytes=1000)


@pytest.mark.parametrize("alg", [-8, -19])
def test_both_names_of_ed25519(alg: int) -> None:
    """The polymorphic and the fully-specified identifier (RFC 9864) are accepted for the key."""
    cose.verify_sign1(cose.parse_sign1(token_with({1: alg}), max_bytes=1000), ED25519.public_key)


@pytest.mark.parametrize("alg", [-7, -9, -35, -50, -53, 5, -65535, 0])
def test_the_key_decides(alg: int) -> None:
    """Whatever else the header says, a good Ed25519 signature does not save it."""
    with pytest.raises(DidError) as caught:
        cose.verify_sign1(cose.parse_sign1(token_with({1: alg}), max_bytes=1000), ED25519.public_key)
    assert caught.value.code == "wrong_algorithm"


@BOTH
def test_another_key(signer: SoftwareSigner) -> None:
    """A token of another key of the same kind is a bad signature."""
    token = cose.parse_sign1(cose.sign1({}, b"p", signer), max_bytes=1000)
    stranger = SoftwareSigner.generate(signer.public_key.algorithm)
    with pytest.raises(DidError) as caught:
        cose.verify_sign1(token, stranger.public_key)
    assert caught.value.code == "bad_signature"


@BOTH
@given(place=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_any_changed_byte(signer: SoftwareSigner, place: int, flip: int) -> None:
    """A token with one byte changed does not verify."""
    data = bytearray(cose.sign1({cose.KID: b"kid"}, b"the payload", signer))
    data[place % len(data)] ^= flip
    with pytest.raises(DidError):
        cose.verify_sign1(cose.parse_sign1(bytes(data), max_bytes=1000), signer.public_key)


def test_size_is_looked_at_first() -> None:
    """A token over the limit is not decoded."""
    data = cose.sign1({}, b"p", ED25519)
    with pytest.raises(DidError, match="larger"):
        cose.parse_sign1(data, max_bytes=len(data) - 1)
