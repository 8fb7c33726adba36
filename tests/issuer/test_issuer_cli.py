"""The program as people run it: what it prints, and how it ends."""

from __future__ import annotations

import ast
import errno
import io
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from issuer_desk import PASSPHRASE, START, Desk, new_keys, request
from issuer_program import Program
from rich.cells import cell_len
from sqlalchemy import Engine, event

from credential import qr_read
from examples.people import to_csv
from examples.two_people import TwoPeople
from issuer import cli_wording
from issuer.cli_columns import MEANINGS
from issuer.faults import Fault, FaultKind
from issuer.lifecycle import CardState
from issuer.sheet_rows import COLUMNS
from trust import TrustSnapshot
from trust.sync import init_home, sync

ROOT = Path(__file__).parents[2]


@pytest.fixture
def card(program: Program) -> str:
    """An active card."""
    return program.desk.card()


def test_from_an_empty_folder_to_a_stick(program: Program, tmp_path: Path) -> None:
    """init, import, approve, offer, issue, publish: each ends with 0, and a gate accepts the stick."""
    home = ("--home", tmp_path / "new")
    code, out, err = program(*home, "init")
    assert code == 0
    assert "IMPORTANT" in err
    assert "សំខាន់" in err
    found = re.search(r"Fingerprint of the root: ([0-9a-f]{64})", out)
    assert found
    (tmp_path / "people.csv").write_text(to_csv(3), encoding="utf-8-sig")
    assert program.of(tmp_path / "new", "import", tmp_path / "people.csv")[0] == 0
    assert program.of(tmp_path / "new", "approve", "--all")[0] == 0
    card = json.loads(program(*home, "list", "--json")[1])[0]["card_number"]
    TwoPeople.sit_down(
        tmp_path / "new", PASSPHRASE, staff_passphrase=PASSPHRASE, clock=lambda: START
    ).hand_over()
    offered = program.of(tmp_path / "new", "offer", "--card", card, "--out", tmp_path / "offer")
    assert offered[0] == 0
    asked = request((tmp_path / "offer").read_bytes(), new_keys(), now=START)
    (tmp_path / "request").write_bytes(asked)
    assert program(*home, "issue", tmp_path / "request", "--out", tmp_path / "result")[0] == 0
    assert json.loads((tmp_path / "result").read_text())["montrey"] == "credentials"
    assert program(*home, "publish", tmp_path / "out")[0] == 0
    init_home(tmp_path / "gate", (tmp_path / "new" / "trust" / "1.root.json").read_bytes(), found[1])
    sync(tmp_path / "gate", tmp_path / "out", now=START)
    assert len(TrustSnapshot.load(tmp_path / "gate").lists) == 3


def test_an_import_with_bad_rows_ends_with_1_and_names_them(program: Program, tmp_path: Path) -> None:
    """The good ones are filed; both languages say what to do; no cell is repeated."""
    lines = to_csv(3).splitlines()
    lines[2] = "12,SECRET," + lines[2].split(",", 2)[2]
    (tmp_path / "file.csv").write_text("\n".join(lines))
    code, out, err = program.home("import", tmp_path / "file.csv")
    assert code == 1
    assert err.startswith("bad_rows: ")
    assert "row 3 employee_id" in out
    assert "row 3 name_km" in out
    assert "2 imported" in out
    assert "SECRET" not in out + err
    code, out, _ = program.home("--lang", "km", "import", tmp_path / "file.csv")
    assert code == 1
    assert "ជួរ 3 employee_id (អត្តលេខ)" in out
    code, out, _ = program.home("import", tmp_path / "file.csv", "--json")
    report = json.loads(out)
    assert (code, report["already_there"], len(report["faults"])) == (1, 2, 2)
    assert {"row", "column", "kind", "advice_en", "advice_km"} <= report["faults"][0].keys()


def test_an_import_warns_and_goes_on(program: Program, tmp_path: Path) -> None:
    """Columns that are not used and codes that will be long are named in both languages; the exit is 0."""
    (header, row) = to_csv(1).splitlines()
    cells = row.split(",")
    cells[header.split(",").index("position")] = "K" * 80
    (tmp_path / "file.csv").write_text(f"{header},grades,Remark\n{','.join(cells)},x,y\n")
    code, out, _ = program.home("import", tmp_path / "file.csv")
    assert code == 0
    assert "warning: column not used: grades (like grade?)" in out
    assert "warning: column not used: remark\n" in out
    assert "warning: row 2 position" in out
    assert "1 imported" in out
    code, out, _ = program.home("--lang", "km", "import", tmp_path / "file.csv")
    assert "ព្រមាន៖ មិនប្រើជួរឈរ៖ grades" in out
    code, out, _ = program.home("import", tmp_path / "file.csv", "--json")
    report = json.loads(out)
    assert (code, report["warnings"]) == (0, [])
    assert report["ignored_columns"][0] == {"column": "grades", "like": "grade"}


