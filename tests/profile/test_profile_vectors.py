"""The published vectors of the QR profile, read by this implementation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from credential import packed
from credential.errors import CredentialError
from credential.live import LiveToken
from credential.template import Template
from did.keys import PublicKey

DOCUMENT = json.loads((Path(__file__).parents[2] / "docs" / "qr-profile-vectors.json").read_bytes())
TEMPLATES = {t.number: t for t in map(Template.from_json, DOCUMENT["templates"])}
KEYS = {kid: PublicKey.from_jwk(jwk) for kid, jwk in DOCUMENT["keys"].items()}


def judge(text: str) -> str:
    """`ok`, or the error of the first thing that is wrong."""
    try:
        token = packed.read(text, TEMPLATES)
    except CredentialError as error:
        return error.code
    key = KEYS[token.kid]
    if not isinstance(token, LiveToken):
        return "ok" if key.verify(token.signed, token.signature) else "bad_signature"
    if not key.verify(token.issuer_signed, token.issuer_signature):
        return "bad_signature"
    return "ok" if token.holder.verify(token.holder_signed, token.holder_signature) else "holder_mismatch"


@pytest.mark.parametrize("entry", DOCUMENT["valid"])
def test_valid(entry: dict[str, Any]) -> None:
    """Each text gives the token byte for byte, the claims and good signatures."""
    token = packed.read(entry["text"], TEMPLATES)
    assert token.to_cbor().hex() == entry["token"]
    assert token.claims == entry["claims"]
    assert token.status_index == entry["status_index"]
    assert judge(entry["text"]) == "ok"
    assert packed.pack(bytes.fromhex(entry["token"]), TEMPLATES[entry["template"]]) == entry["text"]
    if isinstance(token, LiveToken):
        assert token.holder.to_jwk() == entry["holder"]
        assert (token.challenge and token.challenge.hex()) == entry["challenge"]


@pytest.mark.parametrize("entry", DOCUMENT["damaged"], ids=lambda entry: entry["how"])
def test_damaged(entry: dict[str, str]) -> None:
    """Each damaged text is refused for the stated reason."""
    assert judge(entry["text"]) == entry["error"]


def test_enough() -> None:
    """A hundred of each, every kind of token among them."""
    assert len(DOCUMENT["valid"]) == len(DOCUMENT["damaged"]) == 100
    assert {"live", "seal"} == {entry["kind"] for entry in DOCUMENT["valid"]}
