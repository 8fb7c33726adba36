"""Private keys at rest."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from did import base64url, keyfile
from did.algorithm import Algorithm
from did.errors import DidError
from did.signer import SoftwareSigner

CHEAP = keyfile.Cost(1, 8192)
SALT = bytes(range(16))
SIGNER = SoftwareSigner(Algorithm.ED25519, bytes(range(32)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A key file of SIGNER under the passphrase "correct horse"."""
    file = tmp_path / "key.json"
    keyfile.save(file, SIGNER, "correct horse", cost=CHEAP, salt=SALT)
    return file


def edit(path: Path, **members: Any) -> None:
    """Replaces members of the key file's object."""
    path.write_text(json.dumps({**json.loads(path.read_bytes()), **members}))


@pytest.mark.parametrize("algorithm", list(Algorithm))
@pytest.mark.parametrize("passphrase", ["correct horse", "", "ពាក្យសម្ងាត់", "x" * 2000])
def test_round_trip(tmp_path: Path, algorithm: Algorithm, passphrase: str) -> None:
    """What is saved is opened by its passphrase, whatever it is."""
    signer = SoftwareSigner.generate(algorithm)
    keyfile.save(tmp_path / "key", signer, passphrase, cost=CHEAP)
    opened = keyfile.load(tmp_path / "key", passphrase)
    assert (opened.public_key, opened.secret) == (signer.public_key, signer.secret)
    assert keyfile.load_public(tmp_path / "key") == signer.public_key
    assert signer.secret not in (tmp_path / "key").read_bytes()
    assert base64url.encode(signer.secret).encode() not in (tmp_path / "key").read_bytes()


@pytest.mark.parametrize("passphrase", ["", "correct hors", "Correct horse", "correct horse ", "\ud800"])
def test_wrong_passphrase(path: Path, passphrase: str) -> None:
    """Another passphrase does not open it, nor does one that is no text."""
    with pytest.raises(DidError) as caught:
        keyfile.load(path, passphrase)
    assert caught.value.code == "wrong_passphrase"


def test_permissions(path: Path) -> None:
    """Only the owner may read it, whatever the umask says."""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_never_overwritten(path: Path) -> None:
    """An existing file stays as it is, a dangling link included."""
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        keyfile.save(path, SoftwareSigner.generate(Algorithm.P256), "other", cost=CHEAP)
    assert path.read_bytes() == before
    link = path.with_name("link")
    link.symlink_to("nowhere")
    with pytest.raises(FileExistsError):
        keyfile.save(link, SIGNER, "other", cost=CHEAP)


def test_every_byte_of_the_box_counts(path: Path) -> None:
    """A changed nonce, tag or ciphertext does not open."""
    box = base64url.decode(json.loads(path.read_bytes())["box"])
    for place in range(0, len(box), 5):
        changed = bytes(b ^ (i == place) for i, b in enumerate(box))
        edit(path, box=base64url.encode(changed))
        with pytest.raises(DidError) as caught:
            keyfile.load(path, "correct horse")
        assert caught.value.code == "wrong_passphrase"


def test_swapped_public_half(path: Path) -> None:
    """The public half is compared with the private one when the key is opened."""
    edit(path, public=SoftwareSigner.generate(Algorithm.ED25519).public_key.to_jwk())
    with pytest.raises(DidError) as caught:
        keyfile.load(path, "correct horse")
    assert caught.value.code == "malformed_key_file"


@pytest.mark.parametrize(
    "members",
    [
        {"passes": 0},
        {"passes": 11},
        {"passes": 10**9},
        {"passes": -1},
        {"passes": "1"},
        {"passes": 1.0},
        {"memory": 0},
        {"memory": 8191},
        {"memory": (1 << 30) + 1},
        {"memory": 1 << 60},
        {"memory": None},
        {"salt": ""},
        {"salt": "AAAA"},
        {"salt": base64url.encode(bytes(17))},
        {"salt": 5},
        {"salt": "==="},
        {"box": 5},
        {"box": "==="},
        {"kdf": "scrypt"},
        {"kdf": None},
        {"version": 2},
        {"version": None},
        {"public": None},
        {"public": {"kty": "oct"}},
    ],
)
def test_hostile_files(path: Path, members: dict[str, Any]) -> None:
    """A file that asks for an unreasonable cost, or is no key file, is refused before any work."""
    edit(path, **members)
    with pytest.raises(DidError) as caught:
        keyfile.load(path, "correct horse")
    assert caught.value.code in {
        "malformed_key_file",
        "malformed_base64url",
        "malformed_key",
        "unsupported_key",
    }


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"null", b"\xff", b"{" * 4000, b" " * 5000, b'{"version":1}']
)
def test_no_key_file(tmp_path: Path, content: bytes) -> None:
    """Anything else is refused, by both readers."""
    file = tmp_path / "key"
    file.write_bytes(content)
    for read in (keyfile.load_public, lambda path: keyfile.load(path, "x")):
        with pytest.raises(DidError) as caught:
            read(file)
        assert caught.value.code in {"malformed_key_file", "malformed_json"}


def test_a_shared_salt_needs_fresh_nonces() -> None:
    """Two boxes under one salt and passphrase have different nonces and contents."""
    boxes = {str(keyfile.seal(bytes(32), "p", cost=CHEAP, salt=SALT)["box"]) for _ in range(5)}
    assert len(boxes) == 5
    assert len({box[:32] for box in boxes}) == 5


def test_salts_are_random() -> None:
    """A salt is drawn unless one is given."""
    assert keyfile.new_salt() != keyfile.new_salt()
    assert keyfile.seal(b"", "p", cost=CHEAP)["salt"] != keyfile.seal(b"", "p", cost=CHEAP)["salt"]


def test_the_default_cost() -> None:
    """The default is libsodium's moderate cost: 256 MiB, three passes."""
    assert keyfile.Cost(3, 256 << 20) == keyfile.MODERATE
