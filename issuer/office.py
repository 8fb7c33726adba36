"""The ministry's desk: one object over a home, and one transaction for each thing it does.

officer = Issuer.open(home, passphrase, person=("officer", her_passphrase), clock=clock)
approver = Issuer.open(home, passphrase, person=("approver", his_passphrase), clock=clock)
officer.import_file(Path("people.csv"))
waiting = officer.approve()
(_, card), *_ = approver.confirm(waiting.number)
officer.publish(Path("stick"))
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from credential.codes import CodeTables
from credential.packed import pack
from credential.template import Kind
from did import PublicKey
from did.keyfile import Cost
from issuer import (
    amendment_rows,
    amendments,
    application_file,
    applications,
    audit,
    audit_heads,
    backup,
    civil_days,
    credentials,
    database,
    doubts,
    enrolment,
    erasure,
    exchange,
    handing_over,
    key_use,
    proofs,
    publication,
    register,
    rejections,
    report_xlsx,
    seal_keys,
    staff,
    trust_files,
    views,
)
from issuer.amendments import Amended
from issuer.applications import ImportReport
from issuer.audit import Examination
from issuer.authority import Authority
from issuer.backup import Backup
from issuer.carrying_out import CarryingOut, Deliver, nobody
from issuer.doubts import Doubtful
from issuer.duties import DUTIES, Order, Role
from issuer.errors import IssuerError
from issuer.handing_over import HandingReport
from issuer.home import Home
from issuer.lifecycle import STATUS, Act, CardState, after, next_step
from issuer.models import Staff, TemplateRow
from issuer.order_book import Waiting
from issuer.order_desk import Choose, Clock, OrderDesk
from issuer.orders import Decision, Written
from issuer.photo_folder import PhotoFolder
from issuer.photo_store import PhotoStore
from issuer.printing import Printing
from issuer.progress import Progress
from issuer.publication import SignedDelta
from issuer.rejection_reasons import RejectionReason
from issuer.sheet_rows import Reading
from issuer.signing import Keyring
from issuer.staff import Member
from issuer.token_keys import TokenKeys
from issuer.views import CardDetail, CardView
from revocation.status_list import Status
from trust import names, release
from trust import publication as trust_publication
from trust.documents import AuditHead, write_audit_head
from trust.publication import LIFETIME, Publication


class _NothingWaitsError(Exception):
    """There is nothing to give an order about, and so none is given."""


class Issuer:
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

    def import_file(
        self,
        path: Path,
        *,
        day_first: bool = False,
        photos: Path | None = None,
        report: Path | None = None,
        rejected_too: bool = False,
        progress: Progress | None = None,
    ) -> ImportReport:
        """Files an application for every good row of a CSV or XLSX file; rows that are there already stay.

        `photos` is a folder of NUMBER.jpg or .png: everybody in the file then needs
        a photo. `report` is where the sender's own rows are written back as XLSX, with
        what is wrong beside each, after the good ones were filed. Whoever was rejected
        is filed again with other data, and with the same only when `rejected_too`.

        Raises:
            IssuerError: a code of `application_file.opened`, `PhotoFolder`,
                `applications.survey`, `applications.import_file` or `report_xlsx.write`.
        """
        reading = self._reading(day_first=day_first)
        if report:
            report_xlsx.check_place(report, sent=path)
        folder = PhotoFolder(photos, PhotoStore(self.home.photos)) if photos else None
        with application_file.opened(path) as table:
            surveyed = applications.survey(
                table, reading, photos=folder, progress=progress if folder else None
            )
            with self._desk.alone(Order.IMPORT, content=_digest(path)) as (session, now):
                made = applications.import_file(
                    session, surveyed, now=now, rejected_too=rejected_too, progress=progress
                )
            if report:
                report_xlsx.write(report, table, surveyed.header, made)
            return made

    def amend_file(
        self,
        path: Path,
        *,
        day_first: bool = False,
        report: Path | None = None,
        progress: Progress | None = None,
    ) -> ImportReport:
        """Takes in every row of a file of amendments that may be taken in; safe to do again.

        Raises:
            IssuerError: a code of `application_file.opened`, `amendments.survey` or `report_xlsx.write`.
        """
        reading = self._reading(day_first=day_first)
        if report:
            report_xlsx.check_place(report, sent=path)
        with application_file.opened(path, needed=amendment_rows.NEEDED) as table:
            surveyed = amendments.survey(table, reading)
            with self._desk.alone(Order.AMEND, content=_digest(path)) as (session, now):
                made = amendments.amend_file(session, surveyed, now=now, progress=progress)
            if report:
                report_xlsx.write(report, table, surveyed.header, made)
            return made

    def amend(self, employee_id: str, texts: Mapping[str, str], *, day_first: bool = False) -> Amended:
        """Amends one person: `texts` are what columns say from now on, as a file would.

        Raises:
            IssuerError: `bad_amendment`, or a code of `amendments.amend`.
        """
        change = amendment_rows.of_texts(employee_id, texts, self._reading(day_first=day_first))

        def carry_out(session: Session, _: Written, now: int) -> Amended:
            return amendments.amend(session, change, now=now)

        return self._desk.give_alone(
            Order.AMEND,
            lambda session: [amendments.card_of(session, change)],
            carry_out,
            bind=lambda session: amendments.digest(session, change),
        )

    def amend_and_replace(
        self,
        employee_id: str,
        texts: Mapping[str, str],
        *,
        day_first: bool = False,
        clock_is_right: bool = False,
    ) -> Amended | Waiting:
        """Amends one person, and makes a new card in the place of the one that says otherwise.

        Raises:
            IssuerError: `bad_amendment`, a code of `amendments.amend_and_replace`, or as `replace`.
            StatusError: `list_full`.
        """
        change = amendment_rows.of_texts(employee_id, texts, self._reading(day_first=day_first))

        def carry_out(session: Session, _: Written, now: int) -> Amended:
            making = self._carrying_out().making(session, now)
            return amendments.amend_and_replace(session, change, making, now=now)

        return self._desk.give(
            Order.AMEND_REPLACE,
            lambda session: [amendments.card_of(session, change)],
            carry_out,
            bind=lambda session: amendments.digest(session, change),
            clock_is_right=clock_is_right,
        )

    def cards(
        self,
        *,
        state: CardState | None = None,
        among: Collection[int] | None = None,
        limit: int | None = None,
        progress: Progress | None = None,
    ) -> list[CardView]:
        """Applications and cards in the order they came: all, those in one state, or `among` these."""
        with database.reading(self._engine) as session:
            total = sum(views.counts(session).values())
            found = []
            for card in views.listing(session, state=state, among=among, limit=limit):
                found.append(card)
                if progress and len(found) % 1000 == 0:
                    progress(len(found), total)
            return found

    def codes(self) -> CodeTables:
        """The code tables as they stand."""
        with database.reading(self._engine) as session:
            return credentials.read_codes(session)

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

    def rejected(self) -> dict[RejectionReason, int]:
        """How many applications were rejected for each reason."""
        with database.reading(self._engine) as session:
            return rejections.counts(session)

    def approve(
        self,
        wanted: Collection[int] | None = None,
        *,
        progress: Progress | None = None,
        clock_is_right: bool = False,
    ) -> list[tuple[int, str]] | Waiting:
        """Approves these applications, or all that wait; (application, card number) of each.

        All are not those that somebody has to look into: such a one waits on
        until it is named (`doubtful`). Cards are active once they were handed over.

        Raises:
            IssuerError: `unknown_application`, `wrong_state`, `no_issuing_key`,
                `seal_key_stolen`, `clock_behind`, `clock_ahead`.
            StatusError: `list_full`.
        """

        def choose(session: Session) -> list[int]:
            found = register.applied(session, wanted, Act.APPROVE)
            if not found:
                raise _NothingWaitsError
            return found

        carry_out = self._carrying_out(progress=progress)
        try:
            return self._desk.give(Order.APPROVE, choose, carry_out, clock_is_right=clock_is_right)
        except _NothingWaitsError:
            return []

    def reject(self, applications: Collection[int], reason: RejectionReason, *, note: str = "") -> int:
        """Rejects these applications, all or none; returns how many.

        Raises:
            IssuerError: `unknown_application`, `wrong_state`, `bad_note`.
        """

        def carry_out(session: Session, written: Written, now: int) -> int:
            return rejections.reject(session, written.cards, reason, note=note, now=now)

        return self._desk.give_alone(
            Order.REJECT,
            lambda session: register.applied(session, applications, Act.REJECT),
            carry_out,
            details={"reason": reason.value},
        )

    def doubtful(self) -> dict[int, Doubtful]:
        """The waiting applications that `approve` of all leaves out, by their numbers."""
        with database.reading(self._engine) as session:
            return doubts.doubtful(session)

    def activate(self, numbers: Sequence[str]) -> int | Waiting:
        """Makes printed cards active that were handed over, all or none; how many.

        Raises:
            IssuerError: `wrong_state`.
        """
        carry_out = self._carrying_out()
        return self._desk.give(
            Order.ACTIVATE, lambda session: handing_over.printed(session, numbers), carry_out
        )

    def activate_list(self, rows: Sequence[tuple[int, str]]) -> tuple[HandingReport, Waiting | None]:
        """Makes every card of a list active that was printed: rows as `handing_over.read_list` has them.

        The report tells what is to become active, where another person has to confirm it first.
        """
        report = HandingReport()

        def choose(session: Session) -> list[int]:
            nonlocal report
            report, ready = handing_over.survey(session, rows)
            if not ready:
                raise _NothingWaitsError
            return ready

        try:
            done = self._desk.give(Order.ACTIVATE, choose, self._carrying_out())
        except _NothingWaitsError:
            return report, None
        return report, done if isinstance(done, Waiting) else None

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

        A new one is made by `replace`; also after a suspension, which ends with the card.

        Raises:
            IssuerError: `wrong_state`.
        """
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
            IssuerError: `unknown_order`, `order_decided`, `order_expired`, `order_outdated`, `same_person`,
                or as the method that gives the order.
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

    def seal(self, number: str) -> str:
        """The QR text to be printed on a card.

        Raises:
            IssuerError: `wrong_state` when the card has ended.
        """
        with database.reading(self._engine) as session:
            card = register.find(session, number)
            if STATUS[state := CardState(card.state)] is Status.INVALID:
                refusal = f"a card that is {state} is not printed: every gate refuses its code"
                raise IssuerError("wrong_state", refusal + next_step(state))
            template = credentials.read_template(session.get_one(TemplateRow, card.seal_template))
            return pack(card.seal or b"", template)

    def publish(self, out: Path, *, clock_is_right: bool = False) -> Publication:
        """Signs every status list anew and writes a whole publication to `out`.

        Of a stolen seal key it names every seal that was made with it. It warns of
        a root, a trust list and keys that end soon. A person who has looked may
        say that the clock is right, whatever the last one was.

        Raises:
            IssuerError: `no_trust_list`, `unsafe_out`, `clock_behind`, `clock_ahead`, `no_issuing_key`.
            TrustError: a code of `trust.publication.publish`.
            OSError: `out` cannot be written.
        """
        now = self._clock()
        self.home.check_apart(out, database.file_of(self._engine))
        roots, trust_list = trust_files.read_roots(self.home), trust_files.read_trust_list(self.home)
        if not roots or trust_list is None:
            raise IssuerError("no_trust_list", "custodians have not signed a root and a trust list yet")
        seconds, kids = int(now.timestamp()), trust_files.kids_of(trust_list)
        online = self._keyring.online(trust_files.online_keys(roots[-1], trust_list))
        with database.writing(self._engine) as session:
            if not clock_is_right:
                publication.check_clock(session, now=seconds)
            given = self._desk.begin(session, Order.PUBLISH, now=seconds)
            end = release.end_of(roots, trust_list.targets, now=now, lifetime=LIFETIME)
            lists = publication.sign_lists(
                session, self._keyring, signed=kids, now=seconds, expires=int(end.timestamp())
            )
            ending = key_use.ending(session, signed=kids, now=seconds)
            self._desk.close(session, given, now=seconds, lists=publication.sequences(session))
            audit_head = {names.AUDIT_HEAD: write_audit_head(audit.head(session))}

            def record(version: int) -> None:
                publication.record_version(session, version, now=seconds)
                key_use.record_published(session, kids, now=seconds)
                session.commit()

            # Other publishers wait for the register until `out` is locked: so the
            # newest version always has the newest lists.
            made = trust_publication.publish(
                out,
                roots=roots,
                targets=trust_list.targets,
                files=trust_list.files,
                online={**lists, **seal_keys.genuine_lists(session, kids), **audit_head},
                signers=online,
                now=now,
                previous=publication.last_version(session),
                record=record,
            )
        with database.writing(self._engine) as session:
            publication.record_written(session, made.version, now=seconds)
        return replace(made, warnings=(*made.warnings, *ending))

    def deltas(self, *, clock_is_right: bool = False) -> list[SignedDelta]:
        """One signed delta a list: all that changed since the last publication.

        Raises:
            IssuerError: `not_published`, `clock_behind`, `clock_ahead`, `no_issuing_key`.
        """
        with self._desk.alone(Order.DELTA, clock_is_right=clock_is_right) as (session, now):
            signed = trust_files.signed_keys(self.home) or ()
            return publication.sign_deltas(session, self._keyring, signed=signed, now=now)

    def examine(self, heads: Sequence[AuditHead] = ()) -> Examination:
        """Recomputes the audit chain and holds the register, and published `heads`, against it."""
        with database.reading(self._engine) as session:
            return audit.examine(session, heads)

    def backup(
        self, out: Path, *, passphrase: str | None, cost: Cost, progress: Progress | None = None
    ) -> Backup:
        """Writes a backup of home and register to `out`, sealed with `passphrase`, or as it is for None.

        Raises:
            IssuerError: `unsafe_out`, `unwritable_file`.
            OSError: a file of the home cannot be read.
        """
        with self._desk.alone(Order.BACKUP) as (_, now):
            pass
        return backup.make(
            self.home, self._engine, out, passphrase=passphrase, cost=cost, now=now, progress=progress
        )

    def check_passphrase(self) -> str:
        """The passphrase, which is the home's.

        Raises:
            IssuerError: `key_missing`.
        """
        return self._keyring.check_passphrase()

    def erasable(self) -> erasure.Plan:
        """Whose personal data may go now, by the ministry's rule; nothing is changed.

        Raises:
            IssuerError: `bad_retention`.
        """
        return erasure.plan(self.home, self._engine, now=int(self._clock().timestamp()))

    def erase(self, *, progress: Progress | None = None) -> erasure.Plan | Waiting:
        """Erases what `erasable` names, for good.

        Raises:
            IssuerError: `bad_retention`, `unwritable_file`.
        """
        planned = self.erasable()
        people = [each.person for each in planned.people]
        if people:
            carry_out = self._carrying_out(progress=progress)
            made = self._desk.give(Order.ERASE, lambda _: (), carry_out, details={"people": people})
            if isinstance(made, Waiting):
                return made
            planned = made
        erasure.finish(self._engine, planned)
        return planned

    def published_head(self, place: Path) -> AuditHead:
        """The head of the chain that a publication or a verifier's home holds.

        Raises:
            IssuerError: `no_root`, `no_audit_head`.
            TrustError: a code of `audit_heads.read`.
        """
        roots = trust_files.read_roots(self.home)
        if not roots:
            raise IssuerError("no_root", "custodians have not made a root yet: root create, root import")
        return audit_heads.read(place, roots[0], now=self._clock())

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


def _digest(path: Path) -> bytes:
    """What an import was ordered of.

    Raises:
        IssuerError: `unreadable_file`.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        raise IssuerError("unreadable_file", f"{path}: {error.strerror}") from error
