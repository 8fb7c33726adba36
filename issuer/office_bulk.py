"""The part of the ministry's desk that issues again for everybody who has a phone."""

from __future__ import annotations

from collections.abc import Collection

from issuer import database, publication, reissue, reissue_run, trust_files
from issuer.duties import Order
from issuer.lifecycle import ListKind
from issuer.opened_home import OpenedHome
from issuer.order_book import Waiting
from issuer.progress import Progress
from issuer.reissue import Standing
from issuer.reissue_run import Report


class Bulk(OpenedHome):
    """Re-issues: ordered by two people, gone on with by one."""

    def reissue(
        self,
        kinds: Collection[ListKind] = (),
        *,
        workers: int | None = None,
        progress: Progress | None = None,
        clock_is_right: bool = False,
    ) -> Report | Waiting:
        """Issues again for everybody who has a phone, or goes on where the last call was cut short.

        Credentials that phones hold stay as they are; the new ones wait to be fetched (`issue`).
        A re-issue whose key was stolen or has ended is closed, and another one asked for.

        Raises:
            IssuerError: `reissue_open`, `no_issuing_key`, `seal_key_stolen`, `issuing_key_stolen`,
                `clock_behind`, `clock_ahead`.
            StatusError: `list_full`.
        """
        number, wanted = self._open_one(kinds, clock_is_right=clock_is_right)
        if number is None:
            details = {"kinds": [kind.value for kind in ListKind if kind in wanted]}
            begun: Standing | Waiting = self._desk.give(
                Order.REISSUE,
                lambda _: (),
                self._carrying_out(),
                details=details,
                clock_is_right=clock_is_right,
            )
            if isinstance(begun, Waiting):
                return begun
            number = begun.number
        with database.reading(self._engine) as session:
            signers = reissue_run.signers(session, self._keyring, number)
        report = reissue_run.run(
            self._engine, self._desk, number, signers, workers=workers, progress=progress
        )
        self._finish(number)
        return report

    def reissued(self) -> Standing | None:
        """How far the re-issue has come that is open or was last."""
        with database.reading(self._engine) as session:
            return reissue.latest(session)

    def _open_one(
        self, kinds: Collection[ListKind], *, clock_is_right: bool
    ) -> tuple[int | None, Collection[ListKind]]:
        """The number of the re-issue that is open and can go on, and which kinds are wanted."""
        signed, now = trust_files.signed_keys(self.home), int(self._clock().timestamp())
        with database.reading(self._engine) as session:
            found = reissue.current(session)
            if found is None:
                return None, kinds or list(ListKind)
            if not clock_is_right:
                publication.check_clock(session, now=now)
            reissue.check_kinds(found, kinds)
            number, wanted = reissue.number_of(found), reissue.kinds_of(found)
            if reissue.can_go_on(session, found, signed=signed, now=now):
                return number, wanted
        with self._desk.alone(Order.REISSUE_PART, reissue=number) as (session, now):
            reissue.close(session, number, now=now)
        return None, wanted

    def _finish(self, number: int) -> None:
        with database.reading(self._engine) as session:
            done = reissue.is_done(session, number)
        if done:
            with self._desk.alone(Order.REISSUE_PART, reissue=number) as (session, now):
                reissue.close(session, number, now=now)
