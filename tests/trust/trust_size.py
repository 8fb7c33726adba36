"""A ministry of real size, for the size budget: names as long as real ones."""

from __future__ import annotations

from credential.codes import CodeTables, Name
from trust.documents import Purpose, RelyingParty

MINISTRIES = (
    ("ក្រសួងមុខងារសាធារណៈ", "Ministry of Civil Service"),
    ("ក្រសួងសេដ្ឋកិច្ចនិងហិរញ្ញវត្ថុ", "Ministry of Economy and Finance"),
    ("ក្រសួងអប់រំ យុវជន និងកីឡា", "Ministry of Education, Youth and Sport"),
    ("ក្រសួងសុខាភិបាល", "Ministry of Health"),
    ("ក្រសួងមហាផ្ទៃ", "Ministry of Interior"),
    ("ក្រសួងយុត្តិធម៌", "Ministry of Justice"),
    ("ក្រសួងការបរទេសនិងសហប្រតិបត្តិការអន្តរជាតិ", "Ministry of Foreign Affairs and International Cooperation"),
    ("ក្រសួងកសិកម្ម រុក្ខាប្រមាញ់ និងនេសាទ", "Ministry of Agriculture, Forestry and Fisheries"),
    ("ក្រសួងសាធារណការនិងដឹកជញ្ជូន", "Ministry of Public Works and Transport"),
    ("ក្រសួងប្រៃសណីយ៍និងទូរគមនាគមន៍", "Ministry of Post and Telecommunications"),
    ("ក្រសួងពាណិជ្ជកម្ម", "Ministry of Commerce"),
    ("ក្រសួងបរិស្ថាន", "Ministry of Environment"),
    ("ក្រសួងវប្បធម៌និងវិចិត្រសិល្បៈ", "Ministry of Culture and Fine Arts"),
    ("ក្រសួងព័ត៌មាន", "Ministry of Information"),
    ("ក្រសួងការងារនិងបណ្តុះបណ្តាលវិជ្ជាជីវៈ", "Ministry of Labour and Vocational Training"),
    ("ក្រសួងរៀបចំដែនដី នគរូបនីយកម្ម និងសំណង់", "Ministry of Land Management, Urban Planning and Construction"),
    ("ក្រសួងអភិវឌ្ឍន៍ជនបទ", "Ministry of Rural Development"),
)
POSITIONS = (
    ("រដ្ឋលេខាធិការ", "Secretary of State"),
    ("អនុរដ្ឋលេខាធិការ", "Under-Secretary of State"),
    ("អគ្គលេខាធិការ", "Secretary-General"),
    ("អគ្គនាយក", "Director-General"),
    ("អគ្គនាយករង", "Deputy Director-General"),
    ("អគ្គាធិការ", "Inspector-General"),
    ("អគ្គាធិការរង", "Deputy Inspector-General"),
    ("ប្រធាននាយកដ្ឋាន", "Director of Department"),
    ("អនុប្រធាននាយកដ្ឋាន", "Deputy Director of Department"),
    ("ប្រធានការិយាល័យ", "Chief of Office"),
    ("អនុប្រធានការិយាល័យ", "Deputy Chief of Office"),
    ("ប្រធានផ្នែក", "Chief of Section"),
    ("អនុប្រធានផ្នែក", "Deputy Chief of Section"),
    ("ប្រធានមន្ទីរ", "Director of Provincial Department"),
    ("អនុប្រធានមន្ទីរ", "Deputy Director of Provincial Department"),
    ("នាយកសាលា", "School Principal"),
    ("នាយករងសាលា", "Deputy School Principal"),
    ("គ្រូបង្រៀន", "Teacher"),
    ("សាស្ត្រាចារ្យ", "Professor"),
    ("វេជ្ជបណ្ឌិត", "Medical Doctor"),
    ("គិលានុបដ្ឋាក", "Nurse"),
    ("ឆ្មប", "Midwife"),
    ("វិស្វករ", "Engineer"),
    ("គណនេយ្យករ", "Accountant"),
    ("សវនករ", "Auditor"),
    ("អ្នកបច្ចេកទេស", "Technician"),
    ("លេខាធិការ", "Secretary"),
    ("មន្ត្រី", "Officer"),
    ("ទីប្រឹក្សា", "Adviser"),
    ("អ្នកបើកបរ", "Driver"),
)
GRADES = tuple(f"{letter}.{step}" for letter in ("ក", "ខ", "គ") for step in range(1, 5))


def real_codes() -> CodeTables:
    """17 ministries, 30 positions, 12 grades."""
    return CodeTables(
        ministries={code: Name(*pair) for code, pair in enumerate(MINISTRIES, start=1)},
        positions={code: Name(*pair) for code, pair in enumerate(POSITIONS, start=1)},
        grades={code: Name(grade, f"Grade {code}") for code, grade in enumerate(GRADES, start=1)},
    )


def real_purposes() -> tuple[Purpose, ...]:
    """Two that are permitted and one that is not."""
    return (
        Purpose("entry", True, Name("ចូលអគារ", "Entry to a building")),
        Purpose("salary-account", True, Name("គណនីប្រាក់បៀវត្ស", "Salary account")),
        Purpose("marketing", False, Name("ទីផ្សារ", "Marketing")),
    )


def real_parties() -> tuple[RelyingParty, ...]:
    """Three banks and two gates."""
    bank = (
        frozenset({"salary-account"}),
        frozenset({"name_km", "name_la", "card_number", "employment_status"}),
    )
    gate = (frozenset({"entry"}), frozenset({"name_km", "name_la", "ministry", "position"}))
    return (
        RelyingParty(1, Name("ធនាគារ អេស៊ីលីដា", "ACLEDA Bank"), *bank),
        RelyingParty(2, Name("ធនាគារ កាណាឌីយ៉ា", "Canadia Bank"), *bank),
        RelyingParty(3, Name("ធនាគារ វីង", "Wing Bank"), *bank),
        RelyingParty(7, Name("ច្រកចូលទីស្តីការ", "Main gate of the ministry"), *gate),
        RelyingParty(8, Name("ច្រកចូលអគារខាងកើត", "East building gate"), *gate),
    )
