"""SD-JWT VC between this project and two other implementations, in both directions."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from judging import ask_node, ask_python

from credential import sd_jwt
from credential.claims import CivilServant, EmploymentStatus
from credential.codes import CodeTables, Name
from credential.sd_jwt_vc import CLAIMS, issue_sd_jwt_vc, read_sd_jwt_vc
from did import Algorithm, SoftwareSigner, base64url, jws
from revocation.status_list import StatusList
from revocation.token import sign_jwt

pytestmark = pytest.mark.judges

NOW = 1_800_000_000
AUDIENCE, NONCE = "https://bank.example/v", "n-0S6_WzA2Mj"
STATUS_URI = "https://ministry.example/status/bank-1"
INDEX = 4711
SHOWN = {"name_km": "សុខ សុភា", "ministry": 3, "card_number": "1234567897"}
ISSUERS = [SoftwareSigner(Algorithm.ED25519, b"i" * 32), SoftwareSigner(Algorithm.P256, b"i" * 32)]
HOLDERS = [SoftwareSigner(Algorithm.P256, b"h" * 32), SoftwareSigner(Algorithm.ED25519, b"h" * 32)]
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
)
both_issuers = pytest.mark.parametrize("issuer", ISSUERS, ids=["ed25519", "p256"])
both_holders = pytest.mark.parametrize("holder", HOLDERS, ids=["holder-p256", "holder-ed25519"])


def private(signer: SoftwareSigner) -> dict[str, str]:
    """The whole key as a JWK: an example key, so it may travel."""
    return {**signer.public_key.to_jwk(), "d": base64url.encode(signer.secret)}


def issue(issuer: SoftwareSigner, holder: SoftwareSigner) -> str:
    """Our credential."""
    return issue_sd_jwt_vc(
        PERSON,
        iss="https://ministry.example",
        vct="urn:example:civil-servant",
        kid="bank-1",
        status_uri=STATUS_URI,
        index=INDEX,
        issued_at=NOW - 100,
        expires_at=NOW + 1000,
        holder=holder.public_key,
        signer=issuer,
        codes=CodeTables({3: Name("ក្រសួង", "Ministry")}),
    )


def present(token: str, holder: SoftwareSigner) -> str:
    """Our presentation."""
    return sd_jwt.present(token, disclose=SHOWN, audience=AUDIENCE, nonce=NONCE, now=NOW, signer=holder)


def check(text: str, issuer: SoftwareSigner, holder: SoftwareSigner) -> dict[str, Any]:
    """Our whole check of a presentation; the person's claims in it."""
    credential = read_sd_jwt_vc(text)
    jws.verify(credential.token.jws, issuer.public_key)
    assert credential.holder == holder.public_key
    sd_jwt.check_key_binding(credential.token, credential.holder)
    binding = credential.token.key_binding
    assert binding is not None
    assert (binding.audience, binding.nonce) == (AUDIENCE, NONCE)
    assert (credential.status_uri, credential.status_index) == (STATUS_URI, INDEX)
    return credential.claims


def status_list(issuer: SoftwareSigner, status: int) -> str:
    """Our JWT status list, in which this credential has `status`."""
    return sign_jwt(
        StatusList.build(1 << 18, entries={INDEX: status, INDEX + 1: 1}),
        uri=STATUS_URI,
        kid="bank-1",
        issued_at=NOW - 50,
        expires_at=NOW + 1000,
        ttl=3600,
        sequence=1,
        signer=issuer,
    )


def foreign_claims(holder: SoftwareSigner) -> dict[str, Any]:
    """What another issuer puts into an SD-JWT VC like ours."""
    return {
        "iss": "https://ministry.example",
        "vct": "urn:example:civil-servant",
        "iat": NOW - 100,
        "exp": NOW + 1000,
        "status": {"status_list": {"idx": INDEX, "uri": STATUS_URI}},
        **SHOWN,
        "agency": "hidden",
        "cnf": {"jwk": holder.public_key.to_jwk()},
    }


HEADER = {"typ": "dc+sd-jwt", "kid": "bank-1"}
DISCLOSABLE = [*SHOWN, "agency"]


def clear(payload: dict[str, Any]) -> dict[str, Any]:
    """The claims about the person."""
    return {name: value for name, value in payload.items() if name in CLAIMS}


@both_issuers
def test_python_accepts_ours(issuer: SoftwareSigner) -> None:
    """PyPI sd-jwt verifies issuer and holder (ES256 holders are all it knows) and reads the same claims."""
    holder = HOLDERS[0]
    answer = ask_python(
        "verify_sd_jwt",
        token=present(issue(issuer, holder), holder),
        issuer=issuer.public_key.to_jwk(),
        audience=AUDIENCE,
        nonce=NONCE,
    )
    assert clear(answer["result"]) == SHOWN


