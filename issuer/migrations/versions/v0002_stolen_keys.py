"""Seal keys that were stolen."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


TRIGGERS = (
    """
    CREATE TRIGGER stolen_key_kind BEFORE INSERT ON stolen_key FOR EACH ROW WHEN (SELECT kind
    FROM signing_key WHERE kid = NEW.kid) IS NOT 'seal' BEGIN SELECT RAISE(ABORT, 'no seal
    key'); END
    """,
    """
    CREATE TRIGGER card_seal_insert BEFORE INSERT ON card FOR EACH ROW WHEN EXISTS (SELECT 1
    FROM template JOIN stolen_key USING (kid) WHERE number = NEW.seal_template) BEGIN SELECT
    RAISE(ABORT, 'this seal key was stolen'); END
    """,
    """
    CREATE TRIGGER card_seal_update BEFORE UPDATE OF seal_template ON card FOR EACH ROW WHEN
    EXISTS (SELECT 1 FROM template JOIN stolen_key USING (kid) WHERE number = NEW.seal_template)
    BEGIN SELECT RAISE(ABORT, 'this seal key was stolen'); END
    """,
    """
    CREATE TRIGGER stolen_key_append_only BEFORE UPDATE ON stolen_key FOR EACH ROW WHEN 1 BEGIN
    SELECT RAISE(ABORT, 'append only'); END
    """,
    """
    CREATE TRIGGER stolen_key_kept BEFORE DELETE ON stolen_key FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'nothing is deleted'); END
    """,
)


def upgrade() -> None:
    op.create_table(
        "stolen_key",
        sa.Column("kid", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["kid"], ["signing_key.kid"], name=op.f("fk_stolen_key_kid")),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_stolen_key")),
    )
    for trigger in TRIGGERS:
        op.execute(" ".join(trigger.split()))
