"""All that a root or a trust list says, as statements that a custodian can read and compare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from credential.codes import TABLES, Name
from did import PublicKey, base64url
from issuer import cli_wording
from issuer.custody import TrustList
from issuer.trust_wording import KINDS, fact
from trust import assembly, ceremony, names, repository
from trust.assembly import Parts
from trust.state import digest
from trust.tuf_keys import key_id

_THUMBPRINT = "thumbprint"
"""SHA-256 of the key (RFC 7638 §3), base64url: the key itself, whatever it is called."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that is vouched for: what it is, its name, and by label all that is said of it."""

    what: str
    name: str
    facts: Mapping[str, str | Name]

    def lines(self, language: str) -> Iterator[str]:
        """As a person reads it; a key's thumbprint has a line of its own."""
        facts = {label: _text(language, said) for label, said in self.facts.items()}
        thumbprint = facts.pop(_THUMBPRINT, None)
        yield "  ".join((f"{_text(language, KINDS[self.what])} {self.name}".strip(), *facts.values()))
        if thumbprint:
            yield f"    {_text(language, KINDS[_THUMBPRINT])} {thumbprint}"

    def to_json(self) -> dict[str, str]:
        """As a program reads it, which is in English."""
        return {
            "what": self.what,
            "name": self.name,
            **{label: _text("en", said) for label, said in self.facts.items()},
        }


@dataclass(frozen=True, slots=True)
class Change:
    """A statement that was added (`+`) or taken away (`-`); one that was altered is both."""

    sign: str
    statement: Statement


def changes(before: Sequence[Statement], after: Sequence[Statement]) -> tuple[Change, ...]:
    """What `after` says otherwise than `before`, in its order, and then what it says no more."""
    old = {(statement.what, statement.name): statement for statement in before}
    found = []
    for statement in after:
        was = old.pop((statement.what, statement.name), None)
        if was != statement:
            found += [Change("-", was)] if was else []
            found.append(Change("+", statement))
    return (*found, *(Change("-", statement) for statement in old.values()))


def of_root(root: bytes) -> tuple[Statement, ...]:
    """Version, end, and who signs what; `scrutiny.check_root` has found no more in it.

    Raises:
        TrustError: `malformed_metadata`.
        DidError: for a key of an unknown kind.
    """
    keys, signed = ceremony.role_keys(root), repository.parse_any(root).signed
    said = [Statement("root", "", {"version": fact("version", signed.version), "expires": _end(root)})]
    for role, holders in (("root", keys.root), ("targets", keys.targets), ("online", keys.online)):
        threshold = 1 if role == "online" else keys.threshold
        said.append(Statement("role", role, {"threshold": fact("threshold", threshold, len(holders))}))
        said += [_holder(f"{role} key", key) for key in holders]
    return tuple(said)


def of_trust_list(trust_list: TrustList) -> tuple[Statement, ...]:
    """Every entry of every document, and who may publish; the keys come last, next to the question.

    Raises:
        TrustError: for documents that cannot be read, as `assembly.assemble`.
    """
    version = fact("version", repository.parse_any(trust_list.targets).signed.version)
    under: dict[str, str | Name] = {
        "version": fact("version", repository.parse_any(trust_list.root).signed.version),
        "fingerprint": ceremony.fingerprint(trust_list.root),
    }
    return (
        *_documents(assembly.assemble(trust_list.files)),
        *(
            Statement("file", name, {"sha256": digest(data)})
            for name, data in sorted(trust_list.files.items())
            if name not in names.DOCUMENTS
        ),
        *(_holder("online key", key) for key in ceremony.role_keys(trust_list.root).online),
        Statement("root", "", under),
        Statement("trust list", "", {"version": version, "expires": _end(trust_list.targets)}),
    )


def _documents(parts: Parts) -> Iterator[Statement]:
    for table in TABLES:
        for code, title in sorted(getattr(parts.codes, table).items()):
            yield Statement(table, str(code), _title(title))
    for purpose in parts.purposes.values():
        permitted = fact("permitted" if purpose.permitted else "not_permitted")
        yield Statement("purpose", purpose.name, {"permitted": permitted, **_title(purpose.title)})
    for party in parts.relying_parties.values():
        purposes, claims = (" ".join(sorted(each)) or "-" for each in (party.purposes, party.claims))
        asks = {"purposes": fact("purposes", purposes), "claims": fact("claims", claims)}
        yield Statement("relying party", str(party.number), {**_title(party.title), **asks})
    for template in parts.templates.values():
        facts = {label: str(fact) for label, fact in template.to_json().items() if label != "number"}
        lasts = {
            "validity_days": fact("validity_days", template.validity_days),
            "card_digits": fact("card_digits", template.card_digits),
        }
        yield Statement("template", str(template.number), {**facts, **lasts})
    for key in parts.keys.values():
        facts = {
            "kind": key.kind.value,
            "issuer": key.iss,
            "vct": " ".join(sorted(key.vct)) or "-",
            "window": f"{_time(key.not_before)} – {_time(key.not_after)}",
            "algorithm": key.key.algorithm.jose,
            _THUMBPRINT: base64url.encode(key.key.thumbprint()),
        }
        yield Statement("key", key.kid, facts)


def _holder(what: str, key: PublicKey) -> Statement:
    facts = {"algorithm": key.algorithm.jose, _THUMBPRINT: base64url.encode(key.thumbprint())}
    return Statement(what, key_id(key), facts)


def _title(title: Name) -> dict[str, str]:
    return {"name_en": title.en, "name_km": title.km}


def _text(language: str, said: str | Name) -> str:
    return said if isinstance(said, str) else cli_wording.choose(language, said)


def _end(metadata: bytes) -> Name:
    return fact("expires", _time(int(repository.parse_any(metadata).signed.expires.timestamp())))


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
