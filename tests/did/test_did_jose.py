"""JWE to a recipient's key, private JWKs and thumbprint URIs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwe as judge
from joserfc.jwk import ECKey, OKPKey
from outcomes import Code, outcome
from vectors import load_vector

from did import base64url, jose, jws
from did.algorithm import Algorithm
from did.errors import DidError
from did.signer import SoftwareSigner

RECIPIENT = jose.generate_recipient()
PUBLIC = jose.public_jwk(RECIPIENT)
TOKEN = jose.encrypt_jwe(b"salary account", PUBLIC)


def header_of(token: str) -> dict[str, Any]:
    """The protected header of a compact token."""
    header: dict[str, Any] = json.loads(base64url.decode(token.split(".", maxsplit=1)[0]))
    return header


def with_header(change: Callable[[dict[str, Any]], object]) -> str:
    """TOKEN with a changed protected header: what a sender could write, short of the tag."""
    header = header_of(TOKEN)
    change(header)
    return ".".join((base64url.encode(json.dumps(header).encode()), *TOKEN.split(".")[1:]))


@given(plaintext=st.binary(max_size=1000), enc=st.sampled_from(jose.ENCRYPTIONS))
def test_round_trip(plaintext: bytes, enc: str) -> None:
    """Encrypted to the public JWK, opened by the private one, under both ciphers."""
    token = jose.encrypt_jwe(plaintext, PUBLIC, enc=enc)
    assert jose.decrypt_jwe(token, RECIPIENT) == plaintext


def test_the_largest_plaintext() -> None:
    """48 KiB pass, one byte more is a programmer's mistake."""
    data = bytes(jose.MAX_PLAINTEXT)
    assert jose.decrypt_jwe(jose.encrypt_jwe(data, PUBLIC), RECIPIENT) == data
    with pytest.raises(ValueError, match="too long"):
        jose.encrypt_jwe(data + b"\0", PUBLIC)


def test_header() -> None:
    """The header names the algorithm, the recipient's kid, a fresh key and what is inside."""
    headers = [header_of(jose.encrypt_jwe(b"", PUBLIC, enc="A256GCM", content_type="JWT")) for _ in range(2)]
    for header in headers:
        assert set(header) == {"alg", "enc", "kid", "cty", "epk"}
        assert (header["alg"], header["enc"], header["cty"]) == ("ECDH-ES", "A256GCM", "JWT")
        assert header["kid"] == PUBLIC["kid"]
        assert "d" not in header["epk"]
    assert headers[0]["epk"] != headers[1]["epk"]


def test_a_signed_message_inside() -> None:
    """The shape of a print batch: a JWS inside a JWE."""
    signer = SoftwareSigner.generate(Algorithm.ED25519)
    token = jose.encrypt_jwe(jws.sign({"typ": "x"}, b"{}", signer).encode(), PUBLIC, content_type="JWT")
    inner = jws.parse(jose.decrypt_jwe(token, RECIPIENT).decode(), max_bytes=1000)
    jws.verify(inner, signer.public_key)


def test_theirs_opens_here() -> None:
    """A wallet's JWE with apu, apv and members we do not know."""
    key = ECKey.import_key({name: RECIPIENT[name] for name in ("kty", "crv", "x", "y")})
    header = {"alg": "ECDH-ES", "enc": "A128GCM", "kid": "k", "apu": "YQ", "apv": "Yg", "x-wallet": 1}
    registry = judge.JWERegistry(algorithms=["ECDH-ES", "A128GCM"], strict_check_header=False)
    token = judge.encrypt_compact(header, b"vp", key, registry=registry)
    assert jose.decrypt_jwe(token, RECIPIENT) == b"vp"


@pytest.mark.parametrize("place", range(5))
def test_changed_parts(place: int) -> None:
    """No part of a token can be changed or swapped with another token's."""
    parts, others = TOKEN.split("."), jose.encrypt_jwe(b"salary account", PUBLIC).split(".")
    parts[place] = others[place] if place != 1 else "AAAA"
    with pytest.raises(DidError) as caught:
        jose.decrypt_jwe(".".join(parts), RECIPIENT)
    assert caught.value.code in {"decryption_failed", "malformed_jwe"}


HEADERS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "compressed": (lambda h: h.update(zip="DEF"), "malformed_jwe"),
    "critical": (lambda h: h.update(crit=["exp"], exp=1), "malformed_jwe"),
    "direct": (lambda h: h.update(alg="dir"), "wrong_algorithm"),
    "key wrapping": (lambda h: h.update(alg="ECDH-ES+A128KW"), "wrong_algorithm"),
    "RSA1_5": (lambda h: h.update(alg="RSA1_5"), "wrong_algorithm"),
    "PBES2": (lambda h: h.update(alg="PBES2-HS256+A128KW", p2c=10**9, p2s="AAAA"), "wrong_algorithm"),
    "CBC": (lambda h: h.update(enc="A128CBC-HS256"), "wrong_algorithm"),
    "no enc": (lambda h: h.pop("enc"), "wrong_algorithm"),
    "enc a list": (lambda h: h.update(enc=["A128GCM"]), "wrong_algorithm"),
    "no alg": (lambda h: h.pop("alg"), "wrong_algorithm"),
    "no ephemeral key": (lambda h: h.pop("epk"), "malformed_key"),
    "ephemeral key off the curve": (lambda h: h["epk"].update(x="A" * 43), "malformed_key"),
    "ephemeral key on P-384": (lambda h: h["epk"].update(crv="P-384"), "unsupported_key"),
    "ephemeral key of Ed25519": (
        lambda h: h.update(epk={"kty": "OKP", "crv": "Ed25519", "x": "A" * 43}),
        "malformed_jwe",
    ),
    "private ephemeral key": (lambda h: h["epk"].update(d="AAAA"), "private_key"),
    "the other cipher": (lambda h: h.update(enc="A256GCM"), "decryption_failed"),
    "apu a number": (lambda h: h.update(apu=1), "decryption_failed"),
    "apu not base64url": (lambda h: h.update(apu="!"), "decryption_failed"),
    "kid an object": (lambda h: h.update(kid={}), "decryption_failed"),
    "long": (lambda h: h.update(x="a" * 1000), "malformed_json"),
}


