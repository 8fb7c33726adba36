"""Every fault of the code table, made in as many ways as there are checks."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import cbor2
import forge
from world import DAY, NOW, SIZE, Case, Fault, World, days, packable, with_key, with_list

from trust import GenuineList, KeyKind
from verifier import Assurance

LIVE: list[Fault] = []
SEAL: list[Fault] = []
BANK: list[Fault] = []
Make = Callable[[Case, random.Random, World], None]
FOREIGN = [
    "",
    "https://www.example.org/menu",
    "HC1:6BFOXN%TSMAHN-H1YO-SV%UJ5PIR9",
    "00020101021230360016example@bank0112345678905204599953031165802KH",
    "WIFI:T:WPA;S:guest;P:secret;;",
    "6BF5YZB2K7QUH3SD4U%7V$5R65P7L4L8BE",
    "SMART:shc:/567629595326546034602925",
    "mq1:ABC",
    "MQ",
    "MQ:",
    "ទិន្នន័យ",
    "\ud800\udfff",
    "MQ\u0661:11",
    "eyJhbGciOiJub25lIn0.e30.",
    "{" * 5000,
    "x" * 100_000,
]


def fault(code: str, touches: str, *lists: list[Fault]) -> Callable[[Make], Make]:
    """Registers a way to make a fault."""

    def register(make: Make) -> Make:
        for faults in lists:
            faults.append(Fault(code, touches, make))
        return make

    return register


# --- form ---------------------------------------------------------------------------------------------------


@fault("not_montrey", "form", LIVE, SEAL)
def other_code(case: Case, rng: random.Random, world: World) -> None:
    """Some other QR code."""
    case.rewrite = lambda _: rng.choice([*FOREIGN, None, b"MQ1:"])


@fault("not_montrey", "form", BANK)
def not_a_token(case: Case, rng: random.Random, world: World) -> None:
    """No SD-JWT at all."""
    case.rewrite = lambda _: rng.choice([None, *(text for text in FOREIGN if text[:3] != "eyJ")])


@fault("unsupported_version", "form", LIVE, SEAL)
def later_version(case: Case, rng: random.Random, world: World) -> None:
    """A later profile, or a later kind of this one."""
    kind = bytes((rng.choice([0x00, 0x05, 0x50, 0x77, 0xFF]),))
    case.rewrite = rng.choice(
        [lambda t: f"MQ{rng.choice('02345')}:" + t[4:], lambda t: rebuilt(t, kind + raw(t)[1:])]
    )


@fault("malformed", "form", LIVE, SEAL)
def text_damaged(case: Case, rng: random.Random, world: World) -> None:
    """Cut, lengthened, lower case, foreign characters, too long."""
    case.rewrite = rng.choice(
        [
            lambda t: t[: rng.randrange(4, len(t))],
            lambda t: t + rng.choice("0A :"),
            lambda t: t + rng.choice(["\n\n", "\r\r", "\n\r", " ", "\t", "\n "]),
            lambda t: "MQ1:" + t[4:].lower() if any(c.isalpha() for c in t[4:]) else "MQ1:a",
            lambda t: t[:20] + rng.choice(["é", "\ud800", "#", "\0", "="]) + t[21:],
            lambda t: "MQ1:" + ":::" + t[7:],
            lambda t: t + "000" * 1500,
            lambda t: "MQ1:",
            lambda t: "MQ1:" + "0" * (10**6),
            lambda t: rebuilt(t, raw(t) + bytes(rng.randrange(1, 4))),
            lambda t: rebuilt(t, raw(t)[: rng.randrange(1, len(raw(t)))]),
            lambda t: rebuilt(t, raw(t)[: rng.randrange(1, 24)]),
        ]
    )


@fault("malformed", "form", LIVE)
def live_field_impossible(case: Case, rng: random.Random, world: World) -> None:
    """A packed field out of its range."""
    packable(case)
    spec: forge.Live = case.spec
    choice = rng.randrange(8)
    if choice == 0:
        spec.after["day"] = 0
    elif choice == 1:
        spec.after["signed_at"] = 0xFFFF
    elif choice == 2:
        spec.after["ministry"] = 0xFFFF
    elif choice == 3:
        spec.after["card"] = str(10**10 + rng.randrange(10**10))
    elif choice == 4:
        spec.after["day"] = 0xFFFF
    elif choice == 5:
        case.rewrite = lambda t: rebuilt(t, bytes((raw(t)[0] | 0x08,)) + raw(t)[1:])
    elif choice == 6 and not spec.holder.p256:
        case.rewrite = lambda t: rebuilt(t, bytes((raw(t)[0] | 0x02,)) + raw(t)[1:])
    else:
        spec.holder = forge.Key(rng, True)
        case.rewrite = lambda t: rebuilt(t, raw(t)[:-160] + b"\xff" * 32 + raw(t)[-128:])  # no such point


@fault("malformed", "form", SEAL)
def seal_field_impossible(case: Case, rng: random.Random, world: World) -> None:
    """A packed field out of its range."""
    packable(case)
    choice = rng.randrange(4)
    if choice == 0:
        case.spec.after["day"] = 0
    elif choice == 1:
        case.spec.after["card"] = str(10**10 + rng.randrange(10**10))
    elif choice == 2:
        case.spec.after["day"] = 0xFFFF
    else:
        case.rewrite = lambda t: rebuilt(t, bytes((0x21 + rng.randrange(15),)) + raw(t)[1:])


@fault("malformed", "form", LIVE, SEAL)
def name_not_shortest(case: Case, rng: random.Random, world: World) -> None:
    """A name in another than its own encoding, with filling bits, or ill-formed."""
    packable(case)
    case.spec.name_la = "SOK"
    good = forge.name("SOK")
    bad = rng.choice(
        [
            b"\x03SOK",
            b"\x83SOK",
            good[:-1] + bytes((good[-1] | 1,)),
            b"\x00",
            b"\x40",
            b"\x80",
            b"\x02\x1f\xff",
            b"\x82\xff\xff",
            b"\x83\xed\xa0\x80",
            b"\x83\xe1\x9e\x80",
            b"\x7fSOK",
        ]
    )
    tail = 160 if isinstance(case.spec, forge.Live) else 64

    def rewrite(text: str) -> str:
        data = raw(text)
        assert data[: len(data) - tail].endswith(good)
        return rebuilt(text, data[: len(data) - tail - len(good)] + bad + data[len(data) - tail :])

    case.rewrite = rewrite


@fault("malformed", "form", LIVE, SEAL)
def whole_though_packable(case: Case, rng: random.Random, world: World) -> None:
    """A token that has a packed form, sent whole."""
    packable(case)
    case.spec.whole = True


@fault("malformed", "form", LIVE)
def whole_not_strict(case: Case, rng: random.Random, world: World) -> None:
    """A whole token that is properly signed but not what the profile allows."""
    spec: forge.Live = case.spec
    spec.whole, spec.aud = True, "https://elsewhere.example"
    choice = rng.randrange(9)
    if choice == 0:
        spec.extra_binding = {rng.choice([1, 2, 99]): "x"}
    elif choice == 1:
        spec.extra_binding = {3: [spec.aud]}
    elif choice == 2:
        spec.extra_binding = {6: rng.choice([1.5, -1, True, "1", 1 << 32, 1 << 70])}
    elif choice == 3:
        spec.extra_claims = {rng.choice([4, 6, 5]): rng.choice([1.5, -1, False, "1", 1 << 60])}
    elif choice == 4:
        spec.drop_claims = (rng.choice([1, 2, 4, 6, 8, 11, 65535, -65537]),)
    elif choice == 5:
        spec.extra_claims = {cbor2.CBORSimpleValue(59): [bytes(32)]}
    elif choice == 6:
        spec.extra_claims = {
            8: rng.choice([{1: {1: 1, -1: 6, -2: b"short"}}, {1: {1: 4}}, {2: {}}, 5, {1: {1: 1.5}}])
        }
    elif choice == 7:
        spec.extra_claims = {65535: rng.choice([{}, {"status_list": {"idx": -1, "uri": "x"}}, 1])}
    else:
        deep: Any = 1
        for _ in range(rng.choice([20, 400])):
            deep = [deep]
        spec.extra_claims = {99: deep}


@fault("malformed", "form", LIVE, SEAL)
def whole_not_deterministic(case: Case, rng: random.Random, world: World) -> None:
    """Whole tokens in another encoding, with headers outside the signature, of other types."""
    spec, kind = case.spec, 0x30 if case.kind == "live" else 0x40
    spec.whole = True
    if kind == 0x30:
        spec.aud = "https://elsewhere.example"
    else:
        spec.extra_claims = {99: 1}

    def rewrite(text: str) -> str:
        data = raw(text)[1:]
        token = cbor2.loads(data)
        parts = list(token.value)
        flag = bytes((kind | rng.randrange(1, 16),))
        changed = rng.choice(
            [
                flag + data,
                bytes((kind,)) + data[1:],
                bytes((kind,)) + b"\xd9\x00\x12" + data[1:],
                bytes((kind,)) + data[:1] + b"\x9f" + data[2:] + b"\xff",
                bytes((kind,)) + data + b"\x00",
                bytes((kind,)) + cbor2.dumps(cbor2.CBORTag(18, [parts[0], {99: 1}, *parts[2:]])),
                bytes((kind,)) + cbor2.dumps(cbor2.CBORTag(17, parts)),
                bytes((kind,)) + cbor2.dumps(cbor2.CBORTag(18, [b"", *parts[1:]])),
                bytes((kind,)) + cbor2.dumps(cbor2.CBORTag(18, [*parts[:2], b"\xa0", parts[3]])),
                bytes((kind,)) + cbor2.dumps(cbor2.CBORTag(18, parts[:3])),
                bytes((kind,)) + b"\xd2\x84" + b"\x9b" + b"\xff" * 8,
                bytes((kind,)) + b"\x81" * 2000,
                bytes((kind ^ 0x70,)) + data,
            ]
        )
        return rebuilt(text, changed)

    case.rewrite = rewrite


@fault("malformed", "form", BANK)
def sd_jwt_damaged(case: Case, rng: random.Random, world: World) -> None:
    """Cut, doubled, padded, of the wrong type, with claims of wrong types."""
    choice = rng.randrange(7)
    if choice == 6:
        case.spec.kid = rng.choice([5, None, ["sd-jwt-1"], {}])
    elif choice == 0:
        case.spec.extra = {rng.choice(["iat", "exp", "nbf"]): rng.choice(["1", -1, 1.5, True, None, 10**30])}
    elif choice == 1:
        case.spec.typ = rng.choice(["vc+sd-jwt", "JWT", "kb+jwt"])
    elif choice == 2:
        case.spec.kb_typ = "JWT"
    elif choice == 3:
        case.spec.extra = rng.choice(
            [{"status": {}}, {"cnf": {"jwk": {"kty": "RSA"}}}, {"_sd_alg": "md5"}, {"vct": 5}, {"...": 1}]
        )
    else:
        case.rewrite = rng.choice(
            [
                lambda t: t + "~",
                lambda t: t.replace("~", "~~", 1),
                lambda t: t[: t.index("~")],
                lambda t: t.replace(".", "=.", 1),
                lambda t: t + " ",
                lambda t: "eyJ" + "{" * 70_000,
                lambda t: t.replace("~", "~WyJhIl0~", 1),
            ]
        )


# --- kind ---------------------------------------------------------------------------------------------------


@fault("kind_not_accepted", "kind", LIVE, SEAL, BANK)
def excluded_by_policy(case: Case, rng: random.Random, world: World) -> None:
    """The place does not take this kind."""
    own = {"live": "live", "seal": "seal", "bank": "sd-jwt"}[case.kind]
    case.policy["kinds"] = frozenset({"live", "seal", "sd-jwt"} - {own})


@fault("kind_not_accepted", "form", LIVE, SEAL)
def the_other_kind(case: Case, rng: random.Random, world: World) -> None:
    """A seal where a live code belongs, and the other way round; also one with an unknown template."""
    other = world.seal(rng) if case.kind == "live" else world.live(rng)
    if rng.random() < 0.5:
        packable(other)
        other.spec.number = 999
    text = other.spec.text()
    case.rewrite = lambda _: text


@fault("card_number_needed", "card", LIVE, BANK)
def card_demanded(case: Case, rng: random.Random, world: World) -> None:
    """The place wants the plastic's number compared, and got none."""
    case.policy["require_card"], case.card = True, None


