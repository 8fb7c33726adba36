"""Writing a publication: the folder that is copied to sticks and served over HTTPS.

    OUT/metadata/   1.root.json … N.root.json, V.targets.json, V.online.json, V.snapshot.json, timestamp.json
    OUT/targets/    <sha256>.issuers.json …, status/<sha256>.<name>.cwt, genuine/<sha256>.<kid>,
                    audit/<sha256>.head

Every file but timestamp.json has a name of its own that never means other
bytes, so a reader in the middle of a change sees one publication or the other.
timestamp.json is written last: what kills a publisher before that leaves the
previous publication, and the same command finishes the new one.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tuf.api.metadata import Root, Targets  # type: ignore[attr-defined]

from did.signer import Signer
from trust import ceremony, disk, names, release, repository
from trust.ceremony import ExpiryWarning
from trust.errors import TrustError
from trust.home import MAX_FILE
from trust.release import TIMESTAMP
from trust.repository import MAX_METADATA

_LISTS_LOOKED_AT = 64
"""A stick that was in other hands may hold any number of files by such names."""
LIFETIME = timedelta(days=35)
"""Of snapshot, timestamp and the online role: sticks travel weekly, and four may be missed."""

_METADATA = re.compile(r"(\d{1,20})\.(root|targets|online|snapshot)\.json")
_NAMES = r"(\d{1,20}\.(root|targets|online|snapshot)\.json|[0-9a-f]{64}\.[a-z0-9._-]+)"
_OURS = re.compile(rf"{_NAMES}|\.({_NAMES}|timestamp\.json)\.new")
"""Names of files that this module may remove."""


MAX_AHEAD = 10_000
"""Publications that a restored register may lie behind a folder: decades of daily ones."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What was published: version, expiry in epoch seconds, the size of each file, what to renew soon."""

    version: int
    expires: int
    sizes: Mapping[str, int]
    warnings: tuple[ExpiryWarning, ...]


def publish(
    out: Path,
    *,
    roots: Sequence[bytes],
    targets: bytes,
    files: Mapping[str, bytes],
    online: Mapping[str, bytes],
    signers: Sequence[Signer],
    now: datetime,
    lifetime: timedelta = LIFETIME,
    previous: int = 0,
    record: Callable[[int], object] = lambda _: None,
) -> Publication:
    """Publishes to `out`, a folder that is new or holds an earlier publication.

    `roots` is the whole chain from version 1; `targets` the metadata that the
    custodians signed over `files` (the documents and `types/*`); `online` the
    online targets: `status/<name>.cwt|jwt`, `genuine/<kid>`, `audit/head`.
    `signers` are online keys. The new version is above `previous` and above
    all that stands in `out`. The publication ends after `lifetime`, or earlier
    with what the custodians signed.

    `record` is called with the version once nothing stands in the way any more,
    room on the disk included, and before a byte that is signed is in `out`;
    what it raises stops the publication.

    Raises:
        TrustError: `root_expires`, `targets_expires`, `targets_old`,
            `root_chain_broken`, `signatures_missing`, `document_mismatch`,
            `wrong_online_key`, `unsafe_name`, `list_missing`, `codes_changed`,
            `template_changed`, `clock_untrusted`, `publication_busy`, `unsafe_source`
            for a link, a pipe or a device below `out`, or what a home would
            refuse in these files.
        OSError: `out` cannot be written.
    """
    metadata = out / "metadata"
    _check_plain(out)
    metadata.mkdir(parents=True, exist_ok=True)
    with _locked(out):
        made = release.make_release(
            roots=roots,
            targets=targets,
            files=files,
            online=online,
            signers=signers,
            version=_next_version(metadata, previous),
            now=now,
            lifetime=lifetime,
        )
        _check_roots_continue(metadata, roots)
        _check_targets_continue(out, roots, targets, files)
        sizes = {name: len(data) for name, data in made.files.items()} | {TIMESTAMP: len(made.timestamp)}
        missing = {name: data for name, data in made.files.items() if not _is_there(out / name, data)}
        with disk.room(out, {name: sizes[name] for name in (*missing, TIMESTAMP)}):
            record(made.version)
            _write(out, missing)
            disk.write_atomically(out / TIMESTAMP, made.timestamp)
        _prune(out, made.files.keys())
    warnings = ceremony.expiry_warnings([roots[-1], targets], now=now)
    return Publication(made.version, int(made.expires.timestamp()), sizes, warnings)


