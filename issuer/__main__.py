"""`montrey-issuer`, and `python -m issuer`."""

from __future__ import annotations

import sys
from importlib.util import find_spec

_NEEDED = ("PIL", "alembic", "qrcode", "rich", "sqlmodel", "zxingcpp")


def main() -> int:
    """Runs the command line, if what it needs is installed."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        print(f"montrey-issuer needs {', '.join(missing)}: install montrey[issuer]", file=sys.stderr)
        return 2
    from issuer import cli, cli_program  # noqa: PLC0415 (loads what was just looked for)

    return cli_program.main(cli.run)


if __name__ == "__main__":
    sys.exit(main())
