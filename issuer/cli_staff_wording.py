"""What the commands about staff and their orders say: phrases, help and refusals, in Khmer and English."""

from __future__ import annotations

from credential.codes import Name
from issuer.duties import Order, Role

ORDERS = {
    Order.IMPORT: Name("បញ្ចូលពាក្យសុំ", "import"),
    Order.AMEND: Name("កែទិន្នន័យ", "amend"),
    Order.AMEND_REPLACE: Name("កែទិន្នន័យ និងប្ដូរកាត", "amend --replace"),
    Order.REJECT: Name("បដិសេធពាក្យសុំ", "reject"),
    Order.APPROVE: Name("អនុម័ត", "approve"),
    Order.ACTIVATE: Name("ដាក់ឱ្យប្រើ", "activate"),
    Order.OFFER: Name("ផ្ដល់លិខិតដល់ទូរស័ព្ទ", "offer"),
    Order.ISSUE: Name("ចេញលិខិតឱ្យទូរស័ព្ទ", "issue"),
    Order.REISSUE: Name("ចេញឡើងវិញ", "reissue"),
    Order.REISSUE_PART: Name("បន្តចេញឡើងវិញ", "reissue, a part"),
    Order.SUSPEND: Name("ផ្អាក", "suspend"),
    Order.REINSTATE: Name("ឱ្យប្រើវិញ", "reinstate"),
    Order.REPORT_LOST: Name("បាត់កាត", "lost"),
    Order.RETIRE: Name("ចូលនិវត្តន៍", "retire"),
    Order.REVOKE: Name("ដកហូត", "revoke"),
    Order.REVOKE_WALLET: Name("ដកហូតពីទូរស័ព្ទ", "revoke --wallet"),
    Order.REPLACE: Name("ប្ដូរកាត", "replace"),
    Order.PRINT_ORDER: Name("បញ្ជាបោះពុម្ព", "print-order"),
    Order.PRINT_RETURN: Name("យកកាតពីធនាគារវិញ", "print-return"),
    Order.PRINTED: Name("ទទួលរបាយការណ៍បោះពុម្ព", "printed"),
    Order.PUBLISH: Name("ផ្សាយ", "publish"),
    Order.DELTA: Name("ធ្វើកូដស្ថានភាព", "delta"),
    Order.KEYS_RENEW: Name("បង្កើតកូនសោបន្ទាប់", "keys renew"),
    Order.KEY_STOLEN: Name("រាយការណ៍កូនសោដែលត្រូវលួច", "keys stolen"),
    Order.GATE_ADD: Name("ចុះបញ្ជីច្រក", "gate add"),
    Order.AGENCY_ADD: Name("ចុះបញ្ជីអង្គភាព", "agency add"),
    Order.BANK_ADD: Name("ចុះបញ្ជីធនាគារ", "bank add"),
    Order.PRINTING_KEY: Name("បង្កើតកូនសោបោះពុម្ព", "keys renew printing"),
    Order.BACKUP: Name("ចម្លងទុក", "backup"),
    Order.RESTORE: Name("ស្ដារវិញ", "restore"),
    Order.ERASE: Name("លុបទិន្នន័យ", "erase"),
    Order.ADD_STAFF: Name("បន្ថែមបុគ្គលិក", "staff add"),
    Order.END_STAFF: Name("បញ្ចប់បុគ្គលិក", "staff end"),
}
"""What each order is called."""

ROLES = {
    Role.OFFICER: Name("មន្ត្រី", "officer"),
    Role.APPROVER: Name("អ្នកអនុម័ត", "approver"),
    Role.AUDITOR: Name("សវនករ", "auditor"),
    Role.ADMINISTRATOR: Name("អ្នកគ្រប់គ្រង", "administrator"),
}

