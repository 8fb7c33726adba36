"""The head of the audit chain as others hold it: in a publication on a stick, or in a gate's home."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from issuer.errors import IssuerError
from trust import TrustSnapshot, disk, repository
from trust import home as trust_home
from trust.documents import AuditHead
from trust.repository import MAX_METADATA
from trust.sync import init_home, sync


def read(place: Path, roots: Sequence[bytes], *, now: datetime) -> AuditHead:
    """The head that `place` holds, a publication or a verifier's home; `roots` are the ministry's so far.

    Of a publication every signature is checked, as a gate does. Of a home it
    is believed what it once accepted.

    Raises:
        IssuerError: `no_audit_head`, `other_trust`.
        TrustError: a refusal of `trust.sync.sync`, or of `TrustSnapshot.load`.
        OSError: there is no room for a temporary folder.
    """
    if (metadata := place / "metadata").is_dir():
        with suppress(FileNotFoundError):  # then the signatures alone tell
            _check_root(disk.read(metadata / "1.root.json", max_bytes=MAX_METADATA), roots)
        with TemporaryDirectory() as folder:
            home = Path(folder, "home")
            init_home(home, roots[0])
            sync(home, place, now=now, forms=())
            head = TrustSnapshot.load(home).audit_head
    else:
        _check_root(trust_home.pinned_root(place), roots)
        head = TrustSnapshot.load(place).audit_head
    if head is None:
        raise IssuerError("no_audit_head", "this publication is older than the audit chain: take a newer one")
    return head


def _check_root(root: bytes, roots: Sequence[bytes]) -> None:
    """Refuses a root that stands where the ministry has another; one after its last is not known here."""
    version = repository.parse_any(root).signed.version
    if version <= len(roots) and root != roots[version - 1]:
        raise IssuerError(
            "other_trust", "this is the trust of another ministry, or of another home: it has another root"
        )
