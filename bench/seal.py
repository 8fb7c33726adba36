"""A printed seal issued, packed and judged."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bench import ministry
from bench.measure import Effort, Figure, compare
from bench.ministry import PERSON, SEAL
from credential.packed import pack, unpack
from credential.seal import issue_seal, parse_seal
from verifier import Policy, verify_seal


def figures(effort: Effort) -> Iterator[Figure]:
    """One signature, one check; then the way to the QR's text and back."""
    signer = ministry.key(SEAL.kid)
    issue = partial(
        issue_seal,
        SEAL,
        **{name: getattr(PERSON, name) for name in ("name_km", "name_la", "card_number", "photo_sha256")},
        index=ministry.INDEX,
        day=ministry.DAY,
        signer=signer,
    )
    token = issue()
    text, parts = pack(token, SEAL), parse_seal(token)
    note = f"{len(token)} bytes, {len(text)} characters"
    judge = partial(verify_seal, text, trust=ministry.trust(), policy=Policy(), now=ministry.MOMENT)
    judge = partial(judge, card_number=PERSON.card_number)
    floor = ministry.raw_check(signer.public_key, parts.signed, parts.signature)
    yield compare("verify seal", judge, floor, effort=effort, note=note)
    raw = ministry.raw_signature(signer, parts.signed)
    yield compare("issue seal CWT", issue, raw, effort=effort)
    yield compare("pack seal", partial(pack, token, SEAL), effort=effort, note=note)
    yield compare("unpack seal", partial(unpack, text, {2: SEAL}), effort=effort, note=note)
