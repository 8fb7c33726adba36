"""What may happen to the gate's files: bytes of any kind, a kill at any point, a disk that takes nothing."""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import strategies as st

Work = Callable[[Callable[[str], object]], object]
_FILE_EVENTS = ("open", "os.", "pathlib.", "fcntl.")

WRONG_VALUES: st.SearchStrategy[object] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([-1, 1 << 64, 10**300]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=80),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
)
"""What JSON can put in the place of a value."""

DAMAGE = st.one_of(
    st.binary(max_size=200),
    st.recursive(WRONG_VALUES, lambda inner: st.lists(inner, max_size=4)).map(json.dumps).map(str.encode),
    st.dictionaries(st.text(max_size=10), WRONG_VALUES, max_size=12).map(json.dumps).map(str.encode),
    st.sampled_from([b"[" * 100_000, b'{"a":' * 9_000, b"1" * 9_000, b"-", b"\0" * 4_096, b'{"a":1e999}']),
)
"""Files as a failing disk, an editor or an enemy leaves them."""


def make_huge(path: Path) -> None:
    """A file of 100 MB, which takes no room on the disk."""
    with path.open("wb") as file:
        file.truncate(100_000_000)


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """No file of this process grows beyond `size` bytes: the system takes a part, and then nothing."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def kill_everywhere(prepare: Callable[[], object], work: Work, check: Callable[[list[str]], object]) -> int:
    """Does `work` again and again, killed at its first, second, … request to the file system.

    `work` is given what tells words to the outside, `check` the words told
    before the end. Returns how many kills there were.
    """
    kills = 0
    while True:
        prepare()
        killed, words = _run(work, kills + 1)
        check(words)
        if not killed:
            return kills
        kills += 1


def _run(work: Work, kill_at: int) -> tuple[bool, list[str]]:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        requests = 0

        def hook(event: str, _: object) -> None:
            nonlocal requests
            if event.startswith(_FILE_EVENTS):
                requests += 1
                if requests == kill_at:
                    os.kill(os.getpid(), signal.SIGKILL)

        code = 1
        try:
            sys.addaudithook(hook)
            work(lambda word: os.write(writer, f"{word}\n".encode()))
            code = 0
        finally:
            os._exit(code)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        words = pipe.read().split()
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the child failed"
    return os.WIFSIGNALED(status), words
