"""Alembic runs this file for every command; see `issuer.migrations.run`."""

from alembic import context

from issuer.models import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
