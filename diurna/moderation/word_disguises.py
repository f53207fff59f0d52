"""Words of a text that may be others in disguise, and whether one is; pure.

Each function reads the text, or all words together, in passes that C makes; what stands before a
word keeps the expressions from beginning in its middle, so that none goes back.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Final

from diurna.moderation.word_folding import (
    SIGNS,
    disguises,
    fold,
    look,
    shorten,
    undisguised,
    word_letters,
)

# Two signs look like many a word: "$5", "A4".
SHORTEST_DISGUISED: Final = 3
BY_SIGNS: Final = r"._*\-/,~·•:;'"
BY_SPACES: Final = " "
# Three letters or more, each with its marks, with a space between them.
_SHORT_WORD: Final = re.compile(r" \S{1,4} ")
_SPACED: Final = re.compile(r"(?:(?<!\S)\S{1,4} ){2,}\S{1,4}(?!\S)")
# No entry is so long, however many signs stand for its letters or between them.
_LONGEST_DISGUISED: Final = 400
_THRICE: Final = re.compile(r"([^\d\W]|[$@€])\1\1")
# As long as what a reader may write.
_LONGEST_DRAWN_OUT: Final = 5_000
_FEW: Final = 100


def spaced_out(text: str) -> str:
    """Where words of a few letters follow each other: folded, each such place on its line."""
    if _SHORT_WORD.search(text) is None:
        return ""
    places = {match[0] for match in _SPACED.finditer(text)}
    return fold("\n".join(place for place in places if len(place) <= _LONGEST_DISGUISED))


def disguised_words(composed: str) -> set[str]:
    """Words with something in them that can stand for a Latin letter."""
    if not _any_disguise().search(composed):
        return set()
    words = set(_with_disguise().findall(composed))
    return {word.strip("!|") for word in words if len(word) <= _LONGEST_DISGUISED}


@cache
def _any_disguise() -> re.Pattern[str]:
    return re.compile(f"[{disguises()}]")


@cache
def _with_disguise() -> re.Pattern[str]:
    # Each word is read once, and never again from its middle: what stands before is no letter.
    some = word_letters() + re.escape(SIGNS)
    return re.compile(f"(?<![{some}])[{undisguised()}]*+[{disguises()}][{some}]*+")


def drawn_out_words(folded: str, words: set[str]) -> set[str]:
    """Those words with a letter, or a sign for one, three times in a row."""
    if not any(map(_is_drawable, words)):
        return set()
    letters = set(folded)
    if len(letters) > _FEW:
        return {word for word in words if _is_drawable(word) and _THRICE.search(word)}
    # Of few letters it is quicker to look where each of them stands so.
    rows = [letter * 3 for letter in letters if _THRICE.match(letter * 3)]
    rows = [row for row in rows if row in folded]
    lines = "\n".join(filter(_is_drawable, words)) if rows else ""
    return {word for row in rows for word in _lines_with(row, lines)}


def _is_drawable(word: str) -> bool:
    return 2 < len(word) <= _LONGEST_DRAWN_OUT


def _lines_with(part: str, lines: str) -> Iterator[str]:
    at = lines.find(part)
    while at >= 0:
        end = lines.find("\n", at)
        end = len(lines) if end < 0 else end
        yield lines[lines.rfind("\n", 0, at) + 1 : end]
        at = lines.find(part, end)


def letters_apart(folded: str, between: str) -> set[str]:
    """Words whose letters stand apart, always by the same sign; with and without a first "a"."""
    if not re.search(f"[{between}]", folded):
        return set()
    runs = {match[0] for match in _apart(between).finditer(folded)}
    joined = {run[::2] for run in runs}
    return joined | {word[1:] for word in joined if len(word) > SHORTEST_DISGUISED}


@cache
def _apart(between: str) -> re.Pattern[str]:
    one = f"[{word_letters()}{re.escape(SIGNS)}]"
    return re.compile(rf"(?<!{one}){one}([{between}]){one}(?!{one})(?:\1{one}(?!{one}))++")


def hits_among(
    words: set[str], shapes: Mapping[str, set[str]], *, drawn_out: bool
) -> Iterator[tuple[str, str, str, str]]:
    """Of the words that look like one of the list: word, folded, without long letters, and look."""
    known = list(words)
    shaped = all_at_once(look, known)
    if drawn_out:
        shaped = all_at_once(shorten, shaped)
    hits = [(word, shape) for word, shape in zip(known, shaped, strict=True) if shape in shapes]
    plain = all_at_once(fold, [word for word, _shape in hits])
    short = all_at_once(shorten, plain) if drawn_out else plain
    for (word, shape), folded, bare in zip(hits, plain, short, strict=True):
        yield word, folded, bare, shape


def all_at_once(read: Callable[[str], str], words: list[str]) -> list[str]:
    """Each word read so; together, which C does faster than one by one."""
    # Between two words stands one line end, which all readings leave as it is.
    return read("\n".join(words)).split("\n") if words else []


def passes_for(word: str, meant: str, is_foreign: bool) -> bool:
    """Whether a word that looks like another is that one disguised, and no word of its own."""
    if word.isalpha() and word.isascii():
        return False
    # "455" is a number, and "A55" a road.
    if 2 * len(word.translate(_NO_DIGITS)) < len(word):
        return False
    if meant.isascii():
        # The Russian "сор" looks like "cop", and is none within a Russian text.
        return not is_foreign or _LATIN.search(word) is not None
    # With other accents it is another word; with a letter of another script it is disguised.
    return not word.isalpha() or _scripts(word) != _scripts(meant)


def _scripts(word: str) -> tuple[bool, bool]:
    return _LATIN.search(word) is not None, _LOOKALIKE.search(word) is not None


_NO_DIGITS: Final = dict.fromkeys(map(ord, "0123456789"))
_LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
# Greek, Cyrillic, Armenian; Cherokee; Lisu.
_LOOKALIKE: Final = re.compile("[\u0370-\u058f\u13a0-\u13ff\ua4d0-\ua4ff]")
