"""Making an issuer's home: all of it, or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, select

from credential.codes import TABLES
from credential.template import Kind
from did import Algorithm, PublicKey, SoftwareSigner, keyfile, strict_json
from did.keyfile import Cost
from issuer import allotment, audit, custody, database, printing_keys, staff
from issuer.custody import Custodians
from issuer.default_codes import DEFAULT_CODES, DEFAULT_PURPOSES
from issuer.errors import IssuerError
from issuer.home import Config, Home
from issuer.issuing_keys import ALGORITHMS, key_row, name_of, template_row
from issuer.lifecycle import ListKind
from issuer.models import Code, PurposeRow, SigningKey
from issuer.signing import ONLINE, Keyring
from issuer.trust_files import add_root, documents, write_trust_list
from trust import KeyKind, ceremony
from trust.disk import sync_folder, sync_tree

_TEMPLATES = {ListKind.LIVE: 1, ListKind.SEAL: 2}
_LISTED = (
    (ListKind.LIVE, KeyKind.STATUS),
    (ListKind.SEAL, KeyKind.STATUS),
    (ListKind.SD_JWT, KeyKind.SD_JWT),
)
"""Each kind of list, and the kind of key that signs it."""


@dataclass(frozen=True, slots=True)
class Founding:
    """A home that was made: the fingerprint of its root, or None where custodians still have to make one."""

    home: Home
    fingerprint: str | None


def found(
    path: Path,
    *,
    config: Config,
    passphrase: str,
    now: datetime,
    offline: bool = False,
    cost: Cost = keyfile.MODERATE,
    told: Callable[[int, int], None] | None = None,
) -> Founding:
    """Makes a home at `path`; with `offline` without a root, which custodians make on another machine.

    Raises:
        IssuerError: `home_exists`, `register_exists`, `weak_passphrase`, `unsupported_database`.
        OSError: when it cannot be written.
    """
    whole = path.absolute()  # "." has no name
    building = Home(whole.parent / f".{whole.name}.init")
    if building.path.is_dir():  # what a killed init left: custodians' keys with their passphrases
        shutil.rmtree(building.path)
    if len(passphrase) < keyfile.MIN_PASSPHRASE:
        raise IssuerError(
            "weak_passphrase", f"the passphrase has at least {keyfile.MIN_PASSPHRASE} characters"
        )
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise IssuerError("home_exists", "there is something at this place already")
    path.parent.mkdir(parents=True, exist_ok=True)
    building.path.mkdir(mode=0o700)
    try:
        root = _build(
            building,
            config=config,
            passphrase=passphrase,
            now=now,
            offline=offline,
            cost=cost,
            told=told,
        )
        building.path.replace(path)
        sync_folder(path.parent)
    except BaseException:
        shutil.rmtree(building.path, ignore_errors=True)
        raise
    return Founding(Home(path), ceremony.fingerprint(root) if root else None)


def _build(
    home: Home,
    *,
    config: Config,
    passphrase: str,
    now: datetime,
    offline: bool,
    cost: Cost,
    told: Callable[[int, int], None] | None,
) -> bytes | None:
    """Everything of a home; returns its root, if it has one."""
    home.config.write_bytes(config.to_json() + b"\n")
    home.trust.mkdir(mode=0o700)
    salt = keyfile.new_salt()
    made = _make_keys(home, passphrase, now, cost, salt)
    online, printing = made.pop(ONLINE), made.pop(printing_keys.name_of(now))
    home.online_key.write_bytes(strict_json.dumps(online.to_jwk()) + b"\n")
    engine = database.connect(home.database_url())
    database.create(engine)
    root = None
    # The rows are kept only once all the files are there: a database elsewhere
    # must not hold the register of a home that never was.
    with database.writing(engine) as session:
        _furnish(session, config, made, now)
        session.add(printing_keys.row(printing_keys.name_of(now), printing, now=int(now.timestamp())))
        people = staff.begin(session, home.staff, passphrase, now=int(now.timestamp()), cost=cost, salt=salt)
        audit.append(session, "found", now=int(now.timestamp()), kids=sorted(made), staff=people)
        if not offline:
            files = documents(session, config, kids=made)
            custodians = custody.make_custodians(home.offline, cost=cost, told=told)
            root = _sign_trust(home, custodians, online, files, now)
        sync_tree(home.path)
    engine.dispose()
    return root


def _sign_trust(
    home: Home, custodians: Custodians, online: PublicKey, files: Mapping[str, bytes], now: datetime
) -> bytes:
    """The first root and trust list, signed by two of three each."""
    root = custody.make_root(custodians, [online], now=now)
    trust_list = custody.draw_up(root, files, before=None, version=1, now=now)
    for signer in custodians.targets[: ceremony.THRESHOLD]:
        trust_list = trust_list.signed(signer)
    add_root(home, root)
    write_trust_list(home, trust_list, now=now)
    return root


def _make_keys(home: Home, passphrase: str, now: datetime, cost: Cost, salt: bytes) -> dict[str, PublicKey]:
    """One key of every kind, named after the quarter it was made in, the printing key, the online key."""
    home.keys.mkdir(mode=0o700)
    algorithms = {name_of(kind, now): algorithm for kind, algorithm in ALGORITHMS.items()}
    made = {}
    others = {printing_keys.name_of(now): printing_keys.ALGORITHM, ONLINE: Algorithm.ED25519}
    for name, algorithm in {**algorithms, **others}.items():
        signer = SoftwareSigner.generate(algorithm)
        keyfile.save(home.keys / f"{name}.json", signer, passphrase, cost=cost, salt=salt)
        made[name] = signer.public_key
    return made


def _furnish(session: Session, config: Config, keys: Mapping[str, PublicKey], now: datetime) -> None:
    """The first rows: keys, lists with their decoys, templates 1 and 2, codes, purposes."""
    if session.exec(select(SigningKey)).first() is not None:
        raise IssuerError("register_exists", "the database holds a register already")
    seconds = int(now.timestamp())
    kids = {KeyKind(kid.rpartition("-")[0]): kid for kid in keys}
    session.add_all(key_row(kind, kid, keys[kid], config.issuer, now=seconds) for kind, kid in kids.items())
    session.flush()
    for kind, signed_by in _LISTED:
        status_list = allotment.add_list(session, kind, config.issuer, kid=kids[signed_by], now=seconds)
        if kind in _TEMPLATES:
            kid, number = kids[KeyKind(kind.value)], _TEMPLATES[kind]
            session.add(template_row(Kind(kind.value), kid, status_list, config.issuer, number=number))
    for table in TABLES:
        for code, title in getattr(DEFAULT_CODES, table).items():
            session.add(Code(kind=table, code=code, km=title.km, en=title.en))
    for name, permitted, title in DEFAULT_PURPOSES:
        session.add(PurposeRow(name=name, permitted=permitted, km=title.km, en=title.en))


def begin_staff(path: Path, passphrase: str, *, now: datetime, cost: Cost = keyfile.MODERATE) -> None:
    """Gives a home that is older than its staff the members that a new one begins with.

    Raises:
        IssuerError: `no_home`, `staff_exists`, `key_missing`.
        DidError: `wrong_passphrase`, as of the home's keys.
    """
    home = Home(path)
    home.read_config()
    Keyring(home.keys, passphrase).check_passphrase()
    engine = database.connect(home.database_url())
    database.upgrade(engine)
    with database.writing(engine) as session:
        seconds = int(now.timestamp())
        people = staff.begin(session, home.staff, passphrase, now=seconds, cost=cost, salt=keyfile.new_salt())
        audit.append(session, "staff_begin", now=seconds, staff=people)
