"""The vault: one sealed file in one folder, and nothing readable beside it.

Everything personal is inside the box: holder keys, credentials, which
ministry, how many. Names of files are constants, and the box is padded, so
that its length tells little. A change replaces the whole file; a lock makes
two programs change it one after the other.
"""

from __future__ import annotations

import fcntl
import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from did import DidError, base64url, keyfile, strict_json
from did.keyfile import Cost
from wallet_sdk import atomic_file
from wallet_sdk.contents import MAX_BYTES, Contents
from wallet_sdk.errors import WalletError

FILE = "wallet.json"
MIN_PASSPHRASE = 8
LOCK = "lock"
_PADDING = 1 << 14
_MAX_FILE = 2 * MAX_BYTES
OURS = {FILE, LOCK, f".{FILE}.new"}


class Vault:
    """An opened home; holds the passphrase, because each change seals anew.

    `cost` and `salt` are the home's own: the key is derived once a process.
    """

    __slots__ = ("_cost", "_passphrase", "_salt", "home")

    def __init__(self, home: Path, passphrase: str, *, cost: Cost, salt: bytes) -> None:
        self.home = home
        # The same Khmer passphrase from two keyboards is the same passphrase.
        self._passphrase = unicodedata.normalize("NFC", passphrase)
        self._cost = cost
        self._salt = salt

    @classmethod
    def create(cls, home: Path, passphrase: str, *, cost: Cost) -> Vault:
        """Makes an empty vault in `home`, which becomes readable to its owner only.

        Raises:
            WalletError: `wallet_exists`, `home_not_empty`, `weak_passphrase`,
                `unwritable_file`.
        """
        if len(passphrase.strip()) < MIN_PASSPHRASE:
            raise WalletError("weak_passphrase", f"the passphrase has at least {MIN_PASSPHRASE} characters")
        vault = cls(home, passphrase, cost=cost, salt=keyfile.new_salt())
        _prepare(home)
        with vault.locked():
            if exists(home):
                raise WalletError("wallet_exists", "there is a wallet in this folder")
            vault.write(Contents())
        return vault

    @classmethod
    def open(cls, home: Path, passphrase: str) -> Vault:
        """Opens the vault in `home`; whether the passphrase is right shows at the first `read`.

        Raises:
            WalletError: `no_wallet`, `damaged_wallet`, `unsupported_wallet`, `unreadable_file`.
        """
        if not exists(home):
            raise WalletError("no_wallet", "there is no wallet in this folder")
        match _document(home):
            case {"passes": int(passes), "memory": int(memory), "salt": str(salt)}:
                return cls(home, passphrase, cost=Cost(passes, memory), salt=_undamaged(salt))
        raise WalletError("damaged_wallet", "the wallet's file is not whole")

    def read(self) -> Contents:
        """What is in the vault.

        Raises:
            WalletError: `wrong_passphrase`, `damaged_wallet`, `unreadable_file`.
        """
        try:
            data = keyfile.unseal(_document(self.home), self._passphrase)
        except DidError as error:
            if error.code == "wrong_passphrase":
                raise WalletError("wrong_passphrase", "the passphrase does not open this wallet") from error
            raise WalletError("damaged_wallet", "the wallet's file is not whole") from error
        return Contents.from_json(data)

    def write(self, contents: Contents) -> None:
        """Replaces what is in the vault; to be called while it is `locked`.

        Raises:
            WalletError: `wallet_full`, `unwritable_file`.
        """
        data = contents.to_json()
        data += b" " * (-len(data) % _PADDING)
        sealed = keyfile.seal(data, self._passphrase, cost=self._cost, salt=self._salt)
        document = {"montrey": "wallet", "version": 1, **sealed}
        atomic_file.write(self.home / FILE, strict_json.dumps(document) + b"\n")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps other programs from changing this vault; a killed program leaves no lock behind."""
        try:
            descriptor = os.open(self.home / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise WalletError("unwritable_file", f"{self.home}: {error.strerror}") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def exists(home: Path) -> bool:
    """Whether there is a wallet in `home`."""
    return (home / FILE).is_file()


def _prepare(home: Path) -> None:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not {entry.name for entry in home.iterdir()} <= OURS:
            raise WalletError("home_not_empty", "the folder for a new wallet holds other files")
        home.chmod(0o700)
    except OSError as error:
        raise WalletError("unwritable_file", f"{home}: {error.strerror}") from error


def _document(home: Path) -> dict[str, object]:
    try:
        document = strict_json.loads(atomic_file.read(home / FILE, max_bytes=_MAX_FILE), max_bytes=_MAX_FILE)
    except DidError as error:
        raise WalletError("damaged_wallet", "the wallet's file is not whole") from error
    if not isinstance(document, dict) or document.get("montrey") != "wallet":
        raise WalletError("damaged_wallet", "the wallet's file is not whole")
    if document.get("version") != 1:
        raise WalletError("unsupported_wallet", "this wallet was written by a later version")
    return document


def _undamaged(salt: str) -> bytes:
    try:
        return base64url.decode(salt)
    except DidError as error:
        raise WalletError("damaged_wallet", "the wallet's file is not whole") from error
