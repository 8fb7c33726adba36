"""The error of this package."""

from did.errors import IdentityError


class WalletError(IdentityError):
    """The wallet, an offer, a result or a wish to present is not acceptable.

    The codes, with what to do next in Khmer and English, are in `wallet_sdk.advice`.
    """
