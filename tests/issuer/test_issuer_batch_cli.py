"""A bank at its machine: keys, a batch, a report, without a home."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from batch_desk import BANK, MINISTRY, NOW, OTHER_BANK, batch, sealed_with_header
from issuer_desk import CHEAP

from did import Algorithm, SoftwareSigner, base64url, jose, strict_json
from issuer import bank_keys, cli
from issuer.bank_keys import BankKeys, BankPublic, kid
from issuer.errors import IssuerError
from issuer.reconciliation import PrintOrder, reconcile

PASSPHRASE = "a passphrase of the bank"
Run = Callable[..., tuple[int, str, str]]
LATER = NOW + timedelta(days=1)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The program in a folder where `batch.mbatch` is, for the bank's keys, with its passphrase in a file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    monkeypatch.setenv("MONTREY_PASSPHRASE_FILE", str(tmp_path / "passphrase"))

    def program(*arguments: object) -> tuple[int, str, str]:
        code = cli.run([str(each) for each in arguments], clock=lambda: LATER, cost=CHEAP)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return program


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """The bank's key file, the ministry's key beside it, and a batch."""
    folder = tmp_path / "bank"
    folder.mkdir()
    (folder / "bank-key.json").write_bytes(bank_keys.encrypt(BANK, PASSPHRASE, cost=CHEAP))
    (folder / "ministry.jwk").write_text(json.dumps(MINISTRY.public_key.to_jwk()))
    (tmp_path / "batch.mbatch").write_bytes(sealed_with_header(batch(4))[0])
    return folder / "bank-key.json"


def private(signer: SoftwareSigner, **more: str) -> str:
    """A private JWK as other tools make it, spaced and with members of its own."""
    return json.dumps({**jose.signer_to_jwk(signer), **more}, indent=2)


def answered(folder: Path, answer: Callable[[int], str] = lambda _: "yes,0,") -> None:
    """Fills in the table of an opened batch."""
    lines = (folder / "report.csv").read_text("utf-8-sig").splitlines()
    rows = [line.removesuffix(",,,") + "," + answer(at) for at, line in enumerate(lines[1:], 1)]
    (folder / "report.csv").write_text("\n".join([lines[0], *rows, ""]), encoding="utf-8")


def test_from_keys_to_a_report_that_counts(run: Run, tmp_path: Path) -> None:
    """A new bank, its first batch, its report: what the ministry makes of it."""
    code, out, err = run("bank-key", "new", "--out", "bank")
    assert (code, err) == (0, "")
    assert sorted(path.name for path in Path("bank").iterdir()) == ["bank-key.json", "bank.jwks"]
    assert stat.S_IMODE(Path("bank/bank-key.json").stat().st_mode) == 0o600
    public = BankPublic.from_jwks(Path("bank/bank.jwks").read_bytes())
    for key in (public.encryption, public.signing):
        assert bank_keys.spoken(key) in out
    Path("bank/ministry.jwk").write_text(json.dumps(MINISTRY.public_key.to_jwk()))
    keys = bank_keys.read(Path("bank/bank-key.json").read_bytes(), lambda: PASSPHRASE)
    made = batch(4)
    data, header = sealed_with_header(made, bank=keys)
    Path("batch.mbatch").write_bytes(data)
    code, out, err = run("batch-open", "--key", "bank/bank-key.json", "batch.mbatch", "opened")
    assert (code, err) == (0, "")
    assert "2026-0001" in out
    assert bank_keys.spoken(MINISTRY.public_key) in out
    answered(Path("opened"), lambda at: "no,1,smudged" if at == 2 else "yes,0,")
    code, out, err = run("batch-report", "--key", "bank/bank-key.json", "opened", "--out", "report.jws")
    assert (code, err) == (0, "")
    assert "3 of 4" in out
    result = reconcile(
        PrintOrder.of(made, header), Path("report.jws").read_text(), bank_key=public.signing, now=LATER
    )
    assert [difference.kind.value for difference in result.differences] == ["not_printed", "spoiled"]
    assert len(result.printed) == 3
    assert result.report.rows[1].note == "smudged"


def test_json(run: Run, keys: Path) -> None:
    """Every command prints one object for programs."""
    code, out, _ = run("bank-key", "new", "--out", "other", "--json")
    assert (code, set(json.loads(out))) == (0, {"key", "jwks", "ministry", "fingerprints"})
    code, out, _ = run("batch-open", "--key", keys, "batch.mbatch", "opened", "--json")
    shown = json.loads(out)
    assert (shown["batch"], shown["count"], shown["folder"]) == ("2026-0001", 4, "opened")
    assert shown["ministry"] == kid(MINISTRY.public_key)
    assert json.loads(Path("opened/batch.json").read_bytes()).items() >= {"batch": "2026-0001"}.items()
    answered(Path("opened"), lambda at: "yes,2," if at == 3 else "yes,0,")
    code, out, _ = run("batch-report", "--key", keys, "opened", "--out", "r")
    card = json.loads(Path("opened/cards.json").read_bytes())["cards"][2]["number"]
    assert out.splitlines()[0] == (
        f"card 3 {card}, report.csv row 4: Plastic was spoiled. Keep it for the ministry, or confirm that it "
        "was destroyed."
    )
    code, out, _ = run("batch-report", "--key", keys, "opened", "--out", "r", "--json")
    shown = json.loads(out)
    assert (shown["differences"][0]["row"], shown["differences"][0]["line"]) == (3, 4)
    assert (shown["count"], shown["printed"], shown["path"]) == (4, 4, "r")
    assert [(each["kind"], each["sequence"], each["count"]) for each in shown["differences"]] == [
        ("spoiled", 3, 2)
    ]


@pytest.mark.parametrize("language", ["en", "km"])
def test_words(run: Run, keys: Path, language: str) -> None:
    """In the language that was asked for."""
    _, out, _ = run("--lang", language, "batch-open", "--key", keys, "batch.mbatch", "opened")
    assert ("report.csv" in out, "បន្ទាប់" in out) == (True, language == "km")
    answered(Path("opened"), lambda at: "no,0,")
    _, out, _ = run("--lang", language, "batch-report", "--key", keys, "opened", "--out", "r")
    assert ("It was not printed" in out or "was not printed" in out) is (language == "en")


@pytest.mark.parametrize(
    "text",
    [
        private(BANK.to_decrypt()),
        private(BANK.to_decrypt(), use="enc", alg="ECDH-ES+A256KW", kid="our key", key_ops="deriveKey"),
        json.dumps({"keys": [jose.signer_to_jwk(BANK.to_sign()), jose.signer_to_jwk(BANK.to_decrypt())]}),
    ],
    ids=["plain", "members", "set"],
)
def test_a_plain_jwk(run: Run, keys: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that another tool made opens batches, without a passphrase."""
    monkeypatch.delenv("MONTREY_PASSPHRASE_FILE")
    Path("bank.jwk").write_text(text)
    code, _, err = run(
        "batch-open",
        "--key",
        "bank.jwk",
        "--ministry",
        keys.with_name("ministry.jwk"),
        "batch.mbatch",
        "opened",
    )
    assert (code, err) == (0, "")
    assert Path("opened/cards.csv").is_file()


