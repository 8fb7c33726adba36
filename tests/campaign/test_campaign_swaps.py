"""Values of foreign types, well signed: a verdict, and nothing else, leaves."""

from __future__ import annotations

from swaps import outcomes


def test_foreign_types() -> None:
    """Whatever stands where a text or a number must, in claims, headers, disclosures or key binding."""
    made = list(outcomes(9000, seed=3))
    assert not [how for how in made if "escaped" in how]
    assert len({how.rpartition(": ")[2] for how in made}) >= 10