@fault("card_number_needed", "card", SEAL)
def seal_without_card(case: Case, rng: random.Random, world: World) -> None:
    """A seal alone is tied to no card."""
    case.card = None


@fault("card_number_needed", "card", BANK)
def card_not_disclosed(case: Case, rng: random.Random, world: World) -> None:
    """There is a plastic number, but nothing disclosed to compare it with."""
    case.card, case.spec.disclose_card = case.spec.card, False


# --- key ----------------------------------------------------------------------------------------------------


@fault("untrusted_issuer", "key", LIVE, SEAL)
def unknown_template(case: Case, rng: random.Random, world: World) -> None:
    """No template has this number, or one of the other kind has."""
    if case.spec.whole:
        with_key(case, gone=True)
    else:
        case.spec.after["number"] = rng.choice([999, 65535, 0, 2 if case.kind == "live" else 1])


@fault("untrusted_issuer", "key", LIVE, SEAL)
def unknown_key_of_template(case: Case, rng: random.Random, world: World) -> None:
    """A template names a key that is not, or no longer, trusted."""
    if case.spec.whole:
        case.spec.kid = "nobody"
    else:
        case.spec.after["number"] = 4 if case.kind == "live" else 5


@fault("untrusted_issuer", "key", LIVE, SEAL, BANK)
def unknown_withdrawn_key(case: Case, rng: random.Random, world: World) -> None:
    """The key was withdrawn."""
    with_key(case, gone=True)


