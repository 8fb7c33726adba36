"""How long the QR codes of an application will be, before any is made."""

from __future__ import annotations

from credential import live_layout, packed_name, seal_layout
from issuer.faults import Fault, FaultKind
from issuer.sheet_rows import Row

MAX_LIVE, MAX_SEAL = 420, 340
"""Characters that a plain camera still reads from a phone, and from plastic; longer ones are warned of."""
_UNPACKED = 999
"""More than any name that the layouts hold."""


def long_codes(number: int, row: Row) -> list[Fault]:
    """The column to shorten where the live QR code or the seal of row `number` would be too long."""
    names = {"name_km": row.name_km, "name_la": row.name_la}
    shown = (*names.values(), row.position) if isinstance(row.position, str) else tuple(names.values())
    live, seal = live_layout.size(*shown), seal_layout.size(**names)
    if _fits(live, MAX_LIVE) and _fits(seal, MAX_SEAL):
        return []
    # A position costs the live code alone, and a code for it all that it costs.
    if len(shown) > len(names) and _fits(seal, MAX_SEAL):
        return [Fault(number, "position", FaultKind.LONG_POSITION)]
    longest = max(names, key=lambda column: len(packed_name.encode(names[column]) or bytes(_UNPACKED)))
    return [Fault(number, longest, FaultKind.LONG_NAME)]


def _fits(size: int | None, characters: int) -> bool:
    """Whether so many bytes fit, at three characters for two behind `MQ1:`; None: the token travels whole."""
    return size is not None and 4 + (3 * size + 1) // 2 <= characters
