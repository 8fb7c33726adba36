"""Once is once: whatever the clock does, whoever asks at the same time, however much was shown."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credential import fragments as f
from credential.challenge import Challenge
from did import base64url, cbor, cose
from verifier import Assurance, CannotTell, Challenges, Refused, ReplayCache, VerificationError, Verified
from verifier.challenge_store import ChallengeStore
from verifier.replay_store import ReplayStore

NOW = 1_790_000_000
YEAR = 365 * 86_400
Admit = Callable[[Verified, datetime], object]


def at(seconds: float) -> datetime:
    """That many seconds after `NOW`."""
    return datetime.fromtimestamp(NOW, UTC) + timedelta(seconds=seconds)


def verified(
    signed_at: int, *, challenge: bytes | None = None, holder: int = 0, assurance: Assurance = Assurance.LIVE
) -> Verified:
    """What `verify` answers for a presentation signed that many seconds after `NOW`."""
    payload: dict[int, object] = {f.AUD: "any-gate", f.IAT: NOW + signed_at}
    if challenge is not None:
        payload[f.CNONCE] = challenge
    plain = challenge is None and assurance is Assurance.LIVE
    return Verified(
        assurance=assurance if challenge is None else Assurance.LIVE_CHALLENGE,
        claims={},
        card_checked=False,
        challenge_checked=challenge is not None,
        status_epoch=NOW,
        trust_epoch=NOW + YEAR,
        expires_epoch=NOW + YEAR,
        signed_epoch=NOW + signed_at if plain else None,
        fresh_until_epoch=NOW + signed_at + 60 if plain else None,
        signed=cose.to_be_signed(b"holder %d" % holder, cbor.encode(payload)),
    )


def code(admit: Admit, shown: Verified, now: datetime) -> str:
    """`accepted`, or the code of what left."""
    try:
        admit(shown, now)
    except VerificationError as error:
        return error.code
    return "accepted"


@pytest.fixture(params=["memory", "file"])
def admit(request: pytest.FixtureRequest, tmp_path: Path) -> Admit:
    """The door of either cache, with room for eight."""
    return (
        ReplayCache(capacity=8).admit
        if request.param == "memory"
        else ReplayStore(tmp_path, capacity=8).admit
    )


def test_a_forward_jump_forgets_nothing(admit: Admit) -> None:
    """The clock jumps ahead, others are shown, it is set right again: what was shown before is known."""
    first = verified(0)
    assert code(admit, first, at(0)) == "accepted"
    assert code(admit, verified(YEAR), at(YEAR)) == "accepted"
    assert code(admit, first, at(10)) == "replayed"
    assert code(admit, verified(11), at(11)) == "accepted"


def test_two_answers_to_one_challenge(admit: Admit) -> None:
    """A challenge is the identity of its answers: no second one passes, of this holder or another."""
    for second in (verified(3, challenge=b"8 bytes!"), verified(0, challenge=b"8 bytes!", holder=1)):
        code(admit, verified(0, challenge=b"8 bytes!"), at(0))
        assert code(admit, second, at(4)) == "replayed"
    assert code(admit, verified(4, challenge=b"another!"), at(4)) == "accepted"


def test_a_bank_nonce_is_answered_once() -> None:
    """Of an SD-JWT VC the nonce of its key binding plays the challenge's part."""
    shown = verified(0, challenge=b"")
    payload = base64url.encode(b'{"aud":"https://bank.example","nonce":"n-1"}')
    bound = shown._replace(signed=f"{base64url.encode(b'{}')}.{payload}".encode())
    assert bound.answered == b"n-1"
    other = bound._replace(signed=f"{base64url.encode(b'{ }')}.{payload}".encode())
    assert bound.replay_key == other.replay_key


def test_a_full_cache_fails_safe(admit: Admit) -> None:
    """What had to be forgotten, and all that is as old, is asked for again; what is newer passes."""
    for seconds in range(20):
        assert code(admit, verified(seconds), at(20)) == "accepted"
    for seconds in range(20):
        assert code(admit, verified(seconds), at(21)) == ("replayed" if seconds > 11 else "show_again")
    assert code(admit, verified(5, holder=1), at(21)) == "show_again"
    assert code(admit, verified(21), at(21)) == "accepted"


def test_a_seal_may_be_shown_again(admit: Admit) -> None:
    """A printed code has no freshness and is not remembered."""
    seal = verified(0, assurance=Assurance.PRINTED)
    assert [code(admit, seal, at(0)) for _ in range(2)] == ["accepted", "accepted"]


