"""What a page costs that nobody has kept: processor time and queries, against a bare Wagtail page.

    bin/bench render [--rounds N] [--requests N] [--home DIR] [--quick] [--json FILE]

The demonstration in a throw-away home (or in `DATABASE_URL`, which must be empty; with `--home` it
is kept and used again), its lead story three times over with 0, 200 and 2,000 comments. Each page
is asked of Django's WSGI application in this process, through all its middleware, without the page
store in front: as the store asks when it has to draw. A bare Wagtail site with one type of page
runs in a process of its own, with the words of the same story, and takes its turn in every round,
so that what else the machine does falls on both. Told are medians over the rounds, and the ratio
to the bare page of the same round.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.header import Header
from bench.homes import begin
from bench.one_request import HOST, Cost, cost
from bench.result import Bar, Chart, Result, Table, Target, json_option, tell

QUESTION: Final = (
    "What does a page cost that nobody has kept, in processor time and queries, against a bare"
    " Wagtail page?"
)
ROOT: Final = Path(__file__).parents[1]
ROUNDS: Final = 9
QUICK_ROUNDS: Final = 3
# Of each page in each round.
REQUESTS: Final = 5
# The pages of the bare site; the others are compared with the one of the design's figures: as many
# bytes as an article of Diurna without comments.
BARE: Final = {
    "bare Wagtail page, a title": "/bare/",
    "bare Wagtail page, the same words and a picture": "/words/",
    "bare Wagtail page, 43 KB of words": "/large/",
}
COMPARED_WITH: Final = "bare Wagtail page, 43 KB of words"

# The page of the target, and the one that shows whether comments beyond the first page cost.
JUDGED: Final = "article, 200 comments"
LONGER: Final = "article, 2000 comments"
TARGET_RATIO: Final = 1.0
TARGET_QUERIES: Final = 12
# As flat as two medians of a busy machine can be told apart.
TARGET_FLAT: Final = 1.1

# What was tried, and what is left, for whoever reads that the target is missed or just met.
NOTES: Final = (
    "The bare page is what Wagtail's own tutorial makes of the words of this story, repeated until"
    " they are 43 KB: middleware and templates as `wagtail start` writes them, rich text and"
    " pictures through its tags. It has no comments, no notes, no points and no stories beside it;"
    " about half of its time goes into the rich text, whose links to pages Wagtail looks up one"
    " paragraph at a time (Diurna, all of a page at once).",
    "What brought an article from 2.1 times a bare page to about the same: its page drawn by Jinja"
    " with sentences looked up once for each language, rows made objects without their"
    " constructor, what stands around it kept by all that it is made of, addresses by name looked"
    " up once. What is drawn of the story itself is not kept, so the first draw costs what the"
    " next ones do.",
    "Then, for an article and more for lists and the front, whose pages ask of a story five"
    " components: what a template includes is put in its place when it is read, all stories of a"
    " list are drawn at once, sizes of pictures are read as rows and not as objects (Django looks"
    " at the file's measures of each), and the address of a stored file is written once. In"
    " function calls, before and after: an article with 200 comments 49,800 and 42,000, the front"
    " 90,000 and 49,400, the latest 140,900 and 52,800, a section 75,000 and 41,300, a topic"
    " 46,500 and 22,900, a person 91,400 and 62,300.",
    "What is left of an article: questions and their rows take a quarter, comments a fifth, the"
    " list of sources and the words for machines a tenth each. Of a feed: half is the text of its"
    " thirty stories, a fifth the reading of them; of the API's list the half is objects that"
    " Django makes and that are read once.",
)

Ask = Callable[[str, int], Cost]


@dataclass(frozen=True)
class Figure:
    """One page: milliseconds of processor time (median of rounds), ratio, queries, KB."""

    name: str
    cpu_ms: float
    ratio: float
    queries: int
    kilobytes: float


def main() -> None:
    """Measure, and tell."""
    given = _arguments()
    header = Header.now()
    with _home(given.home) as home:
        os.environ["DIURNA_HOME"] = home
        os.environ["SITE_URL"] = f"https://{HOST}"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diurna.config.settings.base")
        figures = measure(rounds=given.rounds, requests=given.requests)
    result = result_of(figures)
    if given.rounds < ROUNDS:
        result.shortened.append(f"{given.rounds} rounds instead of {ROUNDS}.")
    tell(result, header, given.json)


def measure(*, rounds: int = ROUNDS, requests: int = REQUESTS) -> list[Figure]:
    """The figures of every page, the bare ones first; the environment names an empty home."""
    from django.core.wsgi import get_wsgi_application

    # Not `config.wsgi`, which has the store in front and starts the clock, the settler, the writer.
    application = get_wsgi_application()

    from bench.render_site import make_site
    from diurna.operations.prepare import prepare

    prepare()
    site = make_site()
    with _bare_site(site.story) as bare:
        asks: dict[str, tuple[Ask, str]] = {
            **{name: (bare, path) for name, path in BARE.items()},
            **{
                name: (lambda path, count: cost(application, path, count), path)
                for name, path in site.paths.items()
            },
        }
        turns = [
            {name: ask(path, requests) for name, (ask, path) in asks.items()} for _ in range(rounds)
        ]
    return [_figure(name, turns) for name in asks]


def result_of(figures: list[Figure]) -> Result:
    """The figures in the common frame."""
    rows: list[list[str | float]] = [
        [one.name, one.cpu_ms, one.ratio, one.queries, one.kilobytes] for one in figures
    ]
    columns = ["page", "CPU ms", "against bare", "queries", "KB"]
    by_name = {one.name: one for one in figures}
    judged, longer = by_name[JUDGED], by_name[LONGER]
    flat = longer.cpu_ms / judged.cpu_ms if judged.cpu_ms else 0.0
    measured = (
        f"{judged.ratio:.2f} ({judged.cpu_ms:.1f} ms), {judged.queries} queries;"
        f" with 2,000 comments {flat:.2f} times that"
    )
    met = judged.ratio <= TARGET_RATIO and judged.queries <= TARGET_QUERIES and flat <= TARGET_FLAT
    shown = [by_name[COMPARED_WITH], *(one for one in figures if one.name.startswith("article,"))]
    bars = [Bar(one.name, one.cpu_ms, own=one.name not in BARE) for one in shown]
    return Result(
        "render",
        QUESTION,
        tables=[Table("Pages that are drawn", columns, rows)],
        charts=[Chart("render", "Processor time of a page that is drawn", "ms", bars)],
        targets=[Target("render", measured, met)],
        notes=list(NOTES),
    )


def _figure(name: str, turns: list[dict[str, Cost]]) -> Figure:
    medians = [statistics.median(turn[name].took) for turn in turns]
    against = [statistics.median(turn[COMPARED_WITH].took) for turn in turns]
    last = turns[-1][name]
    return Figure(
        name=name,
        cpu_ms=round(1000 * statistics.median(medians), 2),
        ratio=round(
            statistics.median(one / bare for one, bare in zip(medians, against, strict=True)), 3
        ),
        queries=last.queries,
        kilobytes=round(last.bytes / 1024, 1),
    )


@contextmanager
def _bare_site(story: dict[str, Any]) -> Iterator[Ask]:
    """What asks the bare site, in a process of its own."""
    child = subprocess.Popen(
        [sys.executable, "-m", "bench.bare_wagtail"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    pipe_in, pipe_out = child.stdin, child.stdout

    def say(told: Any) -> Any:
        pipe_in.write(f"{json.dumps(told)}\n")
        pipe_in.flush()
        answered = pipe_out.readline()
        if not answered:
            raise SystemExit("The bare Wagtail site ended; what it said stands above.")
        return json.loads(answered)

    def ask(path: str, requests: int) -> Cost:
        found = Cost(**say([path, requests]))
        if found.status != 200:
            raise SystemExit(f"The bare Wagtail site answered {found.status} at {path}.")
        return found

    try:
        say(story)
        yield ask
    finally:
        pipe_in.close()
        child.wait()
        pipe_out.close()


@contextmanager
def _home(kept: Path | None) -> Iterator[str]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield str(kept.resolve())
        return
    with tempfile.TemporaryDirectory(prefix="diurna-bench-") as home:
        begin(Path(home))
        yield home


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench render", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, help=f"rounds, each with all pages ({ROUNDS})")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROUNDS} rounds")
    parser.add_argument("--requests", type=int, default=REQUESTS, help="of each page in a round")
    parser.add_argument("--home", type=Path, help="keep the site here, and use it again")
    json_option(parser)
    given = parser.parse_args()
    given.rounds = given.rounds or (QUICK_ROUNDS if given.quick else ROUNDS)
    return given


if __name__ == "__main__":
    main()
