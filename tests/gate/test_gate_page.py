"""The guard's page: its template, its words, what fences it in, and its JavaScript, read and run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from gate_browser import missing

from verifier.gate import screen
from verifier.gate.errors import GateError
from verifier.gate.wording import LABELS, REFUSALS, refusal, say

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "verifier" / "gate" / "page"
TESTS = Path(__file__).parent / "page"
SCRIPTS = sorted(PAGE.glob("*.js"))
TEMPLATE = (PAGE / "gate.html").read_text("utf-8")
STYLE = (PAGE / "gate.css").read_text("utf-8")
JAVASCRIPT = "\n".join(path.read_text("utf-8") for path in SCRIPTS)
KHMER = re.compile(r"[\u1780-\u17ff]")
both = pytest.mark.parametrize("language", screen.LANGUAGES)


class Seen(HTMLParser):
    """Every element of a page, with what its attributes hold and the text in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps an element."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        """Keeps what stands in a script or a style."""
        if self.elements and self.elements[-1][0] in ("script", "style") and data.strip():
            self.scripts.append(data)

    @property
    def ids(self) -> list[str]:
        """The ids, in order."""
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    @property
    def attributes(self) -> list[tuple[str, str]]:
        """All attributes of all elements."""
        return [pair for _, attributes in self.elements for pair in attributes.items()]


@both
def test_every_place_of_the_template_is_filled(language: str) -> None:
    """In both languages nothing is left over, and every word of the page stands on it."""
    html = screen.page(language).decode()
    assert "{{" not in html
    assert "}}" not in html
    assert f'<html lang="{language}">' in html
    assert say(language, "show_code") in html


def test_the_page_is_in_the_asked_language_and_names_the_other() -> None:
    """The words of one page are not those of the other, but for the switch between them."""
    km, en = (Seen(screen.page(language).decode()) for language in screen.LANGUAGES)
    assert km.ids == en.ids
    assert ("href", "/?lang=en") in km.attributes
    assert ("href", "/?lang=km") in en.attributes
    english = screen.page("en").decode().replace(LABELS["language"].en, "")
    assert not KHMER.search(english)
    with pytest.raises(ValueError, match="km or en"):
        screen.page("fr")


def test_the_renderer_is_strict() -> None:
    """A place without a word, a word without a place, a place written wrong are refused; HTML is escaped."""
    assert screen.render("<p>{{a}}</p>", {"a": "<&\"'"}) == "<p>&lt;&amp;&quot;&#x27;</p>"
    assert screen.render("{{a}}", {"a": "{{b}}"}) == "{{b}}", "what a word holds is no place"
    for template, values in (
        ("{{a}}{{b}}", {"a": ""}),
        ("{{a}}", {"a": "", "b": ""}),
        ("{{a}} {{ b }}", {"a": ""}),
        ("{{a}} }}", {"a": ""}),
    ):
        with pytest.raises(ValueError, match="template"):
            screen.render(template, values)


def test_every_word_is_there_in_both_languages() -> None:
    """Khmer where Khmer belongs, none in the English, and the same blanks in both."""
    for key, name in {**LABELS, **REFUSALS}.items():
        if key != "language":
            assert KHMER.search(name.km), key
            assert not KHMER.search(name.en), key
        assert name.en.strip() == name.en != "", key
        assert "{" not in name.km + name.en, key


def test_every_refusal_has_words() -> None:
    """The codes that `GateError` names are those with words; pauses and settings are told."""
    named = set(re.findall(r"`([a-z_]+)`", str(GateError.__doc__))) - {"seconds", "member"}
    assert set(REFUSALS) == named
    locked = refusal(GateError("pin_locked", "x", seconds=61))
    assert locked.en.endswith("2 min left.")
    assert "2" in locked.km
    wrong = refusal(GateError("settings_invalid", "x", member="gate"))
    assert wrong.en.endswith(f"({LABELS['gate_number'].en})")
    assert refusal(GateError("no_stick", "x")) == REFUSALS["no_stick"]


def test_only_the_files_of_the_page_are_served() -> None:
    """A closed list, in which every script and picture of the folder stands."""
    for name in screen.ASSETS:
        found = screen.asset(name)
        assert found is not None
        assert found[0] == (PAGE / name).read_bytes()
        assert found[1].split(";")[0] in ("text/css", "text/javascript", "image/svg+xml")
    assert {path.name for path in PAGE.iterdir()} == {"gate.html", *screen.ASSETS}
    for name in ("gate.html", "../screen.py", "..", "", "gate.css\0", "/etc/passwd", "GATE.CSS"):
        assert screen.asset(name) is None


def test_the_headers_fence_the_page_in() -> None:
    """Nothing inline, nothing from elsewhere, in no frame, kept by no cache."""
    policy = dict(part.split(" ", 1) for part in screen.HEADERS["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert {policy[name] for name in ("script-src", "style-src", "connect-src")} == {"'self'"}
    assert {policy[name] for name in ("form-action", "base-uri", "frame-ancestors")} == {"'none'"}
    assert not re.search(r"unsafe|\*|http|nonce|sha256", screen.HEADERS["Content-Security-Policy"])
    assert screen.HEADERS["X-Content-Type-Options"] == "nosniff"
    assert screen.HEADERS["Cache-Control"] == "no-store"


@both
def test_nothing_in_the_page_needs_more_than_the_policy_gives(language: str) -> None:
    """No script, style or handler in the HTML; no address but the service's own, there or in the scripts."""
    seen = Seen(screen.page(language).decode())
    assert not seen.scripts
    for tag, attributes in seen.elements:
        assert tag not in ("style", "iframe", "object", "embed", "base")
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        for name in ("src", "href", "action", "formaction", "xlink:href", "poster"):
            assert attributes.get(name, "/").startswith("/")
            assert not attributes.get(name, "/").startswith("//")
    assert not re.search(r"url\(|@import|https?:", STYLE)
    assert "data:image" not in JAVASCRIPT, "Chromium keeps each such picture for as long as the page lives"
    assert not re.search(
        r"https?://|\beval\b|new Function|innerHTML|insertAdjacent|document\.write", JAVASCRIPT
    )


