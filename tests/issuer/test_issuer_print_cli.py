"""The ministry and its banks at their terminals, from the bank's keys to printed cards."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from issuer_desk import CHEAP, PASSPHRASE
from issuer_program import Program
from personal_values import other_values, people_by_card
from print_desk import NAMES, add_banks, all_printed, approved, keys_of, open_at_bank, report

from issuer import bank_keys, batch_rows
from issuer.card_fonts import find_fonts
from issuer.errors import IssuerError
from issuer.lifecycle import CardState

pytestmark = pytest.mark.postgres

ALLOWED = re.compile(
    r"cards\.(json|csv)|batch\.json|report\.csv|photos/\d{10}\.(jpg|png)|qr/\d{10}\.(svg|png)"
)


@pytest.fixture
def banks(program: Program, tmp_path: Path) -> dict[str, Path]:
    """Key files of three banks that the ministry knows, the ministry's key beside each."""
    made = {}
    for at, name in enumerate(NAMES):
        folder = tmp_path / f"bank-{at}"
        folder.mkdir()
        made[name] = folder / "bank-key.json"
        made[name].write_bytes(bank_keys.encrypt(keys_of(name), PASSPHRASE, cost=CHEAP))
        (folder / "bank.jwks").write_bytes(keys_of(name).public.to_jwks())
        code, out, err = program.home("bank", "add", name, folder / "bank.jwks", "--out", folder)
        assert code == 0, err
        assert bank_keys.spoken(keys_of(name).public.signing) in out
    return made


def answer(folder: Path) -> None:
    """Fills in an opened batch's table: the second card was not printed."""
    lines = (folder / "report.csv").read_text("utf-8-sig").splitlines()
    rows = [f"{line.removesuffix(',,,')},{'no' if at == 1 else 'yes'},," for at, line in enumerate(lines[1:])]
    (folder / "report.csv").write_text("\n".join([lines[0], *rows, ""]), encoding="utf-8")


def test_from_a_bank_to_printed_cards(program: Program, banks: dict[str, Path], tmp_path: Path) -> None:
    """Order, open, print, report, take the report, take the rest back, order that again."""
    approved(program.desk, 20, photos=True)
    code, out, err = program.home("print-order", "--bank", NAMES[0], "--limit", 6, "--out", tmp_path / "out")
    assert (code, out) == (
        0,
        f"order 2026-0001 for {NAMES[0]}: 6 cards, in {tmp_path}/out/2026-0001.mbatch\n",
    )
    opened, file = tmp_path / "opened", tmp_path / "report.jws"
    assert program("batch-open", "--key", banks[NAMES[0]], tmp_path / "out/2026-0001.mbatch", opened)[0] == 0
    answer(opened)
    assert program("batch-report", "--key", banks[NAMES[0]], opened, "--out", file)[0] == 0
    code, out, err = program.home("printed", file)
    assert (code, out.count("\n"), "order it again" in out) == (0, 1, True)
    assert err == f"report of {NAMES[0]} on order 2026-0001: 5 of 6 printed (5 of them new), 1 differences\n"
    code, out, err = program.home("printed", file)
    assert (code, "taken already" in out, err) == (0, True, "")
    number = json.loads((opened / "cards.json").read_text())["cards"][1]["number"]
    (order,) = program.json("print-orders")
    assert (order["printed"], order["in_batch"], order["open_since"] is None) == (5, 1, False)
    assert "open since 2026-11-22 16:00 +07:00" in program.home("print-orders")[1]
    code, out, _ = program.home(
        "print-return", "2026-0001", "--card", f"{number[:3]} {number[3:6]} {number[6:]}"
    )
    assert (code, out) == (0, f"{number}\n")
    document = program.json("print-order", "--out", tmp_path / "out")
    assert [each["number"] for each in document["orders"]] == ["2026-0002", "2026-0003", "2026-0004"]
    assert sum(each["cards"] for each in document["orders"]) == 15
    code, out, err = program.home("print-order", "--out", tmp_path / "out")
    assert (code, out, "no approved card waits" in err) == (0, "", True)
    assert program.desk.office.counts() == {CardState.PRINTED: 5, CardState.IN_BATCH: 15}
    assert program.home("audit")[0] == 0


def test_another_bank_opens_nothing(program: Program, banks: dict[str, Path], tmp_path: Path) -> None:
    """Of all batches each bank opens its own, and of the others' none."""
    approved(program.desk, 30)
    made = program.json("print-order", "--out", tmp_path / "out")["orders"]
    opened = 0
    for each in made:
        for name, key in banks.items():
            code, _, err = program(
                "batch-open", "--key", key, each["file"], tmp_path / f"o-{each['number']}-{key.parent.name}"
            )
            assert (code == 0) is (name == each["bank"])
            assert code == 0 or err.startswith("other_bank:")
            opened += code == 0
    assert opened == len(made) == 3
    print(f"{len(made)} batches, {len(made) * (len(banks) - 1)} tries with another bank's key, 0 opened")


