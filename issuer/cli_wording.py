"""What `montrey-issuer` says, in English and Khmer."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter

from credential.codes import Name
from did.errors import IdentityError
from issuer.cli_applications_wording import PHRASES as APPLICATIONS_PHRASES
from issuer.cli_bank_wording import PHRASES as BANK_PHRASES
from issuer.cli_bulk_wording import PHRASES as BULK_PHRASES
from issuer.cli_keeping_wording import PHRASES as KEEPING_PHRASES
from issuer.cli_print_wording import PHRASES as PRINT_PHRASES
from issuer.cli_refusals import ENGLISH_TOO, REFUSALS_KM
from issuer.cli_show_wording import ACTS
from issuer.cli_show_wording import PHRASES as SHOW_PHRASES
from issuer.cli_staff_wording import PHRASES as STAFF_PHRASES
from issuer.cli_staff_wording import PROBLEMS as STAFF_PROBLEMS
from issuer.cli_staff_wording import ROLES
from issuer.duties import Role
from issuer.key_use import Standing
from issuer.lifecycle import Act, CardState
from revocation.status_list import Status
from trust.messages import explain

LANGUAGES = ("en", "km")

PHRASES = {
    "usage_missing": Name("នៅខ្វះ៖ {names}។ សូមមើល --help", "{names} is needed; see --help"),
    "usage_no_value": Name(
        "ក្រោយ {names} ត្រូវមានតម្លៃ។ សូមមើល --help", "{names}: a value has to follow; see --help"
    ),
    "usage_value": Name(
        "{names}៖ អ្វីដែលបានវាយ មិនត្រឹមត្រូវ។ សូមមើល --help", "{names}: what was typed does not fit; see --help"
    ),
    "usage_order": Name(
        km="{names} ត្រូវដាក់មុនពាក្យបញ្ជា ដូចជា៖ --lang km COMMAND។ សូមមើល --help",
        en="{names} stands before the command, as in: --lang km COMMAND; see --help",
    ),
    "usage_unknown": Name(
        'មានពាក្យដែលមិនត្រូវនឹងជម្រើសណាទេ។ តម្លៃដែលមានដកឃ្លា ត្រូវដាក់ក្នុង "…"។ សូមមើល --help',
        "something that was typed belongs to no option: a value with spaces needs quotes; see --help",
    ),
    "usage_no_option": Name(
        "ពាក្យបញ្ជានេះគ្មានជម្រើស {names} ទេ។ សូមមើល --help", "this command has no option {names}; see --help"
    ),
    "usage_nul": Name("តម្លៃមួយមានតួអក្សរ NUL។", "a value holds a NUL character"),
    "io_error": Name(
        "io_error៖ មិនអាចអាន ឬសរសេរបានទេ ({reason})។ សូមពិនិត្យថាស ទំហំទំនេរ និងសិទ្ធិ។",
        "io_error: it could not be read or written ({reason}). Check disk, free space, permissions.",
    ),
    "no_output": Name("លទ្ធផលគ្មានកន្លែងបង្ហាញ។ គ្មានអ្វីបានធ្វើទេ។", "standard output is closed; nothing was done"),
    "interrupted": Name("បានបញ្ឈប់", "interrupted"),
    "usage_not_utf8": Name(
        "តម្លៃមួយមិនមែនជាអក្សរ UTF-8 ទេ។ សូមកំណត់ LC_ALL=C.UTF-8",
        "a value is not UTF-8 text; if it is typed right, set LC_ALL=C.UTF-8",
    ),
    "no_terminal": Name(
        "គ្មានកន្លែងសួរឃ្លាសម្ងាត់ទេ៖ សូមកំណត់ {variable}", "no terminal to ask for the passphrase: set {variable}"
    ),
    "no_terminal_to_confirm": Name(
        "គ្មានកន្លែងសួរបញ្ជាក់ទេ៖ សូមអានអ្វីដែលបង្ហាញ រួចបន្ថែម --yes",
        "no terminal to ask at: read what is shown, and add --yes",
    ),
    "import_needs": Name(
        "import ត្រូវការ FILE (ឬ --columns, --codes, --example)",
        "import needs a FILE (or --columns, --codes, --example)",
    ),
    "standing_title": Name("ពាក្យសុំស្ថិតនៅឯណា", "Where every application stands"),
    "other_agencies": Name("អង្គភាពផ្សេងទៀត", "other agencies"),
    "no_agency": Name("គ្មានអង្គភាព", "(no agency)"),
    "total": Name("សរុប", "total"),
    "examining": Name("ពិនិត្យ", "examining"),
    "examined": Name(
        "បានពិនិត្យ៖ តំណ {links} សកម្មភាព {acts} ការផ្សាយ {heads}",
        "examined: {links} links, {acts} acts, against {heads} publications",
    ),
    "examined_fits": Name(
        "អ្វីៗទាំងអស់ត្រូវគ្នា។ គ្មានអ្វីត្រូវបានកែខាងក្រៅកម្មវិធីទេ។",
        "Everything fits: nothing was changed past this program.",
    ),
    "approve_needs": Name("approve ត្រូវការលេខពាក្យសុំ ឬ --all", "approve needs application numbers, or --all"),
    "ask_passphrase": Name("ឃ្លាសម្ងាត់៖ ", "Passphrase: "),
    "ask_pin": Name("លេខសម្ងាត់ PIN របស់ HSM៖ ", "PIN of the token (HSM): "),
    "no_terminal_for_pin": Name(
        "គ្មានកន្លែងសួរលេខសម្ងាត់ PIN ទេ៖ សូមកំណត់ {variable}", "no terminal to ask for the PIN: set {variable}"
    ),
    "pin_from": Name(
        "លេខសម្ងាត់ PIN បានអានពី {file} ដែល {variable} បញ្ជាក់។",
        "The PIN was read from {file}, which {variable} names.",
    ),
    "ask_new": Name("ឃ្លាសម្ងាត់ថ្មី (យ៉ាងតិច ៨ តួ)៖ ", "New passphrase (at least 8 characters): "),
    "ask_again": Name("វាយម្ដងទៀត៖ ", "Once more: "),
    "passphrase_from": Name(
        "ឃ្លាសម្ងាត់បានអានពី {file} ដែល {variable} បញ្ជាក់៖ ឯកសារនោះត្រូវមានឃ្លាសម្ងាត់របស់សោនេះ។",
        "The passphrase was read from {file}, which {variable} names: that file has to hold the passphrase "
        "of this key.",
    ),
    "not_the_same": Name("ឃ្លាសម្ងាត់ទាំងពីរមិនដូចគ្នា។", "The two passphrases are not the same."),
    "making_keys": Name("កំពុងបង្កើតកូនសោ", "making keys"),
    "listing": Name("កំពុងអានបញ្ជី", "reading the register"),
    "importing": Name("កំពុងបញ្ចូល", "importing"),
    "approving": Name("កំពុងអនុម័ត", "approving"),
    "home_made": Name("បានបង្កើតទីតាំង៖ {home}", "The home was made: {home}"),
    "fingerprint": Name("ស្នាមម្រាមដៃនៃ root៖ {fingerprint}", "Fingerprint of the root: {fingerprint}"),
    "give_root": Name(
        "សូមឱ្យឯកសារនេះដល់អ្នកផ្ទៀងផ្ទាត់ ហើយប្រៀបធៀបស្នាមម្រាមដៃតាមទូរស័ព្ទ ឬក្រដាស៖ {root}",
        "Give this file to verifiers, and compare the fingerprint by voice or on paper: {root}",
    ),
    "hand_over": Name(
        "សំខាន់៖ ក្នុងថត {folder} មានថតប្រាំមួយ។ ក្នុងថតនីមួយៗមានកូនសោ (key.json) និងឃ្លាសម្ងាត់របស់វា "
        "(passphrase.txt)។ សូមប្រគល់ថតនីមួយៗទៅអ្នកថែរក្សាម្នាក់ផ្សេងគ្នា "
        "ហើយលុបវាចេញពីម៉ាស៊ីននេះ។ អ្នកណាមានពីរក្នុងបី អាចប្តូរអ្វីដែលប្រទេសជឿទុកចិត្ត។",
        "IMPORTANT: {folder} holds six folders, each with a key (key.json) and that key's passphrase "
        "(passphrase.txt). Hand each to a different custodian and remove it from this machine. Whoever has "
        "two of three can change whom the country believes.",
    ),
    "to_custodians": Name(
        "អ្នកថែរក្សានៅមិនទាន់ហត្ថលេខាទេ។ នៅលើម៉ាស៊ីនក្រៅបណ្តាញ៖ root create --online-key {key} --out DIR "
        "បន្ទាប់មកនៅទីនេះ៖ root import, trust-list export, និងនៅទីនោះ៖ trust-list sign",
        "No custodian has signed yet. On the offline machine: root create --online-key {key} --out DIR; "
        "then here: root import, trust-list export; there: trust-list sign; here: trust-list import",
    ),
    "import_summary": Name(
        "សរុប {rows} ជួរ៖ បញ្ចូល {imported} មានរួចហើយ {already_there} ដដែល {repeated} មានកំហុស {faulty}",
        "{rows} rows: {imported} imported, {already_there} already there, {repeated} repeated, "
        "{faulty} at fault",
    ),
    "fault": Name("ជួរ {place}៖ {advice} [{kind}]", "row {place}: {advice} [{kind}]"),
    "fault_other": Name("(មើលជួរ {other})", "(see row {other})"),
    "fault_columns": Name("(ខុសគ្នា៖ {columns})", "(differing: {columns})"),
    "import_warning": Name("ព្រមាន៖ {fault}", "warning: {fault}"),
    "column_ignored": Name("ព្រមាន៖ មិនប្រើជួរឈរ៖ {title}", "warning: column not used: {title}"),
    "column_ignored_like": Name(
        "ព្រមាន៖ មិនប្រើជួរឈរ៖ {title} (ស្រដៀង {like}?)", "warning: column not used: {title} (like {like}?)"
    ),
    "photo_not_used": Name("ព្រមាន៖ មិនប្រើរូបថត {name}៖ {reason}", "warning: photo not used: {name}: {reason}"),
    "repeated": Name("ជួរ {row}៖ ដូចជួរ {first}", "row {row}: the same as row {first}"),
    "approved": Name("បានអនុម័ត៖ {count}", "approved: {count}"),
    "done": Name("រួចរាល់", "done"),
    "replaced": Name("កាតថ្មី៖ {card}", "new card: {card}"),
    "published": Name(
        "បានផ្សាយកំណែ {version} មានសុពលភាពដល់ {expires}", "published version {version}, good until {expires}"
    ),
    "root_ends": Name(
        "ព្រមាន៖ {role} ផុតកំណត់ថ្ងៃ {expires} (នៅសល់ {days} ថ្ងៃ)។ ការផ្សាយមិនអាចមានសុពលភាពលើសនេះទេ។ "
        "បន្ទាប់៖ root renew, root sign, root import",
        "warning: the {role} ends on {expires}, in {days} days, and no publication is good for longer. "
        "Next: root renew, root sign, root import",
    ),
    "targets_ends": Name(
        "ព្រមាន៖ បញ្ជីទំនុកចិត្ត ({role}) ផុតកំណត់ថ្ងៃ {expires} (នៅសល់ {days} ថ្ងៃ)។ "
        "ការផ្សាយមិនអាចមានសុពលភាពលើសនេះទេ។ បន្ទាប់៖ trust-list export, sign, import",
        "warning: the trust list ({role}) ends on {expires}, in {days} days, and no publication is good for "
        "longer. Next: trust-list export, sign, import",
    ),
    "key_ends": Name(
        "ព្រមាន៖ កូនសោ {role} ផុតកំណត់ថ្ងៃ {expires} (នៅសល់ {days} ថ្ងៃ) ហើយគ្មានកូនសោបន្ទាប់ដែលបានហត្ថលេខាទេ។ "
        "បន្ទាប់៖ keys renew",
        "warning: the key {role} ends on {expires}, in {days} days, and no later one is signed. "
        "Next: keys renew",
    ),
    "until": Name("ដល់ {end}", "until {end}"),
    "key_made": Name("កូនសោថ្មី៖ {kid}", "new key: {kid}"),
    "key_to_be_signed": Name(
        "បន្ទាប់៖ trust-list export, trust-list sign (អ្នកថែរក្សាពីរនាក់), trust-list import, publish។",
        "Next: trust-list export, trust-list sign (two custodians), trust-list import, publish.",
    ),
    "key_waits": Name(
        "{kids}៖ ប្រើ ៣៥ ថ្ងៃ ក្រោយការផ្សាយដំបូង។ មុនពេលនោះ កូនសោមុននៅតែប្រើ (keys list)។",
        "{kids}: used 35 days after its first publication; until then the one before goes on (keys list).",
    ),
    "key_at_once": Name(
        "{kids}៖ ប្រើភ្លាម ពេលបញ្ជីដែលបានហត្ថលេខាចូលមក ព្រោះគ្មានកូនសោផ្សេងនៃប្រភេទនេះអាចប្រើបានទេ។ "
        "publish ភ្លាម ហើយនាំទៅគ្រប់ច្រក៖ មុនពេលនោះ វាបដិសេធអ្វីដែលកូនសោនេះធ្វើ។",
        "{kids}: used as soon as the signed list is imported, because no other key of its kind may be used. "
        "Publish at once, and bring that to every gate: until then it refuses what this key makes.",
    ),
    "online_key_made": Name(
        "បន្ទាប់៖ root renew --online-key {key}, root sign (អ្នកថែរក្សាពីរនាក់), root import "
        "រួច trust-list export, sign, import ហើយ publish។ មុនពេលនោះ កូនសោចាស់នៅតែប្រើ។",
        "Next: root renew --online-key {key}, root sign (two custodians), root import; then trust-list "
        "export, sign, import, and publish. Until then the old one goes on.",
    ),
    "renew_help": Name(
        "បង្កើតកូនសោបន្ទាប់នៃប្រភេទនីមួយៗ។ អ្នកថែរក្សាត្រូវហត្ថលេខា (trust-list export, sign, import)។ "
        "វាប្រើ ៣៥ ថ្ងៃ ក្រោយការផ្សាយដំបូង ដើម្បីកុំឱ្យច្រកណាបដិសេធកាតពិត។ "
        "online៖ កូនសោនៃការផ្សាយ ដែល root បន្ទាប់ត្រូវដាក់ឈ្មោះ។ "
        "printing៖ កូនសោហត្ថលេខាលើបាច់បោះពុម្ព គ្មានអ្នកថែរក្សាហត្ថលេខាទេ។",
        "Makes the next key of each kind, with its template or status list. Custodians sign it (trust-list "
        "export, sign, import). It is used 35 days after its first publication, so that no gate refuses a "
        "genuine card for a key it has not heard of. online: the key of publications, which the next root "
        "has to name (root renew --online-key). printing: the key of print batches, which banks pin and "
        "no custodian signs.",
    ),
    "delta_written": Name("{name}៖ លេខ {sequence} ទំហំ {size} បៃ", "{name}: sequence {sequence}, {size} bytes"),
    "signed": Name("បានហត្ថលេខា", "signed by custodians"),
    "not_signed": Name("មិនទាន់ហត្ថលេខា", "not signed by custodians yet"),
    "stolen": Name("ត្រូវបានលួច តាំងពី {at}", "stolen, known since {at}"),
    "stolen_help": Name(
        "កត់ត្រាជាស្ថាពរថា កូនសោបោះត្រាត្រូវបានលួច។ ចាប់ពីពេលនេះ ការផ្សាយនីមួយៗ រាយកូដបោះពុម្ព "
        "ដែលក្រសួងបានធ្វើដោយកូនសោនោះ ហើយច្រកដែលបានទទួលការផ្សាយ មិនទទួលយកកូដផ្សេងទេ៖ "
        "កាតពិតនៅមានសុពលភាព កាតក្លែងត្រូវបានបដិសេធ។ កូនសោនោះលែងប្រើសម្រាប់កាតថ្មី។ "
        "បន្ទាប់៖ publish ហើយនាំទៅគ្រប់ច្រក រួច seal-key new, trust-list export, sign, import ហើយ publish ម្ដងទៀត។",
        "Enters for good that a seal key was stolen. Every publication from now on names the seals that the "
        "ministry made with it, and a gate that has one takes no other: genuine cards stay good, forged ones "
        "are refused. The key seals no further card. Next: publish, and bring that to every gate; then "
        "seal-key new, trust-list export, sign, import, and publish again.",
    ),
    "stolen_next": Name(
        "កាតពិត {seals} នៅមានសុពលភាព។ បន្ទាប់៖ ១. publish ហើយនាំទៅគ្រប់ច្រកភ្លាម៖ មុនពេលនោះ "
        "ច្រកនៅទទួលយកកាតក្លែង។ ២. បើ seal-key list គ្មានកូនសោផ្សេងដែលបានហត្ថលេខា៖ seal-key new, "
        "trust-list export, sign, import ហើយ publish ម្ដងទៀត៖ មុនពេលនោះ មិនអាចអនុម័ត ឬជំនួសកាតបានទេ។ "
        "អ្នកណាមានកូនសោអនឡាញដែរ អាចបន្ថែមលើបញ្ជីនោះ៖ សូមប្តូរវា (docs/trust.md)។",
        "{seals} seals stay good. Next: 1. publish, and bring that to every gate at once: until then it "
        "takes forged cards. 2. Unless seal-key list shows another signed key: seal-key new, trust-list "
        "export, sign, import, and publish again: until then no card can be approved or replaced. "
        "Whoever has the online key too can add to that list: have it replaced (docs/trust.md).",
    ),
    "key_stolen": Name("កូនសោ {kid} ({kind}) ត្រូវបានលួច", "{kid} ({kind}): stolen"),
    "keys_stolen_help": Name(
        "កត់ត្រាជាស្ថាពរថា កូនសោត្រូវបានលួច ហើយប្រាប់ថាត្រូវធ្វើអ្វីបន្ទាប់ (docs/operations.md)។ "
        "កូនសោនោះលែងចេញលិខិតទៀត។ seal៖ ការផ្សាយរាយត្រាពិត ហើយកាតពិតនៅមានសុពលភាព។ "
        "live, sd-jwt៖ បញ្ជីទុកចិត្តបន្ទាប់ដកវាចេញ ហើយទូរស័ព្ទត្រូវទទួលលិខិតថ្មី។ "
        "status-cwt៖ កូនសោផ្សេងហត្ថលេខាលើបញ្ជីស្ថានភាព។ កូនសោអនឡាញ (tuf-online) ឬរបស់អ្នកថែរក្សា "
        "(លេខសម្គាល់តាម root show)៖ root បន្ទាប់ជាចម្លើយ។",
        "Enters for good that a key was stolen, and says what is next (docs/operations.md). The key issues "
        "nothing more. seal: publications name the genuine seals, which stay good. live, sd-jwt: the next "
        "trust list leaves it out, and phones have to be served again. status-cwt: another key signs the "
        "status lists. The online key (tuf-online) or a custodian's (its id, as root show names it): nothing "
        "is entered, the next root is the answer.",
    ),
    "stolen_next_issuing": Name(
        "ទូរស័ព្ទយ៉ាងច្រើន {phones} ត្រូវទទួលលិខិតថ្មី (keys phones {kid})។ បន្ទាប់៖ ១. keys renew {kind}។ "
        "២. trust-list export, trust-list sign (អ្នកថែរក្សាពីរនាក់), trust-list import៖ បញ្ជីនោះដក {kid} ចេញ "
        "និងដាក់កូនសោថ្មី ដែលប្រើបានភ្លាម។ ៣. publish ហើយនាំទៅគ្រប់ច្រក និងធនាគារ៖ មុនពេលនោះ "
        "វានៅទទួលយករបស់ក្លែង។ ៤. reissue --kind {kind} ដែលទូរស័ព្ទទទួលតាមសំណើដំបូង "
        "ឬ offer និង issue សម្រាប់ទូរស័ព្ទមួយ៖ មុនពេលនោះ ច្រកដែលមានការផ្សាយនោះ "
        "ឆ្លើយ untrusted_issuer ចំពោះលិខិតចាស់។ កាតផ្លាស្ទិកនៅប្រើបាន។",
        "At most {phones} phones have to be served again (keys phones {kid}). Next: 1. keys renew {kind}. "
        "2. trust-list export, trust-list sign (two custodians), trust-list import: that list leaves {kid} "
        "out and names the new key, which is used at once. 3. publish, and bring that to every gate and bank "
        "at once: until then they take forgeries. 4. reissue --kind {kind}, which phones fetch by their "
        "first request, or offer and issue for one phone: until then a gate that has the publication answers "
        "untrusted_issuer to what the phone holds. Plastic cards stay good.",
    ),
    "stolen_next_status": Name(
        "បន្ទាប់៖ ១. keys renew {kind} (បើ keys list គ្មានកូនសោផ្សេង)។ ២. trust-list export, trust-list sign "
        "(អ្នកថែរក្សាពីរនាក់), trust-list import៖ បញ្ជីនោះដក {kid} ចេញ។ ៣. publish ហើយនាំទៅគ្រប់ច្រក៖ "
        "មុនពេលនោះ ច្រកទទួលយក delta របស់ចោរ ដែលអាចផ្អាក ដកហូត ឬប្រោសកាតណាក៏បាន។ កុំទទួល delta ពីនរណា ក្រៅពីក្រសួង។ "
        "មុនអ្នកថែរក្សាហត្ថលេខា កូនសោនេះនៅហត្ថលេខាលើបញ្ជី ដើម្បីឱ្យការដកហូតទៅដល់ច្រក។",
        "Next: 1. Unless keys list shows another one in use: keys renew {kind}. 2. trust-list export, "
        "trust-list sign (two custodians), trust-list import: that list leaves {kid} out. "
        "3. publish, and bring that to every gate: until then it takes the thief's deltas, which may "
        "suspend, revoke or restore any card; take no delta but from the ministry's own hands. Until "
        "custodians have signed, this key goes on signing the lists, so that revocations still reach gates.",
    ),
    "stolen_succeeded": Name(
        "កូនសោ {successor} ជំនួសវាហើយ។ ទូរស័ព្ទយ៉ាងច្រើន {phones} ត្រូវទទួលលិខិតថ្មី (keys phones {kid})។ "
        "បន្ទាប់៖ ១. trust-list export, trust-list sign (អ្នកថែរក្សាពីរនាក់), trust-list import៖ "
        "បញ្ជីនោះដក {kid} ចេញ។ ២. publish ហើយនាំទៅគ្រប់ច្រក និងធនាគារ៖ មុនពេលនោះ វានៅទទួលយករបស់ក្លែង។ "
        "៣. reissue --kind {kind} ដែលទូរស័ព្ទទទួលតាមសំណើដំបូង ឬ offer និង issue សម្រាប់ទូរស័ព្ទមួយ៖ "
        "មុនពេលនោះ ច្រកឆ្លើយ untrusted_issuer ចំពោះលិខិតចាស់។",
        "{successor} takes its place. At most {phones} phones have to be served again (keys phones {kid}). "
        "Next: 1. trust-list export, trust-list sign (two custodians), trust-list import: that list leaves "
        "{kid} out. 2. publish, and bring that to every gate and bank at once: until then they take "
        "forgeries. 3. reissue --kind {kind}, which phones fetch by their first request, or offer and issue "
        "for one phone: until then a gate that has the publication answers untrusted_issuer to what they "
        "hold.",
    ),
    "stolen_next_online": Name(
        "គ្មានអ្វីបានកត់ត្រាទេ៖ root បន្ទាប់ជាចម្លើយ។ បន្ទាប់៖ ១. keys renew online។ ២. root renew --online-key, "
        "root sign (អ្នកថែរក្សា root ពីរនាក់), root import។ ៣. trust-list export, sign (អ្នកថែរក្សាពីរនាក់), import។ "
        "៤. publish ហើយនាំទៅគ្រប់ច្រក។ មុនពេលនោះ ចោរអាចបិទច្រកពីការផ្សាយ និងធ្វើឱ្យកាតបោះពុម្ពត្រូវបានបដិសេធ។",
        "Nothing was entered: the next root is the answer. Next: 1. keys renew online. 2. root renew "
        "--online-key, root sign (two root custodians), root import. 3. trust-list export, sign (two "
        "custodians), import. 4. publish, and bring that to every gate. Until then the thief can shut gates "
        "out of publications and have printed cards refused.",
    ),
    "stolen_next_custodian": Name(
        "គ្មានអ្វីបានកត់ត្រាទេ៖ root បន្ទាប់ជាចម្លើយ។ បន្ទាប់ នៅម៉ាស៊ីនក្រៅបណ្ដាញ៖ ១. root key --out DIR "
        "(កូនសោថ្មីរបស់អ្នកថែរក្សា)។ ២. root renew --without {kid} --{kind}-key DIR/key.json។ ៣. root sign "
        "(អ្នកថែរក្សា root ពីរនាក់ទៀត)។ នៅក្រសួង៖ ៤. root import រួច trust-list export, sign (អ្នកថែរក្សាពីរនាក់), "
        "import ហើយ publish។ កូនសោតែមួយ មិនអាចហត្ថលេខាអ្វីបានទេ៖ ត្រូវមានពីរ។",
        "Nothing was entered: the next root is the answer. Next, on the offline machine: 1. root key --out "
        "DIR (the custodian's new key). 2. root renew --without {kid} --{kind}-key DIR/key.json. 3. root "
        "sign (the two other root custodians). At the ministry: 4. root import; then trust-list export, sign "
        "(two custodians), import, and publish. One key alone signs nothing that counts: it takes two.",
    ),
    "custodian_key_made": Name(
        "កូនសោថ្មី៖ {key} លេខសម្គាល់ {id} ស្នាមកូនសោ {thumbprint}",
        "new key: {key}, id {id}, thumbprint {thumbprint}",
    ),
    "custodian_key_next": Name(
        "ក្បែរវាមានឃ្លាសម្ងាត់ (passphrase.txt)។ សូមប្រគល់ថតនោះទៅអ្នកថែរក្សា ហើយលុបវាចេញពីម៉ាស៊ីននេះ។ "
        "បន្ទាប់៖ root renew --without KEYID --root-key ឬ --targets-key {key}",
        "Its passphrase lies beside it (passphrase.txt). Hand the folder to the custodian and remove it from "
        "this machine. Next: root renew --without KEYID, with --root-key or --targets-key {key}",
    ),
    "list_fills": Name(
        "ព្រមាន៖ បញ្ជីស្ថានភាព {name} នៅសល់តែ {left} កន្លែង ហើយគ្មានបញ្ជីបន្ទាប់ដែលបានហត្ថលេខាទេ។ "
        "បន្ទាប់៖ keys renew {kind} (៣៥ ថ្ងៃ មុនពេលពេញ)",
        "warning: the status list {name} has {left} entries left, and no later one is signed. Next: "
        "keys renew {kind}, 35 days before it is full",
    ),
    "seal_key_made": Name("កូនសោបោះត្រាថ្មី៖ {kid}", "new seal key: {kid}"),
    "gate_added": Name("បានចុះបញ្ជីច្រក៖ {number}", "gate {number} is in the register"),
    "to_be_signed": Name(
        "វាមានប្រសិទ្ធភាព ក្រោយពេលអ្នកថែរក្សាពីរនាក់បានហត្ថលេខា៖ trust-list export, trust-list sign, "
        "trust-list import បន្ទាប់មក publish ហើយនាំទៅគ្រប់ច្រក។",
        "It counts once two custodians have signed it: trust-list export, trust-list sign, "
        "trust-list import; then publish, and bring that to every gate.",
    ),
    "ask_to_sign": Name(
        "តើអ្នកបានអាន និងប្រៀបធៀបអ្វីៗខាងលើហើយឬនៅ? វាយ បាទ ចាស យល់ព្រម ឬ yes ដើម្បីហត្ថលេខា៖ ",
        "Have you read and compared all of the above? Type yes (or its Khmer word) to sign it: ",
    ),
    "changes": Name(
        "អ្វីដែលផ្លាស់ប្ដូរ (+ បន្ថែម, - ដកចេញ)៖",
        "What changes against the one before (+ added, - taken away):",
    ),
    "no_changes": Name("គ្មានអ្វីផ្លាស់ប្ដូរទេ។", "Nothing changes against the one before."),
    "signatures": Name(
        "ហត្ថលេខា {signed} នៅខ្វះ {missing}", "signed by {signed}; signatures still needed: {missing}"
    ),
    "expires": Name("ផុតកំណត់ {expires}", "expires {expires}"),
    "offer_written": Name(
        "បានសរសេរ៖ {path}។ បន្ទាប់៖ នាំវាទៅទូរស័ព្ទ (montrey-wallet request FILE) រួច issue REQUEST ជាមួយចម្លើយរបស់វា",
        "written: {path}; next: bring it to the phone (montrey-wallet request FILE), and answer what it "
        "gives back by: issue REQUEST",
    ),
    "issue_written": Name(
        "បានសរសេរ៖ {path}។ បន្ទាប់៖ នាំវាទៅទូរស័ព្ទ (montrey-wallet receive FILE)",
        "written: {path}; next: bring it to the phone (montrey-wallet receive FILE)",
    ),
    "offer_closed": Name(
        "ការផ្ដល់ជូនមុន ដែលមិនទាន់ប្រើ លែងមានសុពលភាព។", "The offer before this one, not used yet, no longer counts."
    ),
    "phone_will_end": Name(
        "កាតនេះមានទូរស័ព្ទរួចហើយ។ ពេល issue ឆ្លើយទូរស័ព្ទថ្មី លិខិតក្នុងទូរស័ព្ទចាស់លែងមានសុពលភាព។",
        "This card has a phone already: what that one holds ends when issue answers the next one.",
    ),
    "phone_ended": Name(
        "លិខិតក្នុងទូរស័ព្ទមុន លែងមានសុពលភាព។ ច្រកដឹងក្រោយការផ្សាយបន្ទាប់ (publish)។",
        "What an earlier phone of this card holds has ended; gates learn it with the next publication.",
    ),
    "written": Name("បានសរសេរ៖ {path}", "written: {path}"),
    **APPLICATIONS_PHRASES,
    **SHOW_PHRASES,
    **BANK_PHRASES,
    **STAFF_PHRASES,
    **PRINT_PHRASES,
    **KEEPING_PHRASES,
    **BULK_PHRASES,
}

PROBLEMS = {
    "link_missing": Name("តំណទី {number} បាត់", "link {number} is missing"),
    "link_changed": Name("តំណទី {number} ត្រូវបានកែ", "link {number} was changed"),
    "chain_recomputed": Name(
        "តំណទី {number} មិនដូចអ្វីដែលបានផ្សាយទេ", "link {number} is not the one that was published"
    ),
    "tail_cut": Name(
        "បានផ្សាយ {number} តំណ ប៉ុន្តែខ្សែនេះខ្លីជាង", "{number} links were published, the chain is shorter"
    ),
    "acts_changed": Name(
        "សកម្មភាពក្រោមតំណទី {number} ត្រូវបានកែ ឬលុប", "acts under link {number} were changed or taken away"
    ),
    "acts_uncovered": Name(
        "សកម្មភាពពីលេខ {number} គ្មានក្នុងខ្សែ", "acts from number {number} on are not in the chain"
    ),
    "state_differs": Name(
        "កាត (ពាក្យសុំ {number}) មានស្ថានភាពដែលគ្មានសកម្មភាពណានាំទៅ",
        "the card of application {number} is in a state to which no act led",
    ),
    "status_differs": Name(
        "លេខក្នុងបញ្ជីស្ថានភាព របស់កាត (ពាក្យសុំ {number}) មិនត្រូវនឹងកាត",
        "a status index of application {number} does not say what its card says",
    ),
    "card_differs": Name(
        "កាត (ពាក្យសុំ {number}) ត្រូវបានកែលេខ ឬត្រា", "number, dates or seal of application {number} were changed"
    ),
    "rejection_differs": Name(
        "មូលហេតុបដិសេធពាក្យសុំ {number} ត្រូវបានកែ", "why application {number} was rejected was changed"
    ),
    "tables_changed": Name(
        "តារាងកូនសោ លេខកូដ ច្រក ធនាគារ ឬបុគ្គលិក ត្រូវបានកែក្រៅកម្មវិធី នៅត្រង់តំណលេខ {number}",
        "keys, codes, gates, banks or staff were changed past the program, at link {number}",
    ),
    "rows_malformed": Name(
        "តារាង {about} មានជួរដែលមិនត្រឹមត្រូវ ({number})", "table {about} has rows that are none ({number})"
    ),
    "part_unreadable": Name(
        "ផ្នែកមួយនៃបញ្ជីមិនអាចពិនិត្យបានទេ ({about})៖ ជួរខ្លះត្រូវបានកែក្រៅកម្មវិធី",
        "a part of the register could not be examined ({about}): rows were changed past the program",
    ),
    "list_differs": Name(
        "បញ្ជីស្ថានភាពដែលបានចុះហត្ថលេខា ត្រូវបានកែ ឬលុប (បញ្ជីលេខ {number})",
        "a status list as it was signed was changed, added or removed (list {number})",
    ),
    "rules_differ": Name(
        "វិធាន {about} របស់មូលដ្ឋានទិន្នន័យ ត្រូវបានលុប កែ បិទ ឬបន្ថែម",
        "the database's rule {about} was taken away, changed, switched off or added",
    ),
    "offer_differs": Name(
        "លិខិតផ្ដល់ជូនរបស់កាត (ពាក្យសុំ {number}) ត្រូវបានកែ", "an offer of application {number} was changed"
    ),
    "acts_illegal": Name(
        "សកម្មភាពលេខ {number} មិនអាចធ្វើបាននៅពេលនោះទេ", "act {number} was not possible at its time"
    ),
    "bank_differs": Name(
        "កូនសោធនាគារលេខ {number} គ្មានអ្នកបញ្ជា ឬត្រូវបានកែ",
        "the keys of a bank (row {number}) were ordered by nobody, or changed",
    ),
    "theft_differs": Name(
        "កូនសោដែលត្រូវលួចត្រូវបានបញ្ចូលដោយគ្មានអ្នកបញ្ជា ឬត្រូវបានលុប",
        "a stolen key was entered by nobody, or taken away",
    ),
    "restoration_differs": Name(
        "ការស្ដារវិញនៅតំណលេខ {number} ត្រូវបានបន្លំ", "the restoration at link {number} was forged"
    ),
    "reissue_differs": Name(
        "ការចេញឡើងវិញលើកទី {number} គ្មានអ្នកបញ្ជា ឬត្រូវបានកែ",
        "re-issue {number} was ordered by nobody, or was changed",
    ),
    "printing_differs": Name(
        "ការបញ្ជាបោះពុម្ពនៃកាតទី {number} ត្រូវបានកែ", "the print order of card {number} was changed"
    ),
    "person_differs": Name("ទិន្នន័យមនុស្សទី {number} ត្រូវបានកែ", "the data of person {number} were changed"),
    "prepared_differs": Name(
        "អ្វីដែលបានចេញឡើងវិញសម្រាប់កាត (ពាក្យសុំ {number}) ត្រូវបានកែ",
        "what was issued again for application {number} was changed",
    ),
    "wallet_differs": Name(
        "សោ ឬលេខក្នុងបញ្ជី របស់ទូរស័ព្ទទី {number} ត្រូវបានកែ", "keys or indices of phone {number} were changed"
    ),
    **STAFF_PROBLEMS,
}
"""What `audit` finds; nothing personal."""


STATES = {
    CardState.APPLIED: Name("បានដាក់ពាក្យ", "applied"),
    CardState.REJECTED: Name("មិនអនុម័ត", "rejected"),
    CardState.APPROVED: Name("បានអនុម័ត", "approved"),
    CardState.IN_BATCH: Name("ក្នុងបាច់បោះពុម្ព", "in print batch"),
    CardState.PRINTED: Name("បានបោះពុម្ព", "printed"),
    CardState.ACTIVE: Name("សកម្ម", "active"),
    CardState.SUSPENDED: Name("ផ្អាក", "suspended"),
    CardState.LOST: Name("បាត់", "lost"),
    CardState.REPLACED: Name("បានជំនួស", "replaced"),
    CardState.RETIRED: Name("ចូលនិវត្តន៍", "retired"),
    CardState.REVOKED: Name("បានដកហូត", "revoked"),
    CardState.EXPIRED: Name("ផុតកំណត់", "expired"),
}

STATUSES = {
    Status.VALID: Name("មានសុពលភាព", "valid"),
    Status.INVALID: Name("លែងមានសុពលភាព", "invalid"),
    Status.SUSPENDED: Name("ផ្អាក", "suspended"),
    Status.NOT_ACTIVE: Name("មិនទាន់ប្រគល់", "not_active"),
}

STANDINGS = {
    Standing.IN_USE: Name("កំពុងប្រើ", "in use"),
    Standing.NOT_SIGNED: Name("មិនទាន់ហត្ថលេខា", "not signed by custodians yet"),
    Standing.NOT_PUBLISHED: Name("មិនទាន់ផ្សាយ", "not published yet"),
    Standing.WAITING: Name("ប្រើតាំងពី {since}", "used from {since} on"),
    Standing.SUPERSEDED: Name("មានកូនសោថ្មីជំនួស", "a later one has taken over"),
    Standing.RETIRED: Name("លែងត្រូវការ ដកចេញពីបញ្ជីទុកចិត្តហើយ", "needed no more, out of the trust list"),
    Standing.ENDED: Name("ផុតកំណត់", "ended"),
    Standing.CLOSED: Name(
        "បញ្ជីរបស់វាបិទហើយ ដោយសារការស្ដារ៖ ត្រូវការកូនសោថ្មី",
        "its list was closed when the register was restored: renew it",
    ),
    Standing.STOLEN: Name("ត្រូវបានលួច", "stolen"),
}


def say(language: str, phrase: str, **values: object) -> str:
    """A phrase in `language`, with its blanks filled."""
    return choose(language, PHRASES[phrase]).format(**values)


def choose(language: str, name: Name) -> str:
    """One of the two texts of `name`."""
    return name.km if language == "km" else name.en


def coded(language: str, value: int | str, table: Mapping[int, Name]) -> str:
    """What a code stands for, with the code; an unknown code alone, a text as it is."""
    if isinstance(value, str):
        return value
    return f"{choose(language, table[value])} ({value})" if value in table else str(value)


def refusal(language: str, error: IdentityError) -> str:
    """What to tell a person about a refusal; the code comes first, for programs.

    Where the Khmer sentence has no blank for what an error is about (a file, say), English follows it.
    """
    known = explain(error.code)
    khmer = REFUSALS_KM.get(error.code) or (known.km if known else "")
    if language != "km" or not khmer:
        return f"{error.code}: {error}"
    blanks = {field for _, field, _, _ in Formatter().parse(khmer) if field}
    values = getattr(error, "values", {})
    told = khmer.format_map({name: _in_khmer(values.get(name, "…")) for name in blanks})
    whole = blanks <= values.keys() if blanks else error.code in REFUSALS_KM.keys() - ENGLISH_TOO
    return f"{error.code}: {told}" if whole or str(error) == error.code else f"{error.code}: {told} ({error})"


def _in_khmer(value: object) -> str:
    """A value of an error, in words."""
    match value:
        case CardState():
            return STATES[value].km
        case Act():
            return ACTS[value].km
        case Role():
            return ROLES[value].km
        case Name():
            return value.km
        case tuple():
            return " ឬ ".join(map(_in_khmer, value))
        case _:
            return str(value)
