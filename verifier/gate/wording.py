"""What stands on the guard's page, and what the gate's service says when it refuses, in Khmer and English."""

from __future__ import annotations

from types import MappingProxyType

from credential.codes import Name
from verifier.gate.errors import GateError

_WAITING = {
    "title": Name("ច្រកពិនិត្យកាតមន្ត្រី", "Civil servant card gate"),
    "gate": Name("ច្រក", "Gate"),
    "language": Name("English", "ភាសាខ្មែរ"),
    "sound_off": Name("សំឡេងបិទ៖ សូមចុចទីនេះ", "Sound is off: touch here"),
    "show_code": Name("សូមបង្ហាញកូដ", "Show the code"),
    "show_how": Name(
        "ដាក់កូដ QR លើទូរស័ព្ទ ឬលើកាត នៅមុខកាមេរ៉ា ឬម៉ាស៊ីនស្កេន។",
        "Hold the QR code on the phone or the card before the camera or the scanner.",
    ),
    "show_how_live": Name(
        "ដាក់កូដ QR លើទូរស័ព្ទ នៅមុខកាមេរ៉ា ឬម៉ាស៊ីនស្កេន។ មិនទទួលកូដបោះពុម្ពទេ។",
        "Hold the QR code on the phone before the camera or the scanner. Printed codes are not accepted.",
    ),
    "challenge": Name("សូមស្កេនសំណួរនេះ", "Scan this question"),
    "challenge_how": Name(
        "ទូរស័ព្ទរបស់ម្ចាស់កាតស្កេនសំណួរនេះ រួចបង្ហាញកូដចម្លើយនៅទីនេះ។",
        "The holder's phone scans this question, then shows its answer here.",
    ),
    "camera": Name("កាមេរ៉ា", "Camera"),
    "camera_off": Name("បិទកាមេរ៉ា", "Camera off"),
    "camera_on": Name("បើកកាមេរ៉ា", "Camera on"),
    "camera_is_off": Name("កាមេរ៉ាបិទ។ ម៉ាស៊ីនស្កេននៅប្រើបាន។", "The camera is off. A scanner still works."),
    "camera_starts": Name("កំពុងបើកកាមេរ៉ា…", "The camera starts…"),
    "camera_denied": Name(
        "កម្មវិធីរុករកមិនអនុញ្ញាតកាមេរ៉ា។ សូមអនុញ្ញាតនៅក្បែរអាសយដ្ឋាន រួចបើកម្តងទៀត។",
        "The browser does not permit the camera. Permit it beside the address, then switch it on again.",
    ),
    "camera_none": Name(
        "រកមិនឃើញកាមេរ៉ា។ សូមដោតកាមេរ៉ា ឬប្រើម៉ាស៊ីនស្កេន។", "No camera was found. Plug one in, or use a scanner."
    ),
    "camera_busy": Name(
        "កម្មវិធីផ្សេងកំពុងប្រើកាមេរ៉ា។ សូមបិទកម្មវិធីនោះ។", "Another program uses the camera. Close that program."
    ),
    "camera_lost": Name("កាមេរ៉ាដាច់។ សូមដោតវាម្តងទៀត។", "The camera went away. Plug it in again."),
    "update_stick": Name("បច្ចុប្បន្នភាពពី USB", "Update from stick"),
    "update_network": Name("បច្ចុប្បន្នភាពតាមបណ្ដាញ", "Update by network"),
    "open_file": Name("បើករូបភាព ឬឯកសារ", "Open a picture or file"),
    "file_read": Name("បានអានឯកសារ។", "The file was read."),
    "file_nothing": Name("ឯកសារនេះគ្មានកូដ ឬបច្ចុប្បន្នភាពទេ។", "There is no code and no update in this file."),
    "unreachable": Name("កម្មវិធីមិនឆ្លើយ។ សូមព្យាយាមម្តងទៀត។", "The program does not answer. Try again."),
    "number": Name("លេខលើកាត", "Number on the card"),
    "number_how": Name(
        "លេខ ១០ ខ្ទង់លើកាតប្លាស្ទិក។ កុំវាយលេខកាតធនាគារ។",
        "The ten digits on the plastic card. Never a bank card's number.",
    ),
    "delete": Name("លុប", "Delete"),
    "enter": Name("យល់ព្រម", "Enter"),
    "close": Name("បិទ", "Close"),
}
_VERDICT = {
    "dismiss": Name("ចុចអេក្រង់ ឬ Escape ដើម្បីបន្ត", "Touch the screen or press Escape to go on"),
    "again": Name("បង្ហាញម្តងទៀត៖ ចម្លើយដដែល", "Shown again: the same answer"),
    "card_number": Name("លេខកាត", "Card number"),
    "gone": Name("អេក្រង់នេះបាត់កម្មវិធីរបស់វា", "This screen has lost its program"),
    "gone_how": Name(
        "កុំឱ្យនរណាចូលដោយអេក្រង់នេះ។ កំពុងព្យាយាមភ្ជាប់ម្តងទៀត។ បើនៅដដែល សូមបិទផ្ទាំងផ្សេងទៀតនៃទំព័រនេះ បើកកម្មវិធីម្តងទៀត "
        "ឬហៅអ្នកគ្រប់គ្រង។",
        "Let nobody in by it. It tries to reach the program again; if it stays so, close other tabs of this "
        "page, start the program again or call the supervisor.",
    ),
}
_SUPERVISOR = {
    "supervisor": Name("អ្នកគ្រប់គ្រង", "Supervisor"),
    "pin": Name("លេខសម្ងាត់ PIN", "PIN"),
    "pin_how": Name(
        "សម្រាប់តែអ្នកគ្រប់គ្រង។ វាយខុសច្រើនដង ត្រូវរង់ចាំ។",
        "For the supervisor only. After several wrong ones there is a pause.",
    ),
    "tab_pass": Name("ឱ្យចូល", "Let in"),
    "tab_checks": Name("ការពិនិត្យ", "Checks"),
    "tab_data": Name("ម៉ាស៊ីន", "Machine"),
    "tab_clock": Name("នាឡិកា", "Clock"),
    "pass_how": Name(
        "ឱ្យមនុស្សម្នាក់ចូលដោយគ្មានកូដ។ មូលហេតុត្រូវកត់ត្រា៖ កុំសរសេរឈ្មោះ ឬលេខកាត។",
        "Lets one person in without a code. The reason is written down: no names and no card numbers in it.",
    ),
    "reason": Name("មូលហេតុ", "Reason"),
    "pass_do": Name("ឱ្យម្នាក់ចូល", "Let one person in"),
    "mode": Name("របៀបពិនិត្យ", "Way of checking"),
    "mode_plain": Name("ធម្មតា", "Plain"),
    "mode_challenge": Name("មានសំណួរ", "With a question"),
    "mode_how": Name(
        "មានសំណួរ៖ ទូរស័ព្ទឆ្លើយសំណួរលើអេក្រង់។ កូដរបស់អ្នកដទៃមិនអាចប្រើបានទេ។",
        "With a question: the phone answers what the screen shows, so a code passed on by another is no use.",
    ),
    "printed": Name("កូដបោះពុម្ពលើកាត", "Codes printed on cards"),
    "printed_how": Name(
        "កូដបោះពុម្ពអាចចម្លងបាន។ អ្នកយាមត្រូវប្រៀបធៀបមុខ និងលេខ។",
        "A print can be copied. The guard has to compare face and number.",
    ),
    "number_always": Name("វាយលេខកាតរាល់ពេល", "Card number every time"),
    "number_always_how": Name(
        "កូដនីមួយៗត្រូវមានលេខលើកាតប្លាស្ទិកផង។", "Every code needs the number on the plastic card too."
    ),
    "gate_number": Name("លេខច្រក", "Gate number"),
    "gate_number_how": Name(
        "លេខដែលក្រសួងបានចុះបញ្ជីឱ្យច្រកនេះ។ ០ បើគ្មាន។", "The number that the ministry gave this gate; 0 for none."
    ),
    "purpose": Name("គោលបំណង", "Purpose"),
    "purpose_how": Name(
        "ការដែលកាតត្រូវអនុញ្ញាត ដូចជា entry សម្រាប់ចូល។", "What the card must permit, such as entry."
    ),
    "least": Name("ភស្តុតាងតិចបំផុត", "Least proof"),
    "least_printed": Name("កូដណាក៏បាន", "Any code"),
    "least_live": Name("កូដផ្ទាល់លើទូរស័ព្ទ", "Live code on a phone"),
    "least_challenge": Name("ចម្លើយទៅសំណួរ", "Answer to the question"),
    "least_how": Name(
        "អ្វីដែលខ្សោយជាងនេះ មិនឱ្យចូលទេ។ ចម្លើយទៅអេក្រង់ ត្រូវឱ្យអេក្រង់សួរ។",
        "Nothing weaker gets in. Answers only: the screen has to ask, too.",
    ),
    "yes": Name("បាទ/ចាស", "Yes"),
    "no": Name("ទេ", "No"),
    "status_days": Name("អាយុទិន្នន័យស្ថានភាព (ថ្ងៃ)", "Age of status data (days)"),
    "status_days_how": Name(
        "ទិន្នន័យចាស់ជាងនេះ អេក្រង់ឆ្លើយថាមិនដឹង។ ១ ដល់ ៣៥។",
        "With older data the screen says that it cannot tell. 1 to 35.",
    ),
    "log_days": Name("រក្សាកំណត់ហេតុ (ថ្ងៃ)", "Keep the log (days)"),
    "log_days_how": Name(
        "ក្រោយមក កំណត់ហេតុត្រូវលុបជារៀងរហូត។ ១ ដល់ ៣១។", "Afterwards it is deleted for good. 1 to 31."
    ),
    "source": Name("អាសយដ្ឋានបច្ចុប្បន្នភាព", "Address for updates"),
    "source_how": Name(
        "https:// របស់ក្រសួង។ ទទេ បើច្រកនេះគ្មានបណ្ដាញ។",
        "The ministry's https:// address; empty without a network.",
    ),
    "camera_setting": Name("បើកកាមេរ៉ា", "Use the camera"),
    "camera_setting_how": Name("ទេ បើច្រកនេះប្រើតែម៉ាស៊ីនស្កេន។", "No, where this gate has a scanner only."),
    "save": Name("រក្សាទុក", "Save"),
    "done": Name("រួចរាល់។", "Done."),
    "log": Name("ទាញយកកំណត់ហេតុ (CSV)", "Download the log (CSV)"),
    "log_how": Name("ក្នុងកំណត់ហេតុគ្មានឈ្មោះ និងលេខកាតទេ។", "There are no names and no card numbers in the log."),
    "clock_right": Name("នាឡិកាត្រឹមត្រូវ", "The clock is right"),
    "clock_right_how": Name(
        "នាឡិកាលោត ហើយអ្នកបានពិនិត្យថា ថ្ងៃ និងម៉ោងលើអេក្រង់ត្រឹមត្រូវ។",
        "The clock has jumped, and you have seen that date and time on the screen are right.",
    ),
    "clock_lower": Name("ភ្លេចម៉ោងដែលលឿនពេក", "Forget a time that was ahead"),
    "clock_lower_how": Name(
        "នាឡិកាធ្លាប់លឿនពេក ហើយឥឡូវត្រឹមត្រូវ ប៉ុន្តែម៉ាស៊ីននៅតែថាវាខុស។ ម៉ោងទាបបំផុតត្រឡប់ទៅម៉ោងដែលក្រសួងបានចុះហត្ថលេខា។",
        "The clock was ahead once and is right now, but the machine still calls it wrong. The lowest time "
        "goes back to the one that the ministry signed.",
    ),
    "sure": Name("ខ្ញុំប្រាកដ", "I am sure"),
    "pin_change": Name("ប្ដូរលេខសម្ងាត់ PIN", "Change the PIN"),
    "pin_old": Name("លេខសម្ងាត់ចាស់", "Old PIN"),
    "pin_new": Name("លេខសម្ងាត់ថ្មី", "New PIN"),
    "pin_new_how": Name(
        "៦ ដល់ ១២ ខ្ទង់ មិនមែនលេខដដែលទាំងអស់ ឬលេខរៀងគ្នា។", "6 to 12 digits; not all the same, not in a row."
    ),
}
LABELS = MappingProxyType(_WAITING | _VERDICT | _SUPERVISOR)
"""Every word that `page/gate.html` holds."""

