"""One spelling for words that people spell in many ways; pure, no Django.

Three readings of a text. `fold`: capitals, width, drawn letters and what is invisible do not count.
`look`: what is left of a word when letters of other scripts, digits and signs count as the Latin
letters that they look like, and accents do not count. `shorten`: letters that were drawn out count
once. All take time in proportion to the length, whatever the text: each is a few passes that C
makes over all of it, so nothing here steps through a text letter by letter.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import chain, compress
from operator import ne
from typing import Final

from diurna.common.lookalikes import CAPITALS, SMALL

# Scripts that put no spaces between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese.
SPACELESS: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
# Signs that stand in for letters within a word.
SIGNS: Final = "@$€£¢!|"
_SIGN_SHAPES: Final = {"@": "a", "$": "s", "€": "e", "£": "l", "¢": "c", "!": "l", "|": "l"}
# i, l, 1, ! and | are one shape.
_DIGITS: Final = dict(zip("0123456789", "olzeasgtbg", strict=True))
_SHAPES: Final = _DIGITS | _SIGN_SHAPES | {"i": "l"}
# Marks above, through and around letters: accents, strokes, rings.
_ACCENTS: Final = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
# Vowel points that Arabic and Hebrew write or leave out, and the stroke that makes words wider.
_POINTS: Final = "\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u0652\u0656-\u065f\u0670\u06d6-\u06ed"
# Letters by their category, and empty all the same; marks that choose a picture.
_EMPTY: Final = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\u2800\ufe00-\ufe0f"
_EMPTY_HIGH: Final = "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
# To put marks into order takes the square of their number: no letter needs more than these.
_PILE: Final = re.compile(f"(?<=[{_ACCENTS}]{{3}})[{_ACCENTS}]+")
# Pious formulas and squared words that come apart into up to eighteen letters each: to compose them
# takes long, and no word of a list has them.
_LONG_FORMS: Final = "\u3300-\u3357\u337b-\u337f\u33ff\ufdfa\ufdfb"
# Folding settles at once but for a few letters whose small form comes apart again.
_ROUNDS: Final = 4
# Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic and the scripts of India.
_USUAL: Final = 0xE00


def fold(text: str) -> str:
    """The text in small letters, composed (NFKC), without what is invisible or only drawn over.

    Folding what is folded changes nothing. Accents that make a letter of their own (é, ş) stay.
    """
    return lower(compose(text))


def lower(composed: str) -> str:
    """The same from composed text."""
    if composed.isascii():
        return composed.lower()
    text = composed
    for _round in range(_ROUNDS):
        small = text.casefold()
        if small == text:
            break
        text = _settled(small)
    return text


def compose(text: str) -> str:
    """The same with capitals as they are."""
    if text.isascii():
        return text
    return _settled(_invisible().sub("", _PILE.sub("", text)))


def _settled(text: str) -> str:
    """The text composed, also where letters meet because a mark between them has gone."""
    for _round in range(_ROUNDS):
        text = unicodedata.normalize("NFKC", text)
        bare = _strip(text)
        if bare == text:
            break
        text = bare
    return text


def look(text: str) -> str:
    """What composed text looks like in Latin letters: "1d1οt", "İdiot" and "idiot" look the same.

    For comparing, not for showing. Letters that look like no Latin one stay; line ends stay.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).translate(_capital_shapes()).casefold()
        # Folding brings out marks, such as the dot of the Turkish capital I.
        text = unicodedata.normalize("NFKD", text)
    return text.lower().translate(_looks())


def shorten(text: str) -> str:
    """The text with every letter once where it stands several times in a row; line ends too."""
    return "".join(compress(text, map(ne, text, chain(("",), text))))


def words_in(folded: str) -> list[str]:
    """The symbols of folded text: words, single letters of scripts without spaces, and breaks.

    Between letters without spaces a full stop or another line is a break; single spaces are not.
    """
    has_spaceless = not folded.isascii() and _spaceless().search(folded) is not None
    return (_symbols() if has_spaceless else _words()).findall(folded)


@cache
def _symbols() -> re.Pattern[str]:
    word, free = word_letters(), SPACELESS
    stop = rf"(?<=[{free}])\ *[^{word}{free}\ ][^{word}{free}]*+(?=[{free}])"
    return re.compile(rf"[{free}]|[{word}]+|{stop}")


