"""The help of `montrey-wallet` in Khmer, by the English that stands beside each option."""

from __future__ import annotations

EPILOG = "The passphrase is asked for, or read from the file that MONTREY_PASSPHRASE_FILE names."
PRESENT = (
    "Draws a live QR code that renews itself every 20 seconds; with --challenge, answers a gate once. "
    "Prints the code's text when standard output is no terminal."
)

KHMER = {
    "positional arguments": "អ្វីដែលត្រូវវាយ",
    "options": "ជម្រើស",
    "commands": "ពាក្យបញ្ជា",
    "show this help message and exit": "បង្ហាញជំនួយនេះ",
    "print the version and exit": "បង្ហាញលេខកំណែ",
    "The civil servant's wallet: receives credentials and shows them.": "កាបូបរបស់មន្ត្រីរាជការ៖ ទទួល និងបង្ហាញលិខិតបញ្ជាក់។",
    EPILOG: "ឃ្លាសម្ងាត់ត្រូវបានសួរ ឬអានពីឯកសារដែល MONTREY_PASSPHRASE_FILE បញ្ជាក់។",
    "the wallet's folder (made by the first request)": "ថតរបស់កាបូប (បង្កើតដោយ request ដំបូង)",
    "English or Khmer (default: en)": "អង់គ្លេស ឬខ្មែរ (លំនាំដើម៖ en)",
    "answer a ministry's offer with fresh keys": "ឆ្លើយការផ្ដល់ជូនរបស់ក្រសួង ដោយសោថ្មី",
    "store the credentials that a ministry issued": "រក្សាទុកលិខិតបញ្ជាក់ដែលក្រសួងបានចេញ",
    "what is in the wallet": "អ្វីដែលមានក្នុងកាបូប",
    "take out a credential, or give up one that was asked for, for good": "យកលិខិតបញ្ជាក់ចេញ ឬលែងរង់ចាំលិខិតដែលបានស្នើសុំ ជាស្ថាពរ",
    "as list shows it": "ដូច list បង្ហាញ",
    "remove without asking, for scripts": "យកចេញដោយមិនសួរ សម្រាប់ស្គ្រីប",
    "show a live QR code, or make a presentation for a bank": "បង្ហាញកូដ QR ផ្ទាល់ ឬធ្វើលិខិតសម្រាប់ធនាគារ",
    "read the QR codes in an image": "អានកូដ QR ក្នុងរូបភាព",
    "the offer: a file, or its JSON text": "ការផ្ដល់ជូន៖ ឯកសារ ឬអត្ថបទ JSON",
    "key of the live QR credential (default: ed25519; the one for banks is always P-256)": "សោនៃលិខិត QR ផ្ទាល់ (លំនាំដើម៖ ed25519 សម្រាប់ធនាគារ P-256 ជានិច្ច)",
    "write the request here instead of printing it": "សរសេរសំណើទៅទីនេះ ជំនួសការបង្ហាញ",
    "the issued credentials: a file, or its JSON text": "លិខិតដែលបានចេញ៖ ឯកសារ ឬអត្ថបទ JSON",
    "for online offers, which this version cannot take": "សម្រាប់ការផ្ដល់ជូនលើបណ្ដាញ ដែលកំណែនេះមិនស្គាល់",
    "print what came in as JSON": "បង្ហាញអ្វីដែលបានទទួល ជា JSON",
    "whole card numbers and all claims": "លេខកាតទាំងមូល និងព័ត៌មានទាំងអស់",
    "print as JSON": "បង្ហាញជា JSON",
    PRESENT: "បង្ហាញកូដ QR ផ្ទាល់ ដែលប្ដូរថ្មីរៀងរាល់ ២០ វិនាទី។ ជាមួយ --challenge ឆ្លើយច្រកតែម្ដង។ "
    "បើគ្មានអេក្រង់ វាបង្ហាញអត្ថបទនៃកូដ។",
    "MC1:… from a gate, or the base64url of its 8 bytes": "MC1:… ពីច្រក ឬ base64url នៃ ៨ បៃ",
    "write FILE.png and the text beside it (--sd-jwt: the token)": "សរសេរ FILE.png និងអត្ថបទក្បែរវា (--sd-jwt៖ លិខិត)",
    "print the text once": "បង្ហាញអត្ថបទម្ដង",
    "this credential (default: the last that came)": "លិខិតនេះ (លំនាំដើម៖ ចុងក្រោយបង្អស់)",
    "an SD-JWT VC presentation for a bank": "លិខិត SD-JWT VC សម្រាប់ធនាគារ",
    "who it is for: the bank, or the gate of a bare challenge": "សម្រាប់នរណា៖ ធនាគារ ឬច្រកដែលសួរ",
    "the bank's nonce": "nonce របស់ធនាគារ",
    "claims to show, with commas between": "ព័ត៌មានដែលត្រូវបង្ហាញ ដាក់សញ្ញា , រវាងគ្នា",
    "a PNG or JPEG": "រូបភាព PNG ឬ JPEG",
}
