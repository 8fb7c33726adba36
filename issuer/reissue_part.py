"""One part of a re-issue: its credentials are made, and kept with their indices and acts, or nothing is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from time import perf_counter, thread_time
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from credential.codes import CodeTables
from did import IdentityError, PublicKey, Signer
from issuer import contents, database, reissue, reserved
from issuer.credentials import Making, VcMaking
from issuer.duties import Order
from issuer.lifecycle import STATUS, Act, CardState, ListKind
from issuer.models import METADATA, Card, HolderKey, Person, ReissuePart, Wallet
from issuer.order_desk import OrderDesk

_INDICES = ("status_index", "list_id idx card_id wallet_id status drawn_at reissue_id")
_PREPARED = ("prepared", "card_id reissue_id wallet_id seal live sd_jwt")
_ACTS = ("act", "at act card_id wallet_id content")
_SAMPLED = 15
_CARD = (Card.state, Card.number, Card.valid_from, Card.valid_until)
_PERSON = (
    *(Person.name_km, Person.name_la, Person.date_of_birth, Person.ministry, Person.position_code),
    *(Person.position_text, Person.grade, Person.agency, Person.employment_status, Person.photo_sha256),
)


@dataclass(frozen=True, slots=True)
class Kit:
    """What the credentials of a re-issue are made with; `lists` are those of the kinds that it makes."""

    reissue_id: int
    last_wallet: int
    lists: dict[ListKind, int]
    seal: Making | None
    live: Making | None
    vc: VcMaking | None
    codes: CodeTables
    now: int


@dataclass(slots=True)
class Spent:
    """Seconds by what they were spent on: a processor's, and for the database those that passed."""

    signing: float = 0.0
    encoding: float = 0.0
    database: float = 0.0

    def add(self, other: Spent) -> None:
        """Adds what another one was spent."""
        self.signing += other.signing
        self.encoding += other.encoding
        self.database += other.database


Rows = list[tuple[Any, ...]]


@dataclass(slots=True)
class Made:
    """A part that was made, as rows of its tables; a row of `status_index` has its card third.

    `states` are those that the cards had; `skipped` are cards that nothing could be made for.
    """

    part: int
    states: dict[int, str] = field(default_factory=dict)
    indices: Rows = field(default_factory=list)
    prepared: Rows = field(default_factory=list)
    acts: Rows = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)
    kept: int = 0
    spent: Spent = field(default_factory=Spent)

    def forget(self) -> None:
        """Drops the rows, which were kept."""
        self.states, self.indices, self.prepared, self.acts = {}, [], [], []


class Timed:
    """A signer that takes down how long it signs, by every sixteenth time: the clock takes a while itself."""

    def __init__(self, signer: Signer) -> None:
        self._sign: Callable[[bytes], bytes] = signer.sign
        self._calls = 0
        self.public_key = signer.public_key
        self.seconds = 0.0

    def sign(self, message: bytes) -> bytes:
        """As the signer does."""
        self._calls += 1
        if self._calls & _SAMPLED:
            return self._sign(message)
        began = thread_time()
        signature = self._sign(message)
        self.seconds += (thread_time() - began) * (_SAMPLED + 1)
        return signature


def make(session: Session, kit: Kit, part: ReissuePart) -> Made:
    """Makes every credential of a part, of people as they stand now; nothing is written."""
    made, began = Made(part.number), perf_counter()
    signers = [making.signer for making in (kit.seal, kit.live, kit.vc) if making is not None]
    signed_before = sum(signer.seconds for signer in signers if isinstance(signer, Timed))
    rows = _people(session, kit, part)
    drawn = reserved.read(part, kit.lists)
    made.spent.database = perf_counter() - began
    begun = thread_time()
    for row, *indices in zip(rows, *drawn.values(), strict=False):  # fewer, where cards have ended since
        try:
            _one(made, kit, row, dict(zip(drawn, indices, strict=True)))
        except IdentityError:
            made.skipped.append(row.id)
    made.indices.sort()
    made.spent.signing = sum(s.seconds for s in signers if isinstance(s, Timed)) - signed_before
    made.spent.encoding = thread_time() - begun - made.spent.signing
    return made


