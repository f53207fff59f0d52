"""The table of targets, as the design set it, line by line."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Goal:
    """One line: `bench` measures it (empty for what does not exist yet)."""

    key: str
    bench: str
    what: str
    target: str


GOALS: Final = (
    Goal(
        "read-bare",
        "read",
        "article from the store, one process, one core, against a bare Granian WSGI callable that"
        " sends the same bytes from a dict",
        "≥ 0.9",
    ),
    Goal(
        "read-nginx",
        "read",
        "the same against nginx serving the same bytes from a file, plain and gzip",
        "≥ 0.43, aim 0.5 and more",
    ),
    Goal(
        "files",
        "",
        "article through nginx with finished pages as files (later)",
        "≥ 0.85 of nginx serving them statically",
    ),
    Goal(
        "live",
        "live",
        "the store while 50 votes/s arrive on that article",
        "≥ 0.9 of the quiet rate; nobody sees points older than 2 s, none goes backwards",
    ),
    Goal(
        "retraction",
        "live",
        "a retracted article, asked for after its publish call returned",
        "never as it was before",
    ),
    Goal(
        "herd",
        "live",
        "400 connections on a page that was just dropped, one process and two",
        "drawn once, no 5xx",
    ),
    Goal(
        "render",
        "render",
        "uncached article with 200 comments, CPU time, against a bare Wagtail page",
        "≤ 1.0, at most 12 queries, flat in comments beyond the first page",
    ),
    Goal(
        "votes-sqlite",
        "votes",
        "`PUT vote` over HTTP, SQLite, committed to disk before the answer, two cores",
        "≥ 1,000/s, p99.9 ≤ 100 ms, slowest of 100,000 < 1 s; one article ≥ 0.9 of 1,000",
    ),
    Goal("votes-postgresql", "votes", "the same on PostgreSQL", "≥ 1,000/s, same ratio"),
    Goal(
        "lists",
        "lists",
        "lists and fronts, 100,000 articles, 1,000,000 comments, 10,000,000 votes against"
        " 1,000 / 10,000 / 100,000",
        "CPU time ≤ 1.5 times",
    ),
    Goal(
        "search",
        "search",
        "a search, 100,000 articles against 1,000",
        "CPU time ≤ 1.5 times",
    ),
    Goal(
        "memory",
        "memory",
        "memory of the whole embedded stack at rest, and after 10 minutes of load",
        "≤ 220 MB, ≤ 400 MB",
    ),
    Goal(
        "bounded",
        "memory",
        "one process after 1,000,000 distinct addresses and queries",
        "at most its limit + 50 MB more than before",
    ),
    Goal("start", "start", "`diurna serve` to first page (byte code compiled)", "≤ 3 s"),
)