@fault("untrusted_issuer", "key", LIVE, SEAL, BANK)
def key_of_other_kind(case: Case, rng: random.Random, world: World) -> None:
    """The key is trusted, but for another kind."""
    kinds = [kind for kind in KeyKind if kind not in (case.trust.keys[case.spec.kid].kind, KeyKind.STATUS)]
    with_key(case, kind=rng.choice(kinds))


@fault("untrusted_issuer", "key", LIVE, SEAL, BANK)
def type_not_allowed(case: Case, rng: random.Random, world: World) -> None:
    """The key may not sign this type."""
    with_key(case, vct=frozenset({"urn:other"}))


@fault("untrusted_issuer", "key", LIVE, SEAL, BANK)
def other_issuer(case: Case, rng: random.Random, world: World) -> None:
    """The key belongs to another issuer."""
    with_key(case, iss="https://other.example")


@fault("untrusted_issuer", "key", LIVE, SEAL, BANK)
def outside_window(case: Case, rng: random.Random, world: World) -> None:
    """Issued before or after the key's window, to the second."""
    issued = case.spec.issued_at if case.kind == "bank" else case.spec.day * 86400
    before = {"not_before": issued - 1000, "not_after": issued}
    after = {"not_before": issued + 1, "not_after": issued + 1000}
    with_key(case, **rng.choice([before, after]))


