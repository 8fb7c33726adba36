"""An issuer's home in a moment: made once, copied for every test, with a clock that the test moves."""

from __future__ import annotations

import atexit
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import postgres_server
import pytest
from issuer_databases import copy_of, is_postgres, speak
from sqlalchemy import Connection

from credential.codes import Name
from credential.packed import pack
from credential.template import Template
from did import Algorithm, Signer, SoftwareSigner, jws, keyfile, strict_json
from did.keyfile import Cost
from examples.people import to_csv
from examples.two_people import TwoPeople
from issuer import database, register_load
from issuer.audit_findings import Problem
from issuer.custody import KEY_FILE, PASSPHRASE_FILE
from issuer.duties import ALONE, DUTIES, Order, Role
from issuer.foundation import Founding, found
from issuer.home import DATABASE_VARIABLE, Config, Home
from issuer.lifecycle import ListKind
from issuer.office import Issuer
from revocation.status_list import Status

os.environ.pop(DATABASE_VARIABLE, None)  # a register that is at work is none of a test's business

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PASSPHRASE = "a passphrase of the ministry"
ISSUER = "https://montrey.example"
CHEAP = Cost(1, 8192)
CONFIG = Config(issuer=ISSUER, name=Name("ក្រសួង", "Ministry"))


class Counter(TwoPeople):
    """An office whose cards are printed and handed over as soon as they are made."""

    def approve(self, *args: Any, **options: Any) -> list[tuple[int, str]]:
        """As `TwoPeople.approve`; the cards are active then."""
        made = super().approve(*args, **options)
        self.hand_over()
        return made

    def replace(self, number: str, **options: Any) -> str:
        """As `TwoPeople.replace`; the new card is active then."""
        made = super().replace(number, **options)
        self.hand_over()
        return made


class Desk:
    """An office with two people in it, its home and its clock.

    `office` hands cards over at once (`Counter`), `plain` is the office as it is.
    """

    def __init__(self, home: Path, *, passphrase: str | None = PASSPHRASE) -> None:
        self.home = home
        self.now = START
        self.office = self.sit_down(passphrase)
        self.plain = TwoPeople.sit_down(home, passphrase, staff_passphrase=PASSPHRASE, clock=lambda: self.now)
        self.engine = speak(database.connect(Home(home).database_url()))

    def sit_down(self, passphrase: str | None = PASSPHRASE, *, pin: str | None = None) -> Counter:
        """Another two at the same home."""
        return Counter.sit_down(
            self.home, passphrase, staff_passphrase=PASSPHRASE, pin=pin, clock=lambda: self.now
        )

    def one(self, name: str) -> Issuer:
        """One member of staff alone."""
        return Issuer.open(self.home, PASSPHRASE, person=(name, PASSPHRASE), clock=lambda: self.now)

    def permit(self) -> None:
        """Opens an order for everything: a raw statement is refused for other reasons, if at all."""
        with self.engine.begin() as connection:
            for statement in standing_orders():
                connection.exec_driver_sql(statement)

    @contextmanager
    def raw(self) -> Iterator[Connection]:
        """A transaction for rows that only a restoration writes, or a founding: the rules of birth rest."""
        with self.engine.begin() as connection, register_load.rules_of_birth_resting(connection):
            yield connection

    def apply(self, count: int, *, seed: int = 1) -> None:
        """Files that many applications of invented people."""
        path = self.home / "people.csv"
        path.write_text(to_csv(count, seed=seed), encoding="utf-8-sig")
        assert self.office.import_file(path).imported == count

    def card(self) -> str:
        """The number of an active card, the home's first."""
        self.apply(1)
        return self.office.approve()[0][1]

    def hand_over(self) -> None:
        """Has every approved card printed and handed over."""
        self.plain.hand_over()

    def later(self, **units: float) -> None:
        """Lets time pass."""
        self.now += timedelta(**units)

    def enrol(self, card: str) -> Mapping[ListKind, Signer]:
        """Gives a card a wallet; returns its keys."""
        keys = new_keys()
        self.office.issue(request(self.office.offer(card), keys, now=self.now))
        return keys

    def sign_trust_list(self) -> None:
        """Two custodians sign the trust list as the register stands, and the home takes it."""
        drawn = self.office.authority.draw_up_trust_list()
        for name in ("targets-1", "targets-2"):
            place = self.office.home.offline / name
            passphrase = (place / PASSPHRASE_FILE).read_text().strip()
            drawn = drawn.signed(keyfile.load(place / KEY_FILE, passphrase))
        self.office.authority.accept_trust_list(drawn)

    def statuses(self, card: str) -> dict[ListKind, list[Status]]:
        """What stands at the indices of a card, by kind, oldest first."""
        found: dict[ListKind, list[Status]] = {}
        for entry in self.office.show(card).indices:
            found.setdefault(ListKind(entry.list_name.rpartition("-")[0]), []).append(entry.status)
        return found

    def printed(self, card: str) -> str:
        """The QR text on the plastic of a card, also of one that has ended."""
        where = f"FROM card JOIN template ON template.number = seal_template WHERE card.number = '{card}'"
        (seal,), (document,) = (self.rows(f"SELECT {column} {where}") for column in ("seal", "document"))
        return pack(seal, Template.from_json(strict_json.loads(document, max_bytes=4096)))

    def rows(self, statement: str) -> list[Any]:
        """What a statement finds in the register."""
        with self.engine.connect() as connection:
            return list(connection.exec_driver_sql(statement).scalars())


