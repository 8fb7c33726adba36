"""`montrey-verifier`, and `python -m verifier`."""

from __future__ import annotations

import sys

from verifier.cli import run


def main() -> int:
    """Runs the command line."""
    return run()


if __name__ == "__main__":
    sys.exit(main())
