"""The documents: what they point to exists, and the guard's guide is a page in each language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
LINKS = [
    (path.name, link)
    for path in sorted(DOCS.glob("*.md"))
    for link in sorted(set(re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text("utf-8"))))
]


@pytest.mark.parametrize(("name", "link"), LINKS, ids=[f"{name}-{link}" for name, link in LINKS])
def test_links(name: str, link: str) -> None:
    """Every file that a document points to is there."""
    assert (DOCS / link).exists()


def test_the_guards_guide() -> None:
    """A page in Khmer and one in English, of the same parts and four pictures; nothing is from elsewhere."""
    text = (DOCS / "guard-guide.html").read_text("utf-8")
    pages = dict(re.findall(r'<article lang="(\w+)">(.*?)</article>', text, re.DOTALL))
    assert list(pages) == ["km", "en"]
    assert len({tuple(re.findall(r"<(\w+)", page)) for page in pages.values()}) == 1
    for lang, page in pages.items():
        pictures = re.findall(r'src="([^"]+)"', page)
        assert len(pictures) == 4
        assert all(f".{lang}." in picture and (DOCS / picture).is_file() for picture in pictures)
    assert "//" not in text
    printed = (DOCS / "guard-guide.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2
