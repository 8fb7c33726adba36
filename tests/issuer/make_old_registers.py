"""Writes `old_registers/VERSION.sql`: a register of every version with something in every table.

    .venv/bin/python tests/issuer/make_old_registers.py VERSION

The tables and rules are those that the migrations up to that version make; the
rows are those of a register of today, as far as the version has columns for
them, and each is held against the version's own rules of form. A file that was
written once is never written anew: it stands for what ministries have. So each
new migration adds the file of the version before it, while that is the newest.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).with_name("old_registers")
_DECOYS = 12
"""Of each list; a real one has some 256."""


def write(version: str) -> Path:
    """The file of one version."""
    from issuer_desk import open_desk
    from print_desk import print_some
    from register_state import fill, rows_of

    from issuer import database, register_load

    with tempfile.TemporaryDirectory() as place:
        desk = open_desk(Path(place))
        fill(desk, Path(place))
        if version >= "0010":
            print_some(desk, Path(place))
        if version >= "0014":
            desk.office.reissue(workers=1)
        desk.office.authority.report_stolen("seal-2026q4")
        if version >= "0012":
            desk.later(days=3660)
            desk.office.erase()
        rows = rows_of(desk.engine)
        decoys = [row for row in rows["status_index"] if row["card_id"] is None]
        kept = [row for n in (1, 2, 3) for row in [d for d in decoys if d["list_id"] == n][:_DECOYS]]
        rows["status_index"] = kept + [row for row in rows["status_index"] if row["card_id"] is not None]
        file = Path(place, "old.sqlite")
        engine = database.connect(database.file_url(file))
        with database.filling(engine, version) as connection:
            tables = register_load.tables_of(connection)
            with register_load.rules_of_birth_resting(connection):
                for name, table in tables.items():
                    names = table.columns.keys()
                    register_load.load(
                        connection, table, ([row[each] for each in names] for row in rows[name])
                    )
        engine.dispose()
        raw = sqlite3.connect(file)
        text = "\n".join(raw.iterdump()) + "\n"
        raw.close()
    FOLDER.mkdir(exist_ok=True)
    made = FOLDER / f"{version}.sql"
    if made.exists():
        raise SystemExit(f"{made} is there already, and never changes")
    made.write_text(text, "utf-8")
    return made


if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[each]) for each in (2, 1, 0)]
    for asked in sys.argv[1:]:
        print(write(asked))
