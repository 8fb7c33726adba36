"""The demo, run once for all tests that look at what it leaves."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from examples.demo_folder import prepare

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Played:
    """A demo that was run: its folder, its report and what it printed."""

    out: Path
    report: dict[str, Any]
    printed: str

    def scene(self, name: str) -> dict[str, Any]:
        """One scene of the report."""
        (entry,) = (entry for entry in self.report["scenes"] if entry["name"] == name)
        return dict(entry)

    def text(self, name: str) -> str:
        """What was shown in a scene."""
        return (self.out / str(self.scene(name)["file"])).read_text("ascii").removesuffix("\n")


def copied(played: Played, place: Path) -> Path:
    """The demo's folder for a test that leaves traces, without what banks have printed: it is large."""
    return Path(shutil.copytree(played.out, place, ignore=shutil.ignore_patterns("????-000[1-4]*")))


@cache
def play(base: Path) -> Played:
    """Runs the demo, once for each `base` (pytest's folder of a session).

    It runs where an earlier one was killed, and beside somebody else's register.
    """
    out = prepare(base / "examples-demo").path
    (out / "stick").mkdir()
    (out / "stick" / "left-over").write_text("from a demo that was killed")
    register = base / "at-work.sqlite"
    done = subprocess.run(
        [sys.executable, "-m", "examples.demo", "--out", str(out)],
        cwd=ROOT,
        env=os.environ | {"MONTREY_DATABASE_URL": f"sqlite:///{register}", "LC_ALL": "C"},
        capture_output=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    assert not register.exists()
    report = json.loads((out / "report.json").read_bytes())
    return Played(out, report, done.stdout.decode("utf-8"))
