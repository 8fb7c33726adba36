"""The tokens (HSMs) that keys of a home may be in, opened by one module and one PIN.

Which module is loaded says the environment alone (`MONTREY_PKCS11_MODULE`),
never a file of the home: a home is copied and carried, and a module is code
that runs with all that this program may do.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from did import Algorithm, Signer
from did.key_reference import KeyReference
from issuer.errors import IssuerError

if TYPE_CHECKING:
    from did.pkcs11 import Token

MODULE_VARIABLE = "MONTREY_PKCS11_MODULE"
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


class TokenKeys:
    """Opens tokens with one PIN; `home` is the folder that no module may lie in."""

    def __init__(self, home: Path, pin: str, *, environment: Mapping[str, str] = os.environ) -> None:
        self._home = home
        self._pin = pin
        self._environment = environment

    def signer(self, reference: KeyReference) -> Signer:
        """The key that a reference names, if its public half is the one named there.

        Raises:
            IssuerError: `hsm_not_set`, `unsafe_module`.
            DidError: a code of `did.pkcs11.Token.open` or `signer`.
        """
        token = self._open(reference.token, reference.serial)
        return token.signer(reference.label, key_id=reference.id, expected=reference.public_key)

    def has(self, token: str, label: str) -> bool:
        """Whether a token has a key of this label.

        Raises:
            IssuerError: `hsm_not_set`, `unsafe_module`.
            DidError: a code of `did.pkcs11.Token.open` or `list_keys`.
        """
        return any(key.label == label for key in self._open(token).list_keys())

    def generate(self, token: str, label: str, algorithm: Algorithm) -> KeyReference:
        """Makes a key in a token, tries it, and says where it is.

        Raises:
            IssuerError: `hsm_not_set`, `unsafe_module`.
            DidError: a code of `did.pkcs11.Token.open`, `generate` or `signer`.
        """
        opened = self._open(token)
        made = opened.generate(label, algorithm)
        signer = opened.signer(label, key_id=made.id, expected=made.public_key)
        return KeyReference(
            token=opened.label,
            serial=opened.serial,
            label=label,
            id=made.id,
            public_key=signer.public_key,
        )

    def _open(self, label: str, serial: str | None = None) -> Token:
        module = module_path(self._home, self._environment)
        try:
            from did.pkcs11 import Token  # noqa: PLC0415 (an extra)
        except ImportError as error:
            raise IssuerError(
                "hsm_not_set", "keys in a token need python-pkcs11: install montrey[hsm]"
            ) from error
        return Token.open(module, label, serial=serial, pin=self._pin)


def module_path(home: Path, environment: Mapping[str, str] = os.environ) -> Path:
    """The module that is loaded: an absolute path that nobody else can put something at.

    Raises:
        IssuerError: `hsm_not_set`, `unsafe_module`.
    """
    named = environment.get(MODULE_VARIABLE, "")
    if not named:
        raise IssuerError(
            "hsm_not_set",
            f"a key is in a token: set {MODULE_VARIABLE} to the path of its PKCS #11 module",
        )
    path = Path(named)
    if "\0" in named or not path.is_absolute():
        raise IssuerError("unsafe_module", f"{MODULE_VARIABLE} has to be an absolute path")
    real = Path(os.path.realpath(path))
    if real.is_relative_to(os.path.realpath(home)):
        raise IssuerError("unsafe_module", "a module is never loaded out of the issuer's home")
    try:
        found = real.stat()
    except OSError as error:
        raise IssuerError("hsm_not_set", f"{MODULE_VARIABLE} names no file: {error.strerror}") from error
    trusted = stat.S_ISREG(found.st_mode) and found.st_uid in (0, os.geteuid())
    if not trusted or found.st_mode & _OTHERS_WRITE:
        raise IssuerError(
            "unsafe_module",
            "the PKCS #11 module is a file of root or of this user, which nobody else may write",
        )
    return real
