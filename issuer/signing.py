"""The home's signing keys: each opened for the one kind of thing it may sign."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from itertools import chain, count
from pathlib import Path

from did import Algorithm, DidError, PublicKey, Signer, SoftwareSigner, key_reference, keyfile, strict_json
from did.key_reference import KeyReference
from did.keyfile import Cost
from issuer.errors import IssuerError
from issuer.models import SigningKey
from issuer.token_keys import TokenKeys
from trust import KeyKind
from trust.disk import sync_folder
from trust.tuf_keys import key_id

ONLINE = "tuf-online"
"""The key of the TUF roles online, snapshot and timestamp."""


class Keyring:
    """The key files in `folder`, opened when they are needed.

    A file holds its key, under the home's passphrase, or names one in a token,
    under the token's PIN (`did.key_reference`). `passphrase` or `tokens` None:
    nothing can be signed with such keys, and whoever tries is told so.
    """

    def __init__(self, folder: Path, passphrase: str | None, *, tokens: TokenKeys | None = None) -> None:
        self._folder = folder
        self._passphrase = passphrase
        self._tokens = tokens
        self._opened: dict[str, Signer] = {}

    def signer(self, key: SigningKey, kind: KeyKind) -> Signer:
        """The private half of `key`, which must be of `kind`.

        Raises:
            IssuerError: `passphrase_needed`, `pin_needed`, `key_missing`, `key_mismatch`.
            DidError: `wrong_passphrase`, `malformed_key_file`; of a key in a token, as `TokenKeys.signer`.
            ValueError: for a key of another kind.
        """
        if key.kind != kind.value:
            raise ValueError("a key signs one kind of thing only")
        return self.registered(key.kid, key.public_jwk)

    def registered(self, kid: str, public_jwk: str) -> Signer:
        """The private half of the key that the register has under this name.

        Raises:
            IssuerError, DidError: as `signer`.
        """
        signer = self._open(kid)
        if strict_json.dumps(signer.public_key.to_jwk()).decode() != public_jwk:
            raise IssuerError("key_mismatch", "a key file holds another key than the register names")
        return signer

    def online(self, named: Collection[PublicKey]) -> list[Signer]:
        """Those of the `named` keys that are here: they sign snapshot, timestamp and the online role.

        More than one while one takes the place of another.

        Raises:
            IssuerError: `passphrase_needed`, `pin_needed`, `key_missing`.
            DidError: `wrong_passphrase`, `malformed_key_file`; of a key in a token, as `TokenKeys.signer`.
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

    def make(
        self, name: str, algorithm: Algorithm, *, cost: Cost, token: str | None = None
    ) -> tuple[str, PublicKey]:
        """A new key, under `name` or, where that is taken, name-2, name-3 …; its name and public half.

        It is made in the token of that label, where one is named, and else in a file.

        Raises:
            IssuerError: `passphrase_needed`, `pin_needed`, `key_missing`.
            DidError: `wrong_passphrase`, `malformed_key_file`; in a token, as `TokenKeys.generate`.
            OSError: when the file cannot be written.
        """
        if token is None:
            self.check_passphrase()  # no key is made under a mistyped one
        others = (f"{name}-{number}" for number in count(2))
        free = next(each for each in chain([name], others) if not self._is_taken(each, token))
        if token is None:
            signer = SoftwareSigner.generate(algorithm)
            keyfile.save(self._file(free), signer, self._secret(), cost=cost)
            public = signer.public_key
        else:
            made = self._in_tokens().generate(token, free, algorithm)
            made.save(self._file(free))
            public = made.public_key
        sync_folder(self._folder)
        return free, public

    def check_passphrase(self) -> str:
        """The passphrase, after one key file that it is for was opened, the online key's before another.

        Raises:
            IssuerError: `passphrase_needed`, `key_missing`.
            DidError: `wrong_passphrase`, `malformed_key_file`.
        """
        names = [*self._online_keys(), *sorted(path.stem for path in self._folder.glob("*.json"))]
        for name in names or [ONLINE]:
            if self._reference(name) is None:
                self._open(name)
                break
        return self._secret()

    def _is_taken(self, name: str, token: str | None) -> bool:
        """A key that a killed command left in a token keeps its name there."""
        return self._file(name).exists() or (token is not None and self._in_tokens().has(token, name))

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

    def _in_tokens(self) -> TokenKeys:
        if self._tokens is None:
            raise IssuerError("pin_needed", "the key is in a token (HSM): its PIN is needed")
        return self._tokens

    def _reference(self, name: str) -> KeyReference | None:
        try:
            return key_reference.load(self._file(name))
        except OSError as error:
            raise IssuerError("key_missing", "a key file of the home cannot be read") from error

    def _open(self, name: str) -> Signer:
        if name not in self._opened:
            reference = self._reference(name)
            if reference is not None:
                self._opened[name] = self._in_tokens().signer(reference)
            else:
                self._opened[name] = keyfile.load(self._file(name), self._secret())
        return self._opened[name]


def holds_key(folder: Path) -> bool:
    """Whether a key file in `folder` holds a key itself, under the home's passphrase, damaged ones apart."""
    for path in folder.glob("*.json"):
        with suppress(DidError, OSError):
            if key_reference.load(path) is None:
                return True
    return False


def opens_keys(folder: Path, passphrase: str) -> bool:
    """Whether `passphrase` is that of the key files in `folder`; not where none of them can tell."""
    with suppress(DidError, IssuerError):
        if holds_key(folder):
            Keyring(folder, passphrase).check_passphrase()
            return True
    return False


def names_token(folder: Path) -> bool:
    """Whether a key file in `folder` names a key in a token; a damaged one does not."""
    for path in folder.glob("*.json"):
        with suppress(DidError, OSError):
            if key_reference.load(path) is not None:
                return True
    return False
