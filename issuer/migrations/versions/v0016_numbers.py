"""The register numbers its rows; no index is valid for a phone that ended, no key published by nobody."""

from collections.abc import Sequence

from issuer.migrations import both

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

REPLACED = {
    "act_unordered_insert": "act",
    "status_index_owner": "status_index",
}
TRIGGERS = (
    """
    CREATE TRIGGER status_index_ended BEFORE INSERT ON status_index FOR EACH ROW WHEN
    NEW.wallet_id IS NOT NULL AND NEW.status <> 1 AND EXISTS (SELECT 1 FROM wallet WHERE id
    = NEW.wallet_id AND ended_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'an index says what
    its phone says'); END
    """,
    """
    CREATE TRIGGER status_index_owner BEFORE INSERT ON status_index FOR EACH ROW WHEN
    (SELECT kind FROM status_list WHERE id = NEW.list_id) IS NULL OR NEW.card_id IS NOT NULL
    AND ((NEW.wallet_id IS NULL) <> ((SELECT kind FROM status_list WHERE id = NEW.list_id) =
    'seal') OR CASE WHEN NEW.wallet_id IS NULL THEN (SELECT id FROM card WHERE id =
    NEW.card_id AND number IS NOT NULL) ELSE (SELECT card_id FROM wallet WHERE id =
    NEW.wallet_id) END IS NOT NEW.card_id) BEGIN SELECT RAISE(ABORT, 'an index belongs to a
    list, and to a seal or to a wallet of its card'); END
    """,
    """
    CREATE TRIGGER reissue_kinds BEFORE INSERT ON reissue FOR EACH ROW WHEN (SELECT kind
    FROM status_list JOIN template ON list_id = id WHERE number = NEW.seal_template) <>
    'seal' OR (SELECT kind FROM status_list JOIN template ON list_id = id WHERE number =
    NEW.live_template) <> 'live' OR (SELECT kind FROM status_list WHERE id =
    NEW.sd_jwt_list) <> 'sd-jwt' BEGIN SELECT RAISE(ABORT, 'a re-issue makes each kind with
    its own'); END
    """,
    """
    CREATE TRIGGER act_unordered_insert BEFORE INSERT ON act FOR EACH ROW WHEN NOT EXISTS
    (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR decision
    IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import',
    'issue', 'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed',
    'printing_key', 'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act ||
    '>' || NEW.act IN ('activate>activate', 'amend>amend', 'amend_replace>amend',
    'amend_replace>approve', 'amend_replace>replace', 'approve>approve', 'delta>expire',
    'import>apply', 'issue>collect', 'issue>enrol', 'offer>offer',
    'print_order>order_print', 'print_return>return_print', 'printed>print',
    'publish>expire', 'reinstate>reinstate', 'reissue_part>reissue', 'reject>reject',
    'replace>approve', 'replace>replace', 'report_lost>report_lost', 'restore>revoke',
    'restore>revoke_wallet', 'restore>suspend', 'retire>retire', 'revoke>revoke',
    'revoke_wallet>revoke_wallet', 'suspend>suspend')) BEGIN SELECT RAISE(ABORT, 'nobody has
    ordered this'); END
    """,
    """
    CREATE TRIGGER reissue_part_unordered_insert BEFORE INSERT ON reissue_part FOR EACH ROW
    WHEN NOT EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision =
    'confirmed' OR decision IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta',
    'gate_add', 'import', 'issue', 'key_stolen', 'keys_renew', 'print_order',
    'print_return', 'printed', 'printing_key', 'publish', 'reissue_part', 'reject',
    'restore', 'suspend')) AND act IN ('reissue')) BEGIN SELECT RAISE(ABORT, 'nobody has
    ordered this'); END
    """,
    """
    CREATE TRIGGER prepared_unordered_insert BEFORE INSERT ON prepared FOR EACH ROW WHEN NOT
    EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR
    decision IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add',
    'import', 'issue', 'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed',
    'printing_key', 'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN
    ('reissue_part')) BEGIN SELECT RAISE(ABORT, 'nobody has ordered this'); END
    """,
    """
    CREATE TRIGGER signing_key_unordered_insert BEFORE INSERT ON signing_key FOR EACH ROW
    WHEN EXISTS (SELECT 1 FROM staff_order) AND NOT EXISTS (SELECT 1 FROM staff_order WHERE
    done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL AND act IN
    ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue', 'key_stolen',
    'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key', 'publish',
    'reissue_part', 'reject', 'restore', 'suspend')) AND act IN ('keys_renew')) BEGIN SELECT
    RAISE(ABORT, 'nobody has ordered this'); END
    """,
    """
    CREATE TRIGGER status_list_unordered_insert BEFORE INSERT ON status_list FOR EACH ROW
    WHEN EXISTS (SELECT 1 FROM staff_order) AND NOT EXISTS (SELECT 1 FROM staff_order WHERE
    done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL AND act IN
    ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue', 'key_stolen',
    'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key', 'publish',
    'reissue_part', 'reject', 'restore', 'suspend')) AND act IN ('keys_renew')) BEGIN SELECT
    RAISE(ABORT, 'nobody has ordered this'); END
    """,
    """
    CREATE TRIGGER template_unordered_insert BEFORE INSERT ON template FOR EACH ROW WHEN
    EXISTS (SELECT 1 FROM staff_order) AND NOT EXISTS (SELECT 1 FROM staff_order WHERE
    done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL AND act IN
    ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue', 'key_stolen',
    'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key', 'publish',
    'reissue_part', 'reject', 'restore', 'suspend')) AND act IN ('keys_renew')) BEGIN SELECT
    RAISE(ABORT, 'nobody has ordered this'); END
    """,
    """
    CREATE TRIGGER code_unordered_insert BEFORE INSERT ON code FOR EACH ROW WHEN EXISTS
    (SELECT 1 FROM staff_order) BEGIN SELECT RAISE(ABORT, 'nobody has ordered this'); END
    """,
    """
    CREATE TRIGGER purpose_unordered_insert BEFORE INSERT ON purpose FOR EACH ROW WHEN
    EXISTS (SELECT 1 FROM staff_order) BEGIN SELECT RAISE(ABORT, 'nobody has ordered this');
    END
    """,
    """
    CREATE TRIGGER published_key_unordered_insert BEFORE INSERT ON published_key FOR EACH
    ROW WHEN NOT EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision =
    'confirmed' OR decision IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta',
    'gate_add', 'import', 'issue', 'key_stolen', 'keys_renew', 'print_order',
    'print_return', 'printed', 'printing_key', 'publish', 'reissue_part', 'reject',
    'restore', 'suspend')) AND act IN ('publish')) BEGIN SELECT RAISE(ABORT, 'nobody has
    ordered this'); END
    """,
    """
    CREATE TRIGGER published_list_unordered_insert BEFORE INSERT ON published_list FOR EACH
    ROW WHEN NOT EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision =
    'confirmed' OR decision IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta',
    'gate_add', 'import', 'issue', 'key_stolen', 'keys_renew', 'print_order',
    'print_return', 'printed', 'printing_key', 'publish', 'reissue_part', 'reject',
    'restore', 'suspend')) AND act IN ('delta', 'publish')) BEGIN SELECT RAISE(ABORT,
    'nobody has ordered this'); END
    """,
    """
    CREATE TRIGGER agency_unordered_insert BEFORE INSERT ON agency FOR EACH ROW WHEN NOT
    EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR
    decision IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add',
    'import', 'issue', 'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed',
    'printing_key', 'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN
    ('agency_add', 'amend', 'amend_replace', 'import')) BEGIN SELECT RAISE(ABORT, 'nobody
    has ordered this'); END
    """,
    """
    CREATE TRIGGER printing_key_unordered_insert BEFORE INSERT ON printing_key FOR EACH ROW
    WHEN EXISTS (SELECT 1 FROM staff_order) AND NOT EXISTS (SELECT 1 FROM staff_order WHERE
    done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL AND act IN
    ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue', 'key_stolen',
    'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key', 'publish',
    'reissue_part', 'reject', 'restore', 'suspend')) AND act IN ('printing_key')) BEGIN
    SELECT RAISE(ABORT, 'nobody has ordered this'); END
    """,
    """
    CREATE TRIGGER print_batch_unordered_insert BEFORE INSERT ON print_batch FOR EACH ROW
    WHEN NOT EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision =
    'confirmed' OR decision IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta',
    'gate_add', 'import', 'issue', 'key_stolen', 'keys_renew', 'print_order',
    'print_return', 'printed', 'printing_key', 'publish', 'reissue_part', 'reject',
    'restore', 'suspend')) AND act IN ('print_order')) BEGIN SELECT RAISE(ABORT, 'nobody has
    ordered this'); END
    """,
    """
    CREATE TRIGGER print_row_unordered_update BEFORE UPDATE OF returned_at ON print_row FOR
    EACH ROW WHEN NOT EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision
    = 'confirmed' OR decision IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta',
    'gate_add', 'import', 'issue', 'key_stolen', 'keys_renew', 'print_order',
    'print_return', 'printed', 'printing_key', 'publish', 'reissue_part', 'reject',
    'restore', 'suspend')) AND act IN ('print_return')) BEGIN SELECT RAISE(ABORT, 'nobody
    has ordered this'); END
    """,
    """
    CREATE TRIGGER printing_key_unordered_update BEFORE UPDATE OF stolen_at ON printing_key
    FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND
    (decision = 'confirmed' OR decision IS NULL AND act IN ('agency_add', 'amend', 'backup',
    'delta', 'gate_add', 'import', 'issue', 'key_stolen', 'keys_renew', 'print_order',
    'print_return', 'printed', 'printing_key', 'publish', 'reissue_part', 'reject',
    'restore', 'suspend')) AND act IN ('key_stolen')) BEGIN SELECT RAISE(ABORT, 'nobody has
    ordered this'); END
    """,
    """
    CREATE TRIGGER purpose_fixed BEFORE UPDATE ON purpose FOR EACH ROW WHEN OLD.name IS NOT
    NEW.name OR OLD.permitted IS NOT NEW.permitted OR OLD.km IS NOT NEW.km OR OLD.en IS NOT
    NEW.en BEGIN SELECT RAISE(ABORT, 'this never changes'); END
    """,
    """
    CREATE TRIGGER act_numbered AFTER INSERT ON act FOR EACH ROW WHEN NEW.rowid < 1 OR
    NEW.id > 1 AND NOT EXISTS (SELECT 1 FROM act WHERE id = NEW.id - 1) BEGIN SELECT
    RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER agency_numbered AFTER INSERT ON agency FOR EACH ROW WHEN NEW.rowid < 1
    BEGIN SELECT RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER audit_numbered AFTER INSERT ON audit FOR EACH ROW WHEN NEW.rowid < 1
    BEGIN SELECT RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER bank_key_numbered AFTER INSERT ON bank_key FOR EACH ROW WHEN NEW.rowid <
    1 OR NEW.id > 1 AND NOT EXISTS (SELECT 1 FROM bank_key WHERE id = NEW.id - 1) BEGIN
    SELECT RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER card_numbered AFTER INSERT ON card FOR EACH ROW WHEN NEW.rowid < 1 OR
    NEW.id > 1 AND NOT EXISTS (SELECT 1 FROM card WHERE id = NEW.id - 1) BEGIN SELECT
    RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER code_numbered AFTER INSERT ON code FOR EACH ROW WHEN NEW.rowid < 1 BEGIN
    SELECT RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER erasure_numbered AFTER INSERT ON erasure FOR EACH ROW WHEN NEW.rowid < 1
    BEGIN SELECT RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER holder_key_numbered AFTER INSERT ON holder_key FOR EACH ROW WHEN
    NEW.rowid < 1 BEGIN SELECT RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER offer_numbered AFTER INSERT ON offer FOR EACH ROW WHEN NEW.rowid < 1
    BEGIN SELECT RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER person_numbered AFTER INSERT ON person FOR EACH ROW WHEN NEW.rowid < 1 OR
    NEW.id > 1 AND NOT EXISTS (SELECT 1 FROM person WHERE id = NEW.id - 1) BEGIN SELECT
    RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER prepared_numbered AFTER INSERT ON prepared FOR EACH ROW WHEN NEW.rowid <
    1 BEGIN SELECT RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER print_batch_numbered AFTER INSERT ON print_batch FOR EACH ROW WHEN
    NEW.rowid < 1 BEGIN SELECT RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER print_order_numbered AFTER INSERT ON print_order FOR EACH ROW WHEN
    NEW.rowid < 1 OR NEW.id > 1 AND NOT EXISTS (SELECT 1 FROM print_order WHERE id = NEW.id
    - 1) BEGIN SELECT RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER print_report_numbered AFTER INSERT ON print_report FOR EACH ROW WHEN
    NEW.rowid < 1 BEGIN SELECT RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER print_row_numbered AFTER INSERT ON print_row FOR EACH ROW WHEN NEW.rowid
    < 1 BEGIN SELECT RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER printing_key_numbered AFTER INSERT ON printing_key FOR EACH ROW WHEN
    NEW.rowid < 1 BEGIN SELECT RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER publication_numbered AFTER INSERT ON publication FOR EACH ROW WHEN
    NEW.rowid < 1 BEGIN SELECT RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER published_key_numbered AFTER INSERT ON published_key FOR EACH ROW WHEN
    NEW.rowid < 1 BEGIN SELECT RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER published_list_numbered AFTER INSERT ON published_list FOR EACH ROW WHEN
    NEW.rowid < 1 BEGIN SELECT RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER purpose_numbered AFTER INSERT ON purpose FOR EACH ROW WHEN NEW.rowid < 1
    BEGIN SELECT RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER reissue_numbered AFTER INSERT ON reissue FOR EACH ROW WHEN NEW.rowid < 1
    OR NEW.id > 1 AND NOT EXISTS (SELECT 1 FROM reissue WHERE id = NEW.id - 1) BEGIN SELECT
    RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER reissue_part_numbered AFTER INSERT ON reissue_part FOR EACH ROW WHEN
    NEW.rowid < 1 BEGIN SELECT RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER rejection_numbered AFTER INSERT ON rejection FOR EACH ROW WHEN NEW.rowid
    < 1 BEGIN SELECT RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER relying_party_numbered AFTER INSERT ON relying_party FOR EACH ROW WHEN
    NEW.rowid < 1 BEGIN SELECT RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER restoration_numbered AFTER INSERT ON restoration FOR EACH ROW WHEN
    NEW.rowid < 1 BEGIN SELECT RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER signing_key_numbered AFTER INSERT ON signing_key FOR EACH ROW WHEN
    NEW.rowid < 1 BEGIN SELECT RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER staff_numbered AFTER INSERT ON staff FOR EACH ROW WHEN NEW.rowid < 1 OR
    NEW.id > 1 AND NOT EXISTS (SELECT 1 FROM staff WHERE id = NEW.id - 1) BEGIN SELECT
    RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER staff_order_numbered AFTER INSERT ON staff_order FOR EACH ROW WHEN
    NEW.rowid < 1 OR NEW.id > 1 AND NOT EXISTS (SELECT 1 FROM staff_order WHERE id = NEW.id
    - 1) BEGIN SELECT RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER status_list_numbered AFTER INSERT ON status_list FOR EACH ROW WHEN
    NEW.rowid < 1 OR NEW.id > 1 AND NOT EXISTS (SELECT 1 FROM status_list WHERE id = NEW.id
    - 1) BEGIN SELECT RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER stolen_key_numbered AFTER INSERT ON stolen_key FOR EACH ROW WHEN
    NEW.rowid < 1 BEGIN SELECT RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER template_numbered AFTER INSERT ON template FOR EACH ROW WHEN NEW.rowid <
    1 BEGIN SELECT RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER wallet_numbered AFTER INSERT ON wallet FOR EACH ROW WHEN NEW.rowid < 1 OR
    NEW.id > 1 AND NOT EXISTS (SELECT 1 FROM wallet WHERE id = NEW.id - 1) BEGIN SELECT
    RAISE(ABORT, 'the register numbers its rows'); END
    """,
    """
    CREATE TRIGGER written_publication_numbered AFTER INSERT ON written_publication FOR EACH
    ROW WHEN NEW.rowid < 1 BEGIN SELECT RAISE(ABORT, 'the register numbers its rows'); END
    """,
)
POSTGRES = (
    """
    CREATE FUNCTION status_index_ended() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN PERFORM 1 FROM wallet WHERE id IN (SELECT
    wallet_id FROM added) FOR SHARE; IF EXISTS (SELECT 1 FROM added WHERE added.wallet_id IS
    NOT NULL AND (added.wallet_id IS NOT NULL AND added.status <> 1 AND EXISTS (SELECT 1
    FROM wallet WHERE id = added.wallet_id AND ended_at IS NOT NULL))) THEN RAISE EXCEPTION
    USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'an index says what its
    phone says', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER status_index_ended AFTER INSERT ON status_index REFERENCING NEW TABLE AS
    added FOR EACH STATEMENT EXECUTE FUNCTION status_index_ended()
    """,
    """
    CREATE FUNCTION status_index_owner() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM added WHERE ((SELECT
    kind FROM status_list WHERE id = added.list_id) IS NULL OR added.card_id IS NOT NULL AND
    ((added.wallet_id IS NULL) <> ((SELECT kind FROM status_list WHERE id = added.list_id) =
    'seal') OR CASE WHEN added.wallet_id IS NULL THEN (SELECT id FROM card WHERE id =
    added.card_id AND number IS NOT NULL) ELSE (SELECT card_id FROM wallet WHERE id =
    added.wallet_id) END IS DISTINCT FROM added.card_id))) THEN RAISE EXCEPTION USING
    ERRCODE = 'integrity_constraint_violation', MESSAGE = 'an index belongs to a list, and
    to a seal or to a wallet of its card', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END
    IF; RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER status_index_owner AFTER INSERT ON status_index REFERENCING NEW TABLE AS
    added FOR EACH STATEMENT EXECUTE FUNCTION status_index_owner()
    """,
    """
    CREATE FUNCTION reissue_kinds() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN IF (SELECT kind FROM status_list JOIN template
    ON list_id = id WHERE number = NEW.seal_template) <> 'seal' OR (SELECT kind FROM
    status_list JOIN template ON list_id = id WHERE number = NEW.live_template) <> 'live' OR
    (SELECT kind FROM status_list WHERE id = NEW.sd_jwt_list) <> 'sd-jwt' THEN RAISE
    EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'a re-issue makes
    each kind with its own', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN
    NEW; END $$
    """,
    """
    CREATE TRIGGER reissue_kinds BEFORE INSERT ON reissue FOR EACH ROW EXECUTE FUNCTION
    reissue_kinds()
    """,
    """
    CREATE FUNCTION act_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET search_path
    = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM added WHERE (NOT
    EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR
    decision IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add',
    'import', 'issue', 'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed',
    'printing_key', 'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act ||
    '>' || added.act IN ('activate>activate', 'amend>amend', 'amend_replace>amend',
    'amend_replace>approve', 'amend_replace>replace', 'approve>approve', 'delta>expire',
    'import>apply', 'issue>collect', 'issue>enrol', 'offer>offer',
    'print_order>order_print', 'print_return>return_print', 'printed>print',
    'publish>expire', 'reinstate>reinstate', 'reissue_part>reissue', 'reject>reject',
    'replace>approve', 'replace>replace', 'report_lost>report_lost', 'restore>revoke',
    'restore>revoke_wallet', 'restore>suspend', 'retire>retire', 'revoke>revoke',
    'revoke_wallet>revoke_wallet', 'suspend>suspend')))) THEN RAISE EXCEPTION USING ERRCODE
    = 'integrity_constraint_violation', MESSAGE = 'nobody has ordered this', TABLE =
    TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER act_unordered_insert AFTER INSERT ON act REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION act_unordered_insert()
    """,
    """
    CREATE FUNCTION reissue_part_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM
    staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL AND
    act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue',
    'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key',
    'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN ('reissue')) THEN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'nobody has
    ordered this', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER reissue_part_unordered_insert BEFORE INSERT ON reissue_part FOR EACH ROW
    EXECUTE FUNCTION reissue_part_unordered_insert()
    """,
    """
    CREATE FUNCTION prepared_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM added
    WHERE (NOT EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision =
    'confirmed' OR decision IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta',
    'gate_add', 'import', 'issue', 'key_stolen', 'keys_renew', 'print_order',
    'print_return', 'printed', 'printing_key', 'publish', 'reissue_part', 'reject',
    'restore', 'suspend')) AND act IN ('reissue_part')))) THEN RAISE EXCEPTION USING ERRCODE
    = 'integrity_constraint_violation', MESSAGE = 'nobody has ordered this', TABLE =
    TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER prepared_unordered_insert AFTER INSERT ON prepared REFERENCING NEW TABLE
    AS added FOR EACH STATEMENT EXECUTE FUNCTION prepared_unordered_insert()
    """,
    """
    CREATE FUNCTION signing_key_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM
    staff_order) AND NOT EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND
    (decision = 'confirmed' OR decision IS NULL AND act IN ('agency_add', 'amend', 'backup',
    'delta', 'gate_add', 'import', 'issue', 'key_stolen', 'keys_renew', 'print_order',
    'print_return', 'printed', 'printing_key', 'publish', 'reissue_part', 'reject',
    'restore', 'suspend')) AND act IN ('keys_renew')) THEN RAISE EXCEPTION USING ERRCODE =
    'integrity_constraint_violation', MESSAGE = 'nobody has ordered this', TABLE =
    TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER signing_key_unordered_insert BEFORE INSERT ON signing_key FOR EACH ROW
    EXECUTE FUNCTION signing_key_unordered_insert()
    """,
    """
    CREATE FUNCTION status_list_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM
    staff_order) AND NOT EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND
    (decision = 'confirmed' OR decision IS NULL AND act IN ('agency_add', 'amend', 'backup',
    'delta', 'gate_add', 'import', 'issue', 'key_stolen', 'keys_renew', 'print_order',
    'print_return', 'printed', 'printing_key', 'publish', 'reissue_part', 'reject',
    'restore', 'suspend')) AND act IN ('keys_renew')) THEN RAISE EXCEPTION USING ERRCODE =
    'integrity_constraint_violation', MESSAGE = 'nobody has ordered this', TABLE =
    TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER status_list_unordered_insert BEFORE INSERT ON status_list FOR EACH ROW
    EXECUTE FUNCTION status_list_unordered_insert()
    """,
    """
    CREATE FUNCTION template_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM
    staff_order) AND NOT EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND
    (decision = 'confirmed' OR decision IS NULL AND act IN ('agency_add', 'amend', 'backup',
    'delta', 'gate_add', 'import', 'issue', 'key_stolen', 'keys_renew', 'print_order',
    'print_return', 'printed', 'printing_key', 'publish', 'reissue_part', 'reject',
    'restore', 'suspend')) AND act IN ('keys_renew')) THEN RAISE EXCEPTION USING ERRCODE =
    'integrity_constraint_violation', MESSAGE = 'nobody has ordered this', TABLE =
    TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER template_unordered_insert BEFORE INSERT ON template FOR EACH ROW EXECUTE
    FUNCTION template_unordered_insert()
    """,
    """
    CREATE FUNCTION code_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET search_path
    = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM staff_order) THEN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'nobody has
    ordered this', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER code_unordered_insert BEFORE INSERT ON code FOR EACH ROW EXECUTE FUNCTION
    code_unordered_insert()
    """,
    """
    CREATE FUNCTION purpose_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM
    staff_order) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation',
    MESSAGE = 'nobody has ordered this', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END
    IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER purpose_unordered_insert BEFORE INSERT ON purpose FOR EACH ROW EXECUTE
    FUNCTION purpose_unordered_insert()
    """,
    """
    CREATE FUNCTION published_key_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM
    staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL AND
    act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue',
    'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key',
    'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN ('publish')) THEN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'nobody has
    ordered this', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER published_key_unordered_insert BEFORE INSERT ON published_key FOR EACH
    ROW EXECUTE FUNCTION published_key_unordered_insert()
    """,
    """
    CREATE FUNCTION published_list_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM
    staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL AND
    act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue',
    'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key',
    'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN ('delta',
    'publish')) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation',
    MESSAGE = 'nobody has ordered this', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END
    IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER published_list_unordered_insert BEFORE INSERT ON published_list FOR EACH
    ROW EXECUTE FUNCTION published_list_unordered_insert()
    """,
    """
    CREATE FUNCTION agency_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM
    staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL AND
    act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue',
    'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key',
    'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN ('agency_add',
    'amend', 'amend_replace', 'import')) THEN RAISE EXCEPTION USING ERRCODE =
    'integrity_constraint_violation', MESSAGE = 'nobody has ordered this', TABLE =
    TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER agency_unordered_insert BEFORE INSERT ON agency FOR EACH ROW EXECUTE
    FUNCTION agency_unordered_insert()
    """,
    """
    CREATE FUNCTION printing_key_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM
    staff_order) AND NOT EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND
    (decision = 'confirmed' OR decision IS NULL AND act IN ('agency_add', 'amend', 'backup',
    'delta', 'gate_add', 'import', 'issue', 'key_stolen', 'keys_renew', 'print_order',
    'print_return', 'printed', 'printing_key', 'publish', 'reissue_part', 'reject',
    'restore', 'suspend')) AND act IN ('printing_key')) THEN RAISE EXCEPTION USING ERRCODE =
    'integrity_constraint_violation', MESSAGE = 'nobody has ordered this', TABLE =
    TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER printing_key_unordered_insert BEFORE INSERT ON printing_key FOR EACH ROW
    EXECUTE FUNCTION printing_key_unordered_insert()
    """,
    """
    CREATE FUNCTION print_batch_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM
    staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL AND
    act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue',
    'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key',
    'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN ('print_order'))
    THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'nobody
    has ordered this', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END
    $$
    """,
    """
    CREATE TRIGGER print_batch_unordered_insert BEFORE INSERT ON print_batch FOR EACH ROW
    EXECUTE FUNCTION print_batch_unordered_insert()
    """,
    """
    CREATE FUNCTION print_row_unordered_update() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM
    staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL AND
    act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue',
    'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key',
    'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN ('print_return'))
    THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'nobody
    has ordered this', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END
    $$
    """,
    """
    CREATE TRIGGER print_row_unordered_update BEFORE UPDATE OF returned_at ON print_row FOR
    EACH ROW EXECUTE FUNCTION print_row_unordered_update()
    """,
    """
    CREATE FUNCTION printing_key_unordered_update() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM
    staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL AND
    act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue',
    'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key',
    'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN ('key_stolen'))
    THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'nobody
    has ordered this', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END
    $$
    """,
    """
    CREATE TRIGGER printing_key_unordered_update BEFORE UPDATE OF stolen_at ON printing_key
    FOR EACH ROW EXECUTE FUNCTION printing_key_unordered_update()
    """,
    """
    CREATE TRIGGER purpose_fixed BEFORE UPDATE ON purpose FOR EACH ROW WHEN (OLD.name IS
    DISTINCT FROM NEW.name OR OLD.permitted IS DISTINCT FROM NEW.permitted OR OLD.km IS
    DISTINCT FROM NEW.km OR OLD.en IS DISTINCT FROM NEW.en) EXECUTE FUNCTION
    register_refuse('this never changes')
    """,
    """
    CREATE FUNCTION act_numbered() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM added WHERE (added.id
    NOT BETWEEN 1 AND (SELECT last_value FROM act_id_seq))) THEN RAISE EXCEPTION USING
    ERRCODE = 'integrity_constraint_violation', MESSAGE = 'the register numbers its rows',
    TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER act_numbered AFTER INSERT ON act REFERENCING NEW TABLE AS added FOR EACH
    STATEMENT EXECUTE FUNCTION act_numbered()
    """,
    """
    CREATE FUNCTION bank_key_numbered() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM added WHERE (added.id
    NOT BETWEEN 1 AND (SELECT last_value FROM bank_key_id_seq))) THEN RAISE EXCEPTION USING
    ERRCODE = 'integrity_constraint_violation', MESSAGE = 'the register numbers its rows',
    TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER bank_key_numbered AFTER INSERT ON bank_key REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION bank_key_numbered()
    """,
    """
    CREATE FUNCTION card_numbered() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM added WHERE (added.id
    NOT BETWEEN 1 AND (SELECT last_value FROM card_id_seq))) THEN RAISE EXCEPTION USING
    ERRCODE = 'integrity_constraint_violation', MESSAGE = 'the register numbers its rows',
    TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER card_numbered AFTER INSERT ON card REFERENCING NEW TABLE AS added FOR
    EACH STATEMENT EXECUTE FUNCTION card_numbered()
    """,
    """
    CREATE FUNCTION person_numbered() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM added WHERE (added.id
    NOT BETWEEN 1 AND (SELECT last_value FROM person_id_seq))) THEN RAISE EXCEPTION USING
    ERRCODE = 'integrity_constraint_violation', MESSAGE = 'the register numbers its rows',
    TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER person_numbered AFTER INSERT ON person REFERENCING NEW TABLE AS added FOR
    EACH STATEMENT EXECUTE FUNCTION person_numbered()
    """,
    """
    CREATE FUNCTION print_order_numbered() RETURNS trigger LANGUAGE plpgsql SET search_path
    = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM added WHERE
    (added.id NOT BETWEEN 1 AND (SELECT last_value FROM print_order_id_seq))) THEN RAISE
    EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'the register
    numbers its rows', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NULL; END
    $$
    """,
    """
    CREATE TRIGGER print_order_numbered AFTER INSERT ON print_order REFERENCING NEW TABLE AS
    added FOR EACH STATEMENT EXECUTE FUNCTION print_order_numbered()
    """,
    """
    CREATE FUNCTION reissue_numbered() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM added WHERE (added.id
    NOT BETWEEN 1 AND (SELECT last_value FROM reissue_id_seq))) THEN RAISE EXCEPTION USING
    ERRCODE = 'integrity_constraint_violation', MESSAGE = 'the register numbers its rows',
    TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER reissue_numbered AFTER INSERT ON reissue REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION reissue_numbered()
    """,
    """
    CREATE FUNCTION staff_numbered() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM added WHERE (added.id
    NOT BETWEEN 1 AND (SELECT last_value FROM staff_id_seq))) THEN RAISE EXCEPTION USING
    ERRCODE = 'integrity_constraint_violation', MESSAGE = 'the register numbers its rows',
    TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER staff_numbered AFTER INSERT ON staff REFERENCING NEW TABLE AS added FOR
    EACH STATEMENT EXECUTE FUNCTION staff_numbered()
    """,
    """
    CREATE FUNCTION staff_order_numbered() RETURNS trigger LANGUAGE plpgsql SET search_path
    = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM added WHERE
    (added.id NOT BETWEEN 1 AND (SELECT last_value FROM staff_order_id_seq))) THEN RAISE
    EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'the register
    numbers its rows', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NULL; END
    $$
    """,
    """
    CREATE TRIGGER staff_order_numbered AFTER INSERT ON staff_order REFERENCING NEW TABLE AS
    added FOR EACH STATEMENT EXECUTE FUNCTION staff_order_numbered()
    """,
    """
    CREATE FUNCTION status_list_numbered() RETURNS trigger LANGUAGE plpgsql SET search_path
    = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM added WHERE
    (added.id NOT BETWEEN 1 AND (SELECT last_value FROM status_list_id_seq))) THEN RAISE
    EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'the register
    numbers its rows', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NULL; END
    $$
    """,
    """
    CREATE TRIGGER status_list_numbered AFTER INSERT ON status_list REFERENCING NEW TABLE AS
    added FOR EACH STATEMENT EXECUTE FUNCTION status_list_numbered()
    """,
    """
    CREATE FUNCTION wallet_numbered() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM added WHERE (added.id
    NOT BETWEEN 1 AND (SELECT last_value FROM wallet_id_seq))) THEN RAISE EXCEPTION USING
    ERRCODE = 'integrity_constraint_violation', MESSAGE = 'the register numbers its rows',
    TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER wallet_numbered AFTER INSERT ON wallet REFERENCING NEW TABLE AS added FOR
    EACH STATEMENT EXECUTE FUNCTION wallet_numbered()
    """,
)


def upgrade() -> None:
    both.drop_triggers(REPLACED)
    both.execute(sqlite=TRIGGERS, postgresql=POSTGRES)
