"""A publication and a change of what it cites, at the same moment: neither misses the other."""

from collections.abc import Callable
from threading import Event, Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from diurna.common.errors import DiurnaError
from diurna.newsroom import citing
from diurna.newsroom.carried_changes import rename_contributor
from diurna.newsroom.models import Article, Citation, Contributor, Outlet, Source
from diurna.newsroom.publishing import publish_article
from diurna.newsroom.source_locks import hold_citation, hold_for_change
from tests.factories.citing import cited, make_citation, make_outlet, make_source, set_text
from tests.factories.newsroom import make_contributor, make_draft

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer"),
]

PATIENCE = 60
# How long a change that has to wait is watched; one that does not is done much earlier.
A_WHILE = 0.3


def change_source(citation: Citation) -> None:
    hold_for_change(Source.objects.filter(pk=citation.source_id))
    source = Source.objects.get(pk=citation.source_id)
    source.title = "After"
    source.save()
    citing.change_source(source=source, actor=None)


def change_outlet(citation: Citation) -> None:
    outlet = Outlet.objects.get(sources=citation.source_id)
    hold_for_change(Source.objects.filter(outlet=outlet))
    outlet.name = "After"
    outlet.save()
    citing.rename_outlet(outlet=outlet, actor=None)


def change_citation(citation: Citation) -> None:
    hold_citation(citation)
    citation.locator = "After"
    citation.save()
    citing.change_citation(citation=citation, actor=None)


def change_person(citation: Citation) -> None:
    person = Contributor.objects.get(sources=citation.source_id)
    person.name = "After"
    person.save()
    rename_contributor(contributor=person, actor=None)


CHANGES = [change_source, change_outlet, change_citation, change_person]


class Work(Thread):
    """One transaction in a thread of its own, which stays open until `may_end`."""

    def __init__(self, act: Callable[[], Any]) -> None:
        super().__init__()
        self.act = act
        self.has_acted, self.may_end = Event(), Event()
        self.trouble: Exception | None = None

    def run(self) -> None:
        try:
            with transaction.atomic():
                self.act()
                self.has_acted.set()
                assert self.may_end.wait(PATIENCE)
        except (AssertionError, DatabaseError, DiurnaError) as trouble:
            self.trouble = trouble
        finally:
            self.has_acted.set()
            connection.close()


def at_once(first: Callable[[], Any], second: Callable[[], Any]) -> None:
    """Let the second begin when the first has done all but end its transaction."""
    one, two = Work(first), Work(second)
    two.may_end.set()
    one.start()
    assert one.has_acted.wait(PATIENCE)
    two.start()
    two.join(A_WHILE)
    one.may_end.set()
    for work in (one, two):
        work.join(PATIENCE)
        assert not work.is_alive()
        assert work.trouble is None, work.trouble


@pytest.fixture
def citation() -> Citation:
    named = {"outlet": make_outlet("Before"), "person": make_contributor("Before")}
    return make_citation("words", make_source("Before", **named))


def story(*citations: Citation) -> Article:
    return set_text(make_draft(), cited("words", *citations))


def as_last_published(article: Article) -> bool:
    stored = Article.objects.get(pk=article.pk)
    text = stored.canonical_text()
    return "After" in text and stored.public_revisions.order_by("-number")[0].text == text


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("is_live", [False, True])
def test_a_change_waits_for_a_publication(
    citation: Citation, change: Callable[[Citation], None], is_live: bool
) -> None:
    article = story(citation)
    if is_live:
        publish_article(article=article, actor=None)
        article.standfirst = "Other words"
    stale = Citation.objects.get(pk=citation.pk)
    at_once(lambda: publish_article(article=article, actor=None), lambda: change(stale))
    assert as_last_published(article)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("is_live", [False, True])
def test_a_publication_waits_for_a_change(
    citation: Citation, change: Callable[[Citation], None], is_live: bool
) -> None:
    article = story(citation)
    citing.adopt(article)
    if is_live:
        publish_article(article=article, actor=None)
        article.standfirst = "Other words"
    citation.refresh_from_db()
    at_once(lambda: change(citation), lambda: publish_article(article=article, actor=None))
    assert as_last_published(article)


def test_changes_of_two_sources_of_one_story_follow_one_another(citation: Citation) -> None:
    other = make_citation("words", make_source("Before"))
    article = story(citation, other)
    publish_article(article=article, actor=None)
    at_once(lambda: change_source(citation), lambda: change_source(other))
    assert as_last_published(article)
    assert article.public_revisions.count() == 3
