"""Tokens of ours and every way in which one may be wrong."""

from __future__ import annotations

import hashlib
import time
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import Code, outcome
from published import (
    ED25519,
    EXP,
    IAT,
    KID,
    P256,
    SMALL,
    TTL,
    URI,
    big_statuses,
    cwt,
    cwt_claims,
    full_cwt,
    full_jwt,
    jwt,
    jwt_claims,
)

from did import SoftwareSigner, base64url, cbor, cose, strict_json
from revocation import (
    SignedList,
    StatusList,
    StatusReference,
    peek_kid,
    read_cwt,
    read_jwt,
    sign_cwt,
    sign_jwt,
)

BOTH_KEYS = pytest.mark.parametrize("signer", [ED25519, P256], ids=["Ed25519", "P-256"])
HEADERS = {4: KID.encode(), 16: "application/statuslist+cwt"}
HEADER = {"kid": KID, "typ": "statuslist+jwt"}
NOT_WHOLE_NUMBERS: list[object] = [-1, True, False, None, "1", b"1", [1], {}, (1 << 53) + 1]
Z = SMALL.compressed()


def ours(data: bytes) -> SignedList | Code:
    """What becomes of a CWT that should be ours."""
    return outcome(lambda: read_cwt(data, uri=URI, key=ED25519.public_key))


def theirs(data: bytes) -> SignedList | Code:
    """What becomes of a CWT of another issuer."""
    return outcome(lambda: read_cwt(data, uri=URI, key=ED25519.public_key, deterministic=False))


def web(text: str) -> SignedList | Code:
    """What becomes of a JWT."""
    return outcome(lambda: read_jwt(text, uri=URI, key=P256.public_key))


@BOTH_KEYS
def test_cwt_round_trip(signer: SoftwareSigner) -> None:
    """Everything that was signed comes back, with the digest of the very bytes."""
    data = full_cwt(signer=signer)
    assert read_cwt(data, uri=URI, key=signer.public_key) == SignedList(
        uri=URI,
        statuses=SMALL,
        issued_at=IAT,
        expires_at=EXP,
        ttl=TTL,
        sequence=7,
        kid=KID,
        digest=hashlib.sha256(data).digest(),
    )


@BOTH_KEYS
def test_jwt_round_trip(signer: SoftwareSigner) -> None:
    """The JWT says the same of the same list."""
    text = full_jwt(signer=signer)
    assert read_jwt(text, uri=URI, key=signer.public_key) == SignedList(
        uri=URI,
        statuses=SMALL,
        issued_at=IAT,
        expires_at=EXP,
        ttl=TTL,
        sequence=7,
        kid=KID,
        digest=hashlib.sha256(text.encode()).digest(),
    )


def test_form_of_the_cwt() -> None:
    """§5.2: tag 18 and no tag 61, typ and kid protected, integer claims, text keys in the list."""
    token = cose.parse_sign1(full_cwt(), max_bytes=1000)
    assert token.protected == {1: -19, 4: KID.encode(), 16: "application/statuslist+cwt"}
    assert token.unprotected == {}
    assert cbor.decode(token.payload, max_bytes=1000) == cwt_claims()


def test_form_of_the_jwt() -> None:
    """§5.1: typ and kid in the header; `iss` only when it is given."""
    text = sign_jwt(
        SMALL,
        uri=URI,
        kid="#k",
        issued_at=IAT,
        expires_at=EXP,
        ttl=TTL,
        sequence=7,
        signer=P256,
        iss="did:web:x",
    )
    header, payload, _ = text.split(".")
    assert strict_json.loads(base64url.decode(header), max_bytes=1000) == {
        "alg": "ES256",
        "kid": "#k",
        "typ": "statuslist+jwt",
    }
    assert strict_json.loads(base64url.decode(payload), max_bytes=1000) == jwt_claims(iss="did:web:x")
    assert '"iss"' not in str(base64url.decode(full_jwt().split(".")[1]))


