"""Bringing a home up to date: all of a publication, or none of it."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from revocation.token import SignedList
from trust import assembly, ceremony, documents, home, lists, names, tuf_client
from trust.assembly import Parts
from trust.deltas import DeltaReport, apply_delta
from trust.errors import TrustError
from trust.floors import check_clock, epoch, local_floor, touch_clock
from trust.issuer_keys import KeyKind
from trust.lists import HeldList
from trust.state import State, digest
from trust.tuf_client import Fetched, Progress

__all__ = ["DeltaReport", "SyncReport", "apply_delta", "init_home", "sync"]

_NOTHING: tuple[State, Mapping[str, bytes]] = (
    State(versions={}, expires=0, signed_floor=0, templates={}, files={}),
    {},
)


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did. `kept` names the lists (URIs) of which the home already knew more."""

    changed: bool
    versions: Mapping[str, int]
    expires: int
    signed_floor: int
    kept: tuple[str, ...]


def init_home(path: Path | str, root: bytes, fingerprint: str | None = None, *, again: bool = False) -> str:
    """Makes a home that believes in this root, or finds that it is one already. Returns the fingerprint.

    `fingerprint` is the SHA-256 of the root file in hex, spaces, colons and
    case ignored; without it the root is believed as it came. With
    `again` the home is made anew: what it knew is thrown away, its floors included.

    Raises:
        TrustError: `malformed_metadata`, `signatures_missing`, `root_mismatch`, `home_exists`, `home_busy`.
    """
    found = ceremony.fingerprint(root)
    if fingerprint is not None and "".join(fingerprint.split()).replace(":", "").lower() != found:
        raise TrustError("root_mismatch", "this is not the root with that fingerprint")
    ceremony.check_self_signed(root)
    if again:
        home.forget(path)
    home.create(path, root)
    return found


def sync(
    path: Path | str,
    source: Path | str,
    *,
    now: datetime,
    forms: Collection[str] = names.FORMS,
    progress: Progress | None = None,
) -> SyncReport:
    """Accepts what `source` publishes, a folder or an http(s) URL, if all of it is acceptable.

    `forms` says which status lists to fetch: `cwt` (seal and live), `jwt`
    (SD-JWT VC); a gate needs only `cwt`. Whatever is refused, the home keeps
    what it had, and a good publication is accepted afterwards.

    Raises:
        TrustError: `clock_untrusted`, `no_home`, `home_busy`, `broken_home`, or
            a refusal: see `tuf_client.fetch`, `assembly` and `lists`.
        OSError: the home cannot be written.
    """
    seconds = epoch(now)
    with home.locked(path):
        state, files = home.read_version(path) if home.current_version(path) else _NOTHING
        check_clock(seconds, max(state.signed_floor, local_floor(path)))
        folder = home.stage(path)
        try:
            fetched = tuf_client.fetch(
                folder / "metadata",
                source,
                root=home.pinned_root(path),
                now=now,
                wanted=lambda name: _is_wanted(name, forms),
                progress=progress,
            )
            new_state, new_files, kept = _accept(fetched, state, files, seconds)
            changed = new_state != state
            if changed:
                home.commit(path, folder, new_state, new_files)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        if not changed:
            shutil.rmtree(folder)
        touch_clock(path, now)
    return SyncReport(changed, new_state.versions, new_state.expires, new_state.signed_floor, kept)


def _is_wanted(name: str, forms: Collection[str]) -> bool:
    split = names.split_status(name)
    return names.is_online(name) and (split is None or split[1] in forms)


def _accept(
    fetched: Fetched, state: State, files: Mapping[str, bytes], now: int
) -> tuple[State, dict[str, bytes], tuple[str, ...]]:
    """The next version's state and files, or the refusal of what would contradict the last one."""
    new_files = {name: data for name, data in fetched.files.items() if not names.split_status(name)}
    parts = assembly.assemble(new_files)
    if files:
        assembly.check_codes(parts.codes, documents.read_codes(files[names.CODES]))
    templates = assembly.remember_templates(parts.templates, state.templates)
    # Of a key that is not believed yet, no list is kept until it is.
    genuine = {f"genuine/{kid}" for kid, key in parts.keys.items() if key.kind is KeyKind.SEAL}
    new_files = {n: data for n, data in new_files.items() if n in genuine or not n.startswith("genuine/")}
    if not fetched.rotated:
        # An online key cannot take back that a seal key was stolen; custodians
        # can, who withdraw the online key that may have said so.
        new_files = {n: data for n, data in files.items() if n in genuine} | new_files
    held, newest, kept = _merge_lists(fetched, files, parts, now)
    new_files |= assembly.files_of(held)
    assembly.assemble(new_files)  # exactly what loading will do
    new_state = State(
        versions=fetched.versions,
        expires=fetched.expires,
        signed_floor=max([state.signed_floor, *(signed.issued_at for signed in newest)]),
        templates=templates,
        files={name: digest(data) for name, data in new_files.items()},
    )
    return new_state, new_files, kept


def _merge_lists(
    fetched: Fetched, files: Mapping[str, bytes], parts: Parts, now: int
) -> tuple[dict[str, HeldList], list[SignedList], tuple[str, ...]]:
    """What to hold of every list, the newest state of each, and the URIs of those published too old.

    A list that is no longer published stays as long as custodians vouch for it:
    a stolen online key could otherwise drop it, and then publish an older one.
    """
    keys = parts.keys
    merged: dict[str, HeldList] = {}
    newest: list[SignedList] = []
    kept = []
    held = assembly.held_lists(files)
    for target, data in fetched.files.items():
        if names.split_status(target):
            merged[target], signed = lists.merge(target, data, held.pop(target, None), keys, now=now)
            newest.append(signed)
            if merged[target].full != data:
                kept.append(signed.uri)
    for target, tokens in held.items():
        rest = lists.still_signed(target, tokens, keys)
        if rest is not None and _is_vouched_for(signed := lists.newest(target, rest, keys), parts, now):
            newest.append(signed)
            merged[target] = rest
    return merged, newest, tuple(kept)


def _is_vouched_for(signed: SignedList, parts: Parts, now: int) -> bool:
    """Whether custodians still name what a list is for: a template that points into it, or its SD-JWT key."""
    key = parts.keys[signed.kid]
    if key.kind is KeyKind.SD_JWT:
        return now < key.not_after
    return any(template.status_uri == signed.uri for template in parts.templates.values())
