"""A home and its register, opened by somebody: what every part of the desk works with."""

from __future__ import annotations

from sqlalchemy import Engine
from sqlmodel import Session

from credential.codes import CodeTables
from issuer import (
    civil_days,
    credentials,
    database,
    register,
)
from issuer.authority import Authority
from issuer.carrying_out import CarryingOut, Deliver, nobody
from issuer.duties import Order
from issuer.home import Home
from issuer.lifecycle import Act, CardState, after
from issuer.order_book import Waiting
from issuer.order_desk import Choose, Clock, OrderDesk
from issuer.printing import Printing
from issuer.progress import Progress
from issuer.sheet_rows import Reading
from issuer.signing import Keyring
from issuer.staff import Member


class OpenedHome:
    """What the parts of `issuer.office.Issuer` share."""

    def __init__(
        self, home: Home, engine: Engine, keyring: Keyring, clock: Clock, member: Member | None
    ) -> None:
        self.home = home
        self.config = home.read_config()
        self._engine = engine
        self._keyring = keyring
        self._clock = clock
        self._desk = OrderDesk(self.config.issuer, engine, clock, member)
        self.authority = Authority(home, self.config, self._desk, keyring)
        self.printing = Printing(home, self.config, self._desk, keyring)

    def _carrying_out(self, *, progress: Progress | None = None, deliver: Deliver = nobody) -> CarryingOut:
        return CarryingOut(self.home, self.config, self._keyring, progress=progress, deliver=deliver)

    def _card(self, number: str, act: Act) -> Choose:
        """Finds the one card of this number, if it allows `act`."""

        def choose(session: Session) -> list[int]:
            card = register.find(session, number)
            after(CardState(card.state), act)
            return [register.key_of(card)]

        return choose

    def _reading(self, *, day_first: bool) -> Reading:
        return Reading(
            codes=self.codes(),
            today=civil_days.day_of(int(self._clock().timestamp())),
            day_first=day_first,
            employee_id_digits=self.config.employee_id_digits,
        )

    def _enact(self, order: Order, number: str, act: Act) -> Waiting | None:
        return self._desk.give(order, self._card(number, act), self._carrying_out())

    def codes(self) -> CodeTables:
        """The code tables as they stand."""
        with database.reading(self._engine) as session:
            return credentials.read_codes(session)