@pytest.mark.parametrize(("change", "code"), HEADERS.values(), ids=HEADERS)
def test_refused_headers(change: Callable[[dict[str, Any]], object], code: str) -> None:
    """Other algorithms, compression, extensions and ephemeral keys that are none."""
    with pytest.raises(DidError) as caught:
        jose.decrypt_jwe(with_header(change), RECIPIENT)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "token",
    [
        "",
        "....",
        "a.b.c",
        TOKEN + ".",
        TOKEN + "=",
        TOKEN.replace(".", ".A", 1),
        "ក" + TOKEN,
        "W10....",
        "e30....",
    ],
)
def test_refused_texts(token: str) -> None:
    """What is no compact JWE at all."""
    with pytest.raises(DidError):
        jose.decrypt_jwe(token, RECIPIENT)


@given(st.integers(0, 2000), st.sampled_from("AbZ09-_.=\0é"))
def test_any_changed_character(place: int, character: str) -> None:
    """A token with one character changed is refused, by a typed error."""
    place %= len(TOKEN)
    changed = TOKEN[:place] + character + TOKEN[place + 1 :]
    if changed != TOKEN:
        assert isinstance(outcome(lambda: jose.decrypt_jwe(changed, RECIPIENT)), Code)


def test_another_recipient() -> None:
    """Only the addressed key opens it."""
    with pytest.raises(DidError) as caught:
        jose.decrypt_jwe(TOKEN, jose.generate_recipient())
    assert caught.value.code == "decryption_failed"


X25519 = OKPKey.generate_key("X25519").as_dict(private=True)
ED25519 = jose.signer_to_jwk(SoftwareSigner.generate(Algorithm.ED25519))
KEYS: dict[str, dict[str, Any]] = {
    "empty": {},
    "signature key by use": {**RECIPIENT, "use": "sig"},
    "signature key by alg": {**RECIPIENT, "alg": "ES256"},
    "X25519": dict(X25519),
    "Ed25519": dict(ED25519),
    "off the curve": {**RECIPIENT, "x": "A" * 43},
    "symmetric": {"kty": "oct", "k": "AAAA"},
}


@pytest.mark.parametrize("jwk", KEYS.values(), ids=KEYS)
def test_refused_recipients(jwk: dict[str, Any]) -> None:
    """Keys of other kinds and for other uses are neither encrypted to nor decrypted with."""
    codes = {"malformed_key", "unsupported_key"}
    for refused in (
        outcome(lambda: jose.encrypt_jwe(b"", {n: v for n, v in jwk.items() if n != "d"})),
        outcome(lambda: jose.decrypt_jwe(TOKEN, jwk)),
    ):
        assert isinstance(refused, Code)
        assert refused.code in codes


def test_an_unknown_cipher() -> None:
    """Another `enc` is a programmer's mistake."""
    with pytest.raises(ValueError, match="not used here"):
        jose.encrypt_jwe(b"", PUBLIC, enc="A128CBC-HS256")


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_private_jwks(algorithm: Algorithm) -> None:
    """A signer goes through its private JWK, with members beside the key; joserfc reads the same."""
    signer = SoftwareSigner.generate(algorithm)
    jwk = jose.signer_to_jwk(signer)
    again = jose.signer_from_jwk({**jwk, "kid": "k", "use": "sig"})
    assert (again.public_key, again.secret) == (signer.public_key, signer.secret)
    kind = OKPKey if algorithm is Algorithm.ED25519 else ECKey
    assert kind.import_key(dict(jwk)).as_dict(private=False)["x"] == signer.public_key.to_jwk()["x"]
    assert jose.public_jwk(jwk) == signer.public_key.to_jwk()


@pytest.mark.parametrize("d", [None, 5, "", "AAAA", "!" * 43, "A" * 43])
def test_refused_private_jwks(d: object) -> None:
    """A private half that is missing, broken, or another key's."""
    with pytest.raises(DidError):
        jose.signer_from_jwk({**RECIPIENT, "d": d})


def test_public_jwk_keeps_the_rest() -> None:
    """Only the private member goes; kid, use and alg stay."""
    assert set(RECIPIENT) - set(PUBLIC) == {"d"}
    assert {"kid", "use", "alg"} < set(PUBLIC)
    with pytest.raises(DidError):
        jose.public_jwk({"kty": "oct", "k": "AAAA"})


def test_thumbprint_uri() -> None:
    """RFC 9278 over RFC 8037 A.3, and joserfc agrees on P-256."""
    case = load_vector("rfc8037/rfc8037_appendix_a.json")
    key = jose.signer_from_jwk(case["A.1_private_jwk"]).public_key
    prefix = "urn:ietf:params:oauth:jwk-thumbprint:sha-256:"
    assert jose.thumbprint_uri(key) == prefix + case["A.3_thumbprint_b64u"]
    assert jose.thumbprint_uri(jose.signer_from_jwk(RECIPIENT).public_key) == prefix + RECIPIENT["kid"]
    assert ECKey.import_key(dict(RECIPIENT)).thumbprint_uri() == prefix + RECIPIENT["kid"]
