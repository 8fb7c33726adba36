"""Issue, present, parse: what comes out is what was disclosed, and nothing may be changed on the way."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outcomes import Code, outcome

from credential import sd_jwt
from credential.disclosures import RESERVED
from did import Algorithm, SoftwareSigner, base64url, jws
from did.errors import IdentityError

ISSUER = SoftwareSigner(Algorithm.ED25519, b"i" * 32)
HOLDER = SoftwareSigner(Algorithm.P256, b"h" * 32)
HEADER = {"typ": "example+sd-jwt", "kid": "k"}
CNF = {"cnf": {"jwk": HOLDER.public_key.to_jwk()}}
ASKED: dict[str, Any] = {"audience": "https://bank.example", "nonce": "n-1", "now": 1_800_000_000}

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
names = texts.filter(lambda name: name not in RESERVED | {"cnf"})
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 53), 1 << 53) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)
claim_sets = st.dictionaries(names, values, max_size=8)


def issue(claims: dict[str, object], disclosable: Any, **options: Any) -> str:
    """A token bound to HOLDER."""
    return sd_jwt.issue(claims | CNF, disclosable=disclosable, header=HEADER, signer=ISSUER, **options)


def check(text: str) -> sd_jwt.SdJwt:
    """Everything there is to check about a presentation."""
    token = sd_jwt.parse(text)
    jws.verify(token.jws, ISSUER.public_key)
    sd_jwt.check_key_binding(token, HOLDER.public_key)
    return token


@given(claims=claim_sets, data=st.data())
@settings(max_examples=60, deadline=None)
def test_exactly_the_disclosed_claims_come_out(claims: dict[str, object], data: st.DataObject) -> None:
    """For any claims, any of them disclosable and any of those shown, decoys or not."""
    some = st.sets(st.sampled_from(sorted(claims))) if claims else st.just(set[str]())
    disclosable, wanted = data.draw(some), data.draw(some)
    issued = issue(claims, disclosable, decoys=data.draw(st.integers(0, 3)))
    assert sd_jwt.parse(issued).claims == claims | CNF
    token = check(sd_jwt.present(issued, disclose=wanted, signer=HOLDER, **ASKED))
    hidden = disclosable - wanted
    assert token.claims == CNF | {name: value for name, value in claims.items() if name not in hidden}
    assert token.disclosed == disclosable & wanted
    assert token.key_binding is not None
    assert token.key_binding.audience == ASKED["audience"]
    assert token.key_binding.nonce == ASKED["nonce"]
    assert token.key_binding.issued_at == ASKED["now"]


CLAIMS: dict[str, object] = {"name": "សុខ", "agency": {"a": [1, True, None]}, "iss": "https://i.example"}
ISSUED = issue(CLAIMS, ["name", "agency"])
SHOWN = sd_jwt.present(ISSUED, disclose=["name"], signer=HOLDER, **ASKED)


def test_any_other_character_is_refused() -> None:
    """Every character of a presentation, replaced by its neighbour in the alphabet or by a separator."""
    check(SHOWN)
    for place, character in enumerate(SHOWN):
        for other in {chr(ord(character) ^ 1), "~", "."} - {character}:
            changed = SHOWN[:place] + other + SHOWN[place + 1 :]
            assert isinstance(outcome(lambda text=changed: check(text)), Code), (place, other)  # type: ignore[misc]


def test_any_missing_or_added_character_is_refused() -> None:
    """One character less, or one more, anywhere."""
    for place in range(len(SHOWN) + 1):
        for changed in (SHOWN[:place] + SHOWN[place + 1 :], f"{SHOWN[:place]}A{SHOWN[place:]}"):
            if changed != SHOWN:
                assert isinstance(outcome(lambda text=changed: check(text)), Code), place  # type: ignore[misc]


@given(st.text(max_size=60) | st.text("eyJ.~AQgw_-", max_size=200))
def test_any_text_is_answered(text: str) -> None:
    """Whatever stands in the text: a token or a typed refusal."""
    outcome(lambda: sd_jwt.parse(text))


def test_swapped_disclosures_are_refused() -> None:
    """The order of disclosures is part of what the holder signed."""
    jwt, first, second, binding = sd_jwt.present(
        ISSUED, disclose=["name", "agency"], signer=HOLDER, **ASKED
    ).split("~")
    swapped = "~".join((jwt, second, first, binding))
    assert outcome(lambda: check(swapped)) == Code("sd_hash_mismatch")


def test_digests_are_sorted_and_salts_fresh() -> None:
    """The order of digests tells nothing, salts have 128 bits, and no digest is the same in two tokens."""
    tokens = [issue(CLAIMS, ["agency", "name"], decoys=2) for _ in range(2)]
    digests = [json.loads(sd_jwt.parse(token).jws.payload)["_sd"] for token in tokens]
    assert digests[0] == sorted(digests[0])
    assert len(digests[0]) == 4
    assert not set(digests[0]) & set(digests[1])
    salts = {json.loads(base64url.decode(text))[0] for token in tokens for text in token.split("~")[1:-1]}
    assert len(salts) == 4
    assert all(len(base64url.decode(salt)) == 16 for salt in salts)


def test_same_salts_same_token() -> None:
    """Randomness enters by `salt` alone."""
    made = {issue(CLAIMS, ["name"], decoys=1, salt=lambda size: b"\7" * size) for _ in range(2)}
    assert len(made) == 1


def test_nothing_hidden_needs_no_digests() -> None:
    """A token without disclosable claims has neither `_sd` nor `_sd_alg`, and still ends with a tilde."""
    text = issue({"a": 1}, [])
    assert text.endswith("~")
    assert set(json.loads(sd_jwt.parse(text).jws.payload)) == {"a", "cnf"}


@pytest.mark.parametrize(
    ("claims", "disclosable"),
    [({"a": 1}, ["b"]), ({"_sd": 1}, []), ({"a": [{"...": 1}]}, []), ({"a": {"_sd_alg": 1}}, ["a"])],
)
def test_programmer_mistakes_at_issuing(claims: dict[str, object], disclosable: list[str]) -> None:
    """A name that is no claim, or that is reserved, is no data error."""
    with pytest.raises(ValueError, match="reserved name"):
        issue(claims, disclosable)


def test_presenting_refuses() -> None:
    """A presentation cannot be presented again, an absent claim not shown, another key not used."""

    def code(text: str, disclose: list[str], signer: SoftwareSigner) -> str:
        with pytest.raises(IdentityError) as refused:
            sd_jwt.present(text, disclose=disclose, signer=signer, **ASKED)
        return refused.value.code

    assert code(SHOWN, [], HOLDER) == "malformed_sd_jwt"
    assert code("x", [], HOLDER) == "malformed_sd_jwt"
    assert code("e30.e30.~", [], HOLDER) == "malformed_sd_jwt"
    assert code(ISSUED, ["grade"], HOLDER) == "claim_not_held"
    assert code(ISSUED, ["name"], SoftwareSigner(Algorithm.P256, b"o" * 32)) == "holder_mismatch"


@pytest.mark.parametrize("missing", ["audience", "nonce"])
def test_a_key_binding_is_for_somebody(missing: str) -> None:
    """A holder's signature without audience or nonce could be shown to anybody."""
    with pytest.raises(ValueError, match="audience"):
        sd_jwt.present(ISSUED, disclose=[], signer=HOLDER, **(ASKED | {missing: ""}))


def test_presenting_without_a_key() -> None:
    """Without a signer the token goes out unbound."""
    text = sd_jwt.present(ISSUED, disclose=["name"], signer=None)
    assert text.endswith("~")
    assert sd_jwt.parse(text).key_binding is None
