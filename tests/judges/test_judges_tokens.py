"""The QR tokens, rebuilt from their texts, before PyPI `cwt`; and tokens made by `cwt` before us."""

from __future__ import annotations

from typing import Any

import pytest
from judging import ask_python
from vectors import vector_path

from credential.live import Badge, LiveToken, issue_live, parse_live, present_live
from credential.packed import pack, read, unpack
from credential.seal import issue_seal
from credential.template import ANY_GATE, Kind, Template
from did import Algorithm, SoftwareSigner, base64url, cbor, cose
from did.errors import DidError

pytestmark = pytest.mark.judges

DAY = 20_800
KID = "key-1"
NOW = DAY * 86_400 + 3600
NONCE = bytes(range(8))
ISSUERS = {a: SoftwareSigner(a, b"i" * 32) for a in Algorithm}
HOLDERS = {a: SoftwareSigner(a, b"h" * 32) for a in Algorithm}
NAMES = {"name_km": "សុខ សុភា", "name_la": "SOK SOPHEA", "card_number": "1234567897"}
FULLY_SPECIFIED = {Algorithm.ED25519: "Ed25519", Algorithm.P256: "ESP256"}
POLYMORPHIC = {Algorithm.ED25519: "EdDSA", Algorithm.P256: "ES256"}
both = pytest.mark.parametrize("algorithm", list(Algorithm), ids=lambda a: a.name)


def jwk(signer: SoftwareSigner, names: dict[Algorithm, str] = FULLY_SPECIFIED, **more: str) -> dict[str, str]:
    """The public key as `cwt` takes it, pinned to its algorithm; `kid` as in the token."""
    return {**signer.public_key.to_jwk(), "alg": names[signer.public_key.algorithm], **more}


def private(signer: SoftwareSigner, names: dict[Algorithm, str]) -> dict[str, str]:
    """The same with its private half: an example key."""
    return jwk(signer, names, d=base64url.encode(signer.secret))


def template(kind: Kind, algorithm: Algorithm) -> Template:
    """What a QR code leaves out."""
    return Template(
        number=1,
        kind=kind,
        iss="https://ministry.example",
        kid=KID,
        algorithm=algorithm,
        vct="urn:example:badge",
        status_uri="https://ministry.example/status/live-1",
        validity_days=365,
    )


def live(issuer: Algorithm, holder: Algorithm, challenge: bytes | None, position: int | str = 7) -> bytes:
    """Our presentation, after a journey through a QR text."""
    made_with = template(Kind.LIVE, issuer)
    credential = issue_live(
        made_with,
        Badge(**NAMES, ministry=3, position=position),
        index=4711,
        day=DAY,
        holder=HOLDERS[holder].public_key,
        signer=ISSUERS[issuer],
    )
    token = present_live(credential, audience=ANY_GATE, challenge=challenge, now=NOW, signer=HOLDERS[holder])
    return unpack(pack(token, made_with), {1: made_with})


@both
@pytest.mark.parametrize("holder", list(Algorithm), ids=lambda a: f"holder-{a.name}")
@pytest.mark.parametrize(("challenge", "position"), [(None, 7), (NONCE, "ទីប្រឹក្សា")])
def test_live_tokens(
    algorithm: Algorithm, holder: Algorithm, challenge: bytes | None, position: int | str
) -> None:
    """Both signatures of a rebuilt live token hold, and the claims are in them."""
    token = live(algorithm, holder, challenge, position)
    answer = ask_python(
        "verify_live", token=token.hex(), holder=jwk(HOLDERS[holder]), issuer=jwk(ISSUERS[algorithm], kid=KID)
    )["result"]
    binding, credential = (
        cbor.decode_lenient(bytes.fromhex(answer[part])) for part in ("binding", "credential")
    )
    assert binding == {3: ANY_GATE, 6: NOW} | ({39: challenge} if challenge else {})
    assert credential[1] == "https://ministry.example"
    assert credential[65535] == {
        "status_list": {"idx": 4711, "uri": "https://ministry.example/status/live-1"}
    }


