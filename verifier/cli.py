"""`montrey-verifier`: make a home, sync it from a stick, judge what is presented.

`check` exits with 0 accepted, 10 refused, 20 cannot tell, 2 wrong usage. Any
other exit is a crash and means "cannot tell". The other commands exit with 1
when something was refused, and name its code.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from credential import card_number
from credential.challenge import Challenge
from credential.errors import CredentialError
from credential.template import ANY_GATE
from did import base64url
from did.errors import DidError, IdentityError
from trust import TrustSnapshot, touch_clock
from verifier import Policy, VerificationError, Verified, verify, verify_sd_jwt, verify_seal
from verifier.replay_store import ReplayStore
from verifier.report import EXIT, report, rfc3339, words

MAX_INPUT = 1 << 17
"""Characters read from standard input or a command line; an SD-JWT has at most half of them."""


MAX_DELTA = 1 << 24
"""Bytes read of a delta's file."""


class UsageError(Exception):
    """The command line cannot be carried out as it was typed."""


def run(arguments: Sequence[str] | None = None, *, clock: Callable[[], datetime] | None = None) -> int:
    """Runs one command and returns its exit code; `arguments` default to the program's own."""
    parsed = build_parser().parse_args(arguments)
    try:
        return int(parsed.command(parsed, clock or _clock))
    except UsageError as error:
        print(f"montrey-verifier: {error}", file=sys.stderr)
        return 2
    except IdentityError as error:
        print(f"montrey-verifier: {error.code}: {error}", file=sys.stderr)
        return 1


def _clock() -> datetime:
    return datetime.now(UTC)


