"""What the gate says of an update, in Khmer and English: what happens, what came of it, what to do next."""

from __future__ import annotations

from datetime import UTC, datetime

from credential.codes import Name
from trust.messages import explain
from verifier.gate.update_job import Outcome
from verifier.report import clock_time

_KEEPS = Name("ម៉ាស៊ីនរក្សាទិន្នន័យដែលវាមាន។", "The machine keeps what it had.")

RUNNING = {
    "stick": Name("កំពុងយកទិន្នន័យពីឧបករណ៍ USB។ សូមកុំដកវាចេញ។", "Taking over what is on the stick. Leave it in."),
    "network": Name("កំពុងយកទិន្នន័យតាមបណ្ដាញ។", "Fetching over the network."),
    "delta": Name("កំពុងយកបច្ចុប្បន្នភាព។", "Taking over the update."),
    "loading": Name("កំពុងដាក់ទិន្នន័យឱ្យប្រើ។", "Putting the data to use."),
}
"""By phase."""

_PULL = Name(" អាចដកឧបករណ៍ USB ចេញបាន។", " The stick can be taken out.")
_REFUSED = {
    "stick_gone": Name(
        f"ឧបករណ៍ USB ត្រូវបានដកចេញ ឬអានមិនបាន។ {_KEEPS.km} សូមដោតម្តងទៀត។ បើនៅដដែល សូមប្រើឧបករណ៍ USB ផ្សេង។",
        f"The stick was pulled out or cannot be read. {_KEEPS.en} Put it in again; if it stays so, "
        "use another stick.",
    ),
    "disk_full": Name(
        f"ថាសរបស់ម៉ាស៊ីននេះពេញ ឬសរសេរមិនបាន។ {_KEEPS.km} សូមហៅអ្នកថែទាំម៉ាស៊ីន រួចព្យាយាមម្តងទៀត។",
        f"This machine's own disk is full or cannot be written. {_KEEPS.en} Have whoever looks after "
        "the machine make room, then try again.",
    ),
    "home_unwritable": Name(
        f"មិនអាចសរសេរលើថាសរបស់ម៉ាស៊ីននេះបានទេ។ {_KEEPS.km} សូមហៅអ្នកថែទាំម៉ាស៊ីន។",
        f"This machine's own disk cannot be written. {_KEEPS.en} Call whoever looks after the machine.",
    ),
    "no_network": Name(
        f"គ្មានបណ្ដាញទេ ឬអាសយដ្ឋានខុស។ {_KEEPS.km} សូមប្រើឧបករណ៍ USB ឬព្យាយាមម្តងទៀតពេលមានបណ្ដាញ។",
        f"There is no network, or the address is wrong. {_KEEPS.en} Use a stick, or try again later.",
    ),
    "bad_certificate": Name(
        f"ម៉ាស៊ីនមេមិនអាចបញ្ជាក់ថាវាជានរណា។ {_KEEPS.km} សូមពិនិត្យនាឡិកា។ បើនៅដដែល សូមរាយការណ៍ទៅក្រសួង។",
        f"The server cannot prove who it is. {_KEEPS.en} Check the clock; if it stays so, tell the ministry.",
    ),
    "too_slow": Name(
        f"យូរពេក ដូច្នេះត្រូវបានបញ្ឈប់។ {_KEEPS.km} សូមព្យាយាមម្តងទៀត ឬប្រើឧបករណ៍ USB ផ្សេង។",
        f"It took too long and was stopped. {_KEEPS.en} Try again, or use another stick.",
    ),
    "cancelled": Name(f"បានបញ្ឈប់។ {_KEEPS.km}", f"It was stopped. {_KEEPS.en}"),
    "update_failed": Name(
        f"មិនបានសម្រេច។ {_KEEPS.km} សូមព្យាយាមម្តងទៀត។ បើនៅដដែល សូមហៅអ្នកថែទាំម៉ាស៊ីន។",
        f"It did not succeed. {_KEEPS.en} Try again; if it stays so, call whoever looks after the machine.",
    ),
}
_OF_A_SOURCE = {
    ("stick", "no_publication"): Name(
        "ឧបករណ៍ USB នេះគ្មានទិន្នន័យទុកចិត្តទេ។ សូមយកឧបករណ៍ USB ពីក្រសួង។",
        "There is no trust data on this stick. Bring the ministry's.",
    ),
    ("network", "no_publication"): Name(
        "អាសយដ្ឋាននេះគ្មានទិន្នន័យទុកចិត្តទេ។ សូមសួរក្រសួងអំពីអាសយដ្ឋាន ឬប្រើឧបករណ៍ USB។",
        "There is no trust data at this address. Ask the ministry for the address, or use a stick.",
    ),
    ("network", "torn"): Name(
        "ទិន្នន័យមកមិនពេញលេញ។ សូមព្យាយាមម្តងទៀត ឬប្រើឧបករណ៍ USB។",
        "What came is incomplete. Try again, or use a stick.",
    ),
    ("network", "source_unreadable"): Name(
        f"ម៉ាស៊ីនមេមិនឆ្លើយ។ {_KEEPS.km} សូមព្យាយាមម្តងទៀតពេលក្រោយ ឬប្រើឧបករណ៍ USB។",
        f"The server does not answer. {_KEEPS.en} Try again later, or use a stick.",
    ),
}
"""Codes that mean something else of a stick than of a server."""


def ended(phase: str, outcome: Outcome) -> Name:
    """What came of an update, and what to do next."""
    if outcome.code:
        words = refusal(phase, outcome.code)
        if outcome.changed:
            return Name(f"{words.km} អ្វីផ្សេងទៀតបានយករួច។", f"{words.en} The rest was taken over.")
        return words
    if outcome.changed:
        said = Name("បានធ្វើបច្ចុប្បន្នភាព។", "Brought up to date:")
    else:
        said = Name("គ្មានអ្វីថ្មីទេ៖ ម៉ាស៊ីនមានទិន្នន័យនេះរួចហើយ។", "Nothing newer, the machine had this already:")
    stands = _stands(outcome)
    pull = _PULL if phase == "stick" else Name("", "")
    return Name(f"{said.km} {stands.km}{pull.km}", f"{said.en} {stands.en}{pull.en}")


def refusal(phase: str, code: str) -> Name:
    """What a refusal's code means to whoever brought the update."""
    known = _OF_A_SOURCE.get((phase, code)) or _REFUSED.get(code) or explain(code)
    return known or _REFUSED["update_failed"]


def _stands(outcome: Outcome) -> Name:
    expires, as_of = (
        "-" if moment is None else clock_time(datetime.fromtimestamp(moment, UTC))
        for moment in (outcome.expires, outcome.as_of)
    )
    return Name(f"ទុកចិត្តដល់ {expires} ស្ថានភាពគិតត្រឹម {as_of}។", f"trust until {expires}, status as of {as_of}.")