def test_every_place_that_the_scripts_ask_for_is_there_once() -> None:
    """Ids, forms' fields and words: what the JavaScript names stands in the HTML."""
    seen = Seen(TEMPLATE)
    assert len(seen.ids) == len(set(seen.ids))
    lists = re.findall(r"for \(const id of (\[.*?\])\)", JAVASCRIPT)
    asked = re.findall(r'element\("([^"]+)"\)', JAVASCRIPT) + re.findall(r'"([a-z-]+)"', "".join(lists))
    assert len(asked) > 30
    assert set(asked) | {"update-stick", "update-network", "says", "supervisor-says"} <= set(seen.ids)
    words = next(attributes for _, attributes in seen.elements if attributes.get("id") == "words")
    there = {re.sub(r"-(\w)", lambda m: m[1].upper(), name[5:]) for name in words if name.startswith("data-")}
    states = set(re.findall(r'(?:close\(|: |\?\? )"([A-Z]\w+)"', (PAGE / "camera.js").read_text("utf-8")))
    assert states == {"IsOff", "Lost", "Denied", "Busy", "None"}
    used = set(re.findall(r"words\.(\w+)", JAVASCRIPT.replace("./words.js", "")))
    assert used | {f"camera{state}" for state in states} | {"nothing"} == there


def test_every_setting_can_be_set() -> None:
    """The supervisor's form has a field for each setting, and each option is a value of it."""
    from verifier.gate.settings import Settings

    names = {
        attributes.get("name") for tag, attributes in Seen(TEMPLATE).elements if tag in ("input", "select")
    }
    assert set(Settings().to_json()) <= names


