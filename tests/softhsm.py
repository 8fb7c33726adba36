"""SoftHSM2, a token in software: in a folder of the test's own, through the same module as any other token.

Where it is not installed its tests are skipped with that reason; where the
environment variable CI is set they fail.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from did import pkcs11

PIN = "4821-ministry"
LABEL = "ministry"
HOW = "no SoftHSM2: apt-get install softhsm2"
_MODULES = (
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib64/pkcs11/libsofthsm2.so"),
    Path("/usr/local/lib/softhsm/libsofthsm2.so"),
)


class SoftHsm:
    """Tokens in `folder`, as SoftHSM2 keeps them; `module` is the library that opens them."""

    def __init__(self, folder: Path) -> None:
        found = [path for path in _MODULES if path.is_file()]
        if not found or shutil.which("softhsm2-util") is None:
            if os.environ.get("CI"):
                pytest.fail(HOW)
            pytest.skip(HOW)
        self.module = found[0]
        self._tokens = folder / "tokens"
        self._away = folder / "away"
        self._tokens.mkdir()
        self.settings = folder / "softhsm2.conf"
        self.settings.write_text(f"directories.tokendir = {self._tokens}\nlog.level = ERROR\n")

    def add(self, label: str = LABEL, pin: str = PIN) -> None:
        """Makes another token."""
        made = ["--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", "security officer"]
        environment = {**os.environ, "SOFTHSM2_CONF": str(self.settings)}
        subprocess.run(["softhsm2-util", *made], env=environment, check=True, capture_output=True)

    def open(self, label: str = LABEL, *, pin: str = PIN, serial: str | None = None) -> pkcs11.Token:
        """Logs in."""
        return pkcs11.Token.open(self.module, label, pin=pin, serial=serial)

    def pull_out(self) -> None:
        """Takes every token away; the sessions with them are gone as well."""
        self._tokens.rename(self._away)
        self._tokens.mkdir()
        reset(self.module)

    def plug_in(self) -> None:
        """Puts them back."""
        self._tokens.rmdir()
        self._away.rename(self._tokens)


def reset(module: Path) -> None:
    """Ends every session behind the back of who has one, as a module does that lost its tokens."""
    import pkcs11 as library

    loaded = library.lib(str(module.resolve()))
    loaded.finalize()
    loaded.initialize()
