"""The register's rows held against its acts, which the audit chain covers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from did import PublicKey
from did.errors import DidError
from issuer import audit_indices, audit_printing, civil_days, contents, reissue
from issuer.audit_findings import Examination
from issuer.audit_orders import Ledger
from issuer.audit_replay import Replay
from issuer.chain import ActFacts
from issuer.guards_keeping import ERASED_SEAL, is_erased
from issuer.lifecycle import ListKind
from issuer.models import (
    Card,
    Erasure,
    HolderKey,
    Offer,
    Person,
    Prepared,
    Reissue,
    Rejection,
    StatusIndex,
    StatusList,
    Wallet,
)
from issuer.recorded_acts import acts_from

_DIGEST = 32
"""Bytes; an act of today says two of a person."""
_NONE: tuple[tuple[int, int] | None, Iterable[Any]] = (None, ())


def examine(session: Session, ledger: Ledger, result: Examination) -> None:
    """Plays every act again, and holds what stands in the register against it.

    The codes: `acts_illegal`, `state_differs`, `status_differs`, `card_differs`, `person_differs`,
    `rejection_differs`, `wallet_differs`, `offer_differs`, `prepared_differs`, `reissue_differs`,
    `printing_differs`.
    """
    rows = session.execute(select_columns(col(Card.id), col(Card.person_id), col(Card.number))).all()
    holders = {card: person for card, person, _ in rows if card is not None}
    numbers = {card: number for card, _, number in rows}
    replay = Replay(ledger.replaced.keys(), ledger.staffed_after)
    confirmed = sorted(ledger.confirmed, key=lambda each: each[0], reverse=True)
    for act in acts_from(session, 1):
        while confirmed and confirmed[-1][0] <= act.id:
            _, written, order = confirmed.pop()
            if written.content and written.content != replay.subject(written.cards, holders, numbers).hex():
                result.found("order_differs", "order", order)  # what it was about had changed
        if not replay.play(act, holders.get(act.card_id, 0)):
            result.found("acts_illegal", "act", act.id)
    for act in replay.renamed.values():
        result.found("acts_illegal", "act", act.id)
    result.erased.intersection_update(session.scalars(select(Erasure.person_id)))  # else they differ
    gone = {card for card, person in holders.items() if person in result.erased}
    places = audit_indices.of_seals(session)
    _examine_cards(session, replay, result, gone, places)
    _examine_people(session, replay.people, result)
    _examine_rejections(session, replay.rejections, holders, result)
    _examine_wallets(session, replay, result)
    _examine_offers(session, replay, result)
    _examine_prepared(session, replay.prepared, result, gone)
    audit_indices.examine(session, result, places)
    _examine_reissues(session, ledger, result)
    for card in audit_printing.differing(session, replay.printing):
        result.found("printing_differs", "card", card)


def _examine_cards(
    session: Session,
    replay: Replay,
    result: Examination,
    gone: set[int],
    places: Mapping[int, tuple[int, int]],
) -> None:
    states, said = dict(replay.states), dict(replay.cards)
    for card in session.exec(select(Card).execution_options(yield_per=1000)):
        number = card.id or 0
        if states.pop(number, None) != card.state:
            result.found("state_differs", "card", number)
        known = said.pop(number, None)
        columns = card.model_dump()
        if known is None:
            whole = number not in gone or card.seal in (None, ERASED_SEAL)
        else:
            whole = known[_DIGEST:] in (
                b"",
                contents.of_placed_card(columns, *places.get(number, (0, 0))),
            ) and (
                card.seal == ERASED_SEAL
                if number in gone
                else known[:_DIGEST] in (contents.of_card(columns), contents.of_card_until_0009(columns))
            )
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
            or len(known) < _DIGEST
            or person.salt is None
            or not contents.of_whole_person(person.model_dump(), person.salt).startswith(known)
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


def _examine_wallets(session: Session, replay: Replay, result: Examination) -> None:
    keys: dict[int, dict[str, bytes]] = {}
    unkept = set()  # phones of which a key is not kept whole, as none was until 0013
    for key in session.exec(select(HolderKey).execution_options(yield_per=1000)):
        keys.setdefault(key.wallet_id, {})[key.kind] = key.thumbprint
        if key.public_key is None:
            unkept.add(key.wallet_id)
        elif not _belongs(key.public_key, key.thumbprint):
            result.found("wallet_differs", "wallet", key.wallet_id)
        session.expunge(key)
    indices: dict[int, dict[int, int]] = {}
    owned = select_columns(col(StatusIndex.wallet_id), col(StatusIndex.list_id), col(StatusIndex.idx))
    for wallet, list_id, index in session.execute(
        owned.where(col(StatusIndex.wallet_id).is_not(None), col(StatusIndex.reissue_id).is_(None))
    ):
        if indices.setdefault(wallet, {}).setdefault(list_id, index) != index:
            result.found("wallet_differs", "wallet", wallet)
    columns = (Wallet.id, Wallet.card_id, Wallet.created_at, Wallet.ended_at)
    there = {row[0]: row[1:] for row in session.execute(select_columns(*map(col, columns)))}
    living = set(replay.phones.values())
    for number in sorted(replay.wallets.keys() | replay.enrolled.keys() | there.keys() | keys.keys()):
        own, drawn = keys.get(number, {}), indices.get(number, {})
        known, today = replay.wallets.get(number), contents.of_wallet(own, drawn)
        forms = (None, today, contents.of_wallet_until_0013(own.values(), drawn))
        *enrolled, ended_at = there.get(number, (None, None, None))
        if (
            tuple(enrolled) != replay.enrolled.get(number)
            or (ended_at is None) is not (number in living)
            or known not in forms
            or (known == today and number in unkept)
        ):
            result.found("wallet_differs", "wallet", number)


def _examine_offers(session: Session, replay: Replay, result: Examination) -> None:
    """Every offer was made, and closed, when acts say so, and answered before it ended."""
    said = {card: list(offers) for card, offers in replay.offers.items()}
    rows = select(Offer).order_by(col(Offer.created_at))
    for row in session.exec(rows.execution_options(yield_per=1000)):
        session.expunge(row)
        content = contents.of_offer(row.nonce_sha256, row.expires_at)
        fits = [
            each
            for each in said.get(row.card_id, ())
            if (each.created_at, each.closed_at) == (row.created_at, row.closed_at)
            and each.content in (None, content)
            and not (each.answered and row.closed_at is not None and row.closed_at >= row.expires_at)
        ]
        if fits:
            said[row.card_id].remove(fits[0])
        else:
            result.found("offer_differs", "card", row.card_id)
    for card, left in said.items():
        if left:
            result.found("offer_differs", "card", card)


def _belongs(raw: bytes, thumbprint: bytes) -> bool:
    try:
        PublicKey.recalled(raw, thumbprint)
    except DidError:
        return False
    return True


def _examine_prepared(
    session: Session, said: dict[int, list[ActFacts]], result: Examination, gone: set[int]
) -> None:
    """Holds what every re-issue made for a card, and where it stands, against the acts."""
    place = (col(StatusIndex.card_id), col(StatusIndex.reissue_id))
    further = select_columns(*place, *map(col, (StatusIndex.list_id, StatusIndex.idx, StatusIndex.wallet_id)))
    entries = session.execute(
        further.where(col(StatusIndex.reissue_id).is_not(None), col(StatusIndex.card_id).is_not(None))
        .order_by(*place)
        .execution_options(yield_per=5000)
    )
    drawn = groupby(entries, key=lambda entry: (entry[0], entry[1]))
    found, indices = next(drawn, _NONE)
    seals = set(session.exec(select(StatusList.id).where(StatusList.kind == ListKind.SEAL.value)))
    phones = dict(session.exec(select(Wallet.id, Wallet.card_id)).all())
    made = select(Prepared).order_by(col(Prepared.card_id), col(Prepared.reissue_id))
    for row in session.exec(made.execution_options(yield_per=1000)):
        own, owners = {}, []
        while found is not None and found <= (row.card_id, row.reissue_id):
            if found == (row.card_id, row.reissue_id):
                for _, _, list_id, index, wallet in indices:
                    own[list_id] = index
                    owners.append(wallet == (None if list_id in seals else row.wallet_id))
            else:
                result.found("prepared_differs", "card", found[0])
            found, indices = next(drawn, _NONE)
        tokens = (row.seal, row.live, row.sd_jwt)
        content = contents.of_prepared(row.reissue_id, own, *tokens)
        left = said.get(row.card_id)
        act = left.pop(0) if left else None
        owned = all(owners) and phones.get(row.wallet_id) == row.card_id
        owned = owned and act is not None and act.wallet_id in (None, row.wallet_id)
        told = (act and act.content) or b""
        if row.card_id in gone:
            same = tokens == (None, None, None) and told[_DIGEST:] in (b"", content[_DIGEST:])
        else:
            same = len(told) >= _DIGEST and content.startswith(told)
        if not owned or not same:
            result.found("prepared_differs", "card", row.card_id)
        session.expunge(row)
    for card in sorted(card for card, missing in said.items() if missing):
        result.found("prepared_differs", "card", card)
    if found is not None:
        result.found("prepared_differs", "card", found[0])


def _examine_reissues(session: Session, ledger: Ledger, result: Examination) -> None:
    """Every re-issue was opened by an order of its own."""
    ordered = dict(enumerate(sorted(ledger.reissues, key=lambda opened: opened[0]), start=1))
    for at, row in enumerate(session.exec(select(Reissue).order_by(col(Reissue.id))), start=1):
        if ordered.pop(at, None) != (row.opened_at, tuple(kind.value for kind in reissue.kinds_of(row))):
            result.found("reissue_differs", "reissue", row.id or 0)
    for at in ordered:
        result.found("reissue_differs", "reissue", at)
