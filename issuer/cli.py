"""The command line of the ministry.

Ends with 0 when it was done, 1 when something was refused (its code and what
is wrong on standard error; nothing was done) or its output has nowhere to go
(then the same command again gives it), 2 when the command line is wrong.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from did import keyfile
from did.keyfile import Cost
from did.version import VERSION
from issuer import (
    cli_applications,
    cli_audit,
    cli_bank,
    cli_bulk,
    cli_cards,
    cli_custody,
    cli_keeping,
    cli_orders,
    cli_print,
    cli_setup,
    cli_show,
    cli_staff,
    cli_standing,
    cli_trust,
    cli_wording,
)
from issuer.cli_arguments import whole
from issuer.cli_help import EPILOG, IMPORT, KEYS_STOLEN, RENEW, STOLEN
from issuer.cli_program import KhmerParser, Parser, UsageError, end, language_of
from issuer.cli_session import Session
from issuer.errors import IssuerError
from issuer.lifecycle import CardState

_HOMELESS = (
    cli_setup.root_create,
    cli_setup.root_renew,
    cli_setup.root_key,
    cli_custody.root_sign,
    cli_custody.root_show,
    cli_custody.list_sign,
    cli_custody.list_show,
    cli_bank.key_new,
    cli_bank.batch_open,
    cli_bank.batch_report,
)
"""Commands of custodians and of printing banks, whose machines have no home."""

Add = Callable[..., ArgumentParser]


def _now() -> datetime:
    return datetime.now(UTC)


def run(
    arguments: Sequence[str] | None = None,
    *,
    clock: Callable[[], datetime] = _now,
    cost: Cost = keyfile.MODERATE,
) -> int:
    """Runs one command and returns its exit code; `arguments` default to the program's own."""
    given = sys.argv[1:] if arguments is None else arguments
    language = language_of(given)
    return end(lambda: _carry_out(given, clock, cost), language)


def _carry_out(arguments: Sequence[str], clock: Callable[[], datetime], cost: Cost) -> int:
    if any("\0" in argument for argument in arguments):  # no file name and no text of ours has one
        raise UsageError("usage_nul")
    options = build_parser(language_of(arguments)).parse_args(arguments)
    homeless = options.command in _HOMELESS or (
        options.command is cli_cards.import_file and (options.columns or options.codes or options.example)
    )
    if options.home is None and not homeless:
        raise UsageError("usage_missing", names="--home DIR")
    if options.home is not None:
        _keep_out(Path(options.home), options)
    session = Session(Path(options.home or "."), options.lang, clock, cost, options.person)
    options.command(session, options)
    return 0


def _keep_out(home: Path, options: Namespace) -> None:
    """Nothing is written into a home but what the program keeps there: it would replace a register or a key.

    Raises:
        IssuerError: `unsafe_out`.
    """
    written = [getattr(options, name, None) for name in ("out", "report", "proofs", "publish", "photo")]
    if options.command is cli_custody.list_export:
        written.append(options.file)
    inside = os.path.realpath(home)
    if any(place and Path(os.path.realpath(place)).is_relative_to(inside) for place in written):
        raise IssuerError("unsafe_out", "a file of this home would be replaced: choose a place outside of it")


def build_parser(language: str = "en") -> ArgumentParser:
    """The parser, with one subparser for each command, its help in `language`."""
    parser = (KhmerParser if language == "km" else Parser)(
        prog="montrey-issuer",
        description="The ministry's register of cards: applications, approval, status, publication.",
        epilog=EPILOG,
    )
    parser.add_argument("--home", metavar="DIR", help="the issuer's folder (made by init)")
    parser.add_argument("--as", dest="person", metavar="NAME", help="who you are: a member of staff")
    parser.add_argument(
        "--version", action="version", version=f"%(prog)s {VERSION}", help="print the version and exit"
    )
    parser.add_argument("--lang", choices=cli_wording.LANGUAGES, default="en", help="English or Khmer")
    add = parser.add_subparsers(title="commands", required=True, metavar="COMMAND").add_parser
    _add_init(add)
    _add_custody(add)
    _add_trusted(add)
    _add_applications(add)
    _add_phones(add)
    _add_acts(add)
    _add_publishing(add)
    cli_orders.add_orders(lambda *given: _command(add, *given))
    cli_staff.add_staff(add, _command)
    cli_print.add_print(add, _command)
    cli_bank.add_bank(add, _command)
    cli_audit.add_audit(lambda *given: _command(add, *given))
    cli_keeping.add_keeping(lambda *given: _command(add, *given))
    return parser


