"""`reject`, `amend` and `activate`, and what is said of applications that somebody has to look into."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from issuer import cli_report, handing_over
from issuer.amendment_rows import COLUMNS_THAT_CHANGE
from issuer.cli_applications_wording import DOUBTS, HANDING_FAULTS
from issuer.cli_orders import tell_waiting, to_json
from issuer.cli_output import print_json, print_json_rows, tell
from issuer.cli_program import UsageError
from issuer.cli_session import Session, read_text
from issuer.cli_wording import STATES, choose
from issuer.doubts import Doubtful
from issuer.duties import Order
from issuer.errors import IssuerError
from issuer.handing_over import HandingReport, NotHanded
from issuer.office import Issuer
from issuer.order_book import Waiting
from issuer.rejection_reasons import RejectionReason
from issuer.sheet_rows import COLUMNS

_OPTIONS = {name: name.replace("_", "-") for name in COLUMNS_THAT_CHANGE}
"""Columns, and the options of `amend` that say what stands there from now on."""


def add_applications(command: Callable[..., ArgumentParser]) -> None:
    """Adds the commands by `command(name, function, help)`."""
    added = command("reject", reject, "reject applications, with a reason")
    added.add_argument("application", metavar="APPLICATION", type=_application, nargs="+")
    added.add_argument("--reason", choices=[reason.value for reason in RejectionReason], required=True)
    added.add_argument("--note", metavar="TEXT", default="", help="kept in the register beside the reason")

    added = command("amend", amend, "change what the register says of people: a file, or one person")
    added.add_argument("file", metavar="FILE", nargs="?", help="CSV or XLSX: employee_id, and what changes")
    added.add_argument("--employee", metavar="N", help="employee number of one person")
    for name, option in _OPTIONS.items():
        added.add_argument(f"--{option}", metavar="VALUE", dest=name, help=f"{COLUMNS[name]} · {name}")
    added.add_argument("--replace", action="store_true", help="make a new card, which says so too")
    added.add_argument(
        "--report", metavar="OUT", help="write an XLSX to send back: the rows and what is wrong"
    )
    added.add_argument("--day-first", action="store_true", help="dates may be day/month/year")
    added.add_argument(
        "--clock-is-right",
        action="store_true",
        help="you have compared this machine's date and time with another clock",
    )

    added = command("activate", activate, "cards that were handed over: they count from now on")
    added.add_argument("file", metavar="FILE", nargs="?", help="a card number in each line")
    added.add_argument("--card", metavar="N", action="append", default=[], help="card number")


def reject(session: Session, options: Namespace) -> None:
    """`reject APPLICATION… --reason CODE [--note TEXT]`: all of them, or none."""
    reason = RejectionReason(options.reason)
    count = session.open(order=Order.REJECT).reject(options.application, reason, note=options.note)
    if options.json:
        print_json({"rejected": count})
    else:
        tell(session.say("rejected", count=count))


def amend(session: Session, options: Namespace) -> None:
    """`amend FILE`, or `amend --employee N --COLUMN VALUE… [--replace]`."""
    texts = {name: getattr(options, name) for name in _OPTIONS if getattr(options, name) is not None}
    if options.file is not None:
        if options.employee or texts or options.replace:
            raise UsageError("amend_needs")
        office = session.open(order=Order.AMEND)
        with session.progress("importing") as progress:
            report = office.amend_file(
                Path(options.file),
                day_first=options.day_first,
                report=Path(options.report) if options.report else None,
                progress=progress,
            )
        cli_report.show_report(session, options, report)
        return
    if not options.employee or not texts or options.report:
        raise UsageError("amend_needs")
    order = Order.AMEND_REPLACE if options.replace else Order.AMEND
    office = session.open(order=order, signing=options.replace)
    made = (
        office.amend_and_replace(
            options.employee, texts, day_first=options.day_first, clock_is_right=options.clock_is_right
        )
        if options.replace
        else office.amend(options.employee, texts, day_first=options.day_first)
    )
    if isinstance(made, Waiting):
        tell_waiting(session, options, made)
        return
    if options.json:
        print_json({"columns": list(made.columns), "card_number": made.card_number})
    else:
        tell(session.say("amended", columns=", ".join(made.columns)))
        if made.card_number:
            tell(session.say("replaced", card=made.card_number))
    if made.phone_shows_old:
        session.note("phone_shows_old")


def activate(session: Session, options: Namespace) -> None:
    """`activate --card N…`: all or none; `activate FILE`: all that can be, and every other is named."""
    if bool(options.card) is bool(options.file):
        raise UsageError("activate_needs")
    if options.card:
        done = session.open(order=Order.ACTIVATE).activate(options.card)
        waiting = done if isinstance(done, Waiting) else None
        report = HandingReport(activated=0 if isinstance(done, Waiting) else done)
    else:
        rows = handing_over.read_list(read_text(Path(options.file), max_bytes=handing_over.MAX_BYTES))
        report, waiting = session.open(order=Order.ACTIVATE).activate_list(rows)
    if options.json:
        faults = [{"row": f.row, "fault": f.fault.value, "state": f.state} for f in report.faults]
        print_json(
            {
                "activated": report.activated,
                "already_active": report.already_active,
                "repeated": report.repeated,
                "faults": faults,
                "waits": None if waiting is None else to_json(waiting),
            }
        )
    elif waiting is not None:
        for fault in report.faults:
            tell(_handing_fault(session, fault))
        tell_waiting(session, options, waiting)
    else:
        for fault in report.faults:
            tell(_handing_fault(session, fault))
        counted = {"activated": report.activated, "already": report.already_active}
        tell(session.say("activated", **counted, repeated=report.repeated, faulty=len(report.faults)))
    if report.faults:
        bad = len(report.faults)
        raise IssuerError("bad_rows", f"rows at fault: {bad}; mend them and give the list again", rows=bad)


def show_doubtful(session: Session, options: Namespace, office: Issuer) -> None:
    """`list --doubtful`: what `approve --all` leaves out, and why."""
    found = office.doubtful()
    cards = [office.show_application(number).card for number in found]
    if options.json:
        print_json_rows(
            {**card._asdict(), "doubts": sorted(doubtful.doubts), "others": doubtful.others}
            for card, doubtful in zip(cards, found.values(), strict=True)
        )
        return
    for card, doubtful in zip(cards, found.values(), strict=True):
        tell(f"{card.application:>8}  {card.name_la}  {card.name_km}")
        for doubt in sorted(doubtful.doubts):
            others = ", ".join(map(str, doubtful.others))
            tell(f"{'':>10}{choose(session.language, DOUBTS[doubt]).format(others=others)}")


def tell_left(session: Session, found: Mapping[int, Doubtful]) -> None:
    """How many applications wait for somebody to look into them, and why."""
    session.note("approve_left", count=len(found))
    for doubt, count in sorted(Counter(doubt for one in found.values() for doubt in one.doubts).items()):
        session.note(f"left_{doubt}", count=count)


def _handing_fault(session: Session, fault: NotHanded) -> str:
    words = choose(session.language, HANDING_FAULTS[fault.fault])
    state = choose(session.language, STATES[fault.state]) if fault.state else ""
    return session.say(
        "handing_fault", row=fault.row, words=words.format(state=state), fault=fault.fault.value
    )


def _application(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 10**9:
        raise ValueError("no number of this register")
    return number
