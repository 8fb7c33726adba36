"""The commands on applications and cards."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from credential import qr_draw, seal_picture
from issuer import cli_applications, cli_columns, cli_report, cli_warnings, cli_wording
from issuer.civil_days import clock_time
from issuer.cli_orders import tell_waiting, tell_without_photo
from issuer.cli_output import print_json, tell
from issuer.cli_program import UsageError
from issuer.cli_session import Session, delivery, read_file, rfc3339, write_file
from issuer.duties import Order
from issuer.lifecycle import CardState
from issuer.office import Issuer
from issuer.order_book import Waiting
from issuer.proofs import MAX_REQUEST
from revocation import delta
from revocation.errors import StatusError

_MEANWHILE = {
    (Order.REPORT_LOST, CardState.SUSPENDED): "lost_suspended",
    (Order.RETIRE, CardState.ACTIVE): "card_counts",
    (Order.REVOKE, CardState.ACTIVE): "card_counts",
    (Order.REVOKE_WALLET, CardState.ACTIVE): "phone_counts",
}
"""What a card is good for while an order waits for another person."""


def import_file(session: Session, options: Namespace) -> None:
    """`import FILE`: good rows are filed, every bad one is named."""
    if options.columns or options.codes or options.example:
        cli_columns.print_help(session, options)
        return
    if options.file is None:
        raise UsageError("import_needs")
    office = session.open(order=Order.IMPORT)
    with session.progress("importing") as progress:
        report = office.import_file(
            Path(options.file),
            day_first=options.day_first,
            photos=Path(options.photos) if options.photos else None,
            report=Path(options.report) if options.report else None,
            rejected_too=options.rejected_too,
            progress=progress,
        )
    cli_report.show_report(session, options, report)


def approve(session: Session, options: Namespace) -> None:
    """`approve APPLICATION… | --all`."""
    if bool(options.application) is bool(options.all):
        raise UsageError("approve_needs")
    office = session.open(order=Order.APPROVE, signing=True)
    with session.progress("approving") as progress:
        approved = office.approve(
            None if options.all else options.application,
            progress=progress,
            clock_is_right=options.clock_is_right,
        )
    if isinstance(approved, Waiting):
        tell_waiting(session, options, approved)
        tell_without_photo(session, office, office.order(approved.number).written.cards)
        return
    left = office.doubtful() if options.all else {}
    if options.json:
        print_json([{"application": number, "card_number": card} for number, card in approved])
    else:
        for number, card in approved:
            tell(f"{number:>8}  {card}")
        session.note("approved", count=len(approved))
    if left:
        cli_applications.tell_left(session, left)


def offer(session: Session, options: Namespace) -> None:
    """`offer --card N`: what a phone answers with a request."""
    office = session.open(order=Order.OFFER)
    before = office.show(options.card)
    with delivery(options.out) as deliver:
        made = office.offer(options.card, deliver=deliver, clock_is_right=options.clock_is_right)
    if isinstance(made, Waiting):
        tell_waiting(session, options, made)
        return
    if options.out:
        session.note("offer_written", path=options.out)
    if before.has_offer:
        session.note("offer_closed")
    if before.has_wallet:
        session.note("phone_will_end")


def issue(session: Session, options: Namespace) -> None:
    """`issue REQUEST`: the credentials for a phone that proved its keys."""
    if options.request == "-":
        request = sys.stdin.buffer.read(MAX_REQUEST + 1)
    else:
        request = read_file(Path(options.request), max_bytes=MAX_REQUEST)
    notes: list[str] = ["issue_written"] if options.out else []
    with delivery(options.out) as deliver:
        session.open(order=Order.ISSUE, signing=True).issue(
            request,
            deliver=deliver,
            ended=lambda: notes.append("phone_ended"),
            clock_is_right=options.clock_is_right,
        )
    for phrase in notes:
        session.note(phrase, path=options.out)


def suspend(session: Session, options: Namespace) -> None:
    """`suspend --card N`: one person is enough."""
    _act(session, options, Order.SUSPEND, Issuer.suspend)


def reinstate(session: Session, options: Namespace) -> None:
    """`reinstate --card N`."""
    _act(session, options, Order.REINSTATE, Issuer.reinstate)


def lost(session: Session, options: Namespace) -> None:
    """`lost --card N`."""
    _act(session, options, Order.REPORT_LOST, Issuer.report_lost)


def retire(session: Session, options: Namespace) -> None:
    """`retire --card N`."""
    _act(session, options, Order.RETIRE, Issuer.retire)


def revoke(session: Session, options: Namespace) -> None:
    """`revoke --card N [--wallet]`."""
    if options.wallet:
        _act(session, options, Order.REVOKE_WALLET, Issuer.revoke_wallet)
    else:
        _act(session, options, Order.REVOKE, Issuer.revoke)


def replace(session: Session, options: Namespace) -> None:
    """`replace --card N`."""
    office = session.open(order=Order.REPLACE, signing=True)
    number = office.replace(options.card, clock_is_right=options.clock_is_right)
    if isinstance(number, Waiting):
        tell_waiting(session, options, number)
    elif options.json:
        print_json({"card_number": number})
    else:
        tell(session.say("replaced", card=number))


def seal(session: Session, options: Namespace) -> None:
    """`seal --card N --out DIR`: the QR code to be printed, as text, PNG (600 dpi) and SVG, 25 mm wide."""
    text = session.open().seal(options.card)
    out = Path(options.out)
    write_file(out / "seal.txt", text.encode("ascii") + b"\n")
    write_file(out / "seal.png", seal_picture.seal_png(text))
    write_file(out / "seal.svg", seal_picture.seal_svg(text).encode("ascii"))
    session.note("written", path=out)


def publish(session: Session, options: Namespace) -> None:
    """`publish OUT`: a folder for sticks and web servers."""
    office = session.open(order=Order.PUBLISH, signing=True)
    made = office.publish(Path(options.out), clock_is_right=options.clock_is_right)
    document = {"version": made.version, "expires": rfc3339(made.expires), "bytes": sum(made.sizes.values())}
    warnings = office.authority.warnings()
    if options.json:
        print_json({**document, "warnings": cli_warnings.to_json(warnings)})
    else:
        tell(session.say("published", **{**document, "expires": clock_time(made.expires)}))
    cli_warnings.tell_warnings(warnings)


def deltas(session: Session, options: Namespace) -> None:
    """`delta OUT`: what changed since the last publication, one file a list, with its QR if it fits."""
    made = session.open(order=Order.DELTA, signing=True).deltas(clock_is_right=options.clock_is_right)
    out, documents = Path(options.out), []
    for entry in made:
        text = _delta_text(entry.data)
        write_file(out / f"{entry.name}.delta", entry.data, mode=0o644)
        if text is None:  # what an earlier one left would be taken for this one's
            for suffix in ("txt", "png"):
                (out / f"{entry.name}.{suffix}").unlink(missing_ok=True)
        else:
            write_file(out / f"{entry.name}.txt", f"{text}\n".encode("ascii"), mode=0o644)
            write_file(out / f"{entry.name}.png", qr_draw.png(text), mode=0o644)
        documents.append(
            {"list": entry.name, "sequence": entry.sequence, "bytes": len(entry.data), "text": text}
        )
        if not options.json:
            size = len(entry.data)
            tell(session.say("delta_written", name=entry.name, sequence=entry.sequence, size=size))
    if options.json:
        print_json(documents)


def _delta_text(data: bytes) -> str | None:
    try:
        return delta.to_text(data)
    except StatusError:  # too long for a QR code
        return None


def _act(
    session: Session, options: Namespace, order: Order, act: Callable[[Issuer, str], Waiting | None]
) -> None:
    office = session.open(order=order)
    waiting = act(office, options.card)
    state = office.show(options.card).card.state
    if isinstance(waiting, Waiting):
        tell_waiting(session, options, waiting, state=state.value)
        if phrase := _MEANWHILE.get((order, state)):
            session.note(phrase, card=options.card)
        return
    if options.json:
        print_json({"state": state.value})
    else:
        tell(_state(session, state))


def _state(session: Session, state: CardState) -> str:
    return cli_wording.choose(session.language, cli_wording.STATES[state])
