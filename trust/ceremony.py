"""What custodians do on an offline machine: make, sign and check root and targets metadata.

Pure functions over metadata bytes. A file travels from custodian to custodian;
each adds one signature with `sign`, and `signatures` says how many are still
missing. `authority` is the root metadata that must allow it: for targets the
newest root, for a new root the root before it, for root version 1 nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tuf.api.metadata import (  # type: ignore[attr-defined]
    Metadata,
    Role,
    Root,
    VerificationResult,
)

from did.keys import PublicKey
from did.signer import Signer
from trust import assembly, documents, names, repository
from trust.errors import TrustError
from trust.state import digest
from trust.tuf_keys import TufSigner, key_id, public_key, tuf_key

THRESHOLD = 2
"""Of three: no custodian alone can change whom a country believes, and one may lose a key."""
TARGETS_LIFETIME = timedelta(days=90)
WARN_BEFORE = {"root": timedelta(days=90), "targets": timedelta(days=45)}
_WARN_ONLINE = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class Signatures:
    """Whose signatures a metadata file bears (key ids), and how many more it needs at least."""

    signed: tuple[str, ...]
    missing: int


@dataclass(frozen=True, slots=True)
class ExpiryWarning:
    """A role's metadata, or a key, ends soon, at that epoch second, or has ended (`days_left` below 0)."""

    role: str
    expires: int
    days_left: int


@dataclass(frozen=True, slots=True)
class RoleKeys:
    """Who signs what: `threshold` of the root keys, as many of the targets keys, any one of the online keys.

    Raises:
        TrustError: `keys_overlap` when one key stands twice, `too_few_keys`.
    """

    root: tuple[PublicKey, ...]
    targets: tuple[PublicKey, ...]
    online: tuple[PublicKey, ...]
    threshold: int = THRESHOLD

    def __post_init__(self) -> None:
        if len({key_id(key) for key in self.all}) < len(self.all):
            raise TrustError("keys_overlap", "root, targets and online keys must all be different")
        if not 1 <= self.threshold <= min(len(self.root), len(self.targets)) or not self.online:
            raise TrustError("too_few_keys", "there are fewer keys than signatures needed")

    @property
    def all(self) -> tuple[PublicKey, ...]:
        """Every key of every role."""
        return self.root + self.targets + self.online


def role_keys(root: bytes) -> RoleKeys:
    """The keys that stand in a root, to rotate some of them.

    Raises:
        TrustError: `malformed_metadata`.
        DidError: for a key that `make_root` did not write.
    """
    signed = repository.parse(root, Root).signed
    if any(identity not in signed.keys for role in signed.roles.values() for identity in role.keyids):
        raise TrustError("malformed_metadata", "a role of the root names a key that is not there")
    found = {
        name: tuple(public_key(signed.keys[identity]) for identity in role.keyids)
        for name, role in signed.roles.items()
    }
    return RoleKeys(found["root"], found["targets"], found["timestamp"], signed.roles["root"].threshold)


def make_root(keys: RoleKeys, *, expires: datetime, version: int = 1) -> bytes:
    """Root metadata, the first unless `version` says, not signed yet. Snapshot and timestamp are online."""
    online = [key_id(key) for key in keys.online]
    roles = {
        "root": Role([key_id(key) for key in keys.root], keys.threshold),
        "targets": Role([key_id(key) for key in keys.targets], keys.threshold),
        "snapshot": Role(online, 1),
        "timestamp": Role(list(online), 1),
    }
    known = {key_id(key): tuf_key(key) for key in keys.all}
    root = Root(version=version, expires=repository.utc(expires), keys=known, roles=roles)
    return repository.signed(root, [])


def rotate_root(previous: bytes, keys: RoleKeys, *, expires: datetime) -> bytes:
    """The root after `previous`, not signed yet; it needs the old threshold and the new one.

    New online keys are the cure for stolen ones: what the thief signed, version
    numbers driven to the sky among it, counts no longer (TUF §5.3.11).

    Raises:
        TrustError: `malformed_metadata`, `signatures_missing` for a previous one
            that its own keys have not signed.
    """
    check_self_signed(previous)
    version = repository.parse(previous, Root).signed.version + 1
    return make_root(keys, expires=expires, version=version)


def make_targets(
    files: Mapping[str, bytes],
    *,
    online_keys: Sequence[PublicKey],
    expires: datetime,
    version: int,
    previous: Mapping[str, bytes] | None = None,
) -> bytes:
    """Top-level targets metadata over `files` (the documents and `types/*`), not signed yet.

    `previous` are the documents published before: a code or a template number
    that changes its meaning is found here, before every gate refuses it.

    Raises:
        TrustError: a code of `assembly.assemble`; `codes_changed`,
            `template_changed`, `unsafe_name`.
    """
    assembly.assemble(files)
    for name in files:
        if name not in names.DOCUMENTS and not name.startswith("types/"):
            raise TrustError("unsafe_name", "custodians sign the trust documents and types/*, nothing else")
    if previous is not None:
        check_continues(files, previous)
    delegated = repository.delegations(online_keys, threshold=1)
    return repository.signed(
        repository.targets(files, version=version, expires=expires, delegated=delegated), []
    )