@contextmanager
def _locked(out: Path) -> Iterator[None]:
    descriptor = os.open(out, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise TrustError("publication_busy", "another program is publishing here; try again") from error
    finally:
        os.close(descriptor)


def _check_plain(out: Path) -> None:
    """A stick that comes back from other hands must not lead writing or pruning elsewhere, nor stop it."""
    for top in (out / "metadata", out / "targets"):
        below = (Path(parent, name) for parent, folders, found in os.walk(top) for name in (*folders, *found))
        for path in (top, *below):
            if path.is_symlink() or (path.exists() and not (path.is_file() or path.is_dir())):
                raise TrustError(
                    "unsafe_source", "the folder holds a link, a pipe or a device; publish into a new one"
                )


def _next_version(metadata: Path, previous: int) -> int:
    """Above what the register knows, and above what stands there: it may be older than the folder.

    But names are not signed. One that is far ahead was not published by us, and
    would use up the numbers that gates accept.
    """
    there = (
        version for version in _versions(metadata, "online", "snapshot") if version - previous <= MAX_AHEAD
    )
    return max([previous, *there]) + 1


def _versions(metadata: Path, *roles: str) -> list[int]:
    matches = (_METADATA.fullmatch(path.name) for path in metadata.iterdir())
    return [int(match[1]) for match in matches if match and match[2] in roles]


def _check_roots_continue(metadata: Path, roots: Sequence[bytes]) -> None:
    """Gates have followed the roots that were published: each stays what it was, and none comes after them.

    But names are not signed: what the last root's custodians have not signed
    leads no gate on, and is removed with what else is left over.
    """
    paths = [metadata / f"{number}.root.json" for number in range(1, len(roots) + 2)]
    published = [disk.read(path, max_bytes=MAX_METADATA) if path.exists() else None for path in paths]
    for path, data, root in zip(paths, published, roots, strict=False):
        if data not in (None, root):
            raise TrustError("root_chain_broken", f"another root was published here before: {path}")
    if published[-1] is not None and _is_signed(published[-1], Root, roots[-1]):
        raise TrustError("root_chain_broken", f"a later root was published here: import {paths[-1]}")


def _is_signed(data: bytes, role: type[Root | Targets], root: bytes) -> bool:
    """Whether `data` is metadata of that role, signed by enough custodians of `root`."""
    try:
        ceremony.check(data, authority=root)
    except TrustError:
        return False
    return isinstance(repository.parse_any(data).signed, role)


def _check_targets_continue(
    out: Path, roots: Sequence[bytes], targets: bytes, files: Mapping[str, bytes]
) -> None:
    """Gates refuse an older trust list, and codes or templates that change their meaning."""
    published = _last_signed(out / "metadata", roots)
    if published is None:
        return
    last = repository.parse(published, Targets).signed.version
    version = repository.parse(targets, Targets).signed.version
    if version < last or (version == last and published != targets):
        raise TrustError(
            "targets_old", f"trust list {last} was published before; sign one with a higher version"
        )
    infos = repository.parse(published, Targets).signed.targets
    with suppress(KeyError, OSError):  # a damaged folder may be published over
        codes, templates = (
            disk.read(out / "targets" / infos[name].get_prefixed_paths()[0], max_bytes=MAX_FILE)
            for name in (names.CODES, names.TEMPLATES)
        )
        ceremony.check_continues(files, {names.CODES: codes, names.TEMPLATES: templates})


def _last_signed(metadata: Path, roots: Sequence[bytes]) -> bytes | None:
    """The newest trust list here that custodians of one of `roots` have signed; a name alone says nothing."""
    for number in sorted(_versions(metadata, "targets"), reverse=True)[:_LISTS_LOOKED_AT]:
        data = disk.read(metadata / f"{number}.targets.json", max_bytes=MAX_METADATA)
        if any(_is_signed(data, Targets, root) for root in roots):
            return data
    return None


def _write(out: Path, files: Mapping[str, bytes]) -> None:
    """Targets first, then metadata."""
    for top in ("targets/", "metadata/"):
        disk.write_all(out, {name: data for name, data in files.items() if name.startswith(top)})


def _is_there(path: Path, data: bytes) -> bool:
    return path.is_file() and disk.read(path, max_bytes=len(data)) == data


def _prune(out: Path, keep: Collection[str]) -> None:
    """Removes what earlier publications, or killed ones, have left."""
    for top in ("metadata", "targets"):
        for parent, _, found in os.walk(out / top):
            for name in found:
                path = Path(parent, name)
                if _OURS.fullmatch(name) and path.relative_to(out).as_posix() not in keep:
                    path.unlink()
