"""A live QR code issued, shown, packed and judged, over the raw signature operations it needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import cycle

from bench import ministry
from bench.measure import Effort, Figure, compare
from bench.ministry import DAY, LIVE, MOMENT, NOW, PERSON
from credential.live import Badge, issue_live, parse_live, present_live
from credential.packed import pack, unpack
from did import Algorithm, SoftwareSigner
from revocation import StatusList
from trust import TrustSnapshot
from verifier import Policy, verify

CHALLENGE = b"8 bytes!"
POLICY = Policy(audience="gate-7")
judge = partial(verify, policy=POLICY, now=MOMENT, challenge=CHALLENGE)
_BADGE = Badge(
    **{name: getattr(PERSON, name) for name in ("name_km", "name_la", "card_number", "ministry", "position")}
)


def issue(holder: SoftwareSigner, *, index: int = ministry.INDEX) -> bytes:
    """The civil servant's credential, ten days old."""
    signer = ministry.key(LIVE.kid)
    return issue_live(LIVE, _BADGE, index=index, day=DAY, holder=holder.public_key, signer=signer)


def present(credential: bytes, holder: SoftwareSigner) -> bytes:
    """The answer to a gate's challenge."""
    return present_live(credential, audience=POLICY.audience, challenge=CHALLENGE, now=NOW, signer=holder)


def text(holder: SoftwareSigner, *, index: int = ministry.INDEX) -> str:
    """The same as a QR code's text."""
    return pack(present(issue(holder, index=index), holder), LIVE)


def verifying(effort: Effort) -> Iterator[Figure]:
    """The main goal: 1.15 × with an Ed25519 holder, the same margin with a P-256 one."""
    for algorithm, aim in (
        (Algorithm.ED25519, "≤ 1.15, never 1.25"),
        (Algorithm.P256, "Ed25519's margin in µs"),
    ):
        holder = ministry.key("holder", algorithm)
        token = parse_live(present(issue(holder), holder))
        issuer = ministry.key(LIVE.kid).public_key
        floor = ministry.both(
            ministry.raw_check(issuer, token.issuer_signed, token.issuer_signature),
            ministry.raw_check(token.holder, token.holder_signed, token.holder_signature, load="compressed"),
        )
        work, subject = (
            partial(judge, text(holder), trust=ministry.trust()),
            f"verify live QR, {algorithm.name} holder",
        )
        note = f"{len(text(holder))} characters; challenge, status, policy"
        yield compare(subject, work, floor, effort=effort, aim=aim, note=note)


def signing(effort: Effort) -> Iterator[Figure]:
    """One signature each; then the way to the QR's text and back."""
    holder = ministry.key("holder")
    credential = issue(holder)
    token = present(credential, holder)
    parts, shown = parse_live(token), text(holder)
    raw = ministry.raw_signature(ministry.key(LIVE.kid), parts.issuer_signed)
    yield compare("issue live SD-CWT", partial(issue, holder), raw, effort=effort)
    raw = ministry.raw_signature(holder, parts.holder_signed)
    yield compare("present live", partial(present, credential, holder), raw, effort=effort)
    note = f"{len(token)} bytes, {len(shown)} characters"
    yield compare("pack live", partial(pack, token, LIVE), effort=effort, note=note)
    yield compare("unpack live", partial(unpack, shown, {1: LIVE}), effort=effort, note=note)


def growth(effort: Effort) -> Iterator[Figure]:
    """Verdicts from a list of 2^27 entries, over those from a list of 2^18; people in turn."""
    holder, trust, works = ministry.key("holder"), ministry.trust(), []
    for entries, reach in ((1 << 27, 1 << 24), (1 << 18, 1 << 18)):  # a QR's index has 24 bits
        texts = cycle([text(holder, index=index) for index in range(0, reach, reach // 32)])
        statuses = StatusList(2, b"\x40" * (entries // 4))  # every fourth is INVALID
        large = replace(trust.lists[LIVE.status_uri], statuses=statuses)
        snapshot = replace(trust, lists={LIVE.status_uri: large})
        works.append(partial(_judge_next, texts, snapshot))
    aim, note = "1.0: flat", "floor: a list of 262,144"
    yield compare("verify live QR, list of 134,217,728", *works, effort=effort, aim=aim, note=note)


def _judge_next(texts: Iterator[str], trust: TrustSnapshot) -> None:
    judge(next(texts), trust=trust)
