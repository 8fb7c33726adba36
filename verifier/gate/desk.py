"""Judging at a gate: `verify`, and what a gate adds to it. No file, no socket, no clock of its own.

What it adds: which of the gate's challenges was answered, that a live code
passes once, a number that is typed before or after its code, and a clock that
somebody has reason to doubt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from credential import packed
from credential.challenge import LIFETIME, Challenge
from credential.codes import CodeTables
from credential.errors import CredentialError
from credential.live import LiveToken
from trust import TrustSnapshot
from verifier.challenges import Challenges
from verifier.checks import refuse
from verifier.gate.settings import Settings
from verifier.live import verify
from verifier.policy import Policy
from verifier.replay import ReplayCache
from verifier.seal import verify_seal
from verifier.verdict import Assurance, CannotTell, VerificationError, Verified

NUMBER_WAITS = 30
"""Seconds for which a number that was typed first waits for its code."""
CODE_WAITS = 60
"""Seconds for which a code that needs the number waits for it: as long as a live code is fresh."""
COMPARED_FOR = 8
"""Seconds after an acceptance in which the number on the card can still be compared with it."""
CHALLENGE_CHANGES = 30
"""Seconds after which the screen shows another challenge; the one before is good for its minute."""
_LEAST = {"printed": Assurance.PRINTED, "live": Assurance.LIVE, "live-challenge": Assurance.LIVE_CHALLENGE}
_DAY = 86400
_PASSED = 8
"""Codes that have passed of late whose number can still be compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A verdict as the gate tells it; `claims` is empty unless every signature held.

    `asks_number` says that the number on the card decides; `compared` that this
    is no new showing, but the number of the one before it.
    """

    verdict: str
    code: str
    assurance: Assurance | None = None
    claims: Mapping[str, object] = field(default_factory=dict)
    status_epoch: int | None = None
    number_checked: bool = False
    challenge_checked: bool = False
    asks_number: bool = False
    compared: bool = False


@dataclass(frozen=True, slots=True)
class _Held:
    """A code that the number on its card belongs to; `verified` where it has passed already."""

    text: str
    since: datetime
    verified: Verified | None


class Desk:
    """One gate's judge. Calls must not overlap: whoever has several threads holds a lock."""

    def __init__(self, trust: TrustSnapshot, settings: Settings, *, started: datetime) -> None:
        self.trust = trust
        self._settings = settings
        self._seen = ReplayCache(started=started)
        self._challenges = Challenges(settings.gate)
        self._shown: list[tuple[Challenge, datetime]] = []
        self._held: _Held | None = None
        self._passed: dict[str, _Held] = {}
        self._number: tuple[str, datetime] | None = None
        self.clock_doubted = False
        self._policy = _policy(settings)

    @property
    def settings(self) -> Settings:
        """What the supervisor has set."""
        return self._settings

    def set(self, settings: Settings) -> None:
        """Other settings from now on; what was shown stays known, open challenges end."""
        self._challenges, self._shown = Challenges(settings.gate), []
        self._held = self._number = None
        self._settings, self._policy = settings, _policy(settings)

    def began(self, started: datetime) -> None:
        """When the gate was started, as its clock says now."""
        self._seen.begin(started)

    def challenge(self, now: datetime) -> Challenge | None:
        """The challenge to show now, in challenge mode; another where the last is answered or old."""
        if self._settings.mode != "challenge":
            return None
        if self._shown and timedelta(0) <= now - self._shown[-1][1] < timedelta(seconds=CHALLENGE_CHANGES):
            return self._shown[-1][0]
        return self._show_another(now)

    def challenge_ends(self) -> datetime | None:
        """When the challenge on the screen gives way to the next one."""
        return self._shown[-1][1] + timedelta(seconds=CHALLENGE_CHANGES) if self._shown else None

    def is_whole(self, text: str) -> bool:
        """Whether `text` is a whole Montrey code; says nothing of its worth."""
        try:
            packed.read(text, self.trust.templates)
        except CredentialError as error:
            return error.code == "unknown_template"
        return True

    def judge(self, text: str, now: datetime) -> Answer:
        """The answer to a code that is shown; a number that waits for one is compared with it."""
        number, self._held = self.waiting_number(now), None
        answer = self._answer(text, number, now)
        if answer.claims or answer.asks_number:
            self._number = None  # it was for this one
        return answer

    def number(self, number: str, now: datetime) -> Answer | None:
        """The answer that the number on the card leads to, or None: it waits for its code."""
        held, self._held = self._held, None
        if held is not None:
            age = now - held.since
            if held.verified is None and timedelta(0) <= age <= timedelta(seconds=CODE_WAITS):
                return self._answer(held.text, number, now)
            if held.verified is not None and timedelta(0) <= age <= timedelta(seconds=COMPARED_FOR):
                return _compared(held.verified, number)
        self._number = (number, now)
        return None

    def waiting_number(self, now: datetime) -> str | None:
        """The number that was typed and waits for its code."""
        if self._number is not None:
            number, since = self._number
            if timedelta(0) <= now - since <= timedelta(seconds=NUMBER_WAITS):
                return number
            self._number = None
        return None

    def again(self, text: str) -> None:
        """A code is shown again and its verdict repeated: a number typed now is its own, nobody else's."""
        self._held = self._passed.get(text)

    def held(self) -> str | None:
        """The code that a number typed now would belong to."""
        return None if self._held is None else self._held.text

    def forget(self) -> None:
        """Whoever was half-way through has gone: no number waits, and no code for its number."""
        self._held = self._number = None
        self._passed.clear()

    def _answer(self, text: str, number: str | None, now: datetime) -> Answer:
        try:
            verified = self._verify(text, number, now)
        except VerificationError as error:
            asks = error.code == "card_number_needed" and number is None
            self._held = _Held(text, now, None) if asks else None
            return _told(error, number, asks=asks)
        try:
            self._admit(verified, now)
        except VerificationError as error:
            error.claims, error.status_epoch = verified.claims, verified.status_epoch
            return _told(error, number)
        self._held = None if verified.card_checked else _Held(text, now, verified)
        if self._held is not None:
            self._passed = dict([*self._passed.items(), (text, self._held)][-_PASSED:])
        return _accepted(verified)

    def _verify(self, text: str, number: str | None, now: datetime) -> Verified:
        trust = self.trust
        if self.clock_doubted:  # as if a later time had been seen: nothing is refused for its time
            trust = replace(trust, local_floor=int(now.timestamp()) + _DAY)
        if self._is_seal(text) and self._settings.printed:
            return verify_seal(text, trust=trust, policy=self._policy, now=now, card_number=number)
        if self._settings.mode != "challenge":
            return verify(text, trust=trust, policy=self._policy, now=now, card_number=number)
        challenge = self._answered(text, now)
        if challenge is None:  # none of ours is open: any nonce that nobody knows
            challenge = Challenge.new(self._settings.gate)
        policy = replace(self._policy, audience=challenge.audience)
        return verify(
            text, trust=trust, policy=policy, now=now, challenge=challenge.nonce, card_number=number
        )

    def _admit(self, verified: Verified, now: datetime) -> None:
        if verified.challenge_checked:
            self._challenges.admit(verified, now)
            if self._shown and verified.answered == self._shown[-1][0].nonce:
                self._show_another(now)
        self._seen.admit(verified, now)

    def _show_another(self, now: datetime) -> Challenge:
        self._shown = [*self._open(now), (self._challenges.show(now), now)]
        return self._shown[-1][0]

    def _answered(self, text: str, now: datetime) -> Challenge | None:
        """Which of the challenges of the last minute a code says that it answers; else the newest of them."""
        shown = [challenge for challenge, _ in self._open(now)]
        newest = shown[-1] if shown else None
        try:
            token = packed.read(text, self.trust.templates)
        except CredentialError:
            return newest
        nonce = token.challenge if isinstance(token, LiveToken) else None
        return next((challenge for challenge in shown if challenge.nonce == nonce), newest)

    def _open(self, now: datetime) -> list[tuple[Challenge, datetime]]:
        """The challenges whose minute is not over, answered or not; after it there is no answer any more."""
        minute = timedelta(seconds=LIFETIME)
        return [(challenge, since) for challenge, since in self._shown if abs(now - since) <= minute]

    def _is_seal(self, text: str) -> bool:
        try:
            return packed.is_seal(text)
        except CredentialError:
            return False


