"""Everybody who has a phone is issued to again: what comes of it holds, and so does what was there before."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from pathlib import Path

import pytest
from bulk_desk import enrolled_desk, nothing_wrong, publication
from issuer_desk import CHEAP, ISSUER, START, Desk, gone, new_keys, request
from sqlalchemy.exc import IntegrityError

from bench import enrolled
from credential import sd_jwt
from credential.live import present_live
from credential.packed import pack
from credential.template import ANY_GATE, Template
from did import base64url
from issuer.errors import IssuerError
from issuer.lifecycle import CardState, ListKind
from issuer.order_book import Waiting
from revocation.errors import StatusError
from revocation.status_list import Status
from trust import KeyKind, TrustSnapshot
from trust.sync import init_home, sync
from verifier import Policy, VerificationError, verify, verify_sd_jwt, verify_seal

pytestmark = pytest.mark.postgres
PEOPLE = 25


class Gate:
    """A gate and bank with what was published."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk = desk
        if not folder.exists():
            folder.mkdir()
            init_home(folder, desk.office.home.root.read_bytes())
        sync(folder, publication(desk), now=desk.now)
        self.trust = TrustSnapshot.load(folder)

    def verdicts(self, index: int, live: bytes, template: Template, vc: str) -> set[str]:
        """What is said of both credentials of a person's phone: codes."""
        keys = {kind: enrolled.holder(index, kind) for kind in (ListKind.LIVE, ListKind.SD_JWT)}
        now = self.desk.now
        shown = present_live(
            live,
            audience=ANY_GATE,
            challenge=None,
            now=int(now.timestamp()),
            signer=keys[ListKind.LIVE],
        )
        nonce = secrets.token_hex(8)
        bound = sd_jwt.present(
            vc,
            disclose=("card_number", "name_km"),
            audience="https://bank.example",
            nonce=nonce,
            now=int(now.timestamp()),
            signer=keys[ListKind.SD_JWT],
        )
        policy = Policy(audience=ANY_GATE)
        return {
            _code(lambda: verify(pack(shown, template), trust=self.trust, policy=policy, now=now)),
            _code(
                lambda: verify_sd_jwt(
                    bound,
                    trust=self.trust,
                    policy=policy,
                    now=now,
                    audience="https://bank.example",
                    nonce=nonce,
                )
            ),
        }

    def seal(self, text: str, card: str) -> str:
        """What is said of a seal."""
        policy = Policy(audience=ANY_GATE)
        return _code(
            lambda: verify_seal(text, trust=self.trust, policy=policy, now=self.desk.now, card_number=card)
        )


def _code(judge: object) -> str:
    assert callable(judge)
    try:
        judge()
    except VerificationError as error:
        return error.code
    return "accepted"


def numbers(desk: Desk) -> list[str]:
    """The card numbers, in the order of the people."""
    return list(map(str, desk.rows("SELECT number FROM card ORDER BY id")))


def fetched(desk: Desk, index: int) -> tuple[bytes, Template, str]:
    """What the phone of a person fetches by its first request."""
    answer = json.loads(desk.office.issue(enrolled.request(index, ISSUER, now=int(START.timestamp()))))
    live, vc = answer["credentials"]
    return (
        base64url.decode(live["credential"]),
        Template.from_json(live["template"]),
        vc["credential"],
    )


def test_what_is_made_holds_and_what_was_there_too(tmp_path: Path) -> None:
    """Every phone fetches, by its old request, what gates and banks accept; old ones are accepted still."""
    desk = enrolled_desk(tmp_path, PEOPLE, renew=False)
    desk.sign_trust_list()
    desk.office.publish(publication(desk))
    old = [fetched(desk, index) for index in range(PEOPLE)]  # within a day: signed again
    cards = numbers(desk)
    before = [desk.printed(card) for card in cards]
    desk.office.authority.renew([KeyKind.SEAL, KeyKind.LIVE, KeyKind.SD_JWT], cost=CHEAP)
    desk.sign_trust_list()
    for _ in range(2):
        desk.office.publish(publication(desk))
        desk.later(days=18)
    desk.office.suspend(cards[3])
    desk.office.revoke(cards[4])
    desk.office.revoke_wallet(cards[5])
    report = desk.office.reissue(workers=1)
    assert (report.people, report.skipped) == (PEOPLE - 2, 0)
    desk.office.suspend(cards[6])
    desk.office.publish(publication(desk))
    desk.later(minutes=5)
    nothing_wrong(desk)
    gate = Gate(desk, tmp_path / "gate")
    for index, card in enumerate(cards):
        live, template, vc = old[index]
        ended = {3: "suspended", 4: "revoked", 5: "revoked", 6: "suspended"}.get(index, "accepted")
        assert gate.verdicts(index, live, template, vc) == {ended}, index
        assert gate.seal(before[index], card) == ("accepted" if index == 5 else ended)
        if index in (3, 4, 5, 6):
            with pytest.raises(IssuerError):
                fetched(desk, index)
            continue
        assert desk.office.show(card).waits
        live, template, vc = fetched(desk, index)
        assert template.kid.endswith("-2")
        assert (live, vc) != old[index][::2]
        assert gate.verdicts(index, live, template, vc) == {"accepted"}, index
        text = desk.office.seal(card)
        assert text != before[index] == desk.printed(card)
        assert gate.seal(text, card) == "accepted"
        assert not desk.office.show(card).waits
        assert fetched(desk, index) == (live, template, vc)  # again, for a file that was lost
    nothing_wrong(desk)
    desk.office.reinstate(cards[6])
    assert desk.office.show(cards[6]).waits
    desk.office.publish(publication(desk))
    desk.later(minutes=5)
    assert Gate(desk, tmp_path / "gate").verdicts(6, *fetched(desk, 6)) == {"accepted"}


