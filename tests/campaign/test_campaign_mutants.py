"""Deleting any one check of the product turns the campaign red."""

from __future__ import annotations

import ast

import pytest
from campaign import draw, judge
from mutants import OTHERWISE_HELD, installed, mutants
from world import Case

MUTANTS = [
    pytest.param(module, tree, id=label)
    for module, label, tree in mutants()
    if label.split(": ", 1)[1] not in OTHERWISE_HELD
]


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    """Cases that the whole product judges rightly."""
    drawn = list(draw(8000, seed=7))
    assert all(judge(case) == case.expected for case in drawn)
    return drawn


def test_there_are_checks() -> None:
    """The harness finds the checks: it would otherwise pass over an empty list."""
    assert len(MUTANTS) > 150
    labels = {label.split(": ", 1)[1] for _, label, _ in mutants()}
    assert set(OTHERWISE_HELD) <= labels


@pytest.mark.parametrize(("module", "tree"), MUTANTS)
def test_missing_check_is_noticed(module: str, tree: ast.Module, cases: list[Case]) -> None:
    """Without this check some case gets a wrong verdict."""
    with installed(module, tree):
        assert any(judge(case) != case.expected for case in cases)


def test_nothing_stays_mutated(cases: list[Case]) -> None:
    """The harness leaves the product as it was."""
    assert all(judge(case) == case.expected for case in cases[:500])
