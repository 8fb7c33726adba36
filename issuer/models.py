"""The register's tables, held by the database itself: constraints here, triggers in `issuer.guards`.

SQLModel does not validate what goes into a table, so rows are made from values
that were checked before. Times are epoch seconds; days are dates. Nothing is
ever deleted.
"""

# No `from __future__ import annotations` here: SQLModel reads the annotations.

from collections.abc import Iterable, Iterator
from datetime import date
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, MetaData, text
from sqlmodel import Field, SQLModel

from credential.codes import TABLES
from issuer.duties import ALONE, Order
from issuer.lifecycle import FINAL, UNNUMBERED, Act, CardState, ListKind
from issuer.orders import Decision
from issuer.rejection_reasons import RejectionReason
from revocation.status_list import Status

LIST_SIZE = 1 << 18
"""Entries of every status list (design.md, "Keys and trust")."""
KEY_KINDS = ("live", "sd-jwt", "seal", "status-cwt")

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def one_of(column: str, values: Iterable[str]) -> str:
    """The SQL condition that `column` holds one of `values`."""
    return f"{column} IN ({', '.join(repr(str(value)) for value in sorted(values))})"


def _check(name: str, condition: str) -> CheckConstraint:
    return CheckConstraint(condition, name=name)


def _index_where(name: str, condition: str, *columns: str, unique: bool = False) -> Index:
    where = text(condition)
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


def _unique_where(name: str, column: str, condition: str) -> Index:
    return _index_where(name, condition, column, unique=True)


def _held_by_rules(**targets: str) -> Iterator[ForeignKeyConstraint]:
    """Foreign keys, column → table, that PostgreSQL would ask about row by row, longer than the rows take.

    There a rule looks at all rows of a statement (`guards`); and nothing is deleted, nor numbered anew.
    """
    for column, table in targets.items():
        yield ForeignKeyConstraint([column], [f"{table}.id"]).ddl_if(dialect="sqlite")


class _Table(SQLModel):
    metadata: ClassVar[MetaData] = METADATA


class Person(_Table, table=True):
    """One civil servant, by the ministry's employee number."""

    __table_args__ = (_check("one_position", "(position_code IS NULL) <> (position_text IS NULL)"),)

    id: int | None = Field(default=None, primary_key=True)
    employee_id: str = Field(unique=True)
    name_km: str
    name_la: str
    date_of_birth: date
    ministry: int
    position_code: int | None
    position_text: str | None
    grade: int
    agency: str
    employment_status: str
    photo_sha256: bytes | None = Field(sa_type=LargeBinary)
    created_at: int = Field(sa_type=BigInteger)
    salt: bytes | None = Field(default=None, sa_type=LargeBinary)  # of the digests in `act.content`


class Erasure(_Table, table=True):
    """A person whose data were erased, and when (`issuer.erasure`); their cards had all ended."""

    person_id: int = Field(primary_key=True, foreign_key="person.id")
    at: int = Field(sa_type=BigInteger)


