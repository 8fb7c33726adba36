"""The command line of the wallet.

Ends with 0 when it was done, 1 when something was refused (its code and what
to do next on standard error), 2 when the command line is wrong.
"""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from credential.challenge import PREFIX as CHALLENGE_PREFIX
from did import IdentityError
from wallet_sdk import cli_present, cli_store
from wallet_sdk.advice import advise
from wallet_sdk.cli_session import PASSPHRASE_FILE, Session, UsageError
from wallet_sdk.wording import LANGUAGES


def _now() -> datetime:
    return datetime.now(UTC)


def run(
    arguments: Sequence[str] | None = None,
    *,
    clock: Callable[[], datetime] = _now,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Runs one command and returns its exit code; `arguments` default to the program's own."""
    parser = build_parser()
    parsed = parser.parse_args(arguments)
    _check_usage(parsed, parser)
    session = Session(Path(parsed.home or "."), parsed.lang, clock, sleep)
    try:
        parsed.command(session, parsed)
    except IdentityError as error:
        print(advise(parsed.lang, error), file=sys.stderr)
        return 1
    except UsageError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    except (KeyboardInterrupt, EOFError):
        print("interrupted", file=sys.stderr)
        return 1
    return 0


def build_parser() -> ArgumentParser:
    """The parser, with one subparser for each command."""
    parser = ArgumentParser(
        prog="montrey-wallet",
        description="The civil servant's wallet: receives credentials and shows them.",
        epilog=f"The passphrase is asked for, or read from the file that {PASSPHRASE_FILE} names.",
    )
    parser.add_argument("--home", metavar="DIR", help="the wallet's folder (made by the first request)")
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="English or Khmer (default: en)")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_store(commands.add_parser)
    _add_present(commands.add_parser)
    return parser


def _add_store(add: Callable[..., ArgumentParser]) -> None:
    command = add("request", help="answer a ministry's offer with fresh keys")
    command.add_argument("offer", metavar="OFFER", help="the offer: a file, or its JSON text")
    command.add_argument(
        "--alg",
        choices=sorted(cli_store.ALGORITHMS),
        default="ed25519",
        help="key of the live QR credential (default: ed25519; the one for banks is always P-256)",
    )
    command.add_argument("--out", metavar="FILE", help="write the request here instead of printing it")
    command.set_defaults(command=cli_store.request)

    command = add("receive", help="store the credentials that a ministry issued")
    command.add_argument("file", metavar="FILE", help="the issued credentials: a file, or its JSON text")
    command.add_argument("--tx-code", metavar="C", help="for online offers, which this version cannot take")
    command.add_argument("--json", action="store_true", help="print what came in as JSON")
    command.set_defaults(command=cli_store.receive)

    command = add("list", help="what is in the wallet")
    command.add_argument("--full", action="store_true", help="whole card numbers and all claims")
    command.add_argument("--json", action="store_true", help="print as JSON")
    command.set_defaults(command=cli_store.show_list)

    command = add("remove", help="take out a credential, or give up one that was asked for, for good")
    command.add_argument("id", metavar="ID", help="as list shows it")
    command.set_defaults(command=cli_store.remove)


def _add_present(add: Callable[..., ArgumentParser]) -> None:
    command = add(
        "present",
        help="show a live QR code, or make a presentation for a bank",
        description="Draws a live QR code that renews itself every 20 seconds; with --challenge, answers a "
        "gate once. Prints the code's text when standard output is no terminal.",
    )
    command.add_argument(
        "--challenge", metavar="C", help="MC1:… from a gate, or the base64url of its 8 bytes"
    )
    command.add_argument(
        "--out", metavar="FILE", help="write FILE.png and the text beside it (--sd-jwt: the token)"
    )
    command.add_argument("--text", action="store_true", help="print the text once")
    command.add_argument("--credential", metavar="ID", help="this credential (default: the last that came)")
    command.add_argument("--sd-jwt", action="store_true", help="an SD-JWT VC presentation for a bank")
    command.add_argument(
        "--audience", metavar="A", help="who it is for: the bank, or the gate of a bare challenge"
    )
    command.add_argument("--nonce", metavar="N", help="the bank's nonce")
    command.add_argument("--disclose", metavar="CLAIMS", help="claims to show, with commas between")
    command.set_defaults(command=cli_present.present)

    command = add("read", help="read the QR codes in an image")
    command.add_argument("file", metavar="FILE", help="a PNG or JPEG")
    command.add_argument("--json", action="store_true", help="print as JSON")
    command.set_defaults(command=cli_present.read)


def _check_usage(parsed: Namespace, parser: ArgumentParser) -> None:
    if parsed.home is None and parsed.command is not cli_present.read:
        parser.error("--home DIR is needed")
    if parsed.command is cli_store.receive:
        if parsed.tx_code is not None:
            parser.error("--tx-code belongs to online offers, which this version cannot take: receive a FILE")
        if parsed.file.startswith("openid-credential-offer:"):
            parser.error("online offers are not supported by this version: receive a FILE")
    if parsed.command is cli_present.present:
        _check_present(parsed, parser)


def _check_present(parsed: Namespace, parser: ArgumentParser) -> None:
    if parsed.sd_jwt:
        if not parsed.audience or not parsed.nonce:
            parser.error("--sd-jwt needs the bank's --audience and --nonce")
        if parsed.challenge or parsed.text:
            parser.error("--challenge and --text are for live QR codes, not for --sd-jwt")
        return
    if parsed.nonce or parsed.disclose:
        parser.error("--nonce and --disclose need --sd-jwt: a live QR code shows the whole badge")
    if parsed.audience and (not parsed.challenge or parsed.challenge.startswith(CHALLENGE_PREFIX)):
        parser.error("--audience goes with --sd-jwt, or with a --challenge in base64url")
    if parsed.out and not parsed.out.lower().endswith(".png"):
        parser.error("--out writes an image: give it a name that ends in .png")
    if parsed.out and parsed.text:
        parser.error("--out writes the text beside the image: leave --text out")
