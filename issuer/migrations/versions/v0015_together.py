"""Acts, and what is prepared, are of cards and phones that are there, by rules PostgreSQL asks together."""

from collections.abc import Sequence

from alembic import op

from issuer.migrations import both

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEYS = {"act": ("card_id", "wallet_id"), "prepared": ("card_id", "reissue_id")}
"""Foreign keys that rules hold in PostgreSQL."""
REPLACED = {
    "prepared_card": "prepared",
}
TRIGGERS = (
    """
    CREATE TRIGGER act_card BEFORE INSERT ON act FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM
    card WHERE id = NEW.card_id) BEGIN SELECT RAISE(ABORT, 'an act is one of a card, or of a
    phone of it'); END
    """,
    """
    CREATE TRIGGER act_wallet BEFORE INSERT ON act FOR EACH ROW WHEN NEW.wallet_id IS NOT
    NULL AND NOT EXISTS (SELECT 1 FROM wallet WHERE id = NEW.wallet_id AND card_id =
    NEW.card_id) BEGIN SELECT RAISE(ABORT, 'an act is one of a card, or of a phone of it');
    END
    """,
    """
    CREATE TRIGGER prepared_open BEFORE INSERT ON prepared FOR EACH ROW WHEN NOT EXISTS
    (SELECT 1 FROM reissue WHERE reissue.id = NEW.reissue_id AND closed_at IS NULL) BEGIN
    SELECT RAISE(ABORT, 'an open re-issue makes credentials for phones of cards that
    stand'); END
    """,
    """
    CREATE TRIGGER prepared_card BEFORE INSERT ON prepared FOR EACH ROW WHEN NOT EXISTS
    (SELECT 1 FROM wallet JOIN card ON card.id = card_id WHERE wallet.id = NEW.wallet_id AND
    card.id = NEW.card_id AND ended_at IS NULL AND state IN ('active', 'suspended')) BEGIN
    SELECT RAISE(ABORT, 'an open re-issue makes credentials for phones of cards that
    stand'); END
    """,
)
POSTGRES = (
    """
    CREATE FUNCTION act_card() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM added WHERE (NOT
    EXISTS (SELECT 1 FROM card WHERE id = added.card_id))) THEN RAISE EXCEPTION USING
    ERRCODE = 'integrity_constraint_violation', MESSAGE = 'an act is one of a card, or of a
    phone of it', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER act_card AFTER INSERT ON act REFERENCING NEW TABLE AS added FOR EACH
    STATEMENT EXECUTE FUNCTION act_card()
    """,
    """
    CREATE FUNCTION act_wallet() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM added WHERE
    added.wallet_id IS NOT NULL AND (added.wallet_id IS NOT NULL AND NOT EXISTS (SELECT 1
    FROM wallet WHERE id = added.wallet_id AND card_id = added.card_id))) THEN RAISE
    EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'an act is one of
    a card, or of a phone of it', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF;
    RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER act_wallet AFTER INSERT ON act REFERENCING NEW TABLE AS added FOR EACH
    STATEMENT EXECUTE FUNCTION act_wallet()
    """,
    """
    CREATE FUNCTION prepared_open() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM added WHERE (NOT
    EXISTS (SELECT 1 FROM reissue WHERE reissue.id = added.reissue_id AND closed_at IS
    NULL))) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE =
    'an open re-issue makes credentials for phones of cards that stand', TABLE =
    TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER prepared_open AFTER INSERT ON prepared REFERENCING NEW TABLE AS added FOR
    EACH STATEMENT EXECUTE FUNCTION prepared_open()
    """,
    """
    CREATE FUNCTION prepared_card() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN PERFORM 1 FROM card WHERE id IN (SELECT
    card_id FROM added) FOR SHARE; IF EXISTS (SELECT 1 FROM added WHERE (NOT EXISTS (SELECT
    1 FROM wallet JOIN card ON card.id = card_id WHERE wallet.id = added.wallet_id AND
    card.id = added.card_id AND ended_at IS NULL AND state IN ('active', 'suspended'))))
    THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'an
    open re-issue makes credentials for phones of cards that stand', TABLE = TG_TABLE_NAME,
    CONSTRAINT = TG_NAME; END IF; RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER prepared_card AFTER INSERT ON prepared REFERENCING NEW TABLE AS added FOR
    EACH STATEMENT EXECUTE FUNCTION prepared_card()
    """,
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, columns in KEYS.items():
            for column in columns:
                op.drop_constraint(op.f(f"fk_{table}_{column}"), table, type_="foreignkey")
    both.drop_triggers(REPLACED)
    both.execute(sqlite=TRIGGERS, postgresql=POSTGRES)