PHRASES = {
    "say_who": Name(
        "តើអ្នកណាធ្វើ? សូមដាក់ --as NAME មុនពាក្យបញ្ជា (staff list បង្ហាញឈ្មោះ)",
        "who are you? --as NAME stands before the command; staff list shows the names",
    ),
    "ask_person": Name("ឃ្លាសម្ងាត់របស់ {name}៖ ", "Passphrase of {name}: "),
    "ask_person_new": Name(
        "ឃ្លាសម្ងាត់ថ្មីរបស់ {name} (យ៉ាងតិច ៨ តួ)៖ ", "New passphrase of {name} (at least 8 characters): "
    ),
    "waits": Name(
        "សំណើលេខ {number} ({order}) រង់ចាំមនុស្សម្នាក់ទៀត៖ montrey-issuer --as NAME confirm {number}",
        "Request {number} ({order}) waits for another person: montrey-issuer --as NAME confirm {number}",
    ),
    "waits_repeat": Name(
        "សំណើលេខ {number} ({order}) រង់ចាំមនុស្សម្នាក់ទៀត ដែលវាយពាក្យបញ្ជាដដែលនេះ ជាមួយ --as NAME របស់ខ្លួន "
        "(មិនមែន confirm ទេ៖ សំណើមិនរក្សាទិន្នន័យរបស់នរណា)។",
        "Request {number} ({order}) waits for another person, who gives this same command with their own "
        "--as NAME (not confirm: the request keeps nobody's data).",
    ),
    "waits_already": Name(
        "សំណើលេខ {number} ({order}) របស់អ្នក កំពុងរង់ចាំមនុស្សម្នាក់ទៀតរួចហើយ។",
        "Your request {number} ({order}) is waiting for another person already.",
    ),
    "one_card": Name("កាត {count}", "{count} card"),
    "so_many_cards": Name("កាត {count}", "{count} cards"),
    "lost_suspended": Name(
        "កាតនេះត្រូវបានផ្អាកហើយ៖ គ្មាននរណាប្រើវាបានទេ (ច្រកដឹងក្រោយ publish ឬ delta)។ វាបញ្ចប់ ពេលមនុស្សម្នាក់ទៀតបញ្ជាក់។",
        "The card is suspended: nobody passes with it, once gates have the next publication or delta. It "
        "ends when another person confirms.",
    ),
    "card_counts": Name(
        "មុនពេលបញ្ជាក់ កាតនេះនៅប្រើបាន។ ដើម្បីបញ្ឈប់វាឥឡូវ ម្នាក់ឯង៖ suspend --card {card}",
        "Until that is confirmed the card still counts. To stop it now, alone: suspend --card {card}",
    ),
    "phone_counts": Name(
        "មុនពេលបញ្ជាក់ ទូរស័ព្ទនេះនៅប្រើបាន។ ដើម្បីបញ្ឈប់កាត និងទូរស័ព្ទឥឡូវ ម្នាក់ឯង៖ suspend --card {card}",
        "Until that is confirmed the phone still counts. To stop card and phone now, alone: suspend "
        "--card {card}",
    ),
    "request_line": Name(
        "{number:>6}  {order}  {cards}ស្នើដោយ {asked_by}  {at}",
        "{number:>6}  {order}  {cards}asked by {asked_by}  {at}",
    ),
    "request_repeat": Name(
        "        មនុស្សម្នាក់ទៀតបញ្ជាក់ ដោយវាយពាក្យបញ្ជាដដែល (មិនមែន confirm)",
        "        another person confirms it by giving the same command (not by confirm)",
    ),
    "request_order_outdated": Name(
        "        ហួសសម័យ៖ កាតបានប្ដូរតាំងពីពេលស្នើ។ សូមបដិសេធវា (decline {number}) រួចស្នើជាថ្មី",
        "        outdated: its cards have changed since. Decline it (decline {number}), and ask anew",
    ),
    "request_order_expired": Name(
        "        ផុតកំណត់៖ រង់ចាំលើស ៣០ ថ្ងៃ។ សូមបដិសេធវា (decline {number}) រួចស្នើជាថ្មី",
        "        expired: it waited for more than 30 days. Decline it (decline {number}), and ask anew",
    ),
    "request_staff": Name("        {name} ជា {roles}  {key}", "        {name}: {roles}  {key}"),
    "request_more": Name("        … និង {count} ទៀត", "        … and {count} more"),
    "no_requests": Name("គ្មានសំណើរង់ចាំទេ", "nothing waits for a second person"),
    "confirmed": Name("បានបញ្ជាក់ និងអនុវត្តសំណើលេខ {number}", "request {number} confirmed and carried out"),
    "declined": Name("បានបដិសេធសំណើលេខ {number}", "request {number} declined"),
    "withdrawn": Name("បានដកសំណើលេខ {number} វិញ", "request {number} withdrawn"),
    "not_carried_out": Name("សំណើលេខ {number}៖ {why}", "request {number}: {why}"),
    "carrying_out": Name("កំពុងអនុវត្ត", "carrying out"),
    "no_staff_listed": Name(
        "គ្មានបុគ្គលិកទេ៖ staff begin បង្កើតបុគ្គលិកដំបូង", "there is no staff yet: staff begin makes the first"
    ),
    "staff_line": Name(
        "{name:<20}  {roles}  តាំងពី {since}  {key}", "{name:<20}  {roles}  since {since}  {key}"
    ),
    "staff_ended": Name("បានបញ្ចប់ {at}", "ended {at}"),
    "staff_added": Name("{name} បានចូលជាបុគ្គលិក", "{name} is a member of staff now"),
    "staff_gone": Name("{name} មិនមែនជាបុគ្គលិកទៀតទេ", "{name} is not a member of staff any more"),
    "staff_key_made": Name(
        "បានបង្កើតកូនសោរបស់ {name}៖ {path}។ ស្នាមម្រាមដៃ {key}",
        "The key of {name} was made: {path}. Fingerprint: {key}",
    ),
    "staff_begun": Name(
        "បុគ្គលិកដំបូង៖ {names}។ ម្នាក់ៗត្រូវដាក់ឃ្លាសម្ងាត់ផ្ទាល់ខ្លួន៖ montrey-issuer --as NAME staff passphrase។ "
        "មុនពេលនោះ អ្នកដែលស្គាល់ឃ្លាសម្ងាត់របស់ថតនេះ អាចធ្វើក្នុងនាមពួកគេបាន។",
        "The first staff: {names}. Each gives their key a passphrase of their own: montrey-issuer --as NAME "
        "staff passphrase. Until then whoever knows the home's passphrase can act as any of them.",
    ),
    "passphrase_changed": Name("បានប្ដូរឃ្លាសម្ងាត់របស់ {name}", "the passphrase of {name} was changed"),
    "staff_passphrase_from": Name(
        "ឃ្លាសម្ងាត់បានអានពី {file} ដែល {variable} បញ្ជាក់។ ឯកសារនោះត្រូវមានឃ្លាសម្ងាត់របស់ {name} ផ្ទាល់។",
        "The passphrase was read from {file}, which {variable} names: that file has to hold the passphrase "
        "of {name}.",
    ),
    "staff_passphrase_elsewhere": Name(
        "ឃ្លាសម្ងាត់បានអានពី {file} ដែល {variable} បញ្ជាក់៖ នោះជាឃ្លាសម្ងាត់របស់ថត។ {name} មានឃ្លាផ្ទាល់ខ្លួន៖ "
        "សូមឱ្យ {own} បញ្ជាក់ឯកសាររបស់វា។",
        "The passphrase was read from {file}, which {variable} names: that is the home's. {name} has one of "
        "their own: let {own} name a file with it.",
    ),
    "same_passphrase": Name(
        "ប្រយ័ត្ន៖ {name} នៅប្រើឃ្លាសម្ងាត់របស់ថតនេះ។ សូមប្ដូរ៖ staff passphrase",
        "careful: {name} still has the passphrase of the home; change it by staff passphrase",
    ),
}

