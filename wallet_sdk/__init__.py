"""The civil servant's wallet: a vault of holder keys and credentials, and presentations from it.

    wallet = Wallet.create(home, passphrase)
    request = wallet.request(offer_json, now=now)      # to the ministry
    wallet.receive(result_json, now=now)               # what came back
    text = wallet.present_live(now=now)                # "MQ1:…", into a QR code

Everything here is files and arithmetic; the command line (`montrey-wallet`)
adds the screen and needs the extra `montrey[wallet]`.
"""

from wallet_sdk.errors import WalletError
from wallet_sdk.exchange import Format
from wallet_sdk.holding import Credential, Standing
from wallet_sdk.wallet import Waiting, Wallet

__all__ = ["Credential", "Format", "Standing", "Waiting", "Wallet", "WalletError"]
