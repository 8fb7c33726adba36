"""did:web addresses, DID documents and the resolver."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from did import did_jwk, did_key
from did.algorithm import Algorithm
from did.did_web import did_document, document_url
from did.document import MAX_BYTES, read_document
from did.errors import DidError, FetchError
from did.resolver import resolve
from did.signer import SoftwareSigner

DID = "did:web:ministry.example"
ED25519 = SoftwareSigner(Algorithm.ED25519, bytes(range(32))).public_key
P256 = SoftwareSigner(Algorithm.P256, bytes(range(1, 33))).public_key
KEYS = {"2026q4": P256, "seal-1": ED25519}


def no_fetch(url: str) -> bytes:
    """A network that must not be asked."""
    raise AssertionError(f"fetched {url}")


def method(fragment: str = "k", **members: Any) -> dict[str, Any]:
    """A verification method of DID with these members beside the usual three."""
    return {"id": f"{DID}#{fragment}", "type": "JsonWebKey2020", "controller": DID, **members}


def document(*methods: Any, assertion: Any = None, **members: Any) -> bytes:
    """A document of DID that lists these methods, all for assertion unless told otherwise."""
    if assertion is None:
        assertion = [m["id"] for m in methods if isinstance(m, dict) and "id" in m]
    body = {"id": DID, "verificationMethod": methods, "assertionMethod": assertion, **members}
    return json.dumps(body).encode()


@pytest.mark.parametrize(
    ("did", "url"),
    [
        ("did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json"),
        ("did:web:w3c-ccg.github.io:user:alice", "https://w3c-ccg.github.io/user/alice/did.json"),
        ("did:web:example.com%3A3000:user:alice", "https://example.com:3000/user/alice/did.json"),
        ("did:web:example.com%3a3000", "https://example.com:3000/.well-known/did.json"),
        ("did:web:localhost%3A8443", "https://localhost:8443/.well-known/did.json"),
        ("did:web:xn--e2e8a.example", "https://xn--e2e8a.example/.well-known/did.json"),
        ("did:web:example.com:%E1%9E%80", "https://example.com/%E1%9E%80/did.json"),
        ("did:web:example.com:443", "https://example.com/443/did.json"),
        ("did:web:example.com:a.b:c_d:e-f", "https://example.com/a.b/c_d/e-f/did.json"),
        ("did:web:127.0.0.1.example", "https://127.0.0.1.example/.well-known/did.json"),
    ],
)
def test_addresses(did: str, url: str) -> None:
    """The specification's examples, ports, paths and percent-encoding."""
    assert document_url(did) == url


@pytest.mark.parametrize(
    "did",
    [
        "did:web:",
        "did:web",
        "did:key:z6Mk",
        "did:web:127.0.0.1",
        "did:web:127.1",
        "did:web:2130706433",
        "did:web:0x7f000001",
        "did:web:0x7f.0.0.0x1",
        "did:web:%5B%3A%3A1%5D",
        "did:web:[::1]",
        "did:web:example.com%3A0",
        "did:web:example.com%3A65536",
        "did:web:example.com%3A080",
        "did:web:example.com%3A",
        "did:web:example.com%3Aabc",
        "did:web:user%40example.com",
        "did:web:user@example.com",
        "did:web:example.com/path",
        "did:web:example.com%2Fpath",
        "did:web:example.com?x",
        "did:web:example.com#k",
        "did:web:example.com.",
        "did:web:.example.com",
        "did:web:example..com",
        "did:web:-a.example",
        "did:web:a-.example",
        "did:web:a_b.example",
        "did:web:" + "a" * 64 + ".example",
        "did:web:" + "a." * 130 + "example",
        "did:web:ក.example",
        "did:web:example.com\n",
        "did:web:example.com:",
        "did:web:example.com::a",
        "did:web:example.com:.",
        "did:web:example.com:a:..:b",
        "did:web:example.com:%2e%2E",
        "did:web:example.com:a%2Fb",
        "did:web:example.com:a%5Cb",
        "did:web:example.com:a%00",
        "did:web:example.com:a%0D%0A",
        "did:web:example.com:a%252e",
        "did:web:example.com:a%2",
        "did:web:example.com:a b",
        "did:web:example.com:a?b",
        "did:web:example.com:" + "a" * 2000,
    ],
)
def test_refused_addresses(did: str) -> None:
    """IP addresses in any spelling, credentials, ports that are none, and paths that lead elsewhere."""
    with pytest.raises(DidError) as caught:
        document_url(did)
    assert caught.value.code == "malformed_did"


def test_what_we_publish_is_read_back() -> None:
    """Our own document, through JSON, gives our keys, by URL and by fragment."""
    published = json.dumps(did_document(DID, KEYS)).encode()
    read = read_document(published, did=DID)
    assert read.id == DID
    assert read.keys == {f"{DID}#2026q4": P256, f"{DID}#seal-1": ED25519}
    assert read.find("#2026q4") == read.find(f"{DID}#2026q4") == P256


@pytest.mark.parametrize(
    "kid", ["2026q5", "#2026q5", "", "#", f"{DID}#", "did:web:other.example#2026q4", "2026q4"]
)
def test_unknown_keys(kid: str) -> None:
    """A kid that names no key of this document, or is no DID URL."""
    read = read_document(json.dumps(did_document(DID, KEYS)).encode(), did=DID)
    with pytest.raises(DidError) as caught:
        read.find(kid)
    assert caught.value.code == "unknown_key"


@pytest.mark.parametrize("kid", ["", "a b", "#a", "a/b", "ក", "a" * 129])
def test_fragments_are_plain(kid: str) -> None:
    """A fragment that would need escaping is a programmer's mistake."""
    with pytest.raises(ValueError, match="fragment"):
        did_document(DID, {kid: P256})


