"""Every kind of signing key may be reported stolen, not seal keys alone."""

from collections.abc import Sequence

from issuer.migrations import both

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    both.drop_triggers({"stolen_key_kind": "stolen_key"})
