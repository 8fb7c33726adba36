"""The audit chain, and digests of what acts wrote.

What stood in the register before is taken as it stands: every person gets a
salt, every card an act `record` for what it and its holder are now, every
wallet one for its keys, and the first link of the chain covers all acts.
"""

import secrets
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from issuer.migrations import audit_0006 as frozen

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

REPLACED = (
    *("act_append_only", "act_form_insert", "act_kept", "act_taken"),
    *("person_form_insert", "person_form_update"),
)
"""Triggers of the tables that get a new column."""

TRIGGERS = (
    """
    CREATE TRIGGER audit_seq BEFORE INSERT ON audit FOR EACH ROW WHEN NEW.seq <> (SELECT
    coalesce(max(seq), 0) FROM audit) + 1 BEGIN SELECT RAISE(ABORT, 'a link follows the last
    one'); END
    """,
    """
    CREATE TRIGGER act_form_insert BEFORE INSERT ON act FOR EACH ROW WHEN NOT (typeof(NEW.at) =
    'integer' AND NEW.at BETWEEN 0 AND 253402300799 AND typeof(NEW.act) = 'text' AND
    typeof(NEW.card_id) = 'integer' AND NEW.card_id BETWEEN 0 AND 253402300799 AND
    (NEW.wallet_id IS NULL OR typeof(NEW.wallet_id) = 'integer' AND NEW.wallet_id BETWEEN 0 AND
    253402300799) AND (NEW.content IS NULL OR typeof(NEW.content) = 'blob' AND
    length(NEW.content) > 0) AND (NEW.card_id IS NULL OR EXISTS (SELECT 1 FROM card WHERE id =
    NEW.card_id)) AND (NEW.wallet_id IS NULL OR EXISTS (SELECT 1 FROM wallet WHERE id =
    NEW.wallet_id))) BEGIN SELECT RAISE(ABORT, 'this is no row of the table'); END
    """,
    """
    CREATE TRIGGER audit_form_insert BEFORE INSERT ON audit FOR EACH ROW WHEN NOT
    (typeof(NEW.at) = 'integer' AND NEW.at BETWEEN 0 AND 253402300799 AND typeof(NEW.entry) =
    'text' AND typeof(NEW.sha256) = 'blob' AND length(NEW.sha256) > 0) BEGIN SELECT RAISE(ABORT,
    'this is no row of the table'); END
    """,
    """
    CREATE TRIGGER person_form_insert BEFORE INSERT ON person FOR EACH ROW WHEN NOT
    (typeof(NEW.employee_id) = 'text' AND typeof(NEW.name_km) = 'text' AND typeof(NEW.name_la) =
    'text' AND date(NEW.date_of_birth) IS NEW.date_of_birth AND substr(NEW.date_of_birth, 1, 4)
    > '0000' AND typeof(NEW.ministry) = 'integer' AND NEW.ministry BETWEEN 0 AND 253402300799
    AND (NEW.position_code IS NULL OR typeof(NEW.position_code) = 'integer' AND
    NEW.position_code BETWEEN 0 AND 253402300799) AND (NEW.position_text IS NULL OR
    typeof(NEW.position_text) = 'text') AND typeof(NEW.grade) = 'integer' AND NEW.grade BETWEEN
    0 AND 253402300799 AND typeof(NEW.agency) = 'text' AND typeof(NEW.employment_status) =
    'text' AND (NEW.photo_sha256 IS NULL OR typeof(NEW.photo_sha256) = 'blob' AND
    length(NEW.photo_sha256) > 0) AND typeof(NEW.created_at) = 'integer' AND NEW.created_at
    BETWEEN 0 AND 253402300799 AND (NEW.salt IS NULL OR typeof(NEW.salt) = 'blob' AND
    length(NEW.salt) > 0)) BEGIN SELECT RAISE(ABORT, 'this is no row of the table'); END
    """,
    """
    CREATE TRIGGER person_form_update BEFORE UPDATE ON person FOR EACH ROW WHEN NOT
    (typeof(NEW.employee_id) = 'text' AND typeof(NEW.name_km) = 'text' AND typeof(NEW.name_la) =
    'text' AND date(NEW.date_of_birth) IS NEW.date_of_birth AND substr(NEW.date_of_birth, 1, 4)
    > '0000' AND typeof(NEW.ministry) = 'integer' AND NEW.ministry BETWEEN 0 AND 253402300799
    AND (NEW.position_code IS NULL OR typeof(NEW.position_code) = 'integer' AND
    NEW.position_code BETWEEN 0 AND 253402300799) AND (NEW.position_text IS NULL OR
    typeof(NEW.position_text) = 'text') AND typeof(NEW.grade) = 'integer' AND NEW.grade BETWEEN
    0 AND 253402300799 AND typeof(NEW.agency) = 'text' AND typeof(NEW.employment_status) =
    'text' AND (NEW.photo_sha256 IS NULL OR typeof(NEW.photo_sha256) = 'blob' AND
    length(NEW.photo_sha256) > 0) AND typeof(NEW.created_at) = 'integer' AND NEW.created_at
    BETWEEN 0 AND 253402300799 AND (NEW.salt IS NULL OR typeof(NEW.salt) = 'blob' AND
    length(NEW.salt) > 0)) BEGIN SELECT RAISE(ABORT, 'this is no row of the table'); END
    """,
    """
    CREATE TRIGGER act_append_only BEFORE UPDATE ON act FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'append only'); END
    """,
    """
    CREATE TRIGGER audit_append_only BEFORE UPDATE ON audit FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'append only'); END
    """,
    """
    CREATE TRIGGER act_kept BEFORE DELETE ON act FOR EACH ROW WHEN 1 BEGIN SELECT RAISE(ABORT,
    'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER audit_kept BEFORE DELETE ON audit FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER act_taken BEFORE INSERT ON act FOR EACH ROW WHEN EXISTS (SELECT 1 FROM act
    WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM act WHERE id = NEW.id) BEGIN SELECT
    RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER audit_taken BEFORE INSERT ON audit FOR EACH ROW WHEN EXISTS (SELECT 1 FROM
    audit WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq) BEGIN
    SELECT RAISE(ABORT, 'it is there already'); END
    """,
)


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    for trigger in REPLACED:
        op.execute(f"DROP TRIGGER {trigger}")
    op.add_column("person", sa.Column("salt", sa.LargeBinary(), nullable=True))
    _widen_acts()
    _begin_chain(op.get_bind())
    for trigger in TRIGGERS:
        op.execute(" ".join(trigger.split()))


