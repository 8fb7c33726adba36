"""A gate: reads codes from a scanner that types, or from a picture, and says yes, no or cannot tell.

python -m examples.gate demo/trust                          # one code a line
python -m examples.gate demo/trust --opening --image me.png --card 1234567894  # as printed
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from credential.card_number import parse
from did.errors import IdentityError
from trust import TrustSnapshot, touch_clock
from verifier import CannotTell, Policy, ReplayCache, VerificationError, verify
from verifier.messages import MESSAGES


def judge(text: str, home: Path, shown: ReplayCache, card: str | None) -> str:
    """The gate's answer to one code, in English and Khmer."""
    now, trust = datetime.now(UTC), TrustSnapshot.load(home)  # anew: a stick may have come
    try:
        verified = verify(text, trust=trust, policy=Policy(), now=now, card_number=card)
        shown.admit(verified, now)
        mark, code, claims = "✓", "accepted", verified.claims
    except VerificationError as error:
        mark, code, claims = "?" if isinstance(error, CannotTell) else "✗", error.code, error.claims
    touch_clock(home, now)  # so that a clock that is set back is noticed
    who = "  ".join(str(claims.get(name, "")) for name in ("name_km", "name_la", "card_number"))
    return f"{mark} [{code}] {MESSAGES[code].en}\n  {MESSAGES[code].km}\n  {who}"


def main() -> None:
    """Judges a picture's code, or every line of standard input."""
    parser = argparse.ArgumentParser(prog="gate", description="A gate that needs no network.")
    parser.add_argument("home", type=Path, help="made by montrey-verifier init and sync")
    parser.add_argument("--image", type=Path, help="a picture of the code (extra: qr)")
    parser.add_argument("--card", type=parse, help="the number on the plastic, to be compared")
    parser.add_argument("--opening", action="store_true", help="nobody was here in the last minute")
    options = parser.parse_args()
    TrustSnapshot.load(options.home)  # no home: told before the first code
    shown = ReplayCache(started=None if options.opening else datetime.now(UTC))
    sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]  # a scanner may type anything
    codes: Iterable[str] = iter(lambda: sys.stdin.readline(5000), "")
    if options.image:
        from credential.qr_read import read_image  # noqa: PLC0415 (an extra)

        codes = read_image(options.image) or [""]
    for text in codes:
        print(judge(text, options.home, shown, options.card), flush=True)


if __name__ == "__main__":
    try:
        main()
    except IdentityError as error:
        sys.exit(f"{error.code}: {error}")
