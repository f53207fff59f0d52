"""Addresses below a story that was moved to another section."""

import pytest
from django.test import Client

from diurna.newsroom.models import Article
from tests.factories.comments import published_comment
from tests.factories.newsroom import make_article, make_section

pytestmark = pytest.mark.django_db


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