def test_live_token_with_a_spoilt_signature() -> None:
    """The same judge objects when either key is another's."""
    token = live(Algorithm.ED25519, Algorithm.P256, None).hex()
    right: dict[str, Any] = {
        "holder": jwk(HOLDERS[Algorithm.P256]),
        "issuer": jwk(ISSUERS[Algorithm.ED25519], kid=KID),
    }
    assert "result" in ask_python("verify_live", token=token, **right)
    for wrong in (
        {"holder": jwk(ISSUERS[Algorithm.P256])},
        {"issuer": jwk(HOLDERS[Algorithm.ED25519], kid=KID)},
    ):
        assert "VerifyError" in ask_python("verify_live", token=token, **(right | wrong))["error"]


@both
def test_seals(algorithm: Algorithm) -> None:
    """The signature of a rebuilt seal holds."""
    made_with = template(Kind.SEAL, algorithm)
    token = issue_seal(
        made_with, **NAMES, photo_sha256=bytes(32), index=1, day=DAY, signer=ISSUERS[algorithm]
    )
    rebuilt = unpack(pack(token, made_with), {1: made_with})
    assert rebuilt == token
    answer = ask_python("verify_cose", token=rebuilt.hex(), key=jwk(ISSUERS[algorithm], kid=KID))
    claims = cbor.decode_lenient(bytes.fromhex(answer["result"]))
    assert claims[4] == (DAY + 365) * 86_400


@both
@pytest.mark.parametrize("names", [FULLY_SPECIFIED, POLYMORPHIC], ids=["fully-specified", "polymorphic"])
def test_cose_in_both_directions(algorithm: Algorithm, names: dict[Algorithm, str]) -> None:
    """-19 and -8, -9 and -7: a token of `cwt` is read by us; what we sign is the fully-specified one."""
    signer = ISSUERS[algorithm]
    answer = ask_python("sign_cose", payload=cbor.encode({1: "x"}).hex(), key=private(signer, names), kid=KID)
    token = cose.parse_sign1(bytes.fromhex(answer["result"]), max_bytes=1000, deterministic=False)
    cose.verify_sign1(token, signer.public_key)
    assert token.payload == cbor.encode({1: "x"})
    assert token.protected[cose.KID] == KID.encode()
    with pytest.raises(DidError):
        cose.verify_sign1(token, HOLDERS[algorithm].public_key)
    ours = cose.sign1({cose.KID: KID.encode()}, b"payload", signer)
    answer = ask_python("verify_cose", token=ours.hex(), key=jwk(signer, kid=KID))
    assert bytes.fromhex(answer["result"]) == b"payload"


@both
def test_a_live_token_made_by_another_hand(algorithm: Algorithm) -> None:
    """SD-CWT and key binding signed by `cwt`: read by us, also through a QR text, with the same claims."""
    ours = parse_live(live(algorithm, Algorithm.P256, NONCE))
    holder, issuer = HOLDERS[Algorithm.P256], ISSUERS[algorithm]
    outer = cose.parse_sign1(ours.to_cbor(), max_bytes=2000)
    inner = cose.parse_sign1(cbor.encode(outer.protected[13]), max_bytes=2000)
    answer = ask_python(
        "make_live",
        credential=inner.payload.hex(),
        binding=outer.payload.hex(),
        kid=KID,
        holder=private(holder, FULLY_SPECIFIED),
        issuer=private(issuer, FULLY_SPECIFIED),
    )
    made_with = template(Kind.LIVE, algorithm)
    token = read(pack(bytes.fromhex(answer["result"]), made_with), {1: made_with})
    assert isinstance(token, LiveToken)
    assert holder.public_key.verify(token.holder_signed, token.holder_signature)
    assert issuer.public_key.verify(token.issuer_signed, token.issuer_signature)
    assert token.claims == ours.claims
    assert (token.audience, token.challenge, token.signed_at) == (ANY_GATE, NONCE, NOW)


@pytest.mark.parametrize("name", ["issuer_cwt", "decoy", "nested_cwt", "nested_issuer_cwt"])
def test_official_issuer_signatures(name: str) -> None:
    """The ES384 signatures of the official SD-CWT examples, which this project cannot check itself."""
    token = vector_path(f"sd-cwt/{name}.cbor").read_bytes()
    pem = vector_path("sd-cwt/issuer_privkey.pem").read_text()
    answer = ask_python("verify_cose_pem", token=token.hex(), pem=pem, kid="https://issuer.example/cose-key3")
    assert (
        bytes.fromhex(answer["result"])
        == cose.parse_sign1(token, max_bytes=2000, deterministic=False).payload
    )
