"""The file of a backup: entries one after another, sealed as a whole, with a manifest at the end.

    montrey-backup 1
    {"sealed": …}            how the key of the stream is wrapped (`did.keyfile.seal`), or null
    the stream               sealed (`did.sealing`), or as it is

The stream is frames, each 4 bytes of length and so many bytes. An entry is a
frame with its name, frames with its bytes, and an empty frame. Nothing in it is
compressed, so what is read is never longer than the file. The last entry is the
manifest: it names every other entry with size and SHA-256.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

from issuer.errors import IssuerError

MAGIC = b"montrey-backup 1\n"
MANIFEST = "manifest.json"
MAX_MANIFEST = 1 << 24
FRAME = 1 << 16
"""Bytes of a frame at most."""
_NAME = re.compile(
    r"config\.json|retention\.json|online-key\.jwk|(?:keys|staff)/[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.json"
    r"|trust/[A-Za-z0-9][A-Za-z0-9._-]{0,99}|register/[a-z][a-z_]{0,49}"
    r"|photos/[0-9a-f]{64}\.jpg|photos/sent/[0-9a-f]{64}"
)
"""Every entry there can be: no other place is ever written to."""
_SIZES = (("register/", 1 << 50), ("trust/", 1 << 24), ("photos/", 1 << 24), ("", 1 << 16))
"""The most bytes of an entry, by how its name begins."""


@dataclass(slots=True)
class Contents:
    """What the entries so far were: size and SHA-256 by name; of the photos together, for they are many."""

    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    photos: int = 0
    _names: set[str] = field(default_factory=set)
    _photos: Any = field(default_factory=hashlib.sha256)

    def add(self, name: str, size: int, digest: bytes) -> None:
        """Takes down an entry.

        Raises:
            IssuerError: `malformed_backup` for a second one of its name.
        """
        if name in self._names:
            raise malformed("has two entries of one name")
        self._names.add(name)
        if name.startswith("photos/"):
            self.photos += 1
            self._photos.update(name.encode() + digest)
        else:
            self.files[name] = (size, digest.hex())

    def to_json(self) -> dict[str, object]:
        """As it stands in the manifest."""
        return {
            "files": {name: [size, digest] for name, (size, digest) in self.files.items()},
            "photos": [self.photos, self._photos.hexdigest()],
        }


def malformed(what: str) -> IssuerError:
    """A backup that this program never writes."""
    return IssuerError("malformed_backup", f"the backup {what}; nothing was restored")


def is_name(name: str) -> bool:
    """Whether an entry may be called so."""
    return _NAME.fullmatch(name) is not None


def limit(name: str) -> int:
    """The most bytes of the entry of this name."""
    if name == MANIFEST:
        return MAX_MANIFEST
    return next(size for begin, size in _SIZES if name.startswith(begin))