def test_nothing_but_what_a_card_needs(program: Program, banks: dict[str, Path], tmp_path: Path) -> None:
    """Files, fields, and all decrypted bytes of a batch: no other value of any person is in them."""
    approved(program.desk, 25, photos=True)
    (made,) = program.json("print-order", "--bank", NAMES[0], "--out", tmp_path / "out")["orders"]
    folder = tmp_path / "opened"
    assert program("batch-open", "--key", banks[NAMES[0]], made["file"], folder)[0] == 0
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert all(ALLOWED.fullmatch(str(path.relative_to(folder))) for path in files)
    document = json.loads((folder / "cards.json").read_text())
    assert {*document["cards"][0]} == {*batch_rows.FIELDS, *batch_rows.FILES} - {"proof"}
    content = b"\n".join(path.read_bytes() for path in files)
    assert b"a remark of the camera" not in content
    people = people_by_card(program.desk)
    searched = 0
    for card in document["cards"]:
        assert card["number"].encode() in content
        for value in other_values(people[card["number"]]):
            searched += 1
            assert value.encode() not in content, "a value that a card does not need"
    sealed = Path(made["file"]).read_bytes()
    for card in document["cards"]:
        assert not any(card[name].encode() in sealed for name in ("number", "name_km", "name_la"))
    print(f"{len(files)} files, {len(content)} bytes, {searched} values looked for")


@pytest.mark.parametrize("language", ["en", "km"])
def test_differences_in_words(
    program: Program, banks: dict[str, Path], tmp_path: Path, language: str
) -> None:
    """Each in the language asked for; a report that does not count is refused, with its kind."""
    approved(program.desk, 3)
    (made,) = program.json("print-order", "--bank", NAMES[0], "--out", tmp_path / "out")["orders"]
    batch = open_at_bank(program.desk, Path(made["file"]), tmp_path / "o", bank=NAMES[0])
    file = tmp_path / "r"
    file.write_text(
        report(batch, all_printed(batch), at=program.desk.now, signer=keys_of(NAMES[1]).to_sign())
    )
    code, out, err = program("--home", program.desk.home, "--lang", language, "printed", file)
    assert (code, err.startswith("report_refused"), "wrong_bank" in err) == (1, True, True)
    assert ("មិនមែនរបស់ធនាគារ" in out) is (language == "km")
    code, out, _ = program.home("printed", file, "--json")
    said: dict[str, Any] = json.loads(out)
    assert (code, said["counts"], said["differences"][0]["kind"]) == (1, False, "wrong_bank")
    file.write_text(report(batch, all_printed(batch)[1:], at=program.desk.now))
    code, out, err = program("--home", program.desk.home, "--lang", language, "printed", file)
    assert (code, ("Ask the bank for it" in out) is (language == "en")) == (0, True)
    code, out, err = program("--home", program.desk.home, "--lang", language, "print-orders")
    assert (code, ("open since" in out) is (language == "en")) == (0, True)


def test_wrong_usage(program: Program, banks: dict[str, Path], tmp_path: Path) -> None:
    """What does not go together, and numbers that are none: exit 2, and nothing was done."""
    out = ("--out", tmp_path / "out")
    usages: tuple[tuple[object, ...], ...] = (
        ("print-order",),
        ("print-order", "--bank", NAMES[0], "--share", f"{NAMES[0]}=100", *out),
        ("print-order", "--share", "100", *out),
        ("print-order", "--share", f"{NAMES[0]}=x", *out),
        ("print-order", "--share", f"{NAMES[0]}=50", "--share", f"{NAMES[0]}=50", *out),
        ("print-order", "--limit", "0", *out),
        ("print-order", "--again", "2026-0001", "--limit", "1", *out),
        ("print-return", "2026-0001"),
        ("print-return", "2026-0001", "--rest", "--card", "1"),
    )
    for arguments in usages:
        code, said, err = program.home(*arguments)
        assert (code, said) == (2, ""), arguments
        assert err
    refusals: dict[str, tuple[object, ...]] = {
        "unsafe_out": ("print-order", "--out", program.desk.home / "x"),
        "unknown_order": ("print-return", "2026-0001", "--rest"),
        "unreadable_file": ("printed", tmp_path / "nowhere"),
        "malformed_report": ("printed", banks[NAMES[0]]),
        "secret_bank_key": ("bank", "add", "New", banks[NAMES[0]]),
        "bank_key_known": ("bank", "add", "New", banks[NAMES[0]].with_name("bank.jwks")),
    }
    for refused, arguments in refusals.items():
        code, _, err = program.home(*arguments)
        assert (code, err.split(":")[0]) == (1, refused)
    code, _, err = program.home("print-order", "--proofs", program.desk.home / "p", *out)
    assert err.startswith("unsafe_out")
    assert not (tmp_path / "out").exists()


