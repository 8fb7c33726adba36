"""One publication as bytes: every file by its path on a stick, judged before any gate has to.

Pure: what is written, and in which order, is `publication`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tuf.api.metadata import Root, Targets  # type: ignore[attr-defined]

from did.signer import Signer
from trust import assembly, ceremony, names, repository
from trust.errors import TrustError
from trust.lists import TOLERANCE
from trust.tuf_keys import key_id

TIMESTAMP = "metadata/timestamp.json"
USEFUL = timedelta(days=1)
"""A publication that would end sooner reaches no gate in time: custodians have to sign first."""


@dataclass(frozen=True, slots=True)
class Release:
    """`files` have names that never mean other bytes; `timestamp` makes them the newest publication."""

    version: int
    expires: datetime
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
    lifetime: timedelta,
) -> Release:
    """Checks and signs one publication; the parameters are `publication.publish`'s.

    Raises:
        TrustError: as `publication.publish`.
    """
    expires = end_of(roots, targets, now=now, lifetime=lifetime)
    root, top = repository.parse(roots[-1], Root).signed, repository.parse(targets, Targets).signed
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
        expires,
        {
            **{f"targets/{repository.stick_path(n, d)}": d for n, d in {**files, **online}.items()},
            **{f"metadata/{number}.root.json": data for number, data in enumerate(roots, start=1)},
            f"metadata/{top.version}.targets.json": targets,
            f"metadata/{version}.{names.ONLINE_ROLE}.json": _signed(role, online_role.keyids, signers),
            f"metadata/{version}.snapshot.json": _signed(snapshot, root.roles["snapshot"].keyids, signers),
        },
        _signed(timestamp, root.roles["timestamp"].keyids, signers),
    )


def end_of(roots: Sequence[bytes], targets: bytes, *, now: datetime, lifetime: timedelta) -> datetime:
    """When a publication made now ends: after `lifetime`, or before what custodians signed ends.

    Raises:
        TrustError: `root_chain_broken`, `signatures_missing`, `malformed_metadata`;
            `root_expires`, `targets_expires` when less than `USEFUL` is left.
    """
    ceremony.check_roots(roots)
    ceremony.check(targets, authority=roots[-1])
    begin = repository.utc(now)
    root, top = repository.parse(roots[-1], Root).signed, repository.parse(targets, Targets).signed
    if root.expires < begin + USEFUL:
        raise TrustError("root_expires", "the root has a day left or none: make and sign the next one")
    if top.expires < begin + USEFUL:
        raise TrustError(
            "targets_expires", "the trust list has a day left or none: have the custodians sign it again"
        )
    return min(begin + lifetime, root.expires, top.expires)


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
