"""The newest stories are found by the index of dates, whatever SQLite was told of its tables."""

from collections.abc import Iterator

import pytest
from django.db import connection

from diurna.newsroom import newest
from diurna.newsroom.models import Article
from tests.factories.newsroom import make_article
from tests.factories.plans import planned, read_whole, told

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        connection.vendor != "sqlite", reason="how SQLite plans a query is asked of SQLite"
    ),
]
ARTICLES, PAGES = "newsroom_article", "wagtailcore_page"


@pytest.fixture(autouse=True)
def _fewer_articles_than_pages() -> Iterator[None]:
    """As sampling found it on a site with 10,000 of each."""
    make_article("Bells")
    with told(
        (ARTICLES, "sqlite_autoindex_newsroom_article_1", "5508 1"),
        (PAGES, "wagtailcore_page_first_published_at_2b5dd637", "10582 1"),
    ):
        yield


def test_the_first_of_all_stories_are_not_sorted_out_of_all() -> None:
    with planned() as steps:
        assert [story.title for story in newest.stories()[:6]] == ["Bells"]
    assert any(f"SEARCH {PAGES} USING INDEX wagtailcore_page_first_" in step for step in steps)
    assert read_whole(steps, ARTICLES) == []


def test_without_its_bounds_they_would_be() -> None:
    with planned() as steps:
        assert Article.objects.published()[:6]
    assert read_whole(steps, ARTICLES) != []
