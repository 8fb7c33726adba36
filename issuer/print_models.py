"""The register's tables of printing: agencies' codes, banks, printing keys, orders, batches, reports."""

# No `from __future__ import annotations` here: SQLModel reads the annotations.

from typing import ClassVar

from sqlalchemy import BigInteger, Index, LargeBinary, MetaData, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from issuer.models import METADATA

APPEND_ONLY = ("agency", "bank_key", "print_order", "print_batch", "print_report")
FIXED = {"printing_key": "kid public_jwk made_at", "print_row": "order_id sequence card_id"}
ONCE = {"printing_key": "stolen_at", "print_row": "returned_at"}
"""As `issuer.guards` has them."""
_LIVING = text("returned_at IS NULL")


class _Table(SQLModel):
    metadata: ClassVar[MetaData] = METADATA


class AgencyRow(_Table, table=True):
    """The code of an agency, by its name as applications write it. Two spellings may have one code."""

    __tablename__ = "agency"

    name: str = Field(primary_key=True)
    code: str = Field(index=True)


class BankKeyRow(_Table, table=True):
    """The public keys of a bank, a JWK Set; the newest of a bank's rows counts for what is ordered now."""

    __tablename__ = "bank_key"

    id: int | None = Field(default=None, primary_key=True)
    bank: str
    jwks: str = Field(unique=True)
    added_at: int = Field(sa_type=BigInteger)


class PrintingKey(_Table, table=True):
    """The public half of a key that signs batches for banks; its secret is a file of the home.

    No gate believes it, so no trust list names it: it has a table of its own.
    """

    __tablename__ = "printing_key"

    kid: str = Field(primary_key=True)
    public_jwk: str = Field(unique=True)
    made_at: int = Field(sa_type=BigInteger)
    stolen_at: int | None = Field(default=None, sa_type=BigInteger)


class PrintOrderRow(_Table, table=True):
    """What one bank is to print: a number that people say, and the bank's name."""

    __tablename__ = "print_order"

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True)
    bank: str
    ordered_at: int = Field(sa_type=BigInteger)


class PrintRow(_Table, table=True):
    """A card of an order, in its place from 1 on, until it is returned: a card is in one order at a time."""

    __tablename__ = "print_row"
    __table_args__ = (
        UniqueConstraint("order_id", "card_id"),
        Index("uq_print_row_living", "card_id", unique=True, sqlite_where=_LIVING, postgresql_where=_LIVING),
    )

    order_id: int = Field(primary_key=True, foreign_key="print_order.id")
    sequence: int = Field(primary_key=True)
    card_id: int = Field(foreign_key="card.id")
    returned_at: int | None = Field(default=None, sa_type=BigInteger)


class PrintBatch(_Table, table=True):
    """One sealed file of an order, by the digest in its letter: which of the order's rows, for which key."""

    __tablename__ = "print_batch"

    sha256: bytes = Field(primary_key=True, sa_type=LargeBinary)
    order_id: int = Field(foreign_key="print_order.id", index=True)
    bank_key_id: int = Field(foreign_key="bank_key.id")
    kid: str = Field(foreign_key="printing_key.kid")
    rows: str  # as `orders.write_ranges` has them
    made_at: int = Field(sa_type=BigInteger)


class PrintReportRow(_Table, table=True):
    """A bank's report that was taken, by the digest of what it signed; `at` is what it says of its time."""

    __tablename__ = "print_report"

    sha256: bytes = Field(primary_key=True, sa_type=LargeBinary)
    order_id: int = Field(foreign_key="print_order.id", index=True)
    at: int = Field(sa_type=BigInteger)
    taken_at: int = Field(sa_type=BigInteger)
