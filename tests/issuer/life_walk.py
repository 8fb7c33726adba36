"""A random walk through the lives of a few people's cards, each step held against the model."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

from issuer_desk import Desk, new_keys, request
from life_model import ACTS, STATES, STEPS, ModelCard
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from did import IdentityError
from examples.people import rows, to_csv
from issuer import database, register
from issuer.duties import Order
from issuer.errors import IssuerError
from issuer.lifecycle import Act, CardState, after
from issuer.office import Issuer
from issuer.order_book import Waiting
from issuer.orders import Written
from issuer.rejection_reasons import RejectionReason

PEOPLE = 30
AGENCIES = 200
"""Whose names stand in every link of the chain by their digest."""
REFUSALS = frozenset(
    {"wrong_state", "no_wallet", "no_card", "on_the_card", "offer_used", "unknown_card", "invalid_nonce"}
)
"""What an act that the model does not allow is refused with."""
_OFTEN = ("approve", "order_print", "print", "activate", "offer", "issue", "issue", "apply", "revoke_wallet")
"""Acts that lead on: without them most cards would be waiting or over."""
_SEAMS = {
    Act.ORDER_PRINT: Order.PRINT_ORDER,
    Act.RETURN_PRINT: Order.PRINT_RETURN,
    Act.PRINT: Order.PRINTED,
    Act.EXPIRE: Order.PUBLISH,
}
"""Acts that other things than a command of their own lead to, and the order that they are done under."""
ALONE: dict[str, Callable[[Issuer, ModelCard], object]] = {
    "approve": lambda office, card: office.approve([card.row]),
    "activate": lambda office, card: office.activate([card.number or "0000000000"]),
    "offer": lambda office, card: office.offer(card.number or "0000000000"),
    "reinstate": lambda office, card: office.reinstate(card.number or "0000000000"),
    "revoke": lambda office, card: office.revoke(card.number or "0000000000"),
    "retire": lambda office, card: office.retire(card.number or "0000000000"),
    "report_lost": lambda office, card: office.report_lost(card.number or "0000000000"),
    "replace": lambda office, card: office.replace(card.number or "0000000000"),
}
"""What takes two people, as one gives it."""
_ENDS = frozenset({"reject", "retire", "revoke", "expire", "replace", "amend_and_replace", "report_lost"})

_CARD = """
SELECT state, number,
       EXISTS (SELECT 1 FROM wallet WHERE wallet.card_id = card.id AND ended_at IS NULL),
       EXISTS (SELECT 1 FROM offer WHERE offer.card_id = card.id AND closed_at IS NULL)
