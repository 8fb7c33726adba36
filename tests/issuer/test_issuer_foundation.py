"""A home is made whole or not at all, and custodians' keys are apart from it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from issuer_desk import CHEAP, CONFIG, PASSPHRASE, START, founding, open_desk

from credential.codes import Name
from did import keyfile
from did.errors import DidError
from issuer import foundation
from issuer.errors import IssuerError
from issuer.foundation import found
from issuer.home import Config, Home
from trust import ceremony


def test_only_the_owner_can_read_a_home(tmp_path: Path) -> None:
    """The folder, every key and every passphrase."""
    home = founding().home
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700
    secret = [*home.keys.iterdir(), *home.offline.glob("*/*")]
    assert len(secret) == 6 + 12
    assert {stat.S_IMODE(path.stat().st_mode) for path in secret} == {0o600}


def test_each_custodian_has_a_key_and_a_passphrase(tmp_path: Path) -> None:
    """Six folders, six different keys, six different passphrases that open their own key alone."""
    offline = founding().home.offline
    assert sorted(p.name for p in offline.iterdir()) == [
        *("root-1", "root-2", "root-3"),
        *("targets-1", "targets-2", "targets-3"),
    ]
    passphrases = {p.name: (p / "passphrase.txt").read_text().strip() for p in offline.iterdir()}
    assert len(set(passphrases.values())) == 6
    keys = {name: keyfile.load(offline / name / "key.json", text) for name, text in passphrases.items()}
    assert len({key.public_key for key in keys.values()}) == 6
    with pytest.raises(DidError) as caught:
        keyfile.load(offline / "root-1" / "key.json", passphrases["root-2"])
    assert caught.value.code == "wrong_passphrase"


def test_no_custodian_key_opens_with_the_homes_passphrase() -> None:
    """`publish` needs the home's passphrase alone, and it opens no root or targets key."""
    for path in founding().home.offline.glob("*/key.json"):
        with pytest.raises(DidError):
            keyfile.load(path, PASSPHRASE)


def test_a_home_works_without_its_offline_folder(tmp_path: Path) -> None:
    """It is to be taken away."""
    desk = open_desk(tmp_path)
    for path in sorted((desk.home / "offline").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    card = desk.card()
    desk.enrol(card)
    desk.office.publish(tmp_path / "out")


def test_the_fingerprint_is_the_roots() -> None:
    """What is read out to a verifier."""
    made = founding()
    assert made.fingerprint == ceremony.fingerprint(made.home.root.read_bytes())


def test_a_place_that_is_taken_is_left_alone(tmp_path: Path) -> None:
    """A second init of the same home, or into a folder with files."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(IssuerError) as caught:
        found(tmp_path, config=CONFIG, passphrase=PASSPHRASE, now=START, cost=CHEAP)
    assert caught.value.code == "home_exists"
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_a_failed_init_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the next one succeeds, whatever a killed one has left."""
    monkeypatch.setattr(foundation, "add_root", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        found(tmp_path / "home", config=CONFIG, passphrase=PASSPHRASE, now=START, cost=CHEAP)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    (tmp_path / ".home.init").mkdir()
    (tmp_path / ".home.init" / "config.json").write_text("half")
    found(tmp_path / "home", config=CONFIG, passphrase=PASSPHRASE, now=START, cost=CHEAP)
    assert [p.name for p in tmp_path.iterdir()] == ["home"]


def test_a_database_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """MONTREY_DATABASE_URL says where; one that holds a register is not furnished twice."""
    monkeypatch.setenv("MONTREY_DATABASE_URL", f"sqlite:///{tmp_path}/elsewhere.sqlite")
    made = found(tmp_path / "home", config=CONFIG, passphrase=PASSPHRASE, now=START, cost=CHEAP)
    assert (tmp_path / "elsewhere.sqlite").exists()
    assert not (made.home.path / "register.sqlite").exists()
    with pytest.raises(IssuerError) as caught:
        found(tmp_path / "second", config=CONFIG, passphrase=PASSPHRASE, now=START, cost=CHEAP)
    assert caught.value.code == "register_exists"
    assert not (tmp_path / "second").exists()


def test_a_weak_passphrase_is_refused(tmp_path: Path) -> None:
    """Eight characters at least."""
    with pytest.raises(IssuerError) as caught:
        found(tmp_path / "home", config=CONFIG, passphrase="1234567", now=START, cost=CHEAP)
    assert caught.value.code == "weak_passphrase"


@pytest.mark.parametrize(
    "issuer",
    ["", "montrey.example", "http://x", "https://", "https://x/", "https://x?y", "https://ក", "https://x y"],
)
def test_an_issuer_is_an_https_url(issuer: str) -> None:
    """Without query or final slash: it is compared, letter for letter."""
    with pytest.raises(IssuerError) as caught:
        Config(issuer=issuer, name=Name("ក", "x"))
    assert caught.value.code == "bad_config"


def test_settings_are_read_back() -> None:
    """And damaged ones are named."""
    assert Config.from_json(CONFIG.to_json()) == CONFIG
    for data in (b"", b"{}", b"[1]", CONFIG.to_json()[:-2], CONFIG.to_json().replace(b":10", b':"10"')):
        with pytest.raises(IssuerError) as caught:
            Config.from_json(data)
        assert caught.value.code == "bad_config"


def test_a_folder_that_is_no_home(tmp_path: Path) -> None:
    """Is named, and nothing is made in it."""
    with pytest.raises(IssuerError) as caught:
        Home(tmp_path).read_config()
    assert caught.value.code == "no_home"
    assert list(tmp_path.iterdir()) == []
