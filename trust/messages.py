"""What each code of `TrustError` means and what to do next, in Khmer and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from credential.codes import Name

_REPORT = Name(
    "កុំប្រើឧបករណ៍ USB នេះ។ សូមរាយការណ៍ទៅក្រសួង។",
    "Do not use this stick, and tell the ministry.",
)


def _report(km: str, en: str) -> Name:
    """A refusal that no new copy cures."""
    return Name(f"{km} {_REPORT.km}", f"{en} {_REPORT.en}")


_AT_THE_GATE = {
    "no_publication": Name("គ្មានទិន្នន័យទុកចិត្តនៅទីនេះទេ។", "There is no trust data here."),
    "torn": Name("ច្បាប់ចម្លងខូច ឬមិនពេញលេញ។ សូមចម្លងម្តងទៀត។", "The copy is damaged or incomplete. Copy it again."),
    "tampered": Name(
        "ឯកសារមួយត្រូវបានកែប្រែ។ សូមចម្លងម្តងទៀត។ បើនៅដដែល សូមរាយការណ៍ទៅក្រសួង។",
        "A file was altered. Copy it again; if it stays so, tell the ministry.",
    ),
    "mixed": Name(
        "ឯកសារមិនត្រូវគ្នា។ សូមលុប រួចចម្លងម្តងទៀត។",
        "The files do not belong together. Empty the stick and copy again.",
    ),
    "rollback": Name(
        "ទិន្នន័យនេះចាស់ជាងអ្វីដែលម៉ាស៊ីនមាន។ សូមយកទិន្នន័យថ្មី។",
        "This is older than what this machine has. Bring a newer one.",
    ),
    "expired": Name("ទិន្នន័យនេះផុតកំណត់។ សូមយកទិន្នន័យថ្មី។", "This has expired. Bring a newer one."),
    "source_unreadable": Name(
        "អានមិនបាន ឬភ្ជាប់មិនបាន។ សូមព្យាយាមម្តងទៀត។", "It cannot be read or reached. Try again."
    ),
    "clock_untrusted": Name(
        "នាឡិកាម៉ាស៊ីននេះខុស។ សូមកំណត់ថ្ងៃ និងម៉ោង រួចព្យាយាមម្តងទៀត។",
        "This machine's clock is wrong. Set date and time, then try again.",
    ),
    "bad_signature": _report("ហត្ថលេខាមិនមែនរបស់ក្រសួងទេ។", "It is not signed by the ministry."),
    "oversize": _report("ឯកសារមួយធំពេក។", "A file is too large."),
    "unsafe_source": _report(
        "មានតំណ ឬឯកសារមិនធម្មតា។", "It holds links or other things that are no plain files."
    ),
    "unsafe_name": _report("ឈ្មោះឯកសារមិនមានសុវត្ថិភាព។", "A file has an unsafe name."),
    "no_home": Name("សូមដំណើរការ init ជាមុនសិន។", "This machine has not been set up. Run init first."),
    "no_trust": Name("សូមធ្វើ sync ជាមុនសិន។", "This machine has no trust data yet. Run sync first."),
    "home_busy": Name("កម្មវិធីផ្សេងកំពុងប្រើ។ សូមព្យាយាមម្តងទៀត។", "Another program is at work. Try again."),
    "broken_home": Name(
        "ទិន្នន័យក្នុងម៉ាស៊ីនខូច។ សូមរៀបចំម៉ាស៊ីនឡើងវិញ។",
        "The data on this machine is damaged. Set the machine up again.",
    ),
    "home_exists": Name(
        "ម៉ាស៊ីននេះបានរៀបចំជាមួយ root ផ្សេងរួចហើយ។", "This machine was set up with another root already."
    ),
    "root_mismatch": Name(
        "ស្នាមសម្គាល់មិនត្រូវគ្នា។ កុំប្រើឯកសារនេះ។", "The fingerprint does not match. Do not use this file."
    ),
}
_DELTAS = {
    "bad_delta": Name("បច្ចុប្បន្នភាពនេះខូច ឬក្លែងបន្លំ។", "This update is damaged or forged."),
    "delta_old": Name("ម៉ាស៊ីនដឹងច្រើនជាងនេះហើយ។", "This machine already knows more than this update says."),
    "delta_expired": Name("បច្ចុប្បន្នភាពនេះផុតកំណត់។ សូមយកថ្មី។", "This update has expired. Bring a newer one."),
    "delta_base_missing": Name(
        "សូម sync ដោយឧបករណ៍ USB ថ្មីជាមុនសិន។", "Sync with the newest stick first, then try again."
    ),
    "unknown_list": Name(
        "បច្ចុប្បន្នភាពនេះសម្រាប់បញ្ជីផ្សេង។", "This update is for a list that this machine does not hold."
    ),
}
_WRONG_CONTENT = {
    code: _report("ទិន្នន័យមិនត្រឹមត្រូវ។", en)
    for code, en in {
        "malformed_metadata": "Its metadata is not what it should be.",
        "malformed_document": "A trust document is not what it should be.",
        "malformed_genuine": "A list of genuine seals is not what it should be.",
        "missing_document": "A trust document is missing.",
        "bad_issuer_key": "An issuer key is not acceptable.",
        "template_key": "A template names a key that does not fit it.",
        "template_changed": "A template was given another meaning.",
        "codes_changed": "A code was dropped or given another meaning.",
        "unknown_key": "A status list is signed with an unknown key.",
        "wrong_key_kind": "A status list is signed with a key of another kind.",
        "key_window": "A status list is signed outside its key's time.",
        "list_uri_mismatch": "A status list stands in the place of another.",
        "bad_list": "A status list is damaged or forged.",
        "duplicate_list": "A status list is there in two forms.",
    }.items()
}
_AT_THE_MINISTRY = {
    "signatures_missing": Name("ត្រូវការហត្ថលេខាអ្នកថែរក្សាបន្ថែម។", "More signatures of custodians are needed."),
    "not_a_custodian": Name("សោនេះមិនអាចចុះហត្ថលេខាលើឯកសារនេះទេ។", "This key may not sign this file."),
    "keys_overlap": Name("សោនីមួយៗមានតួនាទីតែមួយ។", "Root, targets and online keys must all be different."),
    "too_few_keys": Name("សោមិនគ្រប់ចំនួន។", "There are fewer keys than signatures needed."),
    "root_chain_broken": Name("ត្រូវមាន root ទាំងអស់តាមលំដាប់។", "All roots are needed, in order, unchanged."),
    "root_expires": Name(
        "root ជិតផុតកំណត់។ សូមធ្វើ និងចុះហត្ថលេខា root បន្ទាប់។",
        "The root expires too soon. Make and sign the next one.",
    ),
    "targets_expires": Name(
        "បញ្ជីទុកចិត្តជិតផុតកំណត់។ សូមចុះហត្ថលេខាម្តងទៀត។",
        "The trust list expires too soon. Have the custodians sign it again.",
    ),
    "targets_old": Name(
        "បញ្ជីទុកចិត្តថ្មីជាងនេះបានផ្សាយហើយ។", "A newer trust list was published. Sign one with a higher version."
    ),
    "document_mismatch": Name(
        "ឯកសារមិនដូចអ្វីដែលបានចុះហត្ថលេខាទេ។", "The documents are not those that the custodians signed."
    ),
    "lifetime_too_long": Name(
        "បញ្ជីទុកចិត្តមានសុពលភាពយូរពេក ឬនាឡិកាម៉ាស៊ីននេះយឺត។ សូមពិនិត្យនាឡិកា។",
        "The trust list would stand for too long, or this machine's clock is behind. Check the clock.",
    ),
    "wrong_online_key": Name("សោនេះមិនអាចផ្សាយបានទេ។", "None of these keys may publish."),
    "list_missing": Name("បញ្ជីស្ថានភាពរបស់គំរូមួយមិនទាន់ផ្សាយទេ។", "The status list of a template is not published."),
    "publication_busy": Name(
        "កម្មវិធីផ្សេងកំពុងផ្សាយ។ សូមព្យាយាមម្តងទៀត។", "Another program is publishing here. Try again."
    ),
}

MESSAGES: Mapping[str, Name] = MappingProxyType(
    {**_AT_THE_GATE, **_DELTAS, **_WRONG_CONTENT, **_AT_THE_MINISTRY}
)
"""Every code, and one sentence or two for the person who meets it."""
