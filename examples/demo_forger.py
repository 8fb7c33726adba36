"""What a forger can do without the ministry's and the holder's keys, and what else gets scanned."""

from __future__ import annotations

from datetime import datetime

from credential.live import Badge, issue_live, present_live
from credential.packed import pack, unpack
from credential.template import ANY_GATE, Template
from did import Algorithm, SoftwareSigner, base64url, strict_json

FOREIGN = {
    "health": "HC1:6BFOXN%TS3DH0YOJ58S S-W5HDC *M0II5XHC9B5G2+$N IOP-IA%NFQGRJPC%OQHIZC4.OI1RM8ZA.A5:S9MK",
    "payment": "00020101021129200016shop@bank.example5204599953038405802KH5904SHOP6010PHNOM PENH63041D2B",
    "url": "https://www.example.org/menu",
}
"""A European health certificate's beginning, a shop's payment code (EMV), a web address."""


def forge(card_number: str, template: Template, now: datetime) -> str:
    """A badge for oneself: everything is right but the key that signs for the ministry."""
    own, phone = SoftwareSigner.generate(template.algorithm), SoftwareSigner.generate(Algorithm.ED25519)
    badge = Badge(name_km="ក្លែង បន្លំ", name_la="MADE UP", card_number=card_number, ministry=1, position=1)
    day = int(now.timestamp()) // 86400
    forged = issue_live(template, badge, index=1, day=day, holder=phone.public_key, signer=own)
    return _present(forged, template, phone, now)


def alter_name(text: str, name: str, template: Template) -> str:
    """The same code with another first letter in the Khmer name, and both signatures as they were."""
    letter = "ខ" if name.startswith("ក") else "ក"
    token = unpack(text, {template.number: template})
    return pack(token.replace(name.encode("utf-8"), f"{letter}{name[1:]}".encode()), template)


def copy(result: bytes, template: Template, now: datetime) -> str:
    """A genuine credential whose file was copied, shown by a phone that lacks its key."""
    credentials = strict_json.loads(result, max_bytes=1 << 20)["credentials"]
    stolen = next(entry["credential"] for entry in credentials if entry["format"] == "sd-cwt")
    return _present(base64url.decode(stolen), template, SoftwareSigner.generate(Algorithm.ED25519), now)


def _present(credential: bytes, template: Template, phone: SoftwareSigner, now: datetime) -> str:
    token = present_live(
        credential, audience=ANY_GATE, challenge=None, now=int(now.timestamp()), signer=phone
    )
    return pack(token, template)
