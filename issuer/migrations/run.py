"""Alembic without a configuration file: the connection, and its one transaction, are the caller's.

The first migrations are SQLite's alone: no PostgreSQL register is as old as they
are. A new PostgreSQL register is made from the models and their rules, as the
newest migration would leave it. Every migration after `FIRST_OF_POSTGRES` says
what it does for both (`README.md` here).
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from issuer import guards_postgres
from issuer.models import METADATA

FIRST_OF_POSTGRES = "0006"
"""The oldest shape that a register in PostgreSQL can have."""


def config(connection: Connection) -> Config:
    """The settings of a run on `connection`; `alembic.command.revision` takes them too."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


def to_head(connection: Connection, *, is_new: bool = False) -> None:
    """Runs every migration that the register has not had; makes a new one whole, in PostgreSQL.

    Raises:
        CommandError: when the register is of a revision that is not here.
    """
    if is_new and connection.dialect.name == "postgresql":
        METADATA.create_all(connection, checkfirst=False)
        schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
        for statement in guards_postgres.statements(schema):
            connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
        command.stamp(config(connection), "head")
    else:
        command.upgrade(config(connection), "head")


def to_version(connection: Connection, version: str) -> None:
    """Makes the empty tables of a version; in PostgreSQL of the newest alone.

    Raises:
        CommandError: there is no such version.
        ValueError: for an older one in PostgreSQL.
    """
    if connection.dialect.name == "postgresql":
        if version not in ScriptDirectory.from_config(config(connection)).get_heads():
            raise ValueError("an older register is made in an SQLite file")
        to_head(connection, is_new=True)
    else:
        command.upgrade(config(connection), version)
