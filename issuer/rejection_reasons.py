"""Why an application may be rejected: a closed list, so that a reason holds nothing personal."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from credential.claims import MAX_NAME
from credential.codes import Name

MAX_NOTE = MAX_NAME
"""Characters of what may be written beside a reason."""


class RejectionReason(StrEnum):
    """Why."""

    NOT_A_CIVIL_SERVANT = "not_a_civil_servant"
    DUPLICATE = "duplicate"
    DATA_WRONG = "data_wrong"
    PHOTO_UNFIT = "photo_unfit"
    LEFT_SERVICE = "left_service"
    OTHER = "other"


MENDABLE = frozenset({RejectionReason.DATA_WRONG, RejectionReason.PHOTO_UNFIT})
"""Reasons that are gone once other data were sent; of any other somebody looks at the next application."""

REASONS: Mapping[RejectionReason, Name] = MappingProxyType(
    {
        RejectionReason.NOT_A_CIVIL_SERVANT: Name("មិនមែនជាមន្ត្រីរាជការ", "not a civil servant"),
        RejectionReason.DUPLICATE: Name("ពាក្យសុំស្ទួន", "applied under another number already"),
        RejectionReason.DATA_WRONG: Name("ទិន្នន័យមិនត្រឹមត្រូវ", "the data are wrong"),
        RejectionReason.PHOTO_UNFIT: Name("រូបថតមិនអាចប្រើបាន", "the photo cannot be used"),
        RejectionReason.LEFT_SERVICE: Name("បានចាកចេញពីមុខងារសាធារណៈ", "has left the civil service"),
        RejectionReason.OTHER: Name("មូលហេតុផ្សេង", "another reason"),
    }
)
"""What a person reads."""
