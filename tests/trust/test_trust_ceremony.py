"""The custodians' work on a second machine: make, sign one by one, check, rotate."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trust_simulator import START, Ministry, default_codes, key
from tuf.api.metadata import Metadata, Targets  # type: ignore[attr-defined]

from credential.codes import CodeTables, Name
from did import Algorithm, DidError, SoftwareSigner
from trust import TrustError, ceremony, names, repository, scrutiny, tuf_keys
from trust.ceremony import ExpiryWarning, RoleKeys, Signatures
from trust.sync import init_home

UNTIL = START + timedelta(days=600)


def role_keys(*groups: tuple[str, ...]) -> RoleKeys:
    """The public keys with these names."""
    root, targets, online = (tuple(key(name).public_key for name in group) for group in groups)
    return RoleKeys(root, targets, online)


FIRST = role_keys(("r1", "r2", "r3"), ("t1", "t2", "t3"), ("o1",))


def ids(*named: str) -> tuple[str, ...]:
    """The sorted key ids of the keys with these names."""
    return tuple(sorted(tuf_keys.key_id(key(name).public_key) for name in named))


def first_root() -> bytes:
    """Root version 1, signed by two of three."""
    root = ceremony.make_root(FIRST, expires=UNTIL)
    return ceremony.sign(ceremony.sign(root, key("r1")), key("r2"))


def test_a_root_is_signed_one_by_one() -> None:
    """Each signature counts down; signing again does not count twice."""
    root = ceremony.make_root(FIRST, expires=UNTIL)
    assert ceremony.signatures(root) == Signatures((), 2)
    root = ceremony.sign(root, key("r3"))
    assert ceremony.sign(root, key("r3")) == root
    assert ceremony.signatures(root) == Signatures(ids("r3"), 1)
    with pytest.raises(TrustError) as refusal:
        ceremony.check(root)
    assert refusal.value.code == "signatures_missing"
    root = ceremony.sign(root, key("r1"))
    assert ceremony.signatures(root) == Signatures(ids("r1", "r3"), 0)
    ceremony.check_roots([root])
    ceremony.check_self_signed(root)


def test_targets_are_signed_under_a_root(tmp_path: Path) -> None:
    """Two of the three targets keys; root and online keys may not."""
    files = Ministry(tmp_path).files()
    root = first_root()
    data = ceremony.make_targets(files, online_keys=FIRST.online, expires=UNTIL, version=1)
    assert ceremony.signatures(data, authority=root).missing == 2
    for name in ("r1", "o1", "stranger"):
        with pytest.raises(TrustError) as refusal:
            ceremony.sign(data, key(name), authority=root)
        assert refusal.value.code == "not_a_custodian"
    for name in ("t3", "t2"):
        data = ceremony.sign(data, key(name), authority=root)
    ceremony.check(data, authority=root)
    delegations = repository.parse(data, Targets).signed.delegations
    assert delegations is not None
    assert delegations.roles is not None
    (online,) = delegations.roles.values()
    assert (online.name, online.terminating, online.paths) == ("online", True, list(names.ONLINE_PATHS))
    with pytest.raises(ValueError, match="judged with a root"):
        ceremony.check(data)


def test_a_rotation_needs_the_old_and_the_new_threshold() -> None:
    """Disjoint custodians sign four times; a custodian of both counts for both."""
    first = first_root()
    apart = ceremony.rotate_root(first, role_keys(("n1", "n2", "n3"), ("t1", "t2"), ("o1",)), expires=UNTIL)
    assert ceremony.signatures(apart, authority=first).missing == 4
    for missing, name in zip((3, 2, 1, 0), ("n1", "n2", "r1", "r3"), strict=True):
        apart = ceremony.sign(apart, key(name), authority=first)
        assert ceremony.signatures(apart, authority=first).missing == missing
    ceremony.check_roots([first, apart])

    shared = ceremony.rotate_root(first, role_keys(("r2", "r3", "n1"), ("t1", "t2"), ("o1",)), expires=UNTIL)
    assert ceremony.signatures(shared, authority=first).missing == 2
    shared = ceremony.sign(shared, key("n1"), authority=first)
    assert ceremony.signatures(shared, authority=first).missing == 2
    for name in ("r2", "r3"):
        shared = ceremony.sign(shared, key(name), authority=first)
    ceremony.check_roots([first, shared])


def test_a_rotation_by_the_new_keys_alone_is_refused() -> None:
    """Whoever makes new keys has to be let in by the old ones."""
    first = first_root()
    second = ceremony.rotate_root(first, role_keys(("n1", "n2"), ("n3", "n4"), ("n5",)), expires=UNTIL)
    for name in ("n1", "n2"):
        second = ceremony.sign(second, key(name), authority=first)
    assert ceremony.signatures(second, authority=first).missing == 2
    with pytest.raises(TrustError) as refusal:
        ceremony.check_roots([first, second])
    assert refusal.value.code == "signatures_missing"


def test_no_root_follows_one_that_its_own_keys_have_not_signed() -> None:
    """A successor keeps the keys of the root before it: they must be somebody's who vouches for them."""
    unsigned = ceremony.make_root(FIRST, expires=UNTIL)
    by_others = ceremony.make_root(FIRST, expires=UNTIL + timedelta(days=1))
    borrowed = json.loads(by_others) | {"signatures": json.loads(first_root())["signatures"]}
    for root in (unsigned, ceremony.sign(unsigned, key("r1")), json.dumps(borrowed).encode()):
        with pytest.raises(TrustError) as refusal:
            ceremony.rotate_root(root, FIRST, expires=UNTIL)
        assert refusal.value.code == "signatures_missing"


