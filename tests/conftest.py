"""Settings that every test shares."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

# The sources are what is tested; tests/native/ runs the hot path again as its compiled twins.
os.environ.setdefault("MONTREY_INTERPRETED", "1")

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from softhsm import SoftHsm

# Timing is measured in bench/ and in tests that say so; a property must not
# fail because another process had the core.
# The examples are the same each time, so that a red test stays red; MONTREY_EXPLORE=1 draws new ones.
explore = bool(os.environ.get("MONTREY_EXPLORE"))
settings.register_profile("montrey", deadline=None, print_blob=True, derandomize=not explore)
settings.load_profile("montrey")


@pytest.fixture
def hsm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["SoftHsm"]:
    """SoftHSM2 with one token, of which no other test knows."""
    from softhsm import SoftHsm  # an extra, which other tests do without

    from did import pkcs11

    place = tmp_path / "hsm"
    place.mkdir()
    made = SoftHsm(place)
    monkeypatch.setenv("SOFTHSM2_CONF", str(made.settings))
    pkcs11.close()  # the module reads its settings when it begins anew
    made.add()
    yield made
    pkcs11.close()
