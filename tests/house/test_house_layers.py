"""The architecture, held: who may import whom, one door per library, no clock in pure code."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[2]

MIDDLE = {"did", "credential", "revocation"}
LAYERS = {
    "native": {"native"},
    "did": {"native", "did"},
    "credential": {"native", "did", "credential"},
    "revocation": {"did", "revocation"},
    "trust": {*MIDDLE, "trust"},
    "issuer": {*MIDDLE, "trust", "issuer"},
    "verifier": {*MIDDLE, "trust", "verifier"},
    "wallet_sdk": {*MIDDLE, "trust", "wallet_sdk"},
}

DOORS = {
    "cbor2": ("did/cbor.py",),
    "orjson": ("did/strict_json.py",),
    "pybase64": ("did/base64url.py",),
    "joserfc": ("did/jose.py",),
    "pkcs11": ("did/pkcs11.py", "did/pkcs11_session.py"),
    "nacl": ("did/*",),
    "cryptography": ("did/*",),
    "tuf": ("trust/*",),
    "securesystemslib": ("trust/*",),
    "qrcode": ("credential/qr_draw.py",),
    "PIL": ("credential/qr_draw.py", "credential/qr_read.py", "credential/seal_picture.py", "issuer/*"),
    "python_calamine": ("issuer/sheet_xlsx.py",),
    "xlsxwriter": ("issuer/report_xlsx.py",),
    "zxingcpp": ("credential/qr_draw.py", "credential/qr_read.py", "credential/seal_picture.py"),
    "sqlmodel": ("issuer/*",),
    "sqlalchemy": ("issuer/*",),
    "alembic": ("issuer/*",),
    "psycopg": ("issuer/database_postgres.py",),
    "fastapi": ("verifier/gate/service*.py", "verifier/gate/doorkeeper.py", "verifier/gate/problems.py"),
    "starlette": ("verifier/gate/service*.py", "verifier/gate/doorkeeper.py", "verifier/gate/problems.py"),
    "uvicorn": ("verifier/cli_gate.py", "verifier/gate/service*.py"),
    "h11": ("verifier/gate/service*.py",),
    "websockets": ("verifier/gate/service*.py",),
    "serial": ("verifier/gate/scanner.py",),
    "rich": ("issuer/*", "wallet_sdk/*"),
}

# Only these may read the clock; everything else is given the time.
SHELLS = {"*/__main__.py", "*/cli*.py", "trust/sync.py"}
CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"}

PATHS = [path for package in LAYERS for path in (ROOT / package).rglob("*.py")]
FILES = {path.relative_to(ROOT): ast.parse(path.read_bytes()) for path in PATHS}
MODULES = {".".join(path.with_suffix("").parts).removesuffix(".__init__"): path for path in FILES}


def imports(tree: ast.AST) -> Iterator[str]:
    """Every module that `tree` imports; `from a import b` is a.b where that is a module or a clock."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            for name in (f"{node.module}.{alias.name}" for alias in node.names):
                yield name if name in {*MODULES, *CLOCKS} else name.rpartition(".")[0]


def attributes(tree: ast.AST) -> Iterator[str]:
    """Every dotted name in `tree`."""
    return (ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute))


class RunTime(ast.NodeTransformer):
    """Takes out what is imported for the type checker alone."""

    def visit_If(self, node: ast.If) -> ast.AST | None:
        """Drops `if TYPE_CHECKING:`."""
        return None if ast.unparse(node.test) == "TYPE_CHECKING" else self.generic_visit(node)


def test_layers() -> None:
    """A package imports what stands below it, and never another party."""
    wrong = [
        f"{path} imports {name}"
        for path, tree in FILES.items()
        for name in imports(tree)
        if name.partition(".")[0] in LAYERS and name.partition(".")[0] not in LAYERS[path.parts[0]]
    ]
    assert not wrong


def test_doors() -> None:
    """Every third-party library has its door, and none is imported past it."""
    wrong = [
        f"{path} imports {name}"
        for path, tree in FILES.items()
        for name in imports(tree)
        if (library := name.partition(".")[0]) not in {*LAYERS, *sys.stdlib_module_names}
        and not any(fnmatch(path.as_posix(), door) for door in DOORS.get(library, ()))
    ]
    assert not wrong


def test_no_cycles() -> None:
    """No module imports itself by way of others."""
    graph = {
        name: set(imports(RunTime().visit(ast.parse((ROOT / path).read_bytes())))) & MODULES.keys() - {name}
        for name, path in MODULES.items()
    }
    TopologicalSorter(graph).prepare()  # raises CycleError and names the modules


def test_clocks() -> None:
    """Nothing but a shell reads the clock."""
    wrong = [
        f"{path} reads {name}"
        for path, tree in FILES.items()
        if not any(fnmatch(path.as_posix(), shell) for shell in SHELLS)
        for name in (
            *imports(tree),
            *(ast.unparse(n) for n in ast.walk(tree) if isinstance(n, ast.Attribute)),
        )
        if ".".join(name.split(".")[-2:]) in CLOCKS
    ]
    assert not wrong


def test_the_tests_see_something() -> None:
    """The patterns above match: every package has modules, and every shell that is named exactly exists."""
    assert {path.parts[0] for path in FILES} == set(LAYERS)
    assert all((ROOT / shell).is_file() for shell in SHELLS if "*" not in shell)
