"""Which index a credential gets (Token Status List §12.4, §13.2), and which stand for nobody.

A random index tells neither when a credential was issued nor who stands next
to whom; an index is never given again, not even after its credential expired.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Set

from revocation.errors import StatusError
from revocation.status_list import Status

LIST_SIZE = 1 << 18
"""Every list has this size from its first publication on, so its length tells nothing."""

RandBelow = Callable[[int], int]
"""`secrets.randbelow`, or a deterministic one in a test."""

_FIRST = (
    *(Status.VALID,) * 4,
    Status.INVALID,
    Status.INVALID,
    Status.SUSPENDED,
    Status.NOT_ACTIVE,
)
_NEXT = {
    Status.VALID: (Status.INVALID, Status.SUSPENDED),
    Status.SUSPENDED: (Status.VALID, Status.VALID, Status.INVALID),
    Status.NOT_ACTIVE: (Status.VALID,),
}
"""What happens to a real entry; INVALID is final."""


def draw(free_of: Collection[int], size: int, count: int, *, randbelow: RandBelow) -> list[int]:
    """`count` different random indices of a list of `size`, none of them in `free_of`.

    `free_of` holds every index ever given and every decoy; a set (or the keys
    of a dict) is searched as it is, anything else is copied first.

    Raises:
        StatusError: `list_full` when fewer than `count` are left.
    """
    taken = free_of if isinstance(free_of, Set) else set(free_of)
    left = size - len(taken)
    if count > left:
        raise StatusError(
            "list_full", "the status list has too few free indices left: its key needs a successor"
        )
    if 32 * count > left:  # guessing would take longer than writing out what is free
        return _deal([index for index in range(size) if index not in taken], count, randbelow)
    drawn: dict[int, None] = {}
    while len(drawn) < count:
        index = randbelow(size)
        if index not in taken:
            drawn[index] = None
    return list(drawn)


def decoys(size: int, fraction: float = 1 / 1024, *, randbelow: RandBelow) -> dict[int, int]:
    """Indices that are never given to anyone, with the statuses to publish for them (§13.2).

    Their number is random too, from half of `fraction` of the list to one and
    a half times that. So the totals in a list tell the real ones only roughly.
    More of them would hide more and cost bytes in every list.
    """
    mean = int(size * fraction)
    indices = draw((), size, mean // 2 + randbelow(mean + 1), randbelow=randbelow)
    return {index: _FIRST[randbelow(len(_FIRST))] for index in indices}


def stir(decoys: Mapping[int, int], most: int = 3, *, randbelow: RandBelow) -> dict[int, int]:
    """New statuses for 0 to `most` of the decoys, to be published together with real changes.

    A decoy that never changed could be told from the rest by comparing lists.
    """
    live = [index for index, status in decoys.items() if status in _NEXT]
    chosen = _deal(live, min(randbelow(most + 1), len(live)), randbelow)
    return {index: _choice(_NEXT[Status(decoys[index])], randbelow) for index in chosen}


def _deal(pack: list[int], count: int, randbelow: RandBelow) -> list[int]:
    """The first `count` steps of a Fisher–Yates shuffle."""
    for at in range(count):
        other = at + randbelow(len(pack) - at)
        pack[at], pack[other] = pack[other], pack[at]
    return pack[:count]


def _choice(statuses: tuple[Status, ...], randbelow: RandBelow) -> Status:
    return statuses[randbelow(len(statuses))]
