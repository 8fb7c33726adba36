"""The rules about staff and their orders: no card is changed but under an order, by whom it must be given."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

from issuer.duties import ALONE, DUTIES, PERMITS, Order, Role
from issuer.guard_kinds import Refusal
from issuer.guards_number import Spelt
from issuer.lifecycle import FINAL, OPEN, RULES, Act, CardState
from issuer.models import one_of

INSERTED: Mapping[str, tuple[Order, ...]] = MappingProxyType(
    {
        "staff": (Order.ADD_STAFF,),
        "bank_key": (Order.BANK_ADD,),
        "erasure": (Order.ERASE,),
        "rejection": (Order.REJECT,),
        "offer": (Order.OFFER,),
        "wallet": (Order.ISSUE,),
        "holder_key": (Order.ISSUE,),
        "reissue": (Order.REISSUE,),
        "reissue_part": (Order.REISSUE,),
        "prepared": (Order.REISSUE_PART,),
        "signing_key": (Order.KEYS_RENEW,),
        "status_list": (Order.KEYS_RENEW,),
        "template": (Order.KEYS_RENEW,),
        "code": (),
        "purpose": (),
        "published_key": (Order.PUBLISH,),
        "published_list": (Order.PUBLISH, Order.DELTA),
        "stolen_key": (Order.KEY_STOLEN,),
        "relying_party": (Order.GATE_ADD,),
        "agency": (Order.AGENCY_ADD, Order.IMPORT, Order.AMEND, Order.AMEND_REPLACE),
        "printing_key": (Order.PRINTING_KEY,),
        "print_order": (Order.PRINT_ORDER,),
        "print_row": (Order.PRINT_ORDER,),
        "print_batch": (Order.PRINT_ORDER,),
        "print_report": (Order.PRINTED,),
    }
)
"""Under which orders rows come into a table; none but a founding brings a code or a purpose."""
_FOUNDED = ("staff", "signing_key", "status_list", "template", "code", "purpose", "printing_key")
"""Tables that a register begins with: nobody can have ordered their first rows."""
UPDATED: Mapping[tuple[str, str], tuple[Order, ...]] = MappingProxyType(
    {
        ("staff", "ended_at"): (Order.END_STAFF,),
        ("person", ""): (Order.IMPORT, Order.AMEND, Order.AMEND_REPLACE, Order.ERASE),
        ("reissue_part", "done_at"): (Order.REISSUE_PART,),
        ("print_row", "returned_at"): (Order.PRINT_RETURN,),
        ("printing_key", "stolen_at"): (Order.KEY_STOLEN,),
    }
)
"""Under which orders a column, or any of a table, changes."""
_PLASTIC = ("name_km", "name_la", "date_of_birth", "photo_sha256")
"""What a card shows or tells whose it is: it changes with the card (`issuer.amendments`)."""
CONFIRMED = f"(decision = 'confirmed' OR decision IS NULL AND {one_of('act', ALONE)})"


def rules() -> Iterator[Refusal]:
    """What is refused: an order by somebody who may not give it, and anything done without one."""
    yield from _people()
    yield from _under_an_order()
    yield from _births()


def _people() -> Iterator[Refusal]:
    asks = " OR ".join(_has_role("NEW.act", ask, orders) for ask, orders in _by_roles(confirm=False))
    yield Refusal(
        name="staff_order_asked",
        event="INSERT",
        table="staff_order",
        when=f"NOT EXISTS (SELECT 1 FROM staff WHERE id = NEW.asked_by AND ended_at IS NULL AND ({asks}))",  # noqa: S608
        message="nobody asked for this who may",
    )
    yield Refusal(
        name="staff_order_birth",
        event="INSERT",
        table="staff_order",
        when="NEW.decision IS NOT NULL OR NEW.done_at IS NOT NULL",
        message="an order begins undecided",
    )
    confirms = " OR ".join(_has_role("NEW.act", roles, orders) for roles, orders in _by_roles(confirm=True))
    by = f"SELECT 1 FROM staff WHERE id = NEW.decided_by AND ended_at IS NULL AND ({confirms})"  # noqa: S608
    yield Refusal(
        name="staff_order_decided",
        event="UPDATE OF decision",
        table="staff_order",
        when=f"OLD.decision IS NULL AND NEW.decision IN ('confirmed', 'declined') AND NOT EXISTS ({by})",
        message="nobody decided on this who may",
    )


def _under_an_order() -> Iterator[Refusal]:
    permitted = [f"{order}>{act}" for order, acts in PERMITS.items() for act in acts]
    term = "act || '>' || NEW.act"
    yield _unordered("act", "INSERT", term, permitted, together=True)
    births = {CardState.APPLIED: Act.APPLY, CardState.APPROVED: Act.APPROVE}
    begun = [f"{order}>{state}" for state, act in births.items() for order in _orders_of(act)]
    yield _unordered("card", "INSERT", "act || '>' || NEW.state", begun)
    steps = sorted(
        {
            f"{order}>{source}>{rule.target}"
            for act, rule in RULES.items()
            if rule.target
            for source in rule.sources
            for order in _orders_of(act)
        }
    )
    step = "act || '>' || OLD.state || '>' || NEW.state"
    yield _unordered("card", "UPDATE OF state", step, steps, "OLD.state <> NEW.state")
    for table, orders in INSERTED.items():
        where = "EXISTS (SELECT 1 FROM staff_order)" if table in _FOUNDED else ""
        yield _unordered(table, "INSERT", "act", orders, where, together=table == "prepared")
    for (table, column), orders in UPDATED.items():
        yield _unordered(table, f"UPDATE OF {column}" if column else "UPDATE", "act", orders)
    shown = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in _PLASTIC)
    held = one_of("state", sorted(set(CardState) - OPEN - FINAL))
    living = f"EXISTS (SELECT 1 FROM card WHERE person_id = NEW.id AND {held})"  # noqa: S608
    columns = ", ".join(_PLASTIC)
    yield _unordered(
        "person",
        f"UPDATE OF {columns}",
        "act",
        [Order.AMEND_REPLACE],
        f"({shown}) AND {living}",
        name="shown",
    )


def _births() -> Iterator[Refusal]:
    """What only a restoration enters, while these rest (`issuer.register_load`)."""
    message = "only a restoration does this"
    yield Refusal(name="restoration_birth", event="INSERT", table="restoration", when="1", message=message)
    restored = f"NEW.act = '{Order.RESTORE}'"
    yield Refusal(
        name="staff_order_restore", event="INSERT", table="staff_order", when=restored, message=message
    )
    day = Spelt(
        "date(NEW.changed_at, 'unixepoch', '+7 hours')",
        "(to_timestamp(NEW.changed_at) AT TIME ZONE 'Asia/Phnom_Penh')::date",
    )
    expired = f"OLD.state <> NEW.state AND NEW.state = '{CardState.EXPIRED}' AND OLD.valid_until >= "
    yield Refusal(
        name="card_expired",
        event="UPDATE OF state",
        table="card",
        when=Spelt(expired + day.sqlite, expired + day.postgresql),
        message="its last day is not over",
    )
    answered = "SELECT 1 FROM offer WHERE card_id = NEW.card_id AND closed_at = NEW.created_at"
    yield Refusal(
        name="wallet_offered",
        event="INSERT",
        table="wallet",
        when=f"NOT EXISTS ({answered})",
        message="a phone answers an offer",
    )


def _unordered(
    table: str,
    event: str,
    term: str,
    permitted: Collection[str],
    where: str = "",
    *,
    together: bool = False,
    name: str = "",
) -> Refusal:
    name = f"{table}_unordered_{name or event.partition(' ')[0].lower()}"
    open_order = f"done_at IS NULL AND {CONFIRMED} AND {one_of(term, permitted)}"
    condition = f"NOT EXISTS (SELECT 1 FROM staff_order WHERE {open_order})" if permitted else ""  # noqa: S608
    when = " AND ".join(filter(None, (where, condition)))
    message = "nobody has ordered this"
    return Refusal(name=name, event=event, table=table, when=when, message=message, together=together)


def _orders_of(act: Act) -> list[Order]:
    return [order for order, acts in PERMITS.items() if act in acts]


def _by_roles(*, confirm: bool) -> Iterator[tuple[frozenset[Role], list[Order]]]:
    """The orders for which the same roles may ask, or confirm."""
    found: dict[frozenset[Role], list[Order]] = {}
    for order, duty in DUTIES.items():
        found.setdefault(duty.confirm if confirm else duty.ask, []).append(order)
    yield from ((roles, orders) for roles, orders in found.items() if roles)


def _has_role(act: str, roles: frozenset[Role], orders: Collection[Order]) -> str:
    named = " OR ".join(f"' ' || roles || ' ' LIKE '% {role} %'" for role in sorted(roles))
    return f"{one_of(act, orders)} AND ({named})"
