"""The command line of the wallet.

Ends with 0 when it was done, 1 when something was refused (its code and what
to do next on standard error), 2 when the command line is wrong.
"""

from __future__ import annotations

import os
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from credential.challenge import PREFIX as CHALLENGE_PREFIX
from did.version import VERSION
from wallet_sdk import cli_present, cli_store, vault
from wallet_sdk.cli_help import EPILOG, PRESENT
from wallet_sdk.cli_program import KhmerParser, Parser, UsageError, end, language_of
from wallet_sdk.cli_session import Session
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
    given = sys.argv[1:] if arguments is None else arguments
    return end(lambda: _carry_out(given, clock, sleep), language_of(given))


def _carry_out(
    arguments: Sequence[str], clock: Callable[[], datetime], sleep: Callable[[float], None]
) -> int:
    if any("\0" in argument for argument in arguments):  # no file name and no text of ours has one
        raise UsageError("usage_nul")
    parsed = build_parser(language_of(arguments)).parse_args(arguments)
    _check_usage(parsed)
    parsed.command(Session(Path(parsed.home or "."), parsed.lang, clock, sleep), parsed)
    return 0


def build_parser(language: str = "en") -> ArgumentParser:
    """The parser, with one subparser for each command, its help in `language`."""
    parser = (KhmerParser if language == "km" else Parser)(
        prog="montrey-wallet",
        description="The civil servant's wallet: receives credentials and shows them.",
        epilog=EPILOG,
    )
    parser.add_argument("--home", metavar="DIR", help="the wallet's folder (made by the first request)")
    parser.add_argument(
        "--version", action="version", version=f"%(prog)s {VERSION}", help="print the version and exit"
    )
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
    command.add_argument("--yes", action="store_true", help="remove without asking, for scripts")
    command.set_defaults(command=cli_store.remove)


def _add_present(add: Callable[..., ArgumentParser]) -> None:
    command = add(
        "present",
        help="show a live QR code, or make a presentation for a bank",
        description=PRESENT,
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


def _check_usage(parsed: Namespace) -> None:
    if parsed.home is None and parsed.command is not cli_present.read:
        raise UsageError("usage_missing", names="--home DIR")
    out = getattr(parsed, "out", None)
    if (
        out
        and parsed.home
        and os.path.realpath(out) in (os.path.realpath(Path(parsed.home) / name) for name in vault.OURS)
    ):
        raise UsageError("out_is_wallet")
    if parsed.command is cli_store.receive and (
        parsed.tx_code is not None or parsed.file.startswith("openid-credential-offer:")
    ):
        raise UsageError("no_online_offers")
    if parsed.command is cli_present.present:
        _check_present(parsed)


def _check_present(parsed: Namespace) -> None:
    if parsed.sd_jwt:
        if not parsed.audience or not parsed.nonce:
            raise UsageError("sd_jwt_needs")
        if parsed.challenge or parsed.text:
            raise UsageError("sd_jwt_excludes")
        return
    if parsed.nonce or parsed.disclose:
        raise UsageError("nonce_needs")
    if parsed.audience and (not parsed.challenge or parsed.challenge.startswith(CHALLENGE_PREFIX)):
        raise UsageError("audience_needs")
    if parsed.out and not parsed.out.lower().endswith(".png"):
        raise UsageError("out_is_png")
    if parsed.out and parsed.text:
        raise UsageError("out_or_text")
