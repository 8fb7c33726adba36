"""An invented ministry, its publication and its civil servant; and the raw operations that are the floors."""

from __future__ import annotations

import hashlib
import random
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from nacl.bindings import crypto_sign, crypto_sign_open, crypto_sign_seed_keypair

from bench.measure import Work
from credential.claims import CivilServant, EmploymentStatus
from credential.codes import Name
from credential.template import Kind, Template
from did import Algorithm, PublicKey, SoftwareSigner
from issuer.default_codes import DEFAULT_CODES
from revocation import StatusList, sign_cwt, sign_jwt
from trust import IssuerKey, KeyKind, Purpose, TrustSnapshot, ceremony, documents, names
from trust.publication import publish
from trust.sync import init_home, sync

NOW = 1_800_000_000
MOMENT = datetime.fromtimestamp(NOW, UTC)
DAY = NOW // 86400 - 10
ISS = "https://id.mcs.example"
ENTRIES, INDEX = 1 << 18, 123_456
PERSON = CivilServant(  # names of 12 and 16 characters: what the goals are stated for
    name_km="សុខ ចាន់តារា",
    name_la="SOK CHAN DARA VY",
    date_of_birth=date(1988, 4, 14),
    ministry=4,
    position=12,
    grade=5,
    employment_status=EmploymentStatus.ACTIVE,
    card_number="4203918577",
    valid_from=date(2027, 1, 4),
    valid_until=date(2037, 1, 3),
    agency="នាយកដ្ឋានបុគ្គលិក",
    photo_sha256=bytes(range(32)),
)
LIST_TERMS: dict[str, Any] = {"issued_at": NOW, "expires_at": NOW + 30 * 86400, "ttl": None, "sequence": 1}
_SHA256, _P256 = ec.ECDSA(SHA256()), ec.SECP256R1()


@cache
def key(name: str, algorithm: Algorithm = Algorithm.ED25519) -> SoftwareSigner:
    """The private key of that name, the same in every run."""
    return SoftwareSigner(algorithm, hashlib.sha256(name.encode()).digest())


def _template(number: int, kind: Kind) -> Template:
    return Template(
        number=number,
        kind=kind,
        iss=ISS,
        kid=f"{kind}-1",
        algorithm=Algorithm.ED25519,
        vct=f"{ISS}/types/{kind}",
        status_uri=f"{ISS}/status/{kind}-1",
        validity_days=365,
    )


LIVE, SEAL = _template(1, Kind.LIVE), _template(2, Kind.SEAL)
BANK_ISSUER = key("sd-jwt-1", Algorithm.P256)
BANK_TYPE, BANK_LIST = f"{ISS}/types/civil-servant", f"{ISS}/status/sd-jwt-1"


@cache
def trust() -> TrustSnapshot:
    """What a gate knows that is also a bank."""
    with TemporaryDirectory() as folder:
        return TrustSnapshot.load(make_home(Path(folder)))


def make_home(folder: Path) -> Path:
    """A home that was synced from a publication with three lists of 2^18."""
    home = folder / "home"
    home.mkdir()
    init_home(home, _publish(folder / "out"))
    sync(home, folder / "out", now=MOMENT)
    return home


def statuses(seed: int) -> StatusList:
    """2% not VALID, nine in ten of them INVALID; the civil servant's own index is."""
    chance = random.Random(seed)
    chosen = chance.sample(range(ENTRIES), ENTRIES // 50)
    return StatusList.build(ENTRIES, 2, {n: chance.choice((1,) * 18 + (2, 3)) for n in chosen if n != INDEX})


def _publish(out: Path) -> bytes:
    """Writes the publication; returns its root."""
    signers = [[key(f"{role}-{n}") for n in range(3)] for role in ("root", "targets", "online")]
    root_keys, target_keys, online_keys = (tuple(s.public_key for s in group) for group in signers)
    roles = ceremony.RoleKeys(root_keys, target_keys, online_keys)
    root = ceremony.make_root(roles, expires=MOMENT + timedelta(days=600))
    window = (NOW - 31_536_000, NOW + 31_536_000)
    keys = [
        IssuerKey(kid, kind, key(kid, algorithm).public_key, ISS, frozenset(vct), *window)
        for kid, kind, algorithm, vct in (
            (LIVE.kid, KeyKind.LIVE, Algorithm.ED25519, [LIVE.vct]),
            (SEAL.kid, KeyKind.SEAL, Algorithm.ED25519, [SEAL.vct]),
            ("sd-jwt-1", KeyKind.SD_JWT, Algorithm.P256, [BANK_TYPE]),
            ("status-1", KeyKind.STATUS, Algorithm.ED25519, []),
        )
    ]
    files = {
        names.ISSUERS: documents.write_issuers(keys),
        names.TEMPLATES: documents.write_templates((LIVE, SEAL)),
        names.CODES: DEFAULT_CODES.to_json(),
        names.PURPOSES: documents.write_purposes([Purpose("entry", True, Name("ចូលអគារ", "Entry"))]),
        names.RELYING_PARTIES: documents.write_relying_parties(()),
    }
    expires = MOMENT + ceremony.TARGETS_LIFETIME
    targets = ceremony.make_targets(files, online_keys=online_keys, expires=expires, version=1)
    for custodian, signatory in zip(signers[0][:2], signers[1], strict=False):
        root = ceremony.sign(root, custodian)
        targets = ceremony.sign(targets, signatory, authority=root)
    online = {
        names.status_target(template.kid, "cwt"): sign_cwt(
            statuses(template.number),
            uri=template.status_uri,
            kid="status-1",
            signer=key("status-1"),
            **LIST_TERMS,
        )
        for template in (LIVE, SEAL)
    }
    jwt = sign_jwt(statuses(3), uri=BANK_LIST, kid="sd-jwt-1", signer=BANK_ISSUER, **LIST_TERMS)
    online[names.status_target("sd-jwt-1", "jwt")] = jwt.encode()
    online[names.AUDIT_HEAD] = documents.write_audit_head(documents.AuditHead(1, "0" * 64))
    publish(out, roots=[root], targets=targets, files=files, online=online, signers=signers[2], now=MOMENT)
    return root


def raw_check(public: PublicKey, message: bytes, signature: bytes, *, load: str = "") -> Work:
    """One signature check with nothing around it: `crypto_sign_open`, or cryptography for P-256.

    With `load`, "compressed" or "uncompressed", a P-256 key is loaded each
    time from its point as it is carried; a trusted one is loaded already.
    """
    if public.algorithm is Algorithm.ED25519:
        signed, raw = signature + message, public.raw
        return lambda: crypto_sign_open(signed, raw)
    der = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    compressed = bytes((2 | public.raw[-1] & 1,)) + public.raw[:32]
    encoded = compressed if load == "compressed" else b"\x04" + public.raw
    from_bytes = ec.EllipticCurvePublicKey.from_encoded_point
    point = from_bytes(_P256, encoded)
    if not load:
        return lambda: point.verify(der, message, _SHA256)
    return lambda: from_bytes(_P256, encoded).verify(der, message, _SHA256)


def raw_signature(signer: SoftwareSigner, message: bytes) -> Work:
    """One signature by a loaded key, with nothing around it."""
    if signer.public_key.algorithm is Algorithm.ED25519:
        secret = crypto_sign_seed_keypair(signer.secret)[1]
        return lambda: crypto_sign(message, secret)
    private = ec.derive_private_key(int.from_bytes(signer.secret), _P256)
    return lambda: private.sign(message, _SHA256)


def both(first: Work, second: Work) -> Work:
    """One after the other."""
    return lambda: (first(), second())
