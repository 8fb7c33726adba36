"""The issuer's home on disk: its settings, key files, database and what custodians signed.

HOME/config.json        who the issuer is; never changed by a command
HOME/register.sqlite    the register, unless MONTREY_DATABASE_URL names another file or PostgreSQL
HOME/keys/KID.json      encrypted issuing, printing and online keys
HOME/staff/NAME.json    each member of staff's own encrypted key (`issuer.staff`)
HOME/printing.lock      held while a print order is made
HOME/photos/            photos of people, and what they were made of (`issuer.photo_store`)
HOME/trust/             the signed trust list and the publications so far
HOME/offline/ROLE-N/    custodians' keys, until each is handed to its custodian
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from credential.codes import Name
from did import strict_json
from did.errors import DidError
from issuer.database import file_url
from issuer.errors import IssuerError
from issuer.faults import EMPLOYEE_ID_DIGITS

DATABASE_VARIABLE = "MONTREY_DATABASE_URL"
_MAX_CONFIG = 1 << 14
_SECRET = ("register.sqlite", "trust/1.root.json", "trust/root.json", "wallet.json", "key.json")
"""What a ministry's home, a gate's, a phone's or a custodian's folder holds, and no stick."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Who the issuer is. `issuer` is the URL that stands in every credential, without a final slash.

    Raises:
        IssuerError: `bad_config`.
    """

    issuer: str
    name: Name
    employee_id_digits: int = EMPLOYEE_ID_DIGITS

    def __post_init__(self) -> None:
        rest = self.issuer.removeprefix("https://")
        plain = rest.isascii() and rest.isprintable() and not set(rest) & set(' ?#"\\')
        if not plain or rest in ("", self.issuer) or rest.endswith("/") or len(rest) > 100:
            raise IssuerError("bad_config", "the issuer is an https:// URL without query or final slash")
        if not (0 < len(self.name.km) <= 200 and 0 < len(self.name.en) <= 200):
            raise IssuerError("bad_config", "the issuer has a name in Khmer and in English")
        if not 1 <= self.employee_id_digits <= 20:
            raise IssuerError("bad_config", "an employee number has 1 to 20 digits")

    def to_json(self) -> bytes:
        """The file `config.json`."""
        return strict_json.dumps(
            {
                "version": 1,
                "issuer": self.issuer,
                "name": [self.name.km, self.name.en],
                "employee_id_digits": self.employee_id_digits,
            }
        )

    @classmethod
    def from_json(cls, data: bytes) -> Config:
        """Reads what `to_json` wrote.

        Raises:
            IssuerError: `bad_config`.
        """
        try:
            document = strict_json.loads(data, max_bytes=_MAX_CONFIG)
        except DidError as error:
            raise IssuerError("bad_config", "config.json is no JSON text") from error
        match document:
            case {
                "version": 1,
                "issuer": str(issuer),
                "name": [str(km), str(en)],
                "employee_id_digits": int(digits),
            }:
                return cls(issuer=issuer, name=Name(km, en), employee_id_digits=digits)
        raise IssuerError("bad_config", "config.json does not hold what it should")


@dataclass(frozen=True, slots=True)
class Home:
    """Where things are in one home."""

    path: Path

    @property
    def config(self) -> Path:
        """The settings."""
        return self.path / "config.json"

    @property
    def keys(self) -> Path:
        """The folder of encrypted keys."""
        return self.path / "keys"

    @property
    def online_key(self) -> Path:
        """The public half of the online key, to be carried to the custodians."""
        return self.path / "online-key.jwk"

    @property
    def root(self) -> Path:
        """The first root: what a verifier's home is made with."""
        return self.trust / "1.root.json"

    @property
    def staff(self) -> Path:
        """The folder of the keys of staff."""
        return self.path / "staff"

    @property
    def photos(self) -> Path:
        """The folder of photos, which the first one makes."""
        return self.path / "photos"

    @property
    def trust(self) -> Path:
        """The folder of what custodians signed and of the last publication."""
        return self.path / "trust"

    @property
    def offline(self) -> Path:
        """The folder of custodians' keys that still have to be handed over."""
        return self.path / "offline"

    def database_url(self, environment: Mapping[str, str] = os.environ) -> URL | str:
        """The register's URL."""
        return environment.get(DATABASE_VARIABLE) or file_url(self.path / "register.sqlite")

    def check_apart(self, out: Path, register: Path | None) -> None:
        """Refuses to publish where secrets are: a publication is copied to sticks and served.

        Other files beside it are left alone: sticks hold some. `register` is
        the register's file, where it is one.

        Raises:
            IssuerError: `unsafe_out` when `out` lies in this home, holds it or
                the register, or is somebody's home.
        """
        place, own = Path(os.path.realpath(out)), Path(os.path.realpath(self.path))
        secrets = (
            own,
            *([Path(os.path.realpath(register))] if register else ()),
            *(place / name for name in _SECRET if (place / name).exists()),
        )
        if place.is_relative_to(own) or any(secret.is_relative_to(place) for secret in secrets):
            raise IssuerError(
                "unsafe_out",
                "a publication is copied and served: give it a folder of its own, outside of every home",
            )

    def read_config(self) -> Config:
        """The settings of this home.

        Raises:
            IssuerError: `no_home`, `bad_config`.
        """
        try:
            with self.config.open("rb") as file:
                return Config.from_json(file.read(_MAX_CONFIG + 1))
        except OSError as error:
            raise IssuerError("no_home", "this is no home of an issuer: run init first") from error
