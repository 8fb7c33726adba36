"""Custodians sign what they see, all of it and nothing else, and are asked before."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from issuer_desk import START
from issuer_program import Program
from tuf.api.metadata import Targets  # type: ignore[attr-defined]

from did import Algorithm, PublicKey, SoftwareSigner, base64url, keyfile, strict_json
from issuer import custody
from issuer.custody import TrustList
from trust import ceremony, names, repository

THIEF = SoftwareSigner.generate(Algorithm.ED25519)


class Terminal(io.StringIO):
    """A person at a terminal, who types this."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def rewritten(trust_list: TrustList, change: Callable[[dict[str, Any]], None]) -> TrustList:
    """The list with its metadata changed as a thief of the ministry's machine may."""
    metadata = strict_json.loads(trust_list.targets, max_bytes=1 << 18)
    change(metadata["signed"])
    return replace(trust_list, targets=strict_json.dumps(metadata))


def other_key(trust_list: TrustList) -> TrustList:
    """The documents are the ministry's, and the metadata vouches for a key of the thief's."""
    issuers = strict_json.loads(trust_list.files[names.ISSUERS], max_bytes=1 << 18)
    for entries in issuers.values():
        entries[0]["jwk"] = THIEF.public_key.to_jwk()
    files = {**trust_list.files, names.ISSUERS: strict_json.dumps(issuers)}
    signed = repository.parse(trust_list.targets, Targets).signed
    keys = ceremony.role_keys(trust_list.root).online
    made = ceremony.make_targets(files, online_keys=keys, expires=signed.expires, version=signed.version)
    return replace(trust_list, targets=made)


def more_paths(trust_list: TrustList) -> TrustList:
    """The online role may sign issuers as well."""

    def change(signed: dict[str, Any]) -> None:
        signed["delegations"]["roles"][0]["paths"].append(names.ISSUERS)

    return rewritten(trust_list, change)


def other_delegate(trust_list: TrustList) -> TrustList:
    """The online role is the thief's."""
    signed = repository.parse(trust_list.targets, Targets).signed
    made = ceremony.make_targets(
        trust_list.files, online_keys=[THIEF.public_key], expires=signed.expires, version=signed.version
    )
    return replace(trust_list, targets=made)


def second_delegation(trust_list: TrustList) -> TrustList:
    """Another role beside the online one."""

    def change(signed: dict[str, Any]) -> None:
        online = signed["delegations"]["roles"][0]
        signed["delegations"]["roles"].insert(0, {**online, "name": "other", "paths": ["*"]})

    return rewritten(trust_list, change)


def no_delegation(trust_list: TrustList) -> TrustList:
    """Nobody may publish."""
    return rewritten(trust_list, lambda signed: signed.pop("delegations"))


def more_fields(trust_list: TrustList) -> TrustList:
    """Something that nobody is shown."""
    return rewritten(trust_list, lambda signed: signed.update(note="x"))


def another_hash(trust_list: TrustList) -> TrustList:
    """A file by its length alone would be another file."""

    def change(signed: dict[str, Any]) -> None:
        signed["targets"][names.CODES]["hashes"] = {"sha256": "0" * 64}

    return rewritten(trust_list, change)


def for_ten_years(trust_list: TrustList) -> TrustList:
    """Longer than custodians sign for."""
    return rewritten(trust_list, lambda signed: signed.update(expires="2036-11-22T09:00:00Z"))


def under_an_unsigned_root(trust_list: TrustList) -> TrustList:
    """A root of the thief's making, which names the custodians and his own online key."""
    keys = replace(ceremony.role_keys(trust_list.root), online=(THIEF.public_key,))
    root = ceremony.make_root(keys, expires=START + timedelta(days=400))
    return other_delegate(replace(trust_list, root=root))


CHANGED: dict[Callable[[TrustList], TrustList], str] = {
    other_key: "document_mismatch",
    more_paths: "document_mismatch",
    other_delegate: "document_mismatch",
    second_delegation: "document_mismatch",
    no_delegation: "document_mismatch",
    more_fields: "document_mismatch",
    another_hash: "document_mismatch",
    for_ten_years: "lifetime_too_long",
    under_an_unsigned_root: "signatures_missing",
}


def exported(program: Program, path: Path) -> TrustList:
    """The list as the register stands, in a file."""
    assert program.home("trust-list", "export", path)[0] == 0
    return TrustList.from_json(path.read_bytes())


@pytest.mark.parametrize("change", CHANGED, ids=lambda change: change.__name__)
def test_a_list_that_says_other_than_it_shows_is_refused(
    change: Callable[[TrustList], TrustList], program: Program, tmp_path: Path
) -> None:
    """Neither shown as if it were good, nor signed; the file stays as it was."""
    path = tmp_path / "list"
    path.write_bytes(change(exported(program, path)).to_json())
    before = path.read_bytes()
    code, out, err = program("trust-list", "show", path)
    assert (code, out) == (1, "")
    assert err.startswith(CHANGED[change] + ": ")
    code, out, err = program.custodian("targets-1", "trust-list", "sign", path, "--yes")
    assert (code, out) == (1, "")
    assert err.startswith(CHANGED[change] + ": ")
    assert path.read_bytes() == before


