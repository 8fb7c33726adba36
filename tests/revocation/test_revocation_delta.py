"""Deltas: that they lead where they say, and nowhere else."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from outcomes import Code, outcome
from published import ED25519, EXP, IAT, KID, P256, SMALL, TTL, URI, big_statuses, full_cwt, full_list

from did import SoftwareSigner, base45, cbor, cose
from revocation import SignedList, StatusList, delta, golomb_rice, read_cwt

DAY = 86_400
BASE = full_list()


def made(base: SignedList, changes: Mapping[int, int], *, sequence: int = 8, **changed: Any) -> bytes:
    """The delta from `base` to `base` with `changes`, a day later."""
    keywords: dict[str, Any] = {
        "kid": KID,
        "sequence": sequence,
        "issued_at": IAT + DAY,
        "expires_at": EXP,
        "signer": ED25519,
    }
    return delta.make_delta(base, base.full.with_changes(changes), **keywords | changed)


def read(data: bytes) -> delta.Delta:
    """The delta in `data`, signed by the test key."""
    return delta.read_delta(data, key=ED25519.public_key)


def tried(data: bytes) -> delta.Delta | Code:
    """What becomes of bytes that may be a delta."""
    return outcome(lambda: read(data))


def tried_text(text: str) -> delta.Delta | Code:
    """What becomes of a text that may hold one."""
    return outcome(lambda: read(delta.from_text(text)))


def applied_to(base: SignedList, parsed: delta.Delta) -> SignedList | Code:
    """What becomes of a delta when it meets a list."""
    return outcome(lambda: delta.apply(base, parsed))


def flipped(statuses: StatusList, count: int, seed: int) -> dict[int, int]:
    """`count` real changes at random indices: to INVALID, or back to VALID."""
    indices = random.Random(seed).sample(range(statuses.size), count)
    return {index: 0 if statuses.get(index) == 1 else 1 for index in indices}


DATA = made(BASE, {1: 1, 5: 0, 12: 3})


@pytest.mark.parametrize("signer", [ED25519, P256], ids=["Ed25519", "P-256"])
def test_round_trip(signer: SoftwareSigner) -> None:
    """Everything comes back, and the text form carries the very bytes."""
    data = made(BASE, {1: 1, 5: 0, 12: 3}, signer=signer)
    assert delta.from_text(delta.to_text(data)) == data
    assert delta.peek(data) == (URI, KID)
    assert delta.read_delta(data, key=signer.public_key) == delta.Delta(
        uri=URI,
        kid=KID,
        sequence=8,
        issued_at=IAT + DAY,
        expires_at=EXP,
        base_digest=hashlib.sha256(full_cwt()).digest(),
        result_digest=hashlib.sha256(SMALL.with_changes({1: 1, 5: 0, 12: 3}).data).digest(),
        bits=2,
        changes={1: 1, 5: 0, 12: 3},
    )


def test_form() -> None:
    """A COSE_Sign1 of its own type whose payload is the array that docs/status.md describes."""
    token = cose.parse_sign1(DATA, max_bytes=1000)
    assert token.protected == {1: -19, 4: KID.encode(), 16: "status-delta"}
    assert token.unprotected == {}
    result = hashlib.sha256(SMALL.with_changes({1: 1, 5: 0, 12: 3}).data).digest()
    payload = cbor.decode(token.payload, max_bytes=1000)
    assert payload[:6] == [URI, BASE.digest, 8, IAT + DAY, EXP, result]
    assert len(payload) == 7


def test_apply_renews_the_state_and_not_the_trust() -> None:
    """Statuses, sequence and time are the delta's; expiry, ttl and digest stay the full list's."""
    applied = delta.apply(BASE, read(made(BASE, {1: 1, 5: 0}, expires_at=EXP + 900 * DAY, kid="next")))
    statuses = SMALL.with_changes({1: 1, 5: 0})
    assert applied == replace(
        BASE, statuses=statuses, base=SMALL, sequence=8, issued_at=IAT + DAY, kid="next"
    )
    assert (applied.expires_at, applied.ttl, applied.digest) == (EXP, TTL, BASE.digest)
    assert applied.full == BASE.statuses == SMALL


@given(st.integers(0, 3), st.sampled_from((1, 2, 4, 8)), st.data())
def test_any_change_of_any_list(seed: int, bits: int, data: st.DataObject) -> None:
    """A delta from one list to another of its size leads there, whatever they hold."""
    size = data.draw(st.integers(1, 30)) * 8
    lists = st.binary(min_size=size * bits // 8, max_size=size * bits // 8)
    old, new = StatusList(bits, data.draw(lists)), StatusList(bits, data.draw(lists))
    base = full_list(old)
    token = delta.make_delta(base, new, kid=KID, sequence=8, issued_at=IAT, expires_at=EXP, signer=ED25519)
    parsed = read(token)
    assert delta.apply(base, parsed).statuses == new
    assert parsed.changes == {i: new.get(i) for i in range(size) if old.get(i) != new.get(i)}


def test_days_missed_and_days_repeated() -> None:
    """Each delta is cumulative: any later one applies to any earlier state, one may come twice."""
    monday = read(made(BASE, {1: 2}, sequence=8))
    tuesday = read(made(BASE, {1: 2, 2: 1}, sequence=9))
    wednesday = read(made(BASE, {2: 1}, sequence=10))  # the suspension of 1 is lifted again
    each = delta.apply(delta.apply(delta.apply(BASE, monday), tuesday), wednesday)
    assert each == delta.apply(BASE, wednesday)
    assert each.statuses == SMALL.with_changes({2: 1})
    assert delta.apply(each, wednesday) == each


def test_made_from_a_state_with_deltas() -> None:
    """`make_delta` counts from the full list even when it is handed a later state of it."""
    later = delta.apply(BASE, read(made(BASE, {1: 2}, sequence=8)))
    data = made(later, {2: 1}, sequence=9)
    assert read(data).changes == {2: 1}
    assert delta.apply(BASE, read(data)).statuses == SMALL.with_changes({2: 1})


def test_a_day_without_changes() -> None:
    """A delta that changes nothing still says so of a later day."""
    applied = delta.apply(BASE, read(made(BASE, {})))
    assert applied.statuses == SMALL
    assert applied.issued_at == IAT + DAY


def test_an_older_delta_never_un_revokes() -> None:
    """A delta older than the state it meets is refused: by sequence, and by time within one."""
    newest = delta.apply(BASE, read(made(BASE, {1: 1}, sequence=9)))
    assert applied_to(newest, read(made(BASE, {}, sequence=8))) == Code("delta_older")
    same_sequence = read(made(BASE, {}, sequence=9, issued_at=IAT + DAY - 1))
    assert applied_to(newest, same_sequence) == Code("delta_older")


def test_newer() -> None:
    """First the sequence, then the time; lists and deltas compare with each other."""
    first, second = read(made(BASE, {}, sequence=8)), read(made(BASE, {}, sequence=9, issued_at=IAT))
    assert delta.newer(second, first)
    assert not delta.newer(first, second)
    assert not delta.newer(first, first)
    assert delta.newer(first, BASE)
    assert delta.newer(replace(BASE, issued_at=IAT + 1), BASE)


def test_wrong_list() -> None:
    """A delta of another list, of another full list, or with the wrong result is refused by its code."""
    parsed = read(DATA)
    other = read_cwt(full_cwt(SMALL.with_changes({3: 1})), uri=URI, key=ED25519.public_key)
    wider = replace(BASE, statuses=StatusList(4, SMALL.data))
    shorter = replace(BASE, statuses=StatusList.build(12))
    different = replace(BASE, statuses=SMALL.with_changes({3: 1}))
    for base, code in (
        (replace(BASE, uri=URI + "2"), "delta_uri_mismatch"),
        (other, "delta_base_mismatch"),
        (full_list(sequence=6), "delta_base_mismatch"),
        (wider, "delta_result_mismatch"),
        (shorter, "delta_result_mismatch"),
        (different, "delta_result_mismatch"),
    ):
        assert applied_to(base, parsed) == Code(code)


def test_key_of_another() -> None:
    """The signature and the algorithm are those of the key that the caller found."""
    other = SoftwareSigner(ED25519.public_key.algorithm, bytes(32)).public_key
    assert outcome(lambda: delta.read_delta(DATA, key=other)) == Code("bad_signature")
    assert outcome(lambda: delta.read_delta(DATA, key=P256.public_key)) == Code("wrong_algorithm")


@pytest.mark.parametrize(
    ("current", "sequence", "issued_at"),
    [
        (StatusList.build(20), 8, IAT),
        (StatusList.build(32, 1), 8, IAT),
        (SMALL, 7, IAT),
        (SMALL, 8, IAT - 1),
    ],
)
def test_impossible_deltas_are_the_programmers_mistake(
    current: StatusList, sequence: int, issued_at: int
) -> None:
    """Another size or width, or a delta that is not newer than its base."""
    with pytest.raises(ValueError, match="a delta"):
        delta.make_delta(
            BASE,
            current,
            kid=KID,
            sequence=sequence,
            issued_at=issued_at,
            expires_at=EXP,
            signer=ED25519,
        )


NOT_WHOLE_NUMBERS: list[object] = [-1, True, None, "1", (1 << 53) + 1, []]
HEADERS: dict[int, object] = {4: KID.encode(), 16: "status-delta"}
GOOD: list[Any] = [URI, BASE.digest, 8, IAT + DAY, EXP, hashlib.sha256(SMALL.data).digest(), b"\x20"]


def signed(
    payload: object, headers: dict[int, object] | None = None, unprotected: dict[int, object] | None = None
) -> bytes:
    """A properly signed token with any payload."""
    content = payload if isinstance(payload, bytes) else cbor.encode(payload)
    return cose.sign1(HEADERS if headers is None else headers, content, ED25519, unprotected=unprotected)


def with_member(at: int, value: object) -> bytes:
    """`GOOD` with one member replaced."""
    return signed([*GOOD[:at], value, *GOOD[at + 1 :]])


REFUSED = {
    "no typ": signed(GOOD, {4: KID.encode()}),
    "typ of a list": signed(GOOD, HEADERS | {16: "application/statuslist+cwt"}),
    "typ a number": signed(GOOD, HEADERS | {16: 16}),
    "no kid": signed(GOOD, {16: "status-delta"}),
    "kid as text": signed(GOOD, HEADERS | {4: KID}),
    "kid not UTF-8": signed(GOOD, HEADERS | {4: b"\xff"}),
    "another header parameter": signed(GOOD, HEADERS | {5: b""}),
    "something unprotected": signed(GOOD, None, {5: b""}),
    "a map": signed({2: URI}),
    "a text": signed(URI),
    "nothing in it": signed([]),
    "six members": signed(GOOD[:6]),
    "eight members": signed([*GOOD, 0]),
    "uri as bytes": with_member(0, URI.encode()),
    "uri null": with_member(0, None),
    "base as text": with_member(1, "x" * 32),
    "base too short": with_member(1, BASE.digest[:31]),
    "result too long": with_member(5, bytes(33)),
    "result null": with_member(5, None),
    "changes as text": with_member(6, "\x20"),
    "changes empty": with_member(6, b""),
    "changes cut": with_member(6, b"\x22\x6d"),
    "changes with more padding": with_member(6, b"\x20\xff"),
    **{f"member {at} {value!r}": with_member(at, value) for at in (2, 3, 4) for value in NOT_WHOLE_NUMBERS},
    "payload empty": signed(b""),
    "payload and more": signed(cbor.encode(GOOD) + b"\x00"),
    "payload in long form": signed(b"\x98\x07" + cbor.encode(GOOD)[1:]),
    "payload indefinite": signed(b"\x9f" + cbor.encode(GOOD)[1:] + b"\xff"),
    "a number as a float": signed(cbor.encode(GOOD).replace(b"\x08\x1a", b"\xf9\x48\x00\x1a")),
    "a full list": full_cwt(),
    "nothing": b"",
}


def test_the_refusals_start_from_something_good() -> None:
    """What the wrong ones are made of is itself accepted."""
    assert delta.apply(BASE, read(signed(GOOD))).statuses == SMALL


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED.keys())
def test_refused(data: bytes) -> None:
    """Properly signed, and malformed all the same."""
    assert tried(data) in (Code("malformed_delta"), Code("malformed_cbor"))


@pytest.mark.parametrize(
    "coded",
    [
        golomb_rice.encode({3: 1, 16: 1}, bits=2),
        golomb_rice.encode({1 << 30: 1}, bits=2),
        b"\x3f" + (((1 << 798) - 1) << 34).to_bytes(104),  # one gap of 798 · 2^31
    ],
)
def test_entries_beyond_the_list(coded: bytes) -> None:
    """An index past the end, just or by far, is refused when the delta meets its list."""
    parsed = read(with_member(6, coded))
    assert max(parsed.changes) >= BASE.statuses.size
    assert applied_to(BASE, parsed) == Code("delta_result_mismatch")


def test_every_byte_is_held() -> None:
    """One flipped bit anywhere, or a lost tail, and the delta is refused."""
    for at in range(len(DATA)):
        for bit in range(8):
            assert isinstance(tried(DATA[:at] + bytes((DATA[at] ^ 1 << bit,)) + DATA[at + 1 :]), Code)
        assert isinstance(tried(DATA[:at]), Code)


def test_every_character_of_the_text_is_held() -> None:
    """One character replaced by another of the alphabet, and the text is refused."""
    text = delta.to_text(DATA)
    for at, character in enumerate(text):
        for other in set("0A :") - {character}:
            assert isinstance(tried_text(text[:at] + other + text[at + 1 :]), Code)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(data: bytes) -> None:
    """Nothing but our own errors leaves the readers."""
    assert isinstance(tried(data), Code)
    assert isinstance(outcome(lambda: delta.peek(data)), Code)
    assert isinstance(outcome(lambda: delta.from_text(data.decode("latin-1"))), Code | bytes)


@given(st.text(max_size=60))
def test_text_that_is_none(text: str) -> None:
    """Any other text is refused; after the prefix it may be Base45, and then it is bytes."""
    assume(not text.startswith("MS1:"))
    assert outcome(lambda: delta.from_text(text)) == Code("malformed_delta")
    assert isinstance(outcome(lambda: delta.from_text("MS1:" + text)), Code | bytes)


def test_line_ends_and_case() -> None:
    """One line end is dropped; lower case, blanks and a second line end are not."""
    text = delta.to_text(DATA)
    assert text.startswith("MS1:")
    for end in ("\n", "\r\n", "\r"):
        assert delta.from_text(text + end) == DATA
    for bad in (text + "\n\n", " " + text, text.lower(), text[4:], "MQ1:" + text[4:], text + "\r\r\n"):
        assert isinstance(tried_text(bad), Code)


def test_giants() -> None:
    """Bytes and texts beyond their bounds are refused unread."""
    assert outcome(lambda: read(bytes((1 << 18) + 1))) == Code("malformed_cose")
    assert outcome(lambda: delta.from_text("MS1:" + "0" * 10_000_000)) == Code("malformed_delta")
    assert outcome(lambda: delta.to_text(bytes(3000))) == Code("delta_too_long")
    assert delta.from_text("MS1:" + base45.encode(bytes(2861))) == bytes(2861)


BIG = full_list(big_statuses(1))


@pytest.mark.parametrize("seed", range(5))
def test_fifty_changes_fit_a_small_qr_code(seed: int) -> None:
    """50 people in a list of 2^18 at 2%: about 500 characters, far below the 700 of the budget."""
    changes = flipped(BIG.statuses, 50, seed)
    text = delta.to_text(made(BIG, changes))
    assert len(text) <= 510
    applied = delta.apply(BIG, read(delta.from_text(text)))
    assert applied.statuses == BIG.statuses.with_changes(changes)


def test_hundreds_of_changes_go_into_a_file() -> None:
    """500 changes exceed what a small code may carry, a few thousand what any can."""
    assert len(delta.to_text(made(BIG, flipped(BIG.statuses, 500, 1)))) > 1_400
    data = made(BIG, flipped(BIG.statuses, 5_000, 1))
    assert outcome(lambda: delta.to_text(data)) == Code("delta_too_long")
    assert delta.apply(BIG, read(data)).statuses == BIG.statuses.with_changes(flipped(BIG.statuses, 5_000, 1))


def test_a_list_that_changed_everywhere() -> None:
    """2^18 changed entries still make a delta that is read."""
    inverted = StatusList(2, bytes(byte ^ 0x55 for byte in BIG.statuses.data))
    data = delta.make_delta(BIG, inverted, kid=KID, sequence=8, issued_at=IAT, expires_at=EXP, signer=ED25519)
    assert delta.apply(BIG, read(data)).statuses == inverted
