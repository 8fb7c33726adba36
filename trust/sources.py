"""Where a publication is fetched from: a folder (a stick), or HTTP(S).

A stick is a stranger's file system. A file is opened from its folder, each
step without following links; what is not a regular file is refused. Sizes are
bounded by python-tuf, which stops reading at the length it expects.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from tuf.api.exceptions import DownloadError, DownloadHTTPError
from tuf.ngclient.fetcher import FetcherInterface

from trust.http_source import HttpFetcher

_PART = re.compile(r"[a-z0-9][a-z0-9._-]{0,160}")
_CHUNK = 1 << 16


class UnsafeSource(DownloadError):
    """A path on a stick, or what lies there, is not a plain file inside the stick."""


class FolderFetcher(FetcherInterface):
    """Reads files below `folder`; the "URLs" are relative paths."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _fetch(self, url: str) -> Iterator[bytes]:
        parts = url.split("/")
        if not all(_PART.fullmatch(part) for part in parts):
            raise UnsafeSource("a path leaves the stick or is not safe on every file system")
        try:
            return _chunks(_open(self._folder, parts))
        except FileNotFoundError as error:
            raise DownloadHTTPError("no such file", 404) from error
        except OSError as error:
            if error.errno in {errno.ELOOP, errno.ENOTDIR}:
                raise UnsafeSource("a link stands where a file or folder should be") from error
            raise


class Source(FetcherInterface):
    """A source of publications, and a witness: what was asked for last, and how many bytes came.

    `base` is what metadata and target paths are appended to.
    """

    def __init__(self, source: Path | str) -> None:
        self.asked = ""
        self.received = 0
        self._inner: FetcherInterface
        if isinstance(source, str) and source.startswith(("https://", "http://")):
            self.base = source.rstrip("/") + "/"
            self._inner = HttpFetcher()
        else:
            self.base = ""
            self._inner = FolderFetcher(Path(source))

    def _fetch(self, url: str) -> Iterator[bytes]:
        self.asked, self.received = url, 0
        return self._counted(self._inner.fetch(url))

    def _counted(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        try:
            for chunk in chunks:
                self.received += len(chunk)
                yield chunk
        except DownloadError:
            raise
        except Exception as error:
            raise DownloadError("the source broke off") from error


def _open(folder: Path, parts: list[str]) -> int:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parts[:-1]:
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        # Looked at before it is opened, because opening a device has effects; no pipe can block.
        if not stat.S_ISREG(os.stat(parts[-1], dir_fd=descriptor, follow_symlinks=False).st_mode):
            raise UnsafeSource("something other than a file stands where a file should be")
        return _regular(os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=descriptor))
    finally:
        os.close(descriptor)


def _regular(descriptor: int) -> int:
    """The descriptor of a file, once it is sure to be one: what was looked at may have been replaced."""
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UnsafeSource("something other than a file stands where a file should be")
    return descriptor


def _chunks(descriptor: int) -> Iterator[bytes]:
    with os.fdopen(descriptor, "rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
