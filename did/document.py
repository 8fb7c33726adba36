"""DID documents (W3C DID Core 1.0): who may sign in the name of a DID."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from did import did_key, strict_json
from did.errors import DidError
from did.keys import PublicKey

MAX_BYTES = 64 << 10
"""A document of ours with ten keys has 4 KB."""


@dataclass(frozen=True, slots=True)
class DidDocument:
    """What is taken from a DID document: its assertion keys by their absolute DID URL."""

    id: str
    keys: Mapping[str, PublicKey]

    def find(self, kid: str) -> PublicKey:
        """The key that a header's `kid` names, absolute or as `#fragment`.

        Raises:
            DidError: `unknown_key`.
        """
        key = self.keys.get(_absolute(kid, self.id))
        if key is None:
            raise DidError("unknown_key", "the DID document holds no such assertion key")
        return key


def build_document(did: str, keys: Mapping[str, PublicKey]) -> dict[str, object]:
    """The document of `did`, whose `keys` (by fragment) may assert and authenticate.

    `JsonWebKey2020` is the method type that every wallet we met can read.
    """
    methods = [
        {"id": f"{did}#{kid}", "type": "JsonWebKey2020", "controller": did, "publicKeyJwk": key.to_jwk()}
        for kid, key in keys.items()
    ]
    references = [method["id"] for method in methods]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
        "id": did,
        "verificationMethod": methods,
        "authentication": references,
        "assertionMethod": references,
    }


def read_document(data: bytes, *, did: str) -> DidDocument:
    """Reads the JSON document of `did`.

    A key is taken when `assertionMethod` lists it, the DID itself controls it
    and it is of a kind we support; other people's documents hold more.

    Raises:
        DidError: `malformed_json`; `malformed_did_document` for another
            document than `did`'s or a broken structure; or what a key is
            refused for.
    """
    document = strict_json.loads(data, max_bytes=MAX_BYTES)
    if not isinstance(document, dict) or document.get("id") != did:
        raise DidError("malformed_did_document", "this is not the document of the DID that was asked for")
    methods = {}
    for method in _list(document, "verificationMethod"):
        url = _method_url(method, did)
        if url in methods:
            raise DidError("malformed_did_document", "two verification methods have one id")
        methods[url] = method
    keys = {}
    for entry in _list(document, "assertionMethod"):
        embedded = not isinstance(entry, str)
        url = _method_url(entry, did) if embedded else _absolute(entry, did)
        key = _key(entry if embedded else methods.get(url, {}), did)
        if key is not None and url.startswith(f"{did}#"):
            keys[url] = key
    return DidDocument(did, MappingProxyType(keys))


def _list(document: dict[str, Any], name: str) -> list[Any]:
    value = document.get(name, [])
    if not isinstance(value, list):
        raise DidError("malformed_did_document", "a list of verification methods is not a list")
    return value


def _method_url(method: Any, did: str) -> str:
    if not isinstance(method, dict) or not isinstance(method.get("id"), str):
        raise DidError("malformed_did_document", "a verification method is an object with an id")
    return _absolute(method["id"], did)


def _absolute(url: str, did: str) -> str:
    return did + url if url.startswith("#") else url  # DID Core §3.2.2


def _key(method: dict[str, Any], did: str) -> PublicKey | None:
    if method.get("controller") != did:
        return None
    try:
        match method.get("publicKeyJwk"), method.get("publicKeyMultibase"):
            case dict(jwk), None:
                return PublicKey.from_jwk(jwk) if jwk.get("use", "sig") == "sig" else None
            case None, str(multibase):
                return did_key.from_multibase(multibase)
    except DidError as error:
        if error.code == "unsupported_key":
            return None
        raise
    return None
