"""The tables of docs/lifecycle.md, drawn up from the rules."""

from __future__ import annotations

from pathlib import Path

from issuer.cli_wording import STATES, STATUSES
from issuer.lifecycle import FINAL, RULES, STATUS, Act, CardState, ListKind, effect
from revocation.status_list import Status

PAGE = (Path(__file__).parents[2] / "docs" / "lifecycle.md").read_text("utf-8")
_WALLET = {
    Act.ENROL: "the one before ends, a new one begins",
    Act.REVOKE_WALLET: "ends",
    Act.REPLACE: "ends",
}
_OFFER = {
    Act.OFFER: "the one before closes, a new one opens",
    Act.ENROL: "answered: closes",
    Act.REVOKE_WALLET: "closes",
    Act.REPLACE: "closes",
}
_COMMANDS = {
    Act.REJECT: "reject",
    Act.AMEND: "amend",
    Act.APPROVE: "approve",
    Act.ACTIVATE: "activate",
    Act.OFFER: "offer",
    Act.ENROL: "issue",
    Act.REISSUE: "reissue",
    Act.COLLECT: "issue",
    Act.REVOKE_WALLET: "revoke --wallet",
    Act.SUSPEND: "suspend",
    Act.REINSTATE: "reinstate",
    Act.REPORT_LOST: "lost",
    Act.REPLACE: "replace",
    Act.RETIRE: "retire",
    Act.REVOKE: "revoke",
    Act.EXPIRE: "publish, delta",
}


def acts() -> str:
    """The table of acts."""
    head = "| act | command | from | to | seal | live | SD-JWT VC | phone | open offer |"
    return "\n".join([head, "|---" * 9 + "|", *map(_act, RULES)])


def states() -> str:
    """The table of states."""
    return "\n".join(
        ["| state | in Khmer | what stands at its indices | |", "|---" * 4 + "|", *map(_state, CardState)]
    )


def _act(act: Act) -> str:
    rule, written = RULES[act], effect(act)
    kinds = [_status(written.get(kind)) for kind in (ListKind.SEAL, ListKind.LIVE, ListKind.SD_JWT)]
    command = f"`{_COMMANDS[act]}`" if act in _COMMANDS else ""
    ends = "INVALID, if there is one" if rule.target in FINAL or rule.target is CardState.LOST else "–"
    phone = _WALLET.get(act, ends if act is not Act.REJECT else "–")
    cells = [
        f"`{act}`",
        command,
        _listed(rule.sources),
        rule.target or "–",
        *kinds,
        phone,
        _OFFER.get(act, "–"),
    ]
    return f"| {' | '.join(cells)} |"


def _state(state: CardState) -> str:
    status = STATUS.get(state)
    shown = "no number, no index" if status is None else f"{_status(status)} ({STATUSES[status].km})"
    return f"| `{state}` | {STATES[state].km} | {shown} | {'final' if state in FINAL else ''} |"


def _status(status: Status | None) -> str:
    return "–" if status is None else f"{status.name}"


def _listed(states: frozenset[CardState]) -> str:
    return ", ".join(state for state in CardState if state in states)
