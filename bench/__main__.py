"""What things cost, as multiples of the raw signature operations they need, measured in turns."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import native
from bench import bank, base45, hsm, images, live, peers, seal, status
from bench.measure import QUICK, Effort, Figure

SUBJECTS: dict[str, Callable[[Effort], Iterator[Figure]]] = {
    "live": live.verifying,
    "sd-jwt": bank.figures,
    "growth": live.growth,
    "signing": live.signing,
    "seal": seal.figures,
    "base45": base45.figures,
    "qr": images.figures,
    "status": status.lists,
    "snapshot": status.home,
    "hsm": hsm.figures,
    "peers": peers.figures,
}
HEAD = ("subject", "ratio (min–max)", "aim", "µs (floor)", "note")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures and prints; `arguments` default to the program's own."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, metavar="N", help="rounds a figure (default: 25)")
    parser.add_argument("--quick", action="store_true", help="a glance: three short rounds")
    parser.add_argument("--only", choices=SUBJECTS, action="append", metavar="NAME", help=", ".join(SUBJECTS))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    options = parser.parse_args(arguments)
    effort = QUICK if options.quick else Effort()
    if options.rounds:
        effort = replace(effort, rounds=options.rounds)
    how = (
        "compiled"
        if native.ACTIVE
        else "interpreted (`python -m native` compiles it, if MONTREY_INTERPRETED does not forbid it)"
    )
    print(f"the way of a verdict is {how}", file=sys.stderr)
    measured: list[Figure] = []
    for name in options.only or SUBJECTS:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        measured.extend(SUBJECTS[name](effort))
    if options.json:
        options.json.write_text(json.dumps([asdict(figure) for figure in measured], indent=1) + "\n")
    print(table(measured))
    return 0


def table(figures: Sequence[Figure]) -> str:
    """One line a figure, its columns aligned."""
    rows = [HEAD, *map(_row, figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, tuple("-" * width for width in widths))
    lines = ("  ".join(map(str.ljust, row, widths)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def _row(figure: Figure) -> tuple[str, ...]:
    ratio = "{:.2f} ({:.2f}–{:.2f})".format(*figure.ratios) if figure.ratios else ""
    floor = f" ({_micros(figure.floor_micros)})" if figure.floor_micros else ""
    return figure.subject, ratio, figure.aim, _micros(figure.micros) + floor, figure.note


def _micros(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


if __name__ == "__main__":
    sys.exit(main())