@fault("untrusted_issuer", "key", SEAL)
def not_genuine(case: Case, rng: random.Random, world: World) -> None:
    """The key was stolen, and this seal is none of those the ministry made with it."""
    entries = sorted(rng.randbytes(16) for _ in range(50))
    genuine = GenuineList("seal-1", b"".join(entries))
    case.trust = replace(case.trust, genuine=MappingProxyType({"seal-1": genuine}))


@fault("wrong_algorithm", "algorithm", LIVE, SEAL, BANK)
def key_of_other_algorithm(case: Case, rng: random.Random, world: World) -> None:
    """The trusted key is of another algorithm than the token says."""
    other = "stranger" if case.spec.issuer.p256 else "stranger-p256"
    keys = case.trust.keys
    if case.spec.kid in keys:
        with_key(case, key=world.public(other))


@fault("wrong_algorithm", "algorithm", LIVE)
def header_of_other_algorithm(case: Case, rng: random.Random, world: World) -> None:
    """A header that names another algorithm than its key's."""
    spec: forge.Live = case.spec
    spec.whole = True
    if rng.random() < 0.5:
        spec.issuer_alg = rng.choice([-257, 1, -35, -8 if spec.issuer.p256 else -7])
    else:
        spec.holder_alg = rng.choice([-257, 5, -36, -19 if spec.holder.p256 else -9])


