"""The register's rules, held by the database against whoever writes, a console included.

They are made from `issuer.lifecycle` and `issuer.models`, once: `guards_sqlite`
and `guards_postgres` turn each into triggers. The migrations carry the text
they had when they were written, and a test holds the two together.

A rule is added here as one `Refusal` (or as an entry of `APPEND_ONLY`, `FIXED`,
`ONCE` or `SHAPES`). Its condition is written as PostgreSQL reads it, with
`IS DISTINCT FROM` for "is another, or one of them is NULL"; SQLite's `IS NOT` is
put in its place. What the two say in other words altogether is `Spelt` for each.
"""

from __future__ import annotations

from collections.abc import Iterator

from credential.codes import MAX_CODE
from issuer import guards_keeping, guards_orders, print_models
from issuer.gates import MAX_NUMBER
from issuer.guard_kinds import Follower, Form, Refusal, Rule
from issuer.guards_number import BAD_NUMBER, Spelt
from issuer.lifecycle import BORN, REISSUED, STATUS, TRANSITIONS, CardState, ListKind
from issuer.models import METADATA, one_of
from issuer.rejection_reasons import MAX_NOTE
from revocation.status_list import Status
from trust.fields import MAX_TEXT
from trust.publication import MAX_AHEAD

APPEND_ONLY = (
    *("holder_key", "signing_key", "stolen_key", "published_key", "template", "code"),
    *("act", "audit", "published_list", "publication", "written_publication", "rejection"),
    *("erasure", "restoration"),
    *print_models.APPEND_ONLY,
)
FIXED = {
    "person": "id created_at",
    "card": "id person_id replaces_id created_at",
    "wallet": "id card_id created_at",
    "offer": "nonce_sha256 card_id created_at expires_at",
    "status_list": "id name uri kind kid",
    "purpose": "name permitted km en",
    "status_index": "list_id idx card_id wallet_id drawn_at reissue_id",
    "reissue": "id opened_at seal_template live_template sd_jwt_list last_wallet people left_out",
    "reissue_part": "reissue_id number first_card last_card indices",
    "prepared": "card_id reissue_id wallet_id",
    "staff": "id name roles public_jwk created_at",
    "staff_order": "id act document sha256 asked_by asked_at asked_signature",
    **print_models.FIXED,
}
"""Columns that never change."""
ONCE = {
    "card": "number valid_from valid_until seal_template",
    "wallet": "ended_at",
    "offer": "closed_at",
    "reissue": "closed_at",
    "reissue_part": "done_at",
    "staff": "ended_at",
    "staff_order": "decision decided_by decided_at decision_signature done_at",
    **print_models.ONCE,
}
"""Columns that change once, from NULL."""

_STATUS_STEPS = (
    (Status.NOT_ACTIVE, Status.VALID),
    (Status.VALID, Status.SUSPENDED),
    (Status.SUSPENDED, Status.VALID),
)
"""Beside these, every status may become INVALID, and INVALID nothing else."""

MAX_WHOLE = 253_402_300_799
"""The last second of the year 9999: no later time can be written out, and no other number comes near."""
_TITLED = tuple(f"length(NEW.{column}) BETWEEN 1 AND {MAX_TEXT}" for column in ("km", "en"))
_WORDS = tuple(
    Spelt(f"NEW.{column} NOT GLOB '*[^!-~ ]*'", f"NEW.{column} COLLATE \"C\" !~ '[^!-~ ]'")
    for column in ("purposes", "claims")
)
SHAPES: dict[str, tuple[str | Spelt, ...]] = {
    "holder_key": ("(NEW.public_key IS NULL OR length(NEW.public_key) IN (32, 64))",),
    "code": (f"NEW.code <= {MAX_CODE}", *_TITLED),
    "purpose": (
        Spelt("NEW.name GLOB '[a-z]*'", "NEW.name COLLATE \"C\" ~ '^[a-z]'"),
        Spelt("NEW.name NOT GLOB '*[^a-z0-9_-]*'", "NEW.name COLLATE \"C\" !~ '[^a-z0-9_-]'"),
        "length(NEW.name) <= 40",
        *_TITLED,
    ),
    "rejection": (f"length(NEW.note) <= {MAX_NOTE}",),
    "relying_party": (f"NEW.number BETWEEN 1 AND {MAX_NUMBER}", *_TITLED, *_WORDS),
}
"""What custodians could not sign otherwise (`trust.documents`), as far as SQL can say it."""