def test_without_fonts_it_says_what_to_install(
    program: Program, banks: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And orders nothing; without proofs none are needed."""
    approved(program.desk, 1)
    monkeypatch.setattr("issuer.printing.find_fonts", lambda: find_fonts([tmp_path]))
    out = ("--out", tmp_path / "out")
    code, _, err = program.home("print-order", "--proofs", tmp_path / "proofs", *out)
    assert (code, "fonts-noto-core fonts-khmeros" in err or err.startswith("no_shaping")) == (1, True)
    assert program.desk.office.counts() == {CardState.APPROVED: 1}
    assert program.home("print-order", *out)[0] == 0


def test_proofs(program: Program, banks: dict[str, Path], tmp_path: Path) -> None:
    """Both sides of every card and a sheet, with the order or later; one of them in the batch."""
    try:
        find_fonts()
    except IssuerError as missing:
        pytest.skip(str(missing))
    numbers = approved(program.desk, 3, photos=True)
    code, _, err = program.home(
        "print-order", "--bank", NAMES[0], "--proofs", tmp_path / "p", "--out", tmp_path
    )
    assert code == 0, err
    code, out, _ = program.home("print-proofs", "2026-0001", "--out", tmp_path / "again")
    assert (code, out) == (0, f"3 cards drawn, in {tmp_path / 'again'}\n")
    for folder in (tmp_path / "p", tmp_path / "again"):
        assert (folder / "2026-0001.pdf").read_bytes().startswith(b"%PDF-")
        pictures = {path.name for path in (folder / "2026-0001").iterdir()}
        assert pictures == {f"{number}-{side}.png" for number in numbers for side in ("front", "back")}
    open_at_bank(program.desk, tmp_path / "2026-0001.mbatch", tmp_path / "o", bank=NAMES[0])
    for number in numbers:
        front = (tmp_path / f"p/2026-0001/{number}-front.png").read_bytes()
        assert (tmp_path / f"o/proofs/{number}.png").read_bytes() == front
    assert program.home("print-proofs", "2026-0001", "--out", tmp_path / "p")[2].startswith("out_exists")


def test_banks_agencies_and_keys(program: Program, banks: dict[str, Path], tmp_path: Path) -> None:
    """What is listed; new keys of a bank, the ministry's next key, and one that was stolen."""
    listed = program.json("bank", "list")
    assert [bank["bank"] for bank in listed] == list(NAMES)
    assert bank_keys.spoken(keys_of(NAMES[2]).public.encryption) in program.home("bank", "list")[1]
    assert program.home("agency", "add", "HQ", "The ministry itself")[0] == 0
    assert {"code": "HQ", "agency": "The ministry itself"} in program.json("agency", "list")
    assert "HQ          The ministry itself" in program.home("agency", "list")[1]
    code, out, err = program.home("keys", "renew", "printing")
    assert (code, out, "bank ministry" in err) == (0, "new key: printing-2026q4-2\n", True)
    assert program.json("keys", "list")[-1]["standing"] == "in_use"
    assert "printing-2026q4-2" in program.home("keys", "list")[1]
    assert program.home("bank", "ministry", "--out", tmp_path / "new")[0] == 0
    pinned = json.loads((tmp_path / "new/ministry.jwk").read_text())["keys"]
    assert len(pinned) == 2
    code, out, err = program.home("keys", "stolen", "printing-2026q4-2")
    assert (code, "Telephone every bank" in err) == (0, True)
    assert program.home("bank", "ministry", "--out", tmp_path / "new")[0] == 0
    assert json.loads((tmp_path / "new/ministry.jwk").read_text())["keys"] == pinned[1:]
    assert program.json("keys", "list")[-1]["standing"] == "stolen"
    code, _, err = program.home("seal-key", "stolen", "printing-2026q4")
    assert err.startswith("unknown_seal_key")


def test_a_passphrase_that_is_wrong_orders_nothing(
    program: Program, banks: dict[str, Path], tmp_path: Path
) -> None:
    """It is told before anything is drawn."""
    approved(program.desk, 2)
    Path(os.environ["MONTREY_PASSPHRASE_FILE"]).write_text("another passphrase")
    code, _, err = program.home("print-order", "--out", tmp_path / "out")
    assert (code, err.startswith("wrong_passphrase"), (tmp_path / "out").exists()) == (1, True, False)
    add_banks(program.desk)  # the same again
    assert program.desk.office.counts() == {CardState.APPROVED: 2}


def test_nothing_to_take_back_is_told_so(program: Program, banks: dict[str, Path], tmp_path: Path) -> None:
    """Once all are back, nobody is told to tell the bank."""
    approved(program.desk, 1)
    assert program.home("print-order", "--bank", NAMES[0], "--out", tmp_path / "out")[0] == 0
    assert "order 2026-0001: 1 card." in program.home("print-return", "2026-0001", "--rest")[2]
    code, out, err = program.home("print-return", "2026-0001", "--rest")
    assert (code, out, "nothing was taken back" in err, "Tell the bank" in err) == (0, "", True, False)
    assert "គ្មានអ្វីបានដកវិញ" in program.home("--lang", "km", "print-return", "2026-0001", "--rest")[2]
