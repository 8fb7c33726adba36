"""What can be wrong with one row of a file, in the words of the person who has to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from credential.codes import Name

EMPLOYEE_ID_DIGITS = 10


class FaultKind(StrEnum):
    """The closed list of what an import finds fault with, and, last, of what it only warns of."""

    MISSING_VALUE = "missing_value"
    TOO_LONG = "too_long"
    BAD_ENCODING = "bad_encoding"
    BAD_CHARACTERS = "bad_characters"
    NOT_KHMER = "not_khmer"
    NOT_LATIN = "not_latin"
    BAD_EMPLOYEE_ID = "bad_employee_id"
    LOST_ZEROS = "lost_zeros"
    SPREADSHEET_NUMBER = "spreadsheet_number"
    BAD_DATE = "bad_date"
    AMBIGUOUS_DATE = "ambiguous_date"
    DAY_FIRST_DATE = "day_first_date"
    DATE_WITH_TIME = "date_with_time"
    LEADING_APOSTROPHE = "leading_apostrophe"
    SPREADSHEET_DATE = "spreadsheet_date"
    IMPOSSIBLE_DATE = "impossible_date"
    IMPLAUSIBLE_DATE = "implausible_date"
    UNKNOWN_MINISTRY = "unknown_ministry"
    UNKNOWN_POSITION = "unknown_position"
    UNKNOWN_GRADE = "unknown_grade"
    UNKNOWN_STATUS = "unknown_status"
    BAD_DIGEST = "bad_digest"
    WRONG_FIELD_COUNT = "wrong_field_count"
    BROKEN_QUOTES = "broken_quotes"
    LINE_TOO_LONG = "line_too_long"
    CONFLICT_IN_FILE = "conflict_in_file"
    CHANGED_DATA = "changed_data"
    BANK_CARD_NUMBER = "bank_card_number"
    FORMULA_ERROR = "formula_error"
    FORMULA_WITHOUT_VALUE = "formula_without_value"
    MERGED_CELLS = "merged_cells"
    PHOTO_MISSING = "photo_missing"
    PHOTO_TWICE = "photo_twice"
    PHOTO_TOO_LARGE = "photo_too_large"
    PHOTO_TOO_SMALL = "photo_too_small"
    PHOTO_BROKEN = "photo_broken"
    PHOTO_ANIMATED = "photo_animated"
    PHOTO_NOT_PORTRAIT = "photo_not_portrait"
    PHOTO_SHARED = "photo_shared"
    PHOTO_MISMATCH = "photo_mismatch"
    REJECTED_BEFORE = "rejected_before"
    UNKNOWN_EMPLOYEE = "unknown_employee"
    NO_CARD = "no_card"
    ON_THE_CARD = "on_the_card"

    LONG_POSITION = "long_position"
    LONG_NAME = "long_name"
    HAD_CARD = "had_card"
    WAS_REJECTED = "was_rejected"
    PHONE_SHOWS_OLD = "phone_shows_old"
    RETIRED_WITH_CARD = "retired_with_card"
    RETIRED = "retired"
    PERHAPS_SAME_PERSON = "perhaps_same_person"


UNKNOWN = frozenset({FaultKind.UNKNOWN_MINISTRY, FaultKind.UNKNOWN_POSITION, FaultKind.UNKNOWN_GRADE})
"""A code or a name that is in no table."""
WARNINGS = frozenset(
    {
        FaultKind.LONG_POSITION,
        FaultKind.LONG_NAME,
        FaultKind.HAD_CARD,
        FaultKind.WAS_REJECTED,
        FaultKind.PHONE_SHOWS_OLD,
        FaultKind.RETIRED_WITH_CARD,
        FaultKind.RETIRED,
        FaultKind.PERHAPS_SAME_PERSON,
    }
)
"""What is only warned of: such a row is imported."""
DIFFER = frozenset({FaultKind.CHANGED_DATA, FaultKind.ON_THE_CARD, FaultKind.NO_CARD})
"""Faults of a row that says something else than the register: the columns are named with them."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one row: where, what, and the other row it clashes with.

    `row` counts as a spreadsheet does: the header is row 1. `column` is empty
    when the row as a whole is at fault. No cell's content stands here.
    `digits` is how many an employee number of this register has.
    """

    row: int
    column: str
    kind: FaultKind
    other_row: int | None = None
    digits: int = EMPLOYEE_ID_DIGITS

    @property
    def advice(self) -> Name:
        """What is wrong and what to do, in Khmer and English."""
        told, values = ADVICE[self.kind], {"digits": self.digits, "zeros": "0" * self.digits}
        return Name(told.km.format(**values), told.en.format(**values))


ADVICE = {
    FaultKind.MISSING_VALUE: Name("ក្រឡានេះទទេ។ សូមបំពេញ។", "The cell is empty. Fill it in."),
    FaultKind.TOO_LONG: Name("អត្ថបទវែងពេក។ សូមសរសេរឱ្យខ្លី។", "The text is too long. Shorten it."),
    FaultKind.BAD_ENCODING: Name(
        "អក្សរខូច។ សូមរក្សាទុកឯកសារជា CSV UTF-8។", "Characters are damaged. Save the file as CSV UTF-8."
    ),
    FaultKind.BAD_CHARACTERS: Name(
        "មានតួអក្សរមើលមិនឃើញ។ សូមវាយអត្ថបទឡើងវិញ។", "The cell holds invisible characters. Type it again."
    ),
    FaultKind.NOT_KHMER: Name("សូមសរសេរឈ្មោះជាអក្សរខ្មែរ។", "Write this name in Khmer letters."),
    FaultKind.NOT_LATIN: Name("សូមសរសេរឈ្មោះជាអក្សរឡាតាំង។", "Write this name in Latin letters."),
    FaultKind.BAD_EMPLOYEE_ID: Name(
        "អត្តលេខមិនត្រឹមត្រូវ។ អត្តលេខមានតែលេខ {digits} ខ្ទង់។",
        "Not an employee number: it has {digits} digits and nothing else.",
    ),
    FaultKind.LOST_ZEROS: Name(
        "លេខសូន្យខាងដើមបាត់៖ អត្តលេខមាន {digits} ខ្ទង់។ សូមកំណត់ជួរឈរជាអត្ថបទ (Text) ហើយសរសេរលេខសូន្យឡើងវិញ "
        "ឬប្រើទម្រង់លេខ {zeros}។",
        "Leading zeros are lost: an employee number has {digits} digits. Format the column as text and write "
        "the zeros again, or give it the number format {zeros}.",
    ),
    FaultKind.SPREADSHEET_NUMBER: Name(
        "កម្មវិធីតារាងបានប្តូរលេខនេះ។ សូមកំណត់ជួរឈរជាអត្ថបទ (Text) ហើយវាយលេខឡើងវិញ។",
        "The spreadsheet rewrote this number. Format the column as text and type it again.",
    ),
    FaultKind.BAD_DATE: Name(
        "មិនមែនជាកាលបរិច្ឆេទ។ សូមសរសេរ ឆ្នាំ-ខែ-ថ្ងៃ ឧ. 1980-04-23។",
        "Not a date. Write year-month-day, such as 1980-04-23.",
    ),
    FaultKind.AMBIGUOUS_DATE: Name(
        "មិនដឹងថាលេខណាជាថ្ងៃ លេខណាជាខែ។ សូមសរសេរ ឆ្នាំ-ខែ-ថ្ងៃ ឬប្រើ --day-first។",
        "Day and month cannot be told apart. Write year-month-day, or import with --day-first.",
    ),
    FaultKind.DAY_FIRST_DATE: Name(
        "ថ្ងៃនៅមុខ។ សូមសរសេរ ឆ្នាំ-ខែ-ថ្ងៃ ឬប្រើ --day-first។",
        "The day comes first. Write year-month-day, or import with --day-first.",
    ),
    FaultKind.DATE_WITH_TIME: Name(
        "មានម៉ោងក្រោយកាលបរិច្ឆេទ។ សូមលុបម៉ោងចេញ។", "A time stands behind the date. Take it out."
    ),
    FaultKind.LEADING_APOSTROPHE: Name(
        "មានសញ្ញា ' ខាងមុខ ដែលកម្មវិធីតារាងដាក់។ សូមលុបវាចេញ។",
        "An apostrophe of the spreadsheet stands in front. Take it out.",
    ),
    FaultKind.SPREADSHEET_DATE: Name(
        "កម្មវិធីតារាងបានប្តូរកាលបរិច្ឆេទជាលេខ។ សូមសរសេរ ឆ្នាំ-ខែ-ថ្ងៃ ជាអត្ថបទ។",
        "The spreadsheet turned this date into a number. Write year-month-day as text.",
    ),
    FaultKind.IMPOSSIBLE_DATE: Name(
        "គ្មានថ្ងៃនេះក្នុងប្រតិទិន។ សូមពិនិត្យថ្ងៃ និងខែ។", "There is no such day. Check day and month."
    ),
    FaultKind.IMPLAUSIBLE_DATE: Name(
        "អាយុមិនសមហេតុផល។ សូមពិនិត្យឆ្នាំ (គ្រិស្តសករាជ)។",
        "Not the birth date of a person in service. Check the year (Common Era, not Buddhist).",
    ),
    FaultKind.UNKNOWN_MINISTRY: Name(
        "រកក្រសួងនេះមិនឃើញ។ សូមប្រើលេខកូដ ឬឈ្មោះក្នុងតារាង (ក្នុងរបាយការណ៍៖ សន្លឹក Codes)។",
        "No such ministry. Use a code or a name of the table (in the report: sheet Codes).",
    ),
    FaultKind.UNKNOWN_POSITION: Name(
        "រកលេខកូដមុខតំណែងនេះមិនឃើញ។ សូមប្រើលេខកូដក្នុងតារាង (ក្នុងរបាយការណ៍៖ សន្លឹក Codes) ឬសរសេរឈ្មោះមុខតំណែង។",
        "No such position code. Use one of the table (in the report: sheet Codes), or write the text.",
    ),
    FaultKind.UNKNOWN_GRADE: Name(
        "រកឋានន្តរស័ក្តិនេះមិនឃើញ។ សូមប្រើលេខកូដ ឬឈ្មោះក្នុងតារាង (ក្នុងរបាយការណ៍៖ សន្លឹក Codes)។",
        "No such grade. Use a code or a name of the table (in the report: sheet Codes).",
    ),
    FaultKind.UNKNOWN_STATUS: Name(
        "ស្ថានភាពត្រូវជា active, probation, seconded, on_leave ឬ retired។",
        "The status must be active, probation, seconded, on_leave or retired.",
    ),
    FaultKind.BAD_DIGEST: Name(
        "កូដ SHA-256 មាន ៦៤ តួ (0-9, a-f)។", "A SHA-256 has 64 hexadecimal digits. Compute it again."
    ),
    FaultKind.WRONG_FIELD_COUNT: Name(
        "ចំនួនក្រឡាមិនត្រូវនឹងចំណងជើង។ សូមពិនិត្យសញ្ញាក្បៀស។",
        "The row has more or fewer cells than the header. Check for stray separators.",
    ),
    FaultKind.BROKEN_QUOTES: Name(
        'សញ្ញាសម្រង់ (") មិនគូ។ សូមពិនិត្យជួរនេះ។',
        "A quotation mark is missing or too many. Check this row.",
    ),
    FaultKind.LINE_TOO_LONG: Name("ជួរវែងពេក។ សូមពិនិត្យជួរនេះ។", "The row is far too long. Check this row."),
    FaultKind.CONFLICT_IN_FILE: Name(
        "អត្តលេខដូចគ្នា តែទិន្នន័យខុសគ្នាក្នុងឯកសារនេះ។ សូមទុកតែមួយជួរដែលត្រឹមត្រូវ។",
        "The same employee number stands in another row with other data. Keep the right one.",
    ),
    FaultKind.CHANGED_DATA: Name(
        "អត្តលេខមានក្នុងបញ្ជីរួចហើយ តែទិន្នន័យខុសគ្នា។ មិនបានកែអ្វីទេ។ បើទិន្នន័យថ្មីត្រឹមត្រូវ ក្រសួងកែតាម amend (ឯកសារដដែល)។",
        "The register holds this employee number with other data. Nothing was changed. If the new data are "
        "right, the ministry takes them in by amend, with this same file.",
    ),
    FaultKind.BANK_CARD_NUMBER: Name(
        "ក្រឡានេះអាចមានលេខកាតធនាគារ។ សូមលុបលេខនោះចេញ ហើយកុំផ្ញើវា។",
        "The cell may hold a bank card's number. Take it out, and never send one.",
    ),
    FaultKind.LONG_POSITION: Name(
        "កូដ QR នឹងវែង ហើយពិបាកស្កេន។ សូមប្រើលេខកូដមុខតំណែង (import --codes) ឬសរសេរឱ្យខ្លី។",
        "The QR code will be long and hard to scan. Use a position code (import --codes), or a shorter text.",
    ),
    FaultKind.LONG_NAME: Name(
        "កូដ QR នឹងវែង ហើយពិបាកស្កេន។ សូមសរសេរឈ្មោះនេះឱ្យខ្លី បើអាច។",
        "The QR code will be long and hard to scan. Shorten this name, if it can be.",
    ),
    FaultKind.RETIRED: Name(
        "អ្នកនេះចូលនិវត្តន៍ហើយ។ សូមពិនិត្យថាត្រូវការកាតឬទេ មុនពេលអនុម័ត។",
        "This person is retired. Look whether a card is due before the application is approved.",
    ),
    FaultKind.HAD_CARD: Name(
        "អ្នកនេះធ្លាប់មានកាតដែលត្រូវបានដកហូត ឬផុតកំណត់។ សូមពិនិត្យ រួចអនុម័តតាមលេខពាក្យសុំ៖ approve --all មិនរាប់បញ្ចូលទេ។",
        "This person had a card that was revoked or has ended. Look into it, then approve the application "
        "by its number: approve --all leaves it out.",
    ),
    FaultKind.WAS_REJECTED: Name(
        "ពាក្យសុំរបស់អ្នកនេះធ្លាប់ត្រូវបានបដិសេធ។ សូមពិនិត្យ រួចអនុម័តតាមលេខពាក្យសុំ៖ approve --all មិនរាប់បញ្ចូលទេ។",
        "This person's application was rejected before. Look into it, then approve the application by its "
        "number: approve --all leaves it out.",
    ),
    FaultKind.REJECTED_BEFORE: Name(
        "ពាក្យសុំដែលមានទិន្នន័យដដែលនេះ ត្រូវបានបដិសេធ។ សូមកែអ្វីដែលខុស ហើយផ្ញើម្ដងទៀត។ បើក្រសួងចង់ពិចារណាឡើងវិញ៖ "
        "import --rejected-too។",
        "An application with these same data was rejected. Mend what was wrong and send it again. If the "
        "ministry is to look at it once more as it is: import --rejected-too.",
    ),
    FaultKind.UNKNOWN_EMPLOYEE: Name(
        "បញ្ជីគ្មានអត្តលេខនេះទេ។ ពាក្យសុំថ្មីបញ្ចូលតាម import។",
        "The register does not have this employee number. A new application is filed by import.",
    ),
    FaultKind.NO_CARD: Name(
        "អ្នកនេះគ្មានកាត និងគ្មានពាក្យសុំដែលកំពុងរង់ចាំទេ។ ទិន្នន័យថ្មីបញ្ចូលតាម import ជាពាក្យសុំថ្មី។",
        "This person has no card and no application that waits. New data come in by import, with a new "
        "application.",
    ),
    FaultKind.ON_THE_CARD: Name(
        "ព័ត៌មាននេះមានលើកាត (ឬសម្គាល់ម្ចាស់កាត)។ ត្រូវធ្វើកាតថ្មី៖ amend --employee N --replace។ កាតដែលផ្អាក៖ "
        "reinstate ជាមុន។",
        "This stands on the card, or tells whose it is: a new card has to be made, by amend --employee N "
        "--replace. Of a suspended card: reinstate it first.",
    ),
    FaultKind.PHONE_SHOWS_OLD: Name(
        "លិខិតក្នុងទូរស័ព្ទនៅបង្ហាញទិន្នន័យចាស់។ បន្ទាប់៖ offer និង issue សម្រាប់ទូរស័ព្ទនោះ។ កាតផ្លាស្ទិកនៅដដែល។",
        "What the phone holds still says what was before. Next: offer and issue for that phone. The plastic "
        "card stays.",
    ),
    FaultKind.RETIRED_WITH_CARD: Name(
        "អ្នកនេះចូលនិវត្តន៍ តែកាតនៅមានសុពលភាព។ បើត្រូវបញ្ចប់៖ retire --card N។",
        "This person is retired, and the card stands. If it is to end: retire --card N.",
    ),
    FaultKind.FORMULA_ERROR: Name(
        "រូបមន្តក្នុងក្រឡានេះមានកំហុស (ដូចជា #N/A, #REF!)។ សូមវាយតម្លៃជំនួសរូបមន្ត។",
        "The formula in this cell gives an error, such as #N/A or #REF!. Type the value instead.",
    ),
    FaultKind.FORMULA_WITHOUT_VALUE: Name(
        "រូបមន្តក្នុងក្រឡានេះគ្មានលទ្ធផលទេ។ សូមបើកឯកសារក្នុង Excel រក្សាទុកម្ដងទៀត ឬវាយតម្លៃជំនួសរូបមន្ត។",
        "The formula in this cell has no result. Open the file in Excel, save it again, or type the value.",
    ),
    FaultKind.MERGED_CELLS: Name(
        "ក្រឡានេះបានបញ្ចូលគ្នាជាមួយក្រឡាផ្សេង (Merge)។ សូមបំបែក (Unmerge) ហើយបំពេញក្រឡានីមួយៗ។",
        "The cell is merged with others. Unmerge them and fill in each cell.",
    ),
    FaultKind.PHOTO_MISSING: Name(
        "គ្មានរូបថតសម្រាប់អត្តលេខនេះទេ។ សូមដាក់រូបថតក្នុងថត ដោយដាក់ឈ្មោះឯកសារតាមអត្តលេខ ដូចជា 0012345678.jpg។",
        "There is no photo for this employee number. Put one into the folder, named by the number, "
        "such as 0012345678.jpg.",
    ),
    FaultKind.PHOTO_TWICE: Name(
        "មានរូបថតច្រើនជាងមួយសម្រាប់អត្តលេខនេះ។ សូមទុកតែមួយ។",
        "More than one photo bears this employee number. Keep the right one.",
    ),
    FaultKind.PHOTO_TOO_LARGE: Name(
        "រូបថតធំពេក។ មិនលើស ១០ មេហ្កាបៃ (MB) ៦០០០ ភីកសែលក្នុងមួយជ្រុង និង ៤០ លានភីកសែល។ សូមបង្រួម។",
        "The photo is too large: at most 10 MB, 6000 pixels a side, 40 million pixels. Make it smaller.",
    ),
    FaultKind.PHOTO_TOO_SMALL: Name(
        "រូបថតតូចពេក៖ ជ្រុងនីមួយៗត្រូវមានយ៉ាងតិច ៣០០ ភីកសែល។ សូមផ្ញើរូបធំជាងនេះ។",
        "The photo is too small: each side has at least 300 pixels. Send a larger one.",
    ),
    FaultKind.PHOTO_BROKEN: Name(
        "ឯកសាររូបថតខូច ឬមិនមែនជា JPEG ឬ PNG។ សូមរក្សាទុករូបជា JPEG ម្ដងទៀត។",
        "The photo's file is damaged, or no JPEG or PNG. Save the photo as JPEG again.",
    ),
    FaultKind.PHOTO_ANIMATED: Name(
        "រូបថតមានរូបច្រើន (ចលនា)។ សូមផ្ញើរូបតែមួយ។", "The photo is animated. Send a single picture."
    ),
    FaultKind.PHOTO_NOT_PORTRAIT: Name(
        "រូបថតមិនមែនជារូបបញ្ឈរទេ។ សូមកាត់ជា ៣ លើ ៤ (ដូចជា ៣×៤ ស.ម.)។",
        "The photo is no portrait. Cut it to 3 by 4, as passport photos are, the higher side upright.",
    ),
    FaultKind.PHOTO_SHARED: Name(
        "រូបថតនេះមានសម្រាប់អ្នកផ្សេងដែរ។ សូមដាក់រូបត្រឹមត្រូវសម្រាប់ម្នាក់ៗ។",
        "Another person has the same photo. Give each person their own.",
    ),
    FaultKind.PHOTO_MISMATCH: Name(
        "រូបថតក្នុងថត មិនត្រូវនឹងកូដ SHA-256 ក្នុងជួរនេះ។ សូមផ្ញើរូបត្រឹមត្រូវ ឬទុកក្រឡានេះទទេ។",
        "The photo in the folder is not the one whose SHA-256 stands here. Send the right photo, or leave "
        "the cell empty.",
    ),
    FaultKind.PERHAPS_SAME_PERSON: Name(
        "អត្តលេខផ្សេង តែមានឈ្មោះ និងថ្ងៃកំណើតដូចគ្នា។ ប្រហែលជាមនុស្សតែម្នាក់។ សូមពិនិត្យ (list --doubtful) "
        "រួចអនុម័តតាមលេខពាក្យសុំ៖ approve --all មិនរាប់បញ្ចូលទេ។",
        "Another employee number has the same names and birth date: perhaps the same person. Look into it "
        "(list --doubtful), then approve the application by its number: approve --all leaves it out.",
    ),
}