def test_a_report_signed_with_plain_keys(run: Run, keys: Path) -> None:
    """One P-256 key for both, a set, or a key for signing alone; a key for batches alone does not sign."""
    run("batch-open", "--key", keys, "batch.mbatch", "opened")
    answered(Path("opened"))
    both = SoftwareSigner(Algorithm.P256, b"\5" * 32)
    pair = [jose.signer_to_jwk(BANK.to_sign()), jose.signer_to_jwk(BANK.to_decrypt())]
    texts = {
        private(both): both,
        private(BANK.to_sign()): BANK.to_sign(),
        private(both, use="sig"): both,
        json.dumps({"keys": pair}): BANK.to_sign(),
        json.dumps({"keys": pair[::-1]}): BANK.to_sign(),
    }
    for text, signer in texts.items():
        Path("bank.jwk").write_text(text)
        assert run("batch-report", "--key", "bank.jwk", "opened", "--out", "r")[0] == 0
        header = strict_json.loads(base64url.decode(Path("r").read_text().split(".")[0]), max_bytes=999)
        assert header["kid"] == kid(signer.public_key)
    Path("bank.jwk").write_text(private(both, use="enc"))
    code, _, err = run("batch-report", "--key", "bank.jwk", "opened", "--out", "r2")
    assert (code, "bad_bank_key" in err, Path("r2").exists()) == (1, True, False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '{"keys": []}',
        '{"keys": [1]}',
        '{"keys": 5}',
        json.dumps(BANK.public.encryption.to_jwk()),
        private(BANK.to_decrypt(), use="sig"),
        private(BANK.to_decrypt(), use="other"),
        private(BANK.to_sign()),
        BANK.public.to_jwks().decode(),
        '{"montrey": "bank-key"}',
        "x" * 20_000,
    ],
)
def test_a_key_that_is_none(run: Run, keys: Path, text: str) -> None:
    """It is told, and nothing is written."""
    keys.write_text(text)
    code, out, err = run("batch-open", "--key", keys, "batch.mbatch", "opened")
    assert (code, out) == (1, "")
    assert err.split(":")[0] in {"bad_bank_key", "file_too_large"}
    assert not Path("opened").exists()


