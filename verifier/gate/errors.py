"""What the gate's service refuses to do; what it judges has codes of its own (`verifier.verdict`)."""

from __future__ import annotations

from did.errors import IdentityError


class GateError(IdentityError):
    """Something was asked of the gate that it does not do; the message repeats nothing that was typed.

    Codes: `settings_invalid`, `unknown_gate`; `pin_unset`, `pin_wrong`, `pin_locked`, `pin_weak`,
    `supervisor_needed`, `reason_needed`; `too_large`, `not_readable`, `several_codes`, `not_json`;
    `busy_updating`, `no_stick`, `no_source`, `disk_full`; `clock_not_doubted`,
    `clock_not_behind`; `foreign_page`, `wrong_host`, `not_found`, `too_many_pages`;
    `serial_unavailable`, `gate_busy`.

    `seconds` is how long a locked PIN stays so, `member` the setting that is invalid.
    """

    def __init__(self, code: str, message: str, *, seconds: int = 0, member: str = "") -> None:
        super().__init__(code, message)
        self.seconds = seconds
        self.member = member
