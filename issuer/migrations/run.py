"""Alembic without a configuration file: the connection, and its one transaction, are the caller's."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def config(connection: Connection) -> Config:
    """The settings of a run on `connection`; `alembic.command.revision` takes them too."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


def to_head(connection: Connection) -> None:
    """Runs every migration that the register has not had.

    Raises:
        CommandError: when the register is of a revision that is not here.
    """
    command.upgrade(config(connection), "head")