@given(st.integers(0, 1 << 53), st.integers(0, 1 << 53), st.booleans(), st.integers(0, 1 << 53))
def test_times_come_back(issued_at: int, expires_at: int, bounded: bool, sequence: int) -> None:
    """Any whole times; neither exp nor ttl has to be there."""
    keywords: dict[str, Any] = {
        "uri": URI,
        "kid": KID,
        "issued_at": issued_at,
        "expires_at": expires_at if bounded else None,
        "ttl": TTL if bounded else None,
        "sequence": sequence,
        "signer": ED25519,
    }
    for token in (
        ours(sign_cwt(SMALL, **keywords)),
        outcome(lambda: read_jwt(sign_jwt(SMALL, **keywords), uri=URI, key=ED25519.public_key)),
    ):
        assert isinstance(token, SignedList)
        assert (token.issued_at, token.sequence) == (issued_at, sequence)
        assert (token.expires_at, token.ttl) == ((expires_at, TTL) if bounded else (None, None))


def test_key_id_before_checking() -> None:
    """`peek_kid` tells the two forms apart, JWT bytes among them."""
    assert {peek_kid(full_cwt()), peek_kid(full_jwt()), peek_kid(full_jwt().encode())} == {KID}


def test_key_of_another() -> None:
    """The algorithm and the signature are those of the key that the token is looked up with."""
    cwt_data, jwt_text = full_cwt(), full_jwt()
    other = SoftwareSigner(ED25519.public_key.algorithm, bytes(32)).public_key
    assert outcome(lambda: read_cwt(cwt_data, uri=URI, key=other)) == Code("bad_signature")
    assert outcome(lambda: read_jwt(jwt_text, uri=URI, key=other)) == Code("wrong_algorithm")
    assert outcome(lambda: read_cwt(cwt_data, uri=URI, key=P256.public_key)) == Code("wrong_algorithm")


@pytest.mark.parametrize("uri", [URI + "/", URI.upper(), "", URI[:-1]])
def test_list_of_another(uri: str) -> None:
    """§8.3: `sub` equals the URI that was asked for, character by character."""
    refusal = Code("list_uri_mismatch")
    assert outcome(lambda: read_cwt(full_cwt(), uri=uri, key=ED25519.public_key)) == refusal
    assert outcome(lambda: read_jwt(full_jwt(), uri=uri, key=P256.public_key)) == refusal


CWT_REFUSED: dict[str, tuple[bytes, str]] = {
    "no sub": (cwt(cwt_claims(c2=...)), "list_uri_mismatch"),
    "sub as bytes": (cwt(cwt_claims(c2=URI.encode())), "list_uri_mismatch"),
    "no iat": (cwt(cwt_claims(c6=...)), "malformed_list"),
    "ttl 0": (cwt(cwt_claims(c65534=0)), "malformed_list"),
    "no list": (cwt(cwt_claims(c65533=...)), "malformed_list"),
    "list as bytes": (cwt(cwt_claims(c65533=Z)), "malformed_list"),
    "list with integer keys": (cwt(cwt_claims(c65533={1: 2, 2: Z})), "malformed_list"),
    "no bits": (cwt(cwt_claims(c65533={"lst": Z})), "unsupported_bits"),
    "bits true": (cwt(cwt_claims(c65533={"bits": True, "lst": Z})), "unsupported_bits"),
    "bits 3": (cwt(cwt_claims(c65533={"bits": 3, "lst": Z})), "unsupported_bits"),
    "no lst": (cwt(cwt_claims(c65533={"bits": 2})), "malformed_list"),
    "lst as text": (cwt(cwt_claims(c65533={"bits": 2, "lst": base64url.encode(Z)})), "malformed_list"),
    "lst cut": (cwt(cwt_claims(c65533={"bits": 2, "lst": Z[:-1]})), "malformed_list"),
    "lst and more": (cwt(cwt_claims(c65533={"bits": 2, "lst": Z + b"\x00"})), "malformed_list"),
    "payload an array": (cwt(cbor.encode([URI])), "malformed_list"),
    "payload empty": (cwt(b""), "malformed_cbor"),
    "payload and more": (cwt(cbor.encode(cwt_claims()) + b"\x00"), "malformed_cbor"),
    "iat a float": (cwt(b"\xa1\x06\xfb\x41\xd0\x00\x00\x00\x00\x00\x00"), "malformed_cbor"),
    "iat twice": (cwt(b"\xa2\x06\x01\x06\x02"), "malformed_cbor"),
    "tag 61 around the claims": (cwt(cbor.encode(cbor.Tag(61, cwt_claims()))), "malformed_cbor"),
    "no typ": (cwt(cwt_claims(), {4: b"k"}), "malformed_list"),
    "typ of a JWT": (cwt(cwt_claims(), {4: b"k", 16: "statuslist+jwt"}), "malformed_list"),
    "typ shortened": (cwt(cwt_claims(), {4: b"k", 16: "statuslist+cwt"}), "malformed_list"),
    "typ of an SD-CWT": (cwt(cwt_claims(), {4: b"k", 16: 293}), "malformed_list"),
    "typ unprotected": (cwt(cwt_claims(), {4: b"k"}, {16: HEADERS[16]}), "malformed_list"),
    "no kid": (cwt(cwt_claims(), {16: HEADERS[16]}), "malformed_list"),
    "kid as text": (cwt(cwt_claims(), {4: "k", 16: HEADERS[16]}), "malformed_list"),
    "kid empty": (cwt(cwt_claims(), {4: b"", 16: HEADERS[16]}), "malformed_list"),
    "kid not UTF-8": (cwt(cwt_claims(), {4: b"\xff", 16: HEADERS[16]}), "malformed_list"),
    "a JWT": (full_jwt().encode(), "malformed_cbor"),
    "nothing": (b"", "malformed_cbor"),
}


