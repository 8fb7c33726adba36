"""A status list of 2^18 with 2% not VALID, a delta of 50 changes, and a gate's home with three such lists."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from bench import ministry
from bench.measure import Effort, Figure, compare
from bench.ministry import ENTRIES, LIVE, NOW
from revocation import StatusList, delta, read_cwt, sign_cwt
from trust import TrustSnapshot


def lists(effort: Effort) -> Iterator[Figure]:
    """Build, sign, read, look up; make and apply a delta."""
    signer, full = ministry.key("status-1"), ministry.statuses(1)
    entries = {n: status for n in range(ENTRIES) if (status := full.get(n))}
    note = f"{ENTRIES:,} entries, {len(entries):,} not VALID"
    build = partial(StatusList.build, ENTRIES, 2, entries)
    yield compare("status list: build", build, effort=effort, note=note)
    uri = LIVE.status_uri
    sign = partial(sign_cwt, full, uri=uri, kid="status-1", signer=signer, **ministry.LIST_TERMS)
    token = sign()
    note = f"{len(token) / 1000:.1f} KB"
    yield compare("status list: compress and sign", sign, effort=effort, aim="≤ 7.5 KB", note=note)
    read = partial(read_cwt, token, uri=uri, key=signer.public_key)
    yield compare("status list: read CWT", read, effort=effort, note=note)
    indices, get = Random(2).sample(range(ENTRIES), 500), full.get
    look_up = lambda: [get(n) for n in indices]  # noqa: E731
    yield compare("status list: look up", look_up, effort=effort, per=len(indices), aim="0.15 µs")
    base, current = read(), full.with_changes(dict.fromkeys(indices[:50], 1))
    make = partial(delta.make_delta, base, current, kid="status-1", sequence=2, signer=signer)
    make = partial(make, issued_at=NOW + 1, expires_at=NOW + 86400)
    data = make()
    note = f"50 changes, {len(delta.to_text(data))} characters"
    yield compare("delta: make", make, effort=effort, aim="≤ 700 characters", note=note)
    apply = lambda: delta.apply(base, delta.read_delta(data, key=signer.public_key))  # noqa: E731
    yield compare("delta: read and apply", apply, effort=effort, note=note)


def home(effort: Effort) -> Iterator[Figure]:
    """`TrustSnapshot.load`."""
    with TemporaryDirectory() as folder:
        path = ministry.make_home(Path(folder))
        size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) / 1000
        load = partial(TrustSnapshot.load, path)
        yield compare("load trust snapshot", load, effort=effort, note=f"a home of {size:.1f} KB")