ALWAYS = "1"
"""The condition that holds for every row."""
NOT_DELETED = "nothing is deleted"
NOT_GIVEN = "the register numbers its rows"
_CARD = "SELECT 1 FROM card WHERE id = NEW.card_id FOR SHARE"
_OPEN = "SELECT 1 FROM reissue WHERE reissue.id = NEW.reissue_id AND closed_at IS NULL"
_PHONE = "SELECT 1 FROM wallet WHERE id = NEW.wallet_id FOR SHARE"
_PHONE_ALONE = "SELECT 1 FROM wallet WHERE id = NEW.wallet_id FOR NO KEY UPDATE"


def rules() -> list[Rule]:
    """Every rule that both databases hold; each has a name of its own."""
    groups = (
        *(_card, _status, _acts, _wallet, _printing, _keys_of_seals, _reissues, _published),
        *(guards_orders.rules, _formed, _unchanging, _undeletable, _keeping),
    )
    return [rule for group in groups for rule in group()]


def _refuse(
    name: str,
    event: str,
    table: str,
    when: str | Spelt,
    message: str,
    *,
    settle: str = "",
    given: str = "",
    together: bool = False,
) -> Refusal:
    return Refusal(
        name=name,
        event=event,
        table=table,
        when=when,
        message=message,
        settle=settle,
        given=given,
        together=together,
    )


def _card() -> Iterator[Rule]:
    steps = one_of("OLD.state || '>' || NEW.state", (f"{a}>{b}" for a, b in TRANSITIONS))
    yield _refuse(
        "card_step",
        "UPDATE OF state",
        "card",
        f"OLD.state <> NEW.state AND NOT ({steps})",
        "illegal transition",
    )
    replacement = f"(NEW.state = '{CardState.APPROVED}') <> (NEW.replaces_id IS NOT NULL)"
    born = f"NOT ({one_of('NEW.state', BORN)}) OR {replacement}"
    yield _refuse("card_birth", "INSERT", "card", born, "a card begins as an application or a replacement")
    own = f"id = NEW.replaces_id AND person_id = NEW.person_id AND state = '{CardState.REPLACED}'"
    rejected = f"(SELECT state FROM card WHERE id = NEW.card_id) IS DISTINCT FROM '{CardState.REJECTED}'"  # noqa: S608
    yield _refuse(
        "rejection_card", "INSERT", "rejection", rejected, "of a rejected application", settle=_CARD
    )
    yield _refuse(
        "card_replaces",
        "INSERT",
        "card",
        f"NEW.replaces_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM card WHERE {own})",  # noqa: S608
        "a card replaces one of the same person that was replaced",
        given="NEW.replaces_id IS NOT NULL",
    )
    for event, name in (("INSERT", "insert"), ("UPDATE OF number", "update")):
        yield _refuse(f"card_number_{name}", event, "card", BAD_NUMBER, "this is no card number")
    for status in Status:
        states = one_of("NEW.state", (state for state, meant in STATUS.items() if meant is status))
        yield Follower(
            name=f"card_status_{int(status)}",
            column="state",
            table="card",
            when=f"OLD.state <> NEW.state AND {states}",
            status=status,
            owner="card_id",
        )