def test_the_looks_of_verdicts_differ_and_are_read() -> None:
    """Each look has a shape and a sound of its own, colours of contrast 7:1, and no two the same ground."""
    looks = {"yes", "compare", "no", "unsure", "pass"}
    grounds = {
        look: (ground, text)
        for look, ground, text in re.findall(
            r'\[data-look="(\w+)"\] \{ --ground: (#\w+); --text: (#\w+);', STYLE
        )
    }
    assert set(grounds) == looks
    assert len({ground for ground, _ in grounds.values()}) == len(looks)
    for ground, text in grounds.values():
        assert contrast(ground, text) >= 7
    assert {attributes.get("data-for") for _, attributes in Seen(TEMPLATE).elements} - {None} == looks
    sounds = re.findall(r"^  (\w+): (\[.*\]),$", (PAGE / "sound.js").read_text("utf-8"), re.MULTILINE)
    assert {name for name, _ in sounds} == looks
    assert len({sound for _, sound in sounds}) == len(looks)


@pytest.mark.parametrize(
    ("ink", "paper"),
    [("#10243a", "#f4f6f8"), ("#3d4b5a", "#f4f6f8"), ("#ffffff", "#16324f"), ("#ffffff", "#8f0d0d"),
     ("#000000", "#ffd24d"), ("#10243a", "#cfdcea"), ("#10243a", "#dfe6ed"), ("#ffffff", "#00573f")],
)  # fmt: skip
def test_text_is_read(ink: str, paper: str) -> None:
    """The pairs of colours that the style sheet uses for text have a contrast of 7:1 (WCAG 2.2, 1.4.6)."""
    for colour in (ink, paper):
        assert colour in STYLE or colour in ("#ffffff", "#000000")
    assert contrast(ink, paper) >= 7


def test_the_javascript_is_short_and_typed() -> None:
    """At most 600 lines of at most 110 characters in a few files, each checked by its comments."""
    lines = JAVASCRIPT.splitlines()
    assert sum(len(path.read_text("utf-8").splitlines()) for path in SCRIPTS) <= 600
    assert max(map(len, lines)) <= 110
    assert len(SCRIPTS) <= 9
    for path in SCRIPTS:
        text = path.read_text("utf-8")
        assert text.startswith("// @ts-check\n"), path.name
        assert not any(a == b == "" for a, b in pairwise(text.splitlines())), path.name
    assert "@ts-ignore" not in JAVASCRIPT
    assert "@ts-expect-error" not in JAVASCRIPT


@pytest.mark.node
def test_the_types_of_the_javascript_hold() -> None:
    """TypeScript, strict, finds nothing in what the comments say."""
    compiler = ROOT / "tests" / "judges" / "npm" / "node_modules" / "typescript" / "bin" / "tsc"
    if not compiler.exists():
        missing("no TypeScript: npm ci --prefix tests/judges/npm, with Node.js 20 or newer")
    options = ["--strict", "--noEmit", "--allowJs", "--checkJs", "--noUnusedLocals", "--noImplicitReturns"]
    options += ["--target", "es2023", "--module", "esnext", "--moduleResolution", "bundler"]
    options += ["--lib", "es2023,dom,dom.iterable"]
    done = run(node(), str(compiler), *options, str(PAGE / "gate.js"))
    assert done.returncode == 0, done.stdout


@pytest.mark.node
@pytest.mark.parametrize("name", ["keys", "frame", "verdict"])
def test_the_javascript_does_what_it_says(name: str, tmp_path: Path) -> None:
    """Its own tests, by Node.js: keys and touches with a clock of their own, and a frame's bytes."""
    for path in (*SCRIPTS, TESTS / f"{name}.test.mjs"):
        shutil.copy(path, tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    done = run(node(), "--test", str(tmp_path / f"{name}.test.mjs"))
    assert done.returncode == 0, done.stdout
    assert re.search(r"^# pass [1-9]", done.stdout, re.MULTILINE) or "✔" in done.stdout


def node() -> str:
    """Node.js; without it the test is skipped, or fails where everything has to be there."""
    found = shutil.which("node")
    if found is None:
        missing("no Node.js: version 20 or newer")
    return str(found)


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Runs a command in an environment without colours."""
    environment = {**os.environ, "NO_COLOR": "1"}
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=environment)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (WCAG 2.2)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of #rgb or #rrggbb."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
