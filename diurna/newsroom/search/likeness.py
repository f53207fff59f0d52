"""Which stories are about the same, told by the rarest of their words.

Made in tasks, when a story is published, and never while a reader waits. A word counts for more
the rarer it is among all stories (the weight of `tf · idf`, Sparck Jones 1972); words that are in
too many of them, or in no other, say nothing.
"""

import math
from collections import Counter
from typing import Final

from diurna.newsroom.models import Article
from diurna.newsroom.search import asking, markers
from diurna.newsroom.search.expression import All, Phrase, any_word
from diurna.newsroom.search.words import common_stems

# Of a long story only its most frequent words are asked about.
_ASKED: Final = 60
# The rarest of them, by weight: with so many, one story in some thousands shares three.
_RAREST: Final = 12
# A word in so many stories is none that tells them apart; counting ends there.
_TOO_MANY: Final = 1_000
_CANDIDATES: Final = 300
# What stands often in a story is not more than so many times as much what it is about.
_MOST_OF_A_WORD: Final = 4
# Stories that share one rare word are as a rule not about the same.
_SHARED_AT_LEAST: Final = 2
_SHORTEST: Final = 3


def stories_like(article: Article, *, count: int) -> list[int]:
    """The keys of the public stories most like this one in their words, the most alike first.

    At most `count`; none for a story that the index does not have yet.
    """
    entry = asking.entry_of(article)
    if entry is None:
        return []
    weights = _weights(entry)
    if len(weights) < _SHARED_AT_LEAST:
        return []
    wanted = All((any_word(list(weights)), Phrase((markers.LIVE,))))
    found = set(asking.keys(Article, wanted, limit=_CANDIDATES)) - {article.pk}
    others = asking.entries(found)
    scored = [(score, pk) for pk, other in others.items() if (score := _likeness(other, weights))]
    scored.sort(reverse=True)
    # The index may be behind by a moment.
    near = [pk for _score, pk in scored[: 2 * count]]
    public = set(Article.objects.live().filter(pk__in=near).values_list("pk", flat=True))
    return [pk for pk in near if pk in public][:count]


def _weights(entry: asking.Entry) -> dict[str, float]:
    common = common_stems()
    words = Counter(
        word
        for word in (entry.headline * 3 + entry.short * 2 + entry.text).split()
        if len(word) >= _SHORTEST and word not in common and not word.isdigit()
    )
    total = asking.count_up_to(markers.LIVE, _TOO_MANY)
    weights: dict[str, float] = {}
    for word, times in words.most_common(_ASKED):
        stories = asking.count_up_to(word, _TOO_MANY)
        if 1 < stories < total:
            weights[word] = min(times, _MOST_OF_A_WORD) * math.log(total / stories)
    heaviest = sorted(weights, key=lambda word: (-weights[word], word))[:_RAREST]
    return {word: weights[word] for word in heaviest}


def _likeness(other: asking.Entry, weights: dict[str, float]) -> float:
    """The weights of the words that both have; 0 with too few of them."""
    everything = f"{other.headline}{other.short}{other.text}"
    shared = [weight for word, weight in weights.items() if f" {word} " in everything]
    return sum(shared) if len(shared) >= _SHARED_AT_LEAST else 0.0
