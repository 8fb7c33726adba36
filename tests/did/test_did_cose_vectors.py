"""The COSE working group's examples and RFC 8392 A.3, each with what becomes of it here."""

from __future__ import annotations

from typing import Any

import pytest
from vectors import load_vector, vector_path

from did import base64url, cose
from did.algorithm import Algorithm
from did.errors import DidError
from did.keys import PublicKey
from did.signer import SoftwareSigner

VERIFIES = (
    "sign1-tests/sign-pass-02",  # external additional data
    "ecdsa-examples/ecdsa-sig-01",
    "eddsa-examples/eddsa-sig-01",
    "CWT/A_3",
)

# Those that must fail, and those that hold what we do not implement: all are
# refused, with this code (of CBOR or COSE), for this reason.
REFUSED = {
    "sign1-tests/sign-fail-01": ("malformed", "tag 998"),
    "sign1-tests/sign-fail-02": ("bad_signature", "changed payload"),
    "sign1-tests/sign-fail-03": ("wrong_algorithm", "algorithm -999"),
    "sign1-tests/sign-fail-04": ("malformed", "algorithm by an unknown name"),
    "sign1-tests/sign-fail-06": ("bad_signature", "added protected parameter"),
    "sign1-tests/sign-fail-07": ("bad_signature", "removed protected parameter"),
    "sign1-tests/sign-pass-01": ("malformed", "nothing under the signature names the algorithm"),
    "sign1-tests/sign-pass-03": (
        "malformed",
        "untagged: we demand the tag, so that no other type passes",
    ),
    "ecdsa-examples/ecdsa-01": ("malformed", "COSE_Sign, several signers"),
    "ecdsa-examples/ecdsa-02": ("malformed", "COSE_Sign, several signers"),
    "ecdsa-examples/ecdsa-03": ("malformed", "COSE_Sign, several signers"),
    "ecdsa-examples/ecdsa-04": ("malformed", "COSE_Sign, several signers"),
    "ecdsa-examples/ecdsa-sig-02": ("unsupported_key", "ES384 on P-384"),
    "ecdsa-examples/ecdsa-sig-03": ("unsupported_key", "ES512 on P-521"),
    "ecdsa-examples/ecdsa-sig-04": ("wrong_algorithm", "ES512 with a P-256 key"),
    "eddsa-examples/eddsa-01": ("malformed", "COSE_Sign, several signers"),
    "eddsa-examples/eddsa-02": ("malformed", "COSE_Sign, several signers"),
    "eddsa-examples/eddsa-sig-02": ("unsupported_key", "EdDSA on Ed448"),
    "CWT/A_4": ("malformed", "COSE_Mac0"),
    "CWT/A_5": ("malformed", "COSE_Encrypt0"),
    "CWT/A_6": ("malformed", "COSE_Encrypt0 around a signature"),
    "CWT/A_7": ("malformed", "COSE_Mac0"),
}


def public_key(case: dict[str, Any]) -> PublicKey:
    """The key of a vector: members in base64url or, as `x_hex`, in hex."""
    stated = case["input"]["sign0"]["key"]
    jwk = {name: stated[name] for name in ("kty", "crv", "x", "y") if name in stated}
    for name in ("x", "y"):
        if f"{name}_hex" in stated:
            jwk[name] = base64url.encode(bytes.fromhex(stated[f"{name}_hex"]))
    return PublicKey.from_jwk(jwk)


def verify(case: dict[str, Any], *, deterministic: bool) -> cose.Sign1:
    """Parses and verifies the token of a vector."""
    token = cose.parse_sign1(
        bytes.fromhex(case["output"]["cbor"]), max_bytes=1000, deterministic=deterministic
    )
    external = case["input"].get("sign0", {}).get("external", "")
    cose.verify_sign1(token, public_key(case), bytes.fromhex(external))
    return token


def test_no_file_is_overlooked() -> None:
    """Every example file stands in one of the two tables."""
    folder = vector_path("cose")
    files = {str(path.relative_to(folder).with_suffix("")) for path in folder.glob("*/*.json")}
    assert files == set(VERIFIES) | set(REFUSED)


@pytest.mark.parametrize("deterministic", [True, False], ids=["deterministic", "lenient"])
@pytest.mark.parametrize("name", VERIFIES)
def test_verifies(name: str, deterministic: bool) -> None:
    """The examples with EdDSA and ES256 verify."""
    case = load_vector(f"cose/{name}.json")
    token = verify(case, deterministic=deterministic)
    stated = case["input"]
    assert token.payload == (
        bytes.fromhex(stated["plaintext_hex"]) if "plaintext_hex" in stated else stated["plaintext"].encode()
    )
    to_be_signed = case.get("intermediates", {}).get("ToBeSign_hex")
    if to_be_signed:
        assert (
            token.to_be_signed(bytes.fromhex(stated["sign0"].get("external", ""))).hex()
            == to_be_signed.lower()
        )


@pytest.mark.parametrize("deterministic", [True, False], ids=["deterministic", "lenient"])
@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str, deterministic: bool) -> None:
    """Everything else is refused, by both readers, with the code of the table."""
    with pytest.raises(DidError) as caught:
        verify(load_vector(f"cose/{name}.json"), deterministic=deterministic)
    assert caught.value.code.removesuffix("_cose").removesuffix("_cbor") == REFUSED[name][0]


def test_external_data_counts() -> None:
    """A token made with external data does not verify without it."""
    case = load_vector("cose/sign1-tests/sign-pass-02.json")
    case["input"]["sign0"]["external"] = ""
    with pytest.raises(DidError) as caught:
        verify(case, deterministic=True)
    assert caught.value.code == "bad_signature"


def test_we_write_the_same_bytes() -> None:
    """Ed25519 is deterministic: our signer gives the very signature of the example."""
    case = load_vector("cose/eddsa-examples/eddsa-sig-01.json")
    token = cose.parse_sign1(bytes.fromhex(case["output"]["cbor"]), max_bytes=1000)
    seed = bytes.fromhex(case["input"]["sign0"]["key"]["d_hex"])
    signer = SoftwareSigner(Algorithm.ED25519, seed)
    assert signer.public_key == public_key(case)
    assert signer.sign(token.to_be_signed()) == token.signature
