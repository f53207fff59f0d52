"""What a reader may have meant: words near those that no story has, if they lead somewhere.

A word is near with one slip (two in a long word): a letter missing, doubled, wrong or in another's
place; or it begins with what was typed.
"""

from typing import Final

from diurna.newsroom.models import Article
from diurna.newsroom.search import asking, markers, spelling
from diurna.newsroom.search.expression import All, Phrase
from diurna.newsroom.search.words import common_stems, stem_of, words
from diurna.web.search.finding import has_any
from diurna.web.search.query import Query, understand

# Words that are looked at, and what may stand in the place of each.
_MOST_WORDS: Final = 6
_MOST_CHOICES: Final = 5
# Below this length two slips make another word.
_LONG_WORD: Final = 6
_PREFIX_COSTS: Final = 1.5
# Counting the stories of a choice ends there.
_COUNTED: Final = 50


def did_you_mean(query: Query) -> str:
    """The query with its unknown words replaced; empty where nothing better is known."""
    text, changed = query.text, False
    for word in reversed(list(words(query.text, query.language))[:_MOST_WORDS]):
        if word.stem in common_stems(query.language) or _is_known(word.stem):
            continue
        choice = _choose(word.folded, query.language)
        if not choice:
            return ""
        text, changed = f"{text[: word.start]}{choice}{text[word.end :]}", True
    if not changed or not has_any(understand(text, language=query.language)):
        return ""
    return text


def _is_known(stem: str) -> bool:
    keys = asking.keys(Article, _public(stem), limit=3)
    return Article.objects.live().filter(pk__in=keys).exists()


def _choose(folded: str, language: str) -> str:
    """The nearest word, among equals the one in most stories; empty where none is near."""
    most = 2 if len(folded) >= _LONG_WORD else 1
    near = {word: float(slips(folded, word, most=most)) for word in spelling.near(folded)}
    costs = {word: cost for word, cost in near.items() if cost <= most}
    for word in spelling.beginning(folded):
        costs.setdefault(word, _PREFIX_COSTS + len(word) / 100)
    best = sorted(costs, key=lambda word: (costs[word], word))[:_MOST_CHOICES]
    ranked = [
        (costs[word], -len(asking.keys(Article, _public(stem_of(word, language)), limit=_COUNTED)))
        for word in best
    ]
    choices = [(cost, stories, word) for (cost, stories), word in zip(ranked, best, strict=True)]
    return min((each for each in choices if each[1]), default=(0.0, 0, ""))[2]


def _public(stem: str) -> All:
    return All((Phrase((stem,)), Phrase((markers.LIVE,))))


def slips(one: str, other: str, *, most: int) -> int:
    """Letters left out, put in, mistaken or swapped with the next one; `most` + 1 at most.

    The optimal string alignment distance (Damerau 1964).
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        now = [row]
        for column, twin in enumerate(other, start=1):
            cost = min(above[column] + 1, now[-1] + 1, above[column - 1] + (letter != twin))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == twin:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        before, above = above, now
    return min(above[-1], most + 1)
