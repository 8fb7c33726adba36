"""What an order for two people names, by its kind: one that does not is none, whoever signed it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from did import PublicKey, strict_json
from did.errors import IdentityError
from issuer.bank_keys import BankPublic
from issuer.duties import Order, Role
from issuer.lifecycle import ListKind
from issuer.orders import Written

_ONE_CARD = frozenset(
    {
        *(Order.OFFER, Order.REINSTATE, Order.REPORT_LOST, Order.RETIRE, Order.REVOKE, Order.REVOKE_WALLET),
        *(Order.REPLACE, Order.AMEND_REPLACE),
    }
)
_MAX_CARD = (1 << 31) - 1
"""No register numbers its cards higher."""
_NEEDED: Mapping[Order, Callable[[Mapping[str, Any]], object]] = MappingProxyType(
    {
        Order.REISSUE: lambda details: [ListKind(kind) for kind in details["kinds"]],
        Order.BANK_ADD: lambda details: (
            _is_text(details["bank"]) and BankPublic.from_jwks(strict_json.dumps(details["keys"]))
        ),
        Order.ERASE: lambda details: all(type(person) is int for person in details["people"]),
        Order.ADD_STAFF: lambda details: (
            _is_text(details["name"])
            and PublicKey.from_jwk(details["key"])
            and [Role(role) for role in details["roles"]]
        ),
        Order.END_STAFF: lambda details: _is_text(details["name"]),
    }
)
"""What is true, and can be read, of the details of an order."""


def is_whole(written: Written) -> bool:
    """Whether an order can be shown and carried out; of one that one person gives only its cards count."""
    order, cards = written.order, written.cards
    if any(card > _MAX_CARD for card in cards) or (order is Order.APPROVE and not cards):
        return False
    if order in _ONE_CARD:
        return len(cards) == 1
    try:
        return order not in _NEEDED or bool(_NEEDED[order](written.details))
    except (IdentityError, AttributeError, KeyError, TypeError, ValueError):  # whatever somebody made of it
        return False


def _is_text(value: object) -> bool:
    return isinstance(value, str)
