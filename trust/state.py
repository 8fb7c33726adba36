"""What a version of a home says about itself: how far it may be trusted, and what it holds."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from did import strict_json
from did.errors import DidError
from trust.errors import TrustError
from trust.fields import is_whole

MAX_BYTES = 1 << 20
MAX_VERSION = 1 << 53
"""Of a role's metadata: what every JSON reader takes for a whole number."""
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The state of one version.

    `versions` are the TUF roles' version numbers, `expires` the earliest expiry
    of their metadata and `signed_floor` the newest status `iat` ever accepted,
    in epoch seconds. `templates` remembers the SHA-256 of every template ever
    accepted, by number; `files` the SHA-256 of every file of this version.
    """

    versions: Mapping[str, int]
    expires: int
    signed_floor: int
    templates: Mapping[int, str]
    files: Mapping[str, str]

    def to_json(self) -> bytes:
        """The file `state.json`."""
        return strict_json.dumps(
            {
                "versions": dict(self.versions),
                "expires": self.expires,
                "signed_floor": self.signed_floor,
                "templates": {str(number): digest for number, digest in self.templates.items()},
                "files": dict(self.files),
            }
        )

    @classmethod
    def from_json(cls, data: bytes) -> State:
        """Reads what `to_json` wrote.

        Raises:
            TrustError: `broken_home`.
        """
        try:
            value = strict_json.loads(data, max_bytes=MAX_BYTES)
        except DidError as error:
            raise TrustError("broken_home", "state.json is damaged") from error
        match value:
            case {
                "versions": dict(versions),
                "expires": int(expires),
                "signed_floor": int(signed_floor),
                "templates": dict(templates),
                "files": dict(files),
            } if _are_versions(versions) and _are_digests(templates) and _are_digests(files):
                return cls(
                    versions=versions,
                    expires=expires,
                    signed_floor=signed_floor,
                    templates={
                        int(number): digest for number, digest in templates.items() if number.isdigit()
                    },
                    files=files,
                )
        raise TrustError("broken_home", "state.json does not hold what it should")


def _are_versions(values: dict[str, Any]) -> bool:
    return all(is_whole(version, 1, MAX_VERSION) for version in values.values())


def _are_digests(values: dict[str, Any]) -> bool:
    return all(isinstance(digest, str) and _DIGEST.fullmatch(digest) for digest in values.values())


def digest(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()
