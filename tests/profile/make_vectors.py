"""Writes docs/qr-profile-vectors.json: 100 texts to read and 100 to refuse.

    python tests/profile/make_vectors.py

People and keys are drawn from a fixed seed; ECDSA signatures are not, so the
file changes with every run and is made anew only when the profile changes.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import cbor2

from credential.challenge import Challenge
from credential.fragments import SEAL_TYP
from credential.live import Badge, issue_live, present_live
from credential.packed import pack
from credential.seal import issue_seal
from credential.template import Kind, Template, audience_text
from did import base45
from did.algorithm import Algorithm
from did.signer import SoftwareSigner

OUT = Path(__file__).parents[2] / "docs" / "qr-profile-vectors.json"
ISS = "https://montrey.example"
LIVE = {"kind": Kind.LIVE, "iss": ISS, "vct": "urn:montrey:live:1", "validity_days": 365}
SEAL = {"kind": Kind.SEAL, "iss": ISS, "vct": "urn:montrey:seal:1", "validity_days": 3652}
TEMPLATES = [
    Template(
        number=1,
        kid="live-2026q4",
        algorithm=Algorithm.ED25519,
        status_uri=f"{ISS}/status/live-1",
        **LIVE,  # type: ignore[arg-type]
    ),
    Template(
        number=2,
        kid="seal-2026q4",
        algorithm=Algorithm.ED25519,
        status_uri=f"{ISS}/status/seal-1",
        **SEAL,  # type: ignore[arg-type]
    ),
    Template(
        number=300,
        kid="live-hsm-2027q1",
        algorithm=Algorithm.P256,
        status_uri=f"{ISS}/status/live-2",
        card_digits=12,
        **LIVE,  # type: ignore[arg-type]
    ),
]
KHMER = ["សុខ", "ដារ៉ា", "ចាន់", "សុភា", "វណ្ណៈ", "ពេជ្រ", "រតនា", "ម៉ៅ", "គង់", "ស្រីមុំ"]
LATIN = [
    "SOK",
    "DARA",
    "CHAN",
    "SOPHEA",
    "VANNAK",
    "PICH",
    "RATANA",
    "MAO",
    "KONG",
    "Sreymom",
    "O'Neil",
    "NÉANG",
]

ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493
POSITIONS: list[int | str] = [0, 7, 99, 300, 65534, "ប្រធានការិយាល័យ", "Chief of mission"]


def key(rng: random.Random, algorithm: Algorithm) -> SoftwareSigner:
    """A key from the seeded generator."""
    return SoftwareSigner(algorithm, rng.randbytes(31).rjust(32, b"\1"))


def name(rng: random.Random, words: list[str]) -> str:
    """A name of two to four words; now and then one at a border of the name encodings."""
    if rng.random() < 0.15:
        return rng.choice(
            ["A" * 63, "A" * 64, "ក" * 63, "B" * 79, "é" * 63, "១២៣", "Sok 2", "李" * 42, "\u17f9~"]
        )
    return " ".join(rng.choices(words, k=rng.randint(2, 4)))


def live(
    rng: random.Random, template: Template, issuer: SoftwareSigner, *, audience: str | None = None
) -> dict[str, object]:
    """One presentation, with all that a reader should find in it; whole if another `audience` is given."""
    holder = key(rng, rng.choice(list(Algorithm)))
    badge = Badge(
        name_km=name(rng, KHMER),
        name_la=name(rng, LATIN),
        card_number="".join(rng.choices("0123456789", k=template.card_digits)),
        ministry=rng.choice([1, 23, 24, 255, 256, 4000, 0xFFFE]),
        position=rng.choice(POSITIONS),
    )
    index, day = rng.choice([0, 23, 255, 256, 65535, 65536, 262143, 16777215]), rng.randint(20000, 22000)
    credential = issue_live(template, badge, index=index, day=day, holder=holder.public_key, signer=issuer)
    challenge = rng.randbytes(8) if rng.random() < 0.5 else None
    audience = audience or audience_text(rng.choice([0, 0, 1, 17, 65535]))
    token = present_live(
        credential,
        audience=audience,
        challenge=challenge,
        now=day * 86400 + rng.randint(0, 9**7),
        signer=holder,
    )
    claims: dict[str, object] = {claim: getattr(badge, claim) for claim in badge.__slots__}
    return live_entry(
        pack(token, template),
        template,
        token,
        holder=holder,
        index=index,
        audience=audience,
        challenge=challenge,
        claims=claims,
    )


def live_entry(
    text: str,
    template: Template,
    token: bytes,
    *,
    holder: SoftwareSigner,
    index: int,
    audience: str,
    challenge: bytes | None,
    claims: dict[str, object],
) -> dict[str, object]:
    """The entry of a live token."""
    return {
        "text": text,
        "kind": "live",
        "template": template.number,
        "token": token.hex(),
        "holder": holder.public_key.to_jwk(),
        "status_index": index,
        "audience": audience,
        "challenge": None if challenge is None else challenge.hex(),
        "claims": claims,
    }


def seal(rng: random.Random, template: Template, issuer: SoftwareSigner) -> dict[str, object]:
    """One seal, with all that a reader should find in it."""
    claims = {
        "name_km": name(rng, KHMER),
        "name_la": name(rng, LATIN),
        "card_number": "".join(rng.choices("0123456789", k=template.card_digits)),
    }
    photo, index = rng.randbytes(32), rng.randrange(1 << 18)
    token = issue_seal(
        template, **claims, photo_sha256=photo, index=index, day=rng.randint(20000, 22000), signer=issuer
    )
    return seal_entry(pack(token, template), template, token, index, {**claims, "photo_sha256": photo.hex()})


def seal_entry(
    text: str, template: Template, token: bytes, index: int, claims: dict[str, object]
) -> dict[str, object]:
    """The entry of a seal."""
    return {
        "text": text,
        "kind": "seal",
        "template": template.number,
        "token": token.hex(),
        "status_index": index,
        "claims": claims,
    }


class Whole:
    """A token put together by hand, for what the product itself never issues."""

    def __init__(self, rng: random.Random, template: Template, issuer: SoftwareSigner) -> None:
        self.template, self.issuer = template, issuer
        self.holder = key(rng, rng.choice(list(Algorithm)))
        self.is_live = template.kind is Kind.LIVE
        self.person: dict[Any, Any] = {1: "សុខ ដារ៉ា", 2: "SOK DARA", 3: "0123456789"}
        self.person |= {4: 7, 5: 300} if self.is_live else {6: bytes(range(32))}
        self.claims: dict[Any, Any] = {
            1: template.iss,
            2: f"{template.number}-77",
            4: (20833 + template.validity_days) * 86400,
            6: 20833 * 86400,
            11: template.vct,
            65535: {"status_list": {"idx": 77, "uri": template.status_uri}},
        }
        if self.is_live:
            self.claims[8] = {1: self.holder.public_key.to_cose()}
        self.binding: dict[Any, Any] = {3: "any-gate", 6: 1_800_000_100}
        self.header: dict[Any, Any] = {4: template.kid.encode(), 16: 293 if self.is_live else SEAL_TYP}
        self.kb_header: dict[Any, Any] = {16: 294}
        self.unprotected: dict[Any, Any] = {}

    def token(self) -> bytes:
        """The signed token."""
        payload = cbor2.dumps(ordered({**self.claims, -65537: self.person}))
        inner = self._sign1({1: self.issuer.public_key.algorithm.cose, **self.header}, payload, self.issuer)
        if not self.is_live:
            return cbor2.dumps(inner)
        header = {1: self.holder.public_key.algorithm.cose, 13: inner, **self.kb_header}
        return cbor2.dumps(self._sign1(header, cbor2.dumps(ordered(self.binding)), self.holder))

    def text(self, token: bytes | None = None) -> str:
        """The whole text of `token`, or of a freshly signed one (ECDSA signs differently each time)."""
        return "MQ1:" + base45.encode((b"\x30" if self.is_live else b"\x40") + (token or self.token()))

    def entry(self) -> dict[str, object]:
        """Its entry among the valid ones."""
        names = {
            1: "name_km",
            2: "name_la",
            3: "card_number",
            4: "ministry",
            5: "position",
            6: "photo_sha256",
        }
        claims = {names[k]: v.hex() if k == 6 else v for k, v in self.person.items() if k in names}
        index = self.claims[65535]["status_list"]["idx"]
        token = self.token()
        if not self.is_live:
            return seal_entry(self.text(token), self.template, token, index, claims)
        audience, challenge = self.binding[3], self.binding.get(39)
        return live_entry(
            self.text(token),
            self.template,
            token,
            holder=self.holder,
            index=index,
            audience=audience,
            challenge=challenge,
            claims=claims,
        )

    def _sign1(self, header: dict[Any, Any], payload: bytes, signer: SoftwareSigner) -> cbor2.CBORTag:
        protected = cbor2.dumps(ordered(header))
        to_be_signed = cbor2.dumps(["Signature1", protected, b"", payload])
        return cbor2.CBORTag(18, [protected, self.unprotected, payload, signer.sign(to_be_signed)])


def ordered(value: Any) -> Any:
    """Maps in the order of RFC 8949 §4.2.1."""
    if isinstance(value, dict):
        return {k: ordered(v) for k, v in sorted(value.items(), key=lambda item: cbor2.dumps(item[0]))}
    return value


def older(signer: SoftwareSigner) -> int:
    """The polymorphic COSE algorithm of a key: EdDSA or ES256."""
    return -8 if signer.public_key.algorithm is Algorithm.ED25519 else -7


class Null:
    """Stands for `null`, where None would take a member away."""


def nested(levels: int) -> Any:
    """An array in an array ..."""
    return [nested(levels - 1)] if levels else 1


CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("text typ", {"header": {16: "application/sd-cwt"}, "kb_header": {16: "application/kb+cwt"}}),
    ("an added claim", {"claims": {99: ["x", {"y": None}], "note": True}}),
    ("nbf", {"claims": {5: 1_800_000_001}}),
    ("cti", {"binding": {7: b"id"}}),
    ("a challenge of other length", {"binding": {39: b"123"}}),
    ("sixteen levels", {"claims": {99: nested(15)}}),
    ("no ministry", {"person": {4: None}}),
    ("another key in the badge", {"person": {9: "x"}}),
    ("a photo in a badge", {"person": {6: bytes(32)}}),
    ("a card number without digits", {"person": {3: "AB-1"}}),
    (
        "an index beyond 24 bits",
        {"claims": {65535: lambda made: {"status_list": {"idx": 1 << 24, "uri": made.template.status_uri}}}},
    ),
    (
        "older algorithm ids",
        {"header": {1: lambda made: older(made.issuer)}, "kb_header": {1: lambda made: older(made.holder)}},
    ),
]
WRONG: list[tuple[str, str, dict[str, Any]]] = [
    ("malformed", "a claim too many in the key-binding token", {"binding": {1: "x"}}),
    ("malformed", "a list of audiences", {"binding": {3: ["any-gate"]}}),
    ("malformed", "a float", {"claims": {99: 1.5}}),
    ("malformed", "null for nbf", {"claims": {5: Null()}}),
    ("malformed", "null for a ministry", {"person": {4: Null()}}),
    ("malformed", "a member too many in cnf", {"claims": {8: lambda made: {**made.claims[8], 2: 1}}}),
    ("malformed", "an array for a map key", {"claims": {99: {(1,): 1}}}),
    ("malformed", "seventeen levels", {"claims": {99: nested(16)}}),
    ("malformed", "a kid that is not ASCII", {"header": {4: "é".encode()}, "claims": {99: 1}}),
    ("malformed", "a tag", {"claims": {99: cbor2.CBORTag(60, b"")}}),
    ("malformed", "redacted claims", {"claims": {cbor2.CBORSimpleValue(59): [bytes(32)]}}),
    ("malformed", "a time beyond 32 bits", {"claims": {4: 1 << 32}}),
    ("malformed", "a text for a time", {"claims": {6: "1"}}),
    ("malformed", "true for a time", {"binding": {6: True}}),
    ("malformed", "no vct", {"claims": {11: None}}),
    ("malformed", "a header outside the signature", {"unprotected": {99: 1}}),
    ("malformed", "a header member too many", {"header": {99: 1}, "claims": {99: 1}}),
    ("malformed", "alg as a text", {"header": {1: "EdDSA"}, "claims": {99: 1}}),
    ("malformed", "the other token's typ", {"kb_header": {16: "application/sd-cwt"}, "claims": {99: 1}}),
    ("malformed", "a private key in cnf", {"claims": {8: {1: {1: 1, -1: 6, -2: bytes(32), -4: bytes(32)}}}}),
    (
        "malformed",
        "an x and y off the curve",
        {"claims": {8: {1: {1: 2, -1: 1, -2: bytes(32), -3: bytes(32)}}}},
    ),
    ("wrong_algorithm", "the issuer's alg is another's", {"header": {1: -35}, "claims": {99: 1}}),
    ("wrong_algorithm", "the holder's alg is another's", {"kb_header": {1: -257}, "claims": {99: 1}}),
    ("untrusted_issuer", "no such key", {"header": {4: b"nobody"}}),
]


def whole(rng: random.Random, template: Template, issuer: SoftwareSigner, change: dict[str, Any]) -> Whole:
    """A whole token with one thing changed; None takes a member away."""
    made = Whole(rng, template, issuer)
    for part, members in change.items():
        target = getattr(made, part)
        for member, value in members.items():
            if value is None:
                del target[member]
            else:
                target[member] = (
                    value(made) if callable(value) else None if isinstance(value, Null) else value
                )
    return made


def altered(text: str, at: int, change: int) -> str:
    """The text with one byte behind it changed."""
    data = bytearray(base45.decode(text[4:].encode("ascii")))
    data[at] ^= change
    return "MQ1:" + base45.encode(bytes(data))


def with_field(text: str, at: int, value: bytes) -> str:
    """The text with the bytes from offset `at` replaced."""
    data = base45.decode(text[4:].encode("ascii"))
    return "MQ1:" + base45.encode(data[:at] + value + data[at + len(value) :])


def damaged(
    rng: random.Random, valid: list[dict[str, object]], issuers: dict[int, SoftwareSigner]
) -> list[dict[str, str]]:
    """A hundred texts that must be refused, each with the error and how it came about."""
    packed = [
        e for e in valid if str(e["text"])[-1] >= " " and base45.decode(str(e["text"])[4:].encode())[0] < 0x30
    ]
    lives = [str(e["text"]) for e in packed if e["kind"] == "live"]
    seals = [str(e["text"]) for e in packed if e["kind"] == "seal"]
    keyed = {str(e["text"]): str(e["holder"]["kty"]) for e in packed if e["kind"] == "live"}  # type: ignore[index]
    ed25519 = next(t for t in lives if keyed[t] == "OKP")
    p256 = next(t for t in lives if keyed[t] == "EC")
    refused = []

    def add(text: str, error: str, how: str) -> None:
        refused.append({"text": text, "error": error, "how": how})

    for text in rng.sample(lives, 5):
        add(
            altered(text, -1 - rng.randrange(63), 1 << rng.randrange(8)),
            "holder_mismatch",
            "holder signature",
        )
    for text in rng.sample(lives, 4):
        add(
            altered(text, -70 - rng.randrange(50), 1 << rng.randrange(8)), "bad_signature", "issuer signature"
        )
    for text in rng.sample(lives, 2):
        add(altered(text, 5, 1), "bad_signature", "status index")
    for text in rng.sample(seals, 4):
        add(
            altered(text, rng.choice([10, 15, 30, 44]), 2),
            "bad_signature",
            "card number or photo digest of a seal",
        )
    for text, number, how in (
        (lives[0], 0x8001, "template number"),
        (lives[1], 2, "a live text that names a seal template"),
        (seals[0], 1, "a seal that names a live template"),
        (lives[2], 0, "template 0"),
    ):
        add(with_field(text, 1, number.to_bytes(2, "big")), "unknown_template", how)
    for text in (lives[3], seals[1]):
        data = base45.decode(text[4:].encode("ascii"))
        day = 6
        card = b"\xff" * 5
        add(text[: rng.randrange(8, len(text) - 1)], "malformed", "cut off")
        add(text + "0", "malformed", "one character more")
        add("MQ1:" + base45.encode(data + b"\0"), "malformed", "one byte more")
        add("MQ1:" + base45.encode(data[:-1]), "malformed", "one byte less")
        add("MQ1:" + text[4:].lower(), "malformed", "lower case")
        add(text + "\n\n", "malformed", "two line breaks")
        add(text[:40] + "\ufeff" + text[41:], "malformed", "a foreign character")
        add(with_field(text, day, b"\0\0"), "malformed", "day 0")
        add(with_field(text, day, b"\xff\xff"), "malformed", "an expiry beyond 32 bits")
        add(with_field(text, 8, card), "malformed", "more digits than a card number has")
        add(
            altered(text, 0, 0x60 if data[0] < 0x20 else 0x50),
            "unsupported_version",
            "a kind that does not exist",
        )
    add(altered(lives[4], 0, 0x08), "malformed", "a flag without meaning")
    add(altered(seals[2], 0, 0x01), "malformed", "a flag on a seal")
    add(altered(ed25519, 0, 0x02), "malformed", "a parity without a P-256 key")
    data = base45.decode(p256[4:].encode("ascii"))
    add("MQ1:" + base45.encode(data[:-160] + b"\xff" * 32 + data[-128:]), "malformed", "an x without a point")
    add(with_field(lives[5], 13, b"\xff\xff"), "malformed", "ministry 65535")
    add(with_field(lives[5], 17, b"\0\0\xff\xff"), "malformed", "a signing time below 65536")
    plain = base45.decode(seals[3][4:].encode("ascii"))
    signature = plain[-64:]
    for field, how in (
        (b"\x03SOK", "6-bit text on the Khmer page"),
        (b"\x83SOK", "6-bit text as UTF-8"),
        (b"\x83" + "ក".encode(), "Khmer as UTF-8"),
        (b"\x41\x01", "filling bits"),
        (b"\x02\x1f\xff", "bytes off the page"),
        (b"\x83\xed\xa0\x80", "a surrogate"),
        (b"\x00", "length 00"),
        (b"\x40", "length 40"),
        (b"\x80", "length 80"),
    ):
        add("MQ1:" + base45.encode(plain[:45] + field + b"\x41\x04" + signature), "malformed", how)
    add("MQ1:" + ":::" + lives[6][7:], "malformed", "a group above 65,535")
    add("MQ1:0::", "malformed", "a kind byte alone, and a group too high")
    add("MQ1:" + "0" * 4293, "malformed", "4,297 characters")
    live_template, seal_template = TEMPLATES[0], TEMPLATES[1]
    add(Whole(rng, live_template, issuers[1]).text(), "malformed", "a token that has a packed form, whole")
    add(Whole(rng, seal_template, issuers[2]).text(), "malformed", "a seal that has a packed form, whole")
    token = whole(rng, live_template, issuers[1], {"claims": {99: 1}})
    longer = token.token()[:1] + b"\x98\x04" + token.token()[2:]
    add("MQ1:" + base45.encode(b"\x30" + longer), "malformed", "whole, and a length too long")
    add("MQ1:" + base45.encode(b"\x30" + token.token() + b"\0"), "malformed", "whole, and a byte more")
    add("MQ1:" + base45.encode(b"\x33" + token.token()), "malformed", "whole, with flags")
    both = altered(altered(lives[7], -3, 1), -70, 1)
    add(both, "bad_signature", "both signatures")
    add(altered(altered(lives[8], 1, 0x80), 13, 0xFF)[:-2], "malformed", "cut off, and an unknown template")
    add(
        with_field(lives[9], 1, b"\x7f\xff\0\0\0\1\0\xff\xff\xff\xff\xff"),
        "unknown_template",
        "a card number's digits under an unknown template",
    )
    secret = base45.decode(ed25519[4:].encode("ascii"))
    s_plus = int.from_bytes(secret[-32:], "little") + ED25519_ORDER
    add(
        "MQ1:" + base45.encode(secret[:-32] + s_plus.to_bytes(32, "little")),
        "holder_mismatch",
        "S plus the order",
    )
    for error, how, change in WRONG:
        add(whole(rng, live_template, issuers[1], change).text(), error, how)
    add(whole(rng, seal_template, issuers[2], {"claims": {8: {}}}).text(), "malformed", "a seal with cnf")
    add("https://example.org/", "not_montrey", "a URL")
    add("HC1:6BF", "not_montrey", "a health certificate")
    add("\ufeff" + lives[0], "not_montrey", "a byte order mark")
    add("MC1:000", "not_montrey", "a challenge")
    add("mq1:" + lives[0][4:], "not_montrey", "a prefix in lower case")
    add("MQ2:" + lives[0][4:], "unsupported_version", "a later version")
    add("MQ1:", "malformed", "nothing behind the prefix")
    return refused


def challenges(rng: random.Random) -> list[dict[str, str]]:
    """Challenges to read and to refuse."""
    made = [Challenge(number, rng.randbytes(8)) for number in (0, 1, 17, 65535)]
    texts = [c.to_text() for c in made]
    entries = [{"text": c.to_text(), "audience": c.audience, "nonce": c.nonce.hex()} for c in made]
    entries.append({**entries[1], "text": texts[1] + "\r\n"})
    wrong = [
        "MC1:",
        "MC2:" + texts[0][4:],
        "mc1:" + texts[0][4:],
        texts[0][:-1],
        texts[0] + "00",
        "MQ1:" + texts[0][4:],
    ]
    wrong += [texts[0].lower(), texts[0] + "\n\n", " " + texts[0], "https://example.org/"]
    return entries + [{"text": text, "error": "malformed_challenge"} for text in wrong]


def document(rng: random.Random) -> dict[str, Any]:
    """All vectors, with keys and people of their own."""
    issuers = {template.number: key(rng, template.algorithm) for template in TEMPLATES}
    valid = [live(rng, TEMPLATES[0], issuers[1]) for _ in range(39)]
    valid += [live(rng, TEMPLATES[2], issuers[300]) for _ in range(20)]
    valid += [seal(rng, TEMPLATES[1], issuers[2]) for _ in range(24)]
    valid += [live(rng, t, issuers[t.number], audience="bank.example") for t in (TEMPLATES[0], TEMPLATES[2])]
    valid += [whole(rng, TEMPLATES[0], issuers[1], change).entry() for _, change in CHANGES]
    valid.append(whole(rng, TEMPLATES[1], issuers[2], {"claims": {99: 1}, "person": {4: 3}}).entry())
    valid += [{**valid[at], "text": f"{valid[at]['text']}{end}"} for at, end in ((0, "\n"), (70, "\r\n"))]
    return {
        "templates": [template.to_json() for template in TEMPLATES],
        "keys": {template.kid: issuers[template.number].public_key.to_jwk() for template in TEMPLATES},
        "valid": valid,
        "damaged": damaged(rng, valid, issuers),
        "challenges": challenges(rng),
    }


def main() -> None:
    """Draws the vectors and writes the file."""
    drawn = document(random.Random(20261122))
    OUT.write_text(json.dumps(drawn, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{len(drawn['valid'])} to read, {len(drawn['damaged'])} to refuse: {OUT.name}")


if __name__ == "__main__":
    main()
