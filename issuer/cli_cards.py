"""The commands on applications and cards."""

from __future__ import annotations

import sys
from argparse import Namespace
from dataclasses import asdict
from pathlib import Path

from rich.cells import cell_len, set_cell_size

from credential import qr_draw, seal_picture
from issuer import cli_columns, cli_warnings, cli_wording
from issuer.applications import ImportReport
from issuer.cli_output import print_json, print_json_rows, tell
from issuer.cli_program import UsageError
from issuer.cli_session import Session, delivery, read_file, rfc3339, write_file
from issuer.errors import IssuerError
from issuer.faults import Fault
from issuer.lifecycle import CardState
from issuer.proofs import MAX_REQUEST
from issuer.report_wording import STRAYS
from issuer.sheet_rows import COLUMNS
from revocation import delta
from revocation.errors import StatusError


def import_file(session: Session, options: Namespace) -> None:
    """`import FILE`: good rows are filed, every bad one is named."""
    if options.columns or options.codes or options.example:
        cli_columns.print_help(session, options)
        return
    if options.file is None:
        raise UsageError("import_needs")
    office = session.open()
    with session.progress("importing") as progress:
        report = office.import_file(
            Path(options.file),
            day_first=options.day_first,
            photos=Path(options.photos) if options.photos else None,
            report=Path(options.report) if options.report else None,
            progress=progress,
        )
    if options.json:
        print_json(_report_json(report))
    else:
        _print_report(session, report)
    if options.report:
        session.note("written", path=options.report)
    if report.faults:
        rows = len({fault.row for fault in report.faults})
        raise IssuerError("bad_rows", f"rows at fault: {rows}; mend them and send the file again")


def show_list(session: Session, options: Namespace) -> None:
    """`list`: applications and cards, in the order they came."""
    office = session.open()
    if options.count:
        counts = {state.value: number for state, number in office.counts().items()}
        if options.json:
            print_json(counts)
        else:
            for state, count in counts.items():
                tell(f"{count:>8}  {_state(session, CardState(state))}")
        return
    wanted = CardState(options.state) if options.state else None
    with session.progress("listing") as progress:
        cards = office.cards(state=wanted, limit=options.limit, progress=progress)
    if options.json:
        print_json_rows(card._asdict() for card in cards)
        return
    names = {state: _state(session, state) for state in CardState}
    width = max(map(cell_len, names.values()))
    shown = {state: set_cell_size(name, width) for state, name in names.items()}
    for card in cards:
        left = f"{card.application:>8}  {card.card_number or '-':<12}  {shown[card.state]}"
        tell(f"{left}  {card.name_la}  {card.name_km}")


def show(session: Session, options: Namespace) -> None:
    """`show N`: one card and what it was issued, with little of the person."""
    detail = session.open().show(options.card)
    if options.json:
        document = {**detail.card._asdict(), **asdict(detail)}
        del document["card"]
        document["indices"] = [
            {**asdict(index), "status": index.status.name.lower()} for index in detail.indices
        ]
        print_json(document)
        return
    card = detail.card
    tell(f"{card.card_number}  {_state(session, card.state)}  {card.name_la}  {card.name_km}")
    tell(f"  {detail.valid_from} – {card.valid_until}")
    for index in detail.indices:
        status = cli_wording.choose(session.language, cli_wording.STATUSES[index.status])
        tell(f"  {index.list_name:<12} {index.index:>6}  {status}")
    if detail.waits:
        tell("  " + session.say("new_waits"))


def approve(session: Session, options: Namespace) -> None:
    """`approve APPLICATION… | --all`."""
    if bool(options.application) is bool(options.all):
        raise UsageError("approve_needs")
    office = session.open(signing=True)
    with session.progress("approving") as progress:
        approved = office.approve(
            None if options.all else options.application,
            progress=progress,
            clock_is_right=options.clock_is_right,
        )
    left = office.counts().get(CardState.APPLIED, 0) if options.all else 0
    if options.json:
        print_json([{"application": number, "card_number": card} for number, card in approved])
    else:
        for number, card in approved:
            tell(f"{number:>8}  {card}")
        session.note("approved", count=len(approved))
    if left:
        session.note("approve_left", count=left)


def offer(session: Session, options: Namespace) -> None:
    """`offer --card N`: what a phone answers with a request."""
    office = session.open()
    before = office.show(options.card)
    with delivery(options.out) as deliver:
        office.offer(options.card, deliver=deliver, clock_is_right=options.clock_is_right)
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
        session.open(signing=True).issue(
            request,
            deliver=deliver,
            ended=lambda: notes.append("phone_ended"),
            clock_is_right=options.clock_is_right,
        )
    for phrase in notes:
        session.note(phrase, path=options.out)


