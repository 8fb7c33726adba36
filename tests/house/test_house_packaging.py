"""What is packed, what importing loads, and what no file may name."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {"native", "did", "credential", "revocation", "trust", "issuer", "verifier", "wallet_sdk"}
NOT_PACKED = {"tests", "bench", "examples", "docs"}

HEAVY = {
    "numpy",
    "PIL",
    "qrcode",
    "zxingcpp",
    "sqlmodel",
    "sqlalchemy",
    "fastapi",
    "joserfc",
    "rich",
    "pkcs11",
    "uvicorn",
    "starlette",
    "serial",
}

# Put together here, so that this file does not name them itself.
HOSTS = [".".join(parts) for parts in (("pypi", "org"), ("registry", "npmjs"), ("deb", "debian", "org"))]
HOSTS.append("python" + "hosted")


def run(*command: str, cwd: Path = ROOT) -> str:
    """The output of a command that must succeed."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def tracked_files() -> list[Path]:
    """Every file under version control."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a git checkout")
    files = [ROOT / name for name in run("git", "ls-files", "-z").split("\0") if name]
    return [file for file in files if file.is_file()]


def declared_packages() -> set[str]:
    """The package list of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return set(project["tool"]["setuptools"]["packages"])


def test_package_list() -> None:
    """Flat packages are listed one by one; the list is the tree, and every package is typed."""
    found = {
        ".".join(file.parent.relative_to(ROOT).parts)
        for top in ROOT.iterdir()
        if (top / "__init__.py").exists() and top.name not in NOT_PACKED
        for file in top.rglob("__init__.py")
    }
    assert declared_packages() == found
    assert {name.partition(".")[0] for name in found} == PACKAGES
    assert all((ROOT / name / "py.typed").is_file() for name in PACKAGES)


def test_wheel(tmp_path: Path) -> None:
    """A wheel holds our packages, typed, and no other top-level name."""
    source = tmp_path / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in PACKAGES:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    build = "from setuptools.build_meta import build_wheel; print(build_wheel('.'))"
    wheel = run(sys.executable, "-c", build, cwd=source).splitlines()[-1]
    with ZipFile(source / wheel) as archive:
        names = archive.namelist()
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == PACKAGES
    assert len(tops) == len(PACKAGES) + 1
    assert {f"{package}/py.typed" for package in PACKAGES} <= set(names)
    modules = {f.relative_to(ROOT).as_posix() for package in PACKAGES for f in (ROOT / package).rglob("*.py")}
    assert {name for name in names if name.endswith(".py")} == modules


@pytest.mark.parametrize("package", ["did", "credential", "revocation", "trust", "verifier"])
def test_judging_loads_little(package: str) -> None:
    """What a gate imports loads no database, no pages, no images and no JOSE library."""
    script = f"import sys, {package}; print(*sorted(set(sys.argv[1:]) & sys.modules.keys()))"
    assert run(sys.executable, "-c", script, *HEAVY).split() == []


def test_no_registry_host() -> None:
    """No file names the host of a package registry, and no lock file that records one is kept."""
    pattern = re.compile("|".join(map(re.escape, HOSTS)))
    files = tracked_files()
    assert not [str(file) for file in files if pattern.search(file.read_text("utf-8", errors="ignore"))]
    assert not [str(file) for file in files if file.name in {"uv.lock", "poetry.lock", "pylock.toml"}]


def test_requirements_are_pinned() -> None:
    """Every requirement is one version with its hashes, and no file holds an address."""
    files = list((ROOT / "requirements").glob("*.txt"))
    assert files
    for file in files:
        text = file.read_text("utf-8")
        assert "://" not in text, file.name
        joined = re.sub(r"#.*", "", text).replace("\\\n", " ")
        for line in filter(str.strip, joined.splitlines()):
            assert re.match(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==\S+", line), f"{file.name}: {line[:60]}"
            assert "--hash=sha256:" in line, f"{file.name}: {line[:60]}"
