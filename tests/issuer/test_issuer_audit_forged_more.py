"""What one member of staff forges in links of their own, truly signed: an audit finds it all the same."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from forging import act, add, codes, end, head, lawless, link, now, own, run, under
from issuer_desk import Desk, new_keys, open_desk, request
from print_desk import NAMES, add_banks, approved, order
from sqlmodel import Session, col, select
from whole_register import active

from credential.codes import Name
from did import Algorithm, SoftwareSigner, strict_json
from issuer import audit, audit_links, chain, contents, order_book, orders, reference_tables
from issuer.duties import Order, Role
from issuer.lifecycle import Act, ListKind
from issuer.models import ActRow, AuditRow, Card, Offer, Person, Restoration, StatusIndex, StatusList
from issuer.orders import Decision
from issuer.recorded_acts import acts_from
from issuer.staff import Member

Digest = Callable[[Mapping[str, Any], bytes], bytes]
PHONE, OTHER_PHONE, PLAIN, REVOKED, AT_THE_BANK, APPROVED, APPLIED = range(1, 8)
"""The cards: with a phone, without one, and those that nobody has yet."""


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Cards as above, all of which a bank has printed; published."""
    folder = tmp_path_factory.mktemp("lived")
    desk = open_desk(folder)
    add_banks(desk, NAMES[0])
    desk.office.printing.renew_key()
    desk.office.printing.add_agency("X0", "Agency 0")
    desk.office.authority.add_gate(7, Name("ច្រក", "Gate"), ["entry"])
    cards = active(desk, folder, 4, bank=NAMES[0], seed=1)
    desk.enrol(cards[0])
    desk.enrol(cards[1])
    desk.office.revoke(cards[3])
    approved(desk, 1, seed=2)
    order(desk, folder / "waiting", bank=NAMES[0])
    approved(desk, 1, seed=3)
    desk.apply(1, seed=4)
    for _ in range(2):
        desk.office.publish(folder / "stick")
    desk.engine.dispose()
    return desk


@pytest.fixture
def desk(lived: Desk, tmp_path: Path) -> Desk:
    """A copy of it, five minutes later."""
    for name in ("ministry", "stick"):
        shutil.copytree(lived.home.with_name(name), tmp_path / name)
    made = Desk(tmp_path / "ministry")
    made.now = lived.now
    made.later(minutes=5)
    return made


def number(desk: Desk, card: int) -> str:
    """What stands on a card."""
    return str(desk.rows(f"SELECT number FROM card WHERE id = {card}")[0])  # noqa: S608


def somebody(desk: Desk, name: str) -> Member:
    """A member of staff with their key."""
    return desk.one(name)._desk.somebody()


def becomes(session: Session, card: int, state: str, status: int) -> None:
    """A card, and what its indices say."""
    run(session, "UPDATE card SET state = ? WHERE id = ?", state, card)
    run(session, "UPDATE status_index SET status = ? WHERE card_id = ? AND status <> 1", status, card)


def suspended(desk: Desk, session: Session, card: int = PLAIN) -> None:
    """Suspends a card, with its act."""
    becomes(session, card, "suspended", 2)
    act(desk, session, Act.SUSPEND, card)


def a_phone(desk: Desk, session: Session, card: int) -> None:
    """Gives a card a phone, with all that the program writes."""
    run(session, "UPDATE offer SET closed_at = ? WHERE card_id = ? AND closed_at IS NULL", now(desk), card)
    run(session, "INSERT INTO wallet (card_id, created_at) VALUES (?, ?)", card, now(desk))
    wallet = session.connection().exec_driver_sql("SELECT max(id) FROM wallet").scalar_one()
    keys = {kind.value: key.public_key for kind, key in new_keys().items()}
    for kind, key in keys.items():
        run(session, "INSERT INTO holder_key VALUES (?, ?, ?, ?)", key.thumbprint(), wallet, kind, key.raw)
    lists = session.scalars(select(StatusList.id).where(StatusList.kind != ListKind.SEAL)).all()
    drawn = {list_id: 4711 for list_id in lists if list_id is not None}
    for list_id, index in drawn.items():
        session.add(
            StatusIndex(
                list_id=list_id, idx=index, card_id=card, wallet_id=wallet, status=0, drawn_at=now(desk)
            )
        )
    content = contents.of_wallet({kind: key.thumbprint() for kind, key in keys.items()}, drawn)
    act(desk, session, Act.ENROL, card, wallet=wallet, content=content)


