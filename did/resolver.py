"""From a DID to its keys: did:key and did:jwk by themselves, did:web by an injected fetch."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from did import did_jwk, did_key, did_web
from did.document import MAX_BYTES, DidDocument, read_document
from did.errors import DidError, FetchError

Fetch = Callable[[str], bytes]
"""Gets the body at an HTTPS address, follows no redirection to another host,
reads no more than a little over `MAX_BYTES`, and raises OSError or FetchError."""


def resolve(did: str, *, fetch: Fetch) -> DidDocument:
    """The document of `did`; only a did:web is fetched.

    Raises:
        DidError: `malformed_did`, `unsupported_did`, or what the document is
            refused for.
        FetchError: `fetch_failed`, `response_too_large`, or what `fetch` raised.
    """
    if did.startswith(did_key.PREFIX):
        fragment = did[len(did_key.PREFIX) :]
        return DidDocument(did, MappingProxyType({f"{did}#{fragment}": did_key.decode(did)}))
    if did.startswith(did_jwk.PREFIX):
        return DidDocument(did, MappingProxyType({f"{did}#0": did_jwk.decode(did)}))
    if did.startswith(did_web.PREFIX):
        return read_document(_get(did_web.document_url(did), fetch), did=did)
    raise DidError("unsupported_did", "only did:key, did:jwk and did:web are resolved")


def _get(url: str, fetch: Fetch) -> bytes:
    try:
        body = fetch(url)
    except OSError as error:
        raise FetchError("fetch_failed", "the DID document could not be fetched") from error
    if len(body) > MAX_BYTES:
        raise FetchError("response_too_large", "the DID document is larger than allowed")
    return body
