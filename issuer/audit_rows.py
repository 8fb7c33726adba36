"""The register's rows held against its acts, which the audit chain covers."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from did import PublicKey
from did.errors import DidError
from issuer import audit_printing, civil_days, contents, reissue
from issuer.audit_findings import Examination
from issuer.audit_orders import Ledger
from issuer.audit_replay import Replay
from issuer.guards_keeping import ERASED_SEAL, is_erased
from issuer.lifecycle import STATUS
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
    Wallet,
)
from issuer.recorded_acts import acts_from
from revocation.status_list import Status

_NONE: tuple[tuple[int, int] | None, Iterable[Any]] = (None, ())


def examine(session: Session, ledger: Ledger, result: Examination) -> None:
    """Plays every act again, and holds what stands in the register against it.

    The codes: `acts_illegal`, `state_differs`, `status_differs`, `card_differs`, `person_differs`,
    `rejection_differs`, `wallet_differs`, `offer_differs`, `prepared_differs`, `reissue_differs`,
    `printing_differs`.
    """
    rows = session.execute(select_columns(col(Card.id), col(Card.person_id)))
    holders = {card: person for card, person in rows if card is not None}
    replay = Replay(ledger.replaced.keys())
    for act in acts_from(session, 1):
        # Acts of registers without staff followed the rules of their time.
        if not replay.play(act, holders.get(act.card_id, 0)) and act.id > ledger.staffed_after:
            result.found("acts_illegal", "act", act.id)
    result.erased.intersection_update(session.scalars(select(Erasure.person_id)))  # else they differ
    gone = {card for card, person in holders.items() if person in result.erased}
    _examine_cards(session, replay, result, gone)
    _examine_people(session, replay.people, result)
    _examine_rejections(session, replay.rejections, holders, result)
    _examine_wallets(session, replay, result)
    _examine_offers(session, replay, result, since=ledger.staffed_at)
    _examine_prepared(session, replay.prepared, result, gone)
    _examine_statuses(session, result)
    _examine_reissues(session, ledger, result)
    for card in audit_printing.differing(session, replay.printing):
        result.found("printing_differs", "card", card)


def _examine_cards(session: Session, replay: Replay, result: Examination, gone: set[int]) -> None:
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


def _examine_wallets(session: Session, replay: Replay, result: Examination) -> None:
    keys: dict[int, dict[str, bytes]] = {}
    for key in session.exec(select(HolderKey).execution_options(yield_per=1000)):
        keys.setdefault(key.wallet_id, {})[key.kind] = key.thumbprint
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
        own, drawn = keys.get(number, {}), indices.get(number, {})
        known = replay.wallets.get(number)
        forms = (None, contents.of_wallet(own, drawn), contents.of_wallet_until_0013(own.values(), drawn))
        if lives.get(number) is not (number in living) or known not in forms:
            result.found("wallet_differs", "wallet", number)


def _examine_offers(session: Session, replay: Replay, result: Examination, *, since: int) -> None:
    """Every offer was made, and closed, when acts say so."""
    said = {card: list(offers) for card, offers in replay.offers.items()}
    rows = select(Offer).where(col(Offer.created_at) >= since).order_by(col(Offer.created_at))
    for row in session.exec(rows.execution_options(yield_per=1000)):
        session.expunge(row)
        content = contents.of_offer(row.nonce_sha256, row.expires_at)
        fits = [
            each
            for each in said.get(row.card_id, ())
            if (each.created_at, each.closed_at) == (row.created_at, row.closed_at)
            and each.content in (None, content)
        ]
        if fits:
            said[row.card_id].remove(fits[0])
        else:
            result.found("offer_differs", "card", row.card_id)
    for card, left in said.items():
        if any(each.created_at >= since for each in left):
            result.found("offer_differs", "card", card)


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