def without_content(desk: Desk, session: Session) -> None:
    """Takes the digest off the last act, and makes the last link fit."""
    last = session.exec(select(ActRow).order_by(col(ActRow.id).desc()).limit(1)).one()
    last.content = None
    session.flush()
    before, row = reversed(session.exec(select(AuditRow).order_by(col(AuditRow.seq).desc()).limit(2)).all())
    entry = strict_json.loads(row.entry, max_bytes=audit_links.MAX_ENTRY)
    assert isinstance(entry, dict)
    assert entry["acts"] == [last.id, last.id]
    entry["acts_sha256"] = chain.digest(acts_from(session, last.id or 0))
    row.entry = strict_json.dumps(entry).decode()
    row.sha256 = chain.link(before.sha256, row.entry)


def an_expired_offer_answered(desk: Desk) -> None:
    desk.office.offer(number(desk, PLAIN))
    desk.later(days=3)
    under(desk, Order.ISSUE, lambda session: a_phone(desk, session, PLAIN))


def an_offer_of_long_ago(desk: Desk) -> None:
    nonce = hashlib.sha256(b"known").digest()
    with lawless(desk) as session:
        session.add(Offer(nonce_sha256=nonce, card_id=PLAIN, created_at=0, expires_at=1 << 40))


def an_answered_offer_of_long_ago(desk: Desk) -> None:
    nonce = hashlib.sha256(b"known").digest()
    desk.office.offer(number(desk, PLAIN))

    def do(session: Session) -> None:
        a_phone(desk, session, PLAIN)
        session.add(
            Offer(nonce_sha256=nonce, card_id=PLAIN, created_at=0, expires_at=1 << 40, closed_at=now(desk))
        )

    under(desk, Order.ISSUE, do)


def other_keys_for_a_phone(desk: Desk) -> None:
    def do(session: Session) -> None:
        keys = {kind.value: key.public_key for kind, key in new_keys().items()}
        for kind, key in keys.items():
            run(
                session,
                "UPDATE holder_key SET thumbprint = ?, public_key = ? WHERE wallet_id = 1 AND kind = ?",
                *(key.thumbprint(), key.raw, kind),
            )
        rows = session.exec(select(StatusIndex).where(StatusIndex.wallet_id == 1)).all()
        thumbprints = {kind: key.thumbprint() for kind, key in keys.items()}
        content = contents.of_wallet(thumbprints, {row.list_id: row.idx for row in rows})
        act(desk, session, Act.ENROL, PHONE, wallet=1, content=content)

    under(desk, Order.ISSUE, do)


def _amended(
    desk: Desk, card: int = PLAIN, digest: Digest = contents.of_whole_person, **changed: object
) -> None:
    def do(session: Session) -> None:
        person = session.get_one(Person, card)
        for name, value in changed.items():
            setattr(person, name, value)
        session.flush()
        content = digest(person.model_dump(), person.salt or b"")
        act(desk, session, Act.AMEND, card, content=content)

    under(desk, Order.AMEND, do)


def a_name_on_plastic(desk: Desk) -> None:
    _amended(desk, name_la="EVIL TWIN")


def a_name_in_an_older_form(desk: Desk) -> None:
    _amended(desk, digest=contents.of_person, name_la="EVIL TWIN")


def an_application_in_an_older_form(desk: Desk) -> None:
    _amended(desk, card=APPLIED, digest=contents.of_person, agency="Elsewhere")


def a_holders_number(desk: Desk) -> None:
    _amended(desk, employee_id="EVIL-1")


def a_longer_validity(desk: Desk) -> None:
    def do(session: Session) -> None:
        card = session.get_one(Card, PLAIN)
        assert card.valid_until is not None
        card.valid_until = card.valid_until.replace(year=2060)
        session.flush()
        becomes(session, PLAIN, "suspended", 2)
        act(desk, session, Act.SUSPEND, PLAIN, content=contents.of_card(card.model_dump()))

    under(desk, Order.SUSPEND, do)


def an_approval_without_content(desk: Desk) -> None:
    asked = desk.one("officer").approve([APPLIED])
    assert not isinstance(asked, list)
    desk.one("approver").confirm(asked.number)
    with lawless(desk) as session:
        without_content(desk, session)
        run(session, "UPDATE card SET valid_until = '2099-01-01' WHERE id = ?", APPLIED)


def an_enrolment_without_content(desk: Desk) -> None:
    desk.one("officer").issue(request(desk.office.offer(number(desk, PLAIN)), new_keys(), now=desk.now))
    other = new_keys()[ListKind.LIVE].public_key
    with lawless(desk) as session:
        without_content(desk, session)
        run(
            session,
            "UPDATE holder_key SET thumbprint = ?, public_key = ? WHERE kind = 'live' AND wallet_id = "
            "(SELECT max(id) FROM wallet)",
            *(other.thumbprint(), other.raw),
        )


