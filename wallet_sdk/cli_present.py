"""Commands that show something to somebody, or read what somebody shows: `present`, `read`."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from credential import qr_draw, qr_read
from credential.challenge import PREFIX as CHALLENGE_PREFIX
from credential.challenge import Challenge
from credential.errors import CredentialError
from credential.packed import PREFIX as PRESENTATION_PREFIX
from credential.template import ANY_GATE, audience_number
from did import DidError, base64url
from wallet_sdk import atomic_file, screen, wording
from wallet_sdk.cli_session import Session, print_json
from wallet_sdk.errors import WalletError
from wallet_sdk.exchange import Format
from wallet_sdk.holding import Credential
from wallet_sdk.wallet import Wallet

STATUS_PREFIX = "MS1:"
_MAX_IMAGE = 1 << 25


def present(session: Session, arguments: Namespace) -> None:
    """Shows a live QR code, answers a gate's challenge, or writes a presentation for a bank."""
    if arguments.sd_jwt:
        _present_sd_jwt(session, arguments)
        return
    challenge = read_challenge(arguments.challenge, arguments.audience)
    wallet = session.open()
    chosen = wallet.select(Format.LIVE, credential=arguments.credential, now=session.clock())
    audience = _audience(session, challenge)
    shown = [session.say("shown_to", audience=audience), _shown(session, chosen, chosen.claims)]

    def make(now: datetime) -> str:
        return wallet.present_live(challenge=challenge, credential=chosen.id, now=now)

    session.warn_of_end(chosen)
    if arguments.out:
        _tell(shown)
        _write_image(session, Path(arguments.out), make(session.clock()))
    elif arguments.text or not sys.stdout.isatty():
        _tell(shown)
        print(make(session.clock()))
    elif challenge:
        screen.show_once(make(session.clock()), [*shown, session.say("one_minute")])
    else:
        screen.show_live(make, shown, session)


def read(session: Session, arguments: Namespace) -> None:
    """Prints the texts of the QR codes in an image, and what they are."""
    texts = qr_read.read_image(atomic_file.read(Path(arguments.file), max_bytes=_MAX_IMAGE))
    if not texts:
        raise WalletError("no_qr_code", "no QR code was found in the image")
    found = [(text, *_explain(text)) for text in texts]
    if arguments.json:
        entries = [{"text": text, "kind": kind, "audience": audience} for text, kind, audience in found]
        print_json({"texts": entries})
        return
    for text, kind, audience in found:
        print(wording.printable(text))
        session.note(f"is_{kind}", text=text, audience=_name_audience(session, audience))


def read_challenge(text: str | None, audience: str | None) -> Challenge | None:
    """The challenge in `MC1:…`, or in the base64url of its eight bytes for `audience` (default any gate).

    Raises:
        CredentialError: `malformed_challenge`.
    """
    if text is None:
        return None
    if text.startswith(CHALLENGE_PREFIX):
        challenge = Challenge.from_text(text)
        if audience not in (None, challenge.audience):
            raise CredentialError("malformed_challenge", "the challenge names another audience")
        return challenge
    number = audience_number(audience or ANY_GATE)
    try:
        nonce = base64url.decode(text)
    except DidError as error:
        raise CredentialError("malformed_challenge", "not a challenge of a gate") from error
    if number is None or len(nonce) != 8:
        raise CredentialError("malformed_challenge", "not a challenge of a gate")
    return Challenge(number, nonce)


def _present_sd_jwt(session: Session, arguments: Namespace) -> None:
    wallet: Wallet = session.open()
    now = session.clock()
    disclose = [name.strip() for name in (arguments.disclose or "").split(",") if name.strip()]
    chosen = wallet.select(Format.SD_JWT, credential=arguments.credential, now=now)
    token = wallet.present_sd_jwt(
        disclose=disclose, audience=arguments.audience, nonce=arguments.nonce, credential=chosen.id, now=now
    )
    open_claims = chosen.claims.keys() - chosen.disclosable
    shown = [name for name in chosen.claims if name in disclose or name in open_claims]
    kept = [name for name in chosen.claims if name not in shown]
    _tell(
        [
            session.say("shown_to", audience=arguments.audience),
            _shown(session, chosen, shown),
            session.say("kept", claims=_names(session, kept)),
            session.say("always"),
        ]
    )
    session.warn_of_end(chosen)
    if arguments.out:
        atomic_file.write(Path(arguments.out), token.encode("ascii") + b"\n")
        session.note("written", paths=arguments.out)
    else:
        print(token)


def _write_image(session: Session, path: Path, text: str) -> None:
    beside = path.with_suffix(".txt")
    atomic_file.write(path, qr_draw.png(text))
    atomic_file.write(beside, text.encode("ascii") + b"\n")
    session.note("written", paths=f"{path}, {beside}")
    session.note("one_minute")


def _shown(session: Session, credential: Credential, claims: Collection[str]) -> str:
    language = session.language
    values = [
        f"{wording.name_claim(language, name)}: {wording.name_value(language, credential, name)}"
        for name in credential.claims
        if name in claims
    ]
    return session.say("what", claims="; ".join(values) or session.say("nothing"))


def _names(session: Session, claims: list[str]) -> str:
    return ", ".join(wording.name_claim(session.language, name) for name in claims) or session.say("nothing")


def _audience(session: Session, challenge: Challenge | None) -> str:
    return _name_audience(session, challenge.audience if challenge else ANY_GATE)


def _name_audience(session: Session, audience: str | None) -> str:
    return session.say("any-gate") if audience == ANY_GATE else str(audience)


def _explain(text: str) -> tuple[str, str | None]:
    """The kind of a QR text, and for a challenge its audience."""
    if text.startswith(CHALLENGE_PREFIX):
        try:
            return "challenge", Challenge.from_text(text).audience
        except CredentialError:
            return "other", None
    if text.startswith(PRESENTATION_PREFIX):
        return "presentation", None
    return ("status_update", None) if text.startswith(STATUS_PREFIX) else ("other", None)


def _tell(lines: list[str]) -> None:
    for line in lines:
        print(line, file=sys.stderr)
