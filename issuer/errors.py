"""The error of this layer, and every code it may carry."""

from __future__ import annotations

from did.errors import IdentityError


class IssuerError(IdentityError):
    """The register refuses what it was asked to do; nothing of it was done."""
