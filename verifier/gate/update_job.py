"""One update of a home, from its parts to one outcome: what a stick, a server or a code brought.

Here, or in a process of its own (`update_process`), which reads a job on its
standard input and writes a line for each step and one for the outcome.
"""

from __future__ import annotations

import errno
import json
import socket
import ssl
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from did.errors import IdentityError
from revocation.delta import MAX_BYTES, PREFIX
from trust import TrustError, TrustSnapshot, disk
from trust.deltas import apply_delta

Progress = Callable[[int, int], object]
_OURS_IS_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG}
_NO_NETWORK = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL}
_HARMLESS = {"rollback", "delta_old", "delta_expired", "unknown_list"}
"""What says nothing against the rest: last week's file beside this week's, a list that banks need."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be taken over: a publication on a stick or at an address, and deltas.

    A delta is a file, its bytes, or its text.
    """

    home: Path
    now: datetime
    stick: Path | None = None
    url: str = ""
    deltas: tuple[Path | bytes | str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it; `code` is "" when all is well, `expires` and `as_of` are epoch seconds if known."""

    changed: bool = False
    code: str = ""
    expires: int | None = None
    as_of: int | None = None


def run(job: Job, progress: Progress) -> Outcome:
    """Takes over what a job brings; never raises for what was brought, nor for a disk."""
    results = list(_parts(job, progress))
    changed = any(changed for changed, _ in results)
    codes = [code for _, code in results]
    fine = changed or "" in codes
    refusals = [code for code in codes if code and not (fine and code in _HARMLESS)]
    expires = as_of = None
    try:
        trust = TrustSnapshot.load(job.home)
        expires = trust.expires
        as_of = None if trust.status_as_of is None else int(trust.status_as_of.timestamp())
    except IdentityError as error:
        refusals.append(error.code)
    return Outcome(changed, refusals[0] if refusals else "", expires, as_of)


def _parts(job: Job, progress: Progress) -> Iterator[tuple[bool, str]]:
    """Of every part, whether it changed the home, and why it was refused."""
    if job.stick is not None:
        stick = job.stick
        there = _has_timestamp(stick)
        yield _taken(lambda: _publication(job, stick, progress), lambda code: _of_stick(code, stick, there))
    elif job.url:
        yield _taken(lambda: _publication(job, job.url, progress))
    for delta in job.deltas:
        yield _taken(lambda delta=delta: apply_delta(job.home, _read(delta), now=job.now).changed)  # type: ignore[misc]


def _publication(job: Job, source: Path | str, progress: Progress) -> bool:
    from trust.sync import sync  # noqa: PLC0415 (python-tuf: no need of a delta's)

    return sync(job.home, source, now=job.now, forms=("cwt",), progress=progress).changed


class _StickGone(Exception):
    """A file on a stick cannot be read (any more)."""


def _taken(take: Callable[[], bool], of_source: Callable[[str], str] | None = None) -> tuple[bool, str]:
    try:
        return take(), ""
    except TrustError as error:
        return False, of_source(error.code) if of_source else _of_server(error)
    except IdentityError as error:
        return False, error.code
    except _StickGone:
        return False, "stick_gone"
    except OSError as error:  # whatever cannot be read is a TrustError: this is the home's own disk
        return False, "disk_full" if error.errno in _OURS_IS_FULL else "home_unwritable"


def _of_stick(code: str, stick: Path, there: bool) -> str:
    """The code of a refusal, unless the stick is not there any more."""
    if code == "source_unreadable":
        return "stick_gone"
    if code in {"torn", "no_publication", "unsafe_source"}:
        return "stick_gone" if (there and not _has_timestamp(stick)) or not _is_folder(stick) else code
    return code


def _of_server(error: TrustError) -> str:
    """The code of a refusal, or what lies behind it: no network, or a stranger."""
    if error.code != "source_unreadable":
        return error.code
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "bad_certificate"
        if isinstance(cause, socket.gaierror) or (isinstance(cause, OSError) and cause.errno in _NO_NETWORK):
            return "no_network"
    return error.code


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: list[BaseException] = [error]
    for one in seen:  # grows
        yield one
        for cause in (one.__cause__, one.__context__, getattr(one, "reason", None)):
            if isinstance(cause, BaseException) and cause not in seen:
                seen.append(cause)


def _has_timestamp(stick: Path) -> bool:
    try:
        return (stick / "metadata" / "timestamp.json").is_file()
    except OSError:
        return False


def _is_folder(stick: Path) -> bool:
    try:
        return stick.is_dir()
    except OSError:
        return False


def _read(delta: Path | bytes | str) -> bytes | str:
    if not isinstance(delta, Path):
        return delta
    try:
        data = disk.read(delta, max_bytes=MAX_BYTES)
    except OSError as error:
        raise _StickGone from error
    return data.decode("ascii", errors="replace") if data.startswith(PREFIX.encode()) else data


def to_line(job: Job) -> bytes:
    """A job as a line of JSON; its deltas are files."""
    document = {
        "home": str(job.home),
        "now": job.now.isoformat(),
        "stick": None if job.stick is None else str(job.stick),
        "url": job.url,
        "deltas": [str(delta) for delta in job.deltas],
    }
    return json.dumps(document).encode("ascii") + b"\n"


def from_line(line: bytes) -> Job:
    """The job that `to_line` wrote."""
    document: Mapping[str, Any] = json.loads(line)
    return Job(
        Path(document["home"]),
        datetime.fromisoformat(document["now"]),
        None if document["stick"] is None else Path(document["stick"]),
        document["url"],
        tuple(Path(delta) for delta in document["deltas"]),
    )


def main() -> None:
    """Does the job that standard input names."""

    def say(document: object) -> None:
        sys.stdout.buffer.write(json.dumps(document).encode("ascii") + b"\n")
        sys.stdout.buffer.flush()

    job = from_line(sys.stdin.buffer.readline())
    say(asdict(run(job, lambda done, whole: say([done, whole]))))


if __name__ == "__main__":
    main()