@fault("wrong_algorithm", "algorithm", BANK)
def jose_of_other_algorithm(case: Case, rng: random.Random, world: World) -> None:
    """`none`, HMAC, or the algorithm of another key."""
    if rng.random() < 0.5:
        case.spec.alg = rng.choice(["none", "HS256", "RS256", "EdDSA"])
    else:
        case.spec.kb_alg = rng.choice(["none", "HS256", "EdDSA" if case.spec.holder.p256 else "ES256"])


# --- signatures ---------------------------------------------------------------------------------------------


@fault("bad_signature", "signature", LIVE, SEAL, BANK)
def forged(case: Case, rng: random.Random, world: World) -> None:
    """Signed by somebody else."""
    case.spec.signing_issuer = forge.Key(rng, case.spec.issuer.p256)


@fault("bad_signature", "signature", LIVE)
def live_altered(case: Case, rng: random.Random, world: World) -> None:
    """Changed after signing: a bit of the signature, or any field of the credential."""
    spec: forge.Live = case.spec
    if spec.whole or rng.random() < 0.2:
        spec.flip = ("issuer", rng.randrange(64))
        return
    choice: dict[str, Any] = {
        "idx": (spec.idx + 1) % SIZE,
        "day": spec.day - 1,
        "card": f"{(int(spec.card) + 1) % 10**10:010d}",
        "ministry": (spec.ministry or 0) ^ 1 if (spec.ministry or 0) ^ 1 != 0xFFFF else 0,
        "position": 5 if spec.position != 5 else 6,
        "name_la": spec.name_la + "X",
        "name_km": spec.name_km + "ក",
        "holder": forge.Key(rng, spec.holder.p256),
    }
    name = rng.choice(list(choice))
    spec.after[name] = choice[name]


@fault("bad_signature", "signature", SEAL)
def seal_altered(case: Case, rng: random.Random, world: World) -> None:
    """Changed after signing."""
    packable(case)
    spec: forge.Seal = case.spec
    choice: dict[str, Any] = {
        "idx": (spec.idx + 1) % SIZE,
        "day": spec.day - 1,
        "photo": rng.randbytes(32),
        "name_la": spec.name_la + "X",
        "name_km": spec.name_km + "ក",
    }
    name = rng.choice([*choice, "flip"])
    if name == "flip":
        spec.flip = rng.randrange(64)
    else:
        spec.after[name] = choice[name]


@fault("bad_signature", "signature", BANK)
def sd_jwt_altered(case: Case, rng: random.Random, world: World) -> None:
    """A bit of the issuer's signature."""
    case.spec.flip = "issuer"


@fault("holder_mismatch", "holder", LIVE, BANK)
def other_phone(case: Case, rng: random.Random, world: World) -> None:
    """Signed by another phone's key."""
    case.spec.signing_holder = forge.Key(rng, case.spec.holder.p256)


@fault("holder_mismatch", "holder", LIVE)
def presentation_altered(case: Case, rng: random.Random, world: World) -> None:
    """Time, audience, challenge or signature changed after the holder signed."""
    spec: forge.Live = case.spec
    if spec.whole or rng.random() < 0.3:
        spec.flip = ("holder", rng.randrange(64))
    elif spec.challenge is not None:
        spec.challenge, spec.after["challenge"] = rng.randbytes(8), spec.challenge
    else:
        signed_at = spec.signed_at
        spec.signed_at, spec.after["signed_at"] = signed_at - 500, signed_at


@fault("holder_mismatch", "holder", BANK)
def sd_jwt_holder(case: Case, rng: random.Random, world: World) -> None:
    """No key binding, one over other disclosures, or a changed one."""
    choice = rng.randrange(3)
    if choice == 0:
        case.spec.key_binding = False
    elif choice == 1:
        case.spec.sd_hash = forge.b64(rng.randbytes(32))
    else:
        case.spec.flip = "holder"


# --- audience, challenge, time, card ------------------------------------------------------------------------


