"""The rules about staff and their orders: no card is changed but under an order, by whom it must be given."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from issuer.duties import ALONE, DUTIES, PERMITS, Order, Role
from issuer.guard_kinds import Refusal
from issuer.lifecycle import RULES, Act, CardState
from issuer.models import one_of

CONFIRMED = f"(decision = 'confirmed' OR decision IS NULL AND {one_of('act', ALONE)})"


def rules() -> Iterator[Refusal]:
    """What is refused: an order by somebody who may not give it, and anything done without one."""
    yield from _people()
    yield from _under_an_order()


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
    yield _unordered("act", "INSERT", term, permitted, "NEW.act <> 'record'", together=True)
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
    yield _unordered("offer", "INSERT", "act", _orders_of(Act.OFFER))
    yield _unordered("reissue", "INSERT", "act", [Order.REISSUE])
    yield _unordered("reissue_part", "UPDATE OF done_at", "act", [Order.REISSUE_PART])


def _unordered(
    table: str,
    event: str,
    term: str,
    permitted: Collection[str],
    where: str = "",
    *,
    together: bool = False,
) -> Refusal:
    name = f"{table}_unordered_{event.partition(' ')[0].lower()}"
    open_order = f"done_at IS NULL AND {CONFIRMED} AND {one_of(term, permitted)}"
    condition = f"NOT EXISTS (SELECT 1 FROM staff_order WHERE {open_order})"  # noqa: S608
    when = f"{where} AND {condition}" if where else condition
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
