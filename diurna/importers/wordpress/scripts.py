"""Which language a text is in, as far as its letters alone say it."""

import unicodedata
from collections import Counter
from typing import Final

from diurna.common.sanitise import plain_text
from diurna.importers.wordpress.neutral import Heading, MappedBlock, Quote, Text

# Scripts that one language uses, or nearly one; Latin, Cyrillic and Han say nothing for certain.
_LANGUAGES: Final = {
    "ARABIC": "ar",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
    "GREEK": "el",
    "HANGUL": "ko",
    "HEBREW": "he",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "THAI": "th",
}
_RIGHT_TO_LEFT: Final = frozenset({"ar", "fa", "he"})
# Letters that Persian has and Arabic lacks.
_PERSIAN: Final = frozenset("پچژگ")
_SAMPLE: Final = 4_000
_MIN_LETTERS: Final = 12
_SHARE: Final = 0.5


def language_of(title: str, blocks: tuple[MappedBlock, ...]) -> tuple[str, str]:
    """Language and direction, as ("ar", "rtl"); two empty texts when the letters don't tell."""
    text = _sample(title, blocks)
    # Latin letters alone say nothing, and are most of what there is.
    if text.isascii():
        return "", ""
    letters = Counter(character for character in text if character.isalpha())
    if letters.total() < _MIN_LETTERS:
        return "", ""
    counted: Counter[str] = Counter()
    for letter, count in letters.items():
        script = unicodedata.name(letter, "?").partition(" ")[0]
        if language := _LANGUAGES.get(script):
            counted[language] += count
    if not counted:
        return "", ""
    language, count = counted.most_common(1)[0]
    if count < _SHARE * letters.total():
        return "", ""
    if language == "ar" and not _PERSIAN.isdisjoint(letters):
        language = "fa"
    return language, "rtl" if language in _RIGHT_TO_LEFT else "ltr"


def _sample(title: str, blocks: tuple[MappedBlock, ...]) -> str:
    """The first words of a text, as many as tell its language."""
    pieces, length = [title], len(title)
    for block in blocks:
        if length >= _SAMPLE:
            break
        pieces.append(_text_of(block))
        length += len(pieces[-1]) + 1
    return " ".join(pieces)[:_SAMPLE]


def _text_of(block: MappedBlock) -> str:
    if isinstance(block, Text | Quote):
        return plain_text(block.html)
    return block.text if isinstance(block, Heading) else ""