FROM card WHERE id = :card
"""
_INDICES = """
SELECT kind, status FROM status_index JOIN status_list ON status_list.id = list_id
WHERE card_id = :card ORDER BY list_id, wallet_id
"""


def outcome(work: Callable[[], object]) -> object:
    """What comes of it, or the code of its refusal."""
    try:
        return work()
    except IdentityError as error:
        return error.code


class Step(NamedTuple):
    """Who does what to which card, by its place among the cards of the walk."""

    actor: str
    act: str
    card: int


class Walk:
    """One register and the model of it; `counts` tells how often each act was done, and was refused.

    `states` are those that some card was seen in.
    """

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk = desk
        self.office = desk.plain
        self.people = {name: desk.one(name) for name in ("officer", "approver", "admin-1")}
        self.counts: Counter[tuple[str, str]] = Counter()
        self.states: set[str] = set()
        self._draw = random.Random(seed)
        self._people = list(rows(PEOPLE, seed=seed))
        self._offers: dict[int, bytes] = {}  # the last one, by the card's row
        self._said = 0
        self._moved: Counter[int] = Counter()
        desk.apply(PEOPLE, seed=seed)
        self._watch = desk.engine.execution_options(**{database._READ_ONLY: True}).connect()
        self.cards = [ModelCard(row=number, person=number - 1) for number in range(1, PEOPLE + 1)]

    def close(self) -> None:
        """Looks no more."""
        self._watch.close()

    def steps(self, count: int) -> Iterator[Step]:
        """What to try next: often what leads on, often with a card that lives."""
        for _ in range(count):
            act = self._draw.choice(ACTS if self._draw.random() < 0.7 else _OFTEN)
            newest = {card.person: place for place, card in enumerate(self.cards)}
            places = [*newest.values()] if self._draw.random() < 0.9 else range(len(self.cards))
            living = [place for place in places if self.cards[place].allows(act)]
            careful = act in _ENDS and self._draw.random() < 0.7  # else few live long enough for a phone
            wanted = living if living and not careful and self._draw.random() < 0.7 else places
            yield Step(self._draw.choice([*self.people]), act, self._draw.choice(wanted))

    def take(self, step: Step) -> None:
        """Tries the step in the register: it has to be done if the model allows it, else refused."""
        card = self.cards[step.card]
        newest = all(other.person != card.person for other in self.cards[step.card + 1 :])
        of_person = step.act.startswith("amend") or step.act == "apply"
        if of_person and not newest:
            return  # an employee number stands for the newest card
        allowed = card.allows(step.act)
        if step.act == "apply" and not allowed:
            return  # a row of a file that is there already is no refusal
        if step.act in ALONE and self._draw.random() < 0.3:
            self.try_alone(step, card, allowed=allowed)
        code = self._try(step, card)
        assert code is None if allowed else code in REFUSALS, (step, card, code)
        self.counts[step.act, "done" if allowed else "refused"] += 1
        self.check(card)
        self.check(self.cards[-1])

    def try_alone(self, step: Step, card: ModelCard, *, allowed: bool) -> None:
        """One person gives an order that takes two, twice, and confirms it too: nothing is done.

        But that a card which one reports as lost is suspended.
        """
        actor = self.people[step.actor]
        asked = outcome(lambda: ALONE[step.act](actor, card))
        if isinstance(asked, str):
            assert asked == "not_their_duty" or not allowed, (step, asked)
            self.counts[step.act, "refused to one"] += 1
            return
        assert allowed, (step, card)
        assert isinstance(asked, Waiting), step
        if step.act == "report_lost" and card.state == "active":
            card.do("suspend")
        again = ALONE[step.act](actor, card)
        assert isinstance(again, Waiting), step
        assert again.number == asked.number, step
        confirmed = outcome(lambda: actor.confirm(asked.number))
        assert confirmed in ("same_person", "not_their_duty"), step
        actor.turn_down(asked.number)
        self.counts[step.act, "waited"] += 1
        self.check(card)

    def check(self, card: ModelCard) -> None:
        """The register says of a card what the model says, at each of its indices."""
        one = {"card": card.row}
        stands = self._watch.execute(text(_CARD), one).one()
        found: dict[str, list[int]] = {}
        for kind, status in self._watch.execute(text(_INDICES), one):
            found.setdefault(kind, []).append(status)
        self._watch.rollback()  # the next look sees what was written since
        assert tuple(stands) == (card.state, card.number, card.has_phone, card.offer), card
        assert found == card.statuses(), card
        self.states.add(card.state)

    def try_raw(self) -> None:
        """A console's UPDATE of some card to a state that no act leads to from where it is."""
        card = self._draw.choice(self.cards)
        target = self._draw.choice(
            sorted(s for s in STATES if s != card.state and (card.state, s) not in STEPS)
        )
        try:
            with self.desk.engine.begin() as connection:
                connection.exec_driver_sql(f"UPDATE card SET state = '{target}' WHERE id = {card.row}")  # noqa: S608
        except IntegrityError:
            self.check(card)
            return
        raise AssertionError((card, target))

    def race(self) -> bool:
        """Two officers suspend one card, or end its suspension, at once: one is refused."""
        cards = [card for card in self.cards if card.state in ("active", "suspended")]
        if not cards:
            return False
        card = self._draw.choice(cards)
        act = "suspend" if card.state == "active" else "reinstate"
        racing: Callable[[Issuer], object]
        if act == "suspend":
            late, others = "wrong_state", [self.people["officer"], self.people["approver"]]
            racing = lambda office: office.suspend(card.number or "")  # noqa: E731
        else:
            late, others = "order_decided", [self.people["approver"], self.desk.one("approver")]
            asked = self.people["officer"].reinstate(card.number or "")
            assert isinstance(asked, Waiting)
            number = asked.number
            racing = lambda office: office.confirm(number)  # noqa: E731
        with ThreadPoolExecutor(2) as pool:
            done = pool.map(lambda office: outcome(lambda: racing(office)) or "done", others)
            assert sorted(map(str, done)) == ["done", late]
        card.do(act)
        self.check(card)
        return True

    def _try(self, step: Step, card: ModelCard) -> str | None:
        """Does it in the register and in the model; the code if it was refused."""
        try:
            made = self._do(step, card)
        except IdentityError as error:
            return error.code
        if step.act == "apply":
            self.cards.append(ModelCard(self._last_row(), card.person))
            return None
        card.do(step.act)
        if step.act == "approve":
            card.number = made
        elif made is not None:
            self.cards.append(ModelCard(self._last_row(), card.person, made, "approved"))
        return None

    def _do(self, step: Step, card: ModelCard) -> str | None:
        """Does it in the register; the number of the card that it made, if it made one."""
        employee, number = self._people[card.person]["employee_id"], card.number or "0000000000"
        office = self.office
        acts: dict[str, Callable[[], object]] = {
            "apply": lambda: self._apply(card),
            "reject": lambda: office.reject([card.row], RejectionReason.DATA_WRONG),
            "approve": lambda: office.approve([card.row])[0][1],
            "offer": lambda: self._offer(card, number),
            "issue": lambda: self._issue(card),
            "amend": lambda: office.amend(employee, {"agency": self._other_agency(card)}),
            "amend_name": lambda: office.amend(employee, {"name_la": self._new_text()}),
            "amend_and_replace": lambda: (
                office.amend_and_replace(employee, {"name_la": self._new_text()}).card_number
            ),
            "activate": lambda: office.activate([number]),
            **{act.value: partial(self._enact, card, act) for act in _SEAMS},
        }
        done = (acts.get(step.act) or partial(getattr(office, step.act), number))()
        return done if isinstance(done, str) else None

    def _offer(self, card: ModelCard, number: str) -> None:
        self._offers[card.row] = self.office.offer(number)

    def _issue(self, card: ModelCard) -> None:
        if card.row not in self._offers:
            raise IssuerError("invalid_nonce", "there was no offer that a phone could answer")
        self.office.issue(request(self._offers[card.row], new_keys(), now=self.desk.now))

    def _last_row(self) -> int:
        (row,) = self.desk.rows("SELECT max(id) FROM card")
        return int(row)

    def _apply(self, card: ModelCard) -> None:
        """By a file, with another agency: whoever was rejected sends something else."""
        person = self._people[card.person] | {"agency": self._other_agency(card)}
        file = self.desk.home.parent / "again.csv"
        file.write_text(to_csv(0) + ",".join(person.values()) + "\n", "utf-8-sig")
        assert self.office.import_file(file).imported == 1

    def _enact(self, card: ModelCard, act: Act) -> None:
        def choose(session: Session) -> list[int]:
            after(CardState(register.find_application(session, card.row).state), act)
            return [card.row]

        def do(session: Session, _: Written, now: int) -> None:
            register.enact(session, register.find_application(session, card.row), act, now=now)

        today = self.desk.now
        if act is Act.EXPIRE:
            self.desk.later(days=20 * 366)  # when its last day is over
        try:
            self.office.officer._desk.give(_SEAMS[act], choose, do)
        finally:
            self.desk.now = today

    def _new_text(self) -> str:
        """A text that nobody has."""
        self._said += 1
        return _in_letters(self._said)

    def _other_agency(self, card: ModelCard) -> str:
        """One of so many, and another than the person has."""
        self._moved[card.person] += 1
        return _in_letters(self._moved[card.person] % AGENCIES)


def _in_letters(number: int) -> str:
    return "W " + "".join("ABCDEFGHIJ"[int(digit)] for digit in str(number))
