"""The memory of a large batch is that of a small one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def test_memory(tmp_path: Path) -> None:
    """48 MB of photos are sealed, and opened into a folder, within a few megabytes."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT, HERE, HERE.parent)))}
    done = subprocess.run(
        [sys.executable, str(HERE / "batch_size.py"), "48", "1000", str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    shutil.rmtree(tmp_path / "opened")
    (tmp_path / "large.mbatch").unlink()
    assert found["bytes"] > 48_000_000
    assert found["sealing_memory"] < 16 << 20
    assert found["opening_memory"] < 20 << 20
