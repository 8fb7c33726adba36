"""A ministry, its trust, and presentations with known faults.

A case begins as one that has to be accepted. Faults are then made to it, each
knowing the code it must lead to; the expected verdict follows from their
order in the code table alone, never from the product.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

import forge

from credential.codes import CodeTables, Name
from credential.template import Kind as TemplateKind
from credential.template import Template
from did.algorithm import Algorithm
from did.keys import PublicKey
from revocation import SignedList, StatusList
from trust import IssuerKey, KeyKind, Purpose, TrustSnapshot

NOW = 1_790_000_000
DAY = NOW // 86400
SIZE = 1 << 18
ISS = "https://montrey.example"
BANK = "https://bank.example"

ORDER = [  # docs/architecture.md, from top to bottom
    *("not_montrey", "unsupported_version", "malformed", "kind_not_accepted"),
    *("untrusted_issuer", "wrong_algorithm", "bad_signature", "holder_mismatch"),
    *("audience_mismatch", "challenge_mismatch", "challenge_unexpected"),
    *("not_yet_valid", "expired", "too_old", "too_new", "card_mismatch"),
    *("revoked", "suspended", "purpose_not_permitted", "assurance_too_low"),
]
DOUBTS = [
    *("card_number_needed", "trust_expired", "clock_untrusted"),
    *("status_unknown", "not_active", "status_stale"),
]
TIME = ("not_yet_valid", "expired", "too_old", "too_new")


@dataclass
class Case:
    """One presentation and everything it is judged with."""

    kind: str
    spec: Any
    trust: TrustSnapshot
    policy: dict[str, Any] = field(default_factory=dict)
    now: float = NOW
    challenge: bytes | None = None
    card: str | None = None
    audience: str = BANK
    nonce: str = "n-0"
    rewrite: Callable[[str], Any] = lambda text: text
    expected: str = "accepted"
    how: str = ""
    text: Any = ""

    @property
    def moment(self) -> datetime:
        """`now` as an aware datetime."""
        return datetime.fromtimestamp(self.now, UTC)


@dataclass(frozen=True)
class Fault:
    """One thing wrong: the code it leads to, what it touches (one of each per case), and how it is made."""

    code: str
    touches: str
    make: Callable[[Case, random.Random, World], None]

    @property
    def name(self) -> str:
        """For a person reading a failure."""
        return f"{self.code}:{self.make.__name__}"


class World:
    """The ministry's keys and templates, and the trust made of them."""

    def __init__(self, seed: int) -> None:
        self.rng = rng = random.Random(seed)
        self.keys = {name: forge.Key(rng, False) for name in ("live-1", "seal-1", "stranger")}
        self.keys |= {name: forge.Key(rng, True) for name in ("live-p256", "sd-jwt-1", "stranger-p256")}
        self.trust = self._trust()

    def public(self, name: str) -> PublicKey:
        """A key as the product knows it."""
        key = self.keys[name]
        return PublicKey(Algorithm.P256 if key.p256 else Algorithm.ED25519, key.x + key.y)

    def _trust(self) -> TrustSnapshot:
        kinds = {
            "live-1": (KeyKind.LIVE, "urn:montrey:live:1"),
            "live-p256": (KeyKind.LIVE, "urn:montrey:live:1"),
            "seal-1": (KeyKind.SEAL, "urn:montrey:seal:1"),
            "sd-jwt-1": (KeyKind.SD_JWT, f"{ISS}/types/civil-servant"),
        }
        keys = {
            kid: IssuerKey(kid, kind, self.public(kid), ISS, frozenset({vct}), NOW - 10**8, NOW + 10**8)
            for kid, (kind, vct) in kinds.items()
        }
        templates = {
            1: _template(1, TemplateKind.LIVE, "live-1", 365),
            2: _template(2, TemplateKind.SEAL, "seal-1", 3652),
            3: _template(3, TemplateKind.LIVE, "live-p256", 30),
            4: _template(4, TemplateKind.LIVE, "nobody", 365),
            5: _template(5, TemplateKind.SEAL, "nobody", 365),
        }
        purposes = {
            "entry": Purpose("entry", True, Name("ចូល", "entry")),
            "salary": Purpose("salary", True, Name("ប្រាក់ខែ", "salary")),
            "national-id": Purpose("national-id", False, Name("អត្តសញ្ញាណប័ណ្ណ", "national ID")),
        }
        uris = [f"{ISS}/status/{name}" for name in ("live-1", "seal-1", "sd-jwt-1")]
        return TrustSnapshot(
            keys=MappingProxyType(keys),
            templates=MappingProxyType(templates),
            codes=CodeTables(),
            purposes=MappingProxyType(purposes),
            relying_parties=MappingProxyType({}),
            lists=MappingProxyType({uri: signed_list(uri, {}) for uri in uris}),
            genuine=MappingProxyType({}),
            expires=NOW + 30 * 86400,
            signed_floor=NOW - 86400,
            local_floor=NOW - 10,
        )

    def person(self, rng: random.Random) -> dict[str, Any]:
        """Names, card number and codes of somebody."""
        khmer = "".join(chr(0x1780 + rng.randrange(33)) for _ in range(rng.randint(2, 20)))
        latin = " ".join(rng.choices(["SOK", "DARA", "Chan", "NEANG", "O'Neil"], k=rng.randint(1, 4)))
        return {
            "name_km": rng.choice([khmer, khmer + " ១២", "Ålesund 李"]),
            "name_la": rng.choice([latin, latin, "ÉLODIE", "a@b"]),
            "card": f"{rng.randrange(10**10):010d}",
            "idx": rng.choice([0, SIZE - 1, rng.randrange(SIZE)]),
            "day": DAY - rng.randrange(29),
        }

    def live(self, rng: random.Random) -> Case:
        """A live presentation that has to be accepted."""
        template, kid = rng.choice([(1, "live-1"), (1, "live-1"), (3, "live-p256")])
        spec = forge.Live(
            self.keys[kid],
            forge.Key(rng, rng.random() < 0.4),
            number=template,
            kid=kid,
            days=365 if template == 1 else 30,
            signed_at=NOW + rng.choice([-60, 60, 0, rng.randint(-60, 60)]),
            ministry=rng.randrange(0xFFFF),
            position=rng.randrange(0xFFFF) if rng.random() < 0.7 else "ប្រធាន",
            **self.person(rng),
        )
        case = Case("live", spec, self.trust)
        if rng.random() < 0.4:
            case.challenge = spec.challenge = rng.randbytes(8)
            spec.aud, case.policy["audience"] = 17, "gate-17"
            spec.signed_at = rng.randint(
                1_000_000, 4_000_000_000
            )  # with a challenge the phone's clock is not judged
        if rng.random() < 0.3:
            case.card = spec.card
        if rng.random() < 0.15:
            _unpackable(case, rng)
        return case

    def seal(self, rng: random.Random) -> Case:
        """A seal that has to be accepted."""
        person = self.person(rng)
        person["day"] = DAY - rng.randrange(1000)
        spec = forge.Seal(self.keys["seal-1"], photo=rng.randbytes(32), **person)
        if rng.random() < 0.15:
            spec.whole = True
            choice = rng.randrange(4)
            if choice == 0:
                spec.extra_claims = {99: "later"}
            elif choice == 1:
                spec.name_la = "LONG " * 30
            elif choice == 2:
                spec.card = "AB-12345"
            else:
                spec.photo = None
        return Case("seal", spec, self.trust, card=spec.card)

    def bank(self, rng: random.Random) -> Case:
        """An SD-JWT VC presentation that has to be accepted."""
        person = self.person(rng)
        spec = forge.Bank(
            self.keys["sd-jwt-1"],
            forge.Key(rng, rng.random() < 0.6),
            idx=person["idx"],
            card=person["card"],
            issued_at=NOW - rng.randrange(10**6),
            expires_at=NOW + rng.randrange(1, 10**6),
            signed_at=NOW + rng.randint(-(10**5), 10**5),
            nonce=forge.b64(rng.randbytes(16)),
        )
        case = Case("bank", spec, self.trust, nonce=spec.nonce, policy={"purpose": "salary"})
        if rng.random() < 0.5:
            case.card = spec.card
        elif rng.random() < 0.5:
            spec.disclose_card = False
        return case


