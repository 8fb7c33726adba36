"""Two thousand people of a real ministry, with phones and plastic, made cheaply.

The first of them are the town's own: the register knows them, so they can be
suspended and revoked. The others are signed by the ministry's live and seal
keys with status indices that the register has given to nobody; for a gate
there is no difference. Each showing says what it is, for the model to judge.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

import forge
from faults import raw, rebuilt
from gate_showing import Shown
from gate_town import Town

from credential.challenge import Challenge
from credential.live import Badge, issue_live, present_live
from credential.packed import pack
from credential.seal import issue_seal
from credential.template import ANY_GATE, Kind
from did import Algorithm, SoftwareSigner
from examples.people import rows
from issuer import allotment, credentials, database
from issuer.credentials import Making

DAY = 86_400
BEYOND = 1 << 18
"""The first index that no list has."""


@dataclass(frozen=True)
class _Minted:
    live: bytes
    holder: SoftwareSigner
    number: str
    seal: str
    begins: int


class Folk:
    """`count` people, counted from 0; the first `town.people` of them are the town's."""

    def __init__(self, town: Town, count: int, rng: random.Random) -> None:
        self.count = max(count, town.people)
        self.town, self.rng = town, rng
        self.founded = now = int(town.now.timestamp())
        self._day = now // DAY
        with database.reading(town.office._engine) as session:
            self._live_by, self._seal_by = (
                credentials.making(session, kind, town.office._keyring, signed=None, now=now)
                for kind in (Kind.LIVE, Kind.SEAL)
            )
            minted = self.count - town.people
            self._indices = [
                allotment.draw_indices(session, making.list_id, minted)
                for making in (self._live_by, self._seal_by)
            ]
        self._seals = [town.seal(person) for person in range(town.people)]
        taken = {number for _, number in self._seals}
        self._minted = [self._mint(at, row, taken) for at, row in enumerate(rows(minted, seed=7))]

    def number(self, who: int) -> str:
        """The number on somebody's plastic."""
        return self._seals[who][1] if who < self.town.people else self._of(who).number

    def live(self, who: int, at: datetime, challenge: Challenge | None = None) -> Shown:
        """What somebody's phone shows at `at` of its own clock."""
        if who < self.town.people:
            text = self.town.live(who, at, challenge=challenge)
        else:
            text = self._present(self._of(who).live, self._of(who).holder, at, challenge)
        return Shown(
            text=text,
            who=who,
            number=self.number(who),
            signed_at=int(at.timestamp()),
            challenge=challenge.nonce if challenge else None,
            gate=challenge.audience_number if challenge else 0,
        )

    def seal(self, who: int) -> Shown:
        """The code on somebody's plastic."""
        text = self._seals[who][0] if who < self.town.people else self._of(who).seal
        return Shown(text=text, kind="seal", who=who, number=self.number(who))

    def newcomer(self, at: datetime, day: int, *, index: int | None = None) -> Shown:
        """Somebody whose credential begins on `day` (from 1970), or has an index that is in no list."""
        holder = SoftwareSigner.generate(Algorithm.ED25519)
        number = self._draw_number(set())
        badge = Badge(name_km="ថ្មី", name_la="NEW", card_number=number, ministry=1, position=1)
        index = self.rng.choice(self._indices[0]) if index is None else index
        live = self._issue(badge, holder, index=index, day=day)
        return Shown(
            text=self._present(live, holder, at, None),
            who=-1 - day,
            number=number,
            signed_at=int(at.timestamp()),
            begins=day * DAY,
            wrong="status_unknown" if index >= BEYOND else "",
        )

    def forged(self, who: int, at: datetime) -> Shown:
        """One of the ways to cheat: each with the code that it must lead to."""
        honest = self.live(who, at)
        data = raw(honest.text)
        text, seal = honest.text, self.seal(who)
        return self.rng.choice(
            (
                _bent(honest, rebuilt("", _flip(data, -100)), "bad_signature"),
                _bent(honest, rebuilt("", _flip(data, -30)), "holder_mismatch"),
                _bent(honest, self._stranger(who, at), "untrusted_issuer"),
                _bent(honest, "MQ2:" + text[4:], "unsupported_version"),
                _bent(honest, text[: self.rng.randint(60, 200)], "malformed"),
                _bent(honest, text[:90] + "!" + text[91:], "malformed"),
                _bent(seal, rebuilt("", _flip(raw(seal.text), -5)), "bad_signature"),
            )
        )

    def _stranger(self, who: int, at: datetime) -> str:
        """A code as good as can be, by a key that the ministry never had (made without the product)."""
        issuer, holder = (forge.Key(self.rng, False) for _ in range(2))
        spec = forge.Live(issuer, holder, number=4242, kid="live-9", idx=5, day=self._day)
        spec.card, spec.signed_at = self.number(who), int(at.timestamp())
        return spec.text()

    def _of(self, who: int) -> _Minted:
        return self._minted[who - self.town.people]

    def _mint(self, at: int, row: dict[str, str], taken: set[str]) -> _Minted:
        number = self._draw_number(taken)
        holder = SoftwareSigner.generate(Algorithm.P256 if at % 5 == 0 else Algorithm.ED25519)
        position = row["position"]
        badge = Badge(
            name_km=row["name_km"],
            name_la=row["name_la"],
            card_number=number,
            ministry=int(row["ministry"]),
            position=int(position) if position.isdigit() else position,
        )
        seal = issue_seal(
            self._seal_by.template,
            name_km=badge.name_km,
            name_la=badge.name_la,
            card_number=number,
            photo_sha256=bytes(32),
            index=self._indices[1][at],
            day=self._day,
            signer=self._seal_by.signer,
        )
        live = self._issue(badge, holder, index=self._indices[0][at], day=self._day)
        return _Minted(live, holder, number, pack(seal, self._seal_by.template), self._day * DAY)

    def _issue(self, badge: Badge, holder: SoftwareSigner, *, index: int, day: int) -> bytes:
        by: Making = self._live_by
        return issue_live(
            by.template, badge, index=index, day=day, holder=holder.public_key, signer=by.signer
        )

    def _present(self, live: bytes, holder: SoftwareSigner, at: datetime, challenge: Challenge | None) -> str:
        token = present_live(
            live,
            audience=challenge.audience if challenge else ANY_GATE,
            challenge=challenge.nonce if challenge else None,
            now=int(at.timestamp()),
            signer=holder,
        )
        return pack(token, self._live_by.template)

    def _draw_number(self, taken: set[str]) -> str:
        while True:
            digits = f"{self.rng.randrange(10**9):09d}"
            number = digits + damm(digits)
            if number not in taken:
                taken.add(number)
                return number

    @cached_property
    def midnight(self) -> datetime:
        """The next midnight (UTC) after the founding, when credentials of the next day begin."""
        return datetime.fromtimestamp((self._day + 1) * DAY, UTC)


_DAMM = "0317598642709215486342068713591750983426612304597836742095815869720134894536201794386172052581436790"


def damm(digits: str) -> str:
    """The check digit of a card number (Damm 2004, the quasigroup of order 10)."""
    state = 0
    for digit in digits:
        state = int(_DAMM[10 * state + int(digit)])
    return str(state)


def _flip(data: bytes, at: int) -> bytes:
    bent = bytearray(data)
    bent[at] ^= 1
    return bytes(bent)


def _bent(shown: Shown, text: str, wrong: str) -> Shown:
    return Shown(
        text=text,
        kind=shown.kind,
        who=shown.who,
        number=shown.number,
        signed_at=shown.signed_at,
        wrong=wrong,
    )
