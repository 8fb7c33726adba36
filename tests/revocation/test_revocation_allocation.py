"""Indices: random, unique, never given twice, and some that stand for nobody."""

from __future__ import annotations

import random
import secrets
import time
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import Code, outcome

from revocation import Status, StatusList
from revocation.allocation import LIST_SIZE, decoys, draw, stir


def chance(seed: int) -> random.Random:
    """Randomness that repeats."""
    return random.Random(seed)


@given(st.integers(0, 99), st.sets(st.integers(0, 63)), st.data())
def test_indices_are_free_different_and_within(seed: int, taken: set[int], data: st.DataObject) -> None:
    """However full the list, what is drawn is in it, new, and each once; nothing else is changed."""
    count = data.draw(st.integers(0, 64 - len(taken)))
    before = set(taken)
    drawn = draw(taken, 64, count, randbelow=chance(seed).randrange)
    assert len(drawn) == len(set(drawn)) == count
    assert not taken & set(drawn)
    assert all(0 <= index < 64 for index in drawn)
    assert taken == before


@given(st.sets(st.integers(0, 63)), st.integers(1, 100))
def test_a_full_list_says_so(taken: set[int], more: int) -> None:
    """More than is left is refused, to the last index."""
    result = outcome(lambda: draw(taken, 64, 64 - len(taken) + more, randbelow=chance(1).randrange))
    assert result == Code("list_full")


@pytest.mark.parametrize("form", [list, tuple, set, frozenset, dict.fromkeys])
def test_any_collection_of_taken_indices(form: type[list[int]]) -> None:
    """A list, a set or the keys of a dict mean the same."""
    assert sorted(draw(form(range(60)), 64, 4, randbelow=chance(2).randrange)) == [60, 61, 62, 63]


@pytest.mark.parametrize("count", [1, 200])
def test_indices_are_spread_evenly(count: int) -> None:
    """Both ways of drawing hit every free index about equally often."""
    source = chance(3)
    taken = set(range(0, 1000, 2))
    hits = Counter[int]()
    while hits.total() < 50_000:
        hits.update(draw(taken, 1000, count, randbelow=source.randrange))
    assert len(hits) == 500
    assert min(hits.values()) > 50
    assert max(hits.values()) < 160


def test_order_says_nothing() -> None:
    """Those drawn together are not sorted: the first card of a batch is anywhere."""
    for count in (100, LIST_SIZE // 2):
        drawn = draw((), LIST_SIZE, count, randbelow=chance(4).randrange)
        ascents = sum(a < b for a, b in pairwise(drawn))
        assert 0.3 * count < ascents < 0.7 * count


@pytest.mark.parametrize("fill", [0.0, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("count", [1, 200])
def test_drawing_stays_quick(fill: float, count: int) -> None:
    """A list that is 90% full, or all but, costs no more than a look through it."""
    taken = set(chance(5).sample(range(LIST_SIZE), int(LIST_SIZE * fill)))
    rounds = []
    for _ in range(3):
        start = time.perf_counter()
        draw(taken, LIST_SIZE, count, randbelow=secrets.randbelow)
        rounds.append(time.perf_counter() - start)
    assert min(rounds) < 0.25


def test_a_whole_list_can_be_given_away() -> None:
    """Draw by draw until nothing is left, without one index twice."""
    taken: set[int] = set()
    while len(taken) < 1 << 12:
        drawn = draw(taken, 1 << 12, min(100, (1 << 12) - len(taken)), randbelow=chance(6).randrange)
        assert taken.isdisjoint(drawn)
        taken.update(drawn)
    assert taken == set(range(1 << 12))


def test_decoys_blur_the_totals() -> None:
    """Their number differs from list to list around the fraction, and their statuses are all the four."""
    lists = [decoys(LIST_SIZE, randbelow=chance(seed).randrange) for seed in range(40)]
    sizes = [len(each) for each in lists]
    assert min(sizes) >= 128
    assert max(sizes) <= 384
    assert len(set(sizes)) > 10
    for each in lists:
        assert set(each.values()) == set(Status)
        assert all(0 <= index < LIST_SIZE for index in each)


def test_decoys_are_never_given_to_anyone() -> None:
    """Their keys go with the taken indices as they are."""
    pretended = decoys(1 << 12, 1 / 8, randbelow=chance(7).randrange)
    given = draw(pretended.keys(), 1 << 12, (1 << 12) - len(pretended), randbelow=chance(8).randrange)
    assert set(given).isdisjoint(pretended)
    assert set(given) | set(pretended) == set(range(1 << 12))


def test_a_tiny_list_may_have_none() -> None:
    """Where the fraction is no index there are no decoys."""
    assert decoys(16, randbelow=chance(9).randrange) == {}


@given(st.integers(0, 500))
def test_decoys_change_like_real_entries(seed: int) -> None:
    """A few at a time, never from INVALID, never without a change, never to NOT_ACTIVE."""
    source = chance(seed)
    pretended = decoys(LIST_SIZE // 8, randbelow=source.randrange)
    moved = stir(pretended, randbelow=source.randrange)
    assert len(moved) <= 3
    for index, status in moved.items():
        assert status != pretended[index]
        assert pretended[index] != Status.INVALID
        assert status != Status.NOT_ACTIVE


def test_stirring_comes_to_an_end() -> None:
    """When every decoy is INVALID nothing is left to change."""
    assert stir({5: 1, 9: 1}, randbelow=chance(10).randrange) == {}
    assert stir({}, randbelow=chance(10).randrange) == {}


def test_a_new_list_with_its_decoys_is_small() -> None:
    """The first publication, before any card, is decoys alone: under a kilobyte."""
    pretended = decoys(LIST_SIZE, randbelow=chance(11).randrange)
    assert len(StatusList.build(LIST_SIZE, 2, pretended).compressed()) < 1_000
