"""What the thread of an article costs: processor time and queries, at ten thousand comments.

    bin/bench comments [COMMENTS] [ON_THE_SITE]      10,000 and 100,000 if not given

A throw-away newsroom on SQLite, or in `DATABASE_URL`, which must be empty: one article with so
many comments to depth 8, one with 200, and one with none. Each page is asked for through Django, as
an uncached request is, and the best and the median of several runs are told: first alone, then with
so many comments on the rest of the site.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from bench.homes import begin

COMMENTS: Final = 10_000
ON_THE_SITE: Final = 100_000
# As many on each of the other articles.
ON_EACH: Final = 1_000
REPEATS: Final = 9
SITE: Final = "https://bench.example"


def main() -> None:
    """Print the figures."""
    given = [int(each.replace(",", "")) for each in sys.argv[1:]]
    comments, others = [*given, *(COMMENTS, ON_THE_SITE)[len(given) :]][:2]
    with tempfile.TemporaryDirectory(prefix="diurna-bench-") as home:
        begin(Path(home))
        os.environ["DIURNA_HOME"] = home
        os.environ["SITE_URL"] = SITE
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diurna.config.settings.base")
        import django

        django.setup()
        _measure(comments, others)


def _measure(comments: int, others: int) -> None:
    from django.core.management import call_command

    from bench.comment_site import make_article, make_thread
    from diurna.newsroom.actions import found_newsroom

    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    found_newsroom(name="The Bench", site_url=SITE)
    begun = time.perf_counter()
    make_article("Without")
    make_thread(make_article("Middle"), 200, seed=2)
    make_thread(make_article("Long"), comments)
    _analyse()
    _say(f"{comments:,} comments on one article, made in {time.perf_counter() - begun:.0f} s\n")
    pages = _pages()
    _table(pages)
    begun = time.perf_counter()
    for number in range(others // ON_EACH):
        make_thread(make_article(f"Other {number}"), ON_EACH, seed=3 + number)
    _analyse()
    _say(f"\n{others:,} more on the site, made in {time.perf_counter() - begun:.0f} s\n")
    _table(pages)
    _plan()


def _analyse() -> None:
    """Tell the planner what there is, as the site's own clock and PostgreSQL's autovacuum do."""
    from diurna.common.sqlite.planner import keep_statistics

    keep_statistics()


def _pages() -> dict[str, str]:
    """The addresses that are asked for, by what they are called."""
    from django.test import Client
    from lxml import html

    from diurna.comments.models import Comment

    client = Client(SERVER_NAME=urlsplit(SITE).hostname or "", secure=True)
    thread = "/harbour/long/comments/"
    here = Comment.objects.filter(thread__article__slug="long")
    first = here.order_by("pk").first()
    deep = here.filter(depth=8).order_by("pk").first()
    page = html.fromstring(client.get(f"{thread}?order=best").content.decode())
    more = page.cssselect(".thread__list ~ .thread__more a")[0].get("href")
    assert first is not None
    assert deep is not None
    return {
        "article without comments": "/harbour/without/",
        "article with 200": "/harbour/middle/",
        "article, first page": "/harbour/long/",
        **{f"thread, {order}": f"{thread}?order={order}" for order in _orders()},
        "more comments": f"{more}&fragment=1",
        "more replies": f"{thread}{first.uuid}/replies/?fragment=1",
        "one, depth 1": f"{thread}{first.uuid}/",
        "one, depth 8": f"{thread}{deep.uuid}/",
        "newest, fragment": f"{thread}recent/?fragment=1",
        "latest.json": f"{thread}latest.json",
        "feed of the article": f"{thread}feed/",
        "feed of the site": "/comments/feed/",
    }


def _orders() -> list[str]:
    from diurna.comments.threads import Order

    return [order.value for order in Order]


def _table(pages: dict[str, str]) -> None:
    _say(f"{'':26} {'CPU ms':>8} {'median':>8} {'queries':>8} {'comments':>9} {'KB':>6}")
    for name, address in pages.items():
        took, queries, body = _cost(address)
        shown = body.count(b'<article class="comment') or body.count(b"<item>")
        _say(
            f"{name:26} {1000 * min(took):8.1f} {1000 * statistics.median(took):8.1f}"
            f" {queries:8} {shown:9} {len(body) // 1024:6}"
        )


def _cost(address: str) -> tuple[list[float], int, bytes]:
    """Seconds of processor time of each run, the queries of one, and what came."""
    from django.db import connection
    from django.test import Client

    client = Client(SERVER_NAME=urlsplit(SITE).hostname or "", secure=True)
    asked: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    client.get(address)
    with connection.execute_wrapper(note):
        response = client.get(address)
    if response.status_code != 200:
        raise SystemExit(f"{address} answered {response.status_code}.")
    took = []
    for _run in range(REPEATS):
        begun = time.process_time()
        client.get(address)
        took.append(time.process_time() - begun)
    return took, len(asked), response.content


def _plan() -> None:
    """How the database finds the first page, in its own words."""
    from django.db import connection

    from diurna.comments.models import Thread
    from diurna.comments.threads import Order, thread_page

    thread = Thread.objects.get(article__slug="long")
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN (COSTS OFF)"
    _say("\nHow the comments of the first page are found, by best:\n")
    found = thread_page(thread.pk, published=thread.published, order=Order.BEST)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{explain} {found.sql} SELECT * FROM line",  # noqa: S608  (of `threads`)
            found.parameters,
        )
        for row in cursor.fetchall():
            if "INDEX" in str(row[-1]).upper():
                _say(f"  {row[-1]}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
