"""Printing: agencies' codes, banks, the ministry's printing keys, orders with their cards, reports.

Agencies that applications name already get their codes, in the order of their names.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from issuer.migrations import both

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SQLITE = (
    """
    CREATE TRIGGER print_row_card BEFORE INSERT ON print_row FOR EACH ROW WHEN (SELECT state
    FROM card WHERE id = NEW.card_id) IS NOT 'in_batch' BEGIN SELECT RAISE(ABORT, 'only a card
    in a batch'); END
    """,
    """
    CREATE TRIGGER agency_form_insert BEFORE INSERT ON agency FOR EACH ROW WHEN NOT
    (typeof(NEW.name) = 'text' AND typeof(NEW.code) = 'text') BEGIN SELECT RAISE(ABORT, 'this is
    no row of the table'); END
    """,
    """
    CREATE TRIGGER bank_key_form_insert BEFORE INSERT ON bank_key FOR EACH ROW WHEN NOT
    (typeof(NEW.bank) = 'text' AND typeof(NEW.jwks) = 'text' AND typeof(NEW.added_at) =
    'integer' AND NEW.added_at BETWEEN 0 AND 253402300799) BEGIN SELECT RAISE(ABORT, 'this is no
    row of the table'); END
    """,
    """
    CREATE TRIGGER print_batch_form_insert BEFORE INSERT ON print_batch FOR EACH ROW WHEN NOT
    (typeof(NEW.sha256) = 'blob' AND length(NEW.sha256) > 0 AND typeof(NEW.order_id) = 'integer'
    AND NEW.order_id BETWEEN 0 AND 253402300799 AND typeof(NEW.bank_key_id) = 'integer' AND
    NEW.bank_key_id BETWEEN 0 AND 253402300799 AND typeof(NEW.kid) = 'text' AND typeof(NEW.rows)
    = 'text' AND typeof(NEW.made_at) = 'integer' AND NEW.made_at BETWEEN 0 AND 253402300799 AND
    (NEW.bank_key_id IS NULL OR EXISTS (SELECT 1 FROM bank_key WHERE id = NEW.bank_key_id)) AND
    (NEW.kid IS NULL OR EXISTS (SELECT 1 FROM printing_key WHERE kid = NEW.kid)) AND
    (NEW.order_id IS NULL OR EXISTS (SELECT 1 FROM print_order WHERE id = NEW.order_id))) BEGIN
    SELECT RAISE(ABORT, 'this is no row of the table'); END
    """,
    """
    CREATE TRIGGER print_order_form_insert BEFORE INSERT ON print_order FOR EACH ROW WHEN NOT
    (typeof(NEW.number) = 'text' AND typeof(NEW.bank) = 'text' AND typeof(NEW.ordered_at) =
    'integer' AND NEW.ordered_at BETWEEN 0 AND 253402300799) BEGIN SELECT RAISE(ABORT, 'this is
    no row of the table'); END
    """,
    """
    CREATE TRIGGER print_report_form_insert BEFORE INSERT ON print_report FOR EACH ROW WHEN NOT
    (typeof(NEW.sha256) = 'blob' AND length(NEW.sha256) > 0 AND typeof(NEW.order_id) = 'integer'
    AND NEW.order_id BETWEEN 0 AND 253402300799 AND typeof(NEW.at) = 'integer' AND NEW.at
    BETWEEN 0 AND 253402300799 AND typeof(NEW.taken_at) = 'integer' AND NEW.taken_at BETWEEN 0
    AND 253402300799 AND (NEW.order_id IS NULL OR EXISTS (SELECT 1 FROM print_order WHERE id =
    NEW.order_id))) BEGIN SELECT RAISE(ABORT, 'this is no row of the table'); END
    """,
    """
    CREATE TRIGGER print_row_form_insert BEFORE INSERT ON print_row FOR EACH ROW WHEN NOT
    (typeof(NEW.order_id) = 'integer' AND NEW.order_id BETWEEN 0 AND 253402300799 AND
    typeof(NEW.sequence) = 'integer' AND NEW.sequence BETWEEN 0 AND 253402300799 AND
    typeof(NEW.card_id) = 'integer' AND NEW.card_id BETWEEN 0 AND 253402300799 AND
    (NEW.returned_at IS NULL OR typeof(NEW.returned_at) = 'integer' AND NEW.returned_at BETWEEN
    0 AND 253402300799) AND (NEW.card_id IS NULL OR EXISTS (SELECT 1 FROM card WHERE id =
    NEW.card_id)) AND (NEW.order_id IS NULL OR EXISTS (SELECT 1 FROM print_order WHERE id =
    NEW.order_id))) BEGIN SELECT RAISE(ABORT, 'this is no row of the table'); END
    """,
    """
    CREATE TRIGGER print_row_form_update BEFORE UPDATE ON print_row FOR EACH ROW WHEN NOT
    (typeof(NEW.order_id) = 'integer' AND NEW.order_id BETWEEN 0 AND 253402300799 AND
    typeof(NEW.sequence) = 'integer' AND NEW.sequence BETWEEN 0 AND 253402300799 AND
    typeof(NEW.card_id) = 'integer' AND NEW.card_id BETWEEN 0 AND 253402300799 AND
    (NEW.returned_at IS NULL OR typeof(NEW.returned_at) = 'integer' AND NEW.returned_at BETWEEN
    0 AND 253402300799) AND (NEW.card_id IS NULL OR EXISTS (SELECT 1 FROM card WHERE id =
    NEW.card_id)) AND (NEW.order_id IS NULL OR EXISTS (SELECT 1 FROM print_order WHERE id =
    NEW.order_id))) BEGIN SELECT RAISE(ABORT, 'this is no row of the table'); END
    """,
    """
    CREATE TRIGGER printing_key_form_insert BEFORE INSERT ON printing_key FOR EACH ROW WHEN NOT
    (typeof(NEW.kid) = 'text' AND typeof(NEW.public_jwk) = 'text' AND typeof(NEW.made_at) =
    'integer' AND NEW.made_at BETWEEN 0 AND 253402300799 AND (NEW.stolen_at IS NULL OR
    typeof(NEW.stolen_at) = 'integer' AND NEW.stolen_at BETWEEN 0 AND 253402300799)) BEGIN
    SELECT RAISE(ABORT, 'this is no row of the table'); END
    """,
    """
    CREATE TRIGGER printing_key_form_update BEFORE UPDATE ON printing_key FOR EACH ROW WHEN NOT
    (typeof(NEW.kid) = 'text' AND typeof(NEW.public_jwk) = 'text' AND typeof(NEW.made_at) =
    'integer' AND NEW.made_at BETWEEN 0 AND 253402300799 AND (NEW.stolen_at IS NULL OR
    typeof(NEW.stolen_at) = 'integer' AND NEW.stolen_at BETWEEN 0 AND 253402300799)) BEGIN
    SELECT RAISE(ABORT, 'this is no row of the table'); END
    """,
    """
    CREATE TRIGGER agency_append_only BEFORE UPDATE ON agency FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'append only'); END
    """,
    """
    CREATE TRIGGER bank_key_append_only BEFORE UPDATE ON bank_key FOR EACH ROW WHEN 1 BEGIN
    SELECT RAISE(ABORT, 'append only'); END
    """,
    """
    CREATE TRIGGER print_order_append_only BEFORE UPDATE ON print_order FOR EACH ROW WHEN 1
    BEGIN SELECT RAISE(ABORT, 'append only'); END
    """,
    """
    CREATE TRIGGER print_batch_append_only BEFORE UPDATE ON print_batch FOR EACH ROW WHEN 1
    BEGIN SELECT RAISE(ABORT, 'append only'); END
    """,
    """
    CREATE TRIGGER print_report_append_only BEFORE UPDATE ON print_report FOR EACH ROW WHEN 1
    BEGIN SELECT RAISE(ABORT, 'append only'); END
    """,
    """
    CREATE TRIGGER printing_key_fixed BEFORE UPDATE ON printing_key FOR EACH ROW WHEN OLD.kid IS
    NOT NEW.kid OR OLD.public_jwk IS NOT NEW.public_jwk OR OLD.made_at IS NOT NEW.made_at BEGIN
    SELECT RAISE(ABORT, 'this never changes'); END
    """,
    """
    CREATE TRIGGER print_row_fixed BEFORE UPDATE ON print_row FOR EACH ROW WHEN OLD.order_id IS
    NOT NEW.order_id OR OLD.sequence IS NOT NEW.sequence OR OLD.card_id IS NOT NEW.card_id BEGIN
    SELECT RAISE(ABORT, 'this never changes'); END
    """,
    """
    CREATE TRIGGER printing_key_once BEFORE UPDATE ON printing_key FOR EACH ROW WHEN
    (OLD.stolen_at IS NOT NULL AND OLD.stolen_at IS NOT NEW.stolen_at) BEGIN SELECT RAISE(ABORT,
    'this is set once'); END
    """,
    """
    CREATE TRIGGER print_row_once BEFORE UPDATE ON print_row FOR EACH ROW WHEN (OLD.returned_at
    IS NOT NULL AND OLD.returned_at IS NOT NEW.returned_at) BEGIN SELECT RAISE(ABORT, 'this is
    set once'); END
    """,
    """
    CREATE TRIGGER agency_kept BEFORE DELETE ON agency FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER bank_key_kept BEFORE DELETE ON bank_key FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER print_batch_kept BEFORE DELETE ON print_batch FOR EACH ROW WHEN 1 BEGIN
    SELECT RAISE(ABORT, 'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER print_order_kept BEFORE DELETE ON print_order FOR EACH ROW WHEN 1 BEGIN
    SELECT RAISE(ABORT, 'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER print_report_kept BEFORE DELETE ON print_report FOR EACH ROW WHEN 1 BEGIN
    SELECT RAISE(ABORT, 'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER print_row_kept BEFORE DELETE ON print_row FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER printing_key_kept BEFORE DELETE ON printing_key FOR EACH ROW WHEN 1 BEGIN
    SELECT RAISE(ABORT, 'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER agency_taken BEFORE INSERT ON agency FOR EACH ROW WHEN EXISTS (SELECT 1 FROM
    agency WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM agency WHERE name = NEW.name) BEGIN
    SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER bank_key_taken BEFORE INSERT ON bank_key FOR EACH ROW WHEN EXISTS (SELECT 1
    FROM bank_key WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM bank_key WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM bank_key WHERE jwks = NEW.jwks) BEGIN SELECT RAISE(ABORT, 'it is
    there already'); END
    """,
    """
    CREATE TRIGGER print_batch_taken BEFORE INSERT ON print_batch FOR EACH ROW WHEN EXISTS
    (SELECT 1 FROM print_batch WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM print_batch
    WHERE sha256 = NEW.sha256) BEGIN SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER print_order_taken BEFORE INSERT ON print_order FOR EACH ROW WHEN EXISTS
    (SELECT 1 FROM print_order WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM print_order
    WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM print_order WHERE number = NEW.number) BEGIN
    SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER print_report_taken BEFORE INSERT ON print_report FOR EACH ROW WHEN EXISTS
    (SELECT 1 FROM print_report WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM print_report
    WHERE sha256 = NEW.sha256) BEGIN SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER print_row_taken BEFORE INSERT ON print_row FOR EACH ROW WHEN EXISTS (SELECT 1
    FROM print_row WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM print_row WHERE card_id =
    NEW.card_id AND returned_at IS NULL AND NEW.returned_at IS NULL) OR EXISTS (SELECT 1 FROM
    print_row WHERE order_id = NEW.order_id AND card_id = NEW.card_id) OR EXISTS (SELECT 1 FROM
    print_row WHERE order_id = NEW.order_id AND sequence = NEW.sequence) BEGIN SELECT
    RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER print_row_moved BEFORE UPDATE ON print_row FOR EACH ROW WHEN OLD.rowid <>
    NEW.rowid OR EXISTS (SELECT 1 FROM print_row WHERE card_id = NEW.card_id AND rowid <>
    OLD.rowid AND returned_at IS NULL AND NEW.returned_at IS NULL) OR EXISTS (SELECT 1 FROM
    print_row WHERE order_id = NEW.order_id AND card_id = NEW.card_id AND rowid <> OLD.rowid) OR
    EXISTS (SELECT 1 FROM print_row WHERE order_id = NEW.order_id AND sequence = NEW.sequence
    AND rowid <> OLD.rowid) BEGIN SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER printing_key_taken BEFORE INSERT ON printing_key FOR EACH ROW WHEN EXISTS
    (SELECT 1 FROM printing_key WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM printing_key
    WHERE kid = NEW.kid) OR EXISTS (SELECT 1 FROM printing_key WHERE public_jwk =
    NEW.public_jwk) BEGIN SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER printing_key_moved BEFORE UPDATE ON printing_key FOR EACH ROW WHEN OLD.rowid
    <> NEW.rowid OR EXISTS (SELECT 1 FROM printing_key WHERE kid = NEW.kid AND rowid <>
    OLD.rowid) OR EXISTS (SELECT 1 FROM printing_key WHERE public_jwk = NEW.public_jwk AND rowid
    <> OLD.rowid) BEGIN SELECT RAISE(ABORT, 'it is there already'); END
    """,
)

POSTGRES = (
    """
    CREATE FUNCTION print_row_card() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN PERFORM 1 FROM card WHERE id = NEW.card_id FOR
    SHARE; IF (SELECT state FROM card WHERE id = NEW.card_id) IS DISTINCT FROM 'in_batch' THEN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'only a card in
    a batch', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER print_row_card BEFORE INSERT ON print_row FOR EACH ROW EXECUTE FUNCTION
    print_row_card()
    """,
    """
    CREATE TRIGGER bank_key_form_insert BEFORE INSERT ON bank_key FOR EACH ROW WHEN (NOT
    (NEW.added_at BETWEEN 0 AND 253402300799)) EXECUTE FUNCTION register_refuse('this is no row
    of the table')
    """,
    """
    CREATE TRIGGER print_batch_form_insert BEFORE INSERT ON print_batch FOR EACH ROW WHEN (NOT
    (octet_length(NEW.sha256) > 0 AND NEW.order_id BETWEEN 0 AND 253402300799 AND
    NEW.bank_key_id BETWEEN 0 AND 253402300799 AND NEW.made_at BETWEEN 0 AND 253402300799))
    EXECUTE FUNCTION register_refuse('this is no row of the table')
    """,
    """
    CREATE TRIGGER print_order_form_insert BEFORE INSERT ON print_order FOR EACH ROW WHEN (NOT
    (NEW.ordered_at BETWEEN 0 AND 253402300799)) EXECUTE FUNCTION register_refuse('this is no
    row of the table')
    """,
    """
    CREATE TRIGGER print_report_form_insert BEFORE INSERT ON print_report FOR EACH ROW WHEN (NOT
    (octet_length(NEW.sha256) > 0 AND NEW.order_id BETWEEN 0 AND 253402300799 AND NEW.at BETWEEN
    0 AND 253402300799 AND NEW.taken_at BETWEEN 0 AND 253402300799)) EXECUTE FUNCTION
    register_refuse('this is no row of the table')
    """,
    """
    CREATE TRIGGER print_row_form_insert BEFORE INSERT ON print_row FOR EACH ROW WHEN (NOT
    (NEW.order_id BETWEEN 0 AND 253402300799 AND NEW.sequence BETWEEN 0 AND 253402300799 AND
    NEW.card_id BETWEEN 0 AND 253402300799 AND (NEW.returned_at IS NULL OR NEW.returned_at
    BETWEEN 0 AND 253402300799))) EXECUTE FUNCTION register_refuse('this is no row of the
    table')
    """,
    """
    CREATE TRIGGER print_row_form_update BEFORE UPDATE ON print_row FOR EACH ROW WHEN (NOT
    (NEW.order_id BETWEEN 0 AND 253402300799 AND NEW.sequence BETWEEN 0 AND 253402300799 AND
    NEW.card_id BETWEEN 0 AND 253402300799 AND (NEW.returned_at IS NULL OR NEW.returned_at
    BETWEEN 0 AND 253402300799))) EXECUTE FUNCTION register_refuse('this is no row of the
    table')
    """,
    """
    CREATE TRIGGER printing_key_form_insert BEFORE INSERT ON printing_key FOR EACH ROW WHEN (NOT
    (NEW.made_at BETWEEN 0 AND 253402300799 AND (NEW.stolen_at IS NULL OR NEW.stolen_at BETWEEN
    0 AND 253402300799))) EXECUTE FUNCTION register_refuse('this is no row of the table')
    """,
    """
    CREATE TRIGGER printing_key_form_update BEFORE UPDATE ON printing_key FOR EACH ROW WHEN (NOT
    (NEW.made_at BETWEEN 0 AND 253402300799 AND (NEW.stolen_at IS NULL OR NEW.stolen_at BETWEEN
    0 AND 253402300799))) EXECUTE FUNCTION register_refuse('this is no row of the table')
    """,
    """
    CREATE TRIGGER agency_append_only BEFORE UPDATE ON agency FOR EACH ROW EXECUTE FUNCTION
    register_refuse('append only')
    """,
    """
    CREATE TRIGGER bank_key_append_only BEFORE UPDATE ON bank_key FOR EACH ROW EXECUTE FUNCTION
    register_refuse('append only')
    """,
    """
    CREATE TRIGGER print_order_append_only BEFORE UPDATE ON print_order FOR EACH ROW EXECUTE
    FUNCTION register_refuse('append only')
    """,
    """
    CREATE TRIGGER print_batch_append_only BEFORE UPDATE ON print_batch FOR EACH ROW EXECUTE
    FUNCTION register_refuse('append only')
    """,
    """
    CREATE TRIGGER print_report_append_only BEFORE UPDATE ON print_report FOR EACH ROW EXECUTE
    FUNCTION register_refuse('append only')
    """,
    """
    CREATE TRIGGER printing_key_fixed BEFORE UPDATE ON printing_key FOR EACH ROW WHEN (OLD.kid
    IS DISTINCT FROM NEW.kid OR OLD.public_jwk IS DISTINCT FROM NEW.public_jwk OR OLD.made_at IS
    DISTINCT FROM NEW.made_at) EXECUTE FUNCTION register_refuse('this never changes')
    """,
    """
    CREATE TRIGGER print_row_fixed BEFORE UPDATE ON print_row FOR EACH ROW WHEN (OLD.order_id IS
    DISTINCT FROM NEW.order_id OR OLD.sequence IS DISTINCT FROM NEW.sequence OR OLD.card_id IS
    DISTINCT FROM NEW.card_id) EXECUTE FUNCTION register_refuse('this never changes')
    """,
    """
    CREATE TRIGGER printing_key_once BEFORE UPDATE ON printing_key FOR EACH ROW WHEN
    ((OLD.stolen_at IS NOT NULL AND OLD.stolen_at IS DISTINCT FROM NEW.stolen_at)) EXECUTE
    FUNCTION register_refuse('this is set once')
    """,
    """
    CREATE TRIGGER print_row_once BEFORE UPDATE ON print_row FOR EACH ROW WHEN ((OLD.returned_at
    IS NOT NULL AND OLD.returned_at IS DISTINCT FROM NEW.returned_at)) EXECUTE FUNCTION
    register_refuse('this is set once')
    """,
    """
    CREATE TRIGGER agency_kept BEFORE DELETE ON agency FOR EACH ROW EXECUTE FUNCTION
    register_refuse('nothing is deleted')
    """,
    """
    CREATE TRIGGER bank_key_kept BEFORE DELETE ON bank_key FOR EACH ROW EXECUTE FUNCTION
    register_refuse('nothing is deleted')
    """,
    """
    CREATE TRIGGER print_batch_kept BEFORE DELETE ON print_batch FOR EACH ROW EXECUTE FUNCTION
    register_refuse('nothing is deleted')
    """,
    """
    CREATE TRIGGER print_order_kept BEFORE DELETE ON print_order FOR EACH ROW EXECUTE FUNCTION
    register_refuse('nothing is deleted')
    """,
    """
    CREATE TRIGGER print_report_kept BEFORE DELETE ON print_report FOR EACH ROW EXECUTE FUNCTION
    register_refuse('nothing is deleted')
    """,
    """
    CREATE TRIGGER print_row_kept BEFORE DELETE ON print_row FOR EACH ROW EXECUTE FUNCTION
    register_refuse('nothing is deleted')
    """,
    """
    CREATE TRIGGER printing_key_kept BEFORE DELETE ON printing_key FOR EACH ROW EXECUTE FUNCTION
    register_refuse('nothing is deleted')
    """,
    """
    CREATE TRIGGER agency_turn BEFORE INSERT OR UPDATE ON agency FOR EACH STATEMENT EXECUTE
    FUNCTION register_turn()
    """,
    """
    CREATE TRIGGER agency_truncate BEFORE TRUNCATE ON agency FOR EACH STATEMENT EXECUTE FUNCTION
    register_refuse('nothing is deleted')
    """,
    """
    CREATE TRIGGER bank_key_turn BEFORE INSERT OR UPDATE ON bank_key FOR EACH STATEMENT EXECUTE
    FUNCTION register_turn()
    """,
    """
    CREATE TRIGGER bank_key_truncate BEFORE TRUNCATE ON bank_key FOR EACH STATEMENT EXECUTE
    FUNCTION register_refuse('nothing is deleted')
    """,
    """
    CREATE TRIGGER print_batch_turn BEFORE INSERT OR UPDATE ON print_batch FOR EACH STATEMENT
    EXECUTE FUNCTION register_turn()
    """,
    """
    CREATE TRIGGER print_batch_truncate BEFORE TRUNCATE ON print_batch FOR EACH STATEMENT
    EXECUTE FUNCTION register_refuse('nothing is deleted')
    """,
    """
    CREATE TRIGGER print_order_turn BEFORE INSERT OR UPDATE ON print_order FOR EACH STATEMENT
    EXECUTE FUNCTION register_turn()
    """,
    """
    CREATE TRIGGER print_order_truncate BEFORE TRUNCATE ON print_order FOR EACH STATEMENT
    EXECUTE FUNCTION register_refuse('nothing is deleted')
    """,
    """
    CREATE TRIGGER print_report_turn BEFORE INSERT OR UPDATE ON print_report FOR EACH STATEMENT
    EXECUTE FUNCTION register_turn()
    """,
    """
    CREATE TRIGGER print_report_truncate BEFORE TRUNCATE ON print_report FOR EACH STATEMENT
    EXECUTE FUNCTION register_refuse('nothing is deleted')
    """,
    """
    CREATE TRIGGER print_row_turn BEFORE INSERT OR UPDATE ON print_row FOR EACH STATEMENT
    EXECUTE FUNCTION register_turn()
    """,
    """
    CREATE TRIGGER print_row_truncate BEFORE TRUNCATE ON print_row FOR EACH STATEMENT EXECUTE
    FUNCTION register_refuse('nothing is deleted')
    """,
    """
    CREATE TRIGGER printing_key_turn BEFORE INSERT OR UPDATE ON printing_key FOR EACH STATEMENT
    EXECUTE FUNCTION register_turn()
    """,
    """
    CREATE TRIGGER printing_key_truncate BEFORE TRUNCATE ON printing_key FOR EACH STATEMENT
    EXECUTE FUNCTION register_refuse('nothing is deleted')
    """,
)


def upgrade() -> None:
    op.create_table(
        "agency",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_agency")),
    )
    op.create_index("ix_agency_code", "agency", ["code"])
    op.create_table(
        "bank_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank", sa.String(), nullable=False),
        sa.Column("jwks", sa.String(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_key")),
        sa.UniqueConstraint("jwks", name=op.f("uq_bank_key_jwks")),
    )
    op.create_table(
        "printing_key",
        sa.Column("kid", sa.String(), nullable=False),
        sa.Column("public_jwk", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("stolen_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_printing_key")),
        sa.UniqueConstraint("public_jwk", name=op.f("uq_printing_key_public_jwk")),
    )
    _add_orders()
    _add_batches()
    _name_agencies(op.get_bind())
    both.execute(sqlite=SQLITE, postgresql=POSTGRES)


def _add_orders() -> None:
    op.create_table(
        "print_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("bank", sa.String(), nullable=False),
        sa.Column("ordered_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_order")),
        sa.UniqueConstraint("number", name=op.f("uq_print_order_number")),
    )
    op.create_table(
        "print_row",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("returned_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["print_order.id"], name=op.f("fk_print_row_order_id")),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_print_row_card_id")),
        sa.PrimaryKeyConstraint("order_id", "sequence", name=op.f("pk_print_row")),
        sa.UniqueConstraint("order_id", "card_id", name=op.f("uq_print_row_order_id")),
    )
    living = sa.text("returned_at IS NULL")
    op.create_index(
        "uq_print_row_living",
        "print_row",
        ["card_id"],
        unique=True,
        sqlite_where=living,
        postgresql_where=living,
    )


def _add_batches() -> None:
    op.create_table(
        "print_batch",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("bank_key_id", sa.Integer(), nullable=False),
        sa.Column("kid", sa.String(), nullable=False),
        sa.Column("rows", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["print_order.id"], name=op.f("fk_print_batch_order_id")),
        sa.ForeignKeyConstraint(["bank_key_id"], ["bank_key.id"], name=op.f("fk_print_batch_bank_key_id")),
        sa.ForeignKeyConstraint(["kid"], ["printing_key.kid"], name=op.f("fk_print_batch_kid")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_print_batch")),
    )
    op.create_index("ix_print_batch_order_id", "print_batch", ["order_id"])
    op.create_table(
        "print_report",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["print_order.id"], name=op.f("fk_print_report_order_id")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_print_report")),
    )
    op.create_index("ix_print_report_order_id", "print_report", ["order_id"])


def _name_agencies(connection: sa.Connection) -> None:
    named = connection.execute(sa.text("SELECT DISTINCT agency FROM person WHERE agency <> ''")).scalars()
    insert = sa.text("INSERT INTO agency (name, code) VALUES (:name, :code)")
    for number, name in enumerate(sorted(named), 1):
        connection.execute(insert, {"name": name, "code": f"A{number:02d}"})