def test_a_misspelt_column_is_refused(program: Program, tmp_path: Path) -> None:
    """In both languages, and nothing is filed."""
    (tmp_path / "file.csv").write_text(to_csv(1).replace("employment_status", "employment_staus"))
    code, _, err = program.home("import", tmp_path / "file.csv")
    assert code == 1
    assert err.startswith("misspelt_column: ")
    assert "employment_status" in err
    code, _, err = program.home("--lang", "km", "import", tmp_path / "file.csv")
    assert err.startswith("misspelt_column: ចំណងជើង")


def test_what_a_file_has_to_look_like_is_printed(program: Program, tmp_path: Path) -> None:
    """--example is a file that is accepted; --columns names every column; --codes every code."""
    code, out, _ = program("import", "--example")
    assert code == 0
    (tmp_path / "example.csv").write_text(out)
    assert program.home("import", tmp_path / "example.csv")[0] == 0
    out = program("import", "--columns")[1]
    assert all(column in out and khmer in out for column, khmer in COLUMNS.items())
    assert MEANINGS.keys() == COLUMNS.keys()
    assert "Ministry of Health" in program.home("import", "--codes")[1]
    assert "Ministry of Interior" in program("import", "--codes")[1]
    assert program.home("import")[0] == 2


def test_list_and_show(program: Program, card: str) -> None:
    """In words and as JSON; a birth date stands in neither."""
    (entry,) = program.json("list")
    assert entry["card_number"] == card
    assert program.json("list", "--count") == {"active": 1}
    assert program.json("list", "--state", "suspended") == []
    shown = program.json("show", card)
    assert shown["state"] == "active"
    assert [index["status"] for index in shown["indices"]] == ["valid"]
    text = program.home("list")[1] + program.home("show", card)[1]
    assert card in text
    assert "birth" not in text + json.dumps(shown)
    assert "សកម្ម" in program.home("--lang", "km", "list", "--count")[1]
    shown = program.home("--lang", "km", "show", card)[1]
    assert "មានសុពលភាព" in shown
    assert "valid" not in shown


def test_acts(program: Program, card: str) -> None:
    """Each prints the state after it; what the state does not allow ends with 1."""
    program.desk.enrol(card)
    assert program.json("suspend", "--card", card) == {"state": "suspended"}
    assert program.json("reinstate", "--card", card) == {"state": "active"}
    assert program.json("revoke", "--card", card, "--wallet") == {"state": "active"}
    new = program.json("replace", "--card", card)["card_number"]
    assert program.json("revoke", "--card", new) == {"state": "revoked"}
    code, out, err = program.home("suspend", "--card", new)
    assert (code, out) == (1, "")
    assert err.startswith("wrong_state: ")
    assert "import its holder again, then approve APPLICATION" in err
    told = program.home("--lang", "km", "suspend", "--card", new)[2]
    assert (
        told == "wrong_state: ស្ថានភាពកាត៖ បានដកហូត។ មិនអាចធ្វើ៖ ផ្អាក។ "
        "បន្ទាប់៖ import ម្ចាស់វាម្ដងទៀត រួច approve APPLICATION។\n"
    )


def test_what_a_suspended_card_allows(program: Program, card: str) -> None:
    """A refusal says what can be done next."""
    program.home("suspend", "--card", card)
    assert "reinstate it, or revoke it" in program.home("replace", "--card", card)[2]


def test_khmer_names_what_english_names(program: Program, tmp_path: Path) -> None:
    """Which file, which columns, which misspelt one."""
    nowhere, lacking, misspelt = (tmp_path / name for name in ("nowhere.csv", "lacking.csv", "misspelt.csv"))
    lacking.write_text("employee_id,name_km\n1,x\n", "utf-8")
    titles = "employee_id,name_km,name_la,date_of_birth,ministry,position,grade,agncy"
    misspelt.write_text(f"{titles}\n", "utf-8")
    for file, code, named in (
        (nowhere, "unreadable_file", "nowhere.csv"),
        (lacking, "missing_columns", "date_of_birth"),
        (misspelt, "misspelt_column", "agency (អង្គភាព)"),
    ):
        err = program.home("--lang", "km", "import", file)[2]
        assert err.startswith(f"{code}: ")
        assert named in err


def test_khmer_counts_what_english_counts(program: Program, tmp_path: Path) -> None:
    """Rows at fault, and all rows; in the same order of words as a person would say it."""
    lines = to_csv(3).splitlines()
    (tmp_path / "file.csv").write_text("\n".join([lines[0], "12" + lines[1][10:], *lines[2:]]))
    code, out, err = program.home("--lang", "km", "import", tmp_path / "file.csv")
    assert (code, "សរុប 3 ជួរ៖ បញ្ចូល 2" in out) == (1, True)
    assert err.startswith("bad_rows: មានជួរខុស 1។")
    assert "rows" not in err.removeprefix("bad_rows")


