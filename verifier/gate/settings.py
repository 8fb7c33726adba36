"""What a supervisor may set: HOME/gate/settings.json, replaced as a whole."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from verifier.gate.errors import GateError
from verifier.gate.kept_file import one_at_a_time, parse, read_bytes, replace
from verifier.gate.setting_rules import RULES

_FILE = "settings.json"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a gate takes and keeps; there is no object with a value out of its bounds.

    `mode` is `plain` or `challenge`. `printed` takes the plastic's seal, `gate`
    is the registered number (0: none), `purpose` what is asked of the holder,
    `least` the lowest assurance that passes: `printed`, `live`, `live-challenge`.
    With `number_always` the plastic's number is compared for phones too.
    `status_days` is how old status data may be, `log_days` how long the log
    lives, `source` the URL that a sync asks (empty: sticks only), `camera`
    whether the page looks through one.

    Raises:
        GateError: `settings_invalid`; `member` names the setting.
    """

    mode: str = "plain"
    printed: bool = True
    gate: int = 0
    purpose: str = "entry"
    least: str = "printed"
    number_always: bool = False
    status_days: int = 8
    log_days: int = 7
    source: str = ""
    camera: bool = True

    def __post_init__(self) -> None:
        for name, is_good in RULES.items():
            if not is_good(getattr(self, name)):
                _invalid(name)
        if self.least == "live-challenge" and self.mode != "challenge":
            _invalid("least")

    @classmethod
    def from_json(cls, value: object) -> Settings:
        """The settings in a parsed JSON object that has every member and no other.

        Raises:
            GateError: `settings_invalid`; `member` names the setting.
        """
        if not isinstance(value, dict):
            raise GateError("settings_invalid", "settings are one JSON object")
        if value.keys() - RULES.keys():
            raise GateError("settings_invalid", "there is a setting of a name that is not known")
        for name in RULES:
            if name not in value:
                _invalid(name)
        return cls(**value)

    def to_json(self) -> dict[str, Any]:
        """The JSON object that `from_json` reads."""
        return asdict(self)


SAFE = Settings(printed=False)
"""What counts when the file is damaged: nothing that can be copied passes."""


def load(folder: Path) -> tuple[Settings, bool]:
    """The settings kept in `folder`; those of a fresh gate where there are none.

    False says that the file is damaged and that `SAFE` is in use.
    """
    data = read_bytes(folder / _FILE)
    if data is None:
        return Settings(), True
    try:
        return Settings.from_json(parse(data)), True
    except GateError:
        return SAFE, False


def save(folder: Path, settings: Settings) -> None:
    """Keeps the settings: after a power cut the old ones stand there, or these.

    Raises:
        GateError: `disk_full`; the old ones stand.
    """
    with one_at_a_time(folder):
        replace(folder / _FILE, settings.to_json())


def describe_change(old: Settings, new: Settings) -> str:
    """The names of the settings that differ, for the log; no values."""
    return ", ".join(
        field.name for field in fields(Settings) if getattr(old, field.name) != getattr(new, field.name)
    )


def _invalid(member: str) -> None:
    raise GateError("settings_invalid", f"not a value for the setting {member}", member=member)