def test_an_import_holds_the_delegation_too(program: Program, tmp_path: Path) -> None:
    """Custodians of another program may have signed it; this home does not take it."""
    trust_list = more_paths(exported(program, tmp_path / "list"))
    for name in ("targets-1", "targets-2"):
        folder = program.desk.office.home.offline / name
        passphrase = (folder / custody.PASSPHRASE_FILE).read_text().strip()
        signer = keyfile.load(folder / custody.KEY_FILE, passphrase)
        trust_list = trust_list.signed(signer)
    (tmp_path / "list").write_bytes(trust_list.to_json())
    assert program.home("trust-list", "import", tmp_path / "list")[2].startswith("document_mismatch: ")


def test_every_key_is_shown_by_its_thumbprint(program: Program, tmp_path: Path) -> None:
    """A stolen register could put another key under a known name: keys are shown, and what differs."""
    home, path = program.desk.office.home, tmp_path / "list"
    trust_list = exported(program, path)
    text = program("trust-list", "show", path)[1]
    document = json.loads(program("trust-list", "show", path, "--json")[1])
    shown = {entry["name"]: entry for entry in document["content"] if entry["what"] == "key"}
    keys = strict_json.loads(trust_list.files[names.ISSUERS], max_bytes=1 << 18)
    assert len(shown) == 4
    for entry in (entry for entries in keys.values() for entry in entries):
        thumbprint = base64url.encode(PublicKey.from_jwk(entry["jwk"]).thumbprint())
        assert shown[entry["kid"]]["thumbprint"] == thumbprint
        assert thumbprint in text
    online = base64url.encode(ceremony.role_keys(trust_list.root).online[0].thumbprint())
    assert online in text
    assert ceremony.fingerprint(trust_list.root) in text
    assert "Ministry of Health" in text  # every code: a changed title is a changed ministry
    previous = ("--previous", home.trust / "trust-list.json")
    changes = json.loads(program("trust-list", "show", path, *previous, "--json")[1])["changes"]
    assert {change["what"] for change in changes} == {"trust list"}

    program.json("seal-key", "new")
    exported(program, path)
    changes = json.loads(program("trust-list", "show", path, *previous, "--json")[1])["changes"]
    named = {(change["change"], change["what"], change["name"]) for change in changes}
    assert named >= {("+", "key", "seal-2026q4-2"), ("+", "template", "3")}
    assert {what for _, what, _ in named} == {"key", "template", "trust list"}
    assert "+ key seal-2026q4-2" in program("trust-list", "show", path, *previous)[1]
    assert program("trust-list", "show", path, "--previous", path)[2].startswith("signatures_missing: ")


def test_a_swapped_key_shows_as_a_change(program: Program, tmp_path: Path) -> None:
    """Under the name that custodians know stands another thumbprint."""
    path = tmp_path / "list"
    trust_list = other_key(exported(program, path))
    issuers = strict_json.loads(trust_list.files[names.ISSUERS], max_bytes=1 << 18)
    for entries in issuers.values():
        entries[0]["jwk"] = THIEF.public_key.to_jwk()
    files = {**trust_list.files, names.ISSUERS: strict_json.dumps(issuers)}
    path.write_bytes(replace(trust_list, files=files).to_json())
    previous = ("--previous", program.desk.office.home.trust / "trust-list.json")
    changes = json.loads(program("trust-list", "show", path, *previous, "--json")[1])["changes"]
    was, is_now = (change for change in changes if change["what"] == "key")
    assert (was["change"], is_now["change"], was["name"]) == ("-", "+", is_now["name"])
    assert is_now["thumbprint"] == base64url.encode(THIEF.public_key.thumbprint())


def test_another_root_must_follow_the_previous_one(program: Program, tmp_path: Path) -> None:
    """A root of the thief's own, signed by his own keys, which names the custodians and his online key."""
    path = tmp_path / "list"
    trust_list = exported(program, path)
    thieves = [SoftwareSigner.generate(Algorithm.ED25519) for _ in range(2)]
    keys = replace(
        ceremony.role_keys(trust_list.root),
        root=tuple(signer.public_key for signer in thieves),
        online=(THIEF.public_key,),
    )
    for version in (1, 2):
        root = ceremony.make_root(keys, expires=START + timedelta(days=400), version=version)
        for signer in thieves:
            root = ceremony.sign(root, signer)
        path.write_bytes(other_delegate(replace(trust_list, root=root)).to_json())
        previous = ("--previous", program.desk.office.home.trust / "trust-list.json")
        code, out, err = program.custodian("targets-1", "trust-list", "sign", path, *previous, "--yes")
        assert (code, out) == (1, "")
        assert err.partition(":")[0] == ("root_chain_broken" if version == 1 else "signatures_missing")
        shown = program("trust-list", "show", path)[1]  # alone, it can only be seen
        assert base64url.encode(THIEF.public_key.thumbprint()) in shown
        assert ceremony.fingerprint(root) in shown


