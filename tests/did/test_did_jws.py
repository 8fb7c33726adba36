"""Compact JWS: RFC 8037, joserfc as a judge both ways, and the classic attacks."""

from __future__ import annotations

import hashlib
import hmac
import warnings
from collections.abc import Iterator
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws as judge
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, OKPKey
from outcomes import outcome
from vectors import load_vector

from did import base64url, jws
from did.algorithm import Algorithm
from did.errors import DidError
from did.keys import PublicKey
from did.signer import SoftwareSigner

ED25519 = SoftwareSigner(Algorithm.ED25519, bytes(range(32)))
P256 = SoftwareSigner(Algorithm.P256, bytes(range(1, 33)))
BOTH = pytest.mark.parametrize("signer", [ED25519, P256], ids=["Ed25519", "P-256"])


@pytest.fixture
def quiet() -> Iterator[None]:
    """Joserfc warns that `EdDSA` is deprecated (RFC 9864); the wallets know no other name yet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)
        yield


def judge_key(signer: SoftwareSigner) -> ECKey | OKPKey:
    """The private key as joserfc has it."""
    kind = OKPKey if signer is ED25519 else ECKey
    jwk = {**signer.public_key.to_jwk(), "d": base64url.encode(signer.secret)}
    return kind.import_key(dict(jwk))


def signed(header: bytes, payload: bytes = b"{}", signer: SoftwareSigner = ED25519) -> str:
    """A token whose header is anything, properly signed."""
    signing_input = f"{base64url.encode(header)}.{base64url.encode(payload)}"
    return f"{signing_input}.{base64url.encode(signer.sign(signing_input.encode()))}"


def check(token: str, key: PublicKey = ED25519.public_key) -> jws.Jws:
    """Parses and verifies."""
    parsed = jws.parse(token, max_bytes=100_000)
    jws.verify(parsed, key)
    return parsed


def test_rfc8037() -> None:
    """RFC 8037 A.4: verified, and written again byte for byte."""
    case = load_vector("rfc8037/rfc8037_appendix_a.json")
    private = case["A.1_private_jwk"]
    signer = SoftwareSigner(Algorithm.ED25519, base64url.decode(private["d"]))
    assert signer.public_key.to_jwk()["x"] == private["x"]
    assert check(case["A.4_jws"], signer.public_key).payload.decode() == case["A.4_jws_payload"]
    assert jws.sign({}, case["A.4_jws_payload"].encode(), signer) == case["A.4_jws"]


@BOTH
@given(payload=st.binary(max_size=2000))
def test_ours_verifies_there(signer: SoftwareSigner, payload: bytes) -> None:
    """What we sign, joserfc verifies."""
    token = jws.sign({"typ": "kb+jwt", "kid": "ក"}, payload, signer)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)
        seen = judge.deserialize_compact(token, judge_key(signer), algorithms=["EdDSA", "ES256"])
    assert seen.payload == payload
    assert seen.headers() == {"typ": "kb+jwt", "kid": "ក", "alg": signer.public_key.algorithm.jose}


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(
    ("signer", "alg"),
    [(ED25519, "EdDSA"), (ED25519, "Ed25519"), (P256, "ES256")],
    ids=["EdDSA", "Ed25519", "ES256"],
)
def test_theirs_verifies_here(signer: SoftwareSigner, alg: str) -> None:
    """What joserfc signs, we verify, under both names of Ed25519."""
    token = judge.serialize_compact({"alg": alg, "typ": "x"}, b"payload", judge_key(signer), algorithms=[alg])
    parsed = check(token, signer.public_key)
    assert (parsed.payload, parsed.header) == (b"payload", {"alg": alg, "typ": "x"})


@BOTH
@pytest.mark.parametrize(
    "alg",
    [
        "none",
        "None",
        "nOnE",
        "NONE",
        "",
        "HS256",
        "ES256K",
        "ES384",
        "RS256",
        "PS256",
        "Ed448",
        "eddsa",
        "es256",
        "Es256",
    ],
)
def test_the_key_decides(signer: SoftwareSigner, alg: str) -> None:
    """`none` and every other algorithm are refused although the signature would be good."""
    with pytest.raises(DidError) as caught:
        check(signed(b'{"alg":"%s"}' % alg.encode(), signer=signer), signer.public_key)
    assert caught.value.code == "wrong_algorithm"


def test_none_without_a_signature() -> None:
    """The unsecured JWS of RFC 7515 A.5 is no JWS here."""
    token = base64url.encode(b'{"alg":"none"}') + ".e30."
    with pytest.raises(DidError) as caught:
        check(token)
    assert caught.value.code == "wrong_algorithm"


@pytest.mark.parametrize("signer", [ED25519, P256], ids=["Ed25519", "P-256"])
def test_hs256_with_the_public_key(signer: SoftwareSigner) -> None:
    """The public key as an HMAC secret, in any form an attacker may try (RFC 8725 §2.1)."""
    signing_input = base64url.encode(b'{"alg":"HS256"}') + ".e30"
    for secret in (signer.public_key.raw, signer.public_key.to_jwk()["x"].encode()):
        mac = hmac.digest(secret, signing_input.encode(), hashlib.sha256)
        with pytest.raises(DidError) as caught:
            check(f"{signing_input}.{base64url.encode(mac)}", signer.public_key)
        assert caught.value.code == "wrong_algorithm"


def test_the_other_curve() -> None:
    """A token of one curve against a key of the other, whatever its header says."""
    for alg in (b"ES256", b"EdDSA"):
        token = signed(b'{"alg":"%s"}' % alg, signer=ED25519)
        with pytest.raises(DidError):
            check(token, P256.public_key)


@pytest.mark.parametrize(
    "header",
    [
        b'{"alg":"EdDSA","crit":["b64"],"b64":false}',
        b'{"alg":"EdDSA","crit":["exp"],"exp":1}',
        b'{"alg":"EdDSA","crit":[]}',
        b'{"alg":"EdDSA","crit":null}',
        b'{"alg":"EdDSA","b64":false}',
        b'{"alg":"EdDSA","alg":"EdDSA"}',
        b'{"alg":"none","alg":"EdDSA"}',
        b'{"alg":["EdDSA"]}',
        b'{"alg":null}',
        b"{}",
        b"[]",
        b'"EdDSA"',
        b"",
        b'{"alg":"EdDSA","n":' + b"1" * 5000 + b"}",
        b'{"alg":"EdDSA","n":NaN}',
        b'{"alg":"EdDSA","n":"\\ud800"}',
        b'{"alg":"EdDSA","n":' + b"[" * 40 + b"]" * 40 + b"}",
        b'{"alg":"EdDSA","n":"' + b"a" * jws.MAX_HEADER + b'"}',
    ],
)
def test_refused_headers(header: bytes) -> None:
    """Critical parameters, duplicate names, and whatever strict JSON refuses (RFC 7515 §4)."""
    with pytest.raises(DidError) as caught:
        check(signed(header))
    assert caught.value.code in {"malformed_jws", "malformed_json"}


@pytest.mark.parametrize(
    "change",
    [
        "{0}.{1}",
        "{0}.{1}.{2}.",
        ".{1}.{2}",
        "{0}={1}",
        "{0} .{1}.{2}",
        "{0}.{1}.{2}==",
        "{0}.{1}.{2}\n",
        "{0}.{1}=.{2}",
        "\ufeff{0}.{1}.{2}",
        "{0}.{1}.{2}ក",
        "",
        "..",
        ".",
    ],
)
def test_refused_texts(change: str) -> None:
    """Another number of parts, padding, white space and foreign characters."""
    token = change.format(*signed(b'{"alg":"EdDSA"}').split("."))
    with pytest.raises(DidError) as caught:
        check(token)
    assert caught.value.code in {"malformed_jws", "malformed_base64url", "malformed_json"}


def test_one_text_per_signature() -> None:
    """The last character of a 64-byte signature has four spare bits; only one of its 16 spellings passes."""
    token = signed(b'{"alg":"EdDSA"}')
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    outcomes = [outcome(partial(check, token[:-1] + last)) for last in alphabet]
    assert sum(isinstance(result, jws.Jws) for result in outcomes) == 1


@BOTH
@given(place=st.integers(0, 10_000), character=st.sampled_from("AbZ09-_.=\0é"))
def test_any_changed_character(signer: SoftwareSigner, place: int, character: str) -> None:
    """A token with one character changed does not verify."""
    token = jws.sign({"typ": "x"}, b'{"a":1}', signer)
    place %= len(token)
    changed = token[:place] + character + token[place + 1 :]
    if changed != token:
        with pytest.raises(DidError):
            check(changed, signer.public_key)


def test_size_is_looked_at_first() -> None:
    """A token over the limit is not split."""
    token = signed(b'{"alg":"EdDSA"}')
    with pytest.raises(DidError, match="larger"):
        jws.parse(token, max_bytes=len(token) - 1)
