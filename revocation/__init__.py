"""Whether a credential still holds: status lists, their signed tokens, index allocation and deltas.

`revocation.allocation` and `revocation.delta` are used by their module names.
"""

from revocation.errors import StatusError
from revocation.reference import StatusReference
from revocation.status_list import Status, StatusList
from revocation.token import SignedList, peek_kid, read_cwt, read_jwt, sign_cwt, sign_jwt

__all__ = [
    "SignedList",
    "Status",
    "StatusError",
    "StatusList",
    "StatusReference",
    "peek_kid",
    "read_cwt",
    "read_jwt",
    "sign_cwt",
    "sign_jwt",
]
