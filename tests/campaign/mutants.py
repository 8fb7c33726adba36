"""The product with one check deleted at a time.

A check is a condition that leads to a raise or a doubt, each operand of one
that is joined by `or`, a call of a check, and a doubt that is kept.
"""

from __future__ import annotations

import ast
import copy
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

MODULES = (
    "verifier.checks",
    "verifier.live",
    "verifier.seal",
    "verifier.sd_jwt",
    "credential.packed",
    "credential.packed_name",
    "credential.live_layout",
    "credential.seal_layout",
)

OTHERWISE_HELD = {
    "len(text) > MAX_TEXT + 2": "a bound of memory alone: test_ten_megabytes",
    "now.tzinfo is None": "a programmer's mistake: test_programmer_mistakes",
    "not audience or not nonce": "a programmer's mistake: test_programmer_mistakes",
    "not audience": "a programmer's mistake: test_programmer_mistakes",
    "not nonce": "a programmer's mistake: test_programmer_mistakes",
    "len(text) > MAX_TEXT": "bounds of time, memory and print: test_ten_megabytes, test_too_large_to_pack",
    "None in fields": "what was packed is read back and compared",
    "None in names": "what was packed is read back and compared",
    "len(photo) != 64": "what was packed is read back and compared",
    "template.kind is not Kind.SEAL": "the kind of the key that the template names: key_of_other_kind",
}
"""Checks whose deletion changes no verdict, each with what else holds it."""


def mutants() -> Iterator[tuple[str, str, ast.Module]]:
    """(module, what was deleted, the module's tree without it)."""
    for name in MODULES:
        source = Path(str(importlib.import_module(name).__file__)).read_text(encoding="utf-8")
        tree = ast.parse(source)
        for number in range(sum(1 for _ in _sites(tree))):
            mutant = copy.deepcopy(tree)
            site = list(_sites(mutant))[number]
            yield name, f"{name}:{site.line}: {site.label}", ast.fix_missing_locations(site.delete(mutant))


class _Site:
    """One check in a tree, and how to delete it."""

    def __init__(self, parent: ast.AST, block: list[ast.stmt], at: int, operand: int | None = None) -> None:
        self.parent, self.block, self.at, self.operand = parent, block, at, operand
        node: Any = block[at]
        self.line = node.lineno
        shown: Any = node.test if isinstance(node, ast.If) else node
        self.label = ast.unparse(shown if operand is None else shown.values[operand])

    def delete(self, tree: ast.Module) -> ast.Module:
        """Takes the check out of `tree`, which holds this site."""
        node: Any = self.block[self.at]
        if self.operand is not None:
            test = node.test
            del test.values[self.operand]
            if len(test.values) == 1:
                node.test = test.values[0]
            return tree
        kept = node.orelse if isinstance(node, ast.If) else []
        self.block[self.at : self.at + 1] = kept or [ast.Pass(lineno=node.lineno, col_offset=0)]
        return tree


def _sites(tree: ast.Module) -> Iterator[_Site]:
    for parent in ast.walk(tree):
        if not isinstance(parent, ast.FunctionDef | ast.If | ast.Try | ast.For | ast.ExceptHandler):
            continue
        for field in ("body", "orelse", "handlers"):
            block = getattr(parent, field, [])
            for at, node in enumerate(block):
                if isinstance(node, ast.If) and _decides(node):
                    yield _Site(parent, block, at)
                    if isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.Or):
                        yield from (_Site(parent, block, at, o) for o in range(len(node.test.values)))
                elif _checks(node):
                    yield _Site(parent, block, at)


def _decides(node: ast.If) -> bool:
    last = node.body[-1]
    if isinstance(last, ast.Raise):
        return True
    if isinstance(last, ast.Return):
        return isinstance(last.value, ast.Constant | ast.Tuple)
    if isinstance(last, ast.Assign):
        return ast.unparse(last.targets[0]) == "doubt"
    return isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) and _named(last.value)


def _checks(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return _named(node.value)
    return isinstance(node, ast.Assign) and ast.unparse(node).startswith("doubt = doubt or")


def _named(call: ast.Call) -> bool:
    name = ast.unparse(call.func)
    return name.startswith("checks.") or name in ("refuse", "cannot_tell", "unknown_issuer", "_algorithm")


@contextmanager
def installed(module_name: str, tree: ast.Module) -> Iterator[None]:
    """Runs the body with the module's functions replaced by those of `tree`, wherever they are known."""
    module = sys.modules[module_name]
    namespace: dict[str, Any] = dict(module.__dict__)
    exec(compile(tree, str(module.__file__), "exec"), namespace)  # noqa: S102 (our own source, less one check)
    replaced: list[tuple[ModuleType, str, object]] = []
    old = {name: value for name, value in module.__dict__.items() if isinstance(value, FunctionType)}
    own = {name: value for name, value in old.items() if value.__module__ == module_name}
    try:
        for other in list(sys.modules.values()):
            for attribute, value in list(getattr(other, "__dict__", {}).items()):
                for name, function in own.items():
                    if value is function:
                        replaced.append((other, attribute, value))
                        setattr(other, attribute, namespace[name])
        yield
    finally:
        for other, attribute, value in replaced:
            setattr(other, attribute, value)
