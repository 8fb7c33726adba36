"""The README's transcript, typed as it stands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
EXPECTED_EXITS = {"[replayed]": 10, "[suspended]": 10}


def steps() -> list[tuple[str, list[str]]]:
    """Each command behind a `$`, with the lines shown below it; what needs make is left out."""
    found: list[tuple[str, list[str]]] = []
    for line in "".join(BLOCKS).splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return [(command, lines) for command, lines in found if not command.startswith("make ")]


def serve(command: str, out: str) -> str:
    """The command that runs until it is ended: on a free port, without a browser, ended once it is ready."""
    started = f"{command.replace('--open', '--port 0')} > {out} 2>&1 & gate=$!"
    ready = f"until grep -q Ctrl-C {out}; do kill -0 $gate; sleep 0.1; done"
    return f"{started}\n{ready}\nkill -TERM $gate; wait $gate"


def test_transcript(tmp_path: Path) -> None:
    """Every command does what the README says, and prints what it shows."""
    shell = ["set -e"]
    for number, (command, lines) in enumerate(steps()):
        exit_code = next((code for mark, code in EXPECTED_EXITS.items() if mark in "".join(lines)), 0)
        if command.startswith("export ") or "=$(" in command:
            shell.append(command)
        elif command.endswith(" gate --open"):
            shell.append(serve(command, f"out-{number}"))
        elif exit_code:
            shell.append(f"code=0; {command} > out-{number} 2>&1 || code=$?; test $code = {exit_code}")
        else:
            shell.append(f"{command} > out-{number} 2>&1" if ">" not in command else command)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    script = "\n".join(shell)
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    for number, (command, lines) in enumerate(steps()):
        for line in lines:
            shown = (tmp_path / f"out-{number}").read_text(encoding="utf-8")
            assert line.split("...")[0] in shown, (command, line)


def test_python_snippet_compiles() -> None:
    """The snippet is Python, and imports what exists."""
    (snippet,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    compile(snippet, "README.md", "exec")
    imports = "\n".join(line for line in snippet.splitlines() if line.startswith("from "))
    exec(imports, {})  # noqa: S102 (our own README)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_links(link: str) -> None:
    """Every file the README points to exists."""
    assert (Path(__file__).parents[2] / link).exists()
