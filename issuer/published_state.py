"""What gates know: the newest that was published, as a stick or a gate's home holds it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from issuer import trust_files
from issuer.custody import TrustList
from issuer.home import Home
from revocation.token import SignedList
from trust import TrustSnapshot, disk, repository
from trust import home as trust_home
from trust.documents import AuditHead
from trust.repository import MAX_METADATA
from trust.sync import init_home, sync


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A publication that was accepted: its version, its lists by URI, its templates' highest number.

    `roots` and `trust_list` are what custodians signed, where a publication was read; not of a gate's home.
    """

    version: int
    lists: Mapping[str, SignedList]
    template: int
    head: AuditHead | None
    roots: tuple[bytes, ...] = ()
    trust_list: TrustList | None = None


def read(place: Path, root: bytes, *, now: datetime) -> Published:
    """Reads a publication, every signature checked as a gate does, or believes what a gate's home holds.

    `root` is the ministry's first.

    Raises:
        TrustError: a refusal of `trust.sync.sync`, or of `TrustSnapshot.load`.
        OSError: it cannot be read, or there is no room for a temporary folder.
    """
    if not (place / "metadata").is_dir():
        return _of_home(place)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        init_home(home, root)
        versions = sync(home, place, now=now).versions
        found = _of_home(home)
        _, files = trust_home.read_version(home)
        metadata = place / "metadata"
        roots = tuple(
            disk.read(metadata / f"{number}.root.json", max_bytes=MAX_METADATA)
            for number in range(1, versions["root"] + 1)
        )
        targets = disk.read(metadata / f"{versions['targets']}.targets.json", max_bytes=MAX_METADATA)
        signed = repository.parse_any(targets).signed.targets
        documents = {name: data for name, data in files.items() if name in signed}
        return Published(
            version=found.version,
            lists=found.lists,
            template=found.template,
            head=found.head,
            roots=roots,
            trust_list=TrustList(roots[-1], targets, documents),
        )


def take_trust(home: Home, published: Published, *, now: datetime) -> None:
    """Gives a home the roots and the trust list that were published, where its own are older.

    Raises:
        IssuerError: `other_root`.
        TrustError: as `trust_files.add_root`, `trust_files.write_trust_list`.
    """
    for root in published.roots[len(trust_files.read_roots(home)) :]:
        trust_files.add_root(home, root)
    theirs, own = published.trust_list, trust_files.read_trust_list(home)
    if theirs is not None and (own is None or trust_files.version_of(theirs) > trust_files.version_of(own)):
        trust_files.write_trust_list(home, theirs, now=now)


def _of_home(place: Path) -> Published:
    snapshot, (state, _) = TrustSnapshot.load(place), trust_home.read_version(place)
    return Published(
        version=max(version for role, version in state.versions.items() if role not in ("root", "targets")),
        lists=snapshot.lists,
        template=max(snapshot.templates, default=0),
        head=snapshot.audit_head,
    )
