"""The ministry's desk: one object over a home, and one transaction for each thing it does.

office = Issuer.open(home, passphrase)
office.import_file(Path("people.csv"))
(_, card), *_ = office.approve()
result = office.issue(wallet_request_for(office.offer(card)))
office.publish(Path("stick"))
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from credential.codes import CodeTables
from credential.packed import pack
from credential.template import Kind
from issuer import (
    application_file,
    applications,
    audit,
    audit_heads,
    credentials,
    database,
    enrolment,
    exchange,
    key_use,
    prepared,
    proofs,
    publication,
    register,
    reissue,
    reissue_run,
    report_xlsx,
    seal_keys,
    trust_files,
    views,
)
from issuer.applications import ImportReport
from issuer.audit import Examination
from issuer.authority import Authority, Clock
from issuer.credentials import Making
from issuer.errors import IssuerError
from issuer.home import Home
from issuer.lifecycle import STATUS, Act, CardState, ListKind, next_step
from issuer.photo_folder import PhotoFolder
from issuer.photo_store import PhotoStore
from issuer.progress import Progress
from issuer.publication import SignedDelta
from issuer.reissue import Standing
from issuer.reissue_run import Report
from issuer.sheet_rows import Reading
from issuer.signing import Keyring
from issuer.token_keys import TokenKeys
from issuer.views import CardDetail, CardView
from revocation.status_list import Status
from trust import names, release
from trust import publication as trust_publication
from trust.documents import AuditHead, write_audit_head
from trust.publication import LIFETIME, Publication

Deliver = Callable[[bytes], object]


class Issuer:
    """An issuer's home, opened. Whatever writes is done wholly or not at all.

    Card numbers are taken as people type them. Besides the errors named, every
    method raises `IssuerError` `register_busy` and `register_damaged`, those
    that take a card number `unknown_card` and `CredentialError`
    `bad_card_number`, and those that sign `passphrase_needed` and `DidError`
    `wrong_passphrase`.
    """

    def __init__(self, home: Home, engine: Engine, keyring: Keyring, clock: Clock) -> None:
        self.home = home
        self.config = home.read_config()
        self._engine = engine
        self._keyring = keyring
        self._clock = clock
        self.authority = Authority(home, self.config, engine, keyring, clock)

    @classmethod
    def open(
        cls, home: Path | str, passphrase: str | None = None, *, pin: str | None = None, clock: Clock
    ) -> Issuer:
        """Opens a home and brings its register up to date; without a passphrase nothing can be signed.

        `pin` is that of the tokens (HSMs) which keys of the home are in (`TokenKeys`).

        `clock` gives the time, as aware datetimes.

        Raises:
            IssuerError: `no_home`, `bad_config`, `unsupported_database`,
                `register_missing`, `newer_register`.
        """
        place = Home(Path(home))
        place.read_config()
        engine = database.connect(place.database_url())
        database.upgrade(engine)
        tokens = None if pin is None else TokenKeys(place.path, pin)
        return cls(place, engine, Keyring(place.keys, passphrase, tokens=tokens), clock)

    def import_file(
        self,
        path: Path,
        *,
        day_first: bool = False,
        photos: Path | None = None,
        report: Path | None = None,
        progress: Progress | None = None,
    ) -> ImportReport:
        """Files an application for every good row of a CSV or XLSX file; rows that are there already stay.

        `photos` is a folder of NUMBER.jpg or .png: everybody in the file then needs
        a photo. `report` is where the sender's own rows are written back as XLSX, with
        what is wrong beside each, after the good ones were filed.

        Raises:
            IssuerError: a code of `application_file.opened`, `PhotoFolder`,
                `applications.survey`, `applications.import_file` or `report_xlsx.write`.
        """
        reading = Reading(
            codes=self.codes(),
            today=self._clock().date(),
            day_first=day_first,
            employee_id_digits=self.config.employee_id_digits,
        )
        if report:
            report_xlsx.check_place(report, sent=path)
        folder = PhotoFolder(photos, PhotoStore(self.home.photos)) if photos else None
        with application_file.opened(path) as table:
            surveyed = applications.survey(
                table, reading, photos=folder, progress=progress if folder else None
            )
            with self._recording("import") as (session, now):
                made = applications.import_file(session, surveyed, now=now, progress=progress)
            if report:
                report_xlsx.write(report, table, made)
            return made

    def cards(
        self, *, state: CardState | None = None, limit: int | None = None, progress: Progress | None = None
    ) -> list[CardView]:
        """Applications and cards in the order they came, all or those in one state."""
        with database.reading(self._engine) as session:
            total = sum(views.counts(session).values())
            found = []
            for card in views.listing(session, state=state, limit=limit):
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

    def approve(
        self,
        wanted: Collection[int] | None = None,
        *,
        progress: Progress | None = None,
        clock_is_right: bool = False,
    ) -> list[tuple[int, str]]:
        """Approves these applications, or all that wait; returns (application, card number) of each.

        An application of somebody whose card was revoked, retired or has
        expired waits on until it is named: `counts` tells how many are left.

        Raises:
            IssuerError: `unknown_application`, `wrong_state`, `no_issuing_key`, `seal_key_stolen`,
                `clock_behind`, `clock_ahead`.
            StatusError: `list_full`.
        """
        with self._dating("approve", clock_is_right) as (session, now):
            making = self._making(session, Kind.SEAL, now)
            return register.approve(session, wanted, making, now=now, progress=progress)

    def offer(self, number: str, *, deliver: Deliver = lambda _: None, clock_is_right: bool = False) -> bytes:
        """A new offer for a card, as the JSON that a wallet reads; the offer before it ends.

        `deliver` is given it before the register keeps it; what it raises undoes all.

        Raises:
            IssuerError: `wrong_state`, `clock_behind`, `clock_ahead`.
        """
        with self._dating("offer", clock_is_right) as (session, now):
            nonce, expires = enrolment.offer(session, number, now=now)
            made = exchange.write_offer(self.config.issuer, nonce=nonce, expires=expires)
            deliver(made)
        return made

    def issue(
        self,
        request: bytes | str,
        *,
        deliver: Deliver = lambda _: None,
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
        with self._dating("issue", clock_is_right) as (session, now):
            live = self._making(session, Kind.LIVE, now)
            signed = trust_files.signed_keys(self.home)
            vc = credentials.vc_making(session, self.config.issuer, self._keyring, signed=signed, now=now)
            codes = credentials.read_codes(session)
            issued = enrolment.issue(session, proven, live, vc, codes=codes, now=now)
            result = exchange.write_result(self.config.issuer, issued, codes)
            deliver(result)
        if issued.ended:
            ended()
        return result

    def suspend(self, number: str) -> None:
        """Stops a card for a while: all of its credentials say so.

        Raises:
            IssuerError: `wrong_state`.
        """
        self._enact(number, Act.SUSPEND)

    def reinstate(self, number: str) -> None:
        """Ends a suspension.

        Raises:
            IssuerError: `wrong_state`.
        """
        self._enact(number, Act.REINSTATE)

    def revoke(self, number: str) -> None:
        """Ends a card and all of its credentials for good.

        Raises:
            IssuerError: `wrong_state`.
        """
        self._enact(number, Act.REVOKE)

    def report_lost(self, number: str) -> None:
        """Ends a card that its holder has lost, with all of its credentials: nobody passes with it again.

        A new one is made by `replace`; also after a suspension, which ends with the card.

        Raises:
            IssuerError: `wrong_state`.
        """
        self._enact(number, Act.REPORT_LOST)

    def retire(self, number: str) -> None:
        """Ends a card and all of its credentials because its holder leaves the civil service.

        Raises:
            IssuerError: `wrong_state`.
        """
        self._enact(number, Act.RETIRE)

    def revoke_wallet(self, number: str) -> None:
        """Ends the credentials on a phone; the plastic stays valid.

        Raises:
            IssuerError: `wrong_state`, `no_wallet`.
        """
        with self._recording(Act.REVOKE_WALLET.value) as (session, now):
            register.revoke_wallet(session, number, now=now)

    def replace(self, number: str, *, clock_is_right: bool = False) -> str:
        """Ends a card with all of its credentials and makes a new one; returns the new number.

        Raises:
            IssuerError: `wrong_state`, `no_issuing_key`, `seal_key_stolen`, `clock_behind`, `clock_ahead`.
            StatusError: `list_full`.
        """
        with self._dating("replace", clock_is_right) as (session, now):
            making = self._making(session, Kind.SEAL, now)
            return register.replace(session, number, making, now=now)

    def seal(self, number: str) -> str:
        """The QR text to be printed on a card: of its newest seal, where a re-issue made another.

        Raises:
            IssuerError: `wrong_state` when the card has ended.
        """
        with database.reading(self._engine) as session:
            card = register.find(session, number)
            if STATUS[state := CardState(card.state)] is Status.INVALID:
                refusal = f"a card that is {state} is not printed: every gate refuses its code"
                raise IssuerError("wrong_state", refusal + next_step(state))
            return pack(*prepared.seal_of(session, card))

    def reissue(
        self,
        kinds: Collection[ListKind] = (),
        *,
        workers: int | None = None,
        progress: Progress | None = None,
        clock_is_right: bool = False,
    ) -> Report:
        """Issues again for everybody who has a phone, or goes on where the last call was cut short.

        Credentials that phones hold stay as they are; the new ones wait to be fetched (`issue`).

        Raises:
            IssuerError: `reissue_open`, `no_issuing_key`, `seal_key_stolen`, `issuing_key_stolen`,
                `clock_behind`, `clock_ahead`.
            StatusError: `list_full`.
        """
        with self._dating("reissue_open", clock_is_right) as (session, now):
            signed = trust_files.signed_keys(self.home)
            desk = reissue_run.Desk(self.config.issuer, self._keyring, signed, now)
            number, signers = reissue_run.open_or_resume(session, kinds, desk)
        report = reissue_run.run(
            *(self._engine, self.config.issuer, number, signers), now=now, workers=workers, progress=progress
        )
        with self._recording("reissue_end") as (session, now):
            reissue.finish(session, number, now=now)
        return report

    def reissued(self) -> Standing | None:
        """How far the re-issue has come that is open or was last."""
        with database.reading(self._engine) as session:
            return reissue.latest(session)

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
            end = release.end_of(roots, trust_list.targets, now=now, lifetime=LIFETIME)
            lists = publication.sign_lists(
                session, self._keyring, signed=kids, now=seconds, expires=int(end.timestamp())
            )
            ending = key_use.ending(session, signed=kids, now=seconds)
            audit.append(session, "publish", now=seconds, lists=publication.sequences(session))
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
        with self._dating("delta", clock_is_right) as (session, now):
            signed = trust_files.signed_keys(self.home) or ()
            return publication.sign_deltas(session, self._keyring, signed=signed, now=now)

    def examine(self, heads: Sequence[AuditHead] = ()) -> Examination:
        """Recomputes the audit chain and holds the register, and published `heads`, against it."""
        with database.reading(self._engine) as session:
            return audit.examine(session, heads)

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

    @contextmanager
    def _recording(self, event: str) -> Iterator[tuple[Session, int]]:
        """A writing transaction, and the time; what it did becomes a link of the audit chain."""
        with database.writing(self._engine) as session:
            session.connection()  # waits for its turn, and then looks at the clock
            now = self._now()
            yield session, now
            audit.append(session, event, now=now)

    @contextmanager
    def _dating(self, event: str, clock_is_right: bool) -> Iterator[tuple[Session, int]]:
        """The same for what is dated and lasts: under no wrong clock.

        Raises:
            IssuerError: `clock_behind`, `clock_ahead`.
        """
        with self._recording(event) as (session, now):
            if not clock_is_right:
                publication.check_clock(session, now=now)
            yield session, now

    def _now(self) -> int:
        return int(self._clock().timestamp())

    def _making(self, session: Session, kind: Kind, now: int) -> Making:
        signed = trust_files.signed_keys(self.home)
        return credentials.making(session, kind, self._keyring, signed=signed, now=now)

    def _enact(self, number: str, act: Act) -> None:
        with self._recording(act.value) as (session, now):
            register.enact(session, register.find(session, number), act, now=now)