@fault("audience_mismatch", "audience", LIVE)
def for_another_gate(case: Case, rng: random.Random, world: World) -> None:
    """Made for another gate, or shown at one."""
    case.policy["audience"] = rng.choice(["gate-18", "gate-1", "gate-017", ""])


@fault("audience_mismatch", "audience", BANK)
def for_another_bank(case: Case, rng: random.Random, world: World) -> None:
    """Made for another bank."""
    case.audience = "https://other-bank.example"


@fault("challenge_mismatch", "challenge", LIVE)
def other_challenge(case: Case, rng: random.Random, world: World) -> None:
    """A challenge was given; the answer is to none, or to another."""
    case.challenge = rng.randbytes(8)


@fault("challenge_unexpected", "challenge", LIVE)
def challenge_not_given(case: Case, rng: random.Random, world: World) -> None:
    """An answer to a challenge that this gate did not give."""
    case.spec.challenge, case.challenge = rng.randbytes(8), None
    if not NOW - 60 <= case.spec.signed_at <= NOW + 60:
        case.spec.signed_at = NOW


@fault("challenge_mismatch", "challenge", BANK)
def other_nonce(case: Case, rng: random.Random, world: World) -> None:
    """An answer to another question."""
    case.nonce = "n-1"


@fault("not_yet_valid", "validity", LIVE, SEAL)
def from_tomorrow(case: Case, rng: random.Random, world: World) -> None:
    """Issued for a later day."""
    case.spec.day = DAY + rng.randint(1, 20)


@fault("not_yet_valid", "validity", BANK)
def sd_jwt_from_later(case: Case, rng: random.Random, world: World) -> None:
    """`iat` or `nbf` a second ahead."""
    if rng.random() < 0.5:
        case.spec.issued_at = NOW + 1
    else:
        case.spec.extra = {**case.spec.extra, "nbf": NOW + 1}


@fault("expired", "validity", LIVE, SEAL)
def run_out(case: Case, rng: random.Random, world: World) -> None:
    """Validity has ended, some time ago or this very second."""
    if rng.random() < 0.5 and case.kind == "live":
        case.spec.day = DAY - case.spec.days - rng.randrange(3)
        return
    over = (case.spec.day + case.spec.days) * 86400
    lists = {
        u: replace(held, issued_at=over - 10, expires_at=over + 999) for u, held in case.trust.lists.items()
    }
    expires = case.trust.expires + over - NOW
    case.now, case.trust = over, replace(case.trust, lists=MappingProxyType(lists), expires=expires)
    if case.kind == "live" and case.challenge is None:
        case.spec.signed_at = over


@fault("expired", "validity", BANK)
def sd_jwt_run_out(case: Case, rng: random.Random, world: World) -> None:
    """Validity has ended this very second, or before."""
    case.spec.expires_at = NOW - rng.choice([0, 1, 100_000])


@fault("too_old", "freshness", LIVE)
def screenshot(case: Case, rng: random.Random, world: World) -> None:
    """Signed a second too long ago, or more."""
    _unchallenged(case)
    case.spec.signed_at = NOW - 61 - rng.choice([0, 60, 10**7])


@fault("too_new", "freshness", LIVE)
def from_the_future(case: Case, rng: random.Random, world: World) -> None:
    """Signed a second too far ahead, or more."""
    _unchallenged(case)
    case.spec.signed_at = NOW + 61 + rng.choice([0, 60, 10**7])


def _unchallenged(case: Case) -> None:
    if case.spec.challenge is not None and case.challenge is not None:
        case.spec.challenge = case.challenge = None


@fault("card_mismatch", "card", LIVE, SEAL, BANK)
def another_card(case: Case, rng: random.Random, world: World) -> None:
    """The plastic has another number."""
    case.card = rng.choice([case.spec.card[:-1], case.spec.card + "0", f"{rng.randrange(10**10):010d}"])
    if case.kind == "bank":
        case.spec.disclose_card = True


# --- status, purpose, assurance, trust, clock ---------------------------------------------------------------


@fault("revoked", "status", LIVE, SEAL, BANK)
def invalid(case: Case, rng: random.Random, world: World) -> None:
    """INVALID, on a list of any age."""
    with_list(case, value=1, age=rng.choice([5, 9 * 86400, 200 * 86400]))


