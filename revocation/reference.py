"""What a credential says about its status (Token Status List §6): which list, which index."""

from __future__ import annotations

from dataclasses import dataclass

from revocation.errors import StatusError


@dataclass(frozen=True, slots=True)
class StatusReference:
    """The `uri` of a list and an index into it."""

    uri: str
    index: int

    @classmethod
    def from_claim(cls, status: object) -> StatusReference:
        """Reads the value of the JWT claim `status` (§6.2) or the CWT claim 65535 (§6.3).

        Raises:
            StatusError: `malformed_reference`.
        """
        match status:
            case {"status_list": {"idx": int(index), "uri": str(uri)}} if type(index) is int and index >= 0:
                return cls(uri, index)
        raise StatusError("malformed_reference", "the status claim names no entry of a status list")
