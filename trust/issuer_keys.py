"""Issuers and their keys: the target `issuers.json`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from did import strict_json
from did.keys import PublicKey
from trust import fields, names
from trust.errors import TrustError

MAX_TIME = 1 << 40
"""Beyond any epoch second that is meant."""


class KeyKind(StrEnum):
    """What a key may sign: exactly one of these. An SD-JWT key signs its own status list too."""

    SEAL = "seal"
    LIVE = "live"
    SD_JWT = "sd-jwt"
    STATUS = "status-cwt"


@dataclass(frozen=True, slots=True)
class IssuerKey:
    """One key of an issuer.

    `iss` is the issuer's URL without a final slash; `vct` the credential types
    the key may sign (none for a status key). `not_before` and `not_after` are
    epoch seconds and bound the `iat` of what was signed, not the time of
    judging.

    Raises:
        TrustError: `bad_issuer_key`.
    """

    kid: str
    kind: KeyKind
    key: PublicKey
    iss: str
    vct: frozenset[str]
    not_before: int
    not_after: int

    def __post_init__(self) -> None:
        if not all(map(fields.is_plain, (self.kid, self.iss, *self.vct))) or self.iss.endswith("/"):
            raise TrustError("bad_issuer_key", "a text of an issuer key is empty, too long or not plain")
        times = (self.not_before, self.not_after)
        if not all(fields.is_whole(time, 0, MAX_TIME) for time in times) or self.not_before >= self.not_after:
            raise TrustError("bad_issuer_key", "an issuer key's window is empty or out of range")
        if (self.kind is KeyKind.STATUS) is bool(self.vct):
            raise TrustError("bad_issuer_key", "every key but a status key names the types it may sign")
        if self.kind is KeyKind.SEAL and not names.is_safe(self.kid):
            raise TrustError("bad_issuer_key", "a seal key's id is not fit for a file name")  # genuine/<kid>

    def covers(self, issued_at: int) -> bool:
        """Whether this key was allowed to sign at that epoch second."""
        return self.not_before <= issued_at < self.not_after


def write_issuers(keys: Iterable[IssuerKey]) -> bytes:
    """The target `issuers.json`: issuer URL → its keys."""
    issuers: dict[str, list[object]] = {}
    for key in sorted(keys, key=lambda key: key.kid):
        issuers.setdefault(key.iss, []).append(
            {
                "kid": key.kid,
                "kind": key.kind.value,
                "jwk": key.key.to_jwk(),
                "vct": sorted(key.vct),
                "nbf": key.not_before,
                "exp": key.not_after,
            }
        )
    return strict_json.dumps(issuers)


def read_issuers(data: bytes) -> Mapping[str, IssuerKey]:
    """The keys of `issuers.json` by key id.

    Raises:
        TrustError: `malformed_document`; `bad_issuer_key`, also for a key or a
            key id that occurs twice, because it would have two kinds.
    """
    keys: list[IssuerKey] = []
    with fields.reading(names.ISSUERS):
        for iss, entries in fields.load_object(data, names.ISSUERS).items():
            if not isinstance(entries, list):
                raise fields.malformed(names.ISSUERS)
            keys += [_read_key(entry, iss) for entry in entries]
    by_kid = {key.kid: key for key in keys}
    if len(by_kid) < len(keys) or len({key.key for key in keys}) < len(keys):
        raise TrustError("bad_issuer_key", "a key or a key id occurs twice")
    return MappingProxyType(by_kid)


def _read_key(entry: Any, iss: str) -> IssuerKey:
    match entry:
        case {
            "kid": str(kid),
            "kind": "seal" | "live" | "sd-jwt" | "status-cwt" as kind,
            "jwk": jwk,
            "vct": vct,
            "nbf": not_before,
            "exp": not_after,
        } if len(entry) == 6:
            types = fields.texts(vct, names.ISSUERS)
            key = PublicKey.from_jwk(jwk)
            return IssuerKey(kid, KeyKind(kind), key, iss, types, not_before, not_after)
    raise fields.malformed(names.ISSUERS)
