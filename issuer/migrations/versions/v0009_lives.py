"""Rejections with reasons, amendments, and cards that are active only once they were handed over."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from issuer.migrations import both

revision: str = "0009"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

REPLACED = {
    "card_step": "card",
}
ACT_TRIGGERS = ("act_form_insert", "act_append_only", "act_kept", "act_taken")
"""They go with the table that SQLite makes anew."""

TRIGGERS = (
    """
    CREATE TRIGGER card_step BEFORE UPDATE OF state ON card FOR EACH ROW WHEN OLD.state <>
    NEW.state AND NOT (OLD.state || '>' || NEW.state IN ('active>expired', 'active>lost',
    'active>replaced', 'active>retired', 'active>revoked', 'active>suspended', 'applied>approved',
    'applied>rejected', 'approved>expired', 'approved>in_batch', 'approved>replaced',
    'approved>revoked', 'in_batch>approved', 'in_batch>expired', 'in_batch>printed',
    'in_batch>replaced', 'in_batch>revoked', 'lost>expired', 'lost>replaced', 'lost>retired',
    'lost>revoked', 'printed>active', 'printed>expired', 'printed>replaced', 'printed>revoked',
    'suspended>active', 'suspended>expired', 'suspended>lost', 'suspended>retired',
    'suspended>revoked')) BEGIN SELECT RAISE(ABORT, 'illegal transition'); END
    """,
    """
    CREATE TRIGGER rejection_card BEFORE INSERT ON rejection FOR EACH ROW WHEN (SELECT state FROM
    card WHERE id = NEW.card_id) IS NOT 'rejected' BEGIN SELECT RAISE(ABORT, 'of a rejected
    application'); END
    """,
    """
    CREATE TRIGGER rejection_form_insert BEFORE INSERT ON rejection FOR EACH ROW WHEN NOT
    (typeof(NEW.card_id) = 'integer' AND NEW.card_id BETWEEN 0 AND 253402300799 AND
    typeof(NEW.reason) = 'text' AND typeof(NEW.note) = 'text' AND typeof(NEW.salt) = 'blob' AND
    length(NEW.salt) > 0 AND (NEW.card_id IS NULL OR EXISTS (SELECT 1 FROM card WHERE id =
    NEW.card_id)) AND length(NEW.note) <= 80) BEGIN SELECT RAISE(ABORT, 'this is no row of the
    table'); END
    """,
    """
    CREATE TRIGGER rejection_append_only BEFORE UPDATE ON rejection FOR EACH ROW WHEN 1 BEGIN
    SELECT RAISE(ABORT, 'append only'); END
    """,
    """
    CREATE TRIGGER rejection_kept BEFORE DELETE ON rejection FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER rejection_taken BEFORE INSERT ON rejection FOR EACH ROW WHEN EXISTS (SELECT 1
    FROM rejection WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM rejection WHERE card_id =
    NEW.card_id) BEGIN SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER act_form_insert BEFORE INSERT ON act FOR EACH ROW WHEN NOT (typeof(NEW.at) =
    'integer' AND NEW.at BETWEEN 0 AND 253402300799 AND typeof(NEW.act) = 'text' AND
    typeof(NEW.card_id) = 'integer' AND NEW.card_id BETWEEN 0 AND 253402300799 AND (NEW.wallet_id
    IS NULL OR typeof(NEW.wallet_id) = 'integer' AND NEW.wallet_id BETWEEN 0 AND 253402300799) AND
    (NEW.content IS NULL OR typeof(NEW.content) = 'blob' AND length(NEW.content) > 0) AND
    (NEW.card_id IS NULL OR EXISTS (SELECT 1 FROM card WHERE id = NEW.card_id)) AND (NEW.wallet_id
    IS NULL OR EXISTS (SELECT 1 FROM wallet WHERE id = NEW.wallet_id))) BEGIN SELECT RAISE(ABORT,
    'this is no row of the table'); END
    """,
    """
    CREATE TRIGGER act_append_only BEFORE UPDATE ON act FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'append only'); END
    """,
    """
    CREATE TRIGGER act_kept BEFORE DELETE ON act FOR EACH ROW WHEN 1 BEGIN SELECT RAISE(ABORT,
    'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER act_taken BEFORE INSERT ON act FOR EACH ROW WHEN EXISTS (SELECT 1 FROM act
    WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM act WHERE id = NEW.id) BEGIN SELECT
    RAISE(ABORT, 'it is there already'); END
    """,
)
POSTGRES = (
    """
    CREATE TRIGGER card_step BEFORE UPDATE OF state ON card FOR EACH ROW WHEN (OLD.state <>
    NEW.state AND NOT (OLD.state || '>' || NEW.state IN ('active>expired', 'active>lost',
    'active>replaced', 'active>retired', 'active>revoked', 'active>suspended', 'applied>approved',
    'applied>rejected', 'approved>expired', 'approved>in_batch', 'approved>replaced',
    'approved>revoked', 'in_batch>approved', 'in_batch>expired', 'in_batch>printed',
    'in_batch>replaced', 'in_batch>revoked', 'lost>expired', 'lost>replaced', 'lost>retired',
    'lost>revoked', 'printed>active', 'printed>expired', 'printed>replaced', 'printed>revoked',
    'suspended>active', 'suspended>expired', 'suspended>lost', 'suspended>retired',
    'suspended>revoked'))) EXECUTE FUNCTION register_refuse('illegal transition')
    """,
    """
    CREATE FUNCTION rejection_card() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN PERFORM 1 FROM card WHERE id = NEW.card_id FOR
    SHARE; IF (SELECT state FROM card WHERE id = NEW.card_id) IS DISTINCT FROM 'rejected' THEN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'of a rejected
    application', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER rejection_card BEFORE INSERT ON rejection FOR EACH ROW EXECUTE FUNCTION
    rejection_card()
    """,
    """
    CREATE TRIGGER rejection_form_insert BEFORE INSERT ON rejection FOR EACH ROW WHEN (NOT
    (NEW.card_id BETWEEN 0 AND 253402300799 AND octet_length(NEW.salt) > 0 AND length(NEW.note) <=
    80)) EXECUTE FUNCTION register_refuse('this is no row of the table')
    """,
    """
    CREATE TRIGGER rejection_append_only BEFORE UPDATE ON rejection FOR EACH ROW EXECUTE FUNCTION
    register_refuse('append only')
    """,
    """
    CREATE TRIGGER rejection_kept BEFORE DELETE ON rejection FOR EACH ROW EXECUTE FUNCTION
    register_refuse('nothing is deleted')
    """,
    """
    CREATE TRIGGER rejection_turn BEFORE INSERT OR UPDATE ON rejection FOR EACH STATEMENT EXECUTE
    FUNCTION register_turn()
    """,
    """
    CREATE TRIGGER rejection_truncate BEFORE TRUNCATE ON rejection FOR EACH STATEMENT EXECUTE
    FUNCTION register_refuse('nothing is deleted')
    """,
)


ACTS = (
    "activate",
    "amend",
    "apply",
    "approve",
    "enrol",
    "expire",
    "offer",
    "order_print",
    "print",
    "record",
    "reinstate",
    "reject",
    "replace",
    "report_lost",
    "retire",
    "return_print",
    "revoke",
    "revoke_wallet",
    "suspend",
)


def upgrade() -> None:
    op.create_table(
        "rejection",
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('data_wrong', 'duplicate', 'left_service', 'not_a_civil_servant', 'other', "
            "'photo_unfit')",
            name=op.f("ck_rejection_reason"),
        ),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_rejection_card_id")),
        sa.PrimaryKeyConstraint("card_id", name=op.f("pk_rejection")),
    )
    both.drop_triggers(REPLACED)
    _widen_acts()
    both.execute(sqlite=TRIGGERS, postgresql=POSTGRES)


def _widen_acts() -> None:
    """One act more. SQLite changes no CHECK in place."""
    one_of = f"act IN ({', '.join(map(repr, ACTS))})"
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE act DROP CONSTRAINT ck_act_act")
        op.execute(f"ALTER TABLE act ADD CONSTRAINT ck_act_act CHECK ({one_of})")
        return
    for trigger in ACT_TRIGGERS:
        op.execute(f"DROP TRIGGER {trigger}")
    op.create_table(
        "act_new",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("wallet_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(one_of, name=op.f("ck_act_act")),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_act_card_id")),
        sa.ForeignKeyConstraint(["wallet_id"], ["wallet.id"], name=op.f("fk_act_wallet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
    )
    op.execute("INSERT INTO act_new SELECT id, at, act, card_id, wallet_id, content FROM act")
    op.drop_table("act")
    op.rename_table("act_new", "act")
    op.create_index("ix_act_card_id", "act", ["card_id"])