PROBLEMS = {
    "order_differs": Name("សំណើលេខ {number} ត្រូវបានកែ", "request {number} was changed"),
    "order_forged": Name(
        "សំណើលេខ {number} មិនមានហត្ថលេខារបស់អ្នកដែលវានិយាយទេ",
        "request {number} is not signed by whom it names",
    ),
    "acts_unordered": Name(
        "សកម្មភាពក្រោមតំណទី {number} គ្មានអ្នកណាបញ្ជាត្រឹមត្រូវទេ",
        "acts under link {number} were not ordered by whom they had to be",
    ),
    "staff_differs": Name(
        "បុគ្គលិកទី {number} ឬតួនាទី ត្រូវបានកែ", "member of staff {number}: name, roles or key were changed"
    ),
}

HELP = {
    "who you are: a member of staff": "អ្នកជានរណា៖ បុគ្គលិកម្នាក់",
    "who works here, and may do what": "អ្នកណាធ្វើការនៅទីនេះ ហើយអាចធ្វើអ្វី",
    "everybody, with roles and the fingerprint of their key": "គ្រប់គ្នា តួនាទី និងស្នាមម្រាមដៃនៃកូនសោ",
    "add somebody (two administrators)": "បន្ថែមបុគ្គលិក (អ្នកគ្រប់គ្រងពីរនាក់)",
    "end somebody's part in everything (two administrators)": "បញ្ចប់តួនាទីទាំងអស់របស់បុគ្គលិក (អ្នកគ្រប់គ្រងពីរនាក់)",
    "give your key another passphrase": "ប្ដូរឃ្លាសម្ងាត់នៃកូនសោរបស់អ្នក",
    "the first staff, in a home older than this": "បុគ្គលិកដំបូង សម្រាប់ថតដែលចាស់ជាងមុខងារនេះ",
    "a-z, 0-9, hyphen and dot": "a-z, 0-9, សញ្ញា - និង .",
    "may be given several times": "អាចដាក់ច្រើនដង",
    "what waits for a second person": "អ្វីដែលរង់ចាំមនុស្សទីពីរ",
    "show this one in full": "បង្ហាញសំណើនេះទាំងស្រុង",
    "confirm what another person asked for, and carry it out": "បញ្ជាក់អ្វីដែលអ្នកផ្សេងបានស្នើ ហើយអនុវត្ត",
    "the request's number": "លេខសំណើ",
    "all that another person asked for and you may confirm": "ទាំងអស់ដែលអ្នកផ្សេងបានស្នើ ហើយអ្នកអាចបញ្ជាក់",
    "for an offer: write it here instead of printing it": "សម្រាប់ការផ្ដល់ជូន៖ សរសេរទៅទីនេះ ជំនួសការបង្ហាញ",
    "decline what another person asked for": "បដិសេធអ្វីដែលអ្នកផ្សេងបានស្នើ",
    "withdraw what you asked for": "ដកសំណើរបស់អ្នកវិញ",
}

