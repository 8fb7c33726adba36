"""The ministry's commands on printing: agencies' codes, banks, orders, and the banks' reports."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from rich.cells import cell_len, set_cell_size

from credential import card_number
from issuer import bank_keys, cli_wording, print_report
from issuer.bank_keys import BankPublic
from issuer.banks import Bank
from issuer.civil_days import clock_time
from issuer.cli_bank import MINISTRY_FILE, difference_line, difference_to_json, fingerprints
from issuer.cli_orders import cards_counted, tell_waiting
from issuer.cli_output import print_json, tell
from issuer.cli_program import UsageError
from issuer.cli_session import Session, read_file, read_text, rfc3339, write_file
from issuer.duties import Order
from issuer.errors import IssuerError
from issuer.order_book import Waiting
from issuer.print_cards import LeftOut
from issuer.print_orders import OrderView
from issuer.print_plan import Choice
from issuer.printing import Delivery, Ordering
from issuer.reconciliation import DifferenceKind

_MAX_SHOWN = 20
"""Card numbers that one line names."""
_COUNTS = ("cards", "printed", "in_batch", "returned", "ended")

Command = Callable[[Session, Namespace], None]
Register = Callable[..., ArgumentParser]


def add_print(add: Register, command: Callable[[Register, str, Command, str], ArgumentParser]) -> None:
    """Adds the commands to a parser; `command` makes one as the program's others are made."""
    _add_parties(add, command)
    made = command(add, "print-order", print_order, "give approved cards to banks, one sealed file each")
    made.add_argument(
        "--agency", metavar="CODE", action="append", help="only this agency's cards; may be repeated"
    )
    made.add_argument(
        "--bank", metavar="NAME", help="all of them to this bank (default: agencies over all banks)"
    )
    made.add_argument(
        "--share", metavar="NAME=PERCENT", type=_share, action="append", help="a bank's part; all make 100"
    )
    made.add_argument(
        "--limit", metavar="N", type=_count, help="at most so many cards, the first approved first"
    )
    made.add_argument("--again", metavar="ORDER", help="seal what still waits of an order once more, instead")
    made.add_argument("--proofs", metavar="DIR", help="a new folder: draw every card for eyes, and a sheet")
    made.add_argument("--out", metavar="DIR", required=True, help="where the batches go, ORDER.mbatch each")
    made.add_argument(
        "--clock-is-right",
        action="store_true",
        help="you have compared this machine's date and time with another clock",
    )
    made = command(add, "print-proofs", print_proofs, "draw the cards of an order for eyes, and a sheet")
    made.add_argument("order", metavar="ORDER", help="as print-orders names it")
    made.add_argument("--out", metavar="DIR", required=True, help="a new folder")
    command(add, "print-orders", print_orders, "every order, and how far its bank is")
    made = command(add, "printed", printed, "take a bank's report: what is printed, what differs")
    made.add_argument("file", metavar="FILE", help="the report, as the bank sent it")
    made = command(
        add, "print-return", print_return, "take cards back from a bank: they may be ordered again"
    )
    made.add_argument("order", metavar="ORDER", help="as print-orders names it")
    made.add_argument("--card", metavar="N", action="append", help="this card; may be repeated")
    made.add_argument("--rest", action="store_true", help="all that still wait to be printed")


def _add_parties(add: Register, command: Callable[[Register, str, Command, str], ArgumentParser]) -> None:
    inner = add("agency", help="codes of agencies, for batches").add_subparsers(
        required=True, metavar="COMMAND"
    )
    command(inner.add_parser, "list", agency_list, "agencies and their codes")
    made = command(
        inner.add_parser, "add", agency_add, "give an agency a code, before it comes up in an import"
    )
    made.add_argument("code", metavar="CODE", help="letters, digits and . _ -; never given to another")
    made.add_argument("name", metavar="NAME", help="as applications write it")
    inner = add("bank", help="banks that print cards").add_subparsers(required=True, metavar="COMMAND")
    command(inner.add_parser, "list", bank_list, "the banks, and the fingerprints of their keys")
    made = command(inner.add_parser, "add", bank_add, "register a bank, or its new keys")
    made.add_argument("name", metavar="NAME", help="the bank's name")
    made.add_argument("file", metavar="FILE", help="bank.jwks, as the bank sent it")
    made.add_argument("--out", metavar="DIR", help="write ministry.jwk for the bank here")
    made = command(
        inner.add_parser, "ministry", bank_ministry, "the ministry's public printing key, for banks"
    )
    made.add_argument("--out", metavar="DIR", required=True, help="write ministry.jwk for the bank here")


