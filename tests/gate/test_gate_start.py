"""How long a gate takes from its start until it answers; shown with -s, asserted in bench/ alone."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from gate_program import gate_program
from gate_town import Town

STARTS = 5


def test_from_start_to_ready(tmp_path: Path) -> None:
    """It comes up over a synced home, each time; the seconds from exec to the answer of /health are shown."""
    home = Town(tmp_path).home(tmp_path / "gate")
    took = []
    for _ in range(STARTS):
        began = time.perf_counter()
        with gate_program(home):
            took.append(time.perf_counter() - began)
    shown = ", ".join(f"{seconds:.2f}" for seconds in took)
    print(f"\nstart to ready: median {statistics.median(took):.2f} s of {shown}")
