"""A signature in a token (HSM), over the same by a key in memory: by SoftHSM2.

A hardware token adds its own time; SoftHSM2 shows what our side of it costs:
the PKCS #11 calls, and the check of each signature.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from bench.measure import Effort, Figure, compare
from did import Algorithm, SoftwareSigner

if TYPE_CHECKING:
    from did.pkcs11 import Token

MODULE = Path(os.environ.get("MONTREY_SOFTHSM2") or "/usr/lib/softhsm/libsofthsm2.so")
HOW = "needs montrey[hsm] and SoftHSM2 (apt-get install softhsm2)"
_PIN = "1234-5678"
_MESSAGE = bytes(300)
"""About what is signed of a live credential."""


def figures(effort: Effort) -> Iterator[Figure]:
    """Signing with each algorithm; one line that says how, where there is no SoftHSM2."""
    if find_spec("pkcs11") is None or shutil.which("softhsm2-util") is None or not MODULE.is_file():
        yield Figure(subject="hsm", note=f"not measured: {HOW}")
        return
    with _token() as token:
        for algorithm in Algorithm:
            token.generate(algorithm.name, algorithm)
            in_token, in_memory = token.signer(algorithm.name), SoftwareSigner.generate(algorithm)
            figure = compare(
                f"sign {algorithm.name} in SoftHSM2, checked",
                partial(in_token.sign, _MESSAGE),
                partial(in_memory.sign, _MESSAGE),
                effort=effort,
                note="floor: SoftwareSigner",
            )
            yield figure
            signature = in_token.sign(_MESSAGE)
            check = partial(in_token.public_key.verify, _MESSAGE, signature)
            yield compare(f"of it, the check of {algorithm.name}", check, effort=effort)


@contextmanager
def _token() -> Iterator[Token]:
    """A token in a folder that is gone afterwards."""
    from did import pkcs11

    before = os.environ.get("SOFTHSM2_CONF")
    with tempfile.TemporaryDirectory(prefix="montrey-hsm-") as folder:
        tokens, settings = Path(folder, "tokens"), Path(folder, "softhsm2.conf")
        tokens.mkdir()
        settings.write_text(f"directories.tokendir = {tokens}\nlog.level = ERROR\n")
        os.environ["SOFTHSM2_CONF"] = str(settings)
        pins = ["--pin", _PIN, "--so-pin", "security officer"]
        make = ["softhsm2-util", "--init-token", "--free", "--label", "bench", *pins]
        try:
            subprocess.run(make, check=True, capture_output=True)
            pkcs11.close()
            yield pkcs11.Token.open(MODULE, "bench", pin=_PIN)
        finally:
            pkcs11.close()
            os.environ.pop("SOFTHSM2_CONF")
            if before is not None:
                os.environ["SOFTHSM2_CONF"] = before
