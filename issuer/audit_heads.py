"""The head of the audit chain as others hold it: in a publication on a stick, or in a gate's home."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from issuer.errors import IssuerError
from trust import TrustSnapshot
from trust.documents import AuditHead
from trust.sync import init_home, sync


def read(place: Path, root: bytes, *, now: datetime) -> AuditHead:
    """The head that `place` holds, a publication or a verifier's home; `root` is the ministry's first.

    Of a publication every signature is checked, as a gate does. Of a home it
    is believed what it once accepted.

    Raises:
        IssuerError: `no_audit_head`.
        TrustError: a refusal of `trust.sync.sync`, or of `TrustSnapshot.load`.
        OSError: there is no room for a temporary folder.
    """
    if (place / "metadata").is_dir():
        with TemporaryDirectory() as folder:
            home = Path(folder, "home")
            init_home(home, root)
            sync(home, place, now=now, forms=())
            head = TrustSnapshot.load(home).audit_head
    else:
        head = TrustSnapshot.load(place).audit_head
    if head is None:
        raise IssuerError("no_audit_head", "this publication is older than the audit chain: take a newer one")
    return head
