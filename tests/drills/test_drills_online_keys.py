"""Drill: whoever takes over the ministry's machine has its online keys, and no custodian's."""

from __future__ import annotations

import pytest
from drill import Drill, Gate

from issuer.custody import TrustList
from trust import TrustError, ceremony


@pytest.fixture
def wanted(drill: Drill) -> TrustList:
    """A trust list with a key of the thief's, made by the ministry's own program on its own machine."""
    drill.gate.take(drill.stick("honest"))
    assert drill.ministry("seal-key", "new") == 0
    path = drill.folder / "list"
    assert drill.ministry("trust-list", "export", path) == 0
    return TrustList.from_json(path.read_bytes())


def test_the_program_refuses_a_key_that_no_custodian_signed(
    drill: Drill, wanted: TrustList, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither signing with the online key, nor importing, nor publishing leads past it."""
    path, home = drill.folder / "list", drill.desk.home
    online = home / "keys" / "tuf-online.json"
    assert drill.ministry("trust-list", "sign", path, "--key", online, "--yes") == 1
    assert drill.ministry("trust-list", "import", path) == 1
    (home / "trust" / "trust-list.json").write_bytes(wanted.to_json())
    assert drill.ministry("publish", drill.folder / "out") == 1
    refusals = [line.partition(":")[0] for line in capsys.readouterr().err.splitlines()]
    assert refusals[-3:] == ["not_a_custodian", "signatures_missing", "signatures_missing"]


def test_a_gate_refuses_a_key_that_no_custodian_signed(
    drill: Drill, wanted: TrustList, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thief does not run our checks: he publishes it all the same, and no gate follows."""
    drill.desk.later(hours=1)
    with monkeypatch.context() as patch:
        patch.setattr(ceremony, "check", lambda *_, **__: None)
        stick = drill.publish_as_thief(drill.folder / "honest", trust_list=wanted)
    assert any("seal-2026q4-2" in path.read_text() for path in stick.glob("targets/*.issuers.json"))
    with pytest.raises(TrustError) as refusal:
        drill.gate.take(stick)
    assert refusal.value.code == "bad_signature"
    assert drill.gate.seal(*drill.forge("seal-2026q4-2")) == "untrusted_issuer"
    assert drill.gate.card(drill.cards[0]) == "accepted"


def test_a_document_changed_on_the_stick_is_refused(drill: Drill, wanted: TrustList) -> None:
    """The issuers of his own in the place of the signed ones."""
    (issuers,) = drill.folder.glob("honest/targets/*.issuers.json")
    issuers.write_bytes(wanted.files["issuers.json"][: issuers.stat().st_size])
    fresh = Gate(drill.folder / "fresh", drill.desk)
    with pytest.raises(TrustError) as refusal:
        fresh.take(drill.folder / "honest")
    assert refusal.value.code == "tampered"
