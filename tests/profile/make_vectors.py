"""Writes docs/qr-profile-vectors.json: 100 texts to read and 100 to refuse.

    python tests/profile/make_vectors.py

People and keys are drawn from a fixed seed; ECDSA signatures are not, so the
file changes with every run and is made anew only when the profile changes.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

from credential.live import Badge, issue_live, present_live
from credential.packed import pack
from credential.seal import issue_seal
from credential.template import Kind, Template, audience_text
from did import base45, cbor
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

POSITIONS: list[int | str] = [0, 7, 99, 300, 65534, "ប្រធានការិយាល័យ", "Chief of mission"]


def key(rng: random.Random, algorithm: Algorithm) -> SoftwareSigner:
    """A key from the seeded generator."""
    return SoftwareSigner(algorithm, rng.randbytes(31).rjust(32, b"\1"))


def live(
    rng: random.Random, template: Template, issuer: SoftwareSigner, *, whole: bool = False
) -> dict[str, object]:
    """One presentation, with all that a reader should find in it."""
    holder = key(rng, rng.choice(list(Algorithm)))
    badge = Badge(
        name_km=" ".join(rng.choices(KHMER, k=rng.randint(2, 4))),
        name_la=" ".join(rng.choices(LATIN, k=rng.randint(2, 4))),
        card_number="".join(rng.choices("0123456789", k=template.card_digits)),
        ministry=rng.choice([1, 23, 24, 255, 256, 4000, 0xFFFE]),
        position=rng.choice(POSITIONS),
    )
    index, day = rng.choice([0, 23, 255, 256, 65535, 65536, 262143, 16777215]), rng.randint(20000, 22000)
    credential = issue_live(template, badge, index=index, day=day, holder=holder.public_key, signer=issuer)
    challenge = rng.randbytes(8) if rng.random() < 0.5 else None
    audience = "bank.example" if whole else audience_text(rng.choice([0, 0, 1, 17, 65535]))
    token = present_live(
        credential,
        audience=audience,
        challenge=challenge,
        now=day * 86400 + rng.randint(0, 9**7),
        signer=holder,
    )
    return {
        "text": pack(token, template),
        "kind": "live",
        "template": template.number,
        "token": token.hex(),
        "holder": holder.public_key.to_jwk(),
        "status_index": index,
        "audience": audience,
        "challenge": None if challenge is None else challenge.hex(),
        "claims": {name: getattr(badge, name) for name in badge.__slots__},
    }


def seal(rng: random.Random, template: Template, issuer: SoftwareSigner) -> dict[str, object]:
    """One seal, with all that a reader should find in it."""
    claims = {
        "name_km": " ".join(rng.choices(KHMER, k=rng.randint(2, 4))),
        "name_la": " ".join(rng.choices(LATIN, k=rng.randint(2, 4))),
        "card_number": "".join(rng.choices("0123456789", k=template.card_digits)),
    }
    photo, index = rng.randbytes(32), rng.randrange(1 << 18)
    token = issue_seal(
        template, **claims, photo_sha256=photo, index=index, day=rng.randint(20000, 22000), signer=issuer
    )
    return {
        "text": pack(token, template),
        "kind": "seal",
        "template": template.number,
        "token": token.hex(),
        "status_index": index,
        "claims": {**claims, "photo_sha256": photo.hex()},
    }


def damaged(rng: random.Random, valid: list[dict[str, object]]) -> list[dict[str, str]]:
    """A hundred texts that must be refused, each with the error and how it came about."""
    texts = [str(entry["text"]) for entry in valid]
    packed_live = [str(e["text"]) for e in valid if e["kind"] == "live" and e["audience"] != "bank.example"]
    refused = []

    def add(text: str, error: str, how: str) -> None:
        refused.append({"text": text, "error": error, "how": how})

    def altered(text: str, at: int, change: int) -> str:
        data = bytearray(base45.decode(text[4:].encode("ascii")))
        data[at] ^= change
        return "MQ1:" + base45.encode(bytes(data))

    for text in rng.sample(packed_live, 20):
        add(
            altered(text, -1 - rng.randrange(63), 1 << rng.randrange(8)),
            "holder_mismatch",
            "holder signature",
        )
    for text in rng.sample(packed_live, 15):
        add(
            altered(text, -70 - rng.randrange(50), 1 << rng.randrange(8)), "bad_signature", "issuer signature"
        )
    for text in rng.sample(packed_live, 10):
        add(altered(text, 5, 1), "bad_signature", "status index")
    for text in rng.sample([t for t, e in zip(texts, valid, strict=True) if e["kind"] == "seal"], 10):
        add(
            altered(text, rng.choice([10, 15, 30, 44]), 2),
            "bad_signature",
            "card number or photo digest of a seal",
        )
    for text in rng.sample(packed_live, 5):
        add(altered(text, 1, 0x80), "unknown_template", "template number")
        add(text[: rng.randrange(8, len(text) - 1)], "malformed", "cut off")
        add(text + "0", "malformed", "one character more")
        add(text.lower().replace("mq1:", "MQ1:"), "malformed", "lower case")
        add(altered(text, 0, 0x08), "malformed", "a flag without meaning")
        add(altered(text, 0, 0x60), "unsupported_version", "a kind that does not exist")
    for entry in valid[:5]:
        token = bytes.fromhex(str(entry["token"]))
        kind = b"\x30" if entry["kind"] == "live" else b"\x40"
        add("MQ1:" + base45.encode(kind + token), "malformed", "a token that has a packed form, whole")
        padded = bytes.fromhex(str(entry["token"]))[:1] + b"\x98\x04" + bytes.fromhex(str(entry["token"]))[2:]
        add("MQ1:" + base45.encode(kind + padded), "malformed", "whole, and not deterministic CBOR")
    add("https://example.org/", "not_montrey", "a URL")
    add("HC1:6BF", "not_montrey", "a health certificate")
    add("mq1:" + texts[0][4:], "not_montrey", "a prefix in lower case")
    add("MQ2:" + texts[0][4:], "unsupported_version", "a later version")
    add("MQ1:", "malformed", "nothing behind the prefix")
    return refused


def main() -> None:
    """Draws the vectors and writes the file."""
    rng = random.Random(20261122)
    issuers = {template.number: key(rng, template.algorithm) for template in TEMPLATES}
    valid = [live(rng, TEMPLATES[0], issuers[1]) for _ in range(45)]
    valid += [live(rng, TEMPLATES[2], issuers[300]) for _ in range(20)]
    valid += [seal(rng, TEMPLATES[1], issuers[2]) for _ in range(30)]
    valid += [live(rng, TEMPLATES[0], issuers[1], whole=True) for _ in range(5)]
    assert all(cbor.decode_lenient(bytes.fromhex(str(entry["token"]))) for entry in valid)
    refused = damaged(rng, valid)
    document = {
        "templates": [template.to_json() for template in TEMPLATES],
        "keys": {template.kid: issuers[template.number].public_key.to_jwk() for template in TEMPLATES},
        "valid": valid,
        "damaged": refused,
    }
    OUT.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{len(valid)} to read, {len(refused)} to refuse: {OUT.name}")


if __name__ == "__main__":
    main()