def suspend(session: Session, options: Namespace) -> None:
    """`suspend --card N`."""
    office = session.open()
    office.suspend(options.card)
    _state_now(session, options)


def reinstate(session: Session, options: Namespace) -> None:
    """`reinstate --card N`."""
    session.open().reinstate(options.card)
    _state_now(session, options)


def lost(session: Session, options: Namespace) -> None:
    """`lost --card N`."""
    session.open().report_lost(options.card)
    _state_now(session, options)


def retire(session: Session, options: Namespace) -> None:
    """`retire --card N`."""
    session.open().retire(options.card)
    _state_now(session, options)


def revoke(session: Session, options: Namespace) -> None:
    """`revoke --card N [--wallet]`."""
    office = session.open()
    if options.wallet:
        office.revoke_wallet(options.card)
    else:
        office.revoke(options.card)
    _state_now(session, options)


def replace(session: Session, options: Namespace) -> None:
    """`replace --card N`."""
    number = session.open(signing=True).replace(options.card, clock_is_right=options.clock_is_right)
    if options.json:
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
    office = session.open(signing=True)
    made = office.publish(Path(options.out), clock_is_right=options.clock_is_right)
    document = {"version": made.version, "expires": rfc3339(made.expires), "bytes": sum(made.sizes.values())}
    warnings = office.authority.warnings()
    if options.json:
        print_json({**document, "warnings": cli_warnings.to_json(warnings)})
    else:
        tell(session.say("published", **document))
    cli_warnings.tell_warnings(warnings)


def deltas(session: Session, options: Namespace) -> None:
    """`delta OUT`: what changed since the last publication, one file a list, with its QR if it fits."""
    made = session.open(signing=True).deltas(clock_is_right=options.clock_is_right)
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


def _state_now(session: Session, options: Namespace) -> None:
    state = session.open().show(options.card).card.state
    if options.json:
        print_json({"state": state.value})
    else:
        tell(_state(session, state))


def _state(session: Session, state: CardState) -> str:
    return cli_wording.choose(session.language, cli_wording.STATES[state])


def _report_json(report: ImportReport) -> dict[str, object]:
    return {
        "rows": report.rows,
        "imported": report.imported,
        "already_there": report.already_there,
        "ignored_columns": [{"column": title, "like": like} for title, like in report.ignored.items()],
        "warnings": [
            {
                "row": warning.row,
                "column": warning.column,
                "kind": warning.kind.value,
                "advice_en": warning.advice.en,
                "advice_km": warning.advice.km,
            }
            for warning in report.warnings
        ],
        "repeated": [{"row": row, "first_row": first} for row, first in report.repeated],
        "photos_not_used": [{"name": s.name, "reason": s.reason.value} for s in report.strays],
        "faults": [
            {
                "row": fault.row,
                "column": fault.column,
                "kind": fault.kind.value,
                "other_row": fault.other_row,
                "columns": report.changed.get(fault.row, []) if fault.kind == "changed_data" else [],
                "advice_en": fault.advice.en,
                "advice_km": fault.advice.km,
            }
            for fault in report.faults
        ],
    }


def _print_report(session: Session, report: ImportReport) -> None:
    for title, like in report.ignored.items():
        phrase = "column_ignored_like" if like else "column_ignored"
        tell(session.say(phrase, title=title, like=like))
    for warning in report.warnings:
        tell(session.say("import_warning", fault=_fault(session, warning)))
    for stray in report.strays:
        reason = cli_wording.choose(session.language, STRAYS[stray.reason])
        tell(session.say("photo_not_used", name=stray.name, reason=reason))
    for fault in report.faults:
        line = _fault(session, fault)
        if fault.row in report.changed:
            line += " " + session.say("fault_columns", columns=", ".join(report.changed[fault.row]))
        tell(line)
    for row, first in report.repeated:
        tell(session.say("repeated", row=row, first=first))
    faulty = len({fault.row for fault in report.faults})
    counted = {"rows": report.rows, "imported": report.imported, "already_there": report.already_there}
    tell(session.say("import_summary", **counted, repeated=len(report.repeated), faulty=faulty))


def _fault(session: Session, fault: Fault) -> str:
    column = f"{fault.column} ({COLUMNS[fault.column]})" if fault.column else ""
    advice = cli_wording.choose(session.language, fault.advice)
    line = session.say("fault", row=fault.row, column=column, advice=advice, kind=fault.kind.value)
    if fault.other_row is not None:
        line += " " + session.say("fault_other", other=fault.other_row)
    return line
