"""A status delta between two sticks: read from a QR code or a file, checked, and kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from did.errors import IdentityError
from revocation.delta import from_text, peek
from trust import assembly, documents, home, lists, names
from trust.errors import TrustError
from trust.floors import check_clock, epoch, local_floor
from trust.state import digest


@dataclass(frozen=True, slots=True)
class DeltaReport:
    """Which list a delta brought to which state; `changed` is False when the home was there already."""

    changed: bool
    uri: str
    sequence: int
    issued_at: int


def apply_delta(path: Path | str, data: bytes | str, *, now: datetime) -> DeltaReport:
    """Takes a delta (its bytes, or its `MS1:` text) into a home.

    It renews how old the statuses are, never how long the trust is good.

    Raises:
        TrustError: `bad_delta`, `unknown_list`, `clock_untrusted`, `no_trust`,
            `no_home`, `home_busy`, `broken_home`, or as `lists.add_delta`.
        OSError: the home cannot be written.
    """
    seconds = epoch(now)
    try:
        raw = from_text(data) if isinstance(data, str) else data
        uri = peek(raw)[0]
    except IdentityError as error:
        raise TrustError("bad_delta", str(error)) from error
    with home.locked(path):
        state, files = home.read_version(path)
        check_clock(seconds, max(state.signed_floor, local_floor(path)))
        held = assembly.held_lists(files)
        target = _target(uri, held.keys())
        keys = documents.read_issuers(files[names.ISSUERS])
        tokens, signed = lists.add_delta(target, held[target], raw, keys, now=seconds)
        changed = tokens != held[target]
        if changed:
            new_files = assembly.replace_list(files, target, tokens)
            new_state = replace(
                state,
                signed_floor=max(state.signed_floor, signed.issued_at),
                files={name: digest(content) for name, content in new_files.items()},
            )
            folder = home.stage(path)
            home.commit(path, folder, new_state, new_files)
    return DeltaReport(changed, signed.uri, signed.sequence, signed.issued_at)


def _target(uri: str, targets: Iterable[str]) -> str:
    """The held list that may have this URI; that it has it is checked with its signature."""
    name = uri.rpartition("/")[2]
    for target in targets:
        if (names.split_status(target) or ("",))[0] == name:
            return target
    raise TrustError("unknown_list", "the delta is for a list that this home does not hold")
