"""The judges: other people's implementations, each in an environment of its own, asked over JSON.

`make judges` installs them: `.judges/` from requirements/judges.txt, and
tests/judges/npm/node_modules. Where one is missing its tests are skipped with
that reason; where the environment variable CI is set they fail.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(__file__).parents[1]
_HERE = _ROOT / "tests" / "judges"
_PYTHON = Path(os.environ.get("MONTREY_JUDGES") or _ROOT / ".judges") / "bin" / "python"
_NODE = shutil.which("node")


def ask_python(task: str, **question: Any) -> Any:
    """What the judge under `.judges/` answers: its result, or {"error": text}."""
    if not _PYTHON.exists():
        _missing("no judges: python3 -m venv .judges; .judges/bin/pip install -r requirements/judges.txt")
    return _ask([str(_PYTHON), "-I", str(_HERE / "python" / "judge.py")], task, question)


def ask_node(task: str, **question: Any) -> Any:
    """What the judge under Node.js answers: its result, or {"error": text}."""
    if _NODE is None or not (_HERE / "npm" / "node_modules").is_dir():
        _missing("no judges: npm ci --prefix tests/judges/npm, with Node.js 20 or newer")
    return _ask([str(_NODE), "--no-warnings", str(_HERE / "npm" / "judge.mjs")], task, question)


def _ask(command: list[str], task: str, question: dict[str, Any]) -> Any:
    done = subprocess.run(
        command,
        input=json.dumps({"task": task, **question}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _missing(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
