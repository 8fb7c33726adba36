"""Keyboard layouts as a browser reports them, and how a scanner that types presses their keys.

A scanner is a keyboard with a country of its own. What arrives is a position
(`KeyboardEvent.code`) and what the computer's layout makes of it (`.key`); the
two countries need not agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

_ROWS = (
    "Backquote Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Digit7 Digit8 Digit9 Digit0 Minus Equal",
    "KeyQ KeyW KeyE KeyR KeyT KeyY KeyU KeyI KeyO KeyP BracketLeft BracketRight Backslash",
    "KeyA KeyS KeyD KeyF KeyG KeyH KeyJ KeyK KeyL Semicolon Quote",
    "KeyZ KeyX KeyC KeyV KeyB KeyN KeyM Comma Period Slash",
)
"""The 47 keys that print, by position, as the rows of the tables below; Space is the 48th."""


class Stroke(NamedTuple):
    """One key pressed: its position, what the browser says it is, and whether Shift is held with it."""

    code: str
    key: str
    shift: bool


@dataclass(frozen=True)
class Layout:
    """What each position gives without and with Shift. With `lock_all` CapsLock turns every key over."""

    name: str
    keys: Mapping[str, tuple[str, str]]
    lock_all: bool = False

    def key(self, code: str, *, shift: bool = False, caps: bool = False) -> str:
        """`KeyboardEvent.key` of a position."""
        plain, shifted = self.keys[code]
        if caps and (self.lock_all or (len(plain) == 1 and plain.upper() == shifted != plain)):
            shift = not shift
        return shifted if shift else plain

    def stroke(self, code: str, *, shift: bool = False, caps: bool = False) -> Stroke:
        """A key of this layout, pressed."""
        return Stroke(code, self.key(code, shift=shift, caps=caps), shift)

    def find(self, character: str) -> tuple[str, bool] | None:
        """The position that gives a character, and whether with Shift; None where there is none."""
        for shift in (False, True):
            for code, keys in self.keys.items():
                if keys[shift] == character:
                    return code, shift
        return None

    @property
    def has_base45(self) -> bool:
        """Whether a scanner can be set to this country and type our codes at all."""
        return all(self.find(character) for character in BASE45)


def positions(text: str, layout: Layout, *, caps: bool = False, shifted: bool = True) -> list[Stroke]:
    """A scanner that is set to US types `text` into a computer with `layout`.

    Without `shifted` letters come without Shift, as of scanners that were told
    that CapsLock is always on.
    """
    return [layout.stroke(code, shift=shift, caps=caps) for code, shift in _presses(text, US, shifted)]


def country(text: str, layout: Layout, *, caps: bool = False, shifted: bool = True) -> list[Stroke]:
    """A scanner that is set to the computer's country types `text`."""
    return [layout.stroke(code, shift=shift, caps=caps) for code, shift in _presses(text, layout, shifted)]


def _presses(text: str, layout: Layout, shifted: bool) -> Iterator[tuple[str, bool]]:
    for character in text:
        found = layout.find(character)
        if found is None:
            raise ValueError(f"{layout.name} has no key for it")
        code, shift = found
        yield code, shift and (shifted or not character.isalpha())


def _layout(name: str, *rows: str, lock_all: bool = False, **others: str) -> Layout:
    """A layout from four pairs of rows, plain and with Shift; `others` are keys beyond, plain and Shift."""
    keys: dict[str, tuple[str, str]] = {}
    for at, codes in enumerate(_ROWS):
        both = rows[2 * at].split(), rows[2 * at + 1].split()
        keys |= dict(zip(codes.split(), zip(*both, strict=True), strict=True))
    keys["Space"] = (" ", " ")
    for code, pair in others.items():
        plain, _, shifted = pair.partition("\t")
        keys[code] = (plain, shifted)
    return Layout(name, keys, lock_all)


def _as_ime(layout: Layout, name: str) -> Layout:
    """An input method takes every key: the browser says `Process` of each, and where it is."""
    return Layout(name, dict.fromkeys(layout.keys, ("Process", "Process")))


