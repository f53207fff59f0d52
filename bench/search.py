"""Does the search stay as cheap when the site grows?

    bin/bench search [--against medium|large] [--rounds N] [--quick] [--sites FOLDER]
                     [--json FILE]

Two sites are made, the larger with ten or a hundred times the articles, and the same searches are
asked of both in turns, past the page store. Words of the stories are drawn by Zipf's law, as those
of a language are: the most frequent one is in nearly every story, most are in a few. A rare word is
one that is in about a hundred stories of either site; what a word costs that is in a hundred times
the stories on the larger, which then has more of them to show, is told beside it. The index is
written directly, as the product would have written it; there are no histories, so no passages are
cut out of the text.
"""

import argparse
import os
import random
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from bench.figures import median
from bench.growth import (
    QUICK_ROUNDS,
    Costs,
    Pages,
    Site,
    answer_lines,
    arguments,
    compare,
    site_of,
    tell_growth,
)
from bench.header import Header
from bench.homes import run
from bench.result import Result, Table, json_option, tell
from bench.rows import hurry
from bench.sizes import SIZES

QUESTION: Final = (
    "How much more processor time does a search take on a site with many times the articles?"
)
ROUNDS: Final = 9
# Stands in the home of a site whose index is filled.
FILLED: Final = "bench-words"
WORDS: Final = 30_000
WORDS_OF_A_STORY: Final = 300
WORDS_OF_A_HEADLINE: Final = 8
# The n-th most frequent word stands so in the text; letters only, and no two within one slip.
SEARCHES: Final = {
    "the most frequent word": "q=wzzza",
    "two frequent words": "q=wzzzb+wzzzc",
    "a word of some stories": "q=wzbzz",
    "frequent, in one section": "q=wzzzb&section=harbour",
    "frequent, in the last month": f"q=wzzzb&from={date.today() - timedelta(days=30)}",
    "quoted words": "q=%22wzzza+wzzzb%22",
    "words that no story has together": "q=wazzz+wazzb+wazzc",
    "a mistyped word": "q=wazzzx",
}
RARE: Final = "a rare word"
# So many stories have it, on each site.
STORIES_OF_A_RARE_WORD: Final = 100
# The rank of one that is the same word on both, and how the table calls it.
SAME_RANK: Final = 15_625
SAME_WORD: Final = "a word of a few stories on the small site"
_LETTERS: Final = "zabcdefghijklmnopqrstuvwx"


def main() -> None:
    """Measure, and tell; or be one of the processes that are measured."""
    if sys.argv[1:] in (["--fill"], ["--child"]):
        (_fill if sys.argv[1] == "--fill" else _draw_on_demand)()
        return
    asked = _arguments()
    header = Header.now()
    names = ("small", asked.against)
    result = Result("search", QUESTION)
    with ExitStack() as stack:
        sites: dict[str, Site] = {}
        for name in names:
            kept = asked.sites / name if asked.sites else None
            # A kept site is one that `bench lists` can read as well.
            plan = SIZES[name] if kept else replace(SIZES[name], comments=0, votes=0, thread=0)
            environ = stack.enter_context(site_of(plan, kept))
            if not is_filled(Path(environ["DIURNA_HOME"])):
                run(["-m", "bench.search", "--fill"], environ)
            sites[name] = stack.enter_context(Site("bench.search", environ))
        seen = {
            kind: compare(sites, f"/search/?{query}", asked.rounds)
            for kind, query in SEARCHES.items()
        }
        rare = {name: f"/search/?q={_rare_word(SIZES[name].articles)}" for name in names}
        seen[RARE] = compare(sites, rare, asked.rounds)
        same = compare(sites, f"/search/?q={word(SAME_RANK)}", asked.rounds)
    tell_growth(result, names, seen)
    _tell_same_word(result, names, same)
    if asked.rounds < ROUNDS:
        result.shortened.append(f"{asked.rounds} rounds instead of {ROUNDS}.")
    tell(result, header, asked.json)


