"""The codes of `WalletError`, and what a person can do next, in English and Khmer."""

from __future__ import annotations

from credential.codes import Name
from did.errors import IdentityError
from trust.messages import explain
from wallet_sdk.wording import printable

_ASK_MINISTRY = "Ask the ministry for a new offer."
_ASK_MINISTRY_KM = "សូមស្នើសុំការផ្ដល់ជូនថ្មីពីក្រសួង។"

ADVICE = {
    "no_wallet": Name(
        en="There is no wallet in this folder. Give the right --home, or make one with: request OFFER",
        km="គ្មានកាបូបក្នុងថតនេះទេ។ សូមបញ្ជាក់ --home ឱ្យត្រូវ ឬបង្កើតថ្មីដោយ៖ request OFFER",
    ),
    "wallet_exists": Name(
        en="There is a wallet in this folder already. Open it, or give another --home.",
        km="មានកាបូបក្នុងថតនេះរួចហើយ។ សូមបើកវា ឬប្រើ --home ផ្សេង។",
    ),
    "home_not_empty": Name(
        en="The folder holds other files. Give an empty or new folder as --home.",
        km="ថតនេះមានឯកសារផ្សេង។ សូមប្រើថតទទេ ឬថតថ្មីជា --home។",
    ),
    "weak_passphrase": Name(
        en="The passphrase is too short. Choose one of at least 8 characters that only you know.",
        km="ឃ្លាសម្ងាត់ខ្លីពេក។ សូមជ្រើសឃ្លាយ៉ាងតិច ៨ តួអក្សរ ដែលមានតែអ្នកទេដឹង។",
    ),
    "wrong_passphrase": Name(
        en="The passphrase does not open this wallet. Nothing was changed; try again.",
        km="ឃ្លាសម្ងាត់មិនអាចបើកកាបូបនេះបានទេ។ គ្មានអ្វីផ្លាស់ប្ដូរឡើយ សូមព្យាយាមម្ដងទៀត។",
    ),
    "damaged_wallet": Name(
        en="The wallet's file is damaged. Restore a copy of it, or start a new wallet with a new offer.",
        km="ឯកសារកាបូបខូច។ សូមស្ដារពីច្បាប់ចម្លង ឬបង្កើតកាបូបថ្មី រួចស្នើសុំការផ្ដល់ជូនថ្មី។",
    ),
    "unsupported_wallet": Name(
        en="A later version of this program wrote the wallet. Update the program.",
        km="កាបូបនេះសរសេរដោយកម្មវិធីជំនាន់ក្រោយ។ សូមធ្វើបច្ចុប្បន្នភាពកម្មវិធី។",
    ),
    "wallet_full": Name(
        en="The wallet is full. Take out what has ended or is false (see: list) by: remove ID",
        km="កាបូបពេញហើយ។ សូមយកលិខិតដែលផុតកំណត់ ឬក្លែងក្លាយចេញ (មើល៖ list) ដោយ៖ remove ID",
    ),
    "unreadable_file": Name(
        en="The file cannot be read. Check its name and permissions.",
        km="មិនអាចអានឯកសារបានទេ។ សូមពិនិត្យឈ្មោះ និងសិទ្ធិរបស់វា។",
    ),
    "unwritable_file": Name(
        en="The file cannot be written. Check the folder, its permissions and the free space.",
        km="មិនអាចសរសេរឯកសារបានទេ។ សូមពិនិត្យថត សិទ្ធិ និងទំហំទំនេរ។",
    ),
    "file_too_large": Name(
        en="The file is far larger than such a file can be. Check that it is the right one.",
        km="ឯកសារធំពេក។ សូមពិនិត្យថាជាឯកសារត្រឹមត្រូវ។",
    ),
    "not_an_offer": Name(
        en="This file is no offer. An offer comes from the ministry; for what was issued use: receive FILE",
        km="ឯកសារនេះមិនមែនជាការផ្ដល់ជូនទេ។ ការផ្ដល់ជូនមកពីក្រសួង។ បើជាលិខិតដែលបានចេញ សូមប្រើ៖ receive FILE",
    ),
    "malformed_offer": Name(
        en=f"The offer is damaged or not complete. {_ASK_MINISTRY}",
        km=f"ការផ្ដល់ជូននេះខូច ឬមិនពេញលេញ។ {_ASK_MINISTRY_KM}",
    ),
    "unsupported_offer": Name(
        en="The offer is for a later version of this program. Update the program.",
        km="ការផ្ដល់ជូននេះសម្រាប់កម្មវិធីជំនាន់ក្រោយ។ សូមធ្វើបច្ចុប្បន្នភាពកម្មវិធី។",
    ),
    "offer_expired": Name(
        en=f"The offer has ended, or this device's clock is wrong. {_ASK_MINISTRY}",
        km=f"ការផ្ដល់ជូននេះផុតកំណត់ ឬនាឡិកាឧបករណ៍មិនត្រូវ។ {_ASK_MINISTRY_KM}",
    ),
    "offer_used": Name(
        en=f"The credentials of this offer are in the wallet already. For others: {_ASK_MINISTRY}",
        km=f"លិខិតបញ្ជាក់នៃការផ្ដល់ជូននេះមានក្នុងកាបូបរួចហើយ។ បើចង់បានថ្មី៖ {_ASK_MINISTRY_KM}",
    ),
    "not_a_result": Name(
        en="This file holds no issued credentials. If it is an offer, use: request OFFER",
        km="ឯកសារនេះគ្មានលិខិតបញ្ជាក់ដែលបានចេញទេ។ បើជាការផ្ដល់ជូន សូមប្រើ៖ request OFFER",
    ),
    "malformed_result": Name(
        en="The file is damaged or not complete. Ask the ministry to send it again; your keys are kept.",
        km="ឯកសារនេះខូច ឬមិនពេញលេញ។ សូមឱ្យក្រសួងផ្ញើម្ដងទៀត។ សោរបស់អ្នកនៅរក្សាទុក។",
    ),
    "unsupported_result": Name(
        en="The file is for a later version of this program. Update the program.",
        km="ឯកសារនេះសម្រាប់កម្មវិធីជំនាន់ក្រោយ។ សូមធ្វើបច្ចុប្បន្នភាពកម្មវិធី។",
    ),
    "unknown_holder": Name(
        en="A credential is bound to a key that does not wait here: another wallet's. Nothing was stored.",
        km="លិខិតបញ្ជាក់នេះចងភ្ជាប់នឹងសោដែលកាបូបនេះមិនរង់ចាំ៖ វាជារបស់កាបូបផ្សេង។ គ្មានអ្វីត្រូវបានរក្សាទុកទេ។",
    ),
    "already_received": Name(
        en="These credentials are in the wallet already. Nothing is left to do.",
        km="លិខិតបញ្ជាក់ទាំងនេះមានក្នុងកាបូបរួចហើយ។ មិនបាច់ធ្វើអ្វីទៀតទេ។",
    ),
    "duplicate_credential": Name(
        en="The file holds a credential twice. Nothing was stored; tell the ministry.",
        km="ឯកសារនេះមានលិខិតបញ្ជាក់ដដែលពីរដង។ គ្មានអ្វីត្រូវបានរក្សាទុកទេ សូមជូនដំណឹងក្រសួង។",
    ),
    "wrong_issuer": Name(
        en="The file comes from another issuer than the offer. Nothing was stored; tell the ministry.",
        km="ឯកសារនេះមកពីអ្នកចេញផ្សេងពីការផ្ដល់ជូន។ គ្មានអ្វីត្រូវបានរក្សាទុកទេ សូមជូនដំណឹងក្រសួង។",
    ),
    "template_mismatch": Name(
        en="A credential does not belong to the template beside it: no gate could read it. "
        "Nothing was stored; ask the ministry to send the file again.",
        km="លិខិតបញ្ជាក់មិនត្រូវនឹងគំរូដែលភ្ជាប់មក៖ គ្មានច្រកណាអាចអានបានទេ។ គ្មានអ្វីត្រូវបានរក្សាទុកទេ សូមឱ្យក្រសួងផ្ញើឯកសារម្ដងទៀត។",
    ),
    "malformed_credential": Name(
        en=f"A credential cannot be read. {_ASK_MINISTRY}",
        km=f"មិនអាចអានលិខិតបញ្ជាក់បានទេ។ {_ASK_MINISTRY_KM}",
    ),
    "no_credential": Name(
        en=f"The wallet has no such credential; see: list. {_ASK_MINISTRY}",
        km=f"កាបូបគ្មានលិខិតបញ្ជាក់បែបនេះទេ សូមមើល៖ list។ {_ASK_MINISTRY_KM}",
    ),
    "credential_expired": Name(
        en=f"The credential has expired, or this device's clock is wrong. {_ASK_MINISTRY}",
        km=f"លិខិតបញ្ជាក់ផុតកំណត់ ឬនាឡិកាឧបករណ៍មិនត្រូវ។ {_ASK_MINISTRY_KM}",
    ),
    "credential_not_yet_valid": Name(
        en="The credential is not valid yet. Check this device's date and time.",
        km="លិខិតបញ្ជាក់មិនទាន់មានសុពលភាព។ សូមពិនិត្យកាលបរិច្ឆេទ និងម៉ោងនៃឧបករណ៍។",
    ),
    "claim_not_held": Name(
        en="The credential has no such claim. Its claims are listed by: list --full",
        km="លិខិតបញ្ជាក់គ្មានព័ត៌មាននេះទេ។ មើលបញ្ជីព័ត៌មានដោយ៖ list --full",
    ),
    "not_confirmed": Name(
        en="It was not confirmed with yes. Nothing was done.",
        km="មិនបានបញ្ជាក់ដោយ បាទ ចាស យល់ព្រម ឬ yes ទេ។ គ្មានអ្វីបានធ្វើទេ។",
    ),
    "malformed_audience": Name(
        en="Audience and nonce must be given as the bank wrote them, at most 512 characters each.",
        km="--audience និង --nonce ត្រូវដូចអ្វីដែលធនាគារបានសរសេរ មិនលើសពី ៥១២ តួអក្សរ។",
    ),
    "malformed_challenge": Name(
        en="This is no challenge of a gate. Scan the gate's code again.",
        km="នេះមិនមែនជាសំណួរផ្ទៀងផ្ទាត់របស់ច្រកចូលទេ។ សូមស្កេនកូដនៅច្រកម្ដងទៀត។",
    ),
    "unreadable_image": Name(
        en="The image cannot be read. Save it as PNG or JPEG and try again.",
        km="មិនអាចអានរូបភាពបានទេ។ សូមរក្សាទុកជា PNG ឬ JPEG រួចព្យាយាមម្ដងទៀត។",
    ),
    "no_qr_code": Name(
        en="No QR code was found in the image. Take it again: closer, sharper, the whole code.",
        km="រកមិនឃើញកូដ QR ក្នុងរូបភាពទេ។ សូមថតម្ដងទៀតឱ្យជិត ច្បាស់ និងគ្រប់កូដ។",
    ),
    "terminal_too_small": Name(
        en="The window is too small for the code. Enlarge it, or use: present --out FILE.png",
        km="ផ្ទាំងតូចពេកសម្រាប់កូដ។ សូមពង្រីកវា ឬប្រើ៖ present --out FILE.png",
    ),
}


def advise(language: str, error: IdentityError) -> str:
    """What happened and what to do next, led by the code."""
    known = ADVICE.get(error.code) or explain(error.code)
    if known is None:
        return f"{error.code}: {printable(error)}"
    where = f" ({printable(error)})" if error.code in _ABOUT_FILES else ""
    return f"{error.code}: {getattr(known, language)}{where}"


_ABOUT_FILES = frozenset({"unreadable_file", "unwritable_file", "file_too_large"})
"""Their messages name the file, which the person gave; no other message is shown."""