US = _layout(
    "US",
    "` 1 2 3 4 5 6 7 8 9 0 - =",
    "~ ! @ # $ % ^ & * ( ) _ +",
    "q w e r t y u i o p [ ] \\",
    "Q W E R T Y U I O P { } |",
    "a s d f g h j k l ; '",
    'A S D F G H J K L : "',
    "z x c v b n m , . /",
    "Z X C V B N M < > ?",
)
UK = _layout(
    "UK",
    "` 1 2 3 4 5 6 7 8 9 0 - =",
    '¬ ! " £ $ % ^ & * ( ) _ +',
    "q w e r t y u i o p [ ] #",
    "Q W E R T Y U I O P { } ~",
    "a s d f g h j k l ; '",
    "A S D F G H J K L : @",
    "z x c v b n m , . /",
    "Z X C V B N M < > ?",
    IntlBackslash="\\\t|",
)
FRENCH = _layout(
    "French",
    "² & é \" ' ( - è _ ç à ) =",
    "² 1 2 3 4 5 6 7 8 9 0 ° +",
    "a z e r t y u i o p Dead $ *",
    "A Z E R T Y U I O P Dead £ µ",
    "q s d f g h j k l m ù",
    "Q S D F G H J K L M %",
    "w x c v b n , ; : !",
    "W X C V B N ? . / §",
    IntlBackslash="<\t>",
    lock_all=True,
)
GERMAN = _layout(
    "German",
    "Dead 1 2 3 4 5 6 7 8 9 0 ß Dead",
    '° ! " § $ % & / ( ) = ? Dead',
    "q w e r t z u i o p ü + #",
    "Q W E R T Z U I O P Ü * '",
    "a s d f g h j k l ö ä",
    "A S D F G H J K L Ö Ä",
    "y x c v b n m , . -",
    "Y X C V B N M ; : _",
    IntlBackslash="<\t>",
    lock_all=True,
)
KHMER = _layout(
    "Khmer",
    "« ១ ២ ៣ ៤ ៥ ៦ ៧ ៨ ៩ ០ ឥ ឲ",
    '» ! ៗ " ៛ % \u17cd \u17d0 \u17cf ( ) \u17cc =',
    "ឆ \u17b9 \u17c1 រ ត យ \u17bb \u17b7 \u17c4 ផ \u17c0 ឪ ឮ",
    "ឈ \u17ba \u17c2 ឬ ទ \u17bd \u17bc \u17b8 \u17c5 ភ \u17bf ឧ ឭ",
    "\u17b6 ស ដ ថ ង ហ \u17d2 ក ល \u17be \u17cb",
    "\u17b6\u17c6 \u17c3 ឌ ធ អ \u17c7 ញ គ ឡ \u17c4\u17c7 \u17c9",
    "ឋ ខ ច វ ប ន ម \u17bb\u17c6 ។ \u17ca",
    "ឍ ឃ ជ \u17c1\u17c7 ព ណ \u17c6 \u17bb\u17c7 ៕ ?",
    Space="\u200b\t ",
)
"""NIDA's: two letters on one key in five places, and the plain space bar parts words without a width."""
THAI = _layout(
    "Thai",
    "_ ๅ / - ภ ถ \u0e38 \u0e36 ค ต จ ข ช",
    "% + ๑ ๒ ๓ ๔ \u0e39 ฿ ๕ ๖ ๗ ๘ ๙",
    "ๆ ไ ำ พ ะ \u0e31 \u0e35 ร น ย บ ล ฃ",
    '๐ " ฎ ฑ ธ \u0e4d \u0e4a ณ ฯ ญ ฐ , ฅ',
    "ฟ ห ก ด เ \u0e49 \u0e48 า ส ว ง",
    "ฤ ฆ ฏ โ ฌ \u0e47 \u0e4b ษ ศ ซ .",
    "ผ ป แ อ \u0e34 \u0e37 ท ม ใ ฝ",
    "( ) ฉ ฮ \u0e3a \u0e4c ? ฒ ฬ ฦ",
    lock_all=True,
)
"""Kedmanee."""
RUSSIAN = _layout(
    "Russian",
    "ё 1 2 3 4 5 6 7 8 9 0 - =",
    'Ё ! " № ; % : ? * ( ) _ +',
    "й ц у к е н г ш щ з х ъ \\",
    "Й Ц У К Е Н Г Ш Щ З Х Ъ /",
    "ф ы в а п р о л д ж э",
    "Ф Ы В А П Р О Л Д Ж Э",
    "я ч с м и т ь б ю .",
    "Я Ч С М И Т Ь Б Ю ,",
)
JAPANESE = _layout(
    "Japanese",
    "ZenkakuHankaku 1 2 3 4 5 6 7 8 9 0 - ^",
    "ZenkakuHankaku ! \" # $ % & ' ( ) 0 = ~",
    "q w e r t y u i o p @ [ ]",
    "Q W E R T Y U I O P ` { }",
    "a s d f g h j k l ; :",
    "A S D F G H J K L + *",
    "z x c v b n m , . /",
    "Z X C V B N M < > ?",
    IntlYen="\\\t|",
    IntlRo="\\\t_",
)
JAPANESE_IME = _as_ime(JAPANESE, "Japanese, input method on")
DVORAK = _layout(
    "Dvorak",
    "` 1 2 3 4 5 6 7 8 9 0 [ ]",
    "~ ! @ # $ % ^ & * ( ) { }",
    "' , . p y f g c r l / = \\",
    '" < > P Y F G C R L ? + |',
    "a o e u i d h t n s -",
    "A O E U I D H T N S _",
    "; q j k x b m w v z",
    ": Q J K X B M W V Z",
)
LAYOUTS = (US, UK, FRENCH, GERMAN, KHMER, THAI, RUSSIAN, JAPANESE, JAPANESE_IME, DVORAK)


def settings(layouts: Iterable[Layout] = LAYOUTS) -> Iterator[tuple[Layout, bool]]:
    """Every layout with a scanner set to US, and with one set to its country (True) where that can be."""
    for layout in layouts:
        yield layout, False
        if layout.has_base45 and layout is not US:
            yield layout, True