REFUSALS = MappingProxyType(
    {
        "settings_invalid": Name(
            "ការកំណត់មួយមិនត្រឹមត្រូវ។ សូមកែ រួចរក្សាទុកម្តងទៀត។",
            "A setting does not fit. Correct it, then save again.",
        ),
        "unknown_gate": Name(
            "ទិន្នន័យទុកចិត្តគ្មានច្រកលេខនេះទេ។ សូមពិនិត្យលេខ ឬធ្វើបច្ចុប្បន្នភាព ឬសួរក្រសួង។",
            "The trust data have no gate of this number. Check the number, update, or ask the ministry.",
        ),
        "pin_unset": Name(
            "មិនទាន់មានលេខសម្ងាត់ PIN ទេ។ សូមកំណត់ក្នុងម៉ាស៊ីននេះ៖ montrey-verifier --home … gate --set-pin",
            "There is no PIN yet. Set it on this machine: montrey-verifier --home … gate --set-pin",
        ),
        "pin_wrong": Name("លេខសម្ងាត់ PIN ខុស។ សូមវាយម្តងទៀត។", "The PIN is wrong. Type it again."),
        "pin_locked": Name(
            "វាយលេខសម្ងាត់ PIN ខុសច្រើនដងពេក។ សូមរង់ចាំ រួចវាយម្តងទៀត។",
            "The PIN was wrong too often. Wait, then type it again.",
        ),
        "pin_weak": Name(
            "លេខសម្ងាត់ PIN ថ្មីទាយងាយពេក។ សូមជ្រើស ៦ ដល់ ១២ ខ្ទង់ មិនមែនលេខចាស់ លេខដដែលទាំងអស់ ឬលេខរៀងគ្នា។",
            "The new PIN is too easy to guess. Choose 6 to 12 digits: not the old one, not all the same, "
            "not in a row.",
        ),
        "supervisor_needed": Name(
            "មានតែអ្នកគ្រប់គ្រងទេដែលអាចធ្វើបាន។ សូមវាយលេខសម្ងាត់ PIN។",
            "Only the supervisor may do this. Type the PIN.",
        ),
        "reason_needed": Name(
            "សូមសរសេរមូលហេតុខ្លី ដោយគ្មានឈ្មោះ ឬលេខកាត៖ មិនឱ្យមានលេខ ១០ ខ្ទង់។",
            "Write a short reason, without names or card numbers: no ten digits.",
        ),
        "too_large": Name(
            "ឯកសារនេះធំពេក (លើសពី ២០ MB)។ សូមប្រើឯកសារតូចជាង។",
            "This file is too large (over 20 MB). Use a smaller one.",
        ),
        "not_readable": Name(
            "ឯកសារនេះអានមិនបាន។ សូមប្រើរូបភាព PNG ឬ JPEG ឬឯកសារ .delta។",
            "This file cannot be read. Use a PNG or JPEG picture, or a .delta file.",
        ),
        "several_codes": Name(
            "រូបភាពនេះមានកូដមន្ត្រីលើសពីមួយ។ សូមថតម្ដងទៀត ឱ្យឃើញតែកូដដែលត្រូវពិនិត្យ។",
            "There are several Montrey codes in this picture. Take another, of the one to be judged alone.",
        ),
        "not_json": Name(
            "សំណើមិនត្រឹមត្រូវ។ សូមបើកទំព័រនេះម្តងទៀត រួចព្យាយាមម្តងទៀត។",
            "The request is not what it should be. Load this page again, then try again.",
        ),
        "busy_updating": Name(
            "កំពុងធ្វើបច្ចុប្បន្នភាព។ សូមរង់ចាំឱ្យចប់សិន។", "An update is going on. Wait until it has ended."
        ),
        "no_stick": Name(
            "រកមិនឃើញទិន្នន័យក្រសួងលើឧបករណ៍ USB ទេ។ សូមដោតឧបករណ៍ USB ពីក្រសួង រួចព្យាយាមម្តងទៀត។",
            "No stick with the ministry's data was found. Put it in, then try again.",
        ),
        "no_source": Name(
            "ច្រកនេះមិនទាន់មានអាសយដ្ឋានបច្ចុប្បន្នភាពទេ។ សូមប្រើឧបករណ៍ USB ឬហៅអ្នកគ្រប់គ្រងដាក់អាសយដ្ឋាន។",
            "This gate has no address for updates. Use a stick, or have the supervisor set the address.",
        ),
        "disk_full": Name(
            "ថាសពេញ ឬសរសេរមិនបាន។ មិនបានរក្សាទុកទេ។ សូមហៅអ្នកគ្រប់គ្រង។",
            "The disk is full or cannot be written. Nothing was kept. Call the supervisor.",
        ),
        "clock_not_doubted": Name(
            "នាឡិកាមិនបានលោតទេ។ មិនបានប្តូរអ្វីទេ។ បើអេក្រង់ថានាឡិកាខុស សូមកែនាឡិកាម៉ាស៊ីន ឬប្រើប៊ូតុងខាងក្រោម។",
            "The clock has not jumped; nothing was changed. If the screen calls it wrong, set the machine's "
            "clock right, or use the other button.",
        ),
        "clock_not_behind": Name(
            "នាឡិកាមិនយឺតជាងម៉ោងដែលធ្លាប់ឃើញទេ។ មិនបានប្តូរអ្វីទេ។ បើនាឡិកាលឿន សូមកែនាឡិកាម៉ាស៊ីនឱ្យត្រូវជាមុនសិន។",
            "The clock is behind no time that was seen; nothing was changed. If it is ahead, set it right.",
        ),
        "foreign_page": Name(
            "សំណើនេះមកពីទំព័រផ្សេង ហើយមិនបានធ្វើទេ។ សូមបិទទំព័រផ្សេងៗលើម៉ាស៊ីននេះ។",
            "Another web page asked for this; it was not done. Close the other pages on this machine.",
        ),
        "wrong_host": Name(
            "អាសយដ្ឋាននេះមិនមែនរបស់ច្រកទេ។ សូមប្រើអាសយដ្ឋានដែលកម្មវិធីបង្ហាញពេលចាប់ផ្ដើម។",
            "This is not the gate's address. Use the one that the program names when it starts.",
        ),
        "not_found": Name("គ្មានទំព័រនេះទេ។ សូមបើកទំព័រដើម។", "There is no such page. Open the first page."),
        "too_many_pages": Name(
            "ទំព័រច្រកនេះបើកច្រើនពេក។ សូមបិទទំព័រផ្សេង ទុកតែមួយ។",
            "The gate's page is open too many times. Close the others, and keep one.",
        ),
        "serial_unavailable": Name(
            "មិនអាចប្រើម៉ាស៊ីនស្កេនខ្សែសៀរៀលបានទេ។ សូមដំឡើង montrey[serial] ហើយពិនិត្យឈ្មោះឧបករណ៍។",
            "A scanner on a serial line cannot be used. Install montrey[serial]; check the device's name.",
        ),
        "gate_busy": Name(
            "ច្រកមួយទៀតកំពុងដំណើរការលើទិន្នន័យនេះ។ សូមបិទវាសិន ឬព្យាយាមម្តងទៀតបន្តិចក្រោយ។",
            "The gate is at it already. Close the other one, or try again in a moment.",
        ),
    }
)
"""What each code of `GateError` means, and what to do next."""

_MEMBERS = {"gate": "gate_number", "camera": "camera_setting"}
_MINUTES = Name("នៅសល់ {minutes} នាទី។", "{minutes} min left.")


def say(language: str, key: str, **values: object) -> str:
    """A label or a refusal in `language`, with its blanks filled."""
    name = LABELS[key] if key in LABELS else REFUSALS[key]
    return str(getattr(name, language)).format(**values)


def refusal(error: GateError) -> Name:
    """What a refusal means and what to do next, with the setting or the minutes that it is about."""
    words = REFUSALS[error.code]
    if error.seconds:
        minutes = -(-error.seconds // 60)
        return Name(
            f"{words.km} {_MINUTES.km.format(minutes=minutes)}",
            f"{words.en} {_MINUTES.en.format(minutes=minutes)}",
        )
    label = LABELS.get(_MEMBERS.get(error.member, error.member))
    return Name(f"{words.km} ({label.km})", f"{words.en} ({label.en})") if label else words