@cache
def _words() -> re.Pattern[str]:
    return re.compile(f"[{word_letters()}]+")


@cache
def _spaceless() -> re.Pattern[str]:
    return re.compile(f"[{SPACELESS}]")


@cache
def word_letters() -> str:
    """Letters, digits and marks of scripts with spaces, as ranges for a regular expression."""
    # Above are scripts of the past, mathematical letters, and emoji, which are no letters.
    return _ranges(_spaced_letters()) + "\U00010000-\U0001d7ff"


@cache
def disguises() -> str:
    """Characters that can stand for a Latin letter, as ranges: digits, signs, foreign letters."""
    return re.escape(SIGNS) + _ranges(filter(_is_disguise, _spaced_letters()))


@cache
def undisguised() -> str:
    """The other letters, as ranges."""
    plain = _ranges(char for char in _spaced_letters() if not _is_disguise(char))
    return plain + "\U00010000-\U0001d7ff"


@cache
def _spaced_letters() -> tuple[str, ...]:
    free = re.compile(f"[{SPACELESS}]")
    return tuple(
        char
        for char in map(chr, range(0x10000))
        if (char.isalnum() or unicodedata.category(char)[0] == "M") and not free.match(char)
    )


def _is_disguise(char: str) -> bool:
    if char.isascii():
        return char.isdigit()
    plain = unicodedata.normalize("NFKD", char)[0]
    is_marked = plain != char and plain.isascii()
    return is_marked or ord(char) in _capital_shapes() or ord(char) in _small_shapes()


@cache
def own_letters() -> re.Pattern[str]:
    """A letter of a script with lookalikes that itself looks like no Latin letter."""
    scripts = chain(range(0x370, 0x590), range(0x13A0, 0x13F6), range(0xA4D0, 0xA4F8))
    letters = filter(str.isalpha, map(chr, scripts))
    return re.compile(f"[{_ranges(char for char in letters if not _has_shape(char))}]")


def _has_shape(char: str) -> bool:
    plain = {ord(char), ord(unicodedata.normalize("NFKD", char)[0])}
    return not plain.isdisjoint(_capital_shapes().keys() | _small_shapes().keys())


def _strip(text: str) -> str:
    # Accents that found no letter to become one with are tricks.
    return text if text.isascii() else _loose().sub("", text)


@cache
def _loose() -> re.Pattern[str]:
    return re.compile(f"[{_ACCENTS}{_POINTS}{_unseen()}]+")


@cache
def _invisible() -> re.Pattern[str]:
    return re.compile(f"[{_unseen()}{_LONG_FORMS}]+")


@cache
def _unseen() -> str:
    """Characters that show nothing, as ranges; line ends and tabs are no such characters."""
    formats = (
        char
        for char in map(chr, range(0x10000))
        if unicodedata.category(char) in ("Cf", "Cc") and not char.isspace()
    )
    return _ranges(formats) + _EMPTY + _EMPTY_HIGH


@cache
def _capital_shapes() -> dict[int, str]:
    return {ord(char): shape for char, shape in CAPITALS.items() if ord(char) > 0x7F}


@cache
def _small_shapes() -> dict[int, str]:
    return {
        ord(char): _SHAPES.get(shape, shape)
        for char, shape in SMALL.items()
        # The table of names knows other signs as well, which are no letters of words.
        if char.isalpha() and ord(char) > 0x7F
    } | {ord(char): shape for char, shape in _SHAPES.items()}


@cache
def _looks() -> dict[int, str | int | None]:
    # A letter that the table has not takes far longer than one that it has.
    shapes: dict[int, str | int | None] = {each: each for each in range(_USUAL)}
    shapes.update(_small_shapes())
    shapes.update(dict.fromkeys(range(0x300, 0x370)))
    # Hamza and madda, which stand on letters of Arabic or are left out.
    shapes.update(dict.fromkeys(range(0x653, 0x656)))
    return shapes


def _ranges(chars: Iterable[str]) -> str:
    """The characters, which come in their order, as ranges within brackets."""
    parts: list[list[str]] = []
    for char in chars:
        if parts and ord(char) == ord(parts[-1][1]) + 1:
            parts[-1][1] = char
        else:
            parts.append([char, char])
    return "".join(f"{re.escape(first)}-{re.escape(last)}" for first, last in parts)
