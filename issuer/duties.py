"""Who may do what, and what takes two people: the one table that says so.

The register's own constraints and triggers are made from it, as its states
are from `issuer.lifecycle`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from issuer.errors import IssuerError
from issuer.lifecycle import Act


class Role(StrEnum):
    """What a member of staff is there for; one may have several."""

    OFFICER = "officer"
    APPROVER = "approver"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Order(StrEnum):
    """What a member of staff has done."""

    IMPORT = "import"
    AMEND = "amend"
    AMEND_REPLACE = "amend_replace"
    REJECT = "reject"
    APPROVE = "approve"
    ACTIVATE = "activate"
    OFFER = "offer"
    ISSUE = "issue"
    REISSUE = "reissue"
    REISSUE_PART = "reissue_part"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    REPORT_LOST = "report_lost"
    RETIRE = "retire"
    REVOKE = "revoke"
    REVOKE_WALLET = "revoke_wallet"
    REPLACE = "replace"
    PRINT_ORDER = "print_order"
    PRINT_RETURN = "print_return"
    PRINTED = "printed"
    PUBLISH = "publish"
    DELTA = "delta"
    KEYS_RENEW = "keys_renew"
    KEY_STOLEN = "key_stolen"
    GATE_ADD = "gate_add"
    AGENCY_ADD = "agency_add"
    BANK_ADD = "bank_add"
    PRINTING_KEY = "printing_key"
    BACKUP = "backup"
    RESTORE = "restore"
    ERASE = "erase"
    ADD_STAFF = "add_staff"
    END_STAFF = "end_staff"


@dataclass(frozen=True, slots=True)
class Duty:
    """The roles that may ask for an order, and those of which another person must confirm it.

    Without `confirm` one person is enough, and the order is carried out at once.
    """

    ask: frozenset[Role]
    confirm: frozenset[Role]


def _one(*roles: Role) -> Duty:
    return Duty(frozenset(roles), frozenset())


def _two(*roles: Role, confirm: Role = Role.APPROVER) -> Duty:
    return Duty(frozenset(roles), frozenset({confirm}))


_DESK = (Role.OFFICER, Role.APPROVER)

DUTIES: Mapping[Order, Duty] = MappingProxyType(
    {
        Order.IMPORT: _one(*_DESK),
        Order.AMEND: _one(*_DESK),
        Order.AMEND_REPLACE: _two(*_DESK),
        Order.REJECT: _one(*_DESK),
        Order.APPROVE: _two(*_DESK),
        Order.ACTIVATE: _two(*_DESK),
        Order.OFFER: _two(*_DESK),
        Order.ISSUE: _one(*_DESK),  # answers an offer, for which two people stood
        Order.REISSUE: _two(*_DESK),
        Order.REISSUE_PART: _one(*_DESK),  # goes on with what two people ordered
        Order.SUSPEND: _one(*_DESK),
        Order.REINSTATE: _two(*_DESK),
        Order.REPORT_LOST: _two(*_DESK),  # for good; whoever needs it at once suspends
        Order.RETIRE: _two(*_DESK),
        Order.REVOKE: _two(*_DESK),
        Order.REVOKE_WALLET: _two(*_DESK),
        Order.REPLACE: _two(*_DESK),
        Order.PRINT_ORDER: _one(*_DESK),
        Order.PRINT_RETURN: _one(*_DESK),
        Order.PRINTED: _one(*_DESK),  # a bank has signed what it says
        Order.PUBLISH: _one(*_DESK, Role.ADMINISTRATOR),
        Order.DELTA: _one(*_DESK, Role.ADMINISTRATOR),
        Order.KEYS_RENEW: _one(Role.ADMINISTRATOR),  # custodians sign what it makes
        Order.KEY_STOLEN: _one(*_DESK, Role.ADMINISTRATOR),  # whoever hears of it stops the key at once
        Order.GATE_ADD: _one(Role.ADMINISTRATOR),
        Order.AGENCY_ADD: _one(*_DESK, Role.ADMINISTRATOR),
        # Photos and names of everybody go to whom these keys belong.
        Order.BANK_ADD: _two(Role.ADMINISTRATOR, confirm=Role.ADMINISTRATOR),
        Order.PRINTING_KEY: _one(*_DESK, Role.ADMINISTRATOR),
        Order.BACKUP: _one(Role.ADMINISTRATOR, *_DESK),
        Order.RESTORE: _one(Role.ADMINISTRATOR, *_DESK),
        Order.ERASE: _two(*_DESK),
        Order.ADD_STAFF: _two(Role.ADMINISTRATOR, confirm=Role.ADMINISTRATOR),
        Order.END_STAFF: _two(Role.ADMINISTRATOR, confirm=Role.ADMINISTRATOR),
    }
)
"""Every order there is."""

PERMITS: Mapping[Order, frozenset[Act]] = MappingProxyType(
    {
        Order.IMPORT: frozenset({Act.APPLY}),
        Order.AMEND: frozenset({Act.AMEND}),
        Order.AMEND_REPLACE: frozenset({Act.AMEND, Act.REPLACE, Act.APPROVE}),
        Order.REJECT: frozenset({Act.REJECT}),
        Order.APPROVE: frozenset({Act.APPROVE}),
        Order.ACTIVATE: frozenset({Act.ACTIVATE}),
        Order.OFFER: frozenset({Act.OFFER}),
        Order.ISSUE: frozenset({Act.ENROL, Act.COLLECT}),
        Order.REISSUE_PART: frozenset({Act.REISSUE}),
        Order.SUSPEND: frozenset({Act.SUSPEND}),
        Order.REINSTATE: frozenset({Act.REINSTATE}),
        Order.REPORT_LOST: frozenset({Act.REPORT_LOST}),
        Order.RETIRE: frozenset({Act.RETIRE}),
        Order.REVOKE: frozenset({Act.REVOKE}),
        Order.REVOKE_WALLET: frozenset({Act.REVOKE_WALLET}),
        Order.REPLACE: frozenset({Act.REPLACE, Act.APPROVE}),
        Order.PUBLISH: frozenset({Act.EXPIRE}),
        Order.DELTA: frozenset({Act.EXPIRE}),
        # What was published as such after the backup is so again.
        Order.RESTORE: frozenset({Act.REVOKE, Act.SUSPEND, Act.REVOKE_WALLET}),
        Order.PRINT_ORDER: frozenset({Act.ORDER_PRINT}),
        Order.PRINT_RETURN: frozenset({Act.RETURN_PRINT}),
        Order.PRINTED: frozenset({Act.PRINT}),
    }
)
"""What is done to cards under each order; under one that is not named here, nothing."""

_COMMANDS = {
    Order.AMEND_REPLACE: "amend --replace",
    Order.REISSUE_PART: "reissue, a part",
    Order.REPORT_LOST: "lost",
    Order.REVOKE_WALLET: "revoke --wallet",
    Order.PRINT_ORDER: "print-order",
    Order.PRINT_RETURN: "print-return",
    Order.KEYS_RENEW: "keys renew",
    Order.KEY_STOLEN: "keys stolen",
    Order.GATE_ADD: "gate add",
    Order.AGENCY_ADD: "agency add",
    Order.BANK_ADD: "bank add",
    Order.PRINTING_KEY: "keys renew printing",
    Order.ADD_STAFF: "staff add",
    Order.END_STAFF: "staff end",
}

REPEATED = frozenset({Order.AMEND_REPLACE})
"""Orders that are confirmed by giving the same command again: what it says of people stands in none."""

ALONE = frozenset(order for order, duty in DUTIES.items() if not duty.confirm)
"""Orders that one person gives."""


def called(order: Order) -> str:
    """The command that gives an order: what people call it."""
    return _COMMANDS.get(order, order.value)


def check_ask(order: Order, roles: Collection[Role]) -> None:
    """Refuses who may not ask for this.

    Raises:
        IssuerError: `not_their_duty`.
    """
    _check(DUTIES[order].ask, roles, called(order))


def check_confirm(order: Order, roles: Collection[Role]) -> None:
    """Refuses who may not confirm this.

    Raises:
        IssuerError: `not_their_duty`.
    """
    _check(DUTIES[order].confirm, roles, f"to confirm or decline {called(order)}")


def _check(allowed: frozenset[Role], roles: Collection[Role], what: str) -> None:
    if allowed.isdisjoint(roles):
        roles = tuple(sorted(allowed))
        refusal = f"{what} is for another member of staff: {' or '.join(roles)}"
        raise IssuerError("not_their_duty", refusal, roles=roles)