def an_enrolment_again_without_content(desk: Desk) -> None:
    under(desk, Order.ISSUE, lambda session: act(desk, session, Act.ENROL, PHONE, wallet=1))


def expired_in_another_time(desk: Desk) -> None:
    def do(session: Session) -> None:
        becomes(session, PLAIN, "expired", 1)
        act(desk, session, Act.EXPIRE, PLAIN, at=2_230_000_000)

    under(desk, Order.PUBLISH, do)


def _restored(desk: Desk, session: Session) -> dict[str, object]:
    """A row of a restoration, and what its link says."""
    last = audit.head(session).length
    session.add(Restoration(number=1, at=now(desk), links=last, last_list=0, list_floor=0, template_floor=0))
    session.flush()
    return {"kept": last, "lost": last, "backup": "", "unknown": 0}


def a_restoration_that_renames(desk: Desk) -> None:
    with lawless(desk) as session:
        run(session, "UPDATE code SET en = 'Chief of everything' WHERE kind = 'positions' AND code = 1")
        audit.append(session, "restore", now=now(desk), **_restored(desk, session))


def a_restoration_of_ones_own(desk: Desk) -> None:
    with lawless(desk) as session:
        told = _restored(desk, session)
        given = own(desk, session, Order.RESTORE)
        becomes(session, PLAIN, "revoked", 1)
        act(desk, session, Act.REVOKE, PLAIN)
        link(desk, session, "restore", given, **told)


def a_restoration_that_ends_a_phone(desk: Desk) -> None:
    with lawless(desk) as session:
        told = _restored(desk, session)
        given = own(desk, session, Order.RESTORE)
        run(session, "UPDATE wallet SET ended_at = ? WHERE id = 1", now(desk))
        run(session, "UPDATE status_index SET status = 1 WHERE wallet_id = 1")
        act(desk, session, Act.REVOKE_WALLET, PHONE, wallet=1)
        link(desk, session, "restore", given, **told)


def _imported(*statements: str) -> Callable[[Desk], None]:
    """Raw statements about small tables, in a link of an import."""

    def forge(desk: Desk) -> None:
        def do(session: Session) -> None:
            for statement in statements:
                run(session, statement)

        under(desk, Order.IMPORT, do)

    return forge


def a_printing_key(desk: Desk) -> None:
    jwk = strict_json.dumps(SoftwareSigner.generate(Algorithm.ED25519).public_key.to_jwk()).decode()
    under(
        desk,
        Order.IMPORT,
        lambda session: run(session, "UPDATE printing_key SET public_jwk = ? WHERE rowid = 1", jwk),
    )


def asked_by_somebody_who_left(desk: Desk) -> None:
    add(desk, "late", Role.OFFICER)
    member = somebody(desk, "late")
    end(desk, "late")
    desk.later(days=1)
    with lawless(desk) as session:
        reference_tables.remember(session)
        issuer = desk.office.config.issuer
        given = order_book.ask(
            session, member, Order.SUSPEND, issuer=issuer, cards=[PLAIN], details={}, now=now(desk)
        )
        suspended(desk, session)
        link(desk, session, "suspend", given)


def _confirmed(
    desk: Desk, asked: int, member: Member, kind: Act, *, state: str = "revoked", status: int = 1
) -> None:
    """A request that waits, confirmed and carried out past the program."""
    with lawless(desk) as session:
        reference_tables.remember(session)
        given = order_book.find(session, asked)
        row, at = given.row, now(desk)
        row.decision, row.decided_by, row.decided_at = "confirmed", member.id, at
        row.decision_signature = orders.sign(
            row.document, member.signer, decision=Decision.CONFIRMED, by=member.name, at=at
        )
        session.flush()
        becomes(session, PLAIN, state, status)
        act(desk, session, kind, PLAIN)
        link(desk, session, row.act, given)


def _revocation(desk: Desk) -> int:
    asked = desk.one("officer").revoke(number(desk, PLAIN))
    assert asked is not None
    return asked.number


def confirmed_by_somebody_who_left(desk: Desk) -> None:
    add(desk, "late", Role.APPROVER)
    member = somebody(desk, "late")
    end(desk, "late")
    desk.later(days=1)
    _confirmed(desk, _revocation(desk), member, Act.REVOKE)


def confirmed_after_a_hundred_days(desk: Desk) -> None:
    asked = _revocation(desk)
    desk.later(days=100)
    _confirmed(desk, asked, somebody(desk, "approver"), Act.REVOKE)


