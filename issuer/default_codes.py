"""The code tables a new register starts with.

Codes are append-only from the first card on (`CodeTables.check_extends`), so
what stands here is never renumbered, only added to.
"""

from __future__ import annotations

from types import MappingProxyType

from credential.codes import CodeTables, Name


def _table(*rows: tuple[int, str, str]) -> MappingProxyType[int, Name]:
    return MappingProxyType({code: Name(km, en) for code, km, en in rows})


DEFAULT_CODES = CodeTables(
    ministries=_table(
        (1, "ក្រសួងមុខងារសាធារណៈ", "Ministry of Civil Service"),
        (2, "ក្រសួងមហាផ្ទៃ", "Ministry of Interior"),
        (3, "ក្រសួងសេដ្ឋកិច្ចនិងហិរញ្ញវត្ថុ", "Ministry of Economy and Finance"),
        (4, "ក្រសួងអប់រំ យុវជន និងកីឡា", "Ministry of Education, Youth and Sport"),
        (5, "ក្រសួងសុខាភិបាល", "Ministry of Health"),
        (6, "ក្រសួងកសិកម្ម រុក្ខាប្រមាញ់ និងនេសាទ", "Ministry of Agriculture, Forestry and Fisheries"),
        (7, "ក្រសួងយុត្តិធម៌", "Ministry of Justice"),
        (
            8,
            "ក្រសួងការបរទេស និងសហប្រតិបត្តិការអន្តរជាតិ",
            "Ministry of Foreign Affairs and International Cooperation",
        ),
        (9, "ក្រសួងព័ត៌មាន", "Ministry of Information"),
        (10, "ក្រសួងផែនការ", "Ministry of Planning"),
        (11, "ក្រសួងពាណិជ្ជកម្ម", "Ministry of Commerce"),
        (12, "ក្រសួងការងារ និងបណ្តុះបណ្តាលវិជ្ជាជីវៈ", "Ministry of Labour and Vocational Training"),
        (13, "ក្រសួងសាធារណការ និងដឹកជញ្ជូន", "Ministry of Public Works and Transport"),
        (14, "ក្រសួងប្រៃសណីយ៍ និងទូរគមនាគមន៍", "Ministry of Post and Telecommunications"),
        (15, "ក្រសួងបរិស្ថាន", "Ministry of Environment"),
        (16, "ក្រសួងវប្បធម៌ និងវិចិត្រសិល្បៈ", "Ministry of Culture and Fine Arts"),
        (17, "ក្រសួងកិច្ចការនារី", "Ministry of Women's Affairs"),
    ),
    positions=_table(
        (1, "រដ្ឋមន្ត្រី", "Minister"),
        (2, "រដ្ឋលេខាធិការ", "Secretary of State"),
        (3, "អនុរដ្ឋលេខាធិការ", "Under-Secretary of State"),
        (4, "អគ្គលេខាធិការ", "Secretary General"),
        (5, "អគ្គលេខាធិការរង", "Deputy Secretary General"),
        (6, "អគ្គនាយក", "Director General"),
        (7, "អគ្គនាយករង", "Deputy Director General"),
        (8, "អគ្គាធិការ", "Inspector General"),
        (9, "ប្រធាននាយកដ្ឋាន", "Director of Department"),
        (10, "អនុប្រធាននាយកដ្ឋាន", "Deputy Director of Department"),
        (11, "ប្រធានការិយាល័យ", "Chief of Office"),
        (12, "អនុប្រធានការិយាល័យ", "Deputy Chief of Office"),
        (13, "ប្រធានផ្នែក", "Chief of Section"),
        (14, "អនុប្រធានផ្នែក", "Deputy Chief of Section"),
        (15, "មន្ត្រី", "Officer"),
        (16, "មន្ត្រីកម្មសិក្សា", "Trainee Officer"),
        (17, "ទីប្រឹក្សា", "Adviser"),
        (18, "ជំនួយការ", "Assistant"),
        (19, "លេខាធិការ", "Secretary"),
        (20, "គណនេយ្យករ", "Accountant"),
        (21, "អធិការ", "Inspector"),
        (22, "គ្រូបង្រៀន", "Teacher"),
        (23, "នាយកសាលា", "School Principal"),
        (24, "វេជ្ជបណ្ឌិត", "Medical Doctor"),
        (25, "គិលានុបដ្ឋាក", "Nurse"),
        (26, "វិស្វករ", "Engineer"),
    ),
    grades=_table(
        (11, "ក.១", "A.1"),
        (12, "ក.២", "A.2"),
        (13, "ក.៣", "A.3"),
        (21, "ខ.១", "B.1"),
        (22, "ខ.២", "B.2"),
        (23, "ខ.៣", "B.3"),
        (31, "គ.១", "C.1"),
        (32, "គ.២", "C.2"),
        (33, "គ.៣", "C.3"),
        (41, "ឃ", "D"),
    ),
)
"""17 ministries, 26 positions, 10 grades."""

DEFAULT_PURPOSES = (
    ("entry", True, Name("ចេញចូលស្ថាប័ន", "Entry to an institution")),
    ("salary", True, Name("ទទួលប្រាក់បៀវត្ស", "Receiving a salary")),
    ("identity-at-agency", True, Name("បញ្ជាក់អត្តសញ្ញាណនៅស្ថាប័ន", "Showing who one is at an agency")),
    # The card cannot replace the national identity card.
    ("national-id", False, Name("អត្តសញ្ញាណប័ណ្ណសញ្ជាតិខ្មែរ", "National identity card")),
)
"""(name, permitted, title): a purpose that is not permitted is named, so that a verifier can say why."""
