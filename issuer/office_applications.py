"""The part of the ministry's desk that takes in applications and brings them to a card."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from sqlmodel import Session

from issuer import (
    amendment_rows,
    amendments,
    applicant,
    application_file,
    applications,
    database,
    doubts,
    handing_over,
    register,
    rejections,
    report_xlsx,
    views,
)
from issuer.amendments import Amended
from issuer.applicant import Applicant
from issuer.applications import ImportReport
from issuer.doubts import Doubtful
from issuer.duties import DUTIES, Order, check_ask
from issuer.errors import IssuerError
from issuer.handing_over import HandingReport
from issuer.lifecycle import Act
from issuer.opened_home import OpenedHome
from issuer.order_book import Waiting
from issuer.orders import Written
from issuer.photo_folder import PhotoFolder
from issuer.photo_store import PhotoStore
from issuer.progress import Progress
from issuer.rejection_reasons import RejectionReason


class _NothingWaitsError(Exception):
    """There is nothing to give an order about, and so none is given."""


class Applications(OpenedHome):
    """From a row of a file to a card in somebody's hand."""

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
                report_xlsx.write(report, table, surveyed.header, made, reading.codes)
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
                report_xlsx.write(report, table, surveyed.header, made, reading.codes)
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

    def sees_applicants(self) -> bool:
        """Whether whoever is at it is one of the staff who decide on applications."""
        member = self._desk.member
        return member is not None and not DUTIES[Order.APPROVE].ask.isdisjoint(member.roles)

    def applicant(self, application: int) -> Applicant | None:
        """What an application says of its person; None where their data were erased.

        Raises:
            IssuerError: `no_person`, `not_their_duty`, `unknown_application`.
        """
        check_ask(Order.APPROVE, self._desk.somebody().roles)
        with database.reading(self._engine) as session:
            card = register.find_application(session, application)
            return applicant.read(session, card, PhotoStore(self.home.photos))

    def photo(self, application: int) -> bytes:
        """The photograph of an application, a JPEG.

        Raises:
            IssuerError: `no_photo`, `photo_missing`, or as `applicant`.
        """
        said = self.applicant(application)
        digest = None if said is None else said.row.photo_sha256
        if digest is None:
            raise IssuerError("no_photo", "this application has no photograph")
        photo = PhotoStore(self.home.photos).read(digest)
        if photo is None:
            raise IssuerError("photo_missing", "it is gone from the home; restore the folder photos")
        return photo

    def without_photo(self, applications: Sequence[int]) -> int:
        """How many of these applications have no photograph."""
        with database.reading(self._engine) as session:
            return views.without_photo(session, applications)

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