def _unpackable(case: Case, rng: random.Random) -> None:
    """Makes of a live case one that no template can pack, for one of the reasons there are."""
    spec: forge.Live = case.spec
    spec.whole = True
    choice = rng.randrange(5)
    if choice == 0:
        spec.aud, case.policy["audience"] = BANK, BANK
    elif choice == 1:
        spec.name_la = "LONG " * 30
    elif choice == 2:
        spec.ministry, spec.position = rng.choice([(None, 1), (1, None), (70_000, 1), (1, 70_000)])
    elif choice == 3:
        spec.card = "AB-12345"
        case.card = case.card and spec.card
    else:
        spec.issuer_alg = -7 if spec.issuer.p256 else -8
        spec.holder_alg = rng.choice([None, -7 if spec.holder.p256 else -8])


def packable(case: Case) -> None:
    """Undoes `_unpackable`: the case's token fits its layout, and is packed."""
    spec = case.spec
    spec.whole = False
    if case.kind == "live":
        if isinstance(spec.aud, str):
            spec.aud, case.policy["audience"] = 0, "any-gate"
        spec.issuer_alg = spec.holder_alg = None
        spec.ministry, spec.position = 1, 1
    else:
        spec.photo, spec.extra_claims = bytes(32), {}
    spec.name_la = "SOK DARA"
    spec.idx = min(spec.idx, SIZE + 1)
    if not spec.card.isdigit():
        spec.card = "0123456789"
        case.card = case.card and spec.card


