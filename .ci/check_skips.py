"""Fails when a test was skipped: where everything is installed, every test runs."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

REASONED = ("no algorithm of this project",)
"""What a skip may say here: things that are left out on purpose."""
MARKED = re.compile(r"pytest\.mark\.(browser|namespace|node)\b")
"""What needs a machine's own programs: no skip there has a reason, and nothing there may be missing."""
ROOT = Path(__file__).parents[1]


def main(report: str) -> int:
    """Names every skipped test of a JUnit report, and every marked file that ran no test."""
    cases = list(ET.fromstring(Path(report).read_bytes()).iter("testcase"))  # noqa: S314 (our own file)
    marked = {f"tests.{'.'.join(path.parts)}" for path in marked_files()}
    wrong = []
    for case in cases:
        skip, module = case.find("skipped"), str(case.get("classname"))
        reason = "" if skip is None else str(skip.get("message"))
        if skip is not None and (module in marked or not any(known in reason for known in REASONED)):
            wrong.append(f"skipped: {module}::{case.get('name')}: {reason}")
    wrong += [
        f"no test ran: {module}" for module in sorted(marked - {case.get("classname") for case in cases})
    ]
    print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong or not cases else 0


def marked_files() -> list[Path]:
    """The test files, without their ending, that have one of the marks."""
    tests = ROOT / "tests"
    found = (path for path in tests.rglob("test_*.py") if MARKED.search(path.read_text("utf-8")))
    return [path.relative_to(tests).with_suffix("") for path in found]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