def gone(*rules: str) -> list[Problem]:
    """What an audit says, before all else, of rules that a test has taken away."""
    return [Problem("rules_differ", rule, 0) for rule in sorted(rules)]


def without_staff(home: Path) -> None:
    """Puts a register into a home from before there was staff; the keys stay."""
    for path in home.glob("register.sqlite*"):
        path.unlink()
    connection = sqlite3.connect(home / "register.sqlite")
    connection.executescript((Path(__file__).with_name("old_registers") / "0007.sql").read_text("utf-8"))
    connection.close()
    shutil.rmtree(home / "staff")


def standing_orders() -> Iterator[str]:
    """Raw statements that open one order of every kind; nobody has signed them."""
    people = {Role.OFFICER: 1, Role.APPROVER: 2, Role.ADMINISTRATOR: 3}
    for number, order in enumerate(sorted(set(DUTIES) - {Order.RESTORE}), start=1):
        asks = min(people[role] for role in DUTIES[order].ask)
        yield (
            "INSERT INTO staff_order (act, document, sha256, asked_by, asked_at, asked_signature) "  # noqa: S608
            f"VALUES ('{order}', 'none', x'{number:04x}', {asks}, 0, x'00')"
        )
        if order not in ALONE:
            yield (
                f"UPDATE staff_order SET decision = 'confirmed', decided_by = {4 if asks == 3 else 2}, "  # noqa: S608
                f"decided_at = 0, decision_signature = x'00' WHERE sha256 = x'{number:04x}'"
            )


def open_desk(folder: Path, *, passphrase: str | None = PASSPHRASE) -> Desk:
    """A desk over a fresh home below `folder`."""
    home = folder / "ministry"
    if is_postgres():
        copy_of(_made_on_postgres()[1])
    shutil.copytree(founding().home.path, home)
    return Desk(home, passphrase=passphrase)


def founding() -> Founding:
    """What `found` returned for the home that is copied."""
    return _made_on_postgres()[0] if is_postgres() else _made()


def new_keys(algorithm: Algorithm = Algorithm.ED25519) -> dict[ListKind, Signer]:
    """A holder key for each credential."""
    return {
        ListKind.LIVE: SoftwareSigner.generate(algorithm),
        ListKind.SD_JWT: SoftwareSigner.generate(Algorithm.P256),
    }


def request(
    offer: bytes, keys: Mapping[ListKind, Signer], *, now: datetime, header: Any = None, **changed: Any
) -> bytes:
    """A wallet's request; `header` and `changed` claims go into every proof, None takes one out."""
    document = strict_json.loads(offer, max_bytes=1 << 14)
    claims = {
        "aud": document["credential_issuer"],
        "iat": int(now.timestamp()),
        "nonce": document["nonce"],
        **changed,
    }
    payload = strict_json.dumps({name: value for name, value in claims.items() if value is not None})
    proofs = {
        kind.value: jws.sign(
            {"typ": "openid4vci-proof+jwt", "jwk": key.public_key.to_jwk(), **(header or {})}, payload, key
        )
        for kind, key in keys.items()
    }
    return strict_json.dumps({"montrey": "request", "version": 1, "proofs": proofs})


@cache
def _made_on_postgres() -> tuple[Founding, str]:
    """A home without its register, and the database that it is in."""
    register = postgres_server.new_database()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATABASE_VARIABLE, postgres_server.url(register))
        made = _found()
    assert not (made.home.path / "register.sqlite").exists()
    return made, register


@cache
def _made() -> Founding:
    return _found()


def _found() -> Founding:
    folder = Path(tempfile.mkdtemp(prefix="montrey-issuer-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return found(folder / "home", config=CONFIG, passphrase=PASSPHRASE, now=START, cost=CHEAP)
