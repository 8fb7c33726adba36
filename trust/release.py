"""One publication as bytes: every file by its path on a stick, judged before any gate has to.

Pure: what is written, and in which order, is `publication`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tuf.api.metadata import Root, Targets  # type: ignore[attr-defined]

from did.signer import Signer
from trust import assembly, ceremony, names, repository
from trust.errors import TrustError
from trust.lists import TOLERANCE
from trust.tuf_keys import key_id

TIMESTAMP = "metadata/timestamp.json"


@dataclass(frozen=True, slots=True)
class Release:
    """`files` have names that never mean other bytes; `timestamp` makes them the newest publication."""

    version: int
    files: Mapping[str, bytes]
    timestamp: bytes


def make_release(
    *,
    roots: Sequence[bytes],
    targets: bytes,
    files: Mapping[str, bytes],
    online: Mapping[str, bytes],
    signers: Sequence[Signer],
    version: int,
    now: datetime,
    expires: datetime,
) -> Release:
    """Checks and signs one publication; the parameters are `publication.publish`'s.

    Raises:
        TrustError: as `publication.publish`.
    """
    root = _check_roots(roots, now, expires)
    top = _check_targets(targets, roots[-1], now, expires)
    _check_files(top, files, online, now)
    online_role = (top.delegations.roles or {}).get(names.ONLINE_ROLE) if top.delegations else None
    if online_role is None:
        raise TrustError("malformed_metadata", "the targets metadata delegates nothing to the online role")
    role = repository.targets(online, version=version, expires=expires)
    snapshot = repository.snapshot(
        targets_version=top.version, online_version=version, version=version, expires=expires
    )
    timestamp = repository.timestamp(snapshot_version=version, version=version, expires=expires)
    return Release(
        version,
        {
            **{f"targets/{repository.stick_path(n, d)}": d for n, d in {**files, **online}.items()},
            **{f"metadata/{number}.root.json": data for number, data in enumerate(roots, start=1)},
            f"metadata/{top.version}.targets.json": targets,
            f"metadata/{version}.{names.ONLINE_ROLE}.json": _signed(role, online_role.keyids, signers),
            f"metadata/{version}.snapshot.json": _signed(snapshot, root.roles["snapshot"].keyids, signers),
        },
        _signed(timestamp, root.roles["timestamp"].keyids, signers),
    )


def _check_roots(roots: Sequence[bytes], now: datetime, expires: datetime) -> Root:
    ceremony.check_roots(roots)
    root = repository.parse(roots[-1], Root).signed
    if root.expires < expires:
        state = (
            "has expired" if root.is_expired(repository.utc(now)) else "expires before this publication would"
        )
        raise TrustError("root_expires", f"the root {state}: make and sign the next one")
    return root


def _check_targets(targets: bytes, root: bytes, now: datetime, expires: datetime) -> Targets:
    ceremony.check(targets, authority=root)
    top = repository.parse(targets, Targets).signed
    if top.expires < expires:
        state = (
            "has expired" if top.is_expired(repository.utc(now)) else "expires before this publication would"
        )
        raise TrustError("targets_expires", f"the trust list {state}: have the custodians sign it again")
    return top


def _check_files(
    top: Targets, files: Mapping[str, bytes], online: Mapping[str, bytes], now: datetime
) -> None:
    """Refuses what the custodians did not sign, and what a home would refuse."""
    expected = repository.targets(files, version=top.version, expires=top.expires).targets
    if expected != top.targets:
        raise TrustError("document_mismatch", "the documents are not those that the custodians signed")
    if not all(map(names.is_online, online)):
        raise TrustError(
            "unsafe_name", "the online role signs status lists, genuine lists and the audit head"
        )
    parts = assembly.assemble({**files, **online})
    if any(signed.issued_at > now.timestamp() + TOLERANCE for signed in parts.lists.values()):
        raise TrustError("clock_untrusted", "a status list was issued in the future, or this clock is behind")
    missing = [t.number for t in parts.templates.values() if t.status_uri not in parts.lists]
    if missing:
        raise TrustError("list_missing", f"the status list of template {missing[0]} is not published")


def _signed(payload: repository.Payload, keyids: Sequence[str], signers: Sequence[Signer]) -> bytes:
    able = [signer for signer in signers if key_id(signer.public_key) in keyids]
    if not able:
        raise TrustError("wrong_online_key", f"none of these keys may sign {payload.type} metadata")
    return repository.signed(payload, able)