def is_filled(home: Path) -> bool:
    """Whether the index of this site has the words of this bench."""
    return (home / FILLED).exists()


def word(rank: int) -> str:
    """The word of this rank (from 0), of letters only."""
    letters = ""
    for _place in range(4):
        rank, digit = divmod(rank, len(_LETTERS))
        letters = _LETTERS[digit] + letters
    return f"w{letters}"


def _rare_word(articles: int) -> str:
    """The word that is in about `STORIES_OF_A_RARE_WORD` of so many articles."""
    whole = sum(1 / (rank + 1) for rank in range(WORDS))
    rank = articles * WORDS_OF_A_STORY / (STORIES_OF_A_RARE_WORD * whole)
    return word(min(int(rank), WORDS) - 1)


def _tell_same_word(result: Result, names: tuple[str, str], same: Costs) -> None:
    times: list[str | float] = [1000 * median([cost[0] for cost in same[name]]) for name in names]
    columns = ["", *(f"{name}, CPU ms" for name in names)]
    title = "Where the larger site has more to show"
    result.tables.append(Table(title, columns, [[SAME_WORD, *times]]))


def _fill() -> None:
    from diurna.cli.django_setup import set_up

    set_up(Path(os.environ["DIURNA_HOME"]))
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection, transaction
    from wagtail.search.models import IndexEntry

    from diurna.newsroom.models import Article, SearchSpelling
    from diurna.newsroom.search.spelling import forms

    hurry()
    chance = random.Random(2)  # noqa: S311  (figures, no secret)
    words = [word(rank) for rank in range(WORDS)]
    weights = list(accumulate(1 / (rank + 1) for rank in range(WORDS)))
    kind = ContentType.objects.get_for_model(Article).pk
    table = IndexEntry._meta.db_table

    def rows() -> Iterator[tuple[Any, ...]]:
        stories = Article.objects.order_by("first_published_at")
        for pk, at, path in stories.values_list("pk", "first_published_at", "path"):
            drawn = chance.choices(words, cum_weights=weights, k=WORDS_OF_A_STORY)
            headline = " ".join(drawn[-WORDS_OF_A_HEADLINE:])
            lines = [_markers(at, path), headline, " ".join(drawn[:20]), "", " ".join(drawn)]
            yield (kind, str(pk), headline, "\n".join(lines), headline)

    sql = (
        f"INSERT INTO {table} (content_type_id, object_id, title, body, autocomplete, title_norm)"  # noqa: S608  (names and signs of our own)
        " VALUES (%s, %s, %s, %s, %s, 1.0)"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608  (names and signs of our own)
        rowwise: Any = cursor
        rowwise.executemany(sql, rows())
        known = (SearchSpelling(form=form, word=each) for each in words for form in forms(each))
        SearchSpelling.objects.bulk_create(known, ignore_conflicts=True, batch_size=10_000)
    (Path(os.environ["DIURNA_HOME"]) / FILLED).touch()


def _markers(at: Any, path: str) -> str:
    from diurna.newsroom.models import Section
    from diurna.newsroom.search import markers

    if not _sections:
        _sections.update(Section.objects.values_list("path", "pk"))
    own = [markers.of_section(pk) for above, pk in _sections.items() if path.startswith(above)]
    return " ".join([markers.LIVE, *markers.of_day(at.date()), *own])


_sections: dict[str, int] = {}


def _draw_on_demand() -> None:
    from diurna.cli.django_setup import set_up

    set_up(Path(os.environ["DIURNA_HOME"]))
    from diurna.web.search import pace

    pace.A_MINUTE = sys.maxsize  # type: ignore[misc]  # one network asks for all of it
    answer_lines(Pages().cost_of)


def _arguments() -> argparse.Namespace:
    parser = arguments("search", QUESTION, ROUNDS)
    json_option(parser)
    asked = parser.parse_args()
    asked.rounds = asked.rounds or (QUICK_ROUNDS if asked.quick else ROUNDS)
    return asked


if __name__ == "__main__":
    main()