def keep(session: Session, desk: OrderDesk, kit: Kit, parts: Sequence[tuple[ReissuePart, Made]]) -> None:
    """Writes what was made: indices, credentials, and last of all acts and their link of the audit chain.

    What has happened to a card since it was made for stands: one that has ended gets nothing.
    """
    connection = session.connection()
    numbers = [part.number for part, _ in parts]
    given = desk.begin(session, Order.REISSUE_PART, now=kit.now, reissue=kit.reissue_id, parts=numbers)
    for part, made in parts:
        states = dict(session.execute(_standing(kit, part, Card.state)).all())
        _follow(made, states)
        made.kept = len(made.prepared)
        part.done_at = kit.now
    session.flush()
    for table, columns, rows in (
        (*_INDICES, sorted(chain.from_iterable(made.indices for _, made in parts))),
        (*_PREPARED, chain.from_iterable(made.prepared for _, made in parts)),
        (*_ACTS, chain.from_iterable(made.acts for _, made in parts)),
    ):
        database.append(connection, METADATA.tables[table], columns, rows)
    skipped = [card for _, made in parts for card in made.skipped]
    desk.close(session, given, now=kit.now, **({"skipped": skipped} if skipped else {}))


def _follow(made: Made, states: dict[int, str]) -> None:
    """Makes the rows say what the cards say now, where that is another thing."""
    if all(states.get(card) == state for card, state in made.states.items()):
        return
    made.prepared = [row for row in made.prepared if row[0] in states]
    made.acts = [row for row in made.acts if row[2] in states]
    made.indices = [
        (*row[:4], int(STATUS[CardState(states[row[2]])]), *row[5:])
        for row in made.indices
        if row[2] in states
    ]


def find(session: Session, kit: Kit, number: int) -> ReissuePart | None:
    """A part that is still to be done."""
    part = session.get(ReissuePart, (kit.reissue_id, number))
    return part if part is not None and part.done_at is None else None


def claim(session: Session, kit: Kit) -> ReissuePart | None:
    """A part that is still to be done and that nobody else is doing; None where there is no more."""
    undone = (
        select(ReissuePart)
        .where(ReissuePart.reissue_id == kit.reissue_id, col(ReissuePart.done_at).is_(None))
        .order_by(col(ReissuePart.number))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.exec(undone).first()


def undone(session: Session, kit: Kit) -> list[int]:
    """The parts that are still to be done."""
    numbers = select(ReissuePart.number).where(
        ReissuePart.reissue_id == kit.reissue_id, col(ReissuePart.done_at).is_(None)
    )
    return sorted(session.exec(numbers))


def _standing(kit: Kit, part: ReissuePart, *columns: Any) -> Any:
    statement = reissue.eligible(kit.lists, last_wallet=kit.last_wallet, columns=[*map(col, columns)])
    return statement.where(col(Card.id).between(part.first_card, part.last_card))


def _people(session: Session, kit: Kit, part: ReissuePart) -> Sequence[Any]:
    statement = _standing(kit, part, *_CARD, *_PERSON)
    statement = statement.add_columns(col(Wallet.id).label("wallet_id"))
    statement = statement.join(Person, col(Person.id) == Card.person_id)
    for kind, label in ((ListKind.LIVE, "live"), (ListKind.SD_JWT, "sd_jwt")):
        if kind in kit.lists:
            key = aliased(HolderKey)
            same = (col(key.wallet_id) == Wallet.id) & (col(key.kind) == kind.value)
            statement = statement.join(key, same).add_columns(
                col(key.public_key).label(f"{label}_key"), col(key.thumbprint).label(f"{label}_thumbprint")
            )
    return session.execute(statement).all()


def _one(made: Made, kit: Kit, row: Any, indices: dict[ListKind, int]) -> None:
    """`row` has the columns of card and person under their own names."""
    seal = live = sd_jwt = None
    if kit.seal is not None:
        seal = kit.seal.seal(row, row.number, index=indices[ListKind.SEAL], now=kit.now)
    if kit.live is not None:
        holder = PublicKey.recalled(row.live_key, row.live_thumbprint)
        live = kit.live.live(row, row.number, index=indices[ListKind.LIVE], now=kit.now, holder=holder)
    if kit.vc is not None:
        holder = PublicKey.recalled(row.sd_jwt_key, row.sd_jwt_thumbprint)
        index = indices[ListKind.SD_JWT]
        sd_jwt = kit.vc.vc(row, row, index=index, now=kit.now, holder=holder, codes=kit.codes)
    card, wallet = row.id, row.wallet_id
    status = int(STATUS[CardState(row.state)])
    for kind, index in indices.items():
        owner = None if kind is ListKind.SEAL else wallet
        made.indices.append((kit.lists[kind], index, card, owner, status, kit.now, kit.reissue_id))
    drawn = {kit.lists[kind]: index for kind, index in indices.items()}
    content = contents.of_prepared(kit.reissue_id, drawn, seal, live, sd_jwt)
    made.states[card] = row.state
    made.prepared.append((card, kit.reissue_id, wallet, seal, live, sd_jwt))
    phone = None if live is None and sd_jwt is None else wallet
    made.acts.append((kit.now, Act.REISSUE.value, card, phone, content))
