"""How anything is done in the register: under an order, in one transaction, as one link of the chain."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TypeVar

from sqlalchemy import Engine
from sqlmodel import Session

from issuer import audit, database, order_book, order_subject, publication, reference_tables
from issuer.duties import DUTIES, REPEATED, Order
from issuer.errors import IssuerError
from issuer.order_book import Given, Waiting
from issuer.orders import Decision, Written
from issuer.staff import Member

Clock = Callable[[], datetime]
Result = TypeVar("Result")
Choose = Callable[[Session], Collection[int]]
Do = Callable[[Session, Written, int], Result]
"""Carries an order out at a time, in epoch seconds."""


def _nothing(_: Session) -> bytes:
    return b""


@dataclass(frozen=True, slots=True)
class OrderDesk:
    """The register with somebody at it. Without a `member` nothing is done."""

    issuer: str
    engine: Engine
    clock: Clock
    member: Member | None

    @contextmanager
    def alone(
        self,
        order: Order,
        *,
        content: bytes = b"",
        clock_is_right: bool | None = None,
        told: Mapping[str, object] = MappingProxyType({}),
        **details: object,
    ) -> Iterator[tuple[Session, int]]:
        """A writing transaction, and the time, under an order for which one person is enough.

        `content` is the digest of what it is about. `clock_is_right` is whether a
        person says so, None for what does not depend on it. What stands in `told`
        at the end is told in the audit chain as well.

        Raises:
            IssuerError: `no_person`, `not_their_duty`, `clock_behind`, `clock_ahead`.
        """
        with self._writing(clock_is_right) as (session, now):
            given = self.begin(session, order, content=content, now=now, **details)
            yield session, now
            self.close(session, given, now=now, **told)

    def begin(
        self, session: Session, order: Order, *, content: bytes = b"", now: int, **details: object
    ) -> Given:
        """Begins what `alone` does, in a transaction that is there.

        Raises:
            IssuerError: `no_person`, `not_their_duty`.
        """
        if DUTIES[order].confirm:
            raise ValueError("this order takes two people")
        reference_tables.remember(session)
        return order_book.ask(
            session, self.somebody(), order, issuer=self.issuer, content=content, details=details, now=now
        )

    def close(self, session: Session, given: Given, *, now: int, **told: object) -> None:
        """Ends an order that was carried out: one link of the audit chain covers it."""
        order_book.finish(session, given, now=now)
        link = order_book.to_link(session, given)
        event = given.written.order.value
        audit.append(session, event, now=now, order=link, **given.written.details, **told)

    def give(
        self,
        order: Order,
        choose: Choose,
        do: Do[Result],
        *,
        bind: Callable[[Session], bytes] = _nothing,
        clock_is_right: bool | None = None,
        details: Mapping[str, object] = MappingProxyType({}),
    ) -> Result | Waiting:
        """Gives an order about the cards that `choose` finds (their ids).

        `bind` returns what the order is bound to besides: data of people, which no order keeps.
        Where one person is enough it is carried out. Where it takes two: if another
        has asked for the very same, this confirms it and it is carried out; else
        it waits, and nothing else is done.

        Raises:
            IssuerError: `no_person`, `not_their_duty`, `clock_behind`, `clock_ahead`, or what `do` raises.
        """
        with self._writing(clock_is_right) as (session, now):
            member = self.somebody()
            cards = choose(session)
            content = order_subject.digest(session, cards, bind(session))
            if DUTIES[order].confirm:
                same = order_book.same_as(
                    session, order, cards=cards, content=content, details=details, now=now
                )
                for given in same:
                    if order_book.may_decide(given, member):
                        return self._confirm(session, given, member, do, now, bound=content)
                if own := [given for given in same if given.row.asked_by == member.id]:
                    return order_book.describe(own[0])
            given = order_book.ask(
                session,
                member,
                order,
                issuer=self.issuer,
                cards=cards,
                content=content,
                details=details,
                now=now,
            )
            if DUTIES[order].confirm:
                audit.append(session, "ask", now=now, order=order_book.to_link(session, given))
                return order_book.describe(given, new=True)
            result = do(session, given.written, now)
            self.close(session, given, now=now)
            return result

    def give_alone(
        self,
        order: Order,
        choose: Choose,
        do: Do[Result],
        *,
        bind: Callable[[Session], bytes] = _nothing,
        details: Mapping[str, object] = MappingProxyType({}),
    ) -> Result:
        """`give` for an order for which one person is enough."""
        made = self.give(order, choose, do, bind=bind, details=details)
        if isinstance(made, Waiting):
            raise ValueError("this order takes two people")
        return made

    def confirm(self, number: int, do: Do[Result], *, clock_is_right: bool = False) -> Result:
        """Confirms an order that another person asked for, and carries it out.

        Raises:
            IssuerError: `no_person`, `unknown_order`, `order_decided`, `malformed_order`, `order_expired`,
                `same_person`, `not_their_duty`, `order_outdated`, `clock_behind`, `clock_ahead`,
                or what `do` raises.
        """
        with self._writing(clock_is_right) as (session, now):
            member = self.somebody()
            given = order_book.find(session, number)
            if given.written.order in REPEATED:
                raise IssuerError(
                    "repeat_command", "give the same command again: a request keeps nobody's data"
                )
            content = order_subject.digest(session, given.written.cards)
            return self._confirm(session, given, member, do, now, bound=content)

    def turn_down(self, number: int) -> Decision:
        """Declines an order of another person, or withdraws one's own; which of them it was.

        Raises:
            IssuerError: `no_person`, `unknown_order`, `order_decided`, `not_their_duty`.
        """
        with self._writing(None) as (session, now):
            member, given = self.somebody(), order_book.find_any(session, number)
            own = given.row.asked_by == member.id
            decision = Decision.WITHDRAWN if own else Decision.DECLINED
            order_book.decide(session, given, member, decision, now=now)
            audit.append(session, decision.value, now=now, order=order_book.to_link(session, given))
            return decision

    def waiting(self) -> list[tuple[Waiting, Written]]:
        """Every order that waits for a second person, oldest first, with what it says."""
        with database.reading(self.engine) as session:
            return [(order_book.describe(given), given.written) for given in order_book.waiting(session)]

    def lapsed(self) -> dict[int, str]:
        """The orders that wait in vain, by number, with the code that confirming them is refused with.

        Whether one of `duties.REPEATED` is outdated, only the command that is given again can tell.
        """
        now = int(self.clock().timestamp())
        found = {}
        with database.reading(self.engine) as session:
            for given in order_book.waiting(session):
                number, written = given.row.id or 0, given.written
                if now > given.row.asked_at + order_book.LIFETIME:
                    found[number] = "order_expired"
                elif written.order not in REPEATED and (
                    order_subject.digest(session, written.cards).hex() != written.content
                ):
                    found[number] = "order_outdated"
        return found

    def _confirm(
        self, session: Session, given: Given, member: Member, do: Do[Result], now: int, *, bound: bytes
    ) -> Result:
        order_book.decide(session, given, member, Decision.CONFIRMED, now=now)
        written = given.written
        if bound.hex() != written.content:
            raise IssuerError(
                "order_outdated", "what this request is about has changed since: decline it, and ask anew"
            )
        result = do(session, written, now)
        self.close(session, given, now=now)
        return result

    @contextmanager
    def _writing(self, clock_is_right: bool | None) -> Iterator[tuple[Session, int]]:
        with database.writing(self.engine) as session:
            session.connection()  # waits for its turn, and then looks at the clock
            reference_tables.remember(session)
            now = int(self.clock().timestamp())
            if clock_is_right is False:
                publication.check_clock(session, now=now)
            yield session, now

    def somebody(self) -> Member:
        """Who is at the desk.

        Raises:
            IssuerError: `no_person`.
        """
        if self.member is None:
            raise IssuerError("no_person", "somebody has to stand for this: --as NAME")
        return self.member
