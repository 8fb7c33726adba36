"""The home's signing keys: each opened for the one kind of thing it may sign."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from itertools import chain, count
from pathlib import Path

from did import Algorithm, DidError, PublicKey, SoftwareSigner, keyfile, strict_json
from did.keyfile import Cost
from issuer.errors import IssuerError
from issuer.models import SigningKey
from trust import KeyKind
from trust.disk import sync_folder
from trust.tuf_keys import key_id

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

    def online(self, named: Collection[PublicKey]) -> list[SoftwareSigner]:
        """Those of the `named` keys that are here: they sign snapshot, timestamp and the online role.

        More than one while one takes the place of another.

        Raises:
            IssuerError: `passphrase_needed`, `key_missing`.
            DidError: `wrong_passphrase`, `malformed_key_file`.
        """
        here = self._online_keys()
        found = [self._open(name) for name, public in here.items() if public in named]
        if not found:
            raise IssuerError("key_missing", "the home has none of the online keys that the root names")
        return found

    def online_id(self, name: str) -> str | None:
        """The TUF key id of the online key in the file of this name, or None: no passphrase is needed."""
        public = self._online_keys().get(name)
        return None if public is None else key_id(public)

    def make(self, name: str, algorithm: Algorithm, *, cost: Cost) -> tuple[str, PublicKey]:
        """A new key, under `name` or, where that is taken, name-2, name-3 …; its name and public half.

        Raises:
            IssuerError: `passphrase_needed`, `key_missing`.
            DidError: `wrong_passphrase`, `malformed_key_file`.
            OSError: when the file cannot be written.
        """
        self._open(next(iter(self._online_keys()), ONLINE))  # no key is made under a mistyped passphrase
        others = (f"{name}-{number}" for number in count(2))
        free = next(each for each in chain([name], others) if not self._file(each).exists())
        signer = SoftwareSigner.generate(algorithm)
        keyfile.save(self._file(free), signer, self._secret(), cost=cost)
        sync_folder(self._folder)
        return free, signer.public_key

    def _online_keys(self) -> dict[str, PublicKey]:
        """The public half of every online key by its name; what a killed command left is passed over."""
        found = {}
        for path in sorted(self._folder.glob(f"{ONLINE}*.json")):
            with suppress(DidError, OSError):
                found[path.stem] = keyfile.load_public(path)
        return found

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    def _secret(self) -> str:
        if self._passphrase is None:
            raise IssuerError("passphrase_needed", "this has to be signed: the home's passphrase is needed")
        return self._passphrase

    def _open(self, name: str) -> SoftwareSigner:
        passphrase = self._secret()
        if name not in self._opened:
            try:
                self._opened[name] = keyfile.load(self._file(name), passphrase)
            except OSError as error:
                raise IssuerError("key_missing", "a key file of the home cannot be read") from error
        return self._opened[name]
