"""`requests`, `confirm`, `decline` and `withdraw`: what takes two people."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from did import PublicKey, base64url, strict_json
from did.errors import IdentityError
from issuer.bank_keys import BankPublic
from issuer.banks import Bank
from issuer.civil_days import clock_time
from issuer.cli_arguments import whole
from issuer.cli_bank import fingerprints
from issuer.cli_output import print_json, tell
from issuer.cli_program import UsageError
from issuer.cli_session import Session, delivery, rfc3339
from issuer.cli_show_wording import OUTCOMES
from issuer.cli_staff_wording import ORDERS, ROLES
from issuer.cli_wording import STATES, choose, coded, refusal
from issuer.duties import REPEATED, Order, Role
from issuer.erasure import Plan
from issuer.errors import IssuerError
from issuer.office import Issuer
from issuer.order_book import Waiting
from issuer.order_history import Outcome, Past
from issuer.orders import Written
from issuer.reissue import Standing

_SHOWN = 20
"""Cards of a request that a list shows."""


def add_orders(command: Callable[..., ArgumentParser]) -> None:
    """Adds the commands by `command(name, function, help)`."""
    added = command("requests", requests, "what waits for a second person")
    added.add_argument("number", metavar="REQUEST", type=whole, nargs="?", help="show this one in full")
    added.add_argument(
        "--all", action="store_true", help="also what was confirmed, declined or withdrawn, by whom"
    )
    added = command("confirm", confirm, "confirm what another person asked for, and carry it out")
    added.add_argument("number", metavar="REQUEST", type=whole, nargs="*", help="the request's number")
    added.add_argument(
        "--all", action="store_true", help="all that another person asked for and you may confirm"
    )
    added.add_argument("--out", metavar="FILE", help="for an offer: write it here instead of printing it")
    added.add_argument(
        "--clock-is-right",
        action="store_true",
        help="you have compared this machine's date and time with another clock",
    )
    for name, text in (
        ("decline", "decline what another person asked for"),
        ("withdraw", "withdraw what you asked for"),
    ):
        added = command(name, turn_down, text)
        added.add_argument("number", metavar="REQUEST", type=whole, nargs="+", help="the request's number")


def requests(session: Session, options: Namespace) -> None:
    """`requests [REQUEST | --all]`: who asked for what, about which cards, and what became of it."""
    office = session.open()
    found = (
        [office.order(options.number)]
        if options.number is not None
        else office.orders(undecided=not options.all)
    )
    lapsed = office.lapsed()
    if options.json:
        print_json([{**_in_full(office, past), "lapsed": lapsed.get(past.asked.number)} for past in found])
        return
    if not found:
        tell(session.say("no_requests"))
    for past in found:
        written, waits = past.written, past.outcome is Outcome.WAITING
        tell(_line(session, past.asked) + ("" if waits else f"  {_outcome(session, past)}"))
        if past.by is not None and options.number is None:  # of what is decided a line is enough
            continue
        if code := lapsed.get(past.asked.number):
            tell(session.say(f"request_{code}", number=past.asked.number))
        elif waits and written.order in REPEATED:
            tell(session.say("request_repeat"))
        _tell_cards(session, office, written, limit=None if options.number else _SHOWN)
        if written.order is Order.APPROVE and waits:
            tell_without_photo(session, office, written.cards)
        if written.order is Order.BANK_ADD:
            public = BankPublic.from_jwks(strict_json.dumps(written.details["keys"]))
            tell(f"        {written.details['bank']}")
            for line in session.say("bank_fingerprints", **fingerprints(public)).split("\n"):
                tell(f"        {line}")
        if written.order is Order.ADD_STAFF:
            tell(session.say("request_staff", **_person(session, written.details)))


def confirm(session: Session, options: Namespace) -> None:
    """`confirm REQUEST… | --all`: each is carried out by itself; what one refuses stops no other."""
    if bool(options.number) is bool(options.all) or (options.out and len(options.number) != 1):
        raise UsageError("usage_missing", names="REQUEST | --all")
    office = session.open(order=Order.APPROVE, confirming=True, signing=True)
    numbers = options.number or [waiting.number for waiting in office.to_confirm()]
    refused, done = 0, list[object]()
    for number in numbers:
        try:
            done.append(_confirm(session, office, options, number))
        except IdentityError as error:
            if not options.all:
                raise
            refused += 1
            session.note("not_carried_out", number=number, why=refusal(session.language, error))
    if options.json:
        print_json(done)
    if refused:
        raise IssuerError(
            "not_all_confirmed", f"requests that were not carried out: {refused}", count=refused
        )


def tell_without_photo(session: Session, office: Issuer, cards: Sequence[int]) -> None:
    """How many of these applications have no photograph, before anybody approves them."""
    if count := office.without_photo(cards):
        session.note("no_face", count=count)


def turn_down(session: Session, options: Namespace) -> None:
    """`decline REQUEST…`, and `withdraw REQUEST…` of one's own."""
    office = session.open(order=Order.APPROVE, confirming=True)
    decided = {}
    for number in options.number:
        decision = decided[number] = office.turn_down(number)
        if not options.json:
            tell(session.say(decision.value, number=number))
    if options.json:
        print_json({str(number): decision.value for number, decision in decided.items()})