def _status() -> Iterator[Rule]:
    invalid = int(Status.INVALID)
    steps = " OR ".join(f"(OLD.status = {int(a)} AND NEW.status = {int(b)})" for a, b in _STATUS_STEPS)
    yield _refuse(
        "status_index_step",
        "UPDATE OF status",
        "status_index",
        f"OLD.status <> NEW.status AND (OLD.status = {invalid} OR NOT (NEW.status = {invalid} OR {steps}))",
        "illegal status",
    )
    cases = " ".join(f"WHEN '{state}' THEN {int(status)}" for state, status in sorted(STATUS.items()))
    stands = f"(SELECT CASE state {cases} END FROM card WHERE id = NEW.card_id)"  # noqa: S608
    for event, name in (("INSERT", "insert"), ("UPDATE OF status", "update")):
        yield _refuse(
            f"status_index_{name}",
            event,
            "status_index",
            f"NEW.card_id IS NOT NULL AND NEW.status <> {invalid} AND NEW.status IS DISTINCT FROM {stands}",
            "an index says what its card says",
            settle=_CARD,
            given="NEW.card_id IS NOT NULL",
            together=event == "INSERT",
        )
    ended = "SELECT 1 FROM wallet WHERE id = NEW.wallet_id AND ended_at IS NOT NULL"
    yield _refuse(
        "status_index_ended",
        "INSERT",
        "status_index",
        f"NEW.wallet_id IS NOT NULL AND NEW.status <> {invalid} AND EXISTS ({ended})",
        "an index says what its phone says",
        settle=_PHONE,
        given="NEW.wallet_id IS NOT NULL",
        together=True,
    )
    kind = "(SELECT kind FROM status_list WHERE id = NEW.list_id)"
    owner = (
        "CASE WHEN NEW.wallet_id IS NULL "
        "THEN (SELECT id FROM card WHERE id = NEW.card_id AND number IS NOT NULL) "
        "ELSE (SELECT card_id FROM wallet WHERE id = NEW.wallet_id) END"
    )
    yield _refuse(
        "status_index_owner",
        "INSERT",
        "status_index",
        f"{kind} IS NULL OR NEW.card_id IS NOT NULL AND ((NEW.wallet_id IS NULL) <> ({kind} = 'seal') "
        f"OR {owner} IS DISTINCT FROM NEW.card_id)",
        "an index belongs to a list, and to a seal or to a wallet of its card",
        together=True,
    )
    yield _refuse(
        "status_list_sequence",
        "UPDATE OF sequence",
        "status_list",
        "NEW.sequence NOT IN (OLD.sequence, OLD.sequence + 1)",
        "a sequence goes on by one",
    )
    yield _refuse("status_list_birth", "INSERT", "status_list", "NEW.sequence <> 0", "a list begins at 0")
    same = "list_id = NEW.list_id AND wallet_id = NEW.wallet_id AND reissue_id IS NULL"
    yield _refuse(
        "status_index_second",
        "INSERT",
        "status_index",
        f"NEW.reissue_id IS NULL AND EXISTS (SELECT 1 FROM status_index WHERE {same})",  # noqa: S608
        "a wallet has one index in a list",
        settle=_PHONE_ALONE,
        given="NEW.wallet_id IS NOT NULL AND NEW.reissue_id IS NULL",
    )
    yield _refuse(
        "status_index_reissue",
        "INSERT",
        "status_index",
        f"NEW.reissue_id IS NOT NULL AND NOT EXISTS ({_OPEN})",
        "a further index belongs to an open re-issue",
        given="NEW.reissue_id IS NOT NULL",
        together=True,
    )


def _acts() -> Iterator[Rule]:
    message = "an act is one of a card, or of a phone of it"
    missing = "NOT EXISTS (SELECT 1 FROM card WHERE id = NEW.card_id)"
    yield _refuse("act_card", "INSERT", "act", missing, message, together=True)
    theirs = "SELECT 1 FROM wallet WHERE id = NEW.wallet_id AND card_id = NEW.card_id"
    yield _refuse(
        "act_wallet",
        "INSERT",
        "act",
        f"NEW.wallet_id IS NOT NULL AND NOT EXISTS ({theirs})",
        message,
        given="NEW.wallet_id IS NOT NULL",
        together=True,
    )


def _wallet() -> Iterator[Rule]:
    yield Follower(
        name="wallet_status",
        column="ended_at",
        table="wallet",
        when="NEW.ended_at IS NOT NULL",
        status=Status.INVALID,
        owner="wallet_id",
    )
    active = f"(SELECT state FROM card WHERE id = NEW.card_id) IS DISTINCT FROM '{CardState.ACTIVE}'"  # noqa: S608
    for table in ("wallet", "offer"):
        yield _refuse(f"{table}_card", "INSERT", table, active, "only an active card", settle=_CARD)


def _printing() -> Iterator[Rule]:
    ordered = f"(SELECT state FROM card WHERE id = NEW.card_id) IS DISTINCT FROM '{CardState.IN_BATCH}'"  # noqa: S608
    yield _refuse("print_row_card", "INSERT", "print_row", ordered, "only a card in a batch", settle=_CARD)


def _keys_of_seals() -> Iterator[Rule]:
    made = "SELECT 1 FROM template JOIN stolen_key USING (kid) WHERE number = NEW.seal_template"
    for event, name in (("INSERT", "insert"), ("UPDATE OF seal_template", "update")):
        yield _refuse(
            f"card_seal_{name}",
            event,
            "card",
            f"EXISTS ({made})",
            "this seal key was stolen",
            given="NEW.seal_template IS NOT NULL",
        )


