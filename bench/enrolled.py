"""A register of civil servants who all have a phone, in a minute: rows as the program would have left them.

The same person has the same keys in every run, so a test can show what was
issued. Rows are real (numbers, seals, indices, digests, acts, a link of the
audit chain), but come by COPY with the register's triggers asleep.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from credential import card_number
from credential.template import Kind, Template
from did import Algorithm, SoftwareSigner, base64url, jws, strict_json
from examples import people
from examples.two_people import TwoPeople
from issuer import audit, contents, database, order_book, reference_tables
from issuer.card_pool import in_parallel
from issuer.credentials import Making, making, vc_making
from issuer.duties import DUTIES, Order
from issuer.enrolment import OFFER_LIFETIME
from issuer.lifecycle import WALLET_KINDS, Act, CardState, ListKind
from issuer.models import LIST_SIZE, METADATA, Person, StatusIndex
from issuer.orders import Decision
from issuer.progress import Progress

CHUNK = 2000
_COLUMNS = {
    "person": "id employee_id name_km name_la date_of_birth ministry position_code position_text grade "
    "agency employment_status photo_sha256 created_at salt",
    "card": "id person_id state number valid_from valid_until seal seal_template created_at changed_at",
    "wallet": "id card_id created_at",
    "holder_key": "thumbprint wallet_id kind public_key",
    "offer": "nonce_sha256 card_id created_at expires_at closed_at",
    "status_index": "list_id idx card_id wallet_id status drawn_at",
    "act": "at act card_id wallet_id content",
}
_ORDERED = {
    Order.IMPORT: Act.APPLY,
    Order.APPROVE: Act.APPROVE,
    Order.PRINT_ORDER: Act.ORDER_PRINT,
    Order.PRINTED: Act.PRINT,
    Order.ACTIVATE: Act.ACTIVATE,
    Order.OFFER: Act.OFFER,
    Order.ISSUE: Act.ENROL,
}
Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class _Scene:
    """What everybody's rows have in common; `secret` is the seal key's."""

    count: int
    now: int
    template: Template
    lists: Mapping[ListKind, int]
    secret: bytes

    def seal(self) -> Making:
        """What cards are sealed with."""
        return Making(self.template, self.lists[ListKind.SEAL], _signer(self.template.algorithm, self.secret))


_signer = lru_cache(maxsize=1)(SoftwareSigner)


def fill(office: TwoPeople, count: int, *, now: int, progress: Progress | None = None) -> None:
    """Enters `count` people with an active card and a phone into a new register (`now` in epoch seconds)."""
    keyring, issuer = office._keyring, office.config.issuer
    with database.writing(office._engine) as session:
        reference_tables.remember(session)
        seal = making(session, Kind.SEAL, keyring, signed=None, now=now)
        live = making(session, Kind.LIVE, keyring, signed=None, now=now)
        vc = vc_making(session, issuer, keyring, signed=None, now=now)
        lists = {ListKind.SEAL: seal.list_id, ListKind.LIVE: live.list_id, ListKind.SD_JWT: vc.list_id}
        drawn = {kind: _free(session, list_id, count) for kind, list_id in lists.items()}
        assert isinstance(seal.signer, SoftwareSigner)
        scene = _Scene(count, now, seal.template, lists, seal.signer.secret)
        items = [
            (start, {kind: indices[start : start + CHUNK] for kind, indices in drawn.items()})
            for start in range(0, count, CHUNK)
        ]
        connection = session.connection()
        with _asleep(connection):
            for number, rows in enumerate(in_parallel(partial(_rows, scene), items, at_a_time=1), 1):
                acts = rows.pop("act")
                for table, every in rows.items():
                    database.append(connection, METADATA.tables[table], _COLUMNS[table], every)
                for order, act in _ORDERED.items():
                    _give(session, office, order, [each for each in acts if each[1] == act], now)
                if progress:
                    progress(min(number * CHUNK, count), count)


def _give(session: Session, office: TwoPeople, order: Order, acts: list[tuple[Any, ...]], now: int) -> None:
    """Enters the acts that an order of the officer, confirmed by the approver where it has to be, permits."""
    officer, approver = office.officer._desk.somebody(), office._desk.somebody()
    cards = [each[2] for each in acts] if DUTIES[order].confirm else ()
    issuer = office.config.issuer
    given = order_book.ask(session, officer, order, issuer=issuer, cards=cards, details={}, now=now)
    if DUTIES[order].confirm:
        audit.append(session, "ask", now=now, order=order_book.to_link(session, given))
        order_book.decide(session, given, approver, Decision.CONFIRMED, now=now)
    database.append(session.connection(), METADATA.tables["act"], _COLUMNS["act"], acts)
    office._desk.close(session, given, now=now)


def holder(index: int, kind: ListKind) -> SoftwareSigner:
    """The key of the person's phone for one credential; an odd one's live key is a P-256 key."""
    secret = hashlib.sha256(f"holder {kind} {index}".encode()).digest()
    p256 = kind is ListKind.SD_JWT or index % 2
    return SoftwareSigner(Algorithm.P256 if p256 else Algorithm.ED25519, secret)


def request(index: int, issuer: str, *, now: int) -> bytes:
    """The request that the phone of this person made when it was enrolled at `now`."""
    payload = strict_json.dumps({"aud": issuer, "iat": now, "nonce": _nonce(index)})
    proofs = {}
    for kind in (ListKind.LIVE, ListKind.SD_JWT):
        key = holder(index, kind)
        header = {"typ": "openid4vci-proof+jwt", "jwk": key.public_key.to_jwk()}
        proofs[kind.value] = jws.sign(header, payload, key)
    return strict_json.dumps({"montrey": "request", "version": 1, "proofs": proofs})


def _nonce(index: int) -> str:
    return base64url.encode(hashlib.sha256(f"nonce {index}".encode()).digest())


def _free(session: Session, list_id: int, count: int) -> list[int]:
    taken = set(session.exec(select(StatusIndex.idx).where(col(StatusIndex.list_id) == list_id)))
    free = [index for index in range(LIST_SIZE) if index not in taken]
    return random.Random(list_id).sample(free, count)


@contextmanager
def _asleep(connection: Connection) -> Iterator[None]:
    """Without the tables' own triggers, which would look at every row; numbers go on behind those given."""
    if connection.dialect.name == "postgresql":
        for table in _COLUMNS:
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in ("person", "card", "wallet"):
            last = connection.execute(select_columns(func.max(METADATA.tables[table].c.id))).scalar_one()
            sequence = select_columns(func.pg_get_serial_sequence(table, "id"))
            connection.execute(select_columns(func.setval(sequence.scalar_subquery(), last)))
        for table in _COLUMNS:
            connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        return
    triggers = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    for name, _ in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for _, text in triggers:
        connection.exec_driver_sql(text)


