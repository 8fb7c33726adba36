"""The gate's settings: bounds, safe ones in the place of damaged ones, and whole after a kill."""

from __future__ import annotations

import json
import os
from dataclasses import fields, replace
from pathlib import Path
from threading import Thread

import pytest
from gate_damage import DAMAGE, WRONG_VALUES, full_disk, kill_everywhere, make_huge
from hypothesis import given
from hypothesis import strategies as st

from verifier.gate.errors import GateError
from verifier.gate.settings import SAFE, Settings, describe_change, load, save

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
NAMES = [field.name for field in fields(Settings)]
OTHER = Settings(
    mode="challenge",
    printed=False,
    gate=17,
    purpose="salary",
    least="live-challenge",
    number_always=True,
    status_days=35,
    log_days=31,
    source="https://trust.example.org/stick/",
    camera=False,
)


def refused(value: object) -> str:
    """The member that `from_json` names, in its attribute and in its message."""
    with pytest.raises(GateError) as caught:
        Settings.from_json(value)
    assert caught.value.code == "settings_invalid"
    assert caught.value.member in str(caught.value)
    return caught.value.member


def test_fresh(tmp_path: Path) -> None:
    """A gate that nobody has set yet takes phones and plastic, and nothing is damaged."""
    assert load(tmp_path / "gate") == (Settings(), True)
    assert Settings().printed


def test_kept(tmp_path: Path) -> None:
    """What is saved is loaded; file and folder are for nobody else."""
    folder = tmp_path / "gate"
    save(folder, OTHER)
    assert load(folder) == (OTHER, True)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "settings.json").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == ["settings.json"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mode", "open"),
        ("mode", None),
        ("printed", 1),
        ("gate", -1),
        ("gate", 65_536),
        ("gate", True),
        ("gate", 17.0),
        ("gate", "17"),
        ("purpose", ""),
        ("purpose", "Entry"),
        ("purpose", "a" * 65),
        ("purpose", "entry\n"),
        ("least", "photo"),
        ("least", "live-challenge"),
        ("number_always", "yes"),
        ("status_days", 0),
        ("status_days", 36),
        ("log_days", 0),
        ("log_days", 32),
        ("log_days", False),
        ("camera", None),
        ("source", None),
        ("source", "stick"),
        ("source", "ftp://example.org/"),
        ("source", "http://example.org/"),
        ("source", "http://127.0.0.1.example.org/"),
        ("source", "http://[::2]/"),
        ("source", "https://"),
        ("source", "https://[::1"),
        ("source", "https://example.org:http/"),
        ("source", "https://a b.example.org/"),
        ("source", "https://example.org/\n"),
        ("source", "https://user:word@example.org/"),
        ("source", "https://example.org/?key=1"),
        ("source", "https://example.org/" + "a" * 500),
    ],
)
def test_bounds(name: str, value: object) -> None:
    """Every setting has its bounds, and the one that is out of them is named."""
    assert refused(Settings(printed=False).to_json() | {name: value}) == name


@pytest.mark.parametrize(
    "source", ["", "https://example.org", "http://localhost:8000/x", "http://127.8.0.1/", "http://[::1]:80/"]
)
def test_sources(source: str) -> None:
    """A source is https, or this very machine, or none."""
    assert Settings(source=source).source == source


def test_together() -> None:
    """Answers to a challenge need one to be shown; a print may be taken to be told that it is too little."""
    assert Settings(least="live").printed
    assert refused(OTHER.to_json() | {"mode": "plain"}) == "least"
    assert Settings(printed=False, least="live").least == "live"


@given(st.sampled_from(NAMES))
def test_whole_object(name: str) -> None:
    """Every member must be there, and no other; what is no object is refused."""
    whole = OTHER.to_json()
    assert refused({key: value for key, value in whole.items() if key != name}) == name
    assert refused(whole | {name + "s": 1}) == ""
    nothing: list[object] = [None, [], "plain", 1]
    assert [refused(value) for value in nothing] == [""] * 4


