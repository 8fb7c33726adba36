"""What custodians are about to sign, judged before it is shown: nothing may stand in it unseen.

A signature goes over metadata, but people read documents and keys. So the
metadata is made anew from what they are shown, and has to be the same bytes:
no file, length or hash, no delegation, path, key or threshold beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from tuf.api.metadata import Root, Targets  # type: ignore[attr-defined]

from trust import ceremony, repository
from trust.errors import TrustError

_CLOCKS_APART = timedelta(days=1)
"""By which the clock of an offline machine may be behind the ministry's."""


def check_root(root: bytes) -> None:
    """Refuses a root that says more than its version, its end, and the keys and threshold of each role.

    Raises:
        TrustError: `malformed_metadata`, `keys_overlap`, `too_few_keys`.
        DidError: for a key of an unknown kind.
    """
    found = repository.parse(root, Root)
    keys, signed = ceremony.role_keys(root), found.signed
    made = ceremony.make_root(keys, expires=signed.expires, version=signed.version)
    if repository.parse(made, Root).signed_bytes != found.signed_bytes:
        raise TrustError("malformed_metadata", "the root says what this program would not say: do not sign")


def check_trust_list(targets: bytes, files: Mapping[str, bytes], *, root: bytes, now: datetime) -> None:
    """Refuses targets metadata that is not what `ceremony.make_targets` makes of `files` under `root`.

    Raises:
        TrustError: `document_mismatch` when it vouches for, or delegates, anything else;
            `lifetime_too_long`; `signatures_missing` for a root that its own keys
            have not signed; or as `check_root` and `ceremony.make_targets`.
    """
    check_root(root)
    ceremony.check_self_signed(root)
    found = repository.parse(targets, Targets)
    made = ceremony.make_targets(
        files,
        online_keys=ceremony.role_keys(root).online,
        expires=found.signed.expires,
        version=found.signed.version,
    )
    if repository.parse(made, Targets).signed_bytes != found.signed_bytes:
        raise TrustError(
            "document_mismatch", "the signatures of this list go over something else than its documents"
        )
    if found.signed.expires > now + ceremony.TARGETS_LIFETIME + _CLOCKS_APART:
        days = ceremony.TARGETS_LIFETIME.days
        raise TrustError(
            "lifetime_too_long", f"the list would stand for more than {days} days, or this clock is behind"
        )
