"""Every act done again, in its order: what the register then has to say, and whether each was possible."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from issuer.chain import ActFacts
from issuer.lifecycle import RULES, Act, CardState


@dataclass(slots=True)
class Offered:
    """When an offer was made and closed, and the digest of its row."""

    created_at: int
    content: bytes | None
    closed_at: int | None = None


@dataclass(slots=True)
class Replay:
    """What all acts together have led to, by card, person and wallet; `replacing` are cards born approved."""

    replacing: Collection[int]
    states: dict[int, CardState] = field(default_factory=dict)
    phones: dict[int, int] = field(default_factory=dict)  # the wallet that a card has, by card
    cards: dict[int, bytes] = field(default_factory=dict)
    people: dict[int, bytes] = field(default_factory=dict)
    wallets: dict[int, bytes] = field(default_factory=dict)
    rejections: dict[int, bytes] = field(default_factory=dict)
    printing: list[ActFacts] = field(default_factory=list)
    prepared: dict[int, list[bytes]] = field(default_factory=dict)  # by card, in the order of re-issues
    offers: dict[int, list[Offered]] = field(default_factory=dict)  # by card, the last may be open
    enrolled: dict[int, int] = field(default_factory=dict)  # when, by phone
    expired: dict[int, int] = field(default_factory=dict)  # when, by card

    def play(self, act: ActFacts, person: int) -> bool:
        """Does one act again, and tells whether it was allowed; `person` holds its card."""
        legal = self._allows(act)
        self._follow(act)
        self._keep(act, person)
        return legal

    def _allows(self, act: ActFacts) -> bool:
        state = self.states.get(act.card_id)
        if act.act == Act.ENROL:  # an offer is answered once, and then again by the same phone
            again = self.phones.get(act.card_id) == act.wallet_id
            if not again and self._open_offer(act.card_id) is None:
                return False
        if act.act == Act.APPLY:
            return state is None
        if act.act == Act.APPROVE and act.card_id in self.replacing:
            return state is None
        return act.act not in RULES or state in RULES[Act(act.act)].sources

    def _follow(self, act: ActFacts) -> None:
        target = RULES[Act(act.act)].target if act.act in RULES else None
        if act.act == Act.APPLY:
            target = CardState.APPLIED
        if target is not None:
            self.states[act.card_id] = target
        if act.act == Act.ENROL and act.wallet_id is not None:
            if self.phones.get(act.card_id) != act.wallet_id:
                self._close_offer(act)
            self.phones[act.card_id] = act.wallet_id
            self.enrolled.setdefault(act.wallet_id, act.at)
        elif act.act in (Act.REVOKE_WALLET, Act.REPLACE):
            self.phones.pop(act.card_id, None)
            self._close_offer(act)
        elif act.act == Act.OFFER:
            self._close_offer(act)
            self.offers.setdefault(act.card_id, []).append(Offered(act.at, act.content))
        elif act.act == Act.EXPIRE:
            self.expired[act.card_id] = act.at

    def _open_offer(self, card: int) -> Offered | None:
        last = self.offers.get(card, [None])[-1]
        return last if last is not None and last.closed_at is None else None

    def _close_offer(self, act: ActFacts) -> None:
        if (last := self._open_offer(act.card_id)) is not None:
            last.closed_at = act.at

    def _keep(self, act: ActFacts, person: int) -> None:
        if act.content is None:
            return
        if act.act in (Act.APPLY, Act.AMEND, Act.RECORD):
            self.people[person] = act.content
        elif act.act == Act.REJECT:
            self.rejections[act.card_id] = act.content
        elif act.act == Act.ENROL:
            self.wallets[act.wallet_id or 0] = act.content
        elif act.act in (Act.ORDER_PRINT, Act.PRINT):
            self.printing.append(act)
        elif act.act == Act.OFFER:
            return  # `_follow` has it
        elif act.act == Act.REISSUE:
            self.prepared.setdefault(act.card_id, []).append(act.content)
        else:
            self.cards[act.card_id] = act.content
