"""A list is read from its order's index, and ends where it is full."""

import pytest
from django.db import connection
from django.utils import timezone

from diurna.points.ranked_orders import List, Order, ranked_stories
from diurna.points.ranked_windows import Window
from tests.factories.plans import planned, told

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        connection.vendor != "sqlite", reason="how SQLite plans a query is asked of SQLite"
    ),
]
# As sampling found it on a site with 100,000 stories; it has more rows of an index than there are.
_LARGE = (
    ("points_standing", "points_by_hot", "243200 1 1"),
    ("points_standing", "points_by_all", "124992 1001 1"),
    ("points_standing", "points_by_commenters", "18144 1001 1"),
    ("points_standing", "points_by_controversy", "146880 1001 1"),
    ("newsroom_article", "sqlite_autoindex_newsroom_article_1", "109200 1"),
    ("wagtailcore_page", "wagtailcore_page_first_published_at_2b5dd637", "98670 1"),
)


@pytest.mark.parametrize(
    ("which", "index"),
    [
        (List(Order.HOT), "points_by_hot"),
        (List(Order.TOP, Window.ALL), "points_by_all"),
        (List(Order.DISCUSSED), "points_by_commenters"),
        (List(Order.CONTROVERSIAL), "points_by_controversy"),
    ],
    ids=str,
)
def test_no_list_puts_all_stories_in_order(which: List, index: str) -> None:
    with told(*_LARGE), planned() as steps:
        ranked_stories(which, timezone.now())
    assert any("points_standing USING" in step and index in step for step in steps), steps
