"""The trust snapshot: everything a verdict needs besides the presentation, in one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from credential.codes import CodeTables
from credential.template import Template
from revocation.token import SignedList
from trust import assembly, floors, home
from trust.documents import AuditHead, GenuineList, IssuerKey, Purpose, RelyingParty


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustSnapshot:
    """Signed trust as a home last accepted it; every mapping is read-only.

    `expires` is the earliest expiry of the TUF metadata, `signed_floor` and
    `local_floor` are the two clock floors, all in epoch seconds. A list's own
    expiry stands in the list and is judged by the verifier.
    """

    keys: Mapping[str, IssuerKey]
    templates: Mapping[int, Template]
    codes: CodeTables
    purposes: Mapping[str, Purpose]
    relying_parties: Mapping[int, RelyingParty]
    lists: Mapping[str, SignedList]
    genuine: Mapping[str, GenuineList]
    audit_head: AuditHead | None = None
    expires: int
    signed_floor: int
    local_floor: int

    @classmethod
    def load(cls, path: Path | str) -> TrustSnapshot:
        """The snapshot of a home made by `init_home` and `sync`; expiry is not judged here.

        Raises:
            TrustError: `no_trust` before the first sync; `broken_home` when
                the disk does not hold what was once written.
        """
        state, files = home.read_version(path)
        parts = assembly.assemble(files)
        return cls(
            keys=parts.keys,
            templates=parts.templates,
            codes=parts.codes,
            purposes=parts.purposes,
            relying_parties=parts.relying_parties,
            lists=parts.lists,
            genuine=parts.genuine,
            audit_head=parts.audit_head,
            expires=state.expires,
            signed_floor=state.signed_floor,
            local_floor=floors.local_floor(path),
        )

    @property
    def clock_floor(self) -> int:
        """The higher of the two floors; a clock more than 60 s below it is not to be believed."""
        return max(self.signed_floor, self.local_floor)

    @property
    def expires_at(self) -> datetime:
        """`expires` as an aware datetime."""
        return datetime.fromtimestamp(self.expires, UTC)

    @property
    def status_as_of(self) -> datetime | None:
        """The `iat` of the oldest list, or None without lists: how late revocation may be."""
        times = [signed.issued_at for signed in self.lists.values()]
        return datetime.fromtimestamp(min(times), UTC) if times else None
