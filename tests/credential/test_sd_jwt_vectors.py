"""The tokens printed in RFC 9901 and in the SD-JWT VC draft, with their example keys."""

from __future__ import annotations

from typing import Any

import pytest
from vectors import load_vector

from credential import sd_jwt
from credential.errors import CredentialError
from credential.sd_jwt_vc import read_sd_jwt_vc
from did import Algorithm, PublicKey, SoftwareSigner, base64url, jws

FILES = ("sd-jwt/sd_jwt_compact_examples.json", "sd-jwt/sd_jwt_vc_compact_examples.json")
TOKENS = [
    pytest.param(token["compact"], token["has_kb"], id=f"{file.split('/')[1][:9].rstrip('_c')}-{token['n']}")
    for file in FILES
    for token in load_vector(file)["tokens"]
]
KEYS: dict[str, Any] = load_vector("sd-jwt/example_keys.json")
ISSUER = PublicKey.from_jwk({k: v for k, v in KEYS["issuer_key"].items() if k != "d"})
HOLDER = SoftwareSigner(Algorithm.P256, base64url.decode(KEYS["holder_key"]["d"]))
ADDRESS = {"street_address": "123 Main St", "locality": "Anytown", "region": "Anystate", "country": "US"}


def compact(file: str, number: int) -> str:
    """The token with this number."""
    return str(next(token["compact"] for token in load_vector(file)["tokens"] if token["n"] == number))


@pytest.mark.parametrize(("text", "has_key_binding"), TOKENS)
def test_every_example_verifies(text: str, has_key_binding: bool) -> None:
    """The issuer's signature holds, every disclosure finds its digest, and no digest is left over."""
    token = sd_jwt.parse(text)
    jws.verify(token.jws, ISSUER)
    assert token.disclosed
    assert not any(mark in str(token.claims) for mark in ("_sd", "'...'"))
    assert (token.key_binding is not None) is has_key_binding


@pytest.mark.parametrize("text", [t.values[0] for t in TOKENS if t.values[1]])
def test_example_key_bindings_hold(text: Any) -> None:
    """The holder's signature and sd_hash hold; nonce and audience are read."""
    token = sd_jwt.parse(text)
    sd_jwt.check_key_binding(token, PublicKey.from_jwk(token.claims["cnf"]["jwk"]))
    assert token.key_binding is not None
    assert token.key_binding.nonce == KEYS["nonce"]
    assert token.key_binding.audience.startswith("https://")


def test_example_1_shows_what_was_disclosed() -> None:
    """RFC 9901 §5.2: four disclosures, one of them an element of an array."""
    claims = sd_jwt.parse(compact(FILES[0], 1)).claims
    assert claims["given_name"] == "John"
    assert claims["address"] == ADDRESS
    assert claims["nationalities"] == ["US"]  # the other element is gone (§7.1 step 3d)
    assert "email" not in claims


def test_example_2_shows_members_of_an_object() -> None:
    """RFC 9901 §A.2: disclosures below a claim that itself stands in the clear."""
    token = sd_jwt.parse(compact(FILES[0], 2))
    assert token.claims["address"] == {"region": "港区", "country": "JP"}
    assert token.disclosed == {"address"}


def test_example_3_shows_nested_disclosures() -> None:
    """RFC 9901 §A.3: a disclosed array element whose members are disclosed in turn."""
    verified = sd_jwt.parse(compact(FILES[0], 3)).claims["verified_claims"]
    assert verified["verification"] == {
        "trust_framework": "de_aml",
        "time": "2012-04-23T18:25Z",
        "evidence": [{"method": "pipp"}],
    }
    assert verified["claims"]["given_name"] == "Max"


@pytest.mark.parametrize(
    ("disclose", "shown"),
    [
        ([], {"nationalities": []}),
        (["family_name", "address"], {"family_name": "Doe", "address": ADDRESS, "nationalities": []}),
        (["nationalities"], {"nationalities": ["US", "DE"]}),
    ],
)
def test_presenting_an_example(disclose: list[str], shown: dict[str, object]) -> None:
    """A token of another issuer, elements of arrays included, is presented with this library."""
    text = sd_jwt.present(
        compact(FILES[0], 0), disclose=disclose, audience="https://v.example", nonce="n", now=1, signer=HOLDER
    )
    token = sd_jwt.parse(text)
    sd_jwt.check_key_binding(token, HOLDER.public_key)
    clear = {"iss", "iat", "exp", "sub", "cnf"}
    assert {name: value for name, value in token.claims.items() if name not in clear} == shown


def test_presenting_a_nested_claim_takes_everything_in_it() -> None:
    """A top-level claim is disclosed with all that is disclosable inside it."""
    text = compact(FILES[0], 3)
    again = sd_jwt.present(text, disclose=["verified_claims"], signer=None)
    assert again == text


def test_a_vc_without_status_is_not_ours() -> None:
    """The draft's example VC has no status list, which every credential of this project has."""
    with pytest.raises(CredentialError) as refused:
        read_sd_jwt_vc(compact(FILES[1], 0))
    assert refused.value.code == "malformed_sd_jwt"
