"""The one error root of the project.

Every error a caller may have to handle carries a stable `code` and a message
that never holds a claim value, so that both may be logged.

    IdentityError
    ├── DidError            keys, signatures, encodings, identifiers
    ├── FetchError          something that had to be fetched could not be
    ├── CredentialError     (credential)
    ├── StatusError         (revocation)
    ├── TrustError          (trust)
    └── VerificationError   (verifier)
        ├── Refused
        └── CannotTell

Programmer mistakes stay `ValueError`, `TypeError` and `RuntimeError`.
"""


class IdentityError(Exception):
    """Something outside the program was not as it has to be.

    `code` is stable and meant for programs; the message is for people.
    """

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code


class DidError(IdentityError):
    """A key, signature, encoding or identifier is not acceptable."""


class FetchError(IdentityError):
    """A document could not be fetched by the injected `fetch`."""
