"""Scenes, and the demo's verifiers that judge them: with no network, as a gate has none."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import NoReturn

from credential.challenge import Challenge
from examples.demo_script import SCRIPT, Line
from trust import TrustSnapshot
from verifier import (
    CannotTell,
    Kind,
    Policy,
    ReplayCache,
    VerificationError,
    Verified,
    verify,
    verify_sd_jwt,
    verify_seal,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Something shown to somebody; `name` is that of a line of the script.

    `presented_at` is what the phone's clock said, `judged_at` what the gate's
    says. `home` is the folder of the verifier, `audience` and `nonce` are what
    a bank asked with.
    """

    name: str
    text: str
    presented_at: datetime
    judged_at: datetime
    kind: Kind = Kind.LIVE
    home: str = "trust"
    card: str | None = None
    challenge: Challenge | None = None
    purpose: str = "entry"
    audience: str = ""
    nonce: str = ""

    @property
    def line(self) -> Line:
        """What the script says of this scene."""
        return SCRIPT[self.name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A scene and the answer it got; `seconds` is how long the verifier took."""

    scene: Scene
    verdict: str
    code: str
    assurance: str
    claims: Mapping[str, object]
    seconds: float

    @property
    def as_expected(self) -> bool:
        """Whether it is the answer it must be."""
        return self.code == self.scene.line.expected


class Gate:
    """A verifier's home as it stands now, and what has been shown there since it was loaded."""

    def __init__(self, home: Path) -> None:
        self.trust = TrustSnapshot.load(home)
        self._shown = ReplayCache()

    def judge(self, scene: Scene) -> Outcome:
        """Judges a scene; every socket that anything tries to open is an error of the demo."""
        verdict, code, assurance = "accepted", "accepted", ""
        with no_network():
            start = perf_counter()
            try:
                verified = self._verify(scene)
                self._shown.admit(verified, scene.judged_at)
                claims, assurance = verified.claims, verified.assurance.label
            except VerificationError as error:
                verdict = "cannot_tell" if isinstance(error, CannotTell) else "refused"
                code, claims = error.code, error.claims
            seconds = perf_counter() - start
        return Outcome(
            scene=scene, verdict=verdict, code=code, assurance=assurance, claims=claims, seconds=seconds
        )

    def _verify(self, scene: Scene) -> Verified:
        trust, now, card = self.trust, scene.judged_at, scene.card
        if scene.kind is Kind.SD_JWT:
            return verify_sd_jwt(
                scene.text,
                trust=trust,
                policy=Policy(purpose=scene.purpose),
                now=now,
                audience=scene.audience,
                nonce=scene.nonce,
                card_number=card,
            )
        if scene.kind is Kind.SEAL:
            policy = Policy(purpose=scene.purpose)
            return verify_seal(scene.text, trust=trust, policy=policy, now=now, card_number=card)
        policy, challenge = Policy(purpose=scene.purpose), None
        if scene.challenge is not None:
            policy = Policy(purpose=scene.purpose, audience=scene.challenge.audience)
            challenge = scene.challenge.nonce
        return verify(scene.text, trust=trust, policy=policy, now=now, challenge=challenge, card_number=card)


class NetworkUsedError(RuntimeError):
    """Something asked for a socket while a presentation was judged."""


@contextmanager
def no_network() -> Iterator[None]:
    """Takes the sockets away from everything in this process for a while."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise NetworkUsedError("a socket was asked for while judging")

    names = ("socket", "create_connection", "create_server", "socketpair", "getaddrinfo", "gethostbyname")
    kept = {name: getattr(socket, name) for name in names}
    try:
        for name in names:
            setattr(socket, name, refuse)
        yield
    finally:
        for name, function in kept.items():
            setattr(socket, name, function)
