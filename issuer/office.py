"""The ministry's desk: one object over a home, and one transaction for each thing it does.

officer = Issuer.open(home, passphrase, person=("officer", her_passphrase), clock=clock)
approver = Issuer.open(home, passphrase, person=("approver", his_passphrase), clock=clock)
officer.import_file(Path("people.csv"))
waiting = officer.approve()
(_, card), *_ = approver.confirm(waiting.number)
officer.publish(Path("stick"))
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from issuer import (
    database,
    order_history,
    register,
    rejections,
    staff,
    views,
)
from issuer.card_search import Sought
from issuer.home import Home
from issuer.lifecycle import CardState
from issuer.office_applications import Applications
from issuer.office_bulk import Bulk
from issuer.office_cards import Cards
from issuer.office_keeping import Keeping
from issuer.office_publishing import Publishing
from issuer.office_staff import People
from issuer.order_desk import Clock
from issuer.order_history import Deed
from issuer.progress import Progress
from issuer.rejection_reasons import RejectionReason
from issuer.signing import Keyring
from issuer.token_keys import TokenKeys
from issuer.views import CardDetail, CardView


class Issuer(Applications, Cards, Bulk, People, Publishing, Keeping):
    """An issuer's home, opened. Whatever writes is done wholly or not at all.

    Card numbers are taken as people type them. Where an order takes two people
    (`issuer.duties`), the first call files it and returns `Waiting`; the same call
    by another person, or `confirm`, carries it out. Besides the errors named, every
    method raises `IssuerError` `register_busy` and `register_damaged`, those that write `no_person`
    and `not_their_duty`, those
    that take a card number `unknown_card` and `CredentialError`
    `bad_card_number`, and those that sign `passphrase_needed` and `DidError`
    `wrong_passphrase`.
    """

    @classmethod
    def open(
        cls,
        home: Path | str,
        passphrase: str | None = None,
        *,
        person: tuple[str, str] | None = None,
        pin: str | None = None,
        clock: Clock,
        copied: Callable[[Path], object] = lambda _: None,
    ) -> Issuer:
        """Opens a home and brings its register up to date; without a passphrase nothing can be signed.

        `person` is the name of a member of staff with the passphrase of their key: without one
        nothing can be done, only read. `pin` is that of the tokens (HSMs) which keys of the home
        are in (`TokenKeys`).

        `clock` gives the time, as aware datetimes. `copied` is told where an
        older register was copied to before it was brought up to date.

        Raises:
            IssuerError: `no_home`, `bad_config`, `unsupported_database`,
                `register_missing`, `newer_register`; of a person `unknown_person`, `person_ended`,
                `key_missing`, `key_mismatch`.
            DidError: `wrong_passphrase`, `malformed_key_file` of a person's key.
        """
        place = Home(Path(home))
        place.read_config()
        engine = database.connect(place.database_url())
        copy = database.upgrade(engine)
        if copy is not None:
            copied(copy)
        tokens = None if pin is None else TokenKeys(place.path, pin)
        member = None
        if person is not None:
            with database.reading(engine) as session:
                member = staff.sign_in(session, place.staff, *person)
        return cls(place, engine, Keyring(place.keys, passphrase, tokens=tokens), clock, member)

    def cards(
        self,
        *,
        state: CardState | None = None,
        sought: Sought | None = None,
        among: Collection[int] | None = None,
        limit: int | None = None,
        progress: Progress | None = None,
    ) -> list[CardView]:
        """Applications and cards in the order they came: all, or those in one state, `sought`, `among` these.

        Raises:
            IssuerError: `unknown_agency`.
        """
        with database.reading(self._engine) as session:
            total = sum(views.counts(session).values())
            found = []
            wanted = sought or Sought()
            for card in views.listing(session, state=state, sought=wanted, among=among, limit=limit):
                found.append(card)
                if progress and len(found) % 1000 == 0:
                    progress(len(found), total)
            return found

    def counts(self) -> dict[CardState, int]:
        """How many stand in each state."""
        with database.reading(self._engine) as session:
            return views.counts(session)

    def standing(self) -> dict[str, dict[CardState, int]]:
        """How many applications of each agency stand in each state."""
        with database.reading(self._engine) as session:
            return views.by_agency(session)

    def show(self, number: str) -> CardDetail:
        """All the register shows of one card."""
        with database.reading(self._engine) as session:
            return views.detail(session, register.find(session, number))

    def show_application(self, number: int) -> CardDetail:
        """The same of an application that has no card number, or has one.

        Raises:
            IssuerError: `unknown_application`.
        """
        with database.reading(self._engine) as session:
            return views.detail(session, register.find_application(session, number))

    def history(self, application: int) -> list[Deed]:
        """Every act on the card of this application, oldest first, with who asked and who confirmed.

        Raises:
            IssuerError: `unknown_application`, `malformed_order`.
        """
        with database.reading(self._engine) as session:
            card = register.find_application(session, application)
            return order_history.of_card(session, card, now=int(self._clock().timestamp()))

    def rejected(self) -> dict[RejectionReason, int]:
        """How many applications were rejected for each reason."""
        with database.reading(self._engine) as session:
            return rejections.counts(session)
