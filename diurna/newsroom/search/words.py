"""Words as the search knows them: folded, and cut down to their stems.

The index gets the stems of a text, and a query is made of stems in the same way, so that nothing
depends on how a database cuts and folds words: SQLite and PostgreSQL find the same. Imports no
Django.

Folding: case is folded (Unicode, `str.casefold`), letters are taken apart (NFKD) and accents,
vowel signs (Arabic, Indian), tatweel, Hebrew points and soft hyphens are dropped; alef and hamza
in all their forms, teh marbuta and alef maksura are one letter each, as Arabic is typed. Stemming:
Snowball's algorithm of the newsroom's language for words in its script, that of English for other
words in Latin script, and Light10 for Arabic (Larkey, Ballesteros and Connell, "Light Stemming for
Arabic Information Retrieval", 2007). Chinese, Japanese and Thai put no spaces between words: each
of their characters is a word, and a run of them is looked for as a phrase.
"""

import re
import sys
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

import snowballstemmer

# Longer than any word of a language; what is longer is an address or a key.
LONGEST_WORD: Final = 64
# Several texts of a newspaper; the words of a language in use are fewer.
_REMEMBERED: Final = 1 << 16

# They stand in a word and nobody sees them: where it may break at the end of a line (soft hyphen),
# where it may not, how its letters join.
_INVISIBLE: Final = "\u00ad\u200d\u2060\ufeff"
_DROPPED: Final = re.compile(
    f"[{_INVISIBLE}"
    "\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u0621]"
)
_LETTERS: Final = str.maketrans(
    {
        "ى": "ي",
        "ی": "ي",
        "ة": "ه",
        "ک": "ك",
        "ٱ": "ا",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
    }
)
# Each character by itself: Han, kana, Thai, Lao, Khmer, Burmese.
_ALONE: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_IS_ALONE: Final = re.compile(f"[{_ALONE}]")
_APOSTROPHES: Final = "'’ʼ＇"
_POSSESSIVE: Final = re.compile(f"[{_APOSTROPHES}][sS]$")
_IS_ARABIC: Final = re.compile("^[\u0621-\u064a]+$")
_IS_LATIN: Final = re.compile("^[a-z]+$")
_IS_CYRILLIC: Final = re.compile("^[\u0430-\u045f]+$")
_IS_GREEK: Final = re.compile("^[\u03b1-\u03c9]+$")

_LATIN_STEMMERS: Final = {
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "sv": "swedish",
    "tr": "turkish",
}
# Said in every second sentence: a story is not looked for by them while there are other words.
_COMMON: Final = {
    "en": "a an and are as at be been but by did do does for from had has have how i if in into is"
    " it its my no not of on or our s so than that the their them then there these they this to was"
    " we were what when where which who why will with you your",
    "ar": "من في على الى عن ان انه او ثم لا ما هو هي هذا هذه ذلك تلك التي الذي كان مع قد كل لم لن"
    " و يا",
}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: its stem, how it was written (folded), and where (characters)."""

    stem: str
    folded: str
    start: int
    end: int


def words(text: str, language: str = "en") -> Iterator[Word]:
    """The words of a text in their order; `language` is the newsroom's."""
    for match in _runs().finditer(text):
        run, start = match.group(), match.start()
        for folded in _fold(run):
            yield Word(_stem(folded[:LONGEST_WORD], language), folded, start, match.end())


def stems(text: str, language: str = "en") -> list[str]:
    """The stems of a text in their order."""
    return [word.stem for word in words(text, language)]


def fold(word: str) -> str:
    """One word or a whole name, folded and with single spaces."""
    return " ".join(part for match in _runs().finditer(word) for part in _fold(match.group()))


def fold_text(text: str) -> str:
    """A whole text, folded as its words are, for looking a folded word up in it.

    Several times as fast as `fold`, since no word is taken apart; what is between them stays.
    """
    small = text.casefold()
    if small.isascii():
        return small.replace("'", "")
    bare = _DROPPED.sub("", unicodedata.normalize("NFKD", small))
    return unicodedata.normalize("NFC", bare).casefold().translate(_in_text())