def confirmed_of_what_has_changed(desk: Desk) -> None:
    card = number(desk, PLAIN)
    desk.one("officer").suspend(card)
    stale, asked = desk.one("approver").reinstate(card), desk.one("officer").reinstate(card)
    assert stale is not None
    assert asked is not None
    desk.one("approver").confirm(asked.number)
    desk.one("officer").suspend(card)
    add(desk, "late", Role.APPROVER)
    desk.later(minutes=1)
    _confirmed(desk, stale.number, somebody(desk, "late"), Act.REINSTATE, state="active", status=0)


def phones_of_two_cards(desk: Desk) -> None:
    with lawless(desk) as session:
        run(session, "UPDATE wallet SET ended_at = 1 WHERE id = 1")
        run(session, "UPDATE wallet SET card_id = ? WHERE id = 2", PHONE)
        run(session, "UPDATE wallet SET card_id = ?, ended_at = NULL WHERE id = 1", OTHER_PHONE)


def an_order_of_no_cards(desk: Desk) -> None:
    under(desk, Order.SUSPEND, lambda session: suspended(desk, session))


def an_order_of_another_card(desk: Desk) -> None:
    under(desk, Order.SUSPEND, lambda session: suspended(desk, session), cards=[PHONE])


FORGED: dict[str, tuple[Callable[[Desk], None], str]] = {
    "an expired offer answered": (an_expired_offer_answered, ""),
    "an offer of long ago": (an_offer_of_long_ago, ""),
    "an answered offer of long ago": (an_answered_offer_of_long_ago, ""),
    "other keys for a phone": (other_keys_for_a_phone, ""),
    "a name on plastic": (a_name_on_plastic, ""),
    "a name in an older form": (a_name_in_an_older_form, "acts_illegal"),
    "an application in an older form": (an_application_in_an_older_form, "acts_illegal"),
    "a holder's number": (a_holders_number, ""),
    "a longer validity": (a_longer_validity, ""),
    "an approval without content": (an_approval_without_content, ""),
    "an enrolment without content": (an_enrolment_without_content, ""),
    "an enrolment again without content": (an_enrolment_again_without_content, ""),
    "expired in another time": (expired_in_another_time, ""),
    "a restoration that renames": (a_restoration_that_renames, ""),
    "a purpose": (_imported("UPDATE purpose SET permitted = 1 - permitted"), ""),
    "a code": (_imported("UPDATE code SET en = 'Chief of everything' WHERE code = 1"), ""),
    "a longer use of keys": (
        _imported("UPDATE signing_key SET issue_until = issue_until + 1, not_after = not_after + 10000000"),
        "",
    ),
    "a key known for longer": (_imported("UPDATE published_key SET at = at - 99999"), ""),
    "where a list is": (_imported("UPDATE status_list SET uri = uri || 'x'"), ""),
    "a gate": (_imported("INSERT INTO relying_party VALUES (9, 'x', 'Evil gate', 'entry', 'name_km')"), ""),
    "a batch": (_imported("UPDATE print_batch SET rows = '1'"), ""),
    "since when somebody is staff": (_imported("UPDATE staff SET created_at = 1"), ""),
    "a printing key": (a_printing_key, ""),
    "asked by somebody who left": (asked_by_somebody_who_left, ""),
    "confirmed by somebody who left": (confirmed_by_somebody_who_left, ""),
    "confirmed after a hundred days": (confirmed_after_a_hundred_days, ""),
    "confirmed of what has changed": (confirmed_of_what_has_changed, ""),
    "phones of two cards": (phones_of_two_cards, ""),
    "an order of no cards": (an_order_of_no_cards, ""),
    "an order of another card": (an_order_of_another_card, "acts_unordered"),
}
"""What is forged, and the code that an audit has for it; any, where none is named."""


@pytest.mark.parametrize("name", FORGED)
def test_what_is_forged_is_found(name: str, desk: Desk) -> None:
    """With the rules taken away and put back; honest work that follows hides nothing."""
    published = head(desk)
    assert codes(desk, published) == set()
    forge, code = FORGED[name]
    forge(desk)
    desk.later(minutes=1)
    _is_found(code, codes(desk, published))
    desk.apply(1, seed=9)
    _is_found(code, codes(desk, published))


@pytest.mark.parametrize("forge", [a_restoration_of_ones_own, a_restoration_that_ends_a_phone])
def test_a_forged_restoration_is_told(forge: Callable[[Desk], None], desk: Desk) -> None:
    """One person restores a register; nobody can do it, or pretend it, without an audit telling of it."""
    assert desk.office.examine([head(desk)]).restored == []
    forge(desk)
    desk.later(minutes=1)
    assert len(desk.office.examine([head(desk)]).restored) == 1


def _is_found(code: str, found: set[str]) -> None:
    assert found
    assert code in found | {""}
