"""Credentials out of the register's rows: with which template, list and key, and the tokens themselves."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlmodel import Session, col, select

from credential.claims import CivilServant, EmploymentStatus
from credential.codes import CodeTables, Name
from credential.live import Badge, issue_live
from credential.sd_jwt_vc import issue_sd_jwt_vc
from credential.seal import issue_seal
from credential.template import Kind, Template
from did import PublicKey, Signer, strict_json
from issuer import civil_days, key_use
from issuer.applications import position_of
from issuer.errors import IssuerError
from issuer.models import Card, Code, Person, SigningKey, StatusList, TemplateRow
from issuer.signing import Keyring
from trust import KeyKind

DAY = 86_400
YEAR = 365 * DAY
HOUR = 3600
SLOW_CLOCK = 60
"""Seconds by which a bank's clock may stand behind and yet find a credential issued."""
NO_PHOTO = bytes(32)
"""What a seal says of a photo that the register does not have."""


@dataclass(frozen=True, slots=True)
class Making:
    """What QR credentials of one kind are made with now."""

    template: Template
    list_id: int
    signer: Signer

    def seal(self, person: Person, number: str, *, index: int, now: int) -> bytes:
        """The token to be printed on the card `number`."""
        return issue_seal(
            self.template,
            name_km=person.name_km,
            name_la=person.name_la,
            card_number=number,
            photo_sha256=person.photo_sha256 or NO_PHOTO,
            index=index,
            day=now // DAY,
            signer=self.signer,
        )

    def live(self, person: Person, number: str, *, index: int, now: int, holder: PublicKey) -> bytes:
        """The credential that a phone shows at gates."""
        badge = Badge(
            name_km=person.name_km,
            name_la=person.name_la,
            card_number=number,
            ministry=person.ministry,
            position=position_of(person),
        )
        return issue_live(
            self.template, badge, index=index, day=now // DAY, holder=holder, signer=self.signer
        )

    def validity(self, now: int) -> tuple[date, date]:
        """First and last day, in Phnom Penh, of what is made now.

        The token ends at 00:00 UTC, in the morning after that last day: never before it is over.
        """
        ends = datetime.fromtimestamp((now // DAY + self.template.validity_days) * DAY, UTC)
        return civil_days.day_of(now), civil_days.last_day(ends)


@dataclass(frozen=True, slots=True)
class VcMaking:
    """What SD-JWT VCs are made with now."""

    key: SigningKey
    issuer: str
    status_list: StatusList
    list_id: int
    signer: Signer

    def vc(
        self, person: Person, card: Card, *, index: int, now: int, holder: PublicKey, codes: CodeTables
    ) -> str:
        """The credential that a phone shows to banks; it never outlives the card.

        It is dated back to a full hour, so that a clock a little behind does not find
        it issued in the future, but never before its key's window.
        """
        servant = civil_servant(person, card)
        ends = civil_days.end_of(servant.valid_until)
        issued_at = max((now - SLOW_CLOCK) // HOUR * HOUR, self.key.not_before)
        return issue_sd_jwt_vc(
            servant,
            iss=self.issuer,
            vct=self.key.vct,
            kid=self.key.kid,
            status_uri=self.status_list.uri,
            index=index,
            issued_at=issued_at,
            expires_at=min(issued_at + YEAR, int(ends.timestamp())),
            holder=holder,
            signer=self.signer,
            codes=codes,
        )


def making(
    session: Session, kind: Kind, keyring: Keyring, *, signed: Collection[str] | None, now: int
) -> Making:
    """The template of the key of `kind` that is used now (`key_use.current`).

    `signed` are the names of the keys that custodians have signed: another
    would be refused by every gate. None stands for all.

    Raises:
        IssuerError: `seal_key_stolen`, `issuing_key_stolen`, `no_issuing_key`, or as `Keyring.signer`.
        DidError: `wrong_passphrase`, `malformed_key_file`.
    """
    key = key_use.current(session, KeyKind(kind.value), signed=signed, now=now)
    if key is None and kind is Kind.SEAL and key_use.is_stolen(session, KeyKind.SEAL):
        raise IssuerError(
            "seal_key_stolen",
            "the seal key was stolen: make a new one (seal-key new) and have custodians sign it into the "
            "trust list (trust-list export, sign, import); until then no card can be made",
        )
    if key is None:
        raise _no_key(session, KeyKind(kind.value))
    row = session.exec(select(TemplateRow).where(TemplateRow.kid == key.kid)).one()
    return Making(read_template(row), row.list_id, keyring.signer(key, KeyKind(kind.value)))


def vc_making(
    session: Session, issuer: str, keyring: Keyring, *, signed: Collection[str] | None, now: int
) -> VcMaking:
    """The SD-JWT key that is used now (`key_use.current`), and its list.

    Raises:
        IssuerError: `issuing_key_stolen`, `no_issuing_key`, or as `Keyring.signer`.
        DidError: `wrong_passphrase`, `malformed_key_file`.
    """
    key = key_use.current(session, KeyKind.SD_JWT, signed=signed, now=now)
    if key is None:
        raise _no_key(session, KeyKind.SD_JWT)
    status_list = session.exec(select(StatusList).where(StatusList.kid == key.kid)).one()
    return VcMaking(key, issuer, status_list, status_list.id or 0, keyring.signer(key, KeyKind.SD_JWT))


def civil_servant(person: Person, card: Card) -> CivilServant:
    """The claims of an approved card's holder.

    Raises:
        ValueError: for a card without a number.
    """
    if card.number is None or card.valid_from is None or card.valid_until is None:
        raise ValueError("an application is no card yet")
    return CivilServant(
        name_km=person.name_km,
        name_la=person.name_la,
        date_of_birth=person.date_of_birth,
        ministry=person.ministry,
        position=position_of(person),
        grade=person.grade,
        employment_status=EmploymentStatus(person.employment_status),
        card_number=card.number,
        valid_from=card.valid_from,
        valid_until=card.valid_until,
        agency=person.agency,
        photo_sha256=person.photo_sha256,
    )


def read_template(row: TemplateRow) -> Template:
    """The template in a row."""
    return Template.from_json(strict_json.loads(row.document, max_bytes=4096))


def read_codes(session: Session) -> CodeTables:
    """The code tables as they stand."""
    tables: dict[str, dict[int, Name]] = {"ministries": {}, "positions": {}, "grades": {}}
    for code in session.exec(select(Code).order_by(col(Code.kind), col(Code.code))):
        tables[code.kind][code.code] = Name(code.km, code.en)
    return CodeTables(**tables)


def _no_key(session: Session, kind: KeyKind) -> IssuerError:
    if key_use.is_stolen(session, kind):
        return IssuerError(
            "issuing_key_stolen",
            f"the {kind} key was stolen: make a new one (keys renew {kind}) and have custodians sign it "
            "into the trust list (trust-list export, sign, import); until then no phone can be served",
        )
    return IssuerError("no_issuing_key", "no key of the home may issue this now: see keys list, keys renew")
