"""What the demo leaves behind for other programs: a file for each presentation, and `report.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from credential import qr_draw
from examples.demo_folder import Folder
from examples.demo_gate import Outcome, Scene
from issuer.applications import ImportReport
from verifier import Kind


def write_presentation(folder: Folder, scene: Scene) -> None:
    """The text of a scene; and as a picture, but for a bank's token, which travels as text."""
    path = folder.presentations / f"{scene.name}.txt"
    path.write_text(f"{scene.text}\n", "ascii")
    if scene.kind is not Kind.SD_JWT:
        path.with_suffix(".png").write_bytes(qr_draw.png(scene.text))


def write_report(folder: Folder, outcomes: Sequence[Outcome], **more: object) -> None:
    """`report.json`: every scene with what is needed to judge it again, and `more`."""
    document = {"scenes": [_entry(folder, outcome) for outcome in outcomes], **more}
    path = folder.path / "report.json"
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", "utf-8")


def describe_import(report: ImportReport) -> dict[str, Any]:
    """How many people came in, and which rows did not."""
    faults = [
        {
            "row": fault.row,
            "column": fault.column,
            "kind": fault.kind.value,
            "en": fault.advice.en,
            "km": fault.advice.km,
        }
        for fault in report.faults
    ]
    return {"rows": report.rows, "imported": report.imported, "bad_rows": faults}


def sizes(outcomes: Sequence[Outcome], stick: Mapping[str, int], delta: str) -> dict[str, int]:
    """Characters of what is shown, bytes of what is carried."""
    texts = {outcome.scene.name: outcome.scene.text for outcome in outcomes}
    return {
        "live_characters": len(texts["live"]),
        "live_qr_version": qr_draw.version_of(texts["live"]),
        "challenge_answer_characters": len(texts["challenge"]),
        "seal_characters": len(texts["seal"]),
        "sd_jwt_characters": len(texts["bank"]),
        "delta_characters": len(delta),
        "stick_bytes": sum(stick.values()),
        "stick_files": len(stick),
    }


def rfc3339(moment: datetime) -> str:
    """A moment in UTC, in whole seconds, as clocks of phones and gates have it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _entry(folder: Folder, outcome: Outcome) -> dict[str, Any]:
    scene, line = outcome.scene, outcome.scene.line
    return {
        "name": scene.name,
        "en": line.title.en,
        "km": line.title.km,
        "kind": scene.kind.value,
        "home": scene.home,
        "presented_at": rfc3339(scene.presented_at),
        "judged_at": rfc3339(scene.judged_at),
        "verdict": outcome.verdict,
        "code": outcome.code,
        "expected": line.expected,
        "assurance": outcome.assurance or None,
        "file": folder.shown(folder.presentations / f"{scene.name}.txt"),
        "card": scene.card,
        "challenge": scene.challenge.to_text() if scene.challenge else None,
        "purpose": scene.purpose,
        "audience": scene.audience or None,
        "nonce": scene.nonce or None,
        "claims": sorted(outcome.claims),
        "milliseconds": round(outcome.seconds * 1000, 3),
    }
