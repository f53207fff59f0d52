"""The words of a sentence, and who stands before one of its verbs. Pure.

Every function looks at a bounded number of words around the place it is given.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from diurna.newsroom.attributions_words import (
    AUXILIARY,
    DETERMINERS,
    NOT_PEOPLE,
    PASSIVE,
    PEOPLE_ENDINGS,
    PRONOUNS,
    SPEAKERS,
)

_WORD: Final = re.compile(r"[^\W_](?:[\w’'.&/@-]{0,60}[\w’'])?")
# So far back stands whoever a verb after a relative clause belongs to.
_FAR: Final = 14
_NEAR: Final = 4


class Word(NamedTuple):
    """A word of a sentence, the same in small letters, and its first and last place."""

    text: str
    low: str
    start: int
    end: int

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()


def words_of(sentence: str) -> list[Word]:
    """The words of a sentence, in order."""
    return list(_words_of(sentence))


def _words_of(sentence: str) -> Iterator[Word]:
    for found in _WORD.finditer(sentence):
        text = found.group()
        yield Word(text, text.lower().replace("’", "'"), found.start(), found.end())


def before(words: Sequence[Word], at: int) -> int:
    """The place of the word before a verb, without adverbs and auxiliaries; -1 for none."""
    place = at - 1
    while place >= 0 and at - place <= _NEAR:
        low = words[place].low
        if low in AUXILIARY or (low.endswith("ly") and len(low) > 4 and low not in SPEAKERS):
            place -= 1
            continue
        break
    return place


def has_subject(sentence: str, words: Sequence[Word], at: int) -> bool:
    """Whether somebody stands before the verb who could say something."""
    place = before(words, at)
    if place < 0:
        return False
    word = words[place]
    if word.low in PASSIVE:
        return False
    if word.low in PRONOUNS or is_speaker(word):
        return True
    if word.is_capital:
        return word.low not in DETERMINERS
    between = sentence[word.end : words[place + 1].start]
    # "Mira Holt, 34, said", "the clerk, who was there, said", "a union of bakers said".
    return "," in between and somebody_earlier(words, place)


def is_speaker(word: Word) -> bool:
    """Whether it is a word for somebody, or ends like one."""
    if word.low in SPEAKERS:
        return True
    return (
        word.low.endswith(PEOPLE_ENDINGS)
        and word.low not in NOT_PEOPLE
        and (len(word.low) > 4 or word.low in ("men", "man"))
    )


def may_speak(words: Sequence[Word], place: int) -> bool:
    """Whether the word is a name or a word for somebody."""
    return words[place].low in SPEAKERS or (place > 0 and words[place].is_capital)


def somebody_earlier(words: Sequence[Word], place: int) -> bool:
    """Whether somebody who could say something stands here or not far before."""
    return any(
        word.is_capital or word.low in SPEAKERS or word.low in PRONOUNS
        for word in words[max(0, place - _FAR) : place + 1]
    )


def somebody_after(words: Sequence[Word], at: int) -> bool:
    """Whether somebody stands in the next words: "..., said the minister"."""
    return any(word.is_capital or word.low in SPEAKERS for word in words[at + 1 : at + 6])


def speaks_of_itself(words: Sequence[Word], at: int) -> bool:
    """Whether "I" or "we" are the subject: the writer's own words want no source."""
    place = before(words, at)
    return place >= 0 and words[place].low in ("i", "we")
