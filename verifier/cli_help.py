"""The help of `montrey-verifier` in Khmer, by the English that stands beside each option."""

from __future__ import annotations

from credential.template import ANY_GATE

KHMER = {
    "positional arguments": "អ្វីដែលត្រូវវាយ",
    "options": "ជម្រើស",
    "commands": "ពាក្យបញ្ជា",
    "show this help message and exit": "បង្ហាញជំនួយនេះ",
    "leave out the list that only banks need (SD-JWT VC)": "មិនយកបញ្ជីដែលមានតែធនាគារត្រូវការ (SD-JWT VC)",
    "print the version and exit": "បង្ហាញលេខកំណែ",
    "Make a home, sync it from a stick, judge what is presented.": "រៀបចំម៉ាស៊ីន ទទួលទិន្នន័យពីឧបករណ៍ USB និងពិនិត្យអ្វីដែលគេបង្ហាញ។",
    "the verifier's folder (default: here)": "ថតរបស់អ្នកផ្ទៀងផ្ទាត់ (លំនាំដើម៖ ទីនេះ)",
    "English or Khmer (default: en)": "អង់គ្លេស ឬខ្មែរ (លំនាំដើម៖ en)",
    "make a home that believes in one ministry's root": "រៀបចំម៉ាស៊ីនឱ្យជឿលើ root របស់ក្រសួងមួយ",
    "take over newer trust from a stick, a folder or a delta": "ទទួលទិន្នន័យថ្មី ពីឧបករណ៍ USB ថត ឬបច្ចុប្បន្នភាព",
    "show the two clock floors, or lower the local one": "បង្ហាញម៉ោងទាបបំផុតទាំងពីរ ឬបន្ថយម៉ោងរបស់ម៉ាស៊ីន",
    "make a challenge for a phone to answer within 60 seconds": "បង្កើតសំណួរ ឱ្យទូរស័ព្ទឆ្លើយក្នុង ៦០ វិនាទី",
    "judge one presentation, offline": "ពិនិត្យការបង្ហាញមួយ ដោយមិនបាច់មានបណ្ដាញ",
    "the ministry's first root": "root ទីមួយរបស់ក្រសួង",
    "what the ministry published; compared with the root": "ស្នាមសម្គាល់ដែលក្រសួងបានផ្សាយ ដើម្បីប្រៀបធៀប",
    "throw away what this home knows, and begin anew": "បោះបង់អ្វីដែលម៉ាស៊ីននេះដឹង ហើយចាប់ផ្ដើមថ្មី",
    "a publication's folder, a delta's file, or its MS1: text": "ថតផ្សាយ ឯកសារបច្ចុប្បន្នភាព ឬអត្ថបទ MS1: របស់វា",
    "read the delta's QR code from a picture (extra: qr)": "អានកូដ QR នៃបច្ចុប្បន្នភាព ពីរូបភាព (ត្រូវការ qr)",
    "print one JSON object": "បង្ហាញជា JSON",
    "lower the local floor to the signed one (a supervisor)": "បន្ថយម៉ោងរបស់ម៉ាស៊ីន ដល់ម៉ោងដែលបានចុះហត្ថលេខា (អ្នកគ្រប់គ្រង)",
    "this gate's registered number (default: any gate)": "លេខចុះបញ្ជីរបស់ច្រកនេះ (លំនាំដើម៖ ច្រកណាក៏បាន)",
    "write its QR code here (extra: qr)": "សរសេរកូដ QR ទៅទីនេះ (ត្រូវការ qr)",
    "the QR's text; - or nothing: from standard input": "អត្ថបទនៃកូដ QR (- ឬទទេ៖ ពីបញ្ចូលស្តង់ដារ)",
    "read the QR from a picture (extra: qr)": "អានកូដ QR ពីរូបភាព (ត្រូវការ qr)",
    "a printed QR; needs --card": "កូដ QR បោះពុម្ព ត្រូវការ --card",
    "the number on the plastic, to be compared": "លេខលើកាតប្លាស្ទិក ដើម្បីប្រៀបធៀប",
    "the challenge shown: MC1:... or base64url of its 8 bytes": "សំណួរដែលបានបង្ហាញ៖ MC1:... ឬ base64url នៃ ៨ បៃ",
    f"this gate's audience (default: the challenge's, or {ANY_GATE})": f"ឈ្មោះច្រកនេះ (លំនាំដើម៖ តាមសំណួរ ឬ {ANY_GATE})",
    "what it is shown for (default: entry)": "គោលបំណងនៃការបង្ហាញ (លំនាំដើម៖ entry)",
    "an SD-JWT VC; needs --audience and --nonce": "លិខិត SD-JWT VC ត្រូវការ --audience និង --nonce",
    "the nonce that an SD-JWT VC was asked for with": "nonce ដែលបានសុំ SD-JWT VC ជាមួយ",
    "older status data is stale (8)": "ទិន្នន័យស្ថានភាពចាស់ជាងនេះ មិនអាចជឿបាន (៨ ថ្ងៃ)",
    "judge as of this RFC 3339 time; moves no clock floor, no cache": "ពិនិត្យតាមម៉ោង RFC 3339 នេះ ដោយមិនប្ដូរអ្វីដែលម៉ាស៊ីនចាំ",
    "do not look whether it was shown before": "មិនពិនិត្យថាធ្លាប់បង្ហាញឬនៅ",
}