REFUSALS_KM = {
    "no_staff": "បញ្ជីនេះចាស់ជាងមុខងារបុគ្គលិក ហើយគ្មានបុគ្គលិកទេ៖ staff begin បង្កើតបុគ្គលិកដំបូង។",
    "no_person": "តើអ្នកណាធ្វើ? សូមដាក់ --as NAME មុនពាក្យបញ្ជា (staff list បង្ហាញឈ្មោះ)។",
    "not_their_duty": "តួនាទីរបស់អ្នកមិនអនុញ្ញាតទេ។ {roles} ត្រូវធ្វើវា (staff list)។",
    "same_person": "អ្នកដែលស្នើ មិនអាចសម្រេចលើសំណើខ្លួនឯងបានទេ។ ត្រូវមានមនុស្សម្នាក់ទៀត។",
    "unknown_person": "បញ្ជីគ្មានបុគ្គលិកឈ្មោះនេះទេ៖ staff list។",
    "person_ended": "បុគ្គលិកនេះបានឈប់ ឬឥឡូវមានឈ្មោះផ្សេង។",
    "person_exists": "មានបុគ្គលិកឈ្មោះនេះ ឬមានកូនសោនេះរួចហើយ។",
    "bad_staff_name": "ឈ្មោះមាន ១ ដល់ ៣២ តួ៖ a-z, 0-9, សញ្ញា - និង .។",
    "same_passphrase": "ឃ្លាសម្ងាត់ថ្មីត្រូវខុសពីឃ្លាចាស់ និងពីឃ្លារបស់ថត ដែលអ្នកផ្សេងស្គាល់។ គ្មានអ្វីផ្លាស់ប្ដូរទេ។ សូមជ្រើសឃ្លាផ្សេង។",
    "no_roles": "បុគ្គលិកម្នាក់មានតួនាទីយ៉ាងតិចមួយ។",
    "staff_exists": "មានបុគ្គលិករួចហើយ។ អ្នកគ្រប់គ្រងបន្ថែមដោយ staff add។",
    "last_administrators": "ត្រូវនៅសល់អ្នកគ្រប់គ្រងពីរនាក់។ សូមបន្ថែមម្នាក់ទៀតជាមុន។",
    "unknown_order": "គ្មានលេខ {number} ទេ៖ requests បង្ហាញសំណើដែលរង់ចាំ, print-orders បង្ហាញបញ្ជាបោះពុម្ព។",
    "order_decided": "សំណើនេះមិនរង់ចាំទៀតទេ។",
    "order_expired": "សំណើនេះរង់ចាំលើស ៣០ ថ្ងៃហើយ។ សូមស្នើជាថ្មី។",
    "order_outdated": "អ្វីដែលសំណើនេះនិយាយដល់ បានប្ដូរហើយ។ សូមបដិសេធវា រួចស្នើជាថ្មី។",
    "malformed_order": "សំណើក្នុងបញ្ជីមិនអាចអានបានទេ៖ មានគេកែវា។",
    "repeat_command": "សូមវាយពាក្យបញ្ជាដដែលម្ដងទៀត៖ សំណើមិនរក្សាទិន្នន័យរបស់នរណាទេ។",
    "not_all_confirmed": "សំណើ {count} មិនបានអនុវត្តទេ៖ សូមមើលខាងលើ។",
}
