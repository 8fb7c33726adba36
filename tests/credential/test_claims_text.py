"""What a name on a card may hold: all of it shows, and one look means one text."""

from __future__ import annotations

import pytest

from credential.claims import check_text, is_hidden
from credential.errors import CredentialError
from issuer.default_codes import DEFAULT_CODES

IGNORABLE = (
    "00AD 034F 061C 115F-1160 17B4-17B5 180B-180F 200B-200F 202A-202E 2060-206F 3164 FE00-FE0F FEFF FFA0 "
    "FFF0-FFF8 1BCA0-1BCA3 1D173-1D17A E0000-E0FFF"
)
"""Default_Ignorable_Code_Point of Unicode 15.1, as DerivedCoreProperties.txt writes it."""
JOINERS = "\u200c\u200d"


def ignorable() -> set[str]:
    """Every default ignorable character."""
    found = set()
    for part in IGNORABLE.split():
        first, _, last = part.partition("-")
        found |= set(map(chr, range(int(first, 16), int(last or first, 16) + 1)))
    return found


def test_nothing_that_shows_nothing_is_in_a_name() -> None:
    """All that Unicode has a program leave out, and letters and symbols that are blank; but two joiners."""
    blank = "\u2800\U00013441\U00013442\U00016fe4\U0001d159"
    assert {each for each in ignorable() | set(blank) if not is_hidden(each)} == set(JOINERS)


@pytest.mark.parametrize("joiner", JOINERS)
def test_a_joiner_stands_inside_a_word(joiner: str) -> None:
    """Where Khmer needs it, before a shifted vowel; never where it would only hide in a name."""
    check_text("name_km", f"ប៉{joiner}ី សុខា")
    for text in (joiner, f"{joiner}សុខា", f"សុខា{joiner}", f"សុខ{joiner} ស", f"សុខ {joiner}ស"):
        with pytest.raises(CredentialError) as refusal:
            check_text("name_km", text)
        assert refusal.value.code == "bad_claim"


def test_all_of_khmer_that_is_written_passes() -> None:
    """Letters, vowels, signs, coeng and digits; not the two inherent vowels, which have no shape."""
    khmer = set(map(chr, (*range(0x1780, 0x17DE), *range(0x17E0, 0x17EA))))
    assert set(filter(is_hidden, khmer)) == {"\u17b4", "\u17b5"}
    for table in (DEFAULT_CODES.ministries, DEFAULT_CODES.positions, DEFAULT_CODES.grades):
        for title in table.values():
            check_text("title", title.km)
            check_text("title", title.en)
