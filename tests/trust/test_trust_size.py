"""What travels: the whole trust of a gate, for a ministry of real size."""

from __future__ import annotations

import random
import time
from pathlib import Path

from trust_simulator import START, Ministry
from trust_size import real_codes, real_parties, real_purposes

from credential.codes import CodeTables
from trust import TrustSnapshot
from trust.sync import init_home, sync

ENTRIES = 1 << 18


def real_ministry(path: Path) -> Ministry:
    """17 ministries, 30 positions, 5 keys, 2 templates, lists of 2^18 with 2% revoked."""
    codes = real_codes()
    draw = random.Random(1)
    revoked = {
        name: dict.fromkeys(draw.sample(range(ENTRIES), ENTRIES // 50), 1)
        for name in ("live-1", "seal-1", "sd-1")
    }
    return Ministry(
        path,
        codes=CodeTables(ministries=codes.ministries, positions=codes.positions),
        purposes=real_purposes(),
        parties=real_parties(),
        statuses=revoked,
        size=ENTRIES,
    )


def test_a_gates_trust_fits_24_kilobytes(tmp_path: Path) -> None:
    """Everything on a stick but the JWT list, which a gate does not fetch."""
    sizes = real_ministry(tmp_path / "out").publish().sizes
    lists = {name: size for name, size in sizes.items() if "/status/" in name}
    gate = {name: size for name, size in sizes.items() if not name.endswith(".jwt")}
    assert sum(gate.values()) <= 24 * 1024
    assert all(size <= 7_500 for name, size in lists.items() if name.endswith(".cwt"))
    assert sum(size for name, size in sizes.items() if name.startswith("metadata/")) <= 4_700


def test_loading_costs_little(tmp_path: Path) -> None:
    """A snapshot of real size loads in milliseconds: linear in its bytes, no python-tuf."""
    ministry = real_ministry(tmp_path / "out")
    ministry.publish()
    home = tmp_path / "home"
    init_home(home, ministry.roots[0])
    sync(home, ministry.out, now=START)
    TrustSnapshot.load(home)
    best = min(_seconds(lambda: TrustSnapshot.load(home)) for _ in range(9))
    assert best < 0.05  # about 4 ms on an idle core


def _seconds(work: object) -> float:
    assert callable(work)
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
