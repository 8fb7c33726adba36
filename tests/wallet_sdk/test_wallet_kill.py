"""kill -9 at every point of a write: the wallet opens, holds the old or the new, and goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_ministry import CHEAP, NOW, PASSPHRASE, Ministry, new_wallet, offer

from wallet_sdk import Wallet, WalletError

# Kills itself before or in the middle of the call that KILL_AT names.
CHILD = """
import os, signal, sys
from pathlib import Path
from tiny_ministry import CHEAP, NOW, PASSPHRASE
from wallet_sdk import Wallet

def killing(name, call):
    def wrapped(*arguments, **options):
        if name == os.environ["KILL_AT"]:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments, **options)
    return wrapped

class HalfFile:
    def __init__(self, file):
        self.file = file
    def __enter__(self):
        return self
    def __exit__(self, *error):
        self.file.close()
    def write(self, data):
        self.file.write(data[: len(data) // 2])
        self.file.flush()
        os.kill(os.getpid(), signal.SIGKILL)

def arm():
    calls = iter(("sync_file", "sync_folder", "never"))
    real_fsync, real_fdopen, real_open = os.fsync, os.fdopen, os.open
    os.fsync = lambda descriptor: killing(next(calls), real_fsync)(descriptor)
    os.replace = killing("replace", os.replace)
    if os.environ["KILL_AT"] == "half":
        os.fdopen = lambda *arguments: HalfFile(real_fdopen(*arguments))
    if os.environ["KILL_AT"] == "open":
        def opening(path, *rest):
            if str(path).endswith(".new"):
                os.kill(os.getpid(), signal.SIGKILL)
            return real_open(path, *rest)
        os.open = opening

home, action, text = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
if action == "create":
    arm()
    Wallet.create(home, PASSPHRASE, cost=CHEAP)
else:
    wallet = Wallet.open(home, PASSPHRASE)
    arm()
    getattr(wallet, action)(text, now=NOW)
if os.environ["KILL_AT"] == "after":
    os.kill(os.getpid(), signal.SIGKILL)
"""

POINTS = ("open", "half", "sync_file", "replace", "sync_folder", "after")
NEW = POINTS[4:]
"""From here on the new file is in place."""


def kill_during(home: Path, action: str, text: str, point: str) -> None:
    """Runs `action` in a process that dies at `point`."""
    here = Path(__file__).parent
    environment = {**os.environ, "KILL_AT": point, "PYTHONPATH": f"{here}:{here.parents[1]}"}
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(home), action, text],
        env=environment,
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


@pytest.mark.parametrize("point", POINTS)
def test_killed_while_receiving(tmp_path: Path, point: str) -> None:
    """Either the keys still wait and the result is taken again, or the credentials are there."""
    home = tmp_path / "wallet"
    issued = json.dumps(Ministry().issue(new_wallet(tmp_path).request(offer(), now=NOW)))
    kill_during(home, "receive", issued, point)
    wallet = Wallet.open(home, PASSPHRASE)
    if point in NEW:
        with pytest.raises(WalletError) as refusal:
            wallet.receive(issued, now=NOW)
        assert refusal.value.code == "already_received"
    else:
        assert (len(wallet.waiting()), len(wallet.credentials())) == (2, 0)
        wallet.receive(issued, now=NOW)
    assert (len(wallet.waiting()), len(wallet.credentials())) == (0, 2)
    assert wallet.present_live(now=NOW).startswith("MQ1:")
    assert {path.name for path in home.iterdir()} == {"lock", "wallet.json"}


@pytest.mark.parametrize("point", ["half", "replace", "after"])
def test_killed_while_requesting(tmp_path: Path, point: str) -> None:
    """The keys of an earlier offer still wait, and the offer can be answered again."""
    home = tmp_path / "wallet"
    earlier = new_wallet(tmp_path).request(offer(nonce="e" * 22), now=NOW)
    kill_during(home, "request", offer(), point)
    wallet = Wallet.open(home, PASSPHRASE)
    request = wallet.request(offer(), now=NOW)
    for answered in (earlier, request):
        wallet.receive(json.dumps(Ministry().issue(answered)), now=NOW)
    assert len(wallet.credentials()) == 4


@pytest.mark.parametrize("point", POINTS)
def test_killed_while_creating(tmp_path: Path, point: str) -> None:
    """A wallet that was not made can be made again; one that was, opens."""
    home = tmp_path / "wallet"
    kill_during(home, "create", "", point)
    if point not in NEW:
        Wallet.create(home, PASSPHRASE, cost=CHEAP)
    assert Wallet.open(home, PASSPHRASE).credentials() == ()
