"""What a printing bank's commands say: phrases, help and refusals, in Khmer and English."""

from __future__ import annotations

from credential.codes import Name

PHRASES = {
    "bank_key_made": Name(
        "បានបង្កើតកូនសោ៖ {key} ({passphrase_note})។ ផ្ញើឯកសារ {jwks} ទៅក្រសួង (វាមិនមែនជាការសម្ងាត់ទេ) "
        "ហើយប្រៀបធៀបស្នាមម្រាមដៃតាមទូរស័ព្ទ។ ដាក់កូនសោសាធារណៈរបស់ក្រសួង ក្នុង {ministry}។",
        "The keys were made: {key} ({passphrase_note}). Send {jwks} to the ministry (it is no secret), and "
        "compare the fingerprints by voice. Put the ministry's public key into {ministry}.",
    ),
    "bank_key_note": Name(
        "ការពារដោយឃ្លាសម្ងាត់ កុំចែកចាយ", "protected by the passphrase; it never leaves this bank"
    ),
    "bank_fingerprints": Name(
        "ស្នាមម្រាមដៃ កូនសោទទួលបាច់៖ {encryption}\nស្នាមម្រាមដៃ កូនសោហត្ថលេខា៖ {signing}",
        "Fingerprint of the key for batches: {encryption}\nFingerprint of the key for reports: {signing}",
    ),
    "batch_opening": Name("កំពុងបើកបាច់", "opening the batch"),
    "batch_opened": Name(
        "បាច់ {batch} របស់ {bank}៖ កាត {count} ក្នុង {folder}។ ធ្វើនៅ {made_at}",
        "Batch {batch} for {bank}: {count} cards, in {folder}; made {made_at}",
    ),
    "batch_signed_by": Name(
        "ហត្ថលេខាដោយកូនសោក្រសួង៖ {fingerprint}", "Signed by the ministry's key: {fingerprint}"
    ),
    "batch_next": Name(
        "បន្ទាប់៖ បោះពុម្ពតាម cards.csv, បំពេញ {table} រួច batch-report។ "
        "ថតនេះមានទិន្នន័យផ្ទាល់ខ្លួន៖ លុបវា ពេលក្រសួងបញ្ជាក់ថាបានទទួលរបាយការណ៍។",
        "Next: print by cards.csv, fill in {table}, then batch-report. The folder holds personal data: "
        "delete it when the ministry has confirmed your report.",
    ),
    "report_row": Name("{table} ជួរ {rows}៖ {advice}", "{table} row {rows}: {advice}"),
    "report_rows": Name("{table} ជួរ {rows}៖ {advice}", "{table} rows {rows}: {advice}"),
    "difference_card": Name("កាតទី {sequence} {number}", "card {sequence} {number}"),
    "difference_row": Name("{table} ជួរ {row}", "{table} row {row}"),
    "difference_of_report": Name("របាយការណ៍ជួរ {row}", "row {row} of the report"),
    "difference_reported": Name("លេខរាយការណ៍ {reported}", "reported as {reported}"),
    "report_made": Name(
        "កាតបានបោះពុម្ព {printed} ក្នុង {count} ចំណុចខុសគ្នា {differences}។ បានសរសេរ៖ {path}។ បន្ទាប់៖ ផ្ញើវាទៅក្រសួង។",
        "{printed} of {count} cards printed, {differences} differences; written: {path}. "
        "Next: send it to the ministry.",
    ),
}

HELP = {
    "a printing bank: make its keys": "ធនាគារបោះពុម្ព៖ បង្កើតកូនសោ",
    "keys to receive batches and to sign reports": "កូនសោ សម្រាប់ទទួលបាច់ និងហត្ថលេខារបាយការណ៍",
    "a new folder: bank-key.json, bank.jwks": "ថតថ្មី៖ bank-key.json, bank.jwks",
    "a printing bank: check and open a batch": "ធនាគារបោះពុម្ព៖ ពិនិត្យ និងបើកបាច់",
    "a printing bank: sign what was printed": "ធនាគារបោះពុម្ព៖ ហត្ថលេខាលើអ្វីដែលបានបោះពុម្ព",
    "bank-key.json, or a private JWK": "bank-key.json ឬ JWK ឯកជន",
    "the ministry's public key (default: ministry.jwk beside the bank's)": "កូនសោសាធារណៈរបស់ក្រសួង "
    "(លំនាំដើម៖ ministry.jwk ក្បែរកូនសោធនាគារ)",
    "the batch, as the ministry sent it": "បាច់ ដូចដែលក្រសួងបានផ្ញើ",
    "a new folder, for the rows and pictures": "ថតថ្មី សម្រាប់ជួរ និងរូប",
    "the folder of an opened batch, its report.csv filled in": "ថតនៃបាច់ដែលបានបើក ដែល report.csv បានបំពេញ",
    "the signed report, for the ministry": "របាយការណ៍ដែលបានហត្ថលេខា សម្រាប់ក្រសួង",
}