@pytest.mark.parametrize(("data", "code"), CWT_REFUSED.values(), ids=CWT_REFUSED.keys())
def test_cwt_refused(data: bytes, code: str) -> None:
    """Properly signed, and refused all the same; strict or lenient makes no difference but for encoding."""
    assert ours(data) == Code(code)
    assert theirs(data) in {Code(code), Code("malformed_list"), Code("list_uri_mismatch")}


@pytest.mark.parametrize("name", ["c4", "c6", "c65534", "sequence"])
@pytest.mark.parametrize("value", NOT_WHOLE_NUMBERS, ids=repr)
def test_cwt_numbers(name: str, value: object) -> None:
    """Times, ttl and sequence are whole numbers of 0 to 2^53."""
    claims = cwt_claims(c_65537={1: value}) if name == "sequence" else cwt_claims(**{name: value})
    assert ours(cwt(claims)) == theirs(cwt(claims)) == Code("malformed_list")


def test_a_list_that_is_not_ours_has_sequence_0() -> None:
    """Without our private claim, or with something else in it, the sequence is 0."""
    for claims in (cwt_claims(c_65537=...), cwt_claims(c_65537={2: 5}), cwt_claims(c_65537="x")):
        token = ours(cwt(claims))
        assert isinstance(token, SignedList)
        assert token.sequence == 0
    token = web(jwt(jwt_claims(seq=...)))
    assert isinstance(token, SignedList)
    assert token.sequence == 0


def test_other_claims_are_allowed() -> None:
    """§5.1, §5.2: tokens may carry more, such as where the other lists are."""
    listing = "https://id.mcs.gov.kh/status"
    status_list = {"aggregation_uri": listing, "bits": 2, "lst": Z}
    assert isinstance(ours(cwt(cwt_claims(c1="iss", c65533=status_list, c70000=[1]))), SignedList)
    json_list = {"aggregation_uri": listing, "bits": 2, "lst": base64url.encode(Z)}
    assert isinstance(web(jwt(jwt_claims(status_list=json_list, aud="x", nested={"a": [1.5]}))), SignedList)


def test_other_issuers_encoding() -> None:
    """An unprotected kid and unsorted claims are read only where that is asked for."""
    loose_kid = cwt(cwt_claims(), {16: HEADERS[16]}, {4: KID.encode()})
    unsorted = b"\xa3\x06\x01\x02" + cbor.encode(URI) + b"\x19\xff\xfd" + cbor.encode({"bits": 2, "lst": Z})
    for data, code in ((loose_kid, "malformed_list"), (cwt(unsorted), "malformed_cbor")):
        assert ours(data) == Code(code)
        token = theirs(data)
        assert isinstance(token, SignedList)
        assert token.kid == KID == peek_kid(data)


