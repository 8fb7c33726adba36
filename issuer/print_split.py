"""Approved cards divided among banks by a rule: the same cards and rule always give the same batches.

Cards are sorted by agency and number first, so that one agency's cards stay
together wherever the rule lets them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from issuer.batch import MAX_CARDS
from issuer.errors import IssuerError


@dataclass(frozen=True, slots=True, order=True)
class ToPrint:
    """A card that waits to be printed: the code of its agency, and its number."""

    agency: str
    number: str


@dataclass(frozen=True, slots=True)
class Portion:
    """What becomes one batch: the bank, and its cards in the order of printing."""

    bank: str
    cards: tuple[ToPrint, ...]


@dataclass(frozen=True, slots=True)
class WholeAgencies:
    """Every agency's cards go to one bank; the largest agency first, each to the bank that has fewest."""

    banks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shares:
    """Each bank gets its part in 100 of the cards, rounded by largest remainders."""

    percent: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class AgencyTable:
    """The bank of each agency; `default` takes the others, if it is given."""

    banks: Mapping[str, str]
    default: str | None = None


Rule = WholeAgencies | Shares | AgencyTable


def split(cards: Sequence[ToPrint], rule: Rule, *, most: int = MAX_CARDS) -> tuple[Portion, ...]:
    """The batches that `cards` make: each card in exactly one, at most `most` cards in any.

    Banks stand in the order in which the rule names them; one without cards has no batch.

    Raises:
        IssuerError: `bad_split`: a rule without banks, shares that are not 100 in all, an
            agency without a bank, a card that is there twice, `most` below 1 or above `MAX_CARDS`.
    """
    if not 1 <= most <= MAX_CARDS:
        raise IssuerError("bad_split", f"a batch has 1 to {MAX_CARDS} cards")
    ordered = sorted(cards)
    if len({card.number for card in ordered}) != len(ordered):
        raise IssuerError("bad_split", "a card is to be printed twice")
    match rule:
        case WholeAgencies():
            parts = _by_load(ordered, rule)
        case Shares():
            parts = _by_share(ordered, rule)
        case AgencyTable():
            parts = _by_table(ordered, rule)
    return tuple(
        Portion(bank, tuple(part[start : start + most]))
        for bank, part in parts.items()
        for start in range(0, len(part), most)
    )


def _by_load(cards: list[ToPrint], rule: WholeAgencies) -> dict[str, list[ToPrint]]:
    if not rule.banks or len(set(rule.banks)) != len(rule.banks):
        raise IssuerError("bad_split", "the rule has to name banks, each once")
    agencies = [list(group) for _, group in groupby(cards, attrgetter("agency"))]
    parts: dict[str, list[ToPrint]] = {bank: [] for bank in rule.banks}
    for agency in sorted(agencies, key=lambda group: (-len(group), group[0].agency)):
        fewest = min(rule.banks, key=lambda bank: len(parts[bank]))  # the first named, where several are
        parts[fewest] += agency
    return {bank: sorted(part) for bank, part in parts.items()}


def _by_share(cards: list[ToPrint], rule: Shares) -> dict[str, list[ToPrint]]:
    if sum(rule.percent.values()) != 100 or min(rule.percent.values(), default=0) < 0:
        raise IssuerError("bad_split", "the banks' shares have to be 100 in all")
    counts = {bank: len(cards) * share // 100 for bank, share in rule.percent.items()}
    remainders = sorted(rule.percent, key=lambda bank: -(len(cards) * rule.percent[bank] % 100))
    for bank in remainders[: len(cards) - sum(counts.values())]:
        counts[bank] += 1
    parts, start = {}, 0
    for bank, count in counts.items():
        parts[bank] = cards[start : start + count]
        start += count
    return parts


def _by_table(cards: list[ToPrint], rule: AgencyTable) -> dict[str, list[ToPrint]]:
    named = [*rule.banks.values(), *([rule.default] if rule.default is not None else [])]
    parts: dict[str, list[ToPrint]] = {bank: [] for bank in named}
    for card in cards:
        bank = rule.banks.get(card.agency, rule.default)
        if bank is None:
            raise IssuerError("bad_split", f"no bank prints for agency {card.agency}: add it, or a default")
        parts[bank].append(card)
    return parts
