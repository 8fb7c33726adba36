"""What migrations after `run.FIRST_OF_POSTGRES` do, said for both databases.

Called with texts that stand in the migration: nothing here depends on the
models or on the rules as they are today.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from alembic import op


def drop_triggers(tables: Mapping[str, str]) -> None:
    """Takes triggers away, given as name → table, and in PostgreSQL the function that one alone may have."""
    connection = op.get_bind()
    for name, table in tables.items():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"DROP TRIGGER {name} ON {table}")
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name}()")
        else:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")


def execute(*, sqlite: Sequence[str], postgresql: Sequence[str]) -> None:
    """Runs the statements of the database at hand; white space counts as one space.

    `{schema}` in PostgreSQL's is the schema that the register is in.
    """
    connection = op.get_bind()
    statements = sqlite
    if connection.dialect.name == "postgresql":
        schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
        statements = [statement.replace("{schema}", str(schema)) for statement in postgresql]
    for statement in statements:
        connection.exec_driver_sql(" ".join(statement.split()), execution_options={"no_parameters": True})