def test_a_file_that_somebody_holds_is_not_passed_by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another program locks the file nobody can tell what was shown: it is asked for again."""
    store = ReplayStore(tmp_path)
    assert code(store.admit, verified(0), at(0)) == "accepted"
    monkeypatch.setattr(
        ReplayStore,
        "_open",
        lambda self: sqlite3.connect(tmp_path / "replay.sqlite3", timeout=0.01, isolation_level=None),
    )
    with closing(sqlite3.connect(tmp_path / "replay.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert code(store.admit, verified(0), at(1)) == "show_again"
        assert code(store.admit, verified(2), at(2)) == "show_again"
    assert code(store.admit, verified(0), at(3)) == "replayed"


def test_a_damaged_file_is_set_aside(tmp_path: Path) -> None:
    """What was shown before is not known any more, so it is asked for again; what is newer passes, once."""
    store = ReplayStore(tmp_path)
    assert code(store.admit, verified(0), at(0)) == "accepted"
    (tmp_path / "replay.sqlite3").write_bytes(b"garbage" * 1000)
    assert code(store.admit, verified(0), at(5)) == "show_again"
    assert code(store.admit, verified(0), at(6)) == "show_again"
    assert code(store.admit, verified(7), at(7)) == "accepted"
    assert code(store.admit, verified(7), at(8)) == "replayed"


def test_a_disk_that_takes_nothing_does_not_stop_a_gate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it holds is known; what is new passes, and False says that it will not be known."""
    store = ReplayStore(tmp_path)
    assert store.admit(verified(0), at(0))
    uri = f"{(tmp_path / 'replay.sqlite3').as_uri()}?mode=ro"
    monkeypatch.setattr(
        ReplayStore, "_open", lambda self: sqlite3.connect(uri, uri=True, isolation_level=None)
    )
    assert code(store.admit, verified(0), at(1)) == "replayed"
    assert not store.admit(verified(2), at(2))
    assert not ReplayStore(tmp_path / "no such folder").admit(verified(2), at(2))


Steps = st.lists(
    st.tuples(
        st.integers(0, 12),  # which presentation
        st.sampled_from((0, 1, 30, 59, 61, 181, 3600, YEAR, -1, -59, -61, -3600, -YEAR)),
    ),
    max_size=60,
)


def hold(admit: Admit, steps: list[tuple[int, int]]) -> None:
    """Plain presentations and answers, in any order and under any clock: none passes twice."""
    shown = [verified(n, challenge=b"%8d" % n if n % 3 == 0 else None) for n in range(13)]
    now, passed = 0, set()
    for which, jump in steps:
        now += jump
        if code(admit, shown[which], at(now)) == "accepted":
            assert which not in passed
            passed.add(which)


@given(steps=Steps, capacity=st.integers(5, 9))
def test_memory_never_admits_twice(steps: list[tuple[int, int]], capacity: int) -> None:
    """In memory, also where less fits than is shown (the five answers fit)."""
    hold(ReplayCache(capacity=capacity).admit, steps)


@given(steps=Steps, capacity=st.integers(5, 9))
@settings(max_examples=15)
def test_file_never_admits_twice(steps: list[tuple[int, int]], capacity: int) -> None:
    """In a file, where each check opens it anew."""
    with TemporaryDirectory() as folder:
        hold(lambda shown, now: ReplayStore(folder, capacity=capacity).admit(shown, now), steps)


@pytest.fixture
def _impatient() -> Iterator[None]:
    """Threads that take turns a thousand times as often."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_impatient")
def test_threads(admit: Admit) -> None:
    """Of eight threads that show the same at the same moment one passes, in every round."""
    barrier = Barrier(8)

    def show(shown: Verified, now: datetime) -> str:
        barrier.wait()
        return code(admit, shown, now)

    with ThreadPoolExecutor(8) as threads:
        for n in range(30):
            shown = verified(n, challenge=b"%8d" % n if n % 2 else None)
            codes = sorted(threads.map(show, [shown] * 8, [at(n)] * 8))
            assert codes == ["accepted"] + ["replayed"] * 7


def test_a_challenge_lives_a_minute_and_once() -> None:
    """Accepted within 60 seconds of being shown, once; an answer to no challenge of this gate, never."""
    gate = Challenges(17)
    challenge = gate.show(at(0))
    assert challenge.audience == "gate-17"
    answer = verified(0, challenge=challenge.nonce)
    assert code(gate.admit, answer, at(60)) == "accepted"
    assert code(gate.admit, verified(1, challenge=challenge.nonce, holder=1), at(60)) == "replayed"
    late = gate.show(at(100))
    assert code(gate.admit, verified(0, challenge=late.nonce), at(160.5)) == "challenge_mismatch"
    early = gate.show(at(100))
    assert code(gate.admit, verified(0, challenge=early.nonce), at(99)) == "challenge_mismatch"
    assert code(gate.admit, verified(0, challenge=b"8 bytes!"), at(100)) == "challenge_mismatch"
    assert code(gate.admit, verified(0), at(100)) == "challenge_mismatch"


def test_a_homes_challenge_lives_a_minute_and_once(tmp_path: Path) -> None:
    """As in memory; an answer to another's challenge, or to none, is not its affair."""
    gate = ChallengeStore(tmp_path)
    one, other = Challenge.new(17), Challenge.new(17)
    answer = verified(0, challenge=one.nonce)
    assert gate.admit(answer, at(0)) is False
    assert list(tmp_path.iterdir()) == []
    gate.add(one, at(0.9))
    gate.add(other, at(0.9))
    assert gate.admit(answer, at(60.9), remember=False) is True
    for seconds in (0.5, 61):
        assert code(gate.admit, answer, at(seconds)) == "challenge_mismatch"
    assert gate.admit(answer, at(60.9)) is True
    assert code(gate.admit, verified(1, challenge=one.nonce, holder=1), at(61)) == "replayed"
    assert gate.admit(verified(0, challenge=other.nonce), at(1)) is True
    assert gate.admit(verified(0, challenge=b"8 bytes!"), at(1)) is False
    assert gate.admit(verified(0), at(1)) is False