class Card(_Table, table=True):
    """An application and the card that comes of it: one row for one whole life (`issuer.lifecycle`)."""

    __table_args__ = (
        _check("state", one_of("state", CardState)),
        _check("numbered", f"({one_of('state', UNNUMBERED)}) = (number IS NULL)"),
        _check("sealed", "(number IS NULL) = (seal IS NULL) AND (seal IS NULL) = (seal_template IS NULL)"),
        _check(
            "dated", "(number IS NULL) = (valid_from IS NULL) AND (number IS NULL) = (valid_until IS NULL)"
        ),
        _unique_where("uq_card_living", "person_id", f"NOT ({one_of('state', FINAL)})"),
        Index("ix_card_state", "state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    state: str
    number: str | None = Field(default=None, unique=True)
    valid_from: date | None = None
    valid_until: date | None = None
    seal: bytes | None = Field(default=None, sa_type=LargeBinary)
    seal_template: int | None = Field(default=None, foreign_key="template.number")
    replaces_id: int | None = Field(default=None, foreign_key="card.id", unique=True)
    created_at: int = Field(sa_type=BigInteger)
    changed_at: int = Field(sa_type=BigInteger)


class Rejection(_Table, table=True):
    """Why an application was rejected; `salt` is that of its digest in `act.content`."""

    __table_args__ = (_check("reason", one_of("reason", RejectionReason)),)

    card_id: int = Field(primary_key=True, foreign_key="card.id")
    reason: str
    note: str = ""
    salt: bytes = Field(sa_type=LargeBinary)


class Wallet(_Table, table=True):
    """One enrolment of a phone for a card: two credentials, each with a holder key of its own."""

    __table_args__ = (_unique_where("uq_wallet_living", "card_id", "ended_at IS NULL"),)

    id: int | None = Field(default=None, primary_key=True)
    card_id: int = Field(foreign_key="card.id", index=True)
    created_at: int = Field(sa_type=BigInteger)
    ended_at: int | None = Field(default=None, sa_type=BigInteger)


class HolderKey(_Table, table=True):
    """The RFC 7638 thumbprint of every holder key ever bound: none is bound twice.

    `public_key` is `PublicKey.raw`, whose length tells the algorithm; without it (of those
    bound before it was kept) nothing can be issued again unless the phone asks.
    """

    __tablename__ = "holder_key"
    __table_args__ = (_check("kind", one_of("kind", ("live", "sd-jwt"))),)

    thumbprint: bytes = Field(primary_key=True, sa_type=LargeBinary)
    wallet_id: int = Field(foreign_key="wallet.id", index=True)
    kind: str
    public_key: bytes | None = Field(default=None, sa_type=LargeBinary)


class Offer(_Table, table=True):
    """One offer of credentials, known by the SHA-256 of its nonce; closed once and for all."""

    __table_args__ = (_unique_where("uq_offer_open", "card_id", "closed_at IS NULL"),)

    nonce_sha256: bytes = Field(primary_key=True, sa_type=LargeBinary)
    card_id: int = Field(foreign_key="card.id", index=True)
    created_at: int = Field(sa_type=BigInteger)
    expires_at: int = Field(sa_type=BigInteger)
    closed_at: int | None = Field(default=None, sa_type=BigInteger)


class SigningKey(_Table, table=True):
    """The public half of an issuing key, pinned to its one kind and credential type.

    Its secret is a file of the home. It issues until `issue_until` and signs
    lists until `not_after`. A status key has no type (an empty `vct`).
    """

    __tablename__ = "signing_key"
    __table_args__ = (
        _check("kind", one_of("kind", KEY_KINDS)),
        _check("window", "not_before < issue_until AND issue_until <= not_after"),
    )

    kid: str = Field(primary_key=True)
    kind: str
    vct: str
    public_jwk: str = Field(unique=True)
    not_before: int = Field(sa_type=BigInteger)
    issue_until: int = Field(sa_type=BigInteger)
    not_after: int = Field(sa_type=BigInteger)


class StolenKey(_Table, table=True):
    """A signing key that others may hold, since when it is known: it issues nothing any more."""

    __tablename__ = "stolen_key"

    kid: str = Field(primary_key=True, foreign_key="signing_key.kid")
    at: int = Field(sa_type=BigInteger)


class PublishedKey(_Table, table=True):
    """A key that publications carry, since when."""

    __tablename__ = "published_key"

    kid: str = Field(primary_key=True, foreign_key="signing_key.kid")
    at: int = Field(sa_type=BigInteger)


class Restoration(_Table, table=True):
    """A time that the register was restored from a backup, and what may have been given out and lost since.

    No index is drawn any more from lists up to `last_list`; lists and templates
    that are made later have numbers above `list_floor` and `template_floor`. `links`
    is how long the audit chain of the backup was. A complete backup leaves them 0.
    """

    number: int = Field(primary_key=True)
    at: int = Field(sa_type=BigInteger)
    links: int
    last_list: int
    list_floor: int
    template_floor: int


class StatusList(_Table, table=True):
    """One status list of `LIST_SIZE` two-bit entries.

    `kid` signs a list of SD-JWT VCs; the others are signed by the status key in use (`issuer.key_use`).
    """

    __tablename__ = "status_list"
    __table_args__ = (_check("kind", one_of("kind", ListKind)),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    uri: str = Field(unique=True)
    kind: str
    kid: str = Field(foreign_key="signing_key.kid")
    sequence: int = 0


class StatusIndex(_Table, table=True):
    """One index that was drawn. An index without a card is a decoy. None is ever drawn again.

    One of a credential that was issued again in bulk names that re-issue (a trigger knows it),
    and has no other of the same card beside it. A first one names none, and NULL is like no other.
    """

    __tablename__ = "status_index"
    __table_args__ = (
        _check("range", f"idx BETWEEN 0 AND {LIST_SIZE - 1}"),
        _check("status", f"status IN ({', '.join(str(int(status)) for status in Status)})"),
        _check("owned", "card_id IS NOT NULL OR wallet_id IS NULL"),
        _unique_where(
            "uq_status_index_seal",
            "card_id",
            "card_id IS NOT NULL AND wallet_id IS NULL AND reissue_id IS NULL",
        ),
        Index("uq_status_index_reissue", "card_id", "reissue_id", "list_id", unique=True),
        _index_where("ix_status_index_changed", "status <> 0", "list_id", "idx", "status"),
        *_held_by_rules(list_id="status_list", card_id="card", wallet_id="wallet"),
        {"sqlite_with_rowid": False},
    )

    list_id: int = Field(primary_key=True)
    idx: int = Field(primary_key=True)
    card_id: int | None = None
    wallet_id: int | None = Field(default=None, index=True)
    status: int
    drawn_at: int = Field(sa_type=BigInteger)
    reissue_id: int | None = None


class TemplateRow(_Table, table=True):
    """One numbered template of QR credentials, as it is published, and the list it points into."""

    __tablename__ = "template"

    number: int = Field(primary_key=True)
    kid: str = Field(foreign_key="signing_key.kid")
    list_id: int = Field(foreign_key="status_list.id")
    document: str


class Code(_Table, table=True):
    """One entry of the code tables: never changed, never taken away."""

    __table_args__ = (_check("kind", one_of("kind", TABLES)),)

    kind: str = Field(primary_key=True)
    code: int = Field(primary_key=True)
    km: str
    en: str


class PurposeRow(_Table, table=True):
    """A purpose that a presentation may, or may not, be asked for."""

    __tablename__ = "purpose"

    name: str = Field(primary_key=True)
    permitted: bool
    km: str
    en: str


class RelyingPartyRow(_Table, table=True):
    """A registered gate or bank; `purposes` and `claims` are names with spaces between."""

    __tablename__ = "relying_party"

    number: int = Field(primary_key=True)
    km: str
    en: str
    purposes: str
    claims: str


class ActRow(_Table, table=True):
    """What was done to which card, when: appended to, never rewritten. Holds no personal data.

    `content` is the SHA-256 of what the act wrote (`issuer.contents`).
    """

    __tablename__ = "act"
    __table_args__ = (
        _check("act", one_of("act", Act)),
        Index("ix_act_card_id", "card_id"),
        *_held_by_rules(card_id="card", wallet_id="wallet"),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: int = Field(sa_type=BigInteger)
    act: str
    card_id: int
    wallet_id: int | None = None
    content: bytes | None = Field(default=None, sa_type=LargeBinary)


class Reissue(_Table, table=True):
    """One re-issue of the credentials of all who have a phone: with what, for how many; open until closed.

    `people` were counted at its opening, of the wallets up to `last_wallet`; `left_out` hold keys
    that the register did not keep.
    """

    __table_args__ = (
        _check("kinds", "coalesce(seal_template, live_template, sd_jwt_list) IS NOT NULL"),
        _check("closed", "closed_at >= opened_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    opened_at: int = Field(sa_type=BigInteger)
    seal_template: int | None = Field(default=None, foreign_key="template.number")
    live_template: int | None = Field(default=None, foreign_key="template.number")
    sd_jwt_list: int | None = Field(default=None, foreign_key="status_list.id")
    last_wallet: int
    people: int
    left_out: int
    closed_at: int | None = Field(default=None, sa_type=BigInteger)


class ReissuePart(_Table, table=True):
    """A part of a re-issue, done as a whole: the cards from one number to another.

    `indices` are reserved for them: of each list in turn, four bytes each, little-endian.
    """

    __tablename__ = "reissue_part"

    reissue_id: int = Field(primary_key=True, foreign_key="reissue.id")
    number: int = Field(primary_key=True)
    first_card: int
    last_card: int
    indices: bytes = Field(sa_type=LargeBinary)
    done_at: int | None = Field(default=None, sa_type=BigInteger)


class Prepared(_Table, table=True):
    """What a re-issue made for a card: its further seal, and the credentials that wait for its phone."""

    __table_args__ = (*_held_by_rules(card_id="card", reissue_id="reissue"),)

    card_id: int = Field(primary_key=True)
    reissue_id: int = Field(primary_key=True)
    wallet_id: int
    seal: bytes | None = Field(default=None, sa_type=LargeBinary)
    live: bytes | None = Field(default=None, sa_type=LargeBinary)
    sd_jwt: str | None = None


class AuditRow(_Table, table=True):
    """A link of the audit chain (`issuer.chain`): what one command did, over the link before."""

    __tablename__ = "audit"

    seq: int = Field(primary_key=True)
    at: int = Field(sa_type=BigInteger)
    entry: str
    sha256: bytes = Field(sa_type=LargeBinary)


class PublishedList(_Table, table=True):
    """A status list or a delta as it was signed. `sequence` counts both, per list."""

    __tablename__ = "published_list"
    __table_args__ = (_check("form", one_of("form", ("cwt", "jwt", "delta"))),)

    list_id: int = Field(primary_key=True, foreign_key="status_list.id")
    sequence: int = Field(primary_key=True)
    form: str
    kid: str = Field(foreign_key="signing_key.kid")
    token: bytes = Field(sa_type=LargeBinary)
    issued_at: int = Field(sa_type=BigInteger)
    expires_at: int = Field(sa_type=BigInteger)


class PublicationRow(_Table, table=True):
    """A version of the online metadata that was reserved, before anything of it was written."""

    __tablename__ = "publication"

    version: int = Field(primary_key=True)
    at: int = Field(sa_type=BigInteger)


class WrittenPublication(_Table, table=True):
    """A version of the online metadata that was wholly written, and when: another was cut short."""

    __tablename__ = "written_publication"

    version: int = Field(primary_key=True, foreign_key="publication.version")
    at: int = Field(sa_type=BigInteger)


class Staff(_Table, table=True):
    """A member of staff: the name and key that stand under what they order, and their roles.

    `roles` are names of `issuer.duties.Role` with spaces between. Who comes
    back, or gets other roles, gets another name and key.
    """

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    roles: str
    public_jwk: str = Field(unique=True)
    created_at: int = Field(sa_type=BigInteger)
    ended_at: int | None = Field(default=None, sa_type=BigInteger)


class StaffOrder(_Table, table=True):
    """An order (`issuer.orders`): who asked for it, who decided on it, when it was carried out.

    One that takes two people waits until another has confirmed it. It is open,
    and cards may be changed under it, until it is done.
    """

    __tablename__ = "staff_order"
    __table_args__ = (
        _check("act", one_of("act", Order)),
        _check("decision", f"decision IS NULL OR {one_of('decision', Decision)}"),
        _check(
            "decided",
            "(decision IS NULL) = (decided_by IS NULL) AND (decision IS NULL) = (decided_at IS NULL) "
            "AND (decision IS NULL) = (decision_signature IS NULL)",
        ),
        _check("two_people", "(decided_by = asked_by) = (decision = 'withdrawn')"),
        _check("alone", f"decision IS NULL OR NOT ({one_of('act', ALONE)})"),
        _check("done", f"done_at IS NULL OR coalesce(decision, '') = 'confirmed' OR {one_of('act', ALONE)}"),
        _index_where("ix_staff_order_open", "done_at IS NULL", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    act: str
    document: str
    sha256: bytes = Field(unique=True, sa_type=LargeBinary)
    asked_by: int = Field(foreign_key="staff.id")
    asked_at: int = Field(sa_type=BigInteger)
    asked_signature: bytes = Field(sa_type=LargeBinary)
    decision: str | None = None
    decided_by: int | None = Field(default=None, foreign_key="staff.id")
    decided_at: int | None = Field(default=None, sa_type=BigInteger)
    decision_signature: bytes | None = Field(default=None, sa_type=LargeBinary)
    done_at: int | None = Field(default=None, sa_type=BigInteger)
