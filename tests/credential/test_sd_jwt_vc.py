"""The civil servant's SD-JWT VC."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from typing import Any

import pytest
from outcomes import Code, outcome

from credential import sd_jwt
from credential.claims import CivilServant, EmploymentStatus
from credential.codes import CodeTables, Name
from credential.sd_jwt_vc import CLAIMS, SdJwtVc, issue_sd_jwt_vc, read_sd_jwt_vc
from did import Algorithm, SoftwareSigner, jws

ISSUER = SoftwareSigner(Algorithm.ED25519, b"i" * 32)
HOLDER = SoftwareSigner(Algorithm.P256, b"h" * 32)
PERSON = CivilServant(
    name_km="សុខ សុភា",
    name_la="SOK SOPHEA",
    date_of_birth=date(1990, 2, 3),
    ministry=3,
    position=7,
    grade=2,
    employment_status=EmploymentStatus.ACTIVE,
    card_number="1234567897",
    valid_from=date(2026, 1, 1),
    valid_until=date(2036, 1, 1),
    agency="នាយកដ្ឋានបុគ្គលិក",
    photo_sha256=bytes(32),
)
CODES = CodeTables(
    ministries={3: Name("ក្រសួងមុខងារសាធារណៈ", "Ministry of Civil Service")},
    positions={7: Name("មន្ត្រី", "Officer")},
)
NOW = 1_800_000_000
STATUS_URI = "https://ministry.example/status/bank-1"


def issue(person: CivilServant = PERSON) -> str:
    """The credential of `person`."""
    return issue_sd_jwt_vc(
        person,
        iss="https://ministry.example",
        vct="urn:example:civil-servant",
        kid="bank-1",
        status_uri=STATUS_URI,
        index=262_143,
        issued_at=NOW,
        expires_at=NOW + 31_536_000,
        holder=HOLDER.public_key,
        signer=ISSUER,
        codes=CODES,
    )


def read(text: str, disclose: tuple[str, ...]) -> SdJwtVc:
    """A presentation of `text`, read back with both signatures checked."""
    shown = sd_jwt.present(
        text, disclose=disclose, audience="https://bank.example", nonce="n", now=NOW, signer=HOLDER
    )
    credential = read_sd_jwt_vc(shown)
    jws.verify(credential.token.jws, ISSUER.public_key)
    sd_jwt.check_key_binding(credential.token, credential.holder)
    return credential


def forge(change: dict[str, Any], header: dict[str, Any] | None = None, hide: tuple[str, ...] = ()) -> str:
    """The credential with claims or header members changed; None takes one out."""
    token = sd_jwt.parse(issue())
    claims = {name: value for name, value in (token.claims | change).items() if value is not None}
    members = {k: v for k, v in (dict(token.jws.header) | (header or {})).items() if v is not None}
    return sd_jwt.issue(claims, disclosable=hide, header=members, signer=ISSUER)


def test_what_stands_in_the_clear() -> None:
    """Nothing about the person, no `sub`; the whole holder key and the status reference."""
    token = sd_jwt.parse(issue())
    payload = json.loads(token.jws.payload)
    assert set(payload) == {"iss", "vct", "iat", "exp", "cnf", "status", "_sd", "_sd_alg"}
    assert payload["cnf"] == {"jwk": HOLDER.public_key.to_jwk()}
    assert payload["status"] == {"status_list": {"idx": 262_143, "uri": STATUS_URI}}
    assert dict(token.jws.header) == {"alg": "EdDSA", "typ": "dc+sd-jwt", "kid": "bank-1"}
    assert PERSON.card_number not in str(payload)


def test_every_claim_is_disclosable_on_its_own() -> None:
    """A full credential has exactly the documented claims, and each can be shown alone."""
    text = issue()
    assert sd_jwt.parse(text).disclosed == set(CLAIMS)
    for name in CLAIMS:
        assert set(read(text, (name,)).claims) == {name}


def test_what_the_bank_reads() -> None:
    """Codes as numbers, their names beside them, dates and digests as text."""
    credential = read(issue(), tuple(CLAIMS))
    assert credential.claims == {
        "name_km": "សុខ សុភា",
        "name_la": "SOK SOPHEA",
        "date_of_birth": "1990-02-03",
        "ministry": 3,
        "ministry_km": "ក្រសួងមុខងារសាធារណៈ",
        "ministry_en": "Ministry of Civil Service",
        "agency": "នាយកដ្ឋានបុគ្គលិក",
        "position": 7,
        "position_km": "មន្ត្រី",
        "position_en": "Officer",
        "grade": 2,
        "employment_status": "active",
        "card_number": "1234567897",
        "valid_from": "2026-01-01",
        "valid_until": "2036-01-01",
        "photo_sha256": "A" * 43,
    }
    assert (credential.kid, credential.iss, credential.vct) == (
        "bank-1",
        "https://ministry.example",
        "urn:example:civil-servant",
    )
    assert (credential.issued_at, credential.not_before, credential.expires_at) == (
        NOW,
        NOW,
        NOW + 31_536_000,
    )
    assert (credential.status_uri, credential.status_index) == (STATUS_URI, 262_143)
    assert credential.holder == HOLDER.public_key


@pytest.mark.parametrize(
    ("change", "absent"),
    [
        ({"agency": "", "photo_sha256": None}, {"agency", "photo_sha256"}),
        ({"ministry": 9}, {"ministry_km", "ministry_en"}),
        ({"position": "ទីប្រឹក្សា"}, {"position_km", "position_en"}),
    ],
)
def test_absent_claims_cannot_be_counted(change: dict[str, Any], absent: set[str]) -> None:
    """Where a claim is absent a decoy stands in."""
    token = sd_jwt.parse(issue(dataclasses.replace(PERSON, **change)))
    assert token.disclosed == set(CLAIMS) - absent
    assert len(json.loads(token.jws.payload)["_sd"]) == len(CLAIMS)


def test_a_later_begin_is_read() -> None:
    """`nbf` of another issuer counts."""
    assert read_sd_jwt_vc(forge({"nbf": NOW + 5})).not_before == NOW + 5


JWK = HOLDER.public_key.to_jwk()
WRONG: dict[str, str] = {
    "type": forge({}, {"typ": "vc+sd-jwt"}),
    "no-type": forge({}, {"typ": None}),
    "no-kid": forge({}, {"kid": None}),
    "no-iss": forge({"iss": None}),
    "no-vct": forge({"vct": None}),
    "no-iat": forge({"iat": None}),
    "no-exp": forge({"exp": None}),
    "iat-text": forge({"iat": "1"}),
    "iat-true": forge({"iat": True}),
    "exp-negative": forge({"exp": -1}),
    "exp-float": forge({"exp": 1.5}),
    "exp-beyond": forge({"exp": 1 << 53}),
    "nbf-text": forge({"nbf": "1"}),
    "no-cnf": forge({"cnf": None}),
    "cnf-kid-only": forge({"cnf": {"kid": "k"}}),
    "cnf-private": forge({"cnf": {"jwk": {**JWK, "d": "x"}}}),
    "cnf-off-the-curve": forge({"cnf": {"jwk": {**JWK, "y": JWK["x"]}}}),
    "no-status": forge({"status": None}),
    "status-text": forge({"status": "ok"}),
    "status-other": forge({"status": {"other": {}}}),
    "status-no-uri": forge({"status": {"status_list": {"idx": 1}}}),
    "status-no-index": forge({"status": {"status_list": {"uri": STATUS_URI}}}),
    "status-negative": forge({"status": {"status_list": {"idx": -1, "uri": STATUS_URI}}}),
    **{
        f"hidden-{name}": forge({"nbf": NOW, "vct#integrity": "x"}, hide=(name,))
        for name in ("iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status")
    },
}


@pytest.mark.parametrize("name", WRONG)
def test_refused(name: str) -> None:
    """No SD-JWT VC as this project reads them: a typed refusal."""
    assert outcome(lambda: read_sd_jwt_vc(WRONG[name])) == Code("malformed_sd_jwt")


def test_size() -> None:
    """What an issued credential and a presentation of three claims weigh, in characters."""
    text = issue()
    shown = sd_jwt.present(
        text, disclose=("name_km", "ministry", "card_number"), audience="a", nonce="n", now=NOW, signer=HOLDER
    )
    assert len(text) <= 3200
    assert len(shown) <= 2200
