"""The error of this layer; `docs/trust.md` lists its codes."""

from did.errors import IdentityError


class TrustError(IdentityError):
    """A publication, a delta, a trust document or a home is not acceptable, or the clock is not."""
