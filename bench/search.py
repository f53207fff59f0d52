"""Does the search stay as cheap when the site grows?

    bin/bench search [--against medium|large] [--rounds N] [--quick] [--json FILE]

Two sites are made, the larger with ten or a hundred times the articles, and the same searches are
asked of both in turns, past the page store. Words of the stories are drawn by Zipf's law, as those
of a language are: the most frequent one is in nearly every story, most are in a few. The index is
written directly, as the product would have written it; there are no histories, so no passages are
cut out of the text.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, Self

from bench.figures import interleaved, median, ratio
from bench.header import Header
from bench.homes import HOST, ROOT, newsroom, run
from bench.result import Bar, Chart, Result, Table, Target, json_option, tell
from bench.site import make
from bench.sizes import SIZES

QUESTION: Final = (
    "How much more processor time does a search take on a site with many times the articles?"
)
ROUNDS: Final = 9
QUICK_ROUNDS: Final = 5
AT_ONCE: Final = 3
TARGET: Final = 1.5
WORDS: Final = 30_000
WORDS_OF_A_STORY: Final = 300
WORDS_OF_A_HEADLINE: Final = 8
# The n-th most frequent word stands so in the text; letters only, and no two within one slip.
SEARCHES: Final = {
    "the most frequent word": "q=wzzza",
    "two frequent words": "q=wzzzb+wzzzc",
    "a word of some stories": "q=wzbzz",
    "a rare word": "q=wazzz",
    "frequent, in one section": "q=wzzzb&section=harbour",
    "frequent, in the last month": f"q=wzzzb&from={date.today() - timedelta(days=30)}",
    "quoted words": "q=%22wzzza+wzzzb%22",
    "words that no story has together": "q=wazzz+wazzb+wazzc",
    "a mistyped word": "q=wazzzx",
}
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
            environ = stack.enter_context(newsroom())
            make(replace(SIZES[name], comments=0, votes=0, thread=0), environ)
            run(["-m", "bench.search", "--fill"], environ)
            sites[name] = stack.enter_context(Site(environ))
        seen = {kind: _compare(sites, query, asked.rounds) for kind, query in SEARCHES.items()}
    _tell(result, names, seen)
    if asked.against != "large":
        result.shortened.append("The larger site is not the large one; `--against large` is.")
    if asked.rounds < ROUNDS:
        result.shortened.append(f"{asked.rounds} rounds instead of {ROUNDS}.")
    tell(result, header, asked.json)


class Site:
    """A process that searches one site on demand."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.search", "--child"],
            env=dict(environ),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.communicate()

    def ask(self, query: str) -> tuple[float, int]:
        """Processor seconds of one search, and its queries."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(query + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            sys.exit("The process that searches has ended; what went wrong stands above.")
        seconds, queries = json.loads(line)
        return seconds, queries


def _compare(
    sites: Mapping[str, Site], query: str, rounds: int
) -> dict[str, list[tuple[float, int]]]:
    def load(site: Site) -> Callable[[], tuple[float, int]]:
        return lambda: site.ask(query)

    for site in sites.values():
        site.ask(query)
    return interleaved({name: load(site) for name, site in sites.items()}, rounds)


def _tell(
    result: Result,
    names: tuple[str, str],
    seen: Mapping[str, Mapping[str, list[tuple[float, int]]]],
) -> None:
    small, large = names
    rows: list[list[str | float]] = []
    ratios: dict[str, float] = {}
    for kind, both in seen.items():
        costs = {name: [each[0] for each in both[name]] for name in names}
        ratios[kind] = ratio(costs[large], costs[small])
        rows.append([kind, *(1000 * median(costs[name]) for name in names), ratios[kind]])
    title = f"{SIZES[small].articles:,} articles, against {SIZES[large].articles:,}"
    columns = ["", f"{small}, CPU ms", f"{large}, CPU ms", "ratio"]
    result.tables.append(Table(title, columns, rows))
    bars = [Bar(kind, value) for kind, value in ratios.items()]
    result.charts.append(
        Chart("search", f"Processor time, {large} site against {small}", "times", bars, TARGET)
    )
    worst = max(ratios, key=lambda kind: ratios[kind])
    met = ratios[worst] <= TARGET if large == "large" or ratios[worst] > TARGET else None
    told = f"at most {ratios[worst]:.2f} ({worst}), {large} site"
    result.targets.append(Target("search", told, met))


def word(rank: int) -> str:
    """The word of this rank (from 0), of letters only."""
    letters = ""
    for _place in range(4):
        rank, digit = divmod(rank, len(_LETTERS))
        letters = _LETTERS[digit] + letters
    return f"w{letters}"


def _fill() -> None:
    from diurna.cli.django_setup import set_up

    set_up(Path(os.environ["DIURNA_HOME"]))
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection, transaction
    from wagtail.search.models import IndexEntry

    from diurna.newsroom.models import Article, SearchSpelling
    from diurna.newsroom.search.spelling import forms

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
        cursor.executemany(sql, list(rows()))
        known = (SearchSpelling(form=form, word=each) for each in words for form in forms(each))
        SearchSpelling.objects.bulk_create(known, ignore_conflicts=True, batch_size=10_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


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
    from django.db import connection
    from django.test import Client

    from diurna.web.search import pace

    pace.A_MINUTE = sys.maxsize  # type: ignore[misc]  # one network asks for all of it
    client = Client(SERVER_NAME=HOST)
    asked: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    for line in sys.stdin:
        path = f"/search/?{line.strip()}"
        asked.clear()
        with connection.execute_wrapper(note):
            response = client.get(path)
        if response.status_code != 200:
            raise SystemExit(f"{path} answered {response.status_code}.")
        begun = time.process_time()
        for _number in range(AT_ONCE):
            client.get(path)
        seconds = (time.process_time() - begun) / AT_ONCE
        sys.stdout.write(json.dumps([seconds, len(asked)]) + "\n")
        sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench search", description=QUESTION)
    parser.add_argument("--against", choices=("medium", "large"), default="medium")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROUNDS} rounds")
    json_option(parser)
    asked = parser.parse_args()
    if asked.quick:
        asked.rounds = min(asked.rounds, QUICK_ROUNDS)
    return asked


if __name__ == "__main__":
    main()