@cache
def _in_text() -> dict[int, str | None]:
    """What becomes of a character in a text that is folded as a whole."""
    found: dict[int, str | None] = dict(_LETTERS)
    found |= dict.fromkeys(map(ord, _APOSTROPHES))
    for code in range(0x80, 0x20000):
        char = chr(code)
        if char.isdigit():
            found[code] = str(unicodedata.digit(char))
        elif unicodedata.category(char)[0] == "M":
            found[code] = None
    return found


def stem_of(folded: str, language: str = "en") -> str:
    """The stem of a word that is folded already."""
    return _stem(folded[:LONGEST_WORD], language)


@cache
def common_stems(language: str = "en") -> frozenset[str]:
    """The stems of words that say nothing by themselves: English, Arabic."""
    lists = {language[:2], "en", "ar"} & _COMMON.keys()
    every = (word for name in lists for word in _COMMON[name].split())
    return frozenset(_stem(folded, language) for word in every for folded in _fold(word))


@cache
def _runs() -> re.Pattern[str]:
    """A run of letters, digits and the marks that belong to them; one apostrophe may stand in it.

    Python's `\\w` leaves out the vowel signs of Indian scripts, so the marks are looked up.
    """
    marks = [
        chr(code)
        for code in range(0x300, 0x20000)
        if unicodedata.category(chr(code)) in {"Mn", "Mc"} and not _IS_ALONE.match(chr(code))
    ]
    letter = f"[^\\W_{_ALONE}]"
    inner = f"(?:{letter}|[{_INVISIBLE}{''.join(marks)}])"
    return re.compile(f"[{_ALONE}]|{letter}{inner}*(?:[{_APOSTROPHES}]{inner}+)*")


@lru_cache(_REMEMBERED)
def _fold(run: str) -> tuple[str, ...]:
    """A run without its accents; several words where the folding takes it apart (“½” is “1⁄2”)."""
    bare = _POSSESSIVE.sub("", run)
    apart = unicodedata.normalize("NFKD", bare.casefold())
    folded = unicodedata.normalize("NFC", _DROPPED.sub("", apart)).casefold().translate(_LETTERS)
    if not folded:
        # Only marks, or a lone hamza: it is a word all the same.
        folded = bare.casefold()
    # The vowel signs of Indian scripts are no letters to Python, and would cut the word in two.
    digits = "".join(
        str(unicodedata.digit(char)) if char.isdigit() and not char.isascii() else char
        for char in folded
        if char not in _APOSTROPHES and (char.isascii() or unicodedata.category(char)[0] != "M")
    )
    return tuple(sys.intern(part) for part in re.findall(r"[^\W_]+|\S", digits) if part.isalnum())


@lru_cache(_REMEMBERED)
def _stem(folded: str, language: str) -> str:
    if _IS_ARABIC.match(folded):
        return sys.intern(_light10(folded))
    algorithm = ""
    tag = language[:2].lower()
    if _IS_LATIN.match(folded):
        algorithm = _LATIN_STEMMERS.get(tag, "english")
    elif _IS_CYRILLIC.match(folded):
        algorithm = "russian" if tag not in {"sr", "bg", "uk", "mk"} else ""
    elif _IS_GREEK.match(folded):
        algorithm = "greek"
    return sys.intern(_stemmer(algorithm).stemWord(folded)) if algorithm else folded


class _Stemmers(threading.local):
    """Snowball's stemmers keep the word they are at, so each thread has its own."""

    def __init__(self) -> None:
        self.by_name: dict[str, Any] = {}


_stemmers: Final = _Stemmers()


def _stemmer(algorithm: str) -> Any:
    if algorithm not in _stemmers.by_name:
        _stemmers.by_name[algorithm] = snowballstemmer.stemmer(algorithm)
    return _stemmers.by_name[algorithm]


# Light10's prefixes and suffixes, as they are written after folding.
_PREFIXES: Final = ("وال", "بال", "كال", "فال", "لل", "ال")
_SUFFIXES: Final = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")
_SHORTEST_STEM: Final = 2


def _light10(word: str) -> str:
    if word.startswith("و") and len(word) - 1 > _SHORTEST_STEM:
        word = word[1:]
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= _SHORTEST_STEM:
            word = word[len(prefix) :]
            break
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
            word = word[: -len(suffix)]
    return word
