"""Whom to believe, and as of when: signed trust documents, carried by TUF, kept in a home.

`trust.sync`, `trust.ceremony` and `trust.publication` import python-tuf and
are imported by name; judging needs nothing but this.
"""

from trust.documents import GenuineList, IssuerKey, KeyKind, Purpose, RelyingParty
from trust.errors import TrustError
from trust.floors import touch_clock
from trust.snapshot import TrustSnapshot

__all__ = [
    "GenuineList",
    "IssuerKey",
    "KeyKind",
    "Purpose",
    "RelyingParty",
    "TrustError",
    "TrustSnapshot",
    "touch_clock",
]
