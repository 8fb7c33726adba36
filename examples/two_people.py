"""An officer and an approver at one desk: each order is asked for by the one and carried out by the other.

For demonstrations and tests. In a ministry they sit apart, and each sees what
the other has asked for before they confirm it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from issuer import register
from issuer.amendments import Amended
from issuer.bank_keys import BankPublic
from issuer.banks import Bank
from issuer.carrying_out import Deliver, nobody
from issuer.duties import Order
from issuer.erasure import Plan
from issuer.handing_over import HandingReport
from issuer.lifecycle import Act, CardState, ListKind
from issuer.office import Issuer
from issuer.order_book import Waiting
from issuer.order_desk import Do
from issuer.progress import Progress
from issuer.reissue_run import Report


class TwoPeople(Issuer):
    """The approver, who does what the officer has asked for a moment before; and an administrator."""

    officer: Issuer
    administrators: tuple[Issuer, Issuer]

    @classmethod
    def sit_down(
        cls,
        home: Path,
        passphrase: str | None,
        *,
        staff_passphrase: str,
        pin: str | None = None,
        clock: Callable[[], datetime],
    ) -> Self:
        """Opens a home whose staff is still that of its beginning."""

        def as_(opener: type[Issuer], name: str) -> Any:
            person = (name, staff_passphrase)
            return opener.open(home, passphrase, person=person, pin=pin, clock=clock)

        approver: Self = as_(cls, "approver")
        approver.officer = as_(Issuer, "officer")
        approver.administrators = as_(Issuer, "admin-1"), as_(Issuer, "admin-2")
        approver.authority = approver.administrators[0].authority
        return approver

    def approve(
        self,
        wanted: Collection[int] | None = None,
        *,
        progress: Progress | None = None,
        clock_is_right: bool = False,
    ) -> list[tuple[int, str]]:
        """As `Issuer.approve`, by both."""
        self.officer.approve(wanted, clock_is_right=clock_is_right)
        made = super().approve(wanted, progress=progress, clock_is_right=clock_is_right)
        assert not isinstance(made, Waiting)
        return made

    def add_bank(self, name: str, public: BankPublic) -> Bank:
        """As `Printing.add_bank`, by both administrators."""
        first, second = self.administrators
        first.printing.add_bank(name, public)
        made = second.printing.add_bank(name, public)
        assert not isinstance(made, Waiting)
        return made

    def erase(self, *, progress: Progress | None = None) -> Plan:
        """As `Issuer.erase`, by both."""
        self.officer.erase()
        made = super().erase(progress=progress)
        assert not isinstance(made, Waiting)
        return made

    def reissue(
        self,
        kinds: Collection[ListKind] = (),
        *,
        workers: int | None = None,
        progress: Progress | None = None,
        clock_is_right: bool = False,
    ) -> Report:
        """As `Issuer.reissue`: one that is open goes on, another is ordered by both."""
        asked = self.officer.reissue(kinds, workers=workers, progress=progress, clock_is_right=clock_is_right)
        if isinstance(asked, Report):
            return asked
        made = super().reissue(kinds, workers=workers, progress=progress, clock_is_right=clock_is_right)
        assert not isinstance(made, Waiting)
        return made

    def hand_over(self, numbers: Collection[str] | None = None) -> int:
        """Has approved cards, all or those of these numbers, printed and handed over; returns how many."""
        printed = self.print_cards(numbers)
        return self.activate(printed) if printed else 0

    def print_cards(self, numbers: Collection[str] | None = None) -> list[str]:
        """Has approved cards, all or those of these numbers, printed; returns their numbers.

        Stands in for a bank: what is printed, and where, has commands of its own (docs/printing.md).
        """

        def enact(act: Act) -> Do[None]:
            return lambda session, written, now: register.enact_all(session, written.cards, act, now=now)

        cards = {
            card.application: card.card_number
            for card in self.cards(state=CardState.APPROVED)
            if card.card_number and (numbers is None or card.card_number in numbers)
        }
        if cards:
            desk = self.officer._desk
            desk.give(Order.PRINT_ORDER, lambda _: list(cards), enact(Act.ORDER_PRINT))
            desk.give(Order.PRINTED, lambda _: list(cards), enact(Act.PRINT))
        return [*cards.values()]

    def activate(self, numbers: Sequence[str]) -> int:
        """As `Issuer.activate`, by both."""
        self.officer.activate(numbers)
        made = super().activate(numbers)
        assert not isinstance(made, Waiting)
        return made

    def activate_list(self, rows: Sequence[tuple[int, str]]) -> tuple[HandingReport, None]:
        """As `Issuer.activate_list`, by both."""
        self.officer.activate_list(rows)
        report, waiting = super().activate_list(rows)
        assert waiting is None
        return report, None

    def amend_and_replace(
        self,
        employee_id: str,
        texts: Mapping[str, str],
        *,
        day_first: bool = False,
        clock_is_right: bool = False,
    ) -> Amended:
        """As `Issuer.amend_and_replace`, by both."""
        options = {"day_first": day_first, "clock_is_right": clock_is_right}
        self.officer.amend_and_replace(employee_id, texts, **options)
        made = super().amend_and_replace(employee_id, texts, **options)
        assert not isinstance(made, Waiting)
        return made

    def offer(self, number: str, *, deliver: Deliver = nobody, clock_is_right: bool = False) -> bytes:
        """As `Issuer.offer`, by both."""
        self.officer.offer(number, clock_is_right=clock_is_right)
        made = super().offer(number, deliver=deliver, clock_is_right=clock_is_right)
        assert not isinstance(made, Waiting)
        return made

    def replace(self, number: str, *, clock_is_right: bool = False) -> str:
        """As `Issuer.replace`, by both."""
        self.officer.replace(number, clock_is_right=clock_is_right)
        made = super().replace(number, clock_is_right=clock_is_right)
        assert not isinstance(made, Waiting)
        return made

    def reinstate(self, number: str) -> None:
        """As `Issuer.reinstate`, by both."""
        self.officer.reinstate(number)
        assert super().reinstate(number) is None

    def revoke(self, number: str) -> None:
        """As `Issuer.revoke`, by both."""
        self.officer.revoke(number)
        assert super().revoke(number) is None

    def report_lost(self, number: str) -> None:
        """As `Issuer.report_lost`, by both."""
        self.officer.report_lost(number)
        assert super().report_lost(number) is None

    def retire(self, number: str) -> None:
        """As `Issuer.retire`, by both."""
        self.officer.retire(number)
        assert super().retire(number) is None

    def revoke_wallet(self, number: str) -> None:
        """As `Issuer.revoke_wallet`, by both."""
        self.officer.revoke_wallet(number)
        assert super().revoke_wallet(number) is None
