"""Everything the wallet says to a person, in English and Khmer."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from credential.codes import Name
from wallet_sdk.holding import Credential

LANGUAGES = ("en", "km")

PHRASES = {
    "usage_missing": Name(
        en="{names} is needed; see --help",
        km="នៅខ្វះ៖ {names}។ សូមមើល --help",
    ),
    "usage_no_value": Name(
        en="{names}: a value has to follow; see --help",
        km="ក្រោយ {names} ត្រូវមានតម្លៃ។ សូមមើល --help",
    ),
    "usage_value": Name(
        en="{names}: what was typed does not fit; see --help",
        km="{names}៖ អ្វីដែលបានវាយ មិនត្រឹមត្រូវ។ សូមមើល --help",
    ),
    "usage_order": Name(
        km="{names} ត្រូវដាក់មុនពាក្យបញ្ជា ដូចជា៖ --lang km COMMAND។ សូមមើល --help",
        en="{names} stands before the command, as in: --lang km COMMAND; see --help",
    ),
    "usage_unknown": Name(
        en="something that was typed belongs to no option: a value with spaces needs quotes; see --help",
        km="មានពាក្យដែលមិនត្រូវនឹងជម្រើសណាទេ។ តម្លៃដែលមានដកឃ្លា ត្រូវដាក់ក្នុង '…'។ សូមមើល --help",
    ),
    "usage_nul": Name(
        en="a value holds a NUL character",
        km="តម្លៃមួយមានតួអក្សរ NUL។",
    ),
    "io_error": Name(
        en="io_error: it could not be read or written ({reason}). Check disk, free space, permissions.",
        km="io_error៖ មិនអាចអាន ឬសរសេរបានទេ ({reason})។ សូមពិនិត្យថាស ទំហំទំនេរ និងសិទ្ធិ។",
    ),
    "no_output": Name(
        en="standard output is closed; nothing was done",
        km="លទ្ធផលគ្មានកន្លែងបង្ហាញ។ គ្មានអ្វីបានធ្វើទេ។",
    ),
    "interrupted": Name(
        en="interrupted",
        km="បានបញ្ឈប់",
    ),
    "no_terminal": Name(
        en="no terminal to ask for the passphrase: set {variable}",
        km="គ្មានកន្លែងសួរឃ្លាសម្ងាត់ទេ៖ សូមកំណត់ {variable}",
    ),
    "no_online_offers": Name(
        en="online offers and --tx-code are not supported by this version: receive a FILE",
        km="កំណែនេះមិនស្គាល់ការផ្ដល់ជូនលើបណ្ដាញ និង --tx-code ទេ៖ សូមប្រើ receive FILE",
    ),
    "sd_jwt_needs": Name(
        en="--sd-jwt needs the bank's --audience and --nonce",
        km="--sd-jwt ត្រូវការ --audience និង --nonce របស់ធនាគារ",
    ),
    "sd_jwt_excludes": Name(
        en="--challenge and --text are for live QR codes, not for --sd-jwt",
        km="--challenge និង --text សម្រាប់តែកូដ QR ផ្ទាល់ មិនប្រើជាមួយ --sd-jwt ទេ",
    ),
    "nonce_needs": Name(
        en="--nonce and --disclose need --sd-jwt: a live QR code shows the whole badge",
        km="--nonce និង --disclose ត្រូវការ --sd-jwt៖ កូដ QR ផ្ទាល់បង្ហាញព័ត៌មានទាំងអស់របស់វា",
    ),
    "audience_needs": Name(
        en="--audience goes with --sd-jwt, or with a --challenge in base64url",
        km="--audience ប្រើជាមួយ --sd-jwt ឬជាមួយ --challenge ជា base64url",
    ),
    "out_is_wallet": Name(
        en="--out would replace the wallet itself: choose another place",
        km="--out នឹងជំនួសកាបូបផ្ទាល់៖ សូមជ្រើសកន្លែងផ្សេង",
    ),
    "out_is_png": Name(
        en="--out writes an image: give it a name that ends in .png",
        km="--out សរសេររូបភាព៖ សូមដាក់ឈ្មោះដែលបញ្ចប់ដោយ .png",
    ),
    "out_or_text": Name(
        en="--out writes the text beside the image: leave --text out",
        km="--out សរសេរអត្ថបទក្បែររូបភាពរួចហើយ៖ សូមដក --text ចេញ",
    ),
    "ask_passphrase": Name(en="Passphrase of the wallet: ", km="ឃ្លាសម្ងាត់នៃកាបូប៖ "),
    "ask_new": Name(en="Passphrase for the new wallet: ", km="ឃ្លាសម្ងាត់សម្រាប់កាបូបថ្មី៖ "),
    "ask_again": Name(en="The same again: ", km="វាយម្ដងទៀត៖ "),
    "passphrase_from": Name(
        en="The passphrase was read from {file}, which {variable} names.",
        km="ឃ្លាសម្ងាត់បានអានពី {file} ដែល {variable} បញ្ជាក់។",
    ),
    "not_the_same": Name(en="The two were not the same.", km="ឃ្លាទាំងពីរមិនដូចគ្នាទេ។"),
    "wallet_made": Name(en="A new wallet was made in {home}.", km="បានបង្កើតកាបូបថ្មីនៅ {home}។"),
    "request_written": Name(
        en="Request written to {path}. Send it to the ministry; then: receive FILE",
        km="បានសរសេរសំណើទៅ {path}។ សូមផ្ញើទៅក្រសួង រួចប្រើ៖ receive FILE",
    ),
    "received": Name(en="Received and stored:", km="បានទទួល និងរក្សាទុក៖"),
    "empty": Name(
        en="The wallet is empty. Ask the ministry for an offer; then: request OFFER",
        km="កាបូបនេះទទេ។ សូមស្នើសុំការផ្ដល់ជូនពីក្រសួង រួចប្រើ៖ request OFFER",
    ),
    "waiting": Name(
        en="{id}  Asked for, not yet received: {format} from {issuer}",
        km="{id}  បានស្នើសុំ ប៉ុន្តែមិនទាន់បានទទួល៖ {format} ពី {issuer}",
    ),
    "given_up": Name(
        en="No longer waited for: {format} from {issuer}. If you still need it, ask for a new offer.",
        km="លែងរង់ចាំ៖ {format} ពី {issuer}។ បើនៅត្រូវការ សូមស្នើសុំការផ្ដល់ជូនថ្មី។",
    ),
    "one_more": Name(
        en="For one request the wallet holds {other} and now {new} too. Where the ministry has issued again, "
        "both are good. If gates refuse one of them, it has to go: remove ID",
        km="សម្រាប់សំណើតែមួយ កាបូបមាន {other} ហើយឥឡូវ {new} ទៀត។ បើក្រសួងបានចេញម្ដងទៀត ទាំងពីរប្រើបាន។ "
        "បើច្រកបដិសេធមួយ លិខិតនោះត្រូវយកចេញដោយ៖ remove ID",
    ),
    "by_date": Name(
        en="Valid is by the date alone: whether a card was suspended or revoked, only gates know.",
        km="មានសុពលភាព គឺតាមកាលបរិច្ឆេទប៉ុណ្ណោះ៖ កាតត្រូវបានផ្អាក ឬដកហូតឬទេ មានតែច្រកដឹង។",
    ),
    "ask_to_remove": Name(
        en="Take {id} out for good? It cannot be brought back. Type yes (or its Khmer word): ",
        km="យក {id} ចេញជាស្ថាពរ? មិនអាចយកមកវិញបានទេ។ វាយ បាទ ចាស យល់ព្រម ឬ yes៖ ",
    ),
    "no_terminal_to_confirm": Name(
        en="no terminal to ask at, and nothing was done: add --yes",
        km="គ្មានកន្លែងសួរបញ្ជាក់ទេ ហើយគ្មានអ្វីបានធ្វើទេ៖ សូមបន្ថែម --yes",
    ),
    "removed": Name(en="Taken out of the wallet: {id}", km="បានយកចេញពីកាបូប៖ {id}"),
    "live": Name(en="live QR credential", km="លិខិតបញ្ជាក់ QR ផ្ទាល់"),
    "sd-jwt": Name(en="credential for banks", km="លិខិតបញ្ជាក់សម្រាប់ធនាគារ"),
    "issuer": Name(en="issued by", km="ចេញដោយ"),
    "valid_until": Name(en="valid until", km="មានសុពលភាពដល់"),
    "valid": Name(en="valid", km="មានសុពលភាព"),
    "expires_soon": Name(en="valid, but ends within 30 days", km="មានសុពលភាព តែជិតផុតកំណត់ក្នុង ៣០ ថ្ងៃ"),
    "expired": Name(en="expired", km="ផុតកំណត់"),
    "not_yet_valid": Name(en="not yet valid", km="មិនទាន់មានសុពលភាព"),
    "renew": Name(
        en="This credential ends on {date}. Ask the ministry for a new offer.",
        km="លិខិតបញ្ជាក់នេះផុតកំណត់នៅថ្ងៃ {date}។ សូមស្នើសុំការផ្ដល់ជូនថ្មីពីក្រសួង។",
    ),
    "shown_to": Name(en="Shown to: {audience}", km="បង្ហាញទៅ៖ {audience}"),
    "any-gate": Name(en="any gate", km="ច្រកចូលណាមួយ"),
    "what": Name(en="What is shown: {claims}", km="អ្វីដែលបង្ហាញ៖ {claims}"),
    "kept": Name(en="What is not shown: {claims}", km="អ្វីដែលមិនបង្ហាញ៖ {claims}"),
    "always": Name(
        en="Always shown: issuer, kind of credential, validity, status place, holder key",
        km="តែងតែបង្ហាញ៖ អ្នកចេញ ប្រភេទលិខិត សុពលភាព ទីតាំងស្ថានភាព និងសោអ្នកកាន់",
    ),
    "nothing": Name(en="nothing", km="គ្មាន"),
    "written": Name(en="Written: {paths}", km="បានសរសេរ៖ {paths}"),
    "one_minute": Name(en="Good for one minute. Show it now.", km="មានសុពលភាពមួយនាទី។ សូមបង្ហាញឥឡូវនេះ។"),
    "renews": Name(en="New code in {seconds} s. Ctrl-C ends.", km="កូដថ្មីក្នុង {seconds} វិនាទី។ Ctrl-C ដើម្បីបញ្ចប់។"),
    "is_challenge": Name(
        en="A challenge of {audience}. To answer within a minute: present --challenge '{text}'",
        km="សំណួរផ្ទៀងផ្ទាត់ពី {audience}។ ឆ្លើយក្នុងមួយនាទី៖ present --challenge '{text}'",
    ),
    "is_presentation": Name(
        en="A Montrey code: a live code of a wallet, or the one printed on a card.",
        km="កូដមន្ត្រី៖ កូដផ្ទាល់ពីកាបូប ឬកូដដែលបោះពុម្ពលើកាត។",
    ),
    "is_status_update": Name(en="A status update for gates.", km="ព័ត៌មានស្ថានភាពថ្មីសម្រាប់ច្រកចូល។"),
    "is_other": Name(en="Not a Montrey code.", km="មិនមែនកូដមន្ត្រីទេ។"),
}

_CLAIMS = {
    "name_km": Name(en="name in Khmer", km="ឈ្មោះជាអក្សរខ្មែរ"),
    "name_la": Name(en="name in Latin letters", km="ឈ្មោះជាអក្សរឡាតាំង"),
    "date_of_birth": Name(en="date of birth", km="ថ្ងៃខែឆ្នាំកំណើត"),
    "ministry": Name(en="ministry", km="ក្រសួង"),
    "ministry_km": Name(en="ministry's name in Khmer", km="ឈ្មោះក្រសួងជាអក្សរខ្មែរ"),
    "ministry_en": Name(en="ministry's name in English", km="ឈ្មោះក្រសួងជាភាសាអង់គ្លេស"),
    "position_km": Name(en="position's name in Khmer", km="ឈ្មោះមុខតំណែងជាអក្សរខ្មែរ"),
    "position_en": Name(en="position's name in English", km="ឈ្មោះមុខតំណែងជាភាសាអង់គ្លេស"),
    "agency": Name(en="agency", km="អង្គភាព"),
    "position": Name(en="position", km="មុខតំណែង"),
    "grade": Name(en="grade", km="ថ្នាក់"),
    "employment_status": Name(en="employment status", km="ស្ថានភាពបម្រើការងារ"),
    "card_number": Name(en="card number", km="លេខកាត"),
    "valid_from": Name(en="card valid from", km="កាតមានសុពលភាពពី"),
    "valid_until": Name(en="card valid until", km="កាតមានសុពលភាពដល់"),
    "photo_sha256": Name(en="digest of the photo", km="លេខសម្គាល់រូបថត"),
}

_TABLES = {"ministry": "ministries", "position": "positions", "grade": "grades"}


def say(language: str, phrase: str, **values: object) -> str:
    """A phrase in `language`, its blanks filled with what is safe to print."""
    filled = {name: printable(value) for name, value in values.items()}
    return str(getattr(PHRASES[phrase], language)).format(**filled)


def name_claim(language: str, claim: str) -> str:
    """What a claim is called; one this version does not know keeps its own name."""
    known = _CLAIMS.get(claim)
    return str(getattr(known, language)) if known else printable(claim)


def name_value(language: str, credential: Credential, claim: str) -> str:
    """A claim's value for people: the name behind a code where it is known, else the code."""
    value = credential.claims[claim]
    table: Mapping[int, Name] = getattr(credential.codes, _TABLES.get(claim, ""), {})
    named = table.get(value) if type(value) is int else None
    return printable(getattr(named, language) if named else value)


def mask(card_number: str) -> str:
    """A card number for a screen that others see: the last three digits."""
    return "•" * (len(card_number) - 3) + card_number[-3:] if len(card_number) > 3 else card_number


def printable(value: object) -> str:
    """`value` as text without what a terminal would obey: control and bidirectional characters."""
    text = str(value)
    kept = (
        c if unicodedata.category(c) not in _UNPRINTABLE or c in "\u200b\u200c\u200d" else "\ufffd"
        for c in text
    )
    return "".join(kept)


_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
