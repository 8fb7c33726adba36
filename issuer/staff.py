"""The ministry's staff: who they are, what they may do, and the key of each.

HOME/staff/NAME.json   a member's Ed25519 key under a passphrase of their own (`did.keyfile`)

The public half stands in the register, for good: orders that somebody signed
years ago are checked with it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from sqlmodel import Session, col, select

from did import Algorithm, DidError, PublicKey, Signer, SoftwareSigner, keyfile, strict_json
from did.keyfile import Cost
from issuer.duties import Role
from issuer.errors import IssuerError
from issuer.home import Home
from issuer.models import Staff
from issuer.signing import opens_keys
from trust.disk import sync_folder

FIRST: Mapping[str, Role] = MappingProxyType(
    {
        "officer": Role.OFFICER,
        "approver": Role.APPROVER,
        "admin-1": Role.ADMINISTRATOR,
        "admin-2": Role.ADMINISTRATOR,
    }
)
"""Who a home begins with: the fewest who can do everything, and add the others."""
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,31}")
_MAX_JWK = 1 << 10


class WrongStaffPassphraseError(IssuerError):
    """`wrong_passphrase`, of the key of the member of staff that `name` is; no other key was tried."""

    def __init__(self, name: str) -> None:
        super().__init__("wrong_passphrase", f"the passphrase does not open the key of {name}")
        self.name = name


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the staff who has given their passphrase: what they order is signed with their key."""

    id: int
    name: str
    roles: frozenset[Role]
    signer: Signer


def begin(
    session: Session, folder: Path, passphrase: str, *, now: int, cost: Cost, salt: bytes
) -> list[dict[str, object]]:
    """Makes the first staff; every key has the home's passphrase, until each member gives it their own.

    Returns what the audit chain keeps of them, as `describe`.

    Raises:
        IssuerError: `staff_exists`.
    """
    if listing(session):
        raise IssuerError("staff_exists", "there is staff: administrators add others by staff add")
    made = []
    for name, role in FIRST.items():
        (folder / f"{name}.json").unlink(missing_ok=True)  # of one who never came into the register
        public = make_key(folder, name, passphrase, cost=cost, salt=salt)
        add(session, name, [role], public, now=now)
        made.append(describe(name, [role], public))
    return made


def describe(name: str, roles: Collection[Role], public: PublicKey) -> dict[str, object]:
    """Somebody's name, roles and key, as orders and the audit chain say them."""
    return {"name": name, "roles": sorted(roles), "key": public.to_jwk()}


def change_passphrase(home: Home, name: str, old: str, new: str, *, cost: Cost = keyfile.MODERATE) -> None:
    """Puts somebody's key under another passphrase: the old file is there until the new one is whole.

    Raises:
        IssuerError: `bad_staff_name`, `key_missing`, or as `check_new_passphrase`; of `old`
            `WrongStaffPassphraseError`.
        DidError: `malformed_key_file`.
        OSError: the file cannot be written.
    """
    folder = home.staff
    check_name(name)
    signer = _open_key(folder, name, old)
    if new == old:
        raise IssuerError("same_passphrase", "this key has this passphrase already: choose another")
    check_new_passphrase(home, new)
    path = folder / f"{name}.json"
    beside = path.with_name(f".{name}.new")
    beside.unlink(missing_ok=True)
    keyfile.save(beside, signer, new, cost=cost)
    beside.replace(path)
    sync_folder(folder)


def sign_in(session: Session, folder: Path, name: str, passphrase: str) -> Member:
    """Opens the key of a member of staff.

    Raises:
        IssuerError: `unknown_person`, `no_staff`, `person_ended`, `key_missing`, `key_mismatch`,
            `WrongStaffPassphraseError`.
        DidError: `malformed_key_file`.
    """
    person = find(session, name)
    if person.ended_at is not None:
        raise IssuerError("person_ended", "this member of staff has left, or has another name now")
    signer = _open_key(folder, person.name, passphrase)
    if signer.public_key != key_of(person):
        raise IssuerError("key_mismatch", "a key file holds another key than the register names")
    return Member(person.id or 0, person.name, roles_of(person), signer)


def make_key(
    folder: Path, name: str, passphrase: str, *, cost: Cost = keyfile.MODERATE, salt: bytes | None = None
) -> PublicKey:
    """A new key for somebody, in a file of theirs.

    Raises:
        IssuerError: `bad_staff_name`, `weak_passphrase`.
        OSError: the file cannot be written.
    """
    check_name(name)
    _check_passphrase(passphrase)
    folder.mkdir(mode=0o700, exist_ok=True)
    signer = SoftwareSigner.generate(Algorithm.ED25519)
    keyfile.save(folder / f"{name}.json", signer, passphrase, cost=cost, salt=salt)
    sync_folder(folder)
    return signer.public_key


