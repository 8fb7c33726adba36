"""An officer and an approver at one desk: each order is asked for by the one and carried out by the other.

For demonstrations and tests. In a ministry they sit apart, and each sees what
the other has asked for before they confirm it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from issuer.carrying_out import Deliver, nobody
from issuer.office import Issuer
from issuer.order_book import Waiting
from issuer.progress import Progress


class TwoPeople(Issuer):
    """The approver, who does what the officer has asked for a moment before; and an administrator."""

    officer: Issuer

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
        approver.authority = as_(Issuer, "admin-1").authority
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
