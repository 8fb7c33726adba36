"""The audit chain in the register: appended to by whatever writes, and examined as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from did import PublicKey, strict_json
from did.errors import DidError
from issuer import chain, contents
from issuer.chain import ActFacts
from issuer.errors import IssuerError
from issuer.lifecycle import RULES, STATUS, Act, CardState
from issuer.models import ActRow, AuditRow, Card, HolderKey, Person, Prepared, StatusIndex, Wallet
from revocation.status_list import Status
from trust.documents import AuditHead

MAX_ENTRY = 1 << 24
"""Characters of an entry."""
_MAX_PROBLEMS = 1000
_NONE: tuple[tuple[int, int] | None, Iterable[Any]] = (None, ())


@dataclass(frozen=True, slots=True)
class Problem:
    """What an examination found: a stable code, and the link, act, card, person or wallet it is about."""

    code: str
    about: str
    number: int


@dataclass(slots=True)
class Examination:
    """How many links and acts were examined, and every problem (the first thousand)."""

    links: int = 0
    acts: int = 0
    problems: list[Problem] = field(default_factory=list)

    def found(self, code: str, about: str, number: int) -> None:
        """Takes down a problem."""
        if len(self.problems) < _MAX_PROBLEMS:
            self.problems.append(Problem(code, about, number))


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
    `wallet_differs`, `prepared_differs`.
    """
    result = Examination()
    _examine_links(session, result, {published.length: published.head for published in heads})
    _examine_rows(session, result)
    return result


def _examine_links(session: Session, result: Examination, heads: dict[int, str]) -> None:
    before, covered = chain.BEGINNING, 0
    for row in session.exec(select(AuditRow).order_by(col(AuditRow.seq))):
        result.links += 1
        if row.seq != result.links:
            result.found("link_missing", "link", result.links)
            result.links = row.seq
        if row.sha256 != chain.link(before, row.entry):
            result.found("link_changed", "link", row.seq)
        if heads.pop(row.seq, row.sha256.hex()) != row.sha256.hex():
            result.found("chain_recomputed", "link", row.seq)
        before = row.sha256
        covered = _examine_acts(session, row, covered, result)
    for length in heads:
        if length > 0:
            result.found("tail_cut", "link", length)
    uncovered = session.exec(select(func.min(ActRow.id)).where(col(ActRow.id) > covered)).one()
    if uncovered is not None:
        result.found("acts_uncovered", "act", uncovered)


def _examine_acts(session: Session, row: AuditRow, covered: int, result: Examination) -> int:
    """Holds the acts that a link covers against its digest; returns the last of them."""
    try:
        first, last, said = _covers(row.entry)
    except DidError:
        result.found("link_changed", "link", row.seq)
        return covered
    acts = list(_acts(session, first, last))
    result.acts += len(acts)
    if first != covered + 1 or chain.digest(acts) != said:  # the digest has the acts' numbers in it
        result.found("acts_changed", "link", row.seq)
    return last


@dataclass(slots=True)
class _Replay:
    """What all acts together have led to, by card, person and wallet."""

    states: dict[int, CardState] = field(default_factory=dict)
    phones: dict[int, int] = field(default_factory=dict)  # the wallet that a card has, by card
    cards: dict[int, bytes] = field(default_factory=dict)
    people: dict[int, bytes] = field(default_factory=dict)
    wallets: dict[int, bytes] = field(default_factory=dict)
    prepared: dict[int, list[bytes]] = field(default_factory=dict)  # by card, in the order of re-issues

    def play(self, act: ActFacts, person: int) -> None:
        """Does one act again; `person` holds its card."""
        target = RULES[Act(act.act)].target if act.act in RULES else None
        if act.act == Act.APPLY:
            target = CardState.APPLIED
        if target is not None:
            self.states[act.card_id] = target
        if act.act == Act.ENROL and act.wallet_id is not None:
            self.phones[act.card_id] = act.wallet_id
        elif act.act in (Act.REVOKE_WALLET, Act.REPLACE):
            self.phones.pop(act.card_id, None)
        if act.content is None:
            return
        if act.act in (Act.APPLY, Act.RECORD):
            self.people[person] = act.content
        elif act.act == Act.ENROL:
            self.wallets[act.wallet_id or 0] = act.content
        elif act.act == Act.REISSUE:
            self.prepared.setdefault(act.card_id, []).append(act.content)
        else:
            self.cards[act.card_id] = act.content


def _examine_rows(session: Session, result: Examination) -> None:
    """Plays every act again, and holds what stands in the register against it."""
    rows = session.execute(select_columns(col(Card.id), col(Card.person_id)))
    holders = {card: person for card, person in rows if card is not None}
    replay = _Replay()
    for act in _acts(session, 1):
        replay.play(act, holders.get(act.card_id, 0))
    _examine_cards(session, replay, result)
    _examine_people(session, replay.people, result)
    _examine_wallets(session, replay, result)
    _examine_prepared(session, replay.prepared, result)
    _examine_statuses(session, result)


def _examine_cards(session: Session, replay: _Replay, result: Examination) -> None:
    states, said = dict(replay.states), dict(replay.cards)
    for card in session.exec(select(Card).execution_options(yield_per=1000)):
        number = card.id or 0
        if states.pop(number, None) != card.state:
            result.found("state_differs", "card", number)
        if said.pop(number, None) not in (None, contents.of_card(card.model_dump())):
            result.found("card_differs", "card", number)
        session.expunge(card)
    for number in sorted(states.keys() | said.keys()):
        result.found("state_differs", "card", number)


def _examine_people(session: Session, said: dict[int, bytes], result: Examination) -> None:
    for person in session.exec(select(Person).execution_options(yield_per=1000)):
        known = said.pop(person.id or 0, None)
        if (
            known is None
            or person.salt is None
            or known != contents.of_person(person.model_dump(), person.salt)
        ):
            result.found("person_differs", "person", person.id or 0)
        session.expunge(person)
    for number in said:
        result.found("person_differs", "person", number)


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


def _examine_prepared(session: Session, said: dict[int, list[bytes]], result: Examination) -> None:
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
        content = contents.of_prepared(row.reissue_id, own, row.seal, row.live, row.sd_jwt)
        left = said.get(row.card_id)
        if not left or left.pop(0) != content:
            result.found("prepared_differs", "card", row.card_id)
        session.expunge(row)
    for card in sorted(card for card, missing in said.items() if missing):
        result.found("prepared_differs", "card", card)
    if found is not None:
        result.found("prepared_differs", "card", found[0])


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