JWT_REFUSED: dict[str, tuple[str, str]] = {
    "no sub": (jwt(jwt_claims(sub=...)), "list_uri_mismatch"),
    "sub a list": (jwt(jwt_claims(sub=[URI])), "list_uri_mismatch"),
    "no iat": (jwt(jwt_claims(iat=...)), "malformed_list"),
    "ttl 0": (jwt(jwt_claims(ttl=0)), "malformed_list"),
    "no list": (jwt(jwt_claims(status_list=...)), "malformed_list"),
    "list as text": (jwt(jwt_claims(status_list=base64url.encode(Z))), "malformed_list"),
    "no bits": (jwt(jwt_claims(status_list={"lst": base64url.encode(Z)})), "unsupported_bits"),
    "bits true": (
        jwt(jwt_claims(status_list={"bits": True, "lst": base64url.encode(Z)})),
        "unsupported_bits",
    ),
    "bits 2.0": (jwt(jwt_claims(status_list={"bits": 2.0, "lst": base64url.encode(Z)})), "unsupported_bits"),
    "no lst": (jwt(jwt_claims(status_list={"bits": 2})), "malformed_list"),
    "lst padded": (
        jwt(jwt_claims(status_list={"bits": 2, "lst": base64url.encode(Z) + "=="})),
        "malformed_base64url",
    ),
    "lst cut": (jwt(jwt_claims(status_list={"bits": 2, "lst": base64url.encode(Z[:-1])})), "malformed_list"),
    "iat twice": (jwt(b'{"iat":1,"iat":2}'), "malformed_json"),
    "iat NaN": (jwt(b'{"iat":NaN}'), "malformed_json"),
    "iat infinite": (jwt(b'{"iat":1e999}'), "malformed_json"),
    "claims an array": (jwt(b"[]"), "malformed_list"),
    "no claims": (jwt(b""), "malformed_json"),
    "no typ": (jwt(jwt_claims(), {"kid": KID}), "malformed_list"),
    "typ JWT": (jwt(jwt_claims(), HEADER | {"typ": "JWT"}), "malformed_list"),
    "typ in capitals": (jwt(jwt_claims(), HEADER | {"typ": "StatusList+JWT"}), "malformed_list"),
    "typ with its prefix": (
        jwt(jwt_claims(), HEADER | {"typ": "application/statuslist+jwt"}),
        "malformed_list",
    ),
    "no kid": (jwt(jwt_claims(), {"typ": "statuslist+jwt"}), "malformed_list"),
    "kid a number": (jwt(jwt_claims(), HEADER | {"kid": 12}), "malformed_list"),
    "kid empty": (jwt(jwt_claims(), HEADER | {"kid": ""}), "malformed_list"),
    "crit": (jwt(jwt_claims(), HEADER | {"crit": ["exp"]}), "malformed_jws"),
    "alg none": (jwt(jwt_claims(), HEADER | {"alg": "none"}), "wrong_algorithm"),
    "alg HS256": (jwt(jwt_claims(), HEADER | {"alg": "HS256"}), "wrong_algorithm"),
    "a line end": (full_jwt() + "\n", "malformed_base64url"),
    "an SD-JWT": (full_jwt() + "~", "malformed_base64url"),
    "Khmer": ("ក.ខ.គ", "malformed_jws"),
    "nothing": ("", "malformed_jws"),
}


@pytest.mark.parametrize(("text", "code"), JWT_REFUSED.values(), ids=JWT_REFUSED.keys())
def test_jwt_refused(text: str, code: str) -> None:
    """Properly signed, and refused all the same."""
    assert web(text) == Code(code)


@pytest.mark.parametrize("name", ["iat", "exp", "ttl", "seq"])
@pytest.mark.parametrize(
    "value", [*(v for v in NOT_WHOLE_NUMBERS if not isinstance(v, bytes)), 1.0], ids=repr
)
def test_jwt_numbers(name: str, value: object) -> None:
    """Times, ttl and sequence are whole numbers; `true` and 1.0 are none."""
    assert web(jwt(jwt_claims(**{name: value}))) == Code("malformed_list")


@pytest.mark.parametrize(
    "token", [b"", b"\xd2", b"\xd2\x80", b"\xff" * 9, b"a.b.c", b"\x84", full_cwt()[:-1]]
)
def test_no_key_id_in_rubbish(token: bytes) -> None:
    """`peek_kid` refuses what is no token with a code of ours."""
    assert isinstance(outcome(lambda: peek_kid(token)), Code)


