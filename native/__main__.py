"""Builds the compiled twins: `python -m native`.

It needs mypy (which brings mypyc) and a C compiler with Python's headers.
Where they are missing everything runs as it did, only slower: a failure,
unless `--if-possible` is given.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from sysconfig import get_path
from tempfile import TemporaryDirectory

from native import BUILT, MANIFEST, PACKAGES, ROOT, fingerprint

MODULES = [
    "did.base45",
    "did.base64url",
    "did.ed25519",
    "did.jws",
    "did.keys",
    "did.strict_json",
    "credential.disclosures",
    "credential.live_layout",
    "credential.packed",
    "credential.packed_name",
    "credential.sd_jwt",
    "credential.sd_jwt_vc",
    "credential.seal_layout",
    "verifier.checks",
    "verifier.live",
    "verifier.sd_jwt",
    "verifier.seal",
]
"""What stands between a text and its verdict; nothing here opens a file or a socket."""
SETUP = """
from mypyc.build import mypycify
from setuptools import setup
setup(name="twins", packages=[], ext_modules=mypycify({paths}, debug_level="0", group_name="montrey"))
"""
TRIAL = "import native, verifier; assert native.ACTIVE and verifier.live.__file__.endswith(native.SUFFIX)"


def main(arguments: list[str]) -> int:
    """Builds; the exit code is 0 when the twins stand, or need not."""
    reason = missing()
    if not reason:
        print(f"Compiling {len(MODULES)} modules (about 20 s, until one of them changes) ...", flush=True)
        try:
            reason = build()
        except OSError as error:
            reason = f"{error.strerror or error} ({error.filename or BUILT})"
    if reason:
        print(f"Not compiled: {reason}. All works without, a verdict takes some microseconds longer.")
    return int(bool(reason) and "--if-possible" not in arguments)


def missing() -> str:
    """What this machine lacks for it, or nothing."""
    if find_spec("mypyc") is None or find_spec("setuptools") is None:
        return "mypy and setuptools are not installed"
    if not any(map(shutil.which, (os.environ.get("CC", "cc"), "gcc", "clang", "cl"))):
        return "there is no C compiler"
    if not Path(get_path("include"), "Python.h").is_file():
        return "Python's C headers are not there"
    return ""


def build() -> str:
    """Compiles copies of the sources and puts the twins in place, whole and tried; or says what is wrong."""
    stamp = {"fingerprint": fingerprint(), "modules": MODULES}
    with TemporaryDirectory() as folder:
        work, built = Path(folder), Path(folder, "out")
        for package in PACKAGES:
            shutil.copytree(ROOT / package, work / package, ignore=shutil.ignore_patterns("built", "*.pyc"))
        paths = [f"{name.replace('.', '/')}.py" for name in MODULES]
        (work / "setup.py").write_text(SETUP.format(paths=paths), encoding="utf-8")
        problem = _run(work, "setup.py", "build_ext", f"--build-lib={built}")
        if problem:
            return problem
        (built / MANIFEST).write_text(json.dumps(stamp, indent=1) + "\n", encoding="utf-8")
        shutil.copytree(built, work / "native" / "built")
        problem = _run(work, "-c", TRIAL)
        if problem:
            return problem
        shutil.rmtree(BUILT, ignore_errors=True)
        shutil.copytree(built, BUILT)
    return ""


def _run(folder: Path, *arguments: str) -> str:
    """What a Python that failed wrote last; nothing when it succeeded."""
    environment = {**os.environ, "MONTREY_INTERPRETED": "0"}
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 (our own Python)
    return "" if done.returncode == 0 else f"the compiler said:\n{(done.stdout + done.stderr)[-2000:]}\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
