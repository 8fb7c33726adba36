"""The part of the ministry's desk that is about people: staff, and what waits for a second one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlmodel import Session

from did import PublicKey
from issuer import (
    database,
    erasure,
    order_history,
    staff,
)
from issuer.carrying_out import Deliver, nobody
from issuer.duties import DUTIES, Order, Role
from issuer.models import Staff
from issuer.opened_home import OpenedHome
from issuer.order_book import Waiting
from issuer.order_history import Past
from issuer.orders import Decision, Written
from issuer.progress import Progress


class People(OpenedHome):
    """Staff and their orders."""

    def add_staff(self, name: str, roles: Collection[Role], public: PublicKey) -> Waiting | None:
        """Makes somebody a member of staff, whose key is `public`.

        Raises:
            IssuerError: `bad_staff_name`, `no_roles`, `person_exists`.
        """

        def choose(session: Session) -> tuple[()]:
            staff.check_new(session, name, roles, public)
            return ()

        carry_out = self._carrying_out()
        return self._desk.give(
            Order.ADD_STAFF, choose, carry_out, details=staff.describe(name, roles, public)
        )

    def end_staff(self, name: str) -> Waiting | None:
        """Ends somebody's part in everything: whatever they asked for before still waits for another.

        Raises:
            IssuerError: `unknown_person`, `person_ended`, `last_administrators`.
        """

        def choose(session: Session) -> tuple[()]:
            staff.check_end(session, name)
            return ()

        return self._desk.give(Order.END_STAFF, choose, self._carrying_out(), details={"name": name})

    def staff(self) -> list[Staff]:
        """Everybody who is or was of the staff, in the order they came."""
        with database.reading(self._engine) as session:
            return staff.listing(session)

    def check_person(self, name: str | None) -> None:
        """Refuses a name that nobody of the staff has; None for nobody in particular.

        Raises:
            IssuerError: `unknown_person`, `no_staff`.
        """
        with database.reading(self._engine) as session:
            if name is None:
                staff.check_begun(session)
            else:
                staff.find(session, name)

    def may_confirm(self, order: Order) -> bool:
        """Whether whoever is at it may confirm such an order of another person."""
        member = self._desk.member
        return member is not None and not DUTIES[order].confirm.isdisjoint(member.roles)

    def to_confirm(self) -> list[Waiting]:
        """The orders of other people that whoever is at it may confirm, oldest first."""
        member = self._desk.member
        name = "" if member is None else member.name
        waiting = [waiting for waiting, _ in self.waiting()]
        return [each for each in waiting if each.asked_by != name and self.may_confirm(each.order)]

    def waiting(self) -> list[tuple[Waiting, Written]]:
        """Every order that waits for a second person, oldest first, with what it says."""
        return self._desk.waiting()

    def lapsed(self) -> dict[int, str]:
        """The orders that wait in vain, by number: `order_expired`, or `order_outdated`.

        `order_outdated`: the cards are not as they were when it was asked for.
        """
        return self._desk.lapsed()

    def orders(self, *, undecided: bool = False) -> list[Past]:
        """Every order that takes two people, oldest first, with what became of it; or who waits for one."""
        with database.reading(self._engine) as session:
            return list(order_history.every(session, undecided=undecided, now=self._now()))

    def order(self, number: int) -> Past:
        """The order of this number, with what became of it.

        Raises:
            IssuerError: `unknown_order`, `malformed_order`.
        """
        with database.reading(self._engine) as session:
            return order_history.find(session, number, now=self._now())

    def _now(self) -> int:
        return int(self._clock().timestamp())

    def confirm(
        self,
        number: int,
        *,
        progress: Progress | None = None,
        deliver: Deliver = nobody,
        clock_is_right: bool = False,
    ) -> Any:
        """Confirms an order that another person asked for, and carries it out; what that order returns.

        Raises:
            IssuerError: `unknown_order`, `order_decided`, `malformed_order`, `order_expired`,
                `order_outdated`, `same_person`, or as the method that gives the order.
        """
        carry_out = self._carrying_out(progress=progress, deliver=deliver)
        made = self._desk.confirm(number, carry_out, clock_is_right=clock_is_right)
        if isinstance(made, erasure.Plan):
            erasure.finish(self._engine, made)
        return made

    def turn_down(self, number: int) -> Decision:
        """Declines an order of another person, or withdraws one's own; which of them it was.

        Raises:
            IssuerError: `unknown_order`, `order_decided`, `not_their_duty`.
        """
        return self._desk.turn_down(number)
