"""The error of this layer."""

from did.errors import IdentityError


class CredentialError(IdentityError):
    """A claim, credential, presentation or QR text is not acceptable."""
