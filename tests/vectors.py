"""Where the official test vectors stand; none is copied into the repository."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

_FOLDER = Path(os.environ.get("MONTREY_VECTORS") or Path(__file__).parents[2] / "shared" / "vectors")


def vector_path(name: str) -> Path:
    """The path of the vector file or folder `name`, such as "sd-jwt/example_keys.json".

    Skips the test (or the test file) where there are no vectors at all; fails
    it where the environment variable CI is set, and for a name that is not there.
    """
    if not _FOLDER.is_dir():
        reason = "no official vectors: MONTREY_VECTORS does not name their folder"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason, allow_module_level=True)
    path = _FOLDER / name
    assert path.exists(), f"no vector of this name: {name}"
    return path


def load_vector(name: str) -> Any:
    """The content of the JSON vector file `name`."""
    return json.loads(vector_path(name).read_text("utf-8"))