def _template(number: int, kind: TemplateKind, kid: str, days: int) -> Template:
    name = "live-1" if kind is TemplateKind.LIVE else "seal-1"
    return Template(
        number=number,
        kind=kind,
        iss=ISS,
        kid=kid,
        algorithm=Algorithm.P256 if kid == "live-p256" else Algorithm.ED25519,
        vct=f"urn:montrey:{kind.value}:1",
        status_uri=f"{ISS}/status/{name}",
        validity_days=days,
    )


def signed_list(uri: str, entries: dict[int, int], *, age: int = 3600, ends: int = 35 * 86400) -> SignedList:
    """A status list as a sync would have accepted it, packed here bit by bit (LSB first)."""
    data = bytearray(SIZE // 4)
    for index, value in entries.items():
        data[index // 4] |= value << 2 * (index % 4)
    return SignedList(
        uri=uri,
        statuses=StatusList(2, bytes(data)),
        issued_at=NOW - age,
        expires_at=NOW - age + ends,
        ttl=None,
        sequence=1,
        kid="status-1",
        digest=bytes(32),
    )


def with_list(case: Case, **options: Any) -> None:
    """Replaces the list of the case's credential."""
    uri = case.spec.uri
    value = options.pop("value", 0)
    entries = {case.spec.idx: value}
    lists = {**case.trust.lists, uri: signed_list(uri, entries, **options)}
    case.trust = replace(case.trust, lists=MappingProxyType(lists))


def with_key(case: Case, **changes: Any) -> None:
    """Changes, or with `gone` removes, the trusted key of the case."""
    keys = dict(case.trust.keys)
    kid = case.spec.kid
    if changes.pop("gone", False):
        del keys[kid]
    else:
        keys[kid] = replace(keys[kid], **changes)
    case.trust = replace(case.trust, keys=MappingProxyType(keys))


def expect(faults: list[Fault]) -> str:
    """The verdict that follows from the faults and the table."""
    codes = [fault.code for fault in faults]
    if "clock_untrusted" in codes:
        codes = [code for code in codes if code not in TIME]
    if "trust_expired" in codes and any(f.make.__name__.startswith("unknown_") for f in faults):
        codes = [
            code for code in codes if code in ORDER and ORDER.index(code) < ORDER.index("untrusted_issuer")
        ]
        return min(codes, key=ORDER.index, default="trust_expired")
    refusals = [code for code in codes if code in ORDER]
    if refusals:
        return min(refusals, key=ORDER.index)
    return min(codes, key=DOUBTS.index, default="accepted")


def days(number: float) -> timedelta:
    """A duration."""
    return timedelta(days=number)
