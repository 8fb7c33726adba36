"""A civil servant's phone: shows the live code, answers a gate's challenge, or presents to a bank.

export MONTREY_PASSPHRASE_FILE=demo/passphrase.txt
python -m examples.phone demo/wallet
python -m examples.phone demo/wallet --challenge MC1:...
python -m examples.phone demo/wallet --ask '{"audience": ..., "nonce": ..., "disclose": [...]}'
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from credential import qr_draw
from credential.challenge import Challenge
from did import strict_json
from did.errors import IdentityError
from wallet_sdk import Wallet


def present(wallet: Wallet, *, challenge: str | None, ask: str | None) -> str:
    """The text that is shown or sent."""
    now = datetime.now(UTC)
    if not ask:
        return wallet.present_live(challenge=Challenge.from_text(challenge) if challenge else None, now=now)
    match strict_json.loads(ask, max_bytes=4096):
        case {"audience": str(audience), "nonce": str(nonce), "disclose": [*names]}:
            print(f"{audience!a} asks for: {names!a}", file=sys.stderr)
            return wallet.present_sd_jwt(
                disclose=set(map(str, names)), audience=audience, nonce=nonce, now=now
            )
    sys.exit("this is no bank's question")


def main() -> None:
    """Prints what is presented, and draws it if a file is named."""
    parser = argparse.ArgumentParser(prog="phone", description="A civil servant's phone.")
    parser.add_argument("home", type=Path, help="made by montrey-wallet request and receive")
    parser.add_argument("--challenge", help="a gate's challenge")
    parser.add_argument("--ask", help="what a bank asks, as it prints it")
    parser.add_argument("--out", type=Path, help="a PNG to be written")
    options = parser.parse_args()
    file = os.environ.get("MONTREY_PASSPHRASE_FILE")
    passphrase = Path(file).read_text("utf-8").rstrip("\r\n") if file else getpass.getpass()
    text = present(Wallet.open(options.home, passphrase), challenge=options.challenge, ask=options.ask)
    if options.out:
        options.out.write_bytes(qr_draw.png(text))
    print(text)


if __name__ == "__main__":
    try:
        main()
    except IdentityError as error:
        sys.exit(f"{error.code}: {error}")
