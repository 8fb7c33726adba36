"""The commands of a printing bank, which has no home: keys, opening a batch, reporting what was printed."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from did import PublicKey
from issuer import bank_keys, cli_wording, opened_batch, orders, print_report, print_table
from issuer.bank_keys import BankKeys, BankPublic
from issuer.civil_days import clock_time
from issuer.cli_output import print_json, tell
from issuer.cli_session import Session, read_file, write_file
from issuer.errors import IssuerError
from issuer.opened_batch import TABLE
from issuer.print_table import RowFault, TableFault
from issuer.reconciliation import BANK_WORDS, Difference, compare
from issuer.whole_output import new_folder, put

KEY_FILE, PUBLIC_FILE, MINISTRY_FILE = "bank-key.json", "bank.jwks", "ministry.jwk"

Command = Callable[[Session, Namespace], None]
Register = Callable[..., ArgumentParser]


def add_bank(add: Register, command: Callable[[Register, str, Command, str], ArgumentParser]) -> None:
    """Adds the commands of banks to a parser; `command` makes one as the program's others are made."""
    inner = add("bank-key", help="a printing bank: make its keys").add_subparsers(
        required=True, metavar="COMMAND"
    )
    made = command(inner.add_parser, "new", key_new, "keys to receive batches and to sign reports")
    made.add_argument("--out", metavar="FOLDER", required=True, help="a new folder: bank-key.json, bank.jwks")
    made = command(add, "batch-open", batch_open, "a printing bank: check and open a batch")
    _add_key(made)
    made.add_argument(
        "--ministry",
        metavar="KEY",
        help="the ministry's public key (default: ministry.jwk beside the bank's)",
    )
    made.add_argument("file", metavar="FILE", help="the batch, as the ministry sent it")
    made.add_argument("folder", metavar="DIR", help="a new folder, for the rows and pictures")
    made = command(add, "batch-report", batch_report, "a printing bank: sign what was printed")
    _add_key(made)
    made.add_argument("folder", metavar="DIR", help="the folder of an opened batch, its report.csv filled in")
    made.add_argument("--out", metavar="FILE", required=True, help="the signed report, for the ministry")


def key_new(session: Session, options: Namespace) -> None:
    """`bank-key new --out FOLDER`: the two keys, encrypted, and their public halves for the ministry."""
    folder, keys = Path(options.out), BankKeys.generate()
    encrypted = bank_keys.encrypt(keys, session.passphrase(new=True), cost=session.cost)
    with new_folder(folder) as building:
        put(building / KEY_FILE, encrypted)
        put(building / PUBLIC_FILE, keys.public.to_jwks(), mode=0o644)
    places = {
        "key": folder / KEY_FILE,
        "jwks": folder / PUBLIC_FILE,
        "ministry": folder / MINISTRY_FILE,
    }
    if options.json:
        print_json({**places, "fingerprints": fingerprints(keys.public)})
        return
    tell(session.say("bank_key_made", passphrase_note=session.say("bank_key_note"), **places))
    for line in session.say("bank_fingerprints", **fingerprints(keys.public)).split("\n"):
        tell(line)


def batch_open(session: Session, options: Namespace) -> None:
    """`batch-open --key KEY FILE DIR`: all of a batch, checked, or nothing."""
    bank = _keys(session, options).to_decrypt()
    ministry = _ministry(options)
    with ExitStack() as stack:
        try:
            if Path(options.file).is_fifo() or Path(options.file).is_char_device():  # it might never end
                raise IssuerError("unreadable_file", f"{options.file}: not a file")
            source = stack.enter_context(Path(options.file).open("rb"))
        except OSError as error:
            raise IssuerError("unreadable_file", f"{options.file}: {error.strerror}") from error
        progress = stack.enter_context(session.progress("batch_opening"))
        header = opened_batch.open_batch(
            source, Path(options.folder), bank=bank, ministry=ministry, opening=progress, progress=progress
        )
    about = {**opened_batch.about(header), "folder": options.folder}
    signer = next(key for key in ministry if key.thumbprint() == header.ministry)
    if options.json:
        print_json(about)
        return
    made_at = clock_time(header.made_at.timestamp())
    tell(session.say("batch_opened", **{**about, "made_at": made_at}))
    tell(session.say("batch_signed_by", fingerprint=bank_keys.spoken(signer)))
    tell(session.say("batch_next", table=Path(options.folder) / TABLE))


