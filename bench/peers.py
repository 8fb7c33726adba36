"""Other people's libraries, each over its own raw signature operations, in the judges' environment."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path

from bench.measure import Effort, Figure

ROOT = Path(__file__).parents[1]
HOW = "make judges"


def judges() -> Path:
    """The folder of the judges' environment, there or not."""
    return Path(os.environ.get("MONTREY_JUDGES") or ROOT / ".judges")


def figures(effort: Effort) -> Iterator[Figure]:
    """What `bench.judged` measures of itself; one line that says how, where there are no judges."""
    python = judges() / "bin" / "python"
    if not python.exists():
        yield Figure(subject="peers", micros=0, note=f"not measured: {HOW}")
        return
    command = [str(python), "-m", "bench.judged", json.dumps(astuple(effort))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        yield Figure(subject="peers", micros=0, note=f"failed: {done.stderr.strip().splitlines()[-1]}")
        return
    for entry in json.loads(done.stdout):
        yield Figure(**entry)
