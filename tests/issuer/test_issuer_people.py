"""The invented people are as real ones: lengths of names, and rows the register takes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from examples.people import rows, to_csv

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("column", ["name_km", "name_la"])
def test_names_have_the_lengths_that_names_have(column: str) -> None:
    """Median 12; one in a hundred at least 24 in Khmer and 28 in Latin letters; none over 40."""
    lengths = sorted(len(person[column]) for person in rows(5000, seed=7))
    assert lengths[2500] == 12
    assert lengths[4950] >= {"name_km": 24, "name_la": 28}[column]
    assert lengths[-1] <= 40


def test_the_same_seed_makes_the_same_people() -> None:
    """And another seed others."""
    assert to_csv(20, seed=3) == to_csv(20, seed=3) != to_csv(20, seed=4)


def test_numbers_are_unique_and_keep_their_zeros() -> None:
    """Ten digits each."""
    numbers = [person["employee_id"] for person in rows(3000)]
    assert len(set(numbers)) == 3000
    assert {len(number) for number in numbers} == {10}


def test_the_program_writes_a_file_for_spreadsheets() -> None:
    """UTF-8 with a byte order mark."""
    command = [sys.executable, "-m", "examples.people", "3", "--seed", "5"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.decode("utf-8-sig") == to_csv(3, seed=5)
    assert done.stdout.startswith(b"\xef\xbb\xbf")
