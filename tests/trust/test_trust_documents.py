"""Trust documents: what is written is read back, and nothing else is."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trust_simulator import BADGE, default_keys, default_templates
from trust_size import real_codes, real_parties, real_purposes

from credential.codes import CodeTables, Name
from did import strict_json
from trust import GenuineList, KeyKind, Purpose, RelyingParty, TrustError, documents, names

HEAD = documents.AuditHead(3, "ab" * 32)


def test_documents_are_read_back_as_written() -> None:
    """Every document, with real names."""
    keys, templates = default_keys(), default_templates()
    assert documents.read_issuers(documents.write_issuers(keys.values())) == keys
    assert documents.read_templates(documents.write_templates(templates.values())) == templates
    assert documents.read_codes(real_codes().to_json()) == real_codes()
    purposes = documents.read_purposes(documents.write_purposes(real_purposes()))
    assert tuple(purposes.values()) == tuple(sorted(real_purposes(), key=lambda purpose: purpose.name))
    parties = documents.read_relying_parties(documents.write_relying_parties(real_parties()))
    assert tuple(parties.values()) == real_parties()
    assert documents.read_audit_head(documents.write_audit_head(HEAD)) == HEAD


def test_documents_are_one_text_for_one_value() -> None:
    """Order of making does not show: what custodians compare is the same bytes."""
    keys, templates = default_keys(), default_templates()
    assert documents.write_issuers(reversed(keys.values())) == documents.write_issuers(keys.values())
    assert documents.write_templates(reversed(templates.values())) == documents.write_templates(
        templates.values()
    )


@pytest.mark.parametrize(
    "change",
    [
        {"kid": ""},
        {"kid": "with space"},
        {"kid": "x" * 201},
        {"iss": "https://id.example/"},
        {"iss": "https://ក.example"},
        {"vct": frozenset({""})},
        {"vct": frozenset[str]()},
        {"not_before": -1},
        {"not_after": 0},
        {"not_after": 1 << 50},
        {"not_before": True},
        {"kind": KeyKind.STATUS},
    ],
)
def test_an_issuer_key_is_checked(change: dict[str, object]) -> None:
    """Texts, window, and types that fit the kind."""
    with pytest.raises(TrustError) as refusal:
        replace(default_keys()["live-1"], **change)  # type: ignore[arg-type]
    assert refusal.value.code == "bad_issuer_key"


def test_a_seal_keys_id_is_a_file_name() -> None:
    """`genuine/<kid>` stands on FAT; a live key may be named by a DID URL."""
    seal, live = default_keys()["seal-1"], default_keys()["live-1"]
    assert replace(live, kid="did:web:id.example#Live_1").kid.endswith("Live_1")
    for kid in ("did:web:id.example", "Seal-1", "seal-1.", "a/b", "..", "x" * 65):
        with pytest.raises(TrustError) as refusal:
            replace(seal, kid=kid)
        assert refusal.value.code == "bad_issuer_key"


def test_a_window_is_half_open() -> None:
    """`not_before` is inside, `not_after` is not."""
    live = default_keys()["live-1"]
    assert live.covers(live.not_before)
    assert not live.covers(live.not_before - 1)
    assert live.covers(live.not_after - 1)
    assert not live.covers(live.not_after)


@pytest.mark.parametrize("spoil", ["d", "kty", "vct", "vct2", "extra", "kind"])
def test_a_wrong_key_entry_is_refused(spoil: str) -> None:
    """A private key, no key, types that are no texts or stand twice, unknown members."""
    document = strict_json.loads(documents.write_issuers([default_keys()["live-1"]]), max_bytes=9999)
    (entries,) = document.values()
    entry = entries[0]
    match spoil:
        case "d" | "kty":
            entry["jwk"][spoil] = "AAAA"
        case "vct":
            entry["vct"] = [1]
        case "vct2":
            entry["vct"] = [BADGE, BADGE]
        case "kind":
            entry["kind"] = "root"
        case _:
            entry["more"] = 1
    with pytest.raises(TrustError) as refusal:
        documents.read_issuers(strict_json.dumps(document))
    assert refusal.value.code == "malformed_document"


def test_wrong_values_are_refused_when_made() -> None:
    """A purpose is a word, a number fits two bytes."""
    title = Name("ក", "A")
    for purpose in ("", "Entry", "x" * 41, "a b"):
        with pytest.raises(TrustError):
            Purpose(purpose, True, title)
    for number in (0, 65536, True):
        with pytest.raises(TrustError):
            RelyingParty(number, title, frozenset(), frozenset())


@pytest.mark.parametrize(
    "text",
    ['[{"number":1,"title":["a","b"],"purposes":[],"claims":[]}]', '{"x":[true,"",""]}', '{"x":[1,"a","b"]}'],
)
def test_wrong_purposes_are_refused(text: str) -> None:
    """Wrong shape, empty titles, a number for a truth value."""
    with pytest.raises(TrustError):
        documents.read_purposes(text.encode())


@pytest.mark.parametrize(
    "hidden",
    ["\x1b[2K", "\n", "\x7f", "\x9b2K", "\u202e", "\u2066", "\u200b", "\ufeff", "\u2028", "\ue000", "\u0378"],
)
def test_a_title_shows_as_it_is_written(hidden: str) -> None:
    """No escape sequence, bidi override, zero width or unassigned character in any of them."""
    for title in (Name(f"ច្រក{hidden}", "Gate"), Name("ច្រក", f"Gate{hidden}")):
        assert_refused(title)


@pytest.mark.parametrize(
    "title",
    [
        "",
        " ",
        "\u3164",
        "\u2800",
        "\u200d",
        " Gate",
        "Gate ",
        "Gate  7",
        "Gate\u00a07",
        "x" * 81,
        f"Gate{' ' * 60}key",
    ],
)
def test_a_title_draws_no_line_of_its_own(title: str) -> None:
    """A terminal wraps a run of spaces, and what follows would look like another entry; no blank ones."""
    assert_refused(Name("ច្រក", title))
    assert_refused(Name(title, "Gate"))


def assert_refused(title: Name) -> None:
    """No document takes this title."""
    written = [
        (documents.read_codes, CodeTables(grades={1: title}).to_json()),
        (documents.read_purposes, documents.write_purposes([Purpose("entry", True, title)])),
        (
            documents.read_relying_parties,
            documents.write_relying_parties([replace(real_parties()[0], title=title)]),
        ),
    ]
    for read, data in written:
        with pytest.raises(TrustError) as refusal:
            read(data)
        assert refusal.value.code == "malformed_document"


def test_two_relying_parties_do_not_share_a_number() -> None:
    """A presentation names its audience by number."""
    party = real_parties()[0]
    with pytest.raises(TrustError) as refusal:
        documents.read_relying_parties(documents.write_relying_parties([party, party]))
    assert refusal.value.code == "malformed_document"


@pytest.mark.parametrize(
    "text",
    [
        '{"length":1}',
        '{"length":true,"head":"%s"}',
        '{"length":1,"head":"%s","x":1}',
        '{"length":1,"head":"AB"}',
    ],
)
def test_a_wrong_audit_head_is_refused(text: str) -> None:
    """A whole number and 64 hex digits, nothing else."""
    with pytest.raises(TrustError):
        documents.read_audit_head(text.replace("%s", "ab" * 32).encode())


@given(
    made=st.sets(st.binary(min_size=16, max_size=16), max_size=40), other=st.binary(min_size=16, max_size=16)
)
def test_a_genuine_list_holds_what_it_was_made_of(made: set[bytes], other: bytes) -> None:
    """Membership by halves equals membership in the set."""
    genuine = GenuineList.build("seal-1", made)
    assert all(map(genuine.holds, made))
    assert genuine.holds(other) == (other in made)
    assert not genuine.holds(other[:8])
    assert GenuineList("seal-1", genuine.digests) == genuine


def test_a_genuine_list_is_strictly_sorted() -> None:
    """Wrong length, wrong order, a repeated prefix."""
    one, two = bytes([1]) * 16, bytes([2]) * 16
    for digests in (one[:15], two + one, one + one):
        with pytest.raises(TrustError) as refusal:
            GenuineList("seal-1", digests)
        assert refusal.value.code == "malformed_genuine"
    with pytest.raises(ValueError, match="16 bytes"):
        GenuineList.build("seal-1", [b"short"])


def test_a_genuine_list_of_a_whole_country_is_found_in_quickly() -> None:
    """220,000 seals: membership stays a search by halves."""
    digests = [hashlib.sha256(number.to_bytes(4, "big")).digest()[:16] for number in range(220_000)]
    genuine = GenuineList.build("seal-1", digests)
    assert len(genuine.digests) == 16 * 220_000
    assert all(map(genuine.holds, digests[::1000]))
    assert not genuine.holds(bytes(16))


@given(st.text(alphabet="abz09.-_/A \\ក\x00", max_size=80))
def test_target_names_are_safe_or_refused(name: str) -> None:
    """What passes has one or two plain parts and stays below its folder."""
    try:
        names.check_target(name)
    except TrustError as refusal:
        assert refusal.code == "unsafe_name"  # noqa: PT017
        return
    parts = name.split("/")
    assert 1 <= len(parts) <= 2
    for part in parts:
        assert part == part.lower()
        assert part.isascii()
        assert part[0] not in "._-"
        assert part[-1] not in "._-"
        assert len(part) <= 64


def test_names_of_lists_are_split() -> None:
    """Only `status/<name>.cwt` and `.jwt` are lists."""
    assert names.split_status("status/live-1.cwt") == ("live-1", "cwt")
    for target in (
        "status/live-1",
        "status/.cwt",
        "status/a/b.cwt",
        "genuine/a.cwt",
        "status/A.cwt",
        "status/a.cwt\n",
    ):
        assert names.split_status(target) is None
    assert names.is_online("audit/head")
    assert names.is_online("genuine/seal-1")
    assert not names.is_online("genuine/")
    assert not names.is_online("audit/tail")
