"""Indices that a re-issue has drawn for its parts and not yet entered: nobody else may draw them."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, select

from issuer.errors import IssuerError
from issuer.lifecycle import ListKind
from issuer.models import Reissue, ReissuePart, TemplateRow

_BYTES = 4


def lists_of(session: Session, reissue: Reissue) -> dict[ListKind, int]:
    """The list that each kind of credential of a re-issue draws from."""
    found = {}
    for kind, number in ((ListKind.SEAL, reissue.seal_template), (ListKind.LIVE, reissue.live_template)):
        if number is not None:
            found[kind] = session.get_one(TemplateRow, number).list_id
    if reissue.sd_jwt_list is not None:
        found[ListKind.SD_JWT] = reissue.sd_jwt_list
    return found


def write(drawn: Mapping[ListKind, Sequence[int]]) -> bytes:
    """The indices of one part, as many of each kind."""
    together = [index for kind in ListKind if kind in drawn for index in drawn[kind]]
    return struct.pack(f"<{len(together)}I", *together)


def read(part: ReissuePart, lists: Mapping[ListKind, int]) -> dict[ListKind, tuple[int, ...]]:
    """What `write` wrote for a part of a re-issue with these lists.

    Raises:
        IssuerError: `register_damaged` for anything else.
    """
    kinds = [kind for kind in ListKind if kind in lists]
    if not kinds or len(part.indices) % (_BYTES * len(kinds)):
        raise IssuerError("register_damaged", "a part of the open re-issue was tampered with")
    indices = struct.unpack(f"<{len(part.indices) // _BYTES}I", part.indices)
    each = len(indices) // len(kinds)
    return {kind: indices[at * each : (at + 1) * each] for at, kind in enumerate(kinds)}


def waiting(session: Session, list_id: int) -> set[int]:
    """The indices of a list that are reserved for parts which are still to be done."""
    reissue = session.exec(select(Reissue).where(col(Reissue.closed_at).is_(None))).first()
    lists = {} if reissue is None else lists_of(session, reissue)
    if reissue is None or list_id not in lists.values():
        return set()
    parts = select(ReissuePart).where(
        ReissuePart.reissue_id == reissue.id, col(ReissuePart.done_at).is_(None)
    )
    return {
        index
        for part in session.exec(parts)
        for kind, indices in read(part, lists).items()
        if lists[kind] == list_id
        for index in indices
    }
