"""The home's signing keys: each opened for the one kind of thing it may sign."""

from __future__ import annotations

from pathlib import Path

from did import SoftwareSigner, keyfile, strict_json
from issuer.errors import IssuerError
from issuer.models import SigningKey
from trust import KeyKind

ONLINE = "tuf-online"
"""The key of the TUF roles online, snapshot and timestamp."""


class Keyring:
    """The key files in `folder`, opened when they are needed.

    `passphrase` None: nothing can be signed, and whoever tries is told so.
    """

    def __init__(self, folder: Path, passphrase: str | None) -> None:
        self._folder = folder
        self._passphrase = passphrase
        self._opened: dict[str, SoftwareSigner] = {}

    def signer(self, key: SigningKey, kind: KeyKind) -> SoftwareSigner:
        """The private half of `key`, which must be of `kind`.

        Raises:
            IssuerError: `passphrase_needed`, `key_missing`, `key_mismatch`.
            DidError: `wrong_passphrase`, `malformed_key_file`.
            ValueError: for a key of another kind.
        """
        if key.kind != kind.value:
            raise ValueError("a key signs one kind of thing only")
        signer = self._open(key.kid)
        if strict_json.dumps(signer.public_key.to_jwk()).decode() != key.public_jwk:
            raise IssuerError("key_mismatch", "a key file holds another key than the register names")
        return signer

    def online(self) -> SoftwareSigner:
        """The key that signs snapshots, timestamps and the online role's targets.

        Raises:
            IssuerError: `passphrase_needed`, `key_missing`.
            DidError: `wrong_passphrase`, `malformed_key_file`.
        """
        return self._open(ONLINE)

    def _open(self, name: str) -> SoftwareSigner:
        if self._passphrase is None:
            raise IssuerError("passphrase_needed", "this has to be signed: the home's passphrase is needed")
        if name not in self._opened:
            try:
                self._opened[name] = keyfile.load(self._folder / f"{name}.json", self._passphrase)
            except OSError as error:
                raise IssuerError("key_missing", "a key file of the home cannot be read") from error
        return self._opened[name]
