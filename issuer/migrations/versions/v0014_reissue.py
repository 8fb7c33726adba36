"""Re-issue in bulk: holder keys are kept, an index may be a further one, and what is made waits.

Holder keys that were bound before are not known: their phones ask for themselves.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from issuer.migrations import both

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ACTS = (
    "activate",
    "amend",
    "apply",
    "approve",
    "collect",
    "enrol",
    "expire",
    "offer",
    "order_print",
    "print",
    "record",
    "reinstate",
    "reissue",
    "reject",
    "replace",
    "report_lost",
    "retire",
    "return_print",
    "revoke",
    "revoke_wallet",
    "suspend",
)
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
    "reissue",
    "reissue_part",
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
    "reissue_part",
    "reject",
    "restore",
    "suspend",
)
OF_AN_INDEX = ("list_id", "card_id", "wallet_id")
"""Foreign keys that a rule holds in PostgreSQL, for all rows of a statement at once."""
REPLACED = {
    "act_unordered_insert": "act",
    "card_unordered_insert": "card",
    "card_unordered_update": "card",
    "holder_key_form_insert": "holder_key",
    "offer_unordered_insert": "offer",
    "staff_order_asked": "staff_order",
    "staff_order_decided": "staff_order",
    "status_index_closed": "status_index",
    "status_index_fixed": "status_index",
    "status_index_form_insert": "status_index",
    "status_index_form_update": "status_index",
    "status_index_insert": "status_index",
    "status_index_owner": "status_index",
    "status_index_second": "status_index",
}
TRIGGERS = (
    """
    CREATE TRIGGER status_index_insert BEFORE INSERT ON status_index FOR EACH ROW WHEN
    NEW.card_id IS NOT NULL AND NEW.status <> 1 AND NEW.status IS NOT (SELECT CASE state
    WHEN 'active' THEN 0 WHEN 'approved' THEN 3 WHEN 'expired' THEN 1 WHEN 'in_batch' THEN 3
    WHEN 'lost' THEN 1 WHEN 'printed' THEN 3 WHEN 'replaced' THEN 1 WHEN 'retired' THEN 1
    WHEN 'revoked' THEN 1 WHEN 'suspended' THEN 2 END FROM card WHERE id = NEW.card_id)
    BEGIN SELECT RAISE(ABORT, 'an index says what its card says'); END
    """,
    """
    CREATE TRIGGER status_index_owner BEFORE INSERT ON status_index FOR EACH ROW WHEN
    (SELECT kind FROM status_list WHERE id = NEW.list_id) IS NULL OR NEW.card_id IS NOT NULL
    AND ((NEW.wallet_id IS NULL) <> ((SELECT kind FROM status_list WHERE id = NEW.list_id) =
    'seal') OR CASE WHEN NEW.wallet_id IS NULL THEN (SELECT id FROM card WHERE id =
    NEW.card_id) ELSE (SELECT card_id FROM wallet WHERE id = NEW.wallet_id) END IS NOT
    NEW.card_id) BEGIN SELECT RAISE(ABORT, 'an index belongs to a list, and to a seal or to
    a wallet of its card'); END
    """,
    """
    CREATE TRIGGER status_index_second BEFORE INSERT ON status_index FOR EACH ROW WHEN
    NEW.reissue_id IS NULL AND EXISTS (SELECT 1 FROM status_index WHERE list_id =
    NEW.list_id AND wallet_id = NEW.wallet_id AND reissue_id IS NULL) BEGIN SELECT
    RAISE(ABORT, 'a wallet has one index in a list'); END
    """,
    """
    CREATE TRIGGER status_index_reissue BEFORE INSERT ON status_index FOR EACH ROW WHEN
    NEW.reissue_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM reissue WHERE reissue.id =
    NEW.reissue_id AND closed_at IS NULL) BEGIN SELECT RAISE(ABORT, 'a further index belongs
    to an open re-issue'); END
    """,
    """
    CREATE TRIGGER reissue_birth BEFORE INSERT ON reissue FOR EACH ROW WHEN EXISTS (SELECT 1
    FROM reissue WHERE closed_at IS NULL) BEGIN SELECT RAISE(ABORT, 'another re-issue is
    open'); END
    """,
    """
    CREATE TRIGGER prepared_card BEFORE INSERT ON prepared FOR EACH ROW WHEN NOT EXISTS
    (SELECT 1 FROM reissue WHERE reissue.id = NEW.reissue_id AND closed_at IS NULL) OR NOT
    EXISTS (SELECT 1 FROM wallet JOIN card ON card.id = card_id WHERE wallet.id =
    NEW.wallet_id AND card.id = NEW.card_id AND ended_at IS NULL AND state IN ('active',
    'suspended')) BEGIN SELECT RAISE(ABORT, 'an open re-issue makes credentials for phones
    of cards that stand'); END
    """,
    """
    CREATE TRIGGER prepared_seal BEFORE INSERT ON prepared FOR EACH ROW WHEN NEW.seal IS NOT
    NULL AND EXISTS (SELECT 1 FROM reissue JOIN template ON number = seal_template JOIN
    stolen_key USING (kid) WHERE reissue.id = NEW.reissue_id) BEGIN SELECT RAISE(ABORT,
    'this seal key was stolen'); END
    """,
    """
    CREATE TRIGGER staff_order_asked BEFORE INSERT ON staff_order FOR EACH ROW WHEN NOT
    EXISTS (SELECT 1 FROM staff WHERE id = NEW.asked_by AND ended_at IS NULL AND (NEW.act IN
    ('activate', 'amend', 'amend_replace', 'approve', 'erase', 'import', 'issue', 'offer',
    'print_order', 'print_return', 'printed', 'reinstate', 'reissue', 'reissue_part',
    'reject', 'replace', 'report_lost', 'retire', 'revoke', 'revoke_wallet', 'suspend') AND
    (' ' || roles || ' ' LIKE '% approver %' OR ' ' || roles || ' ' LIKE '% officer %') OR
    NEW.act IN ('agency_add', 'backup', 'delta', 'key_stolen', 'printing_key', 'publish',
    'restore') AND (' ' || roles || ' ' LIKE '% administrator %' OR ' ' || roles || ' ' LIKE
    '% approver %' OR ' ' || roles || ' ' LIKE '% officer %') OR NEW.act IN ('add_staff',
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
    ('activate', 'amend_replace', 'approve', 'erase', 'offer', 'reinstate', 'reissue',
    'replace', 'report_lost', 'retire', 'revoke', 'revoke_wallet') AND (' ' || roles || ' '
    LIKE '% approver %') OR NEW.act IN ('add_staff', 'bank_add', 'end_staff') AND (' ' ||
    roles || ' ' LIKE '% administrator %'))) BEGIN SELECT RAISE(ABORT, 'nobody decided on
    this who may'); END
    """,
    """
    CREATE TRIGGER act_unordered_insert BEFORE INSERT ON act FOR EACH ROW WHEN NEW.act <>
    'record' AND NOT EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision =
    'confirmed' OR decision IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta',
    'gate_add', 'import', 'issue', 'key_stolen', 'keys_renew', 'print_order',
    'print_return', 'printed', 'printing_key', 'publish', 'reissue_part', 'reject',
    'restore', 'suspend')) AND act || '>' || NEW.act IN ('activate>activate', 'amend>amend',
    'amend_replace>amend', 'amend_replace>approve', 'amend_replace>replace',
    'approve>approve', 'delta>expire', 'import>apply', 'issue>collect', 'issue>enrol',
    'offer>offer', 'print_order>order_print', 'print_return>return_print', 'printed>print',
    'publish>expire', 'reinstate>reinstate', 'reissue_part>reissue', 'reject>reject',
    'replace>approve', 'replace>replace', 'report_lost>report_lost', 'restore>revoke',
    'restore>revoke_wallet', 'restore>suspend', 'retire>retire', 'revoke>revoke',
    'revoke_wallet>revoke_wallet', 'suspend>suspend')) BEGIN SELECT RAISE(ABORT, 'nobody has
    ordered this'); END
    """,
    """
    CREATE TRIGGER card_unordered_insert BEFORE INSERT ON card FOR EACH ROW WHEN NOT EXISTS
    (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR decision
    IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import',
    'issue', 'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed',
    'printing_key', 'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act ||
    '>' || NEW.state IN ('amend_replace>approved', 'approve>approved', 'import>applied',
    'replace>approved')) BEGIN SELECT RAISE(ABORT, 'nobody has ordered this'); END
    """,
    """
    CREATE TRIGGER card_unordered_update BEFORE UPDATE OF state ON card FOR EACH ROW WHEN
    OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL
    AND (decision = 'confirmed' OR decision IS NULL AND act IN ('agency_add', 'amend',
    'backup', 'delta', 'gate_add', 'import', 'issue', 'key_stolen', 'keys_renew',
    'print_order', 'print_return', 'printed', 'printing_key', 'publish', 'reissue_part',
    'reject', 'restore', 'suspend')) AND act || '>' || OLD.state || '>' || NEW.state IN
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
    CREATE TRIGGER staff_unordered_insert BEFORE INSERT ON staff FOR EACH ROW WHEN EXISTS
    (SELECT 1 FROM staff_order) AND NOT EXISTS (SELECT 1 FROM staff_order WHERE done_at IS
    NULL AND (decision = 'confirmed' OR decision IS NULL AND act IN ('agency_add', 'amend',
    'backup', 'delta', 'gate_add', 'import', 'issue', 'key_stolen', 'keys_renew',
    'print_order', 'print_return', 'printed', 'printing_key', 'publish', 'reissue_part',
    'reject', 'restore', 'suspend')) AND act IN ('add_staff')) BEGIN SELECT RAISE(ABORT,
    'nobody has ordered this'); END
    """,
    """
    CREATE TRIGGER bank_key_unordered_insert BEFORE INSERT ON bank_key FOR EACH ROW WHEN NOT
    EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR
    decision IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add',
    'import', 'issue', 'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed',
    'printing_key', 'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN
    ('bank_add')) BEGIN SELECT RAISE(ABORT, 'nobody has ordered this'); END
    """,
    """
    CREATE TRIGGER erasure_unordered_insert BEFORE INSERT ON erasure FOR EACH ROW WHEN NOT
    EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR
    decision IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add',
    'import', 'issue', 'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed',
    'printing_key', 'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN
    ('erase')) BEGIN SELECT RAISE(ABORT, 'nobody has ordered this'); END
    """,
    """
    CREATE TRIGGER rejection_unordered_insert BEFORE INSERT ON rejection FOR EACH ROW WHEN
    NOT EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision = 'confirmed'
    OR decision IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add',
    'import', 'issue', 'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed',
    'printing_key', 'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN
    ('reject')) BEGIN SELECT RAISE(ABORT, 'nobody has ordered this'); END
    """,
    """
    CREATE TRIGGER offer_unordered_insert BEFORE INSERT ON offer FOR EACH ROW WHEN NOT
    EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR
    decision IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add',
    'import', 'issue', 'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed',
    'printing_key', 'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN
    ('offer')) BEGIN SELECT RAISE(ABORT, 'nobody has ordered this'); END
    """,
    """
    CREATE TRIGGER wallet_unordered_insert BEFORE INSERT ON wallet FOR EACH ROW WHEN NOT
    EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR
    decision IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add',
    'import', 'issue', 'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed',
    'printing_key', 'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN
    ('issue')) BEGIN SELECT RAISE(ABORT, 'nobody has ordered this'); END
    """,
    """
    CREATE TRIGGER holder_key_unordered_insert BEFORE INSERT ON holder_key FOR EACH ROW WHEN
    NOT EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision = 'confirmed'
    OR decision IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add',
    'import', 'issue', 'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed',
    'printing_key', 'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN
    ('issue')) BEGIN SELECT RAISE(ABORT, 'nobody has ordered this'); END
    """,
    """
    CREATE TRIGGER reissue_unordered_insert BEFORE INSERT ON reissue FOR EACH ROW WHEN NOT
    EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR
    decision IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add',
    'import', 'issue', 'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed',
    'printing_key', 'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN
    ('reissue')) BEGIN SELECT RAISE(ABORT, 'nobody has ordered this'); END
    """,
    """
    CREATE TRIGGER stolen_key_unordered_insert BEFORE INSERT ON stolen_key FOR EACH ROW WHEN
    NOT EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision = 'confirmed'
    OR decision IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add',
    'import', 'issue', 'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed',
    'printing_key', 'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN
    ('key_stolen')) BEGIN SELECT RAISE(ABORT, 'nobody has ordered this'); END
    """,
    """
    CREATE TRIGGER relying_party_unordered_insert BEFORE INSERT ON relying_party FOR EACH
    ROW WHEN NOT EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision =
    'confirmed' OR decision IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta',
    'gate_add', 'import', 'issue', 'key_stolen', 'keys_renew', 'print_order',
    'print_return', 'printed', 'printing_key', 'publish', 'reissue_part', 'reject',
    'restore', 'suspend')) AND act IN ('gate_add')) BEGIN SELECT RAISE(ABORT, 'nobody has
    ordered this'); END
    """,
    """
    CREATE TRIGGER print_order_unordered_insert BEFORE INSERT ON print_order FOR EACH ROW
    WHEN NOT EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision =
    'confirmed' OR decision IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta',
    'gate_add', 'import', 'issue', 'key_stolen', 'keys_renew', 'print_order',
    'print_return', 'printed', 'printing_key', 'publish', 'reissue_part', 'reject',
    'restore', 'suspend')) AND act IN ('print_order')) BEGIN SELECT RAISE(ABORT, 'nobody has
    ordered this'); END
    """,
    """
    CREATE TRIGGER print_row_unordered_insert BEFORE INSERT ON print_row FOR EACH ROW WHEN
    NOT EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision = 'confirmed'
    OR decision IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add',
    'import', 'issue', 'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed',
    'printing_key', 'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN
    ('print_order')) BEGIN SELECT RAISE(ABORT, 'nobody has ordered this'); END
    """,
    """
    CREATE TRIGGER print_report_unordered_insert BEFORE INSERT ON print_report FOR EACH ROW
    WHEN NOT EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision =
    'confirmed' OR decision IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta',
    'gate_add', 'import', 'issue', 'key_stolen', 'keys_renew', 'print_order',
    'print_return', 'printed', 'printing_key', 'publish', 'reissue_part', 'reject',
    'restore', 'suspend')) AND act IN ('printed')) BEGIN SELECT RAISE(ABORT, 'nobody has
    ordered this'); END
    """,
    """
    CREATE TRIGGER staff_unordered_update BEFORE UPDATE OF ended_at ON staff FOR EACH ROW
    WHEN NOT EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision =
    'confirmed' OR decision IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta',
    'gate_add', 'import', 'issue', 'key_stolen', 'keys_renew', 'print_order',
    'print_return', 'printed', 'printing_key', 'publish', 'reissue_part', 'reject',
    'restore', 'suspend')) AND act IN ('end_staff')) BEGIN SELECT RAISE(ABORT, 'nobody has
    ordered this'); END
    """,
    """
    CREATE TRIGGER person_unordered_update BEFORE UPDATE ON person FOR EACH ROW WHEN NOT
    EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR
    decision IS NULL AND act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add',
    'import', 'issue', 'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed',
    'printing_key', 'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN
    ('amend', 'amend_replace', 'erase', 'import')) BEGIN SELECT RAISE(ABORT, 'nobody has
    ordered this'); END
    """,
    """
    CREATE TRIGGER reissue_part_unordered_update BEFORE UPDATE OF done_at ON reissue_part
    FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND
    (decision = 'confirmed' OR decision IS NULL AND act IN ('agency_add', 'amend', 'backup',
    'delta', 'gate_add', 'import', 'issue', 'key_stolen', 'keys_renew', 'print_order',
    'print_return', 'printed', 'printing_key', 'publish', 'reissue_part', 'reject',
    'restore', 'suspend')) AND act IN ('reissue_part')) BEGIN SELECT RAISE(ABORT, 'nobody
    has ordered this'); END
    """,
    """
    CREATE TRIGGER person_unordered_shown BEFORE UPDATE OF name_km, name_la, date_of_birth,
    photo_sha256 ON person FOR EACH ROW WHEN (OLD.name_km IS NOT NEW.name_km OR OLD.name_la
    IS NOT NEW.name_la OR OLD.date_of_birth IS NOT NEW.date_of_birth OR OLD.photo_sha256 IS
    NOT NEW.photo_sha256) AND EXISTS (SELECT 1 FROM card WHERE person_id = NEW.id AND state
    IN ('active', 'approved', 'in_batch', 'printed', 'suspended')) AND NOT EXISTS (SELECT 1
    FROM staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL
    AND act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue',
    'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key',
    'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN
    ('amend_replace')) BEGIN SELECT RAISE(ABORT, 'nobody has ordered this'); END
    """,
    """
    CREATE TRIGGER restoration_birth BEFORE INSERT ON restoration FOR EACH ROW WHEN 1 BEGIN
    SELECT RAISE(ABORT, 'only a restoration does this'); END
    """,
    """
    CREATE TRIGGER staff_order_restore BEFORE INSERT ON staff_order FOR EACH ROW WHEN
    NEW.act = 'restore' BEGIN SELECT RAISE(ABORT, 'only a restoration does this'); END
    """,
    """
    CREATE TRIGGER card_expired BEFORE UPDATE OF state ON card FOR EACH ROW WHEN OLD.state
    <> NEW.state AND NEW.state = 'expired' AND OLD.valid_until >= date(NEW.changed_at,
    'unixepoch', '+7 hours') BEGIN SELECT RAISE(ABORT, 'its last day is not over'); END
    """,
    """
    CREATE TRIGGER wallet_offered BEFORE INSERT ON wallet FOR EACH ROW WHEN NOT EXISTS
    (SELECT 1 FROM offer WHERE card_id = NEW.card_id AND closed_at = NEW.created_at) BEGIN
    SELECT RAISE(ABORT, 'a phone answers an offer'); END
    """,
    """
    CREATE TRIGGER act_form_insert BEFORE INSERT ON act FOR EACH ROW WHEN NOT
    (typeof(NEW.at) = 'integer' AND NEW.at BETWEEN 0 AND 253402300799 AND typeof(NEW.act) =
    'text' AND typeof(NEW.card_id) = 'integer' AND NEW.card_id BETWEEN 0 AND 253402300799
    AND (NEW.wallet_id IS NULL OR typeof(NEW.wallet_id) = 'integer' AND NEW.wallet_id
    BETWEEN 0 AND 253402300799) AND (NEW.content IS NULL OR typeof(NEW.content) = 'blob' AND
    length(NEW.content) > 0) AND (NEW.card_id IS NULL OR EXISTS (SELECT 1 FROM card WHERE id
    = NEW.card_id)) AND (NEW.wallet_id IS NULL OR EXISTS (SELECT 1 FROM wallet WHERE id =
    NEW.wallet_id))) BEGIN SELECT RAISE(ABORT, 'this is no row of the table'); END
    """,
    """
    CREATE TRIGGER holder_key_form_insert BEFORE INSERT ON holder_key FOR EACH ROW WHEN NOT
    (typeof(NEW.thumbprint) = 'blob' AND length(NEW.thumbprint) > 0 AND
    typeof(NEW.wallet_id) = 'integer' AND NEW.wallet_id BETWEEN 0 AND 253402300799 AND
    typeof(NEW.kind) = 'text' AND (NEW.public_key IS NULL OR typeof(NEW.public_key) = 'blob'
    AND length(NEW.public_key) > 0) AND (NEW.wallet_id IS NULL OR EXISTS (SELECT 1 FROM
    wallet WHERE id = NEW.wallet_id)) AND (NEW.public_key IS NULL OR length(NEW.public_key)
    IN (32, 64))) BEGIN SELECT RAISE(ABORT, 'this is no row of the table'); END
    """,
    """
    CREATE TRIGGER prepared_form_insert BEFORE INSERT ON prepared FOR EACH ROW WHEN NOT
    (typeof(NEW.card_id) = 'integer' AND NEW.card_id BETWEEN 0 AND 253402300799 AND
    typeof(NEW.reissue_id) = 'integer' AND NEW.reissue_id BETWEEN 0 AND 253402300799 AND
    typeof(NEW.wallet_id) = 'integer' AND NEW.wallet_id BETWEEN 0 AND 253402300799 AND
    (NEW.seal IS NULL OR typeof(NEW.seal) = 'blob' AND length(NEW.seal) > 0) AND (NEW.live
    IS NULL OR typeof(NEW.live) = 'blob' AND length(NEW.live) > 0) AND (NEW.sd_jwt IS NULL
    OR typeof(NEW.sd_jwt) = 'text') AND (NEW.card_id IS NULL OR EXISTS (SELECT 1 FROM card
    WHERE id = NEW.card_id)) AND (NEW.reissue_id IS NULL OR EXISTS (SELECT 1 FROM reissue
    WHERE id = NEW.reissue_id))) BEGIN SELECT RAISE(ABORT, 'this is no row of the table');
    END
    """,
    """
    CREATE TRIGGER prepared_form_update BEFORE UPDATE ON prepared FOR EACH ROW WHEN NOT
    (typeof(NEW.card_id) = 'integer' AND NEW.card_id BETWEEN 0 AND 253402300799 AND
    typeof(NEW.reissue_id) = 'integer' AND NEW.reissue_id BETWEEN 0 AND 253402300799 AND
    typeof(NEW.wallet_id) = 'integer' AND NEW.wallet_id BETWEEN 0 AND 253402300799 AND
    (NEW.seal IS NULL OR typeof(NEW.seal) = 'blob' AND length(NEW.seal) > 0) AND (NEW.live
    IS NULL OR typeof(NEW.live) = 'blob' AND length(NEW.live) > 0) AND (NEW.sd_jwt IS NULL
    OR typeof(NEW.sd_jwt) = 'text') AND (NEW.card_id IS NULL OR EXISTS (SELECT 1 FROM card
    WHERE id = NEW.card_id)) AND (NEW.reissue_id IS NULL OR EXISTS (SELECT 1 FROM reissue
    WHERE id = NEW.reissue_id))) BEGIN SELECT RAISE(ABORT, 'this is no row of the table');
    END
    """,
    """
    CREATE TRIGGER reissue_form_insert BEFORE INSERT ON reissue FOR EACH ROW WHEN NOT
    (typeof(NEW.opened_at) = 'integer' AND NEW.opened_at BETWEEN 0 AND 253402300799 AND
    (NEW.seal_template IS NULL OR typeof(NEW.seal_template) = 'integer' AND
    NEW.seal_template BETWEEN 0 AND 253402300799) AND (NEW.live_template IS NULL OR
    typeof(NEW.live_template) = 'integer' AND NEW.live_template BETWEEN 0 AND 253402300799)
    AND (NEW.sd_jwt_list IS NULL OR typeof(NEW.sd_jwt_list) = 'integer' AND NEW.sd_jwt_list
    BETWEEN 0 AND 253402300799) AND typeof(NEW.last_wallet) = 'integer' AND NEW.last_wallet
    BETWEEN 0 AND 253402300799 AND typeof(NEW.people) = 'integer' AND NEW.people BETWEEN 0
    AND 253402300799 AND typeof(NEW.left_out) = 'integer' AND NEW.left_out BETWEEN 0 AND
    253402300799 AND (NEW.closed_at IS NULL OR typeof(NEW.closed_at) = 'integer' AND
    NEW.closed_at BETWEEN 0 AND 253402300799) AND (NEW.live_template IS NULL OR EXISTS
    (SELECT 1 FROM template WHERE number = NEW.live_template)) AND (NEW.sd_jwt_list IS NULL
    OR EXISTS (SELECT 1 FROM status_list WHERE id = NEW.sd_jwt_list)) AND (NEW.seal_template
    IS NULL OR EXISTS (SELECT 1 FROM template WHERE number = NEW.seal_template))) BEGIN
    SELECT RAISE(ABORT, 'this is no row of the table'); END
    """,
    """
    CREATE TRIGGER reissue_form_update BEFORE UPDATE ON reissue FOR EACH ROW WHEN NOT
    (typeof(NEW.opened_at) = 'integer' AND NEW.opened_at BETWEEN 0 AND 253402300799 AND
    (NEW.seal_template IS NULL OR typeof(NEW.seal_template) = 'integer' AND
    NEW.seal_template BETWEEN 0 AND 253402300799) AND (NEW.live_template IS NULL OR
    typeof(NEW.live_template) = 'integer' AND NEW.live_template BETWEEN 0 AND 253402300799)
    AND (NEW.sd_jwt_list IS NULL OR typeof(NEW.sd_jwt_list) = 'integer' AND NEW.sd_jwt_list
    BETWEEN 0 AND 253402300799) AND typeof(NEW.last_wallet) = 'integer' AND NEW.last_wallet
    BETWEEN 0 AND 253402300799 AND typeof(NEW.people) = 'integer' AND NEW.people BETWEEN 0
    AND 253402300799 AND typeof(NEW.left_out) = 'integer' AND NEW.left_out BETWEEN 0 AND
    253402300799 AND (NEW.closed_at IS NULL OR typeof(NEW.closed_at) = 'integer' AND
    NEW.closed_at BETWEEN 0 AND 253402300799) AND (NEW.live_template IS NULL OR EXISTS
    (SELECT 1 FROM template WHERE number = NEW.live_template)) AND (NEW.sd_jwt_list IS NULL
    OR EXISTS (SELECT 1 FROM status_list WHERE id = NEW.sd_jwt_list)) AND (NEW.seal_template
    IS NULL OR EXISTS (SELECT 1 FROM template WHERE number = NEW.seal_template))) BEGIN
    SELECT RAISE(ABORT, 'this is no row of the table'); END
    """,
    """
    CREATE TRIGGER reissue_part_form_insert BEFORE INSERT ON reissue_part FOR EACH ROW WHEN
    NOT (typeof(NEW.reissue_id) = 'integer' AND NEW.reissue_id BETWEEN 0 AND 253402300799
    AND typeof(NEW.number) = 'integer' AND NEW.number BETWEEN 0 AND 253402300799 AND
    typeof(NEW.first_card) = 'integer' AND NEW.first_card BETWEEN 0 AND 253402300799 AND
    typeof(NEW.last_card) = 'integer' AND NEW.last_card BETWEEN 0 AND 253402300799 AND
    typeof(NEW.indices) = 'blob' AND length(NEW.indices) > 0 AND (NEW.done_at IS NULL OR
    typeof(NEW.done_at) = 'integer' AND NEW.done_at BETWEEN 0 AND 253402300799) AND
    (NEW.reissue_id IS NULL OR EXISTS (SELECT 1 FROM reissue WHERE id = NEW.reissue_id)))
    BEGIN SELECT RAISE(ABORT, 'this is no row of the table'); END
    """,
    """
    CREATE TRIGGER reissue_part_form_update BEFORE UPDATE ON reissue_part FOR EACH ROW WHEN
    NOT (typeof(NEW.reissue_id) = 'integer' AND NEW.reissue_id BETWEEN 0 AND 253402300799
    AND typeof(NEW.number) = 'integer' AND NEW.number BETWEEN 0 AND 253402300799 AND
    typeof(NEW.first_card) = 'integer' AND NEW.first_card BETWEEN 0 AND 253402300799 AND
    typeof(NEW.last_card) = 'integer' AND NEW.last_card BETWEEN 0 AND 253402300799 AND
    typeof(NEW.indices) = 'blob' AND length(NEW.indices) > 0 AND (NEW.done_at IS NULL OR
    typeof(NEW.done_at) = 'integer' AND NEW.done_at BETWEEN 0 AND 253402300799) AND
    (NEW.reissue_id IS NULL OR EXISTS (SELECT 1 FROM reissue WHERE id = NEW.reissue_id)))
    BEGIN SELECT RAISE(ABORT, 'this is no row of the table'); END
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
    CREATE TRIGGER status_index_form_insert BEFORE INSERT ON status_index FOR EACH ROW WHEN
    NOT (typeof(NEW.list_id) = 'integer' AND NEW.list_id BETWEEN 0 AND 253402300799 AND
    typeof(NEW.idx) = 'integer' AND NEW.idx BETWEEN 0 AND 253402300799 AND (NEW.card_id IS
    NULL OR typeof(NEW.card_id) = 'integer' AND NEW.card_id BETWEEN 0 AND 253402300799) AND
    (NEW.wallet_id IS NULL OR typeof(NEW.wallet_id) = 'integer' AND NEW.wallet_id BETWEEN 0
    AND 253402300799) AND typeof(NEW.status) = 'integer' AND NEW.status BETWEEN 0 AND
    253402300799 AND typeof(NEW.drawn_at) = 'integer' AND NEW.drawn_at BETWEEN 0 AND
    253402300799 AND (NEW.reissue_id IS NULL OR typeof(NEW.reissue_id) = 'integer' AND
    NEW.reissue_id BETWEEN 0 AND 253402300799) AND (NEW.card_id IS NULL OR EXISTS (SELECT 1
    FROM card WHERE id = NEW.card_id)) AND (NEW.list_id IS NULL OR EXISTS (SELECT 1 FROM
    status_list WHERE id = NEW.list_id)) AND (NEW.wallet_id IS NULL OR EXISTS (SELECT 1 FROM
    wallet WHERE id = NEW.wallet_id))) BEGIN SELECT RAISE(ABORT, 'this is no row of the
    table'); END
    """,
    """
    CREATE TRIGGER status_index_form_update BEFORE UPDATE ON status_index FOR EACH ROW WHEN
    NOT (typeof(NEW.list_id) = 'integer' AND NEW.list_id BETWEEN 0 AND 253402300799 AND
    typeof(NEW.idx) = 'integer' AND NEW.idx BETWEEN 0 AND 253402300799 AND (NEW.card_id IS
    NULL OR typeof(NEW.card_id) = 'integer' AND NEW.card_id BETWEEN 0 AND 253402300799) AND
    (NEW.wallet_id IS NULL OR typeof(NEW.wallet_id) = 'integer' AND NEW.wallet_id BETWEEN 0
    AND 253402300799) AND typeof(NEW.status) = 'integer' AND NEW.status BETWEEN 0 AND
    253402300799 AND typeof(NEW.drawn_at) = 'integer' AND NEW.drawn_at BETWEEN 0 AND
    253402300799 AND (NEW.reissue_id IS NULL OR typeof(NEW.reissue_id) = 'integer' AND
    NEW.reissue_id BETWEEN 0 AND 253402300799) AND (NEW.card_id IS NULL OR EXISTS (SELECT 1
    FROM card WHERE id = NEW.card_id)) AND (NEW.list_id IS NULL OR EXISTS (SELECT 1 FROM
    status_list WHERE id = NEW.list_id)) AND (NEW.wallet_id IS NULL OR EXISTS (SELECT 1 FROM
    wallet WHERE id = NEW.wallet_id))) BEGIN SELECT RAISE(ABORT, 'this is no row of the
    table'); END
    """,
    """
    CREATE TRIGGER act_append_only BEFORE UPDATE ON act FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'append only'); END
    """,
    """
    CREATE TRIGGER status_index_fixed BEFORE UPDATE ON status_index FOR EACH ROW WHEN
    OLD.list_id IS NOT NEW.list_id OR OLD.idx IS NOT NEW.idx OR OLD.card_id IS NOT
    NEW.card_id OR OLD.wallet_id IS NOT NEW.wallet_id OR OLD.drawn_at IS NOT NEW.drawn_at OR
    OLD.reissue_id IS NOT NEW.reissue_id BEGIN SELECT RAISE(ABORT, 'this never changes');
    END
    """,
    """
    CREATE TRIGGER reissue_fixed BEFORE UPDATE ON reissue FOR EACH ROW WHEN OLD.id IS NOT
    NEW.id OR OLD.opened_at IS NOT NEW.opened_at OR OLD.seal_template IS NOT
    NEW.seal_template OR OLD.live_template IS NOT NEW.live_template OR OLD.sd_jwt_list IS
    NOT NEW.sd_jwt_list OR OLD.last_wallet IS NOT NEW.last_wallet OR OLD.people IS NOT
    NEW.people OR OLD.left_out IS NOT NEW.left_out BEGIN SELECT RAISE(ABORT, 'this never
    changes'); END
    """,
    """
    CREATE TRIGGER reissue_part_fixed BEFORE UPDATE ON reissue_part FOR EACH ROW WHEN
    OLD.reissue_id IS NOT NEW.reissue_id OR OLD.number IS NOT NEW.number OR OLD.first_card
    IS NOT NEW.first_card OR OLD.last_card IS NOT NEW.last_card OR OLD.indices IS NOT
    NEW.indices BEGIN SELECT RAISE(ABORT, 'this never changes'); END
    """,
    """
    CREATE TRIGGER prepared_fixed BEFORE UPDATE ON prepared FOR EACH ROW WHEN OLD.card_id IS
    NOT NEW.card_id OR OLD.reissue_id IS NOT NEW.reissue_id OR OLD.wallet_id IS NOT
    NEW.wallet_id BEGIN SELECT RAISE(ABORT, 'this never changes'); END
    """,
    """
    CREATE TRIGGER staff_order_fixed BEFORE UPDATE ON staff_order FOR EACH ROW WHEN OLD.id
    IS NOT NEW.id OR OLD.act IS NOT NEW.act OR OLD.document IS NOT NEW.document OR
    OLD.sha256 IS NOT NEW.sha256 OR OLD.asked_by IS NOT NEW.asked_by OR OLD.asked_at IS NOT
    NEW.asked_at OR OLD.asked_signature IS NOT NEW.asked_signature BEGIN SELECT RAISE(ABORT,
    'this never changes'); END
    """,
    """
    CREATE TRIGGER reissue_once BEFORE UPDATE ON reissue FOR EACH ROW WHEN (OLD.closed_at IS
    NOT NULL AND OLD.closed_at IS NOT NEW.closed_at) BEGIN SELECT RAISE(ABORT, 'this is set
    once'); END
    """,
    """
    CREATE TRIGGER reissue_part_once BEFORE UPDATE ON reissue_part FOR EACH ROW WHEN
    (OLD.done_at IS NOT NULL AND OLD.done_at IS NOT NEW.done_at) BEGIN SELECT RAISE(ABORT,
    'this is set once'); END
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
    CREATE TRIGGER act_kept BEFORE DELETE ON act FOR EACH ROW WHEN 1 BEGIN SELECT
    RAISE(ABORT, 'nothing is deleted'); END
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
    CREATE TRIGGER staff_order_kept BEFORE DELETE ON staff_order FOR EACH ROW WHEN 1 BEGIN
    SELECT RAISE(ABORT, 'nothing is deleted'); END
    """,
    """
    CREATE TRIGGER status_index_closed BEFORE INSERT ON status_index FOR EACH ROW WHEN
    NEW.list_id <= (SELECT coalesce(max(last_list), 0) FROM restoration) AND NEW.card_id IS
    NOT NULL BEGIN SELECT RAISE(ABORT, 'the register was restored: this list gives no more
    indices'); END
    """,
    """
    CREATE TRIGGER prepared_erased BEFORE UPDATE ON prepared FOR EACH ROW WHEN NOT (NEW.seal
    IS NULL AND NEW.live IS NULL AND NEW.sd_jwt IS NULL AND EXISTS (SELECT 1 FROM card JOIN
    erasure USING (person_id) WHERE card.id = NEW.card_id)) BEGIN SELECT RAISE(ABORT, 'only
    an erasure does this'); END
    """,
    """
    CREATE TRIGGER act_taken BEFORE INSERT ON act FOR EACH ROW WHEN EXISTS (SELECT 1 FROM
    act WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM act WHERE id = NEW.id) BEGIN
    SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER prepared_taken BEFORE INSERT ON prepared FOR EACH ROW WHEN EXISTS (SELECT
    1 FROM prepared WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM prepared WHERE card_id
    = NEW.card_id AND reissue_id = NEW.reissue_id) BEGIN SELECT RAISE(ABORT, 'it is there
    already'); END
    """,
    """
    CREATE TRIGGER prepared_moved BEFORE UPDATE ON prepared FOR EACH ROW WHEN OLD.rowid <>
    NEW.rowid OR EXISTS (SELECT 1 FROM prepared WHERE card_id = NEW.card_id AND reissue_id =
    NEW.reissue_id AND rowid <> OLD.rowid) BEGIN SELECT RAISE(ABORT, 'it is there already');
    END
    """,
    """
    CREATE TRIGGER reissue_taken BEFORE INSERT ON reissue FOR EACH ROW WHEN EXISTS (SELECT 1
    FROM reissue WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM reissue WHERE id =
    NEW.id) BEGIN SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER reissue_moved BEFORE UPDATE ON reissue FOR EACH ROW WHEN OLD.rowid <>
    NEW.rowid OR EXISTS (SELECT 1 FROM reissue WHERE id = NEW.id AND rowid <> OLD.rowid)
    BEGIN SELECT RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER reissue_part_taken BEFORE INSERT ON reissue_part FOR EACH ROW WHEN EXISTS
    (SELECT 1 FROM reissue_part WHERE rowid = NEW.rowid) OR EXISTS (SELECT 1 FROM
    reissue_part WHERE reissue_id = NEW.reissue_id AND number = NEW.number) BEGIN SELECT
    RAISE(ABORT, 'it is there already'); END
    """,
    """
    CREATE TRIGGER reissue_part_moved BEFORE UPDATE ON reissue_part FOR EACH ROW WHEN
    OLD.rowid <> NEW.rowid OR EXISTS (SELECT 1 FROM reissue_part WHERE reissue_id =
    NEW.reissue_id AND number = NEW.number AND rowid <> OLD.rowid) BEGIN SELECT RAISE(ABORT,
    'it is there already'); END
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
    """
    CREATE TRIGGER status_index_taken BEFORE INSERT ON status_index FOR EACH ROW WHEN EXISTS
    (SELECT 1 FROM status_index WHERE card_id = NEW.card_id AND card_id IS NOT NULL AND
    wallet_id IS NULL AND reissue_id IS NULL AND NEW.card_id IS NOT NULL AND NEW.wallet_id
    IS NULL AND NEW.reissue_id IS NULL) OR EXISTS (SELECT 1 FROM status_index WHERE card_id
    = NEW.card_id AND reissue_id = NEW.reissue_id AND list_id = NEW.list_id) OR EXISTS
    (SELECT 1 FROM status_index WHERE list_id = NEW.list_id AND idx = NEW.idx) BEGIN SELECT
    RAISE(ABORT, 'it is there already'); END
    """,
)
POSTGRES = (
    "ALTER TABLE prepared SET (toast_tuple_target = 8160)",
    """
    CREATE FUNCTION status_index_insert() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN PERFORM 1 FROM card WHERE id IN (SELECT
    card_id FROM added) FOR SHARE; IF EXISTS (SELECT 1 FROM added WHERE added.card_id IS NOT
    NULL AND (added.card_id IS NOT NULL AND added.status <> 1 AND added.status IS DISTINCT
    FROM (SELECT CASE state WHEN 'active' THEN 0 WHEN 'approved' THEN 3 WHEN 'expired' THEN
    1 WHEN 'in_batch' THEN 3 WHEN 'lost' THEN 1 WHEN 'printed' THEN 3 WHEN 'replaced' THEN 1
    WHEN 'retired' THEN 1 WHEN 'revoked' THEN 1 WHEN 'suspended' THEN 2 END FROM card WHERE
    id = added.card_id))) THEN RAISE EXCEPTION USING ERRCODE =
    'integrity_constraint_violation', MESSAGE = 'an index says what its card says', TABLE =
    TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER status_index_insert AFTER INSERT ON status_index REFERENCING NEW TABLE AS
    added FOR EACH STATEMENT EXECUTE FUNCTION status_index_insert()
    """,
    """
    CREATE FUNCTION status_index_owner() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM added WHERE ((SELECT
    kind FROM status_list WHERE id = added.list_id) IS NULL OR added.card_id IS NOT NULL AND
    ((added.wallet_id IS NULL) <> ((SELECT kind FROM status_list WHERE id = added.list_id) =
    'seal') OR CASE WHEN added.wallet_id IS NULL THEN (SELECT id FROM card WHERE id =
    added.card_id) ELSE (SELECT card_id FROM wallet WHERE id = added.wallet_id) END IS
    DISTINCT FROM added.card_id))) THEN RAISE EXCEPTION USING ERRCODE =
    'integrity_constraint_violation', MESSAGE = 'an index belongs to a list, and to a seal
    or to a wallet of its card', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN
    NULL; END $$
    """,
    """
    CREATE TRIGGER status_index_owner AFTER INSERT ON status_index REFERENCING NEW TABLE AS
    added FOR EACH STATEMENT EXECUTE FUNCTION status_index_owner()
    """,
    """
    CREATE FUNCTION status_index_second() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN PERFORM 1 FROM wallet WHERE id = NEW.wallet_id
    FOR NO KEY UPDATE; IF NEW.reissue_id IS NULL AND EXISTS (SELECT 1 FROM status_index
    WHERE list_id = NEW.list_id AND wallet_id = NEW.wallet_id AND reissue_id IS NULL) THEN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'a wallet
    has one index in a list', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN
    NEW; END $$
    """,
    """
    CREATE TRIGGER status_index_second BEFORE INSERT ON status_index FOR EACH ROW WHEN
    (NEW.wallet_id IS NOT NULL AND NEW.reissue_id IS NULL) EXECUTE FUNCTION
    status_index_second()
    """,
    """
    CREATE FUNCTION status_index_reissue() RETURNS trigger LANGUAGE plpgsql SET search_path
    = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM added WHERE
    added.reissue_id IS NOT NULL AND (added.reissue_id IS NOT NULL AND NOT EXISTS (SELECT 1
    FROM reissue WHERE reissue.id = added.reissue_id AND closed_at IS NULL))) THEN RAISE
    EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'a further index
    belongs to an open re-issue', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF;
    RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER status_index_reissue AFTER INSERT ON status_index REFERENCING NEW TABLE
    AS added FOR EACH STATEMENT EXECUTE FUNCTION status_index_reissue()
    """,
    """
    CREATE FUNCTION reissue_birth() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM reissue WHERE
    closed_at IS NULL) THEN RAISE EXCEPTION USING ERRCODE =
    'integrity_constraint_violation', MESSAGE = 'another re-issue is open', TABLE =
    TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER reissue_birth BEFORE INSERT ON reissue FOR EACH ROW EXECUTE FUNCTION
    reissue_birth()
    """,
    """
    CREATE FUNCTION prepared_card() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN PERFORM 1 FROM card WHERE id IN (SELECT
    card_id FROM added) FOR SHARE; IF EXISTS (SELECT 1 FROM added WHERE (NOT EXISTS (SELECT
    1 FROM reissue WHERE reissue.id = added.reissue_id AND closed_at IS NULL) OR NOT EXISTS
    (SELECT 1 FROM wallet JOIN card ON card.id = card_id WHERE wallet.id = added.wallet_id
    AND card.id = added.card_id AND ended_at IS NULL AND state IN ('active', 'suspended'))))
    THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'an
    open re-issue makes credentials for phones of cards that stand', TABLE = TG_TABLE_NAME,
    CONSTRAINT = TG_NAME; END IF; RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER prepared_card AFTER INSERT ON prepared REFERENCING NEW TABLE AS added FOR
    EACH STATEMENT EXECUTE FUNCTION prepared_card()
    """,
    """
    CREATE FUNCTION prepared_seal() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM added WHERE
    added.seal IS NOT NULL AND (added.seal IS NOT NULL AND EXISTS (SELECT 1 FROM reissue
    JOIN template ON number = seal_template JOIN stolen_key USING (kid) WHERE reissue.id =
    added.reissue_id))) THEN RAISE EXCEPTION USING ERRCODE =
    'integrity_constraint_violation', MESSAGE = 'this seal key was stolen', TABLE =
    TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER prepared_seal AFTER INSERT ON prepared REFERENCING NEW TABLE AS added FOR
    EACH STATEMENT EXECUTE FUNCTION prepared_seal()
    """,
    """
    CREATE FUNCTION staff_order_asked() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM staff WHERE id =
    NEW.asked_by AND ended_at IS NULL AND (NEW.act IN ('activate', 'amend', 'amend_replace',
    'approve', 'erase', 'import', 'issue', 'offer', 'print_order', 'print_return',
    'printed', 'reinstate', 'reissue', 'reissue_part', 'reject', 'replace', 'report_lost',
    'retire', 'revoke', 'revoke_wallet', 'suspend') AND (' ' || roles || ' ' LIKE '%
    approver %' OR ' ' || roles || ' ' LIKE '% officer %') OR NEW.act IN ('agency_add',
    'backup', 'delta', 'key_stolen', 'printing_key', 'publish', 'restore') AND (' ' || roles
    || ' ' LIKE '% administrator %' OR ' ' || roles || ' ' LIKE '% approver %' OR ' ' ||
    roles || ' ' LIKE '% officer %') OR NEW.act IN ('add_staff', 'bank_add', 'end_staff',
    'gate_add', 'keys_renew') AND (' ' || roles || ' ' LIKE '% administrator %'))) THEN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'nobody
    asked for this who may', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN
    NEW; END $$
    """,
    """
    CREATE TRIGGER staff_order_asked BEFORE INSERT ON staff_order FOR EACH ROW EXECUTE
    FUNCTION staff_order_asked()
    """,
    """
    CREATE FUNCTION staff_order_decided() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN IF OLD.decision IS NULL AND NEW.decision IN
    ('confirmed', 'declined') AND NOT EXISTS (SELECT 1 FROM staff WHERE id = NEW.decided_by
    AND ended_at IS NULL AND (NEW.act IN ('activate', 'amend_replace', 'approve', 'erase',
    'offer', 'reinstate', 'reissue', 'replace', 'report_lost', 'retire', 'revoke',
    'revoke_wallet') AND (' ' || roles || ' ' LIKE '% approver %') OR NEW.act IN
    ('add_staff', 'bank_add', 'end_staff') AND (' ' || roles || ' ' LIKE '% administrator
    %'))) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE =
    'nobody decided on this who may', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF;
    RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER staff_order_decided BEFORE UPDATE OF decision ON staff_order FOR EACH ROW
    EXECUTE FUNCTION staff_order_decided()
    """,
    """
    CREATE FUNCTION act_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET search_path
    = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM added WHERE
    (added.act <> 'record' AND NOT EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL
    AND (decision = 'confirmed' OR decision IS NULL AND act IN ('agency_add', 'amend',
    'backup', 'delta', 'gate_add', 'import', 'issue', 'key_stolen', 'keys_renew',
    'print_order', 'print_return', 'printed', 'printing_key', 'publish', 'reissue_part',
    'reject', 'restore', 'suspend')) AND act || '>' || added.act IN ('activate>activate',
    'amend>amend', 'amend_replace>amend', 'amend_replace>approve', 'amend_replace>replace',
    'approve>approve', 'delta>expire', 'import>apply', 'issue>collect', 'issue>enrol',
    'offer>offer', 'print_order>order_print', 'print_return>return_print', 'printed>print',
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
    CREATE FUNCTION card_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET search_path
    = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM staff_order
    WHERE done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL AND act IN
    ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue', 'key_stolen',
    'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key', 'publish',
    'reissue_part', 'reject', 'restore', 'suspend')) AND act || '>' || NEW.state IN
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
    'printing_key', 'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act ||
    '>' || OLD.state || '>' || NEW.state IN ('activate>printed>active',
    'amend_replace>active>replaced', 'amend_replace>applied>approved',
    'amend_replace>approved>replaced', 'amend_replace>in_batch>replaced',
    'amend_replace>lost>replaced', 'amend_replace>printed>replaced',
    'approve>applied>approved', 'delta>active>expired', 'delta>approved>expired',
    'delta>in_batch>expired', 'delta>lost>expired', 'delta>printed>expired',
    'delta>suspended>expired', 'print_order>approved>in_batch',
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
    CREATE FUNCTION staff_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM
    staff_order) AND NOT EXISTS (SELECT 1 FROM staff_order WHERE done_at IS NULL AND
    (decision = 'confirmed' OR decision IS NULL AND act IN ('agency_add', 'amend', 'backup',
    'delta', 'gate_add', 'import', 'issue', 'key_stolen', 'keys_renew', 'print_order',
    'print_return', 'printed', 'printing_key', 'publish', 'reissue_part', 'reject',
    'restore', 'suspend')) AND act IN ('add_staff')) THEN RAISE EXCEPTION USING ERRCODE =
    'integrity_constraint_violation', MESSAGE = 'nobody has ordered this', TABLE =
    TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER staff_unordered_insert BEFORE INSERT ON staff FOR EACH ROW EXECUTE
    FUNCTION staff_unordered_insert()
    """,
    """
    CREATE FUNCTION bank_key_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM
    staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL AND
    act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue',
    'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key',
    'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN ('bank_add'))
    THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'nobody
    has ordered this', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END
    $$
    """,
    """
    CREATE TRIGGER bank_key_unordered_insert BEFORE INSERT ON bank_key FOR EACH ROW EXECUTE
    FUNCTION bank_key_unordered_insert()
    """,
    """
    CREATE FUNCTION erasure_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM
    staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL AND
    act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue',
    'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key',
    'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN ('erase')) THEN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'nobody has
    ordered this', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER erasure_unordered_insert BEFORE INSERT ON erasure FOR EACH ROW EXECUTE
    FUNCTION erasure_unordered_insert()
    """,
    """
    CREATE FUNCTION rejection_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM
    staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL AND
    act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue',
    'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key',
    'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN ('reject')) THEN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'nobody has
    ordered this', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER rejection_unordered_insert BEFORE INSERT ON rejection FOR EACH ROW
    EXECUTE FUNCTION rejection_unordered_insert()
    """,
    """
    CREATE FUNCTION offer_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM
    staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL AND
    act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue',
    'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key',
    'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN ('offer')) THEN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'nobody has
    ordered this', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER offer_unordered_insert BEFORE INSERT ON offer FOR EACH ROW EXECUTE
    FUNCTION offer_unordered_insert()
    """,
    """
    CREATE FUNCTION wallet_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM
    staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL AND
    act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue',
    'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key',
    'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN ('issue')) THEN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'nobody has
    ordered this', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER wallet_unordered_insert BEFORE INSERT ON wallet FOR EACH ROW EXECUTE
    FUNCTION wallet_unordered_insert()
    """,
    """
    CREATE FUNCTION holder_key_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM
    staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL AND
    act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue',
    'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key',
    'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN ('issue')) THEN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'nobody has
    ordered this', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER holder_key_unordered_insert BEFORE INSERT ON holder_key FOR EACH ROW
    EXECUTE FUNCTION holder_key_unordered_insert()
    """,
    """
    CREATE FUNCTION reissue_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM
    staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL AND
    act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue',
    'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key',
    'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN ('reissue')) THEN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'nobody has
    ordered this', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER reissue_unordered_insert BEFORE INSERT ON reissue FOR EACH ROW EXECUTE
    FUNCTION reissue_unordered_insert()
    """,
    """
    CREATE FUNCTION stolen_key_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET
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
    CREATE TRIGGER stolen_key_unordered_insert BEFORE INSERT ON stolen_key FOR EACH ROW
    EXECUTE FUNCTION stolen_key_unordered_insert()
    """,
    """
    CREATE FUNCTION relying_party_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM
    staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL AND
    act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue',
    'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key',
    'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN ('gate_add'))
    THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'nobody
    has ordered this', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END
    $$
    """,
    """
    CREATE TRIGGER relying_party_unordered_insert BEFORE INSERT ON relying_party FOR EACH
    ROW EXECUTE FUNCTION relying_party_unordered_insert()
    """,
    """
    CREATE FUNCTION print_order_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET
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
    CREATE TRIGGER print_order_unordered_insert BEFORE INSERT ON print_order FOR EACH ROW
    EXECUTE FUNCTION print_order_unordered_insert()
    """,
    """
    CREATE FUNCTION print_row_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET
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
    CREATE TRIGGER print_row_unordered_insert BEFORE INSERT ON print_row FOR EACH ROW
    EXECUTE FUNCTION print_row_unordered_insert()
    """,
    """
    CREATE FUNCTION print_report_unordered_insert() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM
    staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL AND
    act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue',
    'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key',
    'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN ('printed')) THEN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'nobody has
    ordered this', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER print_report_unordered_insert BEFORE INSERT ON print_report FOR EACH ROW
    EXECUTE FUNCTION print_report_unordered_insert()
    """,
    """
    CREATE FUNCTION staff_unordered_update() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM
    staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL AND
    act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue',
    'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key',
    'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN ('end_staff'))
    THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'nobody
    has ordered this', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END
    $$
    """,
    """
    CREATE TRIGGER staff_unordered_update BEFORE UPDATE OF ended_at ON staff FOR EACH ROW
    EXECUTE FUNCTION staff_unordered_update()
    """,
    """
    CREATE FUNCTION person_unordered_update() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM
    staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL AND
    act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue',
    'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key',
    'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN ('amend',
    'amend_replace', 'erase', 'import')) THEN RAISE EXCEPTION USING ERRCODE =
    'integrity_constraint_violation', MESSAGE = 'nobody has ordered this', TABLE =
    TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER person_unordered_update BEFORE UPDATE ON person FOR EACH ROW EXECUTE
    FUNCTION person_unordered_update()
    """,
    """
    CREATE FUNCTION reissue_part_unordered_update() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM
    staff_order WHERE done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL AND
    act IN ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue',
    'key_stolen', 'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key',
    'publish', 'reissue_part', 'reject', 'restore', 'suspend')) AND act IN ('reissue_part'))
    THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'nobody
    has ordered this', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END
    $$
    """,
    """
    CREATE TRIGGER reissue_part_unordered_update BEFORE UPDATE OF done_at ON reissue_part
    FOR EACH ROW EXECUTE FUNCTION reissue_part_unordered_update()
    """,
    """
    CREATE FUNCTION person_unordered_shown() RETURNS trigger LANGUAGE plpgsql SET
    search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN IF (OLD.name_km IS DISTINCT FROM
    NEW.name_km OR OLD.name_la IS DISTINCT FROM NEW.name_la OR OLD.date_of_birth IS DISTINCT
    FROM NEW.date_of_birth OR OLD.photo_sha256 IS DISTINCT FROM NEW.photo_sha256) AND EXISTS
    (SELECT 1 FROM card WHERE person_id = NEW.id AND state IN ('active', 'approved',
    'in_batch', 'printed', 'suspended')) AND NOT EXISTS (SELECT 1 FROM staff_order WHERE
    done_at IS NULL AND (decision = 'confirmed' OR decision IS NULL AND act IN
    ('agency_add', 'amend', 'backup', 'delta', 'gate_add', 'import', 'issue', 'key_stolen',
    'keys_renew', 'print_order', 'print_return', 'printed', 'printing_key', 'publish',
    'reissue_part', 'reject', 'restore', 'suspend')) AND act IN ('amend_replace')) THEN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'nobody has
    ordered this', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER person_unordered_shown BEFORE UPDATE OF name_km, name_la, date_of_birth,
    photo_sha256 ON person FOR EACH ROW EXECUTE FUNCTION person_unordered_shown()
    """,
    """
    CREATE TRIGGER restoration_birth BEFORE INSERT ON restoration FOR EACH ROW EXECUTE
    FUNCTION register_refuse('only a restoration does this')
    """,
    """
    CREATE TRIGGER staff_order_restore BEFORE INSERT ON staff_order FOR EACH ROW WHEN
    (NEW.act = 'restore') EXECUTE FUNCTION register_refuse('only a restoration does this')
    """,
    """
    CREATE TRIGGER card_expired BEFORE UPDATE OF state ON card FOR EACH ROW WHEN (OLD.state
    <> NEW.state AND NEW.state = 'expired' AND OLD.valid_until >=
    (to_timestamp(NEW.changed_at) AT TIME ZONE 'Asia/Phnom_Penh')::date) EXECUTE FUNCTION
    register_refuse('its last day is not over')
    """,
    """
    CREATE FUNCTION wallet_offered() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM offer WHERE
    card_id = NEW.card_id AND closed_at = NEW.created_at) THEN RAISE EXCEPTION USING ERRCODE
    = 'integrity_constraint_violation', MESSAGE = 'a phone answers an offer', TABLE =
    TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER wallet_offered BEFORE INSERT ON wallet FOR EACH ROW EXECUTE FUNCTION
    wallet_offered()
    """,
    """
    CREATE TRIGGER holder_key_form_insert BEFORE INSERT ON holder_key FOR EACH ROW WHEN (NOT
    (octet_length(NEW.thumbprint) > 0 AND NEW.wallet_id BETWEEN 0 AND 253402300799 AND
    (NEW.public_key IS NULL OR octet_length(NEW.public_key) > 0) AND (NEW.public_key IS NULL
    OR length(NEW.public_key) IN (32, 64)))) EXECUTE FUNCTION register_refuse('this is no
    row of the table')
    """,
    """
    CREATE TRIGGER prepared_form_insert BEFORE INSERT ON prepared FOR EACH ROW WHEN (NOT
    (NEW.card_id BETWEEN 0 AND 253402300799 AND NEW.reissue_id BETWEEN 0 AND 253402300799
    AND NEW.wallet_id BETWEEN 0 AND 253402300799 AND (NEW.seal IS NULL OR
    octet_length(NEW.seal) > 0) AND (NEW.live IS NULL OR octet_length(NEW.live) > 0)))
    EXECUTE FUNCTION register_refuse('this is no row of the table')
    """,
    """
    CREATE TRIGGER prepared_form_update BEFORE UPDATE ON prepared FOR EACH ROW WHEN (NOT
    (NEW.card_id BETWEEN 0 AND 253402300799 AND NEW.reissue_id BETWEEN 0 AND 253402300799
    AND NEW.wallet_id BETWEEN 0 AND 253402300799 AND (NEW.seal IS NULL OR
    octet_length(NEW.seal) > 0) AND (NEW.live IS NULL OR octet_length(NEW.live) > 0)))
    EXECUTE FUNCTION register_refuse('this is no row of the table')
    """,
    """
    CREATE TRIGGER reissue_form_insert BEFORE INSERT ON reissue FOR EACH ROW WHEN (NOT
    (NEW.opened_at BETWEEN 0 AND 253402300799 AND (NEW.seal_template IS NULL OR
    NEW.seal_template BETWEEN 0 AND 253402300799) AND (NEW.live_template IS NULL OR
    NEW.live_template BETWEEN 0 AND 253402300799) AND (NEW.sd_jwt_list IS NULL OR
    NEW.sd_jwt_list BETWEEN 0 AND 253402300799) AND NEW.last_wallet BETWEEN 0 AND
    253402300799 AND NEW.people BETWEEN 0 AND 253402300799 AND NEW.left_out BETWEEN 0 AND
    253402300799 AND (NEW.closed_at IS NULL OR NEW.closed_at BETWEEN 0 AND 253402300799)))
    EXECUTE FUNCTION register_refuse('this is no row of the table')
    """,
    """
    CREATE TRIGGER reissue_form_update BEFORE UPDATE ON reissue FOR EACH ROW WHEN (NOT
    (NEW.opened_at BETWEEN 0 AND 253402300799 AND (NEW.seal_template IS NULL OR
    NEW.seal_template BETWEEN 0 AND 253402300799) AND (NEW.live_template IS NULL OR
    NEW.live_template BETWEEN 0 AND 253402300799) AND (NEW.sd_jwt_list IS NULL OR
    NEW.sd_jwt_list BETWEEN 0 AND 253402300799) AND NEW.last_wallet BETWEEN 0 AND
    253402300799 AND NEW.people BETWEEN 0 AND 253402300799 AND NEW.left_out BETWEEN 0 AND
    253402300799 AND (NEW.closed_at IS NULL OR NEW.closed_at BETWEEN 0 AND 253402300799)))
    EXECUTE FUNCTION register_refuse('this is no row of the table')
    """,
    """
    CREATE TRIGGER reissue_part_form_insert BEFORE INSERT ON reissue_part FOR EACH ROW WHEN
    (NOT (NEW.reissue_id BETWEEN 0 AND 253402300799 AND NEW.number BETWEEN 0 AND
    253402300799 AND NEW.first_card BETWEEN 0 AND 253402300799 AND NEW.last_card BETWEEN 0
    AND 253402300799 AND octet_length(NEW.indices) > 0 AND (NEW.done_at IS NULL OR
    NEW.done_at BETWEEN 0 AND 253402300799))) EXECUTE FUNCTION register_refuse('this is no
    row of the table')
    """,
    """
    CREATE TRIGGER reissue_part_form_update BEFORE UPDATE ON reissue_part FOR EACH ROW WHEN
    (NOT (NEW.reissue_id BETWEEN 0 AND 253402300799 AND NEW.number BETWEEN 0 AND
    253402300799 AND NEW.first_card BETWEEN 0 AND 253402300799 AND NEW.last_card BETWEEN 0
    AND 253402300799 AND octet_length(NEW.indices) > 0 AND (NEW.done_at IS NULL OR
    NEW.done_at BETWEEN 0 AND 253402300799))) EXECUTE FUNCTION register_refuse('this is no
    row of the table')
    """,
    """
    CREATE TRIGGER status_index_form_insert BEFORE INSERT ON status_index FOR EACH ROW WHEN
    (NOT (NEW.list_id BETWEEN 0 AND 253402300799 AND NEW.idx BETWEEN 0 AND 253402300799 AND
    (NEW.card_id IS NULL OR NEW.card_id BETWEEN 0 AND 253402300799) AND (NEW.wallet_id IS
    NULL OR NEW.wallet_id BETWEEN 0 AND 253402300799) AND NEW.status BETWEEN 0 AND
    253402300799 AND NEW.drawn_at BETWEEN 0 AND 253402300799 AND (NEW.reissue_id IS NULL OR
    NEW.reissue_id BETWEEN 0 AND 253402300799))) EXECUTE FUNCTION register_refuse('this is
    no row of the table')
    """,
    """
    CREATE TRIGGER status_index_form_update BEFORE UPDATE ON status_index FOR EACH ROW WHEN
    (NOT (NEW.list_id BETWEEN 0 AND 253402300799 AND NEW.idx BETWEEN 0 AND 253402300799 AND
    (NEW.card_id IS NULL OR NEW.card_id BETWEEN 0 AND 253402300799) AND (NEW.wallet_id IS
    NULL OR NEW.wallet_id BETWEEN 0 AND 253402300799) AND NEW.status BETWEEN 0 AND
    253402300799 AND NEW.drawn_at BETWEEN 0 AND 253402300799 AND (NEW.reissue_id IS NULL OR
    NEW.reissue_id BETWEEN 0 AND 253402300799))) EXECUTE FUNCTION register_refuse('this is
    no row of the table')
    """,
    """
    CREATE TRIGGER status_index_fixed BEFORE UPDATE ON status_index FOR EACH ROW WHEN
    (OLD.list_id IS DISTINCT FROM NEW.list_id OR OLD.idx IS DISTINCT FROM NEW.idx OR
    OLD.card_id IS DISTINCT FROM NEW.card_id OR OLD.wallet_id IS DISTINCT FROM NEW.wallet_id
    OR OLD.drawn_at IS DISTINCT FROM NEW.drawn_at OR OLD.reissue_id IS DISTINCT FROM
    NEW.reissue_id) EXECUTE FUNCTION register_refuse('this never changes')
    """,
    """
    CREATE TRIGGER reissue_fixed BEFORE UPDATE ON reissue FOR EACH ROW WHEN (OLD.id IS
    DISTINCT FROM NEW.id OR OLD.opened_at IS DISTINCT FROM NEW.opened_at OR
    OLD.seal_template IS DISTINCT FROM NEW.seal_template OR OLD.live_template IS DISTINCT
    FROM NEW.live_template OR OLD.sd_jwt_list IS DISTINCT FROM NEW.sd_jwt_list OR
    OLD.last_wallet IS DISTINCT FROM NEW.last_wallet OR OLD.people IS DISTINCT FROM
    NEW.people OR OLD.left_out IS DISTINCT FROM NEW.left_out) EXECUTE FUNCTION
    register_refuse('this never changes')
    """,
    """
    CREATE TRIGGER reissue_part_fixed BEFORE UPDATE ON reissue_part FOR EACH ROW WHEN
    (OLD.reissue_id IS DISTINCT FROM NEW.reissue_id OR OLD.number IS DISTINCT FROM
    NEW.number OR OLD.first_card IS DISTINCT FROM NEW.first_card OR OLD.last_card IS
    DISTINCT FROM NEW.last_card OR OLD.indices IS DISTINCT FROM NEW.indices) EXECUTE
    FUNCTION register_refuse('this never changes')
    """,
    """
    CREATE TRIGGER prepared_fixed BEFORE UPDATE ON prepared FOR EACH ROW WHEN (OLD.card_id
    IS DISTINCT FROM NEW.card_id OR OLD.reissue_id IS DISTINCT FROM NEW.reissue_id OR
    OLD.wallet_id IS DISTINCT FROM NEW.wallet_id) EXECUTE FUNCTION register_refuse('this
    never changes')
    """,
    """
    CREATE TRIGGER reissue_once BEFORE UPDATE ON reissue FOR EACH ROW WHEN ((OLD.closed_at
    IS NOT NULL AND OLD.closed_at IS DISTINCT FROM NEW.closed_at)) EXECUTE FUNCTION
    register_refuse('this is set once')
    """,
    """
    CREATE TRIGGER reissue_part_once BEFORE UPDATE ON reissue_part FOR EACH ROW WHEN
    ((OLD.done_at IS NOT NULL AND OLD.done_at IS DISTINCT FROM NEW.done_at)) EXECUTE
    FUNCTION register_refuse('this is set once')
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
    CREATE TRIGGER reissue_part_kept BEFORE DELETE ON reissue_part FOR EACH ROW EXECUTE
    FUNCTION register_refuse('nothing is deleted')
    """,
    """
    CREATE FUNCTION status_index_closed() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM added WHERE
    added.card_id IS NOT NULL AND (added.list_id <= (SELECT coalesce(max(last_list), 0) FROM
    restoration) AND added.card_id IS NOT NULL)) THEN RAISE EXCEPTION USING ERRCODE =
    'integrity_constraint_violation', MESSAGE = 'the register was restored: this list gives
    no more indices', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NULL; END
    $$
    """,
    """
    CREATE TRIGGER status_index_closed AFTER INSERT ON status_index REFERENCING NEW TABLE AS
    added FOR EACH STATEMENT EXECUTE FUNCTION status_index_closed()
    """,
    """
    CREATE FUNCTION prepared_erased() RETURNS trigger LANGUAGE plpgsql SET search_path =
    pg_catalog, {schema}, pg_temp AS $$ BEGIN IF NOT (NEW.seal IS NULL AND NEW.live IS NULL
    AND NEW.sd_jwt IS NULL AND EXISTS (SELECT 1 FROM card JOIN erasure USING (person_id)
    WHERE card.id = NEW.card_id)) THEN RAISE EXCEPTION USING ERRCODE =
    'integrity_constraint_violation', MESSAGE = 'only an erasure does this', TABLE =
    TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER prepared_erased BEFORE UPDATE ON prepared FOR EACH ROW EXECUTE FUNCTION
    prepared_erased()
    """,
    """
    CREATE TRIGGER prepared_turn BEFORE INSERT OR UPDATE ON prepared FOR EACH STATEMENT
    EXECUTE FUNCTION register_turn()
    """,
    """
    CREATE TRIGGER prepared_truncate BEFORE TRUNCATE ON prepared FOR EACH STATEMENT EXECUTE
    FUNCTION register_refuse('nothing is deleted')
    """,
    """
    CREATE TRIGGER reissue_turn BEFORE INSERT OR UPDATE ON reissue FOR EACH STATEMENT
    EXECUTE FUNCTION register_turn()
    """,
    """
    CREATE TRIGGER reissue_truncate BEFORE TRUNCATE ON reissue FOR EACH STATEMENT EXECUTE
    FUNCTION register_refuse('nothing is deleted')
    """,
    """
    CREATE TRIGGER reissue_part_turn BEFORE INSERT OR UPDATE ON reissue_part FOR EACH
    STATEMENT EXECUTE FUNCTION register_turn()
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
        postgresql=[
            f"ALTER TABLE status_index DROP CONSTRAINT fk_status_index_{name}" for name in OF_AN_INDEX
        ],
    )
    op.add_column("holder_key", sa.Column("public_key", sa.LargeBinary(), nullable=True))
    _widen_indices()
    _create_tables()
    if op.get_bind().dialect.name == "sqlite":
        _widen_acts()
        _widen_orders()
    else:
        _check("act", "act", _one_of(ACTS))
        _check("staff_order", "act", _one_of(ORDERS))
        for name, condition in _of_orders().items():
            _check("staff_order", name, condition)
    both.execute(sqlite=TRIGGERS, postgresql=POSTGRES)


def _check(table: str, name: str, condition: str) -> None:
    constraint = op.f(f"ck_{table}_{name}")
    op.drop_constraint(constraint, table, type_="check")
    op.create_check_constraint(constraint, table, condition)


def _one_of(values: Sequence[str]) -> str:
    return f"act IN ({', '.join(map(repr, values))})"


def _of_orders() -> dict[str, str]:
    """What is said of orders that one person gives."""
    alone = _one_of(ALONE)
    return {
        "alone": f"decision IS NULL OR NOT ({alone})",
        "done": f"done_at IS NULL OR coalesce(decision, '') = 'confirmed' OR {alone}",
    }


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
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_prepared_card_id")),
        sa.ForeignKeyConstraint(["reissue_id"], ["reissue.id"], name=op.f("fk_prepared_reissue_id")),
        sa.PrimaryKeyConstraint("card_id", "reissue_id", name=op.f("pk_prepared")),
    )


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
        sa.CheckConstraint(_one_of(ACTS), name=op.f("ck_act_act")),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_act_card_id")),
        sa.ForeignKeyConstraint(["wallet_id"], ["wallet.id"], name=op.f("fk_act_wallet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
    )
    op.execute("INSERT INTO act_new SELECT id, at, act, card_id, wallet_id, content FROM act")
    op.drop_table("act")
    op.rename_table("act_new", "act")
    op.create_index("ix_act_card_id", "act", ["card_id"])


def _widen_orders() -> None:
    """The table with two orders more."""
    op.create_table(
        "staff_order_new",
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
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_staff_order_{name}"))
            for name, condition in _of_orders().items()
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_staff_order_asked_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_staff_order_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_order")),
        sa.UniqueConstraint("sha256", name=op.f("uq_staff_order_sha256")),
    )
    op.execute("INSERT INTO staff_order_new SELECT * FROM staff_order")
    op.drop_table("staff_order")
    op.rename_table("staff_order_new", "staff_order")
    undone = sa.text("done_at IS NULL")
    op.create_index("ix_staff_order_open", "staff_order", ["id"], sqlite_where=undone)
