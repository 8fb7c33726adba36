"""The commands that keep a home: `init`, `sync`, `clock`."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from trust import TrustSnapshot
from verifier.cli_program import UsageError
from verifier.cli_wording import say
from verifier.report import rfc3339

MAX_ROOT = 1 << 20
MAX_DELTA = 1 << 24
"""Bytes read of a root's and of a delta's file."""


def init(options: Namespace, _clock: Callable[[], datetime]) -> int:
    """`init --root ROOT.json`: a home that believes in one ministry's root."""
    from trust.sync import init_home  # noqa: PLC0415 (python-tuf: judging does not need it)

    root = _read(options.root, option="--root", max_bytes=MAX_ROOT)
    options.home.mkdir(parents=True, exist_ok=True)
    init_home(options.home, root, options.fingerprint)
    print(say(options.lang, "ready"))
    return 0


def update(options: Namespace, clock: Callable[[], datetime]) -> int:
    """`sync SOURCE`: newer trust from a stick, a web server, or a delta."""
    from trust.sync import apply_delta, sync  # noqa: PLC0415 (python-tuf: judging does not need it)

    source = options.source
    if source.startswith("MS1:"):
        changed = apply_delta(options.home, source, now=clock()).changed
    elif "://" in source or _is(Path.is_dir, source):
        changed = sync(options.home, source, now=clock()).changed
    elif _is(Path.is_file, source):
        changed = apply_delta(options.home, _read_delta(Path(source)), now=clock()).changed
    else:
        raise UsageError("no_source")
    trust = TrustSnapshot.load(options.home)
    entry = {
        "changed": changed,
        "trust_expires": rfc3339(trust.expires_at),
        "status_as_of": None if trust.status_as_of is None else rfc3339(trust.status_as_of),
    }
    print(json.dumps(entry) if options.json else say(options.lang, "synced", **entry))
    return 0


def clock_floors(options: Namespace, _clock: Callable[[], datetime]) -> int:
    """`clock`: the two floors; with `--lower` the local one is lowered to the signed one first."""
    from trust.floors import lower_clock  # noqa: PLC0415

    if options.lower:
        lower_clock(options.home)
    trust = TrustSnapshot.load(options.home)
    for phrase, floor in (("signed_floor", trust.signed_floor), ("local_floor", trust.local_floor)):
        print(say(options.lang, phrase, time=rfc3339(datetime.fromtimestamp(floor, UTC))))
    return 0


def _is(kind: Callable[[Path], bool], source: str) -> bool:
    """Whether `source` is a path of this kind; what is too long for a path is none."""
    try:
        return kind(Path(source))
    except OSError:
        return False


def _read(path: Path, *, option: str, max_bytes: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(max_bytes)
    except OSError as error:
        raise UsageError("unreadable", option=option, reason=error.strerror) from error


def _read_delta(path: Path) -> bytes | str:
    """A delta's file holds either its bytes or its text."""
    data = _read(path, option="SOURCE", max_bytes=MAX_DELTA)
    if data.startswith(b"MS1:"):
        return data.decode("ascii", errors="replace").rstrip("\r\n")
    return data
