"""What a bank reports, and what the ministry makes of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from batch_desk import BANK, MINISTRY, NOW, OTHER_BANK, batch, cards, numbers, sealed_with_header
from hypothesis import given
from hypothesis import strategies as st

from credential import card_number
from did import SoftwareSigner, base64url, jws, strict_json
from issuer import print_report, print_table
from issuer.bank_keys import kid
from issuer.errors import IssuerError
from issuer.print_report import TYPE, ReportRow
from issuer.print_table import TableFault
from issuer.reconciliation import (
    REFUSED,
    WORDS,
    Difference,
    DifferenceKind,
    PrintOrder,
    Reconciliation,
    compare,
    reconcile,
)

MADE = batch(6)
ORDER = PrintOrder.of(MADE, sealed_with_header(MADE)[1])
ROWS = [ReportRow(card.sequence, card.number, True) for card in MADE.cards]
LATER = NOW + timedelta(days=3)
STRANGERS = [number for number in numbers(400, seed=77) if number not in ORDER.cards]


def signed(rows: list[ReportRow] = ROWS, *, key: SoftwareSigner | None = None, **changed: Any) -> str:
    """A report of the bank."""
    said = {"batch": ORDER.number, "batch_sha256": ORDER.sha256, "bank": ORDER.bank, "at": LATER, **changed}
    return print_report.sign(rows, signer=key or BANK.to_sign(), **said)


def taken(token: str, **changed: Any) -> Reconciliation:
    """What the ministry makes of a report."""
    known = {"bank_key": BANK.public.signing, "now": LATER, **changed}
    return reconcile(ORDER, token, **known)


def kinds(result: Reconciliation) -> list[str]:
    """The kinds of its differences."""
    return [difference.kind.value for difference in result.differences]


def test_all_printed() -> None:
    """Nothing differs, and each card is vouched for."""
    result = taken(signed())
    assert (result.differences, result.printed, result.counts) == ((), ORDER.cards, True)


def test_words() -> None:
    """Every difference has words in Khmer and English."""
    assert set(WORDS) == set(DifferenceKind)
    for kind in DifferenceKind:
        words = Difference(kind).words
        assert any("\u1780" <= character <= "\u17ff" for character in words.km)
        assert words.en.isascii()
    assert {kind.value for kind in REFUSED} == {
        "altered", "wrong_bank", "wrong_batch", "wrong_time", "doubled", "late"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "known", "kind"),
    [
        ({"batch": "2026-0002"}, {}, "wrong_batch"),
        ({"batch_sha256": bytes(32)}, {}, "wrong_batch"),
        ({"bank": "ACLEDA"}, {}, "wrong_bank"),
        ({"key": OTHER_BANK.to_sign()}, {}, "wrong_bank"),
        ({"key": OTHER_BANK.to_sign(), "bank": "ACLEDA", "batch": "x"}, {}, "wrong_bank"),
        ({"key": MINISTRY}, {}, "wrong_bank"),
        ({"at": NOW - timedelta(days=2)}, {}, "wrong_time"),
        ({"at": LATER + timedelta(days=2)}, {}, "wrong_time"),
        ({}, {"latest": LATER + timedelta(hours=1)}, "late"),
        ({}, {"latest": LATER}, "late"),
        ({}, {"closed": LATER - timedelta(seconds=1)}, "late"),
    ],
)
def test_reports_that_count_for_nothing(changed: dict[str, Any], known: dict[str, Any], kind: str) -> None:
    """Another batch or bank, a wrong clock, an older report, one after the end: nothing is taken."""
    result = taken(signed(**changed), **known)
    assert (kinds(result), result.printed, result.counts) == ([kind], (), False)


@pytest.mark.parametrize(
    ("changed", "known"),
    [
        ({"at": NOW - timedelta(hours=20)}, {}),
        ({"at": LATER + timedelta(hours=20)}, {}),
        ({}, {"latest": LATER - timedelta(seconds=1)}),
        ({}, {"closed": LATER}),
    ],
)
def test_reports_that_count(changed: dict[str, Any], known: dict[str, datetime]) -> None:
    """A clock that is a little wrong, a corrected report, one at the very end."""
    assert taken(signed(**changed), **known).printed == ORDER.cards


def test_the_same_again() -> None:
    """The same report is doubled, also with white space around it; the same rows signed later are another."""
    first = taken(signed())
    seen = {first.report.digest}
    assert kinds(taken(signed(), seen=seen, latest=first.report.at)) == ["doubled"]
    assert kinds(taken(f"\n{signed()}\n ", seen=seen)) == ["doubled"]
    assert kinds(taken(signed(at=LATER + timedelta(minutes=1)), seen=seen, latest=first.report.at)) == []


def test_every_changed_character_is_found() -> None:
    """It is altered, from nobody we know, or no report any more; never taken."""
    token = signed(ROWS[:2])
    draw = random.Random(3)
    for place in range(len(token)):
        other = draw.choice([c for c in "ABab01_-." if c != token[place]])
        assert outcome(token[:place] + other + token[place + 1 :]) <= {"altered", "wrong_bank", "no report"}


def outcome(token: str) -> set[str]:
    """The differences of a report that counts for nothing, or that it is none."""
    try:
        result = taken(token)
    except IssuerError as error:
        return {"no report" if error.code in ("malformed_report", "newer_report") else error.code}
    return {*kinds(result)} if not result.counts else {"taken"}


def altered(change: Callable[[dict[str, Any]], object]) -> str:
    """A report with another payload under the same signature."""
    head, payload, signature = signed().split(".")
    said = strict_json.loads(base64url.decode(payload), max_bytes=9999)
    change(said)
    return f"{head}.{base64url.encode(strict_json.dumps(said))}.{signature}"


def test_altered_rows() -> None:
    """A row that says yes where the bank said no."""
    token = altered(lambda said: said["rows"][0].__setitem__(3, 5))
    assert kinds(taken(token)) == ["altered"]


def resigned(payload: object, **header: Any) -> str:
    """Any payload, signed by the bank."""
    key = BANK.to_sign()
    return jws.sign({"typ": TYPE, "kid": kid(key.public_key), **header}, strict_json.dumps(payload), key)


GOOD = {
    "version": 1,
    "batch": ORDER.number,
    "batch_sha256": base64url.encode(ORDER.sha256),
    "bank": ORDER.bank,
    "iat": int(LATER.timestamp()),
    "rows": [[1, ORDER.cards[0], True, 0, ""]],
}


@pytest.mark.parametrize(
    "row",
    [
        [],
        [1, ORDER.cards[0], True, 0],
        [1, ORDER.cards[0], True, 0, "", ""],
        [True, ORDER.cards[0], True, 0, ""],
        [1, ORDER.cards[0], 1, 0, ""],
        [1, ORDER.cards[0], True, True, ""],
        [-1, ORDER.cards[0], True, 0, ""],
        [1, 1234567890, True, 0, ""],
        [1, "", True, 0, ""],
        [1, "4111111111111111", True, 0, ""],
        [1, "១២៣", True, 0, ""],
        [1, ORDER.cards[0], True, -1, ""],
        [1, ORDER.cards[0], True, 10**9, ""],
        [1, ORDER.cards[0], True, 0, "x" * 201],
        {"number": ORDER.cards[0]},
        "row",
    ],
)
def test_rows_that_are_none(row: object) -> None:
    """Even signed by the bank, they are refused as no report."""
    with pytest.raises(IssuerError) as caught:
        taken(resigned({**GOOD, "rows": [row]}))
    assert caught.value.code == "malformed_report"


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ([], "malformed_report"),
        ({**GOOD, "version": 2, "more": 1}, "newer_report"),
        ({**GOOD, "more": 1}, "malformed_report"),
        ({**GOOD, "iat": "now"}, "malformed_report"),
        ({**GOOD, "iat": 1 << 60}, "malformed_report"),
        ({**GOOD, "rows": {}}, "malformed_report"),
        ({**GOOD, "rows": [GOOD["rows"]] * 20_001}, "malformed_report"),
        ({**GOOD, "batch_sha256": "!"}, "malformed_report"),
    ],
)
def test_payloads_that_are_none(payload: object, code: str) -> None:
    """The same for the report as a whole."""
    with pytest.raises(IssuerError) as caught:
        taken(resigned(payload))
    assert caught.value.code == code


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "{}", "x" * (25 << 20), "ក" * 100, signed() + ".x"])
def test_files_that_are_no_report(text: str) -> None:
    """They are refused shortly."""
    with pytest.raises(IssuerError) as caught:
        taken(text)
    assert caught.value.code == "malformed_report"


def test_another_type() -> None:
    """What the bank signed for something else is no report."""
    assert taken(resigned(GOOD)).printed == ORDER.cards[:1]
    with pytest.raises(IssuerError, match="not a bank's printing report"):
        taken(resigned(GOOD, typ="JWT"))


@dataclass
class Seeded:
    """A report with differences put into it, and what has to be found."""

    rows: list[ReportRow]
    expected: set[Difference]
    printed: set[str]


@st.composite
def seeded(draw: st.DrawFn) -> Seeded:
    """A batch of 30 whose report goes wrong for some cards, each in its own way, in any order."""
    count = 30
    expected: set[Difference] = set()
    rows: list[tuple[ReportRow, list[Callable[[int], Difference]]]] = []
    printed = set()
    kinds = DifferenceKind
    ways = ["good"] * 4 + ["missing", "no", "twice", "wrong digit", "stranger's number", "spoiled", "moved"]
    for sequence, number in enumerate(numbers(count), 1):
        row = ReportRow(sequence, number, True)
        found: list[Callable[[int], Difference]] = []
        match draw(st.sampled_from(ways)):
            case "missing":
                expected.add(Difference(kinds.MISSING, sequence, number))
                continue
            case "no":
                row = replace(row, printed=False)
                found = [lambda at, s=sequence, n=number: Difference(kinds.NOT_PRINTED, s, n, n, at)]  # type: ignore[misc]
            case "twice":
                rows.append((row, []))
                printed.add(number)
                found = [lambda at, s=sequence, n=number: Difference(kinds.DUPLICATE, s, n, n, at)]  # type: ignore[misc]
            case "wrong digit" | "stranger's number" as way:
                typed = (
                    number[:-1] + str((int(number[-1]) + 1) % 10)
                    if way == "wrong digit"
                    else STRANGERS[sequence]
                )
                row = replace(row, number=typed)
                found = [
                    lambda at, s=sequence, n=number, t=typed: Difference(kinds.WRONG_NUMBER, s, n, t, at)  # type: ignore[misc]
                ]
            case "spoiled":
                row = replace(row, spoiled=2)
                printed.add(number)
                found = [lambda at, s=sequence, n=number: Difference(kinds.SPOILED, s, n, n, at, 2)]  # type: ignore[misc]
            case "moved":
                row = replace(row, sequence=0)
                printed.add(number)
            case _:
                printed.add(number)
        rows.append((row, found))
    for number in STRANGERS[100 : 100 + draw(st.integers(0, 3))]:
        rows.append(
            (ReportRow(0, number, True), [lambda at, n=number: Difference(kinds.EXTRA, 0, "", n, at)])  # type: ignore[misc]
        )
    rows = draw(st.permutations(rows))
    last = {row.number: at for at, (row, _) in enumerate(rows, 1)}
    for at, (row, found) in enumerate(rows, 1):
        for make in found:
            difference = make(at)
            # Of two rows for one card the later one is told, whichever it was.
            place = last[row.number] if difference.kind is kinds.DUPLICATE else at
            expected.add(replace(difference, row=place))
    return Seeded([row for row, _ in rows], expected, printed)


@given(seeded())
def test_every_seeded_difference_is_found_and_none_invented(made: Seeded) -> None:
    """Missing, not printed, twice, mistyped, another's number, spoiled, extra: exactly those."""
    found, printed = compare(numbers(30), made.rows)
    assert len(found) == len(set(found))
    assert set(found) == made.expected
    assert set(printed) == made.printed
    assert list(printed) == [number for number in numbers(30) if number in made.printed]