def _rows(scene: _Scene, item: tuple[int, Mapping[ListKind, list[int]]]) -> Rows:
    """The rows of one part of the people, by table."""
    start, drawn = item
    rows: Rows = {table: [] for table in _COLUMNS}
    count = len(drawn[ListKind.SEAL])
    for at, person in enumerate(people.rows(count, seed=start + 1)):
        indices = {kind: indices[at] for kind, indices in drawn.items()}
        _enter(rows, start + at, person, indices, scene)
    return rows


def _enter(
    rows: Rows, index: int, row: Mapping[str, str], indices: Mapping[ListKind, int], scene: _Scene
) -> None:
    number, now, seal = index + 1, scene.now, scene.seal()
    code = row["position"] if row["position"].isdigit() else None
    person: dict[str, Any] = {
        **row,
        "id": number,
        "employee_id": f"{number:010d}",
        "date_of_birth": date.fromisoformat(row["date_of_birth"]),
        "ministry": int(row["ministry"]),
        "grade": int(row["grade"]),
        "position_code": None if code is None else int(code),
        "position_text": row["position"] if code is None else None,
        "photo_sha256": hashlib.sha256(row["employee_id"].encode()).digest(),
        "created_at": now,
        "salt": random.Random(index).randbytes(contents.SALT_BYTES),
    }
    digits = f"{(index * 387_420_489 + 123_456_789) % 10**9:09d}"  # every one once
    valid_from, valid_until = seal.validity(now)
    card: dict[str, Any] = {
        "number": digits + card_number.check_digit(digits),
        "valid_from": valid_from,
        "valid_until": valid_until,
        "seal_template": seal.template.number,
        "replaces_id": None,
        "person_id": number,
    }
    card["seal"] = made = seal.seal(
        Person(**person), str(card["number"]), index=indices[ListKind.SEAL], now=now
    )
    rows["person"].append(tuple(_plain(person[name]) for name in _COLUMNS["person"].split()))
    rows["card"].append(
        (
            *(number, number, CardState.ACTIVE.value, card["number"], valid_from.isoformat()),
            *(valid_until.isoformat(), made, seal.template.number, now, now),
        )
    )
    rows["wallet"].append((number, number, now))
    keys = {kind: holder(index, kind).public_key for kind in WALLET_KINDS}
    named = {kind.value: key.thumbprint() for kind, key in keys.items()}
    for kind, key in keys.items():
        rows["holder_key"].append((named[kind.value], number, kind.value, key.raw))
    nonce = hashlib.sha256(_nonce(index).encode()).digest()
    rows["offer"].append((nonce, number, now, now + OFFER_LIFETIME, now))
    for kind, drawn in indices.items():
        wallet = None if kind is ListKind.SEAL else number
        rows["status_index"].append((scene.lists[kind], drawn, number, wallet, 0, now))
    phone = {scene.lists[kind]: indices[kind] for kind in WALLET_KINDS}
    for act, wallet, content in (
        (Act.APPLY, None, contents.of_whole_person(person, person["salt"])),
        (Act.APPROVE, None, contents.of_whole_card(card, scene.lists[ListKind.SEAL], indices[ListKind.SEAL])),
        (Act.ORDER_PRINT, None, None),
        (Act.PRINT, None, None),
        (Act.ACTIVATE, None, None),
        (Act.OFFER, None, contents.of_offer(nonce, now + OFFER_LIFETIME)),
        (Act.ENROL, number, contents.of_wallet(named, phone)),
    ):
        rows["act"].append((now, act.value, number, wallet, content))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
