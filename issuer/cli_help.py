"""The help of `montrey-issuer` in Khmer, by the English that stands beside each option."""

from __future__ import annotations

from issuer.cli_applications_wording import HELP_KM as APPLICATIONS_HELP
from issuer.cli_bank_wording import HELP as BANK_HELP
from issuer.cli_bulk_wording import HELP as BULK_HELP
from issuer.cli_keeping_wording import HELP as KEEPING_HELP
from issuer.cli_print_wording import HELP as PRINT_HELP
from issuer.cli_show_wording import HELP_KM as SHOW_HELP
from issuer.cli_staff_wording import HELP as STAFF_HELP
from issuer.cli_wording import PHRASES

EPILOG = (
    "The passphrase is asked for, or read from the file that MONTREY_PASSPHRASE_FILE names; that of a member "
    "of staff from MONTREY_STAFF_PASSPHRASE_FILE, a new one from MONTREY_NEW_PASSPHRASE_FILE; MONTREY_AS stands for --as. "
    "So is the PIN "
    "of a token (HSM), with MONTREY_PIN_FILE, for keys in it, and MONTREY_PKCS11_MODULE names its module. "
    "The register is an SQLite file in the home, or where MONTREY_DATABASE_URL says (sqlite:///PATH or "
    "postgresql://USER@HOST/DATABASE)."
)
IMPORT = (
    "Files an application for every good row and names every bad one. XLSX, or CSV in UTF-8 with commas, "
    "semicolons or tabs. Sending a file again is safe. See --columns."
)
STOLEN = PHRASES["stolen_help"].en
RENEW = PHRASES["renew_help"].en
KEYS_STOLEN = PHRASES["keys_stolen_help"].en

