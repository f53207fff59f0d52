"""Addresses of and below a story that was moved to another section, or whose section was."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from diurna.newsroom.models import Article
from diurna.newsroom.removal import remove_article
from tests.factories.comments import published_comment
from tests.factories.newsroom import make_article, make_draft, make_section

pytestmark = pytest.mark.django_db

Rename = Callable[[Page, str], None]


@pytest.fixture
def moved() -> tuple[str, Article]:
    """The old address of a story, and the story where it is now."""
    article = make_article()
    old = article.address_path()
    article.move(make_section(title="Elsewhere"), pos="last-child")
    article = Article.objects.get(pk=article.pk)
    assert article.address_path() != old
    return old, article


@pytest.mark.parametrize("below", ["changes/", "comments/", "points/", "comments/feed/"])
def test_what_stands_below_it_moved_with_it(
    client: Client, moved: tuple[str, Article], below: str
) -> None:
    old, article = moved
    response = client.get(f"{old}{below}?order=oldest")
    assert response.status_code == 301
    assert response["Location"] == f"{article.address_path()}{below}?order=oldest"
    assert client.get(response["Location"]).status_code == 200


def test_a_link_to_a_comment_leads_on(client: Client, moved: tuple[str, Article]) -> None:
    old, article = moved
    comment = published_comment(article)
    response = client.get(f"{old}comments/{comment.uuid}/")
    assert response.status_code == 301
    assert client.get(response["Location"]).status_code == 200


def test_below_what_never_was_is_nothing(client: Client, moved: tuple[str, Article]) -> None:
    for address in ("/nowhere/at-all/changes/", f"{moved[0]}unknown/", "/changes/"):
        assert client.get(address).status_code == 404


def test_who_writes_is_told_and_not_sent_on(client: Client, moved: tuple[str, Article]) -> None:
    assert client.post(f"{moved[0]}report/", {}).status_code == 404


@pytest.fixture
def withdrawn(rename: Rename) -> Article:
    """A story that was public in the section Labour, and withdrawn before that became Work."""
    section = make_section(title="Labour")
    article = make_article(section=section)
    make_article(section=section)
    article.unpublish()
    rename(section, "work")
    return Article.objects.get(pk=article.pk)


@pytest.fixture
def rename(django_capture_on_commit_callbacks: Any) -> Rename:
    """Give a section another address, and tell everybody."""

    def rename(section: Page, slug: str) -> None:
        section = section.specific
        section.refresh_from_db()
        section.slug = slug
        with django_capture_on_commit_callbacks(execute=True):
            section.save_revision().publish()

    return rename


def test_a_withdrawn_story_says_so_where_it_was_after_its_section_was_renamed(
    client: Client, withdrawn: Article, rename: Rename
) -> None:
    old = f"/labour/{withdrawn.slug}/"
    assert withdrawn.address_path() == f"/work/{withdrawn.slug}/"
    response = client.get(old)
    assert (response.status_code, response["Location"]) == (301, withdrawn.address_path())
    assert client.get(response["Location"]).status_code == 410
    history = client.get(f"{old}changes/")
    assert (history.status_code, history["Location"]) == (
        301,
        f"{withdrawn.address_path()}changes/",
    )
    assert client.get(history["Location"]).status_code == 410
    # Public again, it is found where it was.
    withdrawn.save_revision().publish()
    assert client.get(old, follow=True).status_code == 200
    # Named back, it says so there and leads on from the other one.
    Article.objects.get(pk=withdrawn.pk).unpublish()
    rename(withdrawn.get_parent(), "labour")
    assert client.get(old).status_code == 410
    assert client.get(f"/work/{withdrawn.slug}/")["Location"] == old


def test_a_draft_is_found_nowhere_and_what_an_editor_wrote_stays(
    client: Client, rename: Rename
) -> None:
    section = make_section(title="Labour")
    draft = make_draft(section=section)
    shown = make_article(section=section)
    shown.unpublish()
    Redirect.objects.create(
        old_path=f"/labour/{shown.slug}", site=shown.get_site(), redirect_link="/latest/"
    )
    rename(section, "work")
    Redirect.objects.create(old_path="/draft/here", site=shown.get_site(), redirect_page=draft)
    for path in (f"/labour/{draft.slug}/", "/draft/here/", "/draft/here/changes/"):
        assert client.get(path).status_code == 404, path
    assert client.get(f"/labour/{shown.slug}/")["Location"] == "/latest/"


def test_nothing_leads_to_a_story_that_was_removed_by_law(client: Client, rename: Rename) -> None:
    section = make_section(title="Labour")
    article = make_article(section=section)
    remove_article(article=article, actor=None, reason="Court order 12/26")
    rename(section, "work")
    assert client.get(f"/labour/{article.slug}/").status_code == 410
    assert not Redirect.objects.filter(redirect_page=article.pk).exists()
