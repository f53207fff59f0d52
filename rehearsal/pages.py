"""Which pages to judge: one of every type, found as a visitor would find them."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import urllib3

from rehearsal.sites import Site

TIMEOUT_SECONDS: Final = 30
# What shows that an article has a block of this kind.
_BLOCKS: Final = {
    "gallery": '<figure class="gallery',
    "table": "<table",
    "code": '<pre class="code',
    "embed": 'class="embed"',
    "list": 'class="ranked',
}


@dataclass(frozen=True)
class PageType:
    """A page to judge: its name in the table, its path, the status it must have."""

    name: str
    path: str
    status: int = 200


@dataclass(frozen=True)
class Article:
    """An article as the API lists it, with its page."""

    path: str
    api: dict[str, Any]
    html: str


def fetch(address: str) -> tuple[int, bytes]:
    """Status and body of an address."""
    answer = urllib3.request("GET", address, timeout=TIMEOUT_SECONDS, retries=2)
    return answer.status, answer.data


def all_articles(site: Site) -> list[Article]:
    """Every published article, newest first."""
    found: list[Article] = []
    cursor = ""
    while True:
        page = json.loads(fetch(f"{site.address}/api/v1/articles?limit=50&cursor={cursor}")[1])
        for item in page["items"]:
            path = urlsplit(item["url"]).path
            found.append(Article(path, item, fetch(site.address + path)[1].decode()))
        if page["next"] is None:
            return found
        cursor = page["next"]


def page_types(site: Site, articles: list[Article]) -> list[PageType]:
    """One page of every type that this site has."""
    first = articles[0].api
    pages = [
        PageType("front", "/"),
        PageType("section", urlsplit(first["section"]["url"]).path),
        *_article_types(articles),
        PageType("person", _first(articles, lambda item: item["bylines"])),
        PageType("topic", _first(articles, lambda item: item["topics"])),
        PageType("outlet", _outlet(articles)),
        PageType("information", _information(site, articles)),
        PageType("latest", "/latest/"),
        PageType("search", "/search/?q=harbour"),
        PageType("search, nothing found", "/search/?q=zeppelin"),
        PageType("ranked list", "/hot/"),
        PageType("ranked list of all time", "/top/all/"),
        PageType("about us", "/standards/"),
        PageType("about us, one", "/standards/ethics/"),
        PageType("public log", "/ledger/"),
        PageType("daily numbers", "/ledger/numbers/"),
        PageType("corrections", "/corrections/"),
        PageType("moderation log", "/moderation/log/"),
        PageType("moderation in numbers", "/moderation/"),
        PageType("house rules", "/moderation/rules/"),
        PageType("notice of illegal content", "/moderation/notice/"),
        PageType("points", _points(articles)),
        *_thread_types(site, articles),
        PageType("error report", f"{articles[0].path}report/"),
        PageType("history", _history(site, articles, compared=False)),
        PageType("comparison", _history(site, articles, compared=True)),
        PageType("sign-in", "/account/login/"),
        PageType("sign-up", "/account/signup/"),
        PageType("sign-in with a code", "/account/login/code/"),
        PageType("forgotten password", "/account/password/reset/"),
        PageType("my votes", "/account/votes/"),
        PageType("my comments", "/account/comments/"),
        PageType("my reports", "/account/reports/"),
        PageType("decisions about me", "/account/decisions/"),
        PageType("what is held of a guest", "/account/guest/"),
        PageType("not found", "/there-is-nothing-here/", 404),
    ]
    if site.withdrawn:
        pages.append(PageType("withdrawn", site.withdrawn, 410))
    return [page for page in pages if page.path]


def lightest(articles: list[Article]) -> Article:
    """An article whose own text has no picture; where there is none, the one with the fewest.

    Cards of other stories below it may have some: what is weighed leaves pictures out.
    """
    return min(articles, key=lambda article: (article.html.count("<figure"), -len(article.html)))


def _article_types(articles: list[Article]) -> list[PageType]:
    longest = max(articles, key=lambda article: len(article.html))
    types = [PageType("article, long", longest.path)]
    for name, mark in _BLOCKS.items():
        path = next((article.path for article in articles if mark in article.html), "")
        types.append(PageType(f"article, {name}", path))
    cited = max(articles, key=lambda article: article.html.count('class="source"'))
    types.append(PageType("article, sources", cited.path if 'class="source"' in cited.html else ""))
    for name, key, value in (
        ("right to left", "direction", "rtl"),
        ("live", "work_type", "live"),
        ("sponsored", "work_type", "sponsored"),
        ("obituary", "work_type", "obituary"),
    ):
        path = next((article.path for article in articles if article.api[key] == value), "")
        types.append(PageType(f"article, {name}", path))
    return types


def _first(articles: list[Article], related: Callable[[dict[str, Any]], list[Any]]) -> str:
    found = (related(article.api) for article in articles)
    addresses = (str(items[0]["url"]) for items in found if items)
    return next((urlsplit(address).path for address in addresses), "")


def _outlet(articles: list[Article]) -> str:
    found = (re.search(r'href="(/outlets/[^"]+)"', article.html) for article in articles)
    return next((match[1] for match in found if match), "")


def _information(site: Site, articles: list[Article]) -> str:
    listed = re.findall(rb"<loc>([^<]+)</loc>", fetch(f"{site.address}/sitemap-pages.xml")[1])
    paths = [str(urlsplit(address.decode()).path) for address in listed]
    sections = {str(urlsplit(article.api["section"]["url"]).path) for article in articles}
    others = ("/people/", "/topics/", "/outlets/")
    for path in paths:
        below = any(section.startswith(path) for section in sections)
        if path != "/" and not below and not path.startswith(others):
            return path
    return ""


def _points(articles: list[Article]) -> str:
    """The page of points of the story that has most."""
    most = max(articles, key=lambda article: abs(int(article.api.get("points") or 0)))
    return f"{most.path}points/"


def _thread_types(site: Site, articles: list[Article]) -> list[PageType]:
    """The thread that is longest, one of its comments, and the form that answers it."""
    longest = max(articles, key=lambda article: int(article.api.get("comments") or 0))
    asked = f"{site.address}/api/v1/articles/{longest.api['id']}/comments?order=oldest"
    items = json.loads(fetch(asked)[1])["items"]
    if not items:
        return []
    answered = max(items, key=lambda item: len(item["replies"]))
    # Of a tombstone nothing is reported.
    stands = next((item["id"] for item in items if item["state"] == "published"), "")
    thread = f"{longest.path}comments/"
    return [
        PageType("thread", thread),
        PageType("thread, most disputed", f"{thread}?order=controversial"),
        PageType("one comment", f"{thread}{answered['id']}/"),
        PageType("report of a comment", f"{thread}{stands}/report/" if stands else ""),
    ]


def _history(site: Site, articles: list[Article], *, compared: bool) -> str:
    for article in articles:
        shown = json.loads(fetch(f"{site.address}/api/v1/articles/{article.api['id']}")[1])
        numbers = [row["number"] for row in shown["revisions"]]
        if len(numbers) > 1:
            return f"{article.path}changes/" + (f"?from=1&to={numbers[-1]}" if compared else "")
    return ""
