"""On a machine without a network the gate does everything, and nothing tries to leave the machine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from gate_browser import CHROMIUM, missing

pytestmark = [pytest.mark.namespace, pytest.mark.browser]
PROGRAM = Path(__file__).with_name("offline_day.py")


def apart(folder: Path, *words: str) -> dict[str, Any]:
    """What the program tells that is started in a network namespace of its own."""
    if os.geteuid() != 0:
        missing("a network namespace is made by root")
    for tool in ("unshare", "ip", "mount"):
        if shutil.which(tool) is None:
            missing(f"no {tool}: apt-get install iproute2 util-linux")
    if not CHROMIUM.exists():
        missing("no chromium: apt-get install chromium")
    alone = ["unshare", "--net", "--mount", "--propagation", "private"]
    if (tried := subprocess.run([*alone, "true"], check=False, capture_output=True)).returncode:
        missing(f"no network namespace can be made here: {tried.stderr.decode().strip()}")
    told = subprocess.run(
        [*alone, sys.executable, PROGRAM, folder, *words], check=False, capture_output=True, timeout=240
    )
    assert told.returncode == 0, told.stderr.decode()[-5000:]
    return dict(json.loads(told.stdout.splitlines()[-1]))


def test_a_day_without_a_network(tmp_path: Path) -> None:
    """Scans, verdicts, stick, delta, supervisor, power cut, in Chromium: not one packet beyond loopback."""
    told = apart(tmp_path)
    assert {
        "accepted",
        "not_montrey",
        "bank_card",
        "printed",
        "suspended",
        "stick",
        "delta",
        "supervisor",
        "restart",
    } <= set(told["done"])
    assert told["sent"] == 0, told["heard"]


def test_what_is_sent_is_counted(tmp_path: Path) -> None:
    """A datagram, a connection of either kind, a name that is looked up, a page: each is seen."""
    counted = apart(tmp_path, "leak")["counted"]
    assert len(counted) == 5
    assert all(counted.values()), counted
