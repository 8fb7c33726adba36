"""Status list tokens between this project, @owf/token-status-list and PyPI `cwt`."""

from __future__ import annotations

from typing import Any

import pytest
from judging import ask_node, ask_python

from did import Algorithm, SoftwareSigner, base64url
from revocation.status_list import StatusList
from revocation.token import read_cwt, read_jwt, sign_cwt, sign_jwt

pytestmark = [pytest.mark.judges, pytest.mark.node]

NOW = 1_800_000_000
URI = "https://ministry.example/status/bank-1"
SIGNERS = {a: SoftwareSigner(a, b"s" * 32) for a in Algorithm}
SIZE = 1 << 12
ENTRIES = {0: 1, 1: 2, 2: 3, 5: 1, SIZE - 1: 2}
INDICES = [*range(8), SIZE - 2, SIZE - 1]
EXPECTED = [ENTRIES.get(index, 0) for index in INDICES]
both = pytest.mark.parametrize("algorithm", list(Algorithm), ids=lambda a: a.name)
COMMON: dict[str, Any] = {
    "uri": URI,
    "kid": "s-1",
    "issued_at": NOW,
    "expires_at": NOW + 86_400,
    "ttl": 3600,
    "sequence": 9,
}


def question(signer: SoftwareSigner) -> dict[str, Any]:
    """A small list for the judge to sign."""
    key = {**signer.public_key.to_jwk(), "d": base64url.encode(signer.secret)}
    return {"statuses": EXPECTED, "bits": 2, "uri": URI, "kid": "s-1", "now": NOW, "key": key}


@both
def test_node_reads_our_lists(algorithm: Algorithm) -> None:
    """Our JWT and our CWT, signatures and every status: the packing is the same."""
    signer, statuses = SIGNERS[algorithm], StatusList.build(SIZE, entries=ENTRIES)
    asked: dict[str, Any] = {"key": signer.public_key.to_jwk(), "indices": INDICES}
    answer = ask_node("read_status_jwt", token=sign_jwt(statuses, signer=signer, **COMMON), **asked)
    assert answer == {"result": {"statuses": EXPECTED}}
    answer = ask_node("read_status_cwt", token=sign_cwt(statuses, signer=signer, **COMMON).hex(), **asked)
    assert answer == {"result": {"uri": URI, "statuses": EXPECTED}}


@both
def test_python_verifies_our_cwt(algorithm: Algorithm) -> None:
    """The CWT's signature under the fully-specified algorithm."""
    signer = SIGNERS[algorithm]
    token = sign_cwt(StatusList.build(SIZE, entries=ENTRIES), signer=signer, **COMMON)
    name = {Algorithm.ED25519: "Ed25519", Algorithm.P256: "ESP256"}[algorithm]
    key = {**signer.public_key.to_jwk(), "alg": name, "kid": "s-1"}
    answer = ask_python("verify_cose", token=token.hex(), key=key)
    assert "error" not in answer


@both
def test_we_read_their_jwt(algorithm: Algorithm) -> None:
    """A JWT list of @owf/token-status-list, which has no sequence."""
    signer = SIGNERS[algorithm]
    text = ask_node("sign_status_jwt", **question(signer))["result"]
    found = read_jwt(text, uri=URI, key=signer.public_key)
    assert [found.statuses.get(place) for place in range(len(EXPECTED))] == EXPECTED
    assert (found.issued_at, found.expires_at, found.ttl, found.sequence) == (NOW, NOW + 86_400, 3600, 0)


@both
def test_we_read_their_cwt(algorithm: Algorithm) -> None:
    """A CWT list of @owf/token-status-list, read without demanding our deterministic encoding."""
    signer = SIGNERS[algorithm]
    token = bytes.fromhex(ask_node("sign_status_cwt", **question(signer))["result"])
    found = read_cwt(token, uri=URI, key=signer.public_key, deterministic=False)
    assert [found.statuses.get(place) for place in range(len(EXPECTED))] == EXPECTED
    assert (found.issued_at, found.expires_at, found.ttl, found.kid) == (NOW, NOW + 86_400, 3600, "s-1")
