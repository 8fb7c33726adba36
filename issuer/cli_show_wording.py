"""What `show`, `list` and `requests` say of people and of what was done, in Khmer and English."""

from __future__ import annotations

from credential.claims import EmploymentStatus
from credential.codes import Name
from issuer.applicant import Photo
from issuer.lifecycle import Act
from issuer.order_history import Outcome

FIELDS = {
    "employee_id": Name("អត្តលេខ", "employee number"),
    "name_km": Name("ឈ្មោះខ្មែរ", "name in Khmer"),
    "name_la": Name("ឈ្មោះឡាតាំង", "name in Latin letters"),
    "date_of_birth": Name("ថ្ងៃខែឆ្នាំកំណើត", "date of birth"),
    "ministry": Name("ក្រសួង", "ministry"),
    "position": Name("មុខតំណែង", "position"),
    "grade": Name("ឋានន្តរស័ក្តិ", "grade"),
    "agency": Name("អង្គភាព", "agency"),
    "employment_status": Name("ស្ថានភាព", "employment status"),
    "photo_sha256": Name("រូបថត", "photograph"),
}
EMPLOYMENT = {
    EmploymentStatus.ACTIVE: Name("សកម្ម", "active"),
    EmploymentStatus.PROBATION: Name("សាកល្បង", "probation"),
    EmploymentStatus.SECONDED: Name("ផ្ទេរបណ្តោះអាសន្ន", "seconded"),
    EmploymentStatus.ON_LEAVE: Name("ឈប់សម្រាក", "on leave"),
    EmploymentStatus.RETIRED: Name("ចូលនិវត្តន៍", "retired"),
}
PHOTOS = {
    Photo.NONE: Name("គ្មាន៖ កាតនឹងបោះពុម្ពដោយគ្មានមុខ", "none: the card would be printed without a face"),
    Photo.HELD: Name("មាន (show --photo FILE សរសេរវា)", "there (show --photo FILE writes it)"),
    Photo.LOST: Name(
        "បាត់ពីថត photos ឬខូច៖ សូមស្ដារពីច្បាប់ចម្លង", "gone from the home, or damaged: restore the folder photos"
    ),
}
ACTS = {
    Act.APPLY: Name("ដាក់ពាក្យសុំ", "applied for"),
    Act.REJECT: Name("មិនអនុម័ត", "rejected"),
    Act.AMEND: Name("កែទិន្នន័យ", "amended"),
    Act.APPROVE: Name("អនុម័ត", "approved"),
    Act.ORDER_PRINT: Name("បញ្ជាបោះពុម្ព", "ordered from a bank"),
    Act.RETURN_PRINT: Name("យកពីធនាគារវិញ", "taken back from the bank"),
    Act.PRINT: Name("បោះពុម្ព", "printed"),
    Act.ACTIVATE: Name("ប្រគល់ជូន", "handed over"),
    Act.OFFER: Name("ផ្ដល់ជូនដល់ទូរស័ព្ទ", "offered to a phone"),
    Act.ENROL: Name("ចេញលិខិតឱ្យទូរស័ព្ទ", "issued to a phone"),
    Act.REISSUE: Name("ចេញឡើងវិញ", "issued again"),
    Act.COLLECT: Name("ទូរស័ព្ទទទួលលិខិតថ្មី", "collected by its phone"),
    Act.REVOKE_WALLET: Name("ដកហូតពីទូរស័ព្ទ", "revoked from its phone"),
    Act.SUSPEND: Name("ផ្អាក", "suspended"),
    Act.REINSTATE: Name("ឱ្យប្រើវិញ", "reinstated"),
    Act.REPORT_LOST: Name("រាយការណ៍ថាបាត់", "reported lost"),
    Act.REPLACE: Name("ជំនួសដោយកាតថ្មី", "replaced"),
    Act.RETIRE: Name("ចូលនិវត្តន៍", "retired"),
    Act.REVOKE: Name("ដកហូត", "revoked"),
    Act.EXPIRE: Name("ផុតកំណត់", "expired"),
    Act.RECORD: Name("កត់ត្រាពេលចាប់ផ្ដើមសវនកម្ម", "recorded when the audit chain began"),
}
"""What each act did to a card."""
OUTCOMES = {
    Outcome.WAITING: Name("កំពុងរង់ចាំ", "waits"),
    Outcome.EXPIRED: Name("ហួសពេល (លើស ៣០ ថ្ងៃ)៖ ត្រូវស្នើជាថ្មី", "lapsed after 30 days: to be asked for anew"),
    Outcome.CONFIRMED: Name("បានបញ្ជាក់ដោយ {by} {at}", "confirmed by {by} {at}"),
    Outcome.DECLINED: Name("បានបដិសេធដោយ {by} {at}", "declined by {by} {at}"),
    Outcome.WITHDRAWN: Name("បានដកវិញដោយ {by} {at}", "withdrawn by {by} {at}"),
    Outcome.DONE: Name("បានធ្វើភ្លាម {at}", "done at once {at}"),
}
PHRASES = {
    "add_as": Name(
        "អ្វីដែលពាក្យសុំនិយាយ៖ សូមបន្ថែម --as NAME មុនពាក្យបញ្ជា (មន្ត្រី ឬអ្នកអនុម័ត)",
        "what the application says: add --as NAME before the command (an officer or approver)",
    ),
    "person_erased": Name("ទិន្នន័យរបស់អ្នកនេះត្រូវបានលុប", "this person's data were erased"),
    "show_warning": Name("  ព្រមាន៖ {advice} [{kind}]", "  warning: {advice} [{kind}]"),
    "replaces": Name("ជំនួសកាត {card}", "in the place of card {card}"),
    "replaced_by": Name("កាតថ្មី៖ {card}", "its new card: {card}"),
    "deed": Name("  {at}  {act} (មុនមានបុគ្គលិក)", "  {at}  {act} (before there was staff)"),
    "deed_alone": Name("  {at}  {act}៖ {asked_by}", "  {at}  {act} by {asked_by}"),
    "deed_two": Name(
        "  {at}  {act}៖ ស្នើដោយ {asked_by} {asked_at} បញ្ជាក់ដោយ {by} (សំណើ {number})",
        "  {at}  {act}: asked by {asked_by} {asked_at}, confirmed by {by} (request {number})",
    ),
    "no_face": Name(
        "គ្មានរូបថត៖ {count}។ កាតនឹងបោះពុម្ពដោយគ្មានមុខ។ ដើម្បីកែ មុនពេលអនុម័ត៖ reject APPLICATION --reason "
        "photo_unfit រួច import ឯកសារម្ដងទៀតជាមួយ --photos។",
        "without a photograph: {count}; their cards would be printed without a face. To mend it before they "
        "are approved: reject APPLICATION --reason photo_unfit, then import the file again with --photos.",
    ),
    "none_found": Name("រកមិនឃើញអ្នកណាទេ", "nobody was found"),
}
REFUSALS_KM = {
    "no_photo": "ពាក្យសុំនេះគ្មានរូបថតទេ។",
}
HELP_KM = {
    "only this employee number": "តែអត្តលេខនេះ",
    "only names with this in them, Khmer or Latin": "តែឈ្មោះដែលមានអក្សរនេះ ខ្មែរ ឬឡាតាំង",
    "only this agency's, by its code (agency list)": "តែអង្គភាពនេះ តាមលេខកូដ (agency list)",
    "everything that was done to it, and by whom": "អ្វីៗដែលបានធ្វើលើវា និងដោយអ្នកណា",
    "write its photograph here, a JPEG": "សរសេររូបថតរបស់វានៅទីនេះ ជា JPEG",
    "also what was confirmed, declined or withdrawn, by whom": "រួមទាំងអ្វីដែលបានបញ្ជាក់ បដិសេធ ឬដកវិញ និងដោយអ្នកណា",
}