def agency_list(session: Session, options: Namespace) -> None:
    """`agency list`: agencies and their codes."""
    found = session.open().printing.agencies()
    if options.json:
        print_json([{"code": code, "agency": name} for name, code in found.items()])
        return
    for name, code in found.items():
        tell(f"{code:<10}  {name or session.say('no_agency')}")


def agency_add(session: Session, options: Namespace) -> None:
    """`agency add CODE NAME`."""
    session.open(order=Order.AGENCY_ADD).printing.add_agency(options.code, options.name)
    if options.json:
        print_json({"code": options.code, "agency": options.name})
    else:
        tell(session.say("done"))


def bank_list(session: Session, options: Namespace) -> None:
    """`bank list`: the banks, with the keys that count now."""
    found = session.open().printing.banks()
    if options.json:
        print_json([_bank_json(bank) for bank in found])
        return
    for bank in found:
        _tell_bank(session, bank)


def bank_add(session: Session, options: Namespace) -> None:
    """`bank add NAME FILE`: its keys, with the fingerprints that two people compare by voice."""
    public = BankPublic.from_jwks(read_file(Path(options.file), max_bytes=bank_keys.MAX_FILE))
    bank = session.open(order=Order.BANK_ADD).printing.add_bank(options.name, public)
    if isinstance(bank, Waiting):
        tell_waiting(session, options, bank)
        for line in session.say("bank_fingerprints", **fingerprints(public)).split("\n"):
            tell(line, file=sys.stderr)
    elif options.json:
        print_json(_bank_json(bank))
    else:
        _tell_bank(session, bank)
    session.note("bank_compare")
    if options.out:
        _write_ministry(session, options)
    elif isinstance(bank, Bank):
        session.note("bank_next")


def bank_ministry(session: Session, options: Namespace) -> None:
    """`bank ministry --out DIR`: what every bank keeps beside its own key."""
    _write_ministry(session, options)
    if options.json:
        print_json({"ministry": Path(options.out) / MINISTRY_FILE})


def print_order(session: Session, options: Namespace) -> None:
    """`print-order --out DIR`: approved cards to banks; with `--again`, what still waits of an order."""
    choosing = (options.agency, options.bank, options.share, options.limit)
    if (options.again and any(choosing)) or (options.bank and options.share):
        raise UsageError("print_order_needs")
    printing = session.open(order=Order.PRINT_ORDER, signing=True).printing
    with session.progress("drawing") as progress:
        delivery = Delivery(
            out=Path(options.out),
            proofs=Path(options.proofs) if options.proofs else None,
            progress=progress,
            waiting=lambda: session.note("order_waits"),
            clock_is_right=options.clock_is_right,
        )
        if options.again:
            made = printing.order_again(options.again, delivery)
        else:
            shares = dict(options.share or ())
            if len(shares) < len(options.share or ()):
                raise UsageError("usage_value", names="--share")
            choice = Choice(
                bank=options.bank, shares=shares or None, agencies=options.agency, limit=options.limit
            )
            made = printing.order(choice, delivery)
    _tell_ordering(session, options, made)


def print_proofs(session: Session, options: Namespace) -> None:
    """`print-proofs ORDER --out DIR`."""
    with session.progress("drawing") as progress:
        count = session.open().printing.proofs(options.order, Path(options.out), progress=progress)
    if options.json:
        print_json({"order": options.order, "cards": count, "folder": options.out})
    else:
        tell(session.say("proofs_drawn", count=count, path=options.out))


def print_orders(session: Session, options: Namespace) -> None:
    """`print-orders`: every order, what of it is printed, what waits and since when."""
    found = session.open().printing.orders()
    if options.json:
        print_json([_order_json(order) for order in found])
        return
    heads = [session.say(f"order_{name}") for name in _COUNTS]
    first = session.say("order_number")
    bank = max([cell_len(order.bank) for order in found] + [cell_len(session.say("order_bank"))])
    tell("  ".join([set_cell_size(first, 10), set_cell_size(session.say("order_bank"), bank), *heads]))
    for order in found:
        counts = [
            str(getattr(order, name)).rjust(cell_len(head)) for name, head in zip(_COUNTS, heads, strict=True)
        ]
        line = "  ".join([set_cell_size(order.number, 10), set_cell_size(order.bank, bank), *counts])
        since = session.say("order_open", since=clock_time(order.ordered_at)) if order.in_batch else ""
        tell(f"{line}  {since}".rstrip())


