"""Settings that every test shares."""

import os

from hypothesis import settings

# Timing is measured in bench/ and in tests that say so; a property must not
# fail because another process had the core.
settings.register_profile("montrey", deadline=None, print_blob=True, derandomize=bool(os.environ.get("CI")))
settings.load_profile("montrey")
