"""The life of a card: its states, the acts that lead from one to another, and what each act does to status.

This table is the one source. The database's own constraints and triggers are
made from it (`issuer.guards`), and a test holds the migrations against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from credential.codes import Name
from issuer.errors import IssuerError
from revocation.status_list import Status


class CardState(StrEnum):
    """Where one application, and the card that comes of it, stands."""

    APPLIED = "applied"
    REJECTED = "rejected"
    APPROVED = "approved"
    IN_BATCH = "in_batch"
    PRINTED = "printed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    LOST = "lost"
    REPLACED = "replaced"
    RETIRED = "retired"
    REVOKED = "revoked"
    EXPIRED = "expired"


class ListKind(StrEnum):
    """What an index stands for: one status list holds one kind."""

    SEAL = "seal"
    LIVE = "live"
    SD_JWT = "sd-jwt"


class Act(StrEnum):
    """What somebody did to a card."""

    APPLY = "apply"
    REJECT = "reject"
    AMEND = "amend"
    APPROVE = "approve"
    ORDER_PRINT = "order_print"
    RETURN_PRINT = "return_print"
    PRINT = "print"
    ACTIVATE = "activate"
    OFFER = "offer"
    ENROL = "enrol"
    REISSUE = "reissue"
    COLLECT = "collect"
    REVOKE_WALLET = "revoke_wallet"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    REPORT_LOST = "report_lost"
    REPLACE = "replace"
    RETIRE = "retire"
    REVOKE = "revoke"
    EXPIRE = "expire"
    RECORD = "record"  # what stood in a register when its audit chain began


WALLET_KINDS = frozenset({ListKind.LIVE, ListKind.SD_JWT})

_S = CardState

UNNUMBERED = frozenset({_S.APPLIED, _S.REJECTED})
"""States without a card number: every other has one."""
WAITING = frozenset({_S.APPROVED, _S.IN_BATCH, _S.PRINTED})
"""States of a card that is being made: its seal is printed, or soon will be, but nobody holds it."""
FINAL = frozenset({_S.REJECTED, _S.REPLACED, _S.RETIRED, _S.REVOKED, _S.EXPIRED})
"""States that no act leaves. A person has at most one card in any other state."""
ENDED = frozenset({_S.RETIRED, _S.REVOKED, _S.EXPIRED})
"""States of a card that ended with nothing in its place: its holder may apply again."""
OPEN = frozenset({_S.APPLIED, _S.LOST})
"""States in which nothing is printed that still counts: everything about the holder may change."""
REISSUED = frozenset({_S.ACTIVE, _S.SUSPENDED})
"""States of a card whose credentials are issued again in bulk; a suspended one's say that it is."""
BORN = frozenset({_S.APPLIED, _S.APPROVED})
"""States a row may begin in: an application, or the card that replaces another."""