KHMER = {
    "positional arguments": "អ្វីដែលត្រូវវាយ",
    "options": "ជម្រើស",
    "commands": "ពាក្យបញ្ជា",
    "show this help message and exit": "បង្ហាញជំនួយនេះ",
    "print the version and exit": "បង្ហាញលេខកំណែ",
    "The ministry's register of cards: applications, approval, status, publication.": "បញ្ជីកាតរបស់ក្រសួង៖ ពាក្យសុំ ការអនុម័ត ស្ថានភាព និងការផ្សាយ។",
    EPILOG: "ឃ្លាសម្ងាត់ត្រូវបានសួរ ឬអានពីឯកសារដែល MONTREY_PASSPHRASE_FILE បញ្ជាក់។ ឃ្លាសម្ងាត់របស់បុគ្គលិក (MONTREY_STAFF_PASSPHRASE_FILE) "
    "ឃ្លាថ្មី (MONTREY_NEW_PASSPHRASE_FILE) MONTREY_AS ជំនួស --as និងលេខសម្ងាត់ PIN របស់ HSM ក៏ដូច្នេះ (MONTREY_PIN_FILE) "
    "ហើយ MONTREY_PKCS11_MODULE បញ្ជាក់ម៉ូឌុលរបស់វា។ បញ្ជីជាឯកសារ "
    "SQLite ក្នុងថតនេះ ឬនៅកន្លែងដែល MONTREY_DATABASE_URL បញ្ជាក់ (sqlite:///PATH ឬ postgresql://USER@HOST/DATABASE)។",
    "the issuer's folder (made by init)": "ថតរបស់អ្នកចេញកាត (បង្កើតដោយ init)",
    "English or Khmer": "អង់គ្លេស ឬខ្មែរ",
    "make a home: keys, register, and custodians' keys": "រៀបចំថត៖ សោ បញ្ជី និងសោអ្នកថែរក្សា",
    "custodians: make and sign the root of trust": "អ្នកថែរក្សា៖ បង្កើត និងចុះហត្ថលេខាលើ root",
    "custodians: sign issuers, keys, templates, codes and purposes": "អ្នកថែរក្សា៖ ចុះហត្ថលេខាលើអ្នកចេញ សោ គំរូ លេខកូដ និងគោលបំណង",
    "the keys that cards are sealed with": "សោដែលបោះត្រាលើកាត",
    "gates and banks that custodians will sign": "ច្រក និងធនាគារ ដែលអ្នកថែរក្សានឹងចុះហត្ថលេខា",
    "file applications from an agency's CSV or XLSX": "បញ្ចូលពាក្យសុំ ពីឯកសារ CSV ឬ XLSX របស់អង្គភាព",
    "a folder of photos: NUMBER.jpg or NUMBER.png": "ថតរូបថត៖ អត្តលេខ.jpg ឬ អត្តលេខ.png",
    "write an XLSX to send back: the rows and what is wrong": "សរសេរ XLSX សម្រាប់ផ្ញើត្រឡប់៖ ជួរទាំងអស់ និងកំហុស",
    "applications and cards": "ពាក្យសុំ និងកាត",
    "one card, and where its credentials stand": "កាតមួយ និងលិខិតរបស់វា",
    "give applications a card number and a seal": "ឱ្យលេខកាត និងត្រា ដល់ពាក្យសុំ",
    "what a phone answers with a request": "ការផ្ដល់ជូន ដែលទូរស័ព្ទឆ្លើយដោយសំណើ",
    "answer a phone's request with its credentials": "ឆ្លើយសំណើរបស់ទូរស័ព្ទ ដោយលិខិតបញ្ជាក់",
    "hold the register against its audit chain": "ផ្ទៀងផ្ទាត់បញ្ជីជាមួយខ្សែសវនកម្ម",
    "a publication or a gate's home, older ones too: the chain must lead to what they hold": "ការផ្សាយ "
    "ឬថតរបស់ច្រក ទោះចាស់ក៏ដោយ៖ ខ្សែត្រូវឆ្លងកាត់អ្វីដែលមានក្នុងនោះ",
    "where every application stands, by agency": "ពាក្យសុំទាំងអស់ស្ថិតនៅឯណា តាមអង្គភាព",
    "draw a picture of it: a .png or a .svg file": "គូររូបភាពវា៖ ឯកសារ .png ឬ .svg",
    "end a card that was lost; replace makes the next one": "បញ្ចប់កាតដែលបាត់ replace ធ្វើកាតថ្មី",
    "end the card of somebody who leaves the civil service": "បញ្ចប់កាតរបស់អ្នកដែលចេញពីមុខងារសាធារណៈ",
    "stop a card for a while": "ផ្អាកកាតមួយរយៈ",
    "end a suspension": "បញ្ចប់ការផ្អាក",
    "end a card for good": "បញ្ចប់កាតជារៀងរហូត",
    "end a card and make a new one for its holder": "បញ្ចប់កាត ហើយធ្វើកាតថ្មីឱ្យម្ចាស់",
    "sign the status lists and write a publication": "ចុះហត្ថលេខាលើបញ្ជីស្ថានភាព ហើយសរសេរការផ្សាយ",
    "what changed since the last publication, for QR codes": "អ្វីដែលបានប្ដូរ តាំងពីការផ្សាយចុងក្រោយ សម្រាប់កូដ QR",
    "a folder or stick, outside of every home": "ថត ឬ USB ដែលនៅក្រៅថតរបស់កម្មវិធី",
    "every key, what it is doing, until when": "កូនសោនីមួយៗ កំពុងធ្វើអ្វី និងដល់ពេលណា",
    "fingerprint, end, keys, signatures": "ស្នាមសម្គាល់ ថ្ងៃផុតកំណត់ កូនសោ និងហត្ថលេខា",
    "make the next keys, for custodians to sign": "បង្កើតកូនសោបន្ទាប់ ឱ្យអ្នកថែរក្សាហត្ថលេខា",
    "seal, live, sd-jwt, status-cwt, printing, online": "ប្រភេទ៖ seal, live, sd-jwt, status-cwt, printing, online",
    "sign without asking, for scripts": "ហត្ថលេខាដោយមិនសួរ សម្រាប់ស្គ្រីប",
    "make them in this token (HSM), not in key files": "បង្កើតក្នុងឧបករណ៍សុវត្ថិភាព (HSM) នេះ មិនមែនក្នុងឯកសារសោ",
    "the QR code to be printed on a card that stands": "កូដ QR សម្រាប់បោះពុម្ពលើកាតដែលនៅមានសុពលភាព",
    "the keys that sign credentials and lists": "កូនសោដែលហត្ថលេខាលើលិខិតបញ្ជាក់ និងបញ្ជី",
    "the list signed before: shows what has changed since": "បញ្ជីដែលបានហត្ថលេខាពីមុន៖ បង្ហាញអ្វីដែលបានផ្លាស់ប្ដូរ",
    "you have compared this machine's date and time with another clock": "អ្នកបានផ្ទៀងនាឡិកាម៉ាស៊ីននេះ ជាមួយនាឡិកាផ្សេង",
    "print JSON": "បង្ហាញជា JSON",
    "stands in every credential": "មានក្នុងលិខិតនីមួយៗ",
    "the issuer's name in Khmer": "ឈ្មោះអ្នកចេញ ជាខ្មែរ",
    "the issuer's name in English": "ឈ្មោះអ្នកចេញ ជាអង់គ្លេស",
    "digits of an employee number": "ចំនួនខ្ទង់នៃអត្តលេខមន្ត្រី",
    "custodians make and sign the root on another machine": "អ្នកថែរក្សាធ្វើ root នៅលើម៉ាស៊ីនផ្សេង",
    "custodians' keys and the first root (offline)": "សោអ្នកថែរក្សា និង root ទីមួយ (ក្រៅបណ្ដាញ)",
    "draw up the root after PREVIOUS, to be signed": "រៀបចំ root បន្ទាប់ពី PREVIOUS ដើម្បីចុះហត្ថលេខា",
    "add a custodian's signature (offline)": "បន្ថែមហត្ថលេខាអ្នកថែរក្សាម្នាក់ (ក្រៅបណ្ដាញ)",
    "take a signed root into the home": "ទទួល root ដែលបានចុះហត្ថលេខា",
    "online-key.jwk of the home": "online-key.jwk របស់ថត",
    "an empty or new folder": "ថតទទេ ឬថតថ្មី",
    "the newest root": "root ថ្មីបំផុត",
    "the new root, without signatures": "root ថ្មី ដែលគ្មានហត្ថលេខា",
    "the root": "ឯកសារ root",
    "the root (the home's newest)": "ឯកសារ root (លំនាំដើម៖ root ថ្មីបំផុតរបស់ថត)",
    "the root before it, from the second one on": "root មុនវា ចាប់ពីទីពីរទៅ",
    "the custodian's key.json": "key.json របស់អ្នកថែរក្សា",
    "draw up the list as the register stands": "រៀបចំបញ្ជីទុកចិត្ត តាមបញ្ជីកាតឥឡូវនេះ",
    "what is signed, by whom, until when": "អ្វីដែលបានចុះហត្ថលេខា ដោយនរណា ដល់ពេលណា",
    "take a signed list into the home": "ទទួលបញ្ជីទុកចិត្ត ដែលបានចុះហត្ថលេខា",
    "the trust list, one file that travels": "បញ្ជីទុកចិត្ត ជាឯកសារតែមួយ",
    "seal keys, and which of them is in use": "សោបោះត្រា និងសោដែលកំពុងប្រើ",
    "make a seal key, for custodians to sign": "បង្កើតសោបោះត្រា ឱ្យអ្នកថែរក្សាចុះហត្ថលេខា",
    "refuse what a thief seals with a key": "បដិសេធអ្វីដែលចោរបោះត្រាដោយសោមួយ",
    STOLEN: PHRASES["stolen_help"].km,
    RENEW: PHRASES["renew_help"].km,
    KEYS_STOLEN: PHRASES["keys_stolen_help"].km,
    "answer the theft of a key": "ឆ្លើយតបនឹងការលួចកូនសោ",
    "cards whose phone may hold what a key made": "កាតដែលទូរស័ព្ទអាចមានលិខិតធ្វើដោយកូនសោមួយ",
    "as keys list or root show names it": "ឈ្មោះ តាម keys list ឬ root show",
    "one custodian's new key (offline)": "កូនសោថ្មីរបស់អ្នកថែរក្សាម្នាក់ (ក្រៅបណ្ដាញ)",
    "a new folder": "ថតថ្មី",
    "a custodian's key that is stolen or lost, as root show names it": "កូនសោអ្នកថែរក្សាដែលត្រូវបានលួច ឬបាត់ តាម root show",
    "the key of a new root custodian (root key)": "កូនសោរបស់អ្នកថែរក្សា root ថ្មី (root key)",
    "the key of a new targets custodian (root key)": "កូនសោរបស់អ្នកថែរក្សា targets ថ្មី (root key)",
    "the key, as seal-key list names it": "ឈ្មោះសោ តាម seal-key list",
    "the gates in the register": "ច្រកក្នុងបញ្ជី",
    "register a gate, for custodians to sign": "ចុះបញ្ជីច្រក ឱ្យអ្នកថែរក្សាចុះហត្ថលេខា",
    "1 to 65535, never given again": "១ ដល់ ៦៥៥៣៥ មិនឱ្យពីរដង",
    "the gate's name in Khmer": "ឈ្មោះច្រក ជាខ្មែរ",
    "the gate's name in English": "ឈ្មោះច្រក ជាអង់គ្លេស",
    "what it asks for (default: entry)": "គោលបំណង (លំនាំដើម៖ entry)",
    IMPORT: "បញ្ចូលពាក្យសុំសម្រាប់ជួរល្អនីមួយៗ ហើយប្រាប់ជួរខុស។ XLSX ឬ CSV UTF-8 មានសញ្ញា , ; ឬ tab។ "
    "ផ្ញើឯកសារម្ដងទៀតមិនមានបញ្ហាទេ។ សូមមើល --columns។",
    "dates may be day/month/year": "កាលបរិច្ឆេទអាចជា ថ្ងៃ/ខែ/ឆ្នាំ",
    "print what the columns hold": "បង្ហាញអត្ថន័យនៃជួរឈរ",
    "print the code tables": "បង្ហាញតារាងលេខកូដ",
    "print a small file": "បង្ហាញឯកសារគំរូតូចមួយ",
    "only how many there are in each state": "បង្ហាញតែចំនួន តាមស្ថានភាព",
    "card number": "លេខកាត",
    "all that wait, except those that list --doubtful shows": "ទាំងអស់ដែលកំពុងរង់ចាំ លើកលែងពាក្យសុំក្នុង list --doubtful",
    "write it here instead of printing it": "សរសេរទៅទីនេះ ជំនួសការបង្ហាញ",
    "a file, or - for standard input": "ឯកសារ ឬ - សម្រាប់បញ្ចូលស្តង់ដារ",
    "only the phone's credentials; the card stays": "តែលិខិតក្នុងទូរស័ព្ទ កាតនៅដដែល",
    "a folder": "ថតមួយ",
    "seal.txt, seal.png, seal.svg": "ថត៖ seal.txt, seal.png, seal.svg",
    **APPLICATIONS_HELP,
    **SHOW_HELP,
    **BANK_HELP,
    **STAFF_HELP,
    **PRINT_HELP,
    **KEEPING_HELP,
    **BULK_HELP,
}
