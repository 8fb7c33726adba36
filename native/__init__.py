"""Compiled twins of the modules on the way of every verdict, built from the very sources that lie here.

`python -m native` builds them by mypyc, where there is a C compiler. They are
used as long as the packages they were built among are unchanged to the byte,
and they themselves too; after any edit, on another Python, or where they
cannot be loaded, the sources run as they are. MONTREY_INTERPRETED=1 leaves
the twins alone.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from hashlib import sha256
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from sysconfig import get_config_var

ROOT = Path(__file__).resolve().parent.parent
"""Where the packages lie, in a checkout or installed."""
BUILT = Path(__file__).resolve().parent / "built"
"""Holds one folder of twins, named after the fingerprint of their sources."""
MANIFEST = "twins.json"
"""The name of each twin, and the SHA-256 of its file."""
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
        for file in sorted(ROOT.joinpath(package).rglob("*.py")):
            digest.update(os.fsencode(file.relative_to(ROOT)) + sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def file_of(module: str) -> str:
    """Where the twin of a module lies in its folder."""
    return module.replace(".", "/") + SUFFIX


class Twins:
    """Finds the twin of a module before its source is looked for."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self.files = files

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        """The twin's place, or None for a module that has none."""
        file = self.files.get(name)
        return None if file is None else spec_from_file_location(name, file)


def twins() -> Twins | None:
    """The twins that were built from the sources as they are now, whole and loadable; None without them."""
    try:
        folder = BUILT / fingerprint()
        digests: dict[str, str] = json.loads((folder / MANIFEST).read_bytes())
        files = {name: folder / file_of(name) for name in digests}
        if any(sha256(file.read_bytes()).hexdigest() != digests[name] for name, file in files.items()):
            return None
        found = Twins(files)
        spec = found.find_spec(GROUP)
        if spec is None:
            return None
        module_from_spec(spec)  # fails where the place does not let code be loaded
    except (OSError, ImportError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    return found


def _install() -> bool:
    found = None if os.environ.get("MONTREY_INTERPRETED", "0") not in ("", "0") else twins()
    if found is not None:
        sys.meta_path.insert(0, found)
    return found is not None


ACTIVE = _install()
"""Whether this process runs the twins."""
