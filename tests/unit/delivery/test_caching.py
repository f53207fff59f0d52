"""What browsers and a CDN are told about keeping a page."""

import pytest

from diurna.delivery.caching import ASK_EACH_TIME, Cdn, cache_control, key_headers

CDN = Cdn(kind="varnish", host="cache.example", seconds=30)


def test_without_a_cdn_everybody_asks_each_time() -> None:
    assert cache_control(None, status=200) == "public, max-age=0, must-revalidate"
    assert cache_control(None, status=404, expires_in=3.0) == ASK_EACH_TIME


def test_a_cdn_keeps_for_a_while_and_browsers_never() -> None:
    # Nothing more: a browser would heed `stale-while-revalidate`, too.
    assert cache_control(CDN, status=200) == "public, max-age=0, s-maxage=30"
    assert cache_control(CDN, status=301) == "public, max-age=0, s-maxage=30"


@pytest.mark.parametrize(
    ("expires_in", "said"),
    [
        (600.0, "public, max-age=0, s-maxage=30"),
        (12.9, "public, max-age=0, s-maxage=12"),
        (0.9, ASK_EACH_TIME),
        (-5.0, ASK_EACH_TIME),
    ],
)
def test_what_changes_by_the_clock_is_nowhere_kept_beyond_its_time(
    expires_in: float, said: str
) -> None:
    assert cache_control(CDN, status=200, expires_in=expires_in) == said


def test_that_a_page_is_missing_is_kept_for_ten_seconds() -> None:
    assert cache_control(CDN, status=404) == "public, max-age=0, s-maxage=10"


@pytest.mark.parametrize(
    "given",
    [
        "public, max-age=31536000, immutable",
        "public, s-maxage=60",
        "Public, Max-Age = 60",
        "no-cache",
        "private, no-store",
    ],
)
def test_a_view_that_knows_better_is_heard(given: str) -> None:
    assert cache_control(CDN, status=200, given=given) == given
    assert cache_control(None, status=200, given=given) == given


@pytest.mark.parametrize("given", ["", "public", ASK_EACH_TIME, "public, max-age=0"])
def test_a_view_that_leaves_it_to_us_is_not_taken_for_one_that_does_not(given: str) -> None:
    assert cache_control(CDN, status=200, given=given).startswith("public, max-age=0, s-maxage=30")


@pytest.mark.parametrize(
    ("kind", "headers"),
    [
        ("fastly", [("Surrogate-Key", "article-1 front")]),
        ("varnish", [("Surrogate-Key", "article-1 front")]),
        ("cloudflare", [("Cache-Tag", "article-1,front")]),
        ("cloudfront", []),
    ],
)
def test_each_cdn_finds_the_keys_where_it_looks(kind: str, headers: list[tuple[str, str]]) -> None:
    assert key_headers(Cdn(kind=kind), "article-1 front") == headers


def test_names_that_nobody_reads_are_not_sent() -> None:
    assert key_headers(None, "article-1 front") == []
    assert key_headers(CDN, "") == []
