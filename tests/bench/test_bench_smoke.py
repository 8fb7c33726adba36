"""Every benchmark runs; what it measured is never judged here."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import hsm as token
from bench import peers
from bench.__main__ import HEAD, SUBJECTS, main, table
from bench.measure import Effort, Figure, compare

ONCE = Effort(rounds=1, round_micros=0, batch_micros=0)


@pytest.mark.parametrize("name", [name for name in SUBJECTS if name not in ("hsm", "peers")])
def test_subject(name: str) -> None:
    """Each figure has a time and, where there is a floor, a ratio between its extremes."""
    figures = list(SUBJECTS[name](ONCE))
    assert figures
    assert len({figure.subject for figure in figures}) == len(figures)
    for figure in figures:
        assert figure.micros > 0
        assert len(figure.ratios) == (3 if figure.floor_micros else 0)


@pytest.mark.hsm
@pytest.mark.usefixtures("hsm")
def test_hsm() -> None:
    """Both algorithms, and the check of each signature."""
    figures = list(token.figures(ONCE))
    assert [len(figure.ratios) for figure in figures] == [3, 0, 3, 0], figures[0].note
    assert all(figure.micros > 0 for figure in figures)


def test_without_a_token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The run goes on, and says what is needed."""
    monkeypatch.setattr(token, "MODULE", tmp_path / "none")
    [figure] = token.figures(ONCE)
    assert "softhsm2" in figure.note


@pytest.mark.judges
def test_peers() -> None:
    """The judges measure themselves: three libraries, issue and verify."""
    if not (peers.judges() / "bin" / "python").exists():
        if os.environ.get("CI"):
            pytest.fail(peers.HOW)
        pytest.skip(peers.HOW)
    figures = list(peers.figures(ONCE))
    assert len(figures) == 6, figures[0].note
    assert all(len(figure.ratios) == 3 for figure in figures)


def test_without_judges(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The run goes on, and says how to make them."""
    monkeypatch.setenv("MONTREY_JUDGES", str(tmp_path))
    [figure] = peers.figures(ONCE)
    assert "make judges" in figure.note


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The table on standard output, the same figures as JSON."""
    file = tmp_path / "figures.json"
    assert main(["--quick", "--rounds", "2", "--only", "live", "--json", str(file)]) == 0
    head, _, *lines = capsys.readouterr().out.splitlines()
    entries = json.loads(file.read_text())
    assert head.split("  ")[0] == HEAD[0]
    assert [line.split("  ")[0] for line in lines] == [entry["subject"] for entry in entries]
    assert Figure(**entries[0]).aim


def test_compare_counts() -> None:
    """Work and floor are called in turns, equally often; a ratio is of medians of the same round."""
    calls: list[str] = []

    def noted(name: str) -> Iterator[None]:
        while True:
            calls.append(name)
            yield

    work, floor = noted("work"), noted("floor")
    effort = Effort(rounds=3, round_micros=0, batch_micros=0)
    figure = compare("x", lambda: next(work), lambda: next(floor), effort=effort, per=2)
    assert calls[2:] == ["work", "floor"] * 3
    low, high = sorted(figure.ratios)[0], sorted(figure.ratios)[-1]
    assert figure.ratios == (figure.ratios[0], low, high)


def test_table_without_ratio() -> None:
    """Columns stay aligned where a figure has no floor."""
    lines = table(
        [Figure(subject="a", micros=1234.5), Figure(subject="bb", micros=0.125, note="n")]
    ).splitlines()
    assert "1,234" in lines[2]
    assert lines[3].index("0.12") == lines[2].index("1,234")
