"""What each code means and what to do next, in English and Khmer."""

from __future__ import annotations

from typing import NamedTuple


class Message(NamedTuple):
    """One sentence for a person, in both languages."""

    en: str
    km: str


MESSAGES = {
    "accepted": Message("Accepted.", "ទទួលយក។"),
    "not_montrey": Message(
        "This is some other QR code. Ask for the civil servant card's code.",
        "នេះជាកូដ QR ផ្សេង។ សូមសុំកូដនៃកាតមន្ត្រីរាជការ។",
    ),
    "unsupported_version": Message(
        "This code is newer than this program. Update the program.",
        "កូដនេះថ្មីជាងកម្មវិធីនេះ។ សូមធ្វើបច្ចុប្បន្នភាពកម្មវិធី។",
    ),
    "malformed": Message(
        "The code is damaged or was altered. Scan again; if it stays so, refuse.",
        "កូដខូច ឬត្រូវបានកែប្រែ។ សូមស្កេនម្តងទៀត បើនៅដដែល សូមបដិសេធ។",
    ),
    "kind_not_accepted": Message(
        "This kind of code is not accepted here. Ask for the live code on the phone.",
        "មិនទទួលកូដប្រភេទនេះនៅទីនេះទេ។ សូមសុំកូដផ្ទាល់លើទូរស័ព្ទ។",
    ),
    "card_number_needed": Message(
        "Type the number on the plastic card as well.",
        "សូមវាយលេខនៅលើកាតប្លាស្ទិកផងដែរ។",
    ),
    "untrusted_issuer": Message(
        "No trusted ministry key made this. Refuse.",
        "មិនមែនធ្វើដោយសោរបស់ក្រសួងដែលទុកចិត្តទេ។ សូមបដិសេធ។",
    ),
    "wrong_algorithm": Message(
        "The signature is of a kind this key never makes. Refuse.",
        "ហត្ថលេខាមិនមែនជាប្រភេទដែលសោនេះប្រើទេ។ សូមបដិសេធ។",
    ),
    "trust_expired": Message(
        "The trust data has run out. Bring a new stick, then scan again.",
        "ទិន្នន័យទុកចិត្តផុតកំណត់។ សូមយកឧបករណ៍ USB ថ្មី រួចស្កេនម្តងទៀត។",
    ),
    "clock_untrusted": Message(
        "This machine's clock is wrong. Set date and time, then scan again.",
        "នាឡិកាម៉ាស៊ីននេះខុស។ សូមកំណត់ថ្ងៃ និងម៉ោង រួចស្កេនម្តងទៀត។",
    ),
    "bad_signature": Message(
        "The ministry's signature is wrong: a forgery or an alteration. Refuse.",
        "ហត្ថលេខារបស់ក្រសួងខុស៖ ក្លែងបន្លំ ឬកែប្រែ។ សូមបដិសេធ។",
    ),
    "holder_mismatch": Message(
        "The phone that shows this is not the one it was issued to. Refuse.",
        "ទូរស័ព្ទដែលបង្ហាញ មិនមែនជាទូរស័ព្ទដែលបានចេញឱ្យទេ។ សូមបដិសេធ។",
    ),
    "audience_mismatch": Message(
        "This was made for another place. Ask for a new code.",
        "កូដនេះធ្វើសម្រាប់កន្លែងផ្សេង។ សូមសុំកូដថ្មី។",
    ),
    "challenge_mismatch": Message(
        "This does not answer the challenge shown here, or its minute is over. "
        "Show a new one and let the phone scan it.",
        "កូដនេះមិនឆ្លើយនឹងសំណួរដែលបានបង្ហាញនៅទីនេះ ឬហួសមួយនាទីហើយ។ សូមបង្ហាញសំណួរថ្មី ឱ្យទូរស័ព្ទស្កេន។",
    ),
    "challenge_unexpected": Message(
        "This answers a challenge. If it was shown here, judge it with --challenge; else ask for a new code.",
        "កូដនេះឆ្លើយសំណួរមួយ។ បើសំណួរនោះបានបង្ហាញនៅទីនេះ សូមពិនិត្យជាមួយ --challenge បើមិនដូច្នេះ សូមសុំកូដថ្មី។",
    ),
    "not_yet_valid": Message("The credential is not valid yet. Refuse.", "លិខិតបញ្ជាក់មិនទាន់មានសុពលភាព។ សូមបដិសេធ។"),
    "expired": Message(
        "The credential has expired. Its holder must renew it.",
        "លិខិតបញ្ជាក់ផុតកំណត់។ ម្ចាស់ត្រូវបន្តសុពលភាព។",
    ),
    "too_old": Message(
        "The code is too old, as a screenshot would be. Ask for the live code.",
        "កូដចាស់ពេក ដូចជារូបថតអេក្រង់។ សូមសុំកូដផ្ទាល់។",
    ),
    "too_new": Message(
        "The code is dated ahead of this machine. Check both clocks.",
        "កូដមានម៉ោងលឿនជាងម៉ាស៊ីននេះ។ សូមពិនិត្យនាឡិកាទាំងពីរ។",
    ),
    "card_mismatch": Message(
        "The code and the plastic card have different numbers. Refuse.",
        "កូដ និងកាតប្លាស្ទិកមានលេខខុសគ្នា។ សូមបដិសេធ។",
    ),
    "revoked": Message(
        "This credential no longer stands. Refuse; its holder should ask the ministry.",
        "លិខិតបញ្ជាក់នេះលែងមានសុពលភាព។ សូមបដិសេធ ម្ចាស់គួរសួរក្រសួង។",
    ),
    "suspended": Message(
        "This card is suspended. Refuse; its holder should ask the ministry.",
        "កាតនេះត្រូវបានផ្អាក។ សូមបដិសេធ ម្ចាស់គួរសួរក្រសួង។",
    ),
    "status_unknown": Message(
        "There is no status data for this credential. Bring a new stick, then scan again.",
        "គ្មានទិន្នន័យស្ថានភាពសម្រាប់លិខិតនេះ។ សូមយកឧបករណ៍ USB ថ្មី រួចស្កេនម្តងទៀត។",
    ),
    "not_active": Message(
        "This card was printed but not handed over yet. Its holder should ask the ministry.",
        "កាតនេះបានបោះពុម្ព តែមិនទាន់ប្រគល់។ ម្ចាស់គួរសួរក្រសួង។",
    ),
    "status_stale": Message(
        "The status data is too old. Bring a new stick, then scan again.",
        "ទិន្នន័យស្ថានភាពចាស់ពេក។ សូមយកឧបករណ៍ USB ថ្មី រួចស្កេនម្តងទៀត។",
    ),
    "purpose_not_permitted": Message(
        "The card may not be used for this purpose. Ask for the document that may.",
        "មិនអាចប្រើកាតនេះសម្រាប់គោលបំណងនេះទេ។ សូមសុំឯកសារដែលអាចប្រើបាន។",
    ),
    "assurance_too_low": Message(
        "More proof is needed here. Ask for the live code, with this screen's challenge if it shows one.",
        "ត្រូវការភស្តុតាងបន្ថែម។ សូមសុំកូដផ្ទាល់ ដោយឆ្លើយសំណួរលើអេក្រង់ បើមាន។",
    ),
    "replayed": Message(
        "This very code was shown here before. Ask for a new one.",
        "កូដដដែលនេះបានបង្ហាញនៅទីនេះរួចហើយ។ សូមសុំកូដថ្មី។",
    ),
    "show_again": Message(
        "This machine cannot know whether this was shown before. Ask for a new code.",
        "ម៉ាស៊ីននេះមិនអាចដឹងថាកូដនេះធ្លាប់បានបង្ហាញឬទេ។ សូមសុំកូដថ្មី។",
    ),
}
"""Every code of the closed list, and `accepted`."""
