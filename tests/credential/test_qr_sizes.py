"""How large the QR texts get, over ten thousand people."""

from __future__ import annotations

import statistics

import pytest

from credential import packed
from credential.live import Badge, issue_live, present_live
from credential.qr_draw import version_of
from credential.seal import issue_seal
from credential.template import Kind, Template
from did import Algorithm, SoftwareSigner
from examples.people import rows

ISS = "https://montrey.example"
SIGNER = SoftwareSigner(Algorithm.ED25519, bytes(range(32)))
LIVE, SEAL = (
    Template(
        number=number,
        kind=kind,
        iss=ISS,
        kid=f"{kind}-2026q4",
        algorithm=Algorithm.ED25519,
        vct=f"urn:montrey:{kind}:1",
        status_uri=f"{ISS}/status/{kind}-1",
        validity_days=days,
    )
    for number, kind, days in ((65535, Kind.LIVE, 365), (2, Kind.SEAL, 3652))
)


def live_text(name_km: str, name_la: str, holder: SoftwareSigner) -> str:
    """A live QR with challenge and audience, ministry and position as codes."""
    badge = Badge(name_km=name_km, name_la=name_la, card_number="9999999999", ministry=17, position=25)
    credential = issue_live(LIVE, badge, index=262143, day=20779, holder=holder.public_key, signer=SIGNER)
    token = present_live(
        credential, audience="gate-65535", challenge=b"12345678", now=1_795_305_600, signer=holder
    )
    text = packed.pack(token, LIVE)
    assert packed.unpack(text, {LIVE.number: LIVE}) == token
    return text


def seal_text(name_km: str, name_la: str) -> str:
    """A printed seal."""
    token = issue_seal(
        SEAL,
        name_km=name_km,
        name_la=name_la,
        card_number="9999999999",
        photo_sha256=bytes(32),
        index=262143,
        day=20779,
        signer=SIGNER,
    )
    return packed.pack(token, SEAL)


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_typical(algorithm: Algorithm) -> None:
    """Names of 12 Khmer and 16 Latin characters: QR version 9-L on a phone (335), and 250 on plastic."""
    text = live_text("សុខ ច័ន្ទតារ", "SOK CHANTARA MAO", SoftwareSigner.generate(algorithm))
    assert len(text) == 330
    assert version_of(text, "L") == 9
    assert len(seal_text("សុខ ច័ន្ទតារ", "SOK CHANTARA MAO")) == 207


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_longest(algorithm: Algorithm) -> None:
    """Names of forty characters each, whatever their letters."""
    holder = SoftwareSigner.generate(algorithm)
    for name_km, name_la in (("ក" * 40, "A" * 40), ("ក" * 40, "a1" * 20), ("១" * 40, "O'Neil @" * 5)):
        assert len(live_text(name_km, name_la, holder)) <= 420
        assert len(seal_text(name_km, name_la)) <= 340


def test_ten_thousand_people() -> None:
    """Never over 420 on a phone and 340 on plastic, for names of realistic lengths."""
    people = [(person["name_km"], person["name_la"]) for person in rows(10_000, seed=7)]
    khmer = sorted(len(name_km) for name_km, _ in people)
    latin = sorted(len(name_la) for _, name_la in people)
    assert statistics.median(khmer) == statistics.median(latin) == 12
    assert khmer[9899] >= 24
    assert latin[9899] >= 28
    assert max(khmer[-1], latin[-1]) == 40
    holders = [SoftwareSigner.generate(algorithm) for algorithm in Algorithm]
    lives = [live_text(*names, holders[i % 2]) for i, names in enumerate(people)]
    seals = [seal_text(*names) for names in people]
    assert max(map(len, lives)) <= 420
    assert max(map(len, seals)) <= 340
    assert statistics.median(map(len, lives)) <= 335
    assert statistics.median(map(len, seals)) <= 250
