"""Disclosures: the claims of an SD-JWT that its payload only holds digests of (RFC 9901 §4.2, §7.1)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from credential.errors import CredentialError
from did import base64url, strict_json

SALT_BYTES = 16
"""128 bits, what §9.3 recommends."""
DIGESTS, ELEMENT, ALGORITHM = "_sd", "...", "_sd_alg"
RESERVED = frozenset({DIGESTS, ELEMENT, ALGORITHM})
_MAX_DISCLOSURE = 16384


class Revealed(NamedTuple):
    """A payload with its disclosures put back.

    `by_claim` names the top-level claims that were disclosed, in whole or in
    part, each with its disclosures as they were written.
    """

    claims: dict[str, Any]
    by_claim: dict[str, tuple[str, ...]]


def digest(text: str) -> str:
    """SHA-256 over the ASCII of `text`, in base64url: of a disclosure (§4.2.3), or the `sd_hash` (§4.3.1)."""
    return base64url.encode(hashlib.sha256(text.encode("ascii")).digest())


def conceal(
    claims: Mapping[str, object], *, names: Collection[str], decoys: int, salt: Callable[[int], bytes]
) -> tuple[dict[str, object], list[str]]:
    """The payload with the claims `names` replaced by digests, and their disclosures.

    Digests are sorted, so that their order tells nothing (§4.2.4.1); `decoys`
    more belong to no disclosure (§4.2.5). `salt(n)` gives n random bytes.

    Raises:
        ValueError: when a name is no claim, or a claim has a reserved name.
    """
    if not claims.keys() >= set(names) or _has_reserved(claims):
        raise ValueError("a disclosable name is no claim, or a claim has a reserved name")
    payload = {name: value for name, value in claims.items() if name not in names}
    disclosures = [
        base64url.encode(strict_json.dumps([base64url.encode(salt(SALT_BYTES)), name, value]))
        for name, value in claims.items()
        if name in names
    ]
    digests = [digest(disclosure) for disclosure in disclosures]
    digests += [base64url.encode(hashlib.sha256(salt(32)).digest()) for _ in range(decoys)]
    if digests:
        payload[DIGESTS] = sorted(digests)
        payload[ALGORITHM] = "sha-256"
    return payload, disclosures


def reveal(payload: dict[str, Any], disclosures: Sequence[str]) -> Revealed:
    """Puts `disclosures` where their digests stand, nested ones too, and drops every other digest.

    `payload` is used up: the claims are made of it.

    Raises:
        CredentialError: `malformed_sd_jwt` for everything that §7.1, steps 3
            to 5, says must be rejected.
        DidError: when a disclosure is not base64url or not JSON.
    """
    if payload.pop(ALGORITHM, "sha-256") != "sha-256":
        raise _malformed("only SHA-256 digests are supported")
    walk = _Walk({digest(disclosure): disclosure for disclosure in disclosures})
    if len(walk.hidden) != len(disclosures):
        raise _malformed("a disclosure occurs twice")
    by_claim = {}
    for name in walk.members(payload, strict_json.MAX_DEPTH):
        if walk.found:
            by_claim[name] = tuple(walk.found)
            walk.found.clear()
    if walk.hidden:
        raise _malformed("a disclosure belongs to no digest")
    return Revealed(payload, by_claim)


class _Walk:
    """One pass over a payload, in place: a disclosure moves from `hidden` to `found` at its digest."""

    __slots__ = ("found", "hidden", "seen")

    def __init__(self, hidden: dict[str, str]) -> None:
        self.hidden = hidden
        self.found: list[str] = []
        self.seen: set[str] = set()

    def members(self, source: dict[str, Any], depth: int) -> Iterator[str]:
        """Settles one member of `source` after the other, naming each that may hold a disclosure."""
        known = self._known(source.pop(DIGESTS)) if DIGESTS in source else ()
        if ELEMENT in source or ALGORITHM in source:
            raise _malformed("a claim has a reserved name")
        for name, value in source.items():
            if type(value) is dict or type(value) is list:
                source[name] = self._value(value, depth)
                yield name
        for hash_ in known:
            name, value = self._open(hash_, 3)
            if name in source or name in RESERVED:
                raise _malformed("a disclosed claim has a reserved name, or one that is taken")
            source[name] = value if type(value) is str else self._value(value, depth)
            yield name

    def _value(self, value: Any, depth: int) -> Any:
        if depth == 0:
            raise _malformed("claims are nested too deeply")
        if type(value) is dict:
            for _ in self.members(value, depth - 1):
                pass
        elif type(value) is list:
            value[:] = [item for element in value for item in self._element(element, depth - 1)]
        return value

    def _element(self, element: Any, depth: int) -> list[Any]:
        """The element, or what it stands for, or nothing (§7.1 step 3d)."""
        if type(element) is not dict or ELEMENT not in element:
            return [self._value(element, depth)]
        if len(element) != 1:
            raise _malformed("the digest of an array element does not stand alone")
        return [self._value(self._open(hash_, 2)[0], depth) for hash_ in self._known([*element.values()])]

    def _known(self, digests: Any) -> list[str]:
        """Those of `digests` that a disclosure was given for; none may occur twice (§7.1 step 4)."""
        if type(digests) is not list or not {*map(type, digests)} <= {str}:
            raise _malformed("digests are texts in an array")
        fresh = set(digests)
        if len(fresh) != len(digests) or not fresh.isdisjoint(self.seen):
            raise _malformed("a digest occurs twice")
        self.seen |= fresh
        return [hash_ for hash_ in self.hidden if hash_ in fresh]

    def _open(self, hash_: str, length: int) -> list[Any]:
        """The content behind a digest, without its salt."""
        text = self.hidden.pop(hash_)
        content = strict_json.loads(base64url.decode(text), max_bytes=_MAX_DISCLOSURE)
        if type(content) is not list or len(content) != length:
            raise _malformed("a disclosure has the wrong length")
        if type(content[0]) is not str or (length == 3 and type(content[1]) is not str):
            raise _malformed("a salt or a claim name is not a text")
        self.found.append(text)
        return content[1:]


def _has_reserved(value: object) -> bool:
    if isinstance(value, Mapping):
        return not RESERVED.isdisjoint(value) or any(map(_has_reserved, value.values()))
    return isinstance(value, list | tuple) and any(map(_has_reserved, value))


def _malformed(message: str) -> CredentialError:
    return CredentialError("malformed_sd_jwt", message)
