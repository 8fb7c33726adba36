"""did:web (W3C CCG): where the document of such a DID stands, and what is in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from did.document import build_document
from did.errors import DidError
from did.keys import PublicKey

PREFIX = "did:web:"
_MAX_TEXT = 1024

# The last label begins with a letter, so that no IP address in any spelling
# passes (did:web §3.1); a single label is for a private network.
_HOST = re.compile(
    r"(?=.{1,253}(?:%|$))(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
    r"(?:%3a(?P<port>[1-9][0-9]{0,4}))?",
    re.IGNORECASE,
)
_SEGMENT = re.compile(r"(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+")
_KID = re.compile(r"[A-Za-z0-9._~-]{1,128}")


def document_url(did: str) -> str:
    """The HTTPS address of the document of `did` (did:web §3.2).

    Raises:
        DidError: `malformed_did`, also for an IP address and for a path that
            leads elsewhere than it says.
    """
    if not did.startswith(PREFIX) or len(did) > _MAX_TEXT:
        raise DidError("malformed_did", "not a did:web")
    host, *path = did[len(PREFIX) :].split(":")
    match = _HOST.fullmatch(host)
    if match is None or int(match["port"] or 1) > 65535:
        raise DidError("malformed_did", "a did:web begins with a domain name and perhaps a port")
    if not all(_is_plain(segment) for segment in path):
        raise DidError("malformed_did", "a path segment of a did:web is empty or leads elsewhere")
    authority = host.replace("%3A", ":").replace("%3a", ":")
    return "/".join(("https:/", authority, *(path or (".well-known",)), "did.json"))


def did_document(did: str, keys: Mapping[str, PublicKey]) -> dict[str, object]:
    """The document to serve at `document_url(did)`; `keys` by fragment, without the `#`.

    Raises:
        DidError: `malformed_did`.
        ValueError: for a fragment that would need escaping.
    """
    document_url(did)
    if not all(_KID.fullmatch(kid) for kid in keys):
        raise ValueError("a fragment holds letters, digits and . _ ~ - only")
    return build_document(did, keys)


def _is_plain(segment: str) -> bool:
    if not _SEGMENT.fullmatch(segment):
        return False
    plain = unquote_to_bytes(segment)
    return plain not in (b".", b"..") and not any(c < 0x21 or c in b"/\\%\x7f" for c in plain)
