"""What `reissue` says, in Khmer and English."""

from __future__ import annotations

from credential.codes import Name

PHRASES = {
    "reissuing": Name("កំពុងចេញឡើងវិញ", "issuing again"),
    "reissue_none": Name("មិនធ្លាប់មានការចេញឡើងវិញទេ។", "nothing was ever issued again"),
    "reissue_open": Name(
        "ការចេញឡើងវិញ ({kinds}) កំពុងបើក តាំងពី {at}៖ មនុស្ស {people} នាក់ រួច {done} ភាគ ក្នុង {parts}។ បន្ទាប់៖ reissue",
        "a re-issue ({kinds}) is open since {at}: {people} people, "
        "{done} of {parts} parts done; next: reissue",
    ),
    "reissue_closed": Name(
        "ការចេញឡើងវិញ ({kinds}) បានបញ្ចប់ {at}៖ មនុស្ស {people} នាក់ រួច {done} ភាគ ក្នុង {parts}",
        "the re-issue ({kinds}) was closed at {at}: {people} people, {done} of {parts} parts done",
    ),
    "reissue_another": Name(
        "ការចេញឡើងវិញចុងក្រោយបានបញ្ចប់ {at}៖ នេះជាមួយថ្មីទៀត សម្រាប់ទាំងអស់គ្នា។ បើមិនចង់បាន៖ withdraw",
        "The last re-issue was closed at {at}: this asks for another one, for everybody. If that is not "
        "meant: withdraw",
    ),
    "reissue_ordered": Name(
        "ការចេញឡើងវិញ ({kinds}) បានបើក៖ មនុស្ស {people} នាក់។ បន្ទាប់៖ reissue",
        "the re-issue ({kinds}) is open: {people} people; next: reissue",
    ),
    "reissue_left_out": Name(
        "ទូរស័ព្ទ {count} មិនបានរាប់បញ្ចូល៖ បញ្ជីមិនមានកូនសោរបស់វា។ ម្ចាស់ត្រូវស្នើលិខិតថ្មីដោយខ្លួនឯង (offer)។",
        "phones left out: {count}; the register did not keep their keys, so their holders have to be offered "
        "new credentials (offer)",
    ),
    "reissue_skipped": Name(
        "ធ្វើមិនបានសម្រាប់មនុស្ស {count} នាក់៖ ទិន្នន័យ ឬកូនសោរបស់គេខុស។ សូមធ្វើ audit។",
        "nothing could be made for {count} people: their data or keys are not as they were; next: audit",
    ),
    "reissue_spent": Name(
        "មនុស្ស {people} នាក់ ក្នុង {elapsed} វិនាទី ដោយ {workers} ដំណើរការ៖ ហត្ថលេខា {signing} សរសេរ {encoding} "
        "មូលដ្ឋានទិន្នន័យ {database} (វិនាទី សរុបគ្រប់ដំណើរការ)",
        "{people} people in {elapsed} s on {workers} processes: signing {signing} s, encoding {encoding} s, "
        "database {database} s, of all processes together",
    ),
    "reissue_published": Name("ផ្សាយ៖ {seconds} វិនាទី", "publication: {seconds} s"),
    "new_waits": Name(
        "លិខិតថ្មីកំពុងរង់ចាំទូរស័ព្ទនេះ៖ issue ជាមួយសំណើដដែល",
        "new credentials wait for this phone: issue with its same request",
    ),
}

REFUSALS_KM = {
    "reissue_open": "ការចេញឡើងវិញផ្សេងកំពុងបើក។ សូមបញ្ចប់វាសិន (reissue ដោយគ្មាន --kind)។",
}

HELP = {
    "issue again for everybody who has a phone; the same command goes on": "ចេញឡើងវិញសម្រាប់អ្នកមានទូរស័ព្ទទាំងអស់ "
    "ពាក្យបញ្ជាដដែលបន្តការងារ",
    "seal, live or sd-jwt (default: all three)": "seal, live ឬ sd-jwt (លំនាំដើម៖ ទាំងបី)",
    "processes (default: one a processor)": "ចំនួនដំណើរការ (លំនាំដើម៖ មួយក្នុងមួយស្នូល)",
    "publish there afterwards": "រួចផ្សាយទៅទីនោះ",
    "only tell how far it is": "គ្រាន់តែប្រាប់ថាដល់ណាហើយ",
}