def batch_report(session: Session, options: Namespace) -> None:
    """`batch-report --key KEY DIR --out FILE`: the filled-in table, held against the batch and signed."""
    folder = Path(options.folder)
    opened = opened_batch.read_opened(folder)
    rows, faults = print_table.read(read_file(folder / TABLE, max_bytes=print_table.MAX_TABLE))
    for (column, kind), found in _alike(faults).items():
        phrase = "report_rows" if len(found) > 1 else "report_row"
        where = f"{orders.write_ranges(found)} {column}".rstrip()
        advice = cli_wording.choose(session.language, print_table.ADVICE[kind])
        session.note(phrase, table=TABLE, rows=where, advice=advice)
    if faults:
        raise IssuerError(
            "report_unfinished",
            f"{TABLE}: {len(faults)} things to be mended; nothing was signed",
            count=len(faults),
        )
    lines, answers = [*rows], [*rows.values()]
    differences, printed = compare([card.number for card in opened.cards], answers)
    report = print_report.sign(
        answers,
        batch=opened.batch,
        batch_sha256=opened.sha256,
        bank=opened.bank,
        at=session.clock(),
        signer=_keys(session, options).to_sign(),
    )
    write_file(Path(options.out), report.encode("ascii") + b"\n", mode=0o644)
    counts = {"count": len(opened.cards), "printed": len(printed), "path": options.out}
    if options.json:
        print_json(
            {
                "batch": opened.batch,
                **counts,
                "differences": [
                    {**difference_to_json(each), "line": lines[each.row - 1] if each.row else 0}
                    for each in differences
                ],
            }
        )
        return
    for difference in differences:
        row = session.say("difference_row", table=TABLE, row=lines[difference.row - 1])
        words = cli_wording.choose(session.language, BANK_WORDS[difference.kind])
        tell(_line(session.language, difference, row, words))
    tell(session.say("report_made", differences=len(differences), **counts))


def difference_line(language: str, difference: Difference) -> str:
    """One difference for a person at the ministry, in their language."""
    row = cli_wording.say(language, "difference_of_report", row=difference.row)
    return _line(language, difference, row, cli_wording.choose(language, difference.words))


def _line(language: str, difference: Difference, row: str, words: str) -> str:
    """`words` behind which card and row they are about; a report as a whole is about none."""
    where = []
    if difference.sequence:
        card = {"sequence": difference.sequence, "number": difference.number}
        where.append(cli_wording.say(language, "difference_card", **card))
    if difference.row:
        where.append(row)
    if difference.reported != difference.number:
        where.append(cli_wording.say(language, "difference_reported", reported=difference.reported))
    stop = "៖" if language == "km" else ":"
    return f"{', '.join(where)}{stop} {words}" if where else words


def _alike(faults: Sequence[RowFault]) -> dict[tuple[str, TableFault], list[int]]:
    """The rows of which the same is wrong, by column and what it is."""
    found: dict[tuple[str, TableFault], list[int]] = {}
    for fault in faults:
        found.setdefault((fault.column, fault.kind), []).append(fault.row)
    return found


def difference_to_json(difference: Difference) -> dict[str, object]:
    """One difference for a program."""
    return {
        "kind": difference.kind.value,
        "sequence": difference.sequence,
        "number": difference.number,
        "reported": difference.reported,
        "row": difference.row,
        "count": difference.count,
    }


def fingerprints(public: BankPublic) -> dict[str, str]:
    """Of a bank's two keys, for two people on a telephone."""
    return {
        "encryption": bank_keys.spoken(public.encryption),
        "signing": bank_keys.spoken(public.signing),
    }


def _keys(session: Session, options: Namespace) -> BankKeys:
    return bank_keys.read(read_file(Path(options.key), max_bytes=bank_keys.MAX_FILE), session.passphrase)


def _ministry(options: Namespace) -> tuple[PublicKey, ...]:
    path = Path(options.ministry or Path(options.key).with_name(MINISTRY_FILE))
    if not options.ministry and not path.exists():
        raise IssuerError(
            "no_ministry_key",
            f"{path}: put the ministry's public key there, or name it by --ministry",
            path=path,
        )
    return bank_keys.read_pinned(read_file(path, max_bytes=bank_keys.MAX_FILE))


def _add_key(command: ArgumentParser) -> None:
    command.add_argument("--key", metavar="KEY", required=True, help="bank-key.json, or a private JWK")
