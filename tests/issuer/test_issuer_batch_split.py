"""Cards divided among banks."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from batch_desk import numbers
from hypothesis import given
from hypothesis import strategies as st

from issuer.errors import IssuerError
from issuer.print_split import AgencyTable, Portion, Rule, Shares, ToPrint, WholeAgencies, split

BANKS = ("ACLEDA", "Canadia", "Wing")
AGENCIES = [f"A{number:02d}" for number in range(17)]
NUMBERS = numbers(400)
CARDS = st.lists(st.sampled_from(AGENCIES), max_size=400).map(
    lambda agencies: [ToPrint(agency, number) for agency, number in zip(agencies, NUMBERS, strict=False)]
)
RULES: st.SearchStrategy[Rule] = st.one_of(
    st.just(WholeAgencies(BANKS)),
    st.tuples(st.integers(0, 100), st.integers(0, 100)).map(
        lambda cut: Shares({"ACLEDA": min(cut), "Canadia": max(cut) - min(cut), "Wing": 100 - max(cut)})
    ),
    st.dictionaries(st.sampled_from(AGENCIES), st.sampled_from(BANKS)).map(
        lambda table: AgencyTable(table, default="Wing")
    ),
)


@given(CARDS, RULES, st.integers(1, 120), st.randoms(use_true_random=False))
def test_nothing_lost_and_nothing_doubled(
    cards: list[ToPrint], rule: Rule, most: int, draw: random.Random
) -> None:
    """Each card is in one batch, none is too large or empty, and the order of asking changes nothing."""
    portions = split(cards, rule, most=most)
    assert sorted(card for portion in portions for card in portion.cards) == sorted(cards)
    assert all(1 <= len(portion.cards) <= most and portion.bank in BANKS for portion in portions)
    assert all(list(portion.cards) == sorted(portion.cards) for portion in portions)
    shuffled = list(cards)
    draw.shuffle(shuffled)
    assert split(shuffled, rule, most=most) == portions


@given(CARDS)
def test_whole_agencies(cards: list[ToPrint]) -> None:
    """No agency has two banks, and no bank has more than another by more than the largest agency."""
    portions = split(cards, WholeAgencies(BANKS))
    banks = {(card.agency, portion.bank) for portion in portions for card in portion.cards}
    assert len({agency for agency, _ in banks}) == len(banks)
    loads = Counter(dict.fromkeys(BANKS, 0))
    loads.update({portion.bank: len(portion.cards) for portion in portions})
    largest = max(Counter(card.agency for card in cards).values(), default=0)
    assert max(loads.values()) - min(loads.values()) <= largest


@given(CARDS, st.permutations([50, 30, 20]))
def test_shares(cards: list[ToPrint], percent: list[int]) -> None:
    """Each bank has its part, to within one card."""
    rule = Shares(dict(zip(BANKS, percent, strict=True)))
    counts = Counter({p.bank: len(p.cards) for p in split(cards, rule)})
    for bank, share in rule.percent.items():
        assert abs(counts[bank] - len(cards) * share / 100) < 1


@given(CARDS, st.dictionaries(st.sampled_from(AGENCIES), st.sampled_from(BANKS)))
def test_table(cards: list[ToPrint], table: dict[str, str]) -> None:
    """Each card goes to its agency's bank, or to the default."""
    for portion in split(cards, AgencyTable(table, default="Canadia"), most=50):
        assert {table.get(card.agency, "Canadia") for card in portion.cards} == {portion.bank}


def test_launch_day() -> None:
    """497 cards of 11 agencies, at most 100 a batch: full batches, and one rest a bank."""
    cards = [ToPrint(f"A{n % 11:02d}", number) for n, number in enumerate(numbers(497, seed=9))]
    portions = split(cards, Shares({"ACLEDA": 50, "Canadia": 30, "Wing": 20}), most=100)
    sizes = [(portion.bank, len(portion.cards)) for portion in portions]
    acleda = [("ACLEDA", 100), ("ACLEDA", 100), ("ACLEDA", 49)]
    assert sizes == [*acleda, ("Canadia", 100), ("Canadia", 49), ("Wing", 99)]


def test_nothing_to_print() -> None:
    """No cards, no batches."""
    assert split([], WholeAgencies(BANKS)) == ()
    one = ToPrint("A00", NUMBERS[0])
    assert split([one], Shares({"ACLEDA": 0, "Wing": 100})) == (Portion("Wing", (one,)),)


@pytest.mark.parametrize(
    "rule",
    [
        WholeAgencies(()),
        WholeAgencies(("Wing", "Wing")),
        Shares({}),
        Shares({"ACLEDA": 50, "Wing": 49}),
        Shares({"ACLEDA": 150, "Wing": -50}),
        AgencyTable({"A01": "Wing"}),
        AgencyTable({}),
    ],
)
def test_rules_that_are_none(rule: Rule) -> None:
    """No banks, one twice, shares that are not 100, an agency without a bank."""
    with pytest.raises(IssuerError) as caught:
        split([ToPrint("A00", NUMBERS[0])], rule)
    assert caught.value.code == "bad_split"


@pytest.mark.parametrize("most", [0, -1, 10_001])
def test_batches_of_no_size(most: int) -> None:
    """From 1 to 10,000 cards."""
    with pytest.raises(IssuerError, match="1 to 10000"):
        split([], WholeAgencies(BANKS), most=most)


def test_a_card_twice() -> None:
    """It is printed once; whoever asks for it twice is told."""
    with pytest.raises(IssuerError, match="twice"):
        split([ToPrint("A00", NUMBERS[0]), ToPrint("A01", NUMBERS[0])], WholeAgencies(BANKS))
