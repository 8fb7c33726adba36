"""Custodians: their keys and passphrases, the root they sign, and the trust list they sign.

A trust list is one file that travels: the root that is its authority, the
documents, and the targets metadata over them, which gathers signatures.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from did import Algorithm, DidError, PublicKey, Signer, SoftwareSigner, keyfile, strict_json
from did.keyfile import Cost
from issuer.errors import IssuerError
from trust import ceremony, scrutiny
from trust.tuf_keys import key_id

CUSTODIANS = 3
ROOT_LIFETIME = timedelta(days=730)
KEY_FILE, PASSPHRASE_FILE = "key.json", "passphrase.txt"
MAX_TRUST_LIST = 1 << 23
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another


@dataclass(frozen=True, slots=True)
class Custodians:
    """The signers of the two offline roles, on the machine and in the moment they are made."""

    root: tuple[Signer, ...]
    targets: tuple[Signer, ...]


@dataclass(frozen=True, slots=True)
class TrustList:
    """The documents custodians vouch for (`files`), their signatures (`targets`), and the newest `root`."""

    root: bytes
    targets: bytes
    files: Mapping[str, bytes]

    def to_json(self) -> bytes:
        """The file that travels."""
        return strict_json.dumps(
            {
                "montrey": "trust-list",
                "version": 1,
                "root": self.root.decode(),
                "targets": self.targets.decode(),
                "files": {name: data.decode() for name, data in self.files.items()},
            }
        )

    @classmethod
    def from_json(cls, data: bytes) -> TrustList:
        """Reads what `to_json` wrote; no signature is checked.

        Raises:
            IssuerError: `malformed_trust_list`.
        """
        try:
            document = strict_json.loads(data, max_bytes=MAX_TRUST_LIST)
        except DidError as error:
            raise IssuerError("malformed_trust_list", "this file is no JSON text") from error
        match document:
            case {
                "montrey": "trust-list",
                "version": 1,
                "root": str(root),
                "targets": str(targets),
                "files": dict(files),
            } if all(isinstance(text, str) for text in files.values()):
                return cls(
                    root.encode(), targets.encode(), {name: text.encode() for name, text in files.items()}
                )
        raise IssuerError("malformed_trust_list", "this file is no trust list")

    def check(self, *, now: datetime) -> None:
        """Refuses a list whose signatures go, or would go, over anything but its documents.

        Raises:
            TrustError: a code of `scrutiny.check_trust_list`.
        """
        scrutiny.check_trust_list(self.targets, self.files, root=self.root, now=now)

    def signed(self, signer: Signer) -> TrustList:
        """This list with one custodian's signature added.

        Raises:
            TrustError: `not_a_custodian`, `malformed_metadata`.
        """
        return replace(self, targets=ceremony.sign(self.targets, signer, authority=self.root))


def make_custodians(
    folder: Path, *, cost: Cost = keyfile.MODERATE, told: Callable[[int, int], None] | None = None
) -> Custodians:
    """Three root and three targets keys, each below `folder` beside a passphrase of its own.

    Raises:
        FileExistsError: when a folder is there already.
    """
    made: dict[str, list[Signer]] = {"root": [], "targets": []}
    places = [(role, number) for role in made for number in range(1, CUSTODIANS + 1)]
    for done, (role, number) in enumerate(places, start=1):
        made[role].append(make_custodian(folder / f"{role}-{number}", cost=cost))
        if told:
            told(done, len(places))
    return Custodians(tuple(made["root"]), tuple(made["targets"]))


def new_passphrase() -> str:
    """A passphrase of 99 random bits in five groups, to be written down."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(5))


def make_root(custodians: Custodians, online: Sequence[PublicKey], *, now: datetime) -> bytes:
    """Root version 1, signed by as many root custodians as it takes."""
    keys = ceremony.RoleKeys(
        tuple(signer.public_key for signer in custodians.root),
        tuple(signer.public_key for signer in custodians.targets),
        tuple(online),
    )
    root = ceremony.make_root(keys, expires=now + ROOT_LIFETIME)
    for signer in custodians.root[: keys.threshold]:
        root = ceremony.sign(root, signer)
    ceremony.check(root)
    return root


def make_custodian(folder: Path, *, cost: Cost = keyfile.MODERATE) -> Signer:
    """One custodian's new key, in a new `folder` beside a passphrase of its own.

    Raises:
        FileExistsError: when the folder is there already.
    """
    signer, passphrase = SoftwareSigner.generate(Algorithm.ED25519), new_passphrase()
    folder.mkdir(mode=0o700, parents=True)
    keyfile.save(folder / KEY_FILE, signer, passphrase, cost=cost)
    write_secret(folder / PASSPHRASE_FILE, f"{passphrase}\n")
    return signer


def renew_root(
    previous: bytes,
    *,
    now: datetime,
    online: Sequence[PublicKey] | None = None,
    without: Collection[str] = (),
    root: Sequence[PublicKey] = (),
    targets: Sequence[PublicKey] = (),
) -> bytes:
    """The next root, unsigned: a later end, and the same keys but for what is said.

    `online` take the place of the online keys; the custodians' keys whose TUF
    key ids stand in `without` are left out, and `root` and `targets` are added.

    Raises:
        IssuerError: `unknown_custodian_key`.
        TrustError: `malformed_metadata`, `keys_overlap`, `too_few_keys`.
    """
    keys = ceremony.role_keys(previous)
    if unknown := {*without} - {key_id(key) for key in (*keys.root, *keys.targets)}:
        raise IssuerError(
            "unknown_custodian_key",
            f"the previous root names no custodian's key {min(unknown)}: see root show",
        )
    keys = replace(
        keys,
        root=(*(key for key in keys.root if key_id(key) not in without), *root),
        targets=(*(key for key in keys.targets if key_id(key) not in without), *targets),
        online=keys.online if online is None else tuple(online),
    )
    return ceremony.rotate_root(previous, keys, expires=now + ROOT_LIFETIME)


def draw_up(
    root: bytes, files: Mapping[str, bytes], *, before: TrustList | None, version: int, now: datetime
) -> TrustList:
    """A trust list of these documents, unsigned.

    Raises:
        TrustError: when the documents do not fit each other, or change what `before` promised.
    """
    targets = ceremony.make_targets(
        files,
        online_keys=ceremony.role_keys(root).online,
        expires=now + ceremony.TARGETS_LIFETIME,
        version=version,
        previous=before.files if before else None,
    )
    return TrustList(root, targets, files)


def write_secret(path: Path, text: str) -> None:
    """A new file that only its owner can read.

    Raises:
        FileExistsError: when it is there already.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
