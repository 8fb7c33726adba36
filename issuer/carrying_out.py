"""What is done under each order that takes a person, or two, over certain cards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from credential.template import Kind
from did import PublicKey
from issuer import (
    banks,
    credentials,
    enrolment,
    erasure,
    exchange,
    register,
    reissue,
    reissue_run,
    staff,
    trust_files,
)
from issuer.credentials import Making
from issuer.duties import Order, Role
from issuer.home import Config, Home
from issuer.lifecycle import Act, ListKind
from issuer.models import Card
from issuer.orders import Written, malformed
from issuer.progress import Progress
from issuer.reissue import Standing
from issuer.signing import Keyring

Deliver = Callable[[bytes], object]

_ACTS = {
    Order.SUSPEND: Act.SUSPEND,
    Order.REINSTATE: Act.REINSTATE,
    Order.REPORT_LOST: Act.REPORT_LOST,
    Order.RETIRE: Act.RETIRE,
    Order.REVOKE: Act.REVOKE,
}
"""Orders that change the state of one card and nothing else."""


def nobody(_: bytes) -> None:
    """Takes what a caller who is given it otherwise need not have delivered."""


@dataclass(frozen=True, slots=True)
class CarryingOut:
    """Does what an order says. `deliver` is given an offer before the register keeps it."""

    home: Home
    config: Config
    keyring: Keyring
    progress: Progress | None = None
    deliver: Deliver = nobody

    def __call__(self, session: Session, written: Written, now: int) -> Any:
        """Carries out one order; what comes of it depends on the order.

        Raises:
            IssuerError: as the methods of `issuer.office.Issuer` that give these orders.
        """
        result: Any = None
        match written.order:
            case Order.APPROVE:
                making = self.making(session, now)
                result = register.approve(session, written.cards, making, now=now, progress=self.progress)
            case Order.ACTIVATE:
                register.enact_all(session, written.cards, Act.ACTIVATE, now=now)
                result = len(written.cards)
            case Order.REISSUE:
                result = self._begin_reissue(session, written, now)
            case Order.BANK_ADD:
                result = banks.carry_out(session, written, now)
            case Order.ERASE:
                result = erasure.carry_out(session, self.home, written, now, progress=self.progress)
            case Order.ADD_STAFF:
                self._add_staff(session, written, now)
            case Order.END_STAFF:
                staff.end(session, str(written.details["name"]), now=now)
            case _:
                (number,) = written.cards
                card = session.get(Card, number)
                if card is None:
                    raise malformed()
                result = self._on_card(session, card, written.order, now)
        return result

    def _on_card(self, session: Session, card: Card, order: Order, now: int) -> Any:
        number = str(card.number)
        match order:
            case Order.OFFER:
                nonce, expires = enrolment.offer(session, number, now=now)
                offer = exchange.write_offer(self.config.issuer, nonce=nonce, expires=expires)
                self.deliver(offer)
                return offer
            case Order.REPLACE:
                return register.replace(session, number, self.making(session, now), now=now)
            case Order.REVOKE_WALLET:
                return register.revoke_wallet(session, number, now=now)
            case _:
                return register.enact(session, card, _ACTS[order], now=now)

    def _add_staff(self, session: Session, written: Written, now: int) -> None:
        details = written.details
        roles = [Role(role) for role in details["roles"]]
        staff.add(session, str(details["name"]), roles, PublicKey.from_jwk(details["key"]), now=now)

    def _begin_reissue(self, session: Session, written: Written, now: int) -> Standing:
        kinds = [ListKind(kind) for kind in written.details["kinds"]]
        signed = trust_files.signed_keys(self.home)
        desk = reissue_run.Desk(self.config.issuer, self.keyring, signed, now)
        return reissue.standing(session, reissue_run.begin(session, kinds, desk))

    def making(self, session: Session, now: int) -> Making:
        """What seals are made with.

        Raises:
            IssuerError: `no_issuing_key`, `seal_key_stolen`.
        """
        signed = trust_files.signed_keys(self.home)
        return credentials.making(session, Kind.SEAL, self.keyring, signed=signed, now=now)
