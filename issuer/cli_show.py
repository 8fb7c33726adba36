"""`list` and `show`: who has which card, what their applications say, and what was done."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.cells import cell_len, set_cell_size

from credential.codes import CodeTables, Name
from issuer import cli_applications, cli_wording
from issuer.applicant import Applicant
from issuer.card_search import Sought
from issuer.civil_days import clock_time
from issuer.cli_applications_wording import DOUBTS
from issuer.cli_output import print_json, print_json_rows, tell
from issuer.cli_program import UsageError
from issuer.cli_session import Session, rfc3339, write_file
from issuer.cli_show_wording import ACTS, EMPLOYMENT, FIELDS, PHOTOS
from issuer.cli_wording import choose, coded
from issuer.lifecycle import CardState
from issuer.order_history import Deed, Outcome
from issuer.rejection_reasons import REASONS
from issuer.views import CardDetail, CardView


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
    if options.doubtful:
        cli_applications.show_doubtful(session, options, office)
        return
    wanted = CardState(options.state) if options.state else None
    sought = Sought(employee=options.employee, name=options.name, agency=options.agency)
    with session.progress("listing") as progress:
        cards = office.cards(state=wanted, sought=sought, limit=options.limit, progress=progress)
    if options.json:
        print_json_rows(card._asdict() for card in cards)
        return
    names = {state: _state(session, state) for state in CardState}
    width = max(map(cell_len, names.values()))
    shown = {state: set_cell_size(name, width) for state, name in names.items()}
    for card in cards:
        left = f"{card.application:>8}  {card.card_number or '-':<12}  {shown[card.state]}"
        tell(f"{left}  {card.name_la}  {card.name_km}{_why(session, card)}")
    if not cards and sought != Sought():
        session.note("none_found")


def show(session: Session, options: Namespace) -> None:
    """`show N`, or `show --application N`: a card and what it was issued.

    Who decides on applications sees also what this one says of its person.
    """
    if (options.card is None) is (options.application is None):
        raise UsageError("show_needs")
    office = session.look()
    detail = office.show(options.card) if options.card else office.show_application(options.application)
    number = detail.card.application
    sees = office.sees_applicants()
    said = office.applicant(number) if sees else None
    photo = office.photo(number) if options.photo else b""
    history = office.history(number) if options.history else []
    if options.json:
        document = _to_json(detail)
        if sees:
            document["person"] = None if said is None else _person_json(said, office.codes())
        if options.history:
            document["history"] = [_deed_json(deed) for deed in history]
        print_json(document)
    else:
        _tell_card(session, detail)
        if said is not None:
            _tell_person(session, said, office.codes())
        elif sees:
            tell("  " + session.say("person_erased"))
        else:
            session.note("add_as")
        for deed in history:
            tell(_deed(session, deed))
    if options.photo:
        write_file(Path(options.photo), photo)
        session.note("written", path=options.photo)


def _tell_card(session: Session, detail: CardDetail) -> None:
    card = detail.card
    tell(
        f"{card.card_number or '-'}  {_state(session, card.state)}  {card.name_la}  {card.name_km}"
        f"{_why(session, card)}{f'  {detail.note}' if detail.note else ''}"
    )
    if card.valid_until is not None:
        tell(f"  {detail.valid_from} – {card.valid_until}")
    for phrase, number in (("replaces", detail.replaces), ("replaced_by", detail.replaced_by)):
        if number is not None:
            tell("  " + session.say(phrase, card=number))
    for index in detail.indices:
        status = choose(session.language, cli_wording.STATUSES[index.status])
        tell(f"  {index.list_name:<12} {index.index:>6}  {status}")
    if detail.waits:
        tell("  " + session.say("new_waits"))


def _tell_person(session: Session, said: Applicant, codes: CodeTables) -> None:
    language, row = session.language, said.row
    values = {
        "employee_id": row.employee_id,
        "name_km": row.name_km,
        "name_la": row.name_la,
        "date_of_birth": row.date_of_birth.isoformat(),
        "ministry": coded(language, row.ministry, codes.ministries),
        "position": coded(language, row.position, codes.positions),
        "grade": coded(language, row.grade, codes.grades),
        "agency": row.agency or session.say("no_agency"),
        "employment_status": choose(language, EMPLOYMENT[row.employment_status]),
        "photo_sha256": choose(language, PHOTOS[said.photo]),
    }
    labels = {name: choose(language, field) for name, field in FIELDS.items()}
    width = max(map(cell_len, labels.values()))
    for name, value in values.items():
        tell(f"  {set_cell_size(labels[name], width)}  {value}")
    for kind, advice in _warnings(said).items():
        tell(session.say("show_warning", advice=choose(language, advice), kind=kind))


def _warnings(said: Applicant) -> dict[str, Name]:
    """Why somebody should look, by kind."""
    others = ", ".join(map(str, said.doubtful.others))
    doubts = {
        doubt.value: Name(*(text.format(others=others) for text in (DOUBTS[doubt].km, DOUBTS[doubt].en)))
        for doubt in sorted(said.doubtful.doubts)
    }
    return doubts | {fault.kind.value: fault.advice for fault in said.warnings}


def _to_json(detail: CardDetail) -> dict[str, Any]:
    document = {**detail.card._asdict(), **asdict(detail)}
    del document["card"]
    document["indices"] = [{**asdict(index), "status": index.status.name.lower()} for index in detail.indices]
    return document


def _person_json(said: Applicant, codes: CodeTables) -> dict[str, Any]:
    row = said.row
    tables = (("ministry", codes.ministries), ("position", codes.positions), ("grade", codes.grades))
    return {
        **asdict(row),
        **{name: _code_json(getattr(row, name), table) for name, table in tables},
        "photo_sha256": None if row.photo_sha256 is None else row.photo_sha256.hex(),
        "photo": said.photo.value,
        "warnings": [
            {"kind": kind, "advice_en": advice.en, "advice_km": advice.km}
            for kind, advice in _warnings(said).items()
        ],
        "others": said.doubtful.others,
    }


def _code_json(value: int | str, table: Mapping[int, Name]) -> dict[str, int | str | None]:
    name = table.get(value) if isinstance(value, int) else Name(value, value)
    code = value if isinstance(value, int) else None
    return {"code": code, "km": name.km if name else None, "en": name.en if name else None}


def _deed(session: Session, deed: Deed) -> str:
    told: dict[str, object] = {
        "at": clock_time(deed.at),
        "act": choose(session.language, ACTS[deed.act]),
    }
    if deed.order is None:
        return session.say("deed", **told)
    asked = deed.order.asked
    told["asked_by"] = asked.asked_by
    if deed.order.outcome is Outcome.DONE:
        return session.say("deed_alone", **told)
    return session.say(
        "deed_two", **told, asked_at=clock_time(asked.asked_at), by=deed.order.by, number=asked.number
    )


def _deed_json(deed: Deed) -> dict[str, Any]:
    told: dict[str, Any] = {"at": rfc3339(deed.at), "act": deed.act.value}
    if deed.order is not None:
        asked = deed.order.asked
        two = deed.order.outcome is not Outcome.DONE
        told |= {"request": asked.number, "order": asked.order.value}
        told |= {"asked_by": asked.asked_by, "asked_at": rfc3339(asked.asked_at)}
        told["confirmed_by"] = deed.order.by if two else None
    return told


def _state(session: Session, state: CardState) -> str:
    return choose(session.language, cli_wording.STATES[state])


def _why(session: Session, card: CardView) -> str:
    return f"  ({choose(session.language, REASONS[card.reason])})" if card.reason else ""
