"""Whoever runs a cited site sees no story coming: every request of any client is recorded."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from diurna.accounts.roles import Role
from diurna.common.http_client import GuardedClient
from diurna.newsroom.archive import links
from diurna.newsroom.archive.tasks import capture_cited, capture_source, check_links
from diurna.newsroom.models import Source
from diurna.newsroom.publishing import publish_article
from diurna.operations import schedule
from diurna.operations import sources as daily
from tests.factories.cited_site import CitedSite, Page, cite
from tests.factories.desk import at_desk
from tests.factories.newsroom import make_draft, make_front

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every address that any guarded client is given, whoever made it."""
    addresses: list[str] = []
    real = GuardedClient._follow

    def follow(self: GuardedClient, url: str, *args: object) -> object:
        addresses.append(url)
        return real(self, url, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(GuardedClient, "_follow", follow)
    return addresses


def run_all_tasks() -> None:
    known = {task.module_path: task for task in (capture_cited, capture_source, check_links)}
    for row in DBTaskResult.objects.filter(task_path__in=known):
        row.delete()
        known[row.task_path].call(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])


def test_saving_previewing_and_checking_a_draft_asks_nobody(
    site: CitedSite, asked: list[str]
) -> None:
    make_front()
    client, user = at_desk(Role.PUBLISHER)
    site.pages["/a"] = Page()
    source = Source.objects.create(title="The report", address=site.url("/a"))
    article = make_draft(owner=user)
    with TestCase.captureOnCommitCallbacks(execute=True):
        citation = cite(article, source, passage="The wall", exact="Words")
        article.save_revision(user=user)
        article.go_live_at = timezone.now() + timedelta(days=1)
        article.save_revision(user=user, approved_go_live_at=article.go_live_at)
        for name, arguments in (
            ("wagtailadmin_pages:edit", [article.pk]),
            ("wagtailadmin_pages:view_draft", [article.pk]),
            ("wagtailadmin_pages:history", [article.pk]),
            ("diurna_check", [article.pk]),
            ("diurna_cited", [citation.uuid]),
            ("diurna_source", [source.uuid]),
            ("diurna_link", [source.uuid]),
            ("diurna_links", []),
        ):
            assert client.get(reverse(name, args=arguments)).status_code == 200, name
        client.get(reverse("diurna_sources_find"), {"q": source.address})
        schedule.publish_due()
        daily.look_at_due_links()
        daily.tidy()
    run_all_tasks()
    assert links.due(datetime.now(UTC) + timedelta(days=400)) == []
    assert asked == site.asked == []
    # The same story, published, is what makes the difference.
    article.go_live_at = None
    publish_article(article=article, actor=user)
    run_all_tasks()
    run_all_tasks()
    assert asked == [site.url("/a")]


def test_a_new_draft_of_a_published_story_asks_nobody_for_what_it_adds(
    site: CitedSite, asked: list[str]
) -> None:
    article = make_draft()
    publish_article(article=article, actor=None)
    cite(article, Source.objects.create(title="The report", address=site.url("/a")))
    article.save_revision()
    run_all_tasks()
    capture_cited.call(article.pk)
    assert asked == []