def test_python_refuses_ours_when_spoilt() -> None:
    """The same judge objects to another nonce, another issuer and a changed disclosure."""
    issuer, holder = ISSUERS[1], HOLDERS[0]
    text = present(issue(issuer, holder), holder)
    jwt, first, *rest = text.split("~")
    spoilt = "~".join((jwt, first[:-2] + ("AA" if first[-2:] != "AA" else "BB"), *rest))
    right: dict[str, Any] = {"issuer": issuer.public_key.to_jwk(), "audience": AUDIENCE, "nonce": NONCE}
    other = SoftwareSigner(Algorithm.P256, b"o" * 32).public_key.to_jwk()
    assert "result" in ask_python("verify_sd_jwt", token=text, **right)
    for wrong in ({"nonce": "other"}, {"issuer": other}):
        assert "error" in ask_python("verify_sd_jwt", token=text, **(right | wrong))
    assert "error" in ask_python("verify_sd_jwt", token=spoilt, **right)


@both_issuers
@pytest.mark.node
@both_holders
def test_node_accepts_ours(issuer: SoftwareSigner, holder: SoftwareSigner) -> None:
    """@sd-jwt/sd-jwt-vc verifies signatures, key binding, times and our JWT status list."""
    answer = ask_node(
        "verify_sd_jwt_vc",
        token=present(issue(issuer, holder), holder),
        issuer=issuer.public_key.to_jwk(),
        nonce=NONCE,
        now=NOW,
        lists={STATUS_URI: status_list(issuer, 0)},
    )
    assert "error" not in answer
    assert clear(answer["result"]["payload"]) == SHOWN
    assert answer["result"]["kb"]["aud"] == AUDIENCE


@pytest.mark.node
@pytest.mark.parametrize(
    ("change", "objection"),
    [
        ({"nonce": "other"}, "Nonce"),
        ({"now": NOW + 2000}, "expired"),
        ({"now": NOW - 2000}, "iat|not yet"),
        ({"lists": {STATUS_URI: status_list(ISSUERS[0], 1)}}, "[Ss]tatus"),
        ({"lists": {STATUS_URI: status_list(ISSUERS[0], 2)}}, "[Ss]tatus"),
        ({"lists": {STATUS_URI: status_list(ISSUERS[1], 0)}}, "[Ss]ignature"),
        ({"issuer": SoftwareSigner(Algorithm.ED25519, b"o" * 32).public_key.to_jwk()}, "[Ss]ignature"),
    ],
)
def test_node_refuses_ours_when_spoilt(change: dict[str, Any], objection: str) -> None:
    """The same judge objects to each thing that is wrong: revoked and suspended among them."""
    issuer, holder = ISSUERS[0], HOLDERS[0]
    question: dict[str, Any] = {
        "token": present(issue(issuer, holder), holder),
        "issuer": issuer.public_key.to_jwk(),
        "nonce": NONCE,
        "now": NOW,
        "lists": {STATUS_URI: status_list(issuer, 0)},
    }
    answer = ask_node("verify_sd_jwt_vc", **(question | change))
    assert "result" not in answer
    assert re.search(objection, answer["error"]), answer["error"]


@both_issuers
def test_ours_accepts_python(issuer: SoftwareSigner) -> None:
    """A credential issued and presented by PyPI sd-jwt, with its decoys."""
    holder = HOLDERS[0]
    issued = ask_python(
        "issue_sd_jwt",
        claims={name: value for name, value in foreign_claims(holder).items() if name != "cnf"},
        disclosable=DISCLOSABLE,
        header=HEADER,
        issuer=private(issuer),
        algorithm=issuer.public_key.algorithm.jose,
        holder=private(holder),
    )["result"]
    shown = ask_python(
        "present_sd_jwt",
        token=issued,
        disclose=dict.fromkeys(SHOWN, True),
        audience=AUDIENCE,
        nonce=NONCE,
        holder=private(holder),
    )["result"]
    assert check(shown, issuer, holder) == SHOWN
    assert check(present(issued, holder), issuer, holder) == SHOWN


@pytest.mark.node
@both_issuers
@both_holders
def test_ours_accepts_node(issuer: SoftwareSigner, holder: SoftwareSigner) -> None:
    """A credential issued and presented by @sd-jwt/sd-jwt-vc, with its decoys."""
    issued = ask_node(
        "issue_sd_jwt_vc",
        claims=foreign_claims(holder),
        disclosable=DISCLOSABLE,
        header=HEADER,
        issuer=private(issuer),
    )["result"]
    shown = ask_node(
        "present_sd_jwt_vc",
        token=issued,
        disclose=list(SHOWN),
        audience=AUDIENCE,
        nonce=NONCE,
        now=NOW,
        holder=private(holder),
    )["result"]
    assert check(shown, issuer, holder) == SHOWN
    assert check(present(issued, holder), issuer, holder) == SHOWN


def test_their_wallets_present_ours() -> None:
    """Our credential, presented by either wallet, is accepted by us."""
    issuer, holder = ISSUERS[0], HOLDERS[0]
    issued = issue(issuer, holder)
    common: dict[str, Any] = {
        "token": issued,
        "audience": AUDIENCE,
        "nonce": NONCE,
        "holder": private(holder),
    }
    python = ask_python("present_sd_jwt", disclose=dict.fromkeys(SHOWN, True), **common)["result"]
    assert check(python, issuer, holder) == SHOWN
    node = ask_node("present_sd_jwt_vc", disclose=list(SHOWN), now=NOW, **common)["result"]
    assert check(node, issuer, holder) == SHOWN
