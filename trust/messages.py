"""What each code of `TrustError`, or from below it, means and what to do next, in Khmer and English."""

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
    "no_publication": Name(
        "គ្មានទិន្នន័យទុកចិត្តនៅទីនេះទេ។ បើជាថតបច្ចុប្បន្នភាព សូមឱ្យឯកសារមួយ៖ .delta ឬ .txt ឬ .png (--image)។",
        "There is no trust data here. Of a folder of updates give one file: a .delta, a .txt, "
        "or with --image a .png.",
    ),
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
    "redirected": Name(
        "ម៉ាស៊ីនមេបញ្ជូនទៅកន្លែងផ្សេង។ សូមសួរក្រសួងអំពីអាសយដ្ឋានត្រឹមត្រូវ រួចប្រើវា។",
        "The server sends elsewhere. Give the final address, as the ministry names it.",
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
        "ទិន្នន័យក្នុងម៉ាស៊ីនខូច។ សូមដំណើរការ init --again ជាមួយ root របស់ក្រសួង រួច sync ដោយឧបករណ៍ USB ថ្មីបំផុត។",
        "The data on this machine is damaged. Run init --again with the ministry's root, "
        "then sync with the newest stick.",
    ),
    "home_exists": Name(
        "ម៉ាស៊ីននេះបានរៀបចំជាមួយ root ផ្សេងរួចហើយ។ បើក្រសួងប្រាប់ឱ្យប្ដូរ៖ init --again",
        "This machine was set up with another root already. If the ministry says to change it: init --again.",
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


def _damaged(km: str, en: str) -> Name:
    """Something that came whole and did not arrive so."""
    return Name(f"{km}ខូច។ សូមយកច្បាប់ចម្លងថ្មី។", f"{en} is damaged. Get a new copy.")


BELOW: Mapping[str, Name] = MappingProxyType(
    {
        "bad_card_number": Name("នេះមិនមែនជាលេខកាតទេ។ សូមពិនិត្យលេខលើកាត។", "This is no card number. Look again."),
        "bad_claim": Name("ព័ត៌មានមួយមិនត្រឹមត្រូវ។ សូមកែវា។", "A value is not acceptable. Correct it."),
        "bad_template": Name("គំរូមួយមិនត្រឹមត្រូវ។ សូមប្រាប់ក្រសួង។", "A template is not acceptable."),
        "claim_not_held": Name("លិខិតគ្មានព័ត៌មាននេះទេ។", "The credential has no such claim."),
        "decryption_failed": Name("មិនអាចបើកសារបានទេ។ វាសម្រាប់សោផ្សេង។", "It is sealed for another key."),
        "delta_base_mismatch": Name("សូម sync ដោយឧបករណ៍ USB ថ្មីជាមុនសិន។", "Sync with the newest stick first."),
        "delta_older": Name("បច្ចុប្បន្នភាពនេះចាស់ពេក។ សូមយកថ្មី។", "The update is too old. Bring a newer one."),
        "delta_result_mismatch": _damaged("បច្ចុប្បន្នភាព", "The update"),
        "delta_too_long": Name(
            "បច្ចុប្បន្នភាពវែងពេកសម្រាប់កូដ QR។ សូមប្រើឯកសារ។", "The update is too long for a QR code. Use its file."
        ),
        "delta_uri_mismatch": Name("បច្ចុប្បន្នភាពនេះសម្រាប់បញ្ជីផ្សេង។", "The update is for another list."),
        "fetch_failed": Name("ភ្ជាប់មិនបាន។ សូមព្យាយាមម្តងទៀត។", "It cannot be reached. Try again."),
        "holder_mismatch": Name("លិខិតនេះចងភ្ជាប់នឹងសោផ្សេង។", "The credential is bound to another key."),
        "hsm_failed": Name(
            "HSM មិនអាចធ្វើបានទេ។ សូមពិនិត្យវា ហើយព្យាយាមម្តងទៀត។",
            "The token (HSM) could not do it. Check it, and try again.",
        ),
        "hsm_key_ambiguous": Name(
            "HSM មានកូនសោឈ្មោះដដែលច្រើន។", "The token (HSM) has more than one key of this name."
        ),
        "hsm_key_mismatch": Name(
            "កូនសោក្នុង HSM មិនមែនជាកូនសោដែលបានកត់ទុកទេ។", "The key in the token (HSM) is another than was noted."
        ),
        "hsm_key_missing": Name(
            "HSM គ្មានកូនសោនេះទេ។ សូមពិនិត្យថាជា HSM ត្រឹមត្រូវ។",
            "The token (HSM) has no such key. Is it the right token?",
        ),
        "hsm_missing": Name(
            "មិនអាចបើកម៉ូឌុលរបស់ HSM បានទេ។ សូមពិនិត្យ MONTREY_PKCS11_MODULE។",
            "The module of the token (HSM) cannot be loaded. Check MONTREY_PKCS11_MODULE.",
        ),
        "sealed_damaged": Name(
            "ឯកសារដែលបិទត្រាត្រូវបានកែ ឬខូច ឬកូនសោមិនត្រឹមត្រូវ។ សូមសុំឯកសារម្ដងទៀត។",
            "The sealed file was altered or damaged, or the key is another. Ask for it again.",
        ),
        "sealed_too_large": Name(
            "ឯកសារដែលបិទត្រាធំជាងដែលបានប្រកាស។ សូមសុំឯកសារម្ដងទៀត។",
            "The sealed file is larger than was announced. Ask for it again.",
        ),
        "sealed_trailing": Name(
            "មានទិន្នន័យបន្ថែមក្រោយឯកសារដែលបិទត្រា។ សូមសុំឯកសារម្ដងទៀត។",
            "Something follows the end of the sealed file. Ask for it again.",
        ),
        "sealed_truncated": Name(
            "ឯកសារដែលបិទត្រាដាច់កណ្ដាល។ សូមចម្លង ឬសុំវាម្ដងទៀត។",
            "The sealed file was cut short. Copy it, or ask for it, again.",
        ),
        "index_out_of_range": Name(
            "បញ្ជីស្ថានភាពគ្មានលេខរៀងនេះទេ។ សូមប្រាប់ក្រសួង។", "A status list has no such index. Tell the ministry."
        ),
        "key_binding_missing": Name("ខ្វះភស្តុតាងរបស់អ្នកកាន់។", "The holder's proof is missing."),
        "list_full": Name(
            "បញ្ជីស្ថានភាពពេញហើយ។ គ្មានអ្វីបានធ្វើទេ។",
            "The status list is full; nothing was done.",
        ),
        "list_too_large": Name("បញ្ជីស្ថានភាពធំពេក។", "A status list is too large."),
        "malformed": _damaged("កូដ", "The code"),
        "malformed_base45": _damaged("អត្ថបទ", "The text"),
        "malformed_base64url": _damaged("អត្ថបទ", "The text"),
        "malformed_cbor": _damaged("ទិន្នន័យ", "The data"),
        "malformed_challenge": Name(
            "នេះមិនមែនជាសំណួររបស់ច្រកទេ។ សូមស្កេនម្តងទៀត។", "This is no challenge of a gate. Scan it again."
        ),
        "malformed_codes": _damaged("តារាងលេខកូដ", "A code table"),
        "malformed_cose": _damaged("លិខិត", "The credential"),
        "malformed_delta": _damaged("បច្ចុប្បន្នភាព", "The update"),
        "malformed_did": Name("អត្តសញ្ញាណមិនត្រឹមត្រូវ។", "The identifier is not acceptable."),
        "malformed_did_document": _damaged("ឯកសារអត្តសញ្ញាណ", "The identifier's document"),
        "malformed_json": _damaged("ឯកសារ", "The file"),
        "malformed_jwe": _damaged("សារ", "The message"),
        "malformed_jws": _damaged("លិខិត", "The credential"),
        "malformed_key": _damaged("ឯកសារសោ", "The key"),
        "malformed_key_file": _damaged("ឯកសារសោ", "The key file"),
        "malformed_list": _damaged("បញ្ជីស្ថានភាព", "The status list"),
        "malformed_reference": _damaged("លិខិត", "The credential"),
        "malformed_sd_jwt": _damaged("លិខិត", "The credential"),
        "not_montrey": Name("នេះជាកូដ QR ផ្សេង។", "This is some other QR code."),
        "pin_locked": Name(
            "HSM ជាប់សោ ព្រោះ PIN ខុសច្រើនដង។ សូមសុំអ្នកគ្រប់គ្រងសុវត្ថិភាពរបស់វាដោះសោ។",
            "The token (HSM) is locked after wrong PINs. Its security officer can unlock it.",
        ),
        "private_key": Name(
            "ឯកសារនេះមានសោសម្ងាត់។ សូមឱ្យតែសោសាធារណៈ ហើយទុកវាជាសម្ងាត់។",
            "The file holds a secret key. Give the public one, and keep this one secret.",
        ),
        "qr_too_dense": Name(
            "កូដ QR តូចពេកសម្រាប់បោះពុម្ព។ សូមបោះពុម្ពឱ្យធំជាងនេះ។", "The QR code is too small to print. Print it wider."
        ),
        "qr_too_long": Name("វែងពេកសម្រាប់កូដ QR។ សូមប្រើឯកសារ។", "It is too long for a QR code. Use its file."),
        "response_too_large": Name("ចម្លើយធំពេក។", "The answer is too large."),
        "sd_hash_mismatch": _damaged("ការបង្ហាញ", "The presentation"),
        "token_ambiguous": Name(
            "មាន HSM ច្រើនដែលមានឈ្មោះដដែល។ សូមដកមួយចេញ។", "Several tokens (HSMs) have this name. Take one out."
        ),
        "token_missing": Name(
            "រក HSM មិនឃើញទេ។ សូមដោត ឬបើកវា។", "The token (HSM) is not there. Plug it in, or switch it on."
        ),
        "unknown_template": Name(
            "មិនស្គាល់គំរូនេះទេ។ សូម sync ដោយឧបករណ៍ USB ថ្មី។", "The template is unknown. Sync with the newest stick."
        ),
        "unreadable_image": Name(
            "មិនអាចអានរូបភាពបានទេ។ សូមប្រើ PNG ឬ JPEG។", "The image cannot be read. Use PNG or JPEG."
        ),
        "unsupported_bits": Name("មិនស្គាល់បញ្ជីស្ថានភាពប្រភេទនេះទេ។", "The status list is of an unknown kind."),
        "unsupported_did": Name("មិនស្គាល់អត្តសញ្ញាណប្រភេទនេះទេ។", "The identifier is of an unknown kind."),
        "unsupported_key": Name("មិនស្គាល់សោប្រភេទនេះទេ។", "The key is of an unknown kind."),
        "unsupported_version": Name(
            "នេះថ្មីជាងកម្មវិធីនេះ។ សូមធ្វើបច្ចុប្បន្នភាពកម្មវិធី។", "It is newer than this program. Update the program."
        ),
        "wrong_algorithm": Name("ហត្ថលេខាមិនមែនប្រភេទរបស់សោនេះទេ។", "The signature is not of the key's kind."),
        "wrong_passphrase": Name(
            "ឃ្លាសម្ងាត់មិនត្រឹមត្រូវ។ គ្មានអ្វីផ្លាស់ប្ដូរទេ។", "The passphrase is wrong. Nothing was changed."
        ),
        "wrong_pin": Name(
            "លេខសម្ងាត់ PIN មិនត្រឹមត្រូវ។ ប្រយ័ត្ន៖ HSM ជាប់សោក្រោយ PIN ខុសច្រើនដង។",
            "The PIN is wrong. Take care: a token (HSM) locks after a few wrong ones.",
        ),
    }
)
"""The codes of `DidError`, `FetchError`, `CredentialError` and `StatusError` that `MESSAGES` has not."""


def explain(code: str) -> Name | None:
    """What a code means, wherever it was raised at or below this layer."""
    return MESSAGES.get(code) or BELOW.get(code)
