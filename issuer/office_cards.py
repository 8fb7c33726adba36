"""The part of the ministry's desk that deals with single cards and the phones they are shown on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from credential.packed import pack
from credential.template import Kind
from issuer import (
    credentials,
    database,
    enrolment,
    exchange,
    prepared,
    proofs,
    register,
    trust_files,
)
from issuer.carrying_out import Deliver, nobody
from issuer.duties import Order
from issuer.errors import IssuerError
from issuer.lifecycle import NEXT, STATUS, Act, CardState, next_step
from issuer.opened_home import OpenedHome
from issuer.order_book import Waiting
from revocation.status_list import Status


class Cards(OpenedHome):
    """What is done to one card after it was handed over."""

    def offer(
        self, number: str, *, deliver: Deliver = nobody, clock_is_right: bool = False
    ) -> bytes | Waiting:
        """A new offer for a card, as the JSON that a wallet reads; the offer before it ends.

        `deliver` is given it before the register keeps it; what it raises undoes all.

        Raises:
            IssuerError: `wrong_state`, `clock_behind`, `clock_ahead`.
        """
        carry_out = self._carrying_out(deliver=deliver)
        choose = self._card(number, Act.OFFER)
        return self._desk.give(Order.OFFER, choose, carry_out, clock_is_right=clock_is_right)

    def issue(
        self,
        request: bytes | str,
        *,
        deliver: Deliver = nobody,
        ended: Callable[[], object] = lambda: None,
        clock_is_right: bool = False,
    ) -> bytes:
        """Answers a wallet's request with its credentials, as the JSON that a wallet reads.

        The same request again has the same wallet's credentials signed again.
        `deliver` is given them before the register keeps it; what it raises undoes all.
        `ended` is called afterwards, when the credentials of an earlier phone ended for them.

        Raises:
            IssuerError: a code of `proofs.read` or `enrolment.issue`; `no_issuing_key`,
                `clock_behind`, `clock_ahead`.
            StatusError: `list_full`.
        """
        proven = proofs.read(request, issuer=self.config.issuer)
        content = hashlib.sha256(request.encode() if isinstance(request, str) else request).digest()
        with self._desk.alone(Order.ISSUE, content=content, clock_is_right=clock_is_right) as (session, now):
            signed = trust_files.signed_keys(self.home)
            live = credentials.making(session, Kind.LIVE, self._keyring, signed=signed, now=now)
            vc = credentials.vc_making(session, self.config.issuer, self._keyring, signed=signed, now=now)
            codes = credentials.read_codes(session)
            issued = enrolment.issue(session, proven, live, vc, codes=codes, now=now)
            result = exchange.write_result(self.config.issuer, issued, codes)
            deliver(result)
        if issued.ended:
            ended()
        return result

    def suspend(self, number: str) -> None:
        """Stops a card for a while: all of its credentials say so. One person is enough.

        Raises:
            IssuerError: `wrong_state`.
        """
        self._enact(Order.SUSPEND, number, Act.SUSPEND)

    def reinstate(self, number: str) -> Waiting | None:
        """Ends a suspension.

        Raises:
            IssuerError: `wrong_state`.
        """
        return self._enact(Order.REINSTATE, number, Act.REINSTATE)

    def revoke(self, number: str) -> Waiting | None:
        """Ends a card and all of its credentials for good.

        Raises:
            IssuerError: `wrong_state`.
        """
        return self._enact(Order.REVOKE, number, Act.REVOKE)

    def report_lost(self, number: str) -> Waiting | None:
        """Ends a card that its holder has lost, with all of its credentials: nobody passes with it again.

        An active card is suspended first, by an order of its own, for which one person is enough:
        nobody passes with it while the report waits for another. A new one is made by `replace`.

        Raises:
            IssuerError: `wrong_state`.
        """
        with database.reading(self._engine) as session:
            state = register.find(session, number).state
        if state == CardState.ACTIVE.value:
            self.suspend(number)
        return self._enact(Order.REPORT_LOST, number, Act.REPORT_LOST)

    def retire(self, number: str) -> Waiting | None:
        """Ends a card and all of its credentials because its holder leaves the civil service.

        Raises:
            IssuerError: `wrong_state`.
        """
        return self._enact(Order.RETIRE, number, Act.RETIRE)

    def revoke_wallet(self, number: str) -> Waiting | None:
        """Ends the credentials on a phone; the plastic stays valid.

        Raises:
            IssuerError: `wrong_state`, `no_wallet`.
        """
        return self._enact(Order.REVOKE_WALLET, number, Act.REVOKE_WALLET)

    def replace(self, number: str, *, clock_is_right: bool = False) -> str | Waiting:
        """Ends a card with all of its credentials and makes a new one; the new number.

        Raises:
            IssuerError: `wrong_state`, `no_issuing_key`, `seal_key_stolen`, `clock_behind`, `clock_ahead`.
            StatusError: `list_full`.
        """
        choose = self._card(number, Act.REPLACE)
        return self._desk.give(Order.REPLACE, choose, self._carrying_out(), clock_is_right=clock_is_right)

    def seal(self, number: str) -> str:
        """The QR text to be printed on a card: of its newest seal, where a re-issue made another.

        Raises:
            IssuerError: `wrong_state` when the card has ended.
        """
        with database.reading(self._engine) as session:
            card = register.find(session, number)
            if STATUS[state := CardState(card.state)] is Status.INVALID:
                refusal = f"a card that is {state} is not printed: every gate refuses its code"
                refusal += next_step(state)
                raise IssuerError("wrong_state", refusal, state=state, act=Act.PRINT, next=NEXT[state])
            return pack(*prepared.seal_of(session, card))