def test_a_change_reaches_every_index(tmp_path: Path) -> None:
    """Six of them, three first ones and three further ones; a lost phone ends four."""
    desk = enrolled_desk(tmp_path, 3)
    first, second, third = numbers(desk)
    desk.office.suspend(first)
    desk.office.reissue(workers=1)
    assert [*map(set, desk.statuses(first).values())] == [{Status.SUSPENDED}] * 3
    assert [len(statuses) for statuses in desk.statuses(first).values()] == [2, 2, 2]
    desk.office.reinstate(first)
    assert [*map(set, desk.statuses(first).values())] == [{Status.VALID}] * 3
    desk.office.revoke(second)
    assert [*map(set, desk.statuses(second).values())] == [{Status.INVALID}] * 3
    desk.office.revoke_wallet(third)
    assert {kind: set(found) for kind, found in desk.statuses(third).items()} == {
        ListKind.SEAL: {Status.VALID},
        ListKind.LIVE: {Status.INVALID},
        ListKind.SD_JWT: {Status.INVALID},
    }
    nothing_wrong(desk)


def test_no_index_twice_and_none_of_those_reserved(tmp_path: Path) -> None:
    """Between two parts of a re-issue others draw: what is reserved is not theirs."""
    desk = enrolled_desk(tmp_path, 5)
    begin(desk)
    reserved = len(desk.rows("SELECT number FROM reissue_part WHERE done_at IS NULL"))
    assert reserved == 1
    desk.apply(40)
    desk.office.approve()
    desk.office.reissue()
    pairs = desk.rows("SELECT list_id || '/' || idx FROM status_index")
    assert len(pairs) == len(set(pairs))
    drawn = desk.rows("SELECT count(*) FROM status_index WHERE reissue_id IS NOT NULL")
    assert drawn == [15]
    nothing_wrong(desk)