def _widen_acts() -> None:
    """The table with one act more and a column for digests; SQLite changes no CHECK in place."""
    acts = (
        *("activate", "apply", "approve", "enrol", "expire", "offer", "order_print", "print", "record"),
        *("reinstate", "reject", "replace", "report_lost", "retire", "return_print", "revoke"),
        *("revoke_wallet", "suspend"),
    )
    op.create_table(
        "act_new",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("wallet_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(f"act IN ({', '.join(map(repr, acts))})", name=op.f("ck_act_act")),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_act_card_id")),
        sa.ForeignKeyConstraint(["wallet_id"], ["wallet.id"], name=op.f("fk_act_wallet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
    )
    op.execute("INSERT INTO act_new SELECT id, at, act, card_id, wallet_id, NULL FROM act")
    op.drop_table("act")
    op.rename_table("act_new", "act")
    op.create_index("ix_act_card_id", "act", ["card_id"])


def _begin_chain(connection: sa.Connection) -> None:
    """Digests of all that is there, and the link that covers every act."""
    fresh = connection.execute(sa.text("SELECT count(*) FROM status_list")).scalar_one() == 0
    if fresh:  # its first link is the founding's
        return
    execute = connection.exec_driver_sql
    at = execute("SELECT coalesce(max(at), 0) FROM act").scalar_one()
    record = "INSERT INTO act (at, act, card_id, wallet_id, content) VALUES (?, 'record', ?, ?, ?)"
    for person in execute("SELECT * FROM person").mappings().all():
        salt = secrets.token_bytes(frozen.SALT_BYTES)
        execute("UPDATE person SET salt = ? WHERE id = ?", (salt, person["id"]))
        newest = execute("SELECT max(id) FROM card WHERE person_id = ?", (person["id"],)).scalar_one()
        execute(record, (at, newest, None, frozen.of_person(dict(person), salt)))
    acts = [frozen.ActFacts(*row) for row in execute("SELECT * FROM act ORDER BY id").all()]
    text = frozen.entry("upgrade", at=at, acts=(1, len(acts)), acts_sha256=frozen.digest(acts))
    execute("INSERT INTO audit VALUES (1, ?, ?, ?)", (at, text, frozen.link(frozen.BEGINNING, text)))
