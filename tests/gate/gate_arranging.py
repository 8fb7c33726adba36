"""A gate, set up for one case of the campaign.

What is wrong with a presentation is known from the faults that were made to
it, and the expected verdict follows from them and from the order of the code
table alone, never from the product. Where a gate cannot be set to what the
case's policy says, the case is bent by these rules:

- The audience is the gate's number in challenge mode and "any gate" in plain
  mode. What was made for a bank is made for somebody else.
- A place that wants a challenge answered shows one, so a code without an
  answer is `challenge_mismatch`.
- Status data may be some whole days old.
- The plastic's number has a check digit. Whoever has another one, or one with
  letters, is asked for a number and has none.
- A line's end behind a code is the scanner's, and no damage.

Left out are gates that take no phones, and what no scanner reads: no text,
half a surrogate pair, more than a QR code holds.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from faults import raw, rebuilt
from gate_crowd import LeftOutError, Number, Show, Step, Told, Visit, Wait, person, valid_number
from world import NOW, ORDER, Case, Fault, World, expect

from credential.card_number import is_valid
from credential.challenge import LIFETIME, Challenge
from verifier.gate.settings import Settings

ALPHANUMERIC, BYTES = 4296, 2953
"""Characters, and bytes, of the largest QR code (ISO/IEC 18004, table 7)."""
KEYS = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
_GATES = (1, 17, 18, 65535)
_UNSIGNED = ORDER[: ORDER.index("holder_mismatch") + 1]
"""Nobody's name may stand beside these: it could be a forger's."""
_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class Arranging:
    """One case on its way to a gate; `chosen` are the faults that were made to it."""

    def __init__(self, case: Case, chosen: list[Fault], rng: random.Random, world: World) -> None:
        self._case, self._faults, self._rng, self._world = case, list(chosen), rng, world
        self._names = {fault.make.__name__ for fault in chosen}
        self._how = f"{case.kind} " + " + ".join(fault.name for fault in chosen)
        self._set: dict[str, Any] = {"purpose": case.policy.get("purpose", "entry") or "voting"}
        self._answers = False
        self._state: Any = None
        self._number: str | None = None
        self._number_first = False
        self._instead = "accepted"  # what a gate says that remembers, where nothing else is wrong

    def visit(self) -> Visit:
        """The gate, and all that happens at it."""
        if self._case.kind == "live":
            self._arrange_live()
        else:
            self._arrange_seal()
        self._arrange_status()
        self._arrange_text()
        self._arrange_number()
        kind = {"seal": "printed"}.get(self._case.kind, "live-challenge" if self._answers else "live")
        visit = Visit(self._case, Settings(**self._set), self._how, kind)
        self._arrange_moment(visit)
        self._show_it(visit)
        last = visit.steps[-1]
        if not isinstance(last, Wait) and last.told == self._told("accepted") and self._rng.random() < 0.4:
            visit.steps += [Wait(0, 6), *self._again(visit)]
            visit.how += ", and again"
        return visit

    # -- the gate -----------------------------------------------------------

    def _arrange_live(self) -> None:
        case, rng = self._case, self._rng
        if "excluded_by_policy" in self._names:
            raise LeftOutError("a gate that takes no phones")
        demanded = "challenge_demanded" in self._names
        if demanded:
            self._drop("assurance_too_low")
            self._faults.append(_fault("challenge_mismatch"))
        challenge = demanded or case.challenge is not None
        shown = case.spec.after.get("challenge") or case.spec.challenge
        self._answers = case.challenge is not None and shown == case.challenge
        enough = ["printed", "live", "live-challenge"][: 2 + challenge]
        self._set |= {
            "mode": "challenge" if challenge else "plain",
            "printed": "the_other_kind" not in self._names and rng.random() < 0.7,
            "least": "live-challenge" if demanded else rng.choice(enough),
            "gate": self._audience(challenge=challenge),
        }

    def _audience(self, *, challenge: bool) -> int:
        """The gate's number; in plain mode the code is made for any gate, or for another."""
        spec, rng, wrong = self._case.spec, self._rng, self._is("audience_mismatch")
        if not isinstance(spec.aud, int):
            if not wrong:
                self._faults.append(_fault("audience_mismatch"))
            return rng.choice([0, *_GATES])
        if challenge:
            return rng.choice([gate for gate in _GATES if gate != spec.aud]) if wrong else int(spec.aud)
        spec.aud = rng.choice(_GATES) if wrong else 0
        return int(rng.choice([0, 17, spec.aud]))

    def _arrange_seal(self) -> None:
        if "the_other_kind" in self._names:
            raise LeftOutError("a gate that takes no phones")
        rng = self._rng
        least = rng.choice(["live", "live-challenge"]) if self._is("assurance_too_low") else "printed"
        self._set |= {
            "mode": "challenge" if least == "live-challenge" else rng.choice(["plain", "challenge"]),
            "printed": "excluded_by_policy" not in self._names,
            "least": least,
            "gate": rng.choice([0, 17]),
        }

    def _arrange_status(self) -> None:
        case = self._case
        if "max_status_age" in case.policy:
            uri = case.spec.uri
            old = replace(case.trust.lists[uri], issued_at=NOW - 86401)
            case.trust = replace(case.trust, lists=MappingProxyType({**case.trust.lists, uri: old}))
            self._set["status_days"] = 1

    def _arrange_text(self) -> None:
        self._state = self._rng.getstate()
        text, clean = self._written(None), self._case.spec.text()
        if not isinstance(text, str) or not _fits(text):
            raise LeftOutError("what no scanner reads")
        if text != clean and text.rstrip("\r\n\t") == clean:
            self._drop("malformed")

    def _arrange_number(self) -> None:
        """The number that is entered, if any, and whether one is asked for."""
        case, rng = self._case, self._rng
        wrong, demanded = self._is("card_mismatch"), self._is("card_number_needed")
        self._drop("card_mismatch", "card_number_needed")  # they depend on when it is entered
        if wrong:
            self._number = next(n for n in iter(lambda: valid_number(rng), "") if n != case.spec.card)
        elif not demanded and case.card and is_valid(case.card):
            self._number = case.card
        can = self._number is not None or case.kind == "seal"
        self._set["number_always"] = demanded or (can and rng.random() < 0.3)
        self._number_first = self._number is not None and rng.random() < 0.5

    def _arrange_moment(self, visit: Visit) -> None:
        """How long ago the gate was started, and how long its challenge has stood."""
        rng, case = self._rng, self._case
        often = 0.15 if self._faults else 0.4
        if case.kind == "live" and visit.settings.mode == "plain" and rng.random() < often:
            ahead = rng.choice([-100, -1, 0, 1, 30, 60])  # of the last start after which this code may pass
            visit.since = timedelta(seconds=case.now - (case.spec.signed_at - 60 + ahead))
            visit.how += f", {visit.since} after a start"
            self._instead = "show_again" if ahead > 0 else "accepted"
        elif self._answers and rng.random() < 0.25:
            late = (
                bool(self._faults) or rng.random() < 0.5
            )  # at the minute's end nothing else may be at its edge
            if late:
                self._faults.append(_fault("challenge_mismatch"))
            visit.steps.append(Wait(LIFETIME + late, LIFETIME + late))
            visit.how += f", {LIFETIME + late} s after its challenge"

    # -- what happens -------------------------------------------------------

    def _show_it(self, visit: Visit) -> None:
        card, number = self._case.spec.card, self._number
        asks = self._case.kind == "seal" or visit.settings.number_always
        mismatch = [] if number in (None, card) else ["card_mismatch"]
        if number is not None and self._number_first:
            visit.steps += [Number(number, None), self._show(visit, *mismatch)]
            return
        first = self._show(visit, *(["card_number_needed"] if asks else []))
        visit.steps.append(first)
        if number is None and asks and is_valid(card) and self._rng.random() < 0.5:
            number = card  # whoever had none at first looks for it
        if number is not None and first.told.code in ("accepted", "card_number_needed"):
            visit.steps.append(Number(number, self._told(self._expected(*mismatch))))

    def _show(self, visit: Visit, *more: str) -> Show:
        def text(challenge: Challenge | None) -> str:
            visit.text = str(self._written(challenge))
            return visit.text

        return Show(text, self._told(self._expected(*more)))

    def _written(self, challenge: Challenge | None) -> Any:
        """The text over the challenge that is shown, bent in the same way each time."""
        spec = self._case.spec
        if self._answers and challenge is not None:
            if "challenge" in spec.after:
                spec.after["challenge"] = challenge.nonce
            else:
                spec.challenge = challenge.nonce
        now = self._rng.getstate()
        self._rng.setstate(self._state)
        text = self._case.rewrite(spec.text())
        self._rng.setstate(now)
        return text

    def _again(self, visit: Visit) -> list[Step]:
        """The same code once more, its signature's twin, or another phone's answer to the same challenge."""
        case, rng = self._case, self._rng
        card: list[Step] = [Number(case.spec.card, None)]
        if case.kind == "seal":
            return [*card, Show(lambda _: visit.text, self._told("accepted"))]
        told = self._told("replayed")
        if case.spec.holder.p256 and not case.spec.whole and rng.random() < 0.5:
            return [*(card * visit.settings.number_always), Show(lambda _: _twin(visit.text), told)]
        if self._answers and not visit.settings.number_always and rng.random() < 0.5:
            return [self._another_phone(visit)]
        return [*(card * visit.settings.number_always), Show(lambda _: visit.text, told)]

    def _another_phone(self, visit: Visit) -> Show:
        other = next(c for c in iter(lambda: self._world.live(self._rng), None) if not c.spec.whole)
        other.spec.aud = visit.settings.gate

        def text(challenge: Challenge | None) -> str:
            other.spec.challenge = challenge.nonce if challenge else None
            return str(other.spec.text())

        return Show(text, Told("replayed", "no", person(other)))

    # -- what is expected ---------------------------------------------------

    def _expected(self, *more: str) -> str:
        code = expect([*self._faults, *map(_fault, more)])
        return self._instead if code == "accepted" else code

    def _told(self, code: str) -> Told:
        look = "no" if code in (*ORDER, "replayed") else "unsure"
        if code == "accepted":
            look = "compare" if self._case.kind == "seal" else "yes"
        stranger = code == "trust_expired" and any(name.startswith("unknown_") for name in self._names)
        return Told(code, look, None if code in _UNSIGNED or stranger else person(self._case))

    def _is(self, code: str) -> bool:
        return any(fault.code == code for fault in self._faults)

    def _drop(self, *codes: str) -> None:
        self._faults = [fault for fault in self._faults if fault.code not in codes]


def _fault(code: str) -> Fault:
    return Fault(code, "gate", _at_the_gate)


def _at_the_gate(case: Case, rng: random.Random, world: World) -> None:
    """Nothing is made: the gate's own setting is what is wrong."""


def _fits(text: str) -> bool:
    """Whether there is a QR code of it."""
    try:
        size = len(text) if KEYS.issuperset(text) else len(text.encode()) * ALPHANUMERIC / BYTES
    except UnicodeEncodeError:
        return False
    return 0 < size <= ALPHANUMERIC


def _twin(text: str) -> str:
    """The same presentation with the other signature of P-256 that verifies: n − s in the place of s."""
    data = raw(text.rstrip())
    return rebuilt(text, data[:-32] + (_P256 - int.from_bytes(data[-32:], "big")).to_bytes(32, "big"))
