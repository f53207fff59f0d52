"""What the factories write the short way is what the desk would have left."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import PageLogEntry

from diurna.accounts.models import User
from diurna.accounts.roles import Role, ensure_roles
from diurna.newsroom.models import Article, Byline, Section
from diurna.newsroom.publishing import publish_article
from tests import first_rows
from tests.factories.accounts import make_person
from tests.factories.newsroom import (
    make_article,
    make_contributor,
    make_draft,
    make_front,
    make_section,
    make_topic,
)
from tests.integration.test_importing import rows_of, run_tasks

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 4, 9, tzinfo=UTC)
OF_ROLES = (
    "auth_group", "auth_group_permissions", "wagtailcore_grouppagepermission",
    "wagtailcore_groupcollectionpermission", "wagtailcore_workflow", "wagtailcore_workflowpage",
    "wagtailcore_workflowtask", "wagtailcore_task",
)  # fmt: skip


@pytest.fixture
def section() -> Section:
    make_front()
    return make_section()


@pytest.mark.parametrize("somebody", [True, False])
def test_an_article_has_the_rows_of_one_that_the_desk_published(
    section: Section, somebody: bool
) -> None:
    actor = make_person(Role.EDITOR) if somebody else None
    fields: dict[str, Any] = {
        "by": {
            "writing": [make_contributor(), make_contributor()],
            "photography": [make_contributor()],
        },
        "topics": [make_topic(), make_topic()],
        "standfirst": "Nothing moved.",
        "body": [("text", "<p>The crane stood still.</p>")],
        "owner": actor,
    }
    slow = make_draft("A quiet day", slug="slow", **fields)
    publish_article(article=slow, actor=actor, at=AT)
    fast = make_article("A quiet day", slug="fast", at=AT, actor=actor, **fields)
    run_tasks()
    found, wanted = (_with_people(article) for article in (fast, slow))
    # Each block has a name of its own.
    for rows in (found, wanted):
        for block in rows.pop("body"):
            del block["id"]
    assert found == wanted
    assert found["references"]
    assert found["search"]


def test_what_changes_in_the_database_is_seen_in_the_article(section: Section) -> None:
    first, second = make_contributor(), make_contributor()
    article = make_article(by={"writing": [first]})
    Byline.objects.update(contributor=second)
    assert [line.contributor for line in article.bylines.all()] == [second]


def test_two_articles_of_one_name_are_refused(section: Section) -> None:
    make_article("Ebb")
    with pytest.raises(ValidationError):
        make_article("Ebb")


@pytest.mark.parametrize("founded", [True, False])
def test_roles_are_complete_when_somebody_has_one(founded: bool) -> None:
    if founded:
        make_front()
    for role in (Role.MODERATOR, Role.EDITOR):
        make_person(role)
        before = _rows_of_roles()
        ensure_roles()
        assert _rows_of_roles() == before


def _with_people(article: Article) -> dict[str, Any]:
    """Rows with who wrote them; the body apart, without what is in the revision of it."""
    rows = rows_of(article)
    page = Article.objects.get(pk=article.pk)
    for part in ("page", "revision"):
        rows[part].pop("body", None)
    rows["revision"].pop("content")
    content = dict(page.latest_revision.content)
    people: list[User | None] = [page.latest_revision.user, page.published_by, page.owner]
    return rows | {
        "body": list(page.body.raw_data),
        "people": people,
        "words in the revision": [content[name] for name in ("title", "standfirst", "topics")],
        "actors": list(
            PageLogEntry.objects.filter(page=page).order_by("pk").values_list("action", "user")
        ),
    }


def _rows_of_roles() -> dict[str, set[tuple[Any, ...]]]:
    """Without their numbers: what is taken away and given again has another."""
    return {
        name: {
            tuple(
                value
                for column, value in zip(table.columns, row, strict=True)
                if column != "id" or name in {"auth_group", "wagtailcore_task"}
            )
            for row in table.rows
        }
        for name, table in first_rows.read(OF_ROLES).items()
    }