def _add_init(add: Add) -> None:
    command = _command(add, "init", cli_setup.init, "make a home: keys, register, and custodians' keys")
    command.add_argument(
        "--issuer", metavar="URL", default="https://montrey.example", help="stands in every credential"
    )
    command.add_argument("--name-km", default="ក្រសួងមុខងារសាធារណៈ", help="the issuer's name in Khmer")
    command.add_argument(
        "--name-en", default="Ministry of Civil Service", help="the issuer's name in English"
    )
    command.add_argument(
        "--employee-id-digits", metavar="N", type=int, default=10, help="digits of an employee number"
    )
    command.add_argument(
        "--offline", action="store_true", help="custodians make and sign the root on another machine"
    )


def _add_custody(add: Add) -> None:
    root = add("root", help="custodians: make and sign the root of trust")
    inner = root.add_subparsers(required=True, metavar="COMMAND").add_parser
    command = _command(
        inner, "create", cli_setup.root_create, "custodians' keys and the first root (offline)"
    )
    _add_online_key(command, required=True)
    command.add_argument("--out", metavar="DIR", required=True, help="an empty or new folder")
    command = _command(inner, "renew", cli_setup.root_renew, "draw up the root after PREVIOUS, to be signed")
    command.add_argument("previous", metavar="PREVIOUS", help="the newest root")
    _add_online_key(command, required=False)
    _add_custodians_keys(command)
    command.add_argument("--out", metavar="FILE", required=True, help="the new root, without signatures")
    command = _command(inner, "key", cli_setup.root_key, "one custodian's new key (offline)")
    command.add_argument("--out", metavar="DIR", required=True, help="a new folder")
    command = _command(inner, "sign", cli_custody.root_sign, "add a custodian's signature (offline)")
    _add_root_file(command)
    _add_key(command)
    command = _command(inner, "show", cli_custody.root_show, "fingerprint, end, keys, signatures")
    _add_root_file(command, nargs="?")
    command = _command(inner, "import", cli_setup.root_import, "take a signed root into the home")
    command.add_argument("file", metavar="FILE")

    trust_list = add("trust-list", help="custodians: sign issuers, keys, templates, codes and purposes")
    inner = trust_list.add_subparsers(required=True, metavar="COMMAND").add_parser
    for name, function, text in (
        ("export", cli_custody.list_export, "draw up the list as the register stands"),
        ("show", cli_custody.list_show, "what is signed, by whom, until when"),
        ("sign", cli_custody.list_sign, "add a custodian's signature (offline)"),
        ("import", cli_custody.list_import, "take a signed list into the home"),
    ):
        command = _command(inner, name, function, text)
        command.add_argument("file", metavar="FILE", help="the trust list, one file that travels")
        if name in ("show", "sign"):
            command.add_argument(
                "--previous", metavar="FILE", help="the list signed before: shows what has changed since"
            )
        if name == "sign":
            _add_key(command)