@given(st.sampled_from(NAMES), WRONG_VALUES)
def test_any_value(name: str, value: object) -> None:
    """Whatever stands in a member, the settings are right and stay the same, or the member is named."""
    whole = OTHER.to_json() | {name: value}
    try:
        settings = Settings.from_json(whole)
    except GateError:
        assert refused(whole) in NAMES
    else:
        assert json.dumps(settings.to_json()) == json.dumps(whole)


@given(damage=DAMAGE)
def test_damaged(tmp_path_factory: pytest.TempPathFactory, damage: bytes) -> None:
    """A damaged file gives the safe settings and says so; saving mends it."""
    folder = tmp_path_factory.mktemp("gate")
    (folder / "settings.json").write_bytes(damage)
    assert load(folder) == (SAFE, False)
    assert not SAFE.printed
    save(folder, OTHER)
    assert load(folder) == (OTHER, True)


@given(cut=st.integers(0, len(json.dumps(OTHER.to_json()))))
def test_torn(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    """Half a file is a damaged one."""
    folder = tmp_path_factory.mktemp("gate")
    text = json.dumps(OTHER.to_json())
    (folder / "settings.json").write_text(text[:cut])
    assert load(folder) == ((OTHER, True) if cut == len(text) else (SAFE, False))


def test_not_a_file(tmp_path: Path) -> None:
    """A huge file, a link, a pipe, a folder, a file where the folder should be: damaged; nothing hangs."""
    path = tmp_path / "settings.json"
    make_huge(path)
    assert load(tmp_path) == (SAFE, False)
    path.unlink()
    path.symlink_to(tmp_path / "elsewhere")
    assert load(tmp_path) == (SAFE, False)
    path.unlink()
    os.mkfifo(path)
    assert load(tmp_path) == (SAFE, False)
    path.unlink()
    path.mkdir()
    assert load(tmp_path) == (SAFE, False)
    path.rmdir()
    path.write_bytes(b"")
    assert load(path) == (SAFE, False)
    with pytest.raises(GateError, match="disk"):
        save(path, OTHER)


def test_full_disk(tmp_path: Path) -> None:
    """A full disk is named, the old settings stand, and nothing half is left behind."""
    save(tmp_path, OTHER)
    with full_disk(20), pytest.raises(GateError) as caught:
        save(tmp_path, SAFE)
    assert caught.value.code == "disk_full"
    assert load(tmp_path) == (OTHER, True)
    assert [path.name for path in tmp_path.iterdir()] == ["settings.json"]


def test_killed(tmp_path: Path) -> None:
    """Killed at any point of saving: the old settings or the new ones, the new ones once it returned."""
    folder = tmp_path / "gate"

    def check(words: list[str]) -> None:
        found, whole = load(folder)
        assert whole
        assert found == SAFE if words else found in (OTHER, SAFE)

    def work(tell: object) -> None:
        save(folder, SAFE)
        assert callable(tell)
        tell("saved")

    assert kill_everywhere(lambda: save(folder, OTHER), work, check) >= 5


def test_threads(tmp_path: Path) -> None:
    """Many save at once: what stands there is always the whole of one of them."""
    all_settings = [replace(OTHER, gate=gate) for gate in range(8)]
    seen = []

    def save_often(settings: Settings) -> None:
        for _ in range(10):
            save(tmp_path, settings)
            seen.append(load(tmp_path))

    threads = [Thread(target=save_often, args=(settings,)) for settings in all_settings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 80
    assert all(whole and settings in all_settings for settings, whole in seen)


def test_change() -> None:
    """A change is described by the names of what changed, never by values."""
    assert describe_change(OTHER, OTHER) == ""
    assert describe_change(OTHER, replace(OTHER, gate=5, source="")) == "gate, source"
    assert describe_change(Settings(), OTHER) == ", ".join(NAMES)
