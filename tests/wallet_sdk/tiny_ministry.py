"""A ministry in one file: offers, checks key proofs and issues, with `did` and `credential` only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from credential import sd_jwt
from credential.claims import CivilServant, EmploymentStatus
from credential.codes import CodeTables
from credential.live import Badge, issue_live
from credential.sd_jwt_vc import issue_sd_jwt_vc
from credential.template import Kind, Template
from did import Algorithm, PublicKey, SoftwareSigner, base64url, jws
from did.keyfile import Cost
from wallet_sdk import Wallet

ISSUER = "https://ministry.example"
PASSPHRASE = "ឃ្លាសម្ងាត់ 1"
CHEAP = Cost(1, 8192)
NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
DAY = int(NOW.timestamp()) // 86_400
CARD = "1234567897"
NAME_KM, NAME_LA = "សុខ សុភា", "SOK SOPHEA"
CODES = {
    "ministries": {"3": ["ក្រសួងមុខងារសាធារណៈ", "Ministry of Civil Service"], "4": ["ក", "other"]},
    "positions": {"7": ["មន្ត្រី", "Officer"]},
    "grades": {},
}
PERSON = CivilServant(
    name_km=NAME_KM,
    name_la=NAME_LA,
    date_of_birth=date(1990, 2, 3),
    ministry=3,
    position=7,
    grade=5,
    employment_status=EmploymentStatus.ACTIVE,
    card_number=CARD,
    valid_from=date(2026, 11, 1),
    valid_until=date(2036, 10, 31),
)


@dataclass
class Ministry:
    """Signs whatever a test asks for; `validity_days`, `day` and `index` shape the credentials."""

    signer: SoftwareSigner = field(default_factory=lambda: SoftwareSigner.generate(Algorithm.ED25519))
    bank_signer: SoftwareSigner = field(default_factory=lambda: SoftwareSigner.generate(Algorithm.P256))
    validity_days: int = 365
    day: int = DAY
    index: int = 5

    @property
    def template(self) -> Template:
        """Its only template."""
        return Template(
            number=1,
            kind=Kind.LIVE,
            iss=ISSUER,
            kid="live-1",
            algorithm=self.signer.public_key.algorithm,
            vct="urn:example:badge",
            status_uri=f"{ISSUER}/status/live-1",
            validity_days=self.validity_days,
        )

    def live(self, holder: PublicKey) -> dict[str, Any]:
        """A result's entry with a live credential for `holder`."""
        badge = Badge(name_km=NAME_KM, name_la=NAME_LA, card_number=CARD, ministry=3, position=7)
        token = issue_live(
            self.template, badge, index=self.index, day=self.day, holder=holder, signer=self.signer
        )
        return {
            "format": "sd-cwt",
            "credential": base64url.encode(token),
            "template": self.template.to_json(),
        }

    def sd_jwt(self, holder: PublicKey) -> dict[str, Any]:
        """A result's entry with an SD-JWT VC for `holder`."""
        issued = self.day * 86_400
        token = issue_sd_jwt_vc(
            PERSON,
            iss=ISSUER,
            vct="urn:example:civil-servant",
            kid="bank-1",
            status_uri=f"{ISSUER}/status/bank-1",
            index=6,
            issued_at=issued,
            expires_at=issued + self.validity_days * 86_400,
            holder=holder,
            signer=self.bank_signer,
            codes=CodeTables.from_json(json.dumps(CODES).encode()),
        )
        return {"format": "dc+sd-jwt", "credential": token}

    def spoiled_sd_jwt(self, holder: PublicKey, **claims: object) -> dict[str, Any]:
        """An SD-JWT VC with other claims about itself."""
        parsed = sd_jwt.parse(self.sd_jwt(holder)["credential"])
        token = sd_jwt.issue(
            parsed.claims | claims, disclosable=["name_km"], header=parsed.jws.header, signer=self.bank_signer
        )
        return {"format": "dc+sd-jwt", "credential": token}

    def issue(self, request: str) -> dict[str, Any]:
        """What a right ministry answers to a wallet's request, after checking each proof."""
        proofs = json.loads(request)["proofs"]
        make = {"live": self.live, "sd-jwt": self.sd_jwt}
        return result([make[kind](holder) for kind, holder in holders(proofs).items()])


def offer(*, nonce: str = "n" * 22, **changes: Any) -> str:
    """An offer of both credentials for a month."""
    document: dict[str, Any] = {
        "montrey": "offer",
        "version": 1,
        "credential_issuer": ISSUER,
        "nonce": nonce,
        "expires": "2026-12-22T00:00:00Z",
        "credentials": ["live", "sd-jwt"],
    }
    return json.dumps(document | changes)


def result(credentials: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """A result file as an object, ready to be spoiled."""
    return {
        "montrey": "credentials",
        "version": 1,
        "credential_issuer": ISSUER,
        "credentials": credentials,
        "codes": CODES,
    } | changes


def holders(proofs: Mapping[str, str]) -> dict[str, PublicKey]:
    """The holder keys of a request, each of which must have signed its own proof."""
    keys = {}
    for kind, text in proofs.items():
        proof = jws.parse(text, max_bytes=4096)
        assert proof.header["typ"] == "openid4vci-proof+jwt"
        keys[kind] = PublicKey.from_jwk(proof.header["jwk"])
        jws.verify(proof, keys[kind])
    return keys


def new_wallet(folder: Path) -> Wallet:
    """An empty wallet that opens fast."""
    return Wallet.create(folder / "wallet", PASSPHRASE, cost=CHEAP)


def filled_wallet(folder: Path, ministry: Ministry | None = None) -> Wallet:
    """A wallet with a live credential and one for banks."""
    wallet = new_wallet(folder)
    request = wallet.request(offer(), now=NOW)
    wallet.receive(json.dumps((ministry or Ministry()).issue(request)), now=NOW)
    return wallet