@fault("suspended", "status", LIVE, SEAL, BANK)
def on_suspension(case: Case, rng: random.Random, world: World) -> None:
    """SUSPENDED, on a list young enough."""
    with_list(case, value=2, age=rng.choice([5, 8 * 86400]))


@fault("status_unknown", "status", LIVE, SEAL, BANK)
def no_list(case: Case, rng: random.Random, world: World) -> None:
    """No such list, or no such index on it."""
    lists = dict(case.trust.lists)
    if rng.random() < 0.5:
        del lists[case.spec.uri]
        case.trust = replace(case.trust, lists=MappingProxyType(lists))
    else:
        case.spec.idx = SIZE + rng.randrange(1000)


@fault("status_unknown", "alone", LIVE, SEAL)
def index_beyond_layout(case: Case, rng: random.Random, world: World) -> None:
    """An index that the packed layout cannot hold: the token travels whole, and no list is that long."""
    packable(case)
    case.spec.idx, case.spec.whole = 1 << 24, True


@fault("not_active", "status", LIVE, SEAL, BANK)
def not_handed_over(case: Case, rng: random.Random, world: World) -> None:
    """Printed, not handed over; of whatever age."""
    with_list(case, value=3, age=rng.choice([5, 9 * 86400]))


@fault("status_stale", "status", LIVE, SEAL, BANK)
def old_data(case: Case, rng: random.Random, world: World) -> None:
    """VALID or SUSPENDED a second too long ago, or on a list that has ended."""
    value = rng.choice([0, 2])
    if rng.random() < 0.3:
        with_list(case, value=value, age=86400, ends=86400)
    elif rng.random() < 0.5:
        with_list(case, value=value, age=8 * 86400 + 1)
    else:
        case.policy["max_status_age"] = days(0.5)
        with_list(case, value=value, age=43201)


@fault("purpose_not_permitted", "purpose", LIVE, SEAL, BANK)
def not_for_this(case: Case, rng: random.Random, world: World) -> None:
    """A purpose declared not permitted, or not declared."""
    case.policy["purpose"] = rng.choice(["national-id", "voting", ""])


@fault("assurance_too_low", "assurance", LIVE)
def challenge_demanded(case: Case, rng: random.Random, world: World) -> None:
    """The place wants its own challenge answered."""
    if case.challenge is not None:
        case.challenge = case.spec.challenge = None
        if not NOW - 60 <= case.spec.signed_at <= NOW + 60:
            case.spec.signed_at = NOW
    case.policy["min_assurance"] = Assurance.LIVE_CHALLENGE


@fault("assurance_too_low", "assurance", SEAL)
def live_demanded(case: Case, rng: random.Random, world: World) -> None:
    """The place wants a live code."""
    case.policy["min_assurance"] = rng.choice([Assurance.LIVE, Assurance.LIVE_CHALLENGE])


@fault("trust_expired", "trust", LIVE, SEAL, BANK)
def trust_run_out(case: Case, rng: random.Random, world: World) -> None:
    """The trust data ended this very second, or before."""
    case.trust = replace(case.trust, expires=int(case.now) - rng.choice([0, 10**6]))


@fault("clock_untrusted", "clock", LIVE, SEAL, BANK)
def clock_set_back(case: Case, rng: random.Random, world: World) -> None:
    """The machine's clock is behind what was signed, or behind what it has seen."""
    floor = int(case.now) + 61 + rng.choice([0, 10**7])
    if rng.random() < 0.5:
        case.trust = replace(case.trust, signed_floor=floor)
    else:
        case.trust = replace(case.trust, local_floor=floor)


def raw(text: str) -> bytes:
    """The bytes behind an MQ1 text, by RFC 9285 §4."""
    digits = [forge.ALPHABET.index(c) for c in text[4:]]
    out = bytearray()
    for at in range(0, len(digits), 3):
        n = sum(d * 45**i for i, d in enumerate(digits[at : at + 3]))
        out += n.to_bytes(2 if len(digits) - at > 2 else 1, "big")
    return bytes(out)


def rebuilt(_text: str, data: bytes) -> str:
    """The MQ1 text of `data`."""
    return "MQ1:" + forge.b45(data)
