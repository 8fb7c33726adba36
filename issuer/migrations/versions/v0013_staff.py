"""Staff and their orders: nothing is done to a card but under an order, by whom it must be given."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from issuer.migrations import both

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ORDERS = (
    "activate",
    "add_staff",
    "agency_add",
    "amend",
    "amend_replace",
    "approve",
    "backup",
    "bank_add",
    "delta",
    "end_staff",
    "erase",
    "gate_add",
    "import",
    "issue",
    "key_stolen",
    "keys_renew",
    "offer",
    "print_order",
    "print_return",
    "printed",
    "printing_key",
    "publish",
    "reinstate",
    "reject",
    "replace",
    "report_lost",
    "restore",
    "retire",
    "revoke",
    "revoke_wallet",
    "suspend",
)
ALONE = (
    "agency_add",
    "amend",
    "backup",
    "delta",
    "gate_add",
    "import",
    "issue",
    "key_stolen",
    "keys_renew",
    "print_order",
    "print_return",
    "printed",
    "printing_key",
    "publish",
    "reject",
    "restore",
    "suspend",
)

TRIGGERS = (
    """
    CREATE TRIGGER staff_order_asked BEFORE INSERT ON staff_order FOR EACH ROW WHEN NOT
    EXISTS (SELECT 1 FROM staff WHERE id = NEW.asked_by AND ended_at IS NULL AND (NEW.act IN
    ('activate', 'amend', 'amend_replace', 'approve', 'erase', 'import', 'issue', 'offer',
    'print_order', 'print_return', 'printed', 'reinstate', 'reject', 'replace',
    'report_lost', 'retire', 'revoke', 'revoke_wallet', 'suspend') AND (' ' || roles || ' '
    LIKE '% approver %' OR ' ' || roles || ' ' LIKE '% officer %') OR NEW.act IN
    ('agency_add', 'backup', 'delta', 'key_stolen', 'printing_key', 'publish', 'restore')
    AND (' ' || roles || ' ' LIKE '% administrator %' OR ' ' || roles || ' ' LIKE '%
    approver %' OR ' ' || roles || ' ' LIKE '% officer %') OR NEW.act IN ('add_staff',
    'bank_add', 'end_staff', 'gate_add', 'keys_renew') AND (' ' || roles || ' ' LIKE '%
    administrator %'))) BEGIN SELECT RAISE(ABORT, 'nobody asked for this who may'); END
    """,
    """
    CREATE TRIGGER staff_order_birth BEFORE INSERT ON staff_order FOR EACH ROW WHEN
    NEW.decision IS NOT NULL OR NEW.done_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'an order
    begins undecided'); END
    """,
    """
    CREATE TRIGGER staff_order_decided BEFORE UPDATE OF decision ON staff_order FOR EACH ROW
    WHEN OLD.decision IS NULL AND NEW.decision IN ('confirmed', 'declined') AND NOT EXISTS
    (SELECT 1 FROM staff WHERE id = NEW.decided_by AND ended_at IS NULL AND (NEW.act IN
    ('activate', 'amend_replace', 'approve', 'erase', 'offer', 'reinstate', 'replace',
    'report_lost', 'retire', 'revoke', 'revoke_wallet') AND (' ' || roles || ' ' LIKE '%
    approver %') OR NEW.act IN ('add_staff', 'bank_add', 'end_staff') AND (' ' || roles || '
    ' LIKE '% administrator %'))) BEGIN SELECT RAISE(ABORT, 'nobody decided on this who
    may'); END
    """,
    """
    CREATE TRIGGER act_unordered_insert BEFORE INSERT ON act FOR EACH ROW WHEN NEW.act <>
    'record' AND NOT EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision =
    'confirmed' OR decision IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta',
    'gate_add', 'import', 'issue', 'key_stolen', 'keys_renew', 'print_order',
    'print_return', 'printed', 'printing_key', 'publish', 'reject', 'restore', 'suspend'))
    AND act || '>' || NEW.act IN ('activate>activate', 'amend>amend', 'amend_replace>amend',
    'amend_replace>approve', 'amend_replace>replace', 'approve>approve', 'delta>expire',
    'import>apply', 'issue>enrol', 'offer>offer', 'print_order>order_print',
    'print_return>return_print', 'printed>print', 'publish>expire', 'reinstate>reinstate',
    'reject>reject', 'replace>approve', 'replace>replace', 'report_lost>report_lost',
    'restore>revoke', 'restore>revoke_wallet', 'restore>suspend', 'retire>retire',
    'revoke>revoke', 'revoke_wallet>revoke_wallet', 'suspend>suspend')) BEGIN SELECT
    RAISE(ABORT, 'nobody has ordered this'); END
    """,
    """
    CREATE TRIGGER card_unordered_insert BEFORE INSERT ON card FOR EACH ROW WHEN NOT EXISTS
    (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR decision
    IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import',
    'issue', 'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed',
    'printing_key', 'publish', 'reject', 'restore', 'suspend')) AND act || '>' || NEW.state
    IN ('amend_replace>approved', 'approve>approved', 'import>applied', 'replace>approved'))
    BEGIN SELECT RAISE(ABORT, 'nobody has ordered this'); END
    """,
    """
    CREATE TRIGGER card_unordered_update BEFORE UPDATE OF state ON card FOR EACH ROW WHEN
    OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL
    AND (decision = 'confirmed' OR decision IS NULL AND act IN ('agency_add', 'amend',
    'backup', 'delta', 'gate_add', 'import', 'issue', 'key_stolen', 'keys_renew',
    'print_order', 'print_return', 'printed', 'printing_key', 'publish', 'reject',
    'restore', 'suspend')) AND act || '>' || OLD.state || '>' || NEW.state IN
    ('activate>printed>active', 'amend_replace>active>replaced',
    'amend_replace>applied>approved', 'amend_replace>approved>replaced',
    'amend_replace>in_batch>replaced', 'amend_replace>lost>replaced',
    'amend_replace>printed>replaced', 'approve>applied>approved', 'delta>active>expired',
    'delta>approved>expired', 'delta>in_batch>expired', 'delta>lost>expired',
    'delta>printed>expired', 'delta>suspended>expired', 'print_order>approved>in_batch',
    'print_return>in_batch>approved', 'printed>in_batch>printed', 'publish>active>expired',
    'publish>approved>expired', 'publish>in_batch>expired', 'publish>lost>expired',
    'publish>printed>expired', 'publish>suspended>expired', 'reinstate>suspended>active',
    'reject>applied>rejected', 'replace>active>replaced', 'replace>applied>approved',
    'replace>approved>replaced', 'replace>in_batch>replaced', 'replace>lost>replaced',
    'replace>printed>replaced', 'report_lost>active>lost', 'report_lost>suspended>lost',
    'restore>active>revoked', 'restore>active>suspended', 'restore>approved>revoked',
    'restore>in_batch>revoked', 'restore>lost>revoked', 'restore>printed>revoked',
    'restore>suspended>revoked', 'retire>active>retired', 'retire>lost>retired',
    'retire>suspended>retired', 'revoke>active>revoked', 'revoke>approved>revoked',
    'revoke>in_batch>revoked', 'revoke>lost>revoked', 'revoke>printed>revoked',
    'revoke>suspended>revoked', 'suspend>active>suspended')) BEGIN SELECT RAISE(ABORT,
    'nobody has ordered this'); END
    """,
    """
    CREATE TRIGGER offer_unordered_insert BEFORE INSERT ON offer FOR EACH ROW WHEN NOT
    EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR
    decision IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add',
    'import', 'issue', 'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed',
    'printing_key', 'publish', 'reject', 'restore', 'suspend')) AND act IN ('offer')) BEGIN
    SELECT RAISE(ABORT, 'nobody has ordered this'); END
    """,
    """
    CREATE TRIGGER staff_form_insert BEFORE INSERT ON staff FOR EACH ROW WHEN NOT
    (typeof(NEW.name) = 'text' AND typeof(NEW.roles) = 'text' AND typeof(NEW.public_jwk) =
    'text' AND typeof(NEW.created_at) = 'integer' AND NEW.created_at BETWEEN 0 AND
    253402300799 AND (NEW.ended_at IS NULL OR typeof(NEW.ended_at) = 'integer' AND
    NEW.ended_at BETWEEN 0 AND 253402300799)) BEGIN SELECT RAISE(ABORT, 'this is no row of
    the table'); END
    """,
    """
    CREATE TRIGGER staff_form_update BEFORE UPDATE ON staff FOR EACH ROW WHEN NOT
    (typeof(NEW.name) = 'text' AND typeof(NEW.roles) = 'text' AND typeof(NEW.public_jwk) =
    'text' AND typeof(NEW.created_at) = 'integer' AND NEW.created_at BETWEEN 0 AND
    253402300799 AND (NEW.ended_at IS NULL OR typeof(NEW.ended_at) = 'integer' AND
    NEW.ended_at BETWEEN 0 AND 253402300799)) BEGIN SELECT RAISE(ABORT, 'this is no row of
    the table'); END
    """,
    """
    CREATE TRIGGER staff_order_form_insert BEFORE INSERT ON staff_order FOR EACH ROW WHEN
    NOT (typeof(NEW.act) = 'text' AND typeof(NEW.document) = 'text' AND typeof(NEW.sha256) =
    'blob' AND length(NEW.sha256) > 0 AND typeof(NEW.asked_by) = 'integer' AND NEW.asked_by
    BETWEEN 0 AND 253402300799 AND typeof(NEW.asked_at) = 'integer' AND NEW.asked_at BETWEEN
    0 AND 253402300799 AND typeof(NEW.asked_signature) = 'blob' AND
    length(NEW.asked_signature) > 0 AND (NEW.decision IS NULL OR typeof(NEW.decision) =
    'text') AND (NEW.decided_by IS NULL OR typeof(NEW.decided_by) = 'integer' AND
    NEW.decided_by BETWEEN 0 AND 253402300799) AND (NEW.decided_at IS NULL OR
    typeof(NEW.decided_at) = 'integer' AND NEW.decided_at BETWEEN 0 AND 253402300799) AND
    (NEW.decision_signature IS NULL OR typeof(NEW.decision_signature) = 'blob' AND
    length(NEW.decision_signature) > 0) AND (NEW.done_at IS NULL OR typeof(NEW.done_at) =
    'integer' AND NEW.done_at BETWEEN 0 AND 253402300799) AND (NEW.asked_by IS NULL OR
    EXISTS (SELECT 1 FROM staff WHERE id = NEW.asked_by)) AND (NEW.decided_by IS NULL OR
    EXISTS (SELECT 1 FROM staff WHERE id = NEW.decided_by))) BEGIN SELECT RAISE(ABORT, 'this
    is no row of the table'); END
    """,
    """
    CREATE TRIGGER staff_order_form_update BEFORE UPDATE ON staff_order FOR EACH ROW WHEN
    NOT (typeof(NEW.act) = 'text' AND typeof(NEW.document) = 'text' AND typeof(NEW.sha256) =
    'blob' AND length(NEW.sha256) > 0 AND typeof(NEW.asked_by) = 'integer' AND NEW.asked_by
    BETWEEN 0 AND 253402300799 AND typeof(NEW.asked_at) = 'integer' AND NEW.asked_at BETWEEN
    0 AND 253402300799 AND typeof(NEW.asked_signature) = 'blob' AND
    length(NEW.asked_signature) > 0 AND (NEW.decision IS NULL OR typeof(NEW.decision) =
    'text') AND (NEW.decided_by IS NULL OR typeof(NEW.decided_by) = 'integer' AND
    NEW.decided_by BETWEEN 0 AND 253402300799) AND (NEW.decided_at IS NULL OR
    typeof(NEW.decided_at) = 'integer' AND NEW.decided_at BETWEEN 0 AND 253402300799) AND
    (NEW.decision_signature IS NULL OR typeof(NEW.decision_signature) = 'blob' AND
    length(NEW.decision_signature) > 0) AND (NEW.done_at IS NULL OR typeof(NEW.done_at) =
    'integer' AND NEW.done_at BETWEEN 0 AND 253402300799) AND (NEW.asked_by IS NULL OR
    EXISTS (SELECT 1 FROM staff WHERE id = NEW.asked_by)) AND (NEW.decided_by IS NULL OR
    EXISTS (SELECT 1 FROM staff WHERE id = NEW.decided_by))) BEGIN SELECT RAISE(ABORT, 'this
    is no row of the table'); END
    """,
    """
    CREATE TRIGGER staff_fixed BEFORE UPDATE ON staff FOR EACH ROW WHEN OLD.id IS NOT NEW.id
    OR OLD.name IS NOT NEW.name OR OLD.roles IS NOT NEW.roles OR OLD.public_jwk IS NOT
    NEW.public_jwk OR OLD.created_at IS NOT NEW.created_at BEGIN SELECT RAISE(ABORT, 'this
    never changes'); END
    """,
    """
    CREATE TRIGGER staff_order_fixed BEFORE UPDATE ON staff_order FOR EACH ROW WHEN OLD.id
    IS NOT NEW.id OR OLD.act IS NOT NEW.act OR OLD.document IS NOT NEW.document OR
    OLD.sha256 IS NOT NEW.sha256 OR OLD.asked_by IS NOT NEW.asked_by OR OLD.asked_at IS NOT
    NEW.asked_at OR OLD.asked_signature IS NOT NEW.asked_signature BEGIN SELECT RAISE(ABORT,
    'this never changes'); END
    """,
    """
    CREATE TRIGGER staff_once BEFORE UPDATE ON staff FOR EACH ROW WHEN (OLD.ended_at IS NOT
    NULL AND OLD.ended_at IS NOT NEW.ended_at) BEGIN SELECT RAISE(ABORT, 'this is set
    once'); END
    """,
    """
    CREATE TRIGGER staff_order_once BEFORE UPDATE ON staff_order FOR EACH ROW WHEN
    (OLD.decision IS NOT NULL AND OLD.decision IS NOT NEW.decision) OR (OLD.decided_by IS
    NOT NULL AND OLD.decided_by IS NOT NEW.decided_by) OR (OLD.decided_at IS NOT NULL AND
    OLD.decided_at IS NOT NEW.decided_at) OR (OLD.decision_signature IS NOT NULL AND
    OLD.decision_signature IS NOT NEW.decision_signature) OR (OLD.done_at IS NOT NULL AND
    OLD.done_at IS NOT NEW.done_at) BEGIN SELECT RAISE(ABORT, 'this is set once'); END
    """,
    """
    CREATE TRIGGER staff_kept BEFORE DELETE ON staff FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER staff_order_kept BEFORE DELETE ON staff_order FOR EACH ROW WHEN 1 BEGIN
    SELECT RAISE(ABORT, 'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER staff_taken BEFORE INSERT ON staff FOR EACH ROW WHEN EXISTS (SELECT 1
    FROM staff WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM staff WHERE id = NEW.id) OR
    EXISTS (SELECT 1 FROM staff WHERE name = NEW.name) OR EXISTS (SELECT 1 FROM staff WHERE
    public_jwk = NEW.public_jwk) BEGIN SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER staff_moved BEFORE UPDATE ON staff FOR EACH ROW WHEN OLD.rowid <>
    NEW.rowid OR EXISTS (SELECT 1 FROM staff WHERE id = NEW.id AND rowid <> OLD.rowid) OR
    EXISTS (SELECT 1 FROM staff WHERE name = NEW.name AND rowid <> OLD.rowid) OR EXISTS
    (SELECT 1 FROM staff WHERE public_jwk = NEW.public_jwk AND rowid <> OLD.rowid) BEGIN
    SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER staff_order_taken BEFORE INSERT ON staff_order FOR EACH ROW WHEN EXISTS
    (SELECT 1 FROM staff_order WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM staff_order
    WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM staff_order WHERE sha256 = NEW.sha256) BEGIN
    SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER staff_order_moved BEFORE UPDATE ON staff_order FOR EACH ROW WHEN
    OLD.rowid <> NEW.rowid OR EXISTS (SELECT 1 FROM staff_order WHERE id = NEW.id AND rowid
    <> OLD.rowid) OR EXISTS (SELECT 1 FROM staff_order WHERE sha256 = NEW.sha256 AND rowid
    <> OLD.rowid) BEGIN SELECT RAISE(ABORT, 'it is there already'); END
    """,
)
POSTGRES = (
    """
    CREATE FUNCTION staff_order_asked() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM staff WHERE id =
    NEW.asked_by AND ended_at IS NULL AND (NEW.act IN ('activate', 'amend', 'amend_replace',
    'approve', 'erase', 'import', 'issue', 'offer', 'print_order', 'print_return',
    'printed', 'reinstate', 'reject', 'replace', 'report_lost', 'retire', 'revoke',
    'revoke_wallet', 'suspend') AND (' ' || roles || ' ' LIKE '% approver %' OR ' ' || roles
    || ' ' LIKE '% officer %') OR NEW.act IN ('agency_add', 'backup', 'delta', 'key_stolen',
    'printing_key', 'publish', 'restore') AND (' ' || roles || ' ' LIKE '% administrator %'
    OR ' ' || roles || ' ' LIKE '% approver %' OR ' ' || roles || ' ' LIKE '% officer %') OR
    NEW.act IN ('add_staff', 'bank_add', 'end_staff', 'gate_add', 'keys_renew') AND (' ' ||
    roles || ' ' LIKE '% administrator %'))) THEN RAISE EXCEPTION USING ERRCODE =
    'integrity_constraint_violation', MESSAGE = 'nobody asked for this who may', TABLE =
    TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER staff_order_asked BEFORE INSERT ON staff_order FOR EACH ROW EXECUTE
    FUNCTION staff_order_asked()
    """,
    """
    CREATE TRIGGER staff_order_birth BEFORE INSERT ON staff_order FOR EACH ROW WHEN
    (NEW.decision IS NOT NULL OR NEW.done_at IS NOT NULL) EXECUTE FUNCTION
    register_refuse('an order begins undecided')
    """,
    """
    CREATE FUNCTION staff_order_decided() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN IF OLD.decision IS NULL AND NEW.decision IN
    ('confirmed', 'declined') AND NOT EXISTS (SELECT 1 FROM staff WHERE id = NEW.decided_by
    AND ended_at IS NULL AND (NEW.act IN ('activate', 'amend_replace', 'approve', 'erase',
    'offer', 'reinstate', 'replace', 'report_lost', 'retire', 'revoke', 'revoke_wallet') AND
    (' ' || roles || ' ' LIKE '% approver %') OR NEW.act IN ('add_staff', 'bank_add',
    'end_staff') AND (' ' || roles || ' ' LIKE '% administrator %'))) THEN RAISE EXCEPTION
    USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'nobody decided on this who
    may', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER staff_order_decided BEFORE UPDATE OF decision ON staff_order FOR EACH ROW
    EXECUTE FUNCTION staff_order_decided()
    """,
    """
    CREATE FUNCTION act_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET search_path
    = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NEW.act <> 'record' AND NOT EXISTS
    (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR decision
    IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import',
    'issue', 'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed',
    'printing_key', 'publish', 'reject', 'restore', 'suspend')) AND act || '>' || NEW.act IN
    ('activate>activate', 'amend>amend', 'amend_replace>amend', 'amend_replace>approve',
    'amend_replace>replace', 'approve>approve', 'delta>expire', 'import>apply',
    'issue>enrol', 'offer>offer', 'print_order>order_print', 'print_return>return_print',
    'printed>print', 'publish>expire', 'reinstate>reinstate', 'reject>reject',
    'replace>approve', 'replace>replace', 'report_lost>report_lost', 'restore>revoke',
    'restore>revoke_wallet', 'restore>suspend', 'retire>retire', 'revoke>revoke',
    'revoke_wallet>revoke_wallet', 'suspend>suspend')) THEN RAISE EXCEPTION USING ERRCODE =
    'integrity_constraint_violation', MESSAGE = 'nobody has ordered this', TABLE =
    TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER act_unordered_insert BEFORE INSERT ON act FOR EACH ROW EXECUTE FUNCTION
    act_unordered_insert()
    """,
    """
    CREATE FUNCTION card_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET search_path
    = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM staff_order
    WHERE done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL AND act IN
    ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue', 'key_stolen',
    'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key', 'publish',
    'reject', 'restore', 'suspend')) AND act || '>' || NEW.state IN
    ('amend_replace>approved', 'approve>approved', 'import>applied', 'replace>approved'))
    THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'nobody
    has ordered this', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END
    $$
    """,
    """
    CREATE TRIGGER card_unordered_insert BEFORE INSERT ON card FOR EACH ROW EXECUTE FUNCTION
    card_unordered_insert()
    """,
    """
    CREATE FUNCTION card_unordered_update() RETURNS trigger LANGUAGE plpgsql SET search_path
    = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF OLD.state <> NEW.state AND NOT EXISTS
    (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR decision
    IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import',
    'issue', 'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed',
    'printing_key', 'publish', 'reject', 'restore', 'suspend')) AND act || '>' || OLD.state
    || '>' || NEW.state IN ('activate>printed>active', 'amend_replace>active>replaced',
    'amend_replace>applied>approved', 'amend_replace>approved>replaced',
    'amend_replace>in_batch>replaced', 'amend_replace>lost>replaced',
    'amend_replace>printed>replaced', 'approve>applied>approved', 'delta>active>expired',
    'delta>approved>expired', 'delta>in_batch>expired', 'delta>lost>expired',
    'delta>printed>expired', 'delta>suspended>expired', 'print_order>approved>in_batch',
    'print_return>in_batch>approved', 'printed>in_batch>printed', 'publish>active>expired',
    'publish>approved>expired', 'publish>in_batch>expired', 'publish>lost>expired',
    'publish>printed>expired', 'publish>suspended>expired', 'reinstate>suspended>active',
    'reject>applied>rejected', 'replace>active>replaced', 'replace>applied>approved',
    'replace>approved>replaced', 'replace>in_batch>replaced', 'replace>lost>replaced',
    'replace>printed>replaced', 'report_lost>active>lost', 'report_lost>suspended>lost',
    'restore>active>revoked', 'restore>active>suspended', 'restore>approved>revoked',
    'restore>in_batch>revoked', 'restore>lost>revoked', 'restore>printed>revoked',
    'restore>suspended>revoked', 'retire>active>retired', 'retire>lost>retired',
    'retire>suspended>retired', 'revoke>active>revoked', 'revoke>approved>revoked',
    'revoke>in_batch>revoked', 'revoke>lost>revoked', 'revoke>printed>revoked',
    'revoke>suspended>revoked', 'suspend>active>suspended')) THEN RAISE EXCEPTION USING
    ERRCODE = 'integrity_constraint_violation', MESSAGE = 'nobody has ordered this', TABLE =
    TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER card_unordered_update BEFORE UPDATE OF state ON card FOR EACH ROW EXECUTE
    FUNCTION card_unordered_update()
    """,
    """
    CREATE FUNCTION offer_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM
    staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL AND
    act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue',
    'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key',
    'publish', 'reject', 'restore', 'suspend')) AND act IN ('offer')) THEN RAISE EXCEPTION
    USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'nobody has ordered this',
    TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER offer_unordered_insert BEFORE INSERT ON offer FOR EACH ROW EXECUTE
    FUNCTION offer_unordered_insert()
    """,
    """
    CREATE TRIGGER staff_form_insert BEFORE INSERT ON staff FOR EACH ROW WHEN (NOT
    (NEW.created_at BETWEEN 0 AND 253402300799 AND (NEW.ended_at IS NULL OR NEW.ended_at
    BETWEEN 0 AND 253402300799))) EXECUTE FUNCTION register_refuse('this is no row of the
    table')
    """,
    """
    CREATE TRIGGER staff_form_update BEFORE UPDATE ON staff FOR EACH ROW WHEN (NOT
    (NEW.created_at BETWEEN 0 AND 253402300799 AND (NEW.ended_at IS NULL OR NEW.ended_at
    BETWEEN 0 AND 253402300799))) EXECUTE FUNCTION register_refuse('this is no row of the
    table')
    """,
    """
    CREATE TRIGGER staff_order_form_insert BEFORE INSERT ON staff_order FOR EACH ROW WHEN
    (NOT (octet_length(NEW.sha256) > 0 AND NEW.asked_by BETWEEN 0 AND 253402300799 AND
    NEW.asked_at BETWEEN 0 AND 253402300799 AND octet_length(NEW.asked_signature) > 0 AND
    (NEW.decided_by IS NULL OR NEW.decided_by BETWEEN 0 AND 253402300799) AND
    (NEW.decided_at IS NULL OR NEW.decided_at BETWEEN 0 AND 253402300799) AND
    (NEW.decision_signature IS NULL OR octet_length(NEW.decision_signature) > 0) AND
    (NEW.done_at IS NULL OR NEW.done_at BETWEEN 0 AND 253402300799))) EXECUTE FUNCTION
    register_refuse('this is no row of the table')
    """,
    """
    CREATE TRIGGER staff_order_form_update BEFORE UPDATE ON staff_order FOR EACH ROW WHEN
    (NOT (octet_length(NEW.sha256) > 0 AND NEW.asked_by BETWEEN 0 AND 253402300799 AND
    NEW.asked_at BETWEEN 0 AND 253402300799 AND octet_length(NEW.asked_signature) > 0 AND
    (NEW.decided_by IS NULL OR NEW.decided_by BETWEEN 0 AND 253402300799) AND
    (NEW.decided_at IS NULL OR NEW.decided_at BETWEEN 0 AND 253402300799) AND
    (NEW.decision_signature IS NULL OR octet_length(NEW.decision_signature) > 0) AND
    (NEW.done_at IS NULL OR NEW.done_at BETWEEN 0 AND 253402300799))) EXECUTE FUNCTION
    register_refuse('this is no row of the table')
    """,
    """
    CREATE TRIGGER staff_fixed BEFORE UPDATE ON staff FOR EACH ROW WHEN (OLD.id IS DISTINCT
    FROM NEW.id OR OLD.name IS DISTINCT FROM NEW.name OR OLD.roles IS DISTINCT FROM
    NEW.roles OR OLD.public_jwk IS DISTINCT FROM NEW.public_jwk OR OLD.created_at IS
    DISTINCT FROM NEW.created_at) EXECUTE FUNCTION register_refuse('this never changes')
    """,
    """
    CREATE TRIGGER staff_order_fixed BEFORE UPDATE ON staff_order FOR EACH ROW WHEN (OLD.id
    IS DISTINCT FROM NEW.id OR OLD.act IS DISTINCT FROM NEW.act OR OLD.document IS DISTINCT
    FROM NEW.document OR OLD.sha256 IS DISTINCT FROM NEW.sha256 OR OLD.asked_by IS DISTINCT
    FROM NEW.asked_by OR OLD.asked_at IS DISTINCT FROM NEW.asked_at OR OLD.asked_signature
    IS DISTINCT FROM NEW.asked_signature) EXECUTE FUNCTION register_refuse('this never
    changes')
    """,
    """
    CREATE TRIGGER staff_once BEFORE UPDATE ON staff FOR EACH ROW WHEN ((OLD.ended_at IS NOT
    NULL AND OLD.ended_at IS DISTINCT FROM NEW.ended_at)) EXECUTE FUNCTION
    register_refuse('this is set once')
    """,
    """
    CREATE TRIGGER staff_order_once BEFORE UPDATE ON staff_order FOR EACH ROW WHEN
    ((OLD.decision IS NOT NULL AND OLD.decision IS DISTINCT FROM NEW.decision) OR
    (OLD.decided_by IS NOT NULL AND OLD.decided_by IS DISTINCT FROM NEW.decided_by) OR
    (OLD.decided_at IS NOT NULL AND OLD.decided_at IS DISTINCT FROM NEW.decided_at) OR
    (OLD.decision_signature IS NOT NULL AND OLD.decision_signature IS DISTINCT FROM
    NEW.decision_signature) OR (OLD.done_at IS NOT NULL AND OLD.done_at IS DISTINCT FROM
    NEW.done_at)) EXECUTE FUNCTION register_refuse('this is set once')
    """,
    """
    CREATE TRIGGER staff_kept BEFORE DELETE ON staff FOR EACH ROW EXECUTE FUNCTION
    register_refuse('nothing is deleted')
    """,
    """
    CREATE TRIGGER staff_order_kept BEFORE DELETE ON staff_order FOR EACH ROW EXECUTE
    FUNCTION register_refuse('nothing is deleted')
    """,
    """
    CREATE TRIGGER staff_turn BEFORE INSERT OR UPDATE ON staff FOR EACH STATEMENT EXECUTE
    FUNCTION register_turn()
    """,
    """
    CREATE TRIGGER staff_truncate BEFORE TRUNCATE ON staff FOR EACH STATEMENT EXECUTE
    FUNCTION register_refuse('nothing is deleted')
    """,
    """
    CREATE TRIGGER staff_order_turn BEFORE INSERT OR UPDATE ON staff_order FOR EACH
    STATEMENT EXECUTE FUNCTION register_turn()
    """,
    """
    CREATE TRIGGER staff_order_truncate BEFORE TRUNCATE ON staff_order FOR EACH STATEMENT
    EXECUTE FUNCTION register_refuse('nothing is deleted')
    """,
)


def _one_of(values: Sequence[str]) -> str:
    return f"act IN ({', '.join(repr(value) for value in values)})"


def upgrade() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("roles", sa.String(), nullable=False),
        sa.Column("public_jwk", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("name", name=op.f("uq_staff_name")),
        sa.UniqueConstraint("public_jwk", name=op.f("uq_staff_public_jwk")),
    )
    op.create_table(
        "staff_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("asked_signature", sa.LargeBinary(), nullable=False),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decision_signature", sa.LargeBinary(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(_one_of(ORDERS), name=op.f("ck_staff_order_act")),
        sa.CheckConstraint(
            "decision IS NULL OR decision IN ('confirmed', 'declined', 'withdrawn')",
            name=op.f("ck_staff_order_decision"),
        ),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_by IS NULL) AND (decision IS NULL) = (decided_at IS NULL) "
            "AND (decision IS NULL) = (decision_signature IS NULL)",
            name=op.f("ck_staff_order_decided"),
        ),
        sa.CheckConstraint(
            "(decided_by = asked_by) = (decision = 'withdrawn')", name=op.f("ck_staff_order_two_people")
        ),
        sa.CheckConstraint(f"decision IS NULL OR NOT ({_one_of(ALONE)})", name=op.f("ck_staff_order_alone")),
        sa.CheckConstraint(
            f"done_at IS NULL OR coalesce(decision, '') = 'confirmed' OR {_one_of(ALONE)}",
            name=op.f("ck_staff_order_done"),
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_staff_order_asked_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_staff_order_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_order")),
        sa.UniqueConstraint("sha256", name=op.f("uq_staff_order_sha256")),
    )
    undone = sa.text("done_at IS NULL")
    op.create_index(
        "ix_staff_order_open", "staff_order", ["id"], sqlite_where=undone, postgresql_where=undone
    )
    both.execute(sqlite=TRIGGERS, postgresql=POSTGRES)