@pytest.mark.parametrize("language", ["en", "km"])
def test_what_cannot_be_amended_is_said_in_words(language: str, program: Program, card: str) -> None:
    """Which column, and what to do; not the names of faults alone."""
    person = program.json("show", card)["employee_id"]
    for arguments, column, kind in (
        (("12", "--agency", "X"), "employee_id (អត្តលេខ)", FaultKind.LOST_ZEROS),
        ((person, "--grade", "Z.9"), "grade (ឋានន្តរស័ក្តិ)", FaultKind.UNKNOWN_GRADE),
    ):
        code, _, err = program.home("--lang", language, "amend", "--employee", *arguments)
        assert (code, err.startswith("bad_amendment: ")) == (1, True)
        assert column in err
        assert cli_wording.choose(language, Fault(0, "", kind).advice) in err


def test_a_bank_card_number_is_not_echoed(program: Program) -> None:
    """Neither in a message nor anywhere else."""
    code, out, err = program.home("show", "4111 1111 1111 1111")
    assert code == 1
    assert err.startswith("bad_card_number: ")
    assert "4111" not in out + err


def test_a_seal_to_print(program: Program, card: str, tmp_path: Path) -> None:
    """Text, PNG and SVG; the PNG reads back as the text."""
    assert program.home("seal", "--card", card, "--out", tmp_path / "seal")[0] == 0
    text = (tmp_path / "seal" / "seal.txt").read_text().strip()
    assert len(text) <= 250
    assert qr_read.read_image(tmp_path / "seal" / "seal.png") == [text]
    assert (tmp_path / "seal" / "seal.svg").read_text().startswith("<svg")


def test_a_stolen_seal_key_in_words(program: Program, card: str) -> None:
    """What it does and what comes next, in both languages; the commands say where things stand."""
    _, out, _ = program("seal-key", "stolen", "--help")
    assert "forged ones are refused" in " ".join(out.split())
    assert "seal-key new" in out
    assert "កូនសោបោះត្រាត្រូវបានលួច" in out
    (key,) = program.json("seal-key", "list")
    assert key == {
        "kid": "seal-2026q4",
        "seals": 1,
        "signed": True,
        "issue_until": "2027-11-23T00:00:00Z",
        "stolen_at": None,
    }
    assert program.home("seal-key", "stolen", "seal-2020q1")[2].startswith("unknown_seal_key: ")
    assert program.home("seal-key", "stolen", "live-2026q4")[2].startswith("unknown_seal_key: ")
    code, out, err = program.home("seal-key", "stolen", "seal-2026q4")
    assert (code, out) == (0, "seal-2026q4  stolen, known since 2026-11-22 16:00 +07:00\n")
    assert "1 seals stay good" in err
    assert "seal-key new" in err
    program.desk.later(hours=1)
    assert program.json("seal-key", "stolen", "seal-2026q4")["stolen_at"] == "2026-11-22T09:00:00Z"
    err = program.home("--lang", "km", "seal-key", "stolen", "seal-2026q4")[2]
    assert "កាតពិត 1" in err
    for language, word in (("en", "was stolen"), ("km", "ត្រូវបានលួច")):
        code, _, err = program.home("--lang", language, "replace", "--card", card)
        assert code == 1
        assert err.startswith("seal_key_stolen: ")
        assert word in err
        assert "seal-key new" in err
    assert program.json("seal-key", "new") == {"kid": "seal-2026q4-2"}
    assert "not signed by custodians yet" in program.home("seal-key", "list")[1]
    program.desk.sign_trust_list()
    assert [key["signed"] for key in program.json("seal-key", "list")] == [True, True]
    program.json("replace", "--card", card)


def test_a_gate_is_registered(program: Program, tmp_path: Path) -> None:
    """It stands in the trust list once custodians have signed, and in every gate's home then."""
    add = ("gate", "add", 7, "--name-km", "ច្រកទី ៧", "--name-en", "Gate seven")
    assert program.json(*add) == {"number": 7}
    assert program.json(*add, "--purpose", "entry") == {"number": 7}  # the same again
    assert program.home(*add, "--purpose", "salary")[2].startswith("gate_exists: ")
    salary = ("gate", "add", 65535, "--name-km", "ធនាគារ", "--name-en", "A bank", "--purpose", "salary")
    assert "trust-list export" in program.home(*salary)[2]
    for purpose in ("national-id", "nothing", ""):
        assert program.home(*salary, "--purpose", purpose)[2].startswith("unknown_purpose: ")
    for number in (0, 65536):
        wrong = ("gate", "add", number, "--name-km", "ច", "--name-en", "x")
        assert program.home(*wrong)[2].startswith("bad_gate_number: ")
    unseen = ("gate", "add", 8, "--name-km", "ច", "--name-en", "x\x1b[2J")
    assert program.home(*unseen)[2].startswith("bad_claim: ")
    gate, bank = program.json("gate", "list")
    assert gate == {"number": 7, "name_km": "ច្រកទី ៧", "name_en": "Gate seven", "purposes": ["entry"]}
    assert bank["purposes"] == ["salary"]
    assert "Gate seven  ច្រកទី ៧" in program.home("gate", "list")[1]
    init_home(tmp_path / "gate", program.desk.office.home.root.read_bytes())
    for expected in (set(), {7, 65535}):
        program.desk.office.publish(tmp_path / "out")
        sync(tmp_path / "gate", tmp_path / "out", now=program.desk.now)
        assert TrustSnapshot.load(tmp_path / "gate").relying_parties.keys() == expected
        program.desk.sign_trust_list()
        program.desk.later(hours=1)


