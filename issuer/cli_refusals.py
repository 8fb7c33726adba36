"""Why `montrey-issuer` refuses, in Khmer; in English every error says it itself."""

from __future__ import annotations

from issuer.cli_applications_wording import REFUSALS_KM as APPLICATIONS_REFUSALS_KM
from issuer.cli_bank_wording import REFUSALS_KM as BANK_REFUSALS_KM
from issuer.cli_bulk_wording import REFUSALS_KM as BULK_REFUSALS_KM
from issuer.cli_keeping_wording import REFUSALS_KM as KEEPING_REFUSALS_KM
from issuer.cli_print_wording import REFUSALS_KM as PRINT_REFUSALS_KM
from issuer.cli_show_wording import REFUSALS_KM as SHOW_REFUSALS_KM
from issuer.cli_staff_wording import REFUSALS_KM as STAFF_REFUSALS_KM

REFUSALS_KM = {
    **APPLICATIONS_REFUSALS_KM,
    **SHOW_REFUSALS_KM,
    **BANK_REFUSALS_KM,
    **STAFF_REFUSALS_KM,
    **PRINT_REFUSALS_KM,
    **KEEPING_REFUSALS_KM,
    **BULK_REFUSALS_KM,
    "audit_failed": "បញ្ជីមិនត្រូវនឹងខ្សែសវនកម្មទេ៖ មានគេកែវាខាងក្រៅកម្មវិធី ឬវាខូច។ សូមទុកវាដដែល ហើយប្រៀបធៀបនឹងច្បាប់ចម្លង។",
    "no_audit_head": "ការផ្សាយនេះចាស់ជាងខ្សែសវនកម្ម។ សូមយកការផ្សាយថ្មីជាង។",
    "bad_card_number": "លេខកាតមិនត្រឹមត្រូវ៖ មាន ១០ ខ្ទង់។",
    "bad_config": "ការកំណត់មិនត្រឹមត្រូវ។",
    "bad_gate_number": "លេខច្រកមានពី ១ ដល់ ៦៥៥៣៥។",
    "bad_rows": "មានជួរខុស។ សូមកែជួរទាំងនោះ ហើយផ្ញើឯកសារម្ដងទៀត ជួរល្អបានបញ្ចូលរួចហើយ។",
    "clock_ahead": "នាឡិកាម៉ាស៊ីននេះលឿនជាងការផ្សាយចុងក្រោយឆ្ងាយពេក។ សូមកែនាឡិកា។ បើវាត្រឹមត្រូវ សូមបន្ថែម --clock-is-right។",
    "clock_behind": "នាឡិកាម៉ាស៊ីននេះយឺតជាងការផ្សាយចុងក្រោយ។ សូមកែនាឡិកា។ "
    "បើវាត្រឹមត្រូវ ហើយការផ្សាយចុងក្រោយខុស សូមបន្ថែម --clock-is-right។",
    "damaged_spreadsheet": "ឯកសារ XLSX ខូច ឬមិនមែនជា XLSX ទេ។ សូមបើកក្នុង Excel ហើយរក្សាទុកជា XLSX ម្ដងទៀត។",
    "document_mismatch": "ហត្ថលេខាមិនមែនលើឯកសារដែលបង្ហាញទេ។ កុំហត្ថលេខា ហើយសូមរាយការណ៍។",
    "empty_file": "ឯកសារទទេ។",
    "encrypted_file": "ឯកសារ Excel នេះមានពាក្យសម្ងាត់។ សូមរក្សាទុកដោយគ្មានពាក្យសម្ងាត់។",
    "file_too_large": "ឯកសារធំពេក។ សូមបំបែកវា។",
    "gate_exists": "ច្រកផ្សេងមានលេខនេះហើយ។ លេខមួយមិនឱ្យពីរដងទេ។",
    "hidden_sheet": "សន្លឹកដែលមានពាក្យសុំត្រូវបានលាក់ (hidden)។ សូមបង្ហាញវា (Unhide) ហើយរក្សាទុក។",
    "hsm_not_set": "កូនសោនៅក្នុង HSM។ សូមដំឡើង montrey[hsm] ហើយឱ្យ MONTREY_PKCS11_MODULE បញ្ជាក់ផ្លូវពេញនៃម៉ូឌុលរបស់វា។",
    "holder_key_known": "កូនសោនេះធ្លាប់ប្រើហើយ។ កាបូបត្រូវបង្កើតកូនសោថ្មី។",
    "holder_key_repeated": "លិខិតនីមួយៗត្រូវមានកូនសោផ្ទាល់ខ្លួន។",
    "home_exists": "កន្លែងនេះមានអ្វីរួចហើយ។ សូមជ្រើសថតថ្មី។",
    "invalid_nonce": "គ្មានការផ្ដល់ជូនដែលត្រូវនឹងសំណើនេះទេ។",
    "invalid_proof": "ភស្តុតាងកូនសោមិនត្រឹមត្រូវ។",
    "issuing_key_stolen": "កូនសោនេះត្រូវបានលួច។ សូមបង្កើតកូនសោថ្មី (keys renew) ហើយឱ្យអ្នកថែរក្សាហត្ថលេខា "
    "(trust-list export, sign, import)។ មុនពេលនោះ មិនអាចបម្រើទូរស័ព្ទបានទេ។",
    "key_mismatch": "ឯកសារសោមិនមែនជាសោដែលបញ្ជីស្គាល់ទេ។ សូមស្ដារថត keys ពីច្បាប់ចម្លង។",
    "key_missing": "ឯកសារសោបាត់។ សូមស្ដារថត keys ពីច្បាប់ចម្លង។",
    "lifetime_too_long": "បញ្ជីនេះមានសុពលភាពយូរពេក ឬនាឡិកាម៉ាស៊ីននេះយឺត។ សូមពិនិត្យនាឡិកា។",
    "list_full": "បញ្ជីស្ថានភាពពេញហើយ។ សូមបង្កើតកូនសោបន្ទាប់ដែលមានបញ្ជីថ្មី (keys renew) "
    "ហើយឱ្យអ្នកថែរក្សាហត្ថលេខា រួច publish។",
    "malformed_header": "បន្ទាត់ចំណងជើងខូច។",
    "malformed_request": "ឯកសារនេះមិនមែនជាសំណើរបស់កាបូបទេ។",
    "malformed_trust_list": "ឯកសារនេះមិនមែនជាបញ្ជីទំនុកចិត្តទេ។",
    "missing_header": "បន្ទាត់ទីមួយមិនមែនជាចំណងជើងទេ។ សូមដាក់ចំណងជើងពីលើ។ សូមមើល៖ import --example",
    "misspelt_column": "ចំណងជើងមានជួរឈរមួយស្រដៀងនឹង agency, employment_status ឬ photo_sha256។ "
    "សូមសរសេរឱ្យត្រូវ ឬប្តូរឈ្មោះ។ សូមមើល៖ import --columns",
    "missing_columns": "ចំណងជើងខ្វះជួរឈរ។ សូមមើល៖ import --columns",
    "newer_register": "បញ្ជីនេះសរសេរដោយកម្មវិធីជំនាន់ក្រោយ។ សូមធ្វើបច្ចុប្បន្នភាព។",
    "no_card_fonts": "គ្មានពុម្ពអក្សរសម្រាប់គូរកាតទេ។ លើ Debian៖ apt install fonts-noto-core fonts-khmeros",
    "no_header_sheet": "គ្មានសន្លឹកណាមានចំណងជើងរបស់យើង ក្នុង ២០ ជួរដំបូងទេ។ សូមមើល៖ import --columns និង --example",
    "no_home": "នេះមិនមែនជាទីតាំងរបស់អ្នកចេញកាតទេ។ សូមប្រើ init ជាមុន។",
    "no_root": "អ្នកថែរក្សានៅមិនទាន់បង្កើត root ទេ។",
    "no_issuing_key": "គ្មានកូនសោណាអាចហត្ថលេខាពេលនេះទេ៖ អ្នកថែរក្សាមិនទាន់ហត្ថលេខា ឬវាផុតកំណត់។ "
    "សូមមើល៖ keys list, keys renew រួច trust-list export, sign, import។",
    "no_rows": "គ្មានជួរក្រោមចំណងជើងទេ។",
    "no_shaping": "កម្មវិធីគូររូបមិនអាចរៀបអក្សរខ្មែរបានទេ។ លើ Debian៖ apt install libfribidi0",
    "no_trust_list": "អ្នកថែរក្សានៅមិនទាន់ហត្ថលេខាលើបញ្ជីទំនុកចិត្តទេ។",
    "not_confirmed": "មិនបានបញ្ជាក់ដោយ បាទ ចាស យល់ព្រម ឬ yes ទេ។ គ្មានអ្វីត្រូវបានហត្ថលេខាទេ។",
    "no_wallet": "គ្មានទូរស័ព្ទណាកាន់លិខិតរបស់កាតនេះទេ។",
    "not_published": "សូមផ្សាយ (publish) ជាមុន។",
    "not_text": "នេះមិនមែនជាឯកសារអត្ថបទទេ។ សូមរក្សាទុកជា XLSX ឬ CSV UTF-8។",
    "not_utf8": "សូមរក្សាទុកឯកសារជា CSV UTF-8។",
    "offer_expired": "ការផ្ដល់ជូននេះផុតកំណត់។ សូមធ្វើថ្មី។",
    "offer_used": "ការផ្ដល់ជូននេះបានប្រើរួចហើយ។",
    "older_trust_list": "មានបញ្ជីទំនុកចិត្តថ្មីជាងនេះ។",
    "other_root": "បញ្ជីនេះធ្វើក្រោម root ផ្សេង។ សូមនាំចេញថ្មី។",
    "passphrase_needed": "ពាក្យបញ្ជានេះចុះហត្ថលេខា ហើយត្រូវការឃ្លាសម្ងាត់។",
    "pin_needed": "កូនសោនៅក្នុង HSM ហើយត្រូវការលេខសម្ងាត់ PIN របស់វា។",
    "register_busy": "មានពាក្យបញ្ជាមួយទៀតកំពុងសរសេរ។ សូមព្យាយាមម្ដងទៀត។",
    "register_damaged": "ឯកសារបញ្ជីខូច ឬមិនមែនរបស់កម្មវិធីនេះ។ សូមស្ដារពីច្បាប់ចម្លង។",
    "register_exists": "មូលដ្ឋានទិន្នន័យនេះមានបញ្ជីរួចហើយ។ សូមឱ្យ MONTREY_DATABASE_URL ផ្សេង។",
    "register_missing": "បញ្ជីមិននៅកន្លែងរបស់វាទេ។ គ្មានអ្វីបានធ្វើទេ។ សូមស្ដារពីច្បាប់ចម្លង។",
    "register_refused": "ច្បាប់នៃបញ្ជីមិនអនុញ្ញាតទេ។ គ្មានអ្វីផ្លាស់ប្ដូរទេ។",
    "register_unusable": "មិនអាចប្រើបញ្ជីបានទេ។ សូមពិនិត្យថាស សិទ្ធិ ទំហំទំនេរ និងការតភ្ជាប់។",
    "repeated_column": "ចំណងជើងមានជួរឈរដដែលពីរដង។",
    "seal_key_stolen": "កូនសោបោះត្រាត្រូវបានលួច។ សូមបង្កើតកូនសោថ្មី (seal-key new) ហើយឱ្យអ្នកថែរក្សាហត្ថលេខា "
    "(trust-list export, sign, import)។ មុនពេលនោះ មិនអាចធ្វើកាតបានទេ។",
    "several_sheets": "មានសន្លឹកច្រើនជាងមួយដែលមានចំណងជើងរបស់យើង។ សូមទុកតែមួយ។",
    "signatures_missing": "នៅខ្វះហត្ថលេខារបស់អ្នកថែរក្សា។",
    "spreadsheet_file": "ឯកសារតារាងនេះ មិនអាចអានបានទេ។ សូមរក្សាទុកជា CSV UTF-8 (ពាក្យសុំក៏អាចជា XLSX ដែរ)។",
    "too_many_columns": "តារាងមានជួរឈរច្រើនពេក។ សូមលុបជួរឈរដែលមិនត្រូវការ។",
    "too_many_photos": "ថតរូបថតមានឯកសារច្រើនពេក។ សូមបំបែកវា។",
    "too_many_rows": "ឯកសារមានជួរច្រើនពេក។ សូមបំបែកវា។",
    "unknown_application": "គ្មានពាក្យសុំលេខនេះទេ។",
    "unknown_card": "គ្មានកាតលេខនេះក្នុងបញ្ជីទេ។",
    "unknown_purpose": "គ្មានគោលបំណងនេះ ឬមិនអនុញ្ញាត។",
    "unknown_signing_key": "គ្មានកូនសោហត្ថលេខាឈ្មោះនេះទេ។ សូមមើល៖ keys list, root show",
    "unknown_custodian_key": "root មុន មិនមានកូនសោអ្នកថែរក្សាលេខសម្គាល់នេះទេ។ សូមមើល៖ root show",
    "unknown_seal_key": "គ្មានកូនសោបោះត្រាឈ្មោះនេះទេ។ សូមមើល៖ seal-key list",
    "unreadable_file": "មិនអាចអានឯកសារបានទេ។",
    "unsafe_module": "ម៉ូឌុល HSM ត្រូវមានផ្លូវពេញ នៅក្រៅថតនេះ ហើយគ្មានអ្នកផ្សេងអាចសរសេរវាបាន។",
    "unsafe_out": "ការផ្សាយត្រូវបានចម្លង និងចែកចាយ។ សូមជ្រើសថតផ្សេង នៅក្រៅទីតាំងនេះ។",
    "unsupported_database": "MONTREY_DATABASE_URL ត្រូវជា sqlite:///PATH ឬ postgresql://USER@HOST/DATABASE។ "
    "PostgreSQL ត្រូវការ montrey[postgres]។",
    "unusable_photo": "រូបថតមិនមែនជា PNG ឬ JPEG ខូច ឬធំពេក។ សូមសុំរូបថតផ្សេង។",
    "unwritable_file": "មិនអាចសរសេរបានទេ។ សូមជ្រើសកន្លែងផ្សេង ឬបង្កើនទំហំទំនេរ រួចធ្វើពាក្យបញ្ជាដដែលម្ដងទៀត។",
    "weak_passphrase": "ឃ្លាសម្ងាត់ត្រូវមានយ៉ាងតិច ៨ តួ។",
    "wrong_passphrase": "ឃ្លាសម្ងាត់មិនត្រឹមត្រូវ។ គ្មានអ្វីផ្លាស់ប្ដូរទេ។",
    "wrong_state": "ស្ថានភាពកាតមិនអនុញ្ញាតទេ។ កាតដែលផ្អាក៖ reinstate ឬ revoke បើបាត់៖ lost រួច replace។ "
    "កាតដែលបាត់៖ replace ឬ retire។ កាតដែលបានជំនួស៖ ប្រើលេខកាតថ្មី។ "
    "កាតដែលបានដកហូត ឬផុតកំណត់៖ import ម្ចាស់វាម្ដងទៀត រួច approve APPLICATION។",
}
"""Khmer for the codes of `IssuerError`, and where the ministry needs another word than gates and phones."""
