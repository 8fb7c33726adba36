"""The campaign's presentations through the gate's page: what stands there follows from how each was made.

Three hundred visits here; MONTREY_PRESENTATIONS=10000 is the campaign. Its
cases and rules are in gate_crowd.py and gate_arranging.py, the counts are
printed (pytest -s).
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from gate_browser import gate_browser
from gate_crowd import ASSURANCES, CODES, Crowd
from gate_presenting import Gate, Presenter
from gate_town import Town

from trust.sync import init_home

pytestmark = [pytest.mark.browser, pytest.mark.long]

COUNT = int(os.environ.get("MONTREY_PRESENTATIONS", "300"))
SEED = int(os.environ.get("MONTREY_SEED", "20261228"))


def test_every_presentation(tmp_path: Path) -> None:
    """Every verdict on the page is the expected one; every code of the table and every assurance comes."""
    init_home(tmp_path / "gate", Town(tmp_path, people=1).root)
    gate, crowd = Gate(tmp_path / "gate"), Crowd(SEED)
    with gate.served() as url, gate_browser() as page:
        presenter = Presenter(gate, page, url, seed=SEED)
        each = presenter.play(crowd, COUNT)
    print(f"\n{COUNT} visits, {sum(presenter.seen[code] for code in CODES)} verdicts, {each:.3f} s a visit")
    for counts in (presenter.seen, presenter.ways, crowd.left_out):
        print(", ".join(f"{name} {count}" for name, count in sorted(counts.items())))
    assert not presenter.wrong, "\n".join(presenter.wrong[:20])
    least = max(1, COUNT // 500)
    rare = {name for name in CODES if presenter.seen[name] < least}
    rare |= {name for name in ASSURANCES if presenter.seen[f"accepted {name}"] < least}
    assert not rare
