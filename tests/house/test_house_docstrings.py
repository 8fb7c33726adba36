"""What must say what it is for: every module, every public name, every test."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("did", "credential", "revocation", "trust", "issuer", "verifier", "wallet_sdk")
DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def definitions(node: ast.AST, name: str = "") -> Iterator[tuple[str, ast.AST]]:
    """The public classes, functions and methods in `node`, with their dotted names."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, DEFINITIONS) and not child.name.startswith("_"):
            yield f"{name}.{child.name}", child
            if isinstance(child, ast.ClassDef):
                yield from definitions(child, f"{name}.{child.name}")


def test_public_names() -> None:
    """Every module with code in it, and every public class, function and method."""
    silent = []
    for path in (path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        if path.parent.name == "versions":
            continue  # Alembic's upgrade and downgrade say what they are
        tree = ast.parse(path.read_bytes())
        name = path.relative_to(ROOT).as_posix()
        silent += [name] if tree.body and not ast.get_docstring(tree) else []
        silent += [n for n, node in definitions(tree, name) if not ast.get_docstring(node)]  # type: ignore[arg-type]
    assert not silent


def test_tests() -> None:
    """Every test says in its docstring what it shows."""
    silent = []
    for path in (ROOT / "tests").rglob("test_*.py"):
        tree = ast.parse(path.read_bytes())
        tests = [node for name, node in definitions(tree) if name.startswith(".test_")]
        silent += [f"{path.name}: {n.name}" for n in tests if not ast.get_docstring(n)]  # type: ignore[attr-defined,arg-type]
    assert not silent
