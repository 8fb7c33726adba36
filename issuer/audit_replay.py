"""Every act done again, in its order: what the register then has to say, and whether each was possible."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from issuer.chain import ActFacts
from issuer.lifecycle import FINAL, OPEN, RULES, UNNUMBERED, Act, CardState

_TELLING = frozenset({Act.APPLY, Act.AMEND, Act.REJECT, Act.APPROVE, Act.OFFER, Act.ENROL, Act.REISSUE})
"""Acts that carry a digest of what they wrote, since there was staff."""
_NAMING = frozenset({Act.APPLY, Act.AMEND})
"""Acts that say who somebody is; the second half of that stands on the card (`contents.of_whole_person`)."""
_HALF = 32
_MAY_TELL = _TELLING | {Act.ORDER_PRINT, Act.PRINT}
"""Those of printing name a place in an order and a report, where there is one; no other carries any."""


@dataclass(slots=True)
class Offered:
    """When an offer was made and closed, the digest of its row, and whether a phone answered it."""

    created_at: int
    content: bytes | None
    closed_at: int | None = None
    answered: bool = False


@dataclass(slots=True)
class Replay:
    """What all acts together have led to, by card, person and wallet.

    `replacing` are cards that were born approved; acts up to `unstaffed` followed the rules of their time.
    """

    replacing: Collection[int]
    unstaffed: int
    states: dict[int, CardState] = field(default_factory=dict)
    phones: dict[int, int] = field(default_factory=dict)  # the wallet that a card has, by card
    cards: dict[int, bytes] = field(default_factory=dict)
    people: dict[int, bytes] = field(default_factory=dict)
    wallets: dict[int, bytes] = field(default_factory=dict)
    keys_known: set[int] = field(default_factory=set)  # phones whose digest is of today's form
    rejections: dict[int, bytes] = field(default_factory=dict)
    printing: list[ActFacts] = field(default_factory=list)
    prepared: dict[int, list[ActFacts]] = field(default_factory=dict)  # by card, in the order of re-issues
    offers: dict[int, list[Offered]] = field(default_factory=dict)  # by card, the last may be open
    enrolled: dict[int, tuple[int, int]] = field(default_factory=dict)  # for which card and when, by phone
    expired: dict[int, int] = field(default_factory=dict)  # when, by card
    held: dict[int, int] = field(default_factory=dict)  # the card that somebody has or will have, by person
    sizes: dict[str, int] = field(default_factory=dict)  # bytes that such an act has carried
    last: dict[int, int] = field(default_factory=dict)  # the last act, by card
    renamed: dict[int, ActFacts] = field(default_factory=dict)  # while the card still says another name

    def play(self, act: ActFacts, person: int) -> bool:
        """Does one act again, and tells whether it was allowed; `person` holds its card."""
        legal = act.id <= self.unstaffed or (self._allows(act) and self._tells(act))
        if act.act in _NAMING and act.content is not None and self._is_renamed(act.content, person):
            self.renamed[person] = act
        self._follow(act)
        self._hold(act, person)
        self._keep(act, person)
        self.last[act.card_id] = act.id
        return legal

    def subject(
        self, cards: Collection[int], holders: Mapping[int, int], numbers: Mapping[int, str | None]
    ) -> bytes:
        """What an order about these cards was bound to at this moment: as `order_subject.digest`."""
        hashed = hashlib.sha256()
        for card in sorted(cards):
            state = self.states.get(card)
            number = None if state in UNNUMBERED else numbers.get(card)
            holder = self.people.get(holders.get(card, 0), b"")[:_HALF].hex()
            facts = (card, state, self.last.get(card), number, self.phones.get(card))
            hashed.update(f"{' '.join(map(str, facts))} {holder}\n".encode())
        return hashed.digest()

    def _allows(self, act: ActFacts) -> bool:
        state = self.states.get(act.card_id)
        if self.enrolled.get(act.wallet_id or 0, (act.card_id,))[0] != act.card_id:
            return False  # another card's phone
        if act.act == Act.ENROL:  # an offer is answered once, and then again by the same phone
            again = self.phones.get(act.card_id) == act.wallet_id
            if not again and (self._open_offer(act.card_id) is None or act.wallet_id in self.enrolled):
                return False
        if act.act == Act.APPLY:
            return state is None
        if act.act == Act.APPROVE and act.card_id in self.replacing:
            return state is None
        return act.act not in RULES or state in RULES[Act(act.act)].sources

    def _tells(self, act: ActFacts) -> bool:
        """Whether it carries what such an act does, in no older form than those before it.

        A phone that asks again has the keys it had.
        """
        if act.content is not None and len(act.content) < self.sizes.get(_kind(act), 0):
            return False
        if act.act == Act.ENROL and act.wallet_id in self.keys_known:
            return act.content == self.wallets.get(act.wallet_id)
        return act.act in _MAY_TELL if act.content is not None else act.act not in _TELLING

    def _is_renamed(self, content: bytes, person: int) -> bool:
        """Whether somebody with a living card gets what stands on it changed."""
        before = self.people.get(person, b"")[_HALF:]
        return person in self.held and before not in (b"", content[_HALF:])

    def _hold(self, act: ActFacts, person: int) -> None:
        """Follows which card somebody holds, or will: a new one, made at once, ends what the old one said."""
        state = self.states.get(act.card_id)
        before = self.renamed.get(person)
        if act.act == Act.REPLACE and before and (before.at, before.card_id) == (act.at, act.card_id):
            del self.renamed[person]
        if state is None or state in OPEN | FINAL:
            if self.held.get(person) == act.card_id:
                del self.held[person]
        else:
            self.held[person] = act.card_id

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
            self.enrolled.setdefault(act.wallet_id, (act.card_id, act.at))
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
            last.closed_at, last.answered = act.at, act.act == Act.ENROL

    def _keep(self, act: ActFacts, person: int) -> None:
        if act.act == Act.RETURN_PRINT:
            self.printing.append(act)
        if act.content is None:
            return
        self.sizes[_kind(act)] = max(len(act.content), self.sizes.get(_kind(act), 0))
        if act.act in (Act.APPLY, Act.AMEND, Act.RECORD):
            self.people[person] = act.content
        elif act.act == Act.REJECT:
            self.rejections[act.card_id] = act.content
        elif act.act == Act.ENROL:
            self.wallets[act.wallet_id or 0] = act.content
            if act.id > self.unstaffed:
                self.keys_known.add(act.wallet_id or 0)
        elif act.act in (Act.ORDER_PRINT, Act.PRINT):
            self.printing.append(act)
        elif act.act == Act.OFFER:
            return  # `_follow` has it
        elif act.act == Act.REISSUE:
            self.prepared.setdefault(act.card_id, []).append(act)
        elif act.act == Act.APPROVE:
            self.cards[act.card_id] = act.content


def _kind(act: ActFacts) -> str:
    return Act.APPLY if act.act in _NAMING else act.act
