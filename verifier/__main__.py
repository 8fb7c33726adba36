"""`montrey-verifier`, and `python -m verifier`."""

from __future__ import annotations

import sys

from verifier import cli, cli_program


def main() -> int:
    """Runs the command line."""
    return cli_program.main(cli.run)


if __name__ == "__main__":
    sys.exit(main())