def test_rows_that_contradict_each_other() -> None:
    """A card that was printed in one row and not in another is not vouched for."""
    found, printed = compare(ORDER.cards[:1], [ROWS[0], replace(ROWS[0], printed=False)])
    assert ([difference.kind.value for difference in found], printed) == (["duplicate"], ())


def test_anothers_row() -> None:
    """A row with its neighbour's number, where the neighbour has its own: its sequence says who is meant."""
    rows = [replace(ROWS[0], number=ORDER.cards[1]), *ROWS[1:]]
    found, printed = compare(ORDER.cards, rows)
    assert found == (Difference(DifferenceKind.WRONG_NUMBER, 1, ORDER.cards[0], ORDER.cards[1], 1),)
    assert printed == ORDER.cards[1:]
    swapped = [replace(ROWS[0], sequence=2), replace(ROWS[1], sequence=1), *ROWS[2:]]
    assert compare(ORDER.cards, swapped) == ((), ORDER.cards)


def test_a_number_that_is_none() -> None:
    """Without a sequence: wrong if its check digit fails, extra if it is a card number."""
    wrong = str((int(STRANGERS[0]) + 1) % 10**10).zfill(10)
    assert not card_number.is_valid(wrong)
    found, _ = compare(ORDER.cards, [*ROWS, ReportRow(0, wrong, True), ReportRow(0, STRANGERS[0], True)])
    assert [difference.kind.value for difference in found] == ["wrong_number", "extra"]


