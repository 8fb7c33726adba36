"""From files to values: the trust documents read, checked against each other, and held together.

The same function judges what a ministry is about to publish, what a sync has
fetched, and what a home has on disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from credential.codes import CodeTables
from credential.errors import CredentialError
from credential.template import Template
from did import strict_json
from revocation.token import SignedList
from trust import documents, lists, names
from trust.documents import AuditHead, GenuineList, IssuerKey, KeyKind, Purpose, RelyingParty
from trust.errors import TrustError
from trust.lists import HeldList
from trust.state import digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the files of one version hold."""

    keys: Mapping[str, IssuerKey]
    templates: Mapping[int, Template]
    codes: CodeTables
    purposes: Mapping[str, Purpose]
    relying_parties: Mapping[int, RelyingParty]
    lists: Mapping[str, SignedList]
    genuine: Mapping[str, GenuineList]
    audit_head: AuditHead | None


def assemble(files: Mapping[str, bytes]) -> Parts:
    """Reads the documents, lists and genuine lists among `files` (target name → bytes).

    Raises:
        TrustError: `missing_document`, `malformed_document`, `bad_issuer_key`,
            `template_key`, `duplicate_list`, `malformed_genuine`, or a code of
            `lists.newest`.
    """
    missing = [name for name in names.DOCUMENTS if name not in files]
    if missing:
        raise TrustError("missing_document", f"{missing[0]} is missing")
    keys = documents.read_issuers(files[names.ISSUERS])
    templates = documents.read_templates(files[names.TEMPLATES])
    for template in templates.values():
        _check_template(template, keys)
    audit = files.get(names.AUDIT_HEAD)
    return Parts(
        keys=keys,
        templates=templates,
        codes=documents.read_codes(files[names.CODES]),
        purposes=documents.read_purposes(files[names.PURPOSES]),
        relying_parties=documents.read_relying_parties(files[names.RELYING_PARTIES]),
        lists=_read_lists(files, keys),
        genuine=_read_genuine(files, keys),
        audit_head=None if audit is None else documents.read_audit_head(audit),
    )


def held_lists(files: Mapping[str, bytes]) -> dict[str, HeldList]:
    """The tokens behind each list among `files`, by target."""
    return {
        target: HeldList(data, files.get(f"delta/{target}"), files.get(f"pending/{target}"))
        for target, data in files.items()
        if names.split_status(target)
    }


def files_of(held: Mapping[str, HeldList]) -> dict[str, bytes]:
    """The files that `held_lists` reads back."""
    files: dict[str, bytes] = {}
    for target, tokens in held.items():
        files[target] = tokens.full
        if tokens.delta is not None:
            files[f"delta/{target}"] = tokens.delta
        if tokens.pending is not None:
            files[f"pending/{target}"] = tokens.pending
    return files


def replace_list(files: Mapping[str, bytes], target: str, tokens: HeldList) -> dict[str, bytes]:
    """`files` with the list `target` held as these tokens."""
    own = (target, f"delta/{target}", f"pending/{target}")
    return {name: data for name, data in files.items() if name not in own} | files_of({target: tokens})


def check_codes(new: CodeTables, old: CodeTables) -> None:
    """Refuses tables that drop or alter a code which a card may carry for ten years.

    Raises:
        TrustError: `codes_changed`.
    """
    try:
        new.check_extends(old)
    except CredentialError as error:
        raise TrustError("codes_changed", str(error)) from error


def remember_templates(templates: Mapping[int, Template], seen: Mapping[int, str]) -> Mapping[int, str]:
    """`seen` (number → SHA-256 of every template ever accepted) and `templates` with it.

    A template may leave the table once its last card has expired; its number
    never means another one.

    Raises:
        TrustError: `template_changed`.
    """
    known = dict(seen)
    for number, template in templates.items():
        fingerprint = digest(strict_json.dumps(template.to_json()))
        if known.setdefault(number, fingerprint) != fingerprint:
            raise TrustError("template_changed", f"template {number} was given another meaning")
    return known


def _check_template(template: Template, keys: Mapping[str, IssuerKey]) -> None:
    key = keys.get(template.kid)
    if (
        key is None
        or key.kind.value != template.kind.value
        or key.iss != template.iss
        or key.key.algorithm is not template.algorithm
        or template.vct not in key.vct
    ):
        raise TrustError("template_key", f"template {template.number} names a key that does not fit it")


def _read_lists(files: Mapping[str, bytes], keys: Mapping[str, IssuerKey]) -> Mapping[str, SignedList]:
    by_uri: dict[str, SignedList] = {}
    for target, held in held_lists(files).items():
        signed = lists.newest(target, held, keys)
        if by_uri.setdefault(signed.uri, signed) is not signed:
            raise TrustError("duplicate_list", "one status list is published in two forms")
    return MappingProxyType(by_uri)


def _read_genuine(files: Mapping[str, bytes], keys: Mapping[str, IssuerKey]) -> Mapping[str, GenuineList]:
    """The lists of the seal keys that are believed.

    A ministry may have lost a key before custodians ever signed it: the list of
    a key that nobody believes is left alone. That of another kind of key is none.
    """
    found = {}
    for target, data in files.items():
        folder, _, kid = target.partition("/")
        key = keys.get(kid)
        if folder == "genuine" and key is not None:
            if key.kind is not KeyKind.SEAL:
                raise TrustError("malformed_genuine", "a list of genuine seals names another kind of key")
            found[kid] = GenuineList(kid, data)
    return MappingProxyType(found)
