"""What is asked on every page does not grow with the site."""

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from diurna.web.frame import Sections
from tests.factories.newsroom import make_section

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL keeps statistics of its tables by itself."
)
def test_sections_are_found_without_going_through_all_pages() -> None:
    made = [make_section("Council"), make_section("Harbour")]
    with CaptureQueriesContext(connection) as asked:
        found = Sections(RequestFactory().get("/")).all
    assert found == sorted(made, key=lambda section: section.path)
    [question] = asked.captured_queries
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {question['sql']}")
        plan = [row[3] for row in cursor.fetchall()]
    assert not any(line.startswith("SCAN") for line in plan), plan
    assert any("wagtailcore_page_content_type" in line for line in plan), plan