def tell_waiting(session: Session, options: Namespace, waiting: Waiting, **facts: str) -> None:
    """What a person is told whose order waits for another; `facts` stand in the JSON as well."""
    if options.json:
        print_json({**to_json(waiting), **facts})
        return
    order = _order(session, waiting.order)
    if waiting.cards:
        order += ", " + cards_counted(session, waiting.cards)
    phrase = "waits_repeat" if waiting.order in REPEATED else "waits"
    tell(session.say(phrase if waiting.new else "waits_already", number=waiting.number, order=order))


def _confirm(session: Session, office: Issuer, options: Namespace, number: int) -> dict[str, object]:
    """Carries one out; what came of it."""
    with session.progress("carrying_out") as progress:
        order = next((w.order for w, _ in office.waiting() if w.number == number), None)
        if order is Order.OFFER and not options.json:
            with delivery(options.out) as deliver:
                office.confirm(
                    number, progress=progress, deliver=deliver, clock_is_right=options.clock_is_right
                )
            result = None
        else:
            result = office.confirm(number, progress=progress, clock_is_right=options.clock_is_right)
    if not options.json:
        _tell_result(session, order, result)
        session.note("confirmed", number=number)
    return {"request": number, "order": order, "result": _result_json(result)}


def _tell_result(session: Session, order: Order | None, result: Any) -> None:
    if order is Order.APPROVE:
        for application, card in result:
            tell(f"{application:>8}  {card}")
    elif order is Order.REPLACE:
        tell(session.say("replaced", card=result))
    elif order is Order.BANK_ADD:
        tell(session.say("bank_added", bank=result.name))
        session.note("bank_next")
    elif order is Order.REISSUE:
        tell(session.say("reissue_ordered", kinds=", ".join(result.kinds), people=result.people))


def _result_json(result: Any) -> object:
    match result:
        case bytes():
            return result.decode("utf-8")
        case list():
            return [{"application": number, "card_number": card} for number, card in result]
        case _:
            return _named(result)


def _named(result: Any) -> dict[str, object] | None:
    match result:
        case Standing():
            return {"people": result.people, "parts": result.parts}
        case Plan():
            return {"erased": len(result.people)}
        case Bank():
            return {"bank": result.name}
        case str():
            return {"card_number": result}
        case _:
            return None


def _tell_cards(session: Session, office: Issuer, written: Written, *, limit: int | None) -> None:
    positions = office.codes().positions
    for card in office.cards(among=written.cards[:limit]):
        state = choose(session.language, STATES[card.state])
        told = [f"{card.application:>14}", f"{card.card_number or '-':<12}", state, card.employee_id]
        told += [card.name_la, card.name_km, coded(session.language, card.position, positions), card.agency]
        tell("  ".join(told).rstrip())
    if limit is not None and len(written.cards) > limit:
        tell(session.say("request_more", count=len(written.cards) - limit))


def _line(session: Session, waiting: Waiting) -> str:
    return session.say(
        "request_line",
        number=waiting.number,
        order=_order(session, waiting.order),
        cards=f"{cards_counted(session, waiting.cards)}  " if waiting.cards else "",
        asked_by=waiting.asked_by,
        at=clock_time(waiting.asked_at),
    )


def cards_counted(session: Session, count: int) -> str:
    """So many cards, in words."""
    return session.say("one_card" if count == 1 else "so_many_cards", count=count)


def _outcome(session: Session, past: Past) -> str:
    at = "" if past.at is None else clock_time(past.at)
    return choose(session.language, OUTCOMES[past.outcome]).format(by=past.by, at=at)


def _order(session: Session, order: Order) -> str:
    return choose(session.language, ORDERS[order])


def _person(session: Session, details: Mapping[str, Any]) -> dict[str, str]:
    roles = ", ".join(choose(session.language, ROLES[Role(role)]) for role in details["roles"])
    key = base64url.encode(PublicKey.from_jwk(details["key"]).thumbprint())
    return {"name": str(details["name"]), "roles": roles, "key": key}


def to_json(waiting: Waiting) -> dict[str, object]:
    """An order that waits, as other programs read it."""
    return {
        "request": waiting.number,
        "order": waiting.order.value,
        "cards": waiting.cards,
        "asked_by": waiting.asked_by,
        "asked_at": rfc3339(waiting.asked_at),
        "waits_for": "same_command" if waiting.order in REPEATED else "confirm",
    }


def _in_full(office: Issuer, past: Past) -> dict[str, object]:
    cards = [card._asdict() for card in office.cards(among=past.written.cards)]
    return {
        **to_json(past.asked),
        "waits_for": to_json(past.asked)["waits_for"] if past.outcome is Outcome.WAITING else None,
        "outcome": past.outcome.value,
        "decided_by": past.by,
        "decided_at": None if past.at is None else rfc3339(past.at),
        "details": dict(past.written.details),
        "applications": cards,
    }
