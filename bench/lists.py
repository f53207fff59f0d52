"""Do fronts and lists stay as cheap when the site grows?

    bin/bench lists [--against medium|large] [--rounds N] [--quick] [--sites FOLDER]
                    [--json FILE]

Two sites are made, the larger with ten or a hundred times the articles, comments and votes, and the
same pages of both are asked for through Django in turns, past the page store. Compared is the
processor time of the thread that draws; queries are counted. Ranked lists are made beside it, by
the product's own ranker, and what that takes is told in a table of its own.
"""

import argparse
import os
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from bench.figures import median
from bench.growth import (
    QUICK_ROUNDS,
    Cost,
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
from bench.result import Result, Table, json_option, tell
from bench.site import PATHS
from bench.sizes import SIZES

QUESTION: Final = (
    "How much more processor time do the front, the lists and a page of comments take on a site"
    " with many times the articles, comments and votes?"
)
ROUNDS: Final = 15
EDITIONS: Final = ("hot", "trending", "top/day", "top/all", "discussed", "controversial")
# What a line begins with that asks for an edition and not for a page.
_RANK: Final = "rank "
_DESK: Final = "desk "
DESK_ROUNDS: Final = 3
DESK: Final = {
    "start page": "/newsroom/",
    "composer of the front": "/newsroom/front/",
    "queue of moderation": "/newsroom/moderation/",
    "search of comments": "/newsroom/moderation/search/?q=harbour",
    "search of comments, a rare word": "/newsroom/moderation/search/?q=zeppelin",
    "comments that are published": "/newsroom/comments/published/",
    "sources": "/newsroom/sources/",
}


def main() -> None:
    """Measure, and tell; or be the process that draws."""
    if sys.argv[1:] == ["--child"]:
        _draw_on_demand()
        return
    asked = _arguments()
    header = Header.now()
    result = Result("lists", QUESTION)
    names = ("small", asked.against)
    with ExitStack() as stack:
        sites: dict[str, Site] = {}
        for name in names:
            kept = asked.sites / name if asked.sites else None
            environ = stack.enter_context(site_of(SIZES[name], kept))
            sites[name] = stack.enter_context(Site("bench.lists", environ))
        seen = {kind: compare(sites, path, asked.rounds) for kind, path in PATHS.items()}
        made = {which: compare(sites, f"{_RANK}{which}", asked.rounds) for which in EDITIONS}
        desk = {kind: compare(sites, f"{_DESK}{path}", DESK_ROUNDS) for kind, path in DESK.items()}
    tell_growth(result, names, seen)
    _tell_editions(result, names, made)
    _tell_desk(result, names, desk)
    if asked.rounds < ROUNDS:
        result.shortened.append(f"{asked.rounds} rounds instead of {ROUNDS}.")
    tell(result, header, asked.json)


def _tell_editions(
    result: Result,
    names: tuple[str, str],
    made: Mapping[str, Mapping[str, list[tuple[float, int]]]],
) -> None:
    rows: list[list[str | float]] = [
        [
            which,
            *(1000 * median([each[0] for each in both[name]]) for name in names),
            *(both[name][-1][1] for name in names),
        ]
        for which, both in made.items()
    ]
    columns = ["", *(f"{name}, CPU ms" for name in names), *(f"{name}, stories" for name in names)]
    title = "Making an edition of a list of the site, beside the requests, once a minute at most"
    result.tables.append(Table(title, columns, rows))


def _tell_desk(result: Result, names: tuple[str, str], seen: Mapping[str, Costs]) -> None:
    rows: list[list[str | float]] = [
        [kind, *(1000 * median([each[0] for each in both[name]]) for name in names)]
        for kind, both in seen.items()
    ]
    columns = ["", *(f"{name}, CPU ms" for name in names)]
    result.tables.append(Table("Pages of the desk, for an administrator", columns, rows))


def _draw_on_demand() -> None:
    from diurna.cli.django_setup import set_up

    set_up(Path(os.environ["DIURNA_HOME"]))
    from diurna.operations import ranking

    ranking.start()
    readers, desk = Pages(), Pages()
    desk.sign_in()

    def cost_of(line: str) -> Cost:
        if line.startswith(_RANK):
            return _rank(line.removeprefix(_RANK))
        if line.startswith(_DESK):
            return desk.cost_of(line.removeprefix(_DESK))
        return readers.cost_of(line)

    answer_lines(cost_of)


def _rank(words: str) -> tuple[float, int]:
    """Make an edition; the seconds of processor time, and how many stories stand in it."""
    from django.utils import timezone

    from diurna.points import ranked_editions
    from diurna.points.ranked import Order, Window
    from diurna.points.ranked_editions import List

    order, _slash, window = words.partition("/")
    begun = time.thread_time()
    edition = ranked_editions.renew(
        List(Order(order), Window(window) if window else None), timezone.now()
    )
    return time.thread_time() - begun, len(edition.entries.splitlines())


def _arguments() -> argparse.Namespace:
    parser = arguments("lists", QUESTION, ROUNDS)
    json_option(parser)
    asked = parser.parse_args()
    asked.rounds = asked.rounds or (QUICK_ROUNDS if asked.quick else ROUNDS)
    return asked


if __name__ == "__main__":
    main()
