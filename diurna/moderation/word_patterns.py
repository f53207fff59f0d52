"""What an entry of a list of words says; pure."""

import re
from dataclasses import dataclass
from typing import Final

from diurna.moderation.word_folding import SPACELESS, fold, words_in

# "a*" would be half of the dictionary.
SHORTEST_BEGINNING: Final = 3


class NotAWord(ValueError):
    """A line that can't be looked for; `args[0]` says which kind it is."""

    EMPTY: Final = "empty"
    SHORT: Final = "short"
    STAR: Final = "star"


@dataclass(frozen=True)
class Pattern:
    """One entry of a list: words in a row, as folded; `open_end` where a star stands for the rest.

    `exact` (an equals sign in front) is found in just this spelling, without any disguise.
    """

    words: tuple[str, ...]
    open_end: bool = False
    exact: bool = False

    @property
    def folded(self) -> str:
        """The one spelling of entries that find the same."""
        return f"{'=' * self.exact}{' '.join(self.words)}{'*' * self.open_end}"


def read_pattern(word: str) -> Pattern:
    """What an entry says; raises NotAWord for one that is empty, or would be found everywhere."""
    bare = word.strip()
    exact = bare.startswith("=")
    open_end = bare.endswith("*")
    words = tuple(words_in(fold(bare)))
    if not words:
        raise NotAWord(NotAWord.EMPTY)
    spaceless = is_spaceless(words[-1])
    if open_end and not spaceless and len(words[-1]) < SHORTEST_BEGINNING:
        raise NotAWord(NotAWord.STAR)
    if len(words) == 1 and len(words[0]) == 1 and not spaceless:
        raise NotAWord(NotAWord.SHORT)
    return Pattern(words, open_end and not spaceless, exact)


def is_spaceless(word: str) -> bool:
    """Whether the word is of a script that puts no spaces between words."""
    return re.match(f"[{SPACELESS}]", word) is not None
