"""Erasure of personal data, and what is remembered of a restored register."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from issuer.migrations import both

revision: str = "0012"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

REPLACED = {"person_fixed": "person", "card_once": "card"}

SQLITE = (
    """
    CREATE TRIGGER erasure_form_insert BEFORE INSERT ON erasure FOR EACH ROW WHEN NOT
    (typeof(NEW.person_id) = 'integer' AND NEW.person_id BETWEEN 0 AND 253402300799 AND
    typeof(NEW.at) = 'integer' AND NEW.at BETWEEN 0 AND 253402300799 AND (NEW.person_id IS NULL OR
    EXISTS (SELECT 1 FROM person WHERE id = NEW.person_id))) BEGIN SELECT RAISE(ABORT, 'this is no
    row of the table'); END
    """,
    """
    CREATE TRIGGER restoration_form_insert BEFORE INSERT ON restoration FOR EACH ROW WHEN NOT
    (typeof(NEW.at) = 'integer' AND NEW.at BETWEEN 0 AND 253402300799 AND typeof(NEW.links) =
    'integer' AND NEW.links BETWEEN 0 AND 253402300799 AND typeof(NEW.last_list) = 'integer' AND
    NEW.last_list BETWEEN 0 AND 253402300799 AND typeof(NEW.list_floor) = 'integer' AND
    NEW.list_floor BETWEEN 0 AND 253402300799 AND typeof(NEW.template_floor) = 'integer' AND
    NEW.template_floor BETWEEN 0 AND 253402300799) BEGIN SELECT RAISE(ABORT, 'this is no row of the
    table'); END
    """,
    """
    CREATE TRIGGER erasure_append_only BEFORE UPDATE ON erasure FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'append only'); END
    """,
    """
    CREATE TRIGGER restoration_append_only BEFORE UPDATE ON restoration FOR EACH ROW WHEN 1 BEGIN
    SELECT RAISE(ABORT, 'append only'); END
    """,
    """
    CREATE TRIGGER person_fixed BEFORE UPDATE ON person FOR EACH ROW WHEN OLD.id IS NOT NEW.id OR
    OLD.created_at IS NOT NEW.created_at BEGIN SELECT RAISE(ABORT, 'this never changes'); END
    """,
    """
    CREATE TRIGGER card_once BEFORE UPDATE ON card FOR EACH ROW WHEN (OLD.number IS NOT NULL AND
    OLD.number IS NOT NEW.number) OR (OLD.valid_from IS NOT NULL AND OLD.valid_from IS NOT
    NEW.valid_from) OR (OLD.valid_until IS NOT NULL AND OLD.valid_until IS NOT NEW.valid_until) OR
    (OLD.seal_template IS NOT NULL AND OLD.seal_template IS NOT NEW.seal_template) BEGIN SELECT
    RAISE(ABORT, 'this is set once'); END
    """,
    """
    CREATE TRIGGER erasure_kept BEFORE DELETE ON erasure FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER restoration_kept BEFORE DELETE ON restoration FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER person_erased BEFORE UPDATE ON person FOR EACH ROW WHEN (OLD.employee_id <>
    NEW.employee_id OR EXISTS (SELECT 1 FROM erasure WHERE person_id = NEW.id)) AND NOT (EXISTS
    (SELECT 1 FROM erasure WHERE person_id = NEW.id) AND NEW.employee_id = 'erased-' || NEW.id AND
    NEW.name_km = '' AND NEW.name_la = '' AND NEW.date_of_birth = '0001-01-01' AND NEW.ministry = 0
    AND NEW.position_code IS NULL AND NEW.position_text = '' AND NEW.grade = 0 AND NEW.agency = ''
    AND NEW.employment_status = '' AND NEW.photo_sha256 IS NULL AND NEW.salt IS NULL) BEGIN SELECT
    RAISE(ABORT, 'only an erasure does this'); END
    """,
    """
    CREATE TRIGGER card_seal_once BEFORE UPDATE OF seal ON card FOR EACH ROW WHEN OLD.seal IS NOT
    NULL AND OLD.seal IS NOT NEW.seal AND NOT (EXISTS (SELECT 1 FROM erasure WHERE person_id =
    NEW.person_id) AND NEW.seal = x'00') BEGIN SELECT RAISE(ABORT, 'this is set once'); END
    """,
    """
    CREATE TRIGGER erasure_living BEFORE INSERT ON erasure FOR EACH ROW WHEN EXISTS (SELECT 1 FROM
    card WHERE person_id = NEW.person_id AND NOT (state IN ('expired', 'rejected', 'replaced',
    'retired', 'revoked'))) BEGIN SELECT RAISE(ABORT, 'who has a card is not erased'); END
    """,
    """
    CREATE TRIGGER card_erased BEFORE INSERT ON card FOR EACH ROW WHEN EXISTS (SELECT 1 FROM erasure
    WHERE person_id = NEW.person_id) BEGIN SELECT RAISE(ABORT, 'who was erased gets no card'); END
    """,
    """
    CREATE TRIGGER status_index_closed BEFORE INSERT ON status_index FOR EACH ROW WHEN NEW.list_id
    <= (SELECT coalesce(max(last_list), 0) FROM restoration) AND NEW.card_id IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'the register was restored: this list gives no more indices'); END
    """,
    """
    CREATE TRIGGER erasure_taken BEFORE INSERT ON erasure FOR EACH ROW WHEN EXISTS (SELECT 1 FROM
    erasure WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM erasure WHERE person_id =
    NEW.person_id) BEGIN SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER restoration_taken BEFORE INSERT ON restoration FOR EACH ROW WHEN EXISTS (SELECT 1
    FROM restoration WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM restoration WHERE number =
    NEW.number) BEGIN SELECT RAISE(ABORT, 'it is there already'); END
    """,
)
POSTGRESQL = (
    """
    CREATE TRIGGER erasure_form_insert BEFORE INSERT ON erasure FOR EACH ROW WHEN (NOT
    (NEW.person_id BETWEEN 0 AND 253402300799 AND NEW.at BETWEEN 0 AND 253402300799)) EXECUTE
    FUNCTION register_refuse('this is no row of the table')
    """,
    """
    CREATE TRIGGER restoration_form_insert BEFORE INSERT ON restoration FOR EACH ROW WHEN (NOT
    (NEW.at BETWEEN 0 AND 253402300799 AND NEW.links BETWEEN 0 AND 253402300799 AND NEW.last_list
    BETWEEN 0 AND 253402300799 AND NEW.list_floor BETWEEN 0 AND 253402300799 AND NEW.template_floor
    BETWEEN 0 AND 253402300799)) EXECUTE FUNCTION register_refuse('this is no row of the table')
    """,
    """
    CREATE TRIGGER erasure_append_only BEFORE UPDATE ON erasure FOR EACH ROW EXECUTE FUNCTION
    register_refuse('append only')
    """,
    """
    CREATE TRIGGER restoration_append_only BEFORE UPDATE ON restoration FOR EACH ROW EXECUTE
    FUNCTION register_refuse('append only')
    """,
    """
    CREATE TRIGGER person_fixed BEFORE UPDATE ON person FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM
    NEW.id OR OLD.created_at IS DISTINCT FROM NEW.created_at) EXECUTE FUNCTION register_refuse('this
    never changes')
    """,
    """
    CREATE TRIGGER card_once BEFORE UPDATE ON card FOR EACH ROW WHEN ((OLD.number IS NOT NULL AND
    OLD.number IS DISTINCT FROM NEW.number) OR (OLD.valid_from IS NOT NULL AND OLD.valid_from IS
    DISTINCT FROM NEW.valid_from) OR (OLD.valid_until IS NOT NULL AND OLD.valid_until IS DISTINCT
    FROM NEW.valid_until) OR (OLD.seal_template IS NOT NULL AND OLD.seal_template IS DISTINCT FROM
    NEW.seal_template)) EXECUTE FUNCTION register_refuse('this is set once')
    """,
    """
    CREATE TRIGGER erasure_kept BEFORE DELETE ON erasure FOR EACH ROW EXECUTE FUNCTION
    register_refuse('nothing is deleted')
    """,
    """
    CREATE TRIGGER restoration_kept BEFORE DELETE ON restoration FOR EACH ROW EXECUTE FUNCTION
    register_refuse('nothing is deleted')
    """,
    """
    CREATE FUNCTION person_erased() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog,
    {schema}, pg_temp AS $$ BEGIN IF (OLD.employee_id <> NEW.employee_id OR EXISTS (SELECT 1 FROM
    erasure WHERE person_id = NEW.id)) AND NOT (EXISTS (SELECT 1 FROM erasure WHERE person_id =
    NEW.id) AND NEW.employee_id = 'erased-' || NEW.id AND NEW.name_km = '' AND NEW.name_la = '' AND
    NEW.date_of_birth = '0001-01-01' AND NEW.ministry = 0 AND NEW.position_code IS NULL AND
    NEW.position_text = '' AND NEW.grade = 0 AND NEW.agency = '' AND NEW.employment_status = '' AND
    NEW.photo_sha256 IS NULL AND NEW.salt IS NULL) THEN RAISE EXCEPTION USING ERRCODE =
    'integrity_constraint_violation', MESSAGE = 'only an erasure does this', TABLE = TG_TABLE_NAME,
    CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER person_erased BEFORE UPDATE ON person FOR EACH ROW EXECUTE FUNCTION
    person_erased()
    """,
    r"""
    CREATE FUNCTION card_seal_once() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog,
    {schema}, pg_temp AS $$ BEGIN IF OLD.seal IS NOT NULL AND OLD.seal IS DISTINCT FROM NEW.seal AND
    NOT (EXISTS (SELECT 1 FROM erasure WHERE person_id = NEW.person_id) AND NEW.seal =
    '\x00'::bytea) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE =
    'this is set once', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER card_seal_once BEFORE UPDATE OF seal ON card FOR EACH ROW EXECUTE FUNCTION
    card_seal_once()
    """,
    """
    CREATE FUNCTION erasure_living() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog,
    {schema}, pg_temp AS $$ BEGIN PERFORM 1 FROM person WHERE id = NEW.person_id FOR UPDATE; IF
    EXISTS (SELECT 1 FROM card WHERE person_id = NEW.person_id AND NOT (state IN ('expired',
    'rejected', 'replaced', 'retired', 'revoked'))) THEN RAISE EXCEPTION USING ERRCODE =
    'integrity_constraint_violation', MESSAGE = 'who has a card is not erased', TABLE =
    TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER erasure_living BEFORE INSERT ON erasure FOR EACH ROW EXECUTE FUNCTION
    erasure_living()
    """,
    """
    CREATE FUNCTION card_erased() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog,
    {schema}, pg_temp AS $$ BEGIN PERFORM 1 FROM person WHERE id = NEW.person_id FOR UPDATE; IF
    EXISTS (SELECT 1 FROM erasure WHERE person_id = NEW.person_id) THEN RAISE EXCEPTION USING
    ERRCODE = 'integrity_constraint_violation', MESSAGE = 'who was erased gets no card', TABLE =
    TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER card_erased BEFORE INSERT ON card FOR EACH ROW EXECUTE FUNCTION card_erased()
    """,
    """
    CREATE FUNCTION status_index_closed() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NEW.list_id <= (SELECT coalesce(max(last_list), 0)
    FROM restoration) AND NEW.card_id IS NOT NULL THEN RAISE EXCEPTION USING ERRCODE =
    'integrity_constraint_violation', MESSAGE = 'the register was restored: this list gives no more
    indices', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER status_index_closed BEFORE INSERT ON status_index FOR EACH ROW WHEN (NEW.card_id
    IS NOT NULL) EXECUTE FUNCTION status_index_closed()
    """,
    """
    CREATE TRIGGER erasure_turn BEFORE INSERT OR UPDATE ON erasure FOR EACH STATEMENT EXECUTE
    FUNCTION register_turn()
    """,
    """
    CREATE TRIGGER erasure_truncate BEFORE TRUNCATE ON erasure FOR EACH STATEMENT EXECUTE FUNCTION
    register_refuse('nothing is deleted')
    """,
    """
    CREATE TRIGGER restoration_turn BEFORE INSERT OR UPDATE ON restoration FOR EACH STATEMENT
    EXECUTE FUNCTION register_turn()
    """,
    """
    CREATE TRIGGER restoration_truncate BEFORE TRUNCATE ON restoration FOR EACH STATEMENT EXECUTE
    FUNCTION register_refuse('nothing is deleted')
    """,
)


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_erasure_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_erasure")),
    )
    op.create_table(
        "restoration",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("links", sa.Integer(), nullable=False),
        sa.Column("last_list", sa.Integer(), nullable=False),
        sa.Column("list_floor", sa.Integer(), nullable=False),
        sa.Column("template_floor", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_restoration")),
    )
    both.drop_triggers(REPLACED)
    both.execute(sqlite=SQLITE, postgresql=POSTGRESQL)
