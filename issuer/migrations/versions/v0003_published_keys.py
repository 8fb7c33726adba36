"""Since when publications carry each key."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


TRIGGERS = (
    """
    CREATE TRIGGER published_key_append_only BEFORE UPDATE ON published_key FOR EACH ROW WHEN 1 BEGIN
    SELECT RAISE(ABORT, 'append only'); END
    """,
    """
    CREATE TRIGGER published_key_kept BEFORE DELETE ON published_key FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'nothing is deleted'); END
    """,
)


def upgrade() -> None:
    op.create_table(
        "published_key",
        sa.Column("kid", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["kid"], ["signing_key.kid"], name=op.f("fk_published_key_kid")),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_published_key")),
    )
    for trigger in TRIGGERS:
        op.execute(" ".join(trigger.split()))
