"""The day's printing: three banks, orders divided by rule, sealed batches, reports with mistakes in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from examples import launch_banks
from examples.demo_ministry import Told, clock
from examples.launch_banks import STAYS, Bank
from examples.launch_figures import Figures
from examples.launch_plan import BANKS, LAUNCH, PHOTOGRAPHED, Way
from examples.two_people import TwoPeople
from issuer.opened_batch import OpenedBatch
from issuer.print_plan import Choice
from issuer.printing import Delivery, Ordered
from issuer.reconciliation import Difference, DifferenceKind

PROOFS = 8
"""Cards of the first order, which are drawn for eyes."""
SHARES = {"ACLEDA": 40, "Canadia": 35, "Wing": 25}
"""How the last order is divided, in 100."""


@dataclass(slots=True)
class Printing:
    """Orders, batches and banks, in `folder`; what the banks did not print, by its agency's name."""

    office: TwoPeople
    folder: Path
    figures: Figures
    banks: dict[str, Bank] = field(default_factory=dict)
    orders: list[Ordered] = field(default_factory=list)
    proofs: list[str] = field(default_factory=list)
    named: list[tuple[str, Difference]] = field(default_factory=list)
    unprinted: list[str] = field(default_factory=list)
    given_back: list[str] = field(default_factory=list)
    _opened: dict[str, OpenedBatch] = field(default_factory=dict)

    @property
    def waits(self) -> Ordered:
        """A batch that its bank has not opened yet."""
        return next(order for order in self.orders if order.number not in self._opened)

    def register_banks(self) -> None:
        """Three banks make keys; one administrator asks, the other confirms."""
        for name in BANKS:
            bank = Bank.open(name, self.folder / "banks" / name)
            self.office.add_bank(name, bank.keys.public)
            bank.pin(self.office.printing.ministry_keys())
            self.banks[name] = bank
        self.figures.count("ធនាគារបោះពុម្ព", "banks that print", len(self.office.printing.banks()), len(BANKS))

    def order(self, told: Told, *, draws: bool) -> None:
        """A first order for eyes, then whole agencies spread over the banks, then one by percentages."""
        printed = [agency.number for agency in LAUNCH if agency.way in (Way.HANDED, Way.PRINTED)]
        waiting = [agency.number for agency in LAUNCH if agency.way is Way.AT_BANK]
        codes = self.codes()
        first = Choice(bank=BANKS[0], agencies=[codes[PHOTOGRAPHED]], limit=PROOFS)
        self._order(first, told, proofs=self.folder / "proofs" if draws else None)
        self._order(Choice(agencies=[codes[number] for number in printed]), told)
        self._order(Choice(shares=SHARES, agencies=[codes[number] for number in waiting]), told)
        self.figures.count("បាច់បិទត្រា", "sealed batches", len(self.orders), 1 + 2 * len(BANKS))

    def codes(self) -> dict[int, str]:
        """The code of each agency, by its number."""
        known = self.office.printing.agencies()
        return {agency.number: known[agency.name.km] for agency in LAUNCH if agency.name.km in known}

    def open(self, told: Told) -> None:
        """Each bank opens its batches, but those that it will print tomorrow; no bank opens another's."""
        others = [
            bank.can_read(order.file)
            for order in self.orders
            for bank in self.banks.values()
            if bank.name != order.bank
        ]
        refused = "សោធនាគារផ្សេងត្រូវបដិសេធ", "tries with another bank's key refused"
        self.figures.count(*refused, others.count(False), 2 * len(self.orders))
        today = self.orders[: 1 + len(BANKS)]
        for done, order in enumerate(today, 1):
            self._opened[order.number] = self.banks[order.bank].unseal(order.file)
            told(done, len(today))
        self.proofs = [card.number for card in self._opened[today[0].number].cards]

    def take_reports(self, told: Told) -> None:
        """The banks' reports: those with mistakes, and three that count for nothing."""
        agencies = {code: LAUNCH[number - 1].name.km for number, code in self.codes().items()}
        found, seeded, last = [], [], ""
        for done, (number, batch) in enumerate(self._opened.items(), 1):
            rows, seeds = launch_banks.all_printed(batch), list[launch_banks.Seed]()
            if done > 1:
                rows, seeds = launch_banks.with_mistakes(batch)
            last = self.banks[batch.bank].report(batch, rows, at=clock())
            intake = self.office.officer.printing.take_report(last)
            self.named += [(number, each) for each in intake.differences]
            found += launch_banks.named(intake.differences)
            seeded += seeds
            where = {card.number: agencies[card.agency] for card in batch.cards}
            back = [card for kind, card in seeds if kind is DifferenceKind.NOT_PRINTED]
            if back:
                self.office.officer.printing.give_back(number, back)
            self.given_back += [where[card] for card in back]
            self.unprinted += [where[card] for kind, card in seeds if kind in STAYS]
            told(done, len(self._opened))
        self.figures.compare("ភាពខុសគ្នាក្នុងរបាយការណ៍", "differences in reports", found, seeded)
        self._refuse_reports(last)

    def print_again(self, number: str) -> None:
        """A card that replaces another: its agency's approved cards are ordered, printed and reported."""
        card = self.office.show(number).card
        agency = next(agency.number for agency in LAUNCH if agency.name.km == card.agency)
        bank = self.banks[BANKS[-1]]
        choice = Choice(bank=bank.name, agencies=[self.codes()[agency]])
        for order in self._order(choice, lambda *_: None):
            batch = self._opened[order.number] = bank.unseal(order.file)
            text = bank.report(batch, launch_banks.all_printed(batch), at=clock())
            self.office.officer.printing.take_report(text)

    def _order(self, choice: Choice, told: Told, *, proofs: Path | None = None) -> Sequence[Ordered]:
        delivery = Delivery(out=self.folder / "batches", proofs=proofs, progress=told)
        made = self.office.officer.printing.order(choice, delivery).orders
        self.orders += made
        return made

    def _refuse_reports(self, last: str) -> None:
        """One is sent twice, one is signed by another bank, one was changed on its way."""
        batch = [*self._opened.values()][-1]
        others = next(bank for bank in self.banks.values() if bank.name != batch.bank)
        at = clock() + timedelta(seconds=1)
        rows = launch_banks.all_printed(batch)
        foreign = launch_banks.sign(batch, rows, others.keys, at=at)
        changed = launch_banks.changed(launch_banks.sign(batch, rows, self.banks[batch.bank].keys, at=at))
        due = [DifferenceKind.DOUBLED, DifferenceKind.WRONG_BANK, DifferenceKind.ALTERED]
        taken = [self.office.officer.printing.take_report(text) for text in (last, foreign, changed)]
        kinds = [intake.differences[0].kind for intake in taken if not intake.counts]
        self.figures.compare("របាយការណ៍មិនរាប់", "reports that count for nothing", kinds, due)