def test_deltas_as_files_and_texts(program: Program, card: str, tmp_path: Path) -> None:
    """One of each a list."""
    program.desk.office.publish(tmp_path / "out")
    program.desk.office.suspend(card)
    documents = program.json("delta", tmp_path / "deltas")
    assert {d["list"] for d in documents} == {"live-1", "seal-1", "sd-jwt-1"}
    for document in documents:
        text = (tmp_path / "deltas" / f"{document['list']}.txt").read_text().strip()
        assert text == document["text"]
        assert text.startswith("MS1:")
        assert (tmp_path / "deltas" / f"{document['list']}.delta").stat().st_size == document["bytes"]
        assert qr_read.read_image(tmp_path / "deltas" / f"{document['list']}.png") == [text]


def test_a_delta_too_long_for_a_qr_code(
    program: Program, card: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes into a file, and no text or picture of an earlier one stays beside it."""
    program.desk.office.publish(tmp_path / "out")
    assert len(program.json("delta", tmp_path / "deltas")) == 3
    monkeypatch.setattr("revocation.delta.MAX_TEXT", 100)
    assert {document["text"] for document in program.json("delta", tmp_path / "deltas")} == {None}
    assert {path.suffix for path in (tmp_path / "deltas").iterdir()} == {".delta"}


def test_a_list_is_in_columns(program: Program, card: str) -> None:
    """In Khmer too, where marks above and below letters take no room."""
    program.desk.apply(3, seed=9)
    assert [entry["card_number"] for entry in program.json("list")] == [card, None, None, None]
    assert program.json("list", "--state", "expired") == []
    for language in ("en", "km"):
        lines = program.home("--lang", language, "list")[1].splitlines()
        names = [entry["name_la"] for entry in program.json("list")]
        assert len({cell_len(line.partition(name)[0]) for line, name in zip(lines, names, strict=True)}) == 1


def test_a_long_list_is_asked_for_at_once(
    program: Program, card: str, request: pytest.FixtureRequest
) -> None:
    """Eleven thousand cards take as many questions to the register as one does."""
    asked: list[str] = []

    def note(*given: Any) -> None:
        asked.append(given[2])

    event.listen(Engine, "before_cursor_execute", note)
    request.addfinalizer(lambda: event.remove(Engine, "before_cursor_execute", note))
    assert program.home("list")[1].count("\n") == 1
    alone = len(asked)
    program.desk.permit()
    with program.desk.engine.begin() as connection:
        many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 11000) "
        columns = "name_km, name_la, date_of_birth, ministry, position_code, position_text, grade, agency"
        columns += ", employment_status, photo_sha256, created_at"
        connection.exec_driver_sql(
            f"INSERT INTO person (employee_id, {columns}) {many}"  # noqa: S608
            f"SELECT 'E' || i, {columns} FROM n, (SELECT * FROM person LIMIT 1)"
        )
        connection.exec_driver_sql(
            "INSERT INTO card (person_id, state, created_at, changed_at) "
            "SELECT id, 'applied', 0, 0 FROM person WHERE employee_id LIKE 'E%'"
        )
    for arguments in ((), ("--json",)):
        asked.clear()
        assert program.home("list", *arguments)[1].count("\n") > 11_000
        assert len(asked) == alone


def test_publish_says_version_and_end(program: Program, tmp_path: Path) -> None:
    """And warns when custodians should sign again."""
    document = program.json("publish", tmp_path / "out")
    assert document["version"] == 1
    assert document["expires"] == "2026-12-27T09:00:00Z"
    assert document["bytes"] < 25_000
    assert document["warnings"] == []


def test_a_card_is_made_under_a_clock_that_was_confirmed(program: Program, tmp_path: Path) -> None:
    """`approve`, `offer`, `issue` and `replace` ask as `publish` does."""
    program.desk.apply(1)
    program.desk.later(days=60)
    assert program.home("approve", "--all")[2].startswith("clock_ahead: ")
    (made,) = program.json("approve", "--all", "--clock-is-right")
    program.desk.hand_over()
    card, offered, asked = made["card_number"], tmp_path / "offer", tmp_path / "request"
    for command in (("offer", "--card", card, "--out", offered), ("replace", "--card", card)):
        assert program.home(*command)[2].startswith("clock_ahead: ")
    assert program.home("offer", "--card", card, "--out", offered, "--clock-is-right")[0] == 0
    asked.write_bytes(request(offered.read_bytes(), new_keys(), now=program.desk.now))
    assert program.home("issue", asked)[2].startswith("clock_ahead: ")
    assert program.home("issue", asked, "--clock-is-right")[0] == 0
    assert program.home("replace", "--card", card, "--clock-is-right")[0] == 0


def test_publish_to_a_file_names_it(program: Program, tmp_path: Path) -> None:
    """Whoever mixed up two arguments sees which place it was."""
    (tmp_path / "hr.csv").write_text("")
    code, _, err = program.home("publish", tmp_path / "hr.csv")
    assert code == 1
    assert "hr.csv" in err


def test_who_is_retired_is_told_of(program: Program, tmp_path: Path) -> None:
    """And imported all the same; the count of rows at fault reads right for one."""
    header, first, second = to_csv(2).splitlines()
    cells = dict(zip(header.split(","), first.split(","), strict=True)) | {"employment_status": "retired"}
    file = tmp_path / "people.csv"
    file.write_text("\n".join((header, ",".join(cells.values()), second.replace("19", "x", 1))), "utf-8")
    _, out, err = program.home("import", file)
    assert "[retired]" in out
    assert "rows at fault: 1;" in err


def test_publish_warns_with_the_date(program: Program, tmp_path: Path) -> None:
    """In both languages and as JSON; a clock that is far ahead is refused with what to do."""
    program.desk.later(days=60)
    for language, word in (("en", "set it"), ("km", "នាឡិកា")):
        code, _, err = program.home("--lang", language, "publish", tmp_path / "out")
        assert code == 1
        assert err.startswith("clock_ahead: ")
        assert word in err
        assert "--clock-is-right" in err
    end = "2027-02-20T09:00:00Z"
    document = program.json("publish", tmp_path / "out", "--clock-is-right")
    assert document["expires"] == end
    assert document["warnings"] == [{"role": "targets", "expires": end, "days_left": 30}]
    end = "2027-02-20 16:00 +07:00"
    assert (
        f"the trust list (targets) ends on {end}, in 30 days" in program.home("publish", tmp_path / "out")[2]
    )
    assert end in program.home("--lang", "km", "publish", tmp_path / "out")[2]


def test_custodians_on_another_machine(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """init --offline, root create, root import, trust-list export, sign twice, import; then publish works."""
    home = ("--home", tmp_path / "new")
    assert program(*home, "init", "--offline")[0] == 0
    assert not (tmp_path / "new" / "offline").exists()
    assert program(*home, "publish", tmp_path / "out")[2].startswith("no_trust_list: ")
    assert program(*home, "trust-list", "export", tmp_path / "list")[2].startswith("no_root: ")
    assert program(*home, "root", "show")[2].startswith("no_root: ")
    assert program("--home", tmp_path, "root", "show")[2].startswith("no_home: ")
    assert program("root", "show")[0] == 2
    key = tmp_path / "new" / "online-key.jwk"
    code, out, err = program("root", "create", "--online-key", key, "--out", tmp_path / "vault", "--json")
    assert code == 0
    assert "IMPORTANT" in err
    assert "(passphrase.txt)" in err
    root = tmp_path / "vault" / "root.json"
    shown = json.loads(program("root", "show", root, "--json")[1])
    assert (shown["missing"], shown["fingerprint"]) == (0, json.loads(out)["fingerprint"])
    assert program(*home, "root", "import", root)[0] == 0
    assert program(*home, "trust-list", "export", tmp_path / "list")[0] == 0

    def sign(name: str) -> tuple[int, str, str]:
        folder = tmp_path / "vault" / name
        with monkeypatch.context() as patch:
            patch.setenv("MONTREY_PASSPHRASE_FILE", str(folder / "passphrase.txt"))
            return program("trust-list", "sign", tmp_path / "list", "--key", folder / "key.json", "--yes")

    assert sign("root-1")[2].startswith("not_a_custodian: ")
    assert sign("targets-1")[0] == 0
    assert program(*home, "trust-list", "import", tmp_path / "list")[2].startswith("signatures_missing: ")
    code, out, _ = sign("targets-3")
    assert code == 0
    assert "purpose national-id  NOT permitted" in out
    assert json.loads(program("trust-list", "show", tmp_path / "list", "--json")[1])["missing"] == 0
    assert program(*home, "trust-list", "import", tmp_path / "list")[0] == 0
    assert program(*home, "publish", tmp_path / "out")[0] == 0


def test_a_root_is_renewed(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two custodians sign the next one; a gate follows the chain."""
    home = program.desk.home
    first = home / "trust" / "1.root.json"
    assert program("root", "renew", first, "--out", tmp_path / "2.root.json")[0] == 0
    for name in ("root-1", "root-2"):
        refusal = program.home("root", "import", tmp_path / "2.root.json")[2]
        assert refusal.startswith("signatures_missing: ")
        folder = home / "offline" / name
        with monkeypatch.context() as patch:
            patch.setenv("MONTREY_PASSPHRASE_FILE", str(folder / "passphrase.txt"))
            signing = ("root", "sign", tmp_path / "2.root.json", "--previous", first)
            assert program(*signing, "--key", folder / "key.json", "--yes")[0] == 0
    assert program.json("root", "show")["version"] == 1
    assert program.home("root", "import", tmp_path / "2.root.json")[0] == 0
    shown = program.json("root", "show")  # the newest, under the one before
    second = ("root", "show", tmp_path / "2.root.json", "--previous", first, "--json")
    assert (shown["version"], shown["missing"], shown) == (2, 0, json.loads(program(*second)[1]))
    program.desk.later(days=1)
    assert program.home("publish", tmp_path / "out")[0] == 0
    init_home(tmp_path / "gate", first.read_bytes())
    sync(tmp_path / "gate", tmp_path / "out", now=program.desk.now)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nothing",),
        ("list", "--state", "nonsense"),
        ("approve",),
        ("approve", "1", "--all"),
        ("approve", "x"),
        ("offer",),
        ("seal", "--card", "1"),
    ],
)
def test_a_wrong_command_line_ends_with_2(arguments: tuple[str, ...], program: Program) -> None:
    """With its reason on standard error."""
    code, out, err = program.home(*arguments)
    assert (code, out) == (2, "")
    assert err


