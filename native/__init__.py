"""Compiled twins of the modules on the way of every verdict, built from the very sources that lie here.

`python -m native` builds them by mypyc, where there is a C compiler. They are
used as long as the packages they were built among are unchanged to the byte;
after any edit, or on another Python, the sources run as they are.
MONTREY_INTERPRETED=1 leaves the twins alone.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from hashlib import sha256
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from sysconfig import get_config_var

ROOT = Path(__file__).resolve().parent.parent
"""Where the packages lie, in a checkout or installed."""
BUILT = Path(__file__).resolve().parent / "built"
MANIFEST = "twins.json"
"""The names of the twins, and the fingerprint of what they were built from."""
SUFFIX = str(get_config_var("EXT_SUFFIX"))
GROUP = "montrey__mypyc"
"""The library that holds the code of all of them."""
PACKAGES = ("native", "did", "credential", "revocation", "trust", "verifier")
"""Where the twins are from, and what stands around them: a change in any may change what they have to be."""


def fingerprint() -> str:
    """SHA-256 in hexadecimal over the sources of `PACKAGES` and the Python that runs them.

    Raises:
        OSError: when a source cannot be read.
    """
    digest = sha256(SUFFIX.encode("ascii"))
    for package in PACKAGES:
        for file in sorted(ROOT.joinpath(package).glob("*.py")):
            digest.update(file.name.encode() + sha256(file.read_bytes()).digest())
    return digest.hexdigest()


class Twins:
    """Finds the twin of a module before its source is looked for."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self.files = files

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        """The twin's place, or None for a module that has none."""
        file = self.files.get(name)
        return None if file is None else spec_from_file_location(name, file)


def twins() -> Twins | None:
    """The twins that were built from the sources as they are now, if there are any."""
    try:
        manifest = json.loads((BUILT / MANIFEST).read_bytes())
        names: list[str] = manifest["modules"]
        if manifest["fingerprint"] != fingerprint():
            return None
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return Twins({name: BUILT.joinpath(*name.split(".")).with_suffix(SUFFIX) for name in [*names, GROUP]})


def _install() -> bool:
    found = None if os.environ.get("MONTREY_INTERPRETED") == "1" else twins()
    if found is not None:
        sys.meta_path.insert(0, found)
    return found is not None


ACTIVE = _install()
"""Whether this process runs the twins."""
