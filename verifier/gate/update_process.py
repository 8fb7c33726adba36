"""An update in a process of its own: what hangs on a stick or a server can be ended, and hinders no verdict.

A home survives that its writer is killed (`trust.home`), so ending is killing.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from verifier.gate import update_job
from verifier.gate.update_job import Job, Outcome, Progress

_PATIENCE = 0.1
"""Seconds between two looks whether to stop."""
_PARTING = 5.0
"""Seconds that a killed process may take; one that waits for a broken disk may take for ever."""
_LONGEST_LINE = 1 << 12


def run_apart(job: Job, progress: Progress, stop: Callable[[], bool], seconds: float) -> Outcome:
    """Does a job for at most that many seconds, or until `stop` says so.

    The code of what did not come to its end is `too_slow`, `cancelled` or `update_failed`.
    """
    root = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    process = subprocess.Popen(  # noqa: S603 (our own Python, -P: nothing from the folder it began in)
        [sys.executable, "-P", "-m", update_job.__name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        env={**os.environ, "PYTHONPATH": path},
    )
    try:
        return _listen(process, job, progress, (stop, time.monotonic() + seconds))
    finally:
        _end(process)


def _listen(
    process: subprocess.Popen[bytes], job: Job, progress: Progress, until: tuple[Callable[[], bool], float]
) -> Outcome:
    stdin, stdout = process.stdin, process.stdout
    assert stdin is not None  # noqa: S101 (they are pipes)
    assert stdout is not None  # noqa: S101
    stop, end = until
    try:
        stdin.write(update_job.to_line(job))
        stdin.close()
    except BrokenPipeError:
        return Outcome(code="update_failed")
    rest = b""
    while True:
        if stop():
            return Outcome(code="cancelled")
        if time.monotonic() >= end:
            return Outcome(code="too_slow")
        if not select.select([stdout], [], [], _PATIENCE)[0]:
            continue
        chunk = os.read(stdout.fileno(), _LONGEST_LINE)
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            told = json.loads(line)
            if isinstance(told, dict):
                return Outcome(**told)
            progress(*told)
        if not chunk or len(rest) > _LONGEST_LINE:
            return Outcome(code="update_failed")


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(_PATIENCE)  # it has told all that it had to tell
    except subprocess.TimeoutExpired:
        process.kill()
    with suppress(subprocess.TimeoutExpired):  # a disk that answers no more holds it; its lock goes with it
        process.wait(_PARTING)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
