"""Rows that REPLACE would delete without a DELETE trigger: their keys are refused before."""

from collections.abc import Sequence

from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


TRIGGERS = (
    """
    CREATE TRIGGER act_taken BEFORE INSERT ON act FOR EACH ROW WHEN EXISTS (SELECT 1 FROM act
    WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM act WHERE id = NEW.id) BEGIN SELECT
    RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER card_taken BEFORE INSERT ON card FOR EACH ROW WHEN EXISTS (SELECT 1 FROM card
    WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM card WHERE id = NEW.id) OR EXISTS (SELECT
    1 FROM card WHERE number = NEW.number) OR EXISTS (SELECT 1 FROM card WHERE person_id =
    NEW.person_id AND NOT (state IN ('expired', 'rejected', 'replaced', 'retired', 'revoked'))
    AND NOT (NEW.state IN ('expired', 'rejected', 'replaced', 'retired', 'revoked'))) OR EXISTS
    (SELECT 1 FROM card WHERE replaces_id = NEW.replaces_id) BEGIN SELECT RAISE(ABORT, 'it is
    there already'); END
    """,
    """
    CREATE TRIGGER card_moved BEFORE UPDATE ON card FOR EACH ROW WHEN OLD.rowid <> NEW.rowid OR
    EXISTS (SELECT 1 FROM card WHERE id = NEW.id AND rowid <> OLD.rowid) OR EXISTS (SELECT 1
    FROM card WHERE number = NEW.number AND rowid <> OLD.rowid) OR EXISTS (SELECT 1 FROM card
    WHERE person_id = NEW.person_id AND rowid <> OLD.rowid AND NOT (state IN ('expired',
    'rejected', 'replaced', 'retired', 'revoked')) AND NOT (NEW.state IN ('expired', 'rejected',
    'replaced', 'retired', 'revoked'))) OR EXISTS (SELECT 1 FROM card WHERE replaces_id =
    NEW.replaces_id AND rowid <> OLD.rowid) BEGIN SELECT RAISE(ABORT, 'it is there already');
    END
    """,
    """
    CREATE TRIGGER code_taken BEFORE INSERT ON code FOR EACH ROW WHEN EXISTS (SELECT 1 FROM code
    WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM code WHERE kind = NEW.kind AND code =
    NEW.code) BEGIN SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER holder_key_taken BEFORE INSERT ON holder_key FOR EACH ROW WHEN EXISTS (SELECT
    1 FROM holder_key WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM holder_key WHERE
    thumbprint = NEW.thumbprint) BEGIN SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER offer_taken BEFORE INSERT ON offer FOR EACH ROW WHEN EXISTS (SELECT 1 FROM
    offer WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM offer WHERE card_id = NEW.card_id
    AND closed_at IS NULL AND NEW.closed_at IS NULL) OR EXISTS (SELECT 1 FROM offer WHERE
    nonce_sha256 = NEW.nonce_sha256) BEGIN SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER offer_moved BEFORE UPDATE ON offer FOR EACH ROW WHEN OLD.rowid <> NEW.rowid
    OR EXISTS (SELECT 1 FROM offer WHERE card_id = NEW.card_id AND rowid <> OLD.rowid AND
    closed_at IS NULL AND NEW.closed_at IS NULL) OR EXISTS (SELECT 1 FROM offer WHERE
    nonce_sha256 = NEW.nonce_sha256 AND rowid <> OLD.rowid) BEGIN SELECT RAISE(ABORT, 'it is
    there already'); END
    """,
    """
    CREATE TRIGGER person_taken BEFORE INSERT ON person FOR EACH ROW WHEN EXISTS (SELECT 1 FROM
    person WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM person WHERE employee_id =
    NEW.employee_id) OR EXISTS (SELECT 1 FROM person WHERE id = NEW.id) BEGIN SELECT
    RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER person_moved BEFORE UPDATE ON person FOR EACH ROW WHEN OLD.rowid <> NEW.rowid
    OR EXISTS (SELECT 1 FROM person WHERE employee_id = NEW.employee_id AND rowid <> OLD.rowid)
    OR EXISTS (SELECT 1 FROM person WHERE id = NEW.id AND rowid <> OLD.rowid) BEGIN SELECT
    RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER publication_taken BEFORE INSERT ON publication FOR EACH ROW WHEN EXISTS
    (SELECT 1 FROM publication WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM publication
    WHERE version = NEW.version) BEGIN SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER published_key_taken BEFORE INSERT ON published_key FOR EACH ROW WHEN EXISTS
    (SELECT 1 FROM published_key WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM published_key
    WHERE kid = NEW.kid) BEGIN SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER published_list_taken BEFORE INSERT ON published_list FOR EACH ROW WHEN EXISTS
    (SELECT 1 FROM published_list WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM
    published_list WHERE list_id = NEW.list_id AND sequence = NEW.sequence) BEGIN SELECT
    RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER purpose_taken BEFORE INSERT ON purpose FOR EACH ROW WHEN EXISTS (SELECT 1
    FROM purpose WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM purpose WHERE name =
    NEW.name) BEGIN SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER purpose_moved BEFORE UPDATE ON purpose FOR EACH ROW WHEN OLD.rowid <>
    NEW.rowid OR EXISTS (SELECT 1 FROM purpose WHERE name = NEW.name AND rowid <> OLD.rowid)
    BEGIN SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER relying_party_taken BEFORE INSERT ON relying_party FOR EACH ROW WHEN EXISTS
    (SELECT 1 FROM relying_party WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM relying_party
    WHERE number = NEW.number) BEGIN SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER relying_party_moved BEFORE UPDATE ON relying_party FOR EACH ROW WHEN
    OLD.rowid <> NEW.rowid OR EXISTS (SELECT 1 FROM relying_party WHERE number = NEW.number AND
    rowid <> OLD.rowid) BEGIN SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER signing_key_taken BEFORE INSERT ON signing_key FOR EACH ROW WHEN EXISTS
    (SELECT 1 FROM signing_key WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM signing_key
    WHERE kid = NEW.kid) OR EXISTS (SELECT 1 FROM signing_key WHERE public_jwk = NEW.public_jwk)
    BEGIN SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER status_index_taken BEFORE INSERT ON status_index FOR EACH ROW WHEN EXISTS
    (SELECT 1 FROM status_index WHERE card_id = NEW.card_id AND card_id IS NOT NULL AND
    wallet_id IS NULL AND NEW.card_id IS NOT NULL AND NEW.wallet_id IS NULL) OR EXISTS (SELECT 1
    FROM status_index WHERE list_id = NEW.list_id AND idx = NEW.idx) BEGIN SELECT RAISE(ABORT,
    'it is there already'); END
    """,
    """
    CREATE TRIGGER status_list_taken BEFORE INSERT ON status_list FOR EACH ROW WHEN EXISTS
    (SELECT 1 FROM status_list WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM status_list
    WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM status_list WHERE name = NEW.name) OR EXISTS
    (SELECT 1 FROM status_list WHERE uri = NEW.uri) BEGIN SELECT RAISE(ABORT, 'it is there
    already'); END
    """,
    """
    CREATE TRIGGER status_list_moved BEFORE UPDATE ON status_list FOR EACH ROW WHEN OLD.rowid <>
    NEW.rowid OR EXISTS (SELECT 1 FROM status_list WHERE id = NEW.id AND rowid <> OLD.rowid) OR
    EXISTS (SELECT 1 FROM status_list WHERE name = NEW.name AND rowid <> OLD.rowid) OR EXISTS
    (SELECT 1 FROM status_list WHERE uri = NEW.uri AND rowid <> OLD.rowid) BEGIN SELECT
    RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER stolen_key_taken BEFORE INSERT ON stolen_key FOR EACH ROW WHEN EXISTS (SELECT
    1 FROM stolen_key WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM stolen_key WHERE kid =
    NEW.kid) BEGIN SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER template_taken BEFORE INSERT ON template FOR EACH ROW WHEN EXISTS (SELECT 1
    FROM template WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM template WHERE number =
    NEW.number) BEGIN SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER wallet_taken BEFORE INSERT ON wallet FOR EACH ROW WHEN EXISTS (SELECT 1 FROM
    wallet WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM wallet WHERE card_id = NEW.card_id
    AND ended_at IS NULL AND NEW.ended_at IS NULL) OR EXISTS (SELECT 1 FROM wallet WHERE id =
    NEW.id) BEGIN SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER wallet_moved BEFORE UPDATE ON wallet FOR EACH ROW WHEN OLD.rowid <> NEW.rowid
    OR EXISTS (SELECT 1 FROM wallet WHERE card_id = NEW.card_id AND rowid <> OLD.rowid AND
    ended_at IS NULL AND NEW.ended_at IS NULL) OR EXISTS (SELECT 1 FROM wallet WHERE id = NEW.id
    AND rowid <> OLD.rowid) BEGIN SELECT RAISE(ABORT, 'it is there already'); END
    """,
)


def upgrade() -> None:
    for trigger in TRIGGERS:
        op.execute(" ".join(trigger.split()))
