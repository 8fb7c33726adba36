"""The banks that print cards: their public keys, of which the newest count for what is ordered now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, select

from credential.claims import check_text
from did import strict_json
from issuer.bank_keys import BankPublic, kid
from issuer.errors import IssuerError
from issuer.orders import Written
from issuer.print_models import BankKeyRow


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank with one pair of its keys; `id` is the register's, `added_at` in epoch seconds."""

    id: int
    name: str
    public: BankPublic
    added_at: int


def add(session: Session, name: str, public: BankPublic, *, now: int) -> Bank:
    """Registers a bank, or new keys of one that is known: those before end. The same again changes nothing.

    Raises:
        IssuerError, CredentialError: as `check_new`.
    """
    present = current(session).get(name)
    if present is not None and present.public == public:
        return present
    check_new(session, name, public)
    row = BankKeyRow(bank=name, jwks=public.to_jwks().decode("ascii"), added_at=now)
    session.add(row)
    session.flush()
    return _bank(row)


def carry_out(session: Session, written: Written, now: int) -> Bank:
    """Registers the bank that an order names.

    Raises:
        IssuerError: as `add`.
    """
    keys = strict_json.dumps(written.details["keys"])
    return add(session, str(written.details["bank"]), BankPublic.from_jwks(keys), now=now)


def check_new(session: Session, name: str, public: BankPublic) -> None:
    """Refuses what cannot be registered.

    Raises:
        IssuerError: `bank_key_known`: another bank has such a key, or this one had it before.
        CredentialError: `bad_claim` for a name that cannot be shown.
    """
    check_text("bank", name)
    known = {kid(key) for bank in _all(session) for key in (bank.public.encryption, bank.public.signing)}
    if known & {kid(public.encryption), kid(public.signing)}:
        raise IssuerError(
            "bank_key_known", "a bank has, or had, such a key: each bank makes new ones, by bank-key new"
        )


def current(session: Session) -> Mapping[str, Bank]:
    """Every bank with the keys that count now, by name, in the order in which they were first registered."""
    return {bank.name: bank for bank in _all(session)}


def find(session: Session, name: str) -> Bank:
    """A bank with the keys that count now.

    Raises:
        IssuerError: `unknown_bank`.
    """
    bank = current(session).get(name)
    if bank is None:
        raise IssuerError("unknown_bank", "the register has no bank of this name: see bank list, bank add")
    return bank


def get(session: Session, number: int) -> Bank:
    """The bank with the keys of one row: those that a batch was made for."""
    return _bank(session.get_one(BankKeyRow, number))


def _all(session: Session) -> list[Bank]:
    return [_bank(row) for row in session.exec(select(BankKeyRow).order_by(col(BankKeyRow.id)))]


def _bank(row: BankKeyRow) -> Bank:
    return Bank(row.id or 0, row.bank, BankPublic.from_jwks(row.jwks.encode("ascii")), row.added_at)
