"""The names and types that the layers above stand on; mypy reads this file too."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, assert_type

import pytest

import did
from did import (
    base45,
    base64url,
    cbor,
    cose,
    did_jwk,
    did_key,
    did_web,
    jose,
    jws,
    keyfile,
    resolver,
    strict_json,
)


def test_names() -> None:
    """The package offers these names and no others."""
    errors = {"IdentityError", "DidError", "FetchError"}
    assert set(did.__all__) == errors | {"Algorithm", "PublicKey", "Signer", "SoftwareSigner"}
    assert all(hasattr(did, name) for name in did.__all__)


def test_errors_have_one_root() -> None:
    """A caller that catches `IdentityError` catches all; a code stands for a missing message."""
    assert issubclass(did.DidError, did.IdentityError)
    assert issubclass(did.FetchError, did.IdentityError)
    assert not issubclass(did.IdentityError, ValueError)
    assert str(did.DidError("some_code")) == did.DidError("some_code").code == "some_code"


def test_keys_are_values() -> None:
    """A key is frozen, equal by content and usable as a dictionary key."""
    key = did.SoftwareSigner(did.Algorithm.P256, bytes(31) + b"\1").public_key
    assert {key: 1}[did.PublicKey.from_jwk(key.to_jwk())] == 1
    with pytest.raises(AttributeError):
        key.raw = b""  # type: ignore[misc]


def signatures(signer: did.Signer, path: Path) -> None:
    """Never run: what mypy must find these calls to give."""
    key = signer.public_key
    assert_type(key, did.PublicKey)
    assert_type(signer.sign(b""), bytes)
    assert_type(key.verify(b"", b""), bool)
    assert_type(key.to_jwk(), dict[str, str])
    assert_type(base45.decode(base45.encode(b"").encode()), bytes)
    assert_type(base64url.decode(base64url.encode(b"")), bytes)
    assert_type(strict_json.loads(strict_json.dumps({}), max_bytes=2), Any)
    assert_type(cbor.decode(cbor.encode({}), max_bytes=1), Any)
    token = cose.parse_sign1(cose.sign1({}, b"", signer), max_bytes=100)
    assert_type(token, cose.Sign1)
    assert_type(token.payload, bytes)
    assert_type(jws.parse(jws.sign({}, b"", signer), max_bytes=100).header, Mapping[str, Any])
    assert_type(did_key.decode(did_key.encode(key)), did.PublicKey)
    assert_type(did_jwk.decode(did_jwk.encode(key)), did.PublicKey)
    assert_type(did_web.did_document("did:web:a.example", {"k": key}), dict[str, object])
    assert_type(resolver.resolve("did:web:a.example", fetch=lambda _: b"").find("#k"), did.PublicKey)
    assert_type(jose.decrypt_jwe(jose.encrypt_jwe(b"", key.to_jwk()), jose.generate_recipient()), bytes)
    assert_type(jose.thumbprint_uri(key), str)
    assert_type(keyfile.load(path, ""), did.SoftwareSigner)
