"""What a reader typed, understood; nothing is an error.

Words are all looked for, in any form and order. `"quoted words"` follow one another, `-word` may
not be there (`-5` is a number, as in headlines about the weather). Whatever else is typed is a
word, or nothing. Imports no Django.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from diurna.newsroom.search.expression import All, AnyOf, Expression, Phrase, Without
from diurna.newsroom.search.words import common_stems, words

# Characters that are read, and words that are looked for: a long headline has both.
LONGEST: Final = 200
MOST_TERMS: Final = 32
_QUOTES: Final = '"“”„«»‟″'
_PARTS: Final = re.compile(
    f"(?P<minus>(?<!\\S)-(?=[^\\s\\d-]))?(?:[{_QUOTES}](?P<quoted>[^{_QUOTES}]*)[{_QUOTES}]?"
    f"|(?P<plain>[^\\s{_QUOTES}]+))"
)


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or words that follow one another: stems, and how they were typed (folded)."""

    stems: tuple[str, ...]
    folded: tuple[str, ...]

    @property
    def phrase(self) -> Phrase:
        """What the index is asked for."""
        return Phrase(self.stems)


@dataclass(frozen=True)
class Query:
    """`text` as it was read; `terms` are wanted, `unwanted` are not, `every` stem is in its order.

    `every` reads quotation marks and minus as nothing: who types a headline gets its story.
    """

    text: str
    terms: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()
    every: tuple[str, ...] = ()
    language: str = "en"

    @cached_property
    def telling(self) -> tuple[Term, ...]:
        """The terms without words like “the”, unless there are no others."""
        common = common_stems(self.language)
        rest = tuple(t for t in self.terms if len(t.stems) > 1 or t.stems[0] not in common)
        return rest or self.terms

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """The stems of all telling terms, each once."""
        return tuple(dict.fromkeys(stem for term in self.telling for stem in term.stems))

    def all_words(self) -> Expression:
        """Every telling term, and none that is unwanted."""
        return self.without_unwanted(All(tuple(term.phrase for term in self.telling)))

    def without_unwanted(self, wanted: Expression) -> Expression:
        """What is wanted, and none that is unwanted."""
        if not self.unwanted:
            return wanted
        return Without(wanted, AnyOf(tuple(term.phrase for term in self.unwanted)))


def understand(typed: str, *, language: str = "en") -> Query:
    """The query of what was typed; without terms where there is no word in it."""
    text = " ".join(typed.replace("\0", " ")[: LONGEST + 1].split())
    if len(text) > LONGEST:
        # The last word is cut in two, and would be another word.
        text = text[:LONGEST].rsplit(" ", 1)[0]
    wanted: list[Term] = []
    unwanted: list[Term] = []
    for part in _PARTS.finditer(text):
        quoted = part.group("quoted")
        term = _term(quoted if quoted is not None else part.group("plain"), language)
        if term is not None:
            (unwanted if part.group("minus") else wanted).append(term)
    every = tuple(word.stem for word in words(text, language))
    terms = tuple(dict.fromkeys(wanted))[:MOST_TERMS]
    return Query(text, terms, tuple(unwanted[:MOST_TERMS]) if terms else (), every, language)


def _term(text: str, language: str) -> Term | None:
    found = list(words(text, language))
    if not found:
        return None
    return Term(tuple(word.stem for word in found), tuple(word.folded for word in found))