def check_continues(files: Mapping[str, bytes], previous: Mapping[str, bytes]) -> None:
    """Refuses documents whose codes or templates mean something else than the previous ones'.

    Raises:
        TrustError: `codes_changed`, `template_changed`, `malformed_document`.
    """
    old = documents.read_templates(previous[names.TEMPLATES])
    new = documents.read_templates(files[names.TEMPLATES])
    assembly.remember_templates(new, assembly.remember_templates(old, {}))
    assembly.check_codes(
        documents.read_codes(files[names.CODES]), documents.read_codes(previous[names.CODES])
    )


def sign(metadata: bytes, signer: Signer, *, authority: bytes | None = None) -> bytes:
    """`metadata` with one custodian's signature added, or renewed.

    Raises:
        TrustError: `malformed_metadata`; `not_a_custodian` when neither the
            file nor its authority knows the key.
    """
    parsed = repository.parse_any(metadata)
    identity = key_id(signer.public_key)
    if all(identity not in role.keyids for role in _roles(parsed, authority)):
        raise TrustError("not_a_custodian", "this key may not sign this file")
    parsed.sign(TufSigner(signer), append=True)
    return parsed.to_bytes()


def signatures(metadata: bytes, *, authority: bytes | None = None) -> Signatures:
    """Who has signed `metadata`, and how many signatures are still missing.

    Raises:
        TrustError: `malformed_metadata`; `root_chain_broken` when the
            authority is not the root just before a root.
    """
    parsed = repository.parse_any(metadata)
    results = _results(parsed, authority)
    signed = {identity for result in results for identity in result.signed}
    missing = [result.missing for result in results]
    if len(results) == 2:  # a custodian of both roots signs once for both
        both = len(results[0].unsigned.keys() & results[1].unsigned.keys())
        missing.append(-min(*missing, both))
    return Signatures(tuple(sorted(signed)), sum(missing))


def check(metadata: bytes, *, authority: bytes | None = None) -> None:
    """Refuses a file that has not been signed by enough custodians.

    Raises:
        TrustError: `signatures_missing`, or as `signatures`.
    """
    missing = signatures(metadata, authority=authority).missing
    if missing:
        raise TrustError("signatures_missing", f"signatures of custodians still needed: {missing}")


def check_self_signed(root: bytes) -> None:
    """Refuses a root of any version that its own keys have not signed: all a new home can judge.

    Raises:
        TrustError: `malformed_metadata`, `signatures_missing`.
    """
    metadata = repository.parse(root, Root)
    if not metadata.signed.get_verification_result("root", metadata.signed_bytes, metadata.signatures):
        raise TrustError("signatures_missing", "the root is not signed by enough of its own keys")


def check_roots(roots: Sequence[bytes]) -> None:
    """Checks a chain of roots from version 1 on, each signed by itself and the one before.

    Raises:
        TrustError: `root_chain_broken`, `signatures_missing`, `malformed_metadata`.
    """
    versions = [repository.parse(root, Root).signed.version for root in roots]
    if not roots or versions != list(range(1, len(roots) + 1)):
        raise TrustError("root_chain_broken", "the roots must be all of them, in order, from version 1 on")
    for index, root in enumerate(roots):
        check(root, authority=roots[index - 1] if index else None)


def fingerprint(root: bytes) -> str:
    """SHA-256 of a root file in hex, to be compared by voice or on paper when a home is made."""
    return digest(root)


def expiry_warnings(metadata: Sequence[bytes], *, now: datetime) -> tuple[ExpiryWarning, ...]:
    """What of these metadata files should be renewed: root 90 days ahead, targets 45, the rest 10."""
    warnings = []
    for data in metadata:
        signed = repository.parse_any(data).signed
        left = signed.expires - repository.utc(now)
        if left < WARN_BEFORE.get(signed.type, _WARN_ONLINE):
            warnings.append(ExpiryWarning(signed.type, int(signed.expires.timestamp()), left.days))
    return tuple(warnings)


def _roles(metadata: Metadata[Any], authority: bytes | None) -> list[Role]:
    roles = [metadata.signed.roles["root"]] if isinstance(metadata.signed, Root) else []
    if authority is not None:
        roles.append(repository.parse(authority, Root).signed.roles[metadata.signed.type])
    return roles


def _results(metadata: Metadata[Any], authority: bytes | None) -> list[VerificationResult]:
    signed = metadata.signed
    delegators = [] if authority is None else [repository.parse(authority, Root).signed]
    if isinstance(signed, Root):
        if (signed.version == 1) is bool(delegators) or any(
            d.version != signed.version - 1 for d in delegators
        ):
            raise TrustError("root_chain_broken", "a root is judged with the root just before it")
        delegators.append(signed)
    if not delegators:
        raise ValueError("targets metadata is judged with a root")
    payload, given = metadata.signed_bytes, metadata.signatures
    return [delegator.get_verification_result(signed.type, payload, given) for delegator in delegators]
