"""The TUF client workflow, by python-tuf: what a source publishes, verified, or one refusal.

`metadata` is a working copy: python-tuf writes there as it goes, and an update
that fails half-way leaves it newer than what was accepted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tuf.api import exceptions
from tuf.api.metadata import Metadata, Targets  # type: ignore[attr-defined]
from tuf.api.serialization import DeserializationError
from tuf.ngclient.config import UpdaterConfig
from tuf.ngclient.updater import Updater

from trust import names, repository
from trust.errors import TrustError
from trust.home import MAX_FILE
from trust.http_source import Redirected
from trust.sources import Source, UnsafeSource
from trust.state import MAX_VERSION

MAX_TARGETS = 512
MAX_TOTAL = 1 << 26
"""Bytes of all targets together: thieves of the online keys shall not fill a disk."""
ROLES = ("root", "timestamp", "snapshot", "targets", names.ONLINE_ROLE)
Progress = Callable[[int, int], object]
"""Called with (files done, files in all)."""

_CONFIG = UpdaterConfig(
    max_delegations=2,
    root_max_length=repository.MAX_METADATA,
    timestamp_max_length=1 << 14,
    snapshot_max_length=repository.MAX_METADATA,
    targets_max_length=repository.MAX_METADATA,
)
_PROBE = "status/-"
"""No target has this name; asking for it makes python-tuf load the online role."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A verified publication: its files by target name, its roles' versions, its earliest expiry.

    `rotated` says that custodians have withdrawn an online key since the last one.
    """

    files: Mapping[str, bytes]
    versions: Mapping[str, int]
    expires: int
    rotated: bool


def fetch(
    metadata: Path,
    source: Path | str,
    *,
    root: bytes,
    now: datetime,
    wanted: Callable[[str], bool],
    progress: Progress | None = None,
) -> Fetched:
    """Fetches the documents and the `wanted` online targets that `source` publishes.

    Raises:
        TrustError: `no_publication`, `torn`, `tampered`, `mixed`, `rollback`,
            `expired`, `bad_signature`, `oversize`, `unsafe_source`, `unsafe_name`,
            `missing_document`, `malformed_metadata`, `redirected`, `source_unreadable`.
        OSError: the working copy cannot be written.
    """
    fetcher = Source(source)
    before = _online_keys(metadata)
    with _refusals(fetcher):
        updater = Updater(
            str(metadata),
            f"{fetcher.base}metadata/",
            target_base_url=f"{fetcher.base}targets/",
            fetcher=fetcher,
            config=_CONFIG,
            bootstrap=root,
        )
        # python-tuf reads the clock itself and has no parameter for it; the time
        # of judging is one for the whole sync, so it is set where python-tuf keeps it.
        updater._trusted_set.reference_time = repository.utc(now)
        updater.refresh()
        updater.get_targetinfo(_PROBE)
        roles = {role: _accepted(metadata, role) for role in ROLES}
        targets = [*names.DOCUMENTS, *filter(wanted, _online_targets(roles))]
        files = _download(updater, fetcher, targets, metadata.with_name("incoming"), progress)
    versions = {role: accepted.signed.version for role, accepted in roles.items()}
    if any(version > MAX_VERSION for version in versions.values()):
        raise TrustError("malformed_metadata", "a version number is out of range")
    expires = min(int(accepted.signed.expires.timestamp()) for accepted in roles.values())
    if expires <= now.timestamp():
        raise TrustError("expired", "the publication has expired")
    return Fetched(files, versions, expires, rotated=not before <= _online_keys(metadata))


def _accepted(metadata: Path, role: str) -> Metadata[Any]:
    """The metadata of a role as python-tuf has just accepted and stored it."""
    return repository.parse_any((metadata / f"{role}.json").read_bytes())


def _online_keys(metadata: Path) -> frozenset[str]:
    """The ids of the keys that may sign the online role; none before the first sync."""
    if not (metadata / "targets.json").exists():
        return frozenset()
    delegations = _accepted(metadata, "targets").signed.delegations
    role = (delegations.roles or {}).get(names.ONLINE_ROLE) if delegations else None
    return frozenset(role.keyids if role else ())


def _online_targets(roles: Mapping[str, Metadata[Any]]) -> list[str]:
    online = roles[names.ONLINE_ROLE].signed
    if not isinstance(online, Targets) or len(online.targets) > MAX_TARGETS:
        raise TrustError("malformed_metadata", "the online role signs more than it may")
    for name in online.targets:
        names.check_target(name)
    return sorted(online.targets)


def _download(
    updater: Updater, source: Source, targets: list[str], incoming: Path, progress: Progress | None
) -> dict[str, bytes]:
    """Every target through python-tuf, which finds out who may sign it and checks its length and hash."""
    files: dict[str, bytes] = {}
    total = 0
    for done, name in enumerate(targets):
        info = updater.get_targetinfo(name)
        if info is None:
            if name in names.DOCUMENTS:
                raise TrustError("missing_document", f"{name} is missing")
            continue  # listed by a role to which this name is not delegated
        total += info.length
        if info.length > MAX_FILE or total > MAX_TOTAL:
            raise TrustError("oversize", f"{name} is larger than allowed")
        try:
            files[name] = Path(updater.download_target(info, str(incoming))).read_bytes()
        except exceptions.LengthOrHashMismatchError as error:
            torn = source.received < info.length
            raise TrustError("torn" if torn else "tampered", f"{name} is not what was signed") from error
        if progress:
            progress(done + 1, len(targets))
    incoming.unlink(missing_ok=True)
    return files


@contextmanager
def _refusals(source: Source) -> Iterator[None]:
    """Turns what python-tuf raises into one code each, with what a person should do about it."""
    try:
        yield
    except UnsafeSource as error:
        raise TrustError("unsafe_source", str(error)) from error
    except (exceptions.DownloadError, exceptions.RepositoryError) as error:
        at_timestamp = source.asked.endswith("timestamp.json")
        for kind, early, late in _CODES:
            if isinstance(error, kind):
                code = early if at_timestamp else late
                raise TrustError(code, _MESSAGES[code]) from error
        raise


_CODES = (
    # What python-tuf raised, what it means of timestamp.json, and of any later file.
    (exceptions.DownloadHTTPError, "no_publication", "torn"),
    (exceptions.DownloadLengthMismatchError, "oversize", "oversize"),
    (Redirected, "redirected", "redirected"),
    (exceptions.DownloadError, "source_unreadable", "source_unreadable"),
    (exceptions.ExpiredMetadataError, "expired", "expired"),
    (exceptions.BadVersionNumberError, "rollback", "mixed"),
    (exceptions.UnsignedMetadataError, "bad_signature", "bad_signature"),
    (DeserializationError, "torn", "torn"),
    (exceptions.RepositoryError, "malformed_metadata", "malformed_metadata"),
)
_MESSAGES = {
    "no_publication": "there is no publication here",
    "torn": "the copy is damaged or incomplete; copy the publication again",
    "oversize": "a file is longer than what was signed",
    "redirected": "the server sends elsewhere; give the address where the publication is",
    "source_unreadable": "the source cannot be read or reached",
    "expired": "the publication has expired; fetch a newer one",
    "rollback": "the publication is older than what this machine has",
    "mixed": "the files of this publication do not belong together",
    "bad_signature": "the publication is not signed by the keys it should be",
    "malformed_metadata": "the publication's metadata is not acceptable",
}
