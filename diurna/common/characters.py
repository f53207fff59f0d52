"""What people typed, without the characters that only play with the page.

Unicode has characters that show nothing, that turn the order of others round, and marks that pile
up on a letter until they cover the lines above. Languages need some of them; this keeps what they
need and no more. No Django.
"""

import re
import unicodedata
from typing import Final

_PLAIN: Final = re.compile(r"[\n\t -~]*")
# Below this it takes longer to look for plain characters in a row than to read them one by one.
_PLAIN_RUN: Final = re.compile(r"[\n\t -~]{32,}")
# Marks that may stand on one letter. Hebrew with cantillation needs five, Vietnamese two.
_MOST_MARKS: Final = 5
# Tibetan writes whole stacks of letters as marks; the tallest in use has eight or nine.
_MOST_TIBETAN_MARKS: Final = 10
# All that may follow one letter, with vowel signs that take room of their own, and joiners.
_MOST_FOLLOWERS: Final = 16
# An emoji of a region is a black flag, letters for the region, and an end: six in use.
_MOST_TAGS: Final = 8

_ZERO_WIDTH_JOINERS: Final = frozenset("\u200c\u200d")
# Direction marks: they order nothing but what stands next to them.
_DIRECTION_MARKS: Final = frozenset("\u200e\u200f\u061c")
_WORD_BREAK: Final = "\u200b"
_FLAG: Final = "\U0001f3f4"
# Signs of Arabic, Syriac and Kaithi numbers: format characters by category, and yet visible.
_VISIBLE_FORMATS: Final = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
# Letters by their category, and empty all the same.
_FILLERS: Final = frozenset("\u115f\u1160\u3164\uffa0")
_BRAILLE_BLANK: Final = "\u2800"
_LINE_ENDS: Final = {"\r\n": "\n", "\r": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n\n"}
_PAGE_BREAKS: Final = frozenset("\x0b\x0c")


def tidy(text: str) -> str:
    """The text in NFC with `\\n` as the only line end, and without characters that do harm.

    Gone: control characters, surrogates, noncharacters, what is invisible and no language needs
    (soft hyphens, fillers, tags), and what turns the direction of the text round (U+202A to 202E,
    U+2066 to 2069); direction marks, joiners and variation selectors stay where they mean
    something, once. Marks on one letter stop at five. Takes time in proportion to the length.
    """
    for end, newline in _LINE_ENDS.items():
        text = text.replace(end, newline)
    return unicodedata.normalize("NFC", Tidier().feed(text))


class Tidier:
    """The same for a text that comes in pieces: what stood last is known to the next piece."""

    def __init__(self) -> None:
        self._base = ""
        self._last = ""
        self._marks = 0
        self._followers = 0

    def feed(self, text: str) -> str:
        """The piece with only what may stay; line ends must be `\\n` already."""
        if _PLAIN.fullmatch(text):
            if text:
                self._start(text[-1])
            return text
        kept = []
        at = 0
        for run in _PLAIN_RUN.finditer(text):
            kept.append(self._feed_each(text[at : run.start()]))
            kept.append(run[0])
            # All of it stays, and only its end matters to what follows.
            self._start(run[0][-1])
            at = run.end()
        kept.append(self._feed_each(text[at:]))
        return "".join(kept)

    def _feed_each(self, text: str) -> str:
        return "".join(kept for char in text if (kept := self._keep(char)))

    def _keep(self, char: str) -> str:
        category = unicodedata.category(char)
        if category[0] == "M":
            kept = char if self._mark_fits(char, category) else ""
        elif category == "Cf" and char not in _VISIBLE_FORMATS:
            kept = char if self._format_fits(char) else ""
        else:
            kept = self._keep_base(char, category)
            if kept:
                self._start(kept)
        if kept:
            self._last = kept
        return kept

    def _start(self, base: str) -> None:
        self._base = self._last = base
        self._marks = self._followers = 0

    def _keep_base(self, char: str, category: str) -> str:
        if char in _PAGE_BREAKS:
            return " "
        if category == "Cc":
            return char if char in "\n\t" else ""
        if category == "Cs" or char in _FILLERS or ord(char) & 0xFFFE == 0xFFFE:
            return ""
        if 0xFDD0 <= ord(char) <= 0xFDEF:
            return ""
        if char == _BRAILLE_BLANK:
            return " "
        # One wide space is typography; a row of them is an empty page.
        wide = category == "Zs" and char != " "
        return "" if wide and self._last and unicodedata.category(self._last) == "Zs" else char

    def _mark_fits(self, char: str, category: str) -> bool:
        if not self._follows_something() or self._followers >= _MOST_FOLLOWERS:
            return False
        if _is_variation_selector(char) and _is_variation_selector(self._last):
            return False
        if category != "Mc":
            tibetan = 0x0F00 <= ord(char) <= 0x0FFF
            if self._marks >= (_MOST_TIBETAN_MARKS if tibetan else _MOST_MARKS):
                return False
            self._marks += 1
        self._followers += 1
        return True

    def _format_fits(self, char: str) -> bool:
        if 0xE0020 <= ord(char) <= 0xE007F:
            fits = self._base == _FLAG and self._followers < _MOST_TAGS
        elif char in _DIRECTION_MARKS:
            fits = self._followers < _MOST_FOLLOWERS and self._last not in _DIRECTION_MARKS
        elif char in _ZERO_WIDTH_JOINERS:
            fits = self._joins()
        else:
            fits = char == _WORD_BREAK and self._joins() and _breaks_without_spaces(self._base)
        if fits:
            self._followers += 1
        return fits

    def _joins(self) -> bool:
        """Whether a joiner may stand here: after something visible, and one at a time."""
        return (
            self._follows_something()
            and self._followers < _MOST_FOLLOWERS
            and unicodedata.category(self._last) != "Cf"
        )

    def _follows_something(self) -> bool:
        return bool(self._base) and not self._base.isspace()


def _is_variation_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _breaks_without_spaces(base: str) -> bool:
    """Whether the letter is of a script that marks where words end with U+200B, not with spaces."""
    return (
        "\u0e00" <= base <= "\u0eff" or "\u1000" <= base <= "\u109f" or "\u1780" <= base <= "\u17ff"
    )
