"""What `montrey-verifier` says besides its verdicts, in Khmer and English."""

from __future__ import annotations

import re

from credential.codes import Name
from did.errors import IdentityError
from trust.messages import explain
from verifier.gate.wording import REFUSALS as GATE

_NAMES_SOMETHING = re.compile(r"[0-9_/]|\.[a-z]")
LANGUAGES = ("en", "km")

PHRASES = {
    "usage_missing": Name("នៅខ្វះ៖ {names}។ សូមមើល --help", "{names} is needed; see --help"),
    "usage_no_value": Name(
        "ក្រោយ {names} ត្រូវមានតម្លៃ។ សូមមើល --help", "{names}: a value has to follow; see --help"
    ),
    "usage_value": Name(
        "{names}៖ អ្វីដែលបានវាយ មិនត្រឹមត្រូវ។ សូមមើល --help", "{names}: what was typed does not fit; see --help"
    ),
    "usage_order": Name(
        km="{names} ត្រូវដាក់មុនពាក្យបញ្ជា ដូចជា៖ --lang km COMMAND។ សូមមើល --help",
        en="{names} stands before the command, as in: --lang km COMMAND; see --help",
    ),
    "usage_unknown": Name(
        'មានពាក្យដែលមិនត្រូវនឹងជម្រើសណាទេ។ តម្លៃដែលមានដកឃ្លា ត្រូវដាក់ក្នុង "…"។ សូមមើល --help',
        "something that was typed belongs to no option: a value with spaces needs quotes; see --help",
    ),
    "usage_no_option": Name(
        "ពាក្យបញ្ជានេះគ្មានជម្រើស {names} ទេ។ សូមមើល --help", "this command has no option {names}; see --help"
    ),
    "usage_nul": Name("តម្លៃមួយមានតួអក្សរ NUL។", "a value holds a NUL character"),
    "io_error": Name(
        "io_error៖ មិនអាចអាន ឬសរសេរបានទេ ({reason})។ សូមពិនិត្យថាស ទំហំទំនេរ និងសិទ្ធិ។",
        "io_error: it could not be read or written ({reason}). Check disk, free space, permissions.",
    ),
    "out_is_png": Name(
        "--out សរសេររូបភាព៖ សូមដាក់ឈ្មោះដែលបញ្ចប់ដោយ .png",
        "--out writes an image: give it a name that ends in .png",
    ),
    "no_output": Name("លទ្ធផលគ្មានកន្លែងបង្ហាញ។ គ្មានអ្វីបានធ្វើទេ។", "standard output is closed; nothing was done"),
    "interrupted": Name("បានបញ្ឈប់", "interrupted"),
    "needs_extra": Name(
        "{option} ត្រូវការ {module}៖ សូមដំឡើង montrey[qr]", "{option} needs {module}: install montrey[qr]"
    ),
    "needs_gate": Name(
        "gate ត្រូវការ {module}៖ សូមដំឡើង montrey[gate]", "gate needs {module}: install montrey[gate]"
    ),
    "gate_open": Name(
        "ច្រកបើកហើយ៖ {url}\nសូមបើកអាសយដ្ឋាននេះក្នុងកម្មវិធីរុករក។ បញ្ឈប់ដោយ Ctrl-C។",
        "The gate is open: {url}\nOpen this address in a browser on this machine. Ctrl-C ends it.",
    ),
    "port_taken": Name(
        "--port៖ មិនអាចប្រើលេខ {port} បានទេ។ សូមសាកលេខផ្សេង ឬបិទកម្មវិធីដែលប្រើវា។",
        "--port: {port} cannot be used; try another, or end the program that uses it",
    ),
    "pin_ask": Name("លេខសម្ងាត់ថ្មីរបស់អ្នកគ្រប់គ្រង (៦ ដល់ ១២ ខ្ទង់)៖", "The supervisor's new PIN (6 to 12 digits):"),
    "pin_again": Name("ម្តងទៀត៖", "Again:"),
    "pin_differs": Name("លេខសម្ងាត់ទាំងពីរខុសគ្នា។ គ្មានអ្វីប្ដូរទេ។", "The two PINs differ; nothing was changed."),
    "pin_needs": Name(
        "--set-pin ត្រូវការស្ថានីយ (terminal) ឬ MONTREY_GATE_PIN_FILE។",
        "--set-pin needs a terminal, or MONTREY_GATE_PIN_FILE with the file that holds the PIN",
    ),
    "pin_is_set": Name("បានកំណត់លេខសម្ងាត់។", "The PIN is set."),
    "unreadable": Name(
        "មិនអាចអានឯកសារនៃ {option} ({reason})។", "{option}: the file cannot be read ({reason})"
    ),
    "no_source": Name(
        "SOURCE មិនមែនជាថត ឯកសារ ឬអត្ថបទ MS1: ទេ។", "SOURCE is no folder, no file and no MS1: text"
    ),
    "no_picture": Name("ឯកសារនេះមិនមែនជារូបភាពដែលអាចអានបានទេ។", "this file is not a picture that can be read"),
    "no_qr": Name(
        "រកមិនឃើញកូដ QR ក្នុងរូបភាពនេះទេ។ សូមថតម្ដងទៀតឱ្យជិត និងច្បាស់។",
        "no QR code found in this picture; take another, closer and sharper",
    ),
    "several_codes": Name(
        "រូបភាពនេះមានកូដមន្ត្រីលើសពីមួយ។ សូមថតម្ដងទៀត ឱ្យឃើញតែកូដដែលត្រូវពិនិត្យ។",
        "there are several Montrey codes in this picture; take another, of the one to be judged alone",
    ),
    "no_delta_qr": Name(
        "រូបភាពនេះគ្មានកូដបច្ចុប្បន្នភាពស្ថានភាព (MS1:) ទេ។",
        "there is no status update (MS1:) in this picture; take one of the ministry's code",
    ),
    "bad_card": Name(
        "--card៖ នេះមិនមែនជាលេខកាតទេ។ លេខកាតមាន ១០ ខ្ទង់ ហើយខ្ទង់ចុងក្រោយជាខ្ទង់ត្រួតពិនិត្យ។",
        "--card: this is not a card number: ten digits, the last a check digit",
    ),
    "bad_challenge": Name(
        "--challenge៖ MC1:… ឬ base64url នៃ ៨ បៃ", "--challenge: MC1:... or base64url of 8 bytes"
    ),
    "bad_now": Name(
        "--now៖ ត្រូវជាម៉ោង RFC 3339 មានតំបន់ម៉ោង ដូចជា 2026-12-28T08:00:00Z",
        "--now: an RFC 3339 time with its zone, such as 2026-12-28T08:00:00Z",
    ),
    "bad_age": Name(
        "--max-status-age៖ ច្រើនជាងសូន្យ មិនលើស ៤០០ ថ្ងៃ", "--max-status-age: more than nothing, at most 400 days"
    ),
    "challenge_made": Name(
        "សម្រាប់ {audience} ប្រើបានម្ដង ក្នុង {seconds} វិនាទី ដល់ {expires}។ បន្ទាប់៖ check --challenge",
        "for {audience}, good for one answer for {seconds} seconds, until {expires}; then: check --challenge",
    ),
    "unknown_gate": Name(
        "--gate៖ ទិន្នន័យទុកចិត្តគ្មានច្រកលេខនេះទេ។ សូម sync ឬសួរក្រសួង។",
        "--gate: the trust data has no gate of this number; sync, or ask the ministry",
    ),
    "one_source": Name("សូមឱ្យមួយ៖ SOURCE ឬ --image។", "give one thing: SOURCE, or --image with a picture"),
    "list_renewed": Name(
        "  {list}៖ គិតត្រឹម {as_of} (មុននេះ {age}) បានធ្វើថ្មី", "  {list}: as of {as_of} ({age} ago), renewed"
    ),
    "list_as_before": Name(
        "  {list}៖ គិតត្រឹម {as_of} (មុននេះ {age}) ដូចមុន", "  {list}: as of {as_of} ({age} ago), as before"
    ),
    "days_hours": Name("{days} ថ្ងៃ {hours} ម៉ោង", "{days} d {hours} h"),
    "hours_minutes": Name("{hours} ម៉ោង {minutes} នាទី", "{hours} h {minutes} min"),
    "forgotten": Name(
        "ម៉ាស៊ីននេះភ្លេចអ្វីដែលវាដឹង៖ មុនពេល sync វាមិនអាចពិនិត្យបានទេ ហើយវាលែងដឹងថាឧបករណ៍ USB ណាចាស់។ "
        "សូម sync ដោយឧបករណ៍ USB ថ្មីបំផុតពីក្រសួងភ្លាម។",
        "What this home knew is thrown away: it cannot judge before a sync, and no longer knows which stick "
        "is an older one. Sync with the ministry's newest stick at once.",
    ),
    "seal_needs": Name(
        "--seal ត្រូវការ --card N ហើយមិនប្រើជាមួយ --challenge ឬ --sd-jwt ទេ។",
        "--seal needs --card N, and takes no --challenge and no --sd-jwt",
    ),
    "sd_jwt_needs": Name(
        "--sd-jwt ត្រូវការ --audience និង --nonce ហើយមិនប្រើជាមួយ --challenge ទេ។",
        "--sd-jwt needs --audience and --nonce, and takes no --challenge",
    ),
    "nonce_needs": Name("--nonce ប្រើតែជាមួយ --sd-jwt។", "--nonce goes with --sd-jwt only"),
    "one_input": Name(
        "សូមឱ្យតែមួយ៖ អត្ថបទ ឬ --image។", "give one thing only: it as text, or --image with its picture"
    ),
    "no_home_yet": Name("{why}", "{why}"),
    "cannot_remember_shown": Name(
        "ព្រមាន៖ ម៉ាស៊ីននេះមិនអាចចាំអ្វីដែលបានបង្ហាញទេ", "warning: this machine cannot remember what was shown"
    ),
    "cannot_remember_time": Name(
        "ព្រមាន៖ ម៉ាស៊ីននេះមិនអាចចាំម៉ោងបានទេ", "warning: this machine cannot remember the time"
    ),
    "ready": Name("រួចរាល់។ បន្ទាប់៖ montrey-verifier sync", "ready; next: montrey-verifier sync"),
    "synced": Name(
        "ទុកចិត្តដល់ {trust_expires} ស្ថានភាពគិតត្រឹម {status_as_of}",
        "trust until {trust_expires}, status as of {status_as_of}",
    ),
    "signed_floor": Name("ម៉ោងទាបបំផុតដែលបានចុះហត្ថលេខា៖ {time}", "signed floor: {time}"),
    "local_floor": Name("ម៉ោងទាបបំផុតរបស់ម៉ាស៊ីន៖ {time}", "local floor: {time}"),
}


def say(language: str, phrase: str, **values: object) -> str:
    """A phrase in `language`, with its blanks filled."""
    return str(getattr(PHRASES[phrase], language)).format(**values)


def refusal(language: str, error: IdentityError) -> str:
    """What a refusal means and what to do next, led by its code.

    The error's own words, in English, follow where they name something, a file, a number or a code.
    """
    known, gate = explain(error.code), GATE.get(error.code)
    if known is None and gate is not None:
        return f"{error.code}: {getattr(gate, language)}"
    more = f" ({error})" if _NAMES_SOMETHING.search(str(error)) else ""
    return f"{error.code}: {error}" if known is None else f"{error.code}: {getattr(known, language)}{more}"
