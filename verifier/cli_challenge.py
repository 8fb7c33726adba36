"""`challenge`: what a gate shows so that a phone has to answer it, and nobody else."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable
from datetime import datetime, timedelta

from credential.challenge import LIFETIME, Challenge
from trust import TrustSnapshot
from trust.disk import write_atomically
from verifier.challenge_store import ChallengeStore
from verifier.cli_program import UsageError
from verifier.cli_wording import say
from verifier.report import clock_time, rfc3339


def challenge(options: Namespace, clock: Callable[[], datetime]) -> int:
    """Makes a challenge, remembers it, and shows it as text and as a picture."""
    trust = TrustSnapshot.load(options.home)
    if options.gate and options.gate not in trust.relying_parties:
        raise UsageError("unknown_gate")
    made = Challenge.new(options.gate)
    if options.out is not None and options.out.suffix.lower() != ".png":
        raise UsageError("out_is_png")  # and so never a file of the home
    picture = _draw(made.to_text()) if options.out else b""
    now = clock()
    ChallengeStore(options.home).add(made, now)
    if options.out:
        write_atomically(options.out, picture)
    end = now + timedelta(seconds=LIFETIME)
    if options.json:
        print(json.dumps({"challenge": made.to_text(), "audience": made.audience, "expires": rfc3339(end)}))
    else:
        print(made.to_text())
        expires = clock_time(end, timespec="seconds")
        print(say(options.lang, "challenge_made", audience=made.audience, seconds=LIFETIME, expires=expires))
    return 0


def _draw(text: str) -> bytes:
    try:
        from credential.qr_draw import png  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise UsageError("needs_extra", option="--out", module=error.name) from error
    return png(text)
