"""The part of the ministry's desk that keeps the register, and no data longer than needed."""

from __future__ import annotations

from pathlib import Path

from did.keyfile import Cost
from issuer import (
    backup,
    erasure,
)
from issuer.backup import Backup
from issuer.duties import Order
from issuer.opened_home import OpenedHome
from issuer.order_book import Waiting
from issuer.progress import Progress


class Keeping(OpenedHome):
    """Backups and erasure."""

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
