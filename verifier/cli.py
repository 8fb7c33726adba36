"""`montrey-verifier`: make a home, sync it from a stick, judge what is presented.

`check` exits with 0 accepted, 10 refused, 20 cannot tell, 2 wrong usage. Any
other exit means "cannot tell" too: 1 when the home could not be read, or the
verdict not be written to standard output. The other commands exit with 1 when
something was refused, and name its code.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from credential.template import ANY_GATE
from did.version import VERSION
from verifier import cli_challenge, cli_check, cli_gate, cli_home
from verifier.cli_program import KhmerParser, Parser, UsageError, end, language_of
from verifier.cli_wording import LANGUAGES

Clock = Callable[[], datetime]


def run(arguments: Sequence[str] | None = None, *, clock: Clock | None = None) -> int:
    """Runs one command and returns its exit code; `arguments` default to the program's own."""
    given = sys.argv[1:] if arguments is None else arguments
    return end(lambda: _carry_out(given, clock or _clock), language_of(given))


def _carry_out(arguments: Sequence[str], clock: Clock) -> int:
    if any("\0" in argument for argument in arguments):  # no file name and no text of ours has one
        raise UsageError("usage_nul")
    options = build_parser(language_of(arguments)).parse_args(arguments)
    return int(options.command(options, clock))


def _clock() -> datetime:
    return datetime.now(UTC)


def build_parser(language: str = "en") -> ArgumentParser:
    """The parser, with one subparser for each command, its help in `language`."""
    parser = (KhmerParser if language == "km" else Parser)(
        prog="montrey-verifier", description="Make a home, sync it from a stick, judge what is presented."
    )
    parser.add_argument(
        "--home", type=Path, default=Path(), metavar="DIR", help="the verifier's folder (default: here)"
    )
    parser.add_argument(
        "--version", action="version", version=f"%(prog)s {VERSION}", help="print the version and exit"
    )
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="English or Khmer (default: en)")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    command = commands.add_parser("init", help="make a home that believes in one ministry's root")
    command.add_argument(
        "--root", type=Path, required=True, metavar="ROOT.json", help="the ministry's first root"
    )
    command.add_argument(
        "--fingerprint", metavar="HEX", help="what the ministry published; compared with the root"
    )
    command.add_argument(
        "--again", action="store_true", help="throw away what this home knows, and begin anew"
    )
    command.set_defaults(command=cli_home.init)

    command = commands.add_parser("sync", help="take over newer trust from a stick, a folder or a delta")
    command.add_argument(
        "source", nargs="?", metavar="SOURCE", help="a publication's folder, a delta's file, or its MS1: text"
    )
    command.add_argument(
        "--image", type=Path, metavar="FILE", help="read the delta's QR code from a picture (extra: qr)"
    )
    command.add_argument(
        "--no-bank", action="store_true", help="leave out the list that only banks need (SD-JWT VC)"
    )
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.set_defaults(command=cli_home.update)

    command = commands.add_parser("clock", help="show the two clock floors, or lower the local one")
    command.add_argument(
        "--lower", action="store_true", help="lower the local floor to the signed one (a supervisor)"
    )
    command.set_defaults(command=cli_home.clock_floors)

    command = commands.add_parser(
        "challenge", help="make a challenge for a phone to answer within 60 seconds"
    )
    command.add_argument(
        "--gate", type=int, default=0, metavar="N", help="this gate's registered number (default: any gate)"
    )
    command.add_argument("--out", type=Path, metavar="FILE.png", help="write its QR code here (extra: qr)")
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.set_defaults(command=cli_challenge.challenge)

    command = commands.add_parser("gate", help="the guard's screen, on this machine alone (extra: gate)")
    command.add_argument(
        "--port", type=int, default=8642, metavar="N", help="where the page is (8642; 0: any)"
    )
    command.add_argument(
        "--stick", type=Path, action="append", metavar="DIR", help="a folder to look for sticks in, too"
    )
    command.add_argument(
        "--serial",
        action="append",
        metavar="DEV[@SPEED]",
        help="a scanner on a serial line, such as /dev/ttyACM0 (extra: serial)",
    )
    command.add_argument("--open", action="store_true", help="open the page in this machine's browser")
    command.add_argument(
        "--set-pin", action="store_true", help="set the supervisor's PIN, and end (MONTREY_GATE_PIN_FILE)"
    )
    command.set_defaults(command=cli_gate.gate)

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
    command.set_defaults(command=cli_check.check)
