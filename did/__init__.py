"""Keys, signatures and identifiers: the lowest layer, which imports none of the others."""

import native  # noqa: F401 (before any module that has a compiled twin)
from did.algorithm import Algorithm
from did.errors import DidError, FetchError, IdentityError
from did.keys import PublicKey
from did.signer import Signer, SoftwareSigner

__all__ = ["Algorithm", "DidError", "FetchError", "IdentityError", "PublicKey", "Signer", "SoftwareSigner"]