def _add_trusted(add: Add) -> None:
    inner = add("seal-key", help="the keys that cards are sealed with").add_subparsers(
        required=True, metavar="COMMAND"
    )
    _command(inner.add_parser, "list", cli_trust.seal_key_list, "seal keys, and which of them is in use")
    _command(inner.add_parser, "new", cli_trust.seal_key_new, "make a seal key, for custodians to sign")
    command = _command(
        inner.add_parser, "stolen", cli_trust.seal_key_stolen, "refuse what a thief seals with a key"
    )
    command.description, command.epilog = STOLEN, cli_wording.say("km", "stolen_help")
    command.add_argument("kid", metavar="KID", help="the key, as seal-key list names it")

    inner = add("keys", help="the keys that sign credentials and lists").add_subparsers(
        required=True, metavar="COMMAND"
    )
    _command(inner.add_parser, "list", cli_trust.keys_list, "every key, what it is doing, until when")
    command = _command(
        inner.add_parser, "renew", cli_trust.keys_renew, "make the next keys, for custodians to sign"
    )
    command.description, command.epilog = RENEW, cli_wording.say("km", "renew_help")
    command.add_argument(
        "kind", metavar="KIND", nargs="+", choices=cli_trust.RENEWABLE, help=", ".join(cli_trust.RENEWABLE)
    )
    command.add_argument("--token", metavar="LABEL", help="make them in this token (HSM), not in key files")

    command = _command(inner.add_parser, "stolen", cli_trust.keys_stolen, "answer the theft of a key")
    command.description, command.epilog = KEYS_STOLEN, cli_wording.say("km", "keys_stolen_help")
    command.add_argument("kid", metavar="KID", help="as keys list or root show names it")
    command = _command(
        inner.add_parser, "phones", cli_trust.keys_phones, "cards whose phone may hold what a key made"
    )
    command.add_argument("kid", metavar="KID", help="as keys list or root show names it")

    inner = add("gate", help="gates and banks that custodians will sign").add_subparsers(
        required=True, metavar="COMMAND"
    )
    _command(inner.add_parser, "list", cli_trust.gate_list, "the gates in the register")
    command = _command(inner.add_parser, "add", cli_trust.gate_add, "register a gate, for custodians to sign")
    command.add_argument("number", metavar="NUMBER", type=int, help="1 to 65535, never given again")
    command.add_argument("--name-km", metavar="NAME", required=True, help="the gate's name in Khmer")
    command.add_argument("--name-en", metavar="NAME", required=True, help="the gate's name in English")
    command.add_argument(
        "--purpose", metavar="NAME", action="append", help="what it asks for (default: entry)"
    )


def _add_applications(add: Add) -> None:
    command = _command(add, "import", cli_cards.import_file, "file applications from an agency's CSV or XLSX")
    command.description = IMPORT
    command.add_argument("file", metavar="FILE", nargs="?")
    command.add_argument("--photos", metavar="FOLDER", help="a folder of photos: NUMBER.jpg or NUMBER.png")
    command.add_argument(
        "--report", metavar="OUT", help="write an XLSX to send back: the rows and what is wrong"
    )
    command.add_argument("--day-first", action="store_true", help="dates may be day/month/year")
    command.add_argument(
        "--rejected-too", action="store_true", help="file those again who were rejected with the same data"
    )
    command.add_argument("--columns", action="store_true", help="print what the columns hold")
    command.add_argument("--codes", action="store_true", help="print the code tables")
    command.add_argument("--example", action="store_true", help="print a small file")

    command = _command(add, "list", cli_show.show_list, "applications and cards")
    command.add_argument("--state", choices=[state.value for state in CardState])
    command.add_argument("--limit", metavar="N", type=whole)
    command.add_argument("--employee", metavar="N", default="", help="only this employee number")
    command.add_argument(
        "--name", metavar="TEXT", default="", help="only names with this in them, Khmer or Latin"
    )
    command.add_argument(
        "--agency", metavar="CODE", default="", help="only this agency's, by its code (agency list)"
    )
    command.add_argument("--count", action="store_true", help="only how many there are in each state")
    command.add_argument("--doubtful", action="store_true", help="what approve --all leaves out, and why")

    cli_standing.add_standing(lambda *given: _command(add, *given))
    command = _command(add, "show", cli_show.show, "one card, and where its credentials stand")
    command.add_argument("card", metavar="N", nargs="?", help="card number")
    command.add_argument("--application", metavar="N", type=whole, help="an application, by its number")
    command.add_argument("--photo", metavar="FILE", help="write its photograph here, a JPEG")
    command.add_argument("--history", action="store_true", help="everything that was done to it, and by whom")

    command = _command(add, "approve", cli_cards.approve, "give applications a card number and a seal")
    command.add_argument("application", metavar="APPLICATION", type=whole, nargs="*")
    command.add_argument(
        "--all", action="store_true", help="all that wait, except those that list --doubtful shows"
    )
    _add_clock(command)
    cli_applications.add_applications(lambda *given: _command(add, *given))


