"""What a guard reads for each code: a title that is read at a glance, and what to do next."""

from __future__ import annotations

from typing import NamedTuple

from credential.codes import Name


class Words(NamedTuple):
    """The title of a verdict, and what to do."""

    title: Name
    advice: Name


_REFUSE = Name("កុំឱ្យចូល។", "Do not let in by this.")
_STICK = Name(
    "សូមដោតឧបករណ៍ USB ថ្មីពីក្រសួង រួចស្កេនម្តងទៀត។",
    "Put in the ministry's newest stick, then scan again.",
)
_NEW_CODE = Name("សូមសុំកូដថ្មីលើទូរស័ព្ទ។", "Ask for a new code on the phone.")
_ASK_MINISTRY = Name("កុំឱ្យចូល។ ម្ចាស់គួរសួរក្រសួង។", "Do not let in. The holder should ask the ministry.")

WORDS = {
    "accepted": Words(
        Name("ត្រឹមត្រូវ", "Genuine"),
        Name("សូមមើលថាជាមនុស្សម្នាក់នេះ រួចឱ្យចូល។", "See that it is this person, and let in."),
    ),
    "accepted_printed": Words(
        Name("សូមប្រៀបធៀប", "Compare"),
        Name(
            "កូដបោះពុម្ពអាចចម្លងបាន៖ សូមប្រៀបធៀបមុខនឹងរូបថត និងលេខលើកាត មុននឹងឱ្យចូល។",
            "A print can be copied: compare face and photo, and the number on the card, before you let in.",
        ),
    ),
    "pass": Words(
        Name("អ្នកគ្រប់គ្រងឱ្យចូល", "Let in by the supervisor"),
        Name("មិនមែនដោយកូដទេ។ បានកត់ត្រាហើយ។", "Not by a code. It was written down."),
    ),
    "not_montrey": Words(
        Name("មិនមែនកូដកាតមន្ត្រី", "Some other code"),
        Name("សូមសុំកូដនៃកាតមន្ត្រីរាជការ។", "Ask for the code of the civil servant card."),
    ),
    "unsupported_version": Words(
        Name("កូដថ្មីជាងកម្មវិធី", "Newer than this program"),
        Name(
            "កុំឱ្យចូលដោយកូដនេះ។ ម៉ាស៊ីននេះត្រូវការកម្មវិធីថ្មី។",
            "Do not let in by this. This machine needs a newer program.",
        ),
    ),
    "malformed": Words(
        Name("កូដខូច ឬកែប្រែ", "Damaged or altered"),
        Name("សូមស្កេនម្តងទៀត។ បើនៅដដែល កុំឱ្យចូល។", "Scan again. If it stays so, do not let in."),
    ),
    "kind_not_accepted": Words(
        Name("មិនទទួលកូដបែបនេះនៅទីនេះ", "Not this kind of code here"),
        Name("សូមសុំកូដផ្ទាល់លើទូរស័ព្ទ។", "Ask for the live code on the phone."),
    ),
    "card_number_needed": Words(
        Name("សូមវាយលេខកាត", "Type the card's number"),
        Name("សូមវាយលេខលើកាតប្លាស្ទិក រួចចុច «យល់ព្រម»។", "Type the number on the plastic card, then Enter."),
    ),
    "untrusted_issuer": Words(Name("មិនមែនរបស់ក្រសួង", "Not made by the ministry"), _REFUSE),
    "wrong_algorithm": Words(Name("ហត្ថលេខាខុសបែប", "Wrong kind of signature"), _REFUSE),
    "trust_expired": Words(Name("ទិន្នន័យម៉ាស៊ីនផុតកំណត់", "This machine's data have run out"), _STICK),
    "no_data": Words(Name("ម៉ាស៊ីននេះមិនទាន់មានទិន្នន័យ", "This machine has no data yet"), _STICK),
    "clock_untrusted": Words(
        Name("នាឡិកាម៉ាស៊ីនខុស", "This machine's clock is wrong"),
        Name(
            "សូមកំណត់ថ្ងៃ និងម៉ោងឱ្យត្រូវ ឬហៅអ្នកគ្រប់គ្រង រួចស្កេនម្តងទៀត។",
            "Set date and time right, or call the supervisor; then scan again.",
        ),
    ),
    "bad_signature": Words(Name("ក្លែងបន្លំ ឬកែប្រែ", "Forged or altered"), _REFUSE),
    "holder_mismatch": Words(Name("មិនមែនទូរស័ព្ទរបស់ម្ចាស់", "Not the holder's phone"), _REFUSE),
    "audience_mismatch": Words(Name("កូដសម្រាប់កន្លែងផ្សេង", "Made for another place"), _NEW_CODE),
    "challenge_mismatch": Words(
        Name("មិនឆ្លើយនឹងអេក្រង់នេះ", "Does not answer this screen"),
        Name(
            "ទូរស័ព្ទត្រូវស្កេនកូដលើអេក្រង់នេះឥឡូវ រួចបង្ហាញចម្លើយក្នុងមួយនាទី។",
            "The phone scans the code on this screen now, and shows its answer within a minute.",
        ),
    ),
    "challenge_unexpected": Words(
        Name("ជាចម្លើយទៅកន្លែងផ្សេង", "An answer to another gate"),
        Name("សូមសុំកូដធម្មតាថ្មីលើទូរស័ព្ទ។", "Ask for a plain new code on the phone."),
    ),
    "not_yet_valid": Words(Name("មិនទាន់មានសុពលភាព", "Not valid yet"), _REFUSE),
    "expired": Words(
        Name("ផុតសុពលភាព", "Expired"),
        Name("កុំឱ្យចូល។ ម្ចាស់ត្រូវបន្តសុពលភាព។", "Do not let in. The holder must renew it."),
    ),
    "too_old": Words(
        Name("កូដចាស់ពេក", "Code too old"),
        Name(
            "អាចជារូបថតអេក្រង់។ សូមសុំកូដផ្ទាល់លើទូរស័ព្ទ។",
            "It may be a picture of a screen. Ask for the live code on the phone.",
        ),
    ),
    "too_new": Words(
        Name("ម៉ោងទូរស័ព្ទលឿនពេក", "Dated ahead of this machine"),
        Name(
            "សូមពិនិត្យម៉ោងទូរស័ព្ទ និងម៉ាស៊ីននេះ រួចសុំកូដថ្មី។",
            "Check the phone's clock and this machine's; then ask for a new code.",
        ),
    ),
    "card_mismatch": Words(
        Name("លេខខុសពីកាត", "Not the number on the card"),
        Name(
            "កុំឱ្យចូល។ បើវាយខុស សូមសុំកូដថ្មី រួចវាយម្តងទៀត។",
            "Do not let in. If it was mistyped, ask for a new code and type again.",
        ),
    ),
    "revoked": Words(Name("លែងមានសុពលភាព", "No longer stands"), _ASK_MINISTRY),
    "suspended": Words(Name("កាតត្រូវបានផ្អាក", "Suspended"), _ASK_MINISTRY),
    "status_unknown": Words(Name("គ្មានទិន្នន័យស្ថានភាព", "No status data for this card"), _STICK),
    "not_active": Words(
        Name("កាតមិនទាន់ប្រគល់", "Not handed over yet"),
        Name("មិនអាចដឹងបាន។ ម្ចាស់គួរសួរក្រសួង។", "Nothing can be told. The holder should ask the ministry."),
    ),
    "status_stale": Words(Name("ទិន្នន័យស្ថានភាពចាស់ពេក", "Status data too old"), _STICK),
    "purpose_not_permitted": Words(
        Name("មិនអាចប្រើសម្រាប់ការនេះ", "Not for this purpose"),
        Name("សូមសុំឯកសារដែលអាចប្រើបាន។", "Ask for the document that may be used here."),
    ),
    "assurance_too_low": Words(
        Name("ត្រូវការភស្តុតាងបន្ថែម", "More proof is needed here"),
        Name("សូមសុំកូដផ្ទាល់លើទូរស័ព្ទ។", "Ask for the live code on the phone."),
    ),
    "replayed": Words(
        Name("បានបង្ហាញរួចហើយ", "Shown here before"),
        Name("កូដមួយប្រើបានតែម្តង។ សូមសុំកូដថ្មី។", "A code passes once. Ask for a new one."),
    ),
    "show_again": Words(
        Name("សូមបង្ហាញម្តងទៀត", "Show again"),
        Name(
            "ម៉ាស៊ីនទើបចាប់ផ្ដើម។ សូមរង់ចាំមួយនាទី រួចសុំកូដថ្មី។",
            "This machine has just started. In a minute ask for a new code.",
        ),
    ),
}
"""Every code of the closed list, `accepted` of a print, and a supervisor's pass."""

NOT_WRITTEN = Name(
    "មិនមែនដោយកូដទេ។ មិនអាចកត់ត្រាបានទេ (ថាស)។", "Not by a code. It could not be written down (the disk)."
)
NUMBER_HELD = Name("លេខកាតត្រូវគ្នា", "The number on the card is the same")
NUMBER_UNSEEN = Name("លេខកាតមិនបានប្រៀបធៀប", "The number on the card was not compared")
ANSWERED = Name("បានឆ្លើយអេក្រង់នេះ", "Answered this screen")