def begin(desk: Desk) -> None:
    """Opens a re-issue and is killed before the first part."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("issuer.reissue_run.run", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            desk.office.reissue()


def test_what_happens_while_it_is_open(tmp_path: Path) -> None:
    """Who ends is left out, who is suspended is issued to so, who enrols anew needs nothing."""
    desk = enrolled_desk(tmp_path, 6)
    cards = numbers(desk)
    begin(desk)
    desk.office.revoke(cards[0])
    desk.office.suspend(cards[1])
    desk.office.issue(request(desk.office.offer(cards[2]), new_keys(), now=desk.now))
    desk.apply(2)
    desk.office.approve()
    report = desk.office.reissue(workers=1)
    assert report.people == 4
    standing = desk.office.reissued()
    assert standing is not None
    assert (standing.people, standing.parts, standing.parts_done, standing.closed_at is None) == (
        6,
        1,
        1,
        False,
    )
    assert sorted(desk.rows("SELECT card_id FROM prepared")) == [2, 4, 5, 6]
    assert desk.statuses(cards[1])[ListKind.LIVE] == [Status.SUSPENDED] * 2
    nothing_wrong(desk)


def test_kinds_alone(tmp_path: Path) -> None:
    """Of one kind, another one later; a phone fetches the newest of each."""
    desk = enrolled_desk(tmp_path, 3)
    desk.office.reissue([ListKind.LIVE])
    assert desk.rows("SELECT count(*) FROM prepared WHERE seal IS NULL AND sd_jwt IS NULL") == [3]
    asked = enrolled.request(0, ISSUER, now=int(START.timestamp()))
    (live,) = json.loads(desk.office.issue(asked))["credentials"]
    assert live["format"] == "sd-cwt"
    desk.office.reissue([ListKind.SEAL])
    assert not desk.office.show(numbers(desk)[0]).waits
    desk.office.reissue([ListKind.SD_JWT])
    assert desk.office.show(numbers(desk)[0]).waits
    again, vc = json.loads(desk.office.issue(asked))["credentials"]
    assert (again, vc["format"]) == (live, "dc+sd-jwt")
    assert [kind.value for kind in desk.office.reissued().kinds] == ["sd-jwt"]  # type: ignore[union-attr]


def test_another_kind_waits_for_the_open_one(tmp_path: Path) -> None:
    """The same command, or the one without kinds, goes on."""
    desk = enrolled_desk(tmp_path, 3)
    begin(desk)
    with pytest.raises(IssuerError) as caught:
        desk.office.reissue([ListKind.LIVE])
    assert caught.value.code == "reissue_open"
    assert desk.office.reissue([*ListKind]).people == 3


def test_a_stolen_key_ends_it(tmp_path: Path) -> None:
    """What it made is not handed out, and the same command begins anew with the next key."""
    desk = enrolled_desk(tmp_path, 3)
    begin(desk)
    desk.office.authority.report_stolen("live-2026q4-2")
    report = desk.office.reissue(workers=1)
    assert report.people == 3
    assert desk.rows("SELECT count(*) FROM reissue WHERE closed_at IS NOT NULL") == [2]
    assert desk.rows("SELECT count(*) FROM prepared") == [3]
    desk.office.authority.renew([KeyKind.LIVE], cost=CHEAP)
    desk.sign_trust_list()
    desk.office.authority.report_stolen("live-2026q4")
    (only,) = json.loads(desk.office.issue(enrolled.request(0, ISSUER, now=int(START.timestamp()))))[
        "credentials"
    ]
    assert only["format"] == "dc+sd-jwt"


def test_phones_that_fetched_are_served(tmp_path: Path) -> None:
    """A stolen key's list of phones empties as they fetch what another key made, and fills with its own."""
    desk = enrolled_desk(tmp_path, 3)
    authority, cards = desk.office.authority, sorted(numbers(desk))
    for kind in (ListKind.LIVE, ListKind.SD_JWT):
        first, second = (f"{kind.value}-2026q4{end}" for end in ("", "-2"))
        assert authority.report_stolen(first).phones == 3
        desk.office.reissue([kind], workers=1)
        assert authority.phones_of(first) == authority.phones_of(second) == cards
        desk.office.issue(enrolled.request(1, ISSUER, now=int(START.timestamp())))
        served = numbers(desk)[1]
        assert authority.phones_of(first) == sorted({*cards} - {served})
        assert authority.phones_of(second) == cards
        desk.later(minutes=1)


def test_a_stolen_seal_key_names_further_seals(tmp_path: Path) -> None:
    """Paper cannot be made anew by a command: its seals stay good, and a thief's are not."""
    desk = enrolled_desk(tmp_path, 4)
    desk.office.reissue(workers=1)
    texts = [desk.office.seal(card) for card in numbers(desk)]
    theft = desk.office.authority.report_stolen("seal-2026q4-2")
    assert theft.seals == 4
    desk.office.publish(publication(desk))
    gate = Gate(desk, tmp_path / "gate")
    assert [gate.seal(text, card) for text, card in zip(texts, numbers(desk), strict=True)] == [
        "accepted"
    ] * 4
    assert desk.office.seal(numbers(desk)[0]) == desk.printed(numbers(desk)[0])


def test_phones_whose_keys_were_not_kept(tmp_path: Path) -> None:
    """They are counted, and left alone."""
    desk = enrolled_desk(tmp_path, 4)
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER holder_key_append_only")
        connection.exec_driver_sql("UPDATE holder_key SET public_key = NULL WHERE wallet_id = 2")
    assert desk.office.reissue(workers=1).people == 3
    assert desk.office.reissued().left_out == 1  # type: ignore[union-attr]
    assert desk.office.reissue([ListKind.SEAL], workers=1).people == 4


def test_a_key_put_in_anothers_place(tmp_path: Path) -> None:
    """By somebody with the database in hand: nothing is made for it, and an audit finds it."""
    desk = enrolled_desk(tmp_path, 3)
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER holder_key_append_only")
        thief = new_keys()[ListKind.LIVE].public_key.raw.hex()
        where = "WHERE wallet_id = 2 AND kind = 'live'"
        connection.exec_driver_sql(f"UPDATE holder_key SET public_key = x'{thief}' {where}")  # noqa: S608
    report = desk.office.reissue(workers=1)
    assert (report.people, report.skipped) == (2, 1)
    assert desk.office.examine().problems[:1] == gone("holder_key_append_only")
    assert [problem.code for problem in desk.office.examine().problems[1:]] == ["wallet_differs"]


