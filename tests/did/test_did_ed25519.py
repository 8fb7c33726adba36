"""The check without a copy, and PyNaCl's public one, say the same of everything."""

from __future__ import annotations

import random

from vectors import load_vector

from did import Algorithm, SoftwareSigner
from did.ed25519 import opens, opens_publicly


def test_wycheproof() -> None:
    """Every official vector with a signature of 64 bytes, valid or not."""
    answers = []
    for group in load_vector("wycheproof/ed25519_test.json")["testGroups"]:
        key = bytes.fromhex(group["publicKey"]["pk"])
        for test in group["tests"]:
            signature = bytes.fromhex(test["sig"])
            if len(signature) == 64:
                signed = signature + bytes.fromhex(test["msg"])
                assert opens(signed, key) is opens_publicly(signed, key) is (test["result"] == "valid")
                answers.append(opens(signed, key))
    assert set(answers) == {True, False}


def test_every_changed_byte() -> None:
    """A changed byte of signature, message or key is noticed by both."""
    rng = random.Random(1)
    signer = SoftwareSigner(Algorithm.ED25519, rng.randbytes(32))
    message, key = rng.randbytes(100), signer.public_key.raw
    signed = signer.sign(message) + message
    assert opens(signed, key)
    assert opens_publicly(signed, key)
    for at in range(len(signed)):
        changed = signed[:at] + bytes((signed[at] ^ 1 << rng.randrange(8),)) + signed[at + 1 :]
        assert not opens(changed, key)
        assert not opens_publicly(changed, key)
    for at in range(32):
        other = key[:at] + bytes((key[at] ^ 1,)) + key[at + 1 :]
        assert not opens(signed, other)


def test_empty_message() -> None:
    """A signature over nothing."""
    signer = SoftwareSigner.generate(Algorithm.ED25519)
    assert opens(signer.sign(b""), signer.public_key.raw)
