"""A bank's salary desk: asks a wallet for four claims, judges what it presents, and keeps a receipt.

python -m examples.salary_desk demo/trust --card 1234567894    # the number on the card; prints a question
"""

from __future__ import annotations

import argparse
import hashlib
import json
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path

from credential.card_number import parse
from did.errors import IdentityError
from trust import TrustSnapshot
from verifier import Policy, VerificationError, verify_sd_jwt
from verifier.messages import MESSAGES

BANK = "https://bank.example/salary"
CLAIMS = ("name_km", "name_la", "employment_status", "card_number")


def judge(token: str, home: Path, nonce: str, card: str | None) -> dict[str, object]:
    """The receipt: what was asked and answered, and as of when. With the token it can be checked again."""
    now, trust, policy = datetime.now(UTC), TrustSnapshot.load(home), Policy(purpose="salary")
    receipt: dict[str, object] = {"bank": BANK, "purpose": policy.purpose, "nonce": nonce}
    receipt |= {"judged_at": now.isoformat(timespec="seconds"), "card_compared": card is not None}
    receipt["presentation_sha256"] = hashlib.sha256(token.encode()).hexdigest()
    try:
        verified = verify_sd_jwt(
            token, trust=trust, policy=policy, now=now, audience=BANK, nonce=nonce, card_number=card
        )
        receipt |= {"code": "accepted", "claims": dict(verified.claims)}
        receipt["status_as_of"] = verified.status_as_of.isoformat()
    except VerificationError as error:
        receipt |= {"code": error.code, "claims": {}}
    return receipt | MESSAGES[str(receipt["code"])]._asdict()


def main() -> None:
    """Asks, reads one presentation, prints the receipt; ends with 0 only when it was accepted."""
    parser = argparse.ArgumentParser(prog="salary_desk", description="A bank's salary desk.")
    parser.add_argument("home", type=Path, help="made by montrey-verifier init and sync")
    parser.add_argument("--card", type=parse, help="the number on the plastic, to be compared")
    options = parser.parse_args()
    nonce = secrets.token_urlsafe(16)  # for this presentation and no other
    print(json.dumps({"audience": BANK, "nonce": nonce, "disclose": CLAIMS}), flush=True)
    receipt = judge(sys.stdin.readline(1 << 17).strip(), options.home, nonce, options.card)
    print(json.dumps(receipt, ensure_ascii=False, indent=2))
    sys.exit(0 if receipt["code"] == "accepted" else 1)


if __name__ == "__main__":
    try:
        main()
    except IdentityError as error:
        sys.exit(f"{error.code}: {error}")
