"""What thieves make with a ministry's keys: credentials for invented people, and deltas."""

from __future__ import annotations

from datetime import date, timedelta

from drill import BANK, Drill
from issuer_desk import ISSUER

from credential import card_number, sd_jwt
from credential.claims import CivilServant, EmploymentStatus
from credential.codes import CodeTables
from credential.live import Badge, issue_live, present_live
from credential.packed import pack
from credential.sd_jwt_vc import issue_sd_jwt_vc
from credential.template import Template
from did import Algorithm, SoftwareSigner, strict_json
from revocation.delta import make_delta, to_text
from revocation.status_list import Status, StatusList

FAR = 1 << 31
NAMES = {"name_km": "ក្លែង បន្លំ", "name_la": "MADE UP"}


def live(drill: Drill, kid: str) -> str:
    """A live code of an invented person, by the ministry's own key, as shown now."""
    (document,) = drill.desk.rows(f"SELECT document FROM template WHERE kid = '{kid}'")  # noqa: S608
    template = Template.from_json(strict_json.loads(document, max_bytes=4096))
    phone, now = SoftwareSigner.generate(Algorithm.ED25519), int(drill.desk.now.timestamp())
    credential = issue_live(
        template,
        Badge(**NAMES, card_number=card_number.draw(), ministry=1, position=1),
        index=_valid(drill.gate.trust.lists[template.status_uri].statuses),
        day=now // 86_400,
        holder=phone.public_key,
        signer=drill.stolen(kid),
    )
    token = present_live(credential, audience="any-gate", challenge=None, now=now, signer=phone)
    return pack(token, template)


def bank_token(drill: Drill, kid: str, list_name: str, nonce: str) -> str:
    """An answer to a bank by an invented person, by the ministry's own key."""
    phone, now = SoftwareSigner.generate(Algorithm.P256), int(drill.desk.now.timestamp())
    uri = f"{ISSUER}/status/{list_name}"
    person = CivilServant(
        **NAMES,
        date_of_birth=date(1980, 1, 1),
        ministry=1,
        position=1,
        grade=1,
        employment_status=EmploymentStatus.ACTIVE,
        card_number=card_number.draw(),
        valid_from=drill.desk.now.date(),
        valid_until=drill.desk.now.date() + timedelta(days=3652),
        agency="agency",
        photo_sha256=None,
    )
    credential = issue_sd_jwt_vc(
        person,
        iss=ISSUER,
        vct=f"{ISSUER}/vct/civil-servant",
        kid=kid,
        status_uri=uri,
        index=_valid(drill.gate.trust.lists[uri].statuses),
        issued_at=now - 60,
        expires_at=now + 86_400,
        holder=phone.public_key,
        signer=drill.stolen(kid),
        codes=CodeTables({}, {}, {}),
    )
    disclosed = ["name_la", "card_number"]
    return sd_jwt.present(credential, disclose=disclosed, audience=BANK, nonce=nonce, now=now, signer=phone)


def delta(drill: Drill, kid: str, list_name: str, index: int, *, status: Status, sequence: int = FAR) -> str:
    """A delta on the list that the gate holds, as a QR text: one entry made to say something else."""
    known = drill.gate.trust.lists[f"{ISSUER}/status/{list_name}"]
    now = int(drill.desk.now.timestamp())
    made = make_delta(
        known,
        known.statuses.with_changes({index: int(status)}),
        kid=kid,
        sequence=sequence,
        issued_at=now,
        expires_at=now + 86_400,
        signer=drill.stolen(kid),
    )
    return to_text(made)


def _valid(statuses: StatusList) -> int:
    return next(index for index in range(statuses.size) if statuses.get(index) == Status.VALID)