def printed(session: Session, options: Namespace) -> None:
    """`printed FILE`: the report is held against its order; every difference is named, with what to do."""
    token = read_text(Path(options.file), max_bytes=print_report.MAX_REPORT)
    taken = session.open(order=Order.PRINTED).printing.take_report(token)
    if options.json:
        document = asdict(taken)
        del document["digest"]
        print_json({**document, "differences": [difference_to_json(each) for each in taken.differences]})
    else:
        for difference in taken.differences:
            tell(difference_line(session.language, difference))
    if taken.counts:
        counted = {"printed": taken.printed, "vouched": taken.vouched, "cards": taken.cards}
        differences = len(taken.differences)
        session.note("report_taken", order=taken.order, bank=taken.bank, differences=differences, **counted)
    elif (kind := taken.differences[0].kind) is not DifferenceKind.DOUBLED:
        raise IssuerError("report_refused", f"{kind}: {taken.differences[0].words.en} Nothing was counted.")


def print_return(session: Session, options: Namespace) -> None:
    """`print-return ORDER`: cards that a bank will not print are approved again."""
    if bool(options.card) is options.rest:
        raise UsageError("print_return_needs")
    cards = None if options.rest else [card_number.parse(number) for number in options.card]
    back = session.open(order=Order.PRINT_RETURN).printing.give_back(options.order, cards)
    if options.json:
        print_json({"order": options.order, "cards": back})
        return
    for number in back:
        tell(number)
    if back:
        session.note("cards_returned", cards=cards_counted(session, len(back)), order=options.order)
    else:
        session.note("none_returned", order=options.order)


def _tell_ordering(session: Session, options: Namespace, made: Ordering) -> None:
    if options.json:
        orders = [{**asdict(order), "file": str(order.file)} for order in made.orders]
        print_json({"orders": orders, "left_out": list(map(_left_json, made.left_out))})
    for order in () if options.json else made.orders:
        tell(session.say("ordered", order=order.number, bank=order.bank, count=order.cards, path=order.file))
    for order in made.orders:
        if order.without_photo:
            shown = ", ".join(order.without_photo[:_MAX_SHOWN])
            more = " …" if len(order.without_photo) > _MAX_SHOWN else ""
            count = len(order.without_photo)
            session.note("without_photo", order=order.number, count=count, cards=shown + more)
    for left in made.left_out:
        words = cli_wording.choose(session.language, left.obstacle.words)
        session.note("card_left_out", number=left.number, words=words)
    if made.orders:
        session.note("order_next")
    elif not made.left_out:
        session.note("nothing_to_print")


def _write_ministry(session: Session, options: Namespace) -> None:
    office = session.open()
    if not office.printing.has_key():
        office = session.open(order=Order.PRINTING_KEY, signing=True)
        office.printing.renew_key(cost=session.cost)
    path = Path(options.out) / MINISTRY_FILE
    write_file(path, office.printing.ministry_keys(), mode=0o644)
    used = next(key for key in office.printing.key_views() if key.in_use)
    session.note("ministry_written", path=path, fingerprint=bank_keys.spoken(used.public))


def _tell_bank(session: Session, bank: Bank) -> None:
    tell(f"{bank.name}  {clock_time(bank.added_at)}")
    for line in session.say("bank_fingerprints", **fingerprints(bank.public)).split("\n"):
        tell(f"  {line}")


def _bank_json(bank: Bank) -> dict[str, object]:
    return {"bank": bank.name, "added_at": rfc3339(bank.added_at), "fingerprints": fingerprints(bank.public)}


def _left_json(left: LeftOut) -> dict[str, str]:
    words = left.obstacle.words
    return {
        "number": left.number,
        "reason": left.obstacle.value,
        "advice_en": words.en,
        "advice_km": words.km,
    }


def _order_json(order: OrderView) -> dict[str, object]:
    reported = None if order.reported_at is None else rfc3339(order.reported_at)
    open_since = rfc3339(order.ordered_at) if order.in_batch else None
    times = {"ordered_at": rfc3339(order.ordered_at), "reported_at": reported, "open_since": open_since}
    return {**asdict(order), **times}


def _share(text: str) -> tuple[str, int]:
    name, _, percent = text.rpartition("=")
    if not name:
        raise ValueError("no share")
    return name, int(percent)


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 10**9:
        raise ValueError("no number of cards")
    return number