def test_a_custodian_is_asked(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All is shown before the question; only yes signs; without a terminal --yes is needed."""
    path = tmp_path / "list"
    trust_list = exported(program, path)
    sign = ("targets-1", "trust-list", "sign", path)
    for typed in ("\n", "no\n", "y\n", ""):
        monkeypatch.setattr("sys.stdin", Terminal(typed))
        code, out, err = program.custodian(*sign)
        assert code == 1
        assert "thumbprint" in out
        assert "not_confirmed: " in err
        assert path.read_bytes() == trust_list.to_json()
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    code, _, err = program.custodian(*sign)
    assert code == 2
    assert "--yes" in err
    assert path.read_bytes() == trust_list.to_json()
    monkeypatch.setattr("sys.stdin", Terminal("yes\n"))
    assert program.custodian(*sign)[0] == 0
    monkeypatch.setattr("sys.stdin", Terminal("យល់ព្រម\n"))
    code, out, err = program.custodian("targets-2", *sign[1:], "--json")
    assert (code, json.loads(out)["missing"]) == (0, 0)
    assert "thumbprint" in err  # beside what a program reads


def test_a_root_is_shown_before_it_is_signed(program: Program, tmp_path: Path) -> None:
    """Version, end, thresholds, every key; and what changes against the one before."""
    first, path = program.desk.office.home.root, tmp_path / "2.root.json"
    online = tmp_path / "thief.jwk"
    online.write_bytes(strict_json.dumps(THIEF.public_key.to_jwk()))
    assert program("root", "renew", first, "--online-key", online, "--out", path)[0] == 0
    sign = ("root-1", "root", "sign", path, "--previous", first, "--yes")
    code, out, _ = program.custodian(*sign)
    assert code == 0
    shown, _, changed = out.partition("What changes")
    keys = ceremony.role_keys(path.read_bytes())
    assert all(base64url.encode(key.thumbprint()) in shown for key in keys.all)
    assert "version 2" in shown
    assert "expires 2028-11-21" in shown
    assert shown.count("2 of 3 keys") == 2
    assert f"thumbprint {base64url.encode(THIEF.public_key.thumbprint())}" in changed
    assert "- online key" in changed
    assert "targets key" not in changed
    document = json.loads(program("root", "show", path, "--previous", first, "--json")[1])
    assert {entry["what"] for entry in document["changes"]} == {"root", "online key"}
    assert program.custodian("root-2", "root", "sign", path, "--yes")[2].startswith("root_chain_broken: ")


def test_a_wrong_passphrase_names_its_file(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A custodian who forgot that another file is named learns it."""
    path, key = tmp_path / "list", program.desk.office.home.offline / "targets-1" / "key.json"
    exported(program, path)
    other = key.parent.parent / "targets-2" / "passphrase.txt"
    monkeypatch.setenv("MONTREY_PASSPHRASE_FILE", str(other))
    err = program("trust-list", "sign", path, "--key", key, "--yes")[2]
    assert err.startswith("wrong_passphrase: ")
    assert str(other) in err


def test_a_custodian_reads_khmer(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands before the question is in the language of the question; both words for yes are taken."""
    path = tmp_path / "list"
    exported(program, path)
    root = program("--lang", "km", "root", "show", program.desk.office.home.root)[1]
    assert all(word in root for word in ("តួនាទី root  កូនសោ 2 ក្នុងចំណោម 3", "កំណែ 1", "ផុតកំណត់", "ស្នាមម្រាមដៃ"))
    for typed in ("បាទ\n", "ចាស\n"):
        monkeypatch.setattr("sys.stdin", Terminal(typed))
        code, out, err = program.custodian("targets-1", "--lang", "km", "trust-list", "sign", path)
        assert code == 0
        assert "បាទ ចាស យល់ព្រម ឬ yes" in err
        english = "expires version permitted template days keys thumbprint purpose"
        assert [word for word in english.split() if f"{word} " in root + out] == []


def test_a_root_that_says_more_than_it_shows_is_refused(program: Program, tmp_path: Path) -> None:
    """A threshold of one, another snapshot key, a known id before another key, a field of its own."""
    original = program.desk.office.home.root.read_bytes()
    jwk = {"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": THIEF.public_key.raw.hex()}}
    changes: list[Callable[[dict[str, Any]], object]] = [
        lambda signed: signed["roles"]["targets"].update(threshold=1),
        lambda signed: signed["roles"]["snapshot"].update(keyids=signed["roles"]["root"]["keyids"]),
        lambda signed: signed["keys"].update({signed["roles"]["root"]["keyids"][0]: jwk}),
        lambda signed: signed["keys"].pop(signed["roles"]["root"]["keyids"][0]),
        lambda signed: signed.update(note="x"),
        lambda signed: signed.update(consistent_snapshot=False),
    ]
    for change in changes:
        metadata = strict_json.loads(original, max_bytes=1 << 18)
        change(metadata["signed"])
        (tmp_path / "root").write_bytes(strict_json.dumps(metadata))
        for command in (("show",), ("sign", "--key", "none", "--yes")):
            code, out, err = program("root", command[0], tmp_path / "root", *command[1:])
            assert (code, out) == (1, "")
            assert err.startswith("malformed_metadata: ")
