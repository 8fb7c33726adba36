"""Re-issue in bulk: holder keys are kept, an index may be a further one, and what is made waits.

Holder keys that were bound before are not known: their phones ask for themselves.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from issuer.migrations import both

revision: str = "0011"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ACTS = (
    *("activate", "apply", "approve", "collect", "enrol", "expire", "offer", "order_print", "print"),
    *("record", "reinstate", "reissue", "reject", "replace", "report_lost", "retire", "return_print"),
    *("revoke", "revoke_wallet", "suspend"),
)
OF_AN_INDEX = ("list_id", "card_id", "wallet_id")
"""Foreign keys that a rule holds in PostgreSQL, for all rows of a statement at once."""
REPLACED = {
    "holder_key_form_insert": "holder_key",
    "status_index_fixed": "status_index",
    "status_index_form_insert": "status_index",
    "status_index_form_update": "status_index",
    "status_index_owner": "status_index",
    "status_index_second": "status_index",
}

SQLITE = (
    """
    CREATE TRIGGER status_index_owner BEFORE INSERT ON status_index FOR EACH ROW WHEN (SELECT
    kind FROM status_list WHERE id = NEW.list_id) IS NULL OR NEW.card_id IS NOT NULL AND
    ((NEW.wallet_id IS NULL) <> ((SELECT kind FROM status_list WHERE id = NEW.list_id) = 'seal')
    OR CASE WHEN NEW.wallet_id IS NULL THEN (SELECT id FROM card WHERE id = NEW.card_id) ELSE
    (SELECT card_id FROM wallet WHERE id = NEW.wallet_id) END IS NOT NEW.card_id) BEGIN SELECT
    RAISE(ABORT, 'an index belongs to a list, and to a seal or to a wallet of its card'); END
    """,
    """
    CREATE TRIGGER status_index_second BEFORE INSERT ON status_index FOR EACH ROW WHEN
    NEW.reissue_id IS NULL AND EXISTS (SELECT 1 FROM status_index WHERE list_id = NEW.list_id
    AND wallet_id = NEW.wallet_id AND reissue_id IS NULL) BEGIN SELECT RAISE(ABORT, 'a wallet
    has one index in a list'); END
    """,
    """
    CREATE TRIGGER status_index_reissue BEFORE INSERT ON status_index FOR EACH ROW WHEN
    NEW.reissue_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM reissue WHERE reissue.id =
    NEW.reissue_id AND closed_at IS NULL) BEGIN SELECT RAISE(ABORT, 'a further index belongs to
    an open re-issue'); END
    """,
    """
    CREATE TRIGGER reissue_birth BEFORE INSERT ON reissue FOR EACH ROW WHEN EXISTS (SELECT 1
    FROM reissue WHERE closed_at IS NULL) BEGIN SELECT RAISE(ABORT, 'another re-issue is open');
    END
    """,
    """
    CREATE TRIGGER prepared_card BEFORE INSERT ON prepared FOR EACH ROW WHEN NOT EXISTS (SELECT
    1 FROM reissue WHERE reissue.id = NEW.reissue_id AND closed_at IS NULL) OR NOT EXISTS
    (SELECT 1 FROM wallet JOIN card ON card.id = card_id WHERE wallet.id = NEW.wallet_id AND
    card.id = NEW.card_id AND ended_at IS NULL AND state IN ('active', 'suspended')) BEGIN
    SELECT RAISE(ABORT, 'an open re-issue makes credentials for phones of cards that stand');
    END
    """,
    """
    CREATE TRIGGER prepared_seal BEFORE INSERT ON prepared FOR EACH ROW WHEN NEW.seal IS NOT
    NULL AND EXISTS (SELECT 1 FROM reissue JOIN template ON number = seal_template JOIN
    stolen_key USING (kid) WHERE reissue.id = NEW.reissue_id) BEGIN SELECT RAISE(ABORT, 'this
    seal key was stolen'); END
    """,
    """
    CREATE TRIGGER holder_key_form_insert BEFORE INSERT ON holder_key FOR EACH ROW WHEN NOT
    (typeof(NEW.thumbprint) = 'blob' AND length(NEW.thumbprint) > 0 AND typeof(NEW.wallet_id) =
    'integer' AND NEW.wallet_id BETWEEN 0 AND 253402300799 AND typeof(NEW.kind) = 'text' AND
    (NEW.public_key IS NULL OR typeof(NEW.public_key) = 'blob' AND length(NEW.public_key) > 0)
    AND (NEW.wallet_id IS NULL OR EXISTS (SELECT 1 FROM wallet WHERE id = NEW.wallet_id)) AND
    (NEW.public_key IS NULL OR length(NEW.public_key) IN (32, 64))) BEGIN SELECT RAISE(ABORT,
    'this is no row of the table'); END
    """,
    """
    CREATE TRIGGER prepared_form_insert BEFORE INSERT ON prepared FOR EACH ROW WHEN NOT
    (typeof(NEW.card_id) = 'integer' AND NEW.card_id BETWEEN 0 AND 253402300799 AND
    typeof(NEW.reissue_id) = 'integer' AND NEW.reissue_id BETWEEN 0 AND 253402300799 AND
    typeof(NEW.wallet_id) = 'integer' AND NEW.wallet_id BETWEEN 0 AND 253402300799 AND (NEW.seal
    IS NULL OR typeof(NEW.seal) = 'blob' AND length(NEW.seal) > 0) AND (NEW.live IS NULL OR
    typeof(NEW.live) = 'blob' AND length(NEW.live) > 0) AND (NEW.sd_jwt IS NULL OR
    typeof(NEW.sd_jwt) = 'text') AND (NEW.card_id IS NULL OR EXISTS (SELECT 1 FROM card WHERE id
    = NEW.card_id)) AND (NEW.reissue_id IS NULL OR EXISTS (SELECT 1 FROM reissue WHERE id =
    NEW.reissue_id))) BEGIN SELECT RAISE(ABORT, 'this is no row of the table'); END
    """,
    """
    CREATE TRIGGER reissue_form_insert BEFORE INSERT ON reissue FOR EACH ROW WHEN NOT
    (typeof(NEW.opened_at) = 'integer' AND NEW.opened_at BETWEEN 0 AND 253402300799 AND
    (NEW.seal_template IS NULL OR typeof(NEW.seal_template) = 'integer' AND NEW.seal_template
    BETWEEN 0 AND 253402300799) AND (NEW.live_template IS NULL OR typeof(NEW.live_template) =
    'integer' AND NEW.live_template BETWEEN 0 AND 253402300799) AND (NEW.sd_jwt_list IS NULL OR
    typeof(NEW.sd_jwt_list) = 'integer' AND NEW.sd_jwt_list BETWEEN 0 AND 253402300799) AND
    typeof(NEW.last_wallet) = 'integer' AND NEW.last_wallet BETWEEN 0 AND 253402300799 AND
    typeof(NEW.people) = 'integer' AND NEW.people BETWEEN 0 AND 253402300799 AND
    typeof(NEW.left_out) = 'integer' AND NEW.left_out BETWEEN 0 AND 253402300799 AND
    (NEW.closed_at IS NULL OR typeof(NEW.closed_at) = 'integer' AND NEW.closed_at BETWEEN 0 AND
    253402300799) AND (NEW.live_template IS NULL OR EXISTS (SELECT 1 FROM template WHERE number
    = NEW.live_template)) AND (NEW.sd_jwt_list IS NULL OR EXISTS (SELECT 1 FROM status_list
    WHERE id = NEW.sd_jwt_list)) AND (NEW.seal_template IS NULL OR EXISTS (SELECT 1 FROM
    template WHERE number = NEW.seal_template))) BEGIN SELECT RAISE(ABORT, 'this is no row of
    the table'); END
    """,
    """
    CREATE TRIGGER reissue_form_update BEFORE UPDATE ON reissue FOR EACH ROW WHEN NOT
    (typeof(NEW.opened_at) = 'integer' AND NEW.opened_at BETWEEN 0 AND 253402300799 AND
    (NEW.seal_template IS NULL OR typeof(NEW.seal_template) = 'integer' AND NEW.seal_template
    BETWEEN 0 AND 253402300799) AND (NEW.live_template IS NULL OR typeof(NEW.live_template) =
    'integer' AND NEW.live_template BETWEEN 0 AND 253402300799) AND (NEW.sd_jwt_list IS NULL OR
    typeof(NEW.sd_jwt_list) = 'integer' AND NEW.sd_jwt_list BETWEEN 0 AND 253402300799) AND
    typeof(NEW.last_wallet) = 'integer' AND NEW.last_wallet BETWEEN 0 AND 253402300799 AND
    typeof(NEW.people) = 'integer' AND NEW.people BETWEEN 0 AND 253402300799 AND
    typeof(NEW.left_out) = 'integer' AND NEW.left_out BETWEEN 0 AND 253402300799 AND
    (NEW.closed_at IS NULL OR typeof(NEW.closed_at) = 'integer' AND NEW.closed_at BETWEEN 0 AND
    253402300799) AND (NEW.live_template IS NULL OR EXISTS (SELECT 1 FROM template WHERE number
    = NEW.live_template)) AND (NEW.sd_jwt_list IS NULL OR EXISTS (SELECT 1 FROM status_list
    WHERE id = NEW.sd_jwt_list)) AND (NEW.seal_template IS NULL OR EXISTS (SELECT 1 FROM
    template WHERE number = NEW.seal_template))) BEGIN SELECT RAISE(ABORT, 'this is no row of
    the table'); END
    """,
    """
    CREATE TRIGGER reissue_part_form_insert BEFORE INSERT ON reissue_part FOR EACH ROW WHEN NOT
    (typeof(NEW.reissue_id) = 'integer' AND NEW.reissue_id BETWEEN 0 AND 253402300799 AND
    typeof(NEW.number) = 'integer' AND NEW.number BETWEEN 0 AND 253402300799 AND
    typeof(NEW.first_card) = 'integer' AND NEW.first_card BETWEEN 0 AND 253402300799 AND
    typeof(NEW.last_card) = 'integer' AND NEW.last_card BETWEEN 0 AND 253402300799 AND
    typeof(NEW.indices) = 'blob' AND length(NEW.indices) > 0 AND (NEW.done_at IS NULL OR
    typeof(NEW.done_at) = 'integer' AND NEW.done_at BETWEEN 0 AND 253402300799) AND
    (NEW.reissue_id IS NULL OR EXISTS (SELECT 1 FROM reissue WHERE id = NEW.reissue_id))) BEGIN
    SELECT RAISE(ABORT, 'this is no row of the table'); END
    """,
    """
    CREATE TRIGGER reissue_part_form_update BEFORE UPDATE ON reissue_part FOR EACH ROW WHEN NOT
    (typeof(NEW.reissue_id) = 'integer' AND NEW.reissue_id BETWEEN 0 AND 253402300799 AND
    typeof(NEW.number) = 'integer' AND NEW.number BETWEEN 0 AND 253402300799 AND
    typeof(NEW.first_card) = 'integer' AND NEW.first_card BETWEEN 0 AND 253402300799 AND
    typeof(NEW.last_card) = 'integer' AND NEW.last_card BETWEEN 0 AND 253402300799 AND
    typeof(NEW.indices) = 'blob' AND length(NEW.indices) > 0 AND (NEW.done_at IS NULL OR
    typeof(NEW.done_at) = 'integer' AND NEW.done_at BETWEEN 0 AND 253402300799) AND
    (NEW.reissue_id IS NULL OR EXISTS (SELECT 1 FROM reissue WHERE id = NEW.reissue_id))) BEGIN
    SELECT RAISE(ABORT, 'this is no row of the table'); END
    """,
    """
    CREATE TRIGGER status_index_form_insert BEFORE INSERT ON status_index FOR EACH ROW WHEN NOT
    (typeof(NEW.list_id) = 'integer' AND NEW.list_id BETWEEN 0 AND 253402300799 AND
    typeof(NEW.idx) = 'integer' AND NEW.idx BETWEEN 0 AND 253402300799 AND (NEW.card_id IS NULL
    OR typeof(NEW.card_id) = 'integer' AND NEW.card_id BETWEEN 0 AND 253402300799) AND
    (NEW.wallet_id IS NULL OR typeof(NEW.wallet_id) = 'integer' AND NEW.wallet_id BETWEEN 0 AND
    253402300799) AND typeof(NEW.status) = 'integer' AND NEW.status BETWEEN 0 AND 253402300799
    AND typeof(NEW.drawn_at) = 'integer' AND NEW.drawn_at BETWEEN 0 AND 253402300799 AND
    (NEW.reissue_id IS NULL OR typeof(NEW.reissue_id) = 'integer' AND NEW.reissue_id BETWEEN 0
    AND 253402300799) AND (NEW.card_id IS NULL OR EXISTS (SELECT 1 FROM card WHERE id =
    NEW.card_id)) AND (NEW.list_id IS NULL OR EXISTS (SELECT 1 FROM status_list WHERE id =
    NEW.list_id)) AND (NEW.wallet_id IS NULL OR EXISTS (SELECT 1 FROM wallet WHERE id =
    NEW.wallet_id))) BEGIN SELECT RAISE(ABORT, 'this is no row of the table'); END
    """,
    """
    CREATE TRIGGER status_index_form_update BEFORE UPDATE ON status_index FOR EACH ROW WHEN NOT
    (typeof(NEW.list_id) = 'integer' AND NEW.list_id BETWEEN 0 AND 253402300799 AND
    typeof(NEW.idx) = 'integer' AND NEW.idx BETWEEN 0 AND 253402300799 AND (NEW.card_id IS NULL
    OR typeof(NEW.card_id) = 'integer' AND NEW.card_id BETWEEN 0 AND 253402300799) AND
    (NEW.wallet_id IS NULL OR typeof(NEW.wallet_id) = 'integer' AND NEW.wallet_id BETWEEN 0 AND
    253402300799) AND typeof(NEW.status) = 'integer' AND NEW.status BETWEEN 0 AND 253402300799
    AND typeof(NEW.drawn_at) = 'integer' AND NEW.drawn_at BETWEEN 0 AND 253402300799 AND
    (NEW.reissue_id IS NULL OR typeof(NEW.reissue_id) = 'integer' AND NEW.reissue_id BETWEEN 0
    AND 253402300799) AND (NEW.card_id IS NULL OR EXISTS (SELECT 1 FROM card WHERE id =
    NEW.card_id)) AND (NEW.list_id IS NULL OR EXISTS (SELECT 1 FROM status_list WHERE id =
    NEW.list_id)) AND (NEW.wallet_id IS NULL OR EXISTS (SELECT 1 FROM wallet WHERE id =
    NEW.wallet_id))) BEGIN SELECT RAISE(ABORT, 'this is no row of the table'); END
    """,
    """
    CREATE TRIGGER prepared_append_only BEFORE UPDATE ON prepared FOR EACH ROW WHEN 1 BEGIN
    SELECT RAISE(ABORT, 'append only'); END
    """,
    """
    CREATE TRIGGER status_index_fixed BEFORE UPDATE ON status_index FOR EACH ROW WHEN
    OLD.list_id IS NOT NEW.list_id OR OLD.idx IS NOT NEW.idx OR OLD.card_id IS NOT NEW.card_id
    OR OLD.wallet_id IS NOT NEW.wallet_id OR OLD.drawn_at IS NOT NEW.drawn_at OR OLD.reissue_id
    IS NOT NEW.reissue_id BEGIN SELECT RAISE(ABORT, 'this never changes'); END
    """,
    """
    CREATE TRIGGER reissue_fixed BEFORE UPDATE ON reissue FOR EACH ROW WHEN OLD.id IS NOT NEW.id
    OR OLD.opened_at IS NOT NEW.opened_at OR OLD.seal_template IS NOT NEW.seal_template OR
    OLD.live_template IS NOT NEW.live_template OR OLD.sd_jwt_list IS NOT NEW.sd_jwt_list OR
    OLD.last_wallet IS NOT NEW.last_wallet OR OLD.people IS NOT NEW.people OR OLD.left_out IS
    NOT NEW.left_out BEGIN SELECT RAISE(ABORT, 'this never changes'); END
    """,
    """
    CREATE TRIGGER reissue_part_fixed BEFORE UPDATE ON reissue_part FOR EACH ROW WHEN
    OLD.reissue_id IS NOT NEW.reissue_id OR OLD.number IS NOT NEW.number OR OLD.first_card IS
    NOT NEW.first_card OR OLD.last_card IS NOT NEW.last_card OR OLD.indices IS NOT NEW.indices
    BEGIN SELECT RAISE(ABORT, 'this never changes'); END
    """,
    """
    CREATE TRIGGER reissue_once BEFORE UPDATE ON reissue FOR EACH ROW WHEN (OLD.closed_at IS NOT
    NULL AND OLD.closed_at IS NOT NEW.closed_at) BEGIN SELECT RAISE(ABORT, 'this is set once');
    END
    """,
    """
    CREATE TRIGGER reissue_part_once BEFORE UPDATE ON reissue_part FOR EACH ROW WHEN
    (OLD.done_at IS NOT NULL AND OLD.done_at IS NOT NEW.done_at) BEGIN SELECT RAISE(ABORT, 'this
    is set once'); END
    """,
    """
    CREATE TRIGGER prepared_kept BEFORE DELETE ON prepared FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER reissue_kept BEFORE DELETE ON reissue FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER reissue_part_kept BEFORE DELETE ON reissue_part FOR EACH ROW WHEN 1 BEGIN
    SELECT RAISE(ABORT, 'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER prepared_taken BEFORE INSERT ON prepared FOR EACH ROW WHEN EXISTS (SELECT 1
    FROM prepared WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM prepared WHERE card_id =
    NEW.card_id AND reissue_id = NEW.reissue_id) BEGIN SELECT RAISE(ABORT, 'it is there
    already'); END
    """,
    """
    CREATE TRIGGER reissue_taken BEFORE INSERT ON reissue FOR EACH ROW WHEN EXISTS (SELECT 1
    FROM reissue WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM reissue WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER reissue_moved BEFORE UPDATE ON reissue FOR EACH ROW WHEN OLD.rowid <>
    NEW.rowid OR EXISTS (SELECT 1 FROM reissue WHERE id = NEW.id AND rowid <> OLD.rowid) BEGIN
    SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER reissue_part_taken BEFORE INSERT ON reissue_part FOR EACH ROW WHEN EXISTS
    (SELECT 1 FROM reissue_part WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM reissue_part
    WHERE reissue_id = NEW.reissue_id AND number = NEW.number) BEGIN SELECT RAISE(ABORT, 'it is
    there already'); END
    """,
    """
    CREATE TRIGGER reissue_part_moved BEFORE UPDATE ON reissue_part FOR EACH ROW WHEN OLD.rowid
    <> NEW.rowid OR EXISTS (SELECT 1 FROM reissue_part WHERE reissue_id = NEW.reissue_id AND
    number = NEW.number AND rowid <> OLD.rowid) BEGIN SELECT RAISE(ABORT, 'it is there
    already'); END
    """,
    """
    CREATE TRIGGER status_index_taken BEFORE INSERT ON status_index FOR EACH ROW WHEN EXISTS
    (SELECT 1 FROM status_index WHERE card_id = NEW.card_id AND card_id IS NOT NULL AND
    wallet_id IS NULL AND reissue_id IS NULL AND NEW.card_id IS NOT NULL AND NEW.wallet_id IS
    NULL AND NEW.reissue_id IS NULL) OR EXISTS (SELECT 1 FROM status_index WHERE card_id =
    NEW.card_id AND reissue_id = NEW.reissue_id AND list_id = NEW.list_id) OR EXISTS (SELECT 1
    FROM status_index WHERE list_id = NEW.list_id AND idx = NEW.idx) BEGIN SELECT RAISE(ABORT,
    'it is there already'); END
    """,
)

SQLITE_ACTS = (
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
    ALTER TABLE prepared SET (toast_tuple_target = 8160)
    """,
    """
    CREATE FUNCTION status_index_insert() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN PERFORM 1 FROM card WHERE id IN (SELECT card_id
    FROM added) FOR SHARE; IF EXISTS (SELECT 1 FROM added WHERE added.card_id IS NOT NULL AND
    (added.card_id IS NOT NULL AND added.status <> 1 AND added.status IS DISTINCT FROM (SELECT
    CASE state WHEN 'active' THEN 0 WHEN 'approved' THEN 3 WHEN 'expired' THEN 1 WHEN 'in_batch'
    THEN 3 WHEN 'lost' THEN 1 WHEN 'printed' THEN 3 WHEN 'replaced' THEN 1 WHEN 'retired' THEN 1
    WHEN 'revoked' THEN 1 WHEN 'suspended' THEN 2 END FROM card WHERE id = added.card_id))) THEN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'an index says
    what its card says', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NULL; END
    $$
    """,
    """
    CREATE TRIGGER status_index_insert AFTER INSERT ON status_index REFERENCING NEW TABLE AS
    added FOR EACH STATEMENT EXECUTE FUNCTION status_index_insert()
    """,
    """
    CREATE FUNCTION status_index_owner() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM added WHERE ((SELECT kind
    FROM status_list WHERE id = added.list_id) IS NULL OR added.card_id IS NOT NULL AND
    ((added.wallet_id IS NULL) <> ((SELECT kind FROM status_list WHERE id = added.list_id) =
    'seal') OR CASE WHEN added.wallet_id IS NULL THEN (SELECT id FROM card WHERE id =
    added.card_id) ELSE (SELECT card_id FROM wallet WHERE id = added.wallet_id) END IS DISTINCT
    FROM added.card_id))) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation',
    MESSAGE = 'an index belongs to a list, and to a seal or to a wallet of its card', TABLE =
    TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER status_index_owner AFTER INSERT ON status_index REFERENCING NEW TABLE AS
    added FOR EACH STATEMENT EXECUTE FUNCTION status_index_owner()
    """,
    """
    CREATE FUNCTION status_index_second() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN PERFORM 1 FROM wallet WHERE id = NEW.wallet_id FOR
    NO KEY UPDATE; IF NEW.reissue_id IS NULL AND EXISTS (SELECT 1 FROM status_index WHERE
    list_id = NEW.list_id AND wallet_id = NEW.wallet_id AND reissue_id IS NULL) THEN RAISE
    EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'a wallet has one
    index in a list', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER status_index_second BEFORE INSERT ON status_index FOR EACH ROW WHEN
    (NEW.wallet_id IS NOT NULL AND NEW.reissue_id IS NULL) EXECUTE FUNCTION
    status_index_second()
    """,
    """
    CREATE FUNCTION status_index_reissue() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM added WHERE
    added.reissue_id IS NOT NULL AND (added.reissue_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM
    reissue WHERE reissue.id = added.reissue_id AND closed_at IS NULL))) THEN RAISE EXCEPTION
    USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'a further index belongs to an
    open re-issue', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER status_index_reissue AFTER INSERT ON status_index REFERENCING NEW TABLE AS
    added FOR EACH STATEMENT EXECUTE FUNCTION status_index_reissue()
    """,
    """
    CREATE FUNCTION reissue_birth() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM reissue WHERE closed_at
    IS NULL) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE =
    'another re-issue is open', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER reissue_birth BEFORE INSERT ON reissue FOR EACH ROW EXECUTE FUNCTION
    reissue_birth()
    """,
    """
    CREATE FUNCTION prepared_card() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN PERFORM 1 FROM card WHERE id IN (SELECT card_id
    FROM added) FOR SHARE; IF EXISTS (SELECT 1 FROM added WHERE (NOT EXISTS (SELECT 1 FROM
    reissue WHERE reissue.id = added.reissue_id AND closed_at IS NULL) OR NOT EXISTS (SELECT 1
    FROM wallet JOIN card ON card.id = card_id WHERE wallet.id = added.wallet_id AND card.id =
    added.card_id AND ended_at IS NULL AND state IN ('active', 'suspended')))) THEN RAISE
    EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'an open re-issue
    makes credentials for phones of cards that stand', TABLE = TG_TABLE_NAME, CONSTRAINT =
    TG_NAME; END IF; RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER prepared_card AFTER INSERT ON prepared REFERENCING NEW TABLE AS added FOR
    EACH STATEMENT EXECUTE FUNCTION prepared_card()
    """,
    """
    CREATE FUNCTION prepared_seal() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM added WHERE added.seal IS
    NOT NULL AND (added.seal IS NOT NULL AND EXISTS (SELECT 1 FROM reissue JOIN template ON
    number = seal_template JOIN stolen_key USING (kid) WHERE reissue.id = added.reissue_id)))
    THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'this seal
    key was stolen', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER prepared_seal AFTER INSERT ON prepared REFERENCING NEW TABLE AS added FOR
    EACH STATEMENT EXECUTE FUNCTION prepared_seal()
    """,
    """
    CREATE TRIGGER holder_key_form_insert BEFORE INSERT ON holder_key FOR EACH ROW WHEN (NOT
    (octet_length(NEW.thumbprint) > 0 AND NEW.wallet_id BETWEEN 0 AND 253402300799 AND
    (NEW.public_key IS NULL OR octet_length(NEW.public_key) > 0) AND (NEW.public_key IS NULL OR
    length(NEW.public_key) IN (32, 64)))) EXECUTE FUNCTION register_refuse('this is no row of
    the table')
    """,
    """
    CREATE TRIGGER prepared_form_insert BEFORE INSERT ON prepared FOR EACH ROW WHEN (NOT
    (NEW.card_id BETWEEN 0 AND 253402300799 AND NEW.reissue_id BETWEEN 0 AND 253402300799 AND
    NEW.wallet_id BETWEEN 0 AND 253402300799 AND (NEW.seal IS NULL OR octet_length(NEW.seal) >
    0) AND (NEW.live IS NULL OR octet_length(NEW.live) > 0))) EXECUTE FUNCTION
    register_refuse('this is no row of the table')
    """,
    """
    CREATE TRIGGER reissue_form_insert BEFORE INSERT ON reissue FOR EACH ROW WHEN (NOT
    (NEW.opened_at BETWEEN 0 AND 253402300799 AND (NEW.seal_template IS NULL OR
    NEW.seal_template BETWEEN 0 AND 253402300799) AND (NEW.live_template IS NULL OR
    NEW.live_template BETWEEN 0 AND 253402300799) AND (NEW.sd_jwt_list IS NULL OR
    NEW.sd_jwt_list BETWEEN 0 AND 253402300799) AND NEW.last_wallet BETWEEN 0 AND 253402300799
    AND NEW.people BETWEEN 0 AND 253402300799 AND NEW.left_out BETWEEN 0 AND 253402300799 AND
    (NEW.closed_at IS NULL OR NEW.closed_at BETWEEN 0 AND 253402300799))) EXECUTE FUNCTION
    register_refuse('this is no row of the table')
    """,
    """
    CREATE TRIGGER reissue_form_update BEFORE UPDATE ON reissue FOR EACH ROW WHEN (NOT
    (NEW.opened_at BETWEEN 0 AND 253402300799 AND (NEW.seal_template IS NULL OR
    NEW.seal_template BETWEEN 0 AND 253402300799) AND (NEW.live_template IS NULL OR
    NEW.live_template BETWEEN 0 AND 253402300799) AND (NEW.sd_jwt_list IS NULL OR
    NEW.sd_jwt_list BETWEEN 0 AND 253402300799) AND NEW.last_wallet BETWEEN 0 AND 253402300799
    AND NEW.people BETWEEN 0 AND 253402300799 AND NEW.left_out BETWEEN 0 AND 253402300799 AND
    (NEW.closed_at IS NULL OR NEW.closed_at BETWEEN 0 AND 253402300799))) EXECUTE FUNCTION
    register_refuse('this is no row of the table')
    """,
    """
    CREATE TRIGGER reissue_part_form_insert BEFORE INSERT ON reissue_part FOR EACH ROW WHEN (NOT
    (NEW.reissue_id BETWEEN 0 AND 253402300799 AND NEW.number BETWEEN 0 AND 253402300799 AND
    NEW.first_card BETWEEN 0 AND 253402300799 AND NEW.last_card BETWEEN 0 AND 253402300799 AND
    octet_length(NEW.indices) > 0 AND (NEW.done_at IS NULL OR NEW.done_at BETWEEN 0 AND
    253402300799))) EXECUTE FUNCTION register_refuse('this is no row of the table')
    """,
    """
    CREATE TRIGGER reissue_part_form_update BEFORE UPDATE ON reissue_part FOR EACH ROW WHEN (NOT
    (NEW.reissue_id BETWEEN 0 AND 253402300799 AND NEW.number BETWEEN 0 AND 253402300799 AND
    NEW.first_card BETWEEN 0 AND 253402300799 AND NEW.last_card BETWEEN 0 AND 253402300799 AND
    octet_length(NEW.indices) > 0 AND (NEW.done_at IS NULL OR NEW.done_at BETWEEN 0 AND
    253402300799))) EXECUTE FUNCTION register_refuse('this is no row of the table')
    """,
    """
    CREATE TRIGGER status_index_form_insert BEFORE INSERT ON status_index FOR EACH ROW WHEN (NOT
    (NEW.list_id BETWEEN 0 AND 253402300799 AND NEW.idx BETWEEN 0 AND 253402300799 AND
    (NEW.card_id IS NULL OR NEW.card_id BETWEEN 0 AND 253402300799) AND (NEW.wallet_id IS NULL
    OR NEW.wallet_id BETWEEN 0 AND 253402300799) AND NEW.status BETWEEN 0 AND 253402300799 AND
    NEW.drawn_at BETWEEN 0 AND 253402300799 AND (NEW.reissue_id IS NULL OR NEW.reissue_id
    BETWEEN 0 AND 253402300799))) EXECUTE FUNCTION register_refuse('this is no row of the
    table')
    """,
    """
    CREATE TRIGGER status_index_form_update BEFORE UPDATE ON status_index FOR EACH ROW WHEN (NOT
    (NEW.list_id BETWEEN 0 AND 253402300799 AND NEW.idx BETWEEN 0 AND 253402300799 AND
    (NEW.card_id IS NULL OR NEW.card_id BETWEEN 0 AND 253402300799) AND (NEW.wallet_id IS NULL
    OR NEW.wallet_id BETWEEN 0 AND 253402300799) AND NEW.status BETWEEN 0 AND 253402300799 AND
    NEW.drawn_at BETWEEN 0 AND 253402300799 AND (NEW.reissue_id IS NULL OR NEW.reissue_id
    BETWEEN 0 AND 253402300799))) EXECUTE FUNCTION register_refuse('this is no row of the
    table')
    """,
    """
    CREATE TRIGGER prepared_append_only BEFORE UPDATE ON prepared FOR EACH ROW EXECUTE FUNCTION
    register_refuse('append only')
    """,
    """
    CREATE TRIGGER status_index_fixed BEFORE UPDATE ON status_index FOR EACH ROW WHEN
    (OLD.list_id IS DISTINCT FROM NEW.list_id OR OLD.idx IS DISTINCT FROM NEW.idx OR OLD.card_id
    IS DISTINCT FROM NEW.card_id OR OLD.wallet_id IS DISTINCT FROM NEW.wallet_id OR OLD.drawn_at
    IS DISTINCT FROM NEW.drawn_at OR OLD.reissue_id IS DISTINCT FROM NEW.reissue_id) EXECUTE
    FUNCTION register_refuse('this never changes')
    """,
    """
    CREATE TRIGGER reissue_fixed BEFORE UPDATE ON reissue FOR EACH ROW WHEN (OLD.id IS DISTINCT
    FROM NEW.id OR OLD.opened_at IS DISTINCT FROM NEW.opened_at OR OLD.seal_template IS DISTINCT
    FROM NEW.seal_template OR OLD.live_template IS DISTINCT FROM NEW.live_template OR
    OLD.sd_jwt_list IS DISTINCT FROM NEW.sd_jwt_list OR OLD.last_wallet IS DISTINCT FROM
    NEW.last_wallet OR OLD.people IS DISTINCT FROM NEW.people OR OLD.left_out IS DISTINCT FROM
    NEW.left_out) EXECUTE FUNCTION register_refuse('this never changes')
    """,
    """
    CREATE TRIGGER reissue_part_fixed BEFORE UPDATE ON reissue_part FOR EACH ROW WHEN
    (OLD.reissue_id IS DISTINCT FROM NEW.reissue_id OR OLD.number IS DISTINCT FROM NEW.number OR
    OLD.first_card IS DISTINCT FROM NEW.first_card OR OLD.last_card IS DISTINCT FROM
    NEW.last_card OR OLD.indices IS DISTINCT FROM NEW.indices) EXECUTE FUNCTION
    register_refuse('this never changes')
    """,
    """
    CREATE TRIGGER reissue_once BEFORE UPDATE ON reissue FOR EACH ROW WHEN ((OLD.closed_at IS
    NOT NULL AND OLD.closed_at IS DISTINCT FROM NEW.closed_at)) EXECUTE FUNCTION
    register_refuse('this is set once')
    """,
    """
    CREATE TRIGGER reissue_part_once BEFORE UPDATE ON reissue_part FOR EACH ROW WHEN
    ((OLD.done_at IS NOT NULL AND OLD.done_at IS DISTINCT FROM NEW.done_at)) EXECUTE FUNCTION
    register_refuse('this is set once')
    """,
    """
    CREATE TRIGGER prepared_kept BEFORE DELETE ON prepared FOR EACH ROW EXECUTE FUNCTION
    register_refuse('nothing is deleted')
    """,
    """
    CREATE TRIGGER reissue_kept BEFORE DELETE ON reissue FOR EACH ROW EXECUTE FUNCTION
    register_refuse('nothing is deleted')
    """,
    """
    CREATE TRIGGER reissue_part_kept BEFORE DELETE ON reissue_part FOR EACH ROW EXECUTE FUNCTION
    register_refuse('nothing is deleted')
    """,
    """
    CREATE TRIGGER prepared_turn BEFORE INSERT OR UPDATE ON prepared FOR EACH STATEMENT EXECUTE
    FUNCTION register_turn()
    """,
    """
    CREATE TRIGGER prepared_truncate BEFORE TRUNCATE ON prepared FOR EACH STATEMENT EXECUTE
    FUNCTION register_refuse('nothing is deleted')
    """,
    """
    CREATE TRIGGER reissue_turn BEFORE INSERT OR UPDATE ON reissue FOR EACH STATEMENT EXECUTE
    FUNCTION register_turn()
    """,
    """
    CREATE TRIGGER reissue_truncate BEFORE TRUNCATE ON reissue FOR EACH STATEMENT EXECUTE
    FUNCTION register_refuse('nothing is deleted')
    """,
    """
    CREATE TRIGGER reissue_part_turn BEFORE INSERT OR UPDATE ON reissue_part FOR EACH STATEMENT
    EXECUTE FUNCTION register_turn()
    """,
    """
    CREATE TRIGGER reissue_part_truncate BEFORE TRUNCATE ON reissue_part FOR EACH STATEMENT
    EXECUTE FUNCTION register_refuse('nothing is deleted')
    """,
)


def upgrade() -> None:
    both.drop_triggers(REPLACED)
    both.execute(
        sqlite=("DROP TRIGGER status_index_taken",),
        postgresql=(
            "DROP TRIGGER status_index_insert ON status_index",
            "DROP FUNCTION status_index_insert()",
            *(f"ALTER TABLE status_index DROP CONSTRAINT fk_status_index_{name}" for name in OF_AN_INDEX),
        ),
    )
    op.add_column("holder_key", sa.Column("public_key", sa.LargeBinary(), nullable=True))
    _widen_indices()
    _create_tables()
    if op.get_bind().dialect.name == "sqlite":
        _widen_acts()
    else:
        op.drop_constraint(op.f("ck_act_act"), "act", type_="check")
        op.create_check_constraint(op.f("ck_act_act"), "act", _one_of_acts())
    both.execute(sqlite=(*SQLITE, *SQLITE_ACTS), postgresql=POSTGRES)


def _one_of_acts() -> str:
    return f"act IN ({', '.join(map(repr, ACTS))})"


def _widen_indices() -> None:
    op.add_column("status_index", sa.Column("reissue_id", sa.Integer(), nullable=True))
    op.drop_index("uq_status_index_seal", "status_index")
    first = sa.text("card_id IS NOT NULL AND wallet_id IS NULL AND reissue_id IS NULL")
    op.create_index(
        "uq_status_index_seal",
        "status_index",
        ["card_id"],
        unique=True,
        sqlite_where=first,
        postgresql_where=first,
    )
    op.drop_index("ix_status_index_card_id", "status_index")
    place = ["card_id", "reissue_id", "list_id"]
    op.create_index("uq_status_index_reissue", "status_index", place, unique=True)


def _create_tables() -> None:
    op.create_table(
        "reissue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("seal_template", sa.Integer(), nullable=True),
        sa.Column("live_template", sa.Integer(), nullable=True),
        sa.Column("sd_jwt_list", sa.Integer(), nullable=True),
        sa.Column("last_wallet", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "coalesce(seal_template, live_template, sd_jwt_list) IS NOT NULL", name=op.f("ck_reissue_kinds")
        ),
        sa.CheckConstraint("closed_at >= opened_at", name=op.f("ck_reissue_closed")),
        sa.ForeignKeyConstraint(
            ["seal_template"], ["template.number"], name=op.f("fk_reissue_seal_template")
        ),
        sa.ForeignKeyConstraint(
            ["live_template"], ["template.number"], name=op.f("fk_reissue_live_template")
        ),
        sa.ForeignKeyConstraint(["sd_jwt_list"], ["status_list.id"], name=op.f("fk_reissue_sd_jwt_list")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reissue")),
    )
    op.create_table(
        "reissue_part",
        sa.Column("reissue_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_card", sa.Integer(), nullable=False),
        sa.Column("last_card", sa.Integer(), nullable=False),
        sa.Column("indices", sa.LargeBinary(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["reissue_id"], ["reissue.id"], name=op.f("fk_reissue_part_reissue_id")),
        sa.PrimaryKeyConstraint("reissue_id", "number", name=op.f("pk_reissue_part")),
    )
    op.create_table(
        "prepared",
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("reissue_id", sa.Integer(), nullable=False),
        sa.Column("wallet_id", sa.Integer(), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=True),
        sa.Column("live", sa.LargeBinary(), nullable=True),
        sa.Column("sd_jwt", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("card_id", "reissue_id", name=op.f("pk_prepared")),
        *(_foreign_keys_of_prepared() if op.get_bind().dialect.name == "sqlite" else ()),
    )


def _foreign_keys_of_prepared() -> list[sa.ForeignKeyConstraint]:
    """In PostgreSQL `prepared_card` looks at all rows of a statement."""
    return [
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_prepared_card_id")),
        sa.ForeignKeyConstraint(["reissue_id"], ["reissue.id"], name=op.f("fk_prepared_reissue_id")),
    ]


def _widen_acts() -> None:
    """The table with two acts more; SQLite changes no CHECK in place."""
    op.create_table(
        "act_new",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("wallet_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(_one_of_acts(), name=op.f("ck_act_act")),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_act_card_id")),
        sa.ForeignKeyConstraint(["wallet_id"], ["wallet.id"], name=op.f("fk_act_wallet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
    )
    op.execute("INSERT INTO act_new SELECT id, at, act, card_id, wallet_id, content FROM act")
    op.drop_table("act")
    op.rename_table("act_new", "act")
    op.create_index("ix_act_card_id", "act", ["card_id"])
