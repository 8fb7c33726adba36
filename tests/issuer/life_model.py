"""A small model of lives, written by another hand: what each act may do to a card, and to its indices.

It says what `docs/lifecycle.md` says, and asks nothing of `issuer.lifecycle`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

WAITING = ("approved", "in_batch", "printed")
STANDS = {"active": 0, "suspended": 2} | dict.fromkeys(WAITING, 3)
"""Status values by state; in every other numbered state it is 1."""

LEADS: dict[str, dict[str, str]] = {
    "reject": {"applied": "rejected"},
    "approve": {"applied": "approved"},
    "order_print": {"approved": "in_batch"},
    "return_print": {"in_batch": "approved"},
    "print": {"in_batch": "printed"},
    "activate": {"printed": "active"},
    "suspend": {"active": "suspended"},
    "reinstate": {"suspended": "active"},
    "report_lost": dict.fromkeys(("active", "suspended"), "lost"),
    "replace": dict.fromkeys((*WAITING, "active", "lost"), "replaced"),
    "retire": dict.fromkeys(("active", "suspended", "lost"), "retired"),
    "revoke": dict.fromkeys((*WAITING, "active", "suspended", "lost"), "revoked"),
    "expire": dict.fromkeys((*WAITING, "active", "suspended", "lost"), "expired"),
}
"""Acts that change the state: from where, and to where."""
STATES = {state for leads in LEADS.values() for pair in leads.items() for state in pair}
STEPS = {(source, target) for leads in LEADS.values() for source, target in leads.items()}
ENDED = ("rejected", "retired", "revoked", "expired")
SOURCES = LEADS | {
    "offer": ("active",),
    "amend": ("applied", *WAITING, "active", "suspended", "lost"),
    "amend_name": ("applied", "lost"),
    "amend_and_replace": tuple(LEADS["replace"]),
    "apply": ENDED,
}
"""The states that an act is allowed in."""


@dataclass(slots=True)
class ModelCard:
    """One application and its card; `phones` tells of each phone it ever had whether it is the living one."""

    row: int
    person: int
    number: str | None = None
    state: str = "applied"
    offer: bool = False
    phones: list[bool] = field(default_factory=list)

    @property
    def has_phone(self) -> bool:
        """Whether a phone holds credentials that have not ended."""
        return any(self.phones)

    def statuses(self) -> dict[str, list[int]]:
        """What stands at the indices of each kind, oldest first."""
        if self.number is None:
            return {}
        stands = STANDS.get(self.state, 1)
        found = {"seal": [stands]}
        if self.phones:
            of_phones = [stands if living else 1 for living in self.phones]
            found |= {"live": of_phones, "sd-jwt": of_phones}
        return found

    def allows(self, act: str) -> bool:
        """Whether the register has to do it."""
        if act == "issue":
            return self.state == "active" and self.offer
        if act == "revoke_wallet":
            return self.state in ("active", "suspended") and (self.has_phone or self.offer)
        return self.state in SOURCES[act]

    def do(self, act: str) -> None:
        """Does it. Of what replaces a card there is another `ModelCard`."""
        if act == "offer":
            self.offer = True
        elif act == "issue":
            self.offer = False
            self.phones = [*[False] * len(self.phones), True]
        elif act == "revoke_wallet":
            self.offer = False
            self.phones = [False] * len(self.phones)
        elif act in ("replace", "amend_and_replace"):
            self.state, self.offer, self.phones = "replaced", False, [False] * len(self.phones)
        elif act in LEADS:
            self.state = LEADS[act][self.state]


ACTS = (*SOURCES, "issue", "revoke_wallet")