@pytest.mark.parametrize("order", [[], [1], [0, 0], [1, 0], [0, 2]])
def test_a_chain_of_roots_has_no_gap(order: list[int]) -> None:
    """All roots, in order, from version 1."""
    roots = [first_root()]
    for _ in range(2):
        made = ceremony.rotate_root(roots[-1], FIRST, expires=UNTIL)
        for name in ("r1", "r2"):
            made = ceremony.sign(made, key(name), authority=roots[-1])
        roots.append(made)
    ceremony.check_roots(roots)
    with pytest.raises(TrustError) as refusal:
        ceremony.check_roots([roots[index] for index in order])
    assert refusal.value.code == "root_chain_broken"


def test_a_root_is_judged_with_the_one_before_it() -> None:
    """Not alone, and not with itself."""
    first = first_root()
    second = ceremony.rotate_root(first, FIRST, expires=UNTIL)
    for root, authority in [(second, None), (second, second), (first, first)]:
        with pytest.raises(TrustError) as refusal:
            ceremony.signatures(root, authority=authority)
        assert refusal.value.code == "root_chain_broken"


def test_roles_share_no_key() -> None:
    """An online key that is a custodian's, a key twice, too few keys."""
    for groups, code in [
        ((("r1", "r2"), ("t1", "t2"), ("r1",)), "keys_overlap"),
        ((("r1", "t1"), ("t1", "t2"), ("o1",)), "keys_overlap"),
        ((("r1", "r1"), ("t1", "t2"), ("o1",)), "keys_overlap"),
        ((("r1",), ("t1", "t2"), ("o1",)), "too_few_keys"),
        ((("r1", "r2"), ("t1",), ("o1",)), "too_few_keys"),
        ((("r1", "r2"), ("t1", "t2"), ()), "too_few_keys"),
    ]:
        with pytest.raises(TrustError) as refusal:
            role_keys(*groups)
        assert refusal.value.code == code


def test_role_keys_are_read_back_from_a_root() -> None:
    """To rotate one key, the others are taken from the root; P-256 keys too."""
    p256 = SoftwareSigner.generate(Algorithm.P256)
    keys = RoleKeys((*FIRST.root[:2], p256.public_key), FIRST.targets, FIRST.online)
    root = ceremony.make_root(keys, expires=UNTIL)
    assert ceremony.role_keys(root) == keys
    assert ceremony.signatures(ceremony.sign(ceremony.sign(root, p256), key("r1"))).missing == 0


def test_documents_that_change_their_meaning_are_found_before_signing(tmp_path: Path) -> None:
    """`previous` is compared; a document that gates would refuse is refused here."""
    ministry = Ministry(tmp_path)
    old = ministry.files()
    ministry.codes = CodeTables(ministries={1: Name("ក", "Other")}, positions=default_codes().positions)
    arguments = {"online_keys": FIRST.online, "expires": UNTIL, "version": 2}
    with pytest.raises(TrustError) as refusal:
        ceremony.make_targets(ministry.files(), previous=old, **arguments)  # type: ignore[arg-type]
    assert refusal.value.code == "codes_changed"
    for name, code in [("notes.json", "unsafe_name"), ("types/UP", "unsafe_name")]:
        with pytest.raises(TrustError) as refusal:
            ceremony.make_targets({**old, name: b""}, **arguments)  # type: ignore[arg-type]
        assert refusal.value.code == code
    assert ceremony.make_targets({**old, "types/badge.json": b"{}"}, previous=old, **arguments)  # type: ignore[arg-type]


