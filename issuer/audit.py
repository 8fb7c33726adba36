"""The audit chain in the register: appended to by whatever writes, and examined as a whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from did import PublicKey, strict_json
from did.errors import DidError
from issuer import audit_orders, audit_printing, chain, civil_days, contents, reissue
from issuer.audit_orders import Ledger
from issuer.chain import ActFacts
from issuer.errors import IssuerError
from issuer.guards_keeping import ERASED_SEAL, is_erased
from issuer.lifecycle import RULES, STATUS, Act, CardState
from issuer.models import (
    ActRow,
    AuditRow,
    Card,
    Erasure,
    HolderKey,
    Person,
    Prepared,
    Reissue,
    Rejection,
    Restoration,
    StatusIndex,
    Wallet,
)
from revocation.status_list import Status
from trust.documents import AuditHead

MAX_ENTRY = 1 << 24
"""Characters of an entry."""
_MAX_PROBLEMS = 1000
_NOTED = ('"event":"restore"', '"event":"erase"')
_NONE: tuple[tuple[int, int] | None, Iterable[Any]] = (None, ())


@dataclass(frozen=True, slots=True)
class Problem:
    """What an examination found: a stable code, and the link, act, card, person or wallet it is about."""

    code: str
    about: str
    number: int


class Loss(NamedTuple):
    """A restoration that the chain tells of: the links after `kept`, up to `lost`, are gone.

    `at` is its time in epoch seconds; `lost` is `kept` where the backup was the last thing done.
    """

    at: int
    kept: int
    lost: int


@dataclass(slots=True)
class Examination:
    """How many links and acts were examined, and every problem (the first thousand).

    No problem, but to be told: restorations from a backup, and how many people were erased.
    """

    links: int = 0
    acts: int = 0
    problems: list[Problem] = field(default_factory=list)
    restored: list[Loss] = field(default_factory=list)
    erased: set[int] = field(default_factory=set)

    def found(self, code: str, about: str, number: int) -> None:
        """Takes down a problem."""
        if len(self.problems) < _MAX_PROBLEMS:
            self.problems.append(Problem(code, about, number))

    def is_lost(self, length: int) -> bool:
        """Whether the link of this number went with a register that a backup took the place of."""
        return any(loss.kept < length <= loss.lost for loss in self.restored)


def append(session: Session, event: str, *, now: int, **details: object) -> None:
    """Adds the link of one command: it covers every act since the last one.

    `details` are what else the command did: JSON values, nothing personal.
    """
    session.flush()
    last = session.exec(select(AuditRow).order_by(col(AuditRow.seq).desc()).limit(1)).first()
    first = _covered(last) + 1
    acts = list(_acts(session, first))
    covered = acts[-1].id if acts else first - 1  # in PostgreSQL a refused command leaves a gap
    text = chain.entry(event, at=now, acts=(first, covered), acts_sha256=chain.digest(acts), **details)
    before = chain.BEGINNING if last is None else last.sha256
    seq = 1 if last is None else last.seq + 1
    session.add(AuditRow(seq=seq, at=now, entry=text, sha256=chain.link(before, text)))
    session.flush()


def head(session: Session) -> AuditHead:
    """How long the chain is, and its last link: what publications carry."""
    last = session.exec(select(AuditRow).order_by(col(AuditRow.seq).desc()).limit(1)).first()
    return AuditHead(0, chain.BEGINNING.hex()) if last is None else AuditHead(last.seq, last.sha256.hex())


def examine(session: Session, heads: Sequence[AuditHead] = ()) -> Examination:
    """Recomputes the whole chain, holds the register against it, and it against published `heads`.

    The codes: `link_missing`, `link_changed`, `chain_recomputed`, `tail_cut`, `acts_changed`,
    `acts_uncovered`, `state_differs`, `status_differs`, `card_differs`, `person_differs`,
    `wallet_differs`, `order_differs`, `order_forged`, `acts_unordered`, `staff_differs`.
    `rejection_differs`, `printing_differs`, `prepared_differs`, `reissue_differs`,
    `acts_illegal`, `bank_differs`, `theft_differs`, `restoration_differs`.
    """
    result = Examination()
    ledger = audit_orders.examine(session, result.found)
    _examine_links(session, result, {published.length: published.head for published in heads}, ledger)
    audit_orders.examine_carried(session, ledger, result.found)
    _examine_rows(session, ledger, result)
    _examine_reissues(session, ledger, result)
    return result


def _examine_links(session: Session, result: Examination, heads: dict[int, str], ledger: Ledger) -> None:
    before, covered = chain.BEGINNING, 0
    restorations = dict(session.exec(select(Restoration.links, Restoration.at)).all())
    for row in session.exec(select(AuditRow).order_by(col(AuditRow.seq))):
        result.links += 1
        if row.seq != result.links:
            result.found("link_missing", "link", result.links)
            result.links = row.seq
        if row.sha256 != chain.link(before, row.entry):
            result.found("link_changed", "link", row.seq)
        _note(row, result, restorations)
        published = heads.pop(row.seq, row.sha256.hex())
        if published != row.sha256.hex() and not result.is_lost(row.seq):
            result.found("chain_recomputed", "link", row.seq)
        before = row.sha256
        covered = _examine_acts(session, row, covered, result, ledger)
    for links in restorations:
        result.found("restoration_differs", "link", links + 1)
    for length in heads:
        if length > 0 and not result.is_lost(length):
            result.found("tail_cut", "link", length)
    uncovered = session.exec(select(func.min(ActRow.id)).where(col(ActRow.id) > covered)).one()
    if uncovered is not None:
        result.found("acts_uncovered", "act", uncovered)


def _note(row: AuditRow, result: Examination, restorations: dict[int, int]) -> None:
    """Takes down a restoration that left its row, and whom an order had erased."""
    if not any(event in row.entry for event in _NOTED):
        return
    try:
        entry = strict_json.loads(row.entry, max_bytes=MAX_ENTRY)
    except DidError:
        return
    match entry:
        case {"event": "restore", "kept": int(kept), "lost": int(lost)} if kept == row.seq - 1:
            if restorations.pop(kept, None) != row.at or lost < kept:
                result.found("restoration_differs", "link", row.seq)
                return
            result.restored.append(Loss(row.at, kept, lost))
        case {"event": "erase", "people": list(people), "order": dict()}:
            result.erased.update(person for person in people if isinstance(person, int))


def _examine_acts(session: Session, row: AuditRow, covered: int, result: Examination, ledger: Ledger) -> int:
    """Holds the acts that a link covers against its digest and its order; returns the last of them."""
    try:
        first, last, said = _covers(row.entry)
        entry = strict_json.loads(row.entry, max_bytes=MAX_ENTRY)
        ledger.read_link(entry)
        acts = list(_acts(session, first, last))
        ordered = ledger.covers(entry, acts)
    except (DidError, AttributeError, KeyError, TypeError, ValueError):  # whatever somebody made of it
        result.found("link_changed", "link", row.seq)
        return covered
    result.acts += len(acts)
    if row.at != entry["at"]:
        result.found("link_changed", "link", row.seq)
    if first != covered + 1 or chain.digest(acts) != said:  # the digest has the acts' numbers in it
        result.found("acts_changed", "link", row.seq)
    if not ordered:
        result.found("acts_unordered", "link", row.seq)
    return last


@dataclass(slots=True)
class _Replay:
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
    offered: set[int] = field(default_factory=set)  # cards with an offer that nobody has answered
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
            if not again and act.card_id not in self.offered:
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
            self.phones[act.card_id] = act.wallet_id
            self.offered.discard(act.card_id)
        elif act.act in (Act.REVOKE_WALLET, Act.REPLACE):
            self.phones.pop(act.card_id, None)
            self.offered.discard(act.card_id)
        elif act.act == Act.OFFER:
            self.offered.add(act.card_id)
        elif act.act == Act.EXPIRE:
            self.expired[act.card_id] = act.at

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
        elif act.act == Act.REISSUE:
            self.prepared.setdefault(act.card_id, []).append(act.content)
        else:
            self.cards[act.card_id] = act.content


def _examine_rows(session: Session, ledger: Ledger, result: Examination) -> None:
    """Plays every act again, and holds what stands in the register against it."""
    rows = session.execute(select_columns(col(Card.id), col(Card.person_id)))
    holders = {card: person for card, person in rows if card is not None}
    replay = _Replay(ledger.replaced.keys())
    for act in _acts(session, 1):
        # Acts of registers without staff followed the rules of their time.
        if not replay.play(act, holders.get(act.card_id, 0)) and act.id > ledger.staffed_after:
            result.found("acts_illegal", "act", act.id)
    result.erased.intersection_update(session.scalars(select(Erasure.person_id)))  # else they differ
    gone = {card for card, person in holders.items() if person in result.erased}
    _examine_cards(session, replay, result, gone)
    _examine_people(session, replay.people, result)
    _examine_rejections(session, replay.rejections, holders, result)
    _examine_wallets(session, replay, result)
    _examine_prepared(session, replay.prepared, result, gone)
    _examine_statuses(session, result)
    for card in audit_printing.differing(session, replay.printing):
        result.found("printing_differs", "card", card)


def _examine_cards(session: Session, replay: _Replay, result: Examination, gone: set[int]) -> None:
    states, said = dict(replay.states), dict(replay.cards)
    for card in session.exec(select(Card).execution_options(yield_per=1000)):
        number = card.id or 0
        if states.pop(number, None) != card.state:
            result.found("state_differs", "card", number)
        known = said.pop(number, None)
        if number in gone:
            whole = card.seal in (None, ERASED_SEAL)
        else:
            columns = card.model_dump()
            whole = known in (None, contents.of_card(columns), contents.of_card_until_0009(columns))
        if not whole:
            result.found("card_differs", "card", number)
        at = replay.expired.get(number)
        if at is not None and (card.valid_until is None or card.valid_until >= civil_days.day_of(at)):
            result.found("card_differs", "card", number)  # or somebody ended it before its last day
        session.expunge(card)
    for number in sorted(states.keys() | said.keys()):
        result.found("state_differs", "card", number)


def _examine_people(session: Session, said: dict[int, bytes], result: Examination) -> None:
    for person in session.exec(select(Person).execution_options(yield_per=1000)):
        known = said.pop(person.id or 0, None)
        if person.id in result.erased:
            if not is_erased(person.model_dump()):
                result.found("person_differs", "person", person.id or 0)
        elif (
            known is None
            or person.salt is None
            or known != contents.of_person(person.model_dump(), person.salt)
        ):
            result.found("person_differs", "person", person.id or 0)
        session.expunge(person)
    for number in said:
        result.found("person_differs", "person", number)


def _examine_rejections(
    session: Session, said: dict[int, bytes], holders: dict[int, int], result: Examination
) -> None:
    for row in session.exec(select(Rejection)):
        columns = {**row.model_dump(), "person_id": holders.get(row.card_id)}
        if said.pop(row.card_id, None) != contents.of_rejection(columns):
            result.found("rejection_differs", "card", row.card_id)
    for number in said:
        result.found("rejection_differs", "card", number)


def _examine_wallets(session: Session, replay: _Replay, result: Examination) -> None:
    keys: dict[int, list[bytes]] = {}
    for key in session.exec(select(HolderKey).execution_options(yield_per=1000)):
        keys.setdefault(key.wallet_id, []).append(key.thumbprint)
        if key.public_key is not None and not _belongs(key.public_key, key.thumbprint):
            result.found("wallet_differs", "wallet", key.wallet_id)
        session.expunge(key)
    indices: dict[int, dict[int, int]] = {}
    owned = select_columns(col(StatusIndex.wallet_id), col(StatusIndex.list_id), col(StatusIndex.idx))
    for wallet, list_id, index in session.execute(
        owned.where(col(StatusIndex.wallet_id).is_not(None), col(StatusIndex.reissue_id).is_(None))
    ):
        indices.setdefault(wallet, {})[list_id] = index
    lives = {wallet.id or 0: wallet.ended_at is None for wallet in session.exec(select(Wallet))}
    living = set(replay.phones.values())
    for number in sorted(replay.wallets.keys() | lives.keys()):
        content = contents.of_wallet(keys.get(number, []), indices.get(number, {}))
        if lives.get(number) is not (number in living) or replay.wallets.get(number, content) != content:
            result.found("wallet_differs", "wallet", number)


def _belongs(raw: bytes, thumbprint: bytes) -> bool:
    try:
        PublicKey.recalled(raw, thumbprint)
    except DidError:
        return False
    return True


def _examine_prepared(
    session: Session, said: dict[int, list[bytes]], result: Examination, gone: set[int]
) -> None:
    """Holds what every re-issue made for a card, and where it stands, against the acts."""
    place = (col(StatusIndex.card_id), col(StatusIndex.reissue_id))
    further = select_columns(*place, col(StatusIndex.list_id), col(StatusIndex.idx))
    entries = session.execute(
        further.where(col(StatusIndex.reissue_id).is_not(None))
        .order_by(*place)
        .execution_options(yield_per=5000)
    )
    drawn = groupby(entries, key=lambda entry: (entry[0], entry[1]))
    found, indices = next(drawn, _NONE)
    made = select(Prepared).order_by(col(Prepared.card_id), col(Prepared.reissue_id))
    for row in session.exec(made.execution_options(yield_per=1000)):
        own = {}
        while found is not None and found <= (row.card_id, row.reissue_id):
            if found == (row.card_id, row.reissue_id):
                own = {list_id: index for _, _, list_id, index in indices}
            else:
                result.found("prepared_differs", "card", found[0])
            found, indices = next(drawn, _NONE)
        tokens = (row.seal, row.live, row.sd_jwt)
        content = contents.of_prepared(row.reissue_id, own, *tokens)
        left = said.get(row.card_id)
        known = left.pop(0) if left else None
        if not (tokens == (None, None, None) if row.card_id in gone else known == content):
            result.found("prepared_differs", "card", row.card_id)
        session.expunge(row)
    for card in sorted(card for card, missing in said.items() if missing):
        result.found("prepared_differs", "card", card)
    if found is not None:
        result.found("prepared_differs", "card", found[0])


def _examine_reissues(session: Session, ledger: Ledger, result: Examination) -> None:
    """Every re-issue was opened by an order of its own."""
    ordered = dict(enumerate(sorted(ledger.reissues), start=1))
    for at, row in enumerate(session.exec(select(Reissue).order_by(col(Reissue.id))), start=1):
        if ordered.pop(at, None) != (row.opened_at, tuple(kind.value for kind in reissue.kinds_of(row))):
            result.found("reissue_differs", "reissue", row.id or 0)
    for at in ordered:
        result.found("reissue_differs", "reissue", at)


def _examine_statuses(session: Session, result: Examination) -> None:
    """Every index says what its card and its phone say."""
    invalid = int(Status.INVALID)
    stands = {state.value: int(status) for state, status in STATUS.items()}
    rows = session.execute(
        select_columns(col(Card.id), col(Card.state), col(StatusIndex.status), col(Wallet.ended_at))
        .join(StatusIndex, col(StatusIndex.card_id) == Card.id)
        .join(Wallet, col(Wallet.id) == StatusIndex.wallet_id, isouter=True)
    )
    for card, state, status, ended_at in rows:
        if status != (invalid if ended_at is not None else stands.get(state)):
            result.found("status_differs", "card", card)


def _covered(last: AuditRow | None) -> int:
    """The last act that the chain covers."""
    if last is None:
        return 0
    try:
        return _covers(last.entry)[1]
    except DidError as error:
        raise IssuerError(
            "register_damaged", "the last link of the audit chain is none: restore a backup"
        ) from error


def _covers(text: str) -> tuple[int, int, str]:
    """First and last act of an entry, and their digest.

    Raises:
        DidError: it is no entry.
    """
    match strict_json.loads(text, max_bytes=MAX_ENTRY):
        case {"acts": [int(first), int(last)], "acts_sha256": str(said)}:
            return first, last, said
    raise DidError("malformed_json", "no entry of an audit chain")


def _acts(session: Session, first: int, last: int | None = None) -> Iterator[ActFacts]:
    """Acts by their numbers, from `first` on."""
    columns = (ActRow.id, ActRow.at, ActRow.act, ActRow.card_id, ActRow.wallet_id, ActRow.content)
    statement = select_columns(*map(col, columns)).where(col(ActRow.id) >= first).order_by(col(ActRow.id))
    if last is not None:
        statement = statement.where(col(ActRow.id) <= last)
    yield from (ActFacts(*row) for row in session.execute(statement.execution_options(yield_per=5000)))
