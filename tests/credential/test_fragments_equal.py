"""What is put together from fixed pieces is what the generic encoders write, byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credential import fragments as f
from credential import sd_jwt
from credential.claims import CivilServant, EmploymentStatus
from credential.codes import CodeTables, Name
from credential.live import Badge, issue_live
from credential.sd_jwt_vc import CLAIMS, TYPE, _claims, issue_sd_jwt_vc
from credential.seal import issue_seal
from credential.template import Kind, Template
from did import Algorithm, SoftwareSigner, cbor, cose

ED25519 = SoftwareSigner(Algorithm.ED25519, bytes(range(32)))
P256 = SoftwareSigner(Algorithm.P256, bytes(range(1, 33)))
NAMES = st.text('កខគ ABCdé"\\/', min_size=1, max_size=30).map(lambda text: " ".join(text.split()) or "ក")
CODES = CodeTables(
    ministries={4: Name('ក្រសួង "មុខងារ"', "Ministry\\of é")}, positions={12: Name("ប្រធាន", "Head")}, grades={}
)
PERSON = CivilServant(
    name_km="សុខ ដារ៉ា",
    name_la="SOK DARA",
    date_of_birth=date(1988, 4, 14),
    ministry=4,
    position=12,
    grade=5,
    employment_status=EmploymentStatus.ACTIVE,
    card_number="4203918577",
    valid_from=date(2027, 1, 4),
    valid_until=date(2037, 1, 3),
    agency="នាយកដ្ឋាន",
    photo_sha256=bytes(32),
)


def template(kind: Kind) -> Template:
    """One of each kind."""
    return Template(
        number=7,
        kind=kind,
        iss="https://id.example",
        kid=f"{kind}-1",
        algorithm=Algorithm.ED25519,
        vct="https://id.example/vct",
        status_uri="https://id.example/status/1",
        validity_days=365,
    )


def fixed_salts(seed: bytes) -> Callable[[int], bytes]:
    """The same random bytes in the same order, however many are asked for at once."""
    stream, at = hashlib.shake_256(seed).digest(1 << 12), 0

    def draw(size: int) -> bytes:
        nonlocal at
        at += size
        return stream[at - size : at]

    return draw


@given(NAMES, NAMES, st.integers(0, 0xFFFFFF), st.one_of(st.integers(0, 65534), NAMES), st.booleans())
def test_live(km: str, la: str, index: int, position: int | str, p256: bool) -> None:
    """An SD-CWT: the map that `cbor.encode` orders, under the header that `cose.sign1` writes."""
    used, holder = template(Kind.LIVE), (P256 if p256 else ED25519).public_key
    badge = Badge(name_km=km, name_la=la, card_number="4203918577", ministry=300, position=position)
    payload = {
        f.ISS: used.iss,
        f.SUB: f"7-{index}",
        f.EXP: (20_000 + 365) * 86400,
        f.IAT: 20_000 * 86400,
        f.CNF: {1: holder.to_cose()},
        f.VCT: used.vct,
        f.STATUS: {"status_list": {"idx": index, "uri": used.status_uri}},
        f.CIVIL_SERVANT: {
            f.NAME_KM: km,
            f.NAME_LA: la,
            f.CARD_NUMBER: "4203918577",
            f.MINISTRY: 300,
            f.POSITION: position,
        },
    }
    headers = {cose.KID: b"live-1", cose.TYP: f.SD_CWT}
    assert issue_live(used, badge, index=index, day=20_000, holder=holder, signer=ED25519) == cose.sign1(
        headers, cbor.encode(payload), ED25519
    )


@given(NAMES, NAMES, st.integers(0, 0xFFFFFF), st.binary(min_size=32, max_size=32))
def test_seal(km: str, la: str, index: int, photo: bytes) -> None:
    """A CWT."""
    used = template(Kind.SEAL)
    payload = {
        f.ISS: used.iss,
        f.SUB: f"7-{index}",
        f.EXP: (20_000 + 365) * 86400,
        f.IAT: 20_000 * 86400,
        f.VCT: used.vct,
        f.STATUS: {"status_list": {"idx": index, "uri": used.status_uri}},
        f.CIVIL_SERVANT: {
            f.NAME_KM: km,
            f.NAME_LA: la,
            f.CARD_NUMBER: "4203918577",
            f.PHOTO_SHA256: photo,
        },
    }
    made = issue_seal(
        used,
        name_km=km,
        name_la=la,
        card_number="4203918577",
        photo_sha256=photo,
        index=index,
        day=20_000,
        signer=ED25519,
    )
    headers = {cose.KID: b"seal-1", cose.TYP: f.SEAL_TYP}
    assert made == cose.sign1(headers, cbor.encode(payload), ED25519)


@pytest.mark.parametrize("holder", [ED25519, P256], ids=lambda key: key.public_key.algorithm.name)
@given(NAMES, st.one_of(st.just(12), st.just(13), NAMES), st.booleans(), st.binary(min_size=1, max_size=8))
def test_sd_jwt_vc(holder: SoftwareSigner, name: str, position: int | str, photo: bool, seed: bytes) -> None:
    """An SD-JWT as `sd_jwt.issue` makes it, with the same salts, and decoys for what is absent."""
    person = replace(
        PERSON, name_km=name, agency=name, position=position, photo_sha256=bytes(32) if photo else None
    )
    about = _claims(person, CODES)
    claims = {
        "iss": 'https://id.example/"x"',
        "vct": "https://id.example/vct",
        "iat": 1_800_000_000,
        "exp": 1_800_000_009,
        "cnf": {"jwk": holder.public_key.to_jwk()},
        "status": {"status_list": {"idx": 5, "uri": "https://id.example/status/1"}},
        **about,
    }
    made = issue_sd_jwt_vc(
        person,
        iss='https://id.example/"x"',
        vct="https://id.example/vct",
        kid="sd-jwt-1",
        status_uri="https://id.example/status/1",
        index=5,
        issued_at=1_800_000_000,
        expires_at=1_800_000_009,
        holder=holder.public_key,
        signer=ED25519,
        codes=CODES,
        salt=fixed_salts(seed),
    )
    assert made == sd_jwt.issue(
        claims,
        disclosable=about.keys(),
        header={"typ": TYPE, "kid": "sd-jwt-1"},
        signer=ED25519,
        decoys=len(CLAIMS) - len(about),
        salt=fixed_salts(seed),
    )