def build_parser() -> ArgumentParser:
    """The parser, with one subparser for each command."""
    parser = ArgumentParser(prog="montrey-verifier", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument(
        "--home", type=Path, default=Path(), metavar="DIR", help="the verifier's folder (default: here)"
    )
    parser.add_argument("--lang", choices=("en", "km"), default="en", help="English or Khmer (default: en)")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    command = commands.add_parser("init", help="make a home that believes in one ministry's root")
    command.add_argument(
        "--root", type=Path, required=True, metavar="ROOT.json", help="the ministry's first root"
    )
    command.add_argument(
        "--fingerprint", metavar="HEX", help="what the ministry published; compared with the root"
    )
    command.set_defaults(command=_init)

    command = commands.add_parser("sync", help="take over newer trust from a stick, a folder or a delta")
    command.add_argument(
        "source", metavar="SOURCE", help="a publication's folder, a delta's file, or its MS1: text"
    )
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.set_defaults(command=_sync)

    command = commands.add_parser("clock", help="show the two clock floors, or lower the local one")
    command.add_argument(
        "--lower", action="store_true", help="lower the local floor to the signed one (a supervisor)"
    )
    command.set_defaults(command=_clock_floors)

    _add_check(commands.add_parser("check", help="judge one presentation, offline"))
    return parser


def _add_check(command: ArgumentParser) -> None:
    command.add_argument(
        "text", nargs="?", metavar="TEXT|-", help="the QR's text; - or nothing: from standard input"
    )
    command.add_argument("--image", type=Path, metavar="FILE", help="read the QR from a picture (extra: qr)")
    command.add_argument("--seal", action="store_true", help="a printed QR; needs --card")
    command.add_argument("--card", metavar="N", help="the number on the plastic, to be compared")
    command.add_argument(
        "--challenge", metavar="C", help="the challenge shown: MC1:... or base64url of its 8 bytes"
    )
    command.add_argument(
        "--audience", metavar="A", help=f"this gate's audience (default: the challenge's, or {ANY_GATE})"
    )
    command.add_argument(
        "--purpose", default="entry", metavar="P", help="what it is shown for (default: entry)"
    )
    command.add_argument("--sd-jwt", action="store_true", help="an SD-JWT VC; needs --audience and --nonce")
    command.add_argument("--nonce", metavar="N", help="the nonce that an SD-JWT VC was asked for with")
    command.add_argument(
        "--max-status-age", type=float, default=8, metavar="DAYS", help="older status data is stale (8)"
    )
    command.add_argument(
        "--now", metavar="T", help="judge as of this RFC 3339 time; moves no clock floor, no cache"
    )
    command.add_argument(
        "--no-replay-cache", action="store_true", help="do not look whether it was shown before"
    )
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.set_defaults(command=_check)


def _init(options: Namespace, _clock: Callable[[], datetime]) -> int:
    from trust.sync import init_home  # noqa: PLC0415 (python-tuf: judging does not need it)

    try:
        root = options.root.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {options.root}: {error.strerror}") from error
    options.home.mkdir(parents=True, exist_ok=True)
    init_home(options.home, root, options.fingerprint)
    print(
        "ready; next: montrey-verifier sync"
        if options.lang == "en"
        else "រួចរាល់។ បន្ទាប់៖ montrey-verifier sync"
    )
    return 0


def _sync(options: Namespace, clock: Callable[[], datetime]) -> int:
    from trust.sync import apply_delta, sync  # noqa: PLC0415 (python-tuf: judging does not need it)

    source = Path(options.source)
    if options.source.startswith("MS1:"):
        changed = apply_delta(options.home, options.source, now=clock()).changed
    elif source.is_file():
        changed = apply_delta(options.home, _read_delta(source), now=clock()).changed
    elif source.is_dir() or "://" in options.source:
        changed = sync(
            options.home, options.source if "://" in options.source else source, now=clock()
        ).changed
    else:
        raise UsageError("SOURCE is neither a folder nor a file")
    trust = TrustSnapshot.load(options.home)
    entry = {
        "changed": changed,
        "trust_expires": rfc3339(trust.expires_at),
        "status_as_of": None if trust.status_as_of is None else rfc3339(trust.status_as_of),
    }
    if options.json:
        print(json.dumps(entry))
    else:
        print(f"trust until {entry['trust_expires']}, status as of {entry['status_as_of']}")
    return 0


def _clock_floors(options: Namespace, _clock: Callable[[], datetime]) -> int:
    from trust.floors import lower_clock  # noqa: PLC0415

    if options.lower:
        lower_clock(options.home)
    trust = TrustSnapshot.load(options.home)
    for name, floor in (("signed", trust.signed_floor), ("local", trust.local_floor)):
        print(f"{name} floor: {rfc3339(datetime.fromtimestamp(floor, UTC))}")
    return 0


def _check(options: Namespace, clock: Callable[[], datetime]) -> int:
    now = _moment(options.now) if options.now else clock()
    card = _card(options.card) if options.card else None
    audience, challenge = _challenge(options)
    policy = _policy(options, audience)
    text = _text(options)
    trust = _load(options.home)
    if options.now:
        trust = replace(trust, local_floor=0)  # this machine's clock is not what is asked about
    try:
        outcome: Verified | VerificationError
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
        if not options.no_replay_cache:
            _admit(options, outcome, now)
    except VerificationError as error:
        outcome = error
    if not options.now:
        _keep_clock(options.home, now)
    entry = report(
        outcome, trust=trust, card_number=card, challenge=options.nonce if options.sd_jwt else challenge
    )
    print(json.dumps(entry, ensure_ascii=False) if options.json else words(entry, options.lang))
    return EXIT[str(entry["verdict"])]


def _admit(options: Namespace, verified: Verified, now: datetime) -> None:
    try:
        ReplayStore(options.home).admit(verified, now, remember=not options.now)
    except VerificationError as error:
        error.claims, error.status_epoch = verified.claims, verified.status_epoch
        raise
    except sqlite3.Error:
        # It goes on judging, and says what it cannot keep.
        print("montrey-verifier: warning: this machine cannot remember what was shown", file=sys.stderr)


def _keep_clock(home: Path, now: datetime) -> None:
    try:
        touch_clock(home, now)
    except (IdentityError, OSError):
        print("montrey-verifier: warning: this machine cannot remember the time", file=sys.stderr)


def _load(home: Path) -> TrustSnapshot:
    try:
        return TrustSnapshot.load(home)
    except IdentityError as error:
        raise UsageError(f"{error.code}: {error}; run init and sync first") from error


def _policy(options: Namespace, audience: str) -> Policy:
    if options.seal and (not options.card or options.challenge):
        raise UsageError("--seal needs --card N, and takes no --challenge")
    if options.sd_jwt and not (options.audience and options.nonce):
        raise UsageError("--sd-jwt needs --audience and --nonce")
    try:
        age = timedelta(days=options.max_status_age)
        return Policy(audience=audience, purpose=options.purpose, max_status_age=age)
    except (ValueError, OverflowError) as error:
        raise UsageError(str(error)) from error


def _challenge(options: Namespace) -> tuple[str, bytes | None]:
    if options.challenge is None:
        return options.audience or ANY_GATE, None
    try:
        if options.challenge.startswith("MC1:"):
            challenge = Challenge.from_text(options.challenge)
        else:
            challenge = Challenge(0, base64url.decode(options.challenge))
    except (CredentialError, DidError, ValueError) as error:
        raise UsageError("--challenge: MC1:... or base64url of 8 bytes") from error
    return options.audience or challenge.audience, challenge.nonce


def _card(text: str) -> str:
    try:
        return card_number.parse(text)
    except CredentialError as error:
        raise UsageError(f"--card: {error}") from error  # never the number itself


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError("--now: an RFC 3339 time such as 2026-12-28T08:00:00Z") from error
    if moment.tzinfo is None:
        raise UsageError("--now: the time needs its zone, such as Z")
    return moment


def _text(options: Namespace) -> str:
    if options.image is not None:
        return _from_image(options.image)
    if options.text not in (None, "-"):
        return str(options.text)
    data = sys.stdin.buffer.read(MAX_INPUT)
    text = data.decode("utf-8", errors="replace")
    return text.strip() if options.sd_jwt else text


def _from_image(path: Path) -> str:
    try:
        from credential.qr_read import read_image  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise UsageError(f"--image needs {error.name}: install montrey[qr]") from error
    try:
        texts = read_image(path)
    except (CredentialError, OSError) as error:
        raise UsageError("this file is not a picture that can be read") from error
    if not texts:
        raise UsageError("no QR code found in this picture; take another, closer and sharper")
    return next((text for text in texts if text.startswith("MQ")), texts[0])


def _read_delta(path: Path) -> bytes | str:
    """A delta's file holds either its bytes or its text."""
    with path.open("rb") as file:
        data = file.read(MAX_DELTA)
    if data.startswith(b"MS1:"):
        return data.decode("ascii", errors="replace").rstrip("\r\n")
    return data
