"""Settings that every test shares."""

import os

# The sources are what is tested; tests/native/ runs the hot path again as its compiled twins.
os.environ.setdefault("MONTREY_INTERPRETED", "1")

from hypothesis import settings

# Timing is measured in bench/ and in tests that say so; a property must not
# fail because another process had the core.
# The examples are the same each time, so that a red test stays red; MONTREY_EXPLORE=1 draws new ones.
explore = bool(os.environ.get("MONTREY_EXPLORE"))
settings.register_profile("montrey", deadline=None, print_blob=True, derandomize=not explore)
settings.load_profile("montrey")
