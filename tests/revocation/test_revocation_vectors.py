"""The official vectors of draft-ietf-oauth-status-list-20."""

from __future__ import annotations

import zlib
from typing import Any

import pytest
from outcomes import Code, outcome
from vectors import load_vector, vector_path

from did import PublicKey, base64url, cbor, cose, jws, strict_json
from revocation import StatusList, StatusReference, peek_kid, read_cwt, read_jwt

FOLDER = "token-status-list"
LISTS = load_vector(f"{FOLDER}/status_list_vectors.json")["vectors"]
NAMES = [vector.get("name") or vector["section"] for vector in LISTS]
EACH_LIST = pytest.mark.parametrize("vector", LISTS, ids=NAMES)
URI = "https://example.com/statuslists/1"


def public(jwk: dict[str, str]) -> PublicKey:
    """The public half of one of the specs' example keys."""
    return PublicKey.from_jwk({name: jwk[name] for name in ("kty", "crv", "x", "y")})


def example_key() -> PublicKey:
    """The key of the example status lists."""
    return public(load_vector(f"{FOLDER}/example_key_jwk.json"))


def read(name: str) -> bytes:
    """The bytes of one vector file."""
    return vector_path(f"{FOLDER}/{name}").read_bytes()


def entries_of(vector: dict[str, Any]) -> tuple[int, dict[int, int]]:
    """Size and entries: short vectors list every status, long ones those that are not 0."""
    statuses = vector["statuses"]
    if isinstance(statuses, list):
        return len(statuses), dict(enumerate(statuses))
    return vector["size"], {int(index): status for index, status in statuses.items()}


def test_there_are_six_lists_in_all_widths() -> None:
    """No vector is passed over."""
    assert len(LISTS) == 6
    assert {vector["bits"] for vector in LISTS} == {1, 2, 4, 8}


@EACH_LIST
def test_list_in_json(vector: dict[str, Any]) -> None:
    """`lst` inflates to the statuses of the vector."""
    size, entries = entries_of(vector)
    compressed = base64url.decode(vector["json"]["lst"])
    statuses = StatusList.inflate(compressed, vector["json"]["bits"])
    assert statuses == StatusList.build(size, vector["bits"], entries)
    assert statuses.size == size
    assert all(statuses.get(index) == status for index, status in entries.items())
    if "byte_array_hex" in vector:
        assert statuses.data.hex() == vector["byte_array_hex"]


@EACH_LIST
def test_list_in_cbor(vector: dict[str, Any]) -> None:
    """The CBOR form holds the same stream under text keys."""
    decoded = cbor.decode_lenient(bytes.fromhex(vector["cbor_hex"]))
    assert decoded == {"bits": vector["bits"], "lst": base64url.decode(vector["json"]["lst"])}


@EACH_LIST
@pytest.mark.skipif("ng" in zlib.ZLIB_RUNTIME_VERSION, reason="zlib-ng compresses to other bytes")
def test_list_compresses_to_the_same_bytes(vector: dict[str, Any]) -> None:
    """Built and compressed here, a list is the vector's byte for byte."""
    size, entries = entries_of(vector)
    compressed = StatusList.build(size, vector["bits"], entries).compressed()
    assert compressed == base64url.decode(vector["json"]["lst"])


def test_token_in_jwt() -> None:
    """The example JWT verifies with the example key; its 16 statuses are those of §4."""
    text = read("status_list_token.jwt").decode().strip()
    token = read_jwt(text, uri=URI, key=example_key())
    assert (token.issued_at, token.expires_at, token.ttl) == (1_686_920_170, 2_291_720_170, 43_200)
    assert (token.kid, token.sequence) == ("12", 0)
    assert token.statuses == StatusList(1, bytes.fromhex("b9a3"))
    assert peek_kid(text) == peek_kid(text.encode()) == "12"


def test_token_in_cwt() -> None:
    """The example CWT verifies with the example key when other issuers' encoding is allowed."""
    data = read("status_list_token.cwt")
    token = read_cwt(data, uri=URI, key=example_key(), deterministic=False)
    assert (token.issued_at, token.expires_at, token.ttl) == (1_686_920_170, 2_291_720_170, 43_200)
    assert (token.kid, token.sequence) == ("12", 0)
    assert token.statuses == StatusList(1, bytes.fromhex("b9a3"))
    assert peek_kid(data) == "12"


def test_token_in_cwt_is_not_in_our_form() -> None:
    """Its unprotected kid and its unsorted claims are not what our own lists may have."""
    data = read("status_list_token.cwt")
    assert outcome(lambda: read_cwt(data, uri=URI, key=example_key())) == Code("malformed_list")


def test_referenced_token_in_cwt() -> None:
    """The example CWT verifies and names entry 0 of the example list (§6.3)."""
    token = cose.parse_sign1(read("referenced_token.cwt"), max_bytes=1000, deterministic=False)
    cose.verify_sign1(token, example_key())
    claims = cbor.decode_lenient(token.payload)
    assert StatusReference.from_claim(claims[65535]) == StatusReference(URI, 0)


def test_referenced_token_in_sd_jwt() -> None:
    """The example SD-JWT verifies with the SD-JWT examples' key and names entry 0 too (§6.2)."""
    text, _, _ = read("referenced_token.sdjwt").decode().partition("~")  # the draft's own text follows it
    token = jws.parse(text, max_bytes=10_000)
    jws.verify(token, public(load_vector("sd-jwt/example_keys.json")["issuer_key"]))
    claims = strict_json.loads(token.payload, max_bytes=10_000)
    assert StatusReference.from_claim(claims["status"]) == StatusReference(URI, 0)