def test_refusals(run: Run, keys: Path) -> None:
    """Another bank's key, another ministry's, no ministry's, a wrong passphrase, a file that is none."""
    data = Path("batch.mbatch").read_bytes()
    Path("cut").write_bytes(data[:-1000])
    Path("none").write_bytes(b"hello")
    other = keys.with_name("other.json")
    other.write_bytes(bank_keys.encrypt(OTHER_BANK, PASSPHRASE, cost=CHEAP))
    os.mkfifo("pipe")
    thief = Path("thief.jwk")
    thief.write_text(json.dumps(SoftwareSigner.generate(Algorithm.P256).public_key.to_jwk()))
    cases: list[tuple[list[object], str]] = [
        (["--key", other, "batch.mbatch"], "other_bank"),
        (["--key", keys, "--ministry", thief, "batch.mbatch"], "other_ministry"),
        (["--key", keys, "--ministry", keys, "batch.mbatch"], "bad_ministry_key"),
        (["--key", keys, "--ministry", "nowhere", "batch.mbatch"], "unreadable_file"),
        (["--key", keys, "cut"], "batch_cut"),
        (["--key", keys, "none"], "not_a_batch"),
        (["--key", keys, "nowhere"], "unreadable_file"),
        (["--key", keys, "bank"], "unreadable_file"),
        (["--key", keys, "pipe"], "unreadable_file"),
        (["--key", keys, "/dev/zero"], "unreadable_file"),
        (["--key", "nowhere", "--ministry", thief, "batch.mbatch"], "unreadable_file"),
    ]
    for arguments, refused in cases:
        for language in ("en", "km"):
            code, out, err = run("--lang", language, "batch-open", *arguments, "opened")
            assert (code, out, err.split(":")[0]) == (1, "", refused)
    keys.with_name("ministry.jwk").unlink()
    assert run("batch-open", "--key", keys, "batch.mbatch", "opened")[2].startswith("no_ministry_key")
    Path("passphrase").write_text("another passphrase")
    assert run("batch-open", "--key", keys, "--ministry", thief, "batch.mbatch", "opened")[2].startswith(
        "wrong_passphrase"
    )
    assert not Path("opened").exists()
    assert [path for path in Path().iterdir() if path.name.startswith(".")] == []


def test_two_keys_of_the_ministry(run: Run, keys: Path) -> None:
    """While one follows another, both are pinned as a JWK Set."""
    pinned = [SoftwareSigner.generate(Algorithm.P256).public_key.to_jwk(), MINISTRY.public_key.to_jwk()]
    keys.with_name("ministry.jwk").write_text(json.dumps({"keys": pinned}))
    assert run("batch-open", "--key", keys, "batch.mbatch", "opened")[0] == 0


def test_an_unfinished_table(run: Run, keys: Path) -> None:
    """Each row is told with what to do, and nothing is signed; mended, it is."""
    run("batch-open", "--key", keys, "batch.mbatch", "opened")
    code, out, err = run("batch-report", "--key", keys, "opened", "--out", "r")
    assert (code, out, Path("r").exists()) == (1, "", False)
    told, refused = err.splitlines()
    assert told == "report.csv rows 2-5 printed: Answer whether the card was printed: yes or no."
    assert refused.startswith("report_unfinished: report.csv: 4 things")
    answered(Path("opened"))
    assert run("batch-report", "--key", keys, "opened", "--out", "r")[0] == 0


def test_a_folder_that_is_no_opened_batch(run: Run, keys: Path) -> None:
    """Another folder, a damaged one, one with a link in it."""
    run("batch-open", "--key", keys, "batch.mbatch", "opened")
    answered(Path("opened"))

    def refused(folder: str) -> str:
        code, _, err = run("batch-report", "--key", keys, folder, "--out", "r")
        assert (code, Path("r").exists()) == (1, False)
        return err.split(":")[0]

    assert refused("bank") == refused("nowhere") == refused("batch.mbatch") == "not_an_opened_batch"
    about = Path("opened/batch.json")
    kept = about.read_bytes()
    for text in (b"", b"{}", b"[1]", kept.replace(b'"sha256":"', b'"sha256":"!'), bytes(5000)):
        about.write_bytes(text)
        assert refused("opened") == "not_an_opened_batch"
    about.unlink()
    Path("elsewhere").write_bytes(kept)
    about.symlink_to(Path("elsewhere").absolute())
    assert refused("opened") == "not_an_opened_batch"