STATUS: Mapping[CardState, Status] = MappingProxyType(
    dict.fromkeys(WAITING, Status.NOT_ACTIVE)
    | {_S.ACTIVE: Status.VALID, _S.SUSPENDED: Status.SUSPENDED}
    | dict.fromkeys((_S.LOST, _S.REPLACED, _S.RETIRED, _S.REVOKED, _S.EXPIRED), Status.INVALID)
)
"""What stands at every index ever issued for a card in this state, unless that index is INVALID already.

A person has one living card, and the indices of all former ones are INVALID:
so a change of the card reaches every index ever issued to the person.
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """One act: from which states, and to which (None: the card stays as it is)."""

    sources: frozenset[CardState]
    target: CardState | None


def _rule(*sources: CardState, to: CardState | None = None) -> Rule:
    return Rule(frozenset(sources), to)


RULES: Mapping[Act, Rule] = MappingProxyType(
    {
        Act.REJECT: _rule(_S.APPLIED, to=_S.REJECTED),
        # Of what: `issuer.amendments`.
        Act.AMEND: _rule(_S.APPLIED, *WAITING, _S.ACTIVE, _S.SUSPENDED, _S.LOST),
        Act.APPROVE: _rule(_S.APPLIED, to=_S.APPROVED),
        Act.ORDER_PRINT: _rule(_S.APPROVED, to=_S.IN_BATCH),
        Act.RETURN_PRINT: _rule(_S.IN_BATCH, to=_S.APPROVED),
        Act.PRINT: _rule(_S.IN_BATCH, to=_S.PRINTED),
        Act.ACTIVATE: _rule(_S.PRINTED, to=_S.ACTIVE),
        Act.OFFER: _rule(_S.ACTIVE),
        Act.ENROL: _rule(_S.ACTIVE),
        Act.REISSUE: _rule(*REISSUED),
        Act.COLLECT: _rule(_S.ACTIVE),
        Act.REVOKE_WALLET: _rule(_S.ACTIVE, _S.SUSPENDED),
        Act.SUSPEND: _rule(_S.ACTIVE, to=_S.SUSPENDED),
        Act.REINSTATE: _rule(_S.SUSPENDED, to=_S.ACTIVE),
        Act.REPORT_LOST: _rule(_S.ACTIVE, _S.SUSPENDED, to=_S.LOST),
        # From WAITING for what is misspelt or misprinted. Not from SUSPENDED: the suspension would be gone.
        Act.REPLACE: _rule(*WAITING, _S.ACTIVE, _S.LOST, to=_S.REPLACED),
        Act.RETIRE: _rule(_S.ACTIVE, _S.SUSPENDED, _S.LOST, to=_S.RETIRED),
        Act.REVOKE: _rule(*WAITING, _S.ACTIVE, _S.SUSPENDED, _S.LOST, to=_S.REVOKED),
        Act.EXPIRE: _rule(*WAITING, _S.ACTIVE, _S.SUSPENDED, _S.LOST, to=_S.EXPIRED),
    }
)
"""Every act on a card that exists; `Act.APPLY` makes one."""

TRANSITIONS: frozenset[tuple[CardState, CardState]] = frozenset(
    (source, rule.target) for rule in RULES.values() if rule.target for source in rule.sources
)
"""Every change of state there is."""


def after(state: CardState, act: Act) -> CardState:
    """The state that `act` leads to from `state`.

    Raises:
        IssuerError: `wrong_state`, naming both.
    """
    rule = RULES[act]
    if state not in rule.sources:
        refusal = f"a card that is {state.replace('_', ' ')} does not allow: {_COMMANDS.get(act, act)}"
        raise IssuerError("wrong_state", refusal + next_step(state), state=state, act=act, next=NEXT[state])
    return rule.target or state


_COMMANDS = {
    Act.REPORT_LOST: "lost",
    Act.REVOKE_WALLET: "revoke --wallet",
    Act.ENROL: "issue",
    Act.COLLECT: "issue",
    Act.ORDER_PRINT: "print-order",
    Act.RETURN_PRINT: "print-return",
    Act.PRINT: "printed",
}
"""Acts that people know by another word: the command that leads to them."""
_AGAIN = Name(
    "import ម្ចាស់វាម្ដងទៀត រួច approve APPLICATION", "import its holder again, then approve APPLICATION"
)
NEXT: Mapping[CardState, Name] = MappingProxyType(
    {
        _S.APPLIED: Name("approve ឬ reject ពាក្យសុំនេះ", "approve it, or reject it"),
        _S.APPROVED: Name("ឱ្យធនាគារបោះពុម្ព (print-order)", "have it printed"),
        _S.IN_BATCH: Name("ទទួលរបាយការណ៍របស់ធនាគារ (printed)", "enter what the bank reports"),
        _S.PRINTED: Name("activate ពេលប្រគល់កាត", "activate it when it is handed over"),
        _S.ACTIVE: Name("មើលកាត (show)", "look at it (show)"),
        _S.SUSPENDED: Name(
            "reinstate ឬ revoke បើបាត់៖ lost រួច replace",
            "reinstate it, or revoke it; a lost one: lost, then replace",
        ),
        _S.LOST: Name("replace ឬ retire", "replace it, or retire it"),
        _S.REPLACED: Name(
            "ប្រើលេខកាតថ្មី (show បង្ហាញ)", "use the number of the card that took its place (show)"
        ),
    }
    | dict.fromkeys((*ENDED, _S.REJECTED), _AGAIN)
)
"""What the ministry can do with a card in each state."""


def next_step(state: CardState) -> str:
    """That step in English, to follow a refusal."""
    return f"; next: {NEXT[state].en}"


def effect(act: Act) -> Mapping[ListKind, Status]:
    """What `act` writes to the indices of each kind that the card has. INVALID stays INVALID.

    A lost or second phone ends the wallet's two credentials and leaves the plastic alone.
    """
    if act in (Act.ENROL, Act.REVOKE_WALLET):
        return dict.fromkeys(WALLET_KINDS, Status.INVALID)  # of the wallet there was
    target = RULES[act].target
    return dict.fromkeys(ListKind, STATUS[target]) if target and target in STATUS else {}
