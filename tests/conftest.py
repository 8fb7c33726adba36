"""Settings that every test shares."""

import os

from hypothesis import settings

# Timing is measured in bench/ and in tests that say so; a property must not
# fail because another process had the core.
# The examples are the same each time, so that a red test stays red; MONTREY_EXPLORE=1 draws new ones.
explore = bool(os.environ.get("MONTREY_EXPLORE"))
settings.register_profile("montrey", deadline=None, print_blob=True, derandomize=not explore)
settings.load_profile("montrey")
