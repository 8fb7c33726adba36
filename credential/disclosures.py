"""Disclosures: the claims of an SD-JWT that its payload only holds digests of (RFC 9901 §4.2, §7.1)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple

from credential.errors import CredentialError
from did import base64url, strict_json

SALT_BYTES: Final = 16
"""128 bits, what §9.3 recommends."""
DIGESTS: Final = "_sd"
ELEMENT: Final = "..."
ALGORITHM: Final = "_sd_alg"
RESERVED: Final = frozenset({DIGESTS, ELEMENT, ALGORITHM})
MAX_BYTES: Final = 1 << 16
"""Characters of a whole token."""
_MAX_DISCLOSURE: Final = 16384
_NESTED: Final = frozenset({dict, list})


class Revealed(NamedTuple):
    """A payload with its disclosures put back.

    `found` has every disclosure as it was written, behind the name of the
    top-level claim that it discloses, in whole or in part.
    """

    claims: dict[str, Any]
    found: list[tuple[str, str]]


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


def reveal(payload: bytes, disclosures: Sequence[str]) -> Revealed:
    """Parses a payload and puts `disclosures` where their digests stand, nested ones too.

    Digests without a disclosure are dropped.

    Raises:
        CredentialError: `malformed_sd_jwt` for everything that §7.1, steps 3
            to 5, says must be rejected.
        DidError: when the payload or a disclosure is not acceptable JSON, or a
            disclosure is not base64url.
    """
    claims = strict_json.loads(payload, max_bytes=MAX_BYTES)
    if type(claims) is not dict:
        raise _malformed("a JWT holds a JSON object")
    inside = _hides_inside(payload, claims)
    if claims.pop(ALGORITHM, "sha-256") != "sha-256":
        raise _malformed("only SHA-256 digests are supported")
    walk = _Walk({digest(text): text for text in disclosures})
    if len(walk.hidden) != len(disclosures):
        raise _malformed("a disclosure occurs twice")
    walk.object(claims, strict_json.MAX_DEPTH, None, inside=inside)
    if walk.hidden:
        raise _malformed("a disclosure belongs to no digest")
    return Revealed(claims, walk.found)


class _Walk:
    """One pass over a payload, in place: a disclosure moves from `hidden` to `found` at its digest.

    `claim` is throughout the top-level claim to which a value belongs, None
    for the payload itself.
    """

    __slots__ = ("found", "hidden", "seen")

    def __init__(self, hidden: dict[str, str]) -> None:
        self.hidden = hidden
        self.found: list[tuple[str, str]] = []
        self.seen: set[str] = set()

    def object(self, source: dict[str, Any], depth: int, claim: str | None, *, inside: bool = True) -> None:
        """Settles the members of `source` if they may hide something, then adds those it holds digests of."""
        known = self._known(source.pop(DIGESTS)) if DIGESTS in source else ()
        if ELEMENT in source or ALGORITHM in source:
            raise _malformed("a claim has a reserved name")
        if inside:
            for member, value in source.items():
                if type(value) in _NESTED:
                    self._nested(value, depth, member if claim is None else claim)
        for text in known:
            _, name, value = _open(text, 3)
            if type(name) is not str:
                raise _malformed("a claim name is not a text")
            if name in source or name in RESERVED:
                raise _malformed("a disclosed claim has a reserved name, or one that is taken")
            belongs = name if claim is None else claim
            self.found.append((belongs, text))
            if type(value) in _NESTED:
                self._nested(value, depth, belongs)
            source[name] = value

    def _nested(self, value: Any, depth: int, claim: str) -> None:
        if depth == 0:
            raise _malformed("claims are nested too deeply")
        if type(value) is dict:
            self.object(value, depth - 1, claim)
        else:
            value[:] = [item for element in value for item in self._element(element, depth - 1, claim)]

    def _element(self, element: Any, depth: int, claim: str) -> list[Any]:
        """The element, or what it stands for, or nothing (§7.1 step 3d)."""
        if type(element) is not dict or ELEMENT not in element:
            if type(element) in _NESTED:
                self._nested(element, depth, claim)
            return [element]
        if len(element) != 1:
            raise _malformed("the digest of an array element does not stand alone")
        values = []
        for text in self._known([*element.values()]):
            _, value = _open(text, 2)
            self.found.append((claim, text))
            if type(value) in _NESTED:
                self._nested(value, depth, claim)
            values.append(value)
        return values

    def _known(self, digests: Any) -> list[str]:
        """The disclosures behind those of `digests` that have one; none may occur twice (§7.1 step 4)."""
        if type(digests) is not list:
            raise _malformed("digests are texts in an array")
        for hash_ in digests:
            if type(hash_) is not str:
                raise _malformed("digests are texts in an array")
        fresh = set(digests)
        if len(fresh) != len(digests) or not fresh.isdisjoint(self.seen):
            raise _malformed("a digest occurs twice")
        self.seen |= fresh
        return [self.hidden.pop(known) for known in [hidden for hidden in self.hidden if hidden in fresh]]


def _open(text: str, length: int) -> list[Any]:
    """The content of a disclosure, which has so many members."""
    content = strict_json.loads(base64url.decode(text), max_bytes=_MAX_DISCLOSURE)
    if type(content) is not list or len(content) != length or type(content[0]) is not str:
        raise _malformed("a disclosure has the wrong length, or a salt that is not a text")
    return content


def _hides_inside(payload: bytes, claims: dict[str, Any]) -> bool:
    """Whether a member may hold digests or a reserved name: seen in the text, which spares the walk."""
    own = (DIGESTS in claims) + (ALGORITHM in claims)
    find = payload.find  # `in` first tries the bytes as a number, and swallows what that raises
    return find(b"\\") >= 0 or find(b'"..."') >= 0 or payload.count(b'"_sd') != own


def _has_reserved(value: object) -> bool:
    if isinstance(value, Mapping):
        return not RESERVED.isdisjoint(value) or any(map(_has_reserved, value.values()))
    return isinstance(value, list | tuple) and any(map(_has_reserved, value))


def _malformed(message: str) -> CredentialError:
    return CredentialError("malformed_sd_jwt", message)
