"""Private keys at rest: argon2id over the passphrase, secretbox over the key (libsodium).

Argon2id costs about a second on purpose. The keys of one home share a salt,
so that a command which needs five of them pays once; each box has its own
random nonce, which is what secretbox needs.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nacl import pwhash
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from did import base64url, strict_json
from did.errors import DidError
from did.keys import PublicKey
from did.signer import SoftwareSigner

MIN_PASSPHRASE = 8
"""Characters."""
MAX_FILE = 4096
"""Bytes of a key file; a real one has about 400."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess at a passphrase costs: passes, and bytes of memory (RFC 9106 §3.1)."""

    passes: int
    memory: int


MODERATE = Cost(pwhash.argon2id.OPSLIMIT_MODERATE, pwhash.argon2id.MEMLIMIT_MODERATE)
"""256 MiB, three passes: the default."""
INTERACTIVE = Cost(pwhash.argon2id.OPSLIMIT_INTERACTIVE, pwhash.argon2id.MEMLIMIT_INTERACTIVE)
"""64 MiB, two passes: for a phone, or a demonstration."""
_LIMIT = Cost(10, 1 << 30)
"""The most a key file may ask for: a hostile one must not exhaust the machine."""


def new_salt() -> bytes:
    """16 random bytes, to be shared by the keys of one home and passphrase."""
    return secrets.token_bytes(pwhash.argon2id.SALTBYTES)


def seal(
    secret: bytes, passphrase: str, *, cost: Cost = MODERATE, salt: bytes | None = None
) -> dict[str, object]:
    """Encrypts `secret` to a JSON object that `unseal` opens."""
    salt = salt or new_salt()
    box = SecretBox(_derive(passphrase, salt, cost))
    return {
        "kdf": "argon2id",
        "passes": cost.passes,
        "memory": cost.memory,
        "salt": base64url.encode(salt),
        "box": base64url.encode(bytes(box.encrypt(secret))),
    }


def unseal(sealed: object, passphrase: str) -> bytes:
    """Decrypts what `seal` made.

    Raises:
        DidError: `malformed_key_file`, `wrong_passphrase`.
    """
    match sealed:
        case {
            "kdf": "argon2id",
            "passes": int(passes),
            "memory": int(memory),
            "salt": str(salt),
            "box": str(box),
        }:
            pass
        case _:
            raise DidError("malformed_key_file", "not an encrypted key")
    raw_salt = base64url.decode(salt)
    if not (1 <= passes <= _LIMIT.passes and 8192 <= memory <= _LIMIT.memory) or len(raw_salt) != 16:
        raise DidError("malformed_key_file", "the key file asks for an unreasonable cost")
    try:
        return SecretBox(_derive(passphrase, raw_salt, Cost(passes, memory))).decrypt(base64url.decode(box))
    except (CryptoError, ValueError, TypeError) as error:
        raise DidError("wrong_passphrase", "the passphrase does not open this key") from error


def save(
    path: Path, signer: SoftwareSigner, passphrase: str, *, cost: Cost = MODERATE, salt: bytes | None = None
) -> None:
    """Writes a key file that only its owner can read; an existing file is never overwritten.

    Raises:
        FileExistsError: when `path` exists.
    """
    document = {
        "version": 1,
        "public": signer.public_key.to_jwk(),
        **seal(signer.secret, passphrase, cost=cost, salt=salt),
    }
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(strict_json.dumps(document) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def load_public(path: Path) -> PublicKey:
    """The public half of a key file, without a passphrase.

    Raises:
        DidError: `malformed_key_file`, or what its JSON or JWK is refused for.
        OSError: when the file cannot be read.
    """
    return PublicKey.from_jwk(_read(path)["public"])


def load(path: Path, passphrase: str) -> SoftwareSigner:
    """Opens a key file.

    Raises:
        DidError: `malformed_key_file`, `wrong_passphrase`, or what its JSON or JWK is refused for.
        OSError: when the file cannot be read.
    """
    document = _read(path)
    public = PublicKey.from_jwk(document["public"])
    signer = SoftwareSigner(public.algorithm, unseal(document, passphrase))
    if signer.public_key != public:
        raise DidError("malformed_key_file", "the key file's two halves do not belong together")
    return signer


def _read(path: Path) -> dict[str, object]:
    with path.open("rb") as file:
        document = strict_json.loads(file.read(MAX_FILE + 1), max_bytes=MAX_FILE)
    if not isinstance(document, dict) or document.get("version") != 1 or "public" not in document:
        raise DidError("malformed_key_file", "not a key file of this version")
    return document


@lru_cache(maxsize=8)
def _derive(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    return pwhash.argon2id.kdf(
        SecretBox.KEY_SIZE, passphrase.encode("utf-8"), salt, opslimit=cost.passes, memlimit=cost.memory
    )