def no_trust() -> TrustSnapshot:
    """What a gate believes before its first stick: nobody, so nothing can be told."""
    nothing: MappingProxyType[str, object] = MappingProxyType({})
    return TrustSnapshot(
        keys=nothing,  # type: ignore[arg-type]
        templates=nothing,  # type: ignore[arg-type]
        codes=CodeTables(),
        purposes=nothing,  # type: ignore[arg-type]
        relying_parties=nothing,  # type: ignore[arg-type]
        lists=nothing,  # type: ignore[arg-type]
        genuine=nothing,  # type: ignore[arg-type]
        expires=0,
        signed_floor=0,
        local_floor=0,
    )


def _policy(settings: Settings) -> Policy:
    return Policy(
        purpose=settings.purpose,
        max_status_age=timedelta(days=settings.status_days),
        min_assurance=_LEAST[settings.least],
        require_card=settings.number_always,
    )


def _accepted(verified: Verified) -> Answer:
    return Answer(
        verdict="accepted",
        code="accepted",
        assurance=verified.assurance,
        claims=verified.claims,
        status_epoch=verified.status_epoch,
        number_checked=verified.card_checked,
        challenge_checked=verified.challenge_checked,
    )


def _compared(verified: Verified, number: str) -> Answer:
    """An acceptance, with the number on the card compared after it: the same showing."""
    answer = _accepted(verified)
    if verified.claims.get("card_number") == number:
        return replace(answer, number_checked=True, compared=True)
    try:
        refuse("card_mismatch")
    except VerificationError as error:
        error.claims, error.status_epoch = verified.claims, verified.status_epoch
        return replace(_told(error, number), compared=True)


def _told(error: VerificationError, number: str | None, *, asks: bool = False) -> Answer:
    return Answer(
        verdict="cannot_tell" if isinstance(error, CannotTell) else "refused",
        code=error.code,
        claims=error.claims,
        status_epoch=error.status_epoch,
        number_checked=number is not None and error.claims.get("card_number") == number,
        asks_number=asks,
    )
