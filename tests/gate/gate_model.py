"""What a gate must say, worked out from the design and docs/architecture.md, and from nothing of the gate's.

Whoever makes a showing knows what it is: whose, signed when, over which
challenge, and what is wrong with it. From that, from the clocks and from what
the gate was told before, the code follows by the table alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gate_beliefs import MINUTE, Clock, Data
from gate_showing import Line, Moment, Shown, Told
from world import DOUBTS, ORDER, TIME

FORM = ("not_montrey", "unsupported_version", "malformed")
NO_CLAIMS = (*FORM, "kind_not_accepted", "untrusted_issuer", "bad_signature", "holder_mismatch")
"""What is said before every signature has held: nothing of a person is known then."""
REPEATS, NUMBER_WAITS, COMPARED_FOR = 5, 30, 8
DAY = 86_400


@dataclass
class _Held:
    shown: Shown
    since: float
    asks: bool


class Model:
    """A gate's memory and its answers."""

    def __init__(self, moment: Moment) -> None:
        self.data = Data()
        self.clock = Clock(moment, self.data)
        self.mode, self.printed, self.least, self.number_always = "plain", True, "printed", False
        self.status_days = 8
        self.log: list[Line] = []
        self.seen: set[object] = set()
        self.restart(moment)

    def restart(self, moment: Moment) -> None:
        """Whatever is not on disk is forgotten."""
        self.started = moment.epoch
        self.clock.base, self.clock.state = moment, "ok"
        self.seen.clear()
        self._afresh()

    def change(self, **settings: object) -> None:
        """A supervisor sets something: no challenge stays open, nobody is half-way through."""
        for name, value in settings.items():
            setattr(self, name, value)
        self._afresh()

    def _afresh(self) -> None:
        self._recent: dict[str, tuple[Told, float]] = {}
        self._challenges: dict[bytes, float] = {}
        self._answered: set[bytes] = set()
        self._held: _Held | None = None
        self._waiting: tuple[str, float] | None = None

    def challenge(self, nonce: bytes, moment: Moment) -> None:
        """The screen shows this challenge; it counts from the first time."""
        self._challenges.setdefault(nonce, moment.epoch)

    def news(self) -> None:
        """Other data are in use: what was judged before says nothing any more."""
        self._recent.clear()

    def dismiss(self) -> None:
        """Whoever was half-way through has gone."""
        self._held = self._waiting = None

    def show(self, shown: Shown, moment: Moment, by: str) -> Told | None:
        """The answer to a code; None where the camera still sees what was judged."""
        known = self._recent.get(shown.text)
        if known and moment.seconds - known[1] <= REPEATS and (by == "camera" or not known[0].asks):
            return None if by == "camera" else replace(known[0], repeat=True)
        self.clock.look(moment)
        number, self._held = self._number_for(moment), None
        told = self._judge(shown, number, moment)
        if told.code not in NO_CLAIMS:
            self._waiting = None
        return self._noted(shown, told, moment, by)

    def number(self, number: str, moment: Moment) -> Told | None:
        """The answer that a number leads to; None: it waits for its code."""
        self.clock.look(moment)
        held, self._held = self._held, None
        age = moment.epoch - held.since if held else 0
        if held and held.asks and age <= MINUTE:
            return self._noted(held.shown, self._judge(held.shown, number, moment), moment, "number")
        if held and not held.asks and age <= COMPARED_FOR:
            same = held.shown.number == number
            assurance = _assurance(held.shown) if same else None
            told = Told(code="accepted" if same else "card_mismatch", assurance=assurance, checked=same)
            return self._noted(held.shown, told, moment, "number")
        self._waiting = (number, moment.epoch)
        return None

    def _number_for(self, moment: Moment) -> str | None:
        if self._waiting and moment.epoch - self._waiting[1] <= NUMBER_WAITS:
            return self._waiting[0]
        return None

    def _noted(self, shown: Shown, told: Told, moment: Moment, by: str) -> Told:
        self._recent[shown.text] = (told, moment.seconds)
        self.note(moment, told.code, told.assurance, by, checked=told.checked)
        return told

    def note(
        self, moment: Moment, code: str, assurance: str | None, by: str, *, checked: bool = False
    ) -> None:
        """What the log has to tell of it: milliseconds of the clock, and nothing of a person."""
        at = self.clock.date(moment)
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        self.log.append((at, code, assurance, by, checked))

    def _judge(self, shown: Shown, number: str | None, moment: Moment) -> Told:
        code = _first(self._wrong(shown, number, moment), unknown_key=shown.wrong == "untrusted_issuer")
        if code == "accepted":
            code = self._pass_once(shown)
        asks = code == "card_number_needed"
        if asks or (code == "accepted" and number is None):
            self._held = _Held(shown, moment.epoch, asks)
        checked = number is not None and number == shown.number and code not in NO_CLAIMS
        assurance = _assurance(shown) if code == "accepted" else None
        return Told(code=code, assurance=assurance, checked=checked, asks=asks)

    def _wrong(self, shown: Shown, number: str | None, moment: Moment) -> set[str]:
        """Everything that there is to say against it."""
        wrong = {shown.wrong} - {""}
        if wrong & set(FORM):
            return wrong
        wrong |= self._wrong_kind(shown, number)
        wrong |= self._wrong_challenge(shown, moment) if shown.kind == "live" else set()
        wrong |= self._wrong_time(shown, moment)
        if number is not None and number != shown.number:
            wrong.add("card_mismatch")
        wrong |= self._wrong_status(shown, moment)
        if moment.epoch >= self.data.trust_ends:
            wrong.add("trust_expired")
        if self.clock.state != "ok":
            wrong = wrong - set(TIME) | {"clock_untrusted"}
        return wrong

    def _wrong_kind(self, shown: Shown, number: str | None) -> set[str]:
        wrong = set()
        if shown.kind == "seal" and not self.printed:
            wrong.add("kind_not_accepted")
        if number is None and (shown.kind == "seal" or self.number_always):
            wrong.add("card_number_needed")
        levels = ("printed", "live", "live-challenge")
        if levels.index(_assurance(shown)) < levels.index(self.least):
            wrong.add("assurance_too_low")
        return wrong

    def _wrong_challenge(self, shown: Shown, moment: Moment) -> set[str]:
        if shown.gate:
            return {"audience_mismatch"}
        if self.mode == "plain":
            return {"challenge_unexpected"} if shown.challenge else set()
        if shown.challenge not in self._challenges:
            return {"challenge_mismatch"}
        late = moment.epoch - self._challenges[shown.challenge] > MINUTE
        return {"challenge_mismatch"} if late else set()

    def _wrong_time(self, shown: Shown, moment: Moment) -> set[str]:
        wrong = {"not_yet_valid"} if moment.epoch < shown.begins else set()
        if shown.kind == "live" and self.mode == "plain" and abs(moment.epoch - shown.signed_at) > MINUTE:
            wrong.add("too_old" if moment.epoch > shown.signed_at else "too_new")
        return wrong

    def _wrong_status(self, shown: Shown, moment: Moment) -> set[str]:
        status = self.data.stopped.get(shown.kind, {}).get(shown.who, "")
        if status != "revoked" and moment.epoch - self.data.as_of.get(shown.kind, 0) > self.status_days * DAY:
            return {"status_stale"}
        return {status} - {""}

    def _pass_once(self, shown: Shown) -> str:
        if shown.kind == "seal":
            return "accepted"
        identity: object = (shown.who, shown.signed_at)
        if shown.challenge is not None:
            if shown.challenge in self._answered:
                return "replayed"
            self._answered.add(shown.challenge)
            return "accepted"
        if identity in self.seen:
            return "replayed"
        if shown.signed_at < self.started + MINUTE:
            return "show_again"
        self.seen.add(identity)
        return "accepted"


def _first(wrong: set[str], *, unknown_key: bool) -> str:
    """What wins: a refusal by the table, then a doubt; an unknown key is a doubt under expired trust."""
    if unknown_key and "trust_expired" in wrong:
        wrong = {code for code in wrong if code in ORDER[: ORDER.index("untrusted_issuer")]}
        return min(wrong, key=ORDER.index, default="trust_expired")
    refusals = [code for code in wrong if code in ORDER]
    if refusals:
        return min(refusals, key=ORDER.index)
    return min(wrong, key=DOUBTS.index, default="accepted")


def _assurance(shown: Shown) -> str:
    if shown.kind == "seal":
        return "printed"
    return "live-challenge" if shown.challenge is not None else "live"
