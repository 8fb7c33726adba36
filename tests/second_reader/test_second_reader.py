"""The second reader, in JavaScript, written from docs/qr-profile.md alone, against this implementation."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
DOCS = HERE.parents[1] / "docs"
NODE = shutil.which("node")

sys.path.insert(0, str(HERE.parent / "profile"))
import make_vectors  # noqa: E402 (a script beside its vectors)


@pytest.fixture(autouse=True)
def _needs_node() -> None:
    if NODE is None:
        reason = "the second reader needs Node.js 20 or newer"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


def read_all(document: dict[str, Any]) -> list[dict[str, Any]]:
    """What the second reader says of every text of a document."""
    done = subprocess.run(
        [str(NODE), str(HERE / "cli.mjs")],
        input=json.dumps(document),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def compare(document: dict[str, Any]) -> None:
    """Every valid text gives its token byte for byte, every damaged one its error."""
    answers = read_all(document)
    expected = [("ok", entry["token"]) for entry in document["valid"]]
    expected += [(entry["error"], None) for entry in document["damaged"]]
    got = [(answer["result"], answer["token"]) for answer in answers]
    assert got == expected


def test_published_vectors() -> None:
    """100 of 100 rebuilt with good signatures, 100 of 100 refused with the stated error."""
    document = json.loads((DOCS / "qr-profile-vectors.json").read_bytes())
    assert len(document["valid"]) == len(document["damaged"]) == 100
    compare(document)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_fresh_vectors(seed: int) -> None:
    """The same for people and keys that nobody has seen before."""
    compare(make_vectors.document(random.Random(seed)))


def test_its_own_tests() -> None:
    """The second reader's own tests pass."""
    done = subprocess.run(
        [str(NODE), "--test", str(HERE / "test.mjs")],
        env={**os.environ, "PROFILE_DOCS": str(DOCS)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-3000:]