def add(session: Session, name: str, roles: Collection[Role], public: PublicKey, *, now: int) -> None:
    """Enters somebody for good.

    Raises:
        IssuerError: as `check_new`.
    """
    check_new(session, name, roles, public)
    session.add(Staff(name=name, roles=" ".join(sorted(roles)), public_jwk=write_key(public), created_at=now))
    session.flush()


def check_new(session: Session, name: str, roles: Collection[Role], public: PublicKey) -> None:
    """Refuses who cannot be added.

    Raises:
        IssuerError: `bad_staff_name`, `no_roles`, `person_exists`.
    """
    check_name(name)
    if not roles:
        raise IssuerError("no_roles", "a member of staff has at least one role")
    same = select(Staff).where((col(Staff.name) == name) | (col(Staff.public_jwk) == write_key(public)))
    if session.exec(same).first() is not None:
        raise IssuerError("person_exists", "there is somebody of this name, or with this key, already")


def end(session: Session, name: str, *, now: int) -> None:
    """Ends somebody's part in everything.

    Raises:
        IssuerError: as `check_end`.
    """
    check_end(session, name).ended_at = now
    session.flush()


def check_end(session: Session, name: str) -> Staff:
    """Refuses whose part cannot be ended: the last two who could add others stay.

    Raises:
        IssuerError: `unknown_person`, `person_ended`, `last_administrators`.
    """
    person = find(session, name)
    if person.ended_at is not None:
        raise IssuerError("person_ended", "this member of staff has left, or has another name now")
    others = (one for one in listing(session) if one.ended_at is None and one.id != person.id)
    if sum(Role.ADMINISTRATOR in roles_of(one) for one in others) < 2 and Role.ADMINISTRATOR in roles_of(
        person
    ):
        raise IssuerError("last_administrators", "two administrators stay: add another before")
    return person


def find(session: Session, name: str) -> Staff:
    """The member of staff with this name.

    Raises:
        IssuerError: `unknown_person`, `no_staff`.
    """
    person = session.exec(select(Staff).where(Staff.name == name)).first()
    if person is None:
        check_begun(session)
        raise IssuerError("unknown_person", "the register has no member of staff of this name: staff list")
    return person


def check_begun(session: Session) -> None:
    """Refuses a register that is older than its staff.

    Raises:
        IssuerError: `no_staff`.
    """
    if not listing(session):
        raise IssuerError("no_staff", "this register is older than its staff: staff begin makes the first")


def listing(session: Session) -> list[Staff]:
    """Everybody who is or was of the staff, in the order they came."""
    return list(session.exec(select(Staff).order_by(col(Staff.id))))


def roles_of(person: Staff) -> frozenset[Role]:
    """What somebody is there for.

    Raises:
        IssuerError: `register_damaged` when the row was tampered with.
    """
    try:
        return frozenset(map(Role, person.roles.split()))
    except ValueError as error:
        raise IssuerError("register_damaged", "a member of staff has a role that there is not") from error


def key_of(person: Staff) -> PublicKey:
    """The public half of somebody's key.

    Raises:
        IssuerError: `key_mismatch` when the row was tampered with.
    """
    try:
        return PublicKey.from_jwk(strict_json.loads(person.public_jwk, max_bytes=_MAX_JWK))
    except DidError as error:
        raise IssuerError("key_mismatch", "a key in the register is none") from error


def write_key(public: PublicKey) -> str:
    """A public key as it stands in the register."""
    return strict_json.dumps(public.to_jwk()).decode()


def check_name(name: str) -> None:
    """A name is a file's too, on every system.

    Raises:
        IssuerError: `bad_staff_name`.
    """
    if not _NAME.fullmatch(name):
        raise IssuerError("bad_staff_name", "a name has 1 to 32 of a-z, 0-9, hyphen and dot")


def check_new_passphrase(home: Home, passphrase: str) -> None:
    """Refuses what is too short, and the home's own: others know that one.

    Raises:
        IssuerError: `weak_passphrase`, `same_passphrase`.
    """
    _check_passphrase(passphrase)
    if opens_keys(home.keys, passphrase):
        raise IssuerError(
            "same_passphrase", "this is the home's passphrase, which others know: choose another"
        )


def _open_key(folder: Path, name: str, passphrase: str) -> SoftwareSigner:
    try:
        return keyfile.load(folder / f"{name}.json", passphrase)
    except OSError as error:
        raise IssuerError("key_missing", "a key file of the home cannot be read") from error
    except DidError as error:
        if error.code != "wrong_passphrase":
            raise
        raise WrongStaffPassphraseError(name) from error


def _check_passphrase(passphrase: str) -> None:
    if len(passphrase) < keyfile.MIN_PASSPHRASE:
        raise IssuerError(
            "weak_passphrase", f"the passphrase has at least {keyfile.MIN_PASSPHRASE} characters"
        )
