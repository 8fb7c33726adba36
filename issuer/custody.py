"""Custodians: their keys and passphrases, the root they sign, and the trust list they sign.

A trust list is one file that travels: the root that is its authority, the
documents, and the targets metadata over them, which gathers signatures.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from did import Algorithm, DidError, PublicKey, Signer, SoftwareSigner, keyfile, strict_json
from did.keyfile import Cost
from issuer.errors import IssuerError
from trust import ceremony, scrutiny

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
        signer = SoftwareSigner.generate(Algorithm.ED25519)
        place = folder / f"{role}-{number}"
        place.mkdir(mode=0o700, parents=True)
        passphrase = new_passphrase()
        keyfile.save(place / KEY_FILE, signer, passphrase, cost=cost)
        write_secret(place / PASSPHRASE_FILE, f"{passphrase}\n")
        made[role].append(signer)
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


def renew_root(previous: bytes, *, online: Sequence[PublicKey] | None, now: datetime) -> bytes:
    """The next root, unsigned: the same custodians, a later end, and other online keys if given.

    Raises:
        TrustError: `malformed_metadata`, `keys_overlap`.
    """
    keys = ceremony.role_keys(previous)
    if online is not None:
        keys = replace(keys, online=tuple(online))
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
