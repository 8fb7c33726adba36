"""The published vectors of the QR profile, read by this implementation."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from credential import packed
from credential.challenge import Challenge
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
    key = KEYS.get(token.kid)
    if key is None:
        return "untrusted_issuer"
    algorithms = [(key.algorithm, token.issuer_algorithm)]
    signatures = [(key, "bad_signature")]
    if isinstance(token, LiveToken):
        algorithms.append((token.holder.algorithm, token.holder_algorithm))
        signed = [
            (token.issuer_signed, token.issuer_signature),
            (token.holder_signed, token.holder_signature),
        ]
        signatures.append((token.holder, "holder_mismatch"))
    else:
        signed = [(token.signed, token.signature)]
    if any(cose_id not in algorithm.cose_ids for algorithm, cose_id in algorithms):
        return "wrong_algorithm"
    checks = zip(signatures, signed, strict=True)
    return next((error for (signer, error), parts in checks if not signer.verify(*parts)), "ok")


@pytest.mark.parametrize("entry", DOCUMENT["valid"])
def test_valid(entry: dict[str, Any]) -> None:
    """Each text gives the token byte for byte, the claims and good signatures."""
    token = packed.read(entry["text"], TEMPLATES)
    assert token.to_cbor().hex() == entry["token"]
    assert token.claims == entry["claims"]
    assert token.status_index == entry["status_index"]
    assert judge(entry["text"]) == "ok"
    assert packed.pack(bytes.fromhex(entry["token"]), TEMPLATES[entry["template"]]) == entry["text"].strip(
        "\r\n"
    )
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


def test_worked_examples() -> None:
    """The examples printed in the profile are the vectors they say they are."""
    page = (Path(__file__).parents[2] / "docs" / "qr-profile.md").read_text(encoding="utf-8")
    joined = page.replace("\n", "")
    numbers = [int(number) for number in re.findall(r"### \w+ \(`valid\[(\d+)\]`", page)]
    assert [DOCUMENT["valid"][number]["kind"] for number in numbers] == ["live", "seal"]
    for number in numbers:
        entry = DOCUMENT["valid"][number]
        token = packed.read(entry["text"], TEMPLATES)
        signed = (
            [token.issuer_signed, token.holder_signed] if isinstance(token, LiveToken) else [token.signed]
        )
        for part in (entry["text"], entry["token"], *(data.hex() for data in signed)):
            assert part in joined
    assert json.dumps(DOCUMENT["templates"][0], indent=1) in page


@pytest.mark.parametrize("entry", DOCUMENT["challenges"], ids=lambda entry: repr(entry["text"]))
def test_challenges(entry: dict[str, str]) -> None:
    """Each challenge carries its gate and nonce, or is refused."""
    if "error" in entry:
        with pytest.raises(CredentialError) as caught:
            Challenge.from_text(entry["text"])
        assert caught.value.code == entry["error"]
    else:
        challenge = Challenge.from_text(entry["text"])
        assert (challenge.audience, challenge.nonce.hex()) == (entry["audience"], entry["nonce"])
        assert challenge.to_text() == entry["text"].strip()
