"""The register as it began."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


TRIGGERS = (
    """
    CREATE TRIGGER card_step BEFORE UPDATE OF state ON card FOR EACH ROW WHEN OLD.state <> NEW.state
    AND NOT (OLD.state || '>' || NEW.state IN ('active>expired', 'active>lost', 'active>replaced',
    'active>retired', 'active>revoked', 'active>suspended', 'applied>approved', 'applied>rejected',
    'approved>active', 'approved>expired', 'approved>in_batch', 'approved>revoked',
    'in_batch>approved', 'in_batch>expired', 'in_batch>printed', 'in_batch>revoked', 'lost>expired',
    'lost>replaced', 'lost>retired', 'lost>revoked', 'printed>active', 'printed>expired',
    'printed>revoked', 'suspended>active', 'suspended>expired', 'suspended>lost',
    'suspended>retired', 'suspended>revoked')) BEGIN SELECT RAISE(ABORT, 'illegal transition'); END
    """,
    """
    CREATE TRIGGER card_birth BEFORE INSERT ON card FOR EACH ROW WHEN NOT (NEW.state IN ('applied',
    'approved')) OR (NEW.state = 'approved') <> (NEW.replaces_id IS NOT NULL) BEGIN SELECT
    RAISE(ABORT, 'a card begins as an application or a replacement'); END
    """,
    """
    CREATE TRIGGER card_status_0 AFTER UPDATE OF state ON card FOR EACH ROW WHEN OLD.state <>
    NEW.state AND NEW.state IN ('active') BEGIN UPDATE status_index SET status = 0 WHERE card_id =
    NEW.id AND status NOT IN (0, 1); END
    """,
    """
    CREATE TRIGGER card_status_1 AFTER UPDATE OF state ON card FOR EACH ROW WHEN OLD.state <>
    NEW.state AND NEW.state IN ('expired', 'lost', 'replaced', 'retired', 'revoked') BEGIN UPDATE
    status_index SET status = 1 WHERE card_id = NEW.id AND status NOT IN (1); END
    """,
    """
    CREATE TRIGGER card_status_2 AFTER UPDATE OF state ON card FOR EACH ROW WHEN OLD.state <>
    NEW.state AND NEW.state IN ('suspended') BEGIN UPDATE status_index SET status = 2 WHERE card_id
    = NEW.id AND status NOT IN (1, 2); END
    """,
    """
    CREATE TRIGGER card_status_3 AFTER UPDATE OF state ON card FOR EACH ROW WHEN OLD.state <>
    NEW.state AND NEW.state IN ('approved', 'in_batch', 'printed') BEGIN UPDATE status_index SET
    status = 3 WHERE card_id = NEW.id AND status NOT IN (1, 3); END
    """,
    """
    CREATE TRIGGER status_index_step BEFORE UPDATE OF status ON status_index FOR EACH ROW WHEN
    OLD.status <> NEW.status AND (OLD.status = 1 OR NOT (NEW.status = 1 OR (OLD.status = 3 AND
    NEW.status = 0) OR (OLD.status = 0 AND NEW.status = 2) OR (OLD.status = 2 AND NEW.status = 0)))
    BEGIN SELECT RAISE(ABORT, 'illegal status'); END
    """,
    """
    CREATE TRIGGER status_index_insert BEFORE INSERT ON status_index FOR EACH ROW WHEN NEW.card_id
    IS NOT NULL AND NEW.status <> 1 AND NEW.status IS NOT (SELECT CASE state WHEN 'active' THEN 0
    WHEN 'approved' THEN 3 WHEN 'expired' THEN 1 WHEN 'in_batch' THEN 3 WHEN 'lost' THEN 1 WHEN
    'printed' THEN 3 WHEN 'replaced' THEN 1 WHEN 'retired' THEN 1 WHEN 'revoked' THEN 1 WHEN
    'suspended' THEN 2 END FROM card WHERE id = NEW.card_id) BEGIN SELECT RAISE(ABORT,
    'an index says what its card says'); END
    """,
    """
    CREATE TRIGGER status_index_update BEFORE UPDATE OF status ON status_index FOR EACH ROW WHEN
    NEW.card_id IS NOT NULL AND NEW.status <> 1 AND NEW.status IS NOT (SELECT CASE state WHEN
    'active' THEN 0 WHEN 'approved' THEN 3 WHEN 'expired' THEN 1 WHEN 'in_batch' THEN 3 WHEN 'lost'
    THEN 1 WHEN 'printed' THEN 3 WHEN 'replaced' THEN 1 WHEN 'retired' THEN 1 WHEN 'revoked' THEN 1
    WHEN 'suspended' THEN 2 END FROM card WHERE id = NEW.card_id) BEGIN SELECT RAISE(ABORT,
    'an index says what its card says'); END
    """,
    """
    CREATE TRIGGER status_index_owner BEFORE INSERT ON status_index FOR EACH ROW WHEN NEW.card_id IS
    NOT NULL AND ((NEW.wallet_id IS NULL) <> ((SELECT kind FROM status_list WHERE id = NEW.list_id)
    = 'seal') OR NEW.wallet_id IS NOT NULL AND (SELECT card_id FROM wallet WHERE id = NEW.wallet_id)
    IS NOT NEW.card_id) BEGIN SELECT RAISE(ABORT,
    'an index belongs to a seal or to a wallet of its card'); END
    """,
    """
    CREATE TRIGGER status_list_sequence BEFORE UPDATE OF sequence ON status_list FOR EACH ROW WHEN
    NEW.sequence < OLD.sequence BEGIN SELECT RAISE(ABORT, 'a sequence never goes back'); END
    """,
    """
    CREATE TRIGGER wallet_status AFTER UPDATE OF ended_at ON wallet FOR EACH ROW WHEN NEW.ended_at
    IS NOT NULL BEGIN UPDATE status_index SET status = 1 WHERE wallet_id = NEW.id AND status NOT IN
    (1); END
    """,
    """
    CREATE TRIGGER wallet_card BEFORE INSERT ON wallet FOR EACH ROW WHEN (SELECT state FROM card
    WHERE id = NEW.card_id) IS NOT 'active' BEGIN SELECT RAISE(ABORT, 'only an active card'); END
    """,
    """
    CREATE TRIGGER offer_card BEFORE INSERT ON offer FOR EACH ROW WHEN (SELECT state FROM card WHERE
    id = NEW.card_id) IS NOT 'active' BEGIN SELECT RAISE(ABORT, 'only an active card'); END
    """,
    """
    CREATE TRIGGER holder_key_append_only BEFORE UPDATE ON holder_key FOR EACH ROW WHEN 1 BEGIN
    SELECT RAISE(ABORT, 'append only'); END
    """,
    """
    CREATE TRIGGER signing_key_append_only BEFORE UPDATE ON signing_key FOR EACH ROW WHEN 1 BEGIN
    SELECT RAISE(ABORT, 'append only'); END
    """,
    """
    CREATE TRIGGER template_append_only BEFORE UPDATE ON template FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'append only'); END
    """,
    """
    CREATE TRIGGER code_append_only BEFORE UPDATE ON code FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'append only'); END
    """,
    """
    CREATE TRIGGER act_append_only BEFORE UPDATE ON act FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'append only'); END
    """,
    """
    CREATE TRIGGER published_list_append_only BEFORE UPDATE ON published_list FOR EACH ROW WHEN 1
    BEGIN SELECT RAISE(ABORT, 'append only'); END
    """,
    """
    CREATE TRIGGER publication_append_only BEFORE UPDATE ON publication FOR EACH ROW WHEN 1 BEGIN
    SELECT RAISE(ABORT, 'append only'); END
    """,
    """
    CREATE TRIGGER person_fixed BEFORE UPDATE ON person FOR EACH ROW WHEN OLD.id IS NOT NEW.id OR
    OLD.employee_id IS NOT NEW.employee_id OR OLD.created_at IS NOT NEW.created_at BEGIN SELECT
    RAISE(ABORT, 'this never changes'); END
    """,
    """
    CREATE TRIGGER card_fixed BEFORE UPDATE ON card FOR EACH ROW WHEN OLD.id IS NOT NEW.id OR
    OLD.person_id IS NOT NEW.person_id OR OLD.replaces_id IS NOT NEW.replaces_id OR OLD.created_at
    IS NOT NEW.created_at BEGIN SELECT RAISE(ABORT, 'this never changes'); END
    """,
    """
    CREATE TRIGGER wallet_fixed BEFORE UPDATE ON wallet FOR EACH ROW WHEN OLD.id IS NOT NEW.id OR
    OLD.card_id IS NOT NEW.card_id OR OLD.created_at IS NOT NEW.created_at BEGIN SELECT RAISE(ABORT,
    'this never changes'); END
    """,
    """
    CREATE TRIGGER offer_fixed BEFORE UPDATE ON offer FOR EACH ROW WHEN OLD.nonce_sha256 IS NOT
    NEW.nonce_sha256 OR OLD.card_id IS NOT NEW.card_id OR OLD.created_at IS NOT NEW.created_at OR
    OLD.expires_at IS NOT NEW.expires_at BEGIN SELECT RAISE(ABORT, 'this never changes'); END
    """,
    """
    CREATE TRIGGER status_list_fixed BEFORE UPDATE ON status_list FOR EACH ROW WHEN OLD.id IS NOT
    NEW.id OR OLD.name IS NOT NEW.name OR OLD.uri IS NOT NEW.uri OR OLD.kind IS NOT NEW.kind BEGIN
    SELECT RAISE(ABORT, 'this never changes'); END
    """,
    """
    CREATE TRIGGER status_index_fixed BEFORE UPDATE ON status_index FOR EACH ROW WHEN OLD.list_id IS
    NOT NEW.list_id OR OLD.idx IS NOT NEW.idx OR OLD.card_id IS NOT NEW.card_id OR OLD.wallet_id IS
    NOT NEW.wallet_id OR OLD.drawn_at IS NOT NEW.drawn_at BEGIN SELECT RAISE(ABORT,
    'this never changes'); END
    """,
    """
    CREATE TRIGGER card_once BEFORE UPDATE ON card FOR EACH ROW WHEN (OLD.number IS NOT NULL AND
    OLD.number IS NOT NEW.number) OR (OLD.valid_from IS NOT NULL AND OLD.valid_from IS NOT
    NEW.valid_from) OR (OLD.valid_until IS NOT NULL AND OLD.valid_until IS NOT NEW.valid_until) OR
    (OLD.seal IS NOT NULL AND OLD.seal IS NOT NEW.seal) OR (OLD.seal_template IS NOT NULL AND
    OLD.seal_template IS NOT NEW.seal_template) BEGIN SELECT RAISE(ABORT, 'this is set once'); END
    """,
    """
    CREATE TRIGGER wallet_once BEFORE UPDATE ON wallet FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL
    AND OLD.ended_at IS NOT NEW.ended_at) BEGIN SELECT RAISE(ABORT, 'this is set once'); END
    """,
    """
    CREATE TRIGGER offer_once BEFORE UPDATE ON offer FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL
    AND OLD.closed_at IS NOT NEW.closed_at) BEGIN SELECT RAISE(ABORT, 'this is set once'); END
    """,
    """
    CREATE TRIGGER act_kept BEFORE DELETE ON act FOR EACH ROW WHEN 1 BEGIN SELECT RAISE(ABORT,
    'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER card_kept BEFORE DELETE ON card FOR EACH ROW WHEN 1 BEGIN SELECT RAISE(ABORT,
    'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER code_kept BEFORE DELETE ON code FOR EACH ROW WHEN 1 BEGIN SELECT RAISE(ABORT,
    'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER holder_key_kept BEFORE DELETE ON holder_key FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER offer_kept BEFORE DELETE ON offer FOR EACH ROW WHEN 1 BEGIN SELECT RAISE(ABORT,
    'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER person_kept BEFORE DELETE ON person FOR EACH ROW WHEN 1 BEGIN SELECT RAISE(ABORT,
    'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER publication_kept BEFORE DELETE ON publication FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER published_list_kept BEFORE DELETE ON published_list FOR EACH ROW WHEN 1 BEGIN
    SELECT RAISE(ABORT, 'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER purpose_kept BEFORE DELETE ON purpose FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER relying_party_kept BEFORE DELETE ON relying_party FOR EACH ROW WHEN 1 BEGIN
    SELECT RAISE(ABORT, 'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER signing_key_kept BEFORE DELETE ON signing_key FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER status_index_kept BEFORE DELETE ON status_index FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER status_list_kept BEFORE DELETE ON status_list FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER template_kept BEFORE DELETE ON template FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER wallet_kept BEFORE DELETE ON wallet FOR EACH ROW WHEN 1 BEGIN SELECT RAISE(ABORT,
    'nothing is deleted'); END
    """,
)


def upgrade() -> None:
    op.create_table(
        "code",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("km", sa.String(), nullable=False),
        sa.Column("en", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('grades', 'ministries', 'positions')", name=op.f("ck_code_kind")),
        sa.PrimaryKeyConstraint("kind", "code", name=op.f("pk_code")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.String(), nullable=False),
        sa.Column("name_km", sa.String(), nullable=False),
        sa.Column("name_la", sa.String(), nullable=False),
        sa.Column("date_of_birth", sa.Date(), nullable=False),
        sa.Column("ministry", sa.Integer(), nullable=False),
        sa.Column("position_code", sa.Integer(), nullable=True),
        sa.Column("position_text", sa.String(), nullable=True),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("employment_status", sa.String(), nullable=False),
        sa.Column("photo_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(position_code IS NULL) <> (position_text IS NULL)", name=op.f("ck_person_one_position")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("employee_id", name=op.f("uq_person_employee_id")),
    )
    op.create_table(
        "publication",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_publication")),
    )
    op.create_table(
        "purpose",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("permitted", sa.Boolean(), nullable=False),
        sa.Column("km", sa.String(), nullable=False),
        sa.Column("en", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_purpose")),
    )
    op.create_table(
        "relying_party",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("km", sa.String(), nullable=False),
        sa.Column("en", sa.String(), nullable=False),
        sa.Column("purposes", sa.String(), nullable=False),
        sa.Column("claims", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_relying_party")),
    )
    op.create_table(
        "signing_key",
        sa.Column("kid", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("vct", sa.String(), nullable=False),
        sa.Column("public_jwk", sa.String(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("issue_until", sa.BigInteger(), nullable=False),
        sa.Column("not_after", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('live', 'sd-jwt', 'seal', 'status-cwt')", name=op.f("ck_signing_key_kind")
        ),
        sa.CheckConstraint(
            "not_before < issue_until AND issue_until <= not_after", name=op.f("ck_signing_key_window")
        ),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_signing_key")),
        sa.UniqueConstraint("public_jwk", name=op.f("uq_signing_key_public_jwk")),
    )
    op.create_table(
        "status_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("uri", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("kid", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('live', 'sd-jwt', 'seal')", name=op.f("ck_status_list_kind")),
        sa.ForeignKeyConstraint(["kid"], ["signing_key.kid"], name=op.f("fk_status_list_kid")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_list")),
        sa.UniqueConstraint("name", name=op.f("uq_status_list_name")),
        sa.UniqueConstraint("uri", name=op.f("uq_status_list_uri")),
    )
    op.create_table(
        "published_list",
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("kid", sa.String(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("form IN ('cwt', 'delta', 'jwt')", name=op.f("ck_published_list_form")),
        sa.ForeignKeyConstraint(["kid"], ["signing_key.kid"], name=op.f("fk_published_list_kid")),
        sa.ForeignKeyConstraint(["list_id"], ["status_list.id"], name=op.f("fk_published_list_list_id")),
        sa.PrimaryKeyConstraint("list_id", "sequence", name=op.f("pk_published_list")),
    )
    op.create_table(
        "template",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kid", sa.String(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["kid"], ["signing_key.kid"], name=op.f("fk_template_kid")),
        sa.ForeignKeyConstraint(["list_id"], ["status_list.id"], name=op.f("fk_template_list_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_template")),
    )
    op.create_table(
        "card",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("seal", sa.LargeBinary(), nullable=True),
        sa.Column("seal_template", sa.Integer(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('applied', 'rejected')) = (number IS NULL)", name=op.f("ck_card_numbered")
        ),
        sa.CheckConstraint(
            "state IN ('active', 'applied', 'approved', 'expired', 'in_batch', 'lost', 'printed', "
            "'rejected', 'replaced', 'retired', 'revoked', 'suspended')",
            name=op.f("ck_card_state"),
        ),
        sa.CheckConstraint(
            "(number IS NULL) = (seal IS NULL) AND (seal IS NULL) = (seal_template IS NULL)",
            name=op.f("ck_card_sealed"),
        ),
        sa.CheckConstraint(
            "(number IS NULL) = (valid_from IS NULL) AND (number IS NULL) = (valid_until IS NULL)",
            name=op.f("ck_card_dated"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_card_person_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["card.id"], name=op.f("fk_card_replaces_id")),
        sa.ForeignKeyConstraint(["seal_template"], ["template.number"], name=op.f("fk_card_seal_template")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint("number", name=op.f("uq_card_number")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_card_replaces_id")),
    )
    op.create_index(op.f("ix_card_person_id"), "card", ["person_id"], unique=False)
    op.create_index("ix_card_state", "card", ["state"], unique=False)
    op.create_index(
        "uq_card_living",
        "card",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("NOT (state IN ('expired', 'rejected', 'replaced', 'retired', 'revoked'))"),
        postgresql_where=sa.text("NOT (state IN ('expired', 'rejected', 'replaced', 'retired', 'revoked'))"),
    )
    op.create_table(
        "offer",
        sa.Column("nonce_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_offer_card_id")),
        sa.PrimaryKeyConstraint("nonce_sha256", name=op.f("pk_offer")),
    )
    op.create_index(op.f("ix_offer_card_id"), "offer", ["card_id"], unique=False)
    op.create_index(
        "uq_offer_open",
        "offer",
        ["card_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "wallet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_wallet_card_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wallet")),
    )
    op.create_index(op.f("ix_wallet_card_id"), "wallet", ["card_id"], unique=False)
    op.create_index(
        "uq_wallet_living",
        "wallet",
        ["card_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("wallet_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "act IN ('activate', 'apply', 'approve', 'enrol', 'expire', 'offer', 'order_print', "
            "'print', 'reinstate', 'reject', 'replace', 'report_lost', 'retire', 'return_print', "
            "'revoke', 'revoke_wallet', 'suspend')",
            name=op.f("ck_act_act"),
        ),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_act_card_id")),
        sa.ForeignKeyConstraint(["wallet_id"], ["wallet.id"], name=op.f("fk_act_wallet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
    )
    op.create_index("ix_act_card_id", "act", ["card_id"], unique=False)
    op.create_table(
        "holder_key",
        sa.Column("thumbprint", sa.LargeBinary(), nullable=False),
        sa.Column("wallet_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('live', 'sd-jwt')", name=op.f("ck_holder_key_kind")),
        sa.ForeignKeyConstraint(["wallet_id"], ["wallet.id"], name=op.f("fk_holder_key_wallet_id")),
        sa.PrimaryKeyConstraint("thumbprint", name=op.f("pk_holder_key")),
    )
    op.create_index(op.f("ix_holder_key_wallet_id"), "holder_key", ["wallet_id"], unique=False)
    op.create_table(
        "status_index",
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("idx", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=True),
        sa.Column("wallet_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("card_id IS NOT NULL OR wallet_id IS NULL", name=op.f("ck_status_index_owned")),
        sa.CheckConstraint("idx BETWEEN 0 AND 262143", name=op.f("ck_status_index_range")),
        sa.CheckConstraint("status IN (0, 1, 2, 3)", name=op.f("ck_status_index_status")),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_status_index_card_id")),
        sa.ForeignKeyConstraint(["list_id"], ["status_list.id"], name=op.f("fk_status_index_list_id")),
        sa.ForeignKeyConstraint(["wallet_id"], ["wallet.id"], name=op.f("fk_status_index_wallet_id")),
        sa.PrimaryKeyConstraint("list_id", "idx", name=op.f("pk_status_index")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_status_index_card_id"), "status_index", ["card_id"], unique=False)
    op.create_index(
        "ix_status_index_changed",
        "status_index",
        ["list_id", "idx", "status"],
        unique=False,
        sqlite_where=sa.text("status <> 0"),
    )
    op.create_index(op.f("ix_status_index_wallet_id"), "status_index", ["wallet_id"], unique=False)
    op.create_index(
        "uq_status_index_seal",
        "status_index",
        ["card_id"],
        unique=True,
        sqlite_where=sa.text("card_id IS NOT NULL AND wallet_id IS NULL"),
        postgresql_where=sa.text("card_id IS NOT NULL AND wallet_id IS NULL"),
    )
    for trigger in TRIGGERS:
        op.execute(" ".join(trigger.split()))