def _add_phones(add: Add) -> None:
    command = _card(add, "offer", cli_cards.offer, "what a phone answers with a request")
    command.add_argument("--out", metavar="FILE", help="write it here instead of printing it")
    _add_clock(command)
    command = _command(add, "issue", cli_cards.issue, "answer a phone's request with its credentials")
    command.add_argument("request", metavar="REQUEST", help="a file, or - for standard input")
    command.add_argument("--out", metavar="FILE", help="write it here instead of printing it")
    _add_clock(command)
    cli_bulk.add_bulk(lambda *given: _command(add, *given), _add_clock)


def _add_acts(add: Add) -> None:
    _card(add, "suspend", cli_cards.suspend, "stop a card for a while")
    _card(add, "reinstate", cli_cards.reinstate, "end a suspension")
    _card(add, "lost", cli_cards.lost, "end a card that was lost; replace makes the next one")
    _card(add, "retire", cli_cards.retire, "end the card of somebody who leaves the civil service")
    command = _card(add, "revoke", cli_cards.revoke, "end a card for good")
    command.add_argument("--wallet", action="store_true", help="only the phone's credentials; the card stays")
    _add_clock(_card(add, "replace", cli_cards.replace, "end a card and make a new one for its holder"))


def _add_publishing(add: Add) -> None:
    command = _command(add, "publish", cli_cards.publish, "sign the status lists and write a publication")
    command.add_argument("out", metavar="OUT", help="a folder or stick, outside of every home")
    _add_clock(command)
    command = _command(
        add, "delta", cli_cards.deltas, "what changed since the last publication, for QR codes"
    )
    command.add_argument("out", metavar="OUT", help="a folder")
    _add_clock(command)
    command = _card(add, "seal", cli_cards.seal, "the QR code to be printed on a card that stands")
    command.add_argument("--out", metavar="DIR", required=True, help="seal.txt, seal.png, seal.svg")


def _add_clock(command: ArgumentParser) -> None:
    command.add_argument(
        "--clock-is-right",
        action="store_true",
        help="you have compared this machine's date and time with another clock",
    )


def _command(
    add: Add, name: str, function: Callable[[Session, Namespace], None], text: str
) -> ArgumentParser:
    command = add(name, help=text)
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(command=function)
    return command


def _card(add: Add, name: str, function: Callable[[Session, Namespace], None], text: str) -> ArgumentParser:
    command = _command(add, name, function, text)
    command.add_argument("--card", metavar="N", required=True, help="card number")
    return command


def _add_online_key(command: ArgumentParser, *, required: bool) -> None:
    command.add_argument(
        "--online-key", metavar="FILE", action="append", required=required, help="online-key.jwk of the home"
    )


def _add_custodians_keys(command: ArgumentParser) -> None:
    for option, name, text in (
        ("--without", "KEYID", "a custodian's key that is stolen or lost, as root show names it"),
        ("--root-key", "FILE", "the key of a new root custodian (root key)"),
        ("--targets-key", "FILE", "the key of a new targets custodian (root key)"),
    ):
        command.add_argument(option, metavar=name, action="append", help=text)


def _add_key(command: ArgumentParser) -> None:
    command.add_argument("--key", metavar="KEY", required=True, help="the custodian's key.json")
    command.add_argument("--yes", action="store_true", help="sign without asking, for scripts")


def _add_root_file(command: ArgumentParser, *, nargs: str | None = None) -> None:
    text = "the root" if nargs is None else "the root (the home's newest)"
    command.add_argument("file", metavar="FILE", nargs=nargs, help=text)
    command.add_argument("--previous", metavar="FILE", help="the root before it, from the second one on")