@pytest.mark.parametrize("column", ["seal", "live", "sd_jwt"])
def test_what_was_changed_is_found(column: str, tmp_path: Path) -> None:
    """By the digest in the act."""
    desk = enrolled_desk(tmp_path, 2)
    desk.office.reissue(workers=1)
    assert desk.office.examine().problems == []
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER prepared_erased")
        others = f"(SELECT {column} FROM prepared WHERE card_id = 1)"  # noqa: S608
        connection.exec_driver_sql(f"UPDATE prepared SET {column} = {others} WHERE card_id = 2")  # noqa: S608
    assert desk.office.examine().problems[:1] == gone("prepared_erased")
    assert [problem.code for problem in desk.office.examine().problems[1:]] == ["prepared_differs"]


def test_a_list_without_room(tmp_path: Path) -> None:
    """Nothing is begun, and the refusal says what comes first."""
    desk = enrolled_desk(tmp_path, 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("revocation.allocation.LIST_SIZE", 100)
        with pytest.raises(StatusError) as caught:
            desk.office.reissue(workers=1)
    assert caught.value.code == "list_full"
    assert desk.office.reissued() is None


def test_nobody_to_issue_to(tmp_path: Path) -> None:
    """It is opened and closed, and says so."""
    desk = enrolled_desk(tmp_path, 1)
    desk.office.revoke(numbers(desk)[0])
    assert desk.office.reissue().people == 0
    assert desk.office.counts() == {CardState.REVOKED: 1}
    assert desk.office.reissued().closed_at is not None  # type: ignore[union-attr]


def test_what_was_made_long_ago_is_not_handed_out(tmp_path: Path) -> None:
    """It would end at once; the offer has ended too."""
    desk = enrolled_desk(tmp_path, 1)
    desk.office.reissue(workers=1)
    desk.now += timedelta(days=366)
    desk.office.authority.renew([*KeyKind], cost=CHEAP)
    desk.sign_trust_list()
    desk.office.publish(publication(desk), clock_is_right=True)
    with pytest.raises(IssuerError) as caught:
        fetched(desk, 0)
    assert caught.value.code == "offer_expired"


NO_PART = {
    "of no re-issue": "INSERT INTO prepared VALUES (1, 99, 1, NULL, NULL, NULL)",
    "for no card": "INSERT INTO prepared VALUES (99, 1, 1, NULL, NULL, NULL)",
    "for no phone": "INSERT INTO prepared VALUES (1, 1, 99, NULL, NULL, NULL)",
    "for another's phone": "INSERT INTO prepared VALUES (1, 1, 2, NULL, NULL, NULL)",
    "for a phone that has ended": "INSERT INTO prepared VALUES (3, 1, 3, NULL, NULL, NULL)",
    "for a card that has ended": "INSERT INTO prepared VALUES (4, 1, 4, NULL, NULL, NULL)",
    "an act on another's phone": "INSERT INTO act (at, act, card_id, wallet_id) VALUES (0, 'reissue', 1, 2)",
    "an act on no phone": "INSERT INTO act (at, act, card_id, wallet_id) VALUES (0, 'reissue', 1, 99)",
    "an act on no card": "INSERT INTO act (at, act, card_id, wallet_id) VALUES (0, 'reissue', 99, NULL)",
}
"""What a console would enter beside an open re-issue; the first wallet is the first card's, and so on."""


def test_nothing_is_made_for_another(tmp_path: Path) -> None:
    """Cards and phones that are not there, or not each other's, are refused by rules alone."""
    desk = enrolled_desk(tmp_path, 5)
    cards = desk.office.cards()
    desk.office.revoke_wallet(str(cards[2].card_number))
    desk.office.revoke(str(cards[3].card_number))
    asked = desk.office.officer.reissue()
    assert isinstance(asked, Waiting)
    desk.office.confirm(asked.number)
    desk.permit()
    for what, statement in NO_PART.items():
        with pytest.raises(IntegrityError) as caught, desk.engine.begin() as connection:
            connection.exec_driver_sql(statement)
        assert "phone" in str(caught.value), what
    with desk.engine.connect() as connection:
        connection.exec_driver_sql("INSERT INTO prepared VALUES (1, 1, 1, NULL, NULL, NULL)")
        connection.rollback()
    desk.office.reissue(workers=1)
    with pytest.raises(IntegrityError), desk.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO prepared VALUES (5, 1, 5, NULL, NULL, NULL)")
