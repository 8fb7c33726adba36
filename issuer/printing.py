"""The part of the ministry's desk that deals with printing banks; `Issuer.printing` opens it."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sqlmodel import Session

from did import Signer, keyfile, strict_json
from did.keyfile import Cost
from issuer import (
    agencies,
    bank_keys,
    banks,
    batch_file,
    civil_days,
    database,
    print_drawing,
    print_intake,
    print_orders,
    print_plan,
    printing_keys,
)
from issuer.bank_keys import BankPublic
from issuer.banks import Bank
from issuer.batch import BatchCard, CardFiles
from issuer.card_fonts import find_fonts
from issuer.card_look import CardLook
from issuer.duties import Order
from issuer.errors import IssuerError
from issuer.home import Config, Home
from issuer.order_book import Waiting
from issuer.order_desk import OrderDesk
from issuer.photo_store import PhotoStore
from issuer.print_cards import CardToPrint, LeftOut
from issuer.print_drawing import Drawn
from issuer.print_intake import Intake
from issuer.print_orders import ChangedMeanwhileError, OrderView, Sealed
from issuer.print_plan import Choice, Draft, Plan
from issuer.printing_keys import PrintingKeyView
from issuer.progress import Progress
from issuer.signing import Keyring
from issuer.whole_output import new_file, new_folder

_Keep = Callable[[Session, Sequence[Sealed], int], None]
_LOCK = "printing.lock"
_ATTEMPTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Where batches go: sealed files to the folder `out`, drawings for eyes to the new folder `proofs`.

    `progress` is told of cards; `waiting` is called when another order is being made in this home.
    """

    out: Path
    proofs: Path | None = None
    progress: Progress | None = None
    waiting: Callable[[], object] = lambda: None
    clock_is_right: bool = False


@dataclass(frozen=True, slots=True)
class Ordered:
    """A batch that was made: its order, its file, and the cards in it that have no photograph."""

    number: str
    bank: str
    cards: int
    file: Path
    without_photo: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ordering:
    """What one command ordered, and which cards it had to leave out."""

    orders: tuple[Ordered, ...]
    left_out: tuple[LeftOut, ...]


