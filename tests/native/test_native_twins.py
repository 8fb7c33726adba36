"""The compiled twins: used for these very sources alone, and never with another verdict."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

import native
from native.__main__ import MODULES, missing

ROOT = Path(__file__).parents[2]
ACTIVE = "import native, verifier; print(native.ACTIVE, verifier.live.__file__.endswith(native.SUFFIX))"
VERDICTS = """
import hashlib, native
from campaign import draw, judge
from swaps import outcomes
lines = [*outcomes(9000, seed=11), *(f"{case.how} {judge(case)}" for case in draw(3000, seed=12))]
print(native.ACTIVE, len(lines), hashlib.sha256("\\n".join(lines).encode()).hexdigest())
"""
SUITES = (
    "did",
    "credential",
    "verifier",
    "campaign/test_campaign.py",
    "campaign/test_campaign_swaps.py",
    "drills",
)


def python(
    *arguments: str, cwd: Path = ROOT, interpreted: str = "0", **variables: str
) -> subprocess.CompletedProcess[str]:
    """A new Python that runs the twins, if it can."""
    path = os.pathsep.join(map(str, (cwd, ROOT / "tests", ROOT / "tests" / "campaign")))
    environment = {**os.environ, "MONTREY_INTERPRETED": interpreted, "PYTHONPATH": path, **variables}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def built() -> None:
    """The twins of the sources as they are; `make test` has built them."""
    if native.twins() is None:
        if reason := missing():
            pytest.skip(f"nothing compiled: {reason}")
        pytest.fail("the twins are not of these sources: run `make test`, or `python -m native`")


@pytest.fixture
def moved(tmp_path: Path, built: None) -> Path:
    """The packages and their twins, in another place."""
    for name in native.PACKAGES:
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def test_used(moved: Path) -> None:
    """Unchanged sources run as their twins, wherever they lie."""
    assert python("-c", ACTIVE, cwd=moved).stdout == "True True\n"


@pytest.mark.parametrize("name", ["verifier/checks.py", "trust/snapshot.py", "native/__init__.py"])
def test_edited(moved: Path, name: str) -> None:
    """After any edit it is the sources that run, all of them."""
    with (moved / name).open("a", encoding="utf-8") as file:
        file.write("# one more line\n")
    assert python("-c", ACTIVE, cwd=moved).stdout == "False False\n"


def test_added(moved: Path) -> None:
    """A new module is a change, too."""
    (moved / "did" / "added.py").touch()
    assert python("-c", ACTIVE, cwd=moved).stdout == "False False\n"


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "5", "[1]", '["/"]', '{"montrey__mypyc": "00"}', "[" * 200_000, "\udcff"]
)
def test_broken_manifest(moved: Path, text: str) -> None:
    """A damaged manifest means no twins, and no error."""
    (folder,) = (moved / "native" / "built").glob("*/")
    (folder / native.MANIFEST).write_text(text, encoding="utf-8", errors="surrogateescape")
    assert python("-c", ACTIVE, cwd=moved).stdout == "False False\n"


@pytest.mark.parametrize("name", [native.GROUP, "did.base45", "verifier.checks"])
@pytest.mark.parametrize("size", [None, 0, 5000])
def test_broken_twin(moved: Path, name: str, size: int | None) -> None:
    """A twin that is not whole, or is missing, means no twins."""
    (folder,) = (moved / "native" / "built").glob("*/")
    file = folder / native.file_of(name)
    if size is None:
        file.unlink()
    else:
        os.truncate(file, size)
    assert python("-c", ACTIVE, cwd=moved).stdout == "False False\n"


def test_foreign_twin(moved: Path) -> None:
    """Another file in a twin's place, of the same size, means no twins."""
    (folder,) = (moved / "native" / "built").glob("*/")
    file = folder / native.file_of(native.GROUP)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    assert python("-c", ACTIVE, cwd=moved).stdout == "False False\n"


def test_not_loadable(moved: Path) -> None:
    """Twins that are whole but cannot be loaded, as on a disk that runs no programs, are left alone."""
    (folder,) = (moved / "native" / "built").glob("*/")
    file = folder / native.file_of(native.GROUP)
    file.write_bytes(b"no library at all")
    manifest = json.loads((folder / native.MANIFEST).read_bytes())
    manifest[native.GROUP] = sha256(file.read_bytes()).hexdigest()
    (folder / native.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    assert python("-c", ACTIVE, cwd=moved).stdout == "False False\n"


def test_built_where_others_write(moved: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Settings for mypy that somebody left beside the temporary folder are not read: they could run code."""
    shutil.rmtree(moved / "native" / "built")
    shared = tmp_path_factory.mktemp("shared")
    (shared / "plugin.py").write_text(f"open({str(shared / 'ran')!r}, 'w')", encoding="utf-8")
    (shared / "mypy.ini").write_text(f"[mypy]\nplugins = {shared / 'plugin.py'}\n", encoding="utf-8")
    done = python("-m", "native", cwd=moved, TMPDIR=str(shared))
    assert done.returncode == 0, done.stdout
    assert not (shared / "ran").exists()
    assert python("-c", ACTIVE, cwd=moved).stdout == "True True\n"
    assert [entry.name for entry in (moved / "native" / "built").glob("*/")] == [native.fingerprint()]


def test_no_room(moved: Path) -> None:
    """Where the twins cannot be written the program says so, and the sources run."""
    shutil.rmtree(moved / "native" / "built")
    (moved / "native" / "built").touch()
    done = python("-m", "native", "--if-possible", cwd=moved)
    assert (done.returncode, "Not compiled: " in done.stdout, done.stderr) == (1, True, "")
    assert python("-c", ACTIVE, cwd=moved).stdout == "False False\n"


def test_left_alone(moved: Path) -> None:
    """MONTREY_INTERPRETED=1 asks for the sources."""
    assert python("-c", ACTIVE, cwd=moved, interpreted="1").stdout == "False False\n"


def test_modules(built: None) -> None:
    """What was built is what is listed, and nothing that judges is left out."""
    manifest = json.loads((native.BUILT / native.fingerprint() / native.MANIFEST).read_bytes())
    assert [*manifest] == [*MODULES, native.GROUP]
    assert {f"verifier.{name}" for name in ("checks", "live", "seal", "sd_jwt")} <= set(MODULES)


def test_same_verdicts(built: None) -> None:
    """12,000 presentations, most of them bent, are judged alike by sources and twins."""
    sources, twins = (python("-c", VERDICTS, interpreted=mode) for mode in ("1", "0"))
    assert sources.stdout.startswith("False 12000 "), sources.stderr
    assert twins.stdout.startswith("True 12000 "), twins.stderr
    assert sources.stdout.split()[1:] == twins.stdout.split()[1:]


@pytest.mark.parametrize("suite", SUITES)
def test_suite(suite: str, built: None) -> None:
    """The tests of what is compiled pass for the twins as well."""
    script = f"import native, sys, pytest; assert native.ACTIVE; sys.exit(pytest.main(['tests/{suite}']))"
    done = python("-c", script)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