def test_a_home_is_needed(program: Program) -> None:
    """--home DIR has no default: nobody should found a ministry by accident."""
    assert program("list")[0] == 2


def test_no_terminal_and_no_file_for_the_passphrase(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ends with 2 and says which variable to set."""
    program.desk.apply(1)
    monkeypatch.delenv("MONTREY_PASSPHRASE_FILE")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    code, _, err = program.home("approve", "--all")
    assert code == 2
    assert "MONTREY_PASSPHRASE_FILE" in err


def test_who_had_a_card_is_approved_by_number_only(program: Program) -> None:
    """`--all` leaves their new application out and says what to do, also beside JSON."""
    program.desk.apply(2)
    ((_, card),) = program.desk.office.approve([1])
    assert program.home("revoke", "--card", card)[0] == 0
    assert program.home("import", program.desk.home / "people.csv")[0] == 0
    code, out, err = program.home("approve", "--all", "--json")
    assert (code, [entry["application"] for entry in json.loads(out)]) == (0, [2])
    assert "of people who had a card that was revoked or has ended: 1" in err
    code, out, err = program.home("--lang", "km", "approve", "--all")
    assert (code, out) == (0, "")
    assert "មិនទាន់អនុម័ត៖ 1" in err
    assert [entry["application"] for entry in program.json("list", "--state", "applied")] == [3]
    code, _, err = program.home("approve", "3")
    assert (code, "not approved" in err) == (0, False)
    assert "not approved" not in program.home("approve", "--all")[2]


def test_files_that_are_missing_or_cannot_be_written(program: Program, card: str, tmp_path: Path) -> None:
    """Named on standard error; nothing is left behind."""
    assert program.home("issue", tmp_path / "nothing")[2].startswith("unreadable_file: ")
    (tmp_path / "file").write_text("x")
    assert program.home("offer", "--card", card, "--out", tmp_path / "file" / "x")[2].startswith(
        "unwritable_file"
    )
    assert program.home("publish", tmp_path / "file")[0] == 1
    (tmp_path / "huge").write_bytes(b"{" * 10_000_000)
    assert program.home("issue", tmp_path / "huge")[2].startswith("file_too_large: ")
    assert program("trust-list", "show", tmp_path / "file")[2].startswith("malformed_trust_list: ")


def test_nothing_in_the_register_steers_the_terminal(program: Program, card: str) -> None:
    """Escape sequences, bidi overrides and line breaks are written out, also in JSON and in refusals."""
    hidden = "\x1b[2K\x9b1A\u202e\nX"
    program.desk.permit()
    with program.desk.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE person SET name_la = ?", (hidden,))
        connection.exec_driver_sql("INSERT INTO relying_party VALUES (9, 'ក', ?, 'entry', '')", (hidden,))
    with program.desk.raw() as connection:
        connection.exec_driver_sql("INSERT INTO code VALUES ('grades', 999, 'ក', ?)", (hidden,))
    commands = [("list",), ("show", card), ("gate", "list"), ("import", "--codes")]
    for command in commands:
        code, out, _ = program.home(*command)
        assert code == 0
        assert "\\u001b[2K\\u009b1A\\u202e\\nX" in out
        code, document, _ = program.home(*command, "--json")
        assert any(hidden in text for text in texts(json.loads(document)))
        assert not set("\x1b\x9b\u202e") & set(out + document)
    err = program.home("issue", f"no{hidden}")[2]
    assert err.startswith("unreadable_file: no\\u001b[2K")


def texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts(each)


def test_every_line_is_printed_through_one_function() -> None:
    """`tell` makes visible what a file smuggles in; the question to a custodian is all our own."""
    for path in (ROOT / "issuer").glob("cli*.py"):
        calls = [node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.Call)]
        printed = [ast.unparse(call) for call in calls if ast.unparse(call.func) == "print"]
        assert len(printed) == {"cli_output.py": 1, "cli_session.py": 1}.get(path.name, 0), path.name


@pytest.fixture
def asked(program: Program, card: str, tmp_path: Path) -> Path:
    """A second phone's request; the first one's credentials stand."""
    program.desk.enrol(card)
    path = tmp_path / "request"
    path.write_bytes(request(program.desk.office.offer(card), new_keys(), now=program.desk.now))
    return path


def test_a_second_phone_is_told_of(program: Program, asked: Path, card: str) -> None:
    """Before it ends the first one, and when it did; the same request again ends none."""
    err = program.home("offer", "--card", card, "--out", asked.parent / "offer")[2]
    assert "issue REQUEST" in err
    assert "no longer counts" in err
    assert "has a phone already" in err
    asked.write_bytes(request((asked.parent / "offer").read_bytes(), new_keys(), now=program.desk.now))
    command = ("issue", asked, "--out", asked.parent / "result")
    for told in (True, False):
        code, _, err = program.home(*command)
        assert code == 0
        assert "montrey-wallet receive" in err
        assert ("an earlier phone" in err) is told
    assert "ទូរស័ព្ទ" in program.home("--lang", "km", "offer", "--card", card)[2]


def test_a_first_phone_is_no_second(program: Program, card: str) -> None:
    """Nothing ends, so nothing is said."""
    assert program.home("offer", "--card", card)[2] == ""


def standing(desk: Desk) -> list[Any]:
    """What issuing, or offering, would change."""
    return desk.rows(
        "SELECT count(*) || ':' || count(ended_at) FROM wallet UNION ALL SELECT closed_at FROM offer"
    )


@pytest.mark.parametrize("out", ["", ".", "..", "folder", "link", "request/x", "/dev/full", "x" * 252])
def test_an_answer_without_a_place_is_not_made(program: Program, asked: Path, card: str, out: str) -> None:
    """Nothing is done: the old phone's credentials stand, and the offer is still open."""
    (asked.parent / "folder").mkdir()
    (asked.parent / "link").symlink_to(asked)
    place = asked.parent / out if out not in ("", ".", "..") else out
    before, files = standing(program.desk), sorted(asked.parent.rglob("*"))
    for command in (("issue", asked), ("offer", "--card", card)):
        code, _, err = program.home(*command, "--out", place)
        assert code == 1
        assert err.startswith("unwritable_file: ")
        assert "same command again" in err
        assert standing(program.desk) == before
    assert sorted(asked.parent.rglob("*")) == files
    assert program.home("issue", asked, "--out", asked.parent / "new" / "result")[0] == 0
    assert "credentials" in (asked.parent / "new" / "result").read_text()


def test_an_answer_that_finds_the_disk_full_is_not_made(
    program: Program, asked: Path, card: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is on the disk before the register keeps it."""
    before = standing(program.desk)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    for command in (("issue", asked), ("offer", "--card", card)):
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            code, _, err = program.home(*command, "--out", asked.parent / "result")
        assert code == 1
        assert err.startswith("unwritable_file: ")
        assert standing(program.desk) == before
    assert not [*asked.parent.glob("*result*")]


def test_no_credential_is_on_the_disk_that_the_register_does_not_keep(
    program: Program, asked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kill in between would leave one that nobody can revoke: only room for it is held before."""
    seen = []

    def note(descriptor: int) -> None:
        with closing(sqlite3.connect(program.desk.home / "register.sqlite")) as reader:
            (wallets,) = reader.execute("SELECT count(*) FROM wallet").fetchone()
        seen.append((Path(f"/proc/self/fd/{descriptor}").read_bytes(), wallets))

    monkeypatch.setattr(os, "fsync", note)
    assert program.home("issue", asked, "--out", asked.parent / "result")[0] == 0
    (held, before), (given, after) = seen
    assert held == bytes(len(given))
    assert given == (asked.parent / "result").read_bytes()
    assert (before, after) == (1, 2)


def test_an_answer_that_cannot_be_printed_is_given_again(
    program: Program, asked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Printing comes last: the same command again gives the same phone its credentials."""
    before = standing(program.desk)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", None)
        assert program.home("issue", asked)[0] == 1
    assert standing(program.desk) == before
    with monkeypatch.context() as patch, open("/dev/full", "w") as full:  # noqa: PTH123
        patch.setattr(sys, "stdout", full)
        code, _, err = program.home("issue", asked)
        assert code == 1
        assert err.startswith("unwritable_file: ")
        assert "same command again" in err
    after = standing(program.desk)
    assert json.loads(program.home("issue", asked)[1])["montrey"] == "credentials"
    assert standing(program.desk) == after


def test_output_that_has_nowhere_to_go_ends_with_1() -> None:
    """Without a traceback, also from Python's own end."""
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "issuer", "import", "--example"],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("io_error: ")
    assert "Traceback" not in done.stderr


def test_help_names_no_command_of_later_work(program: Program) -> None:
    """What does not exist yet is not shown."""
    _, out, _ = program("--help")
    commands = set(re.findall(r"^    ([a-z][a-z-]+) ", out, re.MULTILINE))
    assert commands == {
        *("init", "root", "trust-list", "import", "list", "show", "approve", "offer", "issue"),
        *("suspend", "reinstate", "revoke", "replace", "publish", "delta", "seal", "seal-key", "gate"),
        *("keys", "audit", "standing", "lost", "retire", "bank-key", "batch-open", "batch-report"),
        *("staff", "requests", "confirm", "decline", "withdraw"),
        *("reject", "amend", "activate"),
        *("agency", "bank", "print-order", "print-orders", "print-proofs", "print-return", "printed"),
        *("backup", "restore", "erase"),
        *("keys", "audit", "standing", "lost", "retire", "bank-key", "batch-open", "batch-report", "reissue"),
    }


@pytest.mark.parametrize("phrase", sorted(cli_wording.PHRASES))
def test_both_languages_say_the_same(phrase: str) -> None:
    """The same blanks, and Khmer in Khmer letters."""
    name = cli_wording.PHRASES[phrase]
    blanks: Callable[[str], set[str]] = lambda text: set(re.findall(r"\{(\w+)\}", text))  # noqa: E731
    assert blanks(name.km) == blanks(name.en)
    assert re.search("[\u1780-\u17ff]", name.km) or phrase in ("fault_other",)


def test_every_state_has_a_word() -> None:
    """In both languages."""
    assert set(cli_wording.STATES) == set(CardState)


def test_without_its_extra_the_program_names_it() -> None:
    """Exit code 2, no traceback."""
    code = (
        "import importlib.util as u, sys; found = u.find_spec\n"
        "u.find_spec = lambda name: None if name == 'sqlmodel' else found(name)\n"
        "from issuer.__main__ import main; sys.exit(main())"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "montrey[issuer]" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_init_that_is_stopped_leaves_no_passphrase(tmp_path: Path) -> None:
    """Stopped it cleans up; killed it cannot, and the next init there does so, even one that is refused."""
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    environment = {**os.environ, "MONTREY_PASSPHRASE_FILE": str(tmp_path / "passphrase")}
    building, home = tmp_path / ".home.init", tmp_path / "home"
    command = [sys.executable, "-m", "issuer", "--home", str(home), "init"]
    for sent in (signal.SIGTERM, signal.SIGHUP, signal.SIGKILL):
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as run:
            deadline = time.monotonic() + 60
            while not (building / "offline").exists() and time.monotonic() < deadline:
                time.sleep(0.002)
            run.send_signal(sent)
            _, complaint = run.communicate(timeout=60)
        assert building.exists() is (sent is signal.SIGKILL)
        assert not home.exists()
        assert run.returncode == (-sent if sent is signal.SIGKILL else 1)
        assert complaint.decode() == ("" if sent is signal.SIGKILL else "interrupted\n")
    home.mkdir()
    (home / "something").touch()
    done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=60)
    assert done.stderr.startswith(b"home_exists: ")
    assert not building.exists()


@pytest.mark.parametrize(
    ("command", "option"),
    [
        (("offer", "--card", "CARD"), "--out"),
        (("trust-list", "export"), ""),
        (("seal", "--card", "CARD"), "--out"),
    ],
)
def test_nothing_is_written_into_a_home(
    program: Program, card: str, command: tuple[str, ...], option: str
) -> None:
    """Neither over the register nor over a key, by whatever way it is named."""
    home = program.desk.home
    (home.parent / "link").symlink_to(home)
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    words = [card if word == "CARD" else word for word in command] + [option] * bool(option)
    for place in (home / "register.sqlite", home.parent / "link" / "keys" / "live.json", home):
        code, _, err = program.home(*words, place)
        assert code == 1
        assert err.startswith("unsafe_out: ")
    kept = {path: path.read_bytes() for path in home.rglob("*") if path.is_file() and path in before}
    assert kept == before


def test_a_broken_row_has_no_column(program: Program, tmp_path: Path) -> None:
    """Its number stands before the colon, and nothing between."""
    (tmp_path / "file.csv").write_text(to_csv(1) + '2,"broken\n')
    _, out, _ = program.home("import", tmp_path / "file.csv")
    assert "row 3: " in out
    assert "ជួរ 3៖ " in program.home("--lang", "km", "import", tmp_path / "file.csv")[1]
