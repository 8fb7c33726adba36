"""What is shown to a gate: taken from wherever it comes, judged, told to the pages, written down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import count
from threading import RLock

from verifier.gate import frames, intake, screen_state, telling
from verifier.gate.desk import Answer, Desk
from verifier.gate.errors import GateError
from verifier.gate.intake import By, Item, What
from verifier.gate.keyboard import Key, is_quick
from verifier.gate.pages import Message
from verifier.gate.recent import Recent
from verifier.gate.watchman import Watchman

_DELTA_HELD = 30.0
"""Seconds for which a delta that stays before the camera is not taken again."""
_SEVERAL_TOLD = 10.0
"""Seconds until it is told again that several codes are before the camera."""


class Reception:
    """Between what comes in and the desk, for any number of threads.

    `lock` guards the desk and the verdict that stands; nothing waits for a
    disk under it. `tell` tells the pages something, `tell_state` how the gate
    is; `write` leaves an entry for the log, `give_delta` begins an update.
    """

    def __init__(
        self,
        desk: Desk,
        watch: Watchman,
        *,
        monotonic: Callable[[], float],
        tell: Callable[[Message], None],
        tell_state: Callable[[], None],
        write: Callable[..., None],
        give_delta: Callable[[str], None],
    ) -> None:
        self.lock = RLock()
        self._desk, self._watch, self._monotonic = desk, watch, monotonic
        self._tell, self._tell_state, self._write, self._give_delta = tell, tell_state, write, give_delta
        self._recent: Recent[Message] = Recent()
        self._deltas: Recent[bool] = Recent(hold=_DELTA_HELD)
        self._ids = count(1)
        self._standing: tuple[Message, float] | None = None
        self._whose = ""  # the code whose verdict stands, or stood last
        self._several: float | None = None

    def keys(self, keys: Sequence[Key], *, ended: bool) -> bool:
        """A burst of keys as it stands; whether it was taken for something."""
        items = intake.of_keys(keys, ended=ended, is_whole=self._desk.is_whole) if keys else []
        if items == [intake.NOTHING] and is_quick(keys):  # a scanner's, if no code
            self.take_down()
        return self._take_all(items, By.KEYS)

    def text(self, text: str, by: By) -> bool:
        """A text that somebody else has read: a scanner's line, a picture, a delta's file."""
        return self._take_all([intake.of_text(text, by)], by)

    def number(self, text: str) -> None:
        """A number that a hand has typed."""
        self._take_all([intake.of_number(text)], By.NUMBER)

    def frame(self, data: bytes) -> bool:
        """A camera's frame; whether there was a code in it.

        Raises:
            ValueError: when it is no frame.
        """
        texts = frames.read(frames.parse(data))
        codes = [text for text in texts if text.startswith(("MQ", "MS1:"))] or texts[:1]
        if len({text for text in codes if text.startswith("MQ")}) > 1:
            self.take_down()
            self._tell_several()  # whose verdict would it be?
            return True
        for text in codes:
            self.see(text)
        return bool(texts)

    def dismiss(self) -> None:
        """The guard has seen the verdict, or gives up a number that waits."""
        with self.lock:
            self._desk.forget()
            self._standing = None
        self._tell({"type": "clear"})

    def see(self, text: str) -> None:
        """A text before the camera: one that stays there says nothing new, and lets nobody else in."""
        with self.lock:
            stayed, others = self._recent.in_view(text, self._monotonic()), text != self._whose
        if not stayed and self._take_all([intake.of_text(text, By.CAMERA)], By.CAMERA):
            return
        if not stayed or others:
            self.take_down()

    def _take_all(self, items: Sequence[Item], by: By) -> bool:
        taken = [self._take(item, by) for item in items]
        return any(taken)

    def _take(self, item: Item, by: By) -> bool:
        if item.what is What.NOTHING:
            return False
        if item.what is What.DELTA:
            self._take_delta(item.text, by)
        elif item.what is What.CODE:
            self._take_code(item.text, by)
        elif item.what is What.CARD:
            self._take_number(item.text)
        else:
            self.take_down()
            self._tell(screen_state.number(item.what))
        return True

    def _take_code(self, text: str, by: By) -> None:
        with self.lock:
            known = self._recent.find(text, self._monotonic())
            if known is not None and not known["asks_number"]:
                self._desk.again(text)
                self._standing, self._whose = (known, self._monotonic()), text
                self._tell(known | {"repeat": True})
                return
            now = self.look_at_clock()
            message = self._told(self._desk.judge(text, now), by, now)
            self._whose = text
            self._recent.keep(text, message, self._monotonic())
        self._tell_state()

    def _take_number(self, number: str) -> None:
        with self.lock:
            now = self.look_at_clock()
            text, answer = self._desk.held(), self._desk.number(number, now)
            if answer is not None:
                message = self._told(answer, By.NUMBER, now)
                self._whose = text or ""
                self._recent.keep(text or "", message, self._monotonic())
        if answer is None:
            self.take_down()
            self._tell(screen_state.number(What.CARD))
        self._tell_state()

    def _take_delta(self, text: str, by: By) -> None:
        self.take_down()
        if by is By.CAMERA and self._deltas.find(text, self._monotonic()):  # it is still there
            return
        try:
            self._give_delta(text)
        except GateError as error:
            self._tell(screen_state.refused_update(error))
        else:
            self._deltas.keep(text, True, self._monotonic())

    def _tell_several(self) -> None:
        now = self._monotonic()
        if self._several is None or now - self._several > _SEVERAL_TOLD:
            self._several = now
            error = GateError("several_codes", "several codes are before the camera")
            self._tell(screen_state.refused_update(error))

    def _told(self, answer: Answer, by: By, now: datetime) -> Message:
        message = telling.verdict(answer, self._desk.trust, now)
        self._write(
            "verdict",
            answer.code,
            assurance=None if answer.assurance is None else answer.assurance.label,
            by=by.value,
            checked=answer.number_checked,
        )
        return self.stand(message)

    def stand(self, told: Message) -> Message:
        """Tells a verdict, which stands until its time is over or another comes; returns it with its id."""
        message = told | {"id": next(self._ids), "repeat": False}
        self._standing, self._whose = (message, self._monotonic()), ""
        self._tell(message)
        return message

    def standing(self) -> Message | None:
        """The verdict that stands, for a page that has just come."""
        if self._standing is None:
            return None
        message, since = self._standing
        stood = self._monotonic() - since
        return message | {"repeat": True, "stood": stood} if stood < message["seconds"] else None

    def look_at_clock(self) -> datetime:
        """What time it is, by a clock that the desk is told to doubt where there is reason."""
        self._desk.clock_doubted = self._watch.state(self._desk.trust) in ("ahead", "back")
        self._desk.began(self._watch.started())
        return self._watch.now()

    def begin_anew(self) -> None:
        """With other settings or newer trust a verdict may be another: none is repeated, none lets in."""
        with self.lock:
            self._recent.repeat_none()
            self._deltas = Recent(hold=_DELTA_HELD)  # one that had no base may have it now
            self._desk.forget()
        self.take_down()

    def take_down(self) -> None:
        """Somebody has come with something else: an acceptance that stands is not theirs."""
        with self.lock:
            stood, _ = self._standing or ({}, 0.0)
            if stood.get("verdict") in ("accepted", "pass"):
                self._standing = None
                self._tell({"type": "clear"})