def test_a_document_is_for_a_did_web() -> None:
    """No document is built for an address that does not exist."""
    with pytest.raises(DidError):
        did_document("did:web:127.0.0.1", KEYS)


def test_other_peoples_documents() -> None:
    """Multikey, relative ids and embedded methods are read; foreign kinds and purposes are left out."""
    jwk, multibase = P256.to_jwk(), did_key.to_multibase(ED25519)
    x25519 = {"kty": "OKP", "crv": "X25519", "x": "A" * 43}
    data = document(
        method("jwk", publicKeyJwk=jwk),
        method("multi", type="Multikey", publicKeyMultibase=multibase),
        {**method(publicKeyJwk=jwk), "id": "#relative"},
        method("agreement", publicKeyJwk=x25519),
        method("secp", publicKeyMultibase="zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme"),
        method("login", publicKeyJwk=jwk),
        method("enc", publicKeyJwk={**jwk, "use": "enc"}),
        method("both", publicKeyJwk=jwk, publicKeyMultibase=multibase),
        method("neither", publicKeyBase58="4zvwRjXUKGfvwnParsHAS3HuSVzV5cA4McphgmoCtajS"),
        {**method("delegate", publicKeyJwk=jwk), "controller": "did:web:other.example"},
        {**method(publicKeyJwk=jwk), "id": "did:web:other.example#k"},
        assertion=[
            *(f"{DID}#{name}" for name in ("jwk", "multi", "agreement", "secp", "enc", "both", "neither")),
            "#relative",
            f"{DID}#delegate",
            "did:web:other.example#k",
            f"{DID}#nowhere",
            method("embedded", publicKeyJwk=jwk),
        ],
        service=[{"id": "#s", "type": "LinkedDomains", "serviceEndpoint": "https://ministry.example"}],
    )
    names = {"jwk": P256, "multi": ED25519, "relative": P256, "embedded": P256}
    assert read_document(data, did=DID).keys == {f"{DID}#{name}": key for name, key in names.items()}


REFUSED = {
    "not JSON": b"<html>",
    "not an object": b"[]",
    "no id": b"{}",
    "another id": document(id="did:web:other.example"),
    "id with a fragment": document(id=DID + "#k"),
    "id in another case": document(id=DID.upper()),
    "methods no list": document(verificationMethod={}),
    "assertions no list": document(assertion="#k"),
    "null": document(verificationMethod=None),
    "a method that is text": document("#k"),
    "a method without id": document({"type": "JsonWebKey2020"}),
    "one id twice": document(method(publicKeyJwk=P256.to_jwk()), method(publicKeyJwk=ED25519.to_jwk())),
    "one id twice, relative": document(method(), {**method(), "id": "#k"}),
    "an assertion that is a number": document(method(), assertion=[1]),
    "a private key": document(method(publicKeyJwk={**P256.to_jwk(), "d": "AAAA"})),
    "a broken key": document(method(publicKeyJwk={**P256.to_jwk(), "x": "AAAA"})),
    "a broken multikey": document(method(publicKeyMultibase="z0")),
    "duplicate members": b'{"id":"%s","id":"%s"}' % (DID.encode(), DID.encode()),
    "too large": document(padding="a" * MAX_BYTES),
    "nested": b'{"id":"%s","x":' % DID.encode() + b"[" * 1000 + b"]" * 1000 + b"}",
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_refused_documents(data: bytes) -> None:
    """Another DID's document, a broken structure, a private key."""
    with pytest.raises(DidError):
        read_document(data, did=DID)


def test_resolve_without_a_network() -> None:
    """did:key and did:jwk resolve by themselves; their keys have the methods' own fragments."""
    for key in (ED25519, P256):
        did = did_key.encode(key)
        assert resolve(did, fetch=no_fetch).find(f"{did}#{did[8:]}") == key
        did = did_jwk.encode(key)
        assert resolve(did, fetch=no_fetch).find("#0") == key


def test_resolve_did_web() -> None:
    """The document is fetched from its one address."""
    asked = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return json.dumps(did_document(DID, KEYS)).encode()

    assert resolve(DID, fetch=fetch).find("#seal-1") == ED25519
    assert asked == ["https://ministry.example/.well-known/did.json"]


@pytest.mark.parametrize(
    "did",
    [
        "",
        "did:",
        "did:ebsi:zabc",
        "https://ministry.example",
        DID + "#k",
        DID + "/x",
        DID + "?v=1",
        "did:web:1.2.3.4",
    ],
)
def test_not_resolved(did: str) -> None:
    """Other methods, DID URLs and IP addresses are refused before anything is fetched."""
    with pytest.raises(DidError) as caught:
        resolve(did, fetch=no_fetch)
    assert caught.value.code in {"unsupported_did", "malformed_did"}


def failing(error: Exception) -> Callable[[str], bytes]:
    """A fetch that fails."""

    def fetch(url: str) -> bytes:
        raise error

    return fetch


@pytest.mark.parametrize(
    ("fetch", "code"),
    [
        (failing(ConnectionRefusedError("refused")), "fetch_failed"),
        (failing(TimeoutError()), "fetch_failed"),
        (failing(FetchError("not_found")), "not_found"),
        (lambda url: b" " * (MAX_BYTES + 1), "response_too_large"),
    ],
    ids=["refused", "timeout", "its own error", "too large"],
)
def test_failed_fetches(fetch: Callable[[str], bytes], code: str) -> None:
    """A failure to fetch is a FetchError, never a wrong answer."""
    with pytest.raises(FetchError) as caught:
        resolve(DID, fetch=fetch)
    assert caught.value.code == code