def test_nothing_reported() -> None:
    """Every card is missing."""
    found, printed = compare(ORDER.cards, [])
    assert {difference.kind for difference in found} == {DifferenceKind.MISSING}
    assert (len(found), printed) == (6, ())


def test_template_is_to_be_answered() -> None:
    """As it is given out, each row is told as not answered; nothing can be signed unread."""
    rows, faults = print_table.read(print_report.template(cards(3)))
    assert rows == {}
    found = [(fault.row, fault.column, fault.kind) for fault in faults]
    assert found == [(row, "printed", TableFault.NOT_ANSWERED) for row in (2, 3, 4)]


def table(*lines: str, header: str = "sequence,number,printed,spoiled,note") -> bytes:
    """A filled-in table."""
    return "\r\n".join([header, *lines, ""]).encode()


NUMBER = next(number for number in numbers(400, seed=3) if number.startswith("0"))


@pytest.mark.parametrize(
    ("line", "row"),
    [
        (f"1,{NUMBER},yes,0,", ReportRow(1, NUMBER, True)),
        (f"1,{NUMBER.lstrip('0')},Yes,,", ReportRow(1, NUMBER, True)),
        (f"1,'{NUMBER},NO,2,smudged", ReportRow(1, NUMBER, False, 2, "smudged")),
        (f",{NUMBER[:3]} {NUMBER[3:6]} {NUMBER[6:]},y", ReportRow(0, NUMBER, True)),
        (f"1.0,{int(NUMBER)}.0,TRUE,1.0,", ReportRow(1, NUMBER, True, 1)),
        (f"១,{NUMBER},បាទ,៣,ខូច", ReportRow(1, NUMBER, True, 3, "ខូច")),
        (f"1,{NUMBER},ចាស,,", ReportRow(1, NUMBER, True)),
        (f"1,{NUMBER},ទេ,,", ReportRow(1, NUMBER, False)),
        (f'1,{NUMBER},no,0,"a, ""b"""', ReportRow(1, NUMBER, False, 0, 'a, "b"')),
        ("1,123,yes,,", ReportRow(1, "0000000123", True)),
    ],
)
def test_what_spreadsheets_make_of_a_table(line: str, row: ReportRow) -> None:
    """Lost zeros, points, apostrophes, Khmer digits and words are read as they were meant."""
    assert print_table.read(table(line)) == ({2: row}, [])
    assert print_table.read(b"\xef\xbb\xbf" + table("", line)) == ({3: row}, [])


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_and_columns(separator: str) -> None:
    """Spreadsheets write what their country does; columns may be moved, and others added."""
    lines = ["Note,Printed,extra,Number,Spoiled,SEQUENCE", f"n,yes,?,{NUMBER},1,4"]
    data = "\n".join(line.replace(",", separator) for line in lines).encode()
    assert print_table.read(data) == ({2: ReportRow(4, NUMBER, True, 1, "n")}, [])