@pytest.mark.usefixtures("_impatient")
def test_threads_answer_one_challenge_of_a_home(tmp_path: Path) -> None:
    """Eight answers at the same moment: one passes."""
    gate, barrier = ChallengeStore(tmp_path), Barrier(8)

    def answer(challenge: Challenge, holder: int) -> str:
        barrier.wait()
        return code(gate.admit, verified(0, challenge=challenge.nonce, holder=holder), at(1))

    with ThreadPoolExecutor(8) as threads:
        for _ in range(10):
            challenge = Challenge.new(0)
            gate.add(challenge, at(0))
            codes = sorted(threads.map(answer, [challenge] * 8, range(8)))
            assert codes == ["accepted"] + ["replayed"] * 7


def test_challenges_are_bounded() -> None:
    """Of more challenges than fit the oldest end early, and are refused."""
    gate = Challenges(capacity=4)
    shown = [gate.show(at(n)) for n in range(6)]
    codes = [code(gate.admit, verified(0, challenge=one.nonce), at(6)) for one in shown]
    assert codes == ["challenge_mismatch"] * 2 + ["accepted"] * 4


def test_challenges_differ() -> None:
    """Each is new, and of the number that the gate is registered under."""
    gate = Challenges(3, capacity=4)
    shown = {gate.show(at(0)) for _ in range(100)}
    assert len(shown) == 100
    assert {challenge.audience_number for challenge in shown} == {3}
    assert Challenge.new(3).nonce not in {challenge.nonce for challenge in shown}


@given(
    steps=st.lists(
        st.tuples(st.integers(0, 9), st.booleans(), st.integers(-90, 90) | st.sampled_from((YEAR, -YEAR))),
        max_size=50,
    )
)
def test_a_challenge_is_never_answered_twice(steps: list[tuple[int, bool, int]]) -> None:
    """Shown and answered in any order under any clock: each at most once, and while it lives."""
    gate, now = Challenges(capacity=5), 0
    shown: list[tuple[Challenge, int]] = []
    passed: set[int] = set()
    for which, show, jump in steps:
        now += jump
        if show:
            shown.append((gate.show(at(now)), now))
        elif which < len(shown):
            challenge, since = shown[which]
            if code(gate.admit, verified(0, challenge=challenge.nonce), at(now)) == "accepted":
                assert which not in passed
                assert 0 <= now - since <= 60
                passed.add(which)


@pytest.mark.usefixtures("_impatient")
def test_threads_answer_one_challenge() -> None:
    """Eight answers at the same moment: one passes."""
    gate, barrier = Challenges(), Barrier(8)

    def answer(challenge: Challenge, holder: int) -> str:
        barrier.wait()
        return code(gate.admit, verified(0, challenge=challenge.nonce, holder=holder), at(1))

    with ThreadPoolExecutor(8) as threads:
        for _ in range(30):
            challenge = gate.show(at(0))
            codes = sorted(threads.map(answer, [challenge] * 8, range(8)))
            assert codes == ["accepted"] + ["replayed"] * 7


def test_verdicts_are_of_their_kind() -> None:
    """A second showing is a refusal; what may have been forgotten, or shown before the start, is a doubt."""
    shown = ReplayCache(started=at(0))
    with pytest.raises(CannotTell):
        shown.admit(verified(59), at(30))
    shown.admit(verified(60), at(30))
    with pytest.raises(Refused):
        shown.admit(verified(60), at(30))
