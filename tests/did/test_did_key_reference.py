"""Key files that name a key in a token."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from did import Algorithm, DidError, SoftwareSigner, key_reference, keyfile
from did.key_reference import KeyReference

KEY = SoftwareSigner(Algorithm.ED25519, bytes(32))
REFERENCE = KeyReference(
    token="ministry", serial="0a1b", label="seal-2026q4", id=bytes(16), public_key=KEY.public_key
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file of REFERENCE."""
    REFERENCE.save(tmp_path / "key.json")
    return tmp_path / "key.json"


def test_round_trip(path: Path) -> None:
    """What is saved is read again, by its owner alone, and never overwritten."""
    assert key_reference.load(path) == REFERENCE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keyfile.load_public(path) == KEY.public_key
    with pytest.raises(FileExistsError):
        REFERENCE.save(path)


def test_a_key_itself_is_no_reference(tmp_path: Path) -> None:
    """And a reference is not opened as a key."""
    keyfile.save(tmp_path / "own", KEY, "correct horse", cost=keyfile.Cost(1, 8192))
    assert key_reference.load(tmp_path / "own") is None
    REFERENCE.save(tmp_path / "named")
    with pytest.raises(DidError) as refusal:
        keyfile.load(tmp_path / "named", "correct horse")
    assert refusal.value.code == "malformed_key_file"


@pytest.mark.parametrize(
    "changed",
    [
        {"montrey": "pkcs12"},
        {"version": 2},
        {"token": ""},
        {"serial": None},
        {"label": 1},
        {"id": "A" * 65},
        {"module": "/home/thief/evil.so"},
        {"public": {"kty": "oct"}},
    ],
)
def test_refusals(path: Path, changed: dict[str, Any]) -> None:
    """Another kind, version or type; one that names a library; a public half that is none."""
    path.write_text(json.dumps({**json.loads(path.read_text()), **changed}))
    with pytest.raises(DidError) as refusal:
        key_reference.load(path)
    assert refusal.value.code in {"malformed_key_file", "unsupported_key"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200))
def test_anything_else(tmp_path: Path, data: bytes) -> None:
    """Whatever stands in the place of a key file is none, or is refused."""
    file = tmp_path / "key.json"
    file.write_bytes(data)
    try:
        assert key_reference.load(file) is None
    except DidError as refusal:
        assert refusal.code  # noqa: PT017 (either is right)
