"""People before a gate, and what they do: show, type, err, cheat, come again."""

from __future__ import annotations

from datetime import timedelta

from gate_day import Day
from gate_showing import Shown

from credential.challenge import Challenge

HABITS = {
    "show": 30,
    "show_twice": 8,
    "again_later": 8,
    "stale_picture": 5,
    "wrong_clock": 8,
    "number_first": 6,
    "number_after": 6,
    "wrong_number": 6,
    "print_and_number": 10,
    "print_wrong_number": 5,
    "print_and_go": 3,
    "some_other_code": 6,
    "no_number": 5,
    "forge": 12,
    "strange_answer": 4,
    "two_at_once": 5,
    "stay_in_view": 4,
    "stray_keys": 3,
    "half_scan": 4,
}
"""What people do, and how many of them."""
OTHERS = ("HTTPS://EXAMPLE.ORG/MENU", "WIFI:T:WPA;S:OFFICE", "MC1:%ABC%ABC%ABC%AB", "BEGIN:VCARD")
BANK_CARD, BARCODE = "4111111111111111", "8847100123456"


class People:
    """Everybody, in some order, and then again; `ways` are the ways in that work (none: all)."""

    def __init__(self, gate: Day) -> None:
        self.gate, self.rng, self.folk = gate, gate.rng, gate.folk
        self._waiting: list[int] = []
        self._came = 0
        self._others = 0
        self.ways: tuple[str, ...] = ()

    @property
    def have_come(self) -> int:
        """How many different people have come."""
        return min(self._came, self.folk.count)

    def rush(self, share: float) -> None:
        """This share of all people comes, at least three, each with a habit."""
        for _ in range(max(3, round(share * self.folk.count))):
            if not self._waiting:
                self._waiting = [*range(self.folk.count)]
                self.rng.shuffle(self._waiting)
            who = self._waiting.pop()
            self._came += 1
            self.does(who, self.rng.choices([*HABITS], [*HABITS.values()])[0])
            if self.rng.random() < 0.05:
                self.gate.pass_(self.rng.uniform(20, 400))

    def does(self, who: int, habit: str) -> None:
        """Somebody comes and does this."""
        self.gate.tell(f"-- {who}: {habit}")
        getattr(self, f"_{habit}")(who)
        self._step_aside()

    def comes_by(self, who: int) -> None:
        """Somebody comes, with the phone and then with the plastic."""
        self._show(who)
        self._step_aside()
        self._print_and_number(who)
        self._step_aside()

    def _step_aside(self) -> None:
        if self.rng.random() < 0.7:
            self.gate.dismiss()
            self.gate.pass_(self.rng.choice((0.4, 1.2, 2.5, 6.5, 9.5)))
        else:
            self.gate.pass_(self.rng.uniform(31, 45))  # a verdict, and a number, are forgotten by themselves

    def _way(self) -> str:
        return self.rng.choice(self.ways) if self.ways else ""

    def _number_way(self) -> str:
        ways = [way for way in ("number", "keys", "serial") if not self.ways or way in (*self.ways, "number")]
        return self.rng.choice(ways)

    def _live(self, who: int, *, ahead: float = 0) -> Shown:
        """What somebody's phone shows now: over the screen's challenge where there is one."""
        at = self.gate.now + timedelta(seconds=ahead)
        challenge = self.gate.challenge() if self.gate.model.mode == "challenge" else None
        return self.folk.live(who, at, challenge)

    def _somebody(self) -> int:
        return self.rng.randrange(self.folk.count)

    def _show(self, who: int) -> None:
        self.gate.show(self._live(who), self._way())

    def _show_twice(self, who: int) -> None:
        live = self._live(who)
        self.gate.show(live, self._way())
        self.gate.pass_(self.rng.choice((0.5, 2, 4, 4.9)))
        self.gate.show(live, self._way())

    def _again_later(self, who: int) -> None:
        live = self._live(who)
        self.gate.show(live, self._way())
        self.gate.pass_(self.rng.choice((5.5, 10, 30, 50)))
        self.gate.show(live, self._way())

    def _stale_picture(self, who: int) -> None:
        """A screenshot that a friend has sent: of now, of a minute ago, of long ago."""
        self.gate.show(self._live(who, ahead=-self.rng.choice((5, 59, 62, 3000))), self._way())
        if self.gate.model.mode == "challenge":
            self.gate.pass_(self.rng.choice((20, 40, 65)))
            self.gate.show(self.folk.live(self._somebody(), self.gate.now), self._way())

    def _wrong_clock(self, who: int) -> None:
        self.gate.show(self._live(who, ahead=self.rng.choice((-3000, -70, -58, 58, 70, 86400))), self._way())

    def _number_first(self, who: int) -> None:
        self.gate.dismiss()
        self.gate.number(self.folk.number(who), self._number_way())
        self.gate.pass_(self.rng.choice((1, 8, 29, 31)))
        self.gate.show(self._live(who), self._way())

    def _number_after(self, who: int) -> None:
        self.gate.show(self._live(who), self._way())
        self.gate.pass_(self.rng.choice((1, 4, 7.5, 9)))
        self.gate.number(self.folk.number(who), self._number_way())
        self.gate.dismiss()

    def _wrong_number(self, who: int) -> None:
        other = self.folk.number((who + 1) % self.folk.count)
        if self.rng.random() < 0.5:
            self.gate.dismiss()
            self.gate.number(other, self._number_way())
            self.gate.show(self._live(who), self._way())
        else:
            self.gate.show(self._live(who), self._way())
            self.gate.pass_(2)
            self.gate.number(other, self._number_way())
        self.gate.dismiss()

    def _print_and_number(self, who: int) -> None:
        seal = self.folk.seal(who)
        first = self.rng.random() < 0.3
        self.gate.dismiss()
        if first:
            self.gate.number(seal.number, self._number_way())
        self.gate.show(seal, self._way())
        if not first:
            self.gate.pass_(self.rng.choice((3, 20, 59)))
            self.gate.number(seal.number, self._number_way())
        self.gate.pass_(1)
        self.gate.show(seal, self._way())  # once more, within its five seconds
        self.gate.dismiss()

    def _print_wrong_number(self, who: int) -> None:
        self.gate.show(self.folk.seal(who), self._way())
        self.gate.pass_(5)
        self.gate.number(self.folk.number((who + 1) % self.folk.count), self._number_way())
        self.gate.dismiss()

    def _print_and_go(self, who: int) -> None:
        self.gate.show(self.folk.seal(who), self._way())
        self.gate.dismiss()

    def _some_other_code(self, who: int) -> None:
        self._others += 1
        text = f"{self.rng.choice(OTHERS)}{self._others:05d}"
        self.gate.show(Shown(text=text, kind="other", wrong="not_montrey"), self._way())
        self._show(who)

    def _no_number(self, who: int) -> None:
        choices = ((BANK_CARD, "bank_card"), (BARCODE, "bank_card"), ("0123456780", "wrong"))
        digits, state = self.rng.choice(choices)
        self.gate.no_number(digits, self._number_way(), state)
        self._show(who)

    def _forge(self, who: int) -> None:
        self.gate.show(self.folk.forged(who, self.gate.now), self._way())

    def _strange_answer(self, who: int) -> None:
        """An answer to a challenge of nobody's or another gate's, or one that is late, or second."""
        if self.gate.model.mode == "plain" or self.rng.random() < 0.3:
            nobodys = Challenge(self.rng.choice((0, 17)), self.rng.randbytes(8))
            self.gate.show(self.folk.live(who, self.gate.now, nobodys), self._way())
            return
        challenge = self.gate.challenge()
        if self.rng.random() < 0.5:
            self.gate.show(self.folk.live(who, self.gate.now, challenge), self._way())
            self.gate.pass_(6)
        else:
            self.gate.pass_(self.rng.choice((35, 59, 61)), step=5)
        self.gate.show(self.folk.live(self._somebody(), self.gate.now, challenge), self._way())

    def _two_at_once(self, who: int) -> None:
        """A scanner that beeps twice before anybody has looked."""
        if self.ways and "keys" not in self.ways:
            self._show(who)
            return
        self.gate.dismiss()
        self.gate.show_both(self._live(who), self.folk.seal(self._somebody()))

    def _stay_in_view(self, who: int) -> None:
        """A phone lies before the camera for a while: one verdict."""
        if self.ways and "camera" not in self.ways:
            self._show(who)
            return
        live = self._live(who)
        self.gate.show(live, "camera")
        self.gate.stays(live, seconds=9)

    def _stray_keys(self, who: int) -> None:
        """Somebody leans on the keyboard: nothing comes of it."""
        self.gate.stray(self.rng.choice(("hello guard", "jkjkjk", "q")))
        self._show(who)

    def _half_scan(self, who: int) -> None:
        live = self._live(who)
        half = live.text[: self.rng.randint(40, 250)]
        self.gate.show(Shown(text=half, kind="other", wrong="malformed"), self._way())
        self.gate.pass_(1)
        self.gate.show(live, self._way())