@pytest.mark.parametrize(
    ("line", "column", "kind"),
    [
        (f"1,{NUMBER},,0,", "printed", TableFault.NOT_ANSWERED),
        (f"1,{NUMBER},maybe,0,", "printed", TableFault.UNKNOWN_ANSWER),
        ("1,1.23E+09,yes,0,", "number", TableFault.BAD_NUMBER),
        ("1,,yes,0,", "number", TableFault.BAD_NUMBER),
        ("1,12345678901234,yes,0,", "number", TableFault.BAD_NUMBER),
        ("1,4111 1111 1111 1111,yes,0,", "number", TableFault.BANK_CARD_NUMBER),
        (f"1,{NUMBER},yes,0,4111111111111111", "note", TableFault.BANK_CARD_NUMBER),
        (f"1,{NUMBER},yes,-1,", "spoiled", TableFault.BAD_COUNT),
        (f"1,{NUMBER},yes,many,", "spoiled", TableFault.BAD_COUNT),
        (f"1,{NUMBER},yes,1001,", "spoiled", TableFault.BAD_COUNT),
        (f"x,{NUMBER},yes,0,", "sequence", TableFault.BAD_SEQUENCE),
        (f"99999,{NUMBER},yes,0,", "sequence", TableFault.BAD_SEQUENCE),
        (f"1,{NUMBER},yes,0,{'x' * 201}", "note", TableFault.BAD_NOTE),
        (f"1,{NUMBER},yes,0,a\u202eb", "note", TableFault.BAD_NOTE),
        ('1,"0', "", TableFault.BROKEN_ROW),
        ("1", "", TableFault.BROKEN_ROW),
        (f"1,{NUMBER},yes,0,n,more", "", TableFault.BROKEN_ROW),
    ],
)
def test_rows_to_be_mended(line: str, column: str, kind: TableFault) -> None:
    """Each is named with its row and column, and the good ones beside it are read."""
    rows, faults = print_table.read(table(f"2,{NUMBER},yes,0,", line))
    assert rows == {2: ReportRow(2, NUMBER, True)}
    assert [(fault.row, fault.column, fault.kind) for fault in faults] == [(3, column, kind)]
    assert faults[0].advice.en
    assert faults[0].advice.km


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "bad_report_header"),
        (table(), "no_rows"),
        (table("1,2", header="sequence,number"), "bad_report_header"),
        (table("x", header="sequence,number,number,printed,spoiled,note"), "bad_report_header"),
        ("sequence,number,printed,spoiled,note\n1,ក".encode("utf-16"), "not_utf8"),
        (b"PK\x03\x04" + bytes(100), "spreadsheet_file"),
        (bytes(17 << 20), "file_too_large"),
        (table(*["1,1,yes,,"] * 20_001), "too_many_rows"),
        (b"x" * (1 << 20), "malformed_header"),
    ],
)
def test_tables_that_are_none(data: bytes, code: str) -> None:
    """Another file, another header, too much."""
    with pytest.raises(IssuerError) as caught:
        print_table.read(data)
    assert caught.value.code == code
