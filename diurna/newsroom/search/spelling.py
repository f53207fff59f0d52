"""The words of headlines, standfirsts and names, to offer instead of a mistyped one."""

from collections.abc import Iterable
from typing import Final

from django.db import connection
from django.db.models import F

from diurna.newsroom.models import Article, SearchSpelling
from diurna.newsroom.models.search import LONGEST_SPELLING
from diurna.newsroom.search import asking, text
from diurna.newsroom.search.words import stem_of, words

# Shorter words are one slip from half the dictionary.
SHORTEST: Final = 3
_AT_ONCE: Final = 400
# Of the words that begin alike, or are near; beyond that, what was typed says too little.
_MOST: Final = 40


def learn(articles: Iterable[Article]) -> int:
    """Remember the words of public stories; how many were new."""
    found = {word for article in articles if article.live for word in _spellings(words_of(article))}
    new = 0
    for some in _chunks(sorted(found)):
        known = SearchSpelling.objects.filter(form=F("word"), word__in=some)
        unknown = set(some) - set(known.values_list("word", flat=True))
        rows = [SearchSpelling(form=form, word=word) for word in unknown for form in forms(word)]
        SearchSpelling.objects.bulk_create(rows, ignore_conflicts=True, batch_size=_AT_ONCE)
        new += len(unknown)
    return new


def words_of(article: Article) -> str:
    """What of a story is remembered by its words: headlines, standfirst and names."""
    own = (article.title, article.short_headline, article.standfirst)
    return " ".join([*own, *text.names(article)])


def forget(said: str) -> int:
    """Drop the words of a text that no row of the index has any more; how many they were."""
    language = text.newsroom_language()
    gone = [
        word
        for word in sorted(_spellings(said))
        if not asking.count_up_to(stem_of(word, language), 1)
    ]
    for some in _chunks(gone):
        SearchSpelling.objects.filter(word__in=some).delete()
    return len(gone)


def near(word: str) -> list[str]:
    """Words that are one or two slips away from a folded word, in no order; at most some dozens."""
    if not SHORTEST <= len(word) <= LONGEST_SPELLING:
        return []
    rows = SearchSpelling.objects.filter(form__in=forms(word)).exclude(word=word)
    return list(rows.values_list("word", flat=True).distinct()[:_MOST])


def beginning(prefix: str, *, shortest: int = SHORTEST) -> list[str]:
    """Words that begin so, in the order of their letters; at most some dozens.

    None for a beginning of fewer letters than `shortest`.
    """
    if not shortest <= len(prefix) <= LONGEST_SPELLING:
        return []
    rows = SearchSpelling.objects.exclude(word=prefix)
    if connection.vendor == "postgresql":
        rows = rows.filter(form__startswith=prefix, form=F("word"))
    else:
        # SQLite's LIKE folds case and so uses no index.
        last = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        rows = rows.filter(form__gte=prefix, form__lt=last, form=F("word"))
    return list(rows.order_by("word").values_list("word", flat=True)[:_MOST])


def forms(word: str) -> list[str]:
    """The word, and the word with each of its letters left out, each once."""
    shorter = (word[:place] + word[place + 1 :] for place in range(len(word)))
    return list(dict.fromkeys([word, *shorter]))


def _spellings(of: str) -> set[str]:
    return {
        word.folded
        for word in words(of)
        if SHORTEST <= len(word.folded) <= LONGEST_SPELLING and not word.folded.isdigit()
    }


def _chunks(of: list[str]) -> Iterable[list[str]]:
    return (of[start : start + _AT_ONCE] for start in range(0, len(of), _AT_ONCE))