REFUSALS_KM = {
    "bad_bank_key": "ឯកសារកូនសោធនាគារមិនត្រឹមត្រូវ។ សូមប្រើ bank-key.json ឬ bank.jwks ដែលបានបង្កើតដោយ bank-key new។",
    "bad_batch": "បាច់មានតម្លៃដែលមិនអាចបោះពុម្ពបាន។",
    "bad_ministry_key": "ឯកសារកូនសោសាធារណៈរបស់ក្រសួងមិនត្រឹមត្រូវ។ សូមសុំក្រសួងម្ដងទៀត។",
    "bad_picture": "រូបភាពមិនត្រឹមត្រូវ ឬធំពេក។ រូបថតត្រូវជា JPEG ឬ PNG។",
    "bad_report_header": "ចំណងជើងនៃ report.csv ត្រូវមាន៖ sequence, number, printed, spoiled, note។",
    "bad_split": "វិធានចែកកាតឱ្យធនាគារមិនត្រឹមត្រូវ។ កាតនីមួយៗត្រូវមានធនាគារមួយ ហើយភាគរយសរុប ១០០។",
    "batch_altered": "បាច់ត្រូវបានកែ។ គ្មានអ្វីបានសរសេរទេ។ សូមសុំក្រសួងម្ដងទៀត ហើយប្រាប់ពីហេតុការណ៍។",
    "batch_cut": "ឯកសារបាច់មិនគ្រប់។ គ្មានអ្វីបានសរសេរទេ។ សូមចម្លងម្ដងទៀត។ បើនៅតែមិនបាន សូមសុំក្រសួង។",
    "malformed_batch": "បាច់មានអ្វីដែលមិនគួរមាន។ គ្មានអ្វីបានសរសេរទេ។ សូមប្រាប់ក្រសួង។",
    "malformed_report": "ឯកសារនេះមិនមែនជារបាយការណ៍បោះពុម្ពរបស់ធនាគារទេ។",
    "newer_batch": "បាច់នេះធ្វើដោយកម្មវិធីជំនាន់ក្រោយ។ សូមធ្វើបច្ចុប្បន្នភាពកម្មវិធី។",
    "newer_report": "របាយការណ៍នេះធ្វើដោយកម្មវិធីជំនាន់ក្រោយ។ សូមធ្វើបច្ចុប្បន្នភាពកម្មវិធី។",
    "no_ministry_key": "គ្មានកូនសោសាធារណៈរបស់ក្រសួងទេ ({path})។ "
    "សូមដាក់ ministry.jwk ក្បែរកូនសោធនាគារ ឬប្រើ --ministry។",
    "not_a_batch": "ឯកសារនេះមិនមែនជាបាច់បោះពុម្ព (.mbatch) ទេ។",
    "not_an_opened_batch": "ថតនេះមិនមែនជាបាច់ដែល batch-open បានបើកទេ។",
    "other_bank": "បាច់នេះធ្វើសម្រាប់កូនសោធនាគារផ្សេង។ គ្មានអ្វីបានសរសេរទេ។",
    "other_ministry": "បាច់នេះមិនបានហត្ថលេខាដោយកូនសោក្រសួងដែលរក្សានៅទីនេះទេ។ សូមសួរក្រសួងតាមទូរស័ព្ទ។",
    "out_exists": "{path} មានអ្វីរួចហើយ។ សូមជ្រើសថតថ្មី។",
    "secret_bank_key": "នេះជាឯកសារសម្ងាត់របស់ធនាគារ៖ សូមផ្ញើ bank.jwks ដែលនៅក្បែរវា ទៅក្រសួង។ "
    "បើឯកសារសម្ងាត់បានចេញពីធនាគារហើយ សូមបង្កើតកូនសោថ្មី (bank-key new)។",
    "report_unfinished": "report.csv មាន {count} កន្លែងត្រូវកែ។ សូមកែជួរខាងលើ។ គ្មានអ្វីត្រូវបានហត្ថលេខាទេ។",
}