def test_every_byte_of_the_cwt_is_held() -> None:
    """One flipped bit anywhere, or a lost tail, and the token is refused."""
    data = full_cwt()
    for at in range(len(data)):
        for bit in (1, 16, 128):
            assert isinstance(ours(data[:at] + bytes((data[at] ^ bit,)) + data[at + 1 :]), Code)
        assert isinstance(ours(data[:at]), Code)


def test_every_character_of_the_jwt_is_held() -> None:
    """One changed character anywhere, or a lost tail, and the token is refused."""
    text = full_jwt()
    for at, character in enumerate(text):
        other = "A" if character != "A" else "B"
        assert isinstance(web(text[:at] + other + text[at + 1 :]), Code)
        assert isinstance(web(text[:at]), Code)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(data: bytes) -> None:
    """Nothing but our own errors leaves the readers."""
    assert isinstance(ours(data), Code)
    assert isinstance(theirs(data), Code)
    assert isinstance(web(data.decode("latin-1")), Code)


def test_signed_bombs_and_giants() -> None:
    """What inflates beyond the bound, and what is beyond it already, is answered quickly."""
    bomb = zlib.compress(bytes(1 << 26), 9)
    start = time.perf_counter()
    assert ours(cwt(cwt_claims(c65533={"bits": 2, "lst": bomb}))) == Code("list_too_large")
    lst = base64url.encode(bomb)
    assert web(jwt(jwt_claims(status_list={"bits": 2, "lst": lst}))) == Code("list_too_large")
    assert ours(bytes((1 << 24) + 1)) == Code("malformed_cose")
    assert web("a" * ((1 << 24) + 1)) == Code("malformed_jws")
    assert outcome(lambda: peek_kid(b"a" * (1 << 25))) == Code("malformed_jws")
    assert time.perf_counter() - start < 5


def test_the_caller_may_bound_more_tightly() -> None:
    """`max_bytes` is the size of the inflated list."""
    key = ED25519.public_key
    assert outcome(lambda: read_cwt(full_cwt(), uri=URI, key=key, max_bytes=3)) == Code("list_too_large")
    assert read_cwt(full_cwt(), uri=URI, key=key, max_bytes=4).statuses == SMALL
    text = full_jwt()
    assert outcome(lambda: read_jwt(text, uri=URI, key=P256.public_key, max_bytes=3)) == Code(
        "list_too_large"
    )


def test_a_full_list_at_two_percent_fits_the_budget() -> None:
    """7.5 KB as a CWT, token and all; about 13 KB as a JWT, for which base64url runs twice."""
    statuses = big_statuses(5)
    data = full_cwt(statuses)
    assert len(data) <= 7_500
    assert len(full_jwt(statuses)) <= 13_500
    token = ours(data)
    assert isinstance(token, SignedList)
    assert token.statuses == token.full == statuses


def test_a_large_list_is_read() -> None:
    """2^24 entries in one token, as JWT and CWT."""
    statuses = StatusList.build(1 << 24, 2, {i * i: 1 for i in range(4000)})
    assert read_cwt(full_cwt(statuses), uri=URI, key=ED25519.public_key).statuses.get(3999**2) == 1
    assert read_jwt(full_jwt(statuses), uri=URI, key=P256.public_key).statuses == statuses


@pytest.mark.parametrize(
    "claim",
    [
        None,
        {},
        [],
        "x",
        {"status_list": {}},
        {"status_list": {"idx": 1}},
        {"status_list": {"uri": URI}},
        {"status_list": {"idx": -1, "uri": URI}},
        {"status_list": {"idx": True, "uri": URI}},
        {"status_list": {"idx": 1.0, "uri": URI}},
        {"status_list": {"idx": "1", "uri": URI}},
        {"status_list": {"idx": 1, "uri": URI.encode()}},
        {"status_list": [{"idx": 1, "uri": URI}]},
    ],
)
def test_references_that_are_none(claim: object) -> None:
    """A status claim that names no entry of a list is refused, never taken for VALID."""
    assert outcome(lambda: StatusReference.from_claim(claim)) == Code("malformed_reference")


def test_reference_with_other_mechanisms() -> None:
    """§6.1: further members of `status` belong to others."""
    claim = {"status_list": {"idx": 5, "uri": URI, "more": 1}, "other": {}}
    assert StatusReference.from_claim(claim) == StatusReference(URI, 5)