def test_what_should_be_renewed_is_told() -> None:
    """A root 90 days ahead, an expired one with a negative number."""
    root = first_root()
    expires = int(UNTIL.timestamp())
    assert ceremony.expiry_warnings([root], now=START) == ()
    assert ceremony.expiry_warnings([root], now=UNTIL - timedelta(days=89, hours=1)) == (
        ExpiryWarning("root", expires, 89),
    )
    assert ceremony.expiry_warnings([root], now=UNTIL + timedelta(hours=1))[0].days_left == -1


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"\xff", b'{"signed":{"_type":"root"},"signatures":[]}', b"[" * 9999]
)
def test_what_is_no_metadata_is_refused(data: bytes) -> None:
    """Typed errors for whatever a file holds."""
    for act in (ceremony.signatures, ceremony.check_self_signed, lambda data: ceremony.sign(data, key("r1"))):
        with pytest.raises(TrustError) as refusal:
            act(data)
        assert refusal.value.code == "malformed_metadata"


@pytest.mark.parametrize("value", ["1.5", "NaN", "1e3", '"\\ud800"'])
@pytest.mark.parametrize("field", ["consistent_snapshot", "x"])
def test_what_cannot_be_signed_is_no_metadata(field: str, value: str, tmp_path: Path) -> None:
    """Canonical JSON has no fractions: refused wherever a root or a trust list is read."""
    files = Ministry(tmp_path).files()
    targets = ceremony.make_targets(files, online_keys=FIRST.online, expires=UNTIL, version=1)
    root, targets = (spoilt(data, field, value) for data in (first_root(), targets))
    for act in (
        lambda: ceremony.signatures(root),
        lambda: scrutiny.check_root(root),
        lambda: scrutiny.check_trust_list(targets, files, root=first_root(), now=START),
        lambda: ceremony.sign(targets, key("t1"), authority=first_root()),
        lambda: ceremony.rotate_root(root, FIRST, expires=UNTIL),
        lambda: init_home(tmp_path / "home", root),
    ):
        with pytest.raises(TrustError) as refusal:
            act()
        assert refusal.value.code == "malformed_metadata"
    assert not (tmp_path / "home").exists()


def spoilt(metadata: bytes, field: str, value: str) -> bytes:
    """Metadata with that JSON text as the value of a field of what is signed."""
    document = json.loads(metadata)
    document["signed"][field] = "here"
    return json.dumps(document).replace('"here"', value).encode()


@given(secret=st.binary(min_size=32, max_size=32), message=st.binary(max_size=200))
def test_both_algorithms_verify_in_tuf(secret: bytes, message: bytes) -> None:
    """securesystemslib accepts our signatures, and refuses them over anything else."""
    for algorithm in Algorithm:
        try:
            signer = SoftwareSigner(algorithm, secret)
        except DidError:
            continue
        adapted = tuf_keys.TufSigner(signer)
        signature = adapted.sign(message)
        adapted.public_key.verify_signature(signature, message)
        with pytest.raises(Exception, match="Failed to verify"):
            adapted.public_key.verify_signature(signature, message + b"x")
        assert tuf_keys.public_key(adapted.public_key) == signer.public_key


def test_keys_never_come_from_a_uri() -> None:
    """python-tuf's way to open keys is not offered; a foreign key in a root is not read as ours."""
    public = tuf_keys.tuf_key(key("r1").public_key)
    with pytest.raises(NotImplementedError):
        tuf_keys.TufSigner.from_priv_key_uri("file:x", public)
    public.keytype = "rsa"
    with pytest.raises(DidError):
        tuf_keys.public_key(public)


def test_metadata_is_compact() -> None:
    """No space outside strings: it all travels on every stick."""
    root = first_root()
    assert not re.search(rb"[:,]\s|\n", root)
    assert Metadata.from_bytes(root).to_bytes() == root
