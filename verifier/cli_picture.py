"""Pictures of QR codes, read for `check` and `sync`; needs the extra `qr`."""

from __future__ import annotations

from pathlib import Path

from credential.errors import CredentialError
from verifier.cli_program import UsageError


def read_picture(path: Path) -> list[str]:
    """The texts of the QR codes in a picture, at least one.

    Raises:
        UsageError: when there is nothing to read.
    """
    try:
        from credential.qr_read import read_image  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise UsageError("needs_extra", option="--image", module=error.name) from error
    try:
        path.stat()  # what is not there is named, before it is no picture
        texts = read_image(path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError("unreadable", option="--image", reason=reason) from error
    except CredentialError as error:
        raise UsageError("no_picture") from error
    if not texts:
        raise UsageError("no_qr")
    return texts
