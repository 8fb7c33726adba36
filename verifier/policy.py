"""What a verifier demands, beyond what is always demanded."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from credential.template import ANY_GATE
from verifier.verdict import Assurance


class Kind(StrEnum):
    """The three things that can be presented."""

    LIVE = "live"
    SEAL = "seal"
    SD_JWT = "sd-jwt"


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A gate's or bank's demands; every default is the safe one.

    `kinds` narrows what is taken at all: `verify` never takes a seal and
    `verify_seal` never a live token, whatever stands here. `window` is the
    largest distance between a presentation's time and now, both ways, with no
    skew on top. `require_card` demands that the plastic's number be compared.

    Raises:
        ValueError: for a negative or absurd duration.
    """

    audience: str = ANY_GATE
    kinds: frozenset[Kind] = field(default=frozenset(Kind))
    purpose: str = "entry"
    max_status_age: timedelta = timedelta(days=8)
    window: timedelta = timedelta(seconds=60)
    min_assurance: Assurance = Assurance.PRINTED
    require_card: bool = False
    window_seconds: float = field(init=False, repr=False, compare=False)
    status_age_seconds: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not timedelta(0) < self.window <= timedelta(hours=1):
            raise ValueError("window: more than nothing, at most an hour")
        if not timedelta(0) < self.max_status_age <= timedelta(days=400):
            raise ValueError("max_status_age: more than nothing, at most 400 days")
        object.__setattr__(self, "window_seconds", self.window.total_seconds())
        object.__setattr__(self, "status_age_seconds", self.max_status_age.total_seconds())