class Printing:
    """Every method raises the errors of a register that `Issuer` names."""

    def __init__(
        self,
        home: Home,
        config: Config,
        desk: OrderDesk,
        keyring: Keyring,
    ) -> None:
        self._home = home
        self._config = config
        self._desk = desk
        self._engine = desk.engine
        self._keyring = keyring
        self._clock = desk.clock
        self._photos = PhotoStore(home.photos)

    def agencies(self) -> Mapping[str, str]:
        """The code of each agency, by its name; an empty name is that of none."""
        with database.reading(self._engine) as session:
            return agencies.codes(session)

    def add_agency(self, code: str, name: str) -> None:
        """Gives an agency a code, before its name comes up in an import.

        Raises:
            IssuerError: `bad_agency`, `agency_exists`.
        """
        with self._desk.alone(Order.AGENCY_ADD, code=code) as (session, _):
            agencies.add(session, code, name)

    def banks(self) -> list[Bank]:
        """Every bank with the keys that count now."""
        with database.reading(self._engine) as session:
            return list(banks.current(session).values())

    def add_bank(self, name: str, public: BankPublic) -> Bank | Waiting:
        """Registers a bank, or new keys of one that is known: everybody's data will go to whom they belong.

        Raises:
            IssuerError: `bank_key_known`.
            CredentialError: `bad_claim` for a name that cannot be shown.
        """
        for bank in self.banks():
            if bank.name == name and bank.public == public:
                return bank

        def choose(session: Session) -> tuple[()]:
            banks.check_new(session, name, public)
            return ()

        details = {"bank": name, "keys": strict_json.loads(public.to_jwks(), max_bytes=bank_keys.MAX_FILE)}
        return self._desk.give(Order.BANK_ADD, choose, banks.carry_out, details=details)

    def key_views(self) -> list[PrintingKeyView]:
        """Every printing key, oldest first."""
        with database.reading(self._engine) as session:
            return printing_keys.listing(session)

    def renew_key(self, *, cost: Cost = keyfile.MODERATE, token: str | None = None) -> str:
        """Makes the next printing key, in use at once; its name. Banks need the new `ministry.jwk` before.

        Raises:
            IssuerError, DidError, OSError: as `printing_keys.make`.
        """
        details: dict[str, object] = {}
        with self._desk.alone(Order.PRINTING_KEY, told=details) as (session, _):
            made = printing_keys.make(session, self._keyring, now=self._clock(), cost=cost, token=token)
            details["kids"] = [made.kid]
            return made.kid

    def has_key(self) -> bool:
        """Whether a printing key is in use; homes of earlier versions get one with their first order."""
        return any(key.in_use for key in self.key_views())

    def ministry_keys(self) -> bytes:
        """`ministry.jwk`: the ministry's public printing keys, for banks.

        Raises:
            IssuerError: `no_printing_key`.
        """
        with database.reading(self._engine) as session:
            return printing_keys.pinned(session)

    def orders(self) -> list[OrderView]:
        """Every order, oldest first."""
        with database.reading(self._engine) as session:
            return print_orders.listing(session)

    def order(self, choice: Choice, delivery: Delivery) -> Ordering:
        """Orders approved cards: a sealed file for each bank, and the cards are in its batch.

        Everything is made before the register is written to, and handed over before it
        keeps that: it is all there, or nothing is.

        Raises:
            IssuerError: a code of `print_plan.draw_up`; `no_printing_key`, `passphrase_needed`,
                `clock_behind`, `clock_ahead`, `out_exists`, `unwritable_file`; with proofs
                `no_card_fonts`, `no_shaping`.
            OSError: a full disk.
        """

        def draw_up(session: Session) -> Plan:
            now, progress = self._clock(), delivery.progress
            return print_plan.draw_up(session, choice, self._photos, now=now, progress=progress)

        def keep(session: Session, sealed: Sequence[Sealed], now: int) -> None:
            print_orders.enter(session, sealed, now=now)

        return self._make(draw_up, keep, delivery)

    def order_again(self, number: str, delivery: Delivery) -> Ordering:
        """Seals the cards of an order that still wait once more, for the bank's keys of today.

        Raises:
            IssuerError: `unknown_order`, `order_closed`, or as `order`.
            OSError: a full disk.
        """

        def keep(session: Session, sealed: Sequence[Sealed], _: int) -> None:
            print_orders.enter_again(session, sealed[0])

        return self._make(lambda session: print_plan.open_part(session, number), keep, delivery)

    def proofs(self, number: str, folder: Path, *, progress: Progress | None = None) -> int:
        """Draws both sides of the cards of an order that still wait, and their sheet; returns how many.

        Raises:
            IssuerError: `unknown_order`, `order_closed`, `out_exists`, `unwritable_file`,
                `no_card_fonts`, `no_shaping`.
            OSError: a full disk.
        """
        look = self._look()
        with database.reading(self._engine) as session:
            (draft,) = print_plan.open_part(session, number).drafts
        with new_folder(folder) as building, closing(self._drawing(draft.cards, look, progress)) as drawn:
            for card, picture in zip(draft.cards, drawn, strict=True):
                _put_proofs(building / number, card.number, picture)
            self._put_sheet(building, draft, look)
        return len(draft.cards)

    def take_report(self, token: str) -> Intake:
        """Takes a bank's report: what it vouches for is printed. One that counts for nothing changes nothing.

        Raises:
            IssuerError: `malformed_report`, `newer_report`, `unknown_order`.
        """
        details: dict[str, object] = {}
        with self._desk.alone(
            Order.PRINTED, content=hashlib.sha256(token.encode()).digest(), told=details
        ) as (session, now):
            taken = print_intake.take(session, token, now=now)
            details |= {"batch": taken.order, "report": taken.digest.hex(), "counts": taken.counts}
            return taken

    def give_back(self, number: str, cards: Collection[str] | None) -> list[str]:
        """Takes cards back from a bank, those of these numbers or all that wait; returns their numbers.

        Raises:
            IssuerError: `unknown_order`, `not_in_order`.
        """
        with self._desk.alone(Order.PRINT_RETURN, batch=number) as (session, now):
            return print_orders.give_back(session, number, cards, now=now)

    def _make(self, draw_up: Callable[[Session], Plan], keep: _Keep, delivery: Delivery) -> Ordering:
        """Draws up a plan and carries it out, anew where the register changed meanwhile."""
        with self._alone(delivery.waiting):
            look = self._look() if delivery.proofs else None
            self._provide_key()
            for _ in range(_ATTEMPTS):
                with database.reading(self._engine) as session:
                    key, plan = printing_keys.signer(session, self._keyring), draw_up(session)
                if not plan.drafts:
                    return Ordering((), plan.left_out)
                try:
                    made = self._carry_out(plan, key, keep, delivery=delivery, look=look)
                    return Ordering(made, plan.left_out)
                except ChangedMeanwhileError:
                    continue
            raise IssuerError("register_busy", "cards change while the order is made; try again")

    def _carry_out(
        self,
        plan: Plan,
        key: tuple[str, Signer],
        keep: _Keep,
        *,
        delivery: Delivery,
        look: CardLook | None,
    ) -> tuple[Ordered, ...]:
        """Draws, seals, and hands over what then is kept: all of it, or nothing."""
        made = tuple(_ordered(draft, delivery.out) for draft in plan.drafts)
        with ExitStack() as outer:
            proofs = outer.enter_context(new_folder(delivery.proofs)) if delivery.proofs else None
            files = outer.enter_context(ExitStack())
            with closing(self._drawing(plan.cards, look, delivery.progress)) as drawn:
                sealed = [
                    self._seal(draft, files.enter_context(new_file(ordered.file)), key, drawn, proofs)
                    for draft, ordered in zip(plan.drafts, made, strict=True)
                ]
            if proofs is not None and look is not None:
                for draft in plan.drafts:
                    self._put_sheet(proofs, draft, look)
            details: dict[str, object] = {"orders": [draft.number for draft in plan.drafts]}
            handing_over = False
            try:
                with self._desk.alone(
                    Order.PRINT_ORDER, clock_is_right=delivery.clock_is_right, told=details
                ) as (session, now):
                    keep(session, sealed, now)
                    handing_over = True
                    files.close()
            except Exception:
                for ordered in made if handing_over else ():  # the register does not keep them
                    ordered.file.unlink(missing_ok=True)
                raise
        return made

    def _seal(
        self,
        draft: Draft,
        file: BinaryIO,
        key: tuple[str, Signer],
        drawn: Iterator[Drawn],
        proofs: Path | None,
    ) -> Sealed:
        kid, signer = key
        header = batch_file.seal(
            file,
            draft.batch(self._config.issuer, self._clock()),
            _pictures(drawn, None if proofs is None else proofs / draft.number),
            signer=signer,
            bank=draft.bank.public.encryption,
        )
        os.fsync(file.fileno())  # here nobody waits for that
        return Sealed(bank=draft.bank, kid=kid, header=header, cards=draft.cards)

    def _provide_key(self) -> None:
        if not self.has_key():
            self.renew_key()

    def _drawing(
        self, cards: Sequence[CardToPrint], look: CardLook | None, progress: Progress | None
    ) -> Generator[Drawn, None, None]:
        told = None if progress is None else lambda done: progress(done, len(cards))
        yield from print_drawing.draw_cards(cards, self._photos, look=look, progress=told)

    def _put_sheet(self, folder: Path, draft: Draft, look: CardLook) -> None:
        print_drawing.write_sheet(
            folder / f"{draft.number}.pdf",
            draft.cards,
            self._photos,
            look=look,
            batch=f"{draft.number}  {draft.bank.name}",
            day=civil_days.day_of(self._clock().timestamp()),
        )

    def _look(self) -> CardLook:
        return CardLook(fonts=find_fonts(), issuer=self._config.name)

    @contextmanager
    def _alone(self, waiting: Callable[[], object]) -> Iterator[None]:
        """One order is made at a time in a home: two would write the same file. It ends with the process."""
        with (self._home.path / _LOCK).open("wb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waiting()
                fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _ordered(draft: Draft, out: Path) -> Ordered:
    without = tuple(card.number for card in draft.cards if card.photo is None)
    return Ordered(draft.number, draft.bank.name, len(draft.cards), out / f"{draft.number}.mbatch", without)


def _pictures(drawn: Iterator[Drawn], folder: Path | None) -> Callable[[BatchCard], CardFiles]:
    """What was drawn of each card when its turn has come; its proofs go to `folder`."""

    def next_files(card: BatchCard) -> CardFiles:
        picture = next(drawn)
        if folder is not None:
            _put_proofs(folder, card.number, picture)
        return picture.files

    return next_files


def _put_proofs(folder: Path, card: str, picture: Drawn) -> None:
    if picture.files.proof is not None and picture.back is not None:
        print_drawing.write_proofs(folder, card, picture.files.proof, picture.back)
