"""Builds the compiled twins: `python -m native`.

It needs mypy (which brings mypyc) and a C compiler with Python's headers.
Where they are missing everything runs as it did, only slower, and the exit
code is 1, or 0 with `--if-possible`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from sysconfig import get_path
from tempfile import TemporaryDirectory

from native import BUILT, GROUP, MANIFEST, PACKAGES, ROOT, file_of, fingerprint

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
    "credential.vc_text",
    "verifier.checks",
    "verifier.live",
    "verifier.sd_jwt",
    "verifier.seal",
]
"""What stands between a text and its verdict; nothing here opens a file or a socket."""
SETUP = """
from mypyc.build import mypycify
from setuptools import setup
modules = mypycify(["--config-file=mypy.ini", *{paths}], debug_level="0", group_name="montrey")
setup(name="twins", packages=[], ext_modules=modules)
"""
TRIAL = "import native, verifier; assert native.ACTIVE and verifier.live.__file__.endswith(native.SUFFIX)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Builds; the exit code is 0 when the twins stand, or cannot and need not."""
    parser = ArgumentParser(prog="python -m native", description="Compiles the way of a verdict.")
    parser.add_argument("--if-possible", action="store_true", help="to lack the tools for it is no failure")
    options = parser.parse_args(arguments)
    reason = missing()
    if reason:
        _tell(reason)
        return int(not options.if_possible)
    print(f"Compiling {len(MODULES)} modules (about 20 s, until a source changes) ...", flush=True)
    try:
        reason = build()
    except shutil.Error:  # of many files at once
        reason = "files could not be copied: is the disk full?"
    except OSError as error:
        reason = error.strerror or "files could not be copied"
    if reason:
        _tell(reason)
        return 1
    print(f"Compiled for {ROOT}")
    return 0


def missing() -> str:
    """What this machine lacks for it, or nothing."""
    if find_spec("mypyc") is None or find_spec("setuptools") is None:
        return 'mypy and setuptools are not installed: pip install "montrey[native]"'
    compilers = [os.environ["CC"]] if "CC" in os.environ else ["cc", "gcc", "clang", "cl"]
    if not any(map(shutil.which, compilers)):
        return "there is no C compiler"
    if not Path(get_path("include"), "Python.h").is_file():
        return "Python's C headers are not there"
    return ""


def build() -> str:
    """Compiles copies of the sources, puts the twins in place whole and tries them; or says what is wrong.

    Raises:
        OSError: there is no room, or no permission.
    """
    name = fingerprint()
    with TemporaryDirectory() as folder:
        work, built = Path(folder), Path(folder, "out")
        for package in PACKAGES:
            shutil.copytree(ROOT / package, work / package, ignore=shutil.ignore_patterns("built*", "*.pyc"))
        paths = [f"{module.replace('.', '/')}.py" for module in MODULES]
        (work / "setup.py").write_text(SETUP.format(paths=paths), encoding="utf-8")
        (work / "mypy.ini").write_text("[mypy]\n", encoding="utf-8")  # or the one of a parent folder counts
        problem = _run(work, "setup.py", "build_ext", f"--build-lib={built}")
        if problem:
            return problem
        files = {module: built / file_of(module) for module in (*MODULES, GROUP)}
        digests = {module: sha256(file.read_bytes()).hexdigest() for module, file in files.items()}
        (built / MANIFEST).write_text(json.dumps(digests, indent=1) + "\n", encoding="utf-8")
        _put(built, name)
    problem = _run(ROOT, "-c", TRIAL)
    if problem:
        shutil.rmtree(BUILT / name)
    else:
        (BUILT / ".built").touch()  # for make
    return problem


def _put(built: Path, name: str) -> None:
    """Moves the twins to their place, whole or not at all, and takes away those of other sources."""
    BUILT.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="new-", dir=BUILT) as folder:
        new = Path(folder, name)
        shutil.copytree(built, new)
        for file in new.rglob("*.*"):
            with file.open("rb") as opened:
                os.fsync(opened.fileno())
        for old in BUILT.iterdir():
            if old.is_dir() and old != Path(folder):
                shutil.rmtree(old, ignore_errors=True)
        new.replace(BUILT / name)


def _run(folder: Path, *arguments: str) -> str:
    """What a Python that failed wrote last; nothing when it succeeded."""
    environment = {**os.environ, "MONTREY_INTERPRETED": "0"}
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 (our own Python)
    said = (done.stdout + done.stderr).strip()[-2000:]
    return "" if done.returncode == 0 else f"this went wrong:\n{said}\n"


def _tell(reason: str) -> None:
    print(f"Not compiled: {reason}. All works without, a verdict takes some microseconds longer.")


if __name__ == "__main__":
    sys.exit(main())
