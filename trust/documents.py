"""The trust documents: whom to believe, for what, and since when.

Each is one signed target, small strict JSON with sorted names. Readers refuse
what they do not know: a document half understood is worse than the last one
understood whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from credential.codes import TABLES, CodeTables, Name
from credential.template import Template
from did import strict_json
from trust import fields, names
from trust.genuine import GenuineList
from trust.issuer_keys import IssuerKey, KeyKind, read_issuers, write_issuers

__all__ = [
    "AuditHead",
    "GenuineList",
    "IssuerKey",
    "KeyKind",
    "Purpose",
    "RelyingParty",
    "read_issuers",
    "write_issuers",
]

_Numbered = TypeVar("_Numbered", Template, "RelyingParty")
_PURPOSE = re.compile(r"[a-z][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a presentation may be asked for; one that is not `permitted` is named to be refused.

    Raises:
        TrustError: `malformed_document` when `name` is not a short lower-case word.
    """

    name: str
    permitted: bool
    title: Name

    def __post_init__(self) -> None:
        if _PURPOSE.fullmatch(self.name) is None:
            raise fields.malformed(names.PURPOSES)


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """A registered gate or bank: its number, the purposes and the claims it may ask for.

    Raises:
        TrustError: `malformed_document` when `number` does not fit two bytes or is 0.
    """

    number: int
    title: Name
    purposes: frozenset[str]
    claims: frozenset[str]

    def __post_init__(self) -> None:
        if not fields.is_whole(self.number, 1, 0xFFFF):
            raise fields.malformed(names.RELYING_PARTIES)


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The issuer's audit chain as published: how many rows, and the last one's SHA-256 in hex."""

    length: int
    head: str


def write_templates(templates: Iterable[Template]) -> bytes:
    """The target `templates.json`, in the order of their numbers."""
    return strict_json.dumps([t.to_json() for t in sorted(templates, key=lambda t: t.number)])


def read_templates(data: bytes) -> Mapping[int, Template]:
    """The templates by number.

    Raises:
        TrustError: `malformed_document`.
    """
    with fields.reading(names.TEMPLATES):
        entries = fields.load_array(data, names.TEMPLATES)
        return _by_number([Template.from_json(entry) for entry in entries], names.TEMPLATES)


def read_codes(data: bytes) -> CodeTables:
    """The code tables; `CodeTables.to_json` writes the target `codes.json`.

    Raises:
        TrustError: `malformed_document`.
    """
    with fields.reading(names.CODES):
        tables = CodeTables.from_json(data)
        for table in TABLES:
            for title in getattr(tables, table).values():
                fields.check_title(title)
    return tables


def write_purposes(purposes: Iterable[Purpose]) -> bytes:
    """The target `purposes.json`."""
    return strict_json.dumps({p.name: [p.permitted, p.title.km, p.title.en] for p in purposes})


def read_purposes(data: bytes) -> Mapping[str, Purpose]:
    """The purposes by name.

    Raises:
        TrustError: `malformed_document`.
    """
    with fields.reading(names.PURPOSES):
        entries = fields.load_object(data, names.PURPOSES)
        found = {purpose: _read_purpose(purpose, entry) for purpose, entry in entries.items()}
    return MappingProxyType(found)


def write_relying_parties(parties: Iterable[RelyingParty]) -> bytes:
    """The target `relying-parties.json`, in the order of their numbers."""
    return strict_json.dumps(
        [
            {
                "number": party.number,
                "title": [party.title.km, party.title.en],
                "purposes": sorted(party.purposes),
                "claims": sorted(party.claims),
            }
            for party in sorted(parties, key=lambda party: party.number)
        ]
    )


def read_relying_parties(data: bytes) -> Mapping[int, RelyingParty]:
    """The relying parties by number.

    Raises:
        TrustError: `malformed_document`.
    """
    with fields.reading(names.RELYING_PARTIES):
        entries = fields.load_array(data, names.RELYING_PARTIES)
        return _by_number([_read_party(entry) for entry in entries], names.RELYING_PARTIES)


def write_audit_head(audit: AuditHead) -> bytes:
    """The target `audit/head`."""
    return strict_json.dumps({"length": audit.length, "head": audit.head})


def read_audit_head(data: bytes) -> AuditHead:
    """Reads what `write_audit_head` wrote.

    Raises:
        TrustError: `malformed_document`.
    """
    with fields.reading(names.AUDIT_HEAD):
        match fields.load_object(data, names.AUDIT_HEAD):
            case {"length": length, "head": str(head), **rest} if not rest:
                if fields.is_whole(length, 0, 1 << 53) and re.fullmatch("[0-9a-f]{64}", head):
                    return AuditHead(length, head)
    raise fields.malformed(names.AUDIT_HEAD)


def _read_purpose(purpose: str, entry: Any) -> Purpose:
    match entry:
        case [bool(permitted), km, en]:
            return Purpose(purpose, permitted, fields.name([km, en], names.PURPOSES))
    raise fields.malformed(names.PURPOSES)


def _read_party(entry: Any) -> RelyingParty:
    document = names.RELYING_PARTIES
    match entry:
        case {"number": number, "title": title, "purposes": purposes, "claims": claims} if len(entry) == 4:
            allowed, shown = fields.texts(purposes, document), fields.texts(claims, document)
            return RelyingParty(number, fields.name(title, document), allowed, shown)
    raise fields.malformed(document)


def _by_number(items: list[_Numbered], document: str) -> Mapping[int, _Numbered]:
    by_number = {item.number: item for item in items}
    if len(by_number) < len(items):
        raise fields.malformed(document)
    return MappingProxyType(by_number)
