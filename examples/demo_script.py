"""The scenes of the demo in their order: what each is called, and the answer it must get."""

from __future__ import annotations

from typing import NamedTuple

from credential.codes import Name


class Line(NamedTuple):
    """One scene: the code it must be answered with, its title, and why, where that may surprise."""

    expected: str
    title: Name
    note: Name | None = None


def _line(expected: str, en: str, km: str) -> Line:
    return Line(expected, Name(en=en, km=km))


_AS_LATE = Name(
    en="A gate knows what its last stick knew: revocation is as late as the last sync.",
    km="ច្រកដឹងត្រឹមអ្វីដែល USB ចុងក្រោយបាននាំមក។ ការដកហូតមកដល់នៅពេលធ្វើបច្ចុប្បន្នភាពលើកក្រោយ។",
)

SCRIPT = {
    "live": _line("accepted", "A live code, photographed and read", "កូដផ្ទាល់ ថតពីទូរស័ព្ទ ហើយអានឡើងវិញ"),
    "replay": _line("replayed", "The same code 20 seconds later", "កូដដដែល ២០ វិនាទីក្រោយមក"),
    "screenshot": _line("too_old", "A screenshot two minutes later", "រូបថតអេក្រង់នៃកូដនោះ ពីរនាទីក្រោយមក"),
    "forged": _line(
        "bad_signature",
        "A forgery, signed by its forger",
        "កូដក្លែងបន្លំ ចុះហត្ថលេខាដោយសោរបស់អ្នកក្លែង",
    ),
    "altered": _line("bad_signature", "One letter of the name altered", "កូដពិត តែឈ្មោះត្រូវបានកែមួយតួ"),
    "copied": _line("holder_mismatch", "A credential copied to another phone", "លិខិតបញ្ជាក់ ចម្លងទៅទូរស័ព្ទផ្សេង"),
    "other-plastic": _line("card_mismatch", "With another person's plastic card", "កូដផ្ទាល់ ជាមួយកាតរបស់អ្នកដទៃ"),
    "challenge": _line("accepted", "The answer to this gate's challenge", "ចម្លើយចំពោះសំណួររបស់ច្រកនេះ"),
    "wrong-challenge": _line("challenge_mismatch", "The answer to an earlier challenge", "ចម្លើយចំពោះសំណួរមុន"),
    "national-id": _line(
        "purpose_not_permitted", "Shown as a national identity card", "បង្ហាញជាអត្តសញ្ញាណប័ណ្ណសញ្ជាតិខ្មែរ"
    ),
    "foreign-health": _line("not_montrey", "A European health certificate", "វិញ្ញាបនបត្រសុខភាពអឺរ៉ុប"),
    "foreign-payment": _line("not_montrey", "A shop's payment code", "កូដទូទាត់ប្រាក់របស់ហាង"),
    "foreign-url": _line("not_montrey", "A web address", "អាសយដ្ឋានគេហទំព័រ"),
    "seal": _line("accepted", "The printed code with its card", "កូដបោះពុម្ព ជាមួយកាតរបស់ខ្លួន"),
    "seal-other-card": _line("card_mismatch", "The printed code, another card", "កូដបោះពុម្ព ជាមួយលេខកាតផ្សេង"),
    "seal-as-live": _line(
        "kind_not_accepted", "A photocopy of it as a live code", "ច្បាប់ថតចម្លង បង្ហាញជាកូដផ្ទាល់"
    ),
    "bank": _line("accepted", "A bank's salary desk: four claims", "ធនាគារបើកប្រាក់បៀវត្ស ឃើញទិន្នន័យបួន"),
    "lost-before": Line(
        "accepted",
        Name(en="A lost card before the stick comes", km="កាតបាត់ នៅច្រកដែលមិនទាន់បាន USB ថ្មី"),
        _AS_LATE,
    ),
    "lost-after": _line("revoked", "The lost card after it has come", "កាតបាត់ នៅច្រកដែលបាន USB ថ្មី"),
    "replacement": _line("accepted", "The card that replaced it", "កាតដែលជំនួសកាតបាត់"),
    "suspended": _line("suspended", "A suspended official's phone", "ទូរស័ព្ទរបស់មន្ត្រីដែលត្រូវបានផ្អាក"),
    "bank-suspended": _line("suspended", "The same official at the bank", "មន្ត្រីដដែល នៅធនាគារ"),
    "lost-phone": _line("revoked", "A lost phone, after a status code", "ទូរស័ព្ទបាត់ ក្រោយស្កេនកូដស្ថានភាពថ្មី"),
    "lost-phone-card": _line("accepted", "The same official's plastic card", "កាតប្លាស្ទិករបស់មន្ត្រីដដែល"),
    "stale": _line("status_stale", "A gate 9 days after its last stick", "ច្រកដែលគ្មាន USB ថ្មី ៩ ថ្ងៃ"),
    "trust-expired": _line("trust_expired", "The same gate after 40 days", "ច្រកដដែល ក្រោយ ៤០ ថ្ងៃ"),
    "clock": _line("clock_untrusted", "A gate's clock set back by a day", "នាឡិការបស់ច្រក ត្រូវបានបង្វិលថយមួយថ្ងៃ"),
}
