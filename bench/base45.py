"""Base45 beside the PyPI package `base45`, loaded from the judges' environment."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from typing import Any

from bench import live, ministry
from bench.measure import Effort, Figure, compare
from bench.peers import judges
from did import base45


def figures(effort: Effort) -> Iterator[Figure]:
    """The text of a live QR; the floor is the package, so less than 1 is better."""
    text = live.text(ministry.key("holder"))[4:]
    raw = text.encode()
    data = base45.decode(raw)
    other = _package()
    note = "below 1: quicker than PyPI's" if other else "beside PyPI's base45: make judges"
    decode = (lambda: other.b45decode(raw)) if other else None
    encode = (lambda: other.b45encode(data)) if other else None
    yield compare(
        f"Base45 decode, {len(text)} characters", lambda: base45.decode(raw), decode, effort=effort, note=note
    )
    yield compare(
        f"Base45 encode, {len(data)} bytes", lambda: base45.encode(data), encode, effort=effort, note=note
    )


def _package() -> Any:
    spec = PathFinder.find_spec("base45", [str(path) for path in judges().glob("lib/python3*/site-packages")])
    if spec is None or spec.loader is None:
        return None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
