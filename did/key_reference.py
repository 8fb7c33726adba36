"""A key file that holds no key: it names one in a token (HSM), and says what its public half is.

It stands where an encrypted key file stands (`keyfile`). It names token and
key, and never the module: a library is code, and what a folder that travels
names must not be run.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from did import base64url, strict_json
from did.errors import DidError
from did.keyfile import MAX_FILE
from did.keys import PublicKey

_KIND = "pkcs11"
_MEMBERS = 7
_MAX_ID = 64
"""Characters of a CKA_ID in base64url."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyReference:
    """A key in the token called `token` with this serial number; `id` is its CKA_ID."""

    token: str
    serial: str
    label: str
    id: bytes
    public_key: PublicKey

    def save(self, path: Path) -> None:
        """Writes the file; an existing one is never overwritten.

        Raises:
            FileExistsError: when `path` exists.
        """
        document = {
            "montrey": _KIND,
            "version": 1,
            "token": self.token,
            "serial": self.serial,
            "label": self.label,
            "id": base64url.encode(self.id),
            "public": self.public_key.to_jwk(),
        }
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(strict_json.dumps(document) + b"\n")
            file.flush()
            os.fsync(file.fileno())


def load(path: Path) -> KeyReference | None:
    """The key that a key file names; None for one that holds its key itself.

    Raises:
        DidError: `malformed_key_file`, or what its JSON or JWK is refused for.
        OSError: when the file cannot be read.
    """
    with path.open("rb") as file:
        document = strict_json.loads(file.read(MAX_FILE + 1), max_bytes=MAX_FILE)
    match document:
        case {
            "montrey": "pkcs11",
            "version": 1,
            "token": str(token),
            "serial": str(serial),
            "label": str(label),
            "id": str(key_id),
            "public": public,
        } if len(document) == _MEMBERS and token and serial and label and len(key_id) <= _MAX_ID:
            return KeyReference(
                token=token,
                serial=serial,
                label=label,
                id=base64url.decode(key_id),
                public_key=PublicKey.from_jwk(public),
            )
        case {"montrey": _}:
            raise DidError("malformed_key_file", "not a reference to a key in a token, of this version")
    return None
