"""`check`: one presentation, judged offline."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from credential import card_number
from credential.challenge import PREFIX as CHALLENGE_PREFIX
from credential.challenge import Challenge
from credential.errors import CredentialError
from credential.template import ANY_GATE
from did import base64url
from did.errors import DidError, IdentityError
from trust import TrustSnapshot, touch_clock
from verifier import Policy, VerificationError, Verified, verify, verify_sd_jwt, verify_seal
from verifier.challenge_store import ChallengeStore
from verifier.cli_picture import read_picture
from verifier.cli_program import UsageError
from verifier.cli_wording import refusal, say
from verifier.replay_store import ReplayStore
from verifier.report import EXIT, report, words

MAX_INPUT = 1 << 17
"""Characters read from standard input or a command line; an SD-JWT has at most half of them."""


def check(options: Namespace, clock: Callable[[], datetime]) -> int:
    """Judges what is presented, prints the verdict, and returns its exit code."""
    _refuse_contradictions(options)
    now = clock() if options.now is None else _moment(options.now)
    card = None if options.card is None else _card(options.card)
    audience, challenge = _challenge(options)
    policy = _policy(options, audience)
    text = _text(options)
    trust = _trust(options)
    if options.now:
        trust = replace(trust, local_floor=0)  # this machine's clock is not what is asked about
    outcome: Verified | VerificationError
    remembered = False
    try:
        if options.sd_jwt:
            outcome = verify_sd_jwt(
                text,
                trust=trust,
                policy=policy,
                now=now,
                audience=audience,
                nonce=options.nonce,
                card_number=card,
            )
        elif options.seal:
            outcome = verify_seal(text, trust=trust, policy=policy, now=now, card_number=card)
        else:
            outcome = verify(text, trust=trust, policy=policy, now=now, challenge=challenge, card_number=card)
        remembered = _admit(options, outcome, now)
    except VerificationError as error:
        outcome = error
    if not options.now:
        _keep_clock(options, now)
    asked = options.nonce if options.sd_jwt else challenge
    entry = report(outcome, trust=trust, card_number=card, challenge=asked)
    entry["remembered"] = remembered
    print(json.dumps(entry, ensure_ascii=False) if options.json else words(entry, options.lang))
    return EXIT[str(entry["verdict"])]


def _trust(options: Namespace) -> TrustSnapshot:
    try:
        return TrustSnapshot.load(options.home)
    except IdentityError as error:
        raise UsageError("no_home_yet", why=refusal(options.lang, error)) from error


def _admit(options: Namespace, verified: Verified, now: datetime) -> bool:
    """A challenge that this home has shown is taken, anything else is for the replay cache.

    Returns whether a second showing will be known.
    """
    if options.seal:  # a print may be shown as often as it likes
        return False
    remember = not options.now
    try:
        if ChallengeStore(options.home).admit(verified, now, remember=remember):
            return remember
        if options.no_replay_cache:
            return False
        kept = ReplayStore(options.home).admit(verified, now, remember=remember)
        if not kept:  # it goes on judging, and says what it cannot keep
            _warn(options, "cannot_remember_shown")
        return kept and remember
    except VerificationError as error:
        error.claims, error.status_epoch = verified.claims, verified.status_epoch
        raise


def _keep_clock(options: Namespace, now: datetime) -> None:
    try:
        touch_clock(options.home, now)
    except (IdentityError, OSError):
        _warn(options, "cannot_remember_time")


def _warn(options: Namespace, phrase: str) -> None:
    print(f"montrey-verifier: {say(options.lang, phrase)}", file=sys.stderr)


def _refuse_contradictions(options: Namespace) -> None:
    """What would be silently ignored is refused: whoever typed it believes that it is checked."""
    for name in ("card", "now", "audience", "nonce", "challenge"):
        if getattr(options, name) == "":  # a script's empty variable
            raise UsageError("usage_value", names=f"--{name}")
    if options.seal and (not options.card or options.challenge is not None or options.sd_jwt):
        raise UsageError("seal_needs")
    if options.sd_jwt and (not (options.audience and options.nonce) or options.challenge is not None):
        raise UsageError("sd_jwt_needs")
    if options.nonce is not None and not options.sd_jwt:
        raise UsageError("nonce_needs")
    if options.image is not None and options.text is not None:
        raise UsageError("one_input")


def _policy(options: Namespace, audience: str) -> Policy:
    try:
        age = timedelta(days=options.max_status_age)
        return Policy(audience=audience, purpose=options.purpose, max_status_age=age)
    except (ValueError, OverflowError) as error:
        raise UsageError("bad_age") from error


def _challenge(options: Namespace) -> tuple[str, bytes | None]:
    if options.challenge is None:
        return options.audience or ANY_GATE, None
    try:
        if options.challenge.startswith(CHALLENGE_PREFIX):
            challenge = Challenge.from_text(options.challenge)
        else:
            challenge = Challenge(0, base64url.decode(options.challenge))
    except (CredentialError, DidError, ValueError) as error:
        raise UsageError("bad_challenge") from error
    return options.audience or challenge.audience, challenge.nonce


def _card(text: str) -> str:
    try:
        return card_number.parse(text)
    except CredentialError as error:
        raise UsageError("bad_card") from error  # never the number itself


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError("bad_now") from error
    if moment.tzinfo is None:
        raise UsageError("bad_now")
    return moment


def _text(options: Namespace) -> str:
    if options.image is not None:
        texts = read_picture(options.image)
        shown = {text for text in texts if text.startswith("MQ")}
        if len(shown) > 1:
            raise UsageError("several_codes")
        return next(iter(shown), texts[0])
    if options.text not in (None, "-"):
        return str(options.text)
    data = sys.stdin.buffer.read(MAX_INPUT)
    text = data.decode("utf-8", errors="replace")
    return text.strip() if options.sd_jwt else text
