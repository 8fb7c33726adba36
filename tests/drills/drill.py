"""What drills are played with: a ministry's own program, a gate's home, a phone, and a thief."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from issuer_desk import CHEAP, ISSUER, PASSPHRASE, Desk, founding, new_keys, open_desk, request
from issuer_program import people_of

from credential import card_number, sd_jwt
from credential.live import present_live
from credential.packed import pack
from credential.seal import issue_seal
from credential.template import Template
from did import Signer, SoftwareSigner, base64url, keyfile, strict_json
from issuer import cli, trust_files
from issuer.custody import KEY_FILE, PASSPHRASE_FILE, TrustList
from issuer.lifecycle import ListKind
from revocation.status_list import Status
from trust import TrustSnapshot
from trust.publication import publish
from trust.sync import init_home, sync
from verifier import Policy, VerificationError, verify, verify_sd_jwt, verify_seal

BANK = "https://bank.example"


class Gate:
    """A verifier's home, and what is shown there."""

    def __init__(self, home: Path, desk: Desk) -> None:
        self.home = home
        self.desk = desk
        init_home(home, desk.office.home.root.read_bytes(), founding().fingerprint)

    @property
    def trust(self) -> TrustSnapshot:
        """What the gate believes now."""
        return TrustSnapshot.load(self.home)

    def take(self, stick: Path) -> bool:
        """Syncs with a stick; whether it brought anything."""
        return sync(self.home, stick, now=self.desk.now).changed

    def seal(self, text: str, card: str) -> str:
        """The code of the verdict on a printed code and the number beside it."""
        return _code(
            lambda: verify_seal(text, trust=self.trust, policy=Policy(), now=self.desk.now, card_number=card)
        )

    def card(self, number: str) -> str:
        """The verdict on a card as the ministry had it printed."""
        return self.seal(self.desk.printed(number), number)

    def live(self, text: str) -> str:
        """The code of the verdict on a phone's code."""
        return _code(lambda: verify(text, trust=self.trust, policy=Policy(), now=self.desk.now))

    def bank(self, token: str, nonce: str, *, behind: timedelta) -> str:
        """The code of a bank's verdict on an answer, by a clock that is so much behind."""
        return _code(
            lambda: verify_sd_jwt(
                token,
                trust=self.trust,
                policy=Policy(purpose="salary"),
                now=self.desk.now - behind,
                audience=BANK,
                nonce=nonce,
            )
        )


class Phone:
    """A card's phone, with the credential for gates and the one for banks."""

    def __init__(self, desk: Desk, card: str) -> None:
        self._desk = desk
        self._keys: Mapping[ListKind, Signer] = new_keys()
        result = desk.office.issue(request(desk.office.offer(card), self._keys, now=desk.now))
        self._entry, self._bank = strict_json.loads(result, max_bytes=1 << 20)["credentials"]

    def show(self) -> str:
        """The code on its screen now."""
        token = present_live(
            base64url.decode(self._entry["credential"]),
            audience="any-gate",
            challenge=None,
            now=int(self._desk.now.timestamp()),
            signer=self._keys[ListKind.LIVE],
        )
        return pack(token, Template.from_json(self._entry["template"]))

    def answer(self, nonce: str) -> str:
        """What it answers a bank with now."""
        return sd_jwt.present(
            self._bank["credential"],
            disclose=["name_la", "card_number"],
            audience=BANK,
            nonce=nonce,
            now=int(self._desk.now.timestamp()),
            signer=self._keys[ListKind.SD_JWT],
        )


class Drill:
    """A ministry with a few cards, and a gate that has nothing yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.desk = open_desk(folder)
        self.desk.apply(3)
        self.cards = [card for _, card in self.desk.office.approve()]
        self.gate = Gate(folder / "gate", self.desk)
        self.custodians = folder / "custodians"
        shutil.copytree(self.desk.office.home.offline, self.custodians)
        self.signatories = ("targets-1", "targets-3")
        self.root_signatories = ("root-2", "root-3")

    def ministry(self, *arguments: object) -> int:
        """One run of `montrey-issuer` on the home."""
        given = list(map(str, arguments))
        for name in people_of(given):
            code = self.program("--home", self.desk.home, *(("--as", name) if name else ()), *given)
            if code != 0:
                break
        return code

    def program(self, *arguments: object) -> int:
        """One run of `montrey-issuer`."""
        return cli.run(list(map(str, arguments)), clock=lambda: self.desk.now, cost=CHEAP)

    def stick(self, name: str) -> Path:
        """A stick, an hour after the last."""
        self.desk.later(hours=1)
        assert self.ministry("publish", self.folder / name) == 0
        return self.folder / name

    def stolen(self, name: str) -> SoftwareSigner:
        """A key of the home, as a thief has it who knows the passphrase."""
        return keyfile.load(self.desk.home / "keys" / f"{name}.json", PASSPHRASE)

    def custodian(self, name: str) -> SoftwareSigner:
        """A custodian's key, as a thief has it who found the passphrase beside it."""
        place = self.custodians / name
        return keyfile.load(place / KEY_FILE, (place / PASSPHRASE_FILE).read_text().strip())

    def publish_as_thief(
        self,
        stick: Path,
        *,
        trust_list: TrustList | None = None,
        roots: Sequence[bytes] | None = None,
        signer: Signer | None = None,
    ) -> Path:
        """What whoever stole the online key makes of a stick: no genuine list, other lists, or roots."""
        signed = trust_list or trust_files.read_trust_list(self.desk.office.home)
        assert signed is not None
        lists = {
            f"status/{path.name.partition('.')[2]}": path.read_bytes()
            for path in stick.glob("targets/status/*")
        }
        out = self.folder / f"thief-{len([*self.folder.glob('thief-*')])}"
        shutil.copytree(stick, out)
        publish(
            out,
            roots=roots or [self.desk.office.home.root.read_bytes()],
            targets=signed.targets,
            files=signed.files,
            online=lists,
            signers=[signer or self.stolen("tuf-online")],
            now=self.desk.now,
        )
        assert not [*out.glob("targets/genuine/*")]
        return out

    def forge(self, kid: str, number: str | None = None) -> tuple[str, str]:
        """A seal for an invented person by the ministry's own key, and the number to print beside it.

        With the `number` of a card that card's own; its status index is one that says VALID.
        """
        number = number or card_number.draw()
        (document,) = self.desk.rows(f"SELECT document FROM template WHERE kid = '{kid}'")  # noqa: S608
        template = Template.from_json(strict_json.loads(document, max_bytes=4096))
        statuses = self.gate.trust.lists[f"{ISSUER}/status/seal-1"].statuses
        token = issue_seal(
            template,
            name_km="ក្លែង បន្លំ",
            name_la="MADE UP",
            card_number=number,
            photo_sha256=bytes(32),
            index=next(index for index in range(statuses.size) if statuses.get(index) == Status.VALID),
            day=int(self.desk.now.timestamp()) // 86_400,
            signer=self.stolen(kid),
        )
        return pack(token, template), number


def _code(judge: Callable[[], object]) -> str:
    try:
        judge()
    except VerificationError as error:
        return error.code
    return "accepted"
