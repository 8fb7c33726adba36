"""A town for gates: a real ministry with people, their phones and plastic, and homes that believe in it.

A founding takes about a second, so it is made once for all tests and copied
for each one; the phones are the same everywhere, because showing writes nothing.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from credential.challenge import Challenge
from credential.codes import Name
from did.keyfile import Cost
from examples.people import to_csv
from examples.two_people import TwoPeople
from issuer.foundation import found
from issuer.home import DATABASE_VARIABLE, Config
from revocation.delta import to_text
from trust import TrustSnapshot
from trust.sync import SyncReport, init_home, sync
from wallet_sdk import Wallet

os.environ.pop(DATABASE_VARIABLE, None)  # a register that is at work is none of a test's business

PASSPHRASE = "a passphrase of the town"
ISSUER = "https://montrey.example"
_CHEAP = Cost(1, 8192)

Clock = Callable[[], datetime]


def machine_clock() -> datetime:
    """The machine's clock, which a gate that runs as a program reads too."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class _Founded:
    """A ministry's home as it was made, the card numbers and the phones in the order of the people."""

    home: Path
    root: bytes
    numbers: tuple[str, ...]
    wallets: tuple[Wallet, ...]


class Town:
    """A ministry below `folder` with `people` who each have a phone and a handed-over card.

    Everything happens at what `clock` says, the machine's clock by default: a
    gate that is a program of its own then accepts what is shown. People are
    counted from 0.
    """

    def __init__(self, folder: Path, *, people: int = 4, clock: Clock = machine_clock) -> None:
        self.people = people
        self._clock = clock
        self._made = _founded(people, None if clock is machine_clock else clock())
        self._home = Path(shutil.copytree(self._made.home, folder / "town"))
        self.office = TwoPeople.sit_down(self._home, PASSPHRASE, staff_passphrase=PASSPHRASE, clock=clock)

    @property
    def now(self) -> datetime:
        """What the town's clock says."""
        return self._clock()

    @property
    def root(self) -> bytes:
        """The root metadata that a gate's home is made with."""
        return self._made.root

    def number(self, person: int) -> str:
        """The number on a person's card."""
        return self._made.numbers[person]

    def wallet(self, person: int) -> Wallet:
        """A person's phone."""
        return self._made.wallets[person]

    def live(
        self, person: int, now: datetime | None = None, *, challenge: Challenge | str | None = None
    ) -> str:
        """What a person's phone shows at `now`, with a `challenge` the answer to it.

        The same second gives the same text. A gate that was started a moment ago
        asks again for what was signed before its start and a minute: 60 seconds
        ahead is new enough for it, and near enough for any.
        """
        if isinstance(challenge, str):
            challenge = Challenge.from_text(challenge)
        return self.wallet(person).present_live(challenge=challenge, now=now or self.now)

    def seal(self, person: int) -> tuple[str, str]:
        """The printed code of a person's card, and the number on it."""
        return self.office.seal(self.number(person)), self.number(person)

    def suspend(self, person: int) -> None:
        """Stops a person's card; gates learn it by the next publication or delta."""
        self.office.suspend(self.number(person))

    def reinstate(self, person: int) -> None:
        """Ends the suspension of a person's card."""
        self.office.reinstate(self.number(person))

    def revoke(self, person: int) -> None:
        """Ends a person's card for good."""
        self.office.revoke(self.number(person))

    def publish(self, stick: Path) -> Path:
        """Writes a publication to `stick`, a folder that is new or holds an earlier one; returns it."""
        self.office.publish(stick)
        return stick

    def delta(self) -> list[str]:
        """What changed since the last publication: the `MS1:` text of each list that a gate holds."""
        return [to_text(data) for data in self.delta_files().values()]

    def delta_files(self) -> dict[str, bytes]:
        """The same as files: the bytes by the list's name."""
        return {made.name: made.data for made in self.office.deltas() if not made.name.startswith("sd-jwt")}

    def sync(self, home: Path, stick: Path) -> SyncReport:
        """Brings a gate's home up to date from a stick."""
        return sync(home, stick, now=self.now, forms=("cwt",))

    def home(self, path: Path, *, stick: Path | None = None) -> Path:
        """A gate's home at `path`, up to date: from `stick`, else from a publication made for it."""
        init_home(path, self.root)
        self.sync(path, stick or self.publish(self._home.parent / "stick"))
        return path

    def trust(self, home: Path) -> TrustSnapshot:
        """What a home believes."""
        return TrustSnapshot.load(home)


@cache
def _founded(people: int, moment: datetime | None) -> _Founded:
    now = moment or machine_clock()
    folder = Path(tempfile.mkdtemp(prefix="montrey-town-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    config = Config(issuer=ISSUER, name=Name("ក្រសួង", "Ministry"))
    made = found(folder / "home", config=config, passphrase=PASSPHRASE, now=now, cost=_CHEAP)
    office = TwoPeople.sit_down(
        folder / "home", PASSPHRASE, staff_passphrase=PASSPHRASE, clock=lambda: moment or machine_clock()
    )
    file = folder / "people.csv"
    file.write_text(to_csv(people), encoding="utf-8-sig")
    assert office.import_file(file).imported == people
    numbers = tuple(number for _, number in office.approve())
    office.hand_over()
    wallets = []
    for person, number in enumerate(numbers):
        now = moment or machine_clock()
        wallet = Wallet.create(folder / f"phone-{person}", PASSPHRASE, cost=_CHEAP)
        wallet.receive(office.issue(wallet.request(office.offer(number), now=now)), now=now)
        wallets.append(wallet)
    return _Founded(folder / "home", (made.home.trust / "1.root.json").read_bytes(), numbers, tuple(wallets))
