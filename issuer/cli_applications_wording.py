"""What `reject`, `amend` and `activate` say, in Khmer and English."""

from __future__ import annotations

from credential.codes import Name
from issuer.doubts import Doubt
from issuer.handing_over import HandingFault

PHRASES = {
    "rejected": Name("បានបដិសេធ៖ {count}", "rejected: {count}"),
    "rejected_for": Name("បដិសេធ {count}៖ {reason}", "rejected {count}: {reason}"),
    "amended": Name("បានកែ៖ {columns}", "amended: {columns}"),
    "amend_needs": Name(
        "amend ត្រូវការ FILE ឬ --employee N និងអ្វីដែលប្រែប្រួល (--replace សម្រាប់មនុស្សម្នាក់)",
        "amend needs a FILE, or --employee N and what changes (--replace is for one person)",
    ),
    "amend_summary": Name(
        "សរុប {rows} ជួរ៖ កែ {imported} មិនប្រែប្រួល {already_there} ដដែល {repeated} មានកំហុស {faulty}",
        "{rows} rows: {imported} amended, {already_there} unchanged, {repeated} repeated, {faulty} at fault",
    ),
    "phone_shows_old": Name(
        "លិខិតក្នុងទូរស័ព្ទនៅបង្ហាញទិន្នន័យចាស់។ បន្ទាប់៖ offer និង issue សម្រាប់ទូរស័ព្ទនោះ។",
        "What the phone holds still says what was before. Next: offer and issue for that phone.",
    ),
    "show_needs": Name("show ត្រូវការលេខកាត ឬ --application N", "show needs a card number, or --application N"),
    "activate_needs": Name(
        "activate ត្រូវការ --card N ឬ FILE មួយដែលមានលេខកាត", "activate needs --card N, or a FILE of card numbers"
    ),
    "activated": Name(
        "បានប្រគល់ {activated} សកម្មរួចហើយ {already} ដដែល {repeated} មានកំហុស {faulty}",
        "active now: {activated}, before: {already}, repeated: {repeated}, at fault: {faulty}",
    ),
    "handing_fault": Name("ជួរ {row}៖ {words} [{fault}]", "row {row}: {words} [{fault}]"),
    "approve_left": Name(
        "មិនទាន់អនុម័ត៖ {count}។ សូមមើល list --doubtful ពិនិត្យម្នាក់ៗ រួចអនុម័តតាមលេខពាក្យសុំ៖ "
        "approve APPLICATION ឬ reject។",
        "not approved: {count}. See list --doubtful, look into each, then by its number: approve "
        "APPLICATION, or reject.",
    ),
    "left_had_card": Name(
        "  ធ្លាប់មានកាតដែលត្រូវបានដកហូត ឬផុតកំណត់៖ {count}",
        "  of people who had a card that was revoked or has ended: {count}",
    ),
    "left_perhaps_same_person": Name(
        "  ប្រហែលជាមនុស្សតែម្នាក់ ដែលមានអត្តលេខពីរ៖ {count}",
        "  perhaps the same person as another, under two employee numbers: {count}",
    ),
    "left_was_rejected": Name(
        "  ធ្លាប់ត្រូវបានបដិសេធ៖ {count}", "  of people whose application was rejected before: {count}"
    ),
}
DOUBTS = {
    Doubt.PERHAPS_SAME_PERSON: Name(
        "ឈ្មោះ និងថ្ងៃកំណើតដូចពាក្យសុំ {others}", "the same names and birth date as application {others}"
    ),
    Doubt.HAD_CARD: Name("ធ្លាប់មានកាតដែលត្រូវបានដកហូត ឬផុតកំណត់", "had a card that was revoked or has ended"),
    Doubt.WAS_REJECTED: Name("ធ្លាប់ត្រូវបានបដិសេធ", "was rejected before"),
}
HANDING_FAULTS = {
    HandingFault.NO_NUMBER: Name(
        "មិនមែនជាលេខកាតទេ។ សូមពិនិត្យលេខ។", "this is no card number: compare it with the card"
    ),
    HandingFault.UNKNOWN: Name("គ្មានកាតលេខនេះក្នុងបញ្ជីទេ", "the register has no card of this number"),
    HandingFault.WRONG_STATE: Name(
        "កាតនេះមិនមែនបានបោះពុម្ព ហើយរង់ចាំប្រគល់ទេ ({state})", "this card is not printed and waiting: it is {state}"
    ),
}
REFUSALS_KM = {
    "bad_note": "កំណត់សម្គាល់នេះមិនអាចរក្សាទុកបានទេ៖ {why}",
    "bad_amendment": "តម្លៃថ្មីមិនត្រឹមត្រូវ៖ {faults} សូមមើល import --columns។",
    "unknown_employee": "បញ្ជីគ្មានអត្តលេខនេះទេ។",
    "no_card": "អ្នកនេះគ្មានកាត និងគ្មានអ្វីសម្រាប់កែទេ ({state})។ បន្ទាប់៖ {next}។",
    "nothing_changed": "បញ្ជីមានដូច្នេះរួចហើយ។",
    "on_the_card": "ព័ត៌មាននេះមានលើកាត (ឬសម្គាល់ម្ចាស់កាត)។ បន្ទាប់៖ {next}។",
}
HELP_KM = {
    "reject applications, with a reason": "បដិសេធពាក្យសុំ ដោយមានមូលហេតុ",
    "kept in the register beside the reason": "រក្សាទុកក្នុងបញ្ជី ជាមួយមូលហេតុ",
    "change what the register says of people: a file, or one person": "កែទិន្នន័យមនុស្ស៖ តាមឯកសារ ឬម្នាក់",
    "CSV or XLSX: employee_id, and what changes": "CSV ឬ XLSX៖ employee_id និងអ្វីដែលប្រែប្រួល",
    "employee number of one person": "អត្តលេខរបស់មនុស្សម្នាក់",
    "make a new card, which says so too": "ធ្វើកាតថ្មី ដែលមានទិន្នន័យថ្មី",
    "cards that were handed over: they count from now on": "កាតដែលបានប្រគល់៖ មានសុពលភាពចាប់ពីពេលនេះ",
    "a card number in each line": "លេខកាតមួយក្នុងមួយជួរ",
    "file those again who were rejected with the same data": "បញ្ចូលម្ដងទៀត អ្នកដែលត្រូវបានបដិសេធដោយទិន្នន័យដដែល",
    "what approve --all leaves out, and why": "អ្វីដែល approve --all មិនរាប់បញ្ចូល និងមូលហេតុ",
    "an application, by its number": "ពាក្យសុំ តាមលេខរបស់វា",
}