def test_keys_are_not_written_over(run: Run, keys: Path) -> None:
    """A folder with keys in it keeps them; a short passphrase makes none."""
    before = {path.name: path.read_bytes() for path in keys.parent.iterdir()}
    code, _, err = run("bank-key", "new", "--out", "bank")
    assert (code, err.split(":")[0]) == (1, "out_exists")
    assert {path.name: path.read_bytes() for path in keys.parent.iterdir()} == before
    Path("passphrase").write_text("short")
    code, _, err = run("bank-key", "new", "--out", "new")
    assert (code, err.split(":")[0], Path("new").exists()) == (1, "weak_passphrase", False)


@pytest.mark.parametrize(
    "change",
    [
        lambda keys: keys.pop(),
        lambda keys: keys.append(keys[0]),
        lambda keys: keys[0].update(use="sig"),
        lambda keys: keys[0].pop("use"),
        lambda keys: keys[0].update(MINISTRY.public_key.to_jwk()),
        lambda keys: keys[1].update({**keys[0], "use": "sig"}),
        lambda keys: keys[0].update(x="AAAA"),
        lambda keys: keys[1].update(use=["sig"]),
    ],
)
def test_public_keys_that_are_none(change: Callable[[list[dict[str, Any]]], object]) -> None:
    """Two public keys, one to write to and another to sign, or the ministry takes none."""
    document = json.loads(BANK.public.to_jwks())
    change(document["keys"])
    with pytest.raises(IssuerError) as caught:
        BankPublic.from_jwks(json.dumps(document).encode())
    assert caught.value.code == "bad_bank_key"


@pytest.mark.parametrize("private", [False, True])
def test_the_banks_secret_file_is_no_public_one(keys: Path, private: bool) -> None:
    """Whether its own key file was sent, or a private JWK: told as what it is, and what to send."""
    document = json.loads(BANK.public.to_jwks())
    document["keys"][0]["d"] = "AAAA"
    with pytest.raises(IssuerError, match=r"bank\.jwks") as caught:
        BankPublic.from_jwks(json.dumps(document).encode() if private else keys.read_bytes())
    assert caught.value.code == "secret_bank_key"


def test_public_keys() -> None:
    """They come back as they were, named by their thumbprints, and nothing secret is among them."""
    made = BankKeys.generate()
    data = made.public.to_jwks()
    assert BankPublic.from_jwks(data) == made.public
    assert [key["kid"] for key in json.loads(data)["keys"]] == [
        kid(made.public.encryption),
        kid(made.public.signing),
    ]
    for signer in (made.to_decrypt(), made.to_sign()):
        assert base64url.encode(signer.secret).encode() not in data
    assert "secret" not in repr(made)


def test_a_changed_key_file(keys: Path) -> None:
    """Its public half is held against what the passphrase opens."""
    document = json.loads(keys.read_bytes())
    document["public"] = json.loads(OTHER_BANK.public.to_jwks())
    with pytest.raises(IssuerError, match="belong together"):
        bank_keys.read(json.dumps(document).encode(), lambda: PASSPHRASE)


def test_a_full_disk(run: Run, keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was begun is removed, and it is told."""

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    code, out, err = run("batch-open", "--key", keys, "batch.mbatch", "opened")
    assert (code, out) == (1, "")
    assert "No space left" in err
    assert sorted(path.name for path in Path().iterdir()) == ["bank", "batch.mbatch", "passphrase"]


def test_a_row_that_is_broken_has_no_column(run: Run, keys: Path) -> None:
    """Nothing stands before the colon; and what the bank can do next stands in the refusals."""
    run("batch-open", "--key", keys, "batch.mbatch", "opened")
    answered(Path("opened"))
    table = Path("opened/report.csv")
    table.write_bytes(table.read_bytes() + b'5,"0\r\n')
    err = run("batch-report", "--key", keys, "opened", "--out", "r")[2]
    assert err.startswith("report.csv row 6: The row is broken")
    other = keys.with_name("other.json")
    other.write_bytes(bank_keys.encrypt(OTHER_BANK, PASSPHRASE, cost=CHEAP))
    assert "ask the ministry" in run("batch-open", "--key", other, "batch.mbatch", "new")[2]
    keys.with_name("ministry.jwk").write_text(
        json.dumps(SoftwareSigner.generate(Algorithm.P256).public_key.to_jwk())
    )
    assert "by telephone" in run("batch-open", "--key", keys, "batch.mbatch", "new")[2]