def _reissues() -> Iterator[Rule]:
    another = "EXISTS (SELECT 1 FROM reissue WHERE closed_at IS NULL)"
    yield _refuse("reissue_birth", "INSERT", "reissue", another, "another re-issue is open")
    lists = {
        ListKind.SEAL: "JOIN template ON list_id = id WHERE number = NEW.seal_template",
        ListKind.LIVE: "JOIN template ON list_id = id WHERE number = NEW.live_template",
        ListKind.SD_JWT: "WHERE id = NEW.sd_jwt_list",
    }
    found = ((kind, f"SELECT kind FROM status_list {where}") for kind, where in lists.items())  # noqa: S608
    other = " OR ".join(f"({kinds}) <> '{kind}'" for kind, kinds in found)
    yield _refuse("reissue_kinds", "INSERT", "reissue", other, "a re-issue makes each kind with its own")
    held = (
        f"SELECT 1 FROM wallet JOIN card ON card.id = card_id WHERE wallet.id = NEW.wallet_id "  # noqa: S608
        f"AND card.id = NEW.card_id AND ended_at IS NULL AND {one_of('state', REISSUED)}"
    )
    message = "an open re-issue makes credentials for phones of cards that stand"
    # Two rules: PostgreSQL joins what one NOT EXISTS asks, and asks of each row what two in one condition do.
    yield _refuse("prepared_open", "INSERT", "prepared", f"NOT EXISTS ({_OPEN})", message, together=True)
    yield _refuse(
        *("prepared_card", "INSERT", "prepared", f"NOT EXISTS ({held})", message),
        settle=_CARD,
        together=True,
    )
    made = "SELECT 1 FROM reissue JOIN template ON number = seal_template JOIN stolen_key USING (kid)"
    yield _refuse(
        "prepared_seal",
        "INSERT",
        "prepared",
        f"NEW.seal IS NOT NULL AND EXISTS ({made} WHERE reissue.id = NEW.reissue_id)",
        "this seal key was stolen",
        given="NEW.seal IS NOT NULL",
        together=True,
    )


def _published() -> Iterator[Rule]:
    present = "(SELECT sequence FROM status_list WHERE id = NEW.list_id)"
    yield _refuse(
        "published_list_sequence",
        "INSERT",
        "published_list",
        f"NEW.sequence IS DISTINCT FROM {present} OR NEW.issued_at >= NEW.expires_at",
        "a list is published as it stands",
    )
    last = "(SELECT coalesce(max(version), 0) FROM publication)"
    yield _refuse(
        "publication_version",
        "INSERT",
        "publication",
        f"NEW.version NOT BETWEEN {last} + 1 AND {last} + {MAX_AHEAD + 1}",
        "a version follows the last one",
    )
    begins = "(SELECT not_before FROM signing_key WHERE kid = NEW.kid)"
    links = "(SELECT coalesce(max(seq), 0) FROM audit)"
    yield _refuse("audit_seq", "INSERT", "audit", f"NEW.seq <> {links} + 1", "a link follows the last one")
    yield _refuse(
        "published_key_time", "INSERT", "published_key", f"NEW.at < {begins}", "there was no such key then"
    )


def _formed() -> Iterator[Rule]:
    """Types, foreign keys (a console has them off) and the shapes of what custodians sign."""
    for table in sorted(METADATA.tables):
        for event in ("INSERT",) if table in APPEND_ONLY else ("INSERT", "UPDATE"):
            yield Form(name=f"{table}_form_{event.lower()}", event=event, table=table)


def _unchanging() -> Iterator[Rule]:
    for table in APPEND_ONLY:
        yield _refuse(f"{table}_append_only", "UPDATE", table, ALWAYS, "append only")
    for table, columns in FIXED.items():
        changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns.split())
        yield _refuse(f"{table}_fixed", "UPDATE", table, changed, "this never changes")
    for table, columns in ONCE.items():
        changed = " OR ".join(
            f"(OLD.{column} IS NOT NULL AND OLD.{column} IS DISTINCT FROM NEW.{column})"
            for column in columns.split()
        )
        yield _refuse(f"{table}_once", "UPDATE", table, changed, "this is set once")


def _undeletable() -> Iterator[Rule]:
    for table in sorted(METADATA.tables):
        yield _refuse(f"{table}_kept", "DELETE", table, ALWAYS, NOT_DELETED)


def _keeping() -> Iterator[Rule]:
    """Of erasure, and of a register that was restored."""
    person = "SELECT 1 FROM person WHERE id = NEW.person_id FOR UPDATE"
    yield _refuse("person_erased", "UPDATE", "person", guards_keeping.PERSON, "only an erasure does this")
    yield _refuse("card_seal_once", "UPDATE OF seal", "card", guards_keeping.SEAL, "this is set once")
    yield _refuse(
        "erasure_living",
        "INSERT",
        "erasure",
        guards_keeping.LIVING,
        "who has a card is not erased",
        settle=person,
    )
    yield _refuse(
        "card_erased", "INSERT", "card", guards_keeping.NEW_CARD, "who was erased gets no card", settle=person
    )
    yield _refuse(
        "status_index_closed",
        "INSERT",
        "status_index",
        guards_keeping.CLOSED,
        "the register was restored: this list gives no more indices",
        given="NEW.card_id IS NOT NULL",
        together=True,
    )
    yield _refuse(
        "prepared_erased", "UPDATE", "prepared", guards_keeping.PREPARED, "only an erasure does this"
    )
