"""A drill in a folder of its own, the home's passphrase in a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from drill import Drill
from issuer_desk import PASSPHRASE

from issuer.custody import KEY_FILE, PASSPHRASE_FILE

Custodian = Callable[..., int]


@pytest.fixture
def drill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drill:
    """A ministry with three cards, and a gate."""
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    monkeypatch.setenv("MONTREY_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    monkeypatch.delenv("MONTREY_DATABASE_URL", raising=False)
    return Drill(tmp_path)


@pytest.fixture
def custodian(drill: Drill, monkeypatch: pytest.MonkeyPatch) -> Custodian:
    """Runs a command as a custodian, who has a key and a passphrase and no home."""

    def run(name: str, *arguments: object) -> int:
        folder = drill.custodians / name
        with monkeypatch.context() as patch:
            patch.setenv("MONTREY_PASSPHRASE_FILE", str(folder / PASSPHRASE_FILE))
            return drill.ministry(*arguments, "--key", folder / KEY_FILE, "--yes")

    return run


@pytest.fixture
def sign_list(drill: Drill, custodian: Custodian) -> Callable[[], None]:
    """Has two custodians sign the trust list as the register stands."""

    def sign() -> None:
        path = drill.folder / "list"
        assert drill.ministry("trust-list", "export", path) == 0
        for name in drill.signatories:
            assert custodian(name, "trust-list", "sign", path) == 0
        assert drill.ministry("trust-list", "import", path) == 0

    return sign


@pytest.fixture
def renew_root(drill: Drill, custodian: Custodian) -> Callable[..., None]:
    """Has two custodians sign the next root."""

    def renew(*arguments: object) -> None:
        trust = drill.desk.office.home.trust
        number = len([*trust.glob("*.root.json")])
        last, path = trust / f"{number}.root.json", drill.folder / f"{number + 1}.root.json"
        assert drill.ministry("root", "renew", last, *arguments, "--out", path) == 0
        for name in drill.root_signatories:
            assert custodian(name, "root", "sign", path, "--previous", last) == 0
        assert drill.ministry("root", "import", path) == 0

    return renew
