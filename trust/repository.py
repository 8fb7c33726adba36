"""TUF metadata of this project, made and signed: pure functions over bytes and keys.

The roles: root and top-level targets belong to custodians (`ceremony`);
`online`, snapshot and timestamp to the publishing machine. A piece of metadata
is its compact JSON bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import (  # type: ignore[attr-defined]
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from did.keys import PublicKey
from did.signer import Signer
from trust import names
from trust.errors import TrustError
from trust.tuf_keys import TufSigner, key_id, tuf_key

MAX_METADATA = 1 << 18
"""Bytes of one metadata file, well above what 256 lists need."""

Role = TypeVar("Role", Root, Snapshot, Targets, Timestamp)
Payload = Root | Snapshot | Targets | Timestamp


def parse_any(data: bytes) -> Metadata[Any]:
    """Reads one metadata file of any role; checks no signature.

    Raises:
        TrustError: `malformed_metadata`.
    """
    if len(data) > MAX_METADATA:
        raise TrustError("malformed_metadata", "a metadata file is larger than allowed")
    try:
        metadata: Metadata[Any] = Metadata.from_bytes(data)
        _ = metadata.signed_bytes  # what signatures go over; a fraction, say, has no canonical form
    except RepositoryError as error:
        raise TrustError("malformed_metadata", "not a TUF metadata file") from error
    return metadata


def parse(data: bytes, role: type[Role]) -> Metadata[Role]:
    """Reads one metadata file of that role; checks no signature.

    Raises:
        TrustError: `malformed_metadata`.
    """
    metadata = parse_any(data)
    if not isinstance(metadata.signed, role):
        raise TrustError("malformed_metadata", f"a metadata file is not {role.type} metadata")
    return metadata


def delegations(online_keys: Sequence[PublicKey], threshold: int) -> Delegations:
    """The one delegation: `status/*`, `genuine/*` and `audit/head`, terminating, to the role `online`."""
    role = DelegatedRole(
        names.ONLINE_ROLE,
        [key_id(key) for key in online_keys],
        threshold,
        terminating=True,
        paths=list(names.ONLINE_PATHS),
    )
    return Delegations({key_id(key): tuf_key(key) for key in online_keys}, {role.name: role})


def targets(
    files: Mapping[str, bytes], *, version: int, expires: datetime, delegated: Delegations | None = None
) -> Targets:
    """Targets metadata that vouches for these files, by length and SHA-256.

    Raises:
        TrustError: `unsafe_name`.
    """
    for name in files:
        names.check_target(name)
    infos = {name: TargetFile.from_data(name, data, ["sha256"]) for name, data in files.items()}
    return Targets(version=version, expires=utc(expires), targets=infos, delegations=delegated)


def snapshot(*, targets_version: int, online_version: int, version: int, expires: datetime) -> Snapshot:
    """Snapshot metadata: which versions belong together."""
    meta = {
        "targets.json": MetaFile(targets_version),
        f"{names.ONLINE_ROLE}.json": MetaFile(online_version),
    }
    return Snapshot(version=version, expires=utc(expires), meta=meta)


def timestamp(*, snapshot_version: int, version: int, expires: datetime) -> Timestamp:
    """Timestamp metadata: the newest snapshot."""
    return Timestamp(version=version, expires=utc(expires), snapshot_meta=MetaFile(snapshot_version))


def signed(payload: Payload, signers: Sequence[Signer]) -> bytes:
    """The metadata file of `payload`, signed by each of `signers`."""
    metadata: Metadata[Any] = Metadata(payload)
    for signer in signers:
        metadata.sign(TufSigner(signer), append=True)
    return metadata.to_bytes()


def stick_path(target: str, data: bytes) -> str:
    """Where a target lies on a stick, below `targets/`: its SHA-256 stands before its name (TUF §6.2)."""
    folder, slash, name = target.rpartition("/")
    return f"{folder}{slash}{hashlib.sha256(data).hexdigest()}.{name}"


def utc(moment: datetime) -> datetime:
    """`moment` in UTC and whole seconds, as TUF writes it.

    Raises:
        ValueError: for a naive datetime.
    """
    if moment.tzinfo is None:
        raise ValueError("a time needs its time zone")
    return moment.astimezone(UTC).replace(microsecond=0)
